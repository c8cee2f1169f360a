"""An answer of the address where a listing's further entries come from: JSON of any shape, or a piece of HTML."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from archiver.dates import from_epoch_ms
from archiver.extract.listing import Card
from archiver.extract.section.cards import MOST_CARDS, cards_of, certain_date
from archiver.extract.section.links import SPACES, TITLE, outline, weight
from archiver.extract.section.onward import find_following, find_more
from archiver.extract.section.scope import (
    CURSOR_PARAMETERS,
    LONGEST,
    OFFSET_PARAMETERS,
    PAGE_PARAMETERS,
    are_one_site,
    is_never_article,
    link_key,
    query_of,
    same_address,
)
from archiver.urls import absolute, host_of, is_web

MOST_VALUES = 200_000
"""Values of one answer that are looked at: some hundred for each of a thousand entries."""
# Keys in lower case without `_` and `-`, most telling first.
ADDRESS_KEYS = (
    "url link href permalink articleurl posturl pageurl weburl canonicalurl shareurl linkurl detailurl docurl newsurl"
    " path uri slugurl sourceurl fullurl mobileurl"
).split()
TITLE_KEYS = "title headline name subject heading articletitle posttitle newstitle widgettitle text".split()
DATE_KEYS = (
    "dategmt datepublished publishedat publishtime publishdate published pubdate pubtime date datetime createdat"
    " created createtime ctime time timestamp postdate firstpublished displaydate releasedate showtime showtimes"
    " updatedat"
).split()
NEXT_KEYS = "next nexturl nextpageurl nextlink nextpage nexthref more moreurl loadmoreurl loadmore".split()
CURSOR_KEYS = "nextcursor cursor endcursor after nextpagetoken pagetoken nexttoken token lastid maxid nextmaxid".split()
MORE_KEYS = "hasmore hasnext hasnextpage more morefollows ismore havemore hasmoredata".split()
END_KEYS = "isend islast islastpage end finished nomore lastpage".split()
TOTAL_KEYS = "totalpages pagecount totalpage pages maxpage".split()
HTML = re.compile(r"<a\b[^<>]{0,1000}\bhref\b", re.IGNORECASE)
TAGS = re.compile(r"<[^<>]*>")
EPOCH = re.compile(r"\d{9,13}(?:\.\d{1,6})?")
MOST_DEPTH = 12
"""Keys of a path that are compared; data nested deeper than that is not a list of articles."""
TRUE, FALSE = (True, 1, "1", "true", "yes", "True"), (False, 0, "0", "false", "no", "False")
PATH_NUMBER = re.compile(r"(.*/(?:page|p|offset)/)(\d{1,6})(/?(?:[^/]*))", re.IGNORECASE)
Path = tuple[str, ...]
Thing = dict[str, Any]
"""An object with `plain` keys."""
KEY_SIGNS = str.maketrans("", "", "_-")


def read_more(text: str, url: str, zone: tzinfo = UTC) -> tuple[tuple[Card, ...], str | None]:
    """The articles of an answer, and the address to ask next; None: it is the last.

    `url` is the address that was asked, `zone` that of bare dates. An answer without articles is the end.
    """
    body = text.lstrip("\ufeff \r\n\t")
    data = read_json(body)
    if data is None:
        cards = from_fragment(body, url, zone)
        return (cards, next_of_fragment(body, url)) if cards else ((), None)
    found = list(walk({"": data}))
    things = [thing for _, thing in found]
    cards = from_objects(found, url, zone)
    if not cards:
        pieces = [part for thing in things for part in strings_of(thing) if HTML.search(part)]
        cards = from_fragment("".join(pieces), url, zone)
    return (cards, next_of(things, url, len(cards))) if cards else ((), None)


def read_json(text: str) -> Any:
    """The data of a JSON or JSONP answer; None: it is neither."""
    padded = re.match(r"(?:/\*\*/)?\s*[\w$.]{1,100}\s*\(", text)
    body = text[padded.end() :].rstrip().rstrip(";").removesuffix(")") if padded else text
    if not body.startswith(("{", "[", '"')):
        return None
    try:
        return json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return None


def walk(data: Any) -> Iterator[tuple[Path, Thing]]:
    """Every object of the data with the keys that lead to it, outer ones first, up to MOST_VALUES values."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    left = MOST_VALUES
    while waiting and left:
        path, part = waiting.pop()
        left -= 1
        if isinstance(part, dict):
            yield path, {plain(key): value for key, value in part.items()}
            inner = ((plain(key), value) for key, value in reversed(part.items()) if isinstance(value, dict | list))
            waiting += [((*path, key)[-MOST_DEPTH:], value) for key, value in inner]
        elif isinstance(part, list):
            waiting += [(path, value) for value in reversed(part[:left])]


