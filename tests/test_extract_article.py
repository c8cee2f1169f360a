"""A page becomes an article: by a definition's selectors where there are some, else by looking."""

import pickle
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from archiver.body import TOO_DEEP, Body, depth_of
from archiver.errors import NoArticleError, PageError
from archiver.extract.article import Extraction, examine, extract, join
from archiver.extract.selectors import ArticleRules, Selector
from archiver.items import Article

PAGE = "https://town.example/news/ferry"
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
SENTENCE = "After three weeks in the yard the small ferry crosses the river again every morning at seven. "
FERRY = f"""<!doctype html><html lang=en><head><title>The ferry runs again - Town News</title>
<meta property="og:site_name" content="Town News"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-09T07:30:00Z"><meta name=author content="Ada Ferry"></head>
<body><nav><a href="/">Home</a> <a href="/sport/">Sport</a></nav><main><article><h1>The ferry runs again</h1>
<p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p><figure><img src="ferry.jpg" alt="The ferry" width=800 height=500>
<figcaption>The ferry on Monday</figcaption></figure><p>{SENTENCE * 3}</p></article></main>
<footer>© 2026 Town News</footer></body></html>"""


def rules(**selectors: str) -> ArticleRules:
    return ArticleRules(**{name: (Selector.of(text),) for name, text in selectors.items()})


def read(markup: str, selectors: ArticleRules, zone: tzinfo = UTC) -> Article:
    return extract(markup.encode(), PAGE, rules=selectors, zone=zone)


def test_an_article_by_its_selectors() -> None:
    markup = """<meta charset=utf-8>
        <h1>Town news</h1>
        <h2 class=headline> The ferry <i>runs</i> again </h2>
        <p class=by>Ada Ferry</p><p class=by>Ben Quay</p>
        <span class=date>2026-03-09 15:30</span><figure class=hero><img data-src="hero.jpg"></figure>
        <div class=story><p>After three weeks.</p><div class=share>Share</div>
        <p><img src="ferry.jpg"><span class=share>again</span></p><div class=story>within</div></div>
        <div class=story>another</div>
    """
    selectors = rules(
        body="div.story", title="h2.headline", date=".date", author="p.by", remove=".share", image="figure.hero"
    )
    article = read(markup, selectors, zone=SHANGHAI)
    assert article.title == "The ferry runs again"
    assert article.body == (
        '<p>After three weeks.</p>\n        <p><img src="https://town.example/news/ferry.jpg"'
        ' referrerpolicy="no-referrer"></p><div class="story">within</div>\nanother'
    )
    assert isinstance(article.body, Body)
    assert article.published == MORNING
    assert article.authors == ("Ada Ferry", "Ben Quay")
    assert article.image_url == "https://town.example/news/hero.jpg"


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
    article = read(markup, rules(body="div.story", title="h2", date=".date", author=".by"))
    assert article == Article(
        url=PAGE,
        title="The ferry runs again",
        body=Body('<a href="https://cdn.example/quay">quay</a>'),
        published=MORNING,
        modified=MORNING.replace(hour=8, minute=0),
        authors=("Ada Ferry",),
        image_url="https://cdn.example/ferry.jpg",
        language="en",
        summary="After three weeks.",
        tags=("harbour",),
        fetched=article.fetched,
    )


def test_a_page_that_nobody_prepared() -> None:
    article = extract(FERRY.encode(), PAGE)
    assert (article.title, article.authors, article.published) == ("The ferry runs again", ("Ada Ferry",), MORNING)
    assert article.image_url == "https://town.example/news/ferry.jpg"
    assert article.body.count("<p>") == 3
    assert "<figcaption>The ferry on Monday</figcaption>" in article.body
    assert not any(word in article.body for word in ("Home", "Sport", "©", "<h1"))


def test_parts_to_remove_go_before_the_body_is_looked_for() -> None:
    article = read(FERRY.replace("<figure>", "<figure class=promo>"), rules(remove="figure.promo"))
    assert "<figure" not in article.body
    assert article.body.count("<p>") == 3


def test_every_value_has_its_reason() -> None:
    extraction = examine(FERRY.encode(), PAGE, rules=rules(author="h1"))
    assert extraction.article.authors == ("The ferry runs again",)
    assert extraction.reasons["authors"] == "the definition's selector"
    assert {"title", "published", "body"} <= {name for name, reason in extraction.reasons.items() if reason}


