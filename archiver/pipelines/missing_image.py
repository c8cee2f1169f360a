"""Last stage of a post that lacked images: what came of them is noted, and links that are to be local point at them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from scrapy.utils.asyncio import run_in_thread

from archiver.errors import MachineError, PostFormatError
from archiver.files import refusals, sha256
from archiver.freshness import pause_after
from archiver.image_records import to_image_record
from archiver.missing import PostImage, PostImages, State, to_web
from archiver.outcomes import Outcome, notice, record
from archiver.pipelines.export import ArchivePipeline
from archiver.records import ImageRecord
from archiver.relinking import Link, switched
from archiver.tables import IMAGE
from archiver.urls import is_web

FIRST_PAUSE = timedelta(hours=20)
"""A nightly run tries again the next night, then after two nights, four, …"""


class MissingImagePipeline(ArchivePipeline):
    """Notes in a thread; each image is counted and logged."""

    async def process_item(self, item: PostImages) -> PostImages:
        try:
            await run_in_thread(self.note, item)
        except MachineError as error:
            self.give_up(item.post, error)
        for image in item.wanted:
            if image.found is not None and image.found.path is not None:
                record(self.crawler.stats, Outcome.STORED, image.url, image.found.path)
            elif image.found is not None:
                record(self.crawler.stats, Outcome.MISSING, image.url, image.found.reason or "", post=image.post)
        return item

    def note(self, item: PostImages) -> None:
        """Keeps what came of the images of a post, and links it. Raises MachineError."""
        now = datetime.now(UTC)
        records = {image.url: to_record(image, now) for image in item.images if image.found is not None}
        links = [*self.links(item)]
        for image in item.images:  # noted before it is linked: nothing else tells how to undo that
            old = records.get(image.url, image.record)
            if links and image.is_header and image.in_body and image.is_stored and old is not None:
                records[image.url] = replace(old, in_body=1)
        self.archive.index.put(*(new for url, new in records.items()))
        for image in item.wanted:
            self.remove_damaged(image)
        if links:
            self.link(item, links)

    def remove_damaged(self, image: PostImage) -> None:
        """Removes what lay in the place of an image that has another extension. Raises MachineError."""
        if self.archive.mode != "write" or image.found is None or image.found.path is None:
            return
        if image.path is not None and image.path != image.found.path and not self.is_shared(image):
            file = self.archive.layout.images / image.path
            with refusals(file):
                file.unlink(missing_ok=True)

    def is_shared(self, image: PostImage) -> bool:
        """Does another post have its image in the same file?"""
        found = self.archive.index.all(ImageRecord, IMAGE.path == image.path, IMAGE.post != image.post)
        return bool(found) or PurePosixPath(image.path or "").with_suffix("") != PurePosixPath(image.stem)

    def links(self, item: PostImages) -> Iterator[Link]:
        """What a post is to point at: an image that was stored just now; with `inline` each image of its body.

        A post that points at a file goes on pointing at one, whatever the option says.
        """
        if PurePosixPath(item.post).is_absolute():
            return
        is_local = self.archive.layout.image_links == "local"
        for image in item.images:
            if not is_local and (not image.shown or is_web(to_web(image.shown))):
                continue
            local = self.archive.layout.local_link(image.file) if image.file is not None else ""
            is_new = image.state is State.MISSING or image.in_body
            for text in dict.fromkeys((image.shown, image.link)) if local and is_new else ():
                if text != local:
                    yield Link(text, local, in_body=image.in_body or not image.is_header)

    def link(self, item: PostImages, links: list[Link]) -> None:
        """Points a post at files, every other byte kept; it stays known as ours, if it was. Raises MachineError."""
        target = self.archive.file_of(item.post)
        try:
            with refusals(target):
                data = target.read_bytes()
                new = switched(data.decode(), links, "local").encode()
                if new == data:
                    return
                self.archive.write_file(target, new)
        except (PostFormatError, UnicodeDecodeError) as error:
            notice(self.crawler.stats, item.post, f"not linked: {error}")
            return
        if item.article is not None and item.article.sha256 == sha256(data):
            self.archive.index.put(replace(item.article, sha256=sha256(new)))


def to_record(image: PostImage, now: datetime) -> ImageRecord:
    """What is remembered of an image that has been asked for, or lies there unrecorded."""
    if image.found is None:
        raise ValueError(f"nothing is known of {image.url}")
    old = image.record or ImageRecord(image.post, image.url)
    if image.found.path is not None:
        return to_image_record(image.post, image.found, link=image.link, in_body=old.in_body)
    tries = old.tries + 1
    pause = pause_after(tries, FIRST_PAUSE)
    return to_image_record(
        image.post, image.found, link=image.link, in_body=old.in_body, tries=tries, next_try=now + pause
    )
