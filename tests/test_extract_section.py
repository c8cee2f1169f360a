"""Pages of made-up sections, of every build that is common, and what each lists."""

import json
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.section import SectionPage, read_section
from archiver.extract.section.cards import MOST_CARDS

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EXCERPT = "Long ago there was a harbour in which boats lay and nobody knew whose they were, so the mayor went to ask."


def read(html: str, url: str) -> SectionPage:
    """What a page shows."""
    return read_section(LexborHTMLParser(html), url, now=NOW)


def paths(html: str, url: str) -> list[str]:
    """The addresses that a page lists, without its own host."""
    host = "/".join(url.split("/")[:3])
    return [card.url.removeprefix(host) for card in read(html, url).cards]


def blog(page: int = 1) -> str:
    """A blog as its most used software writes it: entries with excerpt, author, tags, comments; widgets beside them."""
    posts = (("hello-world", "Hello world", 1), ("the-old-harbour", "The old harbour", 2), ("ferry", "Ferry", 3))
    entries = "".join(
        f"""<article id="post-{month}" class="post-{month} post type-post category-life tag-sea"><header>
        <h2 class="entry-title"><a href="https://blog.example/2026/0{month}/{slug}/" rel="bookmark">{title}</a></h2>
        <div class="entry-meta"><time datetime="2026-0{month}-03T10:00:00+00:00">a while ago</time>
        by <a href="/author/ada/">Ada Lovelace the Second of that Name</a></div></header>
        <a class="thumbnail" href="https://blog.example/2026/0{month}/{slug}/"><img src="/i.jpg" alt="A boat"></a>
        <p>{EXCERPT} <a class="more-link" href="https://blog.example/2026/0{month}/{slug}/">Continue reading</a></p>
        <footer><a href="/category/life/">Life</a> <a href="/tag/sea/">sea</a>
        <a href="https://blog.example/2026/0{month}/{slug}/#comments">3 comments on a post</a></footer></article>"""
        for slug, title, month in posts
    )
    return f"""<html><head><title>A blog</title><meta property="og:site_name" content="A blog">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/" title="Comments">
    <link rel="alternate" type="application/rss+xml" href="/feed/"></head><body class="home blog">
    <header><h1><a href="https://blog.example/">A blog</a></h1><nav><ul><li><a href="/about/">About this lovely blog</a>
    <li><a href="/category/life/">Life</a></ul></nav></header><main>{entries}
    <nav class="navigation pagination"><a class="prev page-numbers" href="/page/{page - 1}/">Newer posts</a>
    <span aria-current="page" class="page-numbers current">{page}</span>
    <a class="page-numbers" href="/page/{page + 1}/">{page + 1}</a> <a href="/page/9/">9</a>
    <a class="next page-numbers" href="/page/{page + 1}/">Older posts</a></nav></main>
    <aside><h2>Recent Posts</h2><ul><li><a href="/2026/01/hello-world/">Hello world</a>
    <li><a href="/2025/12/something-from-before-christmas/">Something from before Christmas</a></ul>
    <h2>Archives</h2><ul><li><a href="/2026/03/">March 2026</a><li><a href="/2026/02/">February 2026</a></ul></aside>
    <footer><a href="/imprint/">Who is responsible for this blog</a></footer></body></html>"""


