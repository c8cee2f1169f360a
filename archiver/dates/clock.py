"""The time beside a day, and its zone."""

import re
from datetime import datetime, timedelta

from archiver.dates.calendars import is_plausible, midnight_of
from archiver.dates.search import NEAR, Day, Found, Search
from archiver.dates.zones import zone_of

MORNING = frozenset("am 上午 凌晨 清晨 早上 早晨 午前 오전 새벽 sa sang πμ ص صباحا قظ de".split())
MERIDIEM = r"(?:[ap]\.?\s?m\b\.?|(?:sa|ch|sang|chieu|toi)\b|[μπ]\.?\s?μ\b\.?|صباحا|مساء|[صم](?!\w)|[بق]\.?\s?ظ)"
HALF = r"(?:上午|下午|凌晨|清晨|早上|早晨|中午|晚上|晚间|傍晚|午前|午後|오전|오후|새벽|밤|de\.|du\.)"
TIME = rf"""
    (?:(?P<half>{HALF})\s?)?
    (?:
        (?P<hour>\d{{1,2}})\s?[:.h時时点點시]\s?(?P<minute>\d\d|(?<=:)\d)(?!\d|\s?min)
        (?:\s?[:.分분]\s?(?P<second>\d\d)(?!\d)\s?[秒초]?(?:[.,](?P<fraction>\d{{1,12}}))?|\s?[分분])?(?![.:]?\d)
        (?:\s?(?P<meridiem>{MERIDIEM}))?
      | (?P<bare_hour>\d{{1,2}})\s?(?:(?P<bare_meridiem>{MERIDIEM})|(?:[時时点點시]|h\b|uhr\b)(?!\w))
    )
    (?:\s?(?:uhr|hrs|hours|น\.?|ч\.?|u\.)(?!\w))?
    (?P<zone>
        \s?\(?(?:gmt|utc)\s?(?P<sign>[+-])(?P<hours>\d{{1,2}})(?::?(?P<minutes>\d\d))?(?!\d)\)?
      | \s?(?P<iso_sign>[+-])(?P<iso_hours>\d\d):?(?P<iso_minutes>\d\d)(?!\d)
      | (?P<short_sign>[+-])(?P<short_hours>\d\d)(?![\d:])
      | \s{{0,2}}[(\[]?(?P<name>[^\W\d_]{{1,5}})(?![^\W_])[)\]]?
    )?
"""
GAP = r"[\s,.:|·•@/;\-]{0,8}"
WEEKDAY = (
    r"(?:\(?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]\)?|\(?[月火水木金土日祝월화수목금토일・/]{1,3}(?:曜日?|요일)?\)?"
    r"|\([^\W\d_]{1,14}\.?\))"
)
AT = (
    "(?:t|at|um|a|ao|as|alle|alla|ore|om|kl|klo|o|ob|в|о|у|v|r|saat|στις|la|pukul|jam|godz|vao|luc|เวลา|ساعت|الساعه|को|г"
    "|года|р|року|u|de|las|hora|北京时间|日本時間|に|에)"
)
ON = r"(?:(?:on|am|den|ngay|le|el|em|il|op|vom)\b)?"
BEHIND = re.compile(rf"{GAP}(?:{WEEKDAY}{GAP})?(?:{AT}{GAP}){{0,2}}{TIME}", re.VERBOSE)
BEFORE = re.compile(rf"(?<![\d:.,/\-]){TIME}{GAP}{ON}{GAP}(?:[^\W\d_]{{2,14}}[\s,.]{{1,2}})?$", re.VERBOSE)
INSIDE = re.compile(TIME, re.VERBOSE)
FEW_WORDS = re.compile(r"(?:[^\s\d]{1,20}(?:\s|$)){0,3}")
ONLY_WEEKDAY = re.compile(rf"[\s.,|)\]]{{0,8}}(?:{WEEKDAY}[\s.,]{{0,8}})?")


def with_time(search: Search, match: re.Match[str], day: Day) -> Found | None:
    """A day and the time beside it; None: there is no such day, or it cannot be meant."""
    year, month, number = day
    for each in (year,) if year is not None else (search.now.year, search.now.year - 1):
        midnight = midnight_of(match, each, month, number, search)
        if midnight is None:
            continue
        found = beside(search, match, midnight)
        if found is None and (year is not None or (search.whole and stands_alone(search, match))):
            found = Found(*match.span(), midnight.replace(tzinfo=search.zone))
        if found is not None and (year is not None or found.moment <= search.now + timedelta(days=1)):
            return found if is_plausible(found.moment, search.now) else None
    return None


def stands_alone(search: Search, match: re.Match[str]) -> bool:
    """Are there but a label and a weekday beside a day, so that it is meant without year and time?"""
    before, behind = search.lower[: match.start()].strip(), search.lower[match.end() :]
    return FEW_WORDS.fullmatch(before) is not None and ONLY_WEEKDAY.fullmatch(behind) is not None


def beside(search: Search, match: re.Match[str], midnight: datetime) -> Found | None:
    """A day with the time inside, behind or before it; None: no time is there."""
    start, end = match.span()
    if "clock" in match.re.groupindex and match["clock"]:
        times = [INSIDE.match(search.lower, *match.span("clock"))]
    else:
        times = [BEHIND.match(search.lower, end), BEFORE.search(search.lower, max(0, start - NEAR), start)]
    for time_match in times:
        moment = at(search, time_match, midnight) if time_match is not None else None
        if time_match is not None and moment is not None:
            return Found(min(start, time_match.start()), max(end, end_of(search, time_match, moment)), moment)
    return None


def at(search: Search, match: re.Match[str], midnight: datetime) -> datetime | None:
    """The moment of a time on a day; None: there is no such time."""
    hour, minute, second = (
        int(part or 0) for part in (match["hour"] or match["bare_hour"], *match.group("minute", "second"))
    )
    half = match["half"] or match["meridiem"] or match["bare_meridiem"]
    if half and hour <= 12:
        morning = half.replace(".", "").replace(" ", "") in MORNING or (half == "中午" and hour in (10, 11))
        hour = hour % 12 if morning else hour % 12 + 12
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
    moment = midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=microsecond)
    return moment.replace(tzinfo=zone_of(search, match, moment) or search.zone)


def end_of(search: Search, match: re.Match[str], moment: datetime) -> int:
    """Where a time ends: the word behind it may be no zone."""
    is_word = match["name"] and zone_of(search, match, moment.replace(tzinfo=None)) is None
    return match.start("zone") if is_word else match.end()
