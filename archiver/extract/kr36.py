"""36kr's pages and paging API -> cards of a listing, and articles (KR36.md tells how they are built)."""

import json
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from archiver.body import base_address, clean, inner_html
from archiver.dates import from_epoch_ms
from archiver.errors import BlockedError, PageError
from archiver.extract.listing import Card
from archiver.extract.metadata import read_metadata
from archiver.items import Article

SITE = "https://36kr.com"
ZONE = ZoneInfo("Asia/Shanghai")
STATE = re.compile(r"window\.initialState\s*=\s*")
ENCRYPTED = re.compile(r'"isEncrypt"\s*:\s*true')
EMPHASIS = re.compile(r"</?em>")  # a searched word in a title
# Where a listing stands in the state; 36kr moved it more than once.
LISTINGS = (
    ("information", "informationList"),
    ("newsflashCatalogData", "data", "newsflashList", "data"),
    ("newsflashList", "newsflashList", "data"),
    ("newsflashList", "flow"),
)
BODIES = ("div.articleDetailContent", "div.article-content", "div.newsflash-item div.item-desc")
ROUTES = {"detail_article": "/p/", "detail_newsflash": "/newsflashes/"}
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
    raise BlockedError(why_blocked(html) or "no listing in the page's state")


def read_flow(text: str) -> Listing:
    """An answer of the paging API. Raises BlockedError where it gives no page."""
    try:
        data = json.loads(text).get("data")
    except (ValueError, AttributeError, RecursionError):
        data = None
    if not isinstance(data, dict):
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
    route, _, _ = str(item.get("route") or "").partition("?")
    number = item.get("itemId")
    if route not in ROUTES or item.get("itemType") == 0 or not str(number).isdecimal():
        return None
    material = item.get("templateMaterial")
    published = (material if isinstance(material, dict) else item).get("publishTime")
    return Card(f"{SITE}{ROUTES[route]}{number}", from_epoch_ms(published))


def read_article(html: str, url: str) -> Article:
    """An article or newsflash page, from its state, else from its HTML.

    Raises BlockedError where the page holds neither, PageError where 36kr says that the article is gone.
    """
    state = read_state(html)
    for key, path in (("articleDetail", "articleDetailData"), ("newsflashDetail", "detailData")):
        detail = state.get(key)
        answer = detail.get(path) if isinstance(detail, dict) else None
        if isinstance(answer, dict):
            return from_state(answer, html, url)
    if isinstance(state.get("articleDetail") or state.get("newsflashDetail"), dict):
        raise PageError(DELETED)
    return from_html(html, url)


def from_state(answer: dict[str, Any], html: str, url: str) -> Article:
    """An article from the JSON that its page carries."""
    data = answer.get("data")
    if answer.get("code", 0) != 0 or not isinstance(data, dict) or not data:
        raise PageError(DELETED)
    is_newsflash = "/newsflashes/" in url
    declared = None if is_newsflash else read_metadata(LexborHTMLParser(html), url, ZONE)
    author = data.get("author")
    return Article(
        url=url,
        title=EMPHASIS.sub("", str(data.get("widgetTitle") or "")),
        body=clean(str(data.get("widgetContent") or ""), url),
        published=from_epoch_ms(data.get("publishTime")),
        authors=(author,) if isinstance(author, str) and author else (),
        image_url=declared.image_url if declared else None,
        summary=str(data.get("summary") or "") or None,
    )


def from_html(html: str, url: str) -> Article:
    """An article from the markup of its page, where the state is encrypted or absent."""
    page = LexborHTMLParser(html)
    body = next((node for selector in BODIES if (node := page.css_first(selector))), None)
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
    has_article = "articleDetailContent" in html or "article-content" in html
    if mark is None:
        return None if has_article else "no state in the page"
    start = html[mark.end() : mark.end() + 200].lstrip()
    if start.startswith("{}") or re.match(r'\{\s*"isSpider"', start):
        return "a soft block"
    if ENCRYPTED.search(html, mark.end()) and not has_article:
        return "an encrypted page"
    return None
