"""What a crawl looks up in the archive and notes there: what is archived, what is due, what is put off."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

import sqlalchemy as sa

from archiver.archive import Archive
from archiver.extract.listing import Card
from archiver.freshness import DEFAULT, Refresh, pause_after
from archiver.outcomes import Outcome
from archiver.records import ArticleRecord, DeferredRecord, ListingRecord
from archiver.sites import Channel
from archiver.tables import ARTICLE, DEFERRED
from archiver.urls import is_web, key_of

TOGETHER = 500
"""Articles that the index is asked about at once: a sitemap has up to 50,000."""
DAILY = DEFAULT.every
AT_ONCE = 3
"""Tries of a page that failed, one in each run; after that the pauses grow."""
MOST_TRIES = 10
"""Then a page is not asked for again until it is wanted by its address."""
BEGINNING = datetime.min.replace(tzinfo=UTC)
PAUSES = {
    Outcome.FAILED: timedelta(days=1),
    Outcome.DROPPED: timedelta(days=7),
    Outcome.SKIPPED: timedelta(days=7),
}
"""Before a page is tried again: what is no article today will hardly be one tomorrow."""
LONGEST = pause_after(MOST_TRIES, max(PAUSES.values()))
"""A page that is put off for longer was put off by a clock that has been put back since."""


class Standing(Enum):
    """How an article that a listing names stands with the archive."""

    NEW = auto()
    """Not archived."""
    KNOWN = auto()
    """Archived."""
    BACK = auto()
    """Archived, gone since, and named again."""
    PUT_OFF = auto()
    """Not archived, and not to be tried now."""


class Ledger:
    """The archive as the crawl of one site sees it."""

    def __init__(
        self, archive: Archive, site: str, refresh: Refresh = DEFAULT, channels: Iterable[Channel] = ()
    ) -> None:
        self.archive, self.site, self.refresh = archive, site, refresh
        self.channels = {channel.name: channel for channel in channels}
        self.now = datetime.now(UTC)
        self.seen: dict[str, datetime | None] = {}  # article, by its key -> when it was archived; None: long ago
        self.standings: dict[str, Standing] = {}  # by the article's key
        self.begun: set[str] = set()  # listings
        self.own: set[str] = set()  # those of which no earlier run left anything undone

    # Articles.

    def standing(self, card: Card, channel: Channel) -> Standing:
        """How an article that a listing announces stands."""
        if key_of(card.url) not in self.standings:
            self.look_up([card], channel)
        return self.standings[key_of(card.url)]

    def look_up(self, cards: Iterable[Card], channel: Channel) -> None:
        """Finds how many articles stand, some hundred at a time: by their addresses; other programs' posts, by title
        and date. Raises MachineError.
        """
        waiting = (card for card in cards if is_web(card.url))
        while some := {key_of(card.url): card for card in itertools.islice(waiting, TOGETHER)}:
            records = self.archive.index.articles(some)
            deferred = {found.name: found for found in self.archive.index.all(DeferredRecord, DEFERRED.name.in_(some))}
            for name, card in some.items():
                self.standings[name] = self.judge(card, channel, records.get(name), deferred.get(name))

    def judge(
        self, card: Card, channel: Channel, record: ArticleRecord | None, deferred: DeferredRecord | None
    ) -> Standing:
        """How an article stands, by what the index knows under its address."""
        record = record if record is not None and self.is_there(record) else self.meet(card, channel)
        if record is not None:
            is_ours = record.sha256 is not None
            self.seen[key_of(card.url)] = (record.first_seen or self.now) if is_ours else None
            self.take_in(record, channel)
            return Standing.BACK if self.is_back(record) else Standing.KNOWN
        if deferred is not None and not self.is_ready(deferred):
            self.seen[key_of(card.url)] = None
            return Standing.PUT_OFF
        return Standing.NEW

    def take_in(self, record: ArticleRecord, channel: Channel) -> None:
        """An article whose channel is none of the site's (any more) is in the one that names it, so that it is due."""
        is_orphan = record.site == self.site and record.channel not in self.channels
        if is_orphan and self.channels and record.sha256 is not None:
            self.archive.index.put(replace(record, channel=channel.name))

    def meet(self, card: Card, channel: Channel) -> ArticleRecord | None:
        """Another program's post of an article, which is known by its address from now on."""
        if not (card.title and card.published):
            return None
        for place in (channel, *self.channels.values()):
            record = self.archive.taken_over(place.categories, card.title, card.published)
            if record is not None and self.is_there(record):
                self.archive.meet(record, card.url, self.site, place.name)
                return record
        return None

    def is_there(self, record: ArticleRecord) -> bool:
        """Is the post of an article there?"""
        return self.archive.has_post(record.post)

    def is_back(self, record: ArticleRecord) -> bool:
        """Is an article that was gone named by a listing again?"""
        return record.state == "gone" and (record.last_seen is None or self.now - record.last_seen > DAILY)

    def is_ready(self, deferred: DeferredRecord) -> bool:
        """Is a page that was put off to be tried again?"""
        pause = (deferred.next_try or self.now) - self.now
        return deferred.tries < MOST_TRIES and not timedelta() < pause <= LONGEST

    def was_settled(self, url: str, before: datetime | None) -> bool:
        """Was an article archived before this run, and before a moment?"""
        if (name := key_of(url)) not in self.seen:
            return False
        seen = self.seen[name]
        return seen is None or seen < min(before or self.now, self.now)

    def due(self, channel: str) -> Iterator[ArticleRecord]:
        """The archived articles of a channel whose pages are to be asked again, newest first."""
        where = [
            ARTICLE.site == self.site,
            ARTICLE.channel == channel,
            ARTICLE.url.is_not(None),
            ARTICLE.sha256.is_not(None),
            ARTICLE.state != "gone",
        ]
        if self.refresh.age is not None:
            oldest = (self.now - self.refresh.age).isoformat()
            where.append(sa.func.coalesce(ARTICLE.published, ARTICLE.first_seen) >= oldest)
        found = self.archive.index.all(ArticleRecord, *where)
        for record in sorted(found, key=lambda record: record.published or self.now, reverse=True):
            first, last = record.first_seen or self.now, record.last_seen or record.first_seen or self.now
            is_due = self.refresh.is_due(record.published, first, last, self.now)
            if is_due and self.is_there(record):
                yield record

    def hold(self, record: ArticleRecord, reason: str, status: int | None) -> None:
        """The page of an archived article is not believed."""
        self.archive.mark(record, status=status, state="held", reason=reason)

    def lose(self, record: ArticleRecord, status: int) -> None:
        """The page of an archived article is gone."""
        self.archive.mark(record, status=status, state="gone", reason=f"HTTP {status}")

    def confirm(self, record: ArticleRecord) -> None:
        """The page of an archived article is as it was (304)."""
        self.archive.mark(record, status=304)

    # Pages that are not archived.

    def defer(self, url: str, channel: str, published: datetime | None, outcome: Outcome, reason: str) -> None:
        """Keeps a page in mind that a listing named and that gave no article."""
        old = self.archive.index.deferred(url) or DeferredRecord(key_of(url))
        tries = old.tries + (outcome is not Outcome.BLOCKED)
        at_once = AT_ONCE if outcome is Outcome.FAILED else 0
        first = PAUSES.get(outcome)
        pause = pause_after(tries - at_once, first) if first is not None and tries > at_once else None
        self.archive.index.put(
            replace(
                old,
                url=url,
                site=self.site,
                channel=channel,
                published=published or old.published,
                outcome=str(outcome),
                reason=reason,
                tries=tries,
                next_try=self.now + pause if pause else None,
            )
        )

    def deferred(self, channel: str) -> Iterator[DeferredRecord]:
        """The pages of a channel that are to be tried again."""
        found = self.archive.index.all(DeferredRecord, DEFERRED.site == self.site, DEFERRED.channel == channel)
        return filter(self.is_ready, found)

    # Listings.

    def unfinished_since(self, url: str) -> datetime | None:
        """When a run began to follow a listing and did not come to its end; None: the last one did.

        Of a listing that was never followed, the beginning of time.
        """
        record = self.archive.index.listing(url)
        return record.unfinished_since if record is not None else BEGINNING

    def begin(self, url: str) -> None:
        """There is something new in a listing, and it is not archived yet."""
        if url not in self.begun:
            self.begun.add(url)
            record = self.archive.index.listing(url)
            if record is None or record.unfinished_since is None:
                self.own.add(url)
                self.archive.index.put(ListingRecord(url, self.now if record is not None else BEGINNING))

    def finish(self, followed: Iterable[str], *, is_whole: bool = True) -> None:
        """The run has followed listings as far as it was to.

        One that was to go so far only is no end of what an earlier run left undone.
        """
        unfinished = [
            url
            for url in sorted(followed)
            if self.unfinished_since(url) is not None
            and (is_whole or url in self.own or self.archive.index.listing(url) is None)
        ]
        self.archive.index.put(*map(ListingRecord, unfinished))
