"""What the network did, in the words of a log line: one word or two for each way a request can fail."""

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

from archiver.errors import ArchiverError

WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ResponseDataLossError, "cut short"),
    (DownloadCancelledError, "too large"),
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "host not found"),
    (DownloadConnectionRefusedError, "connection refused"),
    (UnsupportedURLSchemeError, "refused: not http or https"),
    (NotSupported, "refused: not http or https"),
)


def reason_of(error: BaseException | None) -> str:
    """Why a request gave nothing; for an exception that is none of ours or the network's, its class and text."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, ArchiverError):
        return str(error)
    if isinstance(error, IgnoreRequest):
        return f"refused: {error}"
    for kind, words in WORDS:
        if isinstance(error, kind):
            return words
    if isinstance(error, DownloadFailedError):
        return f"connection failed: {error}"
    return f"{type(error).__name__}: {error}"
