"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.x -> entries with the HTML that the site wrote.

lxml reads the XML. feedparser 6.0.14 and fastfeedparser 0.6.5 were tried and left out: both cut the white space that
ends an item, which a post keeps; feedparser knows no JSON Feed and reads 3 MB a second; fastfeedparser loses a raw `&`
with the word behind it, and the rest of a text behind an undeclared `&nbsp;`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

from archiver.body import VIDEO_HOSTS, VOID, clean, shows_something
from archiver.dates import parse_date
from archiver.errors import PageError
from archiver.extract.listing import Card
from archiver.extract.xml import HEAD, MARKUP, one_line, plain, read_xml, root_name
from archiver.items import Article
from archiver.lazy import IMAGE_FILE
from archiver.urls import absolute, absolute_image, is_web

LARGEST = 10_000_000  # bytes; a feed holds the newest entries, and with thousands of them it is below this
MOST_ENTRIES = 5_000  # the first ones are kept: feeds have the newest first
MOST_ATTRIBUTES = 200  # of one element; real ones have some 10, and each is looked up among all of them
OPENING = 80  # characters that stand for the title of an entry without one

# Namespace, in lower case and without scheme -> the prefix that the tables below use; any other keeps the prefix that
# the feed gives it. Atom has none because its names mean in RSS what they mean in Atom.
NAMESPACES = {
    **dict.fromkeys(("purl.org/rss/1.0", "backend.userland.com/rss2", "www.w3.org/2005/atom", "purl.org/atom/ns"), ""),
    **dict.fromkeys(("my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9"), ""),
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/1999/xhtml": "xhtml",
}
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
ROOTS = frozenset(("rss", "feed", "rdf:rdf"))
ENTRIES = frozenset(("item", "entry"))
FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)", re.IGNORECASE)
# Names of elements, most trusted first.
TITLES = ("title", "dc:title")
PUBLISHED = ("pubdate", "published", "issued", "dc:date", "dcterms:issued", "created", "dcterms:created", "date")
MODIFIED = ("updated", "modified", "dcterms:modified")
CONTENTS = ("content:encoded", "xhtml:body", "content")
SUMMARIES = ("description", "summary", "dc:description", "itunes:summary", "media:description")
AUTHORS = ("dc:creator", "author", "itunes:author")
TAGS = ("category", "dc:subject")
LANGUAGES = ("language", "dc:language")
# Plain text where nothing is said (RFC 4287, 3.1.1; Media RSS); in RSS everything is HTML where nothing is said.
PLAIN = frozenset(("content", "summary", "media:description"))

AVATAR = re.compile(r"avatar", re.IGNORECASE)  # WordPress.com gives the author's face as `media:content`


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed gives it."""

    url: str
    """Absolute address of the article."""
    title: str
    """Plain text in one line. Empty: the entry has none."""
    published: datetime | None
    """Aware; the time of the last change where the entry gives only that. None: it does not say."""
    modified: datetime | None
    """Time of the last change, aware. None: the entry does not say."""
    authors: tuple[str, ...]
    """Names, without mail addresses; those of the whole feed where the entry names none."""
    tags: tuple[str, ...]
    """Categories, in the feed's order."""
    html: str
    """The fullest HTML that the entry carries, as the site wrote it, neither cleaned nor trimmed. Empty: none."""
    summary: str
    """Plain text of the description where `html` is another. Empty: the entry gives nothing beside `html`."""
    image_url: str | None
    """Address of the image that the feed gives for the article. None: it gives none."""
    base: str = ""
    """What relative addresses in `html` refer to, where the feed says so (`xml:base`). Empty: `url`."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: entries in its own order, each address once."""

    title: str
    """Plain text. Empty: the feed has none."""
    language: str | None
    """As the feed has it. None: it does not say."""
    entries: tuple[Entry, ...]
    """Those without the address of an article are left out."""
    following: str | None
    """Address of the feed's next page (RFC 5005; `next_url` of JSON Feed). None: this is the last."""
    without_address: tuple[str, ...] = ()
    """Titles of the entries that were left out."""


def is_feed(raw: bytes, content_type: str = "") -> bool:
    """Does this begin like a feed? What the server calls it counts only where the beginning does not tell."""
    head = raw[:HEAD]
    if begins_json(head):
        return b"jsonfeed.org" in head or (b'"items"' in head and bool(FEED_TYPE.search(content_type)))
    root = root_name(head)
    if root == "rdf":
        return b"/rss/" in head or b"/rdf/simple/" in head
    return root in ROOTS if root else b"<" in head and bool(FEED_TYPE.search(content_type))


