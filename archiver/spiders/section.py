"""Any site: what stands at an address is found by looking, as far as the site's definition does not say it."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archiver.addresses import Permits, parse_endpoint, why_refused
from archiver.errors import PageError
from archiver.extract.article import Extraction, examine
from archiver.extract.feed import is_feed, read_feed, to_article, to_card
from archiver.extract.listing import Card
from archiver.extract.look import look_at, select_cards
from archiver.extract.section.kind import Kind
from archiver.extract.section.more import read_more
from archiver.extract.section.scope import is_never_article, scope_of
from archiver.extract.sitemap import GZIP, is_sitemap, read_sitemap
from archiver.frontier import Trail
from archiver.items import Article
from archiver.responses import media_type
from archiver.sites import Channel
from archiver.spiders.article import ArticleSpider, Page
from archiver.urls import identity, is_web
from archiver.workers import is_light, workers

logger = logging.getLogger(__name__)
FEW = 20
"""Sitemaps of an index that are all read before the first article; of more, one after the other, newest first."""


class SectionSpider(ArticleSpider):
    """Listings, feeds, sitemaps and single articles of any site."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.sitemaps: dict[str, tuple[str, ...]] = {}  # host -> what its robots.txt announces
        self.looked = {identity(start) for channel in self.channels for start in channel.starts}  # listings
        self.refused: set[str] = set()  # addresses of articles, each told once

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SectionSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_robots, signals.robots_parsed)
        return spider

    def on_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Keeps the sitemaps of a robots.txt, which is read before anything else of its host."""
        announced = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        self.sitemaps[urlparse_cached(request).netloc] = tuple(announced)

    async def read_listing(self, response: Response, trail: Trail) -> Page:
        raw, kind = response.body, media_type(response)
        if is_sitemap(raw, kind) or raw.startswith(GZIP):
            return await self.read_sitemap(response, trail)
        if is_feed(raw, kind):
            return await self.read_feed(response, trail)
        if trail.may_be_empty or trail.is_index or (trail.is_announced and trail.number == 1):
            raise PageError("neither feed nor sitemap")
        if response.meta.get("more") or kind.endswith("json"):
            cards, following = await workers.run(read_more, script_text(response), response.url, self.site.time_zone)
            return Page(inside(cards, trail), Request(following, meta={"more": True}) if following else None)
        if self.site.listing.item and trail.channel.content == "page":
            return await self.read_selected(response)
        return await self.look(response, trail)

    async def read_article(self, response: Response, channel: Channel) -> Extraction:
        if self.site.extractor:
            article = await workers.run(call, self.site.extractor, response.body, response.url)
            return Extraction(article, {"everything": self.site.extractor})
        first, number = response.meta.get("part", (None, 1))
        read = partial(
            examine,
            response.body,
            response.url,
            rules=self.site.article,
            language=self.site.language,
            must_be_article=number == 1,
            first=first if number > 1 else None,
            number=number,
            video_hosts=self.video_hosts,
            **self.reading(response),
        )
        is_quick = self.site.article.body and is_light(response.body)
        return read() if is_quick else await workers.run(read)

    def reading(self, response: Response) -> dict[str, Any]:
        """What every reader of a page is told about it."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        return {"content_type": content_type, "encoding": self.site.encoding, "zone": self.site.time_zone}

    async def read_selected(self, response: Response) -> Page:
        """A listing at the definition's selectors."""
        read = partial(select_cards, response.body, response.url, self.site.listing, **self.reading(response))
        cards, following = read() if is_light(response.body) else await workers.run(read)
        return Page(tuple(self.own(cards)), Request(following) if following else None)

    def own(self, cards: Iterable[Card]) -> Iterator[Card]:
        """Those of the site. One at an address that may not be asked is a failure; others lead elsewhere."""
        allowed = map(parse_endpoint, self.settings.getlist("ARCHIVER_ALLOW_ADDRESS"))
        permits = Permits(addresses=frozenset(allowed))
        for card in cards:
            reason = why_refused(card.url, permits) or ""
            if self.site.owns(card.url):
                yield card
            elif reason.startswith(("blocked-address", "blocked-scheme")) and card.url not in self.refused:
                self.refused.add(card.url)
                self.accounts.note(PageError(f"refused: {reason}"), card.url)

    async def look(self, response: Response, trail: Trail) -> Page:
        """A page of which nothing is known."""
        look = await workers.run(partial(look_at, response.body, response.url, **self.reading(response)))
        section = look.section
        if trail.number == 1:
            if look.verdict.kind is Kind.ARTICLE and trail.depth == 1:
                return Page(is_article=True)
            trail.scope = trail.scope or scope_of(response.url, section.cards)
            self.images.learn(look.image)
        announced = self.announcements(response, trail, section.feeds, section.sitemaps)
        if trail.channel.content == "feed":  # nothing but what its feeds hold is wanted
            return Page(others=tuple(self.new(announced)))
        following = Request(section.following) if section.following else None
        if following is None and section.more:
            following = Request(section.more, meta={"more": True}, headers={"Accept": "application/json, */*;q=0.5"})
        below = [(Request(url), Trail(trail.channel, trail.depth + 1, scope=trail.scope)) for url in section.listings]
        return Page(inside(section.cards, trail), following, tuple(self.new(announced) + self.new(below)))

    def announcements(
        self, response: Response, trail: Trail, feeds: Iterable[str], sitemaps: Iterable[str]
    ) -> list[tuple[Request, Trail]]:
        """The feeds and sitemaps that a section's first page and its host's robots.txt announce."""
        if not self.announced or trail.number != 1:
            return []
        told = self.sitemaps.get(urlparse_cached(response).netloc, ()) if trail.depth == 1 else ()
        addresses = [url for url in (*feeds, *sitemaps, *told) if is_web(url)]
        return [(Request(url), Trail(trail.channel, trail.depth, True, scope=trail.scope)) for url in addresses]

    def new(self, listings: list[tuple[Request, Trail]]) -> list[tuple[Request, Trail]]:
        """Those that nobody has looked at."""
        found = {identity(request.url): (request, trail) for request, trail in listings if trail.depth <= self.depth}
        new = [listing for name, listing in found.items() if name not in self.looked]
        self.looked |= set(found)
        return new

    async def read_feed(self, response: Response, trail: Trail) -> Page:
        """A feed: its entries are announcements, or with `content: feed` the articles themselves."""
        largest = self.settings.getint("ARCHIVER_LARGEST_FEED")
        feed = await workers.run(read_feed, response.body, response.url, self.site.time_zone, largest)
        following = Request(feed.following) if feed.following else None
        if trail.channel.content == "feed":
            for title in feed.without_address:
                self.accounts.note(PageError(f"an item without address: {title}"), response.url)
            own = {card.url for card in inside(map(to_card, feed.entries), trail, response.url)}
            articles = tuple(to_article(entry, feed, self.video_hosts) for entry in feed.entries if entry.url in own)
            return Page(following=following, articles=articles)
        return Page(inside(map(to_card, feed.entries), trail, response.url), following)

    async def read_sitemap(self, response: Response, trail: Trail) -> Page:
        """A sitemap, or an index of them."""
        level, most = response.meta.get("level", 0), self.settings.getint("ARCHIVER_MOST_LEVELS")
        largest = self.settings.getint("ARCHIVER_LARGEST_SITEMAP")
        sitemap = await workers.run(read_sitemap, response.body, response.url, largest)
        if sitemap.children and level >= most:
            raise PageError(f"refused: trap-limit, sitemaps nested more than {most} deep")
        since = self.frontier.since
        cards = inside(sitemap.cards, trail, response.url)
        cards = tuple(card for card in cards if is_never_article(card.url) is None)
        children = self.new(
            [
                (
                    Request(child.url, meta={"level": level + 1}),
                    Trail(trail.channel, trail.depth, trail.is_announced, True, scope=trail.scope),
                )
                for child in sitemap.children
                if is_web(child.url) and not (since and child.modified and child.modified < since)
            ]
        )
        if len(children) <= FEW:
            return Page(cards, others=tuple(children))
        trail.is_index, trail.rest = True, (*trail.rest, *(request for request, _ in children))
        return Page(cards)  # the frontier takes what is left of the trail, one after the other


def inside(cards: Iterable[Card], trail: Trail, source: str = "") -> tuple[Card, ...]:
    """The cards of the section.

    What a listing page of the section shows is judged by the section's pattern; what a feed or sitemap at `source`
    names, by its folder, unless the source itself lies in it or was asked for by the user.
    """
    scope = trail.scope
    if scope is None or (source and (not trail.is_announced or (scope.holds(source) and scope.prefix.count("/") > 1))):
        return tuple(cards)
    return tuple(card for card in cards if (scope.holds if source else scope.may_list)(card.url))


def script_text(response: Response) -> str:
    """The text of an answer that is meant for a script. Raises PageError for what is none."""
    try:
        return response.text
    except AttributeError as error:
        raise PageError(f"not a page but {media_type(response)}") from error


def call(name: str, html: bytes, url: str) -> Article:
    """The article that a definition's own function reads."""
    module, _, function = name.partition(":")
    found = getattr(import_module(module), function)(html, url)
    if not isinstance(found, Article):
        raise PageError(f"{name} gave {type(found).__name__}, not an Article")
    return found
