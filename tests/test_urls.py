"""Addresses: one for each article, and none that runs anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.urls import (
    absolute,
    absolute_image,
    canonical,
    digest,
    host_of,
    identity,
    image_origin,
    is_web,
    key_of,
    quoted,
    quoted_path,
)

PAGE = "https://town.example/news/ferry"


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        pytest.param(PAGE, PAGE, id="as it is"),
        pytest.param("HTTPS://Town.Example/News", "https://town.example/News", id="scheme and host in lower case"),
        pytest.param("https://town.example", "https://town.example/", id="no path is the root"),
        pytest.param(f"{PAGE}/", f"{PAGE}/", id="a slash at the end is kept"),
        pytest.param(f"{PAGE}#comments", PAGE, id="no fragment"),
        pytest.param(f"{PAGE}?", PAGE, id="no empty query"),
        pytest.param("https://town.example:443/a", "https://town.example/a", id="no default port of https"),
        pytest.param("http://town.example:80/a", "http://town.example/a", id="no default port of http"),
        pytest.param("http://town.example:443/a", "http://town.example:443/a", id="any other port is kept"),
        pytest.param("https://ada:secret@town.example/a", "https://town.example/a", id="no name and password"),
        pytest.param("https://town.example./a", "https://town.example/a", id="no dot behind the host"),
        pytest.param("http://[::1]/a", "http://[::1]/a", id="an address of IPv6"),
        pytest.param(f" {PAGE}\n", PAGE, id="no white space around"),
        pytest.param("https://town.example/ne\nws", "https://town.example/news", id="no line breaks within"),
        pytest.param(f"{PAGE}?id=7&page=2", f"{PAGE}?id=7&page=2", id="a query that tells which article it is"),
        pytest.param(f"{PAGE}?b=1&a=%20&c", f"{PAGE}?b=1&a=%20&c", id="a query is not rewritten for nothing"),
        pytest.param(f"{PAGE}?utm_source=x&utm_medium=y", PAGE, id="a query with tracking parameters only"),
        pytest.param(f"{PAGE}?utm_source=x&id=7&spm=1.2", f"{PAGE}?id=7", id="tracking parameters among others"),
        pytest.param(f"{PAGE}?UTM_Source=x&fbclid=y", PAGE, id="tracking parameters in any case"),
        pytest.param(f"{PAGE}?information=x", f"{PAGE}?information=x", id="what merely begins or ends like one"),
    ],
)
def test_one_article_one_address(url: str, identity: str) -> None:
    assert canonical(url) == identity
    assert canonical(identity) == identity


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/news/ferry",
        "//town.example/a",
        "town.example",
        "https://",
        "https:///a",
        "ftp://town.example/",
        "mailto:a@b",
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(ValueError, match="not a web address"):
        canonical(url)
    assert not is_web(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://[town",
        "https://town.example:99999/",
        "https://town.example:port/",
        "https://a\u202e.example/",
        "https://./",
    ],
)
def test_what_is_a_broken_web_address(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(url)
    assert not is_web(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (PAGE, "town.example"),
        ("https://WWW.Town.Example:8080/a", "town.example"),
        ("https://news.town.example/", "news.town.example"),
        ("https://wwwtown.example/", "wwwtown.example"),
        ("https://m.town.example/", "m.town.example"),
        ("mailto:a@b", ""),
        ("http://[town", ""),
        ("", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


STORY = "https://town.example/news/the-ferry-runs-again"


@pytest.mark.parametrize(
    ("url", "other"),
    [
        pytest.param("http://town.example/news/ferry", PAGE, id="http and https"),
        pytest.param("https://www.town.example:443/news/ferry/", PAGE, id="www., the default port, a slash at the end"),
        pytest.param("https://town.example/%E6%96%B0", "https://town.example/新", id="percent-encoded or not"),
        pytest.param("https://m.town.example/news/ferry", PAGE, id="m."),
        pytest.param("https://Mobile.Town.Example/news/ferry", PAGE, id="mobile., in any case"),
        pytest.param("http://wap.town.example/news/ferry", PAGE, id="wap."),
        pytest.param("https://amp.town.example/news/ferry", PAGE, id="amp."),
        pytest.param("https://www.m.town.example/news/ferry", PAGE, id="www.m."),
        pytest.param("https://m.www.town.example/news/ferry", PAGE, id="m.www."),
        pytest.param("https://m.news.town.example/a", "https://news.town.example/a", id="m. before another name"),
        pytest.param(f"{PAGE}?amp", PAGE, id="?amp"),
        pytest.param(f"{PAGE}?AMP=1", PAGE, id="?AMP=1"),
        pytest.param(f"{PAGE}?id=7&amp=true", f"{PAGE}?id=7", id="amp=true behind another parameter"),
        pytest.param(f"{PAGE}?outputType=amp&id=7", f"{PAGE}?id=7", id="outputType=amp before another parameter"),
        pytest.param(f"{STORY}/amp", STORY, id="/amp at the end"),
        pytest.param(f"{STORY}/amp/", STORY, id="/amp/ at the end"),
        pytest.param(f"{STORY}/amp.html", STORY, id="/amp.html at the end"),
        pytest.param(f"{STORY}.amp", STORY, id=".amp at the end"),
        pytest.param(f"{STORY}.amp.html", f"{STORY}.html", id=".amp.html for .html, as Adobe's servers have it"),
        pytest.param("https://town.example/p/12345/amp", "https://town.example/p/12345", id="/amp behind a number"),
        pytest.param(
            "https://town.example/渡轮恢复通航了吗/amp",
            "https://town.example/渡轮恢复通航了吗",
            id="behind Chinese",
        ),
        pytest.param("https://town.example/amp/news/the-ferry-runs-again", STORY, id="/amp/ at the beginning"),
        pytest.param("https://m.town.example/amp/news/the-ferry-runs-again/amp?amp=1", STORY, id="everything at once"),
    ],
)
def test_two_spellings_of_one_article_are_one_identity(url: str, other: str) -> None:
    assert identity(canonical(url)) == identity(canonical(other))


@pytest.mark.parametrize(
    ("url", "other"),
    [
        pytest.param("https://m.example/a", "https://example/a", id="m. is all the site has for a name"),
        pytest.param("https://amp.example/a", "https://mobile.example/a", id="amp. and mobile. likewise"),
        pytest.param("https://mad.town.example/a", "https://town.example/a", id="a label that begins like one"),
        pytest.param("https://news.m.town.example/a", "https://news.town.example/a", id="m. in the middle"),
        pytest.param("https://town.example/products/amp", "https://town.example/products", id="a thing named amp"),
        pytest.param("https://town.example/technology/amp", "https://town.example/technology", id="a subject"),
        pytest.param("https://town.example/news.amp", "https://town.example/news", id="the AMP page of a section"),
        pytest.param("https://town.example/amp/news", "https://town.example/news", id="a section below /amp"),
        pytest.param("https://town.example/amp", "https://town.example/", id="amp alone"),
        pytest.param("https://town.example/a/2022/03/amp", "https://town.example/a/2022/03", id="amp below a month"),
        pytest.param(f"{STORY}-amp", STORY, id="a word of the headline"),
        pytest.param(f"{STORY}/amplifier", STORY, id="a word that begins like it"),
        pytest.param(f"{PAGE}?amp=7", PAGE, id="a parameter with another value"),
        pytest.param(f"{PAGE}?amp;id=7", PAGE, id="an ampersand that was escaped twice"),
        pytest.param(f"{PAGE}?outputType=pdf", PAGE, id="another output"),
        pytest.param(f"{PAGE}?id=7", f"{PAGE}?id=8", id="another article"),
        pytest.param("http://town.example:8080/a", "http://town.example/a", id="another port"),
    ],
)
def test_two_articles_are_two_identities(url: str, other: str) -> None:
    assert identity(canonical(url)) != identity(canonical(other))


def test_the_key_of_a_usual_address_is_its_identity() -> None:
    assert key_of("https://www.town.example/news/ferry/") == "town.example/news/ferry"
    assert key_of("https://town.example/" + 487 * "a") == "town.example/" + 487 * "a"


def test_the_key_of_a_long_address_is_short_and_its_own() -> None:
    long = "https://town.example/" + 488 * "a"
    assert key_of(long) == (
        "town.example/" + 387 * "a" + "#2e38c7403f16980a430658ee32beed9243bc8743d25112bd13b9e9a40b8d2f3d"
    )
    assert key_of(long) != key_of(long + "b")
    assert key_of(long) == key_of(long.replace("https://", "http://m."))


@pytest.mark.parametrize(
    "url", ["https://town.example/a%00b", "https://town.example/%ED%A0%BD", "https://town.example/\ud83d"]
)
def test_a_key_can_be_stored_in_any_database(url: str) -> None:
    key_of(url).encode()
    assert "\0" not in key_of(url)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        pytest.param("quay", "https://town.example/news/quay", id="relative"),
        pytest.param("/quay?a=1&b=2#c", "https://town.example/quay?a=1&b=2#c", id="from the root"),
        pytest.param("//cdn.example/a", "https://cdn.example/a", id="without scheme"),
        pytest.param("?page=2", f"{PAGE}?page=2", id="a query alone"),
        pytest.param("", PAGE, id="nothing: the page itself"),
        pytest.param("HTTP://Other.example/%7e|a b", "HTTP://Other.example/%7e|a b", id="absolute: not touched"),
        pytest.param("\n /quay\t", "https://town.example/quay", id="white space around"),
        *(
            pytest.param(address, address, id=f"may stay: {address}")
            for address in [
                "mailto:a@b",
                "tel:+491",
                "ftp://f.example/a",
                "magnet:?xt=a",
                "geo:1,2",
                "sms:1",
                "xmpp:a@b",
            ]
        ),
        *(
            pytest.param(address, None, id=f"may not stay: {address!r}")
            for address in [
                *(
                    "javascript:run()",
                    "JAVASCRIPT:run()",
                    "java\nscript:run()",
                    "\x01javascript:run()",
                    "vbscript:run()",
                ),
                *("data:text/html,x", "data:image/png;base64,AA", "file:///etc/passwd", "blob:https://a/b", "x:y"),
            ]
        ),
        pytest.param("//[broken", None, id="may not stay: broken"),
        pytest.param(f"//{'字' * 70}/", None, id="may not stay: no host has such a name"),
    ],
)
def test_links(address: str, found: str | None) -> None:
    assert absolute(address, PAGE) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        pytest.param("a.jpg", "https://town.example/news/a.jpg", id="relative"),
        pytest.param("http://i.example/a", "http://i.example/a", id="absolute"),
        pytest.param("data:image/png;base64,AA", "data:image/png;base64,AA", id="a raster image in the address"),
        pytest.param("DATA:image/JPEG,x", "DATA:image/JPEG,x", id="in any case"),
        pytest.param("data:image/svg+xml,x", None, id="a drawing in the address"),
        pytest.param("data:text/html,x", None, id="a page in the address"),
        pytest.param("mailto:a@b", None, id="mail"),
        pytest.param("ftp://f.example/a.jpg", None, id="another protocol"),
        pytest.param("https://", None, id="no host"),
        pytest.param("javascript:run()", None, id="a script"),
    ],
)
def test_addresses_of_images(address: str, found: str | None) -> None:
    assert absolute_image(address, PAGE) == found


def test_an_address_without_a_page_it_refers_to_is_none_of_the_web() -> None:
    assert absolute_image("a.jpg", "") is None


@pytest.mark.parametrize(
    ("url", "written"),
    [
        pytest.param("https://i.example/a.jpg?x=1&y=%20#z", "https://i.example/a.jpg?x=1&y=%20#z", id="nothing to do"),
        pytest.param("https://i.example/{a} b.jpg", "https://i.example/%7Ba%7D%20b.jpg", id="braces and spaces"),
        pytest.param(
            "https://i.example/'\"<>`|\\^", "https://i.example/%27%22%3C%3E%60%7C%5C%5E", id="quotes and such"
        ),
        pytest.param("https://i.example/\x00\n\x85", "https://i.example/%00%0A%C2%85", id="control characters"),
        pytest.param("https://i.example/图.jpg", "https://i.example/图.jpg", id="letters stay letters"),
    ],
)
def test_what_may_not_stand_in_an_address_is_percent_encoded(url: str, written: str) -> None:
    assert quoted(url) == written
    assert quoted(written) == written


def test_a_path_is_encoded_so_that_it_stays_one() -> None:
    assert quoted_path("新闻/100% a?b#c.jpg") == "新闻/100%25%20a%3Fb%23c.jpg"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        pytest.param("https://p.example/?http://i.example/a.jpg!w", "http://i.example/a.jpg!w", id="behind a proxy"),
        pytest.param("http://p.example/?https://i.example/a?b=c", "https://i.example/a?b=c", id="with a query"),
        pytest.param("https://i.example/a.jpg", "https://i.example/a.jpg", id="no proxy"),
        pytest.param(
            "https://i.example/show?http://i.example/a.jpg",
            "https://i.example/show?http://i.example/a.jpg",
            id="an address with a path is no such proxy",
        ),
        pytest.param("https://p.example/?a.jpg", "https://p.example/?a.jpg", id="nor is one without an address behind"),
    ],
)
def test_the_origin_of_an_image(url: str, origin: str) -> None:
    assert image_origin(url) == origin


def test_the_digest_of_an_address_is_the_same_for_ever() -> None:
    assert digest(PAGE) == "6c9aec6f"
    assert digest(f"{PAGE}/") != digest(PAGE)
    assert len(digest("\ud83d")) == 8


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30) | st.text("htps:/.?#&=[]@%ab \n\t\x01", max_size=30))
def test_no_address_makes_the_reader_fail(address: str) -> None:
    found = absolute_image(address, PAGE)
    assert found is None or is_web(found) or found.lower().startswith("data:image/")
    absolute(address, PAGE)
    assert host_of(address) == host_of(address).lower()
    assert not is_web(address) or (host_of(address) and len(key_of(address)) <= 500)
