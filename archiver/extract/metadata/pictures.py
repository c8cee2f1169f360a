"""Candidates for an article's header image: what the page declares, and what it shows around and in its body."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from archiver.extract.metadata.surroundings import BEFORE, Surroundings
from archiver.lazy import SRCSETS, candidates, largest, real_source, sources_before
from archiver.urls import absolute_image, is_web

# Words in the name of a file that is no picture.
NO_PICTURE = frozenset(
    "logo logos logotype favicon favicons icon icons sprite sprites avatar avatars placeholder placeholders blank"
    " spacer pixel transparent loading loader emoji emojis smiley gravatar qrcode ewm erweima captcha noimage nophoto"
    " nopic noimg noavatar".split()
)
# A card without an article's own words in its name is the site's, or may be.
CARD = re.compile(
    r"(?:site|fb|facebook|twitter|og|social|share|sharing|opengraph|card|image|img|meta|preview|default|fallback|thumb)+"
)
# Words in `class` or `id` around an image that is no content.
ASIDE = frozenset(
    "avatar avatars author authors byline bio logo logos icon icons emoji ad ads adv advert adverts advertisement"
    " advertising sponsor sponsored sponsors promo share sharing social related recommend recommended recommendation"
    " recommendations comment comments qr qrcode ewm sidebar nav navbar navigation menu breadcrumb breadcrumbs footer"
    " newsletter popular trending teaser teasers widget widgets follow subscribe toolbar login cookie hidden masthead"
    " readmore topbar banner1 banner2".split()
)
ASIDE_TAGS = frozenset("nav footer aside button select form".split())
WORD = re.compile(r"[a-z]+|\d+", re.IGNORECASE)
HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*")
SMALLEST = (150, 90)  # pixels; pictures of articles are larger, avatars and buttons are not
MOST_STEPS = 12  # up from an image to what holds it
MOST_SHOWN = 12  # candidates; a header image that is dead twelve times is given up
RENDITION = re.compile(
    r"(?:[-_@.](?:\d{2,5}x\d{2,5}|\d{2,5}[wh]?|scaled|large|medium|small|thumb|original|master|l|m|s|[124]x))+\Z",
    re.IGNORECASE,
)
IDENTITY = re.compile(r"(?=[a-z]*\d)[0-9a-z]{12,64}", re.IGNORECASE)  # shorter ones are dates and batches
HIDDEN = re.compile(r"display\s*:\s*none|(?:width|height)\s*:\s*[01]px", re.IGNORECASE)
NUMBERS = re.compile(r"\d{7,64}")  # in the name of a file
DAY = re.compile(r"(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d")
INNER = re.compile(r"[?&](?:url|src|image|u)=((?:https?(?::|%3A))?(?:/|%2F)[^&]{4,2000})", re.IGNORECASE)
WIDTH = re.compile(
    r"(?:[?&,/_:-](?:w|width|resize|fit)[=_:,/-]|/)(\d{2,4})(?=[x&,/*_:;-]|\Z)|[-_/](\d{2,4})x\d{2,4}(?=[-_/.])"
)
WIDE = 1000  # pixels; enough for a header image, so that the page's own picture is better than a card made of it
# Words around an image that stands in front of the headline and belongs to it nevertheless.
HERO = frozenset(
    "hero cover featured feature lead banner headimg headimage topimage article post entry story content poster"
    " kv".split()
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A candidate for the header image."""

    address: str
    """Absolute, http or https."""
    reason: str
    is_doubtful: bool = False
    """It looks like the site's own."""
    width: float | None = None
    """Pixels, where the page tells."""


def declared_pictures(said: Iterable[tuple[str, Any]], base: str, logos: frozenset[str]) -> tuple[Picture, ...]:
    """What a page declares, most trusted first and the site's own last. `said`: (reason, address or JSON-LD value)."""
    own = {absolute_image(logo, base) for logo in logos}
    found: dict[str, Picture] = {}
    for reason, value in said:
        if len(found) >= MOST_SHOWN:
            break
        for address, size in renditions(value):
            picture = absolute_image(address.replace("&amp;", "&"), base)  # escaped once too often
            if (
                picture
                and is_web(picture)
                and picture not in own
                and not is_vector(picture)
                and not is_no_picture(picture)
            ):
                is_small = size is not None and 0 < size < SMALLEST[0]
                found.setdefault(picture, Picture(picture, reason, is_card(picture) or is_small, size))
    return tuple(sorted(found.values(), key=lambda picture: picture.is_doubtful))[:MOST_SHOWN]


