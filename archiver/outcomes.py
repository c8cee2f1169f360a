"""What became of each article and image: one word each, the same in logs, stats, tables, JSON and exit codes."""

import logging
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from archiver.items import Article
from archiver.masking import masked

logger = logging.getLogger("archiver")

INTERRUPTED = 130
UNREACHABLE = 5
BUG = 70
PREFIX = "archiver/"
IMAGES = f"{PREFIX}images/"
FOUND = f"{PREFIX}found/"
LATENCY = f"{PREFIX}latency/"


class Outcome(StrEnum):
    """An article ends as one of the first eleven, an image as one of the last two."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KNOWN = "known"
    HELD = "held"
    GONE = "gone"
    EDITED = "edited"
    SKIPPED = "skipped"
    DROPPED = "dropped"
    BLOCKED = "blocked"
    FAILED = "failed"
    STORED = "stored"
    MISSING = "missing"


MEANINGS = {
    Outcome.NEW: "a post was written",
    Outcome.CHANGED: "a post was written anew, because the article changed",
    Outcome.UNCHANGED: "the page was asked and says what it said before; the post is left as it is",
    Outcome.KNOWN: "the article is archived, and its page was not asked",
    Outcome.HELD: "an archived article's page is not to be believed (much shorter, a challenge, …); the post stays",
    Outcome.GONE: "an archived article's page is no more (404, 410); the post stays",
    Outcome.EDITED: "the post is not as we wrote it (edited by hand, or another program's) and was left as it is",
    Outcome.SKIPPED: "the page is no article (a listing, a login, a shop page), or one that is there already",
    Outcome.DROPPED: "the page has no title or no body",
    Outcome.BLOCKED: "the site answered with a challenge or a refusal; to be asked again later",
    Outcome.FAILED: "the page could not be had or read",
    Outcome.STORED: "a header image was stored",
    Outcome.MISSING: "a header image could not be had; the post was written all the same",
}
WRITTEN = (Outcome.NEW, Outcome.CHANGED)
"""A post was written."""
PROBLEMS = (Outcome.HELD, Outcome.DROPPED, Outcome.BLOCKED, Outcome.FAILED, Outcome.MISSING)
"""What makes a run incomplete: exit code 1."""


class Stats(Protocol):
    """The part of Scrapy's stats collector that is used here."""

    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None: ...
    def get_value(self, key: str, default: Any = None) -> Any: ...
    def set_value(self, key: str, value: Any) -> None: ...


def record(stats: Stats, outcome: Outcome, url: str, detail: str = "", **more: str) -> None:
    """Counts what became of an article or image, and says so in one line of the log.

    `detail` is the path of what was written, or the reason why nothing was; `more` are further fields of a problem.
    """
    stats.inc_value(PREFIX + outcome)
    if outcome in PROBLEMS:
        complain(stats, str(outcome), url, detail, **more)
    if outcome in (*PROBLEMS, Outcome.EDITED, Outcome.GONE):
        logger.warning("%s: %s (%s)", outcome, url, detail)
    elif outcome in (Outcome.UNCHANGED, Outcome.KNOWN):
        logger.debug("%s: %s", outcome, detail)
    elif outcome is Outcome.SKIPPED:
        logger.info("%s: %s (%s)", outcome, url, detail)
    else:
        logger.info("%s: %s", outcome, detail)


def complain(stats: Stats, word: str, url: str, reason: str, **more: str) -> None:
    """Keeps what went wrong, for the end of the run."""
    keep(stats, "problems", {"outcome": word, "url": masked(url), "reason": masked(reason), **more})


def keep(stats: Stats, name: str, value: object) -> None:
    """Puts a value behind those that a run has kept so far; copying them each time would be quadratic."""
    values = stats.get_value(PREFIX + name)
    if values is None:
        stats.set_value(PREFIX + name, values := [])
    values.append(value)


def stand(stats: Stats, state: str, count: int = 1) -> None:
    """Counts images, or posts, that `archiver images` has looked at."""
    stats.inc_value(f"{IMAGES}{state}", count)


def explain(stats: Stats, article: Article, reasons: Mapping[str, str]) -> None:
    """Keeps an article and the reasons for its values, for the end of the run."""
    keep(stats, "explained", (article, reasons))


