"""Every article leaves the first stage in one form."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from archiver.body import Body
from archiver.items import Article
from archiver.pipelines.normalise import normalise
from tests.samples import article

EAST = timezone(timedelta(hours=8))
MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)


def test_an_article_in_the_form_that_posts_are_written_from() -> None:
    found = Article(
        url="https://town.example:443/news/ferry?utm_source=x#top",
        title="\n The  ferry\u3000runs\u00a0again\t",
        body='<p onclick="run()">After three weeks. <img src="//town.example/ferry.jpg"></p>',
        published=datetime(2026, 3, 9, 15, 30, tzinfo=EAST),
        modified=datetime(2026, 3, 9, 8, 0),  # noqa: DTZ001
        authors=(" Ada  Ferry", "", "Ben Quay", "Ada Ferry", " \n"),
        categories=(" web ", "town", "local  news"),
        site="town",
        channel="news",
        image_url="https://img.example/declared.jpg",
        language="zh_CN",
        summary=" After\n three weeks. ",
        tags=("harbour ", "", "harbour", "ferry"),
        fetched=MORNING,
    )
    assert normalise(found) == Article(
        url="https://town.example/news/ferry",
        title="The ferry runs again",
        body=Body('<p>After three weeks. <img src="https://town.example/ferry.jpg" referrerpolicy="no-referrer"></p>'),
        published=MORNING,
        modified=datetime(2026, 3, 9, 8, 0, tzinfo=UTC),
        authors=("Ada Ferry", "Ben Quay"),
        categories=("web", "town", "local news"),
        site="town",
        channel="news",
        image_url="https://town.example/ferry.jpg",
        language="zh-CN",
        summary="After three weeks.",
        tags=("harbour", "ferry"),
        fetched=MORNING,
    )


def test_an_article_that_says_nothing_stays_so() -> None:
    found = Article(
        url="https://town.example/", title=" \n", body="<script>run()</script>", summary=" ", fetched=MORNING
    )
    assert normalise(found) == Article(url="https://town.example/", title="", body="", fetched=MORNING)


def test_once_more_changes_nothing() -> None:
    once = normalise(article(title=" a ", body='<img data-src="a.jpg"> ', language="en_us", authors=(" a", "a ")))
    assert normalise(once) == once


def test_the_article_that_came_in_is_not_touched() -> None:
    found = article(title=" a ", tags=(" b ",))
    normalise(found)
    assert found == article(title=" a ", tags=(" b ",))


def test_a_body_that_was_cleaned_is_not_cleaned_again() -> None:
    body = Body('<a href="relative">x</a>')
    assert normalise(article(body=body)).body is body


@pytest.mark.parametrize(
    ("body", "declared", "image"),
    [
        pytest.param(
            '<img src="a.jpg"><img src="b.jpg">',
            "https://i.example/c.jpg",
            "https://town.example/news/a.jpg",
            id="the first image of the body",
        ),
        pytest.param("text", "https://i.example/c.jpg", "https://i.example/c.jpg", id="else what the page declares"),
        pytest.param("text", None, None, id="else none"),
        pytest.param('<img src="data:image/png;base64,AA">', None, None, id="one in the text itself is none to fetch"),
        pytest.param("text", "data:image/png;base64,AA", None, id="nor is a declared one"),
        pytest.param("text", "javascript:run()", None, id="a script is none"),
        pytest.param(
            "text",
            "https://i.example/{a} b.jpg?x=1&y=2",
            "https://i.example/%7Ba%7D%20b.jpg?x=1&y=2",
            id="braces and spaces are percent-encoded, its query is kept",
        ),
    ],
)
def test_the_header_image(body: str, declared: str | None, image: str | None) -> None:
    assert normalise(article(body=body, image_url=declared)).image_url == image


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("en", "en"),
        ("zh-Hans-CN", "zh-Hans-CN"),
        (" zh_TW ", "zh-TW"),
        ("", None),
        (None, None),
        ("english language", None),
        ("e", None),
        ("en-", None),
        ("en; q=1", None),
    ],
)
def test_languages(language: str | None, tag: str | None) -> None:
    assert normalise(article(language=language)).language == tag


@pytest.mark.parametrize("url", ["", "/news/ferry", "ftp://town.example/a"])
def test_an_article_without_a_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a web address"):
        normalise(article(url=url))
