"""Notations of a day: numbers in their orders, and months by name."""

import re
from collections.abc import Iterator

from archiver.dates.calendars import ERAS, year_of
from archiver.dates.clock import with_time
from archiver.dates.search import SHORT, Day, Found, Search, is_american, is_east_asian
from archiver.dates.words import JALALI_MONTH, MONTH, VIETNAMESE

# Patterns see folded lower-case text. Every repetition is bounded or of one kind of sign: time stays linear.
WORD = r"(?P<word>[^\W\d_][^\s\d,;:()|/\\\-']{1,19})"
ORDINAL = r"(?:\s?(?:st|nd|rd|th|er|o|a|e|го|वीं)(?![^\W\d_]))?"
AFTER_MONTH = r"[\s.,/\-]{0,4}(?:(?:de|del|of|di|lui|nam|พ\.ศ\.|ค\.ศ\.)\s{0,2})?"
YEAR = r"(?:(?P<year>\d{4})(?!\d)|'?(?P<short>\d\d)(?=\s{0,3}$|[\s,]{1,3}\d{1,2}:\d\d))"
NO_NUMBER_BEFORE = r"(?<![\d.,/:\-])"
CLOCK = r"\d\d?:\d\d(?::\d\d)?(?:\s?[ap]m)?(?:\s(?:[a-z]{2,5}|[+-]\d{4}))?"
# Signs of which a text must hold one, or none -> a pattern.
NOTATIONS = (
    # 2022-03-03, 2022/3/3, 2022. 3. 3.
    (
        "-/.",
        r"(?<![\d.])(?P<year>\d{4})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})(?!\d|\.\d{1,4}(?![\d:.]))\.?",
    ),
    # 令和4年3月3日
    (
        "年",
        rf"(?P<era>{'|'.join(ERAS)})\s?(?P<year>\d{{1,3}}|元)\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日",
    ),
    # 2022年3月3日, 2022년 3월 3일
    (
        "年년",
        r"(?<!\d)(?P<year>\d{4}|\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})(?!\d)\s?[日号號일]?",
    ),
    # 3月3日
    ("月월", r"(?<![\d年년])(?<![年년]\s)(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]"),
    # 03/03/2022, 3.3.2022, 03.03.22
    (
        "-/.",
        (
            rf"{NO_NUMBER_BEFORE}(?P<left>\d{{1,2}})\s?(?P<mark>[-/.])\s?(?P<right>\d{{1,2}})\s?(?P=mark)\s?"
            r"(?P<year>\d{4}|(?:(?<=/)|(?<=\d\d[-.]\d\d[-.]))\d\d)(?!\d|[-/.]\d)"
        ),
    ),
    # 3 March 2022, 3. März 2022, 3 de marzo de 2022, 03-Mar-22
    (
        "",
        (
            rf"(?<![\d.:/])(?P<day>\d{{1,2}}){ORDINAL}[.\s,/\-]{{0,3}}(?:(?:de|del|of|di|la|ngay)\s|d')?{WORD}"
            rf"(?:{AFTER_MONTH}{YEAR})?"
        ),
    ),
    # March 3rd, 2022; Mar 3 14:57:37 2022
    (
        "",
        (
            rf"(?<![^\W\d_]){WORD}[\s./\-]{{1,3}}(?:the\s)?(?P<day>\d{{1,2}})(?![\d:]){ORDINAL}"
            rf"(?:\s(?P<clock>{CLOCK})\s(?P<last>\d{{4}})(?!\d)|[\s,./\-]{{1,4}}(?:de\s|del\s|of\s)?{YEAR})?"
        ),
    ),
    # 2022. március 3., 2022-Mar-03
    ("", rf"(?<!\d)(?P<year>\d{{4}})(?:[.,]?\s|[-/])(?:m\.\s)?{WORD}[\s./\-]{{1,3}}(?P<day>\d{{1,2}})(?!\d)\.?"),
    # ngày 3 tháng 3 năm 2022
    (
        "g",
        (
            r"(?<!\d)(?P<day>\d{1,2})\s?(?:thang|thg)\s?(?P<month>\d{1,2}|[a-z]{2,5}(?:\s(?:mot|hai))?)[\s,/\-]{0,3}"
            r"(?:nam\s?)?(?P<year>\d{4})(?!\d)"
        ),
    ),
    # 03-03 14:57, 3/3(木) 14:57, 03.03. 14:57
    ("-", NO_NUMBER_BEFORE + r"(?P<month>\d\d?)-(?P<day>\d\d?)(?=\s{1,2}\d\d?:\d\d)"),
    ("/", NO_NUMBER_BEFORE + r"(?P<left>\d\d?)(?P<mark>/)(?P<right>\d\d?)(?=\s?(?:\(\w\))?\s{0,2}\d\d?:\d\d)"),
    (".", NO_NUMBER_BEFORE + r"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.(?=,?\s{1,2}\d\d?[:.]\d\d)"),
)
PATTERNS = tuple((signs, re.compile(pattern)) for signs, pattern in NOTATIONS)
DIGIT = re.compile(r"\d")
ENGLISH_TOO = frozenset(["out", "set", "ago", "lip"])
OTHER_NUMBER = re.compile(
    r"(?:(?<![^\W\d_])(?:v|(?:version|ver|isbn|issn|tel|phone|fax|rs|usd|eur)[.:]?\s?)|[$€£¥₹]\s?)$"
)


