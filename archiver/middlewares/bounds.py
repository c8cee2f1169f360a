"""Refuses pages that no parser is to see, before any has."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.markup import MarkupBounds, refuse_monstrous
from archiver.responses import is_page, media_type
from archiver.workers import is_light, workers


class MarkupBoundsMiddleware:
    """Settings: ARCHIVER_MOST_NESTED elements, ARCHIVER_MOST_ATTRIBUTES and ARCHIVER_LONGEST_TAG in bytes."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.bounds = MarkupBounds(
            nested=settings.getint("ARCHIVER_MOST_NESTED"),
            attributes=settings.getint("ARCHIVER_MOST_ATTRIBUTES"),
            tag=settings.getint("ARCHIVER_LONGEST_TAG"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """The same response. Raises PageError; what is light can do no harm, the rest is looked at elsewhere."""
        kind = media_type(response)
        is_html = is_page(response) and (kind == "application/xhtml+xml" or not kind.endswith(("xml", "json")))
        if is_html and not request.meta.get("image") and not is_light(response.body):
            await workers.run(refuse_monstrous, response.body, self.bounds)
        return response
