"""Listings read by the selectors of a site's definition."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.listing import Card, read_cards
from archiver.extract.selectors import ListingRules, parse_selector

SECTION = "https://town.example/news/"
MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
LISTING = """
    <nav><a href="/about">About</a></nav>
    <ul>
    <li class=card><b><a class=topic href="/harbour">Harbour</a></b>
        <a class=title href="ferry"> The  ferry </a> <time datetime="2026-03-09T07:30:00Z">today</time></li>
    <li class=card><a class=title href="/news/river?a=1&amp;b=2#top">The river</a> <p>High</p>
        <time>2026-03-09 07:30</time></li>
    <li class=card><a class=title href="https://other.example/x">Elsewhere</a></li>
    <li class=card><a class=title href="ferry">The ferry, again</a></li>
    </ul>
    <a rel=next href="?page=2">Older</a>
"""


def rules(**selectors: str | tuple[str, ...]) -> ListingRules:
    """Rules from texts."""
    given = {name: (text,) if isinstance(text, str) else text for name, text in selectors.items()}
    return ListingRules(**{name: tuple(map(parse_selector, texts)) for name, texts in given.items()})


def read(markup: str, **selectors: str | tuple[str, ...]) -> tuple[tuple[Card, ...], str | None]:
    """The cards of a page in that section, and its next page."""
    return read_cards(LexborHTMLParser(markup), SECTION, rules(**selectors))


@pytest.mark.parametrize(
    "selectors",
    [
        pytest.param(
            {"item": "li.card", "link": "a.title", "date": "time", "next": "a[rel=next]"}, id="elements, by CSS"
        ),
        pytest.param(
            {
                "item": "//li[@class='card']",
                "link": "./a/@href",
                "title": "./a[@class='title']",
                "date": (".//time/@datetime", ".//time"),
                "next": "//a[@rel='next']/@href",
            },
            id="addresses, by XPath",
        ),
        pytest.param(
            {
                "item": "li",
                "link": "a.title::attr(href)",
                "date": ("time::attr(datetime)", "time::text"),
                "next": "a[rel=next]::attr(href)",
            },
            id="addresses, by CSS",
        ),
    ],
)
def test_the_cards_of_a_listing_in_its_order_each_once_and_its_next_page(selectors: dict[str, str]) -> None:
    assert read(LISTING, **selectors) == (
        (
            Card("https://town.example/news/ferry", MORNING, title="The ferry"),
            Card("https://town.example/news/river?a=1&b=2#top", MORNING, title="The river"),
            Card("https://other.example/x", None, title="Elsewhere"),
        ),
        "https://town.example/news/?page=2",
    )


@pytest.mark.parametrize(
    ("selectors", "markup", "links"),
    [
        pytest.param({"item": "li"}, "<li><a>b</a> <a href=c>d</a> <a href=e>f</a>", ["c"], id="the first link in it"),
        pytest.param({"item": "li a"}, "<li><a href=a>b</a><a href=c>d</a>", ["a", "c"], id="links themselves"),
        pytest.param({"item": "li"}, "<li>a<li><a>b</a><li><a href=''>c</a>", [], id="no link, no card"),
        pytest.param({"item": "li", "link": ".x"}, "<li><a href=a>b</a>", [], id="not the link that is asked for"),
        pytest.param(
            {"item": "li", "link": "h2"}, "<li><a href=a>b</a><h2><a href=c>d</a></h2>", ["c"], id="what holds the link"
        ),
        pytest.param(
            {"item": "li", "link": "::attr(data-url)"},
            "<li><i data-url=a></i><a href=b>c</a>",
            ["a"],
            id="an address in another attribute",
        ),
        pytest.param({"item": "li"}, "", [], id="an empty page"),
        pytest.param({"item": "li"}, "<base href=/x/><li><a href=a>b</a>", ["/x/a"], id="relative to the base"),
        pytest.param({"item": "li"}, '<li><a href="//[x">a</a><li><a href="/b">b</a>', ["/b"], id="a broken link"),
        pytest.param({"item": "li"}, "<li><a href='javascript:void(0)'>a</a>", [], id="a script"),
        pytest.param({"item": ("ol", "li")}, "<li><a href=a>b</a>", ["a"], id="the selector that finds something"),
    ],
)
def test_which_link_of_an_item_is_its_article(
    selectors: dict[str, str | tuple[str, ...]], markup: str, links: list[str]
) -> None:
    cards, following = read(markup, **selectors)
    assert [card.url for card in cards] == [
        f"https://town.example{'' if link[0] == '/' else '/news/'}{link}" for link in links
    ]
    assert following is None


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        pytest.param("<time datetime='2026-03-09 15:30'>today</time>", MORNING, id="the attribute first"),
        pytest.param("<time> 2026-03-09 15:30\n</time>", MORNING, id="else the text"),
        pytest.param("<time datetime=soon>2026-03-09 15:30</time>", MORNING, id="an attribute that is no date"),
        pytest.param(
            "<time>发布于 2026年3月9日 15:30 | 来源：小城日报 | 12 条评论</time>", MORNING, id="words around it"
        ),
        pytest.param("<time>soon</time>", None, id="no date in it"),
        pytest.param("<time>soon</time><time>2026-03-09 15:30</time>", MORNING, id="the first that is one"),
        pytest.param("", None, id="no such element"),
    ],
)
def test_the_date_of_a_card_is_taken_in_the_sites_zone(markup: str, published: datetime | None) -> None:
    page = LexborHTMLParser(f"<li><a href=a>b</a>{markup}")
    cards, _ = read_cards(page, SECTION, rules(item="li", date="time"), ZoneInfo("Asia/Shanghai"))
    assert cards == (Card("https://town.example/news/a", published, title="b"),)


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        pytest.param("<li><a href=a><img></a><h2>The ferry</h2>", "The ferry", id="where the selector points"),
        pytest.param("<li><a href=a>The ferry</a>", "", id="nothing there"),
    ],
)
def test_the_title_of_a_card(markup: str, title: str) -> None:
    cards, _ = read(markup, item="li", title="h2")
    assert cards[0].title == title


@pytest.mark.parametrize(
    "markup",
    ["", "<a class=n>none</a>", "<a class=n href=''>none</a>", "<a href=x>other</a>", '<a class=n href="http://[x">'],
)
def test_the_last_page_of_a_listing(markup: str) -> None:
    assert read(markup, item="li", next="a.n") == ((), None)


def test_items_in_each_other_are_read_a_few_deep_in_linear_time() -> None:
    cards, _ = read("<div>" * 6 + "<a href=x>a</a>", item="div")
    assert [card.url for card in cards] == ["https://town.example/news/x"]
    page = LexborHTMLParser("<div>" * 4_000 + "<p>no link" * 10_000)
    started = time.process_time()
    for selector in ("div", "//div"):
        assert read_cards(page, SECTION, rules(item=selector, title="//i", date="time")) == ((), None)
    assert time.process_time() - started < 20
