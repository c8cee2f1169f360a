"""What a run leaves in its archive: a record for each site in the index and the journal, and a report.

`archiver crawl` keeps all its sites as one run. The Scrapy extension does so for each crawl that `scrapy crawl` or
scrapyd has begun, so that `archiver status` and a schedule know of it.
"""

import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver.archive import Archive
from archiver.errors import MachineError
from archiver.outcomes import Summary, summarise
from archiver.pipelines.export import archive_of
from archiver.reports import SHOWN, report_of, to_record, write_report

logger = logging.getLogger(__name__)


def site_of(crawler: Crawler) -> str:
    """The name of the site that is crawled; empty: the run is not about one site."""
    return crawler.spidercls.name if hasattr(crawler.spidercls, "site") else ""


def channel_of(spider: Spider) -> str:
    """The channels that are crawled, as `--channel` has them; empty: all of the site."""
    site, chosen = getattr(spider, "site", None), getattr(spider, "channels", ())
    is_all = site is None or len(chosen) == len(site.channels)
    return "" if is_all else ",".join(channel.name for channel in chosen)


def keep(
    archive: Archive, start: datetime, command: str, found: Iterable[tuple[str, str, Summary]], whole: Summary
) -> datetime:
    """Notes a run that ends now, and leaves its report; `found` has site, channel and summary of each crawl.

    Raises MachineError.
    """
    end, found = datetime.now(UTC), [*found]
    archive.index.put(*(to_record(start, end, command, site, channel, own) for site, channel, own in found))
    sites = {site: own for site, _, own in found}
    report = report_of(start, end, command, sites, whole)
    write_report(archive.layout.output, report, archive.index.last_runs(sites, SHOWN), archive.write_file)
    return end


class RunKeeper:
    """Settings: ARCHIVER_KEEP_RUN, false where somebody else keeps the run; in a trial nobody does."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("ARCHIVER_KEEP_RUN") or settings.getbool("ARCHIVER_TRIAL"):
            raise NotConfigured
        keeper = cls(crawler)
        crawler.signals.connect(keeper.on_opened, signals.spider_opened)
        return keeper

    def on_opened(self, spider: Spider) -> None:
        self.archive = archive_of(self.crawler.settings)
        self.start, self.started = datetime.now(UTC), time.monotonic()
        self.command = "page" if getattr(spider, "urls", None) else "crawl"
        self.channel = channel_of(spider)
        self.crawler.signals.connect(self.on_closed, signals.engine_stopped)

    def on_closed(self) -> None:
        """The last signal, when Scrapy's own counts tell how the crawl has ended."""
        own = summarise([self.crawler.stats.get_stats().copy()], time.monotonic() - self.started)
        try:
            if self.archive.index.is_begun:
                keep(self.archive, self.start, self.command, [(site_of(self.crawler), self.channel, own)], own)
        except MachineError as error:
            logger.error("the run is not kept: %s", error)
        finally:
            self.archive.close()
