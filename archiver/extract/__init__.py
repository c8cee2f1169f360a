"""From a page to an article: pure functions, no Scrapy in here. `article.extract` is the whole of it.

article     a page -> an article: asks metadata and content, or a definition's selectors
page        the bytes of a page -> its tree, or why they make none
selected    what a definition's selectors find in an article's page (selectors); listing: in a listing
metadata/   title, authors, dates, header image: what the page declares, and what it shows
content/    the body: an outline of the page, and what is trimmed away
parts       the next part of an article on several pages
shared      header images that are the site's own
look        a page of which nothing is known: what it is, and what it lists
section/    articles that a page leads to, where the list goes on, what belongs to it, what is no article
feed, sitemap, xml      RSS, Atom, JSON Feed; sitemaps; XML as it occurs
kr36        36kr's pages
challenge   a page that stands in the place of another, by its marks; standin: by its words
"""
