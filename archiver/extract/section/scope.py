"""Which addresses belong to a section, and what an address alone tells about its page."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from tldextract import TLDExtract

from archiver.extract.listing import Card
from archiver.extract.section.address_words import (
    ABOUT,
    ACCOUNT,
    ARCHIVE,
    COMMENTS,
    FEED,
    FEED_NAMES,
    FEEDS,
    FILE,
    FILES,
    FOLDER,
    MACHINE,
    MACHINES,
    NO_ADDRESS,
    PAGE,
    PLACE,
    PRINT,
    SEARCH,
    SHARE,
    SHARING,
    SHOP,
    SITE,
    TAG,
)
from archiver.urls import TRACKING, is_web

LONGEST = 2048
"""Characters of an address that are looked at; what is longer is data, not an address (browsers and CDNs cut there)."""
STEM = re.compile(r"(?P<stem>.+)\.(?P<extension>[a-z0-9]{1,5})", re.IGNORECASE)
PAGE_EXTENSIONS = frozenset("html htm shtml xhtml php asp aspx jsp jspx do cgi cfm phtml thtml mhtml".split())
# Names of the page that a web server gives for a folder, and of the numbered pages of a listing beside it.
INDEX = re.compile(r"(?:index|default|home|main|list|page)(?:[-_]?\d{1,4})?", re.IGNORECASE)
NUMBERED = re.compile(r"(?:index|default|list|page|p)[-_]?(\d{1,4})|(.+)[-_](\d{1,3})", re.IGNORECASE)
PAGE_PARAMETERS = frozenset("page p paged pg pageno pagenum pagenumber page_no pageindex currentpage seite pn".split())
OFFSET_PARAMETERS = frozenset("offset start from skip".split())
CURSOR_PARAMETERS = frozenset(
    "after before cursor token pagetoken page_token next max_id maxid lastid last_id since_id until older updated-max"
    " continuation marker".split()
)
LISTING_PARAMETERS = frozenset("cat category tag author topic section channel limit size per_page pagesize".split())
PAGING_PARAMETERS = PAGE_PARAMETERS | OFFSET_PARAMETERS | CURSOR_PARAMETERS
LOCALE = re.compile(r"[a-z]{2}(?:[-_](?:[a-z]{2}|han[st]))?", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
MONTH = re.compile(r"0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
DATE_IN_PATH = re.compile(r"(?<!\d)(?:19|20)\d\d[-_/]?(?:0?[1-9]|1[0-2])(?:[-_/]?[0-3]?\d)?(?!\d)")
LONG_NUMBER = re.compile(r"(?<!\d)\d{5,}")
WORD = re.compile(r"[^\W_]+")
WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # letters of languages without spaces


registered = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
"""The public suffix list as the package brings it: nothing is fetched, nothing is written."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs to the section that an address stands for.

    Two questions, because two sources know different things. A feed or sitemap may be the whole site's: of its entries
    only those under the section's own folder are safe (`holds`). What a listing page of the section itself shows is
    the section's, wherever it lies, unless the listing keeps its articles in its folder (`may_list`); so are the
    entries of a feed whose own address the scope holds. `http` and `https`, `www.` and none are the same.
    """

    start: str
    """The address that the user named."""
    prefix: str | None
    """Host and folder, `town.example/news/`. None: the address names no folder (`/list.php?id=5`)."""
    patterns: tuple[str, ...] = ()
    """Regular expressions over host and path, where the listing's articles lie outside of its folder."""

    def holds(self, url: str) -> bool:
        """Does the address lie under the section's own folder? True for every page of the host where that is `/`."""
        return self.prefix is not None and (place(url).startswith(self.prefix) or f"{place(url)}/" == self.prefix)

    def may_list(self, url: str) -> bool:
        """Does an address that a listing page of this section shows belong to it?"""
        return self.holds(url) or any(re.fullmatch(pattern, place(url)) for pattern in self.patterns)


