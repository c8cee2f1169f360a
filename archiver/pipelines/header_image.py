"""Second stage: the header image, fetched with the article as Referer and kept only if it is one, whole."""

from dataclasses import replace

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.asyncio import run_in_thread

from archiver.errors import ImageError, MachineError
from archiver.failures import reason_of
from archiver.images import inspect
from archiver.items import Article, HeaderImage
from archiver.outcomes import Outcome, record
from archiver.pipelines.export import ArchivePipeline
from archiver.urls import image_origin

ACCEPT = "image/avif,image/webp,image/png,image/*;q=0.8,*/*;q=0.5"


class HeaderImagePipeline(ArchivePipeline):
    """An image that is on disk from the same address is not fetched again; one that fails never costs the article."""

    async def process_item(self, item: Article) -> Article:
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
                image = await self.fetch(article, address)
                record(self.crawler.stats, Outcome.STORED, image.url, image.path or "")
            return image
        except MachineError as error:
            self.give_up(article, error)
        except Exception as error:  # whatever the network or a decoder does, the article is kept
            return HeaderImage(url=address, reason=reason_of(error))

    async def fetch(self, article: Article, address: str) -> HeaderImage:
        """The image, decoded to its last byte, stored. Raises ImageError, or what the network raised."""
        settings = self.crawler.settings
        most_bytes = settings.getint("ARCHIVER_MOST_IMAGE_BYTES")
        request = Request(
            address,
            callback=NO_CALLBACK,
            headers={"Accept": ACCEPT, "Referer": article.url},
            meta={"image": True, "download_maxsize": most_bytes},
        )
        if self.crawler.engine is None:
            raise ImageError("no engine")
        response = await self.crawler.engine.download_async(request)
        if response.status != 200:
            raise ImageError(f"HTTP {response.status}")
        facts = await run_in_thread(inspect, response.body, most_bytes, settings.getint("ARCHIVER_MOST_PIXELS"))
        return await run_in_thread(self.archive.write_image, article, response.body, facts)
