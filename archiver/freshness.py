"""When something is to be asked for again: an archived article, for corrections; a page that failed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
PART = re.compile(r"([0-9]+)([wdhms])")
AGE = re.compile(rf"(?:{PART.pattern})+|0")
DOUBLINGS = 6
"""After six a pause is 64 times the first: of an hour it has become nearly three days, and grows no more."""


def parse_age(text: str) -> timedelta:
    """`7d`, `12h`, `30m`, `2w`, `90s`, `0`, or a sum such as `1d12h`. Raises ValueError, with what was expected."""
    try:
        if AGE.fullmatch(text.strip()) is None:
            raise ValueError("not an age")
        return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in PART.findall(text)), timedelta())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"expected an age such as 7d, 12h, 30m, 1d12h or 0, not {text!r}") from error


@dataclass(frozen=True, slots=True)
class Refresh:
    """Which archived articles are asked for again, and how often."""

    age: timedelta | None
    """Younger articles are. None: all; zero: none."""
    every: timedelta
    """The time between two looks at one article, at least."""

    def is_due(self, published: datetime | None, first_seen: datetime, last_seen: datetime, now: datetime) -> bool:
        """Is an article to be asked for again? All four are aware.

        It is as old as its publication time says, or as its archiving where it has none, or one that is yet to come.
        A look in the future was taken by a clock that has been put back since: the article is due, or it would
        not be for as long as the clock was wrong.
        """
        born = first_seen if published is None or published > now else published
        is_young = self.age is None or max(now - born, timedelta()) < self.age
        return is_young and (last_seen > now or now - last_seen >= self.every)


DEFAULT = Refresh(age=timedelta(days=7), every=timedelta(hours=20))
"""Once a day, in words: nightly runs are never exactly 24 hours apart, and one that comes early is to look too."""


def parse_refresh(text: str, every: timedelta) -> Refresh:
    """An age as `parse_age` reads it, `all` or `never`; `30d/12h` says how often, too, else `every` does.

    Raises ValueError, with what was expected.
    """
    named = {"all": None, "never": timedelta()}
    name, slash, pause = text.strip().lower().partition("/")
    try:
        return Refresh(named[name] if name in named else parse_age(name), parse_age(pause) if slash else every)
    except ValueError as error:
        raise ValueError(f"expected an age such as 7d, 1d12h or 30d/12h, all or never, not {text!r}") from error


def pause_after(tries: int, first: timedelta) -> timedelta:
    """How long to wait after so many failed tries: `first` after one, then twice as long each time, up to 64 times."""
    return first * (1 << min(max(tries - 1, 0), DOUBLINGS))
