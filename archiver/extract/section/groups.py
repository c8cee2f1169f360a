"""Links in the same place of a page's repeated blocks, and what they have in common: a listing repeats itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from archiver.extract.section.links import TITLE, Link, Outline, ancestors, heading_within, holds_any, is_within, weight
from archiver.extract.section.scope import address_points, is_never_article

Owners = dict[int, str | None]


@dataclass(slots=True)
class Group:
    """Links in the same place of a repeated block, each address once, in page order."""

    links: list[Link]
    blocks: list[int]
    """The element that holds all of a link's entry, for each link."""
    dated: float = 0.0
    """Share of the entries with a date."""
    headed: float = 0.0
    """Share of the links that are headings."""
    titled: float = 0.0
    """How much like titles their texts are, from 0 to 1."""
    points: float = 0.0
    """What their addresses say, as `address_points`."""
    aside: int = 0
    comes_again: bool = False
    """The same addresses come again and again, as authors and sections do beside the titles of a list."""
    in_article: bool = False
    """Each in an `article` element."""

    @property
    def value(self) -> float:
        """How much there is to say that these are the listing's articles."""
        trust = 1 + self.dated + self.headed + 0.5 * self.in_article + max(-1.0, min(1.0, self.points / 2)) / 2
        return len(self.links) * max(self.titled, 0.4 * (self.dated + self.headed > 1)) * trust


def groups_of(found: Outline) -> list[Group]:
    """The links of a page that could lead to articles, by their place in repeated blocks."""
    by_path: defaultdict[int, list[Link]] = defaultdict(list)
    refused: dict[str, bool] = {}
    for link in found.links:
        if link.key not in refused:
            refused[link.key] = is_never_article(link.url) is not None
        if not refused[link.key] and not is_inline(found, link):
            by_path[link.path].append(link)
    titles = owners_of(found, [link for link in found.links if weight(link.title) >= TITLE])
    places = [element for element, _, _ in found.dates]
    return [measured(found, links, titles, places) for links in by_path.values()]


def is_inline(found: Outline, link: Link) -> bool:
    """Does a link stand within a sentence?"""
    above = found.parents[link.element]
    return link.heading < 0 and found.own_text[above] > 40 and found.own_text[above] > weight(link.title)


def measured(found: Outline, links: Sequence[Link], titles: Owners, places: Sequence[int]) -> Group:
    """What the links of one place have in common; `places` is where dates stand.

    The block of a link is the largest element around it that holds no other of its kind, and, where it is the only
    one of its kind, no other title.
    """
    distinct = list({link.key: link for link in reversed(links)}.values())[::-1]
    owners = owners_of(found, links) if len(distinct) > 1 else titles
    blocks = [block_of(found, link, owners) for link in distinct]
    headed = [link.heading >= 0 for link in distinct]
    turns = [key for key, _ in groupby(link.key for link in links)]
    is_doubled = turns[: len(turns) // 2] == turns[len(turns) // 2 :]  # one list for narrow, one for wide screens
    comes_again = len(turns) > len(distinct) * 1.3 and not is_doubled
    if len(distinct) > 1 and not comes_again:
        texts = [heading_within(found, block, link.key) for link, block in zip(distinct, blocks, strict=True)]
        headed = [known or bool(text) for known, text in zip(headed, texts, strict=True)]
        for link, text in zip(distinct, texts, strict=True):
            link.title = link.title or text
    lengths = [min(1.0, weight(link.title) / TITLE) for link in distinct]
    kept = [index for index, length in enumerate(lengths) if length >= 0.4 or headed[index]]
    if 0 < len(kept) < len(distinct) <= 2 * len(kept):  # a table's other columns, an author beside a title
        distinct, blocks = [distinct[index] for index in kept], [blocks[index] for index in kept]
        lengths = [lengths[index] for index in kept]
    group = Group(distinct, blocks, comes_again=comes_again)
    count = len(distinct)
    group.dated = sum(holds_any(places, block, found.ends[block]) for block in blocks) / count
    group.headed = sum(headed) / len(headed)
    group.titled = sum(lengths) / count
    sample = distinct[:: max(1, count // 40)]
    group.points = sum(address_points(link.url) for link in sample) / len(sample)
    group.aside = min(found.aside[link.element] for link in sample)
    group.in_article = all(is_within(found, link.element, "article") for link in sample)
    return group


def owners_of(found: Outline, links: Sequence[Link]) -> Owners:
    """The only address that each element around links leads to; None where it leads to several."""
    owners: Owners = {}
    for link in links:
        for element in ancestors(found, link.element):
            if owners.setdefault(element, link.key) != link.key:
                owners[element] = None
    return owners


def block_of(found: Outline, link: Link, owners: Owners) -> int:
    """The largest element around a link that is its alone."""
    block = link.element
    for element in ancestors(found, link.element):
        if owners.get(element, link.key) != link.key:
            break
        block = element
    return block
