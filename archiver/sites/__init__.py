"""Site definitions: one YAML file per site; a user's own in `./sites/` beside the bundled ones, and before them.

name: example                     # what `archiver crawl NAME` says; default: the file's name
domains: [example.com]            # hosts whose addresses belong to the site; default: those it starts at
language: en                      # where pages do not say
time_zone: Europe/Berlin          # of dates without one; default: UTC
encoding: gb18030                 # of pages that declare none, or a wrong one
pace: 2                           # seconds between two requests; default: 1
refresh: 30d                      # articles younger than that are asked again once a day; all, never; default: 7d
content: page                     # or feed: posts are made from the feed's items, no article page is fetched
spider: module:Class              # Python for an odd site; default: looks at the page
video_hosts: [player.example.com] # whose frames stay in a body, beside those that the program knows
extractor: module:function        # (html: bytes, url: str) -> Article, instead of `article`
settings: {RETRY_TIMES: 5}        # Scrapy settings for this site
start: https://example.com/news/  # listing, feed or sitemap, one or a list; `channels` instead, where there are several
categories: [web, example, news]  # default: web, the site's name, the section's name
match: /2026/                     # only articles whose address holds this regular expression
exclude: /video/                  # and none of these
channels:
  news: {start: https://example.com/news/, categories: [web, example, news], content: page, match: …, exclude: …}
listing: {item: article.card, link: h2 a, title: h2, date: time, next: a.next}
article: {title: h1, body: div.content, date: time, author: .by, image: figure img, remove: .share, next: a.part}

Only `start` (or `channels`) is required: what is not given is found by looking. Selectors are CSS or XPath, one or a
list (`archiver/extract/selectors.py`). `docs/adding-a-site.md` tells it at length.
"""

import codecs
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from encodings.aliases import aliases
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import yaml

from archiver import config
from archiver.errors import ConfigurationError
from archiver.extract.selectors import NO_LISTING_RULES, NO_RULES, ArticleRules, ListingRules, parse_selector
from archiver.freshness import DEFAULT, Refresh, parse_refresh
from archiver.urls import canonical, host_of, is_web

