"""Answers of load-more addresses, as sites give them, and what each lists."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extract.section.more import read_more
from archiver.urls import is_web

SITE = "https://paper.example"
MARCH = datetime(2026, 3, 9, 10, tzinfo=UTC)


def posts(first: int = 1, count: int = 3, **more: Any) -> list[dict[str, Any]]:
    """Entries as most sites name their fields."""
    return [
        {"id": n, "title": f"A story about the harbour {n}", "url": f"/n/{n}.html", **more}
        for n in range(first, first + count)
    ]


def paths(answer: Any, url: str = "/api/n?page=2") -> list[str]:
    """The addresses that an answer lists."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return [card.url.removeprefix(SITE) for card in read_more(text, SITE + url)[0]]


def following(answer: Any, url: str = "/api/n?page=2") -> str | None:
    """Where an answer says it goes on."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    found = read_more(text, SITE + url)[1]
    return found and found.removeprefix(SITE)


THREE = ["/n/1.html", "/n/2.html", "/n/3.html"]


def test_wordpress() -> None:
    entries = [
        {
            "id": 7,
            "date": "2026-03-09T11:00:00",
            "date_gmt": "2026-03-09T10:00:00",
            "guid": {"rendered": f"{SITE}/?p=7"},
            "link": f"{SITE}/2026/03/the-ferry/",
            "title": {"rendered": "The ferry &#8220;Ada&#8221; <em>runs</em>"},
            "content": {"rendered": "<p><a href='/x/another-story-of-ours'>Another</a></p>"},
            "_links": {"self": [{"href": f"{SITE}/wp-json/wp/v2/posts/7"}]},
        }
    ]
    cards, onward = read_more(json.dumps(entries), f"{SITE}/wp-json/wp/v2/posts?page=1")
    assert [(card.url, card.title, card.published) for card in cards] == [
        (f"{SITE}/2026/03/the-ferry/", "The ferry “Ada” runs", MARCH)
    ]
    assert onward == f"{SITE}/wp-json/wp/v2/posts?page=2"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(posts(), id="a bare list"),
        pytest.param({"code": 0, "data": {"list": posts(), "hasMore": True}}, id="data and list"),
        pytest.param({"data": {"feed": {"edges": [{"node": post} for post in posts()]}}}, id="edges and nodes"),
        pytest.param({"html": "".join(f'<li><a href="{p["url"]}">{p["title"]}</a>' for p in posts())}, id="html"),
        pytest.param("".join(f'<li><a href="{p["url"]}">{p["title"]}</a></li>' for p in posts()), id="bare html"),
        pytest.param(json.dumps("".join(f'<a href="{p["url"]}">{p["title"]}</a>' for p in posts())), id="a text"),
        pytest.param(f"/**/ jQuery123_45({json.dumps(posts())});", id="JSONP"),
        pytest.param("\ufeff" + json.dumps(posts()), id="a byte order mark"),
        pytest.param("".join(f'<tr><td><a href="{p["url"]}">{p["title"]}</a>' for p in posts()), id="rows"),
        pytest.param({"list": posts(author={"name": "Ada Lovelace", "url": "/people/ada"})}, id="authors within"),
        pytest.param({"section": {"title": "News", "url": "/n/"}, "items": posts()}, id="a section around"),
    ],
)
def test_the_articles_of_an_answer(answer: Any) -> None:
    assert paths(answer) == THREE


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2026-03-09T10:00:00Z", MARCH),
        ("2026-03-09 18:00:00", MARCH),
        (1773050400, MARCH),
        (1773050400000, MARCH),
        ("1773050400", MARCH),
        ("03-09", None),
        ("", None),
        (None, None),
        (True, None),
        (5, None),
        (10**400, None),
        (float("inf"), None),
        (["2026-03-09"], None),
    ],
)
def test_dates_in_many_forms(value: Any, published: datetime | None) -> None:
    text = json.dumps(posts(publish_time=value))
    cards, _ = read_more(text, f"{SITE}/api/n?page=2", ZoneInfo("Asia/Shanghai"))
    assert [card.published for card in cards] == [published] * 3


@pytest.mark.parametrize(
    ("url", "around", "onward"),
    [
        pytest.param("/api/n?page=2", {}, "/api/n?page=3", id="the number in the address"),
        pytest.param("/api/n?offset=6&limit=3", {}, "/api/n?offset=9&limit=3", id="the offset in the address"),
        pytest.param("/n/more/page/2", {}, "/n/more/page/3", id="the number in the path"),
        pytest.param("/api/n", {}, None, id="nothing tells"),
        pytest.param("/api/n", {"hasMore": True}, "/api/n?page=2", id="only that there is more"),
        pytest.param("/api/n?page=2", {"hasMore": False}, None, id="no more"),
        pytest.param("/api/n?page=2", {"is_end": 1}, None, id="the end"),
        pytest.param("/api/n?page=2", {"total_pages": 2}, None, id="the last of two"),
        pytest.param("/api/n?page=2", {"totalPages": "3"}, "/api/n?page=3", id="the second of three"),
        pytest.param("/api/n", {"next": "/api/n?page=7"}, "/api/n?page=7", id="an address"),
        pytest.param("/api/n", {"links": {"next": {"href": "/api/n?p=7"}}}, "/api/n?p=7", id="an address within"),
        pytest.param("/api/n", {"next": "https://other.example/n"}, None, id="an address elsewhere"),
        pytest.param("/api/n", {"next": None}, None, id="no next"),
        pytest.param("/api/n?cursor=a", {"nextCursor": "b c"}, "/api/n?cursor=b+c", id="a cursor"),
        pytest.param("/api/n", {"endCursor": "b", "hasNextPage": True}, "/api/n?after=b", id="a cursor of edges"),
        pytest.param("/api/n?max_id=9", {"last_id": 4}, "/api/n?max_id=4", id="the last number"),
        pytest.param("/api/n?page=2", {"cursor": ""}, "/api/n?page=3", id="an empty cursor"),
        pytest.param("/api/n", {"nextPage": 4}, "/api/n?page=4", id="the next number"),
        pytest.param("/api/n?page=2", {"nextCursor": "\ud800"}, "/api/n?page=2&cursor=%3F", id="half a character"),
        pytest.param("/api/n?page=2", {"total_pages": [9], "pages": {"a": 1}}, "/api/n?page=3", id="odd totals"),
    ],
)
def test_where_an_answer_goes_on(url: str, around: dict[str, Any], onward: str | None) -> None:
    assert following({"list": posts(), **around}, url) == onward


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", "null", "5", '"', '{"data": {"list": [], "next": "/api/n?page=9"}}']
)
def test_an_answer_without_articles_is_the_end(answer: str) -> None:
    assert read_more(answer, f"{SITE}/api/n?page=2") == ((), None)


def test_a_piece_of_html_goes_on_by_its_own_link() -> None:
    html = "".join(f'<li><h3><a href="{p["url"]}">{p["title"]}</a></h3></li>' for p in posts())
    assert following(f'{html}<a href="/n/ajax?cursor=b">Next</a>', "/n/ajax?cursor=a") == "/n/ajax?cursor=b"
    assert following(html, "/n/ajax?page=4") == "/n/ajax?page=5"


HOSTILE = {
    "deep lists": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 500 + "{}" + "}" * 500,
    "an endless list": json.dumps([[]] * 400_000),
    "many entries": json.dumps(posts(count=20_000)),
    "wrong types": json.dumps([{"url": 5, "title": ["a"]}, {"url": {"href": 7}, "title": {"rendered": 5}}, None, 1.5]),
    "addresses of nowhere": json.dumps([{"url": "http://[", "title": "x"}, {"url": "javascript:a()", "title": "y"}]),
    "a long number": '{"list": [], "total": ' + "9" * 6000 + "}",
    "no numbers": '[{"title": "A story about the harbour", "url": "/n/1.html", "date": NaN, "time": Infinity}]',
    "a tag that never ends": json.dumps("<a " * 200_000),
    "a script's brackets": "a" * 99 + "(" * 200_000,
    "a title that is long": json.dumps(posts(title="<" * 500_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_answers_are_read_in_time(text: str) -> None:
    began = time.process_time()
    cards, _ = read_more(text, f"{SITE}/api/n?page=2")
    assert len(cards) <= 2000
    assert time.process_time() - began < 30


KEYS = st.sampled_from("url link title name date next cursor nextPage hasMore total_pages list data html href".split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["/n/1.html", "http://[", "?page=2", "05-13", "A story about boats", "<a href='/n/2'>A story</a>"]),
)
ANSWERS = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@settings(max_examples=150, deadline=None)
@given(
    ANSWERS, st.sampled_from(["/a?page=²", "/a?page=٣", "/p/2", "?offset=9", "/x?cursor=1&after=2", ":99999/", "//["])
)
def test_no_answer_raises(answer: Any, end: str) -> None:
    for text, url in ((json.dumps(answer), f"https://paper.example{end}"), (str(answer), end)):
        cards, onward = read_more(text, url)
        assert all(is_web(address) for address in (*(card.url for card in cards), *filter(None, [onward])))
