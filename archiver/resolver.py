"""Resolves names for every connection of a crawl, and hands on no address that a crawl may not ask.

Scrapy's `TWISTED_DNS_RESOLVER`. Twisted connects to exactly the addresses that it is handed, without a second look-up:
nothing can change between this check and the connection, on whichever hop a request is.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.resolver import HostResolution
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from archiver.addresses import Address, Endpoint, Permits, is_public, parse_endpoint, plain_host, why_unfit


@implementer(IHostnameResolver)
class GuardedResolver:
    """The system's resolver, both for IPv4 and IPv6; of the answers for a name one bad one refuses it."""

    def __init__(self, reactor: Any, allowed: Iterable[Endpoint] = (), seconds: float = 60.0) -> None:
        self.reactor, self.seconds = reactor, seconds
        self.inner = getattr(reactor.nameResolver, "inner", reactor.nameResolver)
        self.addresses = frozenset(allowed)
        self.proxies = frozenset(proxies())
        self.named: set[Endpoint] = set()  # by the user, for any crawl of this process
        self.pinned: dict[Endpoint, frozenset[Address]] = {}  # what is not public of those, at the first look
        self.refusals: dict[str, str] = {}  # host -> why

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        settings = crawler.settings
        allowed = map(parse_endpoint, settings.getlist("ARCHIVER_ALLOW_ADDRESS"))
        return cls(reactor, allowed, settings.getfloat("DNS_TIMEOUT"))

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """As IHostnameResolver has it; none of the answers where one is refused, and after `seconds`."""

        def judge(found: list[IAddress]) -> None:
            host = plain_host(hostName)
            reason = self.why_refused(host, portNumber, [to_address(address) for address in found])
            if reason is None:
                self.refusals.pop(host, None)
                for address in found:
                    resolutionReceiver.addressResolved(address)
            else:
                self.refusals[host] = reason
            resolutionReceiver.resolutionComplete()

        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        answers = Answers(judge)
        late = self.reactor.callLater(self.seconds, answers.resolutionComplete)
        answers.when_complete = lambda: late.cancel() if late.active() else None
        self.inner.resolveHostName(answers, hostName, portNumber, addressTypes, transportSemantics)
        return resolution

    def why_refused(self, host: str, port: int, found: list[Address]) -> str | None:
        """Why a connection to a host may not be made; None: it may.

        The user's proxy lies where it lies. So does a host that the user named, but where it was first seen: a public
        site cannot become a private one while it is crawled, nor be both.
        """
        if (host, port) in self.proxies or (port == 0 and host in {name for name, _ in self.proxies}):
            return None
        private = frozenset(address for address in found if not is_public(address))
        if (host, port) in self.named and (not private or len(private) == len(set(found))):
            if found and private <= self.pinned.setdefault((host, port), private):
                return None
            return f"blocked-address {min(map(str, private))} of {host}" if private else None
        return why_unfit(host, port or 443, found, Permits(addresses=self.addresses))

    async def look_up(self, host: str, port: int, seconds: float) -> list[Address]:
        """The addresses of a host, unjudged; none where they are not known in time."""
        done: asyncio.Future[list[IAddress]] = asyncio.get_running_loop().create_future()

        def keep(found: list[IAddress]) -> None:
            if not done.done():
                done.set_result(found)

        self.inner.resolveHostName(Answers(keep), host, port)
        try:
            return [to_address(address) for address in await asyncio.wait_for(done, seconds)]
        except TimeoutError:
            return []


@implementer(IResolutionReceiver)
class Answers:
    """Collects the answers for a name, and hands them on together, once."""

    def __init__(self, end: Callable[[list[IAddress]], None]) -> None:
        self.end = end
        self.found: list[IAddress] = []
        self.is_complete = False
        self.when_complete: Callable[[], object] = bool

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        """Nothing can be cancelled."""

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        self.found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if not self.is_complete:
            self.is_complete = True
            self.when_complete()
            self.end(self.found)


def to_address(address: Any) -> Address:
    """The IP address in Twisted's."""
    return ipaddress.ip_address(str(address.host).partition("%")[0])


def proxies() -> Iterable[Endpoint]:
    """Where the proxies of the environment are asked."""
    for name, url in getproxies().items():
        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            continue
        if name != "no" and parts.hostname:
            yield plain_host(parts.hostname), port


def installed() -> GuardedResolver | None:
    """The resolver that this process resolves by; None: another one, that guards nothing."""
    from twisted.internet import reactor  # installs one where none is: not before Scrapy has

    found = getattr(reactor, "nameResolver", None)
    return found if isinstance(found, GuardedResolver) else None
