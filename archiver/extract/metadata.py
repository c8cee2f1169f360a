"""What a page declares about its article: JSON-LD, Open Graph and other meta tags, `<time>`, `<title>`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from archiver.body import base_address
from archiver.dates import parse_date
from archiver.urls import absolute_image, is_web

# Most trusted first. The prefix is the attribute that holds the name.
META = {
    "title": ("property=og:title", "name=twitter:title", "name=title"),
    "published": (
        *("property=article:published_time", "property=og:article:published_time", "itemprop=datePublished"),
        *("name=datePublished", "name=pubdate", "name=publishdate", "name=DC.date.issued", "name=date"),
    ),
    "modified": ("property=article:modified_time", "property=og:updated_time", "itemprop=dateModified"),
    "author": ("name=author", "property=article:author", "name=DC.creator", "itemprop=author"),
    "image": (
        *("property=og:image:secure_url", "property=og:image:url", "property=og:image"),
        *("name=og:image", "name=twitter:image", "property=twitter:image", "itemprop=image"),
    ),
    "summary": ("property=og:description", "name=description", "name=twitter:description"),
    "language": ("property=og:locale", "http-equiv=content-language"),
    "tags": ("name=keywords", "name=news_keywords"),
}
ARTICLE_TYPES = (
    *(
        "NewsArticle",
        "Article",
        "BlogPosting",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
    ),
    *("TechArticle", "ScholarlyArticle", "Report", "LiveBlogPosting", "SocialMediaPosting"),
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Each field is None or empty where the page does not say."""

    title: str | None
    published: datetime | None
    modified: datetime | None
    authors: tuple[str, ...]
    image_url: str | None
    summary: str | None
    language: str | None
    tags: tuple[str, ...]


def read_metadata(page: LexborHTMLParser, url: str, zone: tzinfo = UTC) -> Metadata:
    """JSON-LD is trusted before meta tags, and these before `<time>` and `<title>`; `zone` is that of bare dates."""
    linked, meta = json_ld(page), meta_tags(page)
    published = (
        text_of(linked.get("datePublished")),
        meta.get("published"),
        attribute(page, "time[datetime]", "datetime"),
    )
    images = (image_of(linked.get("image")), meta.get("image"))
    authors = tuple(names_of(linked.get("author"))) or tuple(names_of(meta.get("author")))
    return Metadata(
        title=text_of(linked.get("headline")) or meta.get("title") or heading(page),
        published=first_date(published, zone),
        modified=first_date((text_of(linked.get("dateModified")), meta.get("modified")), zone),
        authors=authors,
        image_url=first_image_address(images, base_address(page, url)),
        summary=text_of(linked.get("description")) or meta.get("summary"),
        language=text_of(linked.get("inLanguage")) or attribute(page, "html[lang]", "lang") or meta.get("language"),
        tags=keywords(linked.get("keywords")) or keywords(meta.get("tags")),
    )


def first_date(texts: Iterable[str | None], zone: tzinfo) -> datetime | None:
    """The first text that is a date."""
    return next((found for text in texts if (found := parse_date(text, zone))), None)


def first_image_address(addresses: Iterable[str | None], base: str) -> str | None:
    """The first address that an image can be fetched from, absolute."""
    return next((found for text in addresses if text and (found := absolute_image(text, base)) and is_web(found)), None)


def attribute(page: LexborHTMLParser, selector: str, name: str) -> str | None:
    """An attribute of the first element that a selector finds."""
    node = page.css_first(selector)
    return node.attributes.get(name) if node is not None else None


def heading(page: LexborHTMLParser) -> str | None:
    """What the page calls itself, for want of a declaration."""
    nodes = (page.css_first("h1"), page.css_first("title"))
    return next((text for node in nodes if node is not None and (text := node.text().strip())), None)


def meta_tags(page: LexborHTMLParser) -> dict[str, str]:
    """What `<meta>` says, by our names."""
    found: dict[str, str] = {}
    for node in page.css("meta[content]"):
        content = (node.attributes["content"] or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (value := node.attributes.get(attribute)):
                found.setdefault(f"{attribute}={value.strip()}".lower(), content)
    chosen = {
        name: next((found[key.lower()] for key in keys if key.lower() in found), None) for name, keys in META.items()
    }
    return {name: value for name, value in chosen.items() if value}


def json_ld(page: LexborHTMLParser) -> dict[str, Any]:
    """The first article of the page's JSON-LD; empty where there is none that can be read."""
    for script in page.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in things(data):
            kinds = thing.get("@type")
            if any(kind in ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return thing
    return {}


def things(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD document: alone, in a list, in a graph."""
    if isinstance(data, list):
        for part in data:
            yield from things(part)
    elif isinstance(data, dict):
        yield data
        yield from things(data.get("@graph"))


def text_of(value: Any) -> str | None:
    """A JSON-LD value that should be a text."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def image_of(value: Any) -> str | None:
    """Address of a JSON-LD image: text, ImageObject, or a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value if isinstance(value, str) else None


def names_of(value: Any) -> Iterator[str]:
    """Names of JSON-LD authors: text, Person, or a list of them."""
    for part in value if isinstance(value, list) else [value]:
        if name := text_of(part):
            yield name


def keywords(value: Any) -> tuple[str, ...]:
    """Keywords: a list, or one text with commas."""
    parts = value.replace("，", ",").split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(part.strip() for part in parts if isinstance(part, str) and part.strip())
