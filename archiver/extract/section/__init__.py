"""What a page of a section shows: its articles, where the list goes on, what lies under it, feeds and sitemaps.

Everything is found by structure, for a site that nobody prepared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from selectolax.lexbor import LexborHTMLParser

from archiver.body import base_address
from archiver.extract.listing import Card
from archiver.extract.section.address_words import ARCHIVE, CATEGORY, FEED
from archiver.extract.section.cards import cards_of
from archiver.extract.section.links import MOST_LINKS, Outline, outline
from archiver.extract.section.onward import find_following, find_more
from archiver.extract.section.scope import (
    address_points,
    are_one_site,
    is_never_article,
    link_key,
    page_number,
    place,
    section_folder,
    segments_of,
)
from archiver.extract.section.things import declared_things, meta
from archiver.urls import absolute, host_of, is_web

MOST_LISTINGS = 500
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml")
DAY_ARCHIVE = re.compile(r"/\d{4}/\d{1,2}/\d{1,2}/?")


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One page of a section."""

    cards: tuple[Card, ...]
    """The articles that it lists, in page order, each once; at most MOST_CARDS."""
    following: str | None
    """Address of the listing's next page. None: it names none."""
    more: str | None
    """Address of further entries as JSON or a piece of HTML. None: the page names none."""
    listings: tuple[str, ...]
    """Listings under this one: sub-sections, archives by month."""
    feeds: tuple[str, ...]
    """Feeds that it announces, those under the section's own address first."""
    sitemaps: tuple[str, ...]
    """Sitemaps that it announces."""
    site_name: str | None
    """What the site calls itself. None: the page does not say."""


def read_section(page: LexborHTMLParser, url: str, *, zone: tzinfo = UTC, now: datetime | None = None) -> SectionPage:
    """What a page of a section shows. `zone` is that of bare dates, `now` what relative ones count from."""
    found = outline(page, url)
    cards = cards_of(page, url, found, zone, now)
    return SectionPage(
        cards=cards,
        following=find_following(page, url),
        more=find_more(page, url),
        listings=listings_below(found, url, cards),
        feeds=feeds_of(page, url),
        sitemaps=linked(page, 'link[rel~="sitemap"]', url),
        site_name=site_name(page),
    )


def listings_below(found: Outline, url: str, cards: Iterable[Card]) -> tuple[str, ...]:
    """Listings that lie under a section's own folder: sub-sections and archives by month, by their addresses."""
    folder = section_folder(url)
    if folder is None:
        return ()
    known = {link_key(card.url) for card in cards}
    below: dict[str, str] = {}
    for link in found.links:
        if link.key in known or link.key in below or not link.key.startswith(folder) or "?" in link.url:
            continue
        if page_number(link.url)[0] == page_number(url)[0]:
            continue
        reason = is_never_article(link.url)
        is_month = reason == ARCHIVE and not DAY_ARCHIVE.search(place(link.url))
        if is_month or reason == CATEGORY or (reason is None and address_points(link.url) < 0):
            below[link.key] = link.url
    return tuple(below.values())[:MOST_LISTINGS]


def feeds_of(page: LexborHTMLParser, url: str) -> tuple[str, ...]:
    """The feeds that a page announces or links to, without those of comments; the section's own come first."""
    announced = linked(page, ", ".join(f'link[rel~="alternate"][type="{kind}"]' for kind in FEED_TYPES), url)
    visible = [address for address in linked(page, "a[href]", url) if is_never_article(address) == FEED]
    found = dict.fromkeys(address for address in (*announced, *visible) if "comments" not in segments_of(address))
    ours = [address for address in found if are_one_site(host_of(url), host_of(address)) or address in announced]
    folder = section_folder(url) or "?"
    return tuple(sorted(ours, key=lambda address: not place(address).startswith(folder)))


def linked(page: LexborHTMLParser, selector: str, url: str) -> tuple[str, ...]:
    """Web addresses of elements, each once."""
    base = base_address(page, url)
    found = (absolute(node.attributes.get("href") or "", base) for node in page.css(selector)[:MOST_LINKS])
    return tuple(dict.fromkeys(address for address in found if address and is_web(address)))


def site_name(page: LexborHTMLParser) -> str | None:
    """What a site calls itself: `og:site_name`, the name of its app, of its JSON-LD WebSite."""
    names = (meta(page, "og:site_name"), meta(page, "application-name"))
    sites = (thing.get("name") for thing in declared_things(page) if thing.get("@type") == "WebSite")
    return next((name.strip() for name in (*names, *sites) if isinstance(name, str) and name.strip()), None)
