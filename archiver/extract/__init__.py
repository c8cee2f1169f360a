"""From a page to an article: pure functions, no Scrapy in here.

`metadata` reads what any page declares about itself, `page` reads a page by the selectors of a site's definition,
`kr36` reads 36kr's pages, `challenge` recognises a page that is none.
"""
