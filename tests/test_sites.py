"""Site definitions: the bundled ones are good, a user's own win, and a mistake is named with its line."""

import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archiver import demo
from archiver.errors import ConfigurationError
from archiver.extract.selectors import ArticleRules, ListingRules, Selector, parse_selector
from archiver.sites import (
    BUNDLED,
    KEYS,
    Channel,
    Site,
    adhoc_site,
    for_section,
    load_site,
    load_sites,
    section_name,
)
from archiver.spiders import to_spider

TOWN = """\
name: town
domains: [town.example]
language: en
time_zone: Europe/Berlin
settings: {DOWNLOAD_DELAY: 3}
channels:
  news:
    start: https://town.example/news/
    categories: [web, town, news]
  sport:
    start: https://town.example/sport/
    categories: [web, town, sport]
listing: {item: article.card, link: a, date: time, next: a.next}
article: {body: div.content, title: h1, date: time, author: .by, remove: .share}
"""
DEFINITIONS = [*sorted(BUNDLED.glob("*.yaml")), demo.DEFINITION]


def css(*texts: str) -> tuple[Selector, ...]:
    """Selectors from texts."""
    return tuple(map(parse_selector, texts))


def save(folder: Path, text: str, name: str = "town.yaml") -> Path:
    """A definition in a file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("path", DEFINITIONS, ids=[path.stem for path in DEFINITIONS])
def test_a_definition_that_comes_with_the_program(path: Path) -> None:
    site = load_site(path)
    assert site.name == path.stem
    assert site.source == str(path)
    for channel in site.channels.values():
        assert channel.content == "feed" or site.owns(channel.start)
        assert to_spider(site).name == site.name
        assert all(category == category.strip() for category in channel.categories)
    assert len({channel.categories for channel in site.channels.values()}) == len(site.channels)


def test_the_bundled_sites_are_there_without_a_folder_of_ones_own(tmp_path: Path) -> None:
    assert load_sites(tmp_path).keys() == {path.stem for path in BUNDLED.glob("*.yaml")}
    assert len(load_sites(tmp_path)) == 10
    assert load_sites(tmp_path / "missing") == load_sites(tmp_path)
    assert "36kr" in load_sites(tmp_path)


def test_a_whole_definition(tmp_path: Path) -> None:
    path = save(tmp_path, TOWN)
    assert load_site(path) == Site(
        name="town",
        domains=("town.example",),
        channels={
            "news": Channel("news", ("https://town.example/news/",), ("web", "town", "news")),
            "sport": Channel("sport", ("https://town.example/sport/",), ("web", "town", "sport")),
        },
        source=str(path),
        spider="archiver.spiders.section:SectionSpider",
        language="en",
        time_zone=ZoneInfo("Europe/Berlin"),
        settings={"DOWNLOAD_DELAY": 3},
        listing=ListingRules(item=css("article.card"), link=css("a"), date=css("time"), next=css("a.next")),
        article=ArticleRules(
            body=css("div.content"), title=css("h1"), date=css("time"), author=css(".by"), remove=css(".share")
        ),
    )


def test_what_else_a_definition_may_say(tmp_path: Path) -> None:
    path = save(
        tmp_path,
        """\
