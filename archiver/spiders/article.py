"""The base of all spiders: from the listings of a channel, page by page, to its articles; or to single addresses.

A site's own spider says how to read its pages (`read_listing`, `read_article`), nothing more.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.asyncio import run_in_thread
from twisted.python.failure import Failure

from archiver.accounts import Accounts
from archiver.answers import asked_for, doubts, validators, with_answer
from archiver.body import VIDEO_HOSTS, Body
from archiver.dates import parse_bound
from archiver.errors import BlockedError, ConfigurationError, MachineError, PageError
from archiver.extract.article import Extraction, join
from archiver.extract.listing import Card
from archiver.extract.parts import MOST_PARTS, is_part_of
from archiver.extract.shared import SharedImages
from archiver.extract.standin import refuse_title
from archiver.failures import reason_of
from archiver.freshness import parse_refresh
from archiver.frontier import Frontier, Job, Trail
from archiver.items import Article
from archiver.ledger import DAILY, Ledger, Standing
from archiver.outcomes import Outcome, end, explain, is_ended, notice, recheck, record, stop
from archiver.pipelines.export import archive_of
from archiver.records import ArticleRecord
from archiver.sites import Channel, Site
from archiver.urls import canonical, host_of, identity

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing."""

    cards: tuple[Card, ...] = ()
    """Newest first."""
    following: Request | None = None
    """What asks for the next page, without callbacks; None: this is the last."""
    others: tuple[tuple[Request, Trail], ...] = ()
    """Further listings, feeds and sitemaps, each with a trail of its own."""
    articles: tuple[Article, ...] = ()
    """Articles that stand in the listing itself, whole: those of a feed."""
    is_article: bool = False
    """The page is no listing but an article."""


