"""Sitemaps: pages, indexes, news, gzip, text, and what only looks like one."""

import gzip
import time
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from archiver.errors import PageError
from archiver.extract.listing import Card
from archiver.extract.sitemap import Sitemap, is_sitemap, read_sitemap, sitemaps_in_robots

URL = "https://town.example/sitemap.xml"
DAY = datetime(2026, 3, 9, tzinfo=UTC)


def urlset(urls: str, attributes: str = "") -> bytes:
    """A list of pages."""
    names = f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {attributes}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {names}>{urls}</urlset>'.encode()


def index(sitemaps: str) -> bytes:
    """A list of sitemaps."""
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{sitemaps}</sitemapindex>'.encode()


TWO = urlset(
    "<url>\n <loc> https://town.example/ferry </loc>\n <lastmod>2026-03-09T08:00:00+08:00</lastmod>"
    "<changefreq>daily</changefreq><priority>0.5</priority></url><url><loc>https://town.example/bus</loc></url>"
)
TWO_CARDS = (Card("https://town.example/ferry", modified=DAY), Card("https://town.example/bus"))


def test_pages_come_in_the_files_order() -> None:
    assert read_sitemap(TWO, URL) == Sitemap(TWO_CARDS, ())


def test_sitemaps_of_an_index_come_newest_first() -> None:
    raw = index(
        "<sitemap><loc>https://town.example/1.xml</loc><lastmod>2026-03-01</lastmod></sitemap>"
        "<sitemap><loc>https://town.example/2.xml</loc></sitemap>"
        "<sitemap><loc>https://town.example/3.xml.gz</loc><lastmod>2026-03-09</lastmod></sitemap>"
        f"<sitemap><loc>{URL}</loc></sitemap>"
    )
    assert read_sitemap(raw, URL) == Sitemap(
        (),
        (
            Card("https://town.example/3.xml.gz", modified=DAY),
            Card("https://town.example/1.xml", modified=DAY.replace(day=1)),
            Card("https://town.example/2.xml"),
        ),
    )


def test_a_news_sitemap_gives_title_and_date_and_images_give_nothing() -> None:
    raw = urlset(
        "<url><image:image><image:loc>https://img.example/a.jpg</image:loc><image:title>Boat</image:title></image:image>"
        "<loc>https://town.example/ferry</loc><news:news><news:publication><news:name>Town</news:name></news:publication>"
        "<news:publication_date>2026-03-09T08:00:00+08:00</news:publication_date>"
        "<news:title>The ferry &amp;amp; the\n island</news:title></news:news><video:video><video:title>V</video:title>"
        "<video:publication_date>2020-01-01</video:publication_date></video:video>"
        "<xhtml:link rel='alternate' hreflang='de' href='https://town.example/de/ferry'/></url>",
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"',
    )
    (card,) = read_sitemap(raw, URL).cards
    east = datetime(2026, 3, 9, 8, tzinfo=timezone(timedelta(hours=8)))
    assert card == Card("https://town.example/ferry", published=east, title="The ferry & the island")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(gzip.compress(TWO), id="gzip"),
        pytest.param(gzip.compress(TWO)[:-8], id="gzip without its end"),
        pytest.param(TWO.replace(b"UTF-8", b"utf-16").decode().encode("utf-16"), id="UTF-16"),
        pytest.param(b"\n\n" + TWO, id="blank lines before"),
        pytest.param(b"\xef\xbb\xbf" + TWO, id="a byte order mark"),
        pytest.param(
            TWO.replace(b"sitemaps.org/schemas/sitemap/0.9", b"google.com/schemas/sitemap/0.84"), id="Google's"
        ),
        pytest.param(TWO.replace(b"<url>", b"<s:url>").replace(b"</url>", b"</s:url>"), id="an undeclared prefix"),
        pytest.param(TWO[: -len("</urlset>")], id="no end"),
        pytest.param(TWO.replace(b"</urlset>", b"<url><loc>https://town.example/ha"), id="half an address"),
        pytest.param(TWO.replace(b"daily", b"day & night"), id="a raw &"),
        pytest.param(TWO.replace(b"</urlset>", b"<url><loc>/bus</loc></url></urlset>"), id="an address twice"),
        pytest.param(TWO.replace(b"</urlset>", b"<url><loc/></url><url/></urlset>"), id="no address"),
        pytest.param(TWO.replace(b"</urlset>", b"<url><loc>javascript:x</loc></url></urlset>"), id="a script"),
    ],
)
def test_the_same_in_other_forms(raw: bytes) -> None:
    assert is_sitemap(raw)
    assert read_sitemap(raw, URL) == Sitemap(TWO_CARDS, ())


