"""Drives Scrapy in this process, and ends with what really happened."""

import contextlib
import gc
import time
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archiver.archive import Archive
from archiver.cli.options import RunOptions
from archiver.cli.progress import live_display, print_summary, set_up_logging
from archiver.errors import ConfigurationError
from archiver.outcomes import Summary, summarise
from archiver.pipelines.export import layout_of
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
    started = time.monotonic()
    wanted = []
    for site, arguments in crawls:
        spider, given = to_spider(site), {name: str(value) for name, value in arguments.items() if value}
        spider(**given)  # a wrong argument is told here, not in the middle of a run
        wanted.append((spider, given))
    settings = Settings()
    settings.setmodule("archiver.settings", priority="project")
    try:
        settings.setdict({"LOG_INSTALL_ROOT_HANDLER": False, **options.scrapy}, priority="cmdline")
    except ValueError as error:
        raise ConfigurationError(f"a Scrapy setting is wrong, expected JSON where it holds a table: {error}") from error
    archive = Archive.shared(layout_of(settings))
    try:
        crawlers: list[Crawler] = []
        tasks = []
        try:
            process = AsyncCrawlerProcess(settings)
            for spider, given in wanted:
                crawlers.append(process.create_crawler(spider))
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
        return so_far()
    finally:
        workers.stop()
        archive.close()
