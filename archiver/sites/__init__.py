"""Site definitions: one YAML file per site; a user's own in `./sites/` beside the bundled ones, and before them.

name: example                     # what `archiver crawl NAME` says; default: the file's name
domains: [example.com]            # hosts whose addresses belong to the site; default: those of the channels
language: en                      # where pages do not say
time_zone: Europe/Berlin          # of dates without one; default: UTC
spider: module:Class              # Python for an odd site; default: the listing spider, driven by selectors
settings: {DOWNLOAD_DELAY: 3}     # Scrapy settings for this site
channels:
  news:
    start: https://example.com/news/
    categories: [web, example, news]
listing: {item: article.card, next: a.next}          # CSS selectors
article: {body: div.content, title: h1, date: time}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archiver import config
from archiver.errors import ConfigurationError
from archiver.urls import host_of, is_web

BUNDLED = Path(__file__).parent
LISTING_SPIDER = "archiver.spiders.listing:ListingSpider"


@dataclass(frozen=True, slots=True)
class Channel:
    """One section of a site that is archived into one folder."""

    name: str
    start: str
    """Address of the first page of its listing."""
    categories: tuple[str, ...]
    """The three folders of the archive, outermost first."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site's definition, checked."""

    name: str
    domains: tuple[str, ...]
    """Hosts in lower case, without `www.`."""
    channels: Mapping[str, Channel]
    source: str
    """The file it comes from."""
    spider: str = LISTING_SPIDER
    """`module:Class`."""
    language: str | None = None
    time_zone: tzinfo = UTC
    settings: Mapping[str, Any] | None = None
    listing: Mapping[str, str] | None = None
    """CSS selectors: item, link, date, next."""
    article: Mapping[str, str] | None = None
    """CSS selectors: body, title, date, author, remove."""

    def owns(self, url: str) -> bool:
        """Does an address belong to this site, by its host?"""
        return host_of(url) in self.domains


def web_address(text: str) -> str:
    """A check: an absolute http or https address."""
    if not is_web(text):
        raise ValueError(text)
    return text


def selector(text: str) -> str:
    """A check: a CSS selector that can be read."""
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError as error:
        raise ValueError(str(error)) from error
    return text


css = config.converted(selector, "a CSS selector")
CHECK = config.mapping(
    {
        "name": config.text,
        "domains": config.list_of(config.text),
        "language": config.text,
        "time_zone": config.converted(ZoneInfo, "a time zone such as Asia/Shanghai"),
        "spider": config.text,
        "settings": config.mapping_of(config.anything),
        "channels": config.mapping_of(
            config.mapping(
                {
                    "start": config.converted(web_address, "an address that begins with http:// or https://"),
                    "categories": config.list_of(config.text, size=3),
                },
                required=("start", "categories"),
            )
        ),
        "listing": config.mapping({"item": css, "link": css, "date": css, "next": css}, required=("item",)),
        "article": config.mapping(
            {"body": css, "title": css, "date": css, "author": css, "remove": css}, required=("body",)
        ),
    },
    required=("channels",),
)


def load_site(path: Path) -> Site:
    """The definition in one file. Raises ConfigurationError with the file and, where there is one, line and key."""
    found = config.load(path, CHECK)
    channels = {name: Channel(name, **fields) for name, fields in found.pop("channels").items()}
    domains = found.pop("domains", None) or [host_of(channel.start) for channel in channels.values()]
    if "spider" not in found and not ("listing" in found and "article" in found):
        raise ConfigurationError(f"{path}: expected `listing` and `article` with selectors, or a `spider`")
    return Site(
        name=found.pop("name", path.stem),
        domains=tuple(dict.fromkeys(domain.lower().removeprefix("www.") for domain in domains)),
        channels=channels,
        source=str(path),
        **found,
    )


def load_sites(folder: Path | None = None) -> dict[str, Site]:
    """All definitions by name: the bundled ones, and a user's own, which win."""
    folders = [BUNDLED, Path("sites") if folder is None else folder]
    files = [path for place in folders for path in sorted(place.glob("*.yaml"))]
    return {site.name: site for site in map(load_site, files)}
