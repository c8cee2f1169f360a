"""Is a response a page, or something else that only passes for text?"""

import re
from typing import TypeGuard

from scrapy.http import Response, TextResponse

# Scrapy takes for text whatever holds no control characters in its first bytes, also a PDF that is announced as one.
READABLE = re.compile(r"(?:text/.+|application/(?:.+\+)?(?:xml|json))?", re.IGNORECASE)


def media_type(response: Response) -> str:
    """What the server says it sent, without parameters: `text/html`; empty when it does not say."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()


def is_page(response: Response) -> TypeGuard[TextResponse]:
    """Can it be read as a page, feed or API answer?"""
    return isinstance(response, TextResponse) and READABLE.fullmatch(media_type(response)) is not None


def header(response: Response, name: str) -> str | None:
    """A header of an answer, as text."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