def portal() -> str:
    """A channel of a Chinese portal: short dates before the links, lists of five, a ranking beside them."""
    items = "".join(
        f'<li><span>03-{day:02}</span><a href="./202603/t202603{day:02}_{1234500 + day}.html" target="_blank">'
        f"市政府召开第{day}次常务会议</a></li>" + ("</ul><ul class=list>" if day % 5 == 0 else "")
        for day in range(20, 0, -1)
    )
    ranking = "".join(
        f'<li><a href="http://sports.portal.example/zq/202603/t2026030{day}_99999{day}.html">国足第{day}场大获全胜</a></li>'
        f'<li><a href="/ty/202603/t2026030{day}_88888{day}.html">本市第{day}届运动会今日开幕</a></li>'
        for day in range(1, 9)
    )
    menu = "".join(f'<a href="/c{number}/">频道{number}</a>' for number in range(20))
    return f"""<html><head><title>要闻_门户网</title></head><body><div class="top"><a href="/">首页</a>{menu}</div>
    <div class="left"><div class="where">您的位置：<a href="/">首页</a>&gt;<a href="/yw/">要闻</a></div>
    <ul class=list>{items}</ul><div class="page"><span>1</span><a href="index_1.html">2</a><a href="index_2.html">3</a>
    <a href="index_1.html">下一页</a><a href="index_39.html">尾页</a></div></div>
    <div class="right"><div class="tit"><h3>点击排行</h3></div><ul>{ranking}</ul></div>
    <div class="foot"><a href="http://www.portal.example/about/">关于我们的网站和联系方式</a></div></body></html>"""


def minutes() -> str:
    """A town's list in a table, with a column of clerks."""
    rows = "".join(
        f'<tr><td><a href="view.asp?id={100 + day}">Council minutes of the {day}th meeting</a></td>'
        f'<td><a href="list.asp?who={day % 3}">The office of the town clerk</a></td><td>2026-02-{day:02}</td></tr>'
        for day in range(15, 0, -1)
    )
    return f"""<html><body><table><tr><td><a href="/a.asp">Home</a></td><td><a href="/b.asp">Council</a></td></tr>
    </table><table>{rows}</table><p>Page 1 of 3 <a href="list.asp?cid=5&page=2">Next</a>
    <a href="list.asp?cid=5&page=3">Last</a></p></body></html>"""


def magazine() -> str:
    """A magazine: a lead story, a grid with section names, what is most read in other sections, a button for more."""
    stories = {
        "glass-houses-of-the-north": ("Glass houses of the north", "art"),
        "a-night-at-the-opera": ("A night at the opera", "music"),
        "brass": ("Brass", "music"),
        "the-last-cinema": ("The last cinema", "film"),
    }
    grid = "".join(
        f"""<div class="card col-md-{number}"><a href="/culture/{slug}"><img src="/i.jpg" alt="A picture of it"></a>
        <span class="kicker"><a href="/culture/{kicker}">{kicker.title()}</a></span>
        <h3><a href="/culture/{slug}">{title}</a></h3><p>{EXCERPT}</p></div>"""
        for number, (slug, (title, kicker)) in enumerate(stories.items())
    )
    most = "".join(
        f'<li><a href="/sport/{title.lower().replace(" ", "-")}"><span>{number}</span> {title}</a></li>'
        for number, title in enumerate(["Cup final ends in a draw", "Striker leaves for the coast", "Rowers win again"])
    )
    return f"""<html><head><meta property="og:type" content="website"></head><body><nav><a href="/culture">Culture</a>
    <a href="/sport">Sport</a><a href="/business-and-money">Business and money matters</a></nav><main><h1>Culture</h1>
    <section class="lead"><article><h2><a href="/culture/the-painter-who-saw-tomorrow">The painter who saw tomorrow</a>
    </h2><p>{EXCERPT}</p></article></section><section class="grid">{grid}</section>
    <button class="load-more" data-url="/api/culture?offset=5&amp;limit=5">Load more</button></main>
    <div class="column"><h4>Most read</h4><ol>{most}</ol></div><footer><a href="/privacy">Privacy</a></footer>
    </body></html>"""


def manual() -> str:
    """A manual: chapters without dates in a menu, a few words in the middle."""
    chapters = {
        "install/": "Install",
        "guide/first-steps/": "First steps",
        "guide/settings/": "Settings",
        "questions/": "Questions",
        "reference/": "Reference",
    }
    menu = "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in chapters.items())
    return f"""<html><body><header><a href="/">Home</a><a href="/blog/">Blog</a></header>
    <nav class="sidebar"><ul>{menu}</ul></nav>
    <main><h1>Manual</h1><p>This is the manual of a tool that does things. It tells how to install it and how to use
    it, and what all of its parts are, written by many people.</p><p>Start with <a href="install/">installing</a>.</p>
    <a href="install/" rel="next">Next: Install</a></main><footer><a href="/docs/imprint/">Imprint</a></footer>
    </body></html>"""