def dated(search: Search) -> Iterator[Found]:
    """Dates that name month and day: the first of each notation."""
    if DIGIT.search(search.lower) is None:
        return
    short = len(search.lower) <= SHORT
    for signs, notation in PATTERNS:
        if signs and not any(sign in search.lower for sign in signs):
            continue
        for match in notation.finditer(search.lower):
            day = day_of(match, search)
            if day is None or (day[0] is None and not short):
                continue
            if found := with_time(search, match, day):
                yield found
                break


def day_of(match: re.Match[str], search: Search) -> Day | None:
    """Year or None, month and day of a match; None: it is no day."""
    part = match.groupdict()
    if "word" in part:
        return worded_day(match, search)
    if is_score(match, search) or OTHER_NUMBER.search(search.lower, max(0, match.start() - 12), match.start()):
        return None
    if "left" in part:
        return numeric_day(match, search)
    month = VIETNAMESE.get(part["month"]) or (int(part["month"]) if part["month"].isdigit() else None)
    return (year_of(match, search), month, int(part["day"])) if month else None


def worded_day(match: re.Match[str], search: Search) -> Day | None:
    """A day whose month has its name. In prose "check out 10" is no tenth of outubro."""
    word = match["word"].rstrip(".")
    month = MONTH.get(word) or JALALI_MONTH.get(word)
    if month is None or (not search.whole and word in ENGLISH_TOO and match.start("word") < match.start("day")):
        return None
    return year_of(match, search), month, int(match["day"])


def is_score(match: re.Match[str], search: Search) -> bool:
    """Is a day without year, in prose, written as scores are: 3-2 and 4/5? Dates have noughts there, or East Asians."""
    is_short = match.groupdict().get("year") is None and len(match[0]) < 5 and not match[0].endswith(".")
    return is_short and not search.whole and not is_east_asian(match, search)


def numeric_day(match: re.Match[str], search: Search) -> Day | None:
    """Which is which in 03/04/2022: the value says it, the caller, or how Americans write; 22.03.04 in East Asia."""
    left, right, year = int(match["left"]), int(match["right"]), match.groupdict().get("year")
    if year is None and is_east_asian(match, search):
        return None, left, right
    if year is not None and len(year) == 2:
        if left > 31 or is_east_asian(match, search):
            return 2000 + left, right, int(year)
        if match["mark"] == "-" and not search.whole:  # wins, losses and draws of a team
            return None
    day_first = search.day_first
    if day_first is None:
        day_first = match["mark"] != "/" or not is_american(match, search)
    if left > 12 or right > 12:
        day_first = left > 12
    return (year_of(match, search), *((right, left) if day_first else (left, right)))
