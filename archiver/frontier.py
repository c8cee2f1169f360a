"""What is still to be asked for: the articles of all listings of a crawl in one queue, newest first, and the listings.

Pure: it hands out and is told what came of it. Articles wait until every listing's first page has been looked at, so
that the newest come first; the next page of a listing waits until the articles before it are nearly done, because
what is wanted of them decides whether it is wanted at all.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from archiver.extract.listing import Card
from archiver.ledger import Standing
from archiver.records import ArticleRecord
from archiver.sites import Channel
from archiver.urls import canonical, identity

NEWEST = datetime.max.replace(tzinfo=UTC)
AT_ONCE = 32
"""Articles that are asked for and not there yet; more of them would fill memory, not the line."""
AHEAD = 8
"""The next page of a listing is asked for when no more articles than that are under way."""
BARREN = 5
"""Pages of a listing in a row that brought no article; then it is not followed: an endless calendar, a list of tags."""
MOST_PAGES = 10_000
"""Of one listing: a hundred thousand articles and more."""
MOST_ARTICLES = 200_000
"""Of one run: at a page a second more than two days; what is left is for the next."""


@dataclass(frozen=True, slots=True)
class Job:
    """An article that is to be fetched."""

    url: str
    """Canonical."""
    channel: Channel
    published: datetime | None
    """As the listing announced it. None: it did not."""
    standing: Standing = Standing.NEW
    """Only what is new is asked for; the rest counts where it stands."""
    title: str = ""
    """As the listing has it. Empty: it has none."""
    archived: ArticleRecord | None = None
    """Of an archived article whose page is to be asked again, whatever the listings say."""


@dataclass(slots=True)
class Trail:
    """The pages of one listing, as they are followed."""

    channel: Channel
    depth: int = 1
    """1: the user named the listing; 2: one of those links to it; and so on."""
    is_announced: bool = False
    """Was it announced by a page or robots.txt, rather than asked for? Then nobody misses it."""
    may_be_empty: bool = False
    """Is it one of several, of which some hold other things than articles?"""
    rest: tuple[Any, ...] = ()
    """Its pages that are known beforehand and not asked for yet, as the sitemaps of an index."""
    is_index: bool = False
    """Has it, or had it, such pages? Then an empty one is not the end."""
    scope: Any = None
    """What belongs to the section, once its first page has been read."""
    number: int = 0
    """Of the page that was asked for last, from 1."""
    seen: set[str] = field(default_factory=set)
    """Articles on its pages so far, by their identity."""
    fresh: frozenset[str] = frozenset()
    """Those of its last page that no page before it had."""
    barren: int = 0
    """Pages in a row that brought none."""
    start: str = ""
    """Address of its first page."""
    unfinished_since: datetime | None = None
    """As `records.ListingRecord` has it."""
    settled: int = 0
    """Articles in a row, up to here, that were archived before."""
    is_settled: bool = False
    """Was its last page full of such articles?"""
    has_failed: bool = False
    is_cut_off: bool = False
    """Has it more pages than any listing may have?"""


def is_new(card: Card) -> Standing:
    """How articles stand where no archive is asked."""
    return Standing.NEW


def never(url: str) -> bool:
    """What is settled where no archive is asked."""
    return False


class Frontier:
    """Every article is given out once, whatever number of listings names it, by `urls.identity`."""

    def __init__(
        self,
        *,
        limit: int | None = None,
        pages: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        enough: int | None = None,
        everything: bool = False,
    ) -> None:
        """A listing is followed up to `enough` archived articles in a row (None: a page full of them).

        With `everything`, to its end.
        """
        self.limit, self.pages, self.since, self.until = limit, pages, since, until
        self.most_pages, self.most_articles = MOST_PAGES, MOST_ARTICLES
        self.given = 0  # articles
        self.enough, self.everything = enough, everything
        self.again: deque[Job] = deque()  # archived articles that are asked again
        self.asked_again: set[str] = set()  # likewise, given out and not done
        self.known: set[str] = set()  # articles
        self.dates: dict[str, datetime | None] = {}  # of those that are read, or not wanted for their date
        self.accepted = 0
        self.under_way: set[str] = set()  # given out and not done
        self.looking = 0  # listings whose first page is asked for and not read
        self.listings: list[tuple[Any, Trail]] = []  # pages of listings that wait
        self.turning = 0  # pages of listings that are asked for and not read
        self.waiting: dict[str, tuple[int, Job]] = {}  # article -> its valid number in the heap
        self.heap: list[tuple[float, int, str]] = []
        self.numbers = itertools.count()

    # Articles.

    def add(self, cards: Iterable[Card], channel: Channel, standing: Callable[[Card], Standing] = is_new) -> None:
        """Queues what is not known yet. A card without date stands where its listing has it: behind the one before."""
        latest = NEWEST
        for card in cards:
            try:
                url = canonical(card.url)
            except ValueError:
                continue
            latest = card.published or card.modified or latest
            _, waiting = self.waiting.get(identity(url), (0, None))
            if identity(url) not in self.known:
                self.put(Job(url, channel, card.published, standing(replace(card, url=url)), card.title), latest)
            elif waiting is not None and waiting.published is None and card.published is not None:
                # A feed knows the date of what the listing gave without.
                self.put(replace(waiting, published=card.published), latest)

    def pass_over(self, cards: Iterable[Card]) -> None:
        """Articles not wanted for their address: a page of them is no reason to follow a listing no further."""
        for card in cards:
            self.dates.setdefault(name_of(card.url), card.published)

    def put(self, job: Job, moment: datetime) -> None:
        """Queues a job, in the place of an earlier one for the same article."""
        number, name = next(self.numbers), identity(job.url)
        self.known.add(name)
        self.waiting[name] = number, job
        heapq.heappush(self.heap, (-moment.timestamp(), number, name))

    def ask_again(self, record: ArticleRecord, channel: Channel) -> None:
        """Queues an archived article; it takes the place of none that a listing names."""
        if self.is_wanted(record.published):
            url = record.asked or record.url or ""
            self.again.append(Job(url, channel, record.published, title=record.title, archived=record))

    def jobs(self) -> Iterator[Job]:
        """The articles to ask for now, and in their places those that need not be asked for."""
        while self.again and len(self.under_way) + len(self.asked_again) < AT_ONCE:
            self.asked_again.add(identity(self.again[0].url))
            yield self.again.popleft()
        while not self.looking and len(self.under_way) < AT_ONCE and self.has_room and (job := self.take()):
            if job.standing is not Standing.NEW:
                self.dates[identity(job.url)] = job.published
                if self.is_wanted(job.published):
                    self.accepted += job.standing is Standing.KNOWN
                    yield job
            elif self.is_wanted(job.published):
                self.under_way.add(identity(job.url))
                self.given += 1
                yield job
            else:
                self.dates[identity(job.url)] = job.published

    def take(self) -> Job | None:
        """The newest job that waits; None: none does."""
        while self.heap:
            _, number, name = heapq.heappop(self.heap)
            if name in self.waiting and self.waiting[name][0] == number:
                return self.waiting.pop(name)[1]
        return None

    def leave_out(self, url: str) -> None:
        """An address is no article of its own, and not asked for (any more)."""
        self.known.add(identity(url))
        self.waiting.pop(identity(url), None)

    def begin(self, job: Job) -> None:
        """An article is being read that was not given out: it was found in a listing's place."""
        self.leave_out(job.url)
        self.under_way.add(identity(job.url))

    def accepts(self, job: Job, published: datetime | None) -> bool:
        """Is an article that has been read wanted, by its date? What has none is."""
        if job.archived is not None:
            return True
        self.dates[identity(job.url)] = published
        self.accepted += self.is_wanted(published)
        return self.is_wanted(published)

    def done(self, job: Job) -> None:
        """An article that was given out has been dealt with, whatever came of it."""
        (self.under_way if job.archived is None else self.asked_again).discard(identity(job.url))

    @property
    def has_room(self) -> bool:
        """Do the limits allow one more article?"""
        is_within = self.limit is None or self.accepted + len(self.under_way) < self.limit
        return is_within and self.given < self.most_articles

    def is_wanted(self, published: datetime | None) -> bool:
        """Does a date lie between `since` and `until`?"""
        early = published is not None and self.since is not None and published < self.since
        late = published is not None and self.until is not None and published > self.until
        return not early and not late

    # Listings.

    def follow(self, page: Any, trail: Trail) -> None:
        """Queues a page of a listing: its first, or the next."""
        self.listings.append((page, trail))

    def read(
        self, trail: Trail, urls: Sequence[str], following: Any = None, settled: Callable[[str], bool | None] = never
    ) -> None:
        """A page of a listing has been read; it names these articles, and perhaps its next page."""
        row = [is_settled for url in urls if (is_settled := settled(url)) is not None]
        trail.is_settled = bool(row) and all(row)
        for is_settled in row:
            trail.settled = trail.settled + 1 if is_settled else 0
        self.looking -= trail.number == 1
        self.turning -= 1
        trail.fresh = frozenset(name for url in urls if (name := name_of(url))) - trail.seen
        trail.seen |= trail.fresh
        if following is None and trail.rest:
            following, *rest = trail.rest
            trail.rest = tuple(rest)
        if following is not None:
            self.follow(following, trail)

    def pages_to_ask(self) -> Iterator[tuple[Any, Trail]]:
        """The pages of listings to ask for now, their number counted up."""
        must_know_all = self.limit is not None or self.since is not None
        is_near = not self.waiting and len(self.under_way) <= (0 if must_know_all else AHEAD)
        waiting, self.listings = self.listings, []
        for page, trail in waiting:
            if not self.has_room or (trail.number and not is_near):
                self.listings.append((page, trail))
            elif self.is_worth_it(trail):
                trail.number += 1
                self.looking += trail.number == 1
                self.turning += 1
                yield page, trail

    def is_worth_it(self, trail: Trail) -> bool:
        """Is the next page of a listing wanted? Not one behind a page that is too old throughout, nor any for ever."""
        if not trail.number:
            return True
        if trail.number - trail.is_index >= min(self.pages or self.most_pages, self.most_pages):
            trail.is_cut_off = trail.number - trail.is_index >= self.most_pages and self.pages != self.most_pages
            return False
        if trail.is_index:
            return True
        is_enough = trail.is_settled if self.enough is None else trail.settled >= self.enough
        if is_enough and not self.everything:
            return False
        is_article = (name in self.dates or name in self.waiting or name in self.under_way for name in trail.fresh)
        trail.barren = 0 if any(is_article) else trail.barren + 1
        is_too_old = self.since is not None and all(
            (date := self.dates.get(name)) is not None and date < self.since for name in trail.fresh
        )
        return bool(trail.fresh) and trail.barren < BARREN and not is_too_old

    @property
    def is_empty(self) -> bool:
        """Is nothing left to wait for?"""
        is_over = not self.has_room or not (self.waiting or self.listings)
        return is_over and not self.under_way and not self.turning and not self.again and not self.asked_again


def name_of(url: str) -> str:
    """By what an article is known; empty for what is no address."""
    try:
        return identity(canonical(url))
    except ValueError:
        return ""