def test_a_blog() -> None:
    shown = read(blog(), "https://blog.example/")
    assert [(card.url, card.title, card.published) for card in shown.cards] == [
        ("https://blog.example/2026/01/hello-world/", "Hello world", datetime(2026, 1, 3, 10, tzinfo=UTC)),
        ("https://blog.example/2026/02/the-old-harbour/", "The old harbour", datetime(2026, 2, 3, 10, tzinfo=UTC)),
        ("https://blog.example/2026/03/ferry/", "Ferry", datetime(2026, 3, 3, 10, tzinfo=UTC)),
    ]
    assert shown.following == "https://blog.example/page/2/"
    assert shown.more is None
    assert shown.listings == tuple(f"https://blog.example/{path}/" for path in ("category/life", "2026/03", "2026/02"))
    assert shown.feeds == ("https://blog.example/feed/",)
    assert shown.site_name == "A blog"


def test_a_further_page_of_a_blog() -> None:
    assert read(blog(4), "https://blog.example/page/4/").following == "https://blog.example/page/5/"


def test_a_channel_of_a_chinese_portal() -> None:
    url = "http://www.portal.example/yw/"
    shown = read_section(LexborHTMLParser(portal()), url, zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    assert [card.url for card in shown.cards] == [
        f"{url}202603/t202603{day:02}_{1234500 + day}.html" for day in range(20, 0, -1)
    ]
    assert shown.cards[0].title == "市政府召开第20次常务会议"
    assert shown.cards[0].published == datetime(2026, 3, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert shown.following == f"{url}index_1.html"


def test_a_list_in_a_table() -> None:
    shown = read(minutes(), "http://town.example/news/list.asp?cid=5")
    assert [card.url for card in shown.cards] == [
        f"http://town.example/news/view.asp?id={100 + day}" for day in range(15, 0, -1)
    ]
    assert shown.cards[0].published == datetime(2026, 2, 15, tzinfo=UTC)
    assert shown.following == "http://town.example/news/list.asp?cid=5&page=2"


def test_a_magazine() -> None:
    shown = read(magazine(), "https://mag.example/culture")
    assert [(card.url.rpartition("/")[2], card.title) for card in shown.cards] == [
        ("the-painter-who-saw-tomorrow", "The painter who saw tomorrow"),
        ("glass-houses-of-the-north", "Glass houses of the north"),
        ("a-night-at-the-opera", "A night at the opera"),
        ("brass", "Brass"),
        ("the-last-cinema", "The last cinema"),
    ]
    assert shown.more == "https://mag.example/api/culture?offset=5&limit=5"
    assert shown.following is None
    assert shown.listings == tuple(f"https://mag.example/culture/{name}" for name in ("art", "music", "film"))


def test_a_manual() -> None:
    shown = read(manual(), "https://tool.example/docs/")
    assert [(card.url.removeprefix("https://tool.example/docs/"), card.title) for card in shown.cards] == [
        ("install/", "Install"),
        ("guide/first-steps/", "First steps"),
        ("guide/settings/", "Settings"),
        ("questions/", "Questions"),
        ("reference/", "Reference"),
    ]
    assert shown.following is None


def test_a_manual_at_the_root() -> None:
    html = manual().replace("/docs/imprint/", "/imprint/")
    assert paths(html, "https://tool.example/") == [
        *("/install/", "/guide/first-steps/", "/guide/settings/", "/questions/", "/reference/")
    ]


def test_a_manual_with_its_contents_in_the_middle() -> None:
    entries = "".join(
        f'<li><a href="{name}.html">{name.title()}</a><ul><li><a href="{name}/x.html">X</a></ul>' for name in "abc"
    )
    html = f"<body><h1>Manual</h1><div class=toctree><ul>{entries}</ul></div></body>"
    assert paths(html, "https://tool.example/m/index.html") == [
        *("/m/a.html", "/m/a/x.html", "/m/b.html", "/m/b/x.html", "/m/c.html", "/m/c/x.html")
    ]


def test_links_that_only_say_read_more_are_named_by_the_heading_beside_them() -> None:
    items = "".join(
        f'<div class="item"><h3>{title}</h3><p>{EXCERPT}</p><a href="/n/{number}">Read more</a></div>'
        for number, title in enumerate(["The ferry runs again", "A bridge is closed", "Rain"], 10)
    )
    cards = read(f"<body><h1>News</h1>{items}</body>", "https://town.example/n/").cards
    assert [(card.url, card.title) for card in cards] == [
        ("https://town.example/n/10", "The ferry runs again"),
        ("https://town.example/n/11", "A bridge is closed"),
        ("https://town.example/n/12", "Rain"),
    ]


def test_whole_cards_that_are_links() -> None:
    items = "".join(
        f"""<a class="teaser" href="/n/{slug}"><img src="/i.jpg"><span class="kicker">Harbour</span><h3>{title}</h3>
        <p>{EXCERPT}</p><time>March {number}, 2026</time></a>"""
        for number, (slug, title) in enumerate([("ferry", "The ferry runs again"), ("rain", "Rain")], 1)
    )
    cards = read(f"<body><main>{items}</main></body>", "https://town.example/n/").cards
    assert [(card.url, card.title, card.published) for card in cards] == [
        ("https://town.example/n/ferry", "The ferry runs again", datetime(2026, 3, 1, tzinfo=UTC)),
        ("https://town.example/n/rain", "Rain", datetime(2026, 3, 2, tzinfo=UTC)),
    ]


def test_a_japanese_list() -> None:
    items = "".join(
        f"<dt>2026年3月{day}日</dt><dd><a href='/article/{500 + day}'>{title}</a></dd>"
        for day, title in (
            (9, "港の古い橋が開通"),
            (8, "市役所に新しい窓口"),
            (7, "雨で祭りが延期に"),
            (6, "駅前に図書館"),
        )
    )
    html = f"""<body><ul class=gnav><li><a href="/politics/">政治</a><li><a href="/sports/">スポーツ</a></ul>
    <h1>地域</h1><dl>{items}</dl><p><a href="/region/?page=2">次へ</a></p>
    <div><h2>アクセスランキング</h2><ul><li><a href="/article/77">野球の試合が中止になった</a>
    <li><a href="/article/78">新しい選手が加入した</a><li><a href="/article/79">監督が会見を開いた</a></ul></div>
    </body>"""
    shown = read(html, "https://shimbun.example/region/")
    assert [card.url.rpartition("/")[2] for card in shown.cards] == ["509", "508", "507", "506"]
    assert shown.following == "https://shimbun.example/region/?page=2"


def test_a_front_page_has_many_blocks() -> None:
    def block(section: str, titles: tuple[str, ...]) -> str:
        links = "".join(f'<li><a href="/{section}/2026/{t.lower().replace(" ", "-")}">{t}</a></li>' for t in titles)
        return (
            f'<section class="{section}"><h2><a href="/{section}/">{section.title()}</a></h2><ul>{links}</ul></section>'
        )

    html = f"""<body><nav><a href="/news/">News</a><a href="/sport/">Sport</a></nav><main>
    <h1><a href="/">The Town Paper</a></h1><div class=lead><h2><a href="/news/2026/the-ferry-runs-again">The ferry runs
    again</a></h2></div>{block("news", ("A bridge is closed for repairs", "Council meets in secret again"))}
    {block("sport", ("Rowers win the cup at home", "Striker leaves for the coast"))}</main></body>"""
    shown = read(html, "https://paper.example/")
    assert [card.url.removeprefix("https://paper.example") for card in shown.cards] == [
        "/news/2026/the-ferry-runs-again",
        "/news/2026/a-bridge-is-closed-for-repairs",
        "/news/2026/council-meets-in-secret-again",
        "/sport/2026/rowers-win-the-cup-at-home",
        "/sport/2026/striker-leaves-for-the-coast",
    ]
    assert shown.listings == ("https://paper.example/news/", "https://paper.example/sport/")


def test_a_portal_whose_articles_lie_on_a_sibling_host() -> None:
    items = "".join(
        f'<li><h3><a href="https://news.portal.example/a/{number}.html">A story about the harbour {number}</a></h3>'
        for number in range(1001, 1009)
    )
    other = "".join(
        f'<li><a href="https://shop.portal.example/deal-of-the-day-{n}">A very good deal today {n}</a>' for n in "abc"
    )
    html = (
        f"<body><ul>{items}</ul><ul class=x>{other}</ul><a href='https://ads.example/1001.html'>An advert of others</a>"
    )
    assert [card.url for card in read(html, "https://www.portal.example/").cards] == [
        f"https://news.portal.example/a/{number}.html" for number in range(1001, 1009)
    ]


LINKED = {
    "@context": "https://schema.org",
    "@type": "CollectionPage",
    "mainEntity": {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "url": "https://paper.example/n/ferry"},
            {
                "@type": "ListItem",
                "item": {
                    "@type": "NewsArticle",
                    "url": "/n/rain",
                    "headline": "Rain",
                    "datePublished": "2026-03-09T10:00:00Z",
                },
            },
            {"@type": "ListItem", "position": 3, "item": "https://paper.example/n/bridge"},
            {"@type": "ListItem", "item": {"@type": "Product", "url": "/n/mug"}},
            {"@type": "ListItem", "url": "https://other.example/n/elsewhere"},
        ],
    },
}


