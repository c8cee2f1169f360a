"""What a page tells about its article, and which source is trusted before which."""

import json
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata import Metadata, complete_metadata, read_metadata
from archiver.extract.metadata.canonical import plausible_canonical

PAGE = "https://town.example/news/ferry"
NOTHING = Metadata()
MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
EVENING = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def read(markup: str, url: str = PAGE) -> Metadata:
    return read_metadata(LexborHTMLParser(markup), url)


def complete(markup: str, url: str = PAGE, container: str = "") -> Metadata:
    """What is known of a page whose body is at a selector."""
    page = LexborHTMLParser(markup)
    node = page.css_first(container) if container else None
    before = page.html
    found = complete_metadata(read_metadata(page, url), page, url, container=node, now=NOW)
    assert page.html == before, "the page was changed"
    return found


def linked(**fields: Any) -> str:
    """A script with the JSON-LD of an article."""
    return script({"@context": "https://schema.org", "@type": "NewsArticle", **fields})


def script(data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_a_page_that_declares_nothing() -> None:
    assert read("<p>The ferry runs again.</p>") == NOTHING
    assert read("") == NOTHING
    assert complete("") == NOTHING
    assert NOTHING.image_url is None


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
        articleSection=["News", "Harbour"],
        publisher={"@type": "Organization", "name": "Town News"},
        articleBody="The ferry runs again since this morning.",
    )
    found = read(markup)
    assert found == Metadata(
        title="The ferry runs again",
        published=MORNING,
        modified=EVENING,
        authors=("Ada Ferry", "Ben Quay"),
        images=("https://town.example/ferry.jpg",),
        summary="After three weeks.",
        language="en-GB",
        tags=("harbour", "ferry"),
        sections=("News", "Harbour"),
        site_name="Town News",
        kinds=("NewsArticle",),
        article_body="The ferry runs again since this morning.",
    )
    assert found.image_url == "https://town.example/ferry.jpg"
    assert found.published is not None
    assert found.published.tzinfo == timezone(timedelta(hours=8))
    assert found.reasons["published"] == "JSON-LD datePublished"


def test_open_graph_and_other_meta_tags() -> None:
    markup = """
        <meta property="og:title" content=" The ferry runs again ">
        <meta property="og:type" content="article"><meta property="og:site_name" content="Town News">
        <meta property="article:published_time" content="2026-03-09T07:30:00Z">
        <meta property="article:modified_time" content="2026-03-09T18:00:00Z">
        <meta property="article:section" content="Harbour">
        <meta name="author" content="Ada Ferry">
        <meta property="og:image" content="//img.example/ferry.jpg">
        <meta name="description" content="After three weeks.">
        <meta http-equiv="Content-Language" content="en">
        <meta name="Keywords" content="harbour, ferry，，weather">
        <link rel="canonical" href="/news/ferry">
    """
    assert read(markup) == Metadata(
        title="The ferry runs again",
        published=MORNING,
        modified=EVENING,
        authors=("Ada Ferry",),
        images=("https://img.example/ferry.jpg",),
        summary="After three weeks.",
        language="en",
        tags=("harbour", "ferry", "weather"),
        sections=("Harbour",),
        site_name="Town News",
        canonical=PAGE,
        kinds=("article",),
    )


MICRODATA = """
    <div itemscope itemtype="http://schema.org/Article"><meta itemprop="inLanguage" content="en">
    <h1 itemprop="headline">The ferry runs again</h1>
    <a itemprop="author" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Ada Ferry</span></a>
    <span itemprop="author" itemscope itemtype="http://schema.org/Person">Ben Quay</span>
    <time itemprop="datePublished" datetime="2026-03-09T07:30Z">today</time>
    <img itemprop="image" data-src="/ferry.jpg" src="blank.gif">
    <div itemprop="publisher" itemscope itemtype="http://schema.org/Organization"><b itemprop="name">Town News</b></div>
    <div itemprop="articleBody"><p>The ferry</p><p>runs again.</p></div>
    <div itemprop="comment" itemscope itemtype="http://schema.org/Comment"><b itemprop="author">A reader</b></div></div>
"""


