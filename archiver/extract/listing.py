"""What a listing says about its articles, and reading one by a definition's selectors."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address
from archiver.dates import find_date, parse_date
from archiver.extract.selectors import ListingRules, Place, Selector, nesting, nodes_of, text_of, texts_of
from archiver.urls import absolute, is_web, trimmed

MOST_NESTED = 3
"""Items in each other that are read: every word of the page is then looked through so often at most."""
UNASKED = re.compile(r"(?:file|ftps?|sftp|s3|gopher|data):", re.IGNORECASE)
"""Schemes of what could be had and is never asked for; others, `mailto:` or `javascript:`, are of what is no page."""
LONGEST = 200
"""Characters of such an address that are told: one of `data:` holds all of its page."""


@dataclass(frozen=True, slots=True)
class Card:
    """An article as a listing announces it."""

    url: str
    """Absolute address."""
    published: datetime | None = None
    """None: the listing does not say."""
    title: str = ""
    """Plain text. Empty: the listing does not say."""
    modified: datetime | None = None
    """Last change, as a sitemap gives it. None: the listing does not say."""


def read_cards(
    page: LexborHTMLParser, url: str, rules: ListingRules, zone: tzinfo = UTC
) -> tuple[tuple[Card, ...], str | None]:
    """The articles of a listing page, in its order, each address once; and the address of the next page, None: none.

    An article at an address that is never asked for, such as `file:///`, is among them: the caller tells of it.
    `rules.item` is required; the others are looked up within an item, `next` in the page. `zone` is that of dates that
    name none.
    """
    base = base_address(page, url)
    found: dict[str, Card] = {}
    items = nodes_of(page, rules.item)
    for item, depth in zip(items, nesting(items), strict=True):
        card = read_card(item, base, rules, zone) if depth < MOST_NESTED else None
        if card is not None:
            found.setdefault(card.url, card)
    onward = (absolute(address, base) for address in addresses_at(page, rules.next))
    return tuple(found.values()), next((address for address in onward if address and is_web(address)), None)


def read_card(item: LexborNode, base: str, rules: ListingRules, zone: tzinfo) -> Card | None:
    """What one item of a listing says; None: it links to no page."""
    hrefs = addresses_at(item, rules.link) if rules.link else [address_in(item)]
    href = next(filter(None, map(trimmed, hrefs)), "")
    if UNASKED.match(href):
        return Card(href[:LONGEST])
    address = absolute(href, base) if href else None
    if address is None or not is_web(address):
        return None
    links = nodes_of(item, rules.link) if rules.link else [item]
    titles = texts_of(item, rules.title) if rules.title else [text_of(link) for link in map(first_link, links) if link]
    return Card(address, date_at(item, rules.date, zone), title=" ".join(titles[0].split()) if titles else "")


def first_link(item: LexborNode) -> LexborNode | None:
    """The item itself, if it is a link, else the first link in it."""
    return item if item.tag == "a" and item.attributes.get("href") else item.css_first("a[href]")


def addresses_at(place: Place, selectors: tuple[Selector, ...]) -> list[str]:
    """Addresses as the page has them: of links that are found or lie in what is found, or the texts that are wanted."""
    for selector in selectors:
        found = [text.strip() if text is not None else address_in(node) for node, text in selector.found(place)]
        if any(found):
            return list(filter(None, found))
    return []


def address_in(node: LexborNode | None) -> str:
    """The address of a link, or of the first one in an element; empty: there is none."""
    link = first_link(node) if node is not None else None
    return (link.attributes["href"] or "").strip() if link is not None else ""


def date_at(place: Place, selectors: tuple[Selector, ...], zone: tzinfo) -> datetime | None:
    """The first date that selectors find; None: there is none."""
    found = (thing for selector in selectors for thing in selector.found(place))
    moments = (date_in(node, zone) if text is None else read_date(text, zone) for node, text in found)
    return next(filter(None, moments), None)


def date_in(node: LexborNode | None, zone: tzinfo) -> datetime | None:
    """The date in an element: its `datetime`, else its text; None: there is none."""
    if node is None:
        return None
    return read_date(node.attributes.get("datetime") or "", zone) or read_date(text_of(node), zone)


def read_date(text: str, zone: tzinfo) -> datetime | None:
    """The date that a text is, or holds: a selector points at it, so words around it mislead nobody."""
    return parse_date(text, zone) or find_date(text, zone)
