"""The outline of a page: its elements as numbers in page order, and the links, dates and texts that stand in them."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from archiver.body import base_address
from archiver.extract.section.scope import are_one_site, link_key
from archiver.extract.section.words import (
    ASIDE_HEADING,
    ASIDE_NAMES,
    ASIDE_ROLES,
    ASIDE_TAGS,
    DATE_LIKE,
    HEADINGS,
    MORE_WORDS,
    NUMBER_OR_DAY,
    POSITIONAL,
    TITLE_NAMES,
    UNSEEN,
)
from archiver.urls import absolute, host_of, is_web

MOST_LINKS = 10_000
"""Links of one page that are looked at: the longest real archive pages hold some 2,000."""
MOST_ELEMENTS = 60_000
"""Elements of one page that are looked at, which takes a second. Large real pages have 10,000."""
MOST_CLIMBS = 8
"""Elements between a link and the block of its entry. Entries of real lists are three to five deep."""
TITLE = 20
"""Weight of a text that is as long as a title: 20 letters, 7 Chinese characters. Menu entries are shorter."""
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # one says as much as three letters
LABEL = 12
"""Weight of the words beside a date that still leave it a date: `Published on`, `更新于`."""
SPACES = re.compile(r"\s+")
CLASS_PART = re.compile(r"[^\W\d_]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
ASIDE_ROLE = frozenset(("role=aside",))


@dataclass(slots=True)
class Link:
    """A link to another page of the site."""

    element: int
    """Its place in the outline."""
    url: str
    key: str
    """The same for two links to one page."""
    path: int
    """The same for two links in the same place of a list."""
    texts: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    """Texts inside a heading or an element named as one, which lies inside the link."""
    label: str = ""
    """Its `title`, `aria-label`, or the `alt` of its picture."""
    heading: int = -1
    """The heading that it stands in, or that stands in it; -1: neither."""
    title: str = ""
    """What it calls the page: plain text, on one line."""


@dataclass(slots=True)
class Outline:
    """The elements of a page in its order, as numbers from 0, and what stands in them."""

    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """The number of the element behind the last one within."""
    names: list[frozenset[str]] = field(default_factory=list)
    """Words of class and id, and ASIDE_ROLE."""
    paths: list[int] = field(default_factory=list)
    own_text: list[int] = field(default_factory=list)
    """Weight of the text in this very element, links left out."""
    aside: list[int] = field(default_factory=list)
    """0: in the page's middle; 1: in a part named or headed as an aside; 2: in a nav, aside or footer."""
    aside_root: list[int] = field(default_factory=list)
    """The element that makes it an aside; -1: none."""
    links: list[Link] = field(default_factory=list)
    dates: list[tuple[int, str, bool]] = field(default_factory=list)
    """(element, text, is it declared): what looks like a date."""
    headings: list[tuple[int, str]] = field(default_factory=list)
    """Element and text of each heading, in page order."""
    heading_keys: dict[int, str] = field(default_factory=dict)
    """The page that a heading links to, for those that do."""
    passwords: int = 0
    """Fields for a password."""


def outline(page: LexborHTMLParser, url: str) -> Outline:
    """The outline of a page that was read from an address. Linear in the size of the page."""
    found = Outline()
    if page.root is None:
        return found
    gather(page, url, found)
    close(found)
    mark_asides(found)
    entitle(found)
    return found


