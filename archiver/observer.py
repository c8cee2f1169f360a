"""A Scrapy extension that counts response times among the stats of a crawl, beside Scrapy's own counts."""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.outcomes import Stats, respond


class Observer:
    """Counts the seconds from a request's first byte to the headers of its response."""

    def __init__(self, stats: Stats) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        observer = cls(crawler.stats)
        crawler.signals.connect(observer.on_response, signals.response_downloaded)
        return observer

    def on_response(self, response: Response, request: Request) -> None:
        seconds = request.meta.get("download_latency")
        if seconds is not None:
            respond(self.stats, seconds)
