"""Refuses addresses that a crawl may not ask, before anything is sent; and keeps the site's secrets at the site."""

import re
from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from archiver.addresses import (
    PORTS,
    Endpoint,
    Permits,
    endpoint_of,
    literal,
    parse_endpoint,
    plain_host,
    why_refused,
    why_unfit,
)
from archiver.errors import ArchiverError
from archiver.log import guard_log
from archiver.masking import SECRET_NAME, masked
from archiver.resolver import GuardedResolver, installed

PATIENCE = 2.0
"""Seconds for looking up a name that a proxy will ask for; what is not known by then is left to the proxy."""
UNASKED = re.compile(r".+\.(?:onion|i2p)")
"""Names that no resolver may be asked for (RFC 7686)."""


class RefusedAddressError(ArchiverError, IgnoreRequest):
    """An address that may not be asked; never tried again in this run."""

    def __init__(self, reason: str, url: str) -> None:
        super().__init__(f"refused: {reason}")
        self.reason, self.url = reason, url


class GuardMiddleware:
    """What both guards know: the crawl, and what its user allows."""

    def __init__(self, crawler: Crawler) -> None:
        guard_log()  # again, for plain Scrapy sets its log up anew once it knows the spider
        self.crawler = crawler
        self.addresses = frozenset(map(parse_endpoint, crawler.settings.getlist("ARCHIVER_ALLOW_ADDRESS")))
        self.known: Permits | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def resolver(self) -> GuardedResolver | None:
        return installed()

    @property
    def permits(self) -> Permits:
        """What the user named for this crawl, told to the resolver as well."""
        if self.known is None:
            self.known = Permits(frozenset(named_by(self.crawler.spider)), self.addresses)
            if self.resolver is not None:
                self.resolver.named |= self.known.named
        return self.known


class AddressGuardMiddleware(GuardMiddleware):
    """Judges every address as it is written, of pages, redirects, robots.txt, sitemaps, feeds and images alike."""

    def process_request(self, request: Request) -> None:
        """Raises RefusedAddressError."""
        reason = why_refused(request.url, self.permits)
        if reason is None and self.resolver is not None:
            here = endpoint_of(request.url)
            if here in self.resolver.proxies - self.permits.named:
                reason = f"blocked-address {here[0]}, the proxy itself"
        if reason is not None:
            raise RefusedAddressError(reason, request.url)


class ConnectionGuardMiddleware(GuardMiddleware):
    """The last look, once it is known whether a proxy is asked; and what the resolver refused, by its name."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.judged: dict[Endpoint, str | None] = {}  # of a proxy's targets

    async def process_request(self, request: Request) -> None:
        """Raises RefusedAddressError for a target that a proxy is not to be asked for."""
        keep_secrets(request, self.crawler.spider)
        if request.meta.get("proxy"):
            target = endpoint_of(request.url)
            if target not in self.judged:
                self.judged[target] = await self.why_unfit_for_proxy(*target)
            if (reason := self.judged[target]) is not None:
                raise RefusedAddressError(reason, request.url)

    async def why_unfit_for_proxy(self, host: str, port: int) -> str | None:
        """Why a proxy is not to be asked for a host, as far as this machine knows where it lies."""
        if (host, port) in self.permits.named or literal(host) is not None or UNASKED.fullmatch(host):
            return None
        is_asked = self.resolver is not None and self.crawler.settings.getbool("ARCHIVER_RESOLVE_FOR_PROXY")
        found = await self.resolver.look_up(host, port, PATIENCE) if is_asked and self.resolver is not None else []
        if not found and port not in PORTS:
            return f"blocked-port {port}"
        return why_unfit(host, port, found, self.permits)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises RefusedAddressError where a name was not unknown but refused; it is not tried again."""
        if isinstance(exception, CannotResolveHostError) and self.resolver and not request.meta.get("proxy"):
            reason = self.resolver.refusals.get(plain_host(urlparse_cached(request).hostname or ""))
            if reason is not None:
                raise RefusedAddressError(reason, request.url) from exception


def named_by(spider: Spider | None) -> set[Endpoint]:
    """Where the addresses lie that the user gave a crawl, on the command line or in the site's definition."""
    site = getattr(spider, "site", None)
    starts = [url for channel in site.channels.values() for url in channel.starts] if site is not None else []
    named = {endpoint_of(url) for url in (*starts, *getattr(spider, "urls", ()))}
    hosts = {host.removeprefix("www.") for host, _ in named}
    others = [plain_host(domain) for domain in site.domains] if site is not None else []
    return named | {(host, port) for host in others if host not in hosts for port in (80, 443)}


def keep_secrets(request: Request, spider: Spider | None) -> None:
    """Takes cookies, keys and passwords off a request to a host that is not the site's, however they came there."""
    site = getattr(spider, "site", None)
    if site is None or not site.owns(request.url):
        for name in [name for name in request.headers if SECRET_NAME.search(name.decode("latin-1"))]:
            if name != b"Proxy-Authorization":
                del request.headers[name]
    referer = (request.headers.get("Referer") or b"").decode("latin-1")
    if referer and masked(referer) != referer:
        request.headers["Referer"] = referer.partition("?")[0]