def scope_of(start: str, cards: Sequence[Card] = ()) -> Scope:
    """The scope of a section, from its address and the articles that its first page lists.

    Where half of them or more lie under the address's folder nothing outside counts; else the patterns of the others
    do too.
    """
    scope = Scope(start, section_folder(start))
    outside = [card.url for card in cards if not scope.holds(card.url)]
    if len(outside) * 2 <= len(cards):
        return scope
    return Scope(start, scope.prefix, patterns_of(outside))


def section_folder(url: str) -> str | None:
    """Host and folder of a section: `/news`, `/news/`, `/news.html`, `/news/index_2.html`, `/news/?page=2` are one.

    None where a parameter tells the section: other sections lie in the same folder then.
    """
    host, _, path = place(url).partition("/")
    segments = path.split("/")
    last = segments.pop()
    stem = STEM.fullmatch(last)
    if stem and stem["extension"].lower() in PAGE_EXTENSIONS:
        segments += [] if INDEX.fullmatch(stem["stem"]) else [stem["stem"]]
    elif last:
        segments.append(last)
    if len(segments) > 1 and segments[-1].isdecimal() and segments[-2].lower() in ("page", "p", "seite", "pagina"):
        del segments[-2:]  # /news/page/2/
    if any(name.lower() not in PAGING_PARAMETERS and not TRACKING.fullmatch(name) for name, _ in query_of(url)):
        return None
    return "/".join([host, *segments, ""])


def patterns_of(urls: Sequence[str]) -> tuple[str, ...]:
    """Regular expressions that the addresses of a listing's articles follow, for what two or more of them share.

    A part of the path that nine in ten share is kept as it is, as the folder of the section's articles; one that
    differs more stands for any. A single article gives its own pattern only where it is the only one.
    """
    groups: dict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    for url in urls:
        parts = place(url).split("/")
        groups[tuple(kind_of_segment(part) for part in parts)].append(parts)
    shared = {kinds: rows for kinds, rows in groups.items() if len(rows) > 1 or len(urls) == 1}
    return tuple("/".join(merged(column) for column in zip(*rows, strict=True)) for rows in shared.values())


def merged(column: Sequence[str]) -> str:
    """One segment of several paths -> a regular expression."""
    ((most, count),) = Counter(column).most_common(1)
    if most.isdecimal():
        return r"\d+"
    if count * 10 >= len(column) * 9 and (len(column) > 1 or not re.search(r"\d", most)):
        return re.escape(most)
    stem = STEM.fullmatch(most)
    return rf"[^/]+\.{re.escape(stem['extension'])}" if stem else "[^/]+" if most else ""


def kind_of_segment(part: str) -> str:
    """A word for what a segment of a path is: two addresses of one pattern give the same words."""
    stem = STEM.fullmatch(part)
    if stem and not stem["extension"].isdecimal():
        return f".{stem['extension'].lower()}"
    return "number" if part.isdecimal() else "text" if part else ""


def place(url: str) -> str:
    """Host (without `www.`, with a port of its own) and path: what two addresses of one page share."""
    try:
        parts = urlsplit(url[:LONGEST])
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{f':{port}' if port not in (None, 80, 443) else ''}{parts.path or '/'}"


def query_of(url: str) -> list[tuple[str, str]]:
    """The parameters of an address."""
    try:
        return parse_qsl(urlsplit(url[:LONGEST]).query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    """The domain that somebody registered: `news.town.co.uk` -> `town.co.uk`; a host that has none is its own."""
    found = registered(host)
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])  # as the list has it for a suffix that it does not know


def are_one_site(host: str, other: str) -> bool:
    """Are two hosts of the same owner, as `news.town.example` and `town.example` are?"""
    return host == other or domain_of(host) == domain_of(other)


def segments_of(url: str) -> list[str]:
    """The parts of an address's path, decoded, in lower case, without empty ones."""
    try:
        path = urlsplit(url[:LONGEST]).path
    except ValueError:
        return []
    return [unquote(part).lower() for part in path.split("/") if part]


