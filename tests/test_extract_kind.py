"""Made-up pages of every kind, and what each is taken for."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata import read_metadata
from archiver.extract.page import parse
from archiver.extract.section import read_section
from archiver.extract.section.kind import Kind, kind_of
from archiver.extract.section.scope import is_never_article, scope_of

SAMPLE = Path(__file__).parents[2] / "shared" / "eval" / "public_sample"
SITE = "https://town.example"
SENTENCE = "The ferry lay at the quay for nine days, and nobody in the harbour office could say whose it was. "
CHINESE = "码头上的老钟停了九天，港务办公室里没有人说得清它归谁管，直到修表人从夜航船上走下来。"
JAPANESE = "港町の小さな時計店が、今年で創業九十年を迎えた。店主は朝七時にシャッターを開ける。"
MENU = "".join(f'<li><a href="/{name}/">{name.title()}</a>' for name in "news sport culture money weather".split())
TITLES = [
    f"{who} {what}"
    for who in ("The mayor", "A rower", "The old baker", "Nobody", "The last pilot")
    for what in ("leaves the harbour at night", "finds a map in the attic", "says no to a new bridge")
]


def page(main: str, head: str = "", beside: str = "") -> str:
    """A page with menu and foot."""
    return f"""<html><head>{head}</head><body><header><a href="/">The Town Paper</a><nav><ul>{MENU}</ul></nav></header>
    {main}{beside}<footer><a href="/imprint/">Imprint</a><p>All that stands here is made up by us, every word.</p>
    </footer></body></html>"""


def teasers(count: int = 12, tag: str = "h2", folder: str = "news/2026") -> str:
    """Entries of a list."""
    return "".join(
        f'<div class="teaser"><{tag}><a href="/{folder}/{title.lower().replace(" ", "-")}">{title}</a></{tag}>'
        f"<time>2026-03-{number:02}</time><p>{SENTENCE}</p></div>"
        for number, title in enumerate(TITLES[:count], 1)
    )


def text(count: int, sentence: str = SENTENCE) -> str:
    """Paragraphs."""
    return "".join(f"<p>{sentence * 2}</p>" for _ in range(count))


HEADING = "<h1>The ferry that nobody owns</h1>"
SIDEBAR = f'<div class="column">{teasers(15, "h3")}</div>'
COMMENTS = "".join(
    f'<li><a href="/u/{n}">Reader number {n}</a> <a href="?comment={n}">March {n % 28 + 1}, 2026</a><p>{SENTENCE}</p>'
    for n in range(200)
)
REFERENCES = "".join(f'<li><a href="/docs/{n}/">What the manual says on matter {n}</a>' for n in range(40))
CHANNEL = "".join(
    f'<li><span>03-{day:02}</span><a href="./2026/03{day:02}/t{day}.html">市政府召开第{day}次常务会议</a>'
    for day in range(20, 0, -1)
)
DAYS = "".join(f'<td><a href="/events/2026-03/{day}/">{day}</a></td>' for day in range(1, 29))
NEXT = '<div class="pager"><b>1</b> <a href="?page=2">2</a> <a href="?page=2">Next</a></div>'
LISTINGS = {
    "a blog's front": ("/", page(f"<main>{teasers()}</main>{NEXT}")),
    "a section with a word on what it is": (
        "/culture/",
        page(f"<main><h1>Culture</h1>{text(1)}{teasers()}{NEXT}</main>"),
    ),
    "a section whose address has a number": ("/c/104", page(f"<h1>Sport</h1><p>{SENTENCE}</p>{teasers()}{NEXT}")),
    "a channel of a Chinese portal": ("/yw/", page(f"<div class=list><h2>要闻</h2><ul>{CHANNEL}</ul></div>")),
    "an author": ("/author/ada/", page(f"<h1>Ada Lovelace</h1>{text(2)}{teasers()}")),
    "a tag": ("/tag/boats/", page(f"<h1>Boats</h1>{teasers()}")),
    "a further page": ("/news/page/3/", page(teasers())),
    "a home page of links only": ("/", page("".join(f'<p><a href="/{n}">{t}</a>' for n, t in enumerate(TITLES)))),
    "a manual's contents": (
        "/docs/",
        page(f"<main><h1>Manual</h1><p>{SENTENCE}</p></main>", beside=f"<nav><ul>{REFERENCES}</ul></nav>"),
    ),
    "a month of a calendar": ("/events/2026-03/", page(f"<h1>Events</h1><table><tr>{DAYS}</tr></table>")),
}
OTHERS = {
    "a shop's product": (
        "/p/blue-mug",
        page(f"<h1>A blue mug</h1>{text(1)}", '<meta property="og:type" content="product">'),
    ),
    "a shop": ("/shop/", page(f"<h1>Mugs</h1>{teasers()}")),
    "a login": ("/enter", page('<h1>Log in</h1><form><input type="password"></form><p>Forgotten?</p>')),
    "a login by its address": ("/login", page(HEADING + text(3))),
    "search results": ("/search?q=boats", page(f"<h1>Results</h1>{teasers()}")),
    "an error": ("/news/2026/old-story-of-a-boat", page("<h1>Page not found</h1><p>It is not here any more.</p>")),
    "a consent page": ("/news/2026/a-story-of-a-boat", page(f"<h1>Before you continue</h1><p>{SENTENCE}</p>")),
    "a contact page": ("/contact.html", page(f"<h1>Contact</h1>{text(2)}")),
    "a day of a calendar, on which nothing is": ("/events/2026-03/15/", page("<h1>Sunday</h1><p>Nothing.</p>")),
    "nothing at all": ("/news/2026/03/09/a-story.html", ""),
}
ARTICLES = {
    "a plain article": ("/news/2026/ferry", page(f"<article>{HEADING}{text(5)}</article>")),
    "a long one with many links": (
        "/ferry",
        page(
            f"<main>{HEADING}"
            + "".join(f'<p>{SENTENCE} <a href="/x/{n}">as we have told before</a>. {SENTENCE}</p>' for n in range(30))
            + f"<ul>{REFERENCES}</ul></main>"
        ),
    ),
    "a newsflash beside big lists": (
        "/news/104233",
        page(f'<div class="text">{HEADING}<span>9 March 2026, 10:00</span><p>{SENTENCE * 2}</p></div>{SIDEBAR}'),
    ),
    "a newsflash whose address says nothing": (
        "/flash/ferry",
        page(f'<div class="text">{HEADING}<span>9 March 2026, 10:00</span><p>{SENTENCE * 2}</p></div>{SIDEBAR}'),
    ),
    "a live blog": (
        "/live/2026/mar/09/storm",
        page(
            "<h1>Storm over the harbour: as it happens</h1>"
            + "".join(
                f'<div class="post" id="p{n}"><a href="#p{n}"><time>{n:02}:15</time></a><h2>What hour {n} brought</h2>'
                f"<p>{SENTENCE}</p></div>"
                for n in range(20)
            )
        ),
    ),
    "a gallery": (
        "/pictures/2026-03-09-storm",
        page(
            "<h1>The storm in fifteen pictures</h1>"
            + "".join(f'<figure><img src="/{n}.jpg"><figcaption>{SENTENCE}</figcaption></figure>' for n in range(15))
        ),
    ),
    "a chapter of a manual": (
        "/docs/settings/",
        page(f"<main><h1>Settings</h1>{text(3)}<pre>a = 1</pre></main>", beside=f"<nav><ul>{REFERENCES}</ul></nav>"),
    ),
    "a short page of a manual": ("/install", page(f"<main><h1>Install</h1><p>{SENTENCE * 2}</p></main>")),
    "an interview": (
        "/people/ada",
        page(
            "<h1>“I never owned it”</h1>"
            + "".join(f"<p><b>Was the question number {n}?</b></p><p>{SENTENCE}</p>" for n in range(12))
        ),
    ),
    "two hundred comments": (
        "/2026/03/ferry/",
        page(f'<article>{HEADING}{text(3)}</article><section id="talk"><ol>{COMMENTS}</ol></section>'),
    ),
    "a table layout": (
        "/news.asp?id=1042",
        f"""<table><tr><td><a href=/a.asp>Home</a><td><table><tr><td><font size=5>The ferry that nobody owns</font>
        <tr><td>        {"<br><br>".join([SENTENCE * 3] * 4)}</table></table>""",
    ),
    "Japanese with line breaks": (
        "/region/kobe",
        page(f"<h1>港町の時計店、九十年</h1><div class=body>{'<br>'.join([JAPANESE] * 6)}</div>"),
    ),
    "Chinese beside a channel's list": (
        "/yw/202603/t20260309_1234.html",
        page(f"<h1>码头老钟停摆九天</h1><div>{text(2, CHINESE)}</div>", beside=f"<div><ul>{CHANNEL}</ul></div>"),
    ),
    "little text, declared": (
        "/v/ferry",
        page(f"{HEADING}<p>Watch.</p>", '<meta property="og:type" content="article">'
             '<meta property="article:published_time" content="2026-03-09T10:00:00Z">'),
    ),
    "text that scripts show": (
        "/news/2026/ferry",
        '<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "headline": "Ferry", "articleBody": SENTENCE * 9})
        + "</script><div id=app></div>",
    ),
    "a shop page that is a story": (
        "/shop/the-last-bookshop",
        page(HEADING + text(5), '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'),
    ),
}  # fmt: skip


def test_what_pages_are_taken_for() -> None:
    wrong = []
    for kind, cases in ((Kind.LISTING, LISTINGS), (Kind.OTHER, OTHERS), (Kind.ARTICLE, ARTICLES)):
        for name, (path, html) in cases.items():
            verdict = kind_of(LexborHTMLParser(html), SITE + path)
            assert verdict.reason
            if verdict.kind is not kind:
                wrong.append(f"{name}: {verdict.kind}: {verdict.reason}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "html", "reason"),
    [
        pytest.param(
            "/news/",
            page(f"<h1>News</h1><main>{teasers()}{NEXT}</main>"),
            "12 entries in a list, 12 pages below it, an address as sections have, no running text, a next page",
            id="a listing",
        ),
        pytest.param(
            "/news/104233",
            ARTICLES["a newsflash beside big lists"][1],
            "an address as articles have, a running text, a heading as long as a title, a date beside its heading;"
            " though 15 entries in a list",
            id="an article in spite of a list",
        ),
        pytest.param("/tag/boats/", "", "a tag page", id="an address that tells all"),
        pytest.param("/enter", "", "an address as sections have, no running text", id="nothing on it"),
    ],
)
def test_reasons_read_well(path: str, html: str, reason: str) -> None:
    verdict = kind_of(LexborHTMLParser(html), SITE + path)
    assert verdict.reason == reason


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample lies beside a checkout only")
def test_every_page_of_the_sample_is_an_article() -> None:
    wrong = []
    for name, truth in json.loads((SAMPLE / "truth.json").read_text("utf-8")).items():
        tree = parse((SAMPLE / "pages" / f"{name}.html").read_bytes())
        for kinds in ((), read_metadata(tree, truth["url"]).kinds):
            verdict = kind_of(tree, truth["url"], kinds)
            if verdict.kind is not Kind.ARTICLE:
                wrong.append(f"{name}: {verdict}")
    assert not wrong


PARTS = st.sampled_from(
    [
        *("http://", "https://", "//", "/", "?", "#", "&", "=", "%", "%zz", ":", ":99999", "@", "[", "]", "[::1]", "."),
        *("..", "2026", "05", "31", "page", "tag", "index_2.html", "example", "www.", "新闻", "²", "٣", "\ud800", "\0"),
        *(" ", "xn--a", "page=2", "p=٣", "offset=1", "after=x", ".json", "a" * 300, "-", "_"),
    ]
)
ADDRESSES = st.one_of(st.text(max_size=40), st.lists(PARTS, max_size=9).map("".join))
PIECES = st.sampled_from(
    [
        *(
            "<ul>",
            "</ul>",
            "<li>",
            "<h1>",
            "</h1>",
            "<h2>Most read</h2>",
            "<table>",
            "<tr>",
            "<td>",
            "<article>",
            "</a>",
        ),
        *(
            "<a href='/a'>",
            "<a href=>",
            "<a href>",
            "<a rel=next href='?page=2'>",
            "<nav>",
            "<main>",
            "2",
            "Next",
            "05-13",
        ),
        *(
            "<time datetime>",
            "<time datetime='x'>",
            "3月3日",
            "<img>",
            "<p>",
            SENTENCE,
            "<base href='http://[x'>",
            "<svg>",
        ),
        *("<script type='application/ld+json'>[{", '{"@type":["A",5],"itemListElement":[5,{"item":7}]}', "</script>"),
        *("<button data-url='{page}/'>more</button>", "<link rel=next href='/x'>", "<body class='a b'>", "\0", "02-29"),
        *(
            "<meta property='og:type'>",
            "<div itemscope itemtype>",
            "<a href='http://[b'>",
            "<a href='/n/9' title>9</a>",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(ADDRESSES, st.lists(PIECES, max_size=25).map("".join), ADDRESSES)
def test_no_page_and_no_address_raises(url: str, html: str, link: str) -> None:
    tree = LexborHTMLParser(f"{html}<a href='{link}'>A title that is long enough</a>".encode("utf-8", "replace"))
    is_never_article(url)
    kind_of(tree, url)
    shown = read_section(tree, url)
    scope = scope_of(url, shown.cards)
    assert all(scope.holds(card.url) in (True, False) and scope.may_list(card.url) is not None for card in shown.cards)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "<a href='/x'>x</a> " * 20_000,
        "<div><p>words and more words</p>" * 3000,
        f"<h1>A</h1>{text(1)}" * 2000,
        "<h2>Most read</h2><ul><li><a href='/a'>A title that is long</a></ul>" * 3000,
    ],
)
def test_big_pages_are_judged_in_time(html: str) -> None:
    tree = LexborHTMLParser(html)
    began = time.process_time()
    kind_of(tree, f"{SITE}/news/2026/ferry")
    assert time.process_time() - began < 2


def test_a_listing_that_shows_its_only_article_in_full_is_none() -> None:
    post = f'<article><h2><a href="/posts/alpha">Alpha</a></h2>{text(9)}</article>'
    html = LexborHTMLParser(f"<body><h1>A blog about boats</h1><main>{post}</main></body>")
    kinds = {path: kind_of(html, f"https://town.example{path}").kind for path in ("/", "/blog/", "/?paged=2", "/?p=7")}
    assert kinds == {"/": "listing", "/blog/": "listing", "/?paged=2": "listing", "/?p=7": "article"}
    assert kind_of(html, "https://town.example/posts/alpha").kind is Kind.ARTICLE


def test_a_heading_that_leads_elsewhere_within_an_article_does_not_make_it_a_listing() -> None:
    html = f'<body><main><h1>Ferry</h1>{text(5)}<h2><a href="/posts/timetable">When</a></h2>{text(9)}</main></body>'
    assert kind_of(LexborHTMLParser(html), "https://town.example/ferry/").kind is Kind.ARTICLE
