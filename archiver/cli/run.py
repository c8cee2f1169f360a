"""Drives Scrapy in this process, and ends with what really happened."""

import contextlib
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archiver.archive import Archive
from archiver.cli.options import RunOptions
from archiver.cli.progress import live_display, print_summary, set_up_logging
from archiver.errors import ConfigurationError, MachineError
from archiver.keeper import keep, site_of
from archiver.outcomes import Summary, summarise
from archiver.pipelines.export import archive_of, lease
from archiver.schedule import last_good_runs
from archiver.sites import Site
from archiver.spiders import to_spider
from archiver.workers import workers

if TYPE_CHECKING:
    import asyncio

Publishing = contextlib.AbstractContextManager[None]
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
        settings.setdict(
            {"LOG_INSTALL_ROOT_HANDLER": False, "ARCHIVER_KEEP_RUN": False, **options.scrapy}, priority="cmdline"
        )
    except ValueError as error:
        raise ConfigurationError(f"a Scrapy setting is wrong, expected JSON where it holds a table: {error}") from error
    return settings


def run_all(wanted: Iterable[tuple[type[Spider], Mapping[str, Any]]], options: RunOptions) -> Summary:
    """The summary of a run of spiders, each with its arguments. Raises as `crawl_all`."""
    settings, wanted = to_settings(options), [*wanted]
    archive = archive_of(settings)
    try:
        for spider, _ in wanted:
            lease(archive, spider)
        run = Crawls(settings, archive)
        run.begin(wanted)
        console = Console(stderr=True)
        live = console.is_terminal and not options.quiet and not options.verbose and not options.log.file
        set_up_logging(console, options.log, live=live, quiet=options.quiet, verbose=options.verbose)
        gc.freeze()  # what has been imported stays; looking through it again and again would stall downloads for 40 ms
        with (
            published(options.metrics, run.sites) if options.metrics else contextlib.nullcontext(),
            live_display(console, run.so_far) if live else contextlib.nullcontext(),
        ):
            run.process.start()
            return run.end()
    finally:
        workers.stop()
        archive.close(for_all=True)


def published(target: str, sites: Callable[[], Mapping[str, tuple[Summary, int, float]]]) -> Publishing:
    """As `metrics.published`, which is loaded only where it is wanted."""
    from archiver import metrics

    return metrics.published(target, metrics.RunCollector(sites))


class Crawls:
    """The crawls of one run, side by side in this process."""

    def __init__(self, settings: Settings, archive: Archive) -> None:
        self.archive = archive
        self.start, self.started = datetime.now(UTC), time.monotonic()
        self.command = click.get_current_context().info_name or ""
        self.crawlers: list[tuple[Crawler, str]] = []
        """Each with its channels."""
        self.tasks: list[asyncio.Task[None]] = []
        self.asked: list[str] = []
        """The requests of a trial."""
        self.last_good = {site: moment.timestamp() for site, moment in last_good_runs(archive.index).items()}
        with refusing_settings():
            self.process = AsyncCrawlerProcess(settings)

    def begin(self, wanted: Iterable[tuple[type[Spider], Mapping[str, Any]]]) -> None:
        """Creates the crawls. Raises ConfigurationError for a setting that Scrapy does not take."""
        with refusing_settings():
            for spider, given in wanted:
                crawler = self.process.create_crawler(spider)
                bind_password(crawler)
                self.crawlers.append((crawler, str(given.get("channel") or "")))
                if self.archive.mode == "trial":
                    crawler.signals.connect(self.note_request, signals.request_reached_downloader)
                self.tasks.append(self.process.crawl(crawler, **given))

    def note_request(self, request: Request) -> None:
        self.asked.append(f"{request.method} {request.url}")

    def so_far(self) -> Summary:
        """What has become of all of it until now."""
        stats = (crawler.stats.get_stats().copy() if crawler.spider else {} for crawler, _ in self.crawlers)
        return summarise(stats, time.monotonic() - self.started)

    def each(self) -> Iterator[tuple[str, str, Crawler, Summary]]:
        """Site, channels, crawl and what has become of it, of each crawl that began."""
        for crawler, channel in self.crawlers:
            if crawler.spider is not None:
                own = summarise([crawler.stats.get_stats().copy()], time.monotonic() - self.started)
                yield site_of(crawler), channel, crawler, own

    def sites(self) -> dict[str, tuple[Summary, int, float]]:
        """What `RunCollector` publishes."""
        return {site: (own, waiting(crawler), self.last_good.get(site, 0)) for site, _, crawler, own in self.each()}

    def end(self) -> Summary:
        """The summary, once all has ended; the archive keeps it. Raises ConfigurationError where none could begin."""
        for failure in (task.exception() for task in self.tasks if task.done()):
            if isinstance(failure, REFUSALS):
                raise ConfigurationError(f"a crawl cannot begin, perhaps for a Scrapy setting: {failure}") from failure
        summary = self.so_far()
        if self.archive.mode == "trial":
            summary.trial = {"requests": self.asked, "files": self.archive.would_write}
        elif self.archive.index.is_begun:  # the archive holds anything
            try:
                self.keep(summary)
            except MachineError as error:
                summary.stopped = summary.stopped or str(error)
        return summary

    def keep(self, summary: Summary) -> None:
        """Notes the run in the index, and leaves its report. Raises MachineError."""
        found = [(site, channel, own) for site, channel, _, own in self.each()]
        end = keep(self.archive, self.start, self.command, found, summary)
        self.last_good |= {site: end.timestamp() for site, _, own in found if own.exit_code == 0}


def bind_password(crawler: Crawler) -> None:
    """HTTP's user and password are the site's own, where nothing else is said of whose they are."""
    given, site = crawler.settings, getattr(crawler.spidercls, "site", None)
    is_said = bool(given.getpriority("HTTPAUTH_DOMAIN"))  # the default has 0
    if (given["HTTPAUTH_USER"] or given["HTTPAUTH_PASS"]) and not is_said and site is not None:
        given.set("HTTPAUTH_DOMAIN", site.domains[0], priority="spider")


@contextlib.contextmanager
def refusing_settings() -> Iterator[None]:
    """Raises ConfigurationError for a setting that Scrapy does not take."""
    try:
        yield
    except REFUSALS as error:
        raise ConfigurationError(f"a Scrapy setting is wrong: {error}") from error


def waiting(crawler: Crawler) -> int:
    """Requests of a crawl that have not been sent."""
    slot = crawler.engine._slot if crawler.engine is not None else None
    return len(slot.scheduler) if slot is not None and isinstance(slot.scheduler, Sized) else 0
