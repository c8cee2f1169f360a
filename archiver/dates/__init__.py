"""Any usual notation of a date -> an aware datetime; and the two notations that a post uses."""

import re
from datetime import UTC, datetime, tzinfo
from itertools import chain

from archiver.dates.calendars import is_plausible
from archiver.dates.days import dated
from archiver.dates.relative import relative
from archiver.dates.search import Found, search_in
from archiver.dates.standard import (
    from_digits,
    from_epoch_ms,
    from_iso,
    parse_bound,
    parse_standard,
    to_crawl_time,
    to_rfc1123,
)

__all__ = ["find_date", "from_epoch_ms", "parse_bound", "parse_date", "parse_standard", "to_crawl_time", "to_rfc1123"]

LONGEST = 200  # characters: what is longer is prose with a date in it, not a date
MOST_BEFORE, MOST_BEHIND = 48, 24  # bytes of UTF-8: a few words in any script, "Thursday," or "发布时间"
LABEL = re.compile(r"[^\d:]{1,40}:\s?")


def parse_date(
    text: str | None, zone: tzinfo = UTC, *, now: datetime | None = None, day_first: bool | None = None
) -> datetime | None:
    """A text that is a date, perhaps with a few words around ("Published:", a weekday) -> aware datetime, or None.

    `zone` is taken where the text names none; a day without time is its midnight there. Relative dates ("3 hours ago",
    昨天 08:30) count from `now`, which is aware; a day without year is the last such day. Of `03/04/2022` the day comes
    first, unless `day_first` is False, or is None and the zone is a place in America (or the Philippines), or the zone
    is UTC and an AM, PM or EST beside the date sounds American; a number above 12 settles it. In Chinese, Japanese and
    Korean texts 22.03.04 is March 4, 2022.

    CST is China's time in an East Asian text or zone, else Chicago's winter time. Before 1900 and more than two years
    ahead of `now` nothing is a date: such values are placeholders. Not known: Croatian months, Levantine months of two
    words, the Islamic and Hebrew calendars.
    """
    text = (text or "").strip()
    if not text or len(text) > LONGEST:
        return None
    now = (now or datetime.now(UTC)).astimezone(zone)
    exact = from_digits(text, zone) if text.isascii() and text.isdigit() else from_iso(text, zone)
    if exact is not None:
        return exact if is_plausible(exact, now) else None
    search = search_in(text, zone, now, day_first, whole=True)
    return next((found.moment for found in chain(dated(search), relative(search)) if is_all(search.lower, found)), None)


def find_date(
    text: str, zone: tzinfo = UTC, *, now: datetime | None = None, day_first: bool | None = None
) -> datetime | None:
    """The first date within a longer text -> aware datetime, or None; see `parse_date`.

    Stricter than that, for a wrong date is worse than none: a day without year and a word such as "yesterday" need a
    time beside them, and in texts of more than 300 characters they and "3 hours ago" are no dates.
    """
    now = (now or datetime.now(UTC)).astimezone(zone)
    search = search_in(text, zone, now, day_first, whole=False)
    found = [*dated(search), *relative(search)]
    return min(found, key=lambda date: (date.start, -date.end)).moment if found else None


def is_all(lower: str, found: Found) -> bool:
    """Is there little but the date in a text: a label, a weekday, the name of a zone?"""
    before, behind = lower[: found.start].strip(), lower[found.end :].strip(" .)]|")
    if any(sign.isdigit() for sign in before + behind):
        return False
    before = before if LABEL.fullmatch(before) is None else ""
    return len(before.encode(errors="replace")) <= MOST_BEFORE and len(behind.encode(errors="replace")) <= MOST_BEHIND
