"""The bytes of a page -> its tree, or why they make none."""

import re

from selectolax.lexbor import LexborHTMLParser

from archiver.charset import decode, is_illegible
from archiver.errors import PageError

DEEPEST = 8_000
"""Elements in each other. Real pages have some 30; lexbor takes 50 ms for 8,000, and 3 s for 60,000."""
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
LEAF = frozenset("area base br col embed hr img input link meta param source track wbr p li td th tr option".split())
"""Elements that hold none, or whose end tag may be left out: a page of a list with 10,000 items is not deep."""
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
    if depth_of(text) > DEEPEST:
        raise PageError(f"nested more than {DEEPEST:,} deep")
    return LexborHTMLParser(text)


def depth_of(text: str) -> int:
    """How deep the elements of a page lie in each other, at most; counted from its tags, in linear time."""
    if text.count("<") - text.count("</") <= DEEPEST:
        return 0
    depth = deepest = 0
    for match in TAG.finditer(text):
        if match[1]:
            depth = max(0, depth - (match[2].lower() not in LEAF))
        elif match[2].lower() not in LEAF:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