def read_feed(raw: bytes, url: str, zone: tzinfo = UTC, largest: int = LARGEST) -> Feed:
    """The entries of the feed at `url`; `zone` is that of dates without one.

    A broken feed gives the entries before the break. Raises PageError for what is no feed, what is larger than
    `largest` bytes, and what declares entities that unfold or lie elsewhere.
    """
    if len(raw) > largest:
        raise PageError(f"a feed of more than {largest // 1_000_000} MB")
    return read_json_feed(raw, url, zone) if begins_json(raw[:HEAD]) else read_xml_feed(raw, url, zone)


def to_article(entry: Entry, feed: Feed, video_hosts: frozenset[str] = VIDEO_HOSTS) -> Article:
    """The article that the feed alone gives.

    The title stands for a missing body, as RSSHub has it and the old archive got it; the body's first words stand for
    a missing title.
    """
    body = clean(entry.html, entry.base or entry.url, video_hosts)
    if not shows_something(body):
        body = clean(escape(entry.title, quote=False), entry.url)
    return Article(
        url=entry.url,
        title=entry.title or opening(body),
        body=body,
        published=entry.published or entry.modified,
        modified=entry.modified,
        authors=entry.authors,
        image_url=entry.image_url,
        language=feed.language,
        summary=entry.summary or None,
        tags=entry.tags,
    )


def to_card(entry: Entry) -> Card:
    """The entry as a listing announces an article."""
    return Card(entry.url, published=entry.published, title=entry.title, modified=entry.modified)


def each_once(entries: Iterable[Entry]) -> dict[str, tuple[Any, ...]]:
    """`entries` that have an address, the first one of each, no more than a feed may hold; titles of those without."""
    found: dict[str, Entry] = {}
    nameless = []
    for entry in islice(entries, MOST_ENTRIES):
        if entry.url:
            found.setdefault(entry.url, entry)
        else:
            nameless.append(entry.title)
    return {"entries": tuple(found.values()), "without_address": tuple(nameless)}


# RSS and Atom. They differ in names only.


class Fields(dict[str, list[Any]]):
    """The elements within an element by name, with those that `media:group` and `media:content` hold."""

    def __init__(self, element: Any) -> None:
        super().__init__()
        children = list(element)
        for child in children:
            name = name_of(child)
            self.setdefault(name, []).append(child)
            if name in ("media:group", "media:content"):
                children += child

    def all(self, *names: str) -> Iterator[Any]:
        """The elements of these names, those of the first name first."""
        return (element for name in names for element in self.get(name, ()))

    def texts(self, *names: str) -> Iterator[str]:
        """What they say, each in one line, without the empty ones."""
        return (text for element in self.all(*names) if (text := one_line(text_of(element))))


def read_xml_feed(raw: bytes, url: str, zone: tzinfo) -> Feed:
    """A feed in XML."""
    root = read_xml(raw, "item|entry")
    if name_of(root) not in ROOTS:
        raise PageError(f"no feed but <{name_of(root)}>")
    head = Fields(root)
    if "channel" in head:
        head = Fields(head["channel"][0])
    elif name_of(root) == "rdf:rdf":
        raise PageError("no feed but RDF without a channel")
    base = joined(next(links(head), ""), joined(root.base, url))
    signed = set(head.texts("generator"))  # RSSHub calls itself the author of each of its Atom feeds
    authors = tuple(name for name in people(head) if name not in signed) if name_of(root) == "feed" else ()
    return Feed(
        title=next(filter(None, map(title_of, head.all(*TITLES))), ""),
        language=next(head.texts(*LANGUAGES), None) or root.get(XML_LANGUAGE),
        **each_once(read_entry(element, base, authors, zone) for element in entries_of(root)),
        following=first_address(links(head, "next"), joined(root.base, url)),
    )


def entries_of(root: Any) -> Iterator[Any]:
    """The `<item>`s or `<entry>`s, wherever they stand, but none within another."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if name_of(element) in ENTRIES:
            walk.skip_subtree()
            yield element


def read_entry(element: Any, base: str, authors: tuple[str, ...], zone: tzinfo) -> Entry:
    """One `<item>` or `<entry>`; `authors` are those of the feed (RFC 4287, 4.2.1)."""
    fields = Fields(element)
    modified = first_date(fields.texts(*MODIFIED), zone)
    content, html = fullest(fields)
    summaries = (plain(markup(part)) for part in fields.all(*SUMMARIES) if part is not content)
    own_base = content.base if content is not None else None
    return Entry(
        url=first_address(addresses(fields, element), joined(element.base, base)) or "",
        title=next(filter(None, map(title_of, fields.all(*TITLES))), ""),
        published=first_date(fields.texts(*PUBLISHED), zone),
        modified=modified,
        authors=tuple(people(fields)) or authors,
        tags=tuple(tags(fields)),
        html=html,
        summary=next(filter(None, summaries), ""),
        image_url=first_image(images(fields), joined(element.base, base)),
        base=joined(own_base, base) if own_base else "",
    )


def name_of(element: Any) -> str:
    """`prefix:name` in lower case, the prefix one of ours: `content:encoded`, `title`."""
    namespace, _, name = element.tag.rpartition("}")
    if not namespace:
        return str(name).lower()  # with the prefix as it stands there, where the feed never declared it
    key = namespace.lower().partition("://")[2].partition("#")[0].rstrip("/")
    prefix = NAMESPACES.get(key, element.prefix or "")
    return (f"{prefix}:{name}" if prefix else str(name)).lower()


def links(fields: Fields, relation: str = "alternate") -> Iterator[str]:
    """Addresses of the `<link>`s of one relation: Atom's `href`, pages before anything else, then the text of RSS."""
    found = [link for link in fields.all("link") if link.get("href")]
    found = [link for link in found if (link.get("rel") or "alternate").lower() == relation]
    yield from (link.get("href") for link in sorted(found, key=lambda link: "html" not in (link.get("type") or "html")))
    if relation == "alternate":
        yield from fields.texts("link")


