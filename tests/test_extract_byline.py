"""Who wrote an article and when, by what a page declares and what it shows."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata import Metadata, complete_metadata, read_metadata
from archiver.extract.metadata.authors import is_person, split_names

PAGE = "https://www.towncourier.example/harbour/ferry"
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
TEXT = "<p>" + "The ferry carries its first passengers across the harbour again. " * 4 + "</p>"
CHINESE = "<p>" + "渡轮今天恢复通航，许多居民一早来到码头，等候第一班船。" * 4 + "</p>"


def complete(markup: str, zone: Any = UTC) -> Metadata:
    """What is known of a page whose body is `div#body`, if it has one."""
    page = LexborHTMLParser(f"<body>{markup}</body>")
    container = page.css_first("#body")
    return complete_metadata(read_metadata(page, PAGE, zone), page, PAGE, zone, container=container, now=NOW)


def page(head: str = "", start: str = "", end: str = "", behind: str = "", text: str = TEXT) -> str:
    """An article with a byline in one of the usual places."""
    return f"<h1>Ferry is back</h1>{head}<div id=body>{start}{text * 3}{end}</div>{behind}"


def ld(author: Any, **fields: Any) -> str:
    data = {"@type": "NewsArticle", "headline": "Ferry is back", "author": author, **fields}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Ferry", ["Ada Ferry"]),
        ("By Ada Ferry and Ben Quay", ["Ada Ferry", "Ben Quay"]),
        ("Ada Ferry, Ben Quay, and Cy Dock", ["Ada Ferry", "Ben Quay", "Cy Dock"]),
        ("Text: By Ada Ferry & Ben Quay", ["Ada Ferry", "Ben Quay"]),
        ("Posted by Ada Ferry.", ["Ada Ferry"]),
        ("Written By Ada Ferry, MD*", ["Ada Ferry, MD"]),
        ("Ada Ferry, Senior Editor", ["Ada Ferry"]),
        ("Ada Ferry | March 3, 2026", ["Ada Ferry"]),
        ("March 3, 2026 · 5 min · Ada Ferry", ["Ada Ferry"]),
        ("Ada Ferry on 3 March 2026", ["Ada Ferry"]),
        ("Ada Ferry - Town Courier", ["Ada Ferry"]),
        ("Ada Ferry ada@town.example", ["Ada Ferry"]),
        ("Ada Ferry @ada", ["Ada Ferry"]),
        ("Ada Ferry (adaferry)", ["Ada Ferry"]),
        ("Ada (Maria) Ferry", ["Ada (Maria) Ferry"]),
        ("Ada Ferry &amp; Ben Quay", ["Ada Ferry", "Ben Quay"]),
        ("Von Jan Hafen und Eva Öl", ["Jan Hafen", "Eva Öl"]),
        ("Von Trapp", ["Von Trapp"]),
        ("Di Maria", ["Di Maria"]),
        ("Ana del Puerto y Luis Mar", ["Ana del Puerto", "Luis Mar"]),
        ("José Puerto y Mar", ["José Puerto y Mar"]),
        ("Автор: Иван Паром", ["Иван Паром"]),
        ("Oleh: Budi Kapal", ["Budi Kapal"]),
        ("بقلم ليلى بحر", ["ليلى بحر"]),
        ("作者：张三 李四", ["张三", "李四"]),
        ("文/王小明", ["王小明"]),
        ("記者王小明／即時報導", ["王小明"]),
        ("小城報 記者王小明／台北報導", ["王小明"]),
        ("小城晚报记者 王小明、李四", ["王小明", "李四"]),
        ("山田 太郎", ["山田 太郎"]),
        ("山田太郎 記者", ["山田太郎"]),
        ("홍길동 기자 hong@town.example", ["홍길동"]),
        ("홍길동,김철수", ["홍길동", "김철수"]),
        ("Ada Ferry; Ben Quay", ["Ada Ferry", "Ben Quay"]),
        ("https://town.example/authors/ada", []),
        ("@ada", []),
        ("2026", []),
        ("", []),
    ],
)
def test_names_in_a_byline(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


@pytest.mark.parametrize(
    ("name", "labelled", "expected"),
    [
        ("Ada Ferry", False, True),
        ("Ada van der Ferry", False, True),
        ("Ada", False, False),
        ("Ada", True, True),
        ("Read More", False, False),
        ("the ferry company", True, False),
        ("Staff Reporter", True, False),
        ("AFP", True, False),
        ("王小明", False, True),
        ("渡轮", False, False),
        ("渡轮", True, True),
        ("小城日报", True, False),
        ("评论", True, False),
        ("March 3", True, False),
    ],
)
def test_what_is_a_person(name: str, labelled: bool, expected: bool) -> None:
    assert is_person(name, labelled=labelled) is expected


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        pytest.param("Ada Ferry", ("Ada Ferry",), id="a text"),
        pytest.param({"name": "Ada Ferry"}, ("Ada Ferry",), id="a person"),
        pytest.param({"givenName": "Ada", "familyName": "Ferry"}, ("Ada Ferry",), id="a person in parts"),
        pytest.param({"name": ["Ada Ferry", "Ben Quay"]}, ("Ada Ferry", "Ben Quay"), id="a person of two names"),
        pytest.param([{"name": "Ada"}, {"name": " "}, None, 5, "Ben"], ("Ada", "Ben"), id="some without a name"),
        pytest.param([{"name": "By Ada Ferry"}, "Ada Ferry"], ("Ada Ferry",), id="one twice"),
        pytest.param([], ("Cy Dock",), id="none: the meta tag"),
        pytest.param({"name": "https://town.example/ada"}, ("Cy Dock",), id="an address is no name"),
        pytest.param(
            {"@type": "Organization", "name": "Town Courier"}, ("Cy Dock",), id="an organisation, but a person in meta"
        ),
        pytest.param({"@type": "Person", "name": "Town Courier"}, ("Cy Dock",), id="the publisher called a person"),
        pytest.param({"@type": "Person", "name": "admin"}, ("Cy Dock",), id="an account"),
    ],
)
def test_declared_authors(author: Any, authors: tuple[str, ...]) -> None:
    markup = ld(author, publisher={"name": "Town Courier"}) + '<meta name="author" content="Cy Dock">'
    assert complete(markup + page()).authors == authors


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        pytest.param('<meta property="article:author" content="https://social.example/town">', (), id="an address"),
        pytest.param('<meta name="twitter:creator" content="@ada">', (), id="a handle"),
        pytest.param('<meta name="author" content="Towncourier">', (), id="the site"),
        pytest.param(
            '<meta name="author" content="Ada F."><meta property="og:site_name" content="Ada F.">',
            ("Ada F.",),
            id="a blog that is called as who writes it",
        ),
        pytest.param(
            '<meta property="article:author" content="Ada Ferry"><meta property="article:author" content="Ben Quay">',
            ("Ada Ferry", "Ben Quay"),
            id="one tag for each",
        ),
        pytest.param(ld({"@type": "Organization", "name": "Town Courier"}), ("Town Courier",), id="an organisation"),
        pytest.param(
            '<meta name="author" content="王小明">' + "<p>责任编辑：王小明</p>",
            (),
            id="who is named an editor is no author",
        ),
    ],
)
def test_authors_that_are_declared_only(markup: str, authors: tuple[str, ...]) -> None:
    assert complete(markup + page()).authors == authors


BYLINES = {
    "a line behind the headline": page("<p>By Ada Ferry</p>"),
    "in pieces": page("<p>By <a href='/a'>Ada Ferry</a>, <span>3 March 2026</span></p>"),
    "a class": page("<div class='post-author'>Ada Ferry</div>"),
    "a class of a CSS module": page("<div class='Story_byline__x7Yz9'><b>Ada Ferry</b></div>"),
    "a class with role and date": page("<div class=byline><b>Ada Ferry</b><i>Harbour correspondent</i> 3.3.2026</div>"),
    "rel=author": page("<a rel=author href='/a'>Ada Ferry</a>"),
    "a link to the author's page": page("<div><a href='/author/ada'>Ada Ferry</a></div>"),
    "beside the date": page("<div><span>3 March 2026</span> · <span>Ada Ferry</span></div>"),
    "in front of the headline": "<div><span>Dec 17, 2025</span><span>Ada Ferry</span></div>" + page(),
    "beside the share buttons": page("<div class='share author'><span>Ada Ferry</span> 2026-03-03</div>"),
    "in the footer of the article": f"<article>{page(behind='<footer>Posted by Ada Ferry.</footer>')}</article>",
    "in the last line": page(end="<p>By Ada Ferry</p>"),
    "signed": page(end="<p style='text-align:right'><strong>Ada Ferry</strong></p>"),
    "with a place": page("<p>By Ada Ferry, Harbourtown</p>"),
    "with another place": page("<p>By Ada Ferry in New Harbour</p>"),
    "with an agency": page("<p>By Ada Ferry, AFP</p>"),
    "behind when it was posted": page("<p>Posted on March 3, 2026 by Ada Ferry</p>"),
    "behind how long it takes": page("<p>March 3, 2026 · 5 min · Ada Ferry</p>"),
    "not the section beside the date": page(
        "<p><a href='/boats'>Harbour Life</a> 3 March 2026</p>", end="<p style='text-align:right'>Ada Ferry</p>"
    ),
    "of a WordPress theme": page(
        "<p>Posted on <time class='entry-date published' datetime='2026-03-03'>3 March 2026</time>"
        " <span class=byline>by <span class='author vcard'>"
        "<a class='url fn n' href='/author/ada/'>Ada Ferry</a></span></span></p>"
    ),
    "in German": page("<p>Von Ada Ferry</p>"),
    "in Spanish": page("<p>Por: Ada Ferry</p>"),
    "in Indonesian": page("<p>Penulis: Ada Ferry</p>"),
    "an agency is none": page("<p class=byline>Reuters</p><p>By Ada Ferry</p>"),
    "not the editor": page("<p>Editor: Ben Quay</p><p>By Ada Ferry</p>"),
    "not the photographer": page("<p>Photo: Ben Quay</p><p>By Ada Ferry</p>"),
    "not of another article": page(
        "<p>By Ada Ferry</p>",
        behind="<div class='related'><div class='author'>Ben Quay</div></div>",
    ),
    "not a reader": page(end="<p>By Ada Ferry</p>", behind="<div id=comments><b class=author>Ben Quay</b></div>"),
    "not who is quoted": page("<p>By Ada Ferry</p>", "<blockquote class='quote-author'>Ben Quay</blockquote>"),
}


@pytest.mark.parametrize("markup", BYLINES.values(), ids=BYLINES)
def test_bylines(markup: str) -> None:
    assert complete(markup).authors == ("Ada Ferry",)


CHINESE_BYLINES = {
    "作者": page("<div>2026-03-03 08:00 来源：小城网 作者：王小明 编辑：李四</div>", text=CHINESE),
    "an empty 作者 before the editor": page(
        "<div>来源：小城网 作者： 责任编辑：李四</div>", end="<p>作者︱王小明</p>", text=CHINESE
    ),
    "记者 in a line": page(start="<p><b>小城报记者 王小明</b></p>", text=CHINESE),
    "記者 with a place": page("<div class=info>小城報 記者王小明／台北報導</div>", text=CHINESE),
    "in brackets at the beginning": page(start=f"<p>〔記者王小明／台北報導〕{CHINESE[3:]}", text=CHINESE),
    "in a dispatch": page(start=f"<p>小城3月3日电（记者 王小明）{CHINESE[3:]}", text=CHINESE),
    "in brackets at the end": page(end=f"{CHINESE[:-4]}（评论员 王小明）</p>", text=CHINESE),
    "a newsroom and a name": page("<div class=author>小城快訊／王小明 2026年03月03日</div>", text=CHINESE),
    "beside the date": page("<div><span>王小明</span><span>2026-03-03 14:27</span></div>", text=CHINESE),
    "not a reporter in the text": page("<p>作者：王小明</p>", "<p>记者从会上获悉，渡轮恢复通航。</p>", text=CHINESE),
}


@pytest.mark.parametrize("markup", CHINESE_BYLINES.values(), ids=CHINESE_BYLINES)
def test_chinese_bylines(markup: str) -> None:
    assert complete(markup).authors == ("王小明",)


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        pytest.param(
            page("<div class=authors><a rel=author>Ada Ferry</a> and <a rel=author>Ben Quay</a></div>"),
            ("Ada Ferry", "Ben Quay"),
            id="two links",
        ),
        pytest.param(page("<p>홍길동 기자 hong@town.example</p>"), ("홍길동",), id="Korean"),
        pytest.param(page("<p>(小城=통신) 홍길동 기자 = </p>"), ("홍길동",), id="Korean dispatch"),
        pytest.param(
            ld({"@type": "Person", "name": "Ben Quay"}) + page("<i>Ada Ferry</i><p>Editor : Ben Quay</p>"),
            ("Ben Quay",),
            id="declared, and an editor, but nobody else is sure",
        ),
        pytest.param(
            ld({"@type": "Person", "name": "Ben Quay"})
            + page(
                "<div class=author-2>Ada Ferry</div><span>3/3/2026 18:30</span>", behind="<div>Editor : Ben Quay</div>"
            ),
            ("Ada Ferry",),
            id="declared, but the page calls him the editor and names an author",
        ),
        pytest.param(
            ld({"@type": "Organization", "name": "Town Courier"}) + page("<p class=byline>red, Town Courier/AFP</p>"),
            ("Town Courier",),
            id="an organisation is kept where the byline names nobody",
        ),
        pytest.param(
            ld({"@type": "Organization", "name": "Town Courier"}) + page("<p>By Ada Ferry</p>"),
            ("Ada Ferry",),
            id="an organisation gives way to a person in the byline",
        ),
        pytest.param(page("<p>Sign In</p><p>3 March 2026</p><p>Share This</p>"), (), id="nobody"),
        pytest.param(page("<p>Today the ferry is back</p>"), (), id="a line of text is no name"),
    ],
)
def test_other_bylines(markup: str, authors: tuple[str, ...]) -> None:
    assert complete(markup).authors == authors


MORNING = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
DATES = {
    "a line": page("<p>3 March 2026, 07:30</p>"),
    "with a label": page("<p>1 January 2026</p><p>Published: 3 March 2026, 07:30</p>"),
    "not when it was changed": page("<p>Updated 9 March 2026, 10:00</p><p>3 March 2026, 07:30</p>"),
    "a <time>": page("<p><time datetime='2026-03-03T07:30Z'>Tuesday</time></p>"),
    "not the first <time> of the page": "<time datetime='2025-01-01'></time><p>x</p>" * 20
    + page("<p><time datetime='2026-03-03T07:30Z'>Tuesday</time></p>"),
    "in front of the headline": "<div>3 March 2026, 07:30</div>" + page(),
    "Chinese": page("<div>2026年03月03日 07:30 来源：小城网</div>", text=CHINESE),
    "a leaf of a calendar": "<ul><li><i>Mar</i> <b>3</b> <i>Tue</i> <b>2026</b> <i>07:30</i></li></ul>" + page(),
    "not one to come": page("<p>Next ferry: 3 May 2026</p><p>3 March 2026, 07:30</p>"),
    "not of another article": page("<p>3 March 2026, 07:30</p>", behind="<div class=related>1 January 2026</div>"),
    "behind the body": page(behind="<p>Published 3 March 2026, 07:30</p>"),
    "not one that is told": page("<p>3 March 2026, 07:30</p>", "<p>On 1 January 2026 it broke.</p>"),
}


@pytest.mark.parametrize("markup", DATES.values(), ids=DATES)
def test_dates_that_are_shown(markup: str) -> None:
    assert complete(markup).published == MORNING


def test_a_date_without_zone_is_taken_in_the_sites() -> None:
    found = complete(page("<p>2026-03-03 15:30</p>"), ZoneInfo("Asia/Shanghai"))
    assert found.published == MORNING


@pytest.mark.parametrize(
    "markup",
    [
        page("<p>渡轮刚刚掉落的树叶随风而起</p>", text=CHINESE),
        page(behind="<footer>© 2026 Town Courier</footer>"),
        page(start="<p>The war of 1914-1918 was long, and the ferry was older still than that.</p>"),
    ],
    ids=["just now in a text", "a copyright", "years in a text"],
)
def test_what_is_no_date(markup: str) -> None:
    assert complete(markup).published is None