def renditions(value: Any) -> Iterator[tuple[str, float | None]]:
    """Addresses of a JSON-LD image (text, ImageObject or a list), each with its width if told; widest first."""
    found: list[tuple[str, float | None]] = []
    for part in islice(value if isinstance(value, list) else [value], 40):
        if isinstance(part, str):
            found.append((part, None))
        elif isinstance(part, dict):
            address = part.get("url") or part.get("contentUrl") or part.get("@id")
            address = address[0] if isinstance(address, list) and address else address
            if isinstance(address, dict):
                address = address.get("@id") or address.get("url")
            if isinstance(address, str):
                found.append((address, number(part.get("width"))))
    if len(found) > 1 and all(width for _, width in found) and are_one([address for address, _ in found]):
        found.sort(key=lambda pair: -(pair[1] or 0))
    return iter(found)


def are_one(addresses: list[str]) -> bool:
    """Are these renditions of one picture?"""
    return all(same_picture(addresses[0], address) for address in addresses[1:])


def number(value: Any) -> float | None:
    """A width as declarations have it: `1200`, `"1200"`, `"1200px"`, `{"value": 1200}`."""
    if isinstance(value, dict):
        value = value.get("value") or value.get("@value")
    found = NUMBER.fullmatch(str(value)) if isinstance(value, str | int | float) else None
    return float(found[1]) if found else None


def is_vector(address: str) -> bool:
    """Is it a drawing? Those are logos, and no header image may be one."""
    return urlsplit(address).path.lower().endswith((".svg", ".svgz"))


def is_no_picture(address: str) -> bool:
    """Does an address look like a logo, an icon, a stand-in or a tracking pixel?"""
    folder, _, _ = unquote(urlsplit(address).path).lower().rpartition("/")
    if re.search(r"/(?:[a-z]*[_-]?logos?|icons?|avatars?|emojis?|sprites?|favicons?|smil(?:ies|eys?))\Z", folder):
        return True
    words = words_in_name(address)
    rest = [word for word in words if word not in NO_PICTURE and len(word) > 1]
    # A sentence in a name tells of an article: `why-the-town-changed-its-logo.jpg`.
    return len(rest) <= 3 and any(word in NO_PICTURE or "logo" in word or "favicon" in word for word in words)


def is_card(address: str) -> bool:
    """Does an address look like the card that a site shows for whatever has no picture?"""
    words = words_in_name(address)
    return "default" in words or bool(CARD.fullmatch("".join(words)))


def words_in_name(address: str) -> list[str]:
    """Words in the name of a file, in lower case."""
    name = unquote(urlsplit(address).path).rpartition("/")[2]
    stem = re.sub(r"\.\w{2,5}\Z", "", name[-300:])
    return [word.lower() for hump in WORD.findall(stem) for word in HUMPS.findall(hump) if not word.isdigit()]


def same_picture(one: str, other: str) -> bool:
    """Are two addresses renditions of one picture? They share the file's name but for sizes, or a long number."""
    places = [unquote(urlsplit(origin_of(address)).path) for address in (one, other)]
    stems = [stem_of(place) for place in places]
    if stems[0] == stems[1] and len(stems[0]) >= 6:
        return True
    numbers = [{number for number in NUMBERS.findall(stem) if not DAY.match(number)} for stem in stems]
    identities = [set(map(str.lower, IDENTITY.findall(place))) for place in places]
    return bool(identities[0] & identities[1] or numbers[0] & numbers[1])


def origin_of(address: str) -> str:
    """The address that a resizing proxy is asked for in its query; else the address."""
    found = INNER.search(address)
    return unquote(found[1]) if found else address


def stem_of(place: str) -> str:
    """The name of a file without extension and size."""
    return RENDITION.sub("", re.sub(r"\.\w{2,5}\Z", "", place.rstrip("/").rpartition("/")[2][-300:])).lower()


def shown_pictures(around: Surroundings, base: str) -> tuple[Picture, ...]:
    """Pictures at the headline, between it and the body, and in the body."""
    found: dict[str, Picture] = {}
    first = min(max(around.headline - BEFORE, 0), around.start)
    for place in range(first, around.end):
        image = around.nodes[place]
        if image.tag == "img" and is_content(image, around, place):
            where = "in the body" if place >= around.start else "at the headline"
            for picture in pictures_of(image, base, f"picture {where}"):
                found.setdefault(picture.address, picture)
            if len(found) >= MOST_SHOWN:
                break
    return tuple(found.values())


