"""What a page declares about its article, and which declaration is trusted before which."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata import Metadata, read_metadata

PAGE = "https://town.example/news/ferry"
NOTHING = Metadata(
    title=None,
    published=None,
    modified=None,
    authors=(),
    image_url=None,
    summary=None,
    language=None,
    tags=(),
)
MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
EVENING = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)


def read(markup: str) -> Metadata:
    return read_metadata(LexborHTMLParser(markup), PAGE)


def linked(**fields: Any) -> str:
    """A script with the JSON-LD of an article."""
    return script({"@context": "https://schema.org", "@type": "NewsArticle", **fields})


def script(data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_a_page_that_declares_nothing() -> None:
    assert read("<p>The ferry runs again.</p>") == NOTHING
    assert read("") == NOTHING


def test_json_ld() -> None:
    markup = linked(
        headline=" The ferry runs again ",
        datePublished="2026-03-09T15:30:00+08:00",
        dateModified="2026-03-09T18:00:00Z",
        author=[{"@type": "Person", "name": "Ada Ferry"}, "Ben Quay"],
        image=[{"@type": "ImageObject", "url": "/ferry.jpg"}],
        description="After three weeks.",
        inLanguage="en-GB",
        keywords=["harbour", " ferry "],
    )
    found = read(markup)
    assert found == Metadata(
        title="The ferry runs again",
        published=MORNING,
        modified=EVENING,
        authors=("Ada Ferry", "Ben Quay"),
        image_url="https://town.example/ferry.jpg",
        summary="After three weeks.",
        language="en-GB",
        tags=("harbour", "ferry"),
    )
    assert found.published is not None
    assert found.published.tzinfo == timezone(timedelta(hours=8))


def test_open_graph_and_other_meta_tags() -> None:
    markup = """
        <meta property="og:title" content=" The ferry runs again ">
        <meta property="article:published_time" content="2026-03-09T07:30:00Z">
        <meta property="article:modified_time" content="2026-03-09T18:00:00Z">
        <meta name="author" content="Ada Ferry">
        <meta property="og:image" content="//img.example/ferry.jpg">
        <meta name="description" content="After three weeks.">
        <meta http-equiv="Content-Language" content="en">
        <meta name="Keywords" content="harbour, ferry，，weather">
    """
    assert read(markup) == Metadata(
        title="The ferry runs again",
        published=MORNING,
        modified=EVENING,
        authors=("Ada Ferry",),
        image_url="https://img.example/ferry.jpg",
        summary="After three weeks.",
        language="en",
        tags=("harbour", "ferry", "weather"),
    )


def test_json_ld_is_trusted_before_meta_tags_field_by_field() -> None:
    markup = """
        <html lang="de">
        <meta property="og:title" content="Town news"><meta property="og:description" content="After three weeks.">
        <meta name="author" content="Newsroom"><meta property="og:locale" content="fr_FR">
    """ + linked(headline="The ferry runs again", author={"name": "Ada Ferry"})
    found = read(markup)
    assert (found.title, found.authors, found.summary, found.language) == (
        "The ferry runs again",
        ("Ada Ferry",),
        "After three weeks.",
        "de",
    )


NAMES = {
    "title": ['property="og:title"', 'name="twitter:title"', 'name="title"'],
    "published": [
        *('property="article:published_time"', 'property="og:article:published_time"', 'itemprop="datePublished"'),
        *('name="datePublished"', 'name="pubdate"', 'name="publishdate"', 'name="DC.date.issued"', 'name="date"'),
    ],
    "modified": ['property="article:modified_time"', 'property="og:updated_time"', 'itemprop="dateModified"'],
    "authors": ['name="author"', 'property="article:author"', 'name="DC.creator"', 'itemprop="author"'],
    "image_url": [
        *('property="og:image:secure_url"', 'property="og:image:url"', 'property="og:image"', 'name="og:image"'),
        *('name="twitter:image"', 'property="twitter:image"', 'itemprop="image"'),
    ],
    "summary": ['property="og:description"', 'name="description"', 'name="twitter:description"'],
    "language": ['property="og:locale"', 'http-equiv="content-language"'],
    "tags": ['name="keywords"', 'name="news_keywords"'],
}


@pytest.mark.parametrize(("field", "names"), NAMES.items(), ids=NAMES)
def test_the_names_of_meta_tags_most_trusted_first(field: str, names: list[str]) -> None:
    dated = field in ("published", "modified")
    contents = [f"2026-03-{day:02}" if dated else f"https://town.example/{day}" for day in range(1, len(names) + 1)]
    tags = [f'<meta {name} content="{content}">' for name, content in zip(names, contents, strict=True)]
    for first, content in enumerate(contents):
        found = getattr(read("".join(reversed(tags[first:]))), field)
        found = found[0] if isinstance(found, tuple) else found
        assert str(found).removesuffix(" 00:00:00+00:00") == content


@pytest.mark.parametrize(
    "kind",
    [
        *("NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"),
        *("TechArticle", "ScholarlyArticle", "Report", "LiveBlogPosting", "SocialMediaPosting"),
    ],
)
def test_the_kinds_of_articles_in_json_ld(kind: str) -> None:
    assert read(script({"@type": kind, "headline": "a"})).title == "a"


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        pytest.param("<title>a</title><h1> b <i>c</i></h1>", "b c", id="the heading before the title"),
        pytest.param("<title> a </title><h1> </h1>", "a", id="the title where the heading is empty"),
        pytest.param('<h1>b</h1><meta name="twitter:title" content="c">', "c", id="a meta tag before the heading"),
        pytest.param(
            '<meta name=title content=a><meta property="og:title" content=b>', "b", id="Open Graph before others"
        ),
        pytest.param('<meta property="og:title" content=" "><h1>b</h1>', "b", id="an empty meta tag is none"),
        pytest.param(
            '<meta property="og:title" content=a><meta property="og:title" content=b>', "a", id="the first of two"
        ),
        pytest.param('<meta name="OG:Title" property="" content=a><h1>b</h1>', "b", id="a name that is not the one"),
    ],
)
def test_titles(markup: str, title: str) -> None:
    assert read(markup).title == title


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        pytest.param('<time datetime="2026-03-09T07:30Z">today</time>', MORNING, id="the first <time>"),
        pytest.param(
            '<time datetime="2026-03-01"></time><meta itemprop="datePublished" content="2026-03-09 07:30">',
            MORNING,
            id="a meta tag before <time>",
        ),
        pytest.param(
            linked(datePublished="soon") + '<meta name="pubdate" content="2026-03-09 07:30">',
            MORNING,
            id="a meta tag where JSON-LD has no date",
        ),
        pytest.param(linked(datePublished=["2026-03-09T07:30Z"]), MORNING, id="a list of one"),
        pytest.param(linked(datePublished={"@value": "2026-03-09T07:30Z"}), MORNING, id="a typed value"),
        pytest.param(linked(datePublished=1773041400), None, id="a number is no date"),
        pytest.param("<time>2026-03-09</time>", None, id="a <time> without attribute is none"),
    ],
)
def test_dates(markup: str, published: datetime | None) -> None:
    assert read(markup).published == published


def test_a_date_without_zone_is_taken_in_the_sites() -> None:
    page = LexborHTMLParser('<meta name="date" content="2026-03-09 15:30">')
    assert read_metadata(page, PAGE, ZoneInfo("Asia/Shanghai")).published == MORNING


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        pytest.param(linked(image="a.jpg"), "https://town.example/news/a.jpg", id="a text"),
        pytest.param(linked(image={"@id": "/a.jpg"}), "https://town.example/a.jpg", id="a name that is an address"),
        pytest.param(linked(image={"contentUrl": "/a.jpg"}), "https://town.example/a.jpg", id="an object"),
        pytest.param(
            linked(image=[]) + '<meta property="og:image" content="/b.jpg">',
            "https://town.example/b.jpg",
            id="an empty list",
        ),
        pytest.param(linked(image={"url": 5}), None, id="an object without address"),
        pytest.param(
            linked(image="data:image/png;base64,AA") + '<meta property="og:image" content="/b.jpg">',
            "https://town.example/b.jpg",
            id="one that cannot be fetched is passed over",
        ),
        pytest.param('<meta property="og:image" content="javascript:run()">', None, id="a script is none"),
        pytest.param(
            '<meta property="og:image" content="http://i.example/a.jpg">'
            '<meta property="og:image:secure_url" content="https://i.example/a.jpg">',
            "https://i.example/a.jpg",
            id="the secure one first",
        ),
        pytest.param(
            '<base href="https://cdn.example/x/"><meta name="twitter:image" content="a.jpg">',
            "https://cdn.example/x/a.jpg",
            id="relative to the base",
        ),
        pytest.param(
            '<meta property="og:image" content="https://i.example/{a}.jpg?x=1&amp;y=2">',
            "https://i.example/{a}.jpg?x=1&y=2",
            id="its query is kept",
        ),
    ],
)
def test_images(markup: str, image: str | None) -> None:
    assert read(markup).image_url == image


@pytest.mark.parametrize(
    ("data", "title"),
    [
        pytest.param({"@type": "Article", "headline": "a"}, "a", id="alone"),
        pytest.param([{"@type": "Organization"}, {"@type": "BlogPosting", "headline": "a"}], "a", id="in a list"),
        pytest.param({"@graph": [{"@type": "WebPage"}, {"@type": "Report", "headline": "a"}]}, "a", id="in a graph"),
        pytest.param({"@type": ["Thing", "TechArticle"], "headline": "a"}, "a", id="of two types"),
        pytest.param({"@type": "WebPage", "headline": "a"}, None, id="of another type"),
        pytest.param({"headline": "a"}, None, id="of no type"),
        pytest.param(["NewsArticle", 5, None], None, id="no object"),
        pytest.param({"@type": "Article", "headline": ["a", "b"]}, "a", id="with two headlines"),
        pytest.param({"@type": "Article", "headline": 5}, None, id="with a number for a headline"),
        pytest.param({"@type": "Article", "headline": "  "}, None, id="with an empty headline"),
    ],
)
def test_an_article_in_json_ld(data: Any, title: str | None) -> None:
    assert read(script(data)).title == title


@pytest.mark.parametrize(
    "text",
    ["", "{", "var x = 1", "[" * 100_000, '"NewsArticle"', '{"@type": "NewsArticle", "headline": "a" "b"}'],
    ids=["empty", "cut short", "no JSON", "a hundred thousand lists", "a text", "a comma missing"],
)
def test_json_ld_that_cannot_be_read_is_passed_over(text: str) -> None:
    markup = f'<script type="application/ld+json">{text}</script>'
    assert read(markup) == NOTHING
    assert read(markup + linked(headline="a")).title == "a"


def test_json_ld_with_line_breaks_in_its_texts_is_read() -> None:
    markup = '<script type="application/ld+json">{"@type": "Article", "headline": "a\n\tb"}</script>'
    assert read(markup).title == "a\n\tb"


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        pytest.param("Ada Ferry", ("Ada Ferry",), id="a text"),
        pytest.param({"name": "Ada Ferry"}, ("Ada Ferry",), id="a person"),
        pytest.param([{"name": "Ada"}, {"name": " "}, None, 5, "Ben"], ("Ada", "Ben"), id="some without a name"),
        pytest.param([], ("Newsroom",), id="none: the meta tag"),
    ],
)
def test_authors(author: Any, authors: tuple[str, ...]) -> None:
    assert read(linked(author=author) + '<meta name="author" content="Newsroom">').authors == authors


@pytest.mark.parametrize(
    ("keywords", "tags"),
    [
        pytest.param("harbour, ferry，weather,", ("harbour", "ferry", "weather"), id="a text with commas"),
        pytest.param(["harbour, old", 5, " "], ("harbour, old",), id="a list, whose commas belong to the words"),
        pytest.param(None, ("news",), id="none: the meta tag"),
    ],
)
def test_tags(keywords: Any, tags: tuple[str, ...]) -> None:
    assert read(linked(keywords=keywords) + '<meta name="news_keywords" content="news">').tags == tags
