"""36kr's pages and paging API, built as KR36.md tells; the articles are made up."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from archiver.body import Body
from archiver.errors import BlockedError, PageError
from archiver.extract.kr36 import (
    Listing,
    read_article,
    read_flow,
    read_listing,
    read_state,
    why_blocked,
)
from archiver.extract.listing import Card
from archiver.items import Article

ARTICLE = "https://36kr.com/p/1001"
FLASH = "https://36kr.com/newsflashes/2001"
MORNING = datetime(2022, 3, 3, 6, 57, 37, tzinfo=UTC)
EPOCH_MS = 1646290657000


def page(state: Any, markup: str = "", head: str = "", end: str = ";") -> str:
    """A page of 36kr with its state."""
    text = state if isinstance(state, str) else json.dumps(state)
    return (
        f"<html><head>{head}</head><body>{markup}<script>"
        f'window.__GATEWAY_SIGN__="n0nce";window.initialState={text}{end}</script></body></html>'
    )


def card(number: int, **changes: Any) -> dict[str, Any]:
    """An entry of a listing."""
    material = {"itemId": number, "widgetTitle": f"title {number}", "publishTime": EPOCH_MS}
    entry = {"itemId": number, "itemType": 10, "route": f"detail_article?itemId={number}", "templateMaterial": material}
    return {**entry, **changes}


LISTING = {"itemList": [card(1001), card(1002)], "pageCallback": "eyJ4IjoxfQ==", "hasNextPage": 1}
CARD = Card(ARTICLE, MORNING, "title 1001")
CARDS = (CARD, Card("https://36kr.com/p/1002", MORNING, "title 1002"))


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({"information": {"informationList": LISTING}}, id="a section"),
        pytest.param({"newsflashCatalogData": {"data": {"newsflashList": {"data": LISTING}}}}, id="newsflashes"),
        pytest.param({"newsflashList": {"newsflashList": {"data": LISTING}}}, id="newsflashes, older"),
        pytest.param({"newsflashList": {"flow": LISTING}}, id="newsflashes of 2021"),
        pytest.param({"information": None, "newsflashList": {"flow": LISTING}}, id="an empty place before it"),
    ],
)
def test_a_listing_wherever_it_stands_in_the_state(state: Any) -> None:
    assert read_listing(page(state)) == Listing(cards=CARDS, callback="eyJ4IjoxfQ==", has_next=True)


def test_an_answer_of_the_paging_api() -> None:
    answer = {"code": 0, "data": {**LISTING, "hasNextPage": 0}}
    assert read_flow(json.dumps(answer)) == Listing(cards=CARDS, callback="eyJ4IjoxfQ==", has_next=False)


def test_an_answer_without_entries_is_the_last() -> None:
    answer: dict[str, Any] = {"data": {"itemList": [], "pageCallback": None}}
    assert read_flow(json.dumps(answer)) == Listing(cards=(), callback="", has_next=False)


@pytest.mark.parametrize("answer", [{"data": {}}, {"data": {"itemList": None}}, {"code": -1, "data": {"itemList": []}}])
def test_an_answer_that_is_no_list_is_a_refusal(answer: Any) -> None:
    with pytest.raises(BlockedError):
        read_flow(json.dumps(answer))


def test_a_listing_is_read_from_its_markup_where_its_state_is_encrypted() -> None:
    markup = '<a class="article-item-title" href="/p/7">x</a><script>window.initialState={"isEncrypt":true}</script>'
    assert read_listing(markup) == Listing((Card("https://36kr.com/p/7"),), callback="", has_next=False)


def test_a_newsflash_is_plain_text() -> None:
    flash = {"widgetTitle": "t", "widgetContent": "a<b &amp; <3% c"}
    markup = page({"newsflashDetail": {"detailData": {"code": 0, "data": flash}}})
    markup = '<meta property="article:published_time" content="2022-03-03T14:57:37+08:00">' + markup
    found = read_article(markup, "https://36kr.com/newsflashes/1")
    assert (found.body, found.published) == ("a&lt;b & &lt;3% c", MORNING)


@pytest.mark.parametrize("text", ["", "<html>", "null", "[]", "{}", '{"code": 500, "data": null}', '{"data": [1]}'])
def test_an_answer_that_gives_no_page_is_a_block(text: str) -> None:
    with pytest.raises(BlockedError, match="the paging API gave no page"):
        read_flow(text)


@pytest.mark.parametrize(
    ("entry", "cards"),
    [
        pytest.param(card(1001), (CARD,), id="an article"),
        pytest.param(
            card(2001, itemType=20, route="detail_newsflash?itemId=2001"),
            (Card(FLASH, MORNING, "title 2001"),),
            id="a newsflash",
        ),
        pytest.param(
            {"itemId": 1001, "route": "detail_article?itemId=1001", "publishTime": EPOCH_MS},
            (Card(ARTICLE, MORNING),),
            id="an article without material of its own",
        ),
        pytest.param(card(1001, templateMaterial={"publishTime": "soon"}), (Card(ARTICLE),), id="without a date"),
        pytest.param(card(1001, itemId="1001"), (CARD,), id="a number as text"),
        pytest.param(
            card(1001, templateMaterial={"widgetTitle": "a <em>b</em> c"}),
            (Card(ARTICLE, title="a b c"),),
            id="a word found",
        ),
        pytest.param(card(1001, itemType=0), (), id="an advert"),
        pytest.param(card(1001, route="detail_theme?itemId=1001"), (), id="a theme"),
        pytest.param(card(1001, route="detail_video?itemId=1001"), (), id="a film"),
        pytest.param(card(1001, route=None), (CARD,), id="an article without a route"),
        pytest.param(card(1001, itemId=None, templateMaterial={}), (), id="without a number"),
        pytest.param(card(1001, itemId="../x"), (), id="with a number that is none"),
    ],
)
def test_which_entries_of_a_listing_are_articles(entry: Any, cards: tuple[Card, ...]) -> None:
    assert read_flow(json.dumps({"data": {"itemList": [entry]}})).cards == cards


def changes(article: Article) -> dict[str, object]:
    """What an article says beyond what every article has."""
    default = Article(url="", title="", body="", fetched=article.fetched)
    fields = {name: getattr(article, name) for name in Article.__slots__}
    return {name: value for name, value in fields.items() if value != getattr(default, name)}


DETAIL = {
    "itemId": 1001,
    "widgetTitle": "A <em>bridge</em> of bamboo",
    "summary": "It holds.",
    "author": "Lin",
    "publishTime": EPOCH_MS,
    "widgetContent": '<p>It holds &lt;three&gt; carts.&nbsp;</p>\n<p><img alt="" src="//img.example/v2_img_000"></p>',
}


def article_page(data: Any, code: int = 0, **rest: Any) -> str:
    return page({"articleDetail": {"articleDetailData": {"code": code, "data": data}}}, **rest)


def test_an_article_from_its_state() -> None:
    article = read_article(article_page(DETAIL, head='<meta property="og:image" content="/lead.png">'), ARTICLE)
    assert changes(article) == {
        "url": ARTICLE,
        "title": "A bridge of bamboo",
        "body": "<p>It holds &lt;three&gt; carts.\u00a0</p>\n"
        '<p><img alt src="https://img.example/v2_img_000" referrerpolicy="no-referrer"></p>',
        "published": MORNING,
        "authors": ("Lin",),
        "image_url": "https://36kr.com/lead.png",
        "summary": "It holds.",
    }
    assert isinstance(article.body, Body)


def test_a_newsflash_from_its_state_has_no_image() -> None:
    data = {"widgetTitle": "Rain", "widgetContent": "It rains.\nStill.", "publishTime": EPOCH_MS}
    markup = page(
        {"newsflashDetail": {"detailData": {"code": 0, "data": data}}},
        head='<meta property="og:image" content="/logo.png">',
    )
    assert changes(read_article(markup, FLASH)) == {
        "url": FLASH,
        "title": "Rain",
        "body": "It rains.\nStill.",
        "published": MORNING,
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({}, {"title": "A bridge of bamboo"}, id="nothing that it does not say"),
        pytest.param({"author": None}, {"authors": ()}, id="no author"),
        pytest.param({"author": {"name": "Lin"}}, {"authors": ()}, id="an author that is no text"),
        pytest.param({"publishTime": None}, {"published": None}, id="no date"),
        pytest.param({"widgetTitle": None}, {"title": ""}, id="no title"),
        pytest.param({"widgetContent": None}, {"body": ""}, id="no body"),
        pytest.param({"summary": ""}, {"summary": None}, id="no summary"),
        pytest.param({"widgetContent": "a {{ b }} \ud83d"}, {"body": "a {{ b }} \ufffd"}, id="half a surrogate pair"),
    ],
)
def test_what_the_state_does_not_say(data: dict[str, Any], expected: dict[str, Any]) -> None:
    article = read_article(article_page({**DETAIL, **data}), ARTICLE)
    assert {name: getattr(article, name) for name in expected} == expected


def test_a_state_without_code_is_taken_as_good() -> None:
    markup = page({"articleDetail": {"articleDetailData": {"data": DETAIL}}})
    assert read_article(markup, ARTICLE).title == "A bridge of bamboo"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(article_page(DETAIL, code=4004), id="a code that is not 0"),
        pytest.param(article_page(None), id="no data"),
        pytest.param(article_page({}), id="empty data"),
        pytest.param(page({"articleDetail": {"articleDetailData": None}}), id="no answer"),
        pytest.param(page({"newsflashDetail": {"other": 1}}), id="no answer for a newsflash"),
    ],
)
def test_a_deleted_article_is_no_block(markup: str) -> None:
    with pytest.raises(PageError, match="deleted by 36kr") as refusal:
        read_article(markup, ARTICLE)
    assert not isinstance(refusal.value, BlockedError)


BODY = '<div class="articleDetailContent kr-rich-text-wrapper"><p><a href="/p/1002">It</a> holds.</p></div>'
HEAD = """
    <meta property="article:published_time" content="2022-03-03T14:57:37+08:00">
    <meta name="author" content="Lin"><meta name="description" content="It holds.">
    <meta property="og:image" content="https://img.example/lead.png">
