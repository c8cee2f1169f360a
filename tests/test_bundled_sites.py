"""Every site that comes with the program: its page gives the post a person has read, its listing those articles.

The pages in `tests/sites/` are built as the sites build theirs, with articles that we made up. Where a definition or
the reading of pages changes, look at the post that comes out before it replaces `post.md`.
"""

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.extract import kr36
from archiver.extract.article import extract
from archiver.extract.feed import read_feed, to_article
from archiver.extract.listing import Card
from archiver.extract.look import look_at, select_cards
from archiver.items import Article
from archiver.pipelines.normalise import normalise
from archiver.post import parse, render
from archiver.settings import DOWNLOAD_DELAY
from archiver.sites import BUNDLED, Channel, Site, load_site
from archiver.spiders import to_spider

PAGES = Path(__file__).parent / "sites"
MORNING = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NAMES = [path.stem for path in sorted(BUNDLED.glob("*.yaml"))]
for_each_site = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Captured:
    """A site with what was put down of it."""

    site: Site
    folder: Path

    @classmethod
    def of(cls, name: str) -> "Captured":
        return cls(load_site(BUNDLED / f"{name}.yaml"), PAGES / name)

    @property
    def channel(self) -> Channel:
        """The one whose listing is there."""
        return next(iter(self.site.channels.values()))

    def expected(self, key: str) -> object:
        return json.loads((self.folder / "expected.json").read_text("utf-8")).get(key)

    def article(self) -> Article:
        """The article of its page, as the site's spider reads it."""
        url = str(self.expected("page"))
        if self.channel.content == "feed":
            feed = read_feed((self.folder / "feed.xml").read_bytes(), str(self.expected("listing")))
            return next(to_article(entry, feed) for entry in feed.entries if entry.url == url)
        html = (self.folder / "page.html").read_bytes()
        if self.site.name == "36kr":
            return kr36.read_article(html.decode(), url)
        site = self.site
        return extract(
            html, url, encoding=site.encoding, rules=site.article, zone=site.time_zone, language=site.language
        )

    def post(self) -> str:
        """The post of that article."""
        article = replace(
            self.article(),
            categories=self.channel.categories,
            site=self.site.name,
            channel=self.channel.name,
            fetched=MORNING,
        )
        return render(normalise(article))

    def listing(self) -> tuple[list[str], str | None]:
        """The articles of its listing that the channel wants, and the next page."""
        cards, following = self.cards()
        channel = self.channel
        urls = [card.url for card in cards]
        urls = [url for url in urls if channel.match is None or channel.match.search(url)]
        return [url for url in urls if channel.exclude is None or not channel.exclude.search(url)], following

    def cards(self) -> tuple[tuple[Card, ...], str | None]:
        url, site = str(self.expected("listing")), self.site
        if (self.folder / "feed.xml").exists():
            feed = read_feed((self.folder / "feed.xml").read_bytes(), url, site.time_zone)
            return tuple(Card(entry.url) for entry in feed.entries), feed.following
        html = (self.folder / "listing.html").read_bytes()
        if site.name == "36kr":
            return kr36.read_listing(html.decode()).cards, None
        if site.listing.item:
            return select_cards(html, url, site.listing, encoding=site.encoding, zone=site.time_zone)
        section = look_at(html, url, encoding=site.encoding, zone=site.time_zone).section
        return section.cards, section.following


@for_each_site
def test_its_page_gives_the_post_that_a_person_has_read(name: str) -> None:
    captured = Captured.of(name)
    assert captured.post() == (captured.folder / "post.md").read_text("utf-8")


@for_each_site
def test_its_post_is_a_post(name: str) -> None:
    post = parse((PAGES / name / "post.md").read_text("utf-8"))
    assert post.categories == Captured.of(name).channel.categories


@for_each_site
def test_its_listing_gives_its_articles(name: str) -> None:
    captured = Captured.of(name)
    assert captured.listing() == (captured.expected("articles"), captured.expected("next"))


@for_each_site
def test_it_has_manners(name: str) -> None:
    settings = to_spider(load_site(BUNDLED / f"{name}.yaml")).custom_settings or {}
    assert settings.get("DOWNLOAD_DELAY", DOWNLOAD_DELAY) >= 1


@for_each_site
def test_it_owns_its_pages(name: str) -> None:
    captured = Captured.of(name)
    assert captured.site.name == name
    assert captured.site.owns(str(captured.expected("page")))
    assert captured.channel.start == captured.expected("listing")


@for_each_site
def test_no_selector_of_it_is_an_xpath_for_these_cost_ten_times_as_much(name: str) -> None:
    site = load_site(BUNDLED / f"{name}.yaml")
    for rules in (site.listing, site.article):
        assert not [s for field in rules.__slots__ for s in getattr(rules, field) if s.is_xpath]


def test_no_two_sites_write_into_one_folder() -> None:
    folders = [c.categories for name in NAMES for c in load_site(BUNDLED / f"{name}.yaml").channels.values()]
    assert len(set(folders)) == len(folders)


def test_there_is_no_page_of_a_site_that_is_gone() -> None:
    assert sorted(path.name for path in PAGES.iterdir()) == NAMES


@pytest.mark.parametrize("name", ["guardian", "3dmgame"])
def test_a_page_with_a_definition_is_read_in_a_few_milliseconds(name: str) -> None:
    captured = Captured.of(name)
    captured.article()
    started = time.process_time()
    for _ in range(20):
        captured.article()
    assert (time.process_time() - started) / 20 < 0.5  # what is quadratic takes longer
