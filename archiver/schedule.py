"""When each site is crawled: what `schedule` of `archiver.yaml` says, and what is due of it.

Nothing is remembered for it but the runs in the index: a crawl is due once the first moment of its schedule behind the
start of its last run has come. So what was missed is made up for by one run, and a site that was never crawled is due.
"""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa
from cronsim import CronSim, CronSimError

from archiver.archive import Archive
from archiver.errors import ConfigurationError
from archiver.index import Index
from archiver.layout import Layout
from archiver.tables import TABLES

CRAWLS = ("crawl", "section")
"""The commands that a schedule is about."""
RUN = TABLES["run"].c


@dataclass(frozen=True, slots=True)
class Job:
    """The crawl of a site, or of one of its channels, that comes again and again."""

    site: str
    channel: str = ""
    """Empty: all of them."""
    every: timedelta = timedelta()
    """Zero: `cron` says when."""
    cron: str = ""
    """Five fields, as crontab(5) of Debian has them."""
    zone: tzinfo = UTC
    """Of `cron`."""
    jitter: timedelta = timedelta()
    """A run begins up to so much later, each time another bit, so that not all clients of the world come at once."""

    @property
    def name(self) -> str:
        """`SITE` or `SITE/CHANNEL`, as the file has it."""
        return f"{self.site}/{self.channel}" if self.channel else self.site

    @property
    def rule(self) -> str:
        """As people read it."""
        return f"cron {self.cron} ({self.zone})" if self.cron else f"every {self.every}"

    def next_run(self, last: datetime | None, now: datetime) -> datetime:
        """When it is to begin again; not later than `now`: it is due. `last` is the start of its last run."""
        if last is None:
            return now
        slot = last + self.every if self.every else next(CronSim(self.cron, last.astimezone(self.zone)))
        return slot.astimezone(UTC) + self.delay(slot)

    def delay(self, slot: datetime) -> timedelta:
        """The part of the jitter that belongs to a moment: the same for everybody who asks, before and after a kill."""
        digest = hashlib.sha256(f"{self.name} {slot.timestamp():.0f}".encode()).digest()
        return self.jitter * (int.from_bytes(digest[:4]) / 2**32)

    def allowed(self, now: datetime) -> timedelta:
        """How old the last good run may be: one run may fail, or take its time."""
        if self.every:
            return self.every * 2 + self.jitter
        slots = CronSim(self.cron, now.astimezone(self.zone), reverse=True)
        next(slots)
        return now - next(slots).astimezone(UTC) + self.jitter


def parse_cron(text: str) -> str:
    """A check: five fields of crontab(5). Raises ValueError."""
    try:
        next(CronSim(text, datetime.now(UTC)))
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"expected five fields as crontab has them, such as 30 3 * * *, not {text!r}") from error
    return text


def to_jobs(
    schedule: Mapping[str, Mapping[str, Any]], channels: Mapping[str, Iterable[str]] | None = None
) -> list[Job]:
    """The jobs of `schedule`, in its order; `channels` are those of the known sites.

    Raises ConfigurationError for a site or channel that is not known.
    """
    jobs = []
    for name, values in schedule.items():
        site, _, channel = name.partition("/")
        if channels is not None and site not in channels:
            raise ConfigurationError(f"`schedule.{name}`: no site {site}; known are {', '.join(channels)}")
        if channels is not None and channel and channel not in channels[site]:
            raise ConfigurationError(f"`schedule.{name}`: {site} has no channel {channel}")
        given = {"zone" if key == "time_zone" else key: value for key, value in values.items()}
        jobs.append(Job(site, channel, **given))
    return jobs


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands."""

    job: Job
    last: datetime | None
    """The start of its last run. None: there was none."""
    last_good: datetime | None
    """The end of the last run of which nothing was missing."""
    next: datetime

    def is_due(self, now: datetime) -> bool:
        return self.next <= now

    def is_overdue(self, now: datetime) -> bool:
        """Is the last good run older than it may be?"""
        return self.last_good is None or now - self.last_good > self.job.allowed(now)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; times as ISO 8601."""
        times = {"last": self.last, "last_good": self.last_good, "next": self.next}
        return {
            "job": self.job.name,
            "site": self.job.site,
            "channel": self.job.channel,
            "rule": self.job.rule,
            **{name: moment and moment.isoformat(timespec="seconds") for name, moment in times.items()},
        }


def standings(jobs: Iterable[Job], index: Index | None, now: datetime) -> list[Standing]:
    """How each job stands, by the runs in the index; None: there is no archive yet. The most urgent first.

    A run that began in the future was started by a clock that has been put right since, and counts for nothing.
    """
    runs = [] if index is None else [*index.ask(runs_until(now))]
    found = []
    for job in jobs:
        own = [row for row in runs if row["site"] == job.site and is_of(job, row["channel"])]
        last, last_good = (latest(row[name] for row in own) for name in ("last", "last_good"))
        found.append(Standing(job, last, last_good, job.next_run(last, now)))
    return sorted(found, key=lambda standing: (standing.next, standing.job.name))


def last_run(index: Index, site: str, channel: str) -> datetime | None:
    """The start of the last run of a site, or of its channel. None: there was none."""
    rows, job = index.ask(runs_until(datetime.now(UTC))), Job(site, channel)
    return latest(row["last"] for row in rows if row["site"] == site and is_of(job, row["channel"]))


def standings_in(layout: Layout, jobs: Iterable[Job], now: datetime) -> list[Standing]:
    """As `standings`, by the index of an archive, if there is any."""
    if not layout.is_begun:
        return standings(jobs, None, now)
    with closing(Archive(layout, mode="read")) as archive:
        return standings(jobs, archive.index, now)


def last_good_runs(index: Index) -> dict[str, datetime]:
    """Site -> the end of its last good run."""
    ends: dict[str, datetime] = {}
    for row in index.ask(runs_until(datetime.now(UTC))):
        if row["last_good"]:
            end = datetime.fromisoformat(row["last_good"])
            ends[row["site"]] = max(end, ends.get(row["site"], end))
    return ends


def is_of(job: Job, channels: str | None) -> bool:
    """Is a run of these channels, with commas between, one of the job? Without any, it was one of all of them."""
    return not channels or (bool(job.channel) and job.channel in channels.split(","))


def latest(moments: Iterable[str | None]) -> datetime | None:
    """The last of some moments of the index."""
    return max((datetime.fromisoformat(moment) for moment in moments if moment), default=None)


def runs_until(now: datetime) -> "sa.Select[Any]":
    """Of each site and set of channels, the start of the last run and the end of the last good one."""
    good = sa.case((RUN.exit_code == 0, RUN.end))
    return (
        sa.select(RUN.site, RUN.channel, sa.func.max(RUN.start).label("last"), sa.func.max(good).label("last_good"))
        .where(RUN.command.in_(CRAWLS), RUN.start <= now.isoformat())
        .group_by(RUN.site, RUN.channel)
    )
