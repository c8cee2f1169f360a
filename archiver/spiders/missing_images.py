"""Goes through an archive instead of a site: each post that lacks an image is sent the way of every article."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import run_in_thread
from twisted.python.failure import Failure

from archiver.failures import reason_of
from archiver.missing import PostImage, PostImages, State, Wish, look
from archiver.outcomes import Outcome, complain, record, stand
from archiver.pipelines.export import archive_of

logger = logging.getLogger(__name__)
UNDER_WAY = 64
"""Posts at once: so many that a host with its pauses does not hold up the others, so few that memory stays small."""
SETTLED = 0.1
"""Seconds after which Scrapy, too, has counted that a post has been dealt with."""
LEFT = "left to the next run by --limit"


class MissingImagesSpider(Spider):
    """Looks at posts and images in a thread; no page is asked for, nor any image that is good."""

    name = "images"
    custom_settings = {  # noqa: RUF012, as Scrapy has it
        "ITEM_PIPELINES": {
            "archiver.pipelines.header_image.HeaderImagePipeline": 300,
            "archiver.pipelines.missing_image.MissingImagePipeline": 800,
        },
        "RETRY_TIMES": 1,  # the next night is a better time; a host that is dead costs less
    }

    def __init__(self, name: str | None = None, *, wish: Wish) -> None:
        super().__init__(name)
        self.wish = wish
        self.asked = 0
        self.room = asyncio.Semaphore(UNDER_WAY)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_opened, signals.spider_opened)
        crawler.signals.connect(spider.on_closed, signals.spider_closed)
        crawler.signals.connect(spider.on_error, signals.item_error)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.on_done, signal)
        return spider

    def on_opened(self) -> None:
        """Opens the archive, for the time of the run."""
        self.archive = archive_of(self.crawler.settings)

    def on_closed(self) -> None:
        self.archive.close()

    def on_done(self) -> None:
        """A post has been dealt with: there is room for another."""
        self.room.release()
        asyncio.get_running_loop().call_later(SETTLED, self.let_close)

    def let_close(self) -> None:
        """Ends a run that was interrupted: Scrapy 2.19 itself waits for ever for items that came from `start`."""
        scraper = self.crawler.engine.scraper if self.crawler.engine is not None else None
        slot = scraper.slot if scraper is not None else None
        if scraper is not None and slot is not None and slot.closing is not None and not slot.closing.called:
            scraper._check_if_closing()

    def on_error(self, item: PostImages, failure: Failure) -> None:
        """A bug in a pipeline; Scrapy logs where."""
        record(self.crawler.stats, Outcome.FAILED, item.post, reason_of(failure.value))

    async def start(self) -> AsyncIterator[PostImages]:
        """The posts that lack an image; ends when all of them have been dealt with."""
        chunks = look(self.archive, self.wish)
        while (posts := await run_in_thread(next, chunks, None)) is not None:
            for found in posts:
                note_standing(self.crawler.stats, found)
                post = self.limited(found)
                if post.has_work:
                    await self.room.acquire()
                    yield post
        for _ in range(UNDER_WAY):
            await self.room.acquire()

    def limited(self, post: PostImages) -> PostImages:
        """A post with as many images to ask for as the limit leaves."""
        if self.wish.limit is None:
            return post
        room = self.wish.limit - self.asked
        left = {image.url for image in post.wanted[room:]}
        self.asked += min(room, len(post.wanted))
        for url in left:
            record(self.crawler.stats, Outcome.MISSING, url, LEFT, post=post.post)
        return replace(post, images=tuple(image for image in post.images if image.url not in left))


def note_standing(stats: Any, post: PostImages) -> None:
    """Counts the images of a post; what is missing and will not be asked for is a problem now."""
    if post.problem:
        record(stats, Outcome.FAILED, post.post, post.problem)
    stand(stats, "posts")
    for image in post.images:
        if image.state is not State.MISSING:
            stand(stats, image.state)
        if image.state in (State.PUT_OFF, State.GIVEN_UP):
            complain(stats, image.state, image.url, image.reason, post=image.post)
            logger.info("%s: %s (%s)", image.state, image.url, image.reason)
        elif is_hopeless(image):
            record(stats, Outcome.MISSING, image.url or image.shown, image.reason, post=image.post)


def is_hopeless(image: PostImage) -> bool:
    """Is an image missing, and nobody knows where to ask?"""
    return image.state is State.MISSING and not image.url