class ArticleSpider(Spider):
    """Crawls the channels of a site, newest first.

    Arguments, all optional and all texts (`scrapy crawl NAME -a limit=40`):
    `channel` names separated by commas, `limit` articles in all, `pages` of each listing, `depth` of listings (1: those
    named, 2: also those they link to), `since` and `until` (days or times, both included), `match` and `exclude`
    (regular expressions for the addresses of articles), `urls` separated by spaces: just these articles; `announced`:
    look at the feeds and sitemaps that a listing and robots.txt announce, too; `explain`: archive nothing, but keep
    what was found and why for the command line; `refresh`: ask archived articles again that are younger than this
    (`30d`, `all`, `never`), now; `known`: follow a listing up to so many archived articles in a row; `all`: to its end.
    """

    site: ClassVar[Site]

    def __init__(
        self,
        name: str | None = None,
        *,
        channel: str = "",
        limit: str = "",
        pages: str = "",
        depth: str = "",
        since: str = "",
        until: str = "",
        match: str = "",
        exclude: str = "",
        urls: str = "",
        announced: str = "",
        explain: str = "",
        refresh: str = "",
        known: str = "",
        all: str = "",  # noqa: A002
        _job: str = "",  # scrapyd's name of the run
    ) -> None:
        """Raises ConfigurationError naming the argument that is wrong."""
        super().__init__(name)
        self.channels = self.wanted_channels(channel)
        try:
            self.frontier = Frontier(
                limit=int(limit) if limit else None,
                pages=int(pages) if pages else None,
                since=parse_bound(since) if since else None,
                until=parse_bound(until, end=True) if until else None,
                enough=int(known) if known else None,
                everything=bool(all),
            )
            self.refresh = parse_refresh(refresh, timedelta(0)) if refresh else self.site.refresh
            self.depth = int(depth) if depth else 1
            self.match, self.exclude = (re.compile(text) if text else None for text in (match, exclude))
            self.urls = [canonical(url) for url in urls.split(" ") if url]
        except (ValueError, re.error) as error:
            raise ConfigurationError(f"{self.name}: {error}") from error
        self.announced, self.explains = bool(announced), bool(explain)
        self.has_found = bool(self.urls)
        self.images = SharedImages()
        self.in_feed: set[tuple[str, str]] = set()  # (feed, article)
        self.asked_again: set[str] = set()  # archived articles, by their identity
        self.owners: dict[str, str] = {}  # article, by the address it gives itself -> the address it was asked by
        self.followed: set[str] = set()  # listings, by the addresses of their first pages

    def wanted_channels(self, names: str) -> list[Channel]:
        """Channels by their names, with commas between; without any, all of them. Raises ConfigurationError."""
        wanted = [name for name in names.split(",") if name]
        if unknown := [name for name in wanted if name not in self.site.channels]:
            raise ConfigurationError(f"{self.name} has no channel {unknown[0]}; it has {', '.join(self.site.channels)}")
        return [self.site.channels[name] for name in wanted] or [*self.site.channels.values()]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_spider_error, signals.spider_error)
        crawler.signals.connect(spider.on_item_error, signals.item_error)
        crawler.signals.connect(spider.on_opened, signals.spider_opened)
        crawler.signals.connect(spider.on_closed, signals.spider_closed)
        return spider

    def on_opened(self) -> None:
        """Opens the archive, for the time of the crawl."""
        settings = self.crawler.settings
        usual = self.refresh or parse_refresh(settings["ARCHIVER_REFRESH"], DAILY)
        self.ledger = Ledger(archive_of(settings), self.site.name, usual, self.site.channels.values())
        stats, is_named = self.crawler.stats, bool(self.urls)
        self.accounts = Accounts(stats, self.ledger, is_named=is_named, give_up=self.give_up)
        self.forces = settings.getbool("ARCHIVER_FORCE")
        self.frontier.most_pages = settings.getint("ARCHIVER_MOST_PAGES")
        self.frontier.most_articles = settings.getint("ARCHIVER_MOST_ARTICLES")
        self.most_links = settings.getint("ARCHIVER_MOST_LINKS")
        self.depth = min(self.depth, settings.getint("ARCHIVER_MOST_DEPTH"))

    def on_closed(self, reason: str) -> None:
        """A crawl that came to its end has followed its listings as far as it was to."""
        if reason == "finished":
            frontier = self.frontier
            bounds = (frontier.limit, frontier.pages, frontier.since, frontier.until, self.match, self.exclude)
            is_whole = all(bound is None for bound in bounds)
            self.ledger.finish(self.followed - self.accounts.failed_listings, is_whole=is_whole)
        self.ledger.archive.close()

    @property
    def video_hosts(self) -> frozenset[str]:
        """Hosts whose players stay in a body: the program's own, the user's and the site's."""
        return VIDEO_HOSTS.union(self.site.video_hosts, self.settings["ARCHIVER_VIDEO_HOSTS"].split())

    # What a site's spider says.

    async def read_listing(self, response: Response, trail: Trail) -> Page:
        """One page of a listing. Raises PageError, or BlockedError for a block that only this site has."""
        raise NotImplementedError

    async def read_article(self, response: Response, channel: Channel) -> Extraction:
        """The article of a page; site, channel and categories are filled in later. Raises as `read_listing`.

        Of an article in several parts, `response.meta["part"]` holds the first one's address and the part's number.
        """
        raise NotImplementedError

    def why_blocked(self, request: Request, response: TextResponse) -> str | None:
        """Why an answer is a block that only this site has; None: it is none. Asked before either of the above.

        `request.meta["listing"]` tells whether a listing was asked for.
        """
        return None

    def channel_of(self, url: str) -> Channel:
        """The channel of a single address: the one whose listing's path it lies under, else the first."""
        return next((channel for channel in self.channels if url.startswith(channel.start)), self.channels[0])

    # The way of every crawl: listings to the frontier, articles out of it.

    async def start(self) -> AsyncIterator[Request | Article]:
        """Single addresses where some are given, else the first page of each listing of each channel."""
        for url in self.urls:
            archived = None if self.explains else self.ledger.archive.known(url)
            if archived is not None and archived.sha256 is not None:
                self.ask_again(archived, self.channel_of(url))
            else:
                self.frontier.add([Card(url)], self.channel_of(url))
        for channel in self.channels if not self.urls else ():
            for address in channel.starts:
                self.frontier.follow(Request(address), Trail(channel))
            if channel.content == "feed":
                continue  # no page is asked
            for deferred in self.ledger.deferred(channel.name):
                if self.admits(deferred.url, channel):
                    self.frontier.add([Card(deferred.url, deferred.published)], channel)
            for archived in self.ledger.due(channel.name):
                self.ask_again(archived, channel)
        for found in self.go_on():
            yield found

    def go_on(self) -> Iterator[Request | Article]:
        """What the frontier gives out now; at the very end the articles that were held back."""
        yield from self.listing_requests()  # listings to look at, before any article
        for job in self.frontier.jobs():
            if job.standing is Standing.NEW:
                yield self.article_request(job, job.url)
            else:
                self.pass_by(job)
        yield from self.listing_requests()  # next pages, where no article was wanted
        if self.frontier.given >= self.frontier.most_articles and not self.is_stopping:
            end(self.crawler.stats, f"trap-limit, {self.frontier.given} articles in one run")
        if self.frontier.is_empty or self.is_stopping:
            yield from self.images.release()
        if self.frontier.is_empty and not (self.has_found or self.accounts.has_problem):
            self.accounts.note(PageError("no article in this listing"), self.channels[0].start)

    def ask_again(self, archived: ArticleRecord, channel: Channel) -> None:
        """Queues an archived article that is due."""
        self.asked_again.add(identity(archived.url or ""))
        self.frontier.ask_again(archived, channel)

    def pass_by(self, job: Job) -> None:
        """Counts an article that is not asked for."""
        if job.standing is Standing.PUT_OFF:
            record(self.crawler.stats, Outcome.SKIPPED, job.url, "put off, as it gave no article")
        elif identity(job.url) not in self.asked_again:
            record(self.crawler.stats, Outcome.KNOWN, job.url, job.url)

    @property
    def is_stopping(self) -> bool:
        """Has the run been interrupted, or does it end by itself? Then what is there already is not held back."""
        return self.crawler.engine is not None and (not self.crawler.engine.running or is_ended(self.crawler.stats))

    def listing_requests(self) -> Iterator[Request]:
        """Requests for the pages of listings that are due."""
        waiting = [trail for _, trail in self.frontier.listings]
        due = [*self.frontier.pages_to_ask()]
        for trail in waiting:
            if trail.is_cut_off:
                self.accounts.note(
                    PageError(f"refused: trap-limit, more than {self.frontier.most_pages} pages"), trail.start
                )
        for request, trail in due:
            if trail.number == 1:
                trail.start, trail.unfinished_since = request.url, self.ledger.unfinished_since(request.url)
                self.followed.add(request.url)
            yield request.replace(
                callback=self.parse_listing,
                errback=partial(self.on_listing_error, request.url, trail),
                dont_filter=True,
                meta={**request.meta, "listing": True},
                cb_kwargs={"trail": trail},
            )

    async def parse_listing(self, response: Response, trail: Trail) -> AsyncIterator[Request | Article]:
        """Hands what a page of a listing leads to over to the frontier. Whatever goes wrong costs this page only."""
        page = Page()
        try:
            self.frontier.leave_out(response.url)  # a listing that links to itself is no article of its own
            page = self.shortened(await self.read_listing(response, trail), response.url)
            may_be_empty = trail.number > 1 or trail.rest or trail.is_announced or trail.may_be_empty
            if page == Page() and not may_be_empty:
                raise PageError("no article in this listing")
        except PageError as error:
            self.accounts.note_listing(error, response.url, trail)
        except Exception as error:  # a bug
            logger.exception("reading %s", response.url)
            self.accounts.note(error, response.url)
        wanted = [card for card in page.cards if self.admits(card.url, trail.channel)]
        if wanted:
            await run_in_thread(self.ledger.look_up, wanted, trail.channel)
        for article in self.queue(page, trail):
            yield article
        if page.is_article:
            job = Job(canonical(response.url), trail.channel, None)
            self.frontier.begin(job)
            async for found in self.parse_article(response, job):
                yield found
        for found in self.go_on():
            yield found

    def shortened(self, page: Page, url: str) -> Page:
        """A page of a listing with no more links than one may have, the first ones."""
        most, given = self.most_links, max(len(page.cards), len(page.others), len(page.articles))
        if given > most:
            notice(self.crawler.stats, url, f"of {given} links the first {most} are followed")
        return replace(page, cards=page.cards[:most], others=page.others[:most], articles=page.articles[:most])

    def queue(self, page: Page, trail: Trail) -> Iterator[Article]:
        """Tells the frontier what a page of a listing holds; gives the articles that stand in it, as far as wanted."""
        frontier, channel = self.frontier, trail.channel
        self.has_found |= bool(page.cards or page.articles or page.is_article)
        standing = partial(self.standing, trail=trail)
        frontier.add((card for card in page.cards if self.admits(card.url, channel)), channel, standing)
        frontier.pass_over(card for card in page.cards if not self.admits(card.url, channel))
        for article in page.articles:
            yield from self.queue_article(article, trail)
        urls = [*(card.url for card in page.cards), *(article.url for article in page.articles)]
        frontier.read(trail, urls, page.following, partial(self.is_settled, trail=trail))
        for request, other in page.others:
            if other.depth <= self.depth:
                frontier.follow(request, other)

    def standing(self, card: Card, trail: Trail) -> Standing:
        """How an article that a page of a listing names stands; what is new makes the listing one that is not done."""
        found = self.ledger.standing(card, trail.channel)
        if found is Standing.NEW:
            self.ledger.begin(trail.start)
        if found is Standing.BACK:
            if (archived := self.ledger.archive.known(card.url)) and archived.sha256 is not None:
                self.ask_again(archived, trail.channel)
            return Standing.KNOWN
        return found

    def is_settled(self, url: str, trail: Trail) -> bool | None:
        """Was an article of a listing archived before? None: it is not wanted, for its address."""
        return self.ledger.was_settled(url, trail.unfinished_since) if self.admits(url, trail.channel) else None

    def queue_article(self, article: Article, trail: Trail) -> Iterator[Article]:
        """An article that stands in a listing, if it is wanted."""
        channel = trail.channel
        try:
            job = Job(canonical(article.url), channel, None)
        except ValueError as error:
            self.accounts.note(PageError(str(error)), article.url)
            return
        if self.admits(job.url, channel) and self.frontier.has_room:
            place = (trail.start, identity(job.url))
            if place in self.in_feed:
                self.accounts.note(
                    PageError(f"another item of the feed has this address: {article.title}"), article.url
                )
            elif identity(job.url) not in self.frontier.known:
                self.in_feed.add(place)
                self.standing(Card(job.url, article.published), trail)
                self.frontier.leave_out(job.url)
                yield from self.finish(article, job)

    def admits(self, url: str, channel: Channel) -> bool:
        """Do the regular expressions of the command line and of the channel allow an article's address?"""
        wanted = (self.match, channel.match)
        unwanted = (self.exclude, channel.exclude)
        return all(p.search(url) for p in wanted if p) and not any(p.search(url) for p in unwanted if p)

    def article_request(self, job: Job, url: str, parts: tuple[Extraction, ...] = (), first: str = "") -> Request:
        """Asks for an article, or for its part behind those that are there already; `first` is where they begin."""
        archived = job.archived if not parts else None
        if archived is not None:
            recheck(self.crawler.stats)
        return Request(
            url,
            self.parse_article,
            errback=partial(self.on_article_error, job, url),
            headers=validators(archived) if archived and not self.forces else None,
            dont_filter=True,
            priority=1 if parts else 0,
            meta={"part": (first or job.url, len(parts) + 1), "handle_httpstatus_list": [304] if archived else []},
            cb_kwargs={"job": job, "parts": parts},
        )

    async def parse_article(
        self, response: Response, job: Job, parts: tuple[Extraction, ...] = ()
    ) -> AsyncIterator[Request | Article]:
        """The article of a page, or the request for its next part. Whatever goes wrong costs this article only."""
        try:
            self.refuse_elsewhere(response, job, parts)
            if response.status == 304 and job.archived is not None:
                self.confirm(job.archived)
                for found in self.go_on_after(job):
                    yield found
                return
            part = await self.read_article(response, job.channel)
            is_new = all(part.article.body != other.article.body for other in parts)
            if is_new and part.following is not None:
                if len(parts) + 1 >= MOST_PARTS:
                    raise PageError(f"an article of more than {MOST_PARTS} parts")
                self.frontier.leave_out(part.following)
                first = response.meta["part"][0] if parts else response.url
                yield self.article_request(job, part.following, (*parts, part), first)
                return
            for article in self.finish_parts((*parts, part), job, response):
                yield article
        except PageError as error:
            self.accounts.note_article(error, asked_for(response) if parts else job.url, job, response.status)
        except Exception as error:  # a bug, in a definition's own Python or in ours
            logger.exception("reading %s", response.url)
            self.accounts.note_article(error, job.url, job)
        for found in self.go_on_after(job):
            yield found

    def go_on_after(self, job: Job) -> Iterator[Request | Article]:
        """As `go_on`, once an article has been dealt with."""
        self.frontier.done(job)
        yield from self.go_on()

    def confirm(self, archived: ArticleRecord) -> None:
        """An archived article is as it was."""
        self.ledger.confirm(archived)
        record(self.crawler.stats, Outcome.UNCHANGED, archived.url or "", archived.post)

    def refuse_elsewhere(self, response: Response, job: Job, parts: tuple[Extraction, ...]) -> None:
        """Raises PageError for an article that lies on another site by now, or a part that is another page by now."""
        is_foreign = not self.site.owns(response.url) and host_of(response.url) != host_of(job.url)
        if is_foreign or (parts and identity(asked_for(response)) != identity(response.url)):
            raise PageError(f"redirected to {response.url}")

    def finish_parts(self, parts: tuple[Extraction, ...], job: Job, response: Response) -> Iterator[Article]:
        """The whole article, or in its place an explanation; nothing where it is the same as one that is there."""
        whole = join(parts, self.video_hosts)
        if isinstance(whole.article.body, Body):
            refuse_title(whole.article.title, whole.article.body)
        if self.explains:
            self.frontier.accepts(job, whole.article.published or job.published)
            explain(self.crawler.stats, whole.article, whole.reasons)
            return
        self.refuse_others(whole.article, job)
        name = identity(whole.article.url)
        owner = self.owners.setdefault(name, job.url)
        if owner != job.url:
            self.accounts.skip(job, f"the same article as {owner}")
        elif is_part_of(job.url, whole.article.url):
            del self.owners[name]
            self.accounts.skip(job, f"a part of {whole.article.url}")
            self.frontier.add([Card(whole.article.url)], job.channel)
        else:
            self.frontier.leave_out(whole.article.url)
            for doubt in doubts(whole.article, response, is_told=self.site.encoding is not None):
                notice(self.crawler.stats, job.url, doubt)
            yield from self.finish(with_answer(whole.article, job, response, is_whole=len(parts) == 1), job)

    def refuse_others(self, article: Article, job: Job) -> None:
        """Raises PageError where an archived article's page is that of another one by now."""
        if job.archived is None:
            return
        other = self.ledger.archive.known(article.url)
        if other is not None and other.post != job.archived.post:
            raise PageError(f"leads to another article, {article.url}")

    def finish(self, article: Article, job: Job) -> Iterator[Article]:
        """The article with what the definition knows about it, if its date is wanted; perhaps held back for a while."""
        published = article.published or job.published  # a page that gives no date has that of its listing
        if published is not None and published.tzinfo is None:
            published = published.replace(tzinfo=self.site.time_zone)
        if self.frontier.accepts(job, published):
            channel = job.channel
            yield from self.images.sift(
                replace(
                    article,
                    published=published,
                    site=self.site.name,
                    channel=channel.name,
                    categories=channel.categories,
                    language=article.language or self.site.language,
                )
            )

    # What goes wrong costs the page it goes wrong with.

    def on_listing_error(self, url: str, trail: Trail, failure: Failure) -> Iterator[Request | Article]:
        """A listing that could not be had."""
        self.accounts.note_listing(failure.value, url, trail)
        self.frontier.read(trail, ())
        yield from self.after(failure)

    def on_article_error(self, job: Job, url: str, failure: Failure) -> Iterator[Request | Article]:
        """An article, or a part of one, that could not be had."""
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        self.accounts.note_article(failure.value, url, job, status)
        self.frontier.done(job)
        yield from self.after(failure)

    def after(self, failure: Failure) -> Iterator[Request | Article]:
        """Goes on; where the site blocks, which may end the crawl, what is there already is not held back."""
        if isinstance(failure.value, BlockedError):
            yield from self.images.release()
        yield from self.go_on()

    def give_up(self, error: MachineError) -> None:
        """The machine refuses to write what the crawl has found out: it ends, and the next one begins where it was."""
        stop(self.crawler.stats, str(error))
        if self.crawler.engine is not None:
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="machine"))

    def on_spider_error(self, failure: Failure, response: Response | None) -> None:
        """A bug in a callback; Scrapy logs where."""
        self.accounts.note(failure.value, response.url if response is not None else self.name)

    def on_item_error(self, item: Article, failure: Failure) -> None:
        """A bug in a pipeline, or a server of ours that is gone; Scrapy logs where. The next run asks again."""
        outcome = self.accounts.note(failure.value, item.url)
        if not self.urls and self.ledger.archive.known(item.url) is None:
            self.ledger.defer(item.url, item.channel, item.published, outcome, reason_of(failure.value))
