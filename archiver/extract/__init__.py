"""From a page to an article: pure functions, no Scrapy in here. `extract` is the whole of it.

article    a page -> an article; asks the others
metadata   what the page declares (declared: structured, loose_json, microdata), and what it shows
           (headline, authors, byline, pictures, surroundings, canonical; wording: how they compare texts)
content    the body: an outline of the page, the words that name its parts, what is trimmed away
parts      the next part of an article on several pages
kind       article, listing, or something else;  look: a first look at an unknown address
section    what a listing leads to (scope: what belongs to it; more: its load-more answers)
listing    the same by a definition's selectors (selectors)
feed sitemap xml    RSS, Atom, JSON Feed; sitemaps
shared     header images that are the site's own
kr36       36kr's pages;  challenge: a page that stands in the place of another
"""

from archiver.extract.article import extract

__all__ = ["extract"]
