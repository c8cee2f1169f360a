"""A page -> an article: what its site's definition points at, else what is found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address, clean, inner_html
from archiver.charset import decode
from archiver.errors import PageError
from archiver.extract.content import Content, find_content
from archiver.extract.listing import addresses_at, date_at
from archiver.extract.metadata import Metadata, complete_metadata, read_metadata
from archiver.extract.metadata.authors import split_names
from archiver.extract.parts import next_part
from archiver.extract.section.kind import Kind, kind_of
from archiver.extract.selectors import NO_RULES, ArticleRules, Selector, nodes_of, outermost, texts_of
from archiver.items import Article
from archiver.lazy import real_source
from archiver.urls import absolute, absolute_image, is_web

DEEPEST = 8_000
"""Elements in each other. Real pages have some 30; lexbor takes 50 ms for 8,000, and 3 s for 60,000."""
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
TEASER = 500
"""Characters; what a page declares as its text is often no more than that of it."""
CLOSED_TAG = re.compile(r"</(?:p|div|h[1-6]|li|figure)>", re.IGNORECASE)
LEAF = frozenset("area base br col embed hr img input link meta param source track wbr p li td th tr option".split())
"""Elements that hold none, or whose end tag may be left out: a page of a list with 10,000 items is not deep."""
# First bytes of what servers call text/html though it is none (IANA media types).
MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "an archive or office document",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"RIFF": "an image or film",
    b"\x1f\x8b": "compressed data",
    b"\x7fELF": "a program",
    b"Rar!": "an archive",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"ID3": "a sound",
    b"OggS": "a sound",
}


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article, and how it was found."""

    article: Article
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Field of the article -> where its value comes from, for `--explain`."""
    following: str | None = None
    """Address of the article's next part. None: this is all of it, or its last part."""


class NoArticleError(PageError):
    """A page that is something else than an article: a listing, a search form, a shop page; the text says what."""


def extract(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    encoding: str | None = None,
    rules: ArticleRules = NO_RULES,
    zone: tzinfo = UTC,
    language: str | None = None,
) -> Article:
    """The article of a page.

    `content_type` is what the server said, `encoding` what the site's definition says, `zone` that of dates that name
    none, `language` where the page names none. The body is empty where none is found (the pipelines drop such an one);
    raises PageError for what is no page, and where a definition's selector for the body finds nothing.
    """
    return examine(
        html, url, content_type=content_type, encoding=encoding, rules=rules, zone=zone, language=language
    ).article


def examine(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    encoding: str | None = None,
    rules: ArticleRules = NO_RULES,
    zone: tzinfo = UTC,
    language: str | None = None,
    must_be_article: bool = False,
    first: str | None = None,
    number: int = 1,
) -> Extraction:
    """As `extract`, with the reasons. With `must_be_article`, raises NoArticleError where the page looks like none.

    Of an article in several parts, `first` is the address of part 1 and `number` that of the part at hand.
    """
    page = parse(html, content_type, encoding)
    declared = read_metadata(page, url, zone)
    if must_be_article and not rules.body:
        verdict = kind_of(page, url, declared.kinds)
        if verdict.kind is not Kind.ARTICLE:
            what = "no article but a listing" if verdict.kind is Kind.LISTING else "no article"
            raise NoArticleError(f"{what}: {verdict.reason}")
    content = selected(page, rules) if rules.body else found(page, declared, rules)
    said = declared
    is_told = (rules.title or declared.title) and (rules.date or declared.published)
    if not rules.body or not is_told:  # what is visible is looked at where neither definition nor page says it
        said = complete_metadata(declared, page, url, zone, container=content.container)
    base = base_address(page, url)
    reasons = {**said.reasons, "body": content.reason}
    article = Article(
        url=said.canonical or url,
        title=said.title or "",
        body=clean(content.markup, base),
        published=said.published,
        modified=said.modified,
        authors=said.authors,
        image_url=said.images[0] if said.images else None,
        image_candidates=said.images[1:],
        language=said.language or language,
        summary=said.summary,
        tags=said.tags,
    )
    onward = first_address(page, rules.next, base) if rules.next else next_part(page, url, first, number)
    return Extraction(with_rules(article, page, rules, base, zone, reasons), reasons, onward)


def parse(html: bytes, content_type: str | None = None, encoding: str | None = None) -> LexborHTMLParser:
    """The tree of a page. Raises PageError for what is no page, or is nested beyond reason."""
    kind = next((name for magic, name in MAGIC.items() if html.startswith(magic)), None)
    if kind is not None:
        raise PageError(f"not a page but {kind}")
    text = decode(html, content_type, encoding)
    if not text.strip():
        raise PageError("an empty page")
    if depth_of(text) > DEEPEST:
        raise PageError(f"nested more than {DEEPEST:,} deep")
    return LexborHTMLParser(text)


def depth_of(text: str) -> int:
    """How deep the elements of a page lie in each other, at most; counted from its tags, in linear time."""
    if text.count("<") - text.count("</") <= DEEPEST:
        return 0
    depth = deepest = 0
    for match in TAG.finditer(text):
        if match[1]:
            depth = max(0, depth - (match[2].lower() not in LEAF))
        elif match[2].lower() not in LEAF:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def selected(page: LexborHTMLParser, rules: ArticleRules) -> Content:
    """The body at a definition's selector; several elements in the page's order. Raises PageError: none is there."""
    bodies = outermost(nodes_of(page, rules.body))
    if not bodies:
        raise PageError(f"no body at {' or '.join(f'`{selector}`' for selector in rules.body)}")
    for body in bodies:
        remove_all(body, rules.remove)
    return Content("\n".join(map(inner_html, bodies)), f"the definition's selector `{rules.body[0]}`", bodies[0])


def found(page: LexborHTMLParser, declared: Metadata, rules: ArticleRules) -> Content:
    """The body as it is found on any page, perhaps empty."""
    if rules.remove and page.body is not None:
        remove_all(page.body, rules.remove)
    content = find_content(page, title=declared.title or "", article_body=declared.article_body)
    declares_more = len(declared.article_body) > TEASER and len(declared.article_body) > 3 * len(shown_text(content))
    return as_declared(declared.article_body) if declares_more else content


def shown_text(content: Content) -> str:
    """What a reader would read of a body."""
    return LexborHTMLParser(content.markup, is_fragment=True).text().strip() if content.markup else ""


def as_declared(text: str) -> Content:
    """The body of a page that shows it by script only, as its JSON-LD has it: tags, or paragraphs of plain text."""
    paragraphs = "\n".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
    return Content(
        text if CLOSED_TAG.search(text) else paragraphs, "JSON-LD articleBody; the page shows less of it", None
    )


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


def join(parts: tuple[Extraction, ...]) -> Extraction:
    """One article from its parts in order: the first one's metadata, all bodies; a part that repeats ends it."""
    first = parts[0]
    bodies: list[str] = []
    for part in parts:
        if part.article.body in bodies:
            break
        bodies.append(part.article.body)
    if len(bodies) == 1:
        return first
    body = clean("\n".join(bodies), first.article.url)
    reasons = {**first.reasons, "body": f"{first.reasons.get('body', '')}; {len(bodies)} parts joined"}
    return Extraction(replace(first.article, body=body), reasons)
