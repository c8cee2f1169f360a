"""Redirects: to web addresses alone; and a redirected image keeps its Referer, as in a browser."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from archiver.addresses import DEFAULT_PORTS
from archiver.middlewares.guard import RefusedAddressError

REDIRECTS = (301, 302, 303, 307, 308)


class KeepRefererRedirectMiddleware(RedirectMiddleware):
    """Scrapy's own takes the header away unless its RefererMiddleware is on, which would send one with every page."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response, or the request that it redirects to. Raises RefusedAddressError where that is none of the web.

        Scrapy's own hands such a redirect on as if it were a page, or fails over its address.
        """
        try:
            result: Request | Response = super().process_response(request, response)
            scheme = urlsplit(location(response)).scheme.lower()
        except ValueError as error:
            raise RefusedAddressError(f"blocked-address {location(response)}", location(response)) from error
        if result is response and response.status in REDIRECTS and scheme and scheme not in DEFAULT_PORTS:
            raise RefusedAddressError(f"blocked-scheme {scheme}", location(response))
        return result

    def handle_referer(self, request: Request, response: Response) -> None:
        """Leaves the header as the first request had it: the article's address, or none."""

    def _engine_started(self) -> None:
        """Scrapy's own warns here that the header will be taken away."""


def location(response: Response) -> str:
    """Where an answer redirects to; empty: nowhere."""
    return (response.headers.get("Location") or b"").decode("latin-1")[:500]