def is_content(image: LexborNode, around: Surroundings, place: int) -> bool:
    """Is an image a picture of the article, by its size and by what holds it?"""
    attributes = image.attributes
    sizes = [number(attributes.get(name) or "") for name in ("width", "height")]
    if any(size is not None and size < least for size, least in zip(sizes, SMALLEST, strict=True)):
        return False
    if HIDDEN.search(attributes.get("style") or ""):
        return False
    if ASIDE.intersection(words_of(image)) or re.search(
        r"(?i)\b(?:logo|avatar|icon|qr ?code)\b|二维码|头像", attributes.get("alt") or ""
    ):
        return False
    holder, is_inside = image.parent, place >= around.start
    body = around.nodes[around.start]
    if place < around.headline and not is_inside and not is_hero(image):
        return False
    for _ in range(MOST_STEPS):
        if holder is None or holder.tag == "body" or (is_inside and holder.mem_id == body.mem_id):
            return is_inside or holder is not None
        if holder.tag in ASIDE_TAGS or ASIDE.intersection(words_of(holder)):
            return False
        if holder.tag == "header" and holder.css_first("h1, h2, p") is None:
            return False
        holder = holder.parent
    return True


def words_of(node: LexborNode) -> set[str]:
    """Words in an element's `class` and `id`."""
    attributes = node.attributes
    return set(WORD.findall(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300].lower()))


def is_hero(image: LexborNode) -> bool:
    """Does what holds an image in front of the headline say that it is the article's?"""
    node: LexborNode | None = image
    for _ in range(4):
        if node is None or node.tag == "body":
            break
        if node.tag in ("figure", "picture") or HERO & words_of(node):
            return True
        node = node.parent
    return False


def pictures_of(image: LexborNode, base: str, reason: str) -> Iterator[Picture]:
    """Where the picture of an image lies: its widest rendition, then the one it shows."""
    widest, width = widest_rendition(image)
    for address, size in ((widest, width), (real_source(image), number(image.attributes.get("width") or ""))):
        picture = absolute_image(address, base) if address else None
        if picture and is_web(picture) and not is_vector(picture) and not is_no_picture(picture):
            told = width_in(picture)
            if size or told is None or told >= SMALLEST[0]:
                yield Picture(picture, reason, width=size or told)


def widest_rendition(image: LexborNode) -> tuple[str | None, float | None]:
    """The widest rendition of an image and its width: of the image itself, else of a `<source>` for wide screens."""
    groups = [[image]]
    if image.parent is not None and image.parent.tag == "picture":
        sources = sources_before(image)
        groups += [[source for source in sources if "max-width" not in (source.attributes.get("media") or "")], sources]
    for group in groups:
        sets = [value for node in group for name in SRCSETS if (value := node.attributes.get(name))]
        if address := largest(sets):
            widths = [
                float(size[:-1])
                for value in sets
                for _, size in candidates(value)
                if size[:-1].isdigit() and size[-1] == "w"
            ]
            return address, max(widths, default=None)
    return None, None


def width_in(address: str) -> float | None:
    """The width that an address asks for or names: `?w=640`, `/640x360/`."""
    found = [
        float(one or other)
        for one, other in WIDTH.findall(address[-400:])
        if 20 < float(one or other) < 1900 or float(one or other) > 2040
    ]
    return max(found, default=None)


def rank(declared: Iterable[Picture], shown: Iterable[Picture]) -> tuple[Picture, ...]:
    """All candidates: what is declared, what is shown, then what looks like the site's own but is all there is.

    Where the page shows a wide rendition of what it declares, that goes first: cards are crops, and may be labelled.
    """
    declared, shown = tuple(declared), tuple(shown)
    sure = [picture for picture in declared if not picture.is_doubtful]
    doubtful = [picture for picture in declared if picture.is_doubtful]
    first = [picture for picture in shown if sure and is_better(picture, sure[0])][:1]
    found: dict[str, Picture] = {}
    for picture in (*first, *sure, *shown, *doubtful):
        found.setdefault(picture.address, picture)
    return tuple(found.values())


def is_better(shown: Picture, declared: Picture) -> bool:
    """Is a shown picture a rendition of a declared one, and as wide as that or wide enough?"""
    least = min(declared.width or width_in(declared.address) or WIDE, WIDE)
    return shown.width is not None and shown.width >= least and same_picture(shown.address, declared.address)
