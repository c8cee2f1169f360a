"""Obeys robots.txt as RFC 9309 has it: what cannot be had for a fault of the host means that nothing may be asked."""

import asyncio
import logging
from typing import Self
from urllib.parse import urlparse

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from archiver.errors import ArchiverError
from archiver.failures import reason_of
from archiver.middlewares.guard import RefusedAddressError
from archiver.middlewares.politeness import BlockedRequestError, is_of_proxy

logger = logging.getLogger(__name__)
LARGEST = 1024**2
"""Bytes; RFC 9309 asks for 500 KiB at least. A larger one is read so far."""


class RobotsUnreachableError(ArchiverError, IgnoreRequest):
    """The rules of a host could not be had, so nothing of it is asked; the next run tries again."""


class RobotsMiddleware:
    """In the place of Scrapy's, to which rules that cannot be had are no rules; `Crawl-delay` is obeyed, too.

    Settings: ROBOTSTXT_OBEY, ROBOTSTXT_USER_AGENT and ROBOTSTXT_PARSER as Scrapy's own; CRAWL_DELAY_MAX, the longest
    pause in seconds that a host may ask for.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, settings = crawler, crawler.settings
        self.is_obeyed = settings.getbool("ROBOTSTXT_OBEY")
        self.agent: str = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self.parser = load_object(settings["ROBOTSTXT_PARSER"])
        self.longest = settings.getfloat("CRAWL_DELAY_MAX")
        self.known: dict[str, asyncio.Future[RobotParser]] = {}  # by host and port

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for what is closed to us; waits until that is known."""
        if not self.is_obeyed or request.meta.get("dont_obey_robotstxt"):
            return
        key = urlparse_cached(request).netloc
        if key not in self.known:
            self.known[key] = asyncio.ensure_future(self.rules_for(request))
        rules = await asyncio.shield(self.known[key])
        if not rules.allowed(request.url, self.agent):
            raise IgnoreRequest("Forbidden by robots.txt")

    async def rules_for(self, request: Request) -> RobotParser:
        """The rules of a request's host. Raises BlockedRequestError or RobotsUnreachableError where it has to wait."""
        response = await self.fetch(request)
        body = response.body[:LARGEST] if response is not None and says_something(response) else b""
        rules: RobotParser = build_from_crawler(self.parser, self.crawler, body)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )
        self.slow_down(urlparse_cached(request).hostname or "", rules.crawl_delay(self.agent))
        return rules

    async def fetch(self, request: Request) -> Response | None:
        """The answer for robots.txt. None: it is redirected for ever, and as good as not there (RFC 9309, 2.3.1.2)."""
        parts = urlparse_cached(request)
        robots = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            meta={"dont_obey_robotstxt": True, "robots": True},
        )
        if self.crawler.engine is None:
            raise RobotsUnreachableError("robots.txt: no engine")
        try:
            return await self.crawler.engine.download_async(robots)
        except BlockedRequestError:
            raise
        except RefusedAddressError as error:
            if urlparse(error.url).netloc == parts.netloc:
                raise  # so would the page be
            raise RobotsUnreachableError(f"robots.txt: {error}") from error
        except Exception as error:  # whatever the network does
            if str(error) == "max redirections reached":
                return None
            raise RobotsUnreachableError(f"robots.txt: {reason_of(error)}") from error

    def slow_down(self, host: str, seconds: float | None) -> None:
        """Makes the pause between two requests to a host as long as it wants, within reason, and no shorter."""
        downloader = self.crawler.engine.downloader if self.crawler.engine is not None else None
        pause = min(seconds or 0.0, self.longest)
        if downloader is None or pause <= self.crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        logger.info("%s wants %.0f s between two requests", host, pause)
        downloader.per_slot_settings[host] = {**downloader.per_slot_settings.get(host, {}), "delay": pause, "jitter": 0}
        if host in downloader.slots:
            downloader.slots[host].delay, downloader.slots[host].jitter = pause, 0


def says_something(response: Response) -> bool:
    """Does the answer hold rules? None are those of 4xx, of a proxy that reaches nobody, and what is no text.

    Raises BlockedRequestError for 5xx and 429: the host is to be left alone.
    """
    is_proxy = response.request is not None and is_of_proxy(response.request, response)
    if not is_proxy and (response.status >= 500 or response.status == 429):
        raise BlockedRequestError(f"robots.txt: HTTP {response.status}")
    return response.status < 300 and isinstance(response, TextResponse)
