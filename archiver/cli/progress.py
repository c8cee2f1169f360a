"""What a run shows while it goes on and when it ends."""

import json
import logging
import time
from collections.abc import Callable, Mapping

from rich.box import SIMPLE
from rich.console import Console
from rich.live import Live
from rich.logging import RichHandler
from rich.table import Table
from rich.text import Text

from archiver.items import Article
from archiver.log import LogTarget, guard_log
from archiver.outcomes import Outcome, Summary

ARTICLES = (
    Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.KNOWN, Outcome.EDITED, Outcome.HELD, Outcome.GONE,
    Outcome.SKIPPED, Outcome.DROPPED, Outcome.BLOCKED, Outcome.FAILED,
)  # fmt: skip
IMAGES = (Outcome.STORED, Outcome.MISSING)


def set_up_logging(console: Console, target: LogTarget, *, live: bool, quiet: bool, verbose: int) -> None:
    """Log lines: problems always, each article where no live display counts them, more with `verbose`."""
    others = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    own = others if quiet or live else min(others, logging.INFO)
    handler: logging.Handler = target.handler(console.file, has_time=verbose > 0)
    if live and target.format == "text":
        handler = RichHandler(console=console, show_path=False, show_time=False)
    root = logging.getLogger()
    root.addHandler(handler)
    guard_log()
    root.setLevel(others)
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(others)
    logging.getLogger("archiver").setLevel(own)


def live_display(console: Console, summary: Callable[[], Summary]) -> Live:
    """One line that counts articles, images and problems, redrawn four times a second."""
    started = time.monotonic()

    def line() -> Text:
        now = summary()
        if now.images:
            return Text(
                f"{now.images['posts']} posts, {now.counts[Outcome.STORED]} images stored "
                f"({now.counts[Outcome.MISSING]} missing)"
            )
        articles = sum(now.counts[outcome] for outcome in ARTICLES)
        bad = sum(now.counts[outcome] for outcome in (Outcome.DROPPED, Outcome.BLOCKED, Outcome.FAILED))
        seconds = max(time.monotonic() - started, 0.001)
        return Text(
            f"{articles} articles ({now.counts[Outcome.NEW]} new, {bad} failed), {now.counts[Outcome.STORED]} images "
            f"({now.counts[Outcome.MISSING]} missing), {articles / seconds:.1f} articles/s"
        )

    return Live(get_renderable=line, console=console, refresh_per_second=4, transient=True)


EXPLAINED = {
    "title": "title",
    "published": "published",
    "modified": "modified",
    "authors": "authors",
    "image_url": "images",
    "language": "language",
    "summary": "summary",
    "tags": "tags",
    "body": "body",
}
"""Field of an article -> name of its reason."""
SHOWN = 300
"""Characters of a value."""


def print_explanation(article: Article, reasons: Mapping[str, str]) -> None:
    """What was found in a page, and why."""
    table = Table("field", "value", "because", title=article.url, title_justify="left", box=SIMPLE, show_lines=True)
    for name, reason in EXPLAINED.items():
        value = getattr(article, name)
        text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
        length = f" … ({len(text)} characters)" if len(text) > SHOWN else ""
        table.add_row(name, Text(text[:SHOWN] + length), Text(reasons.get(name) or reasons.get(reason) or ""))
    Console(soft_wrap=True).print(table)


def print_summary(summary: Summary, *, as_json: bool) -> None:
    """The end of every run: one table, or one JSON object, on stdout; before it what `--explain` asked for."""
    if as_json:
        text = json.dumps(summary.to_dict(), ensure_ascii=False)
        print(text.encode("utf-8", "backslashreplace").decode())  # noqa: T201
        return
    for article, reasons in summary.explained:
        print_explanation(article, reasons)
    shown = [outcome for outcome in (*ARTICLES, *IMAGES) if summary.counts[outcome]]
    table = Table(*map(str, shown), box=None, padding=(0, 1, 0, 0))
    table.add_row(*(str(summary.counts[outcome]) for outcome in shown))
    console = Console(soft_wrap=True)
    for request in summary.trial["requests"] if summary.trial else ():
        console.print(f"would ask {request}", highlight=False, markup=False)
    for file in summary.trial["files"] if summary.trial else ():
        console.print(f"would write {file}", highlight=False, markup=False)
    counts = summary.counts
    console.print(
        f"{counts[Outcome.NEW]} new, {counts[Outcome.KNOWN]} known, {summary.rechecked} rechecked", highlight=False
    )
    if shown:
        console.print(table)
    console.print(f"{summary.requests} requests, {summary.bytes / 1e6:.1f} MB, {summary.time:.1f} s", highlight=False)
    for found in summary.notices:
        console.print(f"{found['notice']}: {found['url']}", highlight=False, markup=False)
    if summary.stopped or summary.ended:
        console.print(f"stopped: {summary.stopped or summary.ended}", highlight=False, markup=False)