"""
ENCRYPTED = '{"state":"c2VjcmV0","isEncrypt":true}'


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(ENCRYPTED, id="encrypted"),
        pytest.param("{}", id="empty"),
        pytest.param('{"cut": "sho', id="cut short"),
        pytest.param("[1]", id="no object"),
        pytest.param("[" * 100_000, id="too deep"),
    ],
)
def test_an_article_from_its_markup_where_the_state_gives_none(state: str) -> None:
    markup = page(state, f'<h1 class="article-title"> A bridge of bamboo </h1>{BODY}', HEAD)
    assert changes(read_article(markup, ARTICLE)) == {
        "url": ARTICLE,
        "title": "A bridge of bamboo",
        "body": '<p><a href="https://36kr.com/p/1002">It</a> holds.</p>',
        "published": MORNING,
        "authors": ("Lin",),
        "image_url": "https://img.example/lead.png",
        "summary": "It holds.",
    }


def test_an_article_from_markup_of_another_year() -> None:
    markup = page(ENCRYPTED, '<h1>A bridge</h1><div class="article-content"><p>It holds.</p></div>')
    assert changes(read_article(markup, ARTICLE)) == {"url": ARTICLE, "title": "A bridge", "body": "<p>It holds.</p>"}


def test_a_newsflash_from_its_markup_has_no_image() -> None:
    flash = '<h1>Rain</h1><div class="newsflash-item"><div class="item-desc">It rains.</div></div>'
    assert changes(read_article(page(ENCRYPTED, flash, HEAD), FLASH)) == {
        "url": FLASH,
        "title": "Rain",
        "body": "It rains.",
        "published": MORNING,
        "authors": ("Lin",),
        "summary": "It holds.",
    }


BLOCKS = [
    pytest.param("<html><h1>Please wait</h1></html>", "no state in the page", id="a page without state"),
    pytest.param(page('{"isSpider":true}'), "a soft block", id="a page that says we are a spider"),
    pytest.param(page('{ "isSpider" : true}'), "a soft block", id="the same with spaces"),
    pytest.param(page("{}"), "a soft block", id="an empty state"),
    pytest.param(page(ENCRYPTED), "an encrypted page", id="an encrypted state without markup"),
    pytest.param("", "no state in the page", id="an empty page"),
]


@pytest.mark.parametrize(("markup", "reason"), BLOCKS)
def test_a_page_with_neither_state_nor_article_is_a_block(markup: str, reason: str) -> None:
    assert why_blocked(markup) == reason
    with pytest.raises(BlockedError) as article:
        read_article(markup, ARTICLE)
    with pytest.raises(BlockedError) as listing:
        read_listing(markup)
    assert (str(article.value), str(listing.value)) == (reason, reason)


def test_a_page_of_another_kind_is_a_block_too() -> None:
    markup = page({"motifDetailData": {"code": 0}})
    with pytest.raises(BlockedError, match="neither state nor article in the page"):
        read_article(markup, ARTICLE)
    with pytest.raises(BlockedError, match="no listing in the page's state"):
        read_listing(markup)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(article_page(DETAIL), id="an article"),
        pytest.param(page({"information": {"informationList": LISTING}}), id="a listing"),
        pytest.param(page(ENCRYPTED, BODY), id="an encrypted state with the article's markup"),
        pytest.param(BODY, id="markup without state"),
    ],
)
def test_what_is_no_block(markup: str) -> None:
    assert why_blocked(markup) is None


@pytest.mark.parametrize("end", [";", "", "\n", ";window.other={}"])
def test_the_state_ends_where_its_object_ends(end: str) -> None:
    assert read_state(page({"a": "</p>;{}", "b": [1]}, end=end)) == {"a": "</p>;{}", "b": [1]}


def test_a_state_with_line_breaks_in_its_texts_is_read() -> None:
    assert read_state(page('{"a": "b\n\tc"}')) == {"a": "b\n\tc"}


def test_spaces_around_the_equals_sign_do_not_matter() -> None:
    assert read_state("<script>window.initialState \n= {}</script><script>window.initialState={}</script>") == {}
    assert read_state('<script>window.initialState =\n {"a": 1}</script>') == {"a": 1}
