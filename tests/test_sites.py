"""Site definitions: the bundled ones are good, a user's own win, and a mistake is named with its line."""

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archiver import demo
from archiver.errors import ConfigurationError
from archiver.sites import BUNDLED, Channel, Site, load_site, load_sites

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
        assert site.owns(channel.start)
        assert all(category == category.strip() for category in channel.categories)
    assert len({channel.categories for channel in site.channels.values()}) == len(site.channels)


def test_the_bundled_sites_are_there_without_a_folder_of_ones_own(tmp_path: Path) -> None:
    assert load_sites(tmp_path).keys() == {path.stem for path in BUNDLED.glob("*.yaml")}
    assert load_sites(tmp_path / "missing") == load_sites(tmp_path)
    assert "36kr" in load_sites(tmp_path)


def test_a_whole_definition(tmp_path: Path) -> None:
    path = save(tmp_path, TOWN)
    assert load_site(path) == Site(
        name="town",
        domains=("town.example",),
        channels={
            "news": Channel("news", "https://town.example/news/", ("web", "town", "news")),
            "sport": Channel("sport", "https://town.example/sport/", ("web", "town", "sport")),
        },
        source=str(path),
        spider="archiver.spiders.listing:ListingSpider",
        language="en",
        time_zone=ZoneInfo("Europe/Berlin"),
        settings={"DOWNLOAD_DELAY": 3},
        listing={"item": "article.card", "link": "a", "date": "time", "next": "a.next"},
        article={"body": "div.content", "title": "h1", "date": "time", "author": ".by", "remove": ".share"},
    )


def test_domains_are_hosts_without_www_each_once(tmp_path: Path) -> None:
    text = TOWN.replace("[town.example]", "[WWW.Town.example, town.example, news.town.example]")
    assert load_site(save(tmp_path, text)).domains == ("town.example", "news.town.example")


def test_the_least_definition(tmp_path: Path) -> None:
    text = "spider: town:Spider\nchannels: {n: {start: 'https://www.Town.example/', categories: [a, b, c]}}\n"
    path = save(tmp_path, text, "city.yaml")
    assert load_site(path) == Site(
        name="city",
        domains=("town.example",),
        channels={"n": Channel("n", "https://www.Town.example/", ("a", "b", "c"))},
        source=str(path),
        spider="town:Spider",
        time_zone=UTC,
    )


def test_a_users_own_definition_wins(tmp_path: Path) -> None:
    save(tmp_path, TOWN.replace("name: town", "name: 36kr"), "a.yaml")
    save(tmp_path, TOWN, "b.yaml")
    save(tmp_path, "no definition", "notes.txt")
    sites = load_sites(tmp_path)
    assert (sites["36kr"].language, sites["town"].language) == ("en", "en")
    assert sites["36kr"].source == str(tmp_path / "a.yaml")


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
            lambda text: text.replace("Europe/Berlin", "Europe/Town"),
            "line 4: `time_zone`: expected a time zone such as Asia/Shanghai, not `Europe/Town`",
            id="a time zone that does not exist",
        ),
        pytest.param(
            lambda text: text.replace("https://town.example/news/", "town.example/news/"),
            "line 8: `channels.news.start`: expected an address that begins with http:// or https://,"
            " not `town.example/news/`",
            id="an address without scheme",
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
            lambda text: text.replace("language: en", "language: no"),
            "line 3: `language`: expected a text",
            id="Norwegian, which YAML reads as false",
        ),
        pytest.param(
            lambda text: text.replace("DOWNLOAD_DELAY: 3", "DOWNLOAD_DELAY: [3]"),
            "line 5: `settings.DOWNLOAD_DELAY`: expected a single value",
            id="a setting that is a list",
        ),
        pytest.param(
            lambda text: text.replace("channels:", "channel:"),
            "line 6: unknown key `channel`, perhaps `channels`?",
            id="channel for channels",
        ),
        pytest.param(lambda text: "", "line 1: key `channels` is missing", id="an empty file"),
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


@pytest.mark.parametrize(
    ("damage", "mistake"),
    [
        pytest.param(
            lambda text: text.partition("listing:")[0],
            "expected `listing` and `article` with selectors, or a `spider`",
            id="neither selectors nor a spider",
        ),
        pytest.param(
            lambda text: text.partition("article:")[0],
            "expected `listing` and `article` with selectors, or a `spider`",
            id="selectors for listings only",
        ),
    ],
)
def test_a_definition_that_lacks_something_is_refused_with_its_file(
    tmp_path: Path, damage: Callable[[str], str], mistake: str
) -> None:
    path = save(tmp_path, damage(TOWN))
    with pytest.raises(ConfigurationError) as refusal:
        load_site(path)
    assert str(refusal.value) == f"{path}: {mistake}"


def test_one_bad_definition_is_named_among_good_ones(tmp_path: Path) -> None:
    save(tmp_path, TOWN, "a.yaml")
    path = save(tmp_path, "name: b\n", "b.yaml")
    with pytest.raises(ConfigurationError, match="key `channels` is missing") as refusal:
        load_sites(tmp_path)
    assert str(path) in str(refusal.value)
