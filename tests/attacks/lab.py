"""A small internet in a network namespace of its own: a site, its CDN, somebody evil, a proxy, names, and canaries.

Nobody may ever connect to a canary: a loopback, private, link-local or metadata address, at a port that may be asked.
"""

import asyncio
import ctypes
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.attacks.bodies import MEBIBYTE, made
from tests.attacks.cases import Case
from tests.internet import context_for

ROLES = {"93.184.215.14": "site", "93.184.215.15": "cdn", "93.184.215.66": "evil"}
HOSTS = {"site.test": "93.184.215.14", "cdn.test": "93.184.215.15", "evil.test": "93.184.215.66"}
CANARIES = (
    *("127.0.0.1", "127.0.0.2", "::1", "169.254.169.254", "10.0.0.5", "100.64.0.5", "fd00::5"),
    "64:ff9b::7f00:1",
)
CANARY_PORT = 8080
"""One that the program allows, or the rule about ports would hide the one about addresses."""
REDIS = 6379
PROXY = ("93.184.215.99", 3128)
RESOLVER = "127.0.0.53"
INSIDE = "ARCHIVER_ATTACKS_INSIDE"
WAYS = (("unshare", "-n", "-m"), ("unshare", "-U", "-r", "-n", "-m"))
"""How a namespace is had: by root, by others."""
PLACES = {
    "{site}": "site.test",
    "{cdn}": "cdn.test",
    "{evil}": "evil.test",
    "{canary}": "127.0.0.1",
    "{cport}": str(CANARY_PORT),
    "{proxy}": f"{PROXY[0]}:{PROXY[1]}",
}


