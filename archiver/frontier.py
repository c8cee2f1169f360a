"""What is still to be asked for: the articles of all listings of a crawl in one queue, newest first, and the listings.

Pure: it hands out and is told what came of it. Articles wait until every listing's first page has been looked at, so
that the newest come first; the next page of a listing waits until the articles before it are nearly done, because
what is wanted of them decides whether it is wanted at all.
"""

import heapq
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archiver.extract.listing import Card
from archiver.sites import Channel
from archiver.urls import canonical

NEWEST = datetime.max.replace(tzinfo=UTC)
AT_ONCE = 32
"""Articles that are asked for and not there yet; more of them would fill memory, not the line."""
AHEAD = 8
"""The next page of a listing is asked for when no more articles than that are under way."""
BARREN = 5
"""Pages of a listing in a row that brought no article; then it is not followed: an endless calendar, a list of tags."""


@dataclass(frozen=True, slots=True)
class Job:
    """An article that is to be fetched."""

    url: str
    """Canonical."""
    channel: Channel
    published: datetime | None
    """As the listing announced it. None: it did not."""


@dataclass(slots=True)
class Trail:
    """The pages of one listing, as they are followed."""

    channel: Channel
    depth: int = 1
    """1: the user named the listing; 2: one of those links to it; and so on."""
    is_announced: bool = False
    """Was it announced by a page or robots.txt, rather than asked for? Then nobody misses it."""
    is_complete: bool = False
    """Are all its pages known beforehand, as those of a sitemap index? Then an empty one is not the end."""
    rest: tuple[Any, ...] = ()
    """The pages known beforehand that were not asked for yet."""
    scope: Any = None
    """What belongs to the section, once its first page has been read."""
    number: int = 0
    """Of the page that was asked for last, from 1."""
    seen: set[str] = field(default_factory=set)
    """Addresses of articles on its pages so far."""
    fresh: frozenset[str] = frozenset()
    """Those of its last page that no page before it had."""
    harvest: int = 0
    """Articles that the crawl had when a page last brought any."""
    barren: int = 0
    """Pages in a row that brought none."""


class Frontier:
    """Every article is given out once, whatever number of listings names it."""

    def __init__(
        self,
        *,
        limit: int | None = None,
        pages: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self.limit, self.pages, self.since, self.until = limit, pages, since, until
        self.known: set[str] = set()  # articles
        self.dates: dict[str, datetime | None] = {}  # of the articles that are done or not wanted
        self.accepted = 0
        self.under_way = 0  # articles given out and not done
        self.looking = 0  # listings whose first page is asked for and not read
        self.listings: list[tuple[Any, Trail]] = []  # pages of listings that wait
        self.waiting: dict[str, tuple[int, Job]] = {}  # address -> its valid number in the heap
        self.heap: list[tuple[float, int, str]] = []
        self.numbers = itertools.count()

    # Articles.

    def add(self, cards: Iterable[Card], channel: Channel) -> None:
        """Queues what is not known yet. A card without date stands where its listing has it: behind the one before."""
        latest = NEWEST
        for card in cards:
            try:
                url = canonical(card.url)
            except ValueError:
                continue
            latest = card.published or card.modified or latest
            _, waiting = self.waiting.get(url, (0, None))
            if url not in self.known:
                self.put(Job(url, channel, card.published), latest)
            elif waiting is not None and waiting.published is None and card.published is not None:
                self.put(Job(url, waiting.channel, card.published), latest)  # a feed knows what the listing did not

    def put(self, job: Job, moment: datetime) -> None:
        """Queues a job, in the place of an earlier one for the same address."""
        number = next(self.numbers)
        self.known.add(job.url)
        self.waiting[job.url] = number, job
        heapq.heappush(self.heap, (-moment.timestamp(), number, job.url))

    def jobs(self) -> Iterator[Job]:
        """The articles to ask for now."""
        while not self.looking and self.under_way < AT_ONCE and self.has_room and (job := self.take()):
            if self.is_wanted(job.published):
                self.under_way += 1
                yield job
            else:
                self.dates[job.url] = job.published

    def take(self) -> Job | None:
        """The newest job that waits; None: none does."""
        while self.heap:
            _, number, url = heapq.heappop(self.heap)
            if url in self.waiting and self.waiting[url][0] == number:
                return self.waiting.pop(url)[1]
        return None

    def accepts(self, job: Job, url: str, published: datetime | None) -> bool:
        """Is an article that has been read wanted, by its date? What has none is.

        `url` is the address that its page gives it; it need not be asked for any more.
        """
        self.known.add(url)
        self.waiting.pop(url, None)
        self.dates[job.url] = published
        self.accepted += self.is_wanted(published)
        return self.is_wanted(published)

    def done(self) -> None:
        """An article that was given out has been dealt with, whatever came of it."""
        self.under_way -= 1

    @property
    def has_room(self) -> bool:
        """Does the limit allow one more article?"""
        return self.limit is None or self.accepted + self.under_way < self.limit

    def is_wanted(self, published: datetime | None) -> bool:
        """Does a date lie between `since` and `until`?"""
        early = published is not None and self.since is not None and published < self.since
        late = published is not None and self.until is not None and published > self.until
        return not early and not late

    # Listings.

    def follow(self, page: Any, trail: Trail) -> None:
        """Queues a page of a listing: its first, or the next."""
        self.listings.append((page, trail))

    def read(self, trail: Trail, urls: Iterable[str]) -> None:
        """A page of a listing has been read, and named these articles."""
        self.looking -= trail.number == 1
        trail.fresh = frozenset(urls) - trail.seen
        trail.seen |= trail.fresh

    def pages_to_ask(self) -> Iterator[tuple[Any, Trail]]:
        """The pages of listings to ask for now, their number counted up."""
        must_know_all = self.limit is not None or self.since is not None
        is_near = not self.waiting and self.under_way <= (0 if must_know_all else AHEAD)
        waiting, self.listings = self.listings, []
        for page, trail in waiting:
            if not self.has_room or (trail.number and not is_near):
                self.listings.append((page, trail))
            elif self.is_worth_it(trail):
                trail.number += 1
                self.looking += trail.number == 1
                yield page, trail

    def is_worth_it(self, trail: Trail) -> bool:
        """Is the next page of a listing wanted? Not one behind a page that is too old throughout, nor any for ever."""
        if not trail.number:
            return True
        trail.barren = 0 if self.accepted > trail.harvest else trail.barren + 1
        trail.harvest = self.accepted
        if trail.number == self.pages or trail.is_complete:
            return trail.number != self.pages
        is_too_old = self.since is not None and all(
            (date := self.dates.get(url)) is not None and date < self.since for url in trail.fresh
        )
        return bool(trail.fresh) and trail.barren < BARREN and not is_too_old

    @property
    def is_empty(self) -> bool:
        """Is nothing left to wait for?"""
        is_over = not self.has_room or not (self.waiting or self.listings)
        return is_over and not self.under_way and not self.looking