def strings_of(thing: Thing) -> Iterator[str]:
    """The texts that an object holds itself, or in a list."""
    for value in thing.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                yield part


def plain(key: str) -> str:
    """`next_page-URL` -> `nextpageurl`, so that every way of writing a key is one."""
    return key.lower().translate(KEY_SIGNS)


def from_objects(found: Sequence[tuple[Path, Thing]], url: str, zone: tzinfo) -> tuple[Card, ...]:
    """The entries among the objects, as cards in their order, each address once.

    Entries stand in one place of the data. What has an address and a title at other places too (an entry's author, its
    section, the listing itself) counts only beside the entries, not around or within them.
    """
    places: defaultdict[Path, list[Card]] = defaultdict(list)
    for path, thing in found:
        if (card := to_card(thing, url, zone)) is not None:
            places[path].append(card)
    main = max(places, key=lambda path: likeness(places[path]), default=())
    usual = likeness(places[main]) / len(places[main]) if places else 0.0
    cards: dict[str, Card] = {}
    for path, entries in places.items():
        is_beside = path[: len(main)] != main and main[: len(path)] != path
        if path == main or (is_beside and likeness(entries) / len(entries) >= usual):
            for card in entries:
                cards.setdefault(link_key(card.url), card)
    return tuple(cards.values())[:MOST_CARDS]


def likeness(entries: Sequence[Card]) -> float:
    """How much a place of the data looks like a list of articles: many, with long titles and dates."""
    return sum(min(1.0, weight(card.title) / TITLE) + (card.published is not None) for card in entries)


def to_card(thing: Thing, url: str, zone: tzinfo) -> Card | None:
    """The card of an object with an address and a title; None: it lacks one, or leads to no article."""
    title = next((text for key in TITLE_KEYS if (text := text_of(thing.get(key)))), "")
    address = next((found for key in ADDRESS_KEYS if (found := address_of(thing.get(key), url))), None)
    if not title or address is None:
        return None
    moments = (moment_of(thing.get(key), address, UTC if key.endswith("gmt") else zone) for key in DATE_KEYS)
    return Card(address, next((moment for moment in moments if moment), None), title)


def text_of(value: Any) -> str:
    """A title as plain text; WordPress keeps it in `rendered`."""
    if isinstance(value, dict):
        value = value.get("rendered")
    return SPACES.sub(" ", unescape(TAGS.sub("", value[:2000]))).strip() if isinstance(value, str) else ""


def address_of(value: Any, url: str) -> str | None:
    """An entry's address, absolute; None: it is none, of another site, or never that of an article."""
    if isinstance(value, dict):
        value = value.get("href") or value.get("url")
    if not isinstance(value, str) or not value or (" " in value.strip()) or ("/" not in value and "." not in value):
        return None
    address = absolute(value, url)
    if address is None or not is_web(address) or not are_one_site(host_of(url), host_of(address)):
        return None
    address = address.partition("#")[0]
    return None if same_address(address, url) or is_never_article(address) else address


