"""Dates that count from now: "3 hours ago", 昨天 08:30."""

import re
from collections.abc import Iterator
from datetime import timedelta

from archiver.dates.clock import with_time
from archiver.dates.folding import any_of, folded_words
from archiver.dates.search import EAST_ASIAN, SHORT, Found, Search
from archiver.dates.words import AGO, DAY, FEW, NOW, SINCE, UNIT

MOST_PASSED = 40 * 31536000  # seconds; "100 years ago" tells a story
DAY_WORD = re.compile(rf"(?<![a-zа-я]){any_of(list(DAY))}(?![a-zа-я'])")
NOW_WORD = re.compile(rf"(?<![\u3400-\u9fff]){any_of(folded_words(NOW))}")
AMOUNT = rf"(?:(?<![\d.,:月年第])(?P<amount>\d{{1,4}})|(?<![a-zа-я])(?P<few>{any_of(list(FEW))}))\s?[个個]?\s?"
UNITS = rf"(?P<unit>{any_of(list(UNIT))})"
MARKS = (folded_words(AGO), folded_words(SINCE))
PASSED = (
    (MARKS[0], re.compile(rf"{AMOUNT}{UNITS}\.?\s?{any_of(MARKS[0])}(?![a-zа-я])")),
    (MARKS[1], re.compile(rf"(?<![a-zа-я]){any_of(MARKS[1])}\s{AMOUNT}{UNITS}(?![a-zа-я])")),
)
NEXT_WORD = re.compile(r"\s?([^\W\d_]+)")
BYLINE_WORDS = frozenset("by von par por di da door av af od przez от oleh updated aktualisiert guncellendi".split())
BYLINE_SIGNS = frozenset("发發更来來阅閱评評回に編")  # 3小时前发布, 来源, 阅读; 3時間前に更新


def relative(search: Search) -> Iterator[Found]:
    """The first date of each notation; none in a long text, whose "3 hours ago" belongs to what it tells."""
    if len(search.lower) <= SHORT:
        yield from days_ago(search)
        yield from passed(search)


def days_ago(search: Search) -> Iterator[Found]:
    """Today, yesterday and the day before, with the time beside them or as a whole text; and just now."""
    for match in DAY_WORD.finditer(search.lower):
        day = search.now.date() - timedelta(DAY[match[0]])
        if found := with_time(search, match, (None, day.month, day.day)):
            yield found
            break
    if (match_now := NOW_WORD.search(search.lower)) and not is_told(search, match_now):
        yield Found(*match_now.span(), search.now)


def passed(search: Search) -> Iterator[Found]:
    """So many minutes, hours, days ago."""
    for marks, pattern in PASSED:
        if not any(mark in search.lower for mark in marks):
            continue
        for match in pattern.finditer(search.lower):
            amount = float(match["amount"]) if match["amount"] else FEW[match["few"]]
            seconds = amount * UNIT[match["unit"]]
            if seconds < MOST_PASSED and not is_told(search, match):
                yield Found(*match.span(), search.now - timedelta(seconds=seconds))
                break


def is_told(search: Search, match: re.Match[str]) -> bool:
    """Does a sentence go on behind a relative date, or end with it? "3 hours ago by Jane" is a byline."""
    behind = search.text[match.end() : match.end() + 24]
    if behind.startswith((",", "的")):
        return True
    if behind.startswith("."):
        return search.text[: match.start()].rstrip()[-1:].islower()
    if (word := NEXT_WORD.match(behind)) is None:
        return False
    if EAST_ASIAN.match(behind):
        return behind[0] not in BYLINE_SIGNS
    return word[1][0].islower() and word[1] not in BYLINE_WORDS
