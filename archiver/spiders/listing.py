"""Any site whose definition gives CSS selectors for its listing and its articles."""

from scrapy import Request
from scrapy.http import TextResponse

from archiver.extract.listing import read_cards
from archiver.extract.page import read_page
from archiver.items import Article
from archiver.sites import Channel
from archiver.spiders.article import ArticleSpider, Page


class ListingSpider(ArticleSpider):
    """Follows the listing's next page; what the selectors do not give, the page's own declarations do."""

    def read_listing(self, response: TextResponse, channel: Channel) -> Page:
        selectors = self.site.listing or {}
        cards, following = read_cards(response.text, response.url, selectors, self.site.time_zone)
        return Page(cards, Request(following) if following else None)

    def read_article(self, response: TextResponse, channel: Channel) -> Article:
        return read_page(response.text, response.url, self.site.article or {}, self.site.time_zone)
