"""Which addresses of the internet a crawl may ask: only public ones, on the ports of the web, by http and https.

Pure: it judges an address as it is written, and the IP addresses that a name was found to have. Python's own
`is_global` is no help: 3.11 calls 224.0.0.1, 192.0.0.8, 64:ff9b::7f00:1 and 2002:7f00:1:: global.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Endpoint = tuple[str, int]
"""Host as `plain_host` has it, and port."""

PORTS = frozenset({80, 443, 8080, 8443})
"""Where web sites are served; behind any other port may be a database, a printer, an administration."""
DEFAULT_PORTS = {"http": 80, "https": 443}
NOT_PUBLIC = tuple(
    map(
        ipaddress.IPv4Network,
        # this network, private, carrier-grade NAT, loopback, link-local (with the clouds' metadata), private,
        # IETF assignments, documentation, 6to4 relays, private, benchmarking, documentation twice, multicast, reserved;
        # the last one is public, but a virtual machine on Azure has its host there
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "168.63.129.16/32".split(),
    )
)
"""IANA's registry of special addresses (RFC 6890 and its updates)."""
UNICAST = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out; what lies outside is loopback, link-local, private (ULA), multicast or unassigned."""
NOT_UNICAST = tuple(
    map(ipaddress.IPv6Network, "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split())  # Teredo, documentation, 6to4, …
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Holds an IPv4 address that a network without IPv4 translates to (RFC 6052); it is judged by that."""
PRIVATE_NAMES = re.compile(r"[^.]+|.+\.(?:localhost|local|internal|home\.arpa)")
"""Names that no public server has (RFC 6761, 6762, 8375; `internal` is ICANN's), nor has one without a dot."""
FULL_STOPS = re.compile("[\u3002\uff0e\uff61]")
NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
CONTROL = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Permits:
    """What the user allows beyond the public internet."""

    named: frozenset[Endpoint] = frozenset()
    """Hosts, each at one port, that stand on the command line or in the site's definition."""
    addresses: frozenset[Endpoint] = frozenset()
    """IP addresses, each at one port, of `--allow-address`."""

    def has_port(self, port: int) -> bool:
        """May some address be asked at this port, whichever it is?"""
        return port in PORTS or any(port == allowed for _, allowed in self.addresses)


def plain_host(host: str) -> str:
    """A host in its one spelling: ASCII, lower case, no dot at the end; `①②⑦.0.0.1` is `127.0.0.1`."""
    text = FULL_STOPS.sub(".", unicodedata.normalize("NFKC", unquote(host))).lower().rstrip(".")
    return ".".join(part if part.isascii() else f"xn--{part.encode('punycode').decode()}" for part in text.split("."))


def endpoint_of(url: str) -> Endpoint:
    """Host and port of an http or https address. Raises ValueError for what has none."""
    parts = urlsplit(url)
    host, port = plain_host(parts.hostname or ""), parts.port
    if not host or CONTROL.search(host):
        raise ValueError(f"no host in {url!r}")
    return host, DEFAULT_PORTS.get(parts.scheme.lower(), 0) if port is None else port


def literal(host: str) -> Address | None:
    """The IP address that a host spells: `127.0.0.1`, `127.1`, `2130706433`, `0x7f.1`, `::1`, `fe80::1%eth0`.

    None: it is a name. Raises ValueError for what ends in a number, as no name does, and is no address.
    """
    if ":" in host:
        return ipaddress.IPv6Address(host.partition("%")[0])
    if NUMBER.fullmatch(host.rpartition(".")[2]) is None:
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError as error:
        raise ValueError(f"not an address: {host}") from error


def is_public(address: Address) -> bool:
    """May anybody's web site lie there? An IPv4 address within an IPv6 one is judged for itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or (ipaddress.IPv4Address(address.packed[-4:]) if address in NAT64 else None)
        if inner is None:
            return address in UNICAST and not any(address in network for network in NOT_UNICAST)
        address = inner
    return not any(address in network for network in NOT_PUBLIC)


def parse_endpoint(text: str) -> Endpoint:
    """`10.0.0.5:8000` or `[fd00::5]:8000`, as `--allow-address` takes it. Raises ValueError."""
    host, _, port = text.strip().rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    try:
        address = ipaddress.ip_address(host[1:-1] if is_bracketed else host)
        if is_bracketed != (address.version == 6) or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(text)
    except ValueError as error:
        raise ValueError(f"expected IP:PORT such as 10.0.0.5:8000 or [fd00::5]:8000, not {text!r}") from error
    return str(address), int(port)


def why_refused(url: str, permits: Permits) -> str | None:
    """Why an address may not be asked, as far as it says so itself: a word and what it is about. None: it may be."""
    try:
        parts, (host, port) = urlsplit(url), endpoint_of(url)
        scheme, address = parts.scheme.lower(), literal(host)
    except ValueError:
        scheme = url.partition(":")[0].lower()
        return f"blocked-address {url[:200]}" if scheme in DEFAULT_PORTS else f"blocked-scheme {scheme[:20]}"
    if scheme not in DEFAULT_PORTS:
        return f"blocked-scheme {scheme}"
    if (host, port) not in permits.named:
        if address is not None:
            return why_unfit(host, port, [address], permits)
        if not permits.has_port(port):
            return f"blocked-port {port}"
        if PRIVATE_NAMES.fullmatch(host) and all(port != allowed for _, allowed in permits.addresses):
            return f"blocked-address {host}"
    return "blocked-userinfo" if "@" in parts.netloc else None


def why_unfit(host: str, port: int, found: Iterable[Address], permits: Permits) -> str | None:
    """Why a host may not be asked at the IP addresses that it was found to have; one bad one is enough."""
    others = [address for address in found if (str(address), port) not in permits.addresses]
    bad = next((address for address in others if not is_public(address)), None)
    if bad is not None:
        return f"blocked-address {bad}" + ("" if host == str(bad) else f" of {host}")
    return f"blocked-port {port}" if others and port not in PORTS else None