def test_what_a_page_declares_as_its_list() -> None:
    html = f'<script type="application/ld+json">{json.dumps(LINKED)}</script><body><div id="app"></div></body>'
    cards = read(html, "https://paper.example/n/").cards
    assert [(card.url, card.title, card.published) for card in cards] == [
        ("https://paper.example/n/ferry", "", None),
        ("https://paper.example/n/rain", "Rain", datetime(2026, 3, 9, 10, tzinfo=UTC)),
        ("https://paper.example/n/bridge", "", None),
    ]


def test_a_declared_blog() -> None:
    posts = [{"@type": "BlogPosting", "url": "/a", "headline": "A"}, {"@type": "BlogPosting", "@id": "/b"}]
    html = (
        f'<script type="application/ld+json">{json.dumps({"@graph": [{"@type": "Blog", "blogPost": posts}]})}</script>'
    )
    assert paths(html, "https://blog.example/") == ["/a", "/b"]


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", "5", '{"@graph": 5}', '{"itemListElement": {"item": 5}}', "[" * 9000]
)
def test_broken_declarations_are_passed_over(text: str) -> None:
    assert read(f'<script type="application/ld+json">{text}</script>', "https://a.example/").cards == ()


def test_a_calendar_without_end_goes_nowhere() -> None:
    days = "".join(f'<td><a href="/calendar/2031/06/{day:02}/">{day}</a></td>' for day in range(1, 31))
    for arrow in ("Next", "»", "next month", "›"):
        html = f"""<body><a href="/calendar/2031/05/">«</a><h1>June 2031</h1>
        <a href="/calendar/2031/07/" rel="next">{arrow}</a><table><tr>{days}</tr></table></body>"""
        shown = read(html, "https://town.example/calendar/2031/06/")
        assert (shown.cards, shown.following, shown.listings) == ((), None, ())
    html = html.replace("/calendar/2031/07/", "/calendar/?month=2031-07")
    assert read(html, "https://town.example/calendar/?month=2031-06").following is None