def gather(page: LexborHTMLParser, url: str, found: Outline) -> None:
    """Reads elements, texts and links in one walk through the tree."""
    base = base_address(page, url)
    host = host_of(url)
    own = link_key(url)
    numbers: dict[int, int] = {}  # an element's link_key -> its number; -1: unseen
    ways: dict[tuple[int, str, str], int] = {}
    link_of: list[Link | None] = []
    heading_of: list[int] = []  # the heading around an element, by number
    cells: defaultdict[int, int] = defaultdict(int)
    is_ours: dict[str, bool] = {}
    heading_texts: dict[int, list[str]] = {}
    for node in page.root.traverse(include_text=True) if page.root is not None else ():
        parent = node.parent
        above = numbers.get(parent.mem_id, 0) if parent is not None and numbers else 0
        if above < 0:
            if node.tag != "-text":
                numbers[node.mem_id] = -1
            continue
        tag = node.tag or ""
        if tag == "-text":
            text = SPACES.sub(" ", node.text_content or "").strip()
            if text and found.tags:
                add_text(found, above, text, link_of[above], heading_of[above], heading_texts)
            continue
        if tag in UNSEEN or tag.startswith(("-", "!")):
            numbers[node.mem_id] = -1
            continue
        number = len(found.tags)
        if number >= MOST_ELEMENTS:
            break
        numbers[node.mem_id] = number
        attributes = node.attributes if node.tag not in ("br", "b", "i", "em", "strong", "tr") else {}
        classes = (attributes.get("class") or "")[:300]
        position = ""
        if node.tag == "td":
            cells[above] += 1
            position = str(cells[above])
        way = ways.setdefault((found.paths[above] if number else 0, tag, position or stable(classes)), len(ways))
        words = words_of(f"{classes} {(attributes.get('id') or '')[:80]}")
        if attributes.get("role") in ASIDE_ROLES:
            words |= ASIDE_ROLE
        found.parents.append(above if number else -1)
        found.tags.append(tag)
        found.names.append(words)
        found.paths.append(way)
        found.own_text.append(0)
        link, heading = (link_of[above], heading_of[above]) if number else (None, -1)
        if heading < 0 and (node.tag in HEADINGS or words & TITLE_NAMES) and node.tag not in ("body", "html"):
            heading = number
            heading_texts[number] = []
            if link is not None:
                link.heading = number
        if node.tag == "a" and len(found.links) < MOST_LINKS:
            address = link_address(attributes.get("href"), base, host, own, is_ours)
            label = attributes.get("title") or attributes.get("aria-label") or ""
            link = Link(number, *address, way, label=label, heading=heading) if address else None
            if link is not None:
                found.links.append(link)
        elif link is not None and node.tag == "img":
            link.label = link.label or attributes.get("alt") or ""
        elif node.tag == "time" and attributes.get("datetime"):
            found.dates.append((number, attributes["datetime"] or "", True))
        elif node.tag == "input" and (attributes.get("type") or "").lower() == "password":
            found.passwords += 1
        link_of.append(link)
        heading_of.append(heading)
    found.headings = [
        (number, SPACES.sub(" ", " ".join(texts))[:300]) for number, texts in heading_texts.items() if texts
    ]


def add_text(
    found: Outline, element: int, text: str, link: Link | None, heading: int, heading_texts: dict[int, list[str]]
) -> None:
    """Adds a text to the link, the heading, the dates or the running text that it belongs to."""
    if heading >= 0:
        heading_texts[heading].append(text[:300])
    if link is None:
        found.own_text[element] += weight(text)
    else:
        link.texts.append(text[:300])
        if heading > link.element:
            link.headings.append(text[:300])
    if len(text) < 100 and DATE_LIKE.search(text):
        found.dates.append((element, text, False))


def link_address(href: str | None, base: str, host: str, own: str, is_ours: dict[str, bool]) -> tuple[str, str] | None:
    """Absolute address and key of a link to another page of the same owner; None: it leads to none."""
    if not href or href.startswith("#") or (address := absolute(href, base)) is None or not is_web(address):
        return None
    address = address.partition("#")[0]
    target = host_of(address)
    if target not in is_ours:
        is_ours[target] = are_one_site(host, target)
    key = link_key(address) if is_ours[target] else own
    return (address, key) if key != own else None


@lru_cache(maxsize=2048)
def stable(classes: str) -> str:
    """The first class name that entries of one list share: without digits, and none that counts or highlights."""
    for name in classes.split():
        if name.lower() not in POSITIONAL and not any(char.isdigit() for char in name):
            return name
    return ""


@lru_cache(maxsize=2048)
def words_of(text: str) -> frozenset[str]:
    """The words of class names: `mostRead-list` -> most, read, list."""
    return frozenset(word.lower() for word in CLASS_PART.findall(CAMEL.sub(" ", text))) if text.strip() else frozenset()


def weight(text: str) -> int:
    """How long a text is, where a Chinese, Japanese or Korean character says as much as three letters."""
    return len(text) if text.isascii() else len(text) + 2 * len(WIDE.findall(text))


def close(found: Outline) -> None:
    """Finds where each element ends: numbers are in page order, so that the elements within are a run of numbers."""
    found.ends = [number + 1 for number in range(len(found.tags))]
    for number in range(len(found.tags) - 1, 0, -1):
        above = found.parents[number]
        found.ends[above] = max(found.ends[above], found.ends[number])


def mark_asides(found: Outline) -> None:
    """Tells the page's middle from what is around it: by element, by name, by the heading above a list."""
    count = len(found.tags)
    middles = [number for number in range(count) if found.tags[number] in ("h1", "main")]
    headed = headed_asides(found)
    found.aside, found.aside_root = [0] * count, [-1] * count
    inside_item = [False] * count
    for number in range(count):
        above = found.parents[number]
        level, root = (found.aside[above], found.aside_root[above]) if above >= 0 else (0, -1)
        tag, names = found.tags[number], found.names[number]
        inside_item[number] = (above >= 0 and inside_item[above]) or tag in ("main", "article", "section")
        own = 0
        if tag in ASIDE_TAGS or names & ASIDE_ROLE or (tag == "header" and not inside_item[number]):
            own = 2
        elif number in headed or (
            tag not in ("html", "body", "main", "a") and (names & ASIDE_NAMES or {"most", "read"} <= names)
        ):
            own = 1
        if own == 1 and holds_any(middles, number, found.ends[number]):
            own = 0
        if own > level:
            level, root = own, number if root < 0 else root
        found.aside[number], found.aside_root[number] = level, root