def addresses(fields: Fields, element: Any) -> Iterator[str]:
    """Where the article of an entry may lie, most trusted first."""
    yield from fields.texts("feedburner:origlink")
    yield from links(fields)
    yield from (content.get("src") or "" for content in fields.all("content"))
    # RSS 2.0: a guid is an address unless it says that it is none.
    names = [text_of(guid).strip() for guid in fields.all("guid") if guid.get("isPermaLink", "").lower() != "false"]
    names += [element.get(RDF_ABOUT) or "", *fields.texts("id")]
    yield from filter(is_web, names)


def fullest(fields: Fields) -> tuple[Any, str]:
    """The element with the most HTML, and that; None and nothing where there is none."""
    found = [(element, markup(element)) for element in fields.all(*CONTENTS, *SUMMARIES)]
    return max(
        ((part, html) for part, html in found if html.strip()), key=lambda pair: len(pair[1]), default=(None, "")
    )


def markup(element: Any) -> str:
    """What an element says, as HTML: CDATA and escaped as it stands, XHTML written out, plain text escaped."""
    kind = (element.get("type") or "").lower()
    if len(element):
        is_wrapped = len(element) == 1 and "xhtml" in kind  # in one <div> (RFC 4287, 3.1.1.3)
        return inner_html(element[0] if is_wrapped else element)
    text = element.text or ""
    if kind.startswith(("image/", "audio/", "video/", "application/")) and "html" not in kind:
        return ""
    is_plain = kind in ("text", "text/plain", "plain")
    by_default = not kind and name_of(element) in PLAIN and not MARKUP.search(text)
    return escape(text, quote=False) if is_plain or by_default else text


def inner_html(element: Any) -> str:
    """What an element of XML holds, as HTML: `<i></i>` and not `<i/>`, no prefixes."""
    written = [escape(element.text or "", quote=False)]
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if part is element:
            continue
        name = etree.QName(part).localname
        if event == "start":
            names = (key for key in islice(part.keys(), MOST_ATTRIBUTES) if not key.startswith("{"))
            attributes = (f' {key}="{escape(part.get(key))}"' for key in names)
            written.append(f"<{name}{''.join(attributes)}>{escape(part.text or '', quote=False)}")
        else:
            written.append(("" if name in VOID else f"</{name}>") + escape(part.tail or "", quote=False))
    return "".join(written)


def text_of(element: Any) -> str:
    """The text of an element and of all within it."""
    return "".join(element.itertext()) if len(element) else element.text or ""


def title_of(element: Any) -> str:
    """A title as plain text, whatever it says that it is."""
    is_plain = (element.get("type") or "").lower() in ("text", "text/plain", "xhtml")
    return one_line(text_of(element)) if is_plain else plain(text_of(element))


def people(fields: Fields) -> Iterator[str]:
    """Names of authors, each once."""
    found: list[str] = []
    for author in fields.all(*AUTHORS):
        found += Fields(author).texts("name") if len(author) else [text_of(author)]
    return iter(dict.fromkeys(name for text in found if (name := person(plain(text)))))


def person(text: str) -> str:
    """A name without the mail address that RSS wants there: `a@b.example (Name)`, `Name <a@b.example>`."""
    name, _, rest = text.partition("(")
    if "@" in name and rest.endswith(")"):
        return rest[:-1].strip()
    name, _, rest = text.partition("<")
    if "@" in rest:
        return name.strip()
    return "" if "@" in text[1:] and " " not in text else text


def tags(fields: Fields) -> Iterator[str]:
    """Categories, each once; those that are addresses are meant for machines (Blogger)."""
    found = (plain(part.get("label") or part.get("term") or text_of(part)) for part in fields.all(*TAGS))
    return iter(dict.fromkeys(tag for tag in found if tag and not is_web(tag)))


