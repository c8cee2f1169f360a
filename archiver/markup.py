"""Markup that no parser is to see: elements nested, and attributes of one tag, by the thousand.

Every HTML parser is quadratic in both; this look is linear: 0.2 s for the 16 MB that a page may have at most.
"""

import re
from dataclasses import dataclass

from archiver.errors import PageError

TOKEN = re.compile(
    rb"<!--.*?(?:--!?>|\Z)"
    rb"|<(?P<raw>script|style|textarea|title|xmp|noembed|noframes)(?=[\s/>])(?P<inside>[^>]*)>.*?(?:</(?P=raw)|\Z)"
    rb"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*)(?P<rest>(?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+|[\"'])*+)(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
FLAT = frozenset(
    # without content
    b"area base br col embed hr img input link meta param source track wbr "
    # ended by their next sibling, wherever the end tag is left out
    b"p li dt dd option optgroup tr td th tbody thead tfoot colgroup caption rb rt rtc rp html head body".split()
)
"""Elements that do not nest by themselves."""
SHORT = 2_000
"""Bytes of a tag that can hold no more attributes than are allowed."""


@dataclass(frozen=True, slots=True)
class MarkupBounds:
    """What a page may have."""

    nested: int = 1_000
    """Elements within each other; browsers stop at 512, pages of sites that a person wrote have some 30."""
    attributes: int = 500
    """Of one tag; real ones have up to 40."""
    tag: int = 65_536
    """Bytes of one tag, what stands in quotes left out: an image or a state of the page may be in them."""


def refuse_monstrous(html: bytes, bounds: MarkupBounds) -> None:
    """Raises PageError for a page that no parser is to see."""
    open_elements: list[bytes] = []
    counts: dict[bytes, int] = {}
    for token in TOKEN.finditer(html):
        name = (token["name"] or b"").lower()
        rest = token["rest"] or token["inside"] or b""
        if len(rest) > SHORT:
            refuse_long_tag(rest, bounds)
        if not name or name in FLAT:
            continue
        if not token["end"]:
            if not rest.endswith(b"/"):
                open_elements.append(name)
                counts[name] = counts.get(name, 0) + 1
                if len(open_elements) > bounds.nested:
                    raise PageError(f"refused: parse-limits, elements nested more than {bounds.nested} deep")
        elif counts.get(name):
            while (last := open_elements.pop()) != name:
                counts[last] -= 1
            counts[name] -= 1


def refuse_long_tag(rest: bytes, bounds: MarkupBounds) -> None:
    """Raises PageError for the inside of a tag that has too much in it."""
    bare = QUOTED.sub(b'""', rest)
    if len(bare) > bounds.tag:
        raise PageError(f"refused: parse-limits, a tag of more than {bounds.tag} bytes")
    if max(bare.count(b"="), len(bare.split())) > bounds.attributes:
        raise PageError(f"refused: parse-limits, a tag of more than {bounds.attributes} attributes")
