"""`archiver status`: what a cron job or a monitor wants to know of an archive."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.health import Health, examine
from archiver.index import Index
from archiver.records import ArticleRecord, DeferredRecord, ImageRecord, Record, RunRecord
from archiver.schedule import Job
from tests.conftest import Archiver

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def index(tmp_path: Path, index_url: str) -> Iterator[Index]:
    with closing(Index(index_url or f"sqlite:///{tmp_path / 'index.sqlite'}", tmp_path / "journal.jsonl")) as found:
        yield found


def story(site: str, number: int, **more: Any) -> ArticleRecord:
    return ArticleRecord(f"web/{site}/news/{number}.md", f"https://{site}.example/{number}", site, "news", **more)


def picture(site: str, number: int, **more: Any) -> ImageRecord:
    return ImageRecord(f"web/{site}/news/{number}.md", f"https://img.example/{number}.jpg", **more)


def run(site: str, age: timedelta, code: int = 0, command: str = "crawl") -> RunRecord:
    return RunRecord(NOW - age - timedelta(minutes=5), command, site, NOW - age, exit_code=code)


TOWN: tuple[Record, ...] = (
    story("town", 1, published=NOW - 3 * DAY),
    story("town", 2, published=NOW - DAY, state="held", reason="much shorter"),
    story("town", 3, state="gone"),
    picture("town", 1, path="web/town/news/1.jpg"),
    picture("town", 2, reason="HTTP 404"),
    picture("town", 3, reason="HTTP 500"),
    DeferredRecord("town.example/4", site="town", outcome="blocked"),
    DeferredRecord("town.example/5", site="town", outcome="failed"),
    DeferredRecord("town.example/6", site="town", outcome="failed"),
    DeferredRecord("town.example/7", site="town", outcome="skipped"),
    run("town", 3 * DAY),
    run("town", 2 * DAY),
    run("town", DAY, code=1),
    run("town", timedelta(), command="page"),
    run("", timedelta(), command="adopt"),
)


def test_each_site_is_counted(index: Index) -> None:
    old = ArticleRecord("新媒体/小城/快讯/旧闻.md", title="旧闻")
    index.put(*TOWN, story("city", 1), old, ImageRecord("x/y/z/nobody.md", "https://img.example/x.jpg"))
    assert examine(index, [], NOW)[0] == [
        Health("", articles=1, images_missing=1),
        Health("city", articles=1),
        Health(
            "town",
            articles=3,
            newest=NOW - DAY,
            last_good=NOW - 2 * DAY,
            last_run=NOW - DAY - timedelta(minutes=5),
            images_missing=2,
            held=1,
            gone=1,
            blocked=1,
            failed=2,
        ),
    ]


def test_an_archive_without_anything_has_no_sites(index: Index) -> None:
    assert examine(index, [], NOW) == ([], [])


@pytest.mark.parametrize(
    ("schedule", "max_age", "overdue"),
    [
        pytest.param({}, None, [], id="nobody has said how often"),
        pytest.param({"town": DAY}, None, [], id="just twice as old as the pause"),
        pytest.param({"town": DAY - timedelta(hours=1)}, None, ["town"], id="older than that"),
        pytest.param({"village": 10 * DAY}, None, ["village"], id="never crawled"),
        pytest.param({"bad": 10 * DAY}, None, ["bad"], id="never crawled well"),
        pytest.param({}, 3 * DAY, ["bad"], id="one age for all, young enough"),
        pytest.param({}, DAY, ["bad", "town"], id="one age for all, too old"),
        pytest.param({"town": DAY, "bad": DAY}, DAY, ["bad"], id="a schedule goes before the age for all"),
    ],
)
def test_a_site_is_overdue(
    index: Index, schedule: dict[str, timedelta], max_age: timedelta | None, overdue: list[str]
) -> None:
    page_only, taken_over = story("city", 1), ArticleRecord("新媒体/小城/快讯/旧闻.md")
    index.put(*TOWN, run("bad", DAY, code=1), page_only, taken_over)
    jobs = [Job(site, every=every) for site, every in schedule.items()]
    sites, complaints = examine(index, jobs, NOW, max_age)
    assert [site.site for site in sites if site.overdue] == overdue
    assert [complaint.subject for complaint in complaints if complaint.kind == "overdue"] == overdue


def archived(folder: Path, *records: Record) -> None:
    state = folder / ".archiver"
    state.mkdir(parents=True)
    with closing(Index(f"sqlite:///{state / 'index.sqlite'}", state / "journal.jsonl")) as index:
        index.put(*records)


def good(site: str, age: timedelta) -> RunRecord:
    end = datetime.now(UTC) - age
    return RunRecord(end, "crawl", site, end)


@pytest.mark.parametrize(
    ("age", "code", "word"),
    [(timedelta(hours=47), 0, ""), (timedelta(hours=49), 1, "overdue")],
    ids=["in time", "late"],
)
def test_the_schedule_of_archiver_yaml_decides(archiver: Archiver, age: timedelta, code: int, word: str) -> None:
    archived(archiver.output, story("town", 1, published=NOW), good("town", age))
    (archiver.folder / "archiver.yaml").write_text("schedule:\n  town:\n    every: 1d\n")
    run = archiver("status")
    [line] = [line for line in run.stdout.splitlines() if line.startswith("town ")]
    assert (run.code, line.split()[:4], line.split()[-1] == "overdue") == (
        code,
        ["town", "1", "2026-03-10", "12:00"],
        bool(word),
    )


def test_status_is_one_json_object_for_programs(archiver: Archiver) -> None:
    archived(archiver.output, story("town", 1, published=NOW), run("town", DAY))
    found = archiver("status", "--json", "--max-age", "2d")
    assert (found.code, found.summary) == (
        1,
        {
            "sites": [
                {
                    "site": "town",
                    "articles": 1,
                    "newest": "2026-03-10T12:00:00+00:00",
                    "last_good": "2026-03-09T12:00:00+00:00",
                    "last_run": "2026-03-09T11:55:00+00:00",
                    "images_missing": 0,
                    "held": 0,
                    "gone": 0,
                    "blocked": 0,
                    "failed": 0,
                    "overdue": True,
                }
            ],
            "complaints": [
                {"subject": "town", "kind": "overdue", "text": "overdue, last good run 2026-03-09 12:00"},
            ],
        },
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("schedule: {36kr: {every: 6h}}\n", 1, id="a schedule that was not kept"),
        pytest.param("notify: {webhook: https://hooks.example/archive}\n", 0, id="whom to notify"),
    ],
)
def test_what_is_said_of_schedules_disturbs_no_other_command(archiver: Archiver, text: str, code: int) -> None:
    (archiver.folder / "archiver.yaml").write_text(text)
    assert [archiver(command).code for command in ("sites", "demo", "verify", "runs", "status")] == [0, 0, 0, 0, code]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("schedule: daily\n", "line 1: `schedule`: expected `key: value` lines", id="no mapping"),
        pytest.param(
            "schedule:\n  town: 1d\n", "line 2: `schedule.town`: expected `key: value` lines", id="no mapping below"
        ),
        pytest.param(
            "schedule:\n  town: {}\n", "line 2: `schedule.town`: expected one of `every` and `cron`", id="nothing said"
        ),
        pytest.param(
            "schedule:\n  town:\n    every: often\n",
            "line 3: `schedule.town.every`: expected an age such as 7d, 12h, 30m, 1d12h or 0, not 'often'",
            id="no age",
        ),
        pytest.param(
            "schedule:\n  town:\n    every: 0\n",
            "line 3: `schedule.town.every`: expected more than no time, not '0'",
            id="no time at all",
        ),
        pytest.param(
            "schedule:\n  town:\n    every: 1d\n    cron: 0 3 * * *\n",
            "line 3: `schedule.town`: expected one of `every` and `cron`",
            id="both",
        ),
        pytest.param(
            "schedule:\n  town:\n    every: 1d\n    time_zone: Asia/Shanghai\n",
            "line 4: `schedule.town.time_zone`: only `cron` has a time zone",
            id="a zone without cron",
        ),
        pytest.param(
            "schedule:\n  town:\n    cron: at noon\n",
            "line 3: `schedule.town.cron`: expected five fields as crontab has them, such as 30 3 * * *, not 'at noon'",
            id="no cron expression",
        ),
        pytest.param(
            "schedule:\n  town:\n    evry: 1d\n",
            "line 3: `schedule.town`: unknown key `evry`, perhaps `every`?",
            id="a slip of the pen",
        ),
    ],
)
def test_a_wrong_schedule_is_told_with_its_line(archiver: Archiver, text: str, message: str) -> None:
    archiver.output.mkdir()
    (archiver.folder / "archiver.yaml").write_text(text)
    run = archiver("status")
    assert (run.code, run.stdout) == (2, "")
    assert f"archiver.yaml, {message}" in run.stderr


def test_a_wrong_age_is_a_wrong_command(archiver: Archiver) -> None:
    archiver.output.mkdir()
    run = archiver("status", "--max-age", "soon")
    assert run.code == 2
    assert "expected an age such as 7d" in run.stderr


def test_an_archive_that_is_not_there_is_a_wrong_command(archiver: Archiver) -> None:
    run = archiver("status")
    assert (run.code, run.stdout) == (2, "")
    assert "output: there is no archive" in run.stderr