def moment_of(value: Any, url: str, zone: tzinfo) -> datetime | None:
    """A date as text, or as seconds or milliseconds since 1970; of the article at an address."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not EPOCH.fullmatch(value):
        return certain_date(value, url, zone)
    number = float(value) if not isinstance(value, int) or abs(value) < 1 << 60 else 0.0
    return from_epoch_ms(number if number > 1e11 else number * 1000) if number > 1e8 else None


def from_fragment(html: str, url: str, zone: tzinfo) -> tuple[Card, ...]:
    """The articles that a piece of HTML lists; where nothing repeats, all that it links to."""
    page = parsed(html)
    found = outline(page, url)
    cards = cards_of(page, url, found, zone)
    links = [link for link in found.links if link.title and is_never_article(link.url) is None]
    return cards or tuple({link.key: Card(link.url, None, link.title) for link in links}.values())[:MOST_CARDS]


def parsed(html: str) -> LexborHTMLParser:
    """The tree of a piece of HTML; rows without their table would lose their cells."""
    return LexborHTMLParser(f"<table>{html}</table>" if html.lstrip()[:4].lower() in ("<tr>", "<tr ") else html)


def next_of_fragment(html: str, url: str) -> str | None:
    """Where the entries behind a piece of HTML are: what it names, else the number behind the one asked for."""
    page = parsed(html)
    return find_following(page, url) or find_more(page, url) or counted_on(url, 0)


def next_of(things: Sequence[Thing], url: str, count: int) -> str | None:
    """Where the entries behind an answer are: an address, a cursor, or the number behind the one asked for."""
    if any(thing.get(key) in FALSE for thing in things for key in MORE_KEYS if key in thing) or any(
        thing.get(key) in TRUE for thing in things for key in END_KEYS
    ):
        return None
    for thing in things:
        for key in NEXT_KEYS:
            if (found := next_address(thing.get(key), url)) is not None:
                return found
    for thing in things:
        for key in CURSOR_KEYS:
            value = thing.get(key)
            if is_cursor(value):
                return with_parameter(url, cursor_name(url, key), str(value))
    for thing in things:
        if (number := number_of(thing.get("nextpage"))) is not None and number > 1:
            return with_parameter(url, page_name(url), str(number))
    says_more = any(thing.get(key) in TRUE for thing in things for key in MORE_KEYS)
    if is_last(things, url):
        return None
    return counted_on(url, count) or (with_parameter(url, "page", "2") if says_more else None)


def is_cursor(value: Any) -> bool:
    """Can a value stand for the place behind the last entry?"""
    if isinstance(value, str):
        return value not in ("", "0") and len(value) < LONGEST
    return isinstance(value, int) and not isinstance(value, bool) and 0 < abs(value) < 1 << 64


def next_address(value: Any, url: str) -> str | None:
    """The address in the value of a key such as `next`; None: it is none, or of another site."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("href") or value.get("url")
    if not isinstance(value, str) or not re.match(r"https?:|/|\?", value):
        return None
    found = absolute(value, url)
    is_ours = found is not None and is_web(found) and are_one_site(host_of(url), host_of(found))
    return found if is_ours and found is not None and not same_address(found, url) else None


def cursor_name(url: str, key: str) -> str:
    """The parameter that takes a cursor: the one that was asked with, else what the answer's key says."""
    asked = next((name for name, _ in query_of(url) if name.lower() in CURSOR_PARAMETERS), None)
    names = {"nextpagetoken": "pageToken", "pagetoken": "pageToken", "endcursor": "after", "lastid": "last_id"}
    return asked or names.get(key, {"nextmaxid": "max_id", "maxid": "max_id"}.get(key, key.removeprefix("next")))


def page_name(url: str) -> str:
    """The parameter that takes the number of a page."""
    return next((name for name, _ in query_of(url) if name.lower() in PAGE_PARAMETERS), "page")


def is_last(things: Sequence[Thing], url: str) -> bool:
    """Does an answer's count of pages say that the one asked for is the last?"""
    asked = next((value for name, value in query_of(url) if name.lower() in PAGE_PARAMETERS), "1")
    totals = (number_of(thing.get(key)) for thing in things for key in TOTAL_KEYS)
    total, number = next((found for found in totals if found is not None), None), number_of(asked)
    return total is not None and number is not None and number >= total


def number_of(value: Any) -> int | None:
    """A count of pages, as number or text; None: it is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value) if isinstance(value, str) or abs(value) < 1_000_000 else ""
    return int(text) if text.isdecimal() and len(text) < 7 else None


def counted_on(url: str, count: int) -> str | None:
    """The address behind the one asked for, by the number in it: a page's, or the offset of `count` entries."""
    for name, value in query_of(url):
        if name.lower() in PAGE_PARAMETERS and value.isdecimal() and len(value) < 7:
            return with_parameter(url, name, str(int(value) + 1))
        if name.lower() in OFFSET_PARAMETERS and value.isdecimal() and len(value) < 10 and count:
            return with_parameter(url, name, str(int(value) + count))
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    match = PATH_NUMBER.fullmatch(parts.path[:LONGEST])
    return urlunsplit(parts._replace(path=f"{match[1]}{int(match[2]) + 1}{match[3]}")) if match else None


def with_parameter(url: str, name: str, value: str) -> str:
    """An address with one parameter set."""
    known = query_of(url)
    pairs = [(key, value if key == name else old) for key, old in known]
    pairs += [] if any(key == name for key, _ in known) else [(name, value)]
    return urlunsplit(urlsplit(url)._replace(query=urlencode(pairs, errors="replace"), fragment=""))
