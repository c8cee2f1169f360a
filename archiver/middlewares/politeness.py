"""How to behave towards a host that is overloaded, asks us to wait, or does not want us."""

import asyncio
import logging
import random
import time
from collections import defaultdict
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from archiver.errors import BlockedError
from archiver.extract.challenge import SHORT, challenge_in
from archiver.outcomes import is_ended
from archiver.responses import is_page

logger = logging.getLogger(__name__)
CLOSED_AFTER = 5
"""Blocks of one host in a row after which the crawl ends: each one makes a ban more likely."""
OF_A_PROXY = (502, 504)
"""What a proxy answers for a host that it cannot reach: the host has said nothing then."""


class BlockedRequestError(BlockedError, IgnoreRequest):
    """A block as Scrapy wants to hear it; the spider's errback counts it."""


class PolitenessMiddleware:
    """Retries with growing pauses; `Retry-After` and blocks park the host; a host that goes on blocking ends the crawl.

    Settings: RETRY_TIMES, RETRY_HTTP_CODES and RETRY_EXCEPTIONS as Scrapy's own; RETRY_PAUSE, the first pause before
    a retry; RETRY_AFTER_MAX, the longest wait that a host may ask for before its answer counts as a block;
    BLOCKED_PAUSE, the first pause after a block; all in seconds. Pauses double.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.retried_codes = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}
        self.retried_errors = tuple(map(load_object, crawler.settings.getlist("RETRY_EXCEPTIONS")))
        self.pause = crawler.settings.getfloat("RETRY_PAUSE")
        self.longest = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self.blocked_pause = crawler.settings.getfloat("BLOCKED_PAUSE")
        self.free_at: defaultdict[str, float] = defaultdict(float)  # host -> when it may be asked again
        self.blocks: defaultdict[str, int] = defaultdict(int)  # host -> blocks in a row
        self.put_off: dict[str, str] = {}  # host -> why this run asks nothing more of it

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Holds a request back while its host is parked. Raises BlockedRequestError once it has been given up."""
        await self.sleep_until(self.free_at[host(request)])
        if is_ended(self.crawler.stats) and self.free_at[host(request)] > time.monotonic():
            raise BlockedRequestError("put off: the run ends while the host is left alone")
        if host(request) in self.put_off:
            raise BlockedRequestError(f"put off: {self.put_off[host(request)]}")
        if self.blocks[host(request)] >= CLOSED_AFTER:
            raise BlockedRequestError("put off, because the site blocks us")

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response, or the request once more. Raises BlockedRequestError for a block."""
        if response.status in self.retried_codes and not is_of_proxy(request, response):
            asked = self.hear(request, response)
            if asked is not None and asked > self.longest:
                raise BlockedRequestError(f"HTTP {response.status}, to be asked again in {in_words(asked)}")
            again = self.again(request, f"HTTP {response.status}")
            if again is not None:
                if asked is None:
                    await self.back_off(again)
                return again
        if not request.meta.get("image") and not is_robots(request):
            self.refuse_blocked(request, response)
        return response

    def hear(self, request: Request, response: Response) -> float | None:
        """Parks the host where its answer asks for it; the seconds that it asks for. None: it does not."""
        asked = retry_after(response) if response.status in self.retried_codes else None
        if asked is not None and asked > self.longest:
            self.put_off[host(request)] = f"{host(request)} wants to be left alone for {in_words(asked)}"
        elif asked is not None and not request.meta.get("heard"):
            self.park(request, asked)
            request.meta["heard"] = True
        return asked

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Retries what the network may do better the next time."""
        again = self.again(request, exception) if isinstance(exception, self.retried_errors) else None
        if again is not None:
            await self.back_off(again)
        return again

    def again(self, request: Request, reason: str | Exception) -> Request | None:
        """The same request once more; None: it has been tried often enough."""
        spider = self.crawler.spider
        request.meta.pop("heard", None)
        return get_retry_request(request, spider=spider, reason=reason) if spider is not None else None

    async def back_off(self, request: Request) -> None:
        """The pause before a retry: it doubles each time, and no two clients wait the same."""
        times = request.meta["retry_times"]
        await self.sleep_until(time.monotonic() + self.pause * 2 ** (times - 1) * random.uniform(0.5, 1.5))  # noqa: S311

    def refuse_blocked(self, request: Request, response: Response) -> None:
        """Parks the host and raises BlockedRequestError when an answer is a block."""
        is_short = len(response.body) < 4 * SHORT  # bytes of characters
        reason = challenge_in(response.status, response.text if is_short and is_page(response) else "")
        if reason is None and is_page(response):
            reason = getattr(self.crawler.spider, "why_blocked", lambda *_: None)(request, response)
        key = host(request)
        if reason is None:
            self.blocks[key] = 0
            return
        self.blocks[key] += 1
        self.park(request, self.blocked_pause * 2 ** (self.blocks[key] - 1))
        if self.blocks[key] == CLOSED_AFTER and self.crawler.engine is not None:
            logger.warning("%s blocks us: the crawl ends here, what is left is put off to the next", key)
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="blocked"))
        raise BlockedRequestError(reason)

    def park(self, request: Request, seconds: float) -> None:
        """Nothing is asked of the request's host for so long."""
        key = host(request)
        self.free_at[key] = max(self.free_at[key], time.monotonic() + seconds)
        logger.info("%s is left alone for %.0f s", key, seconds)

    async def sleep_until(self, moment: float) -> None:
        """Waits, but not once the run is being ended."""
        engine = self.crawler.engine
        while (left := moment - time.monotonic()) > 0 and engine is not None and engine.running:
            if is_ended(self.crawler.stats):
                return
            await asyncio.sleep(min(left, 0.25))


def host(request: Request) -> str:
    """What is parked: the host of an address."""
    return urlparse_cached(request).hostname or ""


def is_robots(request: Request) -> bool:
    """Is this a request for the rules of a host? Whatever it answers is no page."""
    return bool(request.meta.get("robots"))


def is_of_proxy(request: Request, response: Response) -> bool:
    """Does a proxy say that it cannot reach the host whose robots.txt is asked for?"""
    return is_robots(request) and bool(request.meta.get("proxy")) and response.status in OF_A_PROXY


def retry_after(response: Response) -> float | None:
    """Seconds that `Retry-After` asks for, as number or as date (RFC 9110, 10.2.3); None: it does not."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # HTTP's dates are all in UTC
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def in_words(seconds: float) -> str:
    """`3 min`, `26 h`, `400 days`."""
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"
