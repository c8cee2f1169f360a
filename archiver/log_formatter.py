"""Scrapy's own log lines: of an article they say its address alone."""

import logging
from typing import Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from archiver.log import guard_log


class ArchiverLogFormatter(LogFormatter):
    """Scrapy's own lines print items whole, that is with their text; `outcomes.record` says what became of each."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        guard_log()  # of plain Scrapy, which sets up its own and tells all settings next
        return cls()

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return line(logging.DEBUG, "Scraped %(url)s", item)

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return line(logging.DEBUG, "Dropped %(url)s", item)

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return line(logging.ERROR, "Error processing %(url)s", item)


def line(level: int, message: str, item: Any) -> LogFormatterResult:
    """A log line that names an item by its address."""
    return {"level": level, "msg": message, "args": {"url": getattr(item, "url", item)}}