FIELDS = ("authors", "published", "image_url")
"""What the articles of a site have all or mostly: where it goes missing, the site has changed."""
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Of the classes of response times, in seconds, each inclusive; one more class has what took longer."""


def describe(stats: Stats, article: Article) -> None:
    """Counts what an article that was written has."""
    for name in FIELDS:
        if getattr(article, name):
            stats.inc_value(f"{FOUND}{name}")


def respond(stats: Stats, seconds: float) -> None:
    """Counts a response by its time."""
    stats.inc_value(f"{LATENCY}{bisect_left(BOUNDS, seconds)}")
    stats.set_value(f"{LATENCY}sum", stats.get_value(f"{LATENCY}sum", 0.0) + seconds)


def recheck(stats: Stats) -> None:
    """Counts an archived article whose page is asked again."""
    stats.inc_value(PREFIX + "rechecked")


def notice(stats: Stats, url: str, text: str) -> None:
    """Keeps something that the user should know, and that is no problem."""
    keep(stats, "notices", {"url": masked(url), "notice": text})
    logger.warning("%s: %s", text, url)


def stop(stats: Stats, reason: str) -> None:
    """Notes that the machine makes the run stop."""
    stats.set_value(PREFIX + "stopped", reason)


def end(stats: Stats, reason: str) -> None:
    """Notes that a limit which the user set makes the run end."""
    stats.set_value(PREFIX + "ended", reason)


def is_ended(stats: Stats) -> bool:
    """Is the run being ended, by the machine or by a limit?"""
    return bool(stats.get_value(PREFIX + "stopped") or stats.get_value(PREFIX + "ended"))


@dataclass(slots=True)
class Summary:
    """Counts of one run over all its crawls."""

    counts: dict[str, int] = field(default_factory=lambda: {str(outcome): 0 for outcome in Outcome})
    images: dict[str, int] = field(default_factory=dict)
    """How the images stand that `archiver images` has looked at, and `posts`. Empty: another command."""
    found: dict[str, int] = field(default_factory=dict)
    """How many of the articles that were written have each of FIELDS."""
    latencies: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    """Responses by the classes of BOUNDS."""
    latency: float = 0.0
    """Seconds of all responses together."""
    rechecked: int = 0
    """Archived articles whose pages were asked again."""
    requests: int = 0
    responses: int = 0
    bytes: int = 0
    time: float = 0.0
    """Seconds."""
    problems: list[dict[str, str]] = field(default_factory=list)
    """`outcome`, `url` and `reason` of what went wrong, in order."""
    notices: list[dict[str, str]] = field(default_factory=list)
    """`url` and `notice` of what is no problem."""
    stopped: str = ""
    """Why the machine made the run stop; empty: it did not."""
    ended: str = ""
    """Which limit that the user set made the run end, as `stopped`."""
    explained: list[tuple[Article, Mapping[str, str]]] = field(default_factory=list)
    """What `--explain` asked for."""
    trial: dict[str, list[str]] | None = None
    """Of a trial, the `requests` and `files` of the run that it stands for. None: it was none."""
    interrupted: bool = False
    crashed: bool = False

    @property
    def exit_code(self) -> int:
        """The truth in one number; the table is in `docs/running.md`."""
        if self.crashed:
            return BUG
        if self.interrupted:
            return INTERRUPTED
        if self.stopped:
            return 3
        if self.requests and not self.responses:
            return UNREACHABLE
        waiting = self.images.get("put_off", 0) + self.images.get("given_up", 0)
        return 1 if self.ended or waiting or any(self.counts[outcome] for outcome in PROBLEMS) else 0

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            **self.counts,
            "rechecked": self.rechecked,
            "requests": self.requests,
            "bytes": self.bytes,
            "time": round(self.time, 3),
            "problems": self.problems,
            "notices": self.notices,
            **({"stopped": self.stopped or self.ended} if self.stopped or self.ended else {}),
            **({"trial": self.trial} if self.trial is not None else {}),
            **({"explained": [explanation(*found) for found in self.explained]} if self.explained else {}),
        }


def explanation(article: Article, reasons: Mapping[str, str]) -> dict[str, Any]:
    """What was found in a page and why, as JSON has it."""
    fields = ("url", "title", "published", "modified", "authors", "image_url", "language", "summary", "tags", "body")
    values = {name: getattr(article, name) for name in fields}
    dates = {name: value.isoformat() for name, value in values.items() if isinstance(value, datetime)}
    return {**values, **dates, "reasons": dict(reasons)}


def summarise(crawls: Iterable[dict[str, Any]], seconds: float) -> Summary:
    """One summary from the stats of all crawls of a run."""
    summary = Summary(time=seconds)
    for stats in crawls:
        for outcome in Outcome:
            summary.counts[outcome] += stats.get(PREFIX + outcome, 0)
        for name in (name for name in stats if name.startswith(IMAGES)):
            state = name.removeprefix(IMAGES)
            summary.images[state] = summary.images.get(state, 0) + stats[name]
        for name in (name for name in FIELDS if FOUND + name in stats):
            summary.found[name] = summary.found.get(name, 0) + stats[FOUND + name]
        for number in range(len(BOUNDS) + 1):
            summary.latencies[number] += stats.get(f"{LATENCY}{number}", 0)
        summary.latency += stats.get(f"{LATENCY}sum", 0.0)
        summary.rechecked += stats.get(PREFIX + "rechecked", 0)
        summary.notices += stats.get(PREFIX + "notices", [])
        summary.requests += stats.get("downloader/request_count", 0)
        summary.responses += stats.get("downloader/response_count", 0)
        summary.bytes += stats.get("downloader/response_bytes", 0)
        summary.problems += stats.get(PREFIX + "problems", [])
        summary.explained += stats.get(PREFIX + "explained", [])
        summary.stopped = summary.stopped or stats.get(PREFIX + "stopped", "")
        summary.ended = summary.ended or stats.get(PREFIX + "ended", "")
        reason = stats.get("finish_reason")  # without one the crawl was cut off, or never began
        summary.interrupted |= reason == "shutdown" or (reason is None and "start_time" in stats)
        summary.crashed |= reason == "start_error" or not stats
    return summary
