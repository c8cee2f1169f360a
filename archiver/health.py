"""How the sites of an archive are doing: what each has, what it lacks, and when it was crawled well last."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from archiver.index import ARTICLE, DEFERRED, IMAGE, TABLES, Index
from archiver.outcomes import Outcome

CRAWLS = ("crawl", "section")
"""The commands that a schedule is about."""
LATE = 2
"""A site that is crawled every day is overdue after two: one run may fail, or take its time."""
RUN = TABLES["run"].c
ARTICLES: sa.Select[Any] = sa.select(
    ARTICLE.site,
    sa.func.count().label("articles"),
    sa.func.max(ARTICLE.published).label("newest"),
    sa.func.sum(sa.case((ARTICLE.state == "held", 1), else_=0)).label("held"),
    sa.func.sum(sa.case((ARTICLE.state == "gone", 1), else_=0)).label("gone"),
).group_by(ARTICLE.site)
SITE: sa.ColumnElement[Any] = sa.func.coalesce(ARTICLE.site, sa.literal_column("''")).label("site")
MISSING: sa.Select[Any] = (
    sa.select(SITE, sa.func.count().label("images_missing"))
    .select_from(sa.outerjoin(TABLES["image"], TABLES["article"], IMAGE.post == ARTICLE.post))
    .where(IMAGE.path.is_(None))
    .group_by(SITE)
)
PUT_OFF: sa.Select[Any] = sa.select(
    DEFERRED.site,
    sa.func.sum(sa.case((DEFERRED.outcome == str(Outcome.BLOCKED), 1), else_=0)).label("blocked"),
    sa.func.sum(sa.case((DEFERRED.outcome == str(Outcome.FAILED), 1), else_=0)).label("failed"),
).group_by(DEFERRED.site)
RUNS: sa.Select[Any] = (
    sa.select(
        RUN.site,
        sa.func.max(sa.case((RUN.exit_code == 0, RUN.end))).label("last_good"),
        sa.func.max(RUN.start).label("last_run"),
    )
    .where(RUN.command.in_(CRAWLS))
    .group_by(RUN.site)
)


@dataclass(frozen=True, slots=True)
class Health:
    """How a site is doing."""

    site: str
    """Empty: articles that no crawl has met yet, of another program."""
    articles: int = 0
    newest: datetime | None = None
    """Publication time. None: no article has any."""
    last_good: datetime | None = None
    """When the last run ended of which nothing was missing. None: there was none."""
    last_run: datetime | None = None
    """When the last one began, whatever came of it."""
    images_missing: int = 0
    held: int = 0
    gone: int = 0
    blocked: int = 0
    failed: int = 0
    allowed: timedelta | None = None
    """How old the last good run may be. None: nobody has said."""

    def is_overdue(self, now: datetime) -> bool:
        """Is its last good run older than it may be?"""
        return self.allowed is not None and (self.last_good is None or now - self.last_good > self.allowed)

    def to_dict(self, now: datetime) -> dict[str, Any]:
        """As JSON has it; times as ISO 8601, `allowed` in seconds."""
        times = {name: moment and moment.isoformat() for name in TIMES for moment in (getattr(self, name),)}
        values = {name: getattr(self, name) for name in self.__slots__} | times
        allowed = self.allowed and self.allowed.total_seconds()
        return {**values, "allowed": allowed, "overdue": self.is_overdue(now)}


TIMES = ("newest", "last_good", "last_run")


def examine(index: Index, schedule: Mapping[str, timedelta], max_age: timedelta | None = None) -> Iterator[Health]:
    """Each site of an archive and of a schedule, which says how often it is crawled; `max_age` is for all others.

    A site of which only single pages were archived, or that was taken over, is not expected to be crawled.
    """
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for query in (ARTICLES, MISSING, PUT_OFF, RUNS):
        for row in index.ask(query):
            found[row["site"]].update(row)
    for site in sorted({*found, *schedule}):
        values = found[site] | {"site": site}
        times = {name: datetime.fromisoformat(values[name]) for name in TIMES if values.get(name)}
        allowed = schedule[site] * LATE if site in schedule else max_age if "last_run" in values else None
        yield Health(**values | times, allowed=allowed)
