"""Last stage: the article becomes a post in the archive."""

import asyncio
from typing import NoReturn, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import run_in_thread

from archiver.archive import Archive
from archiver.bucket import to_place
from archiver.errors import MachineError
from archiver.items import Article
from archiver.layout import Layout
from archiver.outcomes import WRITTEN, Outcome, describe, notice, record, stop


def layout_of(settings: BaseSettings) -> Layout:
    """The archive's layout as the settings `ARCHIVER_…` have it."""
    output = to_place(settings["ARCHIVER_OUTPUT"])
    return Layout(
        output=output,
        images=to_place(settings["ARCHIVER_IMAGES"] or str(output / "images")),
        naming=settings["ARCHIVER_FILENAME"],
        image_links=settings["ARCHIVER_IMAGE_LINKS"],
        image_prefix=settings["ARCHIVER_IMAGE_PREFIX"],
        insecure_image_prefix=settings["ARCHIVER_INSECURE_IMAGE_PREFIX"],
        index=settings["ARCHIVER_INDEX"],
        durability=settings["ARCHIVER_DURABILITY"],
        wait=settings.getfloat("ARCHIVER_WAIT"),
    )


def archive_of(settings: BaseSettings) -> Archive:
    """The archive as the settings `ARCHIVER_…` have it, shared by all crawls of this process; to be closed."""
    return Archive.shared(
        layout_of(settings),
        mode="trial" if settings.getbool("ARCHIVER_TRIAL") else "write",
        is_alone=settings.getbool("ARCHIVER_ALONE"),
    )


def lease(archive: Archive, spider: type[Spider]) -> None:
    """The site of a spider is this run's. Raises LockedError."""
    if site := getattr(spider, "site", None):
        archive.lease(site.name, site.domains)


class ArchivePipeline:
    """What the stages that know the archive share."""

    archive: Archive

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def open_spider(self) -> None:
        self.archive = archive_of(self.crawler.settings)
        lease(self.archive, self.crawler.spidercls)  # `scrapy crawl` has not done so

    def close_spider(self) -> None:
        self.archive.close()

    def give_up(self, url: str, error: MachineError) -> NoReturn:
        """The machine refuses to write: the run stops by itself, what is unwritten will be fetched by the next."""
        record(self.crawler.stats, Outcome.FAILED, url, str(error))
        stop(self.crawler.stats, str(error))
        if self.crawler.engine is not None:
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="machine"))
        raise DropItem(f"{error}: {url}") from error


class ExportPipeline(ArchivePipeline):
    """Writes the post in a thread; what came of it is counted and logged."""

    async def process_item(self, item: Article) -> Article:
        try:
            force = self.crawler.settings.getbool("ARCHIVER_FORCE")
            written = await run_in_thread(self.archive.write, item, force=force)
        except MachineError as error:
            self.give_up(item.url, error)
        stats = self.crawler.stats
        record(stats, written.outcome, item.url, written.reason or written.path)
        if written.outcome in WRITTEN:
            describe(stats, item)
        if written.twin:
            notice(stats, item.url, f"the same text as {written.twin}")
        return item