@pytest.mark.parametrize(
    "markup",
    [
        MICRODATA,
        MICRODATA.replace("itemscope itemtype", "typeof").replace("itemprop", "property"),
        MICRODATA.replace("itemscope itemtype", "typeof").replace('itemprop="', 'property="schema:'),
    ],
    ids=["microdata", "RDFa Lite", "RDFa with a prefix"],
)
def test_items_in_the_markup(markup: str) -> None:
    found = read(markup)
    assert (found.title, found.authors, found.published) == (
        "The ferry runs again",
        ("Ada Ferry", "Ben Quay"),
        MORNING,
    )
    assert (found.images, found.article_body, found.site_name, found.language) == (
        ("https://town.example/ferry.jpg",),
        "The ferry runs again.",
        "Town News",
        "en",
    )


def test_rdfa_of_drupal_7() -> None:
    markup = (
        '<div typeof="sioc:Item foaf:Document schema:Article"><span property="dc:title" content="The ferry"></span>'
        '<span property="dc:date dc:created" content="2026-03-09T07:30:00Z">Mon</span></div>'
    )
    assert (read(markup).title, read(markup).published) == ("The ferry", MORNING)


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
    "title": "og:title twitter:title parsely-title sailthru.title dc.title",
    "published": (
        "article:published_time og:article:published_time datePublished parsely-pub-date sailthru.date DC.date.issued"
        " pubdate publishdate og:release_date DC.date date"
    ),
    "modified": "article:modified_time og:updated_time dateModified DC.date.modified",
    "authors": "author article:author parsely-author sailthru.author DC.creator byl",
    "images": "og:image:secure_url og:image:url og:image twitter:image image thumbnail",
    "summary": "og:description description twitter:description",
    "language": "og:locale content-language",
    "tags": "article:tag keywords news_keywords",
    "sections": "article:section parsely-section",
    "site_name": "og:site_name application-name",
}
CONTENTS = {
    "authors": ["Ada Ferry", "Ben Quay", "Cy Dock", "Dot Wharf Pier", "Eve Buoy", "Flo Tide"],
    "site_name": ["Town News", "Harbour Post"],
    "language": ["en-GB", "de-AT"],
}


@pytest.mark.parametrize("attribute", ["property", "name", "itemprop"])
@pytest.mark.parametrize(("field", "names"), NAMES.items(), ids=NAMES)
def test_the_names_of_meta_tags_most_trusted_first(field: str, names: str, attribute: str) -> None:
    dated = field in ("published", "modified")
    spare = [f"2026-03-{day:02}" if dated else f"https://town.example/{day}" for day in range(1, 20)]
    tags = [(name, CONTENTS.get(field, spare)[number]) for number, name in enumerate(names.split())]
    for first, (_, content) in enumerate(tags):
        markup = "".join(f'<meta {attribute}="{name}" content="{held}">' for name, held in reversed(tags[first:]))
        found = getattr(read(markup), field)
        found = found[0] if isinstance(found, tuple) else found
        assert str(found).removesuffix(" 00:00:00+00:00") == content