def images(fields: Fields) -> Iterator[str]:
    """The pictures of an entry: `media:content`, the widest first, enclosures, thumbnails, that of an episode."""
    shown = sorted(fields.all("media:content"), key=lambda media: -pixels(media.get("width")))
    attached = [link for link in fields.all("link") if link.get("rel") == "enclosure"]
    for element in (*shown, *fields.all("enclosure"), *attached):
        address = element.get("url") or element.get("href") or ""
        kind = (element.get("medium") or element.get("type") or "").lower()
        if kind.startswith("image") or (not kind and IMAGE_FILE.fullmatch(address.strip())):
            yield address
    yield from (thumbnail.get("url") or "" for thumbnail in fields.all("media:thumbnail"))
    yield from (picture.get("href") or "" for picture in fields.all("itunes:image"))


def pixels(text: str | None) -> int:
    """A width; 0 where none is given."""
    return int(text) if text and len(text) < 9 and text.isascii() and text.isdecimal() else 0


# JSON Feed (jsonfeed.org/version/1.1).


def begins_json(head: bytes) -> bool:
    """Does this begin like a JSON object?"""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_feed(raw: bytes, url: str, zone: tzinfo) -> Feed:
    """A feed in JSON. Any value may be of any type: what is not what it should be is absent."""
    try:
        data = json.loads(raw.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise PageError("no feed but broken JSON") from error
    items = data.get("items")
    if "jsonfeed.org" not in string(data.get("version")) or not isinstance(items, list):
        raise PageError("no feed but JSON")
    base = joined(string(data.get("home_page_url")), url)
    authors = tuple(json_people(data))
    return Feed(
        title=one_line(string(data.get("title"))),
        language=string(data.get("language")) or None,
        **each_once(read_json_entry(item, base, authors, zone) for item in items if isinstance(item, dict)),
        following=first_address([string(data.get("next_url"))], url),
    )


def read_json_entry(item: dict[str, Any], base: str, authors: tuple[str, ...], zone: tzinfo) -> Entry:
    """One of a JSON Feed's `items`; `authors` are those of the feed."""
    modified = first_date([string(item.get("date_modified"))], zone)
    summary = string(item.get("summary"))
    html = string(item.get("content_html")) or escape(string(item.get("content_text")) or summary, quote=False)
    attachments = [part for part in as_list(item.get("attachments")) if isinstance(part, dict)]
    attached = [string(part.get("url")) for part in attachments if string(part.get("mime_type")).startswith("image/")]
    return Entry(
        url=first_address([string(item.get("url")), *filter(is_web, [string(item.get("id"))])], base) or "",
        title=one_line(string(item.get("title"))),
        published=first_date([string(item.get("date_published"))], zone),
        modified=modified,
        authors=tuple(json_people(item)) or authors,
        tags=tuple(dict.fromkeys(tag for part in as_list(item.get("tags")) if (tag := one_line(string(part))))),
        html=html,
        summary=one_line(summary) if item.get("content_html") or item.get("content_text") else "",
        image_url=first_image([string(item.get("image")), string(item.get("banner_image")), *attached], base),
    )


def json_people(data: dict[str, Any]) -> Iterator[str]:
    """Names of authors, each once: `authors`, or the `author` of version 1.0."""
    found = [part for part in (*as_list(data.get("authors")), data.get("author")) if isinstance(part, dict)]
    return iter(dict.fromkeys(name for part in found if (name := one_line(string(part.get("name"))))))


def string(value: Any) -> str:
    """A text; empty for anything else."""
    return value if isinstance(value, str) else ""


def as_list(value: Any) -> list[Any]:
    """A list; empty for anything else."""
    return value if isinstance(value, list) else []


# Values of either kind.


def first_address(found: Iterable[str], base: str) -> str | None:
    """The first that is the address of a page, absolute."""
    links = (absolute(text, base) for text in found if text.strip())
    return next((address for address in links if address and is_web(address)), None)


def first_image(found: Iterable[str], base: str) -> str | None:
    """The first that can be the address of an article's picture, absolute."""
    links = (absolute_image(text, base) for text in found if text.strip() and not AVATAR.search(text))
    return next((address for address in links if address and is_web(address)), None)


def first_date(found: Iterable[str], zone: tzinfo) -> datetime | None:
    """The first that is a date."""
    return next((moment for text in found if (moment := parse_date(text, zone))), None)


def joined(address: str | None, base: str) -> str:
    """An address on top of another; that one where there is none or the two make none."""
    try:
        address = urljoin(base, (address or "").strip())
    except ValueError:
        return base
    return address if is_web(address) else base


def opening(body: str) -> str:
    """The first words of a body, for want of a title."""
    text = one_line(LexborHTMLParser(body, is_fragment=True).text(separator=" ") if body else "")
    return text if len(text) <= OPENING else f"{text[:OPENING].rstrip()}…"
