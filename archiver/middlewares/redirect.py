"""A redirected image keeps its Referer, as in a browser."""

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class KeepRefererRedirectMiddleware(RedirectMiddleware):
    """Scrapy's own takes the header away unless its RefererMiddleware is on, which would send one with every page."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """Leaves the header as the first request had it: the article's address, or none."""

    def _engine_started(self) -> None:
        """Scrapy's own warns here that the header will be taken away."""
