"""The outline of a page: each element once, with how much text it holds and what its names say it is for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from archiver.extract.content.words import ASIDE_IN_LINE, CAPTION, CROWD, FOREIGN, LAYOUT, LEAD, MINOR, OWN, VESSEL

# Elements whose text is no text of an article.
SILENT = frozenset(
    "script style template head title link meta base svg canvas select datalist option button input textarea object"
    " embed applet map dialog progress meter noscript iframe video audio math".split()
)
# Of these, what an article may show all the same.
SHOWN = frozenset("iframe video audio noscript math object embed canvas".split())
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark math nobr picture q rb rp rt"
    " ruby s samp small source span strike strong sub sup time tt u var wbr iframe video audio noscript object"
    " embed".split()
)
CODE = frozenset("pre code samp kbd math".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LANDMARKS = frozenset(
    "navigation complementary contentinfo banner search dialog alertdialog menu menubar toolbar tablist alert".split()
)
FOREIGN_TAGS = frozenset(("nav", "footer", "form"))
# Attributes whose values name an element for scripts and tests, as `class` does for style sheets.
NAMING = "data-testid data-test-id data-component data-component-name data-qa data-widget data-module data-type".split()

# A character of these scripts says about as much as two letters of others.
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\uff01-\uffee\u3000-\u303f]+")
DIGITS = re.compile(r"\d+")
SPACE = re.compile(r"\s+")
SENTENCE_END = re.compile(r"[.!?。！？…؟।॥։:：;；][\"'”’»」』）)\]\s]*(?:\[?\d{1,2}\]?)?$")
# Words of a name; digits may follow a word, but what mixes letters and digits is the sum of something.
NAME_PART = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?=\d*(?![A-Za-z0-9]))")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)
HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
LONGEST_NAME = 200  # characters of a class attribute's word that are looked at; longer ones are data
LONGEST_STYLE = 1000
MOST_NAMES = 32  # words of a class attribute that are looked at
LONG_BLOCK = 100  # letters from which on a block reads like prose, whatever it ends with
LONGEST_CAPTION = 400  # letters; a class that speaks of pictures says nothing about more text than that
SHORT_BLOCK = 30  # letters that a sentence has at least


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the names of an element say."""

    foreign: bool = False
    crowd: bool = False
    aside_in_line: bool = False
    minor: bool = False
    own: bool = False  # the article's text
    caption: bool = False
    lead: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Part:
    """An element of the outline."""

    node: LexborNode
    tag: str
    above: "Part | None"
    place: int  # in document order
    in_link: bool = False
    in_code: bool = False
    end: int = 0  # place behind the last element that it holds
    parts: list["Part"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # its own text: not that of blocks within it
    own: int = 0  # letters of it
    own_links: int = 0
    letters: int = 0  # letters of all it holds
    links: int = 0
    prose: int = 0  # letters of blocks that read like text of an article
    media: int = 0
    score: float = 0.0
    foreign: bool = False
    crowd: bool = False  # foreign, and perhaps longer than the article
    minor: bool = False
    owned: bool = False  # its names say that it is the article
    caption: bool = False  # it is one, or it holds a picture and what belongs to it
    lead: bool = False
    article_body: bool = False  # the page says so (schema.org)
    hidden: bool = False
    silent: bool = False
    dropped: bool = False

    @property
    def is_block(self) -> bool:
        return self.tag not in INLINE

    @property
    def text(self) -> str:
        """Its own text, in one line."""
        return SPACE.sub(" ", "".join(self.pieces)).strip()

    @property
    def kind(self) -> tuple[str, str]:
        """Tag and class, without numbers: elements of one kind do one job."""
        return self.tag, DIGITS.sub("", self.node.attributes.get("class") or "")

    def within(self) -> Iterator["Part"]:
        """All it holds and itself, in document order, without what is dropped."""
        todo = [self]
        while todo:
            part = todo.pop()
            if not part.dropped:
                yield part
                todo.extend(reversed(part.parts))

    def all_text(self) -> str:
        """The text of all it holds, in one line; a block's own text comes before that of blocks within it."""
        return " ".join(part.text for part in self.within() if part.pieces)

    def holds(self, other: "Part") -> bool:
        """Is the other one this one or within it?"""
        return self.place <= other.place < self.end


def weight(text: str) -> int:
    """Letters that a text is worth: a character of Chinese, Japanese or Korean counts twice."""
    letters = len(text)
    if not text.isascii():
        letters += letters - len(WIDE.sub("", text))
    return letters


def outline(body: LexborNode) -> list[Part]:
    """All elements that may show something, in document order, the first one the body itself."""
    root = part = Part(body, "body", None, 0)
    parts, blocks = [root], [root]
    node = body.first_child
    while node is not None:
        if node.is_text_node:
            add_text(node.text_content or "", part, blocks[-1])
        elif node.is_element_node:
            tag = node.tag or ""
            if tag == "br":
                blocks[-1].pieces.append("\n")
            else:
                child = Part(node, tag, part, len(parts), part.in_link or tag == "a", part.in_code or tag in CODE)
                child.end = len(parts) + 1
                parts.append(child)
                part.parts.append(child)
                if tag in SILENT:
                    child.media = int(tag in SHOWN)
                    child.silent = child.dropped = not child.media
                elif tag == "img":
                    child.media = 1
                elif read_names(child) and (first := node.first_child) is not None:
                    part = child
                    blocks.append(blocks[-1] if tag in INLINE else child)
                    node = first
                    continue
        while node.next is None and part.above is not None:
            part.end = len(parts)
            node = part.node
            part = part.above
            blocks.pop()
        node = node.next
    root.end = len(parts)
    total(parts)
    return parts


def add_text(text: str, part: Part, block: Part) -> None:
    """Counts a text for the element that it stands in and for its block."""
    block.pieces.append(text)
    letters = weight(SPACE.sub(" ", text.strip()))
    if letters:
        block.own += letters
        part.letters += letters
        if part.in_link:
            block.own_links += letters
            part.links += letters


def total(parts: list[Part]) -> None:
    """Sums up letters, links and media of all elements."""
    for part in reversed(parts):
        if part.above is not None:
            part.above.letters += part.letters
            part.above.links += part.links
            part.above.media += part.media


def measure(parts: list[Part], captions: bool = False) -> None:
    """Sums up, for each element, the prose of all it holds that is not dropped; captions count if nothing else does."""
    caption_until = 0
    for part in parts:
        if part.caption and is_caption(part) and not captions:
            caption_until = max(caption_until, part.end)
        part.prose = 0 if part.place < caption_until else prose(part)
    for part in reversed(parts):
        if part.dropped:
            part.prose = 0
        elif part.above is not None:
            part.above.prose += part.prose


def is_caption(part: Part) -> bool:
    """Does an element that is called so hold a caption: a short text, in it alone or beside a picture?"""
    if part.tag in ("figure", "figcaption", "caption"):
        return True
    return part.letters <= LONGEST_CAPTION and (part.media > 0 or part.own == part.letters)


def prose(part: Part) -> int:
    """Letters of a block's own text that read like sentences; short lines count half if they are paragraphs."""
    plain = part.own - part.own_links
    if plain < part.own_links or part.tag in HEADINGS:
        return 0
    if plain >= LONG_BLOCK or (plain >= SHORT_BLOCK and SENTENCE_END.search(part.text)):
        return plain
    return plain // 2 if part.tag == "p" and not part.own_links else 0


def read_names(part: Part) -> bool:
    """What class, id, role and the like say about an element. True, always."""
    if part.in_code:
        return True
    attributes = part.node.attributes
    part.foreign = part.tag in FOREIGN_TAGS
    part.crowd = part.tag == "footer"
    part.caption = part.tag in ("figcaption", "figure", "caption")
    names = [part.tag] if "-" in part.tag else []
    if attributes:
        part.foreign |= attributes.get("role") in LANDMARKS
        style = attributes.get("style") or ""
        part.hidden = (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or HIDING_STYLE.search(style[:LONGEST_STYLE]) is not None
        )
        names += (attributes.get("class") or "").split()[:MOST_NAMES]
        by_heading = part.tag in HEADINGS or part.tag == "section" or "section" in names
        names += [value for name in (NAMING if by_heading else ("id", *NAMING)) if (value := attributes.get(name))]
        part.article_body = "articlebody" in (attributes.get("itemprop") or "").lower()
    for name in names:
        if len(name) <= LONGEST_NAME:
            said = meaning(name)
            part.foreign |= said.foreign
            part.crowd |= said.crowd
            part.hidden |= said.aside_in_line and not part.is_block
            part.minor |= said.minor
            part.owned |= said.own
            part.caption |= said.caption
            part.lead |= said.lead
    if part.article_body or part.owned:
        part.foreign = part.crowd = part.minor = part.caption = False
    return True


@lru_cache(maxsize=20_000)
def meaning(name: str) -> Meaning:
    """What one word of a class attribute or the like says."""
    if UUID.match(name):
        return Meaning()
    words = " ".join(CAMEL.sub(" ", word) for word in NAME_PART.findall(name)).lower()
    if LAYOUT.search(words):
        return Meaning()
    if OWN.search(words):
        return Meaning(own=True)
    if VESSEL.search(words):
        return Meaning()
    return Meaning(
        FOREIGN.search(words) is not None,
        CROWD.search(words) is not None,
        ASIDE_IN_LINE.search(words) is not None,
        MINOR.search(words) is not None,
        False,
        CAPTION.search(words) is not None,
        LEAD.search(words) is not None,
    )