encoding: gb18030
pace: 2.5
content: feed
spider: town.spider:TownSpider
extractor: town.pages:read
settings: {RETRY_TIMES: 5}
match: /20\\d\\d
channels:
  news:
    start: [https://town.example/news/, 'https://town.example/feed?a=1&b=2']
    exclude: "[?]print"
  notes: {start: https://town.example/notes/, content: page, match: /notes/, categories: [a, b, c]}
listing: {item: [//li, li.card], title: h2 ::text}
""",
    )
    assert load_site(path) == Site(
        name="town",
        domains=("town.example",),
        channels={
            "news": Channel(
                "news",
                ("https://town.example/news/", "https://town.example/feed?a=1&b=2"),
                ("web", "town", "news"),
                "feed",
                re.compile(r"/20\d\d"),
                re.compile("[?]print"),
            ),
            "notes": Channel("notes", ("https://town.example/notes/",), ("a", "b", "c"), "page", re.compile("/notes/")),
        },
        source=str(path),
        spider="town.spider:TownSpider",
        extractor="town.pages:read",
        encoding="gb18030",
        pace=2.5,
        content="feed",
        settings={"RETRY_TIMES": 5, "DOWNLOAD_DELAY": 2.5},
        listing=ListingRules(item=css("//li", "li.card"), title=css("h2 ::text")),
    )
    assert load_site(path).channels["news"].start == "https://town.example/news/"


def test_a_definition_goes_to_another_process(tmp_path: Path) -> None:
    site = load_site(save(tmp_path, TOWN + "match: /20/\n"))
    assert pickle.loads(pickle.dumps(site)) == site  # noqa: S301


def test_one_section_needs_no_channels(tmp_path: Path) -> None:
    path = save(tmp_path, "start: https://www.Town.example/b/%E6%96%B0%E9%97%BB/\n", "city.yaml")
    assert load_site(path) == Site(
        name="city",
        domains=("town.example",),
        channels={
            "新闻": Channel("新闻", ("https://www.Town.example/b/%E6%96%B0%E9%97%BB/",), ("web", "city", "新闻"))
        },
        source=str(path),
    )
    path = save(tmp_path, "start: https://town.example/\ncategories: [a, b, c]\n")
    assert load_site(path).channels == {"home": Channel("home", ("https://town.example/",), ("a", "b", "c"))}


def test_domains_are_hosts_without_www_each_once(tmp_path: Path) -> None:
    text = TOWN.replace("[town.example]", "[WWW.Town.example, town.example, news.town.example]")
    assert load_site(save(tmp_path, text)).domains == ("town.example", "news.town.example")


def test_a_users_own_definition_wins(tmp_path: Path) -> None:
    save(tmp_path, TOWN.replace("name: town", "name: 36kr"), "a.yaml")
    save(tmp_path, TOWN, "b.yaml")
    save(tmp_path, "no definition", "notes.txt")
    sites = load_sites(tmp_path)
    assert (sites["36kr"].language, sites["town"].language) == ("en", "en")
    assert sites["36kr"].source == str(tmp_path / "a.yaml")
    assert [*sites][:2] == ["36kr", "town"]


def test_a_file_may_end_in_yml_too(tmp_path: Path) -> None:
    save(tmp_path, TOWN, "a.yml")
    assert load_sites(tmp_path)["town"].source == str(tmp_path / "a.yml")


def test_two_files_of_a_user_have_two_names(tmp_path: Path) -> None:
    save(tmp_path, TOWN, "a.yaml")
    save(tmp_path, TOWN, "b.yaml")
    with pytest.raises(ConfigurationError) as refusal:
        load_sites(tmp_path)
    assert str(refusal.value) == f"{tmp_path}/b.yaml: the name `town` is taken by {tmp_path}/a.yaml"


def test_a_users_own_definitions_lie_in_sites_beside_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites").mkdir()
    save(tmp_path / "sites", TOWN)
    monkeypatch.chdir(tmp_path)
    assert load_sites()["town"].source == "sites/town.yaml"


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://town.example/any?x=1", True),
        ("http://www.TOWN.example:8080/", True),
        ("https://news.town.example/", False),
        ("https://nottown.example/", False),
        ("mailto:a@town.example", False),
        ("http://[town.example", False),
    ],
)
def test_which_addresses_belong_to_a_site(tmp_path: Path, url: str, owned: bool) -> None:
    assert load_site(save(tmp_path, TOWN)).owns(url) is owned


@pytest.mark.parametrize(
    ("damage", "mistake"),
    [
        pytest.param(
            lambda text: text.replace("language:", "langauge:"),
            "line 3: unknown key `langauge`, perhaps `language`?",
            id="a key misspelt",
        ),
        pytest.param(
            lambda text: text.replace("{item:", "{items:"),
            "line 13: `listing`: unknown key `items`, perhaps `item`?",
            id="a selector misspelt",
        ),
        pytest.param(
            lambda text: text.replace("time_zone: Europe/Berlin", "language: de"),
            "line 4: key `language` stands here twice",
            id="a key twice",
        ),
        pytest.param(
            lambda text: text.replace("Europe/Berlin", "Europe/Belrin"),
            "line 4: `time_zone`: expected a time zone such as Asia/Shanghai, not `Europe/Belrin`,"
            " perhaps `Europe/Berlin`?",
            id="a time zone misspelt",
        ),
        pytest.param(
            lambda text: text.replace("Europe/Berlin", "GMT+8 China"),
            "line 4: `time_zone`: expected a time zone such as Asia/Shanghai, not `GMT+8 China`",
            id="a time zone like none",
        ),
        pytest.param(
            lambda text: text.replace("https://town.example/news/", "town.example/news/"),
            "line 8: `channels.news.start`: expected an address that begins with http:// or https://,"
            " not `town.example/news/`",
            id="an address without scheme",
        ),
        pytest.param(
            lambda text: text.replace("https://town.example/news/", "[https://town.example/, ftp://town.example/]"),
            "line 8: `channels.news.start`: expected an address that begins with http:// or https://,"
            " not `ftp://town.example/`",
            id="an address of files",
        ),
        pytest.param(
            lambda text: text.replace("    start: https://town.example/sport/\n", ""),
            "line 11: `channels.sport`: key `start` is missing",
            id="a channel without address",
        ),
        pytest.param(
            lambda text: text.replace("[web, town, sport]", "[web, sport]"),
            "line 12: `channels.sport.categories`: expected a list of 3",
            id="two categories",
        ),
        pytest.param(
            lambda text: text.replace("[web, town, news]", "web/town/news"),
            "line 9: `channels.news.categories`: expected a list of 3",
            id="categories as a path",
        ),
        pytest.param(
            lambda text: text.replace("item: article.card, ", ""),
            "line 13: `listing`: key `item` is missing",
            id="no selector for the items of a listing",
        ),
        pytest.param(
            lambda text: text.replace("h1", "h1::before"),
            "line 14: `article.title`: expected a CSS selector or an XPath, not `h1::before`; only `::text` and"
            " `::attr(name)` may follow `::`, at its end",
            id="a selector that cannot be read",
        ),
        pytest.param(
            lambda text: text.replace("h1", "['//h1', '//h1[']"),
            "line 14: `article.title`: expected a selector; `//h1[` begins as an XPath does, but is none:"
            " Invalid expression",
            id="an XPath that cannot be read",
        ),
        pytest.param(
            lambda text: text.partition("article:")[0] + "article: div.content\n",
            "line 14: `article`: expected `key: value` lines",
            id="a selector where several belong",
        ),
        pytest.param(
            lambda text: text.replace("[town.example]", "town.example"),
            "line 2: `domains`: expected a list",
            id="one domain that is no list",
        ),
        pytest.param(
            lambda text: text.replace("[town.example]", "[https://town.example/]"),
            "line 2: `domains`: expected a host such as example.com, not `https://town.example/`",
            id="an address for a host",
        ),
        pytest.param(
            lambda text: text.replace("name: town", "name: ../town"),
            "line 1: `name`: expected a name without spaces and slashes that begins with a letter or digit, not"
            " `../town`",
            id="a name that is a path",
        ),
        pytest.param(
            lambda text: text.replace("  sport:", "  sport, local:"),
            "line 10: `channels`: expected the name of a channel without comma, not `sport, local`",
            id="a channel with a comma",
        ),
        pytest.param(
            lambda text: text.replace("language: en", "language: no"),
            "line 3: `language`: expected a text",
            id="Norwegian, which YAML reads as false",
        ),
        pytest.param(
            lambda text: text.replace("language: en", "language: english"),
            "line 3: `language`: expected a language such as en or zh-CN, not `english`",
            id="a language by its name",
        ),
        pytest.param(
            lambda text: text.replace("DOWNLOAD_DELAY: 3", "DOWNLOAD_DELAY: [3]"),
            "line 5: `settings.DOWNLOAD_DELAY`: expected a single value",
            id="a setting that is a list",
        ),
        pytest.param(
            lambda text: text + "pace: 2\n",
            "line 15: `pace`: this and `settings.DOWNLOAD_DELAY` are the same; keep one",
            id="the pace twice",
        ),
        pytest.param(
            lambda text: text + "pace: 2 s\n",
            "line 15: `pace`: expected a number of seconds, not `2 s`",
            id="a pace with its unit",
        ),
        pytest.param(
            lambda text: text + "encoding: gb18031\n",
            "line 15: `encoding`: expected an encoding such as gb18030, not `gb18031`, perhaps `gb18030`?",
            id="an encoding misspelt",
        ),
        pytest.param(
            lambda text: text + "encoding: base64\n",
            "line 15: `encoding`: expected an encoding such as gb18030, not `base64`",
            id="an encoding that is none of texts",
        ),
        pytest.param(
            lambda text: text + "match: /news/(\n",
            "line 15: `match`: expected a regular expression, not `/news/(`: missing ), unterminated subpattern at"
            " position 6",
            id="a bad regular expression",
        ),
        pytest.param(
            lambda text: text + "spider: town.py\n",
            "line 15: `spider`: expected `module:Class`, not `town.py`",
            id="a spider that is a file",
        ),
        pytest.param(
            lambda text: text.partition("article:")[0] + "extractor: town/pages:read\n",
            "line 14: `extractor`: expected `module:function`, not `town/pages:read`",
            id="a function in a path",
        ),
        pytest.param(
            lambda text: text + "extractor: town:read\n",
            "line 15: `extractor`: this and `article` stand instead of each other: the function reads the page, or the"
            " selectors do",
            id="a function and selectors",
        ),
        pytest.param(
            lambda text: text + "content: rss\n",
            "line 15: `content`: expected one of page, feed",
            id="a content that is none",
        ),
        pytest.param(
            lambda text: text + "start: https://town.example/\n",
            "line 15: `start`: this and `channels` stand instead of each other; give each channel its own `start`",
            id="a section beside channels",
        ),
        pytest.param(
            lambda text: text + "categories: [a, b, c]\n",
            "line 15: `categories`: this and `channels` stand instead of each other; give each channel its own"
            " `categories`",
            id="categories beside channels",
        ),
        pytest.param(
            lambda text: text.replace("channels:", "channel:"),
            "line 6: unknown key `channel`, perhaps `channels`?",
            id="channel for channels",
        ),
        pytest.param(
            lambda text: "name: town\n",
            "line 1: key `start` is missing: the address of a listing, a feed or a sitemap",
            id="nowhere to start",
        ),
        pytest.param(
            lambda text: "",
            "line 1: key `start` is missing: the address of a listing, a feed or a sitemap",
            id="an empty file",
        ),
        pytest.param(
            lambda text: text.replace("name: town", "name: town: news"),
            "line 1: mapping values are not allowed here",
            id="a colon in a name",
        ),
    ],
)
def test_a_bad_definition_is_refused_with_its_file_line_and_key(
    tmp_path: Path, damage: Callable[[str], str], mistake: str
) -> None:
    path = save(tmp_path, damage(TOWN))
    with pytest.raises(ConfigurationError) as refusal:
        load_site(path)
    assert str(refusal.value) == f"{path}, {mistake}"


def test_one_bad_definition_is_named_among_good_ones(tmp_path: Path) -> None:
    save(tmp_path, TOWN, "a.yaml")
    path = save(tmp_path, "name: b\n", "b.yaml")
    with pytest.raises(ConfigurationError, match="key `start` is missing") as refusal:
        load_sites(tmp_path)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://town.example/", "home"),
        ("https://town.example", "home"),
        ("https://town.example/?page=2", "home"),
        ("https://town.example/news/", "news"),
        ("https://town.example/news", "news"),
        ("https://town.example/news.html", "news"),
        ("https://town.example/news/index.html", "news"),
        ("https://town.example/news/index_2.shtml", "news"),
        ("https://town.example/news/list-3.php", "news"),
        ("https://town.example/news/list_36_2.html", "news"),
        ("https://town.example/news/page/2/", "news"),
        ("https://town.example/news/2026/03/", "news"),
        ("https://town.example/category/local-news/", "local-news"),
        ("https://town.example/rss/news.xml", "news"),
        ("https://town.example/news/feed/", "news"),
        ("https://town.example/news/rss2", "news"),
        ("https://town.example/sitemap.xml.gz", "home"),
        ("https://town.example/list/12.html", "home"),
        ("https://town.example/a/%E6%96%B0%E9%97%BB/", "新闻"),
        ("https://town.example/a%2Fb/", "a b"),
        ("https://town.example/a,b/", "a b"),
        ("https://town.example/covid-19/", "covid-19"),
        ("https://town.example/..", "home"),
        ("https://town.example/%ff", "home"),
    ],
)
def test_what_a_section_is_called(url: str, name: str) -> None:
    assert section_name(url) == name


def test_a_section_that_nobody_prepared() -> None:
    url = "https://www.Town.example/news/"
    assert adhoc_site(url) == Site(
        name="town.example",
        domains=("town.example",),
        channels={"news": Channel("news", (url,), ("web", "town.example", "news"))},
        source=url,
    )
    assert adhoc_site(url, ("a", "b", "c")).channels["news"].categories == ("a", "b", "c")


@pytest.mark.parametrize(
    ("url", "categories", "channel"),
    [
        pytest.param(
            "https://town.example/news/?utm_source=x",
            None,
            Channel("news", ("https://town.example/news/",), ("web", "town", "news")),
            id="a channel it has",
        ),
        pytest.param(
            "https://town.example/news/",
            ("a", "b", "c"),
            Channel("news", ("https://town.example/news/",), ("a", "b", "c")),
            id="a channel it has, into another folder",
        ),
        pytest.param(
            "https://town.example/culture/",
            None,
            Channel("culture", ("https://town.example/culture/",), ("web", "town", "culture")),
            id="a section beside its channels",
        ),
        pytest.param(
            "https://town.example/culture/",
            ("a", "b", "c"),
            Channel("culture", ("https://town.example/culture/",), ("a", "b", "c")),
            id="a section into another folder",
        ),
    ],
)
def test_a_section_of_a_known_site(
    tmp_path: Path, url: str, categories: tuple[str, ...] | None, channel: Channel
) -> None:
    site = load_site(save(tmp_path, TOWN))
    assert for_section(site, url, categories) == replace(site, channels={channel.name: channel})


def test_the_definition_in_the_document_is_one(tmp_path: Path) -> None:
    """Each block of YAML in docs/adding-a-site.md is a definition that loads."""
    document = (Path(__file__).parents[1] / "docs" / "adding-a-site.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", document, re.DOTALL)
    assert len(blocks) > 3
    for number, block in enumerate(blocks):
        load_site(save(tmp_path, block, f"{number}.yaml"))


def test_the_document_tells_every_key_and_no_other() -> None:
    document = (Path(__file__).parents[1] / "docs" / "adding-a-site.md").read_text("utf-8")
    table = document.partition("## Every key")[2].partition("##")[0]
    told = set(re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE))
    rules = {f"listing.{name}" for name in ListingRules.__slots__} | {
        f"article.{name}" for name in ArticleRules.__slots__
    }
    assert told == KEYS.keys() - {"listing", "article"} | rules


def test_the_document_names_every_site_that_comes_with_the_program() -> None:
    document = (Path(__file__).parents[1] / "docs" / "adding-a-site.md").read_text("utf-8")
    for path in BUNDLED.glob("*.yaml"):
        assert f"`{path.stem}`" in document


def test_the_python_in_the_document_works(tmp_path: Path) -> None:
    document = (Path(__file__).parents[1] / "docs" / "adding-a-site.md").read_text("utf-8")
    block = re.search(r"```python\n(.*?)```", document, re.DOTALL)
    assert block is not None
    names: dict[str, Any] = {}
    exec(block[1], names)  # noqa: S102
    html = b'{"headline": "The ferry runs again", "text": "<p>At <b>six</b>.</p>", "date": "2026-03-09"}'
    article = names["read"](html, "https://town.example/api/1")
    assert (article.title, article.body) == ("The ferry runs again", "<p>At <b>six</b>.</p>")
    assert article.published == datetime(2026, 3, 9, tzinfo=UTC)
