"""What a listing says about its articles, and reading one by CSS selectors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address
from archiver.dates import parse_date
from archiver.urls import absolute, is_web


@dataclass(frozen=True, slots=True)
class Card:
    """An article as a listing announces it."""

    url: str
    """Absolute address."""
    published: datetime | None = None
    """None: the listing does not say."""


def read_cards(
    html: str, url: str, selectors: Mapping[str, str], zone: tzinfo = UTC
) -> tuple[tuple[Card, ...], str | None]:
    """The articles of a listing page, in its order, and the address of its next page; None: it is the last.

    `selectors`: `item` is required, `link` and `date` are looked up within it, `next` in the page.
    """
    page = LexborHTMLParser(html)
    base = base_address(page, url)
    cards = []
    for item in page.css(selectors["item"]):
        link = item if item.tag == "a" else item.css_first(selectors.get("link", "a[href]"))
        if link is not None and (href := link.attributes.get("href")):
            published = date_in(item.css_first(selectors["date"]), zone) if "date" in selectors else None
            if (address := absolute(href, base)) and is_web(address):
                cards.append(Card(address, published))
    onward = page.css_first(selectors["next"]) if "next" in selectors else None
    following = onward.attributes.get("href") if onward is not None else None
    address = absolute(following, base) if following else None
    return tuple(cards), address if address and is_web(address) else None


def date_in(node: LexborNode | None, zone: tzinfo) -> datetime | None:
    """The date in an element: its `datetime`, else its text; None: there is none."""
    return parse_date(node.attributes.get("datetime") or node.text(), zone) if node is not None else None
