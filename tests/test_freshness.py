"""When an archived article is looked at again, and how long a failed page is left alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.freshness import DEFAULT, Refresh, parse_age, parse_refresh, pause_after

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
DAY, HOUR, NEVER = timedelta(days=1), timedelta(hours=1), timedelta()


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("7d", 7 * DAY),
        ("12h", 12 * HOUR),
        ("30m", HOUR / 2),
        ("2w", 14 * DAY),
        ("90s", timedelta(seconds=90)),
        ("0", NEVER),
        ("0d", NEVER),
        ("1d12h", 36 * HOUR),
        ("1w1d1h1m1s", timedelta(weeks=1, days=1, hours=1, minutes=1, seconds=1)),
        ("30m1h", 1.5 * HOUR),
        (" 7d\n", 7 * DAY),
    ],
)
def test_an_age(text: str, age: timedelta) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "7", "d", "-7d", "7 days", "1d 12h", "7y", "7D", "1.5h", "all", "never", "00", "d7", "7d,", "７d"),
        pytest.param("9999999999d", id="more days than there are"),
        pytest.param(f"{'9' * 5000}d", id="a number without end"),
    ],
)
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"expected an age such as 7d, 12h, 30m, 1d12h or 0, not {text!r}")):
        parse_age(text)


@pytest.mark.parametrize(
    ("text", "refresh"),
    [
        ("7d", Refresh(7 * DAY, HOUR)),
        ("all", Refresh(None, HOUR)),
        ("never", Refresh(NEVER, HOUR)),
        ("0", Refresh(NEVER, HOUR)),
        (" All ", Refresh(None, HOUR)),
    ],
)
def test_what_is_to_be_looked_at_again(text: str, refresh: Refresh) -> None:
    assert parse_refresh(text, HOUR) == refresh


def test_what_says_nothing_of_the_kind() -> None:
    with pytest.raises(ValueError, match="expected an age such as 7d, 1d12h or 30d/12h, all or never, not 'daily'"):
        parse_refresh("daily", HOUR)


WEEK_HOURLY = Refresh(7 * DAY, HOUR)


@pytest.mark.parametrize(
    ("refresh", "published", "first_seen", "last_seen", "is_due"),
    [
        pytest.param(WEEK_HOURLY, NOW - DAY, NOW - DAY, NOW - DAY, True, id="young, and not seen for a day"),
        pytest.param(WEEK_HOURLY, NOW - DAY, NOW - DAY, NOW - HOUR / 2, False, id="young, and just seen"),
        pytest.param(WEEK_HOURLY, NOW - DAY, NOW - DAY, NOW - HOUR, True, id="seen exactly so long ago"),
        pytest.param(WEEK_HOURLY, NOW - 8 * DAY, NOW - DAY, NOW - DAY, False, id="too old, though archived lately"),
        pytest.param(WEEK_HOURLY, NOW - 7 * DAY, NOW - DAY, NOW - DAY, False, id="exactly too old"),
        pytest.param(WEEK_HOURLY, None, NOW - DAY, NOW - DAY, True, id="without date, archived lately"),
        pytest.param(WEEK_HOURLY, None, NOW - 8 * DAY, NOW - DAY, False, id="without date, archived long ago"),
        pytest.param(WEEK_HOURLY, NOW + 99 * DAY, NOW - DAY, NOW - DAY, True, id="dated ahead, archived lately"),
        pytest.param(WEEK_HOURLY, NOW + 99 * DAY, NOW - 8 * DAY, NOW - DAY, False, id="dated ahead, archived long ago"),
        pytest.param(WEEK_HOURLY, NOW - DAY, NOW - DAY, NOW + DAY, True, id="seen before the clock was put back"),
        pytest.param(WEEK_HOURLY, None, NOW + DAY, NOW + DAY, True, id="archived before the clock was put back"),
        pytest.param(WEEK_HOURLY, NOW - 8 * DAY, NOW + DAY, NOW + DAY, False, id="too old for any clock"),
        pytest.param(Refresh(None, HOUR), NOW - 9999 * DAY, NOW - DAY, NOW - DAY, True, id="all: old"),
        pytest.param(Refresh(None, HOUR), NOW - 9999 * DAY, NOW - DAY, NOW, False, id="all: just seen"),
        pytest.param(Refresh(NEVER, HOUR), NOW, NOW, NOW - DAY, False, id="never: new"),
        pytest.param(Refresh(NEVER, HOUR), NOW + DAY, NOW + DAY, NOW + DAY, False, id="never: the clock was put back"),
        pytest.param(Refresh(7 * DAY, NEVER), NOW, NOW, NOW, True, id="every run"),
    ],
)
def test_an_article_is_due(
    refresh: Refresh, published: datetime | None, first_seen: datetime, last_seen: datetime, is_due: bool
) -> None:
    assert refresh.is_due(published, first_seen, last_seen, NOW) is is_due


def test_nightly_runs_look_at_an_article_each_night_of_its_first_week() -> None:
    nights = [NOW + number * DAY + timedelta(minutes=number * 7 % 5) for number in range(12)]
    born = last_seen = nights[0]
    looks = 0
    for night in nights[1:]:
        if DEFAULT.is_due(born, born, last_seen, night):
            looks, last_seen = looks + 1, night
    assert looks == 6


@pytest.mark.parametrize(
    ("tries", "pause"), [(1, HOUR), (2, 2 * HOUR), (3, 4 * HOUR), (7, 64 * HOUR), (8, 64 * HOUR), (10**9, 64 * HOUR)]
)
def test_a_pause_doubles_with_each_try_up_to_a_bound(tries: int, pause: timedelta) -> None:
    assert pause_after(tries, HOUR) == pause


@given(st.text(max_size=12) | st.text("0123456789wdhms ", max_size=12))
def test_an_age_is_read_or_refused(text: str) -> None:
    try:
        assert parse_age(text) >= NEVER
    except ValueError as error:
        assert str(error).startswith("expected an age")  # noqa: PT017


def test_an_age_may_say_how_often() -> None:
    assert parse_refresh("30d/12h", DEFAULT.every) == Refresh(timedelta(days=30), timedelta(hours=12))
    assert parse_refresh("all/0", DEFAULT.every) == Refresh(None, timedelta(0))
