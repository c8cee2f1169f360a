"""Second stage: the header image, fetched with the article as Referer and kept only if it is one, whole."""

from dataclasses import replace

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.asyncio import run_in_thread

from archiver.errors import ImageError, MachineError
from archiver.failures import reason_of
from archiver.images import MAX_BYTES, inspect
from archiver.items import Article, HeaderImage
from archiver.outcomes import Outcome, record
from archiver.pipelines.export import ArchivePipeline
from archiver.urls import image_origin

ACCEPT = "image/avif,image/webp,image/png,image/*;q=0.8,*/*;q=0.5"


class HeaderImagePipeline(ArchivePipeline):
    """An image that is on disk from the same address is not fetched again; one that fails never costs the article."""

    async def process_item(self, item: Article) -> Article:
        if item.image_url is None:
            return item
        try:
            image = await run_in_thread(self.archive.stored_image, item)
            if image is None:
                image = await self.fetch(item, image_origin(item.image_url))
                record(self.crawler.stats, Outcome.STORED, image.url, image.path or "")
        except MachineError as error:
            self.give_up(item, error)
        except Exception as error:  # whatever the network or a decoder does, the article is kept
            image = HeaderImage(url=image_origin(item.image_url), reason=reason_of(error))
            record(self.crawler.stats, Outcome.MISSING, image.url, f"{image.reason}; header image of {item.url}")
        return replace(item, header_image=image)

    async def fetch(self, article: Article, address: str) -> HeaderImage:
        """The image, decoded to its last byte, stored. Raises ImageError, or what the network raised."""
        request = Request(
            address,
            callback=NO_CALLBACK,
            headers={"Accept": ACCEPT, "Referer": article.url},
            meta={"image": True, "download_maxsize": MAX_BYTES},
        )
        if self.crawler.engine is None:
            raise ImageError("no engine")
        response = await self.crawler.engine.download_async(request)
        if response.status != 200:
            raise ImageError(f"HTTP {response.status}")
        facts = await run_in_thread(inspect, response.body)
        return await run_in_thread(self.archive.write_image, article, response.body, facts)
