"""The address that a page gives itself, where that can be this article's."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from archiver.urls import absolute, canonical, is_web

LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
IDENTITY = re.compile(r"\d{5,}")
WORD = re.compile(r"[^\W\d_]{3,}")
SECOND_LEVEL = frozenset("co com org net gov edu ac or ne go".split())


def plausible_canonical(said: Iterable[str | None], url: str) -> str | None:
    """The first address of what a page says that may be the article's, absolute and canonical; None: there is none."""
    for address in said:
        found = absolute(address, url) if address else None
        if found and is_web(found) and is_plausible(found, url):
            return canonical(found)
    return None


def is_plausible(address: str, url: str) -> bool:
    """Is it on the same site, and neither its home, a listing above, another language nor perhaps another article?"""
    one, other = urlsplit(address), urlsplit(url)
    if site_of(one.hostname or "") != site_of(other.hostname or ""):
        return False
    path, own = unquote(one.path).rstrip("/"), unquote(other.path).rstrip("/")
    if path == own:
        is_told_by_query = bool(IDENTITY.search(other.query)) or "id=" in other.query.lower()
        return bool(one.query) or not is_told_by_query
    if not path or own.startswith(f"{path}/"):
        return False
    if language_in(path) != language_in(own) and (language_in(path) or language_in(own)):
        return False
    numbers, own_numbers = set(IDENTITY.findall(path + one.query)), set(IDENTITY.findall(own + other.query))
    # An address that has nothing in common with the page's own would make many articles one, on a site that errs.
    return bool(numbers & own_numbers) or bool(words_of(path) & words_of(own))


def site_of(host: str) -> str:
    """The part of a host that its owner has registered, as far as its form tells."""
    labels = host.lower().removeprefix("www.").split(".")
    length = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-length:])


def language_in(path: str) -> str:
    """The language that an address begins with; empty where it names none."""
    first = path.strip("/").partition("/")[0]
    return first.lower() if LANGUAGE.fullmatch(first) and "/" in path.strip("/") else ""


def words_of(path: str) -> set[str]:
    """Words in the last part of an address."""
    return {word.lower() for word in WORD.findall(path.rpartition("/")[2])} - {"html", "htm", "shtml", "php", "aspx"}
