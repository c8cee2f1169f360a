"""A page of a site that has a definition -> an article, by the definition's selectors, else by what it declares."""

from collections.abc import Mapping
from datetime import UTC, tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address, clean, inner_html
from archiver.errors import PageError
from archiver.extract.listing import date_in
from archiver.extract.metadata import read_metadata
from archiver.items import Article


def read_page(html: str, url: str, selectors: Mapping[str, str], zone: tzinfo = UTC) -> Article:
    """The article of a page. `selectors`: `body` is required, `title`, `date`, `author`, `remove` are looked up first.

    Raises PageError when the page shows no body.
    """
    page = LexborHTMLParser(html)
    declared = read_metadata(page, url, zone)
    body = page.css_first(selectors["body"])
    if body is None:
        raise PageError(f"no body at `{selectors['body']}`")
    title = page.css_first(selectors["title"]) if "title" in selectors else None
    heading = title.text().strip() if title is not None else ""
    published = date_in(page.css_first(selectors["date"]), zone) if "date" in selectors else None
    authors = tuple(node.text().strip() for node in page.css(selectors["author"])) if "author" in selectors else ()
    remove_all(body, selectors.get("remove"))
    return Article(
        url=url,
        title=heading or declared.title or "",
        body=clean(inner_html(body), base_address(page, url)),
        published=published or declared.published,
        modified=declared.modified,
        authors=tuple(filter(None, authors)) or declared.authors,
        image_url=declared.image_url,
        language=declared.language,
        summary=declared.summary,
        tags=declared.tags,
    )


def remove_all(body: LexborNode, selector: str | None) -> None:
    """Takes out of a body what a selector finds within it, one by one: a found element may lie in another."""
    while selector and (node := next((n for n in body.css(selector) if n.mem_id != body.mem_id), None)):
        node.decompose()