LIST = "".join(f'<li><a href="/n/{number}.html">A story about the harbour {number}</a>' for number in range(101, 106))


@pytest.mark.parametrize(
    ("url", "links", "following"),
    [
        ("/n/", '<link rel="next" href="/n/page/2/">', "/n/page/2/"),
        ("/n/", '<a rel="nofollow next" href="?page=2">x</a>', "/n/?page=2"),
        ("/n/?page=2", '<a href="?page=1">Next</a><a href="?page=3">Next</a>', "/n/?page=3"),
        ("/n/", '<a href="/n/?page=2">Next page</a>', "/n/?page=2"),
        ("/n/", '<a href="/n/?page=2">Next »</a>', "/n/?page=2"),
        ("/n/", '<a href="/n/?page=2" aria-label="Next page"><svg></svg></a>', "/n/?page=2"),
        ("/n/", '<a href="/n/?p=2">Older posts</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">下一页</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">下頁&gt;</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">다음</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">Weiter</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">Suivant</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">Siguiente ›</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">Próxima</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">Далее →</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?p=2">Sonraki</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/?start=20">More stories</a>', "/n/?start=20"),
        ("/n/?after=abc", '<a href="/n/?after=def">Next</a>', "/n/?after=def"),
        ("/n/", '<a href="/n/?p=2">›</a>', "/n/?p=2"),
        ("/n/", '<a href="/n/index_2.html">next</a>', "/n/index_2.html"),
        ("/n/list_2.html", '<a href="/n/list_3.html">&gt;</a>', "/n/list_3.html"),
        ("/n.shtml", '<a href="/n_2.shtml">2</a>', "/n_2.shtml"),
        ("/n/list_5_1.html", '<a href="/n/list_5_2.html">下一页</a>', "/n/list_5_2.html"),
        ("/n/", '<b>1</b> <a href="/n/2/">2</a> <a href="/n/3/">3</a>', "/n/2/"),
        ("/n/2/", '<a href="/n/">1</a> <b>2</b> <a href="/n/3/">3</a>', "/n/3/"),
        ("/n/?page=9", '<a href="?page=1">1</a> … <b>9</b> <a href="?page=10">10</a>', "/n/?page=10"),
        ("/n/", '<b>1</b> <a href="?page=1">2</a> <a href="?page=2">3</a>', "/n/?page=1"),
        ("/n/?page=1", '<a href="/n/">1</a> <b>2</b> <a href="?page=2">3</a>', "/n/?page=2"),
        ("/n/", '<ul><li class=active><a href="/n/">1</a><li><a href="?page=2">2</a></ul>', "/n/?page=2"),
        ("/n/?page=2", '<a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a>', "/n/?page=3"),
        ("/n/?page=3", '<a href="?page=1">1</a><a href="?page=2">2</a><b>3</b>', None),
        ("/n/", '<b>1</b><a href="?page=2">2</a><a href="?page=40">»</a>', "/n/?page=2"),
        ("/n/", '<a href="/sport/?page=2">Next</a>', None),
        ("/n/", '<link rel="next" href="/n/the-story-behind-it">', None),
        ("/n/", '<a href="/n/the-story-behind-it">Next</a>', None),
        ("/n/", '<a href="/n/106.html">Next</a>', None),
        ("/n/", '<a href="https://other.example/n/?page=2">Next</a>', None),
        ("/n/", '<a href="javascript:next()">Next</a><a href="#">下一页</a>', None),
        ("/n/page/3/", '<a href="/n/page/2/">Previous</a><a href="/n/page/2/">older</a>', None),
        ("/n/", '<a href="/n/?lang=de">Weiter</a>', None),
        ("/n/", "", None),
    ],
)
def test_where_a_listing_goes_on(url: str, links: str, following: str | None) -> None:
    site = "https://paper.example"
    shown = read(f"<body><ul>{LIST}</ul><div>{links}</div></body>", site + url)
    assert shown.following == (following and site + following)
    assert len(shown.cards) == 5


