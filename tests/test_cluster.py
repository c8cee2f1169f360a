"""`archiver plan` and `archiver work`: crawls on many machines, with a real Redis and a real PostgreSQL."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from archiver.archive import Archive
from archiver.outcomes import INTERRUPTED
from tests.conftest import Archiver
from tests.many_machines import Country, Machines, family, many_machines, until

postgresql = pytest.mark.parametrize("index_url", ["postgresql"], indirect=True)


@postgresql
def test_four_workers_of_which_two_are_killed_archive_what_one_process_does(
    tmp_path: Path, index_url: str, broker: str
) -> None:
    assert many_machines(tmp_path, index_url, broker, sites=12, count=25) == []


@postgresql
def test_they_do_so_in_a_bucket(tmp_path: Path, index_url: str, broker: str, bucket: str) -> None:
    output = f"s3://{bucket}/news"
    assert many_machines(tmp_path, index_url, broker, sites=4, count=15, output=output) == []


@postgresql
def test_a_worker_that_is_asked_to_end_lets_its_crawl_finish_what_is_in_flight(
    tmp_path: Path, index_url: str, broker: str
) -> None:
    country = Country(2, 30)
    place = Machines(tmp_path / "place", country, {"ARCHIVER_INDEX": index_url, "ARCHIVER_BROKER": broker})
    with country.running():
        place.begin()
        place.plan("--send")
        with place.working(1) as [worker]:
            until(lambda: country.given.total() > 4, 30)
            crawls = family(worker.pid)[1:]
            worker.terminate()
            assert worker.wait(timeout=30) == INTERRUPTED
    assert not [number for number in crawls if Path(f"/proc/{number}").exists()]
    with closing(Archive(place.layout, mode="read")) as archive:
        [run] = archive.index.runs()
        assert run.exit_code == INTERRUPTED
        assert 0 < dict(run.counts)["new"] < 30
    assert place.leftovers() == []


@postgresql
def test_one_site_is_crawled_once_at_a_time_and_another_beside_it(tmp_path: Path, index_url: str) -> None:
    country = Country(2, 30)
    place = Machines(tmp_path / "place", country, {"ARCHIVER_INDEX": index_url})
    with country.running():
        place.begin()
        with place.start("crawl", "-s", "DOWNLOAD_DELAY=0.3", "town00") as first:
            until(lambda: country.given.total() > 4, 30)
            others = (["crawl", "town00"], ["images"], ["crawl", "--limit=2", "town01"])
            assert [it.wait(60) for it in [place.start(*words) for words in others]] == [4, 4, 0]
            assert first.poll() is None
            assert place.start("crawl", "--wait=60", "town00").wait(60) == 0
            assert first.wait(1) == 0
    log = (place.folder / "log").read_text("utf-8")
    assert "archiver: site town00 is being crawled by another run" in log
    assert "site town00 is being crawled by another run; waiting for it to end" in log
    assert set(country.given.values()) == {1}


def configure(archiver: Archiver) -> None:
    (archiver.folder / "archiver.yaml").write_text("schedule: {36kr: {every: 1h}, 36kr/快讯: {every: 15m}}\n", "utf-8")


def test_a_plan_is_the_same_whoever_asks(archiver: Archiver) -> None:
    configure(archiver)
    first, second = archiver("plan"), archiver("plan", "--due")
    assert first.stdout == second.stdout
    assert [json.loads(line) for line in first.stdout.splitlines()] == [
        {"id": "36kr@first", "site": "36kr", "channel": "", "slot": "", "arguments": ["crawl", "--", "36kr"]},
        {
            "id": "36kr/快讯@first",
            "site": "36kr",
            "channel": "快讯",
            "slot": "",
            "arguments": ["crawl", "--channel=快讯", "--", "36kr"],
        },
    ]
    assert not archiver.output.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "--send"], "the broker is a Redis"),
        (["plan", "--send", "--broker", "redis://127.0.0.1:1/0"], "the broker cannot be reached"),
        (["work", "--broker", "redis://127.0.0.1:1/0"], "only where its --index is PostgreSQL"),
        (["work", "--visibility-timeout", "soon"], "--visibility-timeout"),
    ],
)
def test_what_cannot_work_is_told(archiver: Archiver, arguments: list[str], message: str) -> None:
    configure(archiver)
    run = archiver(*arguments)
    assert (run.code, message in run.stderr) == (2, True), run.stderr


def test_who_has_no_celery_is_told_how_to_get_it(archiver: Archiver, tmp_path: Path) -> None:
    configure(archiver)
    (tmp_path / "celery.py").write_text("raise ModuleNotFoundError('gone', name='celery')")
    archiver.environment["PYTHONPATH"] = f"{tmp_path}:{Path(__file__).parents[1]}"
    run = archiver("plan", "--send", "--broker", "redis://127.0.0.1:1/0")
    assert (run.code, "pip install 'archiver[cluster]'" in run.stderr) == (2, True), run.stderr