BUNDLED = Path(__file__).parent
SECTION_SPIDER = "archiver.spiders.section:SectionSpider"
CONTENTS = ("page", "feed")
HOST = re.compile(r"[^\s/:@?#,]+\.[^\s/:@?#,.]+")
OBJECT = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
# Parts of a path that name no section: what the page is, and which of several.
GENERAL = re.compile(
    r"(?:(?:index|list|listing|page|pages|p|default|home|main|feed|feeds|rss2?|atom|sitemap|news-?sitemap|rdf)"
    r"(?:[-_.]?\d+)*|\d+|\W*)",
    re.IGNORECASE,
)
EXTENSION = re.compile(
    r"(?:\.(?:s?html?|xhtml|php\d?|aspx?|jspx?|do|action|xml|rss|atom|rdf|json|gz|cgi))+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One section of a site that is archived into one folder."""

    name: str
    starts: tuple[str, ...]
    """Addresses of listings, feeds and sitemaps, all of the same articles; at least one."""
    categories: tuple[str, ...]
    """The three folders of the archive, outermost first."""
    content: str = "page"
    """Where the articles are read: `page` or `feed`."""
    match: re.Pattern[str] | None = None
    """Is found in the address of each article. None: any address will do."""
    exclude: re.Pattern[str] | None = None
    """Is found in the address of no article."""

    @property
    def start(self) -> str:
        """The first of the addresses."""
        return self.starts[0]


@dataclass(frozen=True, slots=True)
class Site:
    """A site's definition, checked."""

    name: str
    domains: tuple[str, ...]
    """Hosts in lower case, without `www.`."""
    channels: Mapping[str, Channel]
    source: str
    """The file it comes from; the address, where no file defines it."""
    spider: str = SECTION_SPIDER
    """`module:Class`."""
    extractor: str | None = None
    """`module:function`. None: pages are read by `article`, and by looking."""
    language: str | None = None
    time_zone: tzinfo = UTC
    encoding: str | None = None
    """A codec that Python knows. None: pages say it themselves."""
    pace: float | None = None
    """Seconds between two requests, in `settings` too. None: as everywhere."""
    refresh: Refresh | None = None
    """Which archived articles are asked again. None: as everywhere."""
    video_hosts: tuple[str, ...] = ()
    """Hosts, as `domains`, whose players stay in a body; beside those of every site."""
    content: str = "page"
    """What channels that do not say it have as their `content`."""
    settings: Mapping[str, Any] | None = None
    """Scrapy settings."""
    listing: ListingRules = NO_LISTING_RULES
    article: ArticleRules = NO_RULES

    @property
    def is_bundled(self) -> bool:
        """Does the definition come with the program?"""
        return Path(self.source).parent == BUNDLED

    def owns(self, url: str) -> bool:
        """Does an address belong to this site, by its host?"""
        return host_of(url) in self.domains


# What a definition may hold. The checks take a text and raise ValueError.


def web_address(text: str) -> str:
    """An absolute http or https address."""
    if not is_web(text):
        raise ValueError(text)
    return text


def site_name(text: str) -> str:
    """A name that can stand on a command line and in a path."""
    if re.search(r"[/\\\s\x00-\x1f]", text) or text.startswith(("-", ".")):
        raise ValueError(f"expected a name without spaces and slashes that begins with a letter or digit, not `{text}`")
    return text


def channel_name(text: str) -> str:
    """A name that can stand in a list with commas, as `-a channel=a,b` has it."""
    if "," in text:
        raise ValueError(f"expected the name of a channel without comma, not `{text}`")
    return text


def domain(text: str) -> str:
    """A host as `host_of` gives it."""
    if not HOST.fullmatch(text):
        raise ValueError(f"expected a host such as example.com, not `{text}`")
    return host_of(f"//{text}")


def language(text: str) -> str:
    """A BCP 47 tag."""
    if not LANGUAGE.fullmatch(text):
        raise ValueError(f"expected a language such as en or zh-CN, not `{text}`")
    return text


def time_zone(text: str) -> ZoneInfo:
    """A time zone of the IANA database."""
    try:
        return ZoneInfo(text)
    except (ValueError, KeyError, OSError) as error:
        near = nearest(text, available_timezones())
        raise ValueError(f"expected a time zone such as Asia/Shanghai, not `{text}`{near}") from error


def encoding(text: str) -> str:
    """A text encoding that Python knows."""
    if not is_encoding(text):
        near = nearest(text.lower(), set(filter(is_encoding, aliases.values())))
        raise ValueError(f"expected an encoding such as gb18030, not `{text}`{near}")
    return text


def is_encoding(text: str) -> bool:
    """Can bytes be read as this? Python calls `base64` and others an encoding too."""
    try:
        return bool(b"a".decode(codecs.lookup(text).name, "replace"))
    except (LookupError, ValueError):
        return False


def regex(text: str) -> re.Pattern[str]:
    """A regular expression."""
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"expected a regular expression, not `{text}`: {error}") from error


def nearest(text: str, known: set[str]) -> str:
    """What may have been meant, as the end of a sentence."""
    near = difflib.get_close_matches(text, sorted(known), 1, 0.6)
    return f", perhaps `{near[0]}`?" if near else ""


def refresh(text: str) -> Refresh:
    """An age, `all` or `never`."""
    return parse_refresh(text, DEFAULT.every)


def python_object(text: str) -> str:
    """Where an object lies in Python's modules."""
    if not OBJECT.fullmatch(text):
        raise ValueError(text)
    return text


starts = config.one_or_more(config.converted(web_address, "an address that begins with http:// or https://"))
categories = config.list_of(config.text, size=3)
selectors = config.one_or_more(config.judged(parse_selector))
SECTION: dict[str, config.Check] = {
    "start": starts,
    "categories": categories,
    "content": config.one_of(CONTENTS),
    "match": config.judged(regex),
    "exclude": config.judged(regex),
}
"""What a channel may hold, and a site for all its channels."""
KEYS: dict[str, config.Check] = {
    "name": config.judged(site_name),
    "domains": config.list_of(config.judged(domain)),
    "language": config.judged(language),
    "time_zone": config.judged(time_zone),
    "encoding": config.judged(encoding),
    "pace": config.seconds,
    "refresh": config.judged(refresh),
    "video_hosts": config.list_of(config.judged(domain)),
    "spider": config.converted(python_object, "`module:Class`"),
    "extractor": config.converted(python_object, "`module:function`"),
    "settings": config.mapping_of(config.anything),
    **SECTION,
    "channels": config.mapping_of(
        config.mapping(SECTION, required=("start",)), check_key=config.judged_key(channel_name)
    ),
    "listing": config.mapping(dict.fromkeys(ListingRules.__slots__, selectors), required=("item",)),
    "article": config.mapping(dict.fromkeys(ArticleRules.__slots__, selectors)),
}
EXCLUSIVE = (
    ("start", "channels", "stand instead of each other; give each channel its own `start`"),
    ("categories", "channels", "stand instead of each other; give each channel its own `categories`"),
    ("extractor", "article", "stand instead of each other: the function reads the page, or the selectors do"),
)


