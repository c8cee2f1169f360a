"""How the sites of an archive are doing: what each has, what it lacks, and when it was crawled well last."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from archiver.index import Index
from archiver.outcomes import Outcome
from archiver.schedule import CRAWLS, Job, standings
from archiver.tables import ARTICLE, DEFERRED, IMAGE, TABLES
from archiver.yields import HISTORY, complaints

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
    overdue: bool = False
    """Was it not crawled well for longer than it may be?"""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; times as ISO 8601."""
        times = {name: moment and moment.isoformat() for name in TIMES for moment in (getattr(self, name),)}
        return {name: getattr(self, name) for name in self.__slots__} | times


TIMES = ("newest", "last_good", "last_run")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that somebody should look at."""

    subject: str
    """A site, or a job of the schedule."""
    kind: str
    """`overdue`, `silent`, or the field that goes missing: one word, the same as long as it lasts."""
    text: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"


def examine(
    index: Index, jobs: Sequence[Job], now: datetime, max_age: timedelta | None = None
) -> tuple[list[Health], list[Complaint]]:
    """Each site of an archive and of a schedule, and what is to be complained of.

    `max_age` is how old the last good run of a site may be that is not in the schedule.

    A site of which only single pages were archived, or that was taken over, is not expected to be crawled.
    """
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for query in (ARTICLES, MISSING, PUT_OFF, RUNS):
        for row in index.ask(query):
            found[row["site"]].update(row)
    late = [standing for standing in standings(jobs, index, now) if standing.is_overdue(now)]
    wrong = [Complaint(it.job.name, "overdue", f"overdue, last good run {to_text(it.last_good)}") for it in late]
    scheduled = {job.site for job in jobs}
    sites = []
    for site in sorted({*found, *scheduled}):
        values = found[site] | {"site": site}
        times = {name: datetime.fromisoformat(values[name]) for name in TIMES if values.get(name)}
        health = Health(**values | times, overdue=any(it.job.site == site for it in late))
        if site not in scheduled and "last_run" in values and max_age is not None:
            is_late = health.last_good is None or now - health.last_good > max_age
            health = replace(health, overdue=is_late)
            wrong += [Complaint(site, "overdue", f"overdue, last good run {to_text(health.last_good)}")] * is_late
        sites.append(health)
        runs = [run for run in index.last_runs([site], HISTORY) if run.command in CRAWLS]
        wrong += [Complaint(site, kind, text) for kind, text in complaints(runs)]
    return sites, wrong


def to_text(moment: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else "never"