@pytest.mark.parametrize(
    ("markup", "more"),
    [
        ('<button data-next-url="/api/n?page=2">x</button>', "/api/n?page=2"),
        ('<div class="infinite-list" data-endpoint="/api/n?page={page}"></div>', "/api/n?page=2"),
        ('<a class="js-load" data-href="/n/ajax?cursor=abc" href="#">Load more</a>', "/n/ajax?cursor=abc"),
        ('<button data-url="/n/more/2">加载更多</button>', "/n/more/2"),
        (
            '<script>window.STATE = {"list": [], "nextPageUrl": "\\/api\\/n?page=2\\u0026size=9"}</script>',
            "/api/n?page=2&size=9",
        ),
        ("<script>var loadMoreUrl = '/n/load?p=__PAGE__';</script>", "/n/load?p=2"),
        ('<a class="share" data-url="https://paper.example/n/101.html">Share</a>', None),
        ('<button class="load-more" data-url="https://other.example/api">More</button>', None),
        ('<button class="load-more" data-url="#list">More</button>', None),
        ('<img class="list-image" data-url="/i/boat.jpg">', None),
    ],
)
def test_where_more_entries_come_from(markup: str, more: str | None) -> None:
    site = "https://paper.example"
    shown = read(f"<body><ul>{LIST}</ul>{markup}</body>", f"{site}/n/")
    assert shown.more == (more and site + more)


