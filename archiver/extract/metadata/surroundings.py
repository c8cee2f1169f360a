"""What stands around an article's headline and body: elements in the page's order, and the lines of text they show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.metadata.wording import fold

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
BLOCK = ", ".join(sorted(BLOCKS))
UNREAD = frozenset("script style noscript svg template iframe select option button textarea nav form video".split())
# Words in `class` or `id` of what is about other articles, or about the reader.
FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|related|recommend\w*|popular|trending|most-?read|newsletter|cookies?|consent|sidebar"
    r"|breadcrumbs?|navbar|navigation|menu|share|sharing|social|widget|promo|advert\w*|read-?more|more-?news|latest"
    r"|teasers?|footer|login|subscribe|hot-?news|tags?-?list|also-?read)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Words that tell of the article nevertheless: `author-share`, `article-footer meta`.
OWN = re.compile(r"author|byline|meta|info|date|time|publish|headline|entry-title", re.IGNORECASE)
HEADINGS = "h1, h2, h3, h4"
LONG = 90  # characters of a paragraph of text, in which no byline is looked for
BEFORE = 40  # elements before the headline that are looked at: some pages put date and author there
BEHIND = 60  # elements at the end of the body, and behind it
LAST = 8  # lines of these
FIRST = 3  # lines of the body that may still belong to its head
MOST = 250  # elements between headline and text
LONGEST_LINE = 300
MOST_NODES = 200_000  # of a page; beyond, nothing visible is looked at


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a page shows."""

    text: str
    pieces: tuple[str, ...]
    """Its parts, as inline elements divide it."""
    node: LexborNode
    place: int


@dataclass(frozen=True)
class Surroundings:
    """A page in its order, with headline and body marked in it."""

    nodes: list[LexborNode]
    places: dict[int, int]
    headline: int
    """Place of the headline; where there is none, of the body."""
    start: int
    """Place of the body; where it is not known, of what follows the headline."""
    end: int
    """First place behind the body."""

    @cached_property
    def head(self) -> list[Line]:
        """Lines from shortly before the headline to the first paragraph of text."""
        last = min(self.end, max(self.start, self.headline) + MOST)
        return self.read(max(0, self.headline - BEFORE), last, until_text=True)

    @cached_property
    def foot(self) -> list[Line]:
        """The last lines of the body, and those that follow it."""
        inside = self.read(max(self.start, self.end - BEHIND), self.end)[-LAST:]
        return [*inside, *self.read(self.end, min(len(self.nodes), self.end + BEHIND))[: 2 * LAST]]

    def read(self, first: int, last: int, *, until_text: bool = False) -> list[Line]:
        """Lines of the elements in a range of places, without what is about other articles."""
        hidden: set[int] = set()
        found: list[Line] = []
        begun = 0
        for place in range(first, last):
            node = self.nodes[place]
            parent = node.parent
            if (parent is not None and parent.mem_id in hidden) or is_foreign(node):
                hidden.add(node.mem_id)
            elif node.tag in BLOCKS:
                lines = [Line(" ".join(pieces), pieces, node, place) for pieces in pieces_of(node)]
                if until_text and place > self.headline and any(is_paragraph(line) for line in lines):
                    found += [line for line in lines if not is_paragraph(line)]
                    if place >= self.start:
                        break
                    continue
                found += lines
                begun += bool(lines) and place > max(self.start, self.headline)
                if until_text and begun > FIRST and place > self.start:
                    break
        return found

    def place(self, node: LexborNode) -> int:
        """Where an element stands."""
        return self.places.get(node.mem_id, -1)


def is_paragraph(line: Line) -> bool:
    """Is a line the article's text? Chinese needs a third of the characters."""
    length = len(line.text)
    return length > LONG or (length > LONG // 2 and not line.text.isascii() and line.text.count(" ") * 12 < length)


def is_foreign(node: LexborNode) -> bool:
    """Is an element about other articles, or about the reader?"""
    tag = node.tag
    if tag in UNREAD:
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300]
    if tag in ("body", "html", "main", "article") or OWN.search(names):
        return False
    return (tag == "footer" and not is_in_article(node)) or (len(names) > 1 and bool(FOREIGN.search(names)))


def is_in_article(node: LexborNode) -> bool:
    """Does an element lie in an `<article>`? A footer there tells who wrote it (WHATWG HTML, 4.3.8)."""
    parent = node.parent
    for _ in range(8):
        if parent is None or parent.tag == "body":
            return False
        if parent.tag == "article":
            return True
        parent = parent.parent
    return False


def pieces_of(block: LexborNode) -> Iterator[tuple[str, ...]]:
    """The lines of a block's own: its texts and inline elements, between the blocks in it."""
    pieces: list[str] = []
    for child in block.iter(include_text=True):
        if child.is_text_node:
            pieces.append(child.text_content or "")
        elif child.is_element_node and child.tag not in BLOCKS and child.tag != "br":
            if child.tag not in UNREAD and (child.first_child is None or child.css_first(BLOCK) is None):
                pieces += child.text(separator="\n").split("\n")
        else:
            yield from whole(pieces)
            pieces = []
    yield from whole(pieces)


def whole(pieces: list[str]) -> Iterator[tuple[str, ...]]:
    """Some pieces as a line, if there is anything to read."""
    kept = tuple(text for piece in pieces if (text := " ".join(piece[:2000].split())))
    if kept and sum(map(len, kept)) <= 2000:
        yield kept


def look_around(page: LexborHTMLParser, title: str | None, container: LexborNode | None) -> Surroundings | None:
    """Headline and body in a page; None: there is nothing to look at."""
    if page.body is None:
        return None
    nodes = page.body.css("*")
    if not nodes or len(nodes) > MOST_NODES:
        return None
    places = {node.mem_id: place for place, node in enumerate(nodes)}
    heading = find_headline(page, title, places, container)
    if container is None:
        container = around(heading, page)
    start = places.get(container.mem_id, 0) if container is not None else 0
    end = start + len(container.css("*")) if container is not None else len(nodes)
    headline = places.get(heading.mem_id, start) if heading is not None else start
    return Surroundings(nodes, places, headline, max(start, 0), min(end, len(nodes)))


def find_headline(
    page: LexborHTMLParser, title: str | None, places: dict[int, int], container: LexborNode | None
) -> LexborNode | None:
    """The heading that shows the title; else the last `h1` before the body."""
    wanted = fold(title or "")
    start = places.get(container.mem_id, len(places)) if container is not None else len(places)
    end = start + (len(container.css("*")) if container is not None else 0)
    headings = page.css(HEADINGS)[:200]
    if wanted:
        texts = [(node, fold(node.text()[:500])) for node in headings]
        for matches in (str.__eq__, str.startswith, lambda one, other: len(other) > 8 and other in one):
            if found := [node for node, text in texts if text and matches(text, wanted)]:
                return min(found, key=lambda node: (places.get(node.mem_id, 0) > end, node.tag != "h1"))
    before = [node for node in headings if node.tag == "h1" and places.get(node.mem_id, 0) <= end]
    return before[-1] if before and container is not None else (before[0] if before else None)


def around(heading: LexborNode | None, page: LexborHTMLParser) -> LexborNode | None:
    """The article around a headline; without one the page's `article` or `main`, if it has one of them."""
    node = heading.parent if heading is not None else None
    for _ in range(12):
        if node is None or node.tag == "body":
            break
        if node.tag in ("article", "main") or len(node.css("p")) > 2:
            return node
        node = node.parent
    return next((found for name in ("article", "main") if (found := page.css_first(name)) is not None), page.body)
