"""Gives every page the charset that it is in: Scrapy's own guess takes up to a second, and is often wrong.

Scrapy asks for it whenever a response is copied (`Response.replace`), so it has to be known at any time.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from archiver.charset import charset_of


class CharsetMiddleware:
    """`response.encoding`, by header, page, bytes, or the `encoding` of the site's definition."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The same response; found in a few milliseconds, whatever it holds."""
        if not isinstance(response, TextResponse):
            return response
        site = getattr(self.crawler.spider, "site", None)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return with_charset(response, charset_of(response.body, content_type, getattr(site, "encoding", None)))


class CompressedCharsetMiddleware:
    """What is still compressed is in no charset; any will do until it is unpacked."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The same response."""
        if isinstance(response, TextResponse) and "Content-Encoding" in response.headers:
            return with_charset(response, "utf-8")
        return response


def with_charset(response: TextResponse, charset: str) -> TextResponse:
    """The same response in a charset; not by `replace`, which would ask for the one that it has."""
    values = {name: getattr(response, name) for name in response.attributes if name != "encoding"}
    return type(response)(**values, encoding=charset)
