"""What Scrapy may say about an article: its address, never the article itself."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class ArchiverLogFormatter(LogFormatter):
    """Scrapy's own lines print items whole, that is with their text; `outcomes.record` says what became of each."""

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