def way_in() -> tuple[str, ...] | None:
    """The command that gives a namespace; None: this system has none for us."""
    for way in WAYS:
        try:
            if (
                subprocess.run(
                    [*way, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
                ).returncode
                == 0
            ):
                return way
        except FileNotFoundError:
            return None
    return None


def enter() -> None:
    """Goes on in a namespace, as the same command. Returns once there."""
    if os.environ.get(INSIDE):
        return
    way = way_in()
    if way is None:
        raise SystemExit("tests.attacks: neither root nor user namespaces are to be had here (unshare -n -m)")
    os.execvpe(way[0], [*way, sys.executable, "-m", "tests.attacks", *sys.argv[1:]], {**os.environ, INSIDE: "1"})  # noqa: S606


def furnish() -> None:
    """Gives the namespace its addresses, and a resolver."""
    ctypes.CDLL(None).prctl(1, 9)  # a child of a runner that is killed goes, too
    ip = ["ip", "link", "set", "lo", "up"]
    subprocess.run(ip, check=True)
    for address in (*ROLES, *CANARIES, PROXY[0]):
        length = 128 if ":" in address else 32
        add = ["ip", "addr", "add", f"{address}/{length}", "dev", "lo", *(["nodad"] if ":" in address else [])]
        subprocess.run(add, capture_output=True, check=False)  # loopback is there already
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(f"nameserver {RESOLVER}\noptions timeout:1 attempts:1\n")
    Path(file.name).chmod(0o644)
    subprocess.run(["mount", "--bind", file.name, "/etc/resolv.conf"], check=True)


Answered = tuple[int, dict[str, str], bytes, dict[str, Any]]
"""Status, headers, body and behaviour."""


@dataclass
class Request:
    """One request as it came in."""

    role: str
    target: str
    headers: dict[str, str]


@dataclass
class Lab:
    """Serves one case."""

    case: Case
    delay: float = 0.0
    """Seconds before any page of the site is answered."""
    asked: list[Request] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    """Each connection to a canary."""
    names: list[str] = field(default_factory=list)
    """Each name that was looked up."""
    hits: Counter[str] = field(default_factory=Counter)

    def pages(self) -> list[Request]:
        """The requests for anything but robots.txt."""
        return [request for request in self.asked if request.target != "/robots.txt"]

    def warm_up(self) -> None:
        """Makes what takes a while before anybody waits for it."""
        for target in {script.get("path", f"/c/{self.case.id}") for script in self.case.serve}:
            self.answer(target)
        self.forget()

    def forget(self) -> None:
        """Begins anew."""
        self.asked.clear()
        self.hits.clear()

    # What is answered.

    def entry(self, target: str) -> tuple[str, dict[str, Any]] | None:
        """The answer to a target, and what its hits are counted under."""
        scripts: dict[str, list[dict[str, Any]]] = {}
        for script in self.case.serve:
            scripts.setdefault(script.get("path", f"/c/{self.case.id}"), []).append(script)
        for key in (target, target.partition("?")[0], *sorted(scripts, key=len, reverse=True)):
            if key in scripts and (key in (target, target.partition("?")[0]) or matches(key, target)):
                self.hits[key] += 1
                return key, scripts[key][min(self.hits[key], len(scripts[key])) - 1]
        return None

    def filled(self, value: Any, hit: int) -> Any:
        """A value with its placeholders filled in."""
        if isinstance(value, str):
            for name, text in {**PLACES, "{n1}": str(hit + 1), "{n}": str(hit)}.items():
                value = value.replace(name, text)
            return value
        if isinstance(value, list):
            return [self.filled(each, hit) for each in value]
        if isinstance(value, dict):
            return {name: self.filled(each, hit) for name, each in value.items()}
        return value

    def answer(self, target: str) -> Answered:
        if target == "/robots.txt":
            script: dict[str, Any] = self.case.robots or {"body": "User-agent: *\nDisallow:\n"}
            script = {"headers": {"Content-Type": "text/plain"}, **script}
            key = target
        elif found := self.entry(target):
            key, script = found
        else:
            return 404, {}, b"not here", {}
        script = self.filled(script, self.hits[key])
        body = script.get("body", b"")
        if isinstance(body, dict):
            body = made(body["gen"], **{name: value for name, value in body.items() if name != "gen"})
        data = body.encode() if isinstance(body, str) else body
        return script.get("status", 200), script.get("headers", {}), data, script.get("behaviour", {})

    # How.

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        address, port = writer.get_extra_info("sockname")[:2]
        role = ROLES.get(address, "proxy" if (address, port) == PROXY else "canary")
        if role == "canary" or port == REDIS:
            self.canaries.append(f"{address}:{port}")
        try:
            while await self.exchange(role, reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, asyncio.CancelledError):
            pass  # the other side has gone, or the case has ended
        finally:
            writer.close()

    async def exchange(self, role: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; may another one follow?"""
        line = await reader.readline()
        if not line:
            return False
        _, target, _ = line.decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while (raw := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = raw.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if target.startswith("http"):
            parts = urlsplit(target)
            role = {name: ROLES[address] for name, address in HOSTS.items()}.get(parts.hostname or "", "canary")
            if role == "canary":
                self.canaries.append(f"{parts.netloc} by the proxy")
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.asked.append(Request(role, target, headers))
        if role == "canary":
            answer: Answered = (200, {}, made("article", title="A secret"), {})
        else:
            answer = self.answer(target)
        if self.delay and target != "/robots.txt":
            await asyncio.sleep(self.delay)
        return await send(writer, *answer)


def matches(pattern: str, target: str) -> bool:
    return pattern.endswith("*") and target.startswith(pattern[:-1])


async def send(
    writer: asyncio.StreamWriter, status: int, more: dict[str, str], body: bytes, behaviour: dict[str, Any]
) -> bool:
    """Sends an answer the way it is to behave; may another request follow?"""
    kind = behaviour.get("kind", "")
    if kind == "reset":
        writer.transport.abort()
        return False
    if kind == "hang":
        await asyncio.sleep(behaviour.get("seconds", 600))
        return False
    if kind == "garbage":
        writer.write(b"\x00\xff\x16garbage\r\n" * 9)
        return False
    length = len(body) * int(behaviour.get("factor", 2)) if kind == "wrong_length" else len(body)
    head = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(length), **more}
    if kind in ("drip", "endless", "no_length", "chunked_cut", "huge_headers"):
        head.pop("Content-Length")
    if kind == "chunked_cut":
        head["Transfer-Encoding"] = "chunked"
    if kind == "huge_headers":
        head |= {f"X-Header-{number}": "x" * 100 for number in range(behaviour.get("n", 20000))}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    writer.write("\r\n".join(lines).encode("latin-1", "replace"))
    await send_body(writer, kind, body, behaviour)
    await writer.drain()
    return kind == "" and head.get("Content-Length") == str(len(body)) and head.get("Connection") != "close"


async def send_body(writer: asyncio.StreamWriter, kind: str, body: bytes, behaviour: dict[str, Any]) -> None:
    if kind == "drip":
        for _ in range(behaviour.get("n", 100_000)):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(behaviour.get("every", 0.5))
    elif kind == "endless":
        for _ in range(behaviour.get("mib", 4096)):
            writer.write(bytes(MEBIBYTE))
            await writer.drain()
    elif kind == "chunked_cut":
        writer.write(f"{len(body):x}\r\n".encode() + body[: len(body) // 2])
    else:
        writer.write(body)


# Names.


class Names(asyncio.DatagramProtocol):
    """A resolver that knows the hosts of a case, and notes who is asked for."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.asked: Counter[str] = Counter()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, sender: Any) -> None:
        name, kind, end = question_in(data)
        self.lab.names.append(name)
        addresses = self.addresses(name, kind)
        if addresses is not None:
            self.transport.sendto(reply(data, end, kind, addresses), sender)

    def addresses(self, name: str, kind: int) -> list[str] | None:
        """Its addresses of either kind, perhaps none; None: there is no answer at all."""
        known: dict[str, Any] = {
            **{host: [address] for host, address in HOSTS.items()},
            "localhost": ["127.0.0.1", "::1"],
        }
        found = (known | self.lab.case.dns).get(name, [])
        if found == "DROP":
            return None
        if found and isinstance(found[0], list):
            self.asked[name] += kind == 1
            found = found[max(0, min(self.asked[name], len(found)) - 1)]
        return [address for address in found if (":" in address) == (kind == 28)]


def question_in(data: bytes) -> tuple[str, int, int]:
    """Name and type that are asked for, and where the question ends (RFC 1035, 4.1)."""
    labels, place = [], 12
    while length := data[place]:
        labels.append(data[place + 1 : place + 1 + length].decode("latin-1"))
        place += 1 + length
    return ".".join(labels).lower(), struct.unpack(">H", data[place + 1 : place + 3])[0], place + 5


def reply(data: bytes, end: int, kind: int, addresses: list[str]) -> bytes:
    """An answer with these addresses; of a name that is nowhere known, that it does not exist."""
    family = socket.AF_INET6 if kind == 28 else socket.AF_INET
    records = [socket.inet_pton(family, address) for address in addresses]
    head = data[:2] + struct.pack(">HHHHH", 0x8180 if records or kind == 28 else 0x8183, 1, len(records), 0, 0)
    answers = (b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(record)) + record for record in records)
    return head + data[12:end] + b"".join(answers)


async def serve(lab: Lab, ready: threading.Event, stop: asyncio.Event) -> None:
    """Serves a case until it is told to stop."""
    servers, tls = [], context_for("site.test")
    plain = [(address, port) for address in (*ROLES, *CANARIES) for port in (80, CANARY_PORT)]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Names(lab), local_addr=(RESOLVER, 53)
    )
    try:
        for address, port in (*plain, *((role, 443) for role in ROLES), ("93.184.215.14", REDIS), PROXY):
            context = tls if port == 443 else None
            servers.append(await asyncio.start_server(lab.serve, address, port, limit=1 << 20, ssl=context))
        ready.set()
        await stop.wait()
    finally:
        transport.close()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()


@contextmanager
def running(lab: Lab) -> Iterator[None]:
    """Serves a case while the context lasts."""
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(lab, ready, stop)), name="lab")
    thread.start()
    if not ready.wait(20):
        raise RuntimeError("the servers do not start")
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