def holds_any(places: Sequence[int], start: int, end: int) -> bool:
    """Is one of the sorted numbers in a run of numbers?"""
    position = bisect_left(places, start)
    return position < len(places) and places[position] < end


def headed_asides(found: Outline) -> set[int]:
    """Elements that stand under a heading such as `Most read`: those behind it, up to the next heading of its kind."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    headings = [number for number, text in found.headings if weight(text) < 60 and ASIDE_HEADING.match(text)][:50]
    linked = [link.element for link in found.links]
    marked: set[int] = set()
    wanted: dict[int, int] = {}  # the container -> the child that holds the heading
    for heading in headings:
        child = heading
        for _ in range(4):
            above = found.parents[child]
            if above < 0 or found.tags[above] in ("body", "main", "html"):
                break
            inside = bisect_left(linked, found.ends[above]) - bisect_left(linked, above)
            own = bisect_left(linked, found.ends[child]) - bisect_left(linked, child)
            if inside > own + 1:
                break
            child = above
        if found.parents[child] >= 0:
            wanted[child] = found.parents[child]
    containers = set(wanted.values())
    for number, above in enumerate(found.parents):
        if above in containers:
            children[above].append(number)
    for child, above in wanted.items():
        siblings = children[above]
        for sibling in siblings[bisect_left(siblings, child) + 1 :]:
            if found.paths[sibling] == found.paths[child]:
                break
            marked.add(sibling)
    return marked


def entitle(found: Outline) -> None:
    """Gives every link the best title that any link to its page has: a heading's, else the longest but a teaser."""
    best: dict[str, tuple[bool, int, str]] = {}
    for link in found.links:
        title = title_of(link)
        link.title = "" if is_no_title(link, title) else title
        if link.heading >= 0:
            found.heading_keys.setdefault(link.heading, link.key)
        length = weight(link.title)
        mark = (link.heading >= 0 and length > 0, length if length <= 300 else 0, link.title)
        best[link.key] = max(best.get(link.key, mark), mark, key=lambda known: known[:2])
    for link in found.links:
        link.title = best[link.key][2]


def is_no_title(link: Link, text: str) -> bool:
    """Does a link's text only say that there is more, when it was, or which day or page? A heading may be `1984`."""
    is_day = link.heading < 0 and (NUMBER_OR_DAY.fullmatch(text) or is_date(text))
    return bool(is_day or MORE_WORDS.fullmatch(text))


def heading_within(found: Outline, block: int, key: str) -> str:
    """The text of the first heading in an element that does not link to another page; empty where there is none."""
    position = bisect_left(found.headings, (block,))
    for element, text in found.headings[position : position + 4]:
        if element < found.ends[block] and found.heading_keys.get(element, key) == key:
            return text
    return ""


def title_of(link: Link) -> str:
    """What a link calls its page: its heading, its text (of a whole card the part that is a title), else its label."""
    text = " ".join(link.headings) or " ".join(link.texts)
    if not link.headings and weight(text) > 160 and len(link.texts) > 1:
        text = next((part for part in link.texts if weight(part) >= TITLE and not is_date(part)), text)
    text = text.strip()
    is_cut = text.endswith(("…", "...")) and link.label.startswith(text.rstrip("….")[:8])
    return SPACES.sub(" ", link.label if (not text or is_cut) else text).strip()[:300]


def is_date(text: str) -> bool:
    """Is a short text a date and nothing else that counts? `Python 3.12 is released` has more letters around it."""
    if weight(text) >= 40 or not DATE_LIKE.search(text):
        return False
    return weight("".join(filter(str.isalpha, DATE_LIKE.sub("", text)))) < LABEL


def ancestors(found: Outline, element: int) -> Iterator[int]:
    """An element and those around it, up to the number that an entry of a list is deep."""
    for _ in range(MOST_CLIMBS):
        if element < 0 or found.tags[element] in ("body", "main", "html"):
            return
        yield element
        element = found.parents[element]


def is_within(found: Outline, element: int, tag: str) -> bool:
    """Does an element of this name stand around, near enough to be the entry's own?"""
    return any(found.tags[above] == tag for above in ancestors(found, element))
