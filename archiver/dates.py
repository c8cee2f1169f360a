"""Any usual notation of a date -> an aware datetime; and the two notations that a post uses."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import format_datetime, parsedate_to_datetime


def parse_date(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """ISO 8601 or RFC 1123 text -> aware datetime; `zone` is taken where the text names none; None: not a date."""
    text = (text or "").strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        # Year 1 is what .NET writes for "no date"; the margin keeps every zone's conversion in range.
        return (found if found.tzinfo else found.replace(tzinfo=zone)) if 1 < found.year < 9999 else None
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