def test_what_is_removed_is_removed_however_deep_and_often() -> None:
    markup = "<div>a<p class=x>b<i class=x>c</i></p><ul><li class=x>d<li>e</ul><b class=x>f</b></div><p class=x>g</p>"
    assert read(markup, rules(body="div", remove=".x")).body == "a<ul><li>e</li></ul>"


@pytest.mark.parametrize("markup", ["<p>a</p>", "<div class=other>a</div>"])
def test_a_page_without_the_body_is_refused(markup: str) -> None:
    with pytest.raises(PageError, match=r"^no body at `div\.story`$"):
        read(markup, rules(body="div.story"))


@pytest.mark.parametrize(
    ("case", "raw", "reason"),
    [
        ("empty", b"", "an empty page"),
        ("white space", b" \n\t ", "an empty page"),
        ("a PDF that calls itself a page", b"%PDF-1.7\n...", "not a page but a PDF"),
        ("a picture", b"\x89PNG\r\n\x1a\n", "not a page but an image"),
        ("100,000 nested tags", b"<div>" * 100_000, f"nested more than {TOO_DEEP:,} deep"),
        ("100,000 nested tags that are closed", b"<b>" * 100_000 + b"x" + b"</b>" * 100_000, "nested more than"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(case: str, raw: bytes, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        extract(raw, PAGE)


def test_a_page_without_a_body_still_says_what_it_says() -> None:
    article = extract(b"<title>Menu</title><h1>The menu of the day</h1><nav><a href=/>Home</a></nav>", PAGE)
    assert (article.title, article.body) == ("The menu of the day", "")


def test_a_text_that_only_a_script_would_show_is_taken_from_where_it_is_declared() -> None:
    text = f"{SENTENCE * 4}\\n{SENTENCE * 4} a < b"
    data = f'{{"@type": "NewsArticle", "headline": "The ferry", "articleBody": "{text}"}}'
    shown = f'<script type="application/ld+json">{data}</script><div id=app><h1>The ferry</h1><p>Loading…</p></div>'
    extraction = examine(shown.encode(), PAGE)
    assert extraction.article.body.count("<p>") == 2
    assert extraction.article.body.endswith("a &lt; b</p>")
    assert "JSON-LD" in extraction.reasons["body"]


def test_depth_is_that_of_elements_that_hold_others() -> None:
    many = TOO_DEEP + 1
    assert depth_of("<p>a<br><li>b" * many) == 0
    assert depth_of("<div><i>a</i></div>" * many) == 2
    assert depth_of("</div>" * many + "<div>" * many) == many


def test_a_listing_is_no_article_when_one_is_asked_for() -> None:
    items = "".join(
        f'<li class=card><h2><a href="/2026/03/{day:02}/story-{day}">What happened on day {day} in town</a></h2>'
        f"<time>2026-03-{day:02}</time></li>"
        for day in range(1, 20)
    )
    markup = f"<title>News</title><h1>News</h1><ul>{items}</ul><a rel=next href='/news/?page=2'>next</a>"
    with pytest.raises(NoArticleError, match="no article but a listing: "):
        examine(markup.encode(), "https://town.example/news/", must_be_article=True)


def test_parts_become_one_article_and_a_repeated_one_ends_it() -> None:
    first, second = (
        Extraction(Article(f"{PAGE}_{n}", f"Part {n}", Body(f"<p>{n}</p>"), authors=("Ada",)), {"body": "found"})
        for n in (1, 2)
    )
    whole = join((first, second, first))
    assert (whole.article.url, whole.article.title, whole.article.authors) == (f"{PAGE}_1", "Part 1", ("Ada",))
    assert whole.article.body == "<p>1</p>\n<p>2</p>"
    assert whole.reasons["body"] == "found; 2 parts joined"
    assert join((first,)) is first


def test_what_goes_to_and_from_a_worker_can_be_pickled() -> None:
    selectors = rules(body="div", title="//h1/text()", next="a.next::attr(href)")
    assert pickle.loads(pickle.dumps(selectors)) == selectors  # noqa: S301
    extraction = examine(b"<h1>t</h1><div>a</div><a class=next href=/2>x</a>", PAGE, rules=selectors, zone=SHANGHAI)
    assert extraction.following == "https://town.example/2"
    assert pickle.loads(pickle.dumps(extraction)) == extraction  # noqa: S301
