"""Years and days of the calendars that pages use: ours, Buddhist, Persian, and eras of emperors."""

import re
from datetime import date, datetime, time, timedelta

from archiver.dates.search import Search, around, place_of

FIRST_YEAR = 1900
AHEAD = timedelta(days=731)  # an announced event may be dated ahead; what lies farther is a placeholder or an error
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民國": 1911, "民国": 1911}
THAI = re.compile(r"[\u0e01-\u0e5b]")
PERSIAN = re.compile(r"[\u0600-\u06ff]")


def year_of(match: re.Match[str], search: Search) -> int | None:
    """The year of a match, of our era or Persian; None: it has none.

    Thai years are 543 ahead. Two digits mean the years from 1969 on, and in Thai ours only up to two years from now.
    """
    part = match.groupdict()
    era, year = part.get("era"), part.get("year") or part.get("last") or part.get("short")
    if year is None:
        return None
    number = 1 if year == "元" else int(year)
    if era is not None:
        return number + ERAS[era]
    if THAI.search(around(search.lower, match)) or place_of(search.zone) == "Asia/Bangkok":
        if len(year) == 2 and number > search.now.year % 100 + 2:
            return number + 2500 - 543
        number -= 543 if number >= FIRST_YEAR + 543 else 0
    return number + (2000 if number < 69 else 1900) if len(year) == 2 else number


def from_jalali(year: int, month: int, day: int) -> date:
    """A day of the Persian calendar: 8 leap years in 33, which is right from 1800 to 2100.

    Raises ValueError for what is no day.
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month < 7 else 30)):
        raise ValueError(f"no day: {year}-{month}-{day}")
    cycles, rest = divmod(year - 979, 33)  # the first day of 979 is March 20, 1600
    before = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return date(1600, 3, 20) + timedelta(365 * (year - 979) + cycles * 8 + (rest + 3) // 4 + before + day - 1)


def midnight_of(match: re.Match[str], year: int, month: int, day: int, search: Search) -> datetime | None:
    """The start of a day, without zone; None: there is no such day, or none that a page can be of."""
    try:
        if 1300 <= year < 1500 and PERSIAN.search(around(search.lower, match)):
            found = datetime.combine(from_jalali(year, month, day), time.min)
        else:
            found = datetime(year, month, day)  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None
    return found if FIRST_YEAR <= found.year <= search.now.year + 3 else None


def is_plausible(moment: datetime, now: datetime) -> bool:
    """Can a page have been published then?"""
    return FIRST_YEAR <= moment.year <= now.year + 3 and moment <= now + AHEAD
