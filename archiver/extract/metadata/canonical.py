"""The address that a page gives itself, where that can be this article's."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.extract.parts import is_part_of
from archiver.urls import absolute, canonical, is_web

LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
IDENTITY = re.compile(r"\d{5,}")
LONG_NAME = 8
"""Characters of a name that is hardly another article's."""
FORMATS = frozenset(("amp", "amp.html", "print", "mobile", "m", ""))
PASSING = frozenset(("page", "p_page", "amp", "print", "output", "ref", "from", "source", "src", "share", "outputtype"))
SECOND_LEVEL = frozenset("co com org net gov edu ac or ne go".split())


def plausible_canonical(said: Iterable[str | None], url: str) -> str | None:
    """The first address of what a page says that may be the article's, absolute and canonical; None: there is none."""
    for address in said:
        found = absolute(address, url) if address else None
        if found and is_web(found) and is_plausible(found, canonical(url)):
            return canonical(found)
    return None


def is_plausible(address: str, url: str) -> bool:
    """Is it the same article on the same site: the same path, or one that ends in the same words or number?

    An address that has less in common with the page's own would make many articles one, on a site that errs: `/read`
    for every `/read?slug=…`, or the newest article for all.
    """
    one, other = urlsplit(address), urlsplit(url)
    if site_of(one.hostname or "") != site_of(other.hostname or ""):
        return False
    path, own = unquote(one.path).rstrip("/"), unquote(other.path).rstrip("/")
    if language_in(path) != language_in(own) and (language_in(path) or language_in(own)):
        return False
    if is_part_of(url, address):
        return True
    if path == own:
        return parameters(one.query) >= parameters(other.query)
    if one.query != other.query and parameters(other.query) - parameters(one.query):
        return False
    name, own_name = name_in(path), name_in(own)
    if name == own_name:
        return len(name) >= LONG_NAME
    numbers, own_numbers = set(IDENTITY.findall(path)), set(IDENTITY.findall(own))
    return bool(numbers & own_numbers)


def parameters(query: str) -> set[tuple[str, str]]:
    """What a query says, but for pages, prints and where a visitor came from."""
    return {pair for pair in parse_qsl(query) if pair[0].lower() not in PASSING}


def name_in(path: str) -> str:
    """The last part of a path that is no format, without extension."""
    parts = [part for part in path.lower().split("/") if part not in FORMATS]
    return parts[-1].rpartition(".")[0] or parts[-1] if parts else ""


def site_of(host: str) -> str:
    """The part of a host that its owner has registered, as far as its form tells."""
    labels = host.lower().removeprefix("www.").split(".")
    length = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-length:])


def language_in(path: str) -> str:
    """The language that an address begins with; empty where it names none."""
    first = path.strip("/").partition("/")[0]
    return first.lower() if LANGUAGE.fullmatch(first) and "/" in path.strip("/") else ""