def definition(node: yaml.Node) -> dict[str, Any]:
    """A check: all that a file may hold, as far as it fits together."""
    found: dict[str, Any] = config.mapping(KEYS)(node)
    if "start" not in found and "channels" not in found:
        raise config.MistakeError(node, "key `start` is missing: the address of a listing, a feed or a sitemap")
    for one, other, problem in EXCLUSIVE:
        if one in found and other in found:
            raise config.mistake_at(node, one, f"this and `{other}` {problem}")
    if "pace" in found and "DOWNLOAD_DELAY" in found.get("settings", ()):
        raise config.mistake_at(node, "pace", "this and `settings.DOWNLOAD_DELAY` are the same; keep one")
    return found


def load_site(path: Path) -> Site:
    """The definition in one file. Raises ConfigurationError with the file and, where there is one, line and key."""
    found = config.load(path, definition)
    name = found.pop("name", path.stem)
    shared = {key: found.pop(key) for key in ("match", "exclude") if key in found}
    shared["content"] = found.setdefault("content", "page")
    sections = found.pop("channels", None)
    if sections is None:
        section = {key: found.pop(key) for key in ("start", "categories") if key in found}
        sections = {section_name(section["start"][0]): section}
    channels = {}
    for section, given in sections.items():
        addresses = given.pop("start")
        folders = given.pop("categories", ("web", name, section))
        channels[section] = Channel(section, addresses, folders, **{**shared, **given})
    hosts = [host_of(url) for channel in channels.values() for url in channel.starts]
    settings = found.pop("settings", {})
    if "pace" in found:
        settings = {**settings, "DOWNLOAD_DELAY": found["pace"]}
    return Site(
        name=name,
        domains=tuple(dict.fromkeys(found.pop("domains", None) or hosts)),
        channels=channels,
        source=str(path),
        settings=settings or None,
        listing=ListingRules(**found.pop("listing", {})),
        article=ArticleRules(**found.pop("article", {})),
        **found,
    )


def load_sites(folder: Path | None = None) -> dict[str, Site]:
    """All definitions by name: a user's own first, then the bundled ones whose names they do not take.

    Raises ConfigurationError where two files of a user have one name.
    """
    own = load_folder(Path("sites") if folder is None else folder)
    return own | {name: site for name, site in load_folder(BUNDLED).items() if name not in own}


def load_folder(folder: Path) -> dict[str, Site]:
    """The definitions of one folder by name."""
    found: dict[str, Site] = {}
    for path in sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml")):
        site = load_site(path)
        if site.name in found:
            raise ConfigurationError(f"{path}: the name `{site.name}` is taken by {found[site.name].source}")
        found[site.name] = site
    return found


# Sections that nobody prepared.


def section_name(url: str) -> str:
    """What a section is called, by its address: the last part of the path that means something; `home`: none does."""
    for part in reversed(urlsplit(url).path.split("/")):
        name = EXTENSION.sub("", unquote(part)).strip()
        if not GENERAL.fullmatch(name):
            return re.sub(r"[/,\s]+", " ", name).strip() or "home"
    return "home"


def adhoc_site(url: str, categories: tuple[str, ...] | None = None) -> Site:
    """A site of which nothing is known but the address of one of its sections."""
    host, section = host_of(url), section_name(url)
    channel = Channel(section, (url,), categories or ("web", host, section))
    return Site(name=host, domains=(host,), channels={section: channel}, source=url)


def for_section(site: Site, url: str, categories: tuple[str, ...] | None = None) -> Site:
    """A known site with one section alone: a channel of its definition, or one that only its address is known of.

    The latter lies beside the site's first channel in the archive.
    """
    known = next((c for c in site.channels.values() if canonical(url) in map(canonical, c.starts)), None)
    if known is not None:
        channel = replace(known, categories=categories or known.categories)
    else:
        first, section = next(iter(site.channels.values())), section_name(url)
        channel = Channel(section, (url,), categories or (*first.categories[:2], section), site.content)
    return replace(site, channels={channel.name: channel})
