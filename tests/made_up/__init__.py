"""Four made-up sites and one that is hostile, built as real ones are; and what must come of archiving them.

Each module builds one site: `site()` gives its pages for `tests.internet.Internet` and the stories in them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from tests.internet import Internet, Script
from tests.made_up.words import Prose


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an article's body."""

    kind: str
    """`p`, `h2`, `ul`, `quote`, `code`, `table` or `video`."""
    text: str = ""
    items: tuple[str, ...] = ()
    """Of a list; the cells of a table, row by row, two in each."""

    @property
    def says(self) -> tuple[str, ...]:
        """What the archived body must say, in order."""
        return self.items or (self.text,) if self.kind != "video" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article of a made-up site, and what must come of it."""

    url: str
    title: str
    section: str
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    images: tuple[str, ...] = ()
    """Addresses of its header image, which may come in several sizes. Empty: it has none."""
    tags: tuple[str, ...] = ()

    @property
    def says(self) -> tuple[str, ...]:
        """All that its body must say, in order."""
        return tuple(text for block in self.blocks for text in block.says)

    @property
    def videos(self) -> tuple[str, ...]:
        """YouTube's names of the films that its body embeds."""
        return tuple(block.text for block in self.blocks if block.kind == "video")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """A made-up site."""

    start: str
    """The section that a user names."""
    section: str
    """Its name in the archive's default categories."""
    pages: dict[str, Script]
    stories: tuple[Story, ...]
    """Of all its sections, newest first."""
    never: tuple[str, ...] = ()
    """What stands around the articles and must be in no body."""
    unwanted: tuple[str, ...] = ()
    """Parts of addresses that no crawl of articles has a reason to ask for."""

    @property
    def host(self) -> str:
        """As the archive's default categories name it."""
        return self.start.split("/")[2].removeprefix("www.")

    def of(self, section: str | None = None) -> tuple[Story, ...]:
        """The stories of a section, newest first; of the one that `start` names, if none is given."""
        return tuple(story for story in self.stories if story.section == (section or self.section))

    def put_online(self, internet: Internet) -> None:
        """Serves the site."""
        internet.pages |= self.pages


def compose(prose: Prose, plan: str) -> tuple[Block, ...]:
    """The body of an article by a plan such as `p p h2 p ul p`."""
    return tuple(one(prose, kind) for kind in plan.split())


def one(prose: Prose, kind: str) -> Block:
    """A block of a kind; its text is the topic's."""
    match kind:
        case "ul" | "ol":
            return Block(kind, items=tuple(prose.sentence() for _ in range(4)))
        case "h2" | "h3":
            return Block(kind, prose.heading())
        case "quote":
            return Block(kind, prose.sentence())
        case _:
            return Block(kind, prose.paragraph(3, 5))


def inline(text: str, number: int, href: str) -> str:
    """A paragraph's text as markup: here and there a link, a stressed or a strong word, as writers have them."""
    words = text.split(" ")
    if len(words) < 8 or number % 3 == 0:
        return escape(text, quote=False)
    marks = {1: (f'<a href="{escape(href)}">', "</a>"), 2: ("<em>", "</em>"), 4: ("<strong>", "</strong>")}
    before, after = marks.get(number % 6, ("<i>", "</i>"))
    safe = [escape(word, quote=False) for word in words]
    return " ".join([*safe[:3], before + " ".join(safe[3:6]) + after, *safe[6:]])


def paged(items: Iterable[Story], size: int) -> Iterator[tuple[int, list[Story]]]:
    """Pages of a listing, counted from 1."""
    whole = list(items)
    for start in range(0, len(whole), size):
        yield start // size + 1, whole[start : start + size]
