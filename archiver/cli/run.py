"""Drives Scrapy in this process, and ends with what really happened."""

import contextlib
import gc
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archiver.archive import Archive
from archiver.cli.options import RunOptions
from archiver.cli.progress import live_display, print_summary, set_up_logging
from archiver.errors import ConfigurationError, MachineError
from archiver.outcomes import Summary, summarise
from archiver.pipelines.export import archive_of
from archiver.records import RunRecord
from archiver.sites import Site
from archiver.spiders import to_spider
from archiver.workers import workers

REFUSALS = (ValueError, TypeError, NameError, ImportError)
"""How Scrapy refuses a setting."""


def run(crawls: Iterable[tuple[Site, Mapping[str, Any]]], options: RunOptions) -> int:
    """Crawls sites side by side, each with the arguments of its spider; prints the summary; returns the exit code."""
    summary = crawl_all(crawls, options)
    print_summary(summary, as_json=options.json)
    return summary.exit_code


def crawl_all(crawls: Iterable[tuple[Site, Mapping[str, Any]]], options: RunOptions) -> Summary:
    """The summary of a run. Raises ConfigurationError, LockedError or MachineError before anything is fetched."""
    wanted = []
    for site, arguments in crawls:
        spider, given = to_spider(site), {name: str(value) for name, value in arguments.items() if value}
        spider(**given)  # a wrong argument is told here, not in the middle of a run
        wanted.append((spider, given))
    return run_all(wanted, options)


def to_settings(options: RunOptions) -> Settings:
    """Scrapy's settings for a run. Raises ConfigurationError."""
    settings = Settings()
    settings.setmodule("archiver.settings", priority="project")
    try:
        settings.setdict({"LOG_INSTALL_ROOT_HANDLER": False, **options.scrapy}, priority="cmdline")
    except ValueError as error:
        raise ConfigurationError(f"a Scrapy setting is wrong, expected JSON where it holds a table: {error}") from error
    return settings


def run_all(wanted: Iterable[tuple[type[Spider], Mapping[str, Any]]], options: RunOptions) -> Summary:
    """The summary of a run of spiders, each with its arguments. Raises as `crawl_all`."""
    started, start = time.monotonic(), datetime.now(UTC)
    settings = to_settings(options)
    archive = archive_of(settings)
    try:
        crawlers: list[Crawler] = []
        asked: list[str] = []

        def note_request(request: Request) -> None:
            asked.append(f"{request.method} {request.url}")

        tasks = []
        try:
            process = AsyncCrawlerProcess(settings)
            for spider, given in wanted:
                crawlers.append(process.create_crawler(spider))
                if archive.mode == "trial":
                    crawlers[-1].signals.connect(note_request, signals.request_reached_downloader)
                tasks.append(process.crawl(crawlers[-1], **given))
        except REFUSALS as error:
            raise ConfigurationError(f"a Scrapy setting is wrong: {error}") from error

        def so_far() -> Summary:
            stats = (crawler.stats.get_stats() if crawler.spider else {} for crawler in crawlers)
            return summarise(stats, time.monotonic() - started)

        console = Console(stderr=True)
        live = console.is_terminal and not options.quiet and not options.verbose
        set_up_logging(console, live=live, quiet=options.quiet, verbose=options.verbose)
        gc.freeze()  # what has been imported stays; looking through it again and again would stall downloads for 40 ms
        with live_display(console, so_far) if live else contextlib.nullcontext():
            process.start()
        for failure in (task.exception() for task in tasks if task.done()):
            if isinstance(failure, REFUSALS):
                raise ConfigurationError(f"a crawl cannot begin, perhaps for a Scrapy setting: {failure}") from failure
        end = datetime.now(UTC)
        summary = so_far()
        try:
            note_runs(archive, start, end, {site_of(c): c.stats.get_stats() for c in crawlers if c.stats})
        except MachineError as error:
            summary.stopped = summary.stopped or str(error)
        if archive.mode == "trial":
            summary.trial = {"requests": asked, "files": archive.would_write}
        return summary
    finally:
        workers.stop()
        archive.close()


def site_of(crawler: Crawler) -> str:
    """The name of the site that is crawled; empty: the run is not about one site."""
    return crawler.spidercls.name if hasattr(crawler.spidercls, "site") else ""


def note_runs(archive: Archive, start: datetime, end: datetime, crawls: Mapping[str, dict[str, Any]]) -> None:
    """Keeps what became of each site, in an archive that holds anything."""
    if archive.mode != "write" or not archive.index.journal.exists():
        return
    command = click.get_current_context().info_name or ""
    for site, stats in crawls.items():
        own = summarise([stats], 0)
        counts = tuple((outcome, count) for outcome, count in (own.counts | own.images).items() if count)
        archive.index.put(RunRecord(start, command, site, end, counts, own.exit_code))
