"""Asks for a page only while few pages before it are still to be read and written: a kill costs no more than those."""

import asyncio
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from archiver.middlewares.politeness import is_robots

LOOK = 0.02
"""Seconds between two looks."""


class BacklogMiddleware:
    """Without it pages would pile up in memory wherever they come faster than the disk or an image host takes them."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("CONCURRENT_REQUESTS")  # pages answered and not yet written with images

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Holds a page back, but no image and no robots.txt: those are what an answered page may be waiting for."""
        if not request.meta.get("image") and not is_robots(request):
            while self.is_long():  # noqa: ASYNC110
                await asyncio.sleep(LOOK)

    def is_long(self) -> bool:
        """Are there enough pages at hand, and does the crawl go on?"""
        engine = self.crawler.engine
        slot = engine.scraper.slot if engine is not None and engine.running else None
        return slot is not None and len(slot.active) + len(slot.queue) > self.most