def test_the_feeds_of_the_section_come_first() -> None:
    html = """<head><link rel="alternate" type="application/rss+xml" href="/feed/">
    <link rel="alternate" type="application/rss+xml" href="/n/feed/">
    <link rel="alternate" type="application/json+oembed" href="/oembed">
    <link rel="alternate" hreflang="de" href="/de/"><link rel="sitemap" href="/sitemap.xml"></head>
    <body><a href="/n/atom.xml">Atom</a><a href="https://reader.example/feed/">Another reader</a></body>"""
    shown = read(html, "https://paper.example/n/")
    site = "https://paper.example"
    assert shown.feeds == (f"{site}/n/feed/", f"{site}/n/atom.xml", f"{site}/feed/")
    assert shown.sitemaps == (f"{site}/sitemap.xml",)


def test_an_address_that_is_refused_is_never_listed() -> None:
    links = (
        "/tag/a-tag-with-a-long-name/",
        "/login?x=a-very-long-one",
        "/report-of-the-year.pdf",
        "mailto:a@b.example",
    )
    items = "".join(f'<li><h3><a href="{link}">A title that is long enough</a></h3></li>' for link in links)
    assert paths(f"<body><ul>{items}{LIST}</ul></body>", "https://paper.example/n/") == [
        f"/n/{number}.html" for number in range(101, 106)
    ]


def test_a_base_address_counts() -> None:
    html = f'<head><base href="https://paper.example/x/"></head><ul>{LIST.replace("/n/", "")}</ul>'
    assert paths(html, "https://paper.example/n/")[0] == "/x/101.html"


def test_a_page_of_a_hundred_thousand_links_takes_no_minute() -> None:
    items = "".join(
        f'<li class="i{number}"><span>03-09</span><h3><a href="/n/{number}.html">A story about the harbour {number}</a>'
        "</h3>"
        for number in range(100_000)
    )
    page = LexborHTMLParser(f"<body><ul>{items}</ul></body>")
    began = time.process_time()
    shown = read_section(page, "https://paper.example/n/", now=NOW)
    assert time.process_time() - began < 20  # with room for a slow machine
    assert len(shown.cards) == MOST_CARDS


