"""The limits of a whole run: its time, what it fetches and writes, the memory of its process.

A Scrapy extension. At a limit the crawl ends by itself: what is in flight is finished, and the next run goes on.
"""

import asyncio
import logging
import os
import time
from pathlib import Path
from typing import ClassVar, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.items import Article
from archiver.outcomes import end, stop

logger = logging.getLogger(__name__)
STATM = Path("/proc/self/statm")
"""Linux tells the memory of a process there, as it is now; `ru_maxrss` is the largest, even of who started it."""


class RunLimits:
    """Settings, each 0 for no limit: ARCHIVER_MAX_TIME in seconds, ARCHIVER_MAX_BYTES, ARCHIVER_MAX_MEMORY in MiB.

    Bytes are counted twice, as they came over the wire and as they were written; either may reach the limit. All
    crawls of a process are one run.
    """

    fetched: ClassVar[int] = 0
    written: ClassVar[int] = 0
    pause = 0.25
    """Seconds between two looks."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most_seconds = crawler.settings.getfloat("ARCHIVER_MAX_TIME")
        self.most_bytes = crawler.settings.getint("ARCHIVER_MAX_BYTES")
        self.most_memory = crawler.settings.getint("ARCHIVER_MAX_MEMORY") * 1024**2
        self.start = time.monotonic()
        self.watching: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        limits = cls(crawler)
        crawler.signals.connect(limits.on_opened, signals.spider_opened)
        crawler.signals.connect(limits.on_closed, signals.spider_closed)
        crawler.signals.connect(limits.on_response, signals.response_downloaded)
        crawler.signals.connect(limits.on_item, signals.item_scraped)
        return limits

    def on_opened(self) -> None:
        self.watching = asyncio.ensure_future(self.watch())

    def on_closed(self) -> None:
        if self.watching is not None:
            self.watching.cancel()

    def on_response(self, response: Response) -> None:
        RunLimits.fetched += len(response.body)

    def on_item(self, item: Article) -> None:
        size = getattr(getattr(item, "header_image", None), "size", None)
        RunLimits.written += len(getattr(item, "body", "").encode()) + (size or 0)

    async def watch(self) -> None:
        """Looks every now and then, until a limit is reached."""
        while (reason := self.reached()) is None:  # noqa: ASYNC110
            await asyncio.sleep(self.pause)
        engine = self.crawler.engine
        if engine is not None:
            logger.warning("%s: what is in flight is finished, what is left is for the next run", reason)
            self.closing = asyncio.ensure_future(engine.close_spider_async(reason="limit"))

    def reached(self) -> str | None:
        """The limit that has been reached, noted for the summary; None: none has."""
        most, stats = max(RunLimits.fetched, RunLimits.written), self.crawler.stats
        if self.most_memory and (used := memory()) > self.most_memory:
            reason = f"{used // 1024**2} MiB of memory are in use, of {self.most_memory // 1024**2}"
            stop(stats, reason)
            return reason
        if self.most_seconds and time.monotonic() - self.start >= self.most_seconds:
            reason = f"--max-time of {self.most_seconds:.0f} s is over"
        elif self.most_bytes and most >= self.most_bytes:
            reason = f"--max-bytes of {self.most_bytes} is reached"
        else:
            return None
        end(stats, reason)
        return reason


def memory() -> int:
    """Bytes of memory that this process uses; 0 where the system does not tell."""
    try:
        return int(STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
