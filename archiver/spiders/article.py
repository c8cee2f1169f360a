"""The base of all spiders: from a channel's listing, page by page, to its articles; or to single addresses.

A site's own spider says how to read its pages (`read_listing`, `read_article`), nothing more.
"""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from archiver.dates import parse_bound
from archiver.errors import BlockedError, ConfigurationError, PageError
from archiver.extract.listing import Card
from archiver.failures import reason_of
from archiver.items import Article
from archiver.outcomes import Outcome, record
from archiver.responses import is_page, media_type
from archiver.sites import Channel, Site
from archiver.urls import canonical

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing."""

    cards: tuple[Card, ...]
    """Newest first."""
    following: Request | None = None
    """What asks for the next page, without callbacks; None: this is the last."""


class ArticleSpider(Spider):
    """Crawls the channels of a site, newest first.

    Arguments, all optional and all texts (`scrapy crawl NAME -a limit=40`):
    `channel` names separated by commas, `limit` articles in all, `pages` of each listing,
    `since` and `until` (days or times, both included), `urls` separated by spaces: just these articles.
    """

    site: ClassVar[Site]

    def __init__(
        self,
        name: str | None = None,
        *,
        channel: str = "",
        limit: str = "",
        pages: str = "",
        since: str = "",
        until: str = "",
        urls: str = "",
    ) -> None:
        """Raises ConfigurationError naming the argument that is wrong."""
        super().__init__(name)
        unknown = [wanted for wanted in channel.split(",") if wanted and wanted not in self.site.channels]
        if unknown:
            raise ConfigurationError(f"{self.name} has no channel {unknown[0]}; it has {', '.join(self.site.channels)}")
        self.channels = [self.site.channels[wanted] for wanted in channel.split(",") if wanted] or [
            *self.site.channels.values()
        ]
        try:
            self.limit = int(limit) if limit else None
            self.pages = int(pages) if pages else None
            self.since = parse_bound(since) if since else None
            self.until = parse_bound(until, end=True) if until else None
            self.urls = [canonical(url) for url in urls.split()]
        except ValueError as error:
            raise ConfigurationError(f"{self.name}: {error}") from error
        self.asked: set[str] = set()  # addresses of articles, so that a card on two pages is fetched once

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_spider_error, signals.spider_error)
        crawler.signals.connect(spider.on_item_error, signals.item_error)
        return spider

    # What a site's spider says.

    def read_listing(self, response: TextResponse, channel: Channel) -> Page:
        """One page of a listing. Raises PageError, or BlockedError for a block that only this site has."""
        raise NotImplementedError

    def read_article(self, response: TextResponse, channel: Channel) -> Article:
        """The article of a page; site, channel and categories are filled in later. Raises as `read_listing`."""
        raise NotImplementedError

    def why_blocked(self, request: Request, response: TextResponse) -> str | None:
        """Why an answer is a block that only this site has; None: it is none. Asked before either of the above.

        `request.meta["listing"]` tells whether a listing was asked for.
        """
        return None

    def channel_of(self, url: str) -> Channel:
        """The channel of a single address: the one whose listing's path it lies under, else the first."""
        return next((channel for channel in self.channels if url.startswith(channel.start)), self.channels[0])

    # The way of every crawl.

    async def start(self) -> AsyncIterator[Request]:
        """Single addresses where some are given, else the first page of each channel."""
        for url in self.urls:
            for request in self.article_requests([Card(url)], self.channel_of(url)):
                yield request
        for channel in self.channels if not self.urls else ():
            yield self.listing_request(Request(channel.start), channel, 1)

    def listing_request(self, request: Request, channel: Channel, number: int) -> Request:
        """A request for page `number` of a listing, with the callbacks of one."""
        return request.replace(
            callback=self.parse_listing,
            errback=partial(self.on_error, request.url),
            dont_filter=True,
            priority=-10,  # the articles of one page before the next page
            meta={**request.meta, "listing": True},
            cb_kwargs={"channel": channel, "number": number},
        )

    def parse_listing(self, response: Response, channel: Channel, number: int) -> Iterator[Request]:
        """Requests for the articles of a page that are wanted, and for the next page while any may be."""
        try:
            page = self.read_listing(as_text(response), channel)
        except PageError as error:
            self.note(error, response.url)
            return
        if not page.cards and number == 1:
            self.note(PageError("no article in this listing"), response.url)
        yield from self.article_requests(page.cards, channel)
        too_old = (
            self.since is not None
            and page.cards
            and all(card.published and card.published < self.since for card in page.cards)
        )
        ended = too_old or not page.cards or number == self.pages or self.is_full
        if page.following is not None and not ended:
            yield self.listing_request(page.following, channel, number + 1)

    def article_requests(self, cards: Iterable[Card], channel: Channel) -> Iterator[Request]:
        """Requests for the articles of a listing that are wanted and were not asked for yet."""
        for card in cards:
            url = canonical(card.url)
            if self.is_full:
                return
            if url not in self.asked and self.is_wanted(card.published):
                self.asked.add(url)
                yield Request(
                    url,
                    self.parse_article,
                    errback=partial(self.on_error, url),
                    dont_filter=True,
                    cb_kwargs={"channel": channel, "asked": url, "announced": card.published},
                )

    @property
    def is_full(self) -> bool:
        """Has the limit of articles been reached?"""
        return self.limit is not None and len(self.asked) >= self.limit

    def is_wanted(self, published: datetime | None) -> bool:
        """Does a date lie between `since` and `until`? What has none is wanted."""
        early = published is not None and self.since is not None and published < self.since
        late = published is not None and self.until is not None and published > self.until
        return not early and not late

    def parse_article(
        self, response: Response, channel: Channel, asked: str, announced: datetime | None
    ) -> Iterator[Article]:
        """The article, with what the definition knows about it; `asked` is its address before any redirect.

        `announced` is its date in the listing, for a page that gives none.
        """
        try:
            if not self.site.owns(response.url):
                raise PageError(f"redirected to {response.url}")
            article = self.read_article(as_text(response), channel)
        except PageError as error:
            self.note(error, asked)
            return
        published = article.published or announced
        if self.is_wanted(published):
            yield replace(
                article,
                published=published,
                site=self.site.name,
                channel=channel.name,
                categories=channel.categories,
                language=article.language or self.site.language,
            )

    # What goes wrong costs the page it goes wrong with.

    def on_error(self, url: str, failure: Failure) -> None:
        """A page that could not be had."""
        self.note(failure.value, url)

    def on_spider_error(self, failure: Failure, response: Response | None) -> None:
        """A bug in a callback; Scrapy logs where."""
        self.note(failure.value, response.url if response is not None else self.name)

    def on_item_error(self, item: Article, failure: Failure) -> None:
        """A bug in a pipeline; Scrapy logs where."""
        self.note(failure.value, item.url)

    def note(self, error: BaseException | None, url: str) -> None:
        """Counts a page as blocked or failed, with the reason in words."""
        outcome = Outcome.BLOCKED if isinstance(error, BlockedError) else Outcome.FAILED
        record(self.crawler.stats, outcome, url, reason_of(error))


def as_text(response: Response) -> TextResponse:
    """The response, if it is a text. Raises PageError otherwise: a PDF, an image."""
    if not is_page(response):
        raise PageError(f"not a page but {media_type(response)}")
    return response
