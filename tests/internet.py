"""A small internet on loopback: a forward proxy that answers for any host, with TLS, and remembers who asked what.

Nothing in the product knows about it: it is reached by the usual environment variables.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import trustme


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """One response; a plain text is a page with status 200."""

    body: bytes | str = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None  # so many bytes of the body are sent, then the connection drops
    reset: bool = False  # the connection drops before anything is sent
    delay: float = 0.0  # seconds


Script = str | Answer | list[str | Answer] | Callable[[Asked], str | Answer]


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def context_for(host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(host).configure_cert(context)
    return context


class Internet:
    """`pages[url]` is the script of an address: an answer, several in turn (the last repeats), or a function."""

    def __init__(self) -> None:
        self.pages: dict[str, Script] = {}
        self.fallback: Callable[[Asked], str | Answer] | None = None  # for what is no page
        self.asked: list[Asked] = []
        self.port = 0

    def urls(self, part: str = "") -> list[str]:
        """Addresses that were asked, in order, robots.txt aside; only those that hold `part`."""
        return [a.url for a in self.asked if part in a.url and not a.url.endswith("/robots.txt")]

    def answer(self, asked: Asked) -> Answer:
        script = self.pages.get(asked.url, self.fallback)
        if script is None and asked.url.endswith("/robots.txt"):
            script = Answer("User-agent: *\nDisallow:\n", type="text/plain")
        if script is None:
            script = Answer("not here", 404)
        if isinstance(script, list):
            script = script.pop(0) if len(script) > 1 else script[0]
        if callable(script):
            script = script(asked)
        return Answer(script) if isinstance(script, str) else script

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        origin = ""
        while line := await reader.readline():
            method, target, _ = line.decode("latin-1").split(" ", 2)
            headers: dict[str, str] = {}
            while (raw := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = raw.decode("latin-1").partition(":")
                headers[name.strip().lower()] = value.strip()
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.drain()
                origin = f"https://{target.removesuffix(':443')}"
                await writer.start_tls(context_for(target.rpartition(":")[0]))
                continue
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            asked = Asked(method, origin + target, headers, body)
            self.asked.append(asked)
            answer = self.answer(asked)
            await asyncio.sleep(answer.delay)
            if answer.reset:
                writer.transport.abort()
                return
            content = answer.body.encode() if isinstance(answer.body, str) else answer.body
            head = {"Content-Type": answer.type, "Content-Length": str(len(content)), **answer.headers}
            lines = [f"HTTP/1.1 {answer.status} X", *(f"{k}: {v}" for k, v in head.items()), "", ""]
            writer.write("\r\n".join(lines).encode() + content[: answer.cut])
            await writer.drain()
            if answer.cut is not None:
                return

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serves while the context lasts."""
        loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def main() -> None:
            server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 20)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()
            server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        stop = asyncio.Event()
        thread = threading.Thread(target=lambda: loop.run_until_complete(main()), name="internet")
        thread.start()
        ready.wait()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    def environment(self, folder: Path) -> dict[str, str]:
        """What makes a program ask this internet, and trust it."""
        certificate = folder / "ca.pem"
        authority().cert_pem.write_to_path(str(certificate))
        proxy = f"http://127.0.0.1:{self.port}"
        return {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": "", "SSL_CERT_FILE": str(certificate)}
