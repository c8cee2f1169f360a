"""The articles that a page lists: found by structure, or declared.

Known gap: a side list without a telling name or heading, whose links look like those of the page's own list, is taken
for a part of it."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from archiver.body import base_address
from archiver.dates import find_date, parse_date
from archiver.extract.listing import Card
from archiver.extract.section.groups import Group, groups_of
from archiver.extract.section.links import Link, Outline, ancestors, holds_any, title_of
from archiver.extract.section.scope import (
    are_one_site,
    is_never_article,
    link_key,
    place,
    same_address,
    section_folder,
    shape_of,
)
from archiver.extract.section.things import declared_things
from archiver.urls import absolute, host_of, is_web

MOST_CARDS = 2000
"""Articles of one page that are kept. Longer lists are whole archives on one page, which have feeds and sitemaps."""
MOST_DATES = 8
"""Texts of one entry that are tried as its date."""
FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
DAY_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(0?[1-9]|1[0-2])[-_/]?(0?[1-9]|[12]\d|3[01])(?!\d)")
SOME_DAYS = timedelta(days=500)
"""No number of years: a day whose year is guessed does not move by that when the clock does."""
BARE_DAY = re.compile(r"[\[(（【]?(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])[\])）】]?")
NO_ARTICLES = ("Product", "Person", "Organization", "SiteNavigationElement", "ImageObject", "Offer")


def cards_of(
    page: LexborHTMLParser, url: str, found: Outline, zone: tzinfo = UTC, now: datetime | None = None
) -> tuple[Card, ...]:
    """The articles that a page lists, in its order, each once; `now` as in `read_section`."""
    groups = groups_of(found)
    declared = declared_list(page, url)
    chosen = choose(found, groups, {link_key(card.url) for card in declared}, url)
    entries = [entry for group in chosen for entry in zip(group.links, group.blocks, strict=True)]
    entries = [entry for entry in entries if entry[0].title]
    entries += [(link, link.element) for link in table_of_contents(found, url, entries)]
    cards: dict[str, Card] = {}
    for link, block in sorted(entries, key=lambda entry: entry[0].element):
        card = Card(link.url, date_of(found, link, block, zone, now), link.title)
        known = cards.get(link.key, card)
        cards[link.key] = replace(known, published=known.published or card.published)
    for card in declared:
        known = cards.get(link_key(card.url), card)
        cards[link_key(card.url)] = replace(known, published=known.published or card.published)
    return tuple(cards.values())[:MOST_CARDS]


def choose(found: Outline, groups: Sequence[Group], declared: Container[str], url: str) -> list[Group]:
    """The groups that list the page's articles: the one most like a list, and those that resemble it.

    Those around the page's middle count only where the middle lists nothing. All are on the page's own host, or on
    that of the main group where it is another host of the same owner.
    """
    for level in (0, 1):
        candidates = [group for group in groups if group.aside <= level and is_candidate(group)]
        named = [group for group in candidates if any(link.key in declared for link in group.links)]
        main = max(named or candidates, key=lambda group: group.value, default=None)
        if main is None:
            continue
        own, main_host = host_of(url), Counter(host_of(link.url) for link in main.links).most_common(1)[0][0]
        shapes = {shape_of(link.url) for group in (*named, main) for link in group.links}
        entries = set(main.blocks)
        alike = [group for group in groups if group.aside <= level and resembles(group, shapes)]
        alike = [group for group in alike if not is_beside_titles(found, group, main, entries)]
        chosen = {id(group): group for group in (main, *named, *alike)}
        return [on_hosts(group, (own, main_host)) for group in chosen.values()]
    return []


def is_candidate(group: Group) -> bool:
    """Could this be the page's list? Titles at least, or headings or dates, and more than a few where both lack."""
    if group.comes_again:
        return False
    if group.dated >= 0.8 and group.points >= 2:
        return True  # a date beside each and an address of its own: a title may be one short word
    if group.headed + group.dated >= 1 or group.in_article:
        is_marked = group.in_article and group.headed >= 1  # as blogs do, whose titles may be one word
        return (is_marked or group.titled >= 0.3) and (group.points > -2 or group.dated >= 0.5)
    return group.titled >= 0.7 and len(group.links) > 2 and group.points > -2


def resembles(group: Group, shapes: Container[tuple[str, ...]]) -> bool:
    """Does a group list articles as the main one does: titles, with addresses of the same kind or an article's own?"""
    if group.comes_again:
        return False
    alike = sum(shape_of(link.url) in shapes for link in group.links) * 2 >= len(group.links)
    if group.headed + group.dated >= 1:
        return group.titled >= 0.3 and (group.points >= 0 or (alike and group.titled >= 0.5))
    if len(group.links) == 1 and not group.in_article:
        return False
    return group.titled >= 0.5 and (alike or group.points >= 1.5)


def is_beside_titles(found: Outline, group: Group, main: Group, entries: Container[int]) -> bool:
    """Do a group's links stand within the main group's entries and lead elsewhere, as authors and sections do?

    Further stories below a story, which have titles as long, do too, and are articles.
    """
    titles = {link.key for link in main.links}
    others = [link for link in group.links if link.key not in titles]
    within = sum(any(above in entries for above in ancestors(found, link.element)) for link in others)
    return within * 2 > len(others) and (group.comes_again or group.titled < 0.9 or group.points < 1)


