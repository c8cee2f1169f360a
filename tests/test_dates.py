"""Dates in any notation, and the two that a post uses."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.dates import from_epoch_ms, parse_bound, parse_date, to_crawl_time, to_rfc1123

SHANGHAI = ZoneInfo("Asia/Shanghai")
EAST = timezone(timedelta(hours=8))
MOMENT = datetime(2026, 3, 9, 7, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-03-09T07:30:05Z", MOMENT, id="ISO 8601 in UTC"),
        pytest.param("2026-03-09T15:30:05+08:00", MOMENT, id="ISO 8601 with an offset"),
        pytest.param("2026-03-09T15:30:05+0800", MOMENT, id="ISO 8601 with a short offset"),
        pytest.param("20260309T073005Z", MOMENT, id="ISO 8601 without separators"),
        pytest.param("2026-03-09T07:30:05.250Z", MOMENT.replace(microsecond=250_000), id="ISO 8601 with milliseconds"),
        pytest.param("  2026-03-09 07:30:05\n", MOMENT, id="a time without zone, white space around"),
        pytest.param("2026-03-09 07:30", MOMENT.replace(second=0), id="a time without seconds"),
        pytest.param("2026-03-09", MOMENT.replace(hour=0, minute=0, second=0), id="a day"),
        pytest.param("Mon, 09 Mar 2026 07:30:05 GMT", MOMENT, id="RFC 1123"),
        pytest.param("Mon, 9 Mar 2026 15:30:05 +0800", MOMENT, id="RFC 2822 with an offset"),
        pytest.param("09 Mar 2026 07:30:05", MOMENT, id="RFC 2822 without weekday and zone"),
        pytest.param("Mon, 09 Mar 2026 07:30:05 -0000", MOMENT, id="RFC 2822 with an unknown zone"),
    ],
)
def test_a_date_in_any_usual_notation(text: str, moment: datetime) -> None:
    found = parse_date(text)
    assert found == moment
    assert found.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", " \n", "yesterday", "Invalid Date", "1773041405", "2026", "2026-13-09", "2026-02-30", "09/03/2026"),
        *("Mon", "Mon, 99 Mar 2026 07:30:05 GMT", "2026年3月9日", "2026-03-09T25:00:00Z", "\x00", "9" * 5000),
    ],
)
def test_what_is_no_date(text: str | None) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("2026-03-09 15:30:05", SHANGHAI, id="a time without zone is taken in the site's"),
        pytest.param("09 Mar 2026 15:30:05", SHANGHAI, id="in either notation"),
        pytest.param("2026-03-09 07:30:05Z", SHANGHAI, id="one with a zone is not"),
        pytest.param("2026-03-09 03:30:05", ZoneInfo("America/New_York"), id="summer time is minded"),
    ],
)
def test_the_zone_of_a_date_that_names_none(text: str, zone: tzinfo) -> None:
    assert parse_date(text, zone) == MOMENT


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param(1773041405000, MOMENT, id="a number"),
        pytest.param("1773041405000", MOMENT, id="digits"),
        pytest.param(1773041405250.0, MOMENT.replace(microsecond=250_000), id="with milliseconds"),
        pytest.param(0, datetime(1970, 1, 1, tzinfo=UTC), id="zero"),
        pytest.param(-1000, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), id="before 1970"),
        pytest.param(None, None, id="absent"),
        pytest.param("", None, id="empty"),
        pytest.param("soon", None, id="words"),
        pytest.param([1773041405000], None, id="a list"),
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("inf"), None, id="infinite"),
        pytest.param(10**30, None, id="beyond all years"),
        pytest.param(10**400, None, id="beyond all numbers"),
    ],
)
def test_milliseconds_since_1970(value: object, moment: datetime | None) -> None:
    assert from_epoch_ms(value) == moment


@pytest.mark.parametrize("zone", [UTC, SHANGHAI, EAST])
def test_a_post_writes_the_same_moment_in_the_same_way(zone: tzinfo) -> None:
    moment = MOMENT.astimezone(zone)
    assert to_rfc1123(moment) == "Mon, 09 Mar 2026 07:30:05 GMT"
    assert to_crawl_time(moment.replace(microsecond=999_999)) == "2026-03-09 07:30:05"


@settings(deadline=None, max_examples=150)
@given(st.datetimes(datetime(1900, 1, 1), datetime(9998, 12, 1), timezones=st.sampled_from([UTC, EAST])))  # noqa: DTZ001
def test_what_a_post_writes_is_read_as_the_same_second(moment: datetime) -> None:
    second = moment.replace(microsecond=0)
    assert parse_date(to_rfc1123(moment)) == second
    assert parse_date(to_crawl_time(moment)) == second


@settings(deadline=None, max_examples=200)
@given(st.text() | st.text("0123456789-:TZ+., JanFebMonGMT", max_size=40))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.utcoffset() is not None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param(
            "2026-03-09",
            datetime(2026, 3, 9, tzinfo=UTC),
            datetime(2026, 3, 9, 23, 59, 59, 999_999, tzinfo=UTC),
            id="a day from its first to its last moment",
        ),
        pytest.param("2026-03-09T07:30:05", MOMENT, MOMENT, id="a time without zone is UTC"),
        pytest.param("2026-03-09T15:30:05+08:00", MOMENT, MOMENT, id="a time with a zone"),
    ],
)
def test_bounds(text: str, first: datetime, last: datetime) -> None:
    assert (parse_bound(text), parse_bound(text, end=True)) == (first, last)


@pytest.mark.parametrize("text", ["yesterday", "9 March 2026", "2026-3-9"])
def test_what_is_no_bound(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_bound(text)
