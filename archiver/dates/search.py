"""A text that dates are read from, with what settles an ambiguous one: who writes, where, and when."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from archiver.dates.folding import plain_of

SHORT = 300  # characters: in longer prose "3 hours ago" and "3 March" belong to what is told, not to its publication
NEAR = 48  # characters on either side of a date in which a time and the habits of its writer are looked for
AMERICAN_PLACES = frozenset(
    f"America/{name}" for name in "New_York Chicago Denver Los_Angeles Phoenix Anchorage Detroit Boise".split()
) | {"Pacific/Honolulu", "Asia/Manila"}  # where 3/4 is March 4
EAST_ASIAN_PLACES = frozenset("Asia/Shanghai Asia/Tokyo Asia/Seoul Asia/Taipei Asia/Hong_Kong Asia/Macau".split())
NO_PLACES = frozenset(["", "UTC", "Etc/UTC", "GMT"])
AMERICAN = re.compile(r"(?<![^\W\d_])(?:[ECMP][SD]T|AK[SD]T|HST)(?![^\W\d_])|\d\s?[AaPp]\.?[Mm]\b")
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


Day = tuple[int | None, int, int]
"""Year or None, month, day."""


@dataclass(frozen=True, slots=True)
class Search:
    """A text that dates are read from, and what settles them."""

    text: str
    """Folded, letters in their case."""
    lower: str
    """The same in lower case, sign for sign."""
    zone: tzinfo
    now: datetime
    day_first: bool | None
    whole: bool
    """Is the text a date or none? Else it is prose, in which a day without year needs a time beside it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A date and its place in the text."""

    start: int
    end: int
    moment: datetime


def search_in(text: str, zone: tzinfo, now: datetime, day_first: bool | None, *, whole: bool) -> Search:
    """The text as the patterns expect it."""
    plain = plain_of(text)
    lower = plain.lower()
    if len(lower) != len(plain):  # a few letters, all outside of our tables, have longer lower-case forms
        plain = lower
    return Search(plain, lower, zone, now, day_first, whole)


def around(text: str, match: re.Match[str]) -> str:
    """A match with what stands near it: languages and habits may change within a page, and time stays linear."""
    return text[max(0, match.start() - NEAR) : match.end() + NEAR]


def is_american(match: re.Match[str], search: Search) -> bool:
    """Does a place put the month first? Where none is known: is there a twelve-hour clock, or a zone of America?"""
    place = place_of(search.zone)
    if place in NO_PLACES and not search.now.utcoffset():
        return AMERICAN.search(around(search.text, match)) is not None
    return place in AMERICAN_PLACES or place.startswith(("US/", "America/Indiana/", "America/Kentucky/"))


def is_east_asian(match: re.Match[str], search: Search) -> bool:
    """Do the place or the signs of a text put the year before the month and that before the day?"""
    return place_of(search.zone) in EAST_ASIAN_PLACES or EAST_ASIAN.search(around(search.lower, match)) is not None


def place_of(zone: tzinfo) -> str:
    """The name of a place's zone, as Asia/Shanghai, or nothing."""
    return str(getattr(zone, "key", ""))
