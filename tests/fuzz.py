"""`python -m tests.fuzz`: what reads foreign texts gets damaged and hostile ones, with fresh seeds, for some minutes.

Whatever comes in, nothing but the documented errors comes out, what comes out has its form, and it takes no longer than
`SECONDS`. Inputs are samples that Hypothesis cuts, doubles, mixes and fills up with what parsers stumble over; what it
finds it makes as small as it can. Exits with 1, and shows that.
"""

import argparse
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from encodings import aliases
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archiver.body import clean
from archiver.charset import charset_of, decode
from archiver.dates import find_date, from_epoch_ms, parse_bound, parse_date, parse_standard, to_crawl_time, to_rfc1123
from archiver.errors import PageError, PostFormatError
from archiver.extract.article import examine
from archiver.extract.feed import is_feed, read_feed, to_article
from archiver.extract.listing import Card
from archiver.extract.look import look_at, select_cards
from archiver.extract.selectors import ListingRules, parse_selector
from archiver.extract.sitemap import is_sitemap, read_sitemap, sitemaps_in_robots
from archiver.names import (
    ILLEGAL,
    INVISIBLE,
    LONGEST_EXTENSION,
    MAX_BYTES,
    NAMINGS,
    as_folder,
    folded,
    folder_name,
    is_reserved,
    post_name,
)
from archiver.post import parse, render, to_post, with_braces
from archiver.sanitiser import ADDRESSES, DROPPED
from archiver.urls import absolute, absolute_image, canonical, host_of, identity, is_web, key_of
from tests.samples import article
from tests.vectors import load