@pytest.mark.parametrize(
    ("path", "text", "published"),
    [
        ("/n/2024/0513/t7.html", "05-13", datetime(2024, 5, 13, tzinfo=UTC)),
        ("/n/2024/05/13/ferry", "[05-13]", datetime(2024, 5, 13, tzinfo=UTC)),
        ("/n/202405/t20240513_7.html", "5月13日 08:30", datetime(2024, 5, 13, 8, 30, tzinfo=UTC)),
        ("/n/20240512/7.html", "05-13", None),
        ("/n/7.html", "05-13", None),
        ("/n/7.html", "3月3日", None),
        ("/n/7.html", "May 13", None),
        ("/n/7.html", "2024-05-13", datetime(2024, 5, 13, tzinfo=UTC)),
        ("/n/7.html", "13.05.24", datetime(2024, 5, 13, tzinfo=UTC)),
        ("/n/7.html", "3 hours ago", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("/n/7.html", "昨天 08:30", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("/n/2023/0229/7.html", "02-29", None),
    ],
)
def test_a_day_without_year_counts_where_the_address_has_it_too(
    path: str, text: str, published: datetime | None
) -> None:
    others = "".join(f'<li><a href="/n/{n}.html">A story about the harbour {n}</a></li>' for n in "abc")
    html = f'<ul><li><span>{text}</span><a href="{path}">A story about the ferry</a></li>{others}</ul>'
    cards = read(html, "https://paper.example/n/").cards
    assert [card.published for card in cards if card.url.endswith(path)] == [published]


@pytest.mark.parametrize(
    "title", ["Python 3.12 is out", "1984", "1", "2026年的第一场雪", "Sunday", "Rowers win 3-2 at home"]
)
def test_a_title_may_hold_numbers_and_is_one_where_it_is_a_heading(title: str) -> None:
    rest = "".join(f'<li><h3><a href="/n/{n}">A story about the harbour {n}</a></h3></li>' for n in "abc")
    html = f'<ul><li><h3><a href="/n/x">{title}</a></h3></li>{rest}</ul>'
    titles = [card.title for card in read(html, "https://paper.example/n/").cards]
    assert title in titles


@pytest.mark.parametrize("cells", ["1 2 3 4 5 6 7 8 9 10 11 12", "Mon Tue Wed Thu Fri Sat Sun", "一 二 三 四 五 六 日"])
def test_the_cells_of_a_calendar_are_no_articles(cells: str) -> None:
    days = "".join(f'<td><a href="/n/2026-03/{n}/">{cell}</a></td>' for n, cell in enumerate(cells.split()))
    assert read(f"<h1>March</h1><table><tr>{days}</tr></table>", "https://paper.example/n/2026-03/").cards == ()
    shown = read(f"<ul>{LIST}</ul><table><tr>{days}</tr></table>", "https://paper.example/n/")
    assert len(shown.cards) == 5


def test_the_days_of_a_month_are_not_pages() -> None:
    days = "".join(f'<td><a href="/n/{day}/">{day}</a></td>' for day in range(1, 31))
    assert read(f"<ul>{LIST}</ul><table><tr>{days}</tr></table>", "https://paper.example/n/").following is None


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>",
        "<a href='/x'>" * 3000,
        "<div>" * 3000 + "<a href='/n/a-story-about-boats'>A story about boats</a>",
        "<a href='http://[bad'>A title that is long enough</a>" * 50,
        "<ul>"
        + "".join(f"<li class='{'x' * n}'><a href='/{n}'>Title number {n} of many</a>" for n in range(900))
        + "</ul>",
        "<h2>Most read</h2><p><a href='/a'>A title that is long</a></p>" * 2000,
    ],
)
def test_odd_pages_are_read_too(html: str) -> None:
    began = time.process_time()
    read(html, "https://paper.example/n/")
    assert time.process_time() - began < 20


def test_titles_of_one_word_with_a_date_beside_each() -> None:
    items = "".join(
        f'<li><span>Nov {day}, 2026</span> <a href="/2026/11/{day:02}/{title.lower()}.html">{title}</a></li>'
        for day, title in ((9, "Salt"), (8, "Rope"), (7, "Tar"))
    )
    html = f'<body><header><a href="/">Ada</a> <a href="/about">About</a></header><ul>{items}</ul></body>'
    cards = read(html, "https://ada.example/").cards
    assert [(card.title, card.published) for card in cards] == [
        (title, datetime(2026, 11, day, tzinfo=UTC)) for day, title in ((9, "Salt"), (8, "Rope"), (7, "Tar"))
    ]


def test_articles_by_number_in_a_parameter_without_a_file() -> None:
    rows = "".join(
        f"""<tr><td>{n}.</td><td><a href="item?id={4000 + n}">How to moor a boat, part {n}</a></td></tr><tr><td></td>
        <td><a href="user?id=ada">ada</a> <a href="item?id={4000 + n}">3 hours ago</a></td></tr>"""
        for n in range(9)
    )
    html = f'<body><table>{rows}</table><a href="?p=2">More</a></body>'
    assert paths(html, "https://forum.example/news") == [f"/item?id={4000 + n}" for n in range(9)]
