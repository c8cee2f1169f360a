"""Whatever a page declares, collected in one look through it, before anything is weighed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.metadata.structured import Structured, read_structured
from archiver.extract.metadata.wording import fold, plain
from archiver.urls import absolute

# Names of meta tags, most trusted first, in lower case; `property`, `name`, `itemprop` and `http-equiv` are mixed up
# in the wild.
META = {
    "title": "og:title twitter:title parsely-title sailthru.title dc.title dcterms.title headline title".split(),
    "published": (
        "article:published_time og:article:published_time og:published_time article:published datepublished"
        " parsely-pub-date sailthru.date dc.date.issued dcterms.issued pubdate publishdate publish-date publish_date"
        " publication_date publicationdate article.published published_at publishtime cxenseparse:publishtime"
        " cxenseparse:recs:publishtime og:release_date dcterms.created dc.date.created dc.created datecreated"
        " weibo:article:create_at firstcreate dc.date dcterms.date citation_publication_date date"
    ).split(),
    "modified": (
        "article:modified_time og:article:modified_time og:updated_time datemodified dcterms.modified"
        " dc.date.modified lastupdate lastmod last-modified"
    ).split(),
    "author": (
        "author article:author og:article:author parsely-author sailthru.author cxenseparse:author dc.creator"
        " dcterms.creator citation_author byl article:author_name"
    ).split(),
    "open_graph_image": ["og:image:secure_url", "og:image:url", "og:image"],
    "image": (
        "twitter:image twitter:image:src image parsely-image-url sailthru.image.full cxenseparse:image thumbnail"
    ).split(),
    "summary": "og:description description twitter:description dc.description dcterms.description".split(),
    "language": "og:locale content-language dc.language dcterms.language language".split(),
    "tags": "article:tag keywords news_keywords parsely-tags sailthru.tags".split(),
    "sections": "article:section og:article:section parsely-section cxenseparse:section section".split(),
    "site_name": "og:site_name application-name apple-mobile-web-app-title dc.publisher twitter:site".split(),
    "kinds": ["og:type"],
    "address": ["og:url"],
}
READ = (
    'html, base[href], meta[content], script[type*="ld+json" i], title, h1, h2, h3, time, link[rel],'
    " [itemprop], [itemscope], [typeof], [property]"
)
MOST = 100  # of headings, dates, and contents of one name


@dataclass(frozen=True, slots=True)
class Declared:
    """What a page declares, sorted but not yet weighed."""

    meta: Mapping[str, list[str]]
    structured: Structured
    document: str
    headings: list[str]
    others: list[str]
    times: list[LexborNode]
    links: Mapping[str, str]
    base: str
    """What relative addresses refer to."""
    language: str
    """Of the page's root."""

    def contents(self, field: str) -> Iterator[tuple[str, str]]:
        """(name, content) of the meta tags that tell a field, most trusted first."""
        for name in META[field]:
            for content in self.meta.get(name, ()):
                yield name, content
            if name in self.structured.loose:
                yield name, self.structured.loose[name]

    def content(self, field: str) -> tuple[str, str]:
        """The first of them; empty texts where there is none."""
        return next(self.contents(field), ("", ""))


def read_declared(page: LexborHTMLParser, url: str) -> Declared:
    """Looks once through a page for whatever declares something."""
    meta: dict[str, list[str]] = {}
    scripts: list[str] = []
    headings: list[str] = []
    others: list[str] = []
    marked: list[LexborNode] = []
    times: list[LexborNode] = []
    links: dict[str, str] = {}
    document = language = base = ""
    last = 0
    for node in page.css(READ):
        if node.mem_id == last:  # lexbor gives an element once for each selector that it matches
            continue
        last, tag, attributes = node.mem_id, node.tag, node.attributes
        if tag == "meta":
            content = (attributes.get("content") or "").strip()
            for attribute in ("property", "name", "http-equiv"):
                if content and (name := attributes.get(attribute)):
                    held = meta.setdefault(name.strip().lower(), [])
                    if len(held) < MOST:
                        held.append(content)
        elif tag == "html":
            language = attributes.get("lang") or ""
        elif tag == "base":
            base = base or absolute(attributes["href"] or "", url) or ""
        elif tag == "script":
            scripts.append(node.text())
        elif tag == "title":
            document = document or ("" if in_drawing(node) else plain(node.text()[:2000]))
        elif tag == "h1":
            if len(headings) < MOST:
                headings += heading_texts(node)
        elif tag in ("h2", "h3") and len(others) < MOST:
            others.append(plain(node.text()[:1000]))
        elif tag == "time" and len(times) < MOST:
            times.append(node)
        elif tag == "link":
            for relation in (attributes.get("rel") or "").lower().split():
                links.setdefault(relation, (attributes.get("href") or "").strip())
        if (
            "itemprop" in attributes
            or "itemscope" in attributes
            or "typeof" in attributes
            or ("property" in attributes and (tag != "meta" or is_schema(attributes["property"] or "")))
        ):
            marked.append(node)
    titles = [*headings, *meta.get("og:title", ())]
    structured = read_structured(scripts, marked, url, frozenset(map(fold, filter(None, titles))))
    headings = [text for text in headings if text]
    return Declared(meta, structured, document, headings, others, times, links, base or url, language)


def is_schema(name: str) -> bool:
    """May an RDFa name be one of schema.org, not of Open Graph or another vocabulary?"""
    return ":" not in name or name.startswith("schema:")


def heading_texts(heading: LexborNode) -> Iterator[str]:
    """What a heading says: all of it, then its parts where it has several: a kicker, the title, a link's mark."""
    whole = plain(heading.text()[:1000])
    parts = [
        plain((child.text_content if child.is_text_node else child.text()) or "")
        for child in heading.iter(include_text=True)
    ]
    parts = [part for part in parts if len(fold(part)) > 1]
    if len(parts) > 1:
        yield plain(heading.text(separator=" ")[:1000])
        yield from parts[:6]
    elif whole:
        yield re.sub(r"\s*[#¶§]\Z", "", whole)


def in_drawing(title: LexborNode) -> bool:
    """Is a `<title>` that of a drawing?"""
    return title.parent is not None and title.parent.tag not in ("head", "body", "html")
