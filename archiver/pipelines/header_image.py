"""Second stage: the header image, fetched with the article as Referer and kept only if it is one, whole.

`archiver images` sends the images that posts lack through here, too. A host that refuses one way of asking is asked in
another (`ways.WAYS`), and what worked is remembered.
"""

import asyncio
import json
from collections import defaultdict
from dataclasses import replace
from urllib.parse import quote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.asyncio import run_in_thread

from archiver.errors import ImageError, MachineError
from archiver.failures import reason_of
from archiver.images import ImageFacts, inspect_trimmed
from archiver.items import Article, HeaderImage
from archiver.missing import PostImage, PostImages
from archiver.outcomes import Outcome, record
from archiver.pipelines.export import ArchivePipeline
from archiver.records import HostRecord
from archiver.urls import image_origin
from archiver.ways import WAYS, asked_by, ways_to

ACCEPT = "image/avif,image/webp,image/png,image/*;q=0.8,*/*;q=0.5"
UNCONNECTED = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError)
"""The host does not answer at all."""
PASSING = frozenset((408, 429, 503))
"""Statuses of a host that is to be asked later, not in another way."""
GONE = frozenset((404, 410))
NO_IMAGE = frozenset(("empty", "not an image"))
"""Reasons of `ImageError`: what hotlink protection sends with status 200."""
DEAD_AFTER = 3
"""Images of a host in a row without any connection; then the rest of the run does without it."""
AVAILABILITY = "https://archive.org/wayback/available?url="
"""https://archive.org/help/wayback_api.php"""