def on_hosts(group: Group, hosts: Container[str]) -> Group:
    """A group without the links to other hosts."""
    kept = [entry for entry in zip(group.links, group.blocks, strict=True) if host_of(entry[0].url) in hosts]
    return replace(group, links=[link for link, _ in kept], blocks=[block for _, block in kept])


def table_of_contents(found: Outline, url: str, entries: Sequence[tuple[Link, int]]) -> list[Link]:
    """The menu that lists a section's pages where nothing else does, as manuals have it; empty: there is none.

    It is the part of the page with most links below the section's folder. It stands in where no list was found; beside
    a list without dates only where it names twice as many pages, and is no part of the page's middle.
    """
    folder = section_folder(url)
    dated = [element for element, _, _ in found.dates]
    if folder is None or any(holds_any(dated, block, found.ends[block]) for _, block in entries):
        return []
    menus: defaultdict[int, dict[str, Link]] = defaultdict(dict)
    for link in found.links:
        root = found.aside_root[link.element]
        is_outer = root >= 0 and found.tags[root] in ("header", "footer")
        if link.key.startswith(folder) and not is_outer and link.title and not is_never_article(link.url):
            menus[root].setdefault(link.key, replace(link, title=title_of(link)))
    listed = len({link.key for link, _ in entries})
    if listed:
        menus.pop(-1, None)
    menu = max(menus.values(), key=len, default={})
    is_root = folder.count("/") == 1
    if len(menu) < 3 or (listed and (is_root or len(menu) <= 2 * listed)):
        return []
    return list(menu.values())


def date_of(found: Outline, link: Link, block: int, zone: tzinfo, now: datetime | None) -> datetime | None:
    """The date in a link's entry: a declared one first, then short texts outside of the link, then within."""
    start = bisect_left(found.dates, (block,))
    inside = []
    for element, text, is_declared in found.dates[start : start + MOST_DATES]:
        if element >= found.ends[block]:
            break
        is_within = link.element <= element < found.ends[link.element]
        inside.append((not is_declared, is_within, len(text), text))
    moments = (certain_date(text, link.url, zone, now) for _, _, _, text in sorted(inside))
    return next(filter(None, moments), None)


def certain_date(text: str, url: str, zone: tzinfo, now: datetime | None = None) -> datetime | None:
    """The date in a text beside a link; None: there is none, or none that is sure.

    A day without year (`05-13`, `3月3日`) may be of any year, and a wrong one would keep the article out of a span that
    is asked for: it counts only where the link's own address has that day of a year, `/2024/0513/`.
    """
    now = now or datetime.now(UTC)
    moment = read_date(text, zone, now)
    if moment is None or FULL_YEAR.search(text):
        return moment
    later = read_date(text, zone, now + SOME_DAYS)
    if later is not None and (later == moment or abs(later - moment - SOME_DAYS) < timedelta(days=1)):
        return moment  # a year in two digits, or `3 hours ago`
    for year, month, day in DAY_IN_ADDRESS.findall(place(url)):
        if (int(month), int(day)) == (moment.month, moment.day):
            with suppress(ValueError):  # February 29
                return moment.replace(year=int(year))
    return None


def read_date(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The date that a short text is or holds; of a day without year, the last one before `now`."""
    if bare := BARE_DAY.fullmatch(text):  # [03-09]
        text = f"{bare[1]}月{bare[2]}日"
    return parse_date(text, zone, now=now) or find_date(text, zone, now=now)


def declared_list(page: LexborHTMLParser, url: str) -> list[Card]:
    """The articles of a page's JSON-LD: the items of an ItemList, the posts of a Blog, the parts of a collection."""
    base, own = base_address(page, url), host_of(url)
    cards: dict[str, Card] = {}
    for thing in declared_things(page):
        if "BreadcrumbList" in str(thing.get("@type"))[:200]:
            continue
        for item in parts_of(thing):
            address = absolute(item.url, base)
            if address and is_web(address) and are_one_site(own, host_of(address)):
                address = address.partition("#")[0]
                if not is_never_article(address) and not same_address(address, url):
                    cards.setdefault(link_key(address), replace(item, url=address))
    return list(cards.values())


def parts_of(thing: dict[str, Any]) -> Iterator[Card]:
    """What a list in JSON-LD holds, each with its address as it stands there."""
    for name in ("itemListElement", "blogPost", "blogPosts", "hasPart"):
        items = thing.get(name)
        for item in items[:MOST_CARDS] if isinstance(items, list) else [items]:
            inner = item.get("item") if isinstance(item, dict) else None
            told: Any = inner if isinstance(inner, dict) else item
            if not isinstance(told, dict) or told.get("@type") in NO_ARTICLES:
                continue
            address = told.get("url") or told.get("@id") or inner
            title = told.get("headline") or told.get("name")
            if isinstance(address, str) and address:
                moment = told.get("datePublished")
                published = parse_date(moment) if isinstance(moment, str) else None
                yield Card(address, published, title.strip() if isinstance(title, str) else "")
