"""A server on loopback that sends what its script says, however wrong; and names that resolve to what a test says."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address

from archiver.resolver import GuardedResolver

Send = Callable[[bytes], None]
Script = bytes | Callable[[Send], None]
NAMES = "ARCHIVER_TEST_NAMES"


def answer(body: bytes | str, status: str = "200 OK", *headers: str, kind: str = "text/html; charset=utf-8") -> bytes:
    """A whole response."""
    content = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}", "Connection: close"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + content


def redirect(url: str) -> bytes:
    return answer("", "302 Found", f"Location: {url}")


def article(title: str = "The ferry runs again", extra: str = "") -> bytes:
    """The page of an article that anybody would take for one."""
    text = "".join(
        f"<p>In week {n} of the strike the ferry stayed in the harbour, and nobody crossed.</p>" for n in range(9)
    )
    return answer(
        f"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f'<time datetime="2026-03-09T07:30:00Z"></time>{extra}{text}</article></body></html>'
    )


class Wire:
    """`pages[path]` is what is sent for a path: bytes, or a function that is given `send`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.pages: dict[str, Script] = {}
        self.asked: list[str] = []
        """Heads of the requests."""
        self.connections = 0
        self.socket = socket.create_server((host, port), backlog=64)
        self.host, self.port = self.socket.getsockname()[:2]

    @property
    def site(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, robots.txt aside."""
        found = [head.split(" ", 2)[1] for head in self.asked]
        return [path for path in found if path != "/robots.txt"]

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def converse(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    return
                head += received
            self.asked.append(head.decode("latin-1"))
            script = self.pages.get(head.split(b" ", 2)[1].decode(), answer("not here", "404 Not Found"))
            if callable(script):
                script(connection.sendall)
            else:
                connection.sendall(script)

    @contextmanager
    def running(self) -> Iterator["Wire"]:
        thread = threading.Thread(target=self.serve, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()
            thread.join()


class Names:
    """A name server: host -> its answers, one tuple for each time it is asked, the last one for ever."""

    def __init__(self, table: dict[str, list[list[str]]]) -> None:
        self.table = table
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> None:  # noqa: N802
        self.asked.append(name)
        answers = self.table.get(name, [[]])
        for text in answers.pop(0) if len(answers) > 1 else answers[0]:
            kind = IPv6Address if ":" in text else IPv4Address
            receiver.addressResolved(kind("TCP", text, port))
        receiver.resolutionComplete()


class MadeUpResolver(GuardedResolver):
    """The real guard, in a program under test that knows the names in the environment only."""

    def __init__(self, reactor: Any, *arguments: Any) -> None:
        super().__init__(reactor, *arguments)
        system = self.inner
        names = Names(json.loads(os.environ[NAMES]))

        class Both:
            def resolveHostName(self, receiver: Any, name: str, *rest: Any) -> Any:  # noqa: N802
                known = name in names.table or not name.replace(".", "").isdigit()
                return (names if known else system).resolveHostName(receiver, name, *rest)

        self.inner = Both()
