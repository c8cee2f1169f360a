"""Where the picture of an `<img>` really lies: lazy loaders, `srcset` and `<picture>` keep it outside of `src`."""

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

# Where lazy loaders keep the address, most telling first.
LAZY = (
    "data-src data-original data-lazy-src data-actualsrc data-original-src data-lazy data-echo data-url data-hi-res-src"
    " zoomfile file _src"
).split()
TELLING = frozenset(LAZY[:6])  # the others are used for addresses of other things too
SRCSETS = ("srcset", "data-srcset", "data-lazy-srcset")
STAND_IN = re.compile(
    r"data:|(?:\S*/)?(?:blank|placeholder|loading|spacer|lazy|lazyload|transparent|pixel|1x1|gr[ae]y)"
    r"(?:[-_]?(?:\d+|image|img|bg))?\.(?:gif|png|jpe?g|svg|webp)(?:\?\S*)?$",
    re.IGNORECASE,
)
IMAGE_FILE = re.compile(r"[^\s\"'<>{}]+\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#!@][^\s\"'<>]*)?", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>]+", re.IGNORECASE)
SIZE = re.compile(r"(\d+(?:\.\d+)?)[wxh]")
MOST_SOURCES = 64  # siblings that are looked at
LONGEST_ADDRESS = 4096  # characters; what is longer is data, not an address


def real_source(image: LexborNode) -> str | None:
    """Where the picture of a perhaps lazy image lies: known attributes, `src`, `srcset`, `<picture>`, any other."""
    found = {name: (value or "").strip() for name, value in image.attributes.items()}
    attributes = {name: value for name, value in found.items() if len(value) <= LONGEST_ADDRESS or name == "src"}
    for name in LAZY:
        value = attributes.get(name, "")
        if is_address(value) and (name in TELLING or IMAGE_FILE.fullmatch(value)):
            return value
    source = attributes.get("src") or None
    if source is not None and not STAND_IN.match(source):
        return source
    sets = [attributes.get(name, "") for name in SRCSETS]
    if image.parent is not None and image.parent.tag == "picture":
        sets += [source.attributes.get(name) or "" for source in sources_before(image) for name in SRCSETS]
    if address := largest(sets):
        return address
    others = (value for name, value in attributes.items() if name not in ("src", "alt", "title"))
    return next((value for value in others if IMAGE_FILE.fullmatch(value) and not STAND_IN.match(value)), source)


def sources_before(image: LexborNode) -> list[LexborNode]:
    """The `<source>` elements of a `<picture>` that are alternatives of this image."""
    found, sibling = [], image.prev
    for _ in range(MOST_SOURCES):
        if sibling is None or sibling.tag == "img":
            break
        if sibling.tag == "source":
            found.append(sibling)
        sibling = sibling.prev
    return found


def candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """Addresses of a `srcset`, each with its descriptor or `""` (WHATWG HTML, 4.8.4.2.2)."""
    address, size = "", ""
    for word in srcset.split():
        if not address:
            address = word.lstrip(",")
            ended = address.endswith(",")
        else:
            found, comma, following = word.partition(",")
            size, ended = size or found, bool(comma)
            if following:
                yield address, size
                address, size, ended = following, "", following.endswith(",")
        if ended and address:
            yield address.rstrip(","), size
            address, size = "", ""
    if address:
        yield address, size


def largest(srcsets: Iterable[str]) -> str | None:
    """The address that some `srcset`s give for the widest image; None: they give none."""
    found = [pair for value in srcsets for pair in candidates(value) if not STAND_IN.match(pair[0])]
    real = [(float(match[1]) if (match := SIZE.fullmatch(size)) else 1.0, address) for address, size in found]
    return max(real, key=lambda candidate: candidate[0])[1] if real else None


def is_address(text: str) -> bool:
    """Does an attribute's value look like the address of an image?"""
    short = len(text) <= LONGEST_ADDRESS
    return short and bool(WEB_ADDRESS.fullmatch(text) or IMAGE_FILE.fullmatch(text))