def is_never_article(url: str) -> str | None:
    """Why the page at an address is no article whatever it holds, by the address alone; None: it may be one.

    Careful: only whole segments count, so that `/search-for-truth.html` and `/news/login-problems` may be articles, and
    a folder such as `/products/` refuses nothing that carries a date or number of its own.
    """
    if not is_web(url):
        return NO_ADDRESS
    segments = segments_of(url)
    query = {name.lower(): value for name, value in query_of(url)}
    found = by_query(segments, query)
    if found or not segments:
        return found
    stem = STEM.fullmatch(segments[-1])
    extension = stem["extension"].lower() if stem else ""
    if extension in FILES:
        return FILE
    if extension in FEEDS or segments[-1] in FEED_NAMES:
        return FEED
    if stem and extension in PAGE_EXTENSIONS:
        segments[-1] = stem["stem"]
    if len(segments) > 1 and LOCALE.fullmatch(segments[0]):
        del segments[0]
    return by_segments(segments, is_file=extension in PAGE_EXTENSIONS)


def by_query(segments: Sequence[str], query: dict[str, str]) -> str | None:
    """What the parameters of an address tell."""
    if any(value.startswith(("http://", "https://")) for value in query.values()) and SHARING & set(segments):
        return SHARE
    if "replytocom" in query:
        return COMMENTS
    if "feed" in query and query["feed"].lower() in FEED_NAMES:
        return FEED
    if query.get("print") in ("1", "true", "print", "yes", "") or query.get("output") == "print":
        return PRINT
    if "s" in query and not segments:
        return SEARCH
    if "add-to-cart" in query:
        return SHOP
    return None


def by_segments(segments: Sequence[str], *, is_file: bool) -> str | None:
    """What the path of an address tells; a locale in front and an extension behind are gone."""
    first, last, rest = segments[0], segments[-1], segments[1:]
    if first in MACHINES:
        return MACHINE
    if SHARING & set(segments[:-1]) and last in ("tweet", "follow", "share"):
        return SHARE
    if last in ("print", "printable") and len(segments) > 1:
        return PRINT
    if last == "comments" and len(segments) > 1:
        return COMMENTS
    if first in PLACE and not any(map(looks_like_article, rest)):
        return PLACE[first]
    if last in PLACE and (is_file or (len(segments) > 1 and segments[-2] in ACCOUNT)):
        return PLACE[last]
    if len(segments) == 1 and last in ABOUT:
        return SITE
    if is_date_archive(segments):
        return ARCHIVE
    for position, part in enumerate(segments[:-1]):
        behind = segments[position + 1 :]
        if part in FOLDER and (FOLDER[part] == TAG or not any(map(looks_like_article, behind))):
            return FOLDER[part]
    if first in FOLDER and not rest:
        return FOLDER[first]
    return PAGE if len(segments) > 1 and segments[-2] == "page" and last.isdecimal() else None


def looks_like_article(segment: str) -> bool:
    """Does a part of a path carry what names one article: a date, a long number, five words?"""
    if DATE_IN_PATH.search(segment) or LONG_NUMBER.search(segment) or YEAR.fullmatch(segment):
        return True
    return len(WORD.findall(segment)) >= 5 or len(WIDE.findall(segment)) >= 8


def is_date_archive(segments: Sequence[str]) -> bool:
    """Does a path end with a year and month, with a day behind it, or is it a year alone?"""
    if len(segments) == 1:
        return bool(YEAR.fullmatch(segments[0])) or is_year_month(segments[0])
    ends = (segments[-2:], (YEAR, MONTH)), (segments[-3:], (YEAR, MONTH, DAY))
    return any(
        len(end) == len(kinds) and all(kind.fullmatch(part) for kind, part in zip(kinds, end, strict=True))
        for end, kinds in ends
    )


def is_dated(segments: Sequence[str]) -> bool:
    """Does a path hold a date, and something behind or beside it that is dated?"""
    if not segments or is_date_archive(segments):
        return False
    return bool(DATE_IN_PATH.search("/".join(segments))) or any(map(YEAR.fullmatch, segments[:-1]))


