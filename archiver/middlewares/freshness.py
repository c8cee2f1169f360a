"""Asks a listing only whether it has changed since the last time, and reads it from memory where it has not."""

import zlib
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from archiver.index import Index
from archiver.responses import header

LARGEST = 4 * 1024**2
"""Bytes of a listing that is kept, compressed: a sitemap of 50,000 addresses takes about 500 kB."""
VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
"""RFC 9110, 13.1."""


class FreshnessMiddleware:
    """A 304 becomes the page as it was, so that nothing behind it need know. Articles are the spider's concern."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def index(self) -> Index | None:
        ledger = getattr(self.crawler.spider, "ledger", None)
        return ledger.archive.index if ledger is not None else None

    def process_request(self, request: Request) -> None:
        """Adds the validators of a listing that is known; an article has its own."""
        if is_listing(request) or request.meta.get("redirect_urls"):
            for condition in VALIDATORS.values():
                request.headers.pop(condition, None)  # of the address that redirected here
        if not is_listing(request) or self.index is None:
            return
        page = self.index.page(request.url)
        for name, value in (("ETag", page["etag"]), ("Last-Modified", page["last_modified"])) if page else ():
            if value:
                request.headers[VALIDATORS[name]] = value

    def process_response(self, request: Request, response: Response) -> Response:
        """The same response; in the place of a 304 the one of the last time."""
        if not is_listing(request) or self.index is None:
            return response
        if response.status == 304 and (page := self.index.page(request.url)) is not None:
            headers = {"Content-Type": page["content_type"]}
            body = zlib.decompress(page["body"])
            kind = responsetypes.from_args(headers=response.headers.__class__(headers), url=request.url, body=body)
            return kind(request.url, 200, headers, body, flags=["not modified"], request=request)
        if response.status == 200:
            self.keep(self.index, response)
        return response

    def keep(self, index: Index, response: Response) -> None:
        """Keeps a listing that can be asked for conditionally."""
        etag, last_modified, kind = (header(response, name) for name in ("ETag", "Last-Modified", "Content-Type"))
        body = zlib.compress(response.body) if etag or last_modified else b""
        if 0 < len(body) <= LARGEST:
            index.keep_page(
                response.url, etag=etag, last_modified=last_modified, content_type=kind or "text/html", body=body
            )


def is_listing(request: Request) -> bool:
    """Is it a page of a listing, asked for by its address alone?"""
    return bool(request.meta.get("listing")) and request.method == "GET"
