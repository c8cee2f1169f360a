"""36kr.com: listings from the state in the page, then from the paging API; articles from their state or HTML."""

import time
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import JsonRequest, Response, TextResponse

from archiver.answers import as_text
from archiver.extract import kr36
from archiver.extract.article import Extraction
from archiver.frontier import Trail
from archiver.sites import Channel
from archiver.spiders.article import ArticleSpider, Page

GATEWAY = "https://gateway.36kr.com/api/mis/nav"
PAGE_SIZE = 30  # what the site itself asks for
NEWSFLASHES = "/newsflashes"


class Kr36Spider(ArticleSpider):
    """The paging API is asked as the site's own pages ask it; an answer hands on the callback for the next."""

    async def read_listing(self, response: Response, trail: Trail) -> Page:
        text = as_text(response).text
        listing = kr36.read_flow(text) if response.url.startswith(GATEWAY) else kr36.read_listing(text)
        following = next_page(trail.channel, listing.callback) if listing.has_next and listing.callback else None
        return Page(listing.cards, following)

    async def read_article(self, response: Response, channel: Channel) -> Extraction:
        url = kr36.SITE + urlsplit(response.url).path
        return Extraction(kr36.read_article(as_text(response).text, url, self.video_hosts))

    def why_blocked(self, request: Request, response: TextResponse) -> str | None:
        if response.url.startswith(GATEWAY) or not self.site.owns(response.url):
            return None
        if response.status == 404 and request.meta.get("listing"):
            return "HTTP 404 on a listing"
        return kr36.why_blocked(response.text) if response.status == 200 else None

    def channel_of(self, url: str) -> Channel:
        return next((c for c in self.channels if (NEWSFLASHES in c.start) == (NEWSFLASHES in url)), self.channels[0])


def next_page(channel: Channel, callback: str) -> Request:
    """Asks the paging API for what follows the page that gave `callback`."""
    is_newsflash = NEWSFLASHES in channel.start
    param: dict[str, object] = {
        "pageSize": PAGE_SIZE,
        "pageEvent": 1,
        "pageCallback": callback,
        "siteId": 1,
        "platformId": 2,
    }
    if not is_newsflash:
        param |= {"subnavType": 1, "subnavNick": channel.start.rstrip("/").rpartition("/")[2]}
    return JsonRequest(
        f"{GATEWAY}/newsflash/flow" if is_newsflash else f"{GATEWAY}/ifm/subNav/flow",
        headers={"Origin": kr36.SITE, "Referer": f"{kr36.SITE}/", "Accept": "*/*"},
        data={"partner_id": "web", "timestamp": int(time.time() * 1000), "param": param},
    )
