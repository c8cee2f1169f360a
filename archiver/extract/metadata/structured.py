"""What a page's structured data say about its article: JSON-LD, microdata and RDFa Lite in one shape."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from archiver.extract.metadata.loose_json import Thing, read_json
from archiver.extract.metadata.microdata import BY_THE_WAY, read_items
from archiver.extract.metadata.wording import fold, plain
from archiver.urls import canonical

ARTICLES = frozenset(
    "article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle"
    " reviewnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle scholarlyarticle techarticle"
    " report liveblogposting socialmediaposting discussionforumposting medicalscholarlyarticle apireference".split()
)
"""Types of schema.org that are an article, in lower case."""
PAGES = frozenset("webpage itempage aboutpage faqpage qapage medicalwebpage".split())
ITSELF = frozenset(("", "@graph", "mainEntity"))
"""Under these keys stands what the page is."""
ORGANISATIONS = frozenset("organization newsmediaorganization website corporation".split())
MOST_THINGS = 3000
MOST_KINDS = 200
DEEPEST = 12  # levels looked through; graph, article, author, image and address are five


@dataclass(frozen=True, slots=True)
class Structured:
    """What the structured data of a page says about its article."""

    articles: tuple[Thing, ...] = ()
    """Descriptions of this page's article, the most telling first."""
    pages: tuple[Thing, ...] = ()
    """Descriptions of the page itself."""
    crumbs: tuple[str, ...] = ()
    """Names on the way from the home page to this one."""
    sites: tuple[str, ...] = ()
    """Names of the site and of its publisher."""
    logos: frozenset[str] = frozenset()
    """Addresses of logos of publishers and organisations, as they stand there."""
    kinds: tuple[str, ...] = ()
    """Types of what the page says it is, as often as it says so: of ten articles it is a listing."""
    loose: Mapping[str, str] = field(default_factory=dict)
    """Microdata properties outside of any item."""

    def values(self, *names: str) -> Iterator[Any]:
        """What the descriptions of the article hold under one of some names."""
        return (thing[name] for thing in self.articles for name in names if thing.get(name))


def read_structured(
    scripts: Iterable[str], marked: Iterable[LexborNode], url: str, titles: frozenset[str] = frozenset()
) -> Structured:
    """JSON-LD before microdata. `marked`: elements with `itemprop`, `itemscope`, `property` or `typeof`.

    `titles`: what the page calls itself elsewhere, folded, which tells its article from others that it describes.
    """
    documents = [document for text in scripts if (document := read_json(text)) is not None]
    items, loose = read_items(marked)
    found = [*walk(documents), *items]
    if not found:
        return Structured(loose=loose)
    named = {
        name: thing for thing, _, _ in reversed(found) if len(thing) > 1 and isinstance(name := thing.get("@id"), str)
    }
    found = [(resolve(thing, named), key, is_aside) for thing, key, is_aside in found]
    about = [thing for thing, _, is_aside in found if not is_aside]
    return Structured(
        articles=choose_articles(found, url, titles),
        pages=tuple(thing for thing in about if PAGES & folded_types(thing)),
        crumbs=next((crumbs for thing, _, _ in found if (crumbs := crumbs_of(thing))), ()),
        sites=tuple(dict.fromkeys(site_names(found))),
        logos=frozenset(logo for thing, _, _ in found for logo in logos_of(thing)),
        kinds=tuple(
            kind for thing, key, is_aside in found if key in ITSELF and not is_aside for kind in types_of(thing)
        )[:MOST_KINDS],
        loose=loose,
    )


def walk(documents: list[Any]) -> Iterator[tuple[Thing, str, bool]]:
    """Every object of JSON-LD documents in their order: itself, the key it stands under, whether it is by the way."""
    ahead: list[tuple[Any, str, bool, int]] = [(documents, "", False, 0)]
    seen = 0
    while ahead and seen < MOST_THINGS:
        value, key, is_aside, depth = ahead.pop()
        if isinstance(value, dict):
            seen += 1
            yield value, key, is_aside
            if depth < DEEPEST:
                ahead += [
                    (part, name, is_aside or name in BY_THE_WAY, depth + 1)
                    for name, part in reversed(value.items())
                    if isinstance(part, dict | list)
                ]
        elif isinstance(value, list) and depth < DEEPEST:
            ahead += [(part, key, is_aside, depth + 1) for part in reversed(value[:MOST_THINGS])]


def resolve(thing: Thing, named: Mapping[str, Thing]) -> Thing:
    """An object whose references by `@id` are replaced by what they name."""

    def follow(value: Any) -> Any:
        if isinstance(value, list):
            return [follow(part) for part in value[:50]]
        if isinstance(value, dict) and len(value) <= 2 and isinstance(name := value.get("@id"), str):
            return named.get(name, value)
        return value

    return {key: follow(value) if isinstance(value, dict | list) else value for key, value in thing.items()}