def test_a_raw_ampersand_in_an_address_stays() -> None:
    raw = urlset("<url><loc>https://town.example/?a=1&b=2&copy=3</loc></url>")
    assert read_sitemap(raw, URL).cards == (Card("https://town.example/?a=1&b=2&copy=3"),)


def test_a_plain_text_of_addresses_is_a_sitemap_if_the_server_says_text() -> None:
    raw = b"\xef\xbb\xbfhttps://town.example/ferry\r\n\r\nhttps://town.example/bus\r\n"
    assert is_sitemap(raw, "text/plain; charset=utf-8")
    assert not is_sitemap(raw, "text/html")
    assert [card.url for card in read_sitemap(raw, URL).cards] == [card.url for card in TWO_CARDS]


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        pytest.param(b"", "text/plain", id="nothing"),
        pytest.param(b"https://town.example/\nand more", "text/plain", id="a text that begins with an address"),
        pytest.param(b"User-agent: *\nSitemap: https://town.example/s.xml", "text/plain", id="robots.txt"),
        pytest.param(b"<!DOCTYPE html><html><body>", "application/xml", id="a page"),
        pytest.param(b"<rss><channel>", "application/xml", id="a feed"),
        pytest.param(gzip.compress(b"<html>"), "application/gzip", id="a page in gzip"),
        pytest.param(b"\x1f\x8bno gzip at all", "application/gzip", id="broken gzip"),
    ],
)
def test_what_is_no_sitemap(raw: bytes, content_type: str) -> None:
    assert not is_sitemap(raw, content_type)
    with pytest.raises(PageError, match="no sitemap"):
        read_sitemap(raw.replace(b"https://town.example/\n", b""), URL)


def test_more_than_fifty_megabytes_are_refused_before_they_are_unpacked() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(400)) + packer.flush()
    assert len(bomb) < 2**20
    started = time.process_time()
    with pytest.raises(PageError, match="more than 50 MB"):
        read_sitemap(bomb, URL)
    assert time.process_time() - started < 20
    with pytest.raises(PageError, match="more than 50 MB"):
        read_sitemap(b" " * (50 * 2**20 + 1), URL)


def test_of_more_than_fifty_thousand_addresses_the_first_are_kept() -> None:
    raw = urlset("".join(f"<url><loc>https://town.example/{number}</loc></url>" for number in range(50_010)))
    cards = read_sitemap(raw, URL).cards
    assert (len(cards), cards[-1].url) == (50_000, "https://town.example/49999")
    text = "".join(f"https://town.example/{number}\n" for number in range(50_010)).encode()
    assert len(read_sitemap(text, URL).cards) == 50_000


def test_entities_that_unfold_are_refused() -> None:
    bomb = b'<!DOCTYPE urlset [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    with pytest.raises(PageError, match="refers to others"):
        read_sitemap(bomb, URL)


@pytest.mark.parametrize("part", ["<url>", "<loc>", "<a>", "<a/>", "<", "&", "<!--", "<![CDATA[", "</url>", "x\n"])
def test_the_work_grows_with_the_file_and_no_faster(part: str) -> None:
    raw = b"<urlset><url><loc>https://town.example/?a&b</loc></url>" + (part * (300_000 // len(part))).encode()
    started = time.process_time()
    assert [card.url for card in read_sitemap(raw, URL).cards] == ["https://town.example/?a&b"]
    assert time.process_time() - started < 20


def test_sitemaps_that_robots_txt_names() -> None:
    text = (
        "\ufeffSitemap: https://town.example/a.xml\r\n# Sitemap: https://town.example/no.xml\nUser-agent: *\n"
        "Disallow: /sitemap: x\n sitemap:https://town.example/b.xml.gz#new # a comment\nSITEMAP :  https://town.example/a.xml\n"
        "Sitemap: /relative.xml\nSitemap:\nSitemap: ftp://town.example/c.xml"
    )
    assert sitemaps_in_robots(text) == ("https://town.example/a.xml", "https://town.example/b.xml.gz")
    assert sitemaps_in_robots("") == ()
