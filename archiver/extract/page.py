"""The bytes of a page -> its tree, or why they make none."""

from selectolax.lexbor import LexborHTMLParser

from archiver.body import TOO_DEEP, depth_of
from archiver.charset import decode, is_illegible
from archiver.errors import PageError

# First bytes of what servers call text/html though it is none (IANA media types).
MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "an archive or office document",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"RIFF": "an image or film",
    b"\x1f\x8b": "compressed data",
    b"\x7fELF": "a program",
    b"Rar!": "an archive",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"ID3": "a sound",
    b"OggS": "a sound",
}


def parse(html: bytes, content_type: str | None = None, encoding: str | None = None) -> LexborHTMLParser:
    """The tree of a page. Raises PageError for what is no page, or is nested beyond reason."""
    kind = next((name for magic, name in MAGIC.items() if html.startswith(magic)), None)
    if kind is not None:
        raise PageError(f"not a page but {kind}")
    text = decode(html, content_type, encoding)
    if not text.strip():
        raise PageError("an empty page")
    if is_illegible(text):
        raise PageError("in no charset that is known")
    if depth_of(text) > TOO_DEEP:
        raise PageError(f"nested more than {TOO_DEEP:,} deep")
    return LexborHTMLParser(text)
