"""Listings and articles read by the selectors of a site's definition."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from archiver.body import Body
from archiver.errors import PageError
from archiver.extract.listing import Card, read_cards
from archiver.extract.page import read_page
from archiver.items import Article

SECTION = "https://town.example/news/"
PAGE = "https://town.example/news/ferry"
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)


def test_the_cards_of_a_listing_in_its_order_and_its_next_page() -> None:
    markup = """
        <nav><a href="/about">About</a></nav>
        <ul>
        <li class=card><b><a class=topic href="/harbour">Harbour</a></b>
            <a class=title href="ferry">The ferry</a> <time datetime="2026-03-09T07:30:00Z">today</time></li>
        <li class=card><a class=title href="/news/river?a=1&amp;b=2#top">The river</a>
            <time>2026-03-09 07:30</time></li>
        <li class=card><a class=title href="https://other.example/x">Elsewhere</a></li>
        </ul>
        <a rel=next href="?page=2">Older</a>
    """
    selectors = {"item": "li.card", "link": "a.title", "date": "time", "next": "a[rel=next]"}
    assert read_cards(markup, SECTION, selectors) == (
        (
            Card("https://town.example/news/ferry", MORNING),
            Card("https://town.example/news/river?a=1&b=2#top", MORNING),
            Card("https://other.example/x", None),
        ),
        "https://town.example/news/?page=2",
    )


@pytest.mark.parametrize(
    ("selectors", "markup", "cards"),
    [
        pytest.param(
            {"item": "li"}, "<li>a <a>b</a> <a href=c>d</a> <a href=e>f</a>", ["c"], id="the first link in it"
        ),
        pytest.param({"item": "li a"}, "<li><a href=a>b</a><a href=c>d</a>", ["a", "c"], id="links themselves"),
        pytest.param({"item": "li"}, "<li>a<li><a>b</a><li><a href=''>c</a>", [], id="no link, no card"),
        pytest.param({"item": "li", "link": ".x"}, "<li><a href=a>b</a>", [], id="not the link that is asked for"),
        pytest.param({"item": "li"}, "", [], id="an empty page"),
        pytest.param({"item": "li"}, "<base href=/x/><li><a href=a>b</a>", ["/x/a"], id="relative to the base"),
    ],
)
def test_which_link_of_an_item_is_its_article(selectors: dict[str, str], markup: str, cards: list[str]) -> None:
    expected = tuple(Card(f"https://town.example{'' if card[0] == '/' else '/news/'}{card}") for card in cards)
    assert read_cards(markup, SECTION, selectors) == (expected, None)


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        pytest.param("<time datetime='2026-03-09 15:30'>today</time>", MORNING, id="the attribute first"),
        pytest.param("<time> 2026-03-09 15:30\n</time>", MORNING, id="else the text"),
        pytest.param("<time>today</time>", None, id="no date in it"),
        pytest.param("", None, id="no such element"),
    ],
)
def test_the_date_of_a_card_is_taken_in_the_sites_zone(markup: str, published: datetime | None) -> None:
    cards, _ = read_cards(f"<li><a href=a>b</a>{markup}", SECTION, {"item": "li", "date": "time"}, SHANGHAI)
    assert cards == (Card("https://town.example/news/a", published),)


@pytest.mark.parametrize("markup", ["", "<a class=n>none</a>", "<a class=n href=''>none</a>", "<a href=x>other</a>"])
def test_the_last_page_of_a_listing(markup: str) -> None:
    assert read_cards(markup, SECTION, {"item": "li", "next": "a.n"}) == ((), None)


def changes(article: Article) -> dict[str, object]:
    """What an article says beyond what every article has."""
    default = Article(url="", title="", body="", fetched=article.fetched)
    fields = {name: getattr(article, name) for name in Article.__slots__}
    return {name: value for name, value in fields.items() if value != getattr(default, name)}


def test_an_article_by_its_selectors() -> None:
    markup = """
        <h1>Town news</h1>
        <h2 class=headline> The ferry <i>runs</i> again </h2>
        <p class=by>Ada Ferry</p><p class=by>Ben Quay</p>
        <span class=date>2026-03-09 15:30</span>
        <div class=story><p>After three weeks.</p><div class=share>Share</div>
        <p><img src="ferry.jpg"><span class=share>again</span></p></div>
        <div class=story>another</div>
    """
    selectors = {
        "body": "div.story",
        "title": "h2.headline",
        "date": ".date",
        "author": "p.by",
        "remove": ".share",
    }
    article = read_page(markup, PAGE, selectors, SHANGHAI)
    assert changes(article) == {
        "url": PAGE,
        "title": "The ferry runs again",
        "body": "<p>After three weeks.</p>\n"
        '        <p><img src="https://town.example/news/ferry.jpg" referrerpolicy="no-referrer"></p>',
        "published": MORNING,
        "authors": ("Ada Ferry", "Ben Quay"),
    }
    assert isinstance(article.body, Body)


def test_what_no_selector_gives_the_page_declares() -> None:
    markup = """
        <html lang="en"><head><title>Town</title><base href="https://cdn.example/">
        <meta property="og:title" content="The ferry runs again">
        <meta property="article:published_time" content="2026-03-09T07:30:00Z">
        <meta property="article:modified_time" content="2026-03-09T08:00:00Z">
        <meta name="author" content="Ada Ferry"><meta property="og:image" content="ferry.jpg">
        <meta name="description" content="After three weeks."><meta name="keywords" content="harbour"></head>
        <body><div class=story><a href="quay">quay</a></div></body></html>
    """
    selectors = {"body": "div.story", "title": "h2", "date": ".date", "author": ".by", "remove": ".share"}
    assert changes(read_page(markup, PAGE, selectors)) == {
        "url": PAGE,
        "title": "The ferry runs again",
        "body": '<a href="https://cdn.example/quay">quay</a>',
        "published": MORNING,
        "modified": MORNING.replace(hour=8, minute=0),
        "authors": ("Ada Ferry",),
        "image_url": "https://cdn.example/ferry.jpg",
        "language": "en",
        "summary": "After three weeks.",
        "tags": ("harbour",),
    }


def test_a_page_without_title_gives_an_article_without() -> None:
    assert changes(read_page("<div>a</div>", PAGE, {"body": "div"})) == {"url": PAGE, "body": "a"}


def test_what_is_removed_is_removed_however_deep_and_often() -> None:
    markup = "<div>a<p class=x>b<i class=x>c</i></p><ul><li class=x>d<li>e</ul><b class=x>f</b></div><p class=x>g</p>"
    assert read_page(markup, PAGE, {"body": "div", "remove": ".x"}).body == "a<ul><li>e</li></ul>"


@pytest.mark.parametrize("markup", ["", "<p>a</p>", "<div class=other>a</div>"])
def test_a_page_without_the_body_is_refused(markup: str) -> None:
    with pytest.raises(PageError, match=r"^no body at `div\.story`$"):
        read_page(markup, PAGE, {"body": "div.story"})


def test_a_body_that_holds_nothing_is_empty() -> None:
    assert read_page("<div> <script>run()</script> </div>", PAGE, {"body": "div"}).body == ""