def types_of(thing: Thing) -> list[str]:
    """Types of an object without the vocabulary's address."""
    found = thing.get("@type")
    values = found if isinstance(found, list) else [found]
    return [NAMESPACE.sub("", value).strip() for value in values if isinstance(value, str) and value.strip()]


def folded_types(thing: Thing) -> set[str]:
    """The same in lower case, to look them up."""
    found = thing.get("@type")
    if not found:
        return NOTHING
    return {found.lower()} if isinstance(found, str) and found.isalpha() else {kind.lower() for kind in types_of(thing)}


NAMESPACE = re.compile(r"\A\s*\S{0,200}[/#:]")
NOTHING: set[str] = set()


def choose_articles(found: Iterable[tuple[Thing, str, bool]], url: str, titles: frozenset[str]) -> tuple[Thing, ...]:
    """The best description of this page's article, then others of the same one.

    It is at the page's address, or has the page's title, or is at least not at another address nor in a list.
    """
    scored = []
    for thing, _, is_aside in found:
        if ARTICLES & folded_types(thing):
            places = list(addresses_of([thing.get(key) for key in ("mainEntityOfPage", "url", "@id")]))
            is_here = any(is_same_page(place, url) for place in places)
            is_elsewhere = not is_here and any(is_other_page(place, url) for place in places)
            is_titled = fold(text_of(thing.get("headline")) or text_of(thing.get("name")) or "") in titles
            scored.append((4 * is_here + 3 * is_titled - 2 * is_elsewhere - 4 * is_aside, thing))
    scored.sort(key=lambda pair: -pair[0])
    if not scored or scored[0][0] < 0:
        return ()
    best = scored[0][1]
    headline = text_of(best.get("headline"))
    others = (
        thing for score, thing in scored[1:] if score > 0 or (headline and text_of(thing.get("headline")) == headline)
    )
    return (best, *others)


def is_same_page(address: str, url: str) -> bool:
    """Do two addresses differ at most in scheme, `www.`, tracking, fragment and the last slash?"""
    one, other = page_key(address, url), page_key(url, url)
    return one[:2] == other[:2] and (one[2] == other[2] or not one[2] or not other[2])


def is_other_page(address: str, url: str) -> bool:
    """Does an address name another page than a site's home?"""
    host, path, query = page_key(address, url)
    return bool(host and (path or query)) and not is_same_page(address, url)


def page_key(address: str, url: str) -> tuple[str, str, str]:
    """Host, path and query of an address, without what does not tell pages apart; empty where it is none."""
    if address.startswith(("/", "#")) and not address.startswith("//"):
        address = "/".join(url.split("/", 3)[:3]) + address
    try:
        parts = urlsplit(canonical(f"https:{address}" if address.startswith("//") else address))
    except ValueError:
        return "", "", ""
    return (parts.hostname or "").removeprefix("www."), unquote(parts.path).rstrip("/").lower(), parts.query


def crumbs_of(thing: Thing) -> tuple[str, ...]:
    """Names of a breadcrumb list; empty for anything else."""
    entries = thing.get("itemListElement")
    if "breadcrumblist" not in folded_types(thing) or not isinstance(entries, list):
        return ()
    names = (text_of(part.get("name")) or text_of(part.get("item")) for part in entries[:20] if isinstance(part, dict))
    return tuple(name for name in names if name and not name.startswith(("http:", "https:")))


def site_names(found: Iterable[tuple[Thing, str, bool]]) -> Iterator[str]:
    """What sites, publishers and the organisations that are described on their own are called."""
    for thing, key, _ in found:
        if (
            key == "publisher"
            or "website" in folded_types(thing)
            or (key in ("", "@graph") and ORGANISATIONS & folded_types(thing))
        ):
            yield from (name for each in ("name", "alternateName") if (name := text_of(thing.get(each))))


def logos_of(thing: Thing) -> Iterator[str]:
    """Addresses of an organisation's logo."""
    yield from addresses_of(thing.get("logo"))
    if ORGANISATIONS & folded_types(thing):
        yield from addresses_of(thing.get("image"))


def addresses_of(value: Any) -> Iterator[str]:
    """Addresses in a value: a text, an object's `url`, `contentUrl` or `@id`, or a list of these."""
    for part in value if isinstance(value, list) else [value]:
        found = part
        if isinstance(part, dict):
            found = next((held for key in ("url", "contentUrl", "@id") if (held := part.get(key))), None)
            found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, str) and found.strip():
            yield found.strip()


def text_of(value: Any) -> str | None:
    """A value that should be a text, without the markup and the references that some put in."""
    for _ in range(4):  # a list of one object, whose name is a list of one typed value
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("headline") or spare_name(value)
    return plain(value) or None if isinstance(value, str) else None


def spare_name(thing: Thing) -> Any:
    """The name of somebody who is described by its parts, or otherwise."""
    parts = [part for key in ("givenName", "familyName") if isinstance(part := thing.get(key), str)]
    return " ".join(parts) or thing.get("alternateName")
