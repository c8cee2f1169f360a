"""The download handler for http and https: Scrapy's own, with an end to the headers of an answer.

Twisted bounds one line of them but not their number: 20,000 long ones took 295 MB. The classes that are built on are
Scrapy's and Twisted's private ones; `tests/test_bounds.py` tells when they are no longer what they were.
"""

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response

from archiver.failures import causes_of
from archiver.middlewares.politeness import PolitenessMiddleware


class LongHeadersError(Exception):
    """The headers of an answer have no end."""


class BoundedParser(_LenientHTTPClientParser):
    """Counts what stands before the body, also that of the `100 Continue` answers before the real one."""

    most = 0
    """Bytes."""
    received = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.received += len(line) + 2
        if self.received > self.most:
            raise LongHeadersError(f"headers of more than {self.most} bytes")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise LongHeadersError(f"a header of more than {self.MAX_LENGTH} bytes")


class BoundedHandler(HTTP11DownloadHandler):
    """Setting ARCHIVER_MOST_HEADERS: bytes of all headers of an answer."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        most = crawler.settings.getint("ARCHIVER_MOST_HEADERS")

        class Protocol(_LenientHTTP11ClientProtocol):
            def request(self, request: Any) -> Any:
                answer = super().request(request)
                parser: Any = self._parser
                parser.__class__, parser.most = BoundedParser, most
                return answer

        class Factory(_LenientHTTP11ClientFactory):
            def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
                return Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]

        self._pool._factory = Factory

    async def download_request(self, request: Request) -> Response:
        """The answer. Raises DownloadCancelledError for headers without end, which are not asked for again."""
        politeness = self._crawler.get_downloader_middleware(PolitenessMiddleware)
        if politeness is not None:  # the host may have asked for a pause since the request stood in line
            await politeness.process_request(request)
        try:
            response = await super().download_request(request)
        except DownloadFailedError as error:
            for cause in causes_of(error):
                if isinstance(cause, LongHeadersError):
                    raise DownloadCancelledError(str(cause)) from error
            raise
        if politeness is not None:  # before the next request of the line is sent
            politeness.hear(request, response)
        return response
