"""What the network did, in the words of a log line: one word or two for each way a request can fail."""

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from twisted.internet import error as network
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

from archiver.errors import ArchiverError
from archiver.masking import masked

WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ResponseDataLossError, "cut short"),
    (DownloadCancelledError, "too large"),
    (DownloadTimeoutError, "timeout"),
    (network.TCPTimedOutError, "timeout"),
    (CannotResolveHostError, "host not found"),
    (DownloadConnectionRefusedError, "connection refused"),
    (UnsupportedURLSchemeError, "refused: blocked-scheme"),
    (NotSupported, "refused: blocked-scheme"),
)
CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (SSL.Error, "TLS"),
    (VerificationError, "TLS, the certificate is another host's"),
    (TunnelError, "the proxy opens no tunnel"),
    (ParseError, "no HTTP answer"),
    (network.NoRouteError, "no route"),
    (network.ConnectionLost, "reset"),
    (network.ConnectionDone, "closed without an answer"),
    (network.ConnectError, "no connection"),
)
"""What lies behind a failed connection, the most telling first."""
REFUSED = {"max redirections reached": "too many redirects"}
"""What Scrapy says of a request that it gives up -> our words."""


def reason_of(error: BaseException | None) -> str:
    """Why a request gave nothing; for an exception that is none of ours or the network's, its class and text.

    It holds no password or key.
    """
    return masked(words_for(error))


def words_for(error: BaseException | None) -> str:
    """As `reason_of`, as it stands."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, ArchiverError):
        return str(error)
    if isinstance(error, IgnoreRequest):
        is_bomb = hasattr(error.__cause__, "decompressed_size")
        return "too large once unpacked" if is_bomb else f"refused: {REFUSED.get(str(error), error)}"
    if isinstance(error, DownloadCancelledError) and "header" in str(error):  # `handler.BoundedHandler` says so
        return f"too large: {error}"
    for kind, words in WORDS:
        if isinstance(error, kind):
            return words
    causes = [*causes_of(error)]
    for cause, words in CAUSES:
        found = next((one for one in causes if isinstance(one, cause)), None)
        if found is not None:
            return f"connection failed: {words}{details(found)}"
    if isinstance(error, DownloadFailedError):
        return f"connection failed: {error}"
    return f"{type(error).__name__}: {error}"


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it; Twisted gathers some of them as `reasons`."""
    while error is not None:
        yield error
        for reason in getattr(error, "reasons", None) or ():
            if isinstance(reason, Failure) and isinstance(reason.value, BaseException):
                yield from causes_of(reason.value)
        error = error.__cause__


def details(error: BaseException) -> str:
    """What an exception of TLS tells: `: certificate verify failed`."""
    told = error.args[0] if isinstance(error, SSL.Error) and error.args else None
    words = [str(part[-1]) for part in told if part] if isinstance(told, list) else []
    return f": {', '.join(words)}" if words else ""
