"""36kr's pages and paging API -> cards of a listing, and articles (KR36.md tells how they are built)."""

import json
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address, clean, inner_html
from archiver.dates import from_epoch_ms
from archiver.errors import BlockedError, PageError
from archiver.extract.listing import Card
from archiver.extract.metadata import read_metadata
from archiver.items import Article
from archiver.urls import absolute

SITE = "https://36kr.com"
ZONE = ZoneInfo("Asia/Shanghai")
STATE = re.compile(r"window\.initialState\s*=\s*")
ENCRYPTED = re.compile(r'"isEncrypt"\s*:\s*true')
EMPHASIS = re.compile(r"</?em\b[^>]*>", re.IGNORECASE)  # a searched word in a title
# Where a listing stands in the state; 36kr moved it more than once.
LISTINGS = (
    ("information", "informationList"),
    ("newsflashCatalogData", "data", "newsflashList", "data"),
    ("newsflashList", "newsflashList", "data"),
    ("newsflashList", "flow"),
)
BODIES = ("div.articleDetailContent", "div.article-content", "div.newsflash-item div.item-desc")
FINE = (0, "0", None)  # codes of an answer that is one
KNOWN_TAG = re.compile(r"</[a-z][a-z0-9]*>|<(?:br|img|p|div)\b[^<]*>", re.IGNORECASE)
DELETED = "deleted by 36kr"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing."""

    cards: tuple[Card, ...]
    """Without adverts, videos and theme cards."""
    callback: str
    """What the paging API wants to hear to give the next page."""
    has_next: bool


def read_listing(html: str) -> Listing:
    """The first page of a section. Raises BlockedError where the page shows none."""
    state = read_state(html)
    for path in LISTINGS:
        found: Any = state
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, dict) and "itemList" in found:
            return to_listing(found)
    base = f"{SITE}/"
    links = LexborHTMLParser(html).css('a.article-item-title[href^="/p/"]')
    cards = tuple(Card(address) for link in links if (address := absolute(link.attributes["href"] or "", base)))
    if not cards:
        raise BlockedError(why_blocked(html) or "no listing in the page's state")
    return Listing(cards, callback="", has_next=False)


def read_flow(text: str) -> Listing:
    """An answer of the paging API. Raises BlockedError where it gives no page."""
    try:
        answer = json.loads(text)
        code, data = answer.get("code", 0), answer.get("data")
    except (ValueError, AttributeError, RecursionError):
        code, data = None, None
    if code not in FINE or not isinstance(data, dict) or not isinstance(data.get("itemList"), list):
        raise BlockedError("the paging API gave no page")
    return to_listing(data)


def to_listing(data: dict[str, Any]) -> Listing:
    """The cards of a `{itemList, pageCallback, hasNextPage}`."""
    items = data.get("itemList")
    found = (to_card(item) for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
    cards = tuple(card for card in found if card)
    return Listing(cards, str(data.get("pageCallback") or ""), bool(data.get("hasNextPage")))


def to_card(item: dict[str, Any]) -> Card | None:
    """One entry of a listing; None: it is no article."""
    found = item.get("templateMaterial")
    material = found if isinstance(found, dict) else item
    route, _, _ = str(item.get("route") or material.get("route") or "").partition("?")
    kind = item.get("itemType")
    if kind == 20 or route == "detail_newsflash":
        folder = "newsflashes"
    elif route == "detail_article" or (kind == 10 and not route):
        folder = "p"
    else:
        return None
    number = str(item.get("itemId") or material.get("itemId"))
    if kind == 0 or not (number.isascii() and number.isdecimal()):
        return None
    return Card(f"{SITE}/{folder}/{number}", from_epoch_ms(material.get("publishTime")), to_title(material))


def to_title(data: dict[str, Any]) -> str:
    """The title of an article or of an entry of a listing; empty: it has none."""
    return EMPHASIS.sub("", str(data.get("widgetTitle") or ""))


def read_article(html: str, url: str) -> Article:
    """An article or newsflash page, from its state, else from its HTML.

    Raises BlockedError where the page holds neither, PageError where 36kr says that the article is gone.
    """
    state = read_state(html)
    answer: Any = None
    for key, path in (("articleDetail", "articleDetailData"), ("newsflashDetail", "detailData")):
        detail = state.get(key)
        answer = answer or (detail.get(path) if isinstance(detail, dict) else None)
    page = LexborHTMLParser(html)
    data = answer.get("data") if isinstance(answer, dict) and answer.get("code", 0) in FINE else None
    if isinstance(data, dict) and data.get("widgetContent"):
        return from_state(data, page, url)
    if find_body(page) is not None:
        return from_html(html, page, url)
    if isinstance(data, dict) and data:
        return from_state(data, page, url)
    details = (state.get("articleDetail"), state.get("newsflashDetail"))
    if any(isinstance(detail, dict) and not detail.get("isEncrypt") for detail in details):
        raise PageError(DELETED)
    raise BlockedError(why_blocked(html) or "neither state nor article in the page")


def find_body(page: LexborHTMLParser) -> LexborNode | None:
    """Where the article stands in a page's markup."""
    return next((node for selector in BODIES if (node := page.css_first(selector))), None)


def from_state(data: dict[str, Any], page: LexborHTMLParser, url: str) -> Article:
    """An article from the JSON that its page carries."""
    is_newsflash = "/newsflashes/" in url
    declared = read_metadata(page, url, ZONE)
    author = data.get("author")
    content = str(data.get("widgetContent") or "")
    if is_newsflash and not KNOWN_TAG.search(content):
        content = content.replace("<", "&lt;")  # plain text, in which a price may be < another
    return Article(
        url=url,
        title=to_title(data),
        body=clean(content, url),
        published=from_epoch_ms(data.get("publishTime")) or declared.published,
        authors=(author,) if isinstance(author, str) and author else (),
        image_url=None if is_newsflash else declared.image_url,
        summary=str(data.get("summary") or "") or None,
    )


def from_html(html: str, page: LexborHTMLParser, url: str) -> Article:
    """An article from the markup of its page, where the state is encrypted or absent."""
    body = find_body(page)
    title = page.css_first("h1.article-title") or page.css_first("h1")
    if body is None or title is None:
        raise BlockedError(why_blocked(html) or "neither state nor article in the page")
    declared = read_metadata(page, url, ZONE)
    return Article(
        url=url,
        title=title.text().strip(),
        body=clean(inner_html(body), base_address(page, url)),
        published=declared.published,
        authors=declared.authors,
        image_url=declared.image_url if "/newsflashes/" not in url else None,
        summary=declared.summary,
    )


def read_state(html: str) -> dict[str, Any]:
    """The page's `window.initialState`; empty where it is absent, encrypted or no JSON."""
    mark = STATE.search(html)
    if mark is None:
        return {}
    try:
        state, _ = json.JSONDecoder(strict=False).raw_decode(html, mark.end())
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) and not state.get("isEncrypt") else {}


def why_blocked(html: str) -> str | None:
    """Why a page with status 200 is none of 36kr's; None: it looks like one."""
    mark = STATE.search(html)
    has_article = any(name in html for name in ("articleDetailContent", "article-content", "article-item-title"))
    if mark is None:
        return None if has_article else "no state in the page"
    start = html[mark.end() : mark.end() + 200].lstrip()
    if start.startswith("{}") or re.match(r'\{\s*"isSpider"', start):
        return "a soft block"
    if ENCRYPTED.search(html, mark.end()) and not has_article:
        return "an encrypted page"
    return None