@pytest.mark.parametrize(
    "kind",
    [
        *("NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"),
        *("TechArticle", "ScholarlyArticle", "Report", "LiveBlogPosting", "SocialMediaPosting"),
        *("http://schema.org/NewsArticle", "schema:Article", "newsarticle"),
    ],
)
def test_the_kinds_of_articles_in_json_ld(kind: str) -> None:
    assert read(script({"@type": kind, "headline": "a"})).title == "a"


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
            '<time datetime="2026-03-01"></time><time class="entry-date published" datetime="2026-03-09 07:30"></time>',
            MORNING,
            id="a <time> that says so before another",
        ),
        pytest.param(
            linked(datePublished="soon") + '<meta name="pubdate" content="2026-03-09 07:30">',
            MORNING,
            id="a meta tag where JSON-LD has no date",
        ),
        pytest.param(linked(datePublished=["2026-03-09T07:30Z"]), MORNING, id="a list of one"),
        pytest.param(linked(datePublished={"@value": "2026-03-09T07:30Z"}), MORNING, id="a typed value"),
        pytest.param(linked(dateCreated="2026-03-09T07:30Z"), MORNING, id="when it was created, for want of better"),
        pytest.param(linked(dateModified="2026-03-09T07:30Z"), None, id="never when it was changed"),
        pytest.param(
            script({"@type": "WebPage", "datePublished": "2026-03-09T07:30Z"}), MORNING, id="the page in JSON-LD"
        ),
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
    ("markup", "url", "published", "reason"),
    [
        pytest.param(
            linked(datePublished="2026-03-09T07:30Z") + "<h1>The ferry</h1><p>1 January 2026</p>",
            PAGE,
            MORNING,
            "JSON-LD datePublished",
            id="what is declared stays",
        ),
        pytest.param(
            linked(datePublished="2027-01-01T00:00Z") + "<h1>The ferry</h1><p>9 March 2026, 07:30</p>",
            PAGE,
            MORNING,
            "date beside the headline",
            id="a declared date to come gives way to the one that is shown",
        ),
        pytest.param(
            "<h1>The ferry</h1><p>1 January 2026</p>",
            "https://town.example/2026/03/09/ferry",
            datetime(2026, 3, 9, tzinfo=UTC),
            "date in the address",
            id="the address outweighs a shown date that differs",
        ),
        pytest.param(
            "<h1>The ferry</h1><p>9 March 2026, 07:30</p>",
            "https://town.example/2026/03/09/ferry",
            MORNING,
            "date beside the headline",
            id="a shown date that the address confirms has the time",
        ),
        pytest.param(
            "<h1>The ferry</h1>",
            "https://town.example/t20260309_12345.html",
            datetime(2026, 3, 9, tzinfo=UTC),
            "date in the address",
            id="the address alone",
        ),
        pytest.param(
            "<h1>The ferry</h1>",
            "https://town.example/202603/09/A12.html",
            datetime(2026, 3, 9, tzinfo=UTC),
            "date in the address",
            id="year and month together in the address",
        ),
        pytest.param(
            '<h1>The ferry</h1><script>var page = {"publishTime": "2026-03-09 07:30"}</script>',
            PAGE,
            MORNING,
            "date in the page's data",
            id="the data of a script, for want of anything else",
        ),
        pytest.param("<h1>The ferry</h1><footer>© 2026 Town News</footer>", PAGE, None, "", id="a copyright is none"),
        pytest.param(
            "<h1>The ferry</h1>", "https://town.example/20261399/1234567890", None, "", id="a number is no date"
        ),
    ],
)
def test_dates_that_give_way(markup: str, url: str, published: datetime | None, reason: str) -> None:
    found = complete(f"<body>{markup}</body>", url)
    assert (found.published, found.reasons.get("published", "")) == (published, reason)