def is_year_month(segment: str) -> bool:
    """`2024-05`, as some sites name a month's archive."""
    year, _, month = segment.partition("-")
    return bool(YEAR.fullmatch(year) and MONTH.fullmatch(month))


def address_points(url: str) -> int:
    """How much an address alone speaks for an article: 3 a date or long number, 2 a long slug or file, 0 a folder.

    Negative for the root and for a short word alone, which sections are called by.
    """
    segments = segments_of(url)
    if not segments:
        return 2 if has_number(url, 1) else -4
    stem = STEM.fullmatch(segments[-1])
    is_page = bool(stem and stem["extension"].lower() in PAGE_EXTENSIONS)
    name = stem["stem"] if stem and is_page else segments[-1]
    if is_page and INDEX.fullmatch(name):
        return 2 if is_dated(segments[:-1]) else -3
    if looks_like_article(name) or is_dated([*segments[:-1], name]):
        return 3
    if has_number(url, 3):
        return 2
    words = len(WORD.findall(name))
    if words >= 3 or len(WIDE.findall(name)) >= 5 or (is_page and re.search(r"\d", name)):
        return 2
    if is_page:
        return 0
    return 1 if words == 2 or (name.isdecimal() and len(segments) > 1) else -2 if len(segments) == 1 else -1


def has_number(url: str, digits: int) -> bool:
    """Does a parameter name an article by a number of so many digits or more? A page's or section's does not.

    `p` may be either: WordPress calls its articles by it.
    """
    pairs = ((name.lower(), value) for name, value in query_of(url))
    return any(
        value.isdecimal()
        and len(value) >= digits
        and (name == "p" or name not in PAGING_PARAMETERS | LISTING_PARAMETERS)
        for name, value in pairs
    )


def same_address(url: str, other: str) -> bool:
    """Is it one page, whatever scheme, `www.`, fragment or slash at the end the two addresses are written with?"""
    return link_key(url) == link_key(other)


def link_key(url: str) -> str:
    """What is equal for two links to one page: `urls.identity` for links as they stand in a page; it never raises."""
    query = url.partition("#")[0].partition("?")[2]
    return f"{place(url).rstrip('/')}?{query}" if query else place(url).rstrip("/")


def page_number(url: str) -> tuple[str, int]:
    """What stays the same over the pages of a listing, and which of them an address is; 0 where it names none.

    `/news/?page=2`, `/news/page/2/`, `/news/index_2.html` and `/news/list_2.html` are page 2 of `/news/`.
    """
    query = [(name, value) for name, value in query_of(url) if name.lower() not in PAGE_PARAMETERS]
    numbers = [value for name, value in query_of(url) if name.lower() in PAGE_PARAMETERS]
    number = int(numbers[0]) if numbers and numbers[0].isdecimal() and len(numbers[0]) < 7 else 0
    head, _, last = place(url).rstrip("/").rpartition("/")
    if not head:  # the root
        head, last = last, ""
    stem = STEM.fullmatch(last)
    if last.isdecimal() and len(last) < 5 and head.rpartition("/")[2].lower() in ("page", "p", "seite", "pagina"):
        head, last, number = head.rpartition("/")[0], "", int(last)
    elif stem and stem["extension"].lower() in PAGE_EXTENSIONS:
        found = NUMBERED.fullmatch(stem["stem"])
        if found:
            number = int(found[1] or found[3])
            last = f"{found[2] or ''}.html" if found[3] and found[2] else ""
        elif INDEX.fullmatch(stem["stem"]):
            last = ""
        else:
            last = f"{stem['stem']}.html"
    return f"{head}/{last}".rstrip("/") + "".join(f"&{name}={value}" for name, value in sorted(query)), number


def shapes_of(urls: Iterable[str]) -> Counter[tuple[str, ...]]:
    """How often each kind of address occurs: the host, then a word for each segment."""
    return Counter(shape_of(url) for url in urls)


def shape_of(url: str) -> tuple[str, ...]:
    """Host and kinds of the segments of an address."""
    host, *segments = place(url).split("/")
    return (host, *map(kind_of_segment, segments))
