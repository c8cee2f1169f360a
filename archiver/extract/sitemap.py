"""Sitemaps (sitemaps.org 0.9): lists of pages, indexes of lists, news sitemaps; as XML, gzip or plain text."""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from archiver.dates import parse_date
from archiver.errors import PageError
from archiver.extract.listing import Card
from archiver.extract.xml import HEAD, plain, read_xml, root_name
from archiver.urls import absolute, is_web

LARGEST = 52_428_800  # bytes, unpacked: the limit of sitemaps.org
MOST_ADDRESSES = 50_000  # the other limit of sitemaps.org; of more the first are kept
CHUNK = 4096  # bytes that are unpacked at once; of a damaged file no more than this is lost before the damage
ROOTS = frozenset(("urlset", "sitemapindex"))
UNITS = frozenset(("url", "sitemap"))
# (parent, element) -> what it tells. Images and videos have a `loc` and a `title` too.
FIELDS = {
    ("url", "loc"): "address",
    ("url", "lastmod"): "modified",
    ("sitemap", "loc"): "address",
    ("sitemap", "lastmod"): "modified",
    ("news", "publication_date"): "published",
    ("news", "title"): "title",
}
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
IN_ROBOTS = re.compile(r"[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One file of a sitemap, each address once."""

    cards: tuple[Card, ...]
    """Pages in the file's order; `lastmod` is `modified`, and a news sitemap gives date and title."""
    children: tuple[Card, ...]
    """Further sitemaps, `lastmod` is `modified`; newest first, those that do not say behind them."""


def is_sitemap(raw: bytes, content_type: str = "") -> bool:
    """Does this begin like a sitemap? A plain text is one if the server calls it that and every line is an address."""
    if raw.startswith(GZIP):
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, HEAD)
        except zlib.error:
            return False
    if root := root_name(raw[:HEAD]):
        return root in ROOTS
    return "text/plain" in content_type.lower() and bool(raw.strip()) and all(map(is_web, lines(raw)))


def read_sitemap(raw: bytes, url: str, largest: int = LARGEST) -> Sitemap:
    """The sitemap at `url`; of a broken one the part before the break.

    Raises PageError for what is none, and for more than `largest` bytes once unpacked.
    """
    raw = unpacked(raw, largest)
    if root_name(raw[:HEAD]):
        found: Collector = read_xml(raw, "url|sitemap", Collector)
    else:
        found = Collector("urlset", [("url", {"address": line}) for line in lines(raw) if is_web(line)])
        if not found.rows:
            raise PageError("no sitemap but text without addresses")
    if found.root not in ROOTS:
        raise PageError(f"no sitemap but <{found.root}>")
    pages = [told for unit, told in found.rows if unit == "url"]
    children = [told for unit, told in found.rows if unit == "sitemap"]
    return Sitemap(
        cards=tuple(cards(pages, url)),
        children=tuple(sorted(cards(children, url), key=newest_first)),
    )


def sitemaps_in_robots(text: str) -> tuple[str, ...]:
    """Addresses of the sitemaps that a `robots.txt` names (RFC 9309 leaves the line to sitemaps.org)."""
    found = (match[1].partition("#")[0] for line in text.splitlines() if (match := IN_ROBOTS.match(line)))
    return tuple(dict.fromkeys(filter(is_web, found)))


def cards(rows: Iterable[dict[str, str]], url: str) -> Iterator[Card]:
    """What the rows of a sitemap announce, each address once and never the sitemap itself."""
    seen = {url}
    for told in rows:
        address = absolute(told.get("address") or url, url)
        if address and is_web(address) and address not in seen:
            seen.add(address)
            yield Card(
                address,
                published=parse_date(told.get("published")),
                title=plain(told.get("title", "")),
                modified=parse_date(told.get("modified")),
            )


def newest_first(card: Card) -> tuple[bool, float]:
    """Sorts by last change, those that do not say behind all others."""
    return card.modified is None, -card.modified.timestamp() if card.modified else 0.0


def lines(raw: bytes) -> Iterator[str]:
    """The lines of a plain text that are not empty."""
    found = filter(None, map(bytes.strip, raw.removeprefix(BOM).splitlines()))
    return (line.decode("utf-8", "replace") for line in islice(found, MOST_ADDRESSES))


def unpacked(raw: bytes, largest: int = LARGEST) -> bytes:
    """A file without its compression; of a damaged one what comes before the damage.

    Of several members that are one file (`cat a.gz b.gz`) only the first is read: no sitemap was seen to have them.
    """
    parts = []
    if raw.startswith(GZIP):
        stream = zlib.decompressobj(wbits=31)
        room = largest + 1
        for start in range(0, len(raw), CHUNK):
            try:
                parts.append(stream.decompress(raw[start : start + CHUNK], room))
            except zlib.error:
                break
            room -= len(parts[-1])
            if room == 0 or stream.eof:
                break
    else:
        parts.append(raw)
    if sum(map(len, parts)) > largest:
        raise PageError(f"too large: a sitemap of more than {largest // 2**20} MB")
    return b"".join(parts)


@dataclass(slots=True)
class Collector:
    """Takes what a sitemap tells while it is parsed, for a tree of 50 MB can take a gigabyte."""

    root: str = ""
    rows: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """(`url` or `sitemap`, what it tells), in the file's order."""
    path: list[str] = field(default_factory=list)  # names of the elements that are open
    told: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def start(self, tag: str, _: object) -> None:
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        self.root = self.root or name
        self.path.append(name)
        self.text.clear()
        if name in UNITS:
            self.told = {}

    def data(self, text: str) -> None:
        self.text.append(text)

    def end(self, _: str) -> None:
        name = self.path.pop()
        key = FIELDS.get((self.path[-1], name)) if self.path else None
        if key is not None:
            self.told.setdefault(key, "".join(self.text).strip())
        elif name in UNITS and len(self.rows) < MOST_ADDRESSES:
            self.rows.append((name, self.told))

    def close(self) -> "Collector":
        return self