class HeaderImagePipeline(ArchivePipeline):
    """An image that is on disk from the same address is not fetched again; one that fails never costs the article."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        at_once = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.gates: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(at_once))
        self.ways: dict[str, str] = {}  # host -> what worked
        self.worked: set[str] = set()  # hosts whose way worked in this run
        self.unconnected: defaultdict[str, int] = defaultdict(int)  # scheme and host -> failures in a row
        self.reasons: dict[str, str] = {}  # scheme and host -> why the last one failed

    async def process_item(self, item: Article | PostImages) -> Article | PostImages:
        """The article with its header image, or the post with what came of those of its images that are missing."""
        return await self.of_article(item) if isinstance(item, Article) else await self.of_post(item)

    # Of an article.

    async def of_article(self, item: Article) -> Article:
        """The article with the first of its header images that can be had; where none can, the first is missing."""
        if item.image_url is None:
            return item
        offers = (item, *(replace(item, image_url=other) for other in item.image_candidates))
        first: HeaderImage | None = None
        for article in offers:
            image = await self.image_of(article)
            if image.path is not None:
                return replace(article, header_image=image)
            first = first or image
        if first is not None:
            record(self.crawler.stats, Outcome.MISSING, first.url, f"{first.reason}; header image of {item.url}")
        return replace(item, header_image=first)

    async def image_of(self, article: Article) -> HeaderImage:
        """The header image, from disk or network; without a path and with a reason where it is not to be had."""
        address = image_origin(article.image_url or "")
        try:
            image = await run_in_thread(self.archive.stored_image, article)
            if image is None:
                data, facts = await self.fetch(address, article.url)
                image = await run_in_thread(self.archive.write_image, article, data, facts)
                record(self.crawler.stats, Outcome.STORED, image.url, image.path or "")
            return image
        except MachineError as error:
            self.give_up(article.url, error)
        except Exception as error:  # whatever the network or a decoder does, the article is kept
            return HeaderImage(url=address, reason=reason_of(error))

    # Of a post that lacks some.

    async def of_post(self, item: PostImages) -> PostImages:
        """The post with what came of its missing images; when the run is being ended, of those that came so far."""
        url = item.article.url if item.article is not None else None
        found: dict[str, HeaderImage] = {}
        for image in item.wanted:
            if (outcome := await self.mend(image, url)) is not None:
                found[image.url] = outcome
        images = (replace(image, found=found.get(image.url, image.found)) for image in item.images)
        return replace(item, images=tuple(images))

    async def mend(self, image: PostImage, article: str | None) -> HeaderImage | None:
        """A missing image, stored; without a path and with a reason where it is not to be had.

        None: the run is being ended, and the image has not been asked for.
        """
        origin = ""
        try:
            async with self.gates[urlsplit(image.url).hostname or ""]:  # what one image teaches, the next one uses
                if self.crawler.engine is None or not self.crawler.engine.running:
                    return None
                try:
                    data, facts = await self.fetch(image.url, article, is_late=True)
                except Exception as error:
                    if not self.crawler.settings.getbool("ARCHIVER_WAYBACK"):
                        raise
                    data, facts, origin = await self.fetch_copy(image.url, error)
            stored = await run_in_thread(self.archive.store_image, image.url, image.stem, data, facts)
        except MachineError as error:
            self.give_up(image.post, error)
        except Exception as error:  # whatever the network or a decoder does, the others are mended
            return HeaderImage(url=image.url, reason=reason_of(error))
        return replace(stored, reason=f"from {origin}") if origin else stored

    # Of either.

    async def fetch(self, url: str, article: str | None, *, is_late: bool = False) -> tuple[bytes, ImageFacts]:
        """The image, decoded to its last byte, by the first way that gives it. Raises what the best one raised.

        Where a Referer is refused, the next is tried; where http fails, https. A host whose way is known to work is
        believed when it says that an image is gone. `is_late`: it can as well be had another day, and what fails is
        not tried at length.
        """
        host = urlsplit(url).netloc.lower()
        failures: list[Exception] = []
        closed: set[bool] = set()  # of http and https, what need not be tried further
        for name in ways_to(url, article, await self.known_way(host)):
            way = WAYS[name]
            if way.is_secure in closed:
                continue
            try:
                response = await self.ask(*asked_by(way, url, article), is_late=is_late)
                image = await self.inspect(response.body)
            except Exception as error:
                failures.append(error)
                if is_final(error):
                    break
                if not is_refusal(error) or (host in self.worked and status_of(error) in GONE):
                    closed.add(way.is_secure)
                continue
            await self.remember(host, name, is_first=not failures)
            return image
        raise failures[0]

    async def known_way(self, host: str) -> str:
        """What worked for a host the last time; empty: nothing is known."""
        if host not in self.ways:
            self.ways[host] = (await run_in_thread(self.archive.index.host, host)).way
        return self.ways[host]

    async def remember(self, host: str, way: str, *, is_first: bool) -> None:
        """Notes what worked; nothing is noted of a host that takes whatever comes first."""
        self.worked.add(host)
        if way == self.ways[host] or (is_first and not self.ways[host]):
            return
        self.ways[host] = way
        await run_in_thread(self.archive.index.put, HostRecord(host, way))

    async def ask(self, address: str, referer: str | None, *, is_late: bool = False) -> Response:
        """The answer to one request. Raises HttpError unless its status is 200, or what the network raised.

        DownloadFailedError without any request: the host is dead.
        """
        origin = "://".join(urlsplit(address)[:2]).lower()
        if self.unconnected[origin] >= DEAD_AFTER:
            raise DownloadFailedError(f"{self.reasons[origin]}, {DEAD_AFTER} times in a row; {origin} is left alone")
        request = Request(
            address,
            callback=NO_CALLBACK,
            headers={"Accept": ACCEPT, **({"Referer": referer} if referer else {})},
            meta={"image": True, "download_maxsize": self.crawler.settings.getint("ARCHIVER_MOST_IMAGE_BYTES")},
        )
        if is_late and self.unconnected[origin]:
            request.meta["max_retry_times"] = 0
        if self.crawler.engine is None:
            raise ImageError("no engine")
        try:
            response = await self.crawler.engine.download_async(request)
        except UNCONNECTED as error:
            self.unconnected[origin] += 1
            self.reasons[origin] = reason_of(error)
            raise
        self.unconnected[origin] = 0
        if response.status != 200:
            raise HttpError(response)
        return response

    async def inspect(self, data: bytes) -> tuple[bytes, ImageFacts]:
        """An image without markup behind it, and what it is, within the bounds of the settings. Raises ImageError."""
        settings = self.crawler.settings
        bounds = (settings.getint(f"ARCHIVER_MOST_{name}") for name in ("IMAGE_BYTES", "PIXELS"))
        return await run_in_thread(inspect_trimmed, data, *bounds)

    async def fetch_copy(self, url: str, error: Exception) -> tuple[bytes, ImageFacts, str]:
        """The Wayback Machine's copy of an image: bytes, facts, address. Raises ImageError with both reasons."""
        try:
            answer = await self.ask(AVAILABILITY + quote(url, safe=""), None, is_late=True)
            address = copy_in(answer.body, url)
            response = await self.ask(address, None, is_late=True)
            image, facts = await self.inspect(response.body)
        except Exception as other:
            raise ImageError(f"{reason_of(error)}; Wayback Machine: {reason_of(other)}") from other
        return image, facts, address


def copy_in(answer: bytes, url: str) -> str:
    """Where the bytes of the closest snapshot lie. Raises ImageError: there is none."""
    try:
        closest = json.loads(answer)["archived_snapshots"]["closest"]
        if closest["available"]:
            return f"https://web.archive.org/web/{int(closest['timestamp'])}id_/{url}"
    except (ValueError, KeyError, TypeError):
        pass
    raise ImageError("no copy")


def status_of(error: Exception) -> int:
    """The status of an answer that was none; 0: there was no answer."""
    return error.response.status if isinstance(error, HttpError) else 0


def is_refusal(error: Exception) -> bool:
    """May the same address give the image to somebody with another Referer?"""
    status = status_of(error)
    return (400 <= status < 500 and status not in PASSING) or str(error) in NO_IMAGE


def is_final(error: Exception) -> bool:
    """Is there no other way: robots.txt, too large, cut short, a host that wants to be asked later?"""
    if isinstance(error, HttpError):
        return error.response.status in PASSING
    return not (is_refusal(error) or isinstance(error, (*UNCONNECTED, ResponseDataLossError)))
