"""A page that nobody prepared -> what it is, and what it lists."""

from dataclasses import dataclass
from datetime import UTC, tzinfo

from archiver.extract.listing import Card, read_cards
from archiver.extract.metadata import read_metadata
from archiver.extract.page import parse
from archiver.extract.section import SectionPage, read_section
from archiver.extract.section.kind import Kind, Verdict, kind_of
from archiver.extract.selectors import ListingRules


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look at a page shows."""

    verdict: Verdict
    section: SectionPage
    image: str | None
    """The image that a listing declares as its own, which is no article's. None: it declares none, or is an article."""


def look_at(
    html: bytes, url: str, *, content_type: str | None = None, encoding: str | None = None, zone: tzinfo = UTC
) -> Look:
    """Raises PageError for what is no page."""
    page = parse(html, content_type, encoding)
    declared = read_metadata(page, url, zone)
    verdict = kind_of(page, url, declared.kinds)
    image = declared.images[0] if declared.images and verdict.kind is not Kind.ARTICLE else None
    return Look(verdict, read_section(page, url, zone=zone), image)


def select_cards(
    html: bytes,
    url: str,
    rules: ListingRules,
    *,
    content_type: str | None = None,
    encoding: str | None = None,
    zone: tzinfo = UTC,
) -> tuple[tuple[Card, ...], str | None]:
    """The articles at a definition's selectors, and the next page's address. Raises PageError for what is no page."""
    return read_cards(parse(html, content_type, encoding), url, rules, zone)
