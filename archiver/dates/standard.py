"""Dates as machines write them, and the two notations that a post uses."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import format_datetime, parsedate_to_datetime

ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]|$)|\d{8}[Tt]", re.ASCII)
ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)", re.ASCII)  # XML Schema, `date`


def parse_standard(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """ISO 8601 or RFC 1123 text of any year, as machines write it -> aware datetime; None: neither."""
    text = (text or "").strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        # Year 1 is what .NET writes for "no date"; the margin keeps every zone's conversion in range.
        return (found if found.tzinfo else found.replace(tzinfo=zone)) if 1 < found.year < 9999 else None
    return None


def from_iso(text: str, zone: tzinfo) -> datetime | None:
    """What the standard library reads as ISO 8601."""
    if match := ISO_DAY.fullmatch(text):
        text = "T00:00".join(match.groups())
    elif ISO.match(text) is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def from_digits(text: str, zone: tzinfo) -> datetime | None:
    """20220303, 202203031457 and 20220303145737; ten or thirteen digits are seconds or milliseconds since 1970."""
    try:
        if len(text) in (10, 13) and text[0] != "0":
            return datetime.fromtimestamp(int(text) / (1 if len(text) == 10 else 1000), UTC)
        if len(text) in (8, 12, 14):
            return datetime.strptime(text, "%Y%m%d%H%M%S"[: len(text) - 2]).replace(tzinfo=zone)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def from_epoch_ms(value: object) -> datetime | None:
    """Milliseconds since 1970 UTC, as number or digits -> aware datetime; None: absent or out of range."""
    if not isinstance(value, int | float | str):
        return None
    try:
        return datetime.fromtimestamp(float(value) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def to_rfc1123(moment: datetime) -> str:
    """`Thu, 03 Mar 2022 06:57:37 GMT`, the notation of a post's `date`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def to_crawl_time(moment: datetime) -> str:
    """`2022-04-06 06:11:26` in UTC, the notation where a page gives no date."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def parse_bound(text: str, *, end: bool = False) -> datetime:
    """A `--since` or `--until` -> aware datetime.

    A day means its first moment, with `end` its last one; a time without zone is UTC, as the dates in posts are.
    Raises ValueError, naming the text, when it is neither an ISO 8601 day nor an ISO 8601 time.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"neither a day nor a time: {text}") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    first = datetime.combine(day, time.min, UTC)
    return first + timedelta(days=1, microseconds=-1) if end else first