SECONDS = 2.0
"""Of CPU for one input, none of which has more than 100,000 characters; real pages of that size take 0.03."""
PER_SEED = 150
"""Inputs of each target with one seed."""
PAGE = "https://town.example/news/ferry"
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERE = Path(__file__).parent
ZONES: tuple[tzinfo, ...] = (
    UTC,
    timezone(timedelta(hours=14)),
    timezone(timedelta(hours=-12)),
    *map(ZoneInfo, ("Asia/Shanghai", "America/New_York", "Asia/Bangkok", "Asia/Tehran", "Africa/Monrovia")),
)
# Addresses, names and signs that some parser somewhere takes for something else.
SIGNS = [
    *("", " ", "\n", "\n\n\n", "\t", "\r\n", "\x00", "\x0b", "\x1b$B", "\x85", "\xa0", "\xad", "\u3000", "\u200b"),
    *("\u200d", "\u202e", "\u2028", "\ufeff", "\ufffc", "\ufffd", "\uffff", "\ud800", "\U0001f3fd", "\U000e0001"),
    *("e\u0301", "\u0345", "\u0390", "İ", "ß", "ﬁ", "ſ", "Å", "ǰ", "각", "क्षि", "ก็", "٣", "²", "½", "🎉", "中文", "“”"),
    *("'", '"', "`", "```", "~~~", "<", ">", "&", "&amp", "&#0;", "&#x110000;", "&notin", "{{", "{%", "}}", "---"),
    *(": ", " #", "- ", "\\", "/", "..", ".", "*", "|", "?", "%", "%zz", "%C3", "con", "NUL.txt", "aux ", "COM¹"),
    *("\u0130", "_", "null", "~", "0", "-1", "9" * 25, "1e400", "NaN", "٢٠٢٦"),
]
MARKUP = [
    *("<", "</", "<!", "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "?>", "<p", "<p>", "</p>", "<div>", "</div>"),
    *("<a href=", '<a href="//x">', "</a>", "<b>", "<table>", "<td>", "<svg>", "<math>", "<pre>\n\n", "<textarea>"),
    *("<script>", "</script>", "<style>", "<template>", "<noscript>", "<iframe src=//player.vimeo.com/1>", "<select>"),
    *('<img src="', "<img srcset='a 1x, b'>", "<base href='http://[x'>", "<h1>", "<li>", "<time datetime=", "<ruby>"),
    *('<meta charset="utf-7">', '<meta charset="shift_jis">', '<script type="application/ld+json">{"@graph":[', "]}"),
    *('<meta property="og:image" content="', '<link rel="next" href="?2">', "<article>", "<form>", "<plaintext>"),
    *(
        "javascript:x",
        "data:image/png;base64,AA",
        "http://[::1",
        "//",
        "http://a:99999/",
        "https://x.example/%",
        "?a=1&",
    ),
]
XML = [
    *("<item>", "</item>", "<entry>", "<link>", "<link href='x'/>", "<url>", "<loc>", "<sitemap>", "</channel>"),
    *("<lastmod>2026", "<pubDate>", "<title type='xhtml'>", "<content type='html'>", "xml:base='http://[x'", "&nbsp;"),
    *("<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;", "xmlns:media='x'", "<media:group>", "{", "}", "[", "null", '"items":'),
]
WORDS = [
    *(
        "2026",
        "12",
        "31",
        "29",
        "02",
        "3",
        "0",
        "00",
        "24:00",
        "23:59:60",
        "12:30",
        "T",
        "Z",
        "+14:00",
        "-23:59",
        "+99",
    ),
    *("Mar", "March", "марта", "März", "月", "日", "年", "时", "분", "令和", "元", "พ.ศ.", "2569", "1404", "فروردین"),
    *("am", "PM", "CST", "EST", "GMT", "UTC+", "ago", "hours", "3 days", "in", "前", "小时", "半", "昨天", "yesterday"),
    *(
        "vor",
        "Tagen",
        "/",
        "-",
        ".",
        ",",
        ":",
        " ",
        "(",
        ")",
        "th",
        "de",
        "1969",
        "9999-12-31",
        "0001-01-01",
        "99999999",
    ),
]


def mixed(samples: Sequence[str], pieces: Sequence[str]) -> st.SearchStrategy[str]:
    """Samples of which parts are replaced, doubled or left out; or pieces alone, sometimes many of one."""
    piece = st.one_of(st.sampled_from(pieces), st.sampled_from(SIGNS), st.text(max_size=6))
    alone = st.lists(piece, max_size=14).map("".join)
    many = st.builds(
        lambda begin, unit, count, end: begin + unit[:20] * count + end,
        alone,
        st.lists(piece, min_size=1, max_size=2).map("".join),
        st.sampled_from((9, 300, 4000)),
        alone,
    )
    change = st.tuples(st.floats(0, 1), st.sampled_from((0, 0, 1, 5, 40, 400)), piece, st.integers(0, 2))
    damaged = st.builds(with_changes, st.sampled_from([*samples, ""]), st.lists(change, max_size=8))
    return st.one_of(damaged, damaged, alone, many)


def with_changes(text: str, changes: list[tuple[float, int, str, int]]) -> str:
    """The text with pieces at these places: instead of so many characters, which follow so many times."""
    for place, length, piece, times in changes:
        start = int(place * len(text))
        text = text[:start] + piece + text[start : start + length] * times + text[start + length :]
    return text[:100_000]


def as_bytes(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """The same in some charset, perhaps cut, perhaps with other bytes in between."""
    charsets = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1", "cp932", "koi8_r")
    place = st.floats(0, 1)
    extra = st.one_of(st.just(b""), st.binary(max_size=6))

    def encoded(text: str, charset: str, at: float, extra: bytes, end: float) -> bytes:
        raw = text.encode(charset, "replace")
        raw = raw[: int(at * len(raw))] + extra + raw[int(at * len(raw)) :]
        return raw[: int(end * len(raw)) + 1]

    return st.builds(encoded, texts, st.sampled_from(charsets), place, extra, st.one_of(st.just(1.0), place))


# What holds for whatever is read.


def check_post(text: str) -> None:
    """What is read can be written again, and is the same."""
    with suppress(PostFormatError):
        assert render(parse(text)) == text


def check_written_post(fields: tuple[str, str, str, str, str]) -> None:
    """What we write can be read again, and says the same; `&#123;` is what the format has for a brace."""
    title, category, image, body, url = fields
    post = to_post(article(title=title, categories=("web", category, title), image_url=image, body=body, url=url))
    found = parse(render(post))
    assert (found.title, found.date) == (with_braces(post.title), post.date)
    assert found.categories == tuple(map(with_braces, post.categories))
    assert render(found) == render(post)
    render(post).encode()


def check_body(markup: str) -> None:
    """A body is inert, has no blank line, and is its own."""
    body = clean(markup, PAGE)
    assert clean(body, PAGE) == body
    body.encode()
    assert not body[:1].isspace()
    assert not re.search(r"\n[ \t]*\n|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffc]|<!--", body.rstrip())
    for node in LexborHTMLParser(f"<body><div>{body}").css("body *"):
        assert node.tag not in DROPPED
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in ("srcdoc", "ping")
            is_address = name in ADDRESSES or name.startswith("data-")
            assert not (is_address and re.match(r"\s*(?:java|vb)script:", value or "", re.IGNORECASE))


def check_date(text_and_zone: tuple[str, tzinfo]) -> None:
    """A date is none, or aware and from 1900 to two years ahead."""
    text, zone = text_and_zone
    for now in (NOW, datetime.now(zone)):
        for found in (parse_date(text, zone, now=now), find_date(text, zone, now=now)):
            if found is not None:
                assert datetime(1899, 12, 30, tzinfo=UTC) < found <= now + timedelta(days=732)
                assert parse_date(found.isoformat(), now=now) == found
    for moment in (parse_standard(text, zone), from_epoch_ms(text)):
        if moment is not None:
            assert moment.utcoffset() is not None
            assert to_rfc1123(moment)
            assert to_crawl_time(moment)
    for end in (False, True):
        with suppress(ValueError):
            assert parse_bound(text, end=end).utcoffset() is not None


def check_name(title: str) -> None:
    """A name is one usable part of a path on every system."""
    for naming in NAMINGS:
        for always in (False, True):
            name = post_name(title, "0a1b2c3d", naming=naming, always=always)
            check_part(name, MAX_BYTES - LONGEST_EXTENSION)
            check_part(as_folder(name), MAX_BYTES)
            assert as_folder(name) == as_folder(name).rstrip(" .")
            assert name.endswith("0a1b2c3d") or not always
    folder = folder_name(title)
    check_part(folder, MAX_BYTES)
    assert folder == folder.rstrip(" .")
    assert folder_name(folder) == folder
    assert folded(folded(title)) == folded(title)
    assert folded(title) == folded(title.swapcase().swapcase().upper().lower()) or not title.isascii()


def check_part(name: str, most: int) -> None:
    assert name
    assert len(name.encode()) <= most
    assert name not in (".", "..")
    assert not name.startswith(".")
    assert not set(map(ord, name)) & ILLEGAL.keys()
    assert not INVISIBLE.search(name)
    assert not is_reserved(name)
    assert folded(name)
    assert not folded(name).startswith(".")


def check_address(text: str) -> None:
    """An address that is canonical is its own, and a key fits into an index."""
    with suppress(ValueError):
        found = canonical(text)
        assert canonical(found) == found
        assert identity(canonical(found)) == identity(found)
        assert is_web(found)
        key_of(found).encode()
        assert len(key_of(found)) <= 500
    for made in (absolute(text, PAGE), absolute_image(text, PAGE), absolute("x", text)):
        assert made is None or isinstance(made, str)
    is_web(text)
    host_of(text)
    assert all(map(is_web, sitemaps_in_robots(f"{text}\nSitemap: {text}")))


def check_listing(page: bytes) -> None:
    """Cards lead to pages, each once, with a title in one line and an aware date."""
    with suppress(PageError):
        section = look_at(page, PAGE).section
        check_cards(section.cards)
        for address in (section.following, section.more, *section.listings, *section.feeds, *section.sitemaps):
            assert address is None or is_web(address)
    with suppress(PageError):
        cards, following = select_cards(page, PAGE, RULES)
        check_cards(cards)
        assert following is None or is_web(following)


def check_cards(cards: tuple[Card, ...]) -> None:
    assert len({card.url for card in cards}) == len(cards)
    for card in cards:
        assert is_web(card.url)
        assert card.title == " ".join(card.title.split())
        for moment in (card.published, card.modified):
            assert moment is None or moment.utcoffset() is not None


def check_article(page: bytes) -> None:
    """An article has texts that can be written, addresses of the web, an aware date."""
    for must_be_article in (False, True):
        with suppress(PageError):
            found = examine(page, PAGE, must_be_article=must_be_article)
            article = found.article
            assert is_web(article.url)
            assert article.image_url is None or is_web(article.image_url)
            assert article.title == article.title.strip()
            assert clean(article.body, PAGE) == article.body
            assert article.published is None or article.published.utcoffset() is not None
            assert found.following is None or is_web(found.following)
            render(to_post(as_archived(article))).encode()


def as_archived(found: Any) -> Any:
    return article(title=found.title, body=found.body, image_url=found.image_url, published=found.published)


def check_feed(raw: bytes) -> None:
    """Entries lead to pages, each once."""
    is_feed(raw)
    with suppress(PageError):
        feed = read_feed(raw, PAGE)
        assert len({entry.url for entry in feed.entries}) == len(feed.entries)
        assert feed.following is None or is_web(feed.following)
        for entry in feed.entries:
            assert is_web(entry.url)
            assert entry.image_url is None or is_web(entry.image_url)
            assert entry.title == " ".join(entry.title.split())
            assert all(moment is None or moment.utcoffset() is not None for moment in (entry.published, entry.modified))
            render(to_post(as_archived(to_article(entry, feed)))).encode()


def check_sitemap(raw: bytes) -> None:
    """As a listing."""
    is_sitemap(raw)
    is_sitemap(raw, "text/plain")
    with suppress(PageError):
        sitemap = read_sitemap(raw, PAGE)
        check_cards(sitemap.cards)
        check_cards(sitemap.children)


def check_charset(sent: tuple[bytes, str, str]) -> None:
    """A text that can be written, in a charset that Python has."""
    raw, content_type, default = sent
    text = decode(raw, content_type, default)
    text.encode()
    raw.decode(charset_of(raw, content_type, default), "replace")


RULES = ListingRules(
    item=(parse_selector("li"), parse_selector("//item | //article"), parse_selector("a")),
    title=(parse_selector("h2"), parse_selector("a::text")),
    date=(parse_selector("time"), parse_selector("span")),
    next=(parse_selector("a.next"), parse_selector("//link[@rel='next']/@href")),
)
POSTS = [path.read_text("utf-8") for path in sorted(HERE.glob("sites/*/post.md"))]
JSON_LD = (
    '<html><title>T</title><script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "T",'
    ' "datePublished": "2026-03-09T07:30:05Z", "author": [{"@type": "Person", "name": "A"}],'
    ' "image": {"url": "/a.jpg"},'
    ' "articleBody": "b", "mainEntityOfPage": "/a", "keywords": "x, y"}]}</script><article><h1>T</h1><p>b</article>'
)
PAGES = [JSON_LD] * 4 + [path.read_text("utf-8", "replace") for path in sorted(HERE.glob("sites/*/*.html"))]
FEEDS = [path.read_text("utf-8") for path in sorted(HERE.glob("sites/*/*.xml"))]
FEEDS += [
    (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><title type='xhtml'><div>a</div></title>"
        "<link href='/a'/><updated>2026-03-09T07:30:05Z</updated><content type='html'>&lt;p>b</content></entry></feed>"
    ),
    (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "url": "/a", "title": "T", "content_html":'
        ' "<p>b", "date_published": "2026-03-09", "authors": [{"name": "A"}], "tags": ["x"]}], "next_url": "?2"}'
    ),
]
SITEMAPS = [
    (
        "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://town.example/a"
        "</loc><lastmod>2026-03-09T07:30:05+01:00</lastmod></url><url><loc>/b</loc></url></urlset>"
    ),
    "<sitemapindex><sitemap><loc>https://town.example/1.xml</loc><lastmod>2026-03-09</lastmod></sitemap></sitemapindex>",
    "https://town.example/a\nhttps://town.example/b\n",
]
BODIES = [post.partition("<div>   \n")[2] for post in POSTS] + list(load().values())
DATES = [
    *("2026-03-09T07:30:05+01:00", "Mon, 09 Mar 2026 07:30:05 GMT", "20260309073005", "1772999999", "3 hours ago"),
    *(
        "2026年3月9日 下午3:05",
        "昨天 08:30",
        "9 March 2026, 3:05 pm EST",
        "令和8年3月9日",
        "9 มีนาคม 2569",
        "3/9/26 12:30",
    ),
    *("۱۸ اسفند ۱۴۰۴ - ۱۲:۳۰", "hace 3 días", "vor 2 Stunden", "2026. 3. 9. 오후 3:05", "ngày 9 tháng 3 năm 2026"),
]
URLS = [
    PAGE,
    "https://www.town.example:443/a%20b?utm_source=x&b=1#c",
    "http://bücher.example/ä",
    "https://m.x.example/",
]
ODD_CODECS = (
    "utf-7",
    "raw_unicode_escape",
    "unicode_escape",
    "hz",
    "iso2022_jp",
    "shift_jis",
    "gb2312",
    "utf-16",
    "big5",
)
CODECS = st.one_of(st.sampled_from(ODD_CODECS), st.sampled_from(sorted({*aliases.aliases, *aliases.aliases.values()})))
TITLES = [
    "The ferry runs again",
    "夜读时间：到几点？",
    "Ünïcode et café",
    " NUL ",
    "a" * 300,
    "中" * 200,
    ".hidden",
    "क्षि" * 60,
]


@dataclass(frozen=True)
class Target:
    """What is fed, and what holds then."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


SHORT = mixed(TITLES, MARKUP)
TARGETS = {
    "post": Target(
        mixed(POSTS, ["title: ", "\n---\n", "'", "date: ", "Invalid Date", "&#123;", "  \n</div>"]), check_post
    ),
    "written post": Target(
        st.tuples(SHORT, SHORT, mixed(URLS, MARKUP), mixed(BODIES, MARKUP), mixed(URLS, SIGNS).filter(is_web)),
        check_written_post,
    ),
    "body": Target(mixed(BODIES, MARKUP), check_body),
    "date": Target(st.tuples(mixed(DATES, WORDS), st.sampled_from(ZONES)), check_date),
    "name": Target(SHORT, check_name),
    "address": Target(mixed(URLS, MARKUP), check_address),
    "listing": Target(as_bytes(mixed(PAGES, MARKUP + WORDS)), check_listing),
    "article": Target(as_bytes(mixed(PAGES, MARKUP + WORDS)), check_article),
    "feed": Target(as_bytes(mixed(FEEDS, XML + MARKUP)), check_feed),
    "sitemap": Target(as_bytes(mixed(SITEMAPS, XML)), check_sitemap),
    "charset": Target(
        st.tuples(
            as_bytes(mixed([*PAGES, *TITLES], [*MARKUP, "+2AA-", r"\ud800", "~{VP", "\x1b$B"])),
            st.one_of(
                st.sampled_from(["", "text/html", "; charset=\ud800"]), CODECS.map("text/html; charset={}".format)
            ),
            st.one_of(st.sampled_from(["", "no such charset", "\x00"]), CODECS),
        ),
        check_charset,
    ),
}


def fuzz(target: Target, number: int, count: int = PER_SEED) -> str:
    """What goes wrong with the inputs of one seed, the smallest of them; empty: nothing does."""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(target.inputs)
    def run(value: Any) -> None:
        start = time.thread_time()
        target.check(value)
        assert time.thread_time() - start < SECONDS, "it takes too long"

    try:
        run()
    except Exception as error:
        return "".join(traceback.format_tb(error.__traceback__)[-1:] + traceback.format_exception_only(error))
    return ""


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20, help="how long (20)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the first one (the time of day)")
    parser.add_argument("--target", choices=[*TARGETS], action="append", help="only this; may be repeated")
    chosen = parser.parse_args()
    end, number = time.monotonic() + 60 * chosen.minutes, chosen.seed
    rounds: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    while time.monotonic() < end:
        for name in chosen.target or TARGETS:
            found = fuzz(TARGETS[name], number)
            rounds[name] += 1
            if found:
                findings[name] += 1
                print(f"{name}, seed {number}:\n{found}", flush=True)
        number += 1
    for name, count in rounds.items():
        print(f"{name}: {count * PER_SEED} inputs, {findings[name]} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
