"""What is due, by the schedule and the runs in the index, and what a run means for it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archiver.errors import ConfigurationError
from archiver.index import Index
from archiver.records import RunRecord
from archiver.schedule import Job, parse_cron, standings, to_jobs

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def index(tmp_path: Path, index_url: str) -> Iterator[Index]:
    with closing(Index(index_url or f"sqlite:///{tmp_path / 'index.sqlite'}", tmp_path / "journal.jsonl")) as found:
        yield found


def run(age: timedelta, code: int = 0, channel: str = "", command: str = "crawl", site: str = "town") -> RunRecord:
    return RunRecord(NOW - age, command, site, NOW - age + HOUR / 6, exit_code=code, channel=channel)


def due(index: Index, *jobs: Job) -> list[str]:
    return [it.job.name for it in standings(jobs, index, NOW) if it.is_due(NOW)]


def test_what_was_never_crawled_is_due(index: Index) -> None:
    jobs = [Job("town", every=HOUR), Job("city", cron="0 3 * * *")]
    assert due(index, *jobs) == ["city", "town"]
    assert [it.job.name for it in standings(jobs, None, NOW) if it.is_due(NOW)] == ["city", "town"]


@pytest.mark.parametrize(
    ("job", "age", "is_due"),
    [
        (Job("town", every=HOUR), timedelta(minutes=59), False),
        (Job("town", every=HOUR), timedelta(minutes=60), True),
        (Job("town", cron="0 * * * *"), timedelta(minutes=1), True),
        (Job("town", cron="0 * * * *"), timedelta(0), False),
        (Job("town", cron="5 * * * *"), timedelta(minutes=1), False),
        (Job("town", cron="0 13 * * *", zone=BERLIN), timedelta(minutes=1), True),
        (Job("town", cron="0 13 * * *"), timedelta(minutes=1), False),
        (Job("town", cron="0 0 * * mon"), timedelta(days=1), False),
        (Job("town", cron="0 0 * * 2"), timedelta(days=1), True),  # 2 is Tuesday, which it is
    ],
)
def test_a_job_is_due_at_its_time(index: Index, job: Job, age: timedelta, is_due: bool) -> None:
    index.put(run(age))
    assert due(index, job) == (["town"] if is_due else [])


def test_what_was_missed_is_made_up_for_by_one_run(index: Index) -> None:
    job = Job("town", cron="*/10 * * * *")
    index.put(run(timedelta(days=9)))
    assert due(index, job) == ["town"]
    index.put(run(timedelta(0)))
    assert due(index, job) == []


def test_a_failed_run_is_a_run(index: Index) -> None:
    index.put(run(timedelta(minutes=5), code=1), run(timedelta(hours=3)))
    [standing] = standings([Job("town", every=HOUR)], index, NOW)
    assert standing.next == NOW + timedelta(minutes=55)
    assert standing.last_good == NOW - timedelta(hours=3) + HOUR / 6
    assert standing.is_overdue(NOW)


def test_only_crawls_are_runs_of_a_schedule(index: Index) -> None:
    index.put(run(timedelta(0), command="images"), run(timedelta(0), command="page"), run(timedelta(0), site="city"))
    assert due(index, Job("town", every=HOUR)) == ["town"]


def test_a_channel_is_crawled_with_its_site_or_alone(index: Index) -> None:
    jobs = [Job("town", "news", every=HOUR), Job("town", "sport", every=HOUR), Job("town", every=2 * HOUR)]
    index.put(run(timedelta(0), channel="news,weather"))
    assert due(index, *jobs) == ["town", "town/sport"]
    index.put(run(timedelta(0)))
    assert due(index, *jobs) == []


def test_a_run_of_the_future_counts_for_nothing(index: Index) -> None:
    index.put(run(timedelta(days=-4000)))
    assert due(index, Job("town", every=HOUR)) == ["town"]


def test_the_hour_that_is_left_out_in_spring_is_not_lost() -> None:
    job, last = Job("town", cron="30 2 * * *", zone=BERLIN), datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert job.next_run(last, last) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_the_jitter_is_the_same_for_all_who_ask_and_another_each_time() -> None:
    job = Job("town", every=HOUR, jitter=timedelta(minutes=10))
    moments = [job.next_run(NOW + HOUR * number, NOW) for number in range(50)]
    assert moments == [job.next_run(NOW + HOUR * number, NOW) for number in range(50)]
    delays = [moment - NOW - HOUR * (number + 1) for number, moment in enumerate(moments)]
    assert all(timedelta() <= delay < timedelta(minutes=10) for delay in delays)
    assert len({*delays}) == 50
    assert max(delays) - min(delays) > timedelta(minutes=5)


def test_a_job_is_overdue_after_two_of_its_times() -> None:
    assert Job("town", every=HOUR, jitter=HOUR / 2).allowed(NOW) == 2.5 * HOUR
    assert Job("town", cron="0 3 * * *").allowed(NOW) == timedelta(hours=33)
    assert Job("town", cron="0 3 * * mon").allowed(NOW) == timedelta(days=8, hours=9)


def test_moments_of_cron_are_those_of_crontab() -> None:
    moments, job = [NOW], Job("town", cron="15,45 9-10 * * *")
    for _ in range(6):
        moments.append(job.next_run(moments[-1], NOW))
    assert [f"{it:%H:%M}" for it in moments[1:]] == ["09:15", "09:45", "10:15", "10:45", "09:15", "09:45"]
    assert all(later > earlier for earlier, later in pairwise(moments))


@pytest.mark.parametrize("text", ["", "* * * *", "60 * * * *", "0 0 31 2 *", "daily"])
def test_no_cron_expression(text: str) -> None:
    with pytest.raises(ValueError, match="expected five fields"):
        parse_cron(text)


def test_jobs_are_told_apart_by_site_and_channel() -> None:
    jobs = to_jobs(
        {"town": {"every": HOUR}, "town/新闻": {"cron": "0 3 * * *", "time_zone": BERLIN}}, {"town": ["新闻"]}
    )
    assert jobs == [Job("town", every=HOUR), Job("town", "新闻", cron="0 3 * * *", zone=BERLIN)]
    assert [job.name for job in jobs] == ["town", "town/新闻"]
    with pytest.raises(ConfigurationError, match=r"`schedule.village`: no site village; known are town"):
        to_jobs({"village": {"every": HOUR}}, {"town": []})
    with pytest.raises(ConfigurationError, match=r"`schedule.town/x`: town has no channel x"):
        to_jobs({"town/x": {"every": HOUR}}, {"town": ["news"]})