@pytest.mark.parametrize(
    ("data", "title"),
    [
        pytest.param({"@type": "Article", "headline": "a"}, "a", id="alone"),
        pytest.param([{"@type": "Organization"}, {"@type": "BlogPosting", "headline": "a"}], "a", id="in a list"),
        pytest.param({"@graph": [{"@type": "WebPage"}, {"@type": "Report", "headline": "a"}]}, "a", id="in a graph"),
        pytest.param({"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "a"}}, "a", id="main entity"),
        pytest.param({"@type": ["Thing", "TechArticle"], "headline": "a"}, "a", id="of two types"),
        pytest.param({"@type": "Article", "name": "a"}, "a", id="with a name for a headline"),
        pytest.param({"@type": "Article", "headline": "a &amp;amp; b <em>c</em>"}, "a & b c", id="escaped twice"),
        pytest.param({"@type": "WebPage", "headline": "a"}, None, id="of another type"),
        pytest.param({"headline": "a"}, None, id="of no type"),
        pytest.param(["NewsArticle", 5, None], None, id="no object"),
        pytest.param({"@type": "Article", "headline": ["a", "b"]}, "a", id="with two headlines"),
        pytest.param({"@type": "Article", "headline": 5}, None, id="with a number for a headline"),
        pytest.param({"@type": "Article", "headline": "  "}, None, id="with an empty headline"),
        pytest.param(
            [
                {"@type": "Article", "url": "https://town.example/news/tide", "headline": "b"},
                {"@type": "Article", "mainEntityOfPage": {"@id": f"{PAGE}/?utm_source=feed"}, "headline": "a"},
            ],
            "a",
            id="the one at the page's address, though another comes first",
        ),
        pytest.param(
            {"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "b"}]},
            None,
            id="not one of a list",
        ),
        pytest.param(
            {"@type": "Article", "headline": "a", "hasPart": {"@type": "Article", "headline": "b", "url": PAGE}},
            "a",
            id="not a part of it that only seems to be at the page's address",
        ),
        pytest.param(
            {"@type": "Article", "url": "https://town.example/news/tide", "headline": "b"},
            None,
            id="not the only one, where that is at another address",
        ),
    ],
)
def test_an_article_in_json_ld(data: Any, title: str | None) -> None:
    assert read(script(data)).title == title


def test_two_descriptions_of_one_article_complete_each_other() -> None:
    markup = linked(headline="a", url=PAGE) + linked(headline="a", author="Ada Ferry") + linked(author="Ben Quay")
    found = read(markup)
    assert (found.title, found.authors) == ("a", ("Ada Ferry",))


def test_references_in_a_graph_are_followed() -> None:
    graph = [
        {"@type": "Article", "headline": "a", "author": {"@id": "#ada"}, "image": {"@id": "#picture"}},
        {"@type": "Person", "@id": "#ada", "name": "Ada Ferry"},
        {"@type": "ImageObject", "@id": "#picture", "url": "/ferry.jpg"},
    ]
    found = read(script({"@graph": graph}))
    assert (found.authors, found.image_url) == (("Ada Ferry",), "https://town.example/ferry.jpg")


BROKEN = {
    "a comma too many": '{"@type": "Article", "headline": "a", "author": ["Ada Ferry",],}',
    "a comma missing": '{"@type": "Article", "headline": "a"\n "author": "Ada Ferry"}',
    "quotes inside a text": '{"@type": "Article", "headline": "a", "description": "b "c", d", "author": "Ada Ferry"}',
    "line breaks inside a text": '{"@type": "Article", "headline": "a", "x": "b\n\tc", "author": "Ada Ferry"}',
    "a wrong escape": '{"@type": "Article", "headline": "a", "x": "b\\\'c \\d", "author": "Ada Ferry"}',
    "CDATA": '//<![CDATA[\n{"@type": "Article", "headline": "a", "author": "Ada Ferry"}\n//]]>',
    "an HTML comment": '<!-- {"@type": "Article", "headline": "a", "author": "Ada Ferry"} -->',
    "comments": '{"@type": "Article", // kind\n "headline": "a", /* who */ "author": "Ada Ferry"}',
    "escaped as HTML": "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;a&quot;,"
    " &quot;author&quot;: &quot;Ada Ferry&quot;}",
    "a semicolon behind": '{"@type": "Article", "headline": "a", "author": "Ada Ferry"};',
    "cut short": '{"@type": "Article", "headline": "a", "author": {"name": "Ada Ferry"}, "image": ["b',
    "a value missing": '{"@type": "Article", "headline": "a", "image": , "author": "Ada Ferry"}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken_json_ld_is_mended(text: str) -> None:
    found = read(f'<script type="application/ld+json; charset=utf-8">{text}</script>')
    assert (found.title, found.authors) == ("a", ("Ada Ferry",))


@pytest.mark.parametrize(
    "text",
    ["", "{", "var x = 1", "[" * 100_000, '"NewsArticle"', '{"a": {' * 30_000, "{'@type': 'Article'}", " " * 3_000_000],
    ids=["empty", "cut short", "no JSON", "deep lists", "a text", "deep objects", "JavaScript", "too long"],
)
def test_json_ld_that_cannot_be_read_is_passed_over(text: str) -> None:
    markup = f'<script type="application/ld+json">{text}</script>'
    assert read(markup) == NOTHING
    assert read(markup + linked(headline="a")).title == "a"


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        pytest.param('<html lang="pt_BR">', "pt-BR", id="an underscore becomes a hyphen"),
        pytest.param('<html lang=""><meta property="og:locale" content="fr_FR">', "fr-FR", id="an empty one is none"),
        pytest.param('<html lang="de">' + linked(inLanguage={"name": "English", "@value": "en"}), "en", id="JSON-LD"),
    ],
)
def test_languages(markup: str, language: str) -> None:
    assert read(markup).language == language


@pytest.mark.parametrize(
    ("keywords", "tags"),
    [
        pytest.param("harbour, ferry，weather,", ("harbour", "ferry", "weather"), id="a text with commas"),
        pytest.param(["harbour, old", 5, " ", "tide"], ("harbour, old", "tide"), id="a list, whose commas are its own"),
        pytest.param(None, ("news",), id="none: the meta tag"),
    ],
)
def test_tags(keywords: Any, tags: tuple[str, ...]) -> None:
    assert read(linked(keywords=keywords) + '<meta name="news_keywords" content="news">').tags == tags


def test_every_article_tag_is_a_tag() -> None:
    tags = "".join(f'<meta property="article:tag" content="{tag}">' for tag in ("harbour", "ferry"))
    assert read(tags + '<meta name="keywords" content="news">').tags == ("harbour", "ferry")


def test_sections_from_the_way_to_the_page() -> None:
    crumbs: list[Any] = [{"@type": "ListItem", "name": name} for name in ("Home", "Town News", "Harbour")]
    crumbs.append({"@type": "ListItem", "item": {"@id": PAGE, "name": "The ferry"}})
    markup = '<meta property="og:site_name" content="Town News"><h1>The ferry</h1>'
    markup += script({"@type": "BreadcrumbList", "itemListElement": crumbs})
    assert read(markup).sections == ("Harbour",)


def test_kinds_are_told_as_often_as_the_page_does() -> None:
    listing = [{"@type": "Article", "author": {"@type": "Person"}}, {"@type": "Article"}, {"@type": "CollectionPage"}]
    markup = '<meta property="og:type" content="website">' + script(listing)
    assert read(markup).kinds == ("website", "Article", "Article", "CollectionPage")


@pytest.mark.parametrize(
    ("address", "url", "found"),
    [
        pytest.param("/news/ferry", f"{PAGE}?utm_source=x", PAGE, id="without tracking"),
        pytest.param("https://www.town.example/news/ferry", PAGE, "https://www.town.example/news/ferry", id="with www"),
        pytest.param(
            *("https://town.example/2026/ferry-again", "https://town.example/news/ferry-again"),
            *("https://town.example/2026/ferry-again",),
            id="moved",
        ),
        pytest.param("/news/ferry-again", f"{PAGE}-again/amp", f"{PAGE}-again", id="AMP"),
        pytest.param("https://town.example/2026/ferry", PAGE, None, id="another article of a short name, perhaps"),
        pytest.param("/read.php", "https://town.example/read.php?slug=ferry", None, id="what all articles say"),
        pytest.param("https://town.example/", PAGE, None, id="the home page"),
        pytest.param("https://town.example/news/", PAGE, None, id="the listing above"),
        pytest.param("https://other.example/news/ferry", PAGE, None, id="another site"),
        pytest.param("https://a.co.uk/x", "https://b.co.uk/x", None, id="another site of a shared suffix"),
        pytest.param("/en/ferry", "https://town.example/de/faehre", None, id="another language"),
        pytest.param("/news/123456", "https://town.example/news/654321", None, id="another number: another article"),
        pytest.param(
            *("/a/ferry-123456", "https://town.example/b/ferry-654321", None),
            id="another number, whatever the words",
        ),
        pytest.param("/show.php", "https://town.example/show.php?id=7", None, id="without what tells articles apart"),
        pytest.param("javascript:go()", PAGE, None, id="a script"),
        pytest.param("", PAGE, None, id="nothing"),
    ],
)
def test_the_address_that_a_page_gives_itself(address: str, url: str, found: str | None) -> None:
    assert plausible_canonical([address], url) == found


def test_a_page_of_a_hundred_thousand_of_everything_takes_no_minute() -> None:
    for markup in (
        "<h1>a</h1>" * 100_000,
        '<meta property="og:image" content="a.jpg">' * 100_000,
        '<div itemscope itemtype="Article"><b itemprop="headline">a</b>' * 3_000,
        '<a class="author" href="/author/a">Ada Ferry</a>' * 100_000,
        f"<h1>{'a - ' * 100_000}</h1><title>{'a | ' * 100_000}</title>",
        f'<meta name="author" content="{"a, " * 100_000}"><p class="byline">{"a " * 100_000}',
        linked(headline="a" * 1_000_000, author=["Ada Ferry"] * 20_000, image=["a.jpg"] * 20_000),
        f'<script type="application/ld+json">{{"a": "{chr(34) * 500_000}</script>',
    ):
        page = LexborHTMLParser(f"<body>{markup}</body>")
        start = time.process_time()
        complete_metadata(read_metadata(page, PAGE), page, PAGE)
        assert time.process_time() - start < 20, markup[:60]
