"""What a definition's selectors find in the page of an article."""

from dataclasses import replace
from datetime import tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import inner_html
from archiver.errors import PageError
from archiver.extract.content import Content
from archiver.extract.listing import addresses_at, date_at
from archiver.extract.metadata.authors import split_names
from archiver.extract.selectors import ArticleRules, Selector, nodes_of, outermost, texts_of
from archiver.items import Article
from archiver.lazy import real_source
from archiver.urls import absolute, absolute_image, is_web


def selected(page: LexborHTMLParser, rules: ArticleRules) -> Content:
    """The body at a definition's selector; several elements in the page's order. Raises PageError: none is there."""
    bodies = outermost(nodes_of(page, rules.body))
    if not bodies:
        raise PageError(f"no body at {' or '.join(f'`{selector}`' for selector in rules.body)}")
    for body in bodies:
        remove_all(body, rules.remove)
    return Content("\n".join(map(inner_html, bodies)), f"the definition's selector `{rules.body[0]}`", bodies[0])


def remove_all(body: LexborNode, selectors: tuple[Selector, ...]) -> None:
    """Takes out of a body what any of the selectors finds within it."""
    for node in outermost([node for selector in selectors for node in selector.nodes(body)]):
        node.decompose()


def with_rules(
    article: Article, page: LexborHTMLParser, rules: ArticleRules, base: str, zone: tzinfo, reasons: dict[str, str]
) -> Article:
    """The article with what the definition's other selectors find; where they find nothing, it stays as it is."""
    chosen: dict[str, object] = {}
    if titles := texts_of(page, rules.title):
        chosen["title"] = titles[0]
    if published := date_at(page, rules.date, zone):
        chosen["published"] = published
    if authors := texts_of(page, rules.author):
        chosen["authors"] = tuple(dict.fromkeys(name for text in authors for name in split_names(text) or (text,)))
    if image := first_image_at(page, rules.image, base):
        chosen["image_url"] = image
        chosen["image_candidates"] = tuple(
            other for other in (article.image_url, *article.image_candidates) if other and other != image
        )
    reasons.update(dict.fromkeys(chosen, "the definition's selector"))
    return replace(article, **chosen)  # type: ignore[arg-type]


def first_image_at(page: LexborHTMLParser, selectors: tuple[Selector, ...], base: str) -> str | None:
    """The first image that a definition's selectors find: an element, one that holds one, or an address."""
    sources: list[str | None] = []
    for node in nodes_of(page, selectors):
        image = node if node.tag == "img" else node.css_first("img")
        sources += [real_source(image) if image is not None else None, node.attributes.get("content")]
    for source in (*sources, *texts_of(page, selectors)):
        if source and (address := absolute_image(source, base)) and is_web(address):
            return address
    return None


def first_address(page: LexborHTMLParser, selectors: tuple[Selector, ...], base: str) -> str | None:
    """The first link that a definition's selectors find."""
    found = (absolute(address, base) for address in addresses_at(page, selectors))
    return next((address for address in found if address and is_web(address)), None)
