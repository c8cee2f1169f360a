"""What a crawl produces: an `Article`, and the `HeaderImage` that was fetched for it. Both are frozen."""

from dataclasses import dataclass, field
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class HeaderImage:
    """The outcome of fetching an article's header image; `path` tells stored from missing."""

    url: str
    """The address that was asked, without any proxy prefix."""
    path: str | None = None
    """Where the file lies, relative to the images folder, `/` between parts. None: it could not be had."""
    reason: str | None = None
    """Why it could not be had, in the words of `ImageError`. None: it is stored."""
    media_type: str | None = None
    """What the bytes are (`image/jpeg`), not what the server said."""
    width: int | None = None
    """Pixels, before any orientation tag."""
    height: int | None = None
    """Pixels, before any orientation tag."""
    size: int | None = None
    """Bytes."""
    sha256: str | None = None
    """Of the stored bytes, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its page gives it. Pipelines return changed copies; nobody edits another stage's article."""

    url: str
    """Canonical absolute address: the article's identity."""
    title: str
    """The headline as plain text. Empty: the page has none (the article is then dropped)."""
    body: str
    """The article's own HTML or plain text. A `body.Body` once it has been cleaned."""
    published: datetime | None = None
    """Publication time, aware, UTC after normalising. None: the page does not say."""
    modified: datetime | None = None
    """Time of the last change, aware. None: the page does not say."""
    authors: tuple[str, ...] = ()
    """The article's own authors, in the page's order. Empty: it names none."""
    categories: tuple[str, ...] = ()
    """The three folders of the archive, outermost first, from the site's definition: 新媒体, 36kr, 资讯."""
    site: str = ""
    """Name of the site's definition (`36kr`). Empty: no definition was used."""
    channel: str = ""
    """Name of the site's channel (`资讯`). Empty: the site has none."""
    image_url: str | None = None
    """Address of the header image; after normalising the first image of the body, else what the page declares."""
    image_candidates: tuple[str, ...] = ()
    """Further addresses that the page offers as its header image, best first: asked when `image_url` is dead."""
    language: str | None = None
    """BCP 47 tag (`zh-CN`). None: neither page nor definition says."""
    summary: str | None = None
    """The page's own description, plain text. None: it gives none."""
    tags: tuple[str, ...] = ()
    """Keywords of the page, in its order. Empty: it names none."""
    fetched: datetime = field(default_factory=_now)
    """When the page was fetched, aware, UTC; stands in the post where `published` is None."""
    aliases: tuple[str, ...] = ()
    """Other addresses it was asked by, or that answered in its place."""
    status: int | None = None
    """HTTP status of its page. None: it was read elsewhere, as in a feed."""
    etag: str | None = None
    """`ETag` of its page, for the next time. None: there is none, or the article came in several parts."""
    last_modified: str | None = None
    """`Last-Modified` of its page, as it was sent."""
    header_image: HeaderImage | None = None
    """What came of fetching `image_url`. None: nothing was fetched (yet), or there is nothing to fetch."""
