"""What a run leaves for people and programs: reports, run records, metrics, logs; and what its yield tells."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import html5lib
import pytest
from prometheus_client.parser import text_string_to_metric_families

from archiver.files import write_whole
from archiver.metrics import buckets, kind_of
from archiver.outcomes import BOUNDS
from archiver.records import RunRecord
from archiver.reports import KEPT, masked_word, report_of, to_record, write_report
from archiver.yields import complaints
from tests.conftest import FAST, Archiver
from tests.internet import Answer, Asked
from tests.test_scheduler import until
from tests.town import Town, stories

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def town(archiver: Archiver) -> Town:
    town = Town(archiver.internet, archiver.folder)
    town.stories = stories(4)
    town.stories[0].image = town.stories[1].image = True
    town.publish()
    archiver.internet.pages[town.stories[3].url] = Answer("no", 404)
    return town


def test_every_run_leaves_a_report(town: Town, archiver: Archiver) -> None:
    archiver("crawl", "town", *FAST)
    folder = archiver.output / ".archiver" / "runs"
    [json_file], [page] = folder.glob("*.json"), folder.glob("*.html")
    assert json_file.stem == page.stem
    report = json.loads(json_file.read_text("utf-8"))
    assert (report["command"], report["exit_code"], report["new"], report["stored"]) == ("crawl", 1, 3, 2)
    assert report["arguments"][:2] == ["crawl", "town"]
    assert [problem["reason"] for problem in report["problems"]] == ["HTTP 404"]
    site = report["sites"]["town"]
    assert (site["new"], site["failed"], site["found"]) == (3, 1, {"published": 3, "image_url": 2})
    assert sum(site["latency"]["counts"]) == report["requests"] == site["requests"]
    assert site["latency"]["sum"] > 0
    document = html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False)
    assert "HTTP 404" in "".join(document.itertext())
    assert len(document.findall(".//{http://www.w3.org/2000/svg}svg")) == 4
    assert not document.findall(".//script")
    assert not re.search(r"(?:src|href)=", page.read_text("utf-8"))


def test_runs_are_listed_with_their_reports(town: Town, archiver: Archiver) -> None:
    archiver("crawl", "town", *FAST)
    archiver("images", *FAST)
    found = archiver("runs", "--json").summary["runs"]
    assert [(run["command"], run["site"], run["exit_code"]) for run in found] == [
        ("crawl", "town", 1),
        ("images", "", 0),
    ]
    assert all(Path(archiver.folder, run["report"]).exists() for run in found)
    assert found[0]["counts"]["new"] == 3
    text = archiver("runs", "--site", "town").stdout
    assert "town" in text
    assert "images" not in text.splitlines()[1]


def test_a_trial_leaves_no_report(town: Town, archiver: Archiver) -> None:
    archiver("crawl", "town", "--dry-run", *FAST)
    assert not archiver.output.exists()


def test_no_report_holds_a_secret_or_markup_of_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archiver.outcomes import Summary

    monkeypatch.setattr("sys.argv", ["archiver", "crawl", "https://user:S3CR3T@town.example/?token=S3CR3T"])
    bad = {"outcome": "failed", "url": "https://a.example/<script>x</script>", "reason": "<img src=x onerror=y>"}
    own = Summary(problems=[bad])
    page = write_report(tmp_path, report_of(NOW, NOW, "crawl", {"town": own}, own), [record(NOW, own)], write_whole)
    for file in (tmp_path / ".archiver" / "runs").iterdir():
        assert "S3CR3T" not in file.read_text("utf-8")
    assert "<script>" not in page.read_text("utf-8")
    assert "<img" not in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("HTTPAUTH_PASS=S3CR3T", "HTTPAUTH_PASS=***"),
        ("DOWNLOAD_DELAY=0.5", "DOWNLOAD_DELAY=0.5"),
        ("https://town.example/?token=S3CR3T&a=1", "https://town.example/?token=***&a=1"),
        ("town", "town"),
    ],
)
def test_a_word_of_the_command_line_tells_no_secret(word: str, shown: str) -> None:
    assert masked_word(word) == shown


def record(start: datetime, own: object) -> RunRecord:
    return to_record(start, start, "crawl", "town", "", own)  # type: ignore[arg-type]


def test_old_reports_make_way(tmp_path: Path) -> None:
    from archiver.outcomes import Summary

    folder = tmp_path / ".archiver" / "runs"
    folder.mkdir(parents=True)
    for number in range(KEPT + 3):
        for kind in ("json", "html"):
            (folder / f"20200101T000000.{number:06}Z-crawl.{kind}").touch()
    own = Summary()
    page = write_report(tmp_path, report_of(NOW, NOW, "crawl", {"town": own}, own), [record(NOW, own)], write_whole)
    for kind in ("json", "html"):
        left = sorted(folder.glob(f"*.{kind}"))
        assert len(left) == KEPT
        assert left[-1].stem == page.stem
        assert left[0].name.startswith("20200101T000000.000004Z")


@pytest.mark.parametrize(
    ("arguments", "command", "channel"),
    [
        ((), "crawl", ""),
        (("-a", "channel=news"), "crawl", ""),  # the only one
        (("-a", "urls=URL"), "page", ""),
    ],
)
def test_a_crawl_that_scrapy_has_begun_is_a_run_too(
    town: Town, archiver: Archiver, arguments: tuple[str, ...], command: str, channel: str
) -> None:
    (archiver.folder / "scrapy.cfg").write_text("[settings]\ndefault = archiver.settings\n", "utf-8")
    given = [word.replace("URL", town.stories[0].url) for word in arguments]
    words = ["scrapy", "crawl", "town", *given, "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_PAUSE=0.02"]
    subprocess.run(
        [sys.executable, "-m", *words], cwd=archiver.folder, env=archiver.environment, check=True, timeout=60
    )
    (run,) = archiver("runs", "--json").summary["runs"]
    assert (run["command"], run["site"], run["channel"]) == (command, "town", channel)
    assert run["exit_code"] == (1 if command == "crawl" else 0)  # one of its articles is not to be had
    assert run["counts"]["new"] == (3 if command == "crawl" else 1)
    assert f"-{command}" in run["report"]
    report = json.loads((archiver.folder / run["report"]).with_suffix(".json").read_text("utf-8"))
    assert report["sites"]["town"]["new"] == run["counts"]["new"]


# Metrics.


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_are_written_to_a_file(town: Town, archiver: Archiver) -> None:
    archiver("crawl", "town", "--metrics", "town.prom", *FAST)
    found = samples((archiver.folder / "town.prom").read_text("utf-8"))
    assert found["archiver_articles_total", "new", "town"] == 3
    assert found["archiver_articles_total", "failed", "town"] == 1
    assert found["archiver_images_total", "stored", "town"] == 2
    assert found["archiver_failures_total", "failed", "HTTP 404", "town"] == 1
    assert found["archiver_response_seconds_count", "town"] == found["archiver_requests_total", "town"]
    assert found["archiver_response_seconds_bucket", "+Inf", "town"] == found["archiver_requests_total", "town"]
    assert found["archiver_response_bytes_total", "town"] > 1000
    assert found["archiver_queue", "town"] == 0
    assert found["archiver_last_success_timestamp_seconds", "town"] == 0
    town.publish()
    archiver("crawl", "town", "--metrics", "town.prom", *FAST)
    found = samples((archiver.folder / "town.prom").read_text("utf-8"))
    assert abs(found["archiver_last_success_timestamp_seconds", "town"] - time.time()) < 60


def test_promtool_finds_no_fault_with_them(town: Town, archiver: Archiver) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("promtool is not installed")
    archiver("crawl", "town", "--metrics", "town.prom", *FAST)
    with (archiver.folder / "town.prom").open("rb") as metrics:
        check = subprocess.run(
            [promtool, "check", "metrics"], check=False, stdin=metrics, capture_output=True, text=True, timeout=30
        )
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_metrics_are_served_while_a_run_goes_on(town: Town, archiver: Archiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    seen: list[str] = []

    def slow(_: Asked) -> Answer:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            seen.append(answer.read().decode())
        return Answer(town.stories[2].page())

    archiver.internet.pages[town.stories[2].url] = slow
    run = archiver("crawl", "town", "--metrics", str(port), *FAST)
    until(lambda: seen)
    found = samples(seen[0])
    assert found["archiver_requests_total", "town"] >= 2, run.stderr
    assert ("archiver_articles_total", "new", "town") in found


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [("PORT", 2, "--metrics"), ("nowhere/there/town.prom", 3, "nowhere/there/town.prom")],
    ids=["a port that is taken", "a folder that is not there"],
)
def test_metrics_that_cannot_be_published_are_told_before_anything_is_asked(
    town: Town, archiver: Archiver, target: str, code: int, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = archiver("crawl", "town", "--metrics", target.replace("PORT", str(taken.getsockname()[1])), *FAST)
    assert (run.code, words in run.stderr) == (code, True)
    assert archiver.internet.asked == []


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("HTTP 404", "HTTP 404"),
        ("connection failed: [Errno 111] to 10.0.0.1", "connection failed"),
        ("redirected to http://evil.example/x", "redirected to"),
        ("cut short or damaged, 812 bytes", "cut short or damaged, bytes"),
        ("", "other"),
    ],
)
def test_reasons_are_few(reason: str, kind: str) -> None:
    assert kind_of({"outcome": "failed", "url": "https://a.example/", "reason": reason}) == ("failed", kind)


def test_classes_of_times_are_cumulative() -> None:
    assert buckets([1] * (len(BOUNDS) + 1))[-1] == ("+Inf", len(BOUNDS) + 1)
    assert buckets([2, 1] + [0] * (len(BOUNDS) - 1))[:2] == [("0.05", 2), ("0.1", 3)]


# Logs.


def test_a_log_of_json_objects(town: Town, archiver: Archiver) -> None:
    run = archiver("crawl", "town", "--log-format", "json", "--log-file", "logs/town.log", *FAST)
    assert run.stderr == ""
    lines = [json.loads(line) for line in (archiver.folder / "logs" / "town.log").read_text("utf-8").splitlines()]
    assert {"time", "level", "logger", "message"} == {key for line in lines for key in line}
    [bad] = [line for line in lines if line["level"] == "WARNING"]
    assert bad["message"].startswith("failed: https://town.example/news/story-1.html (HTTP 404)")
    assert datetime.fromisoformat(bad["time"]).tzinfo is not None


def test_a_log_file_is_rotated(tmp_path: Path) -> None:
    import logging

    from archiver.log import KEPT as OLDER
    from archiver.log import LogTarget

    handler = LogTarget(tmp_path / "town.log").handler(sys.stderr, has_time=False)
    entry = logging.LogRecord("archiver", logging.INFO, "", 1, "x" * 1_000_000, (), None)
    for _ in range(100):
        handler.emit(entry)
    handler.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == OLDER + 1
    assert all(file.stat().st_size <= 10_000_000 for file in files)


# The yield.


def crawls(*counts: dict[str, int]) -> list[RunRecord]:
    return [
        RunRecord(NOW + timedelta(hours=number), "crawl", "town", counts=tuple(found.items()))
        for number, found in enumerate(counts)
    ]


FULL = {"new": 5, "authors": 5, "published": 5, "image_url": 4}
FIRST = {"new": 300, "authors": 300, "published": 300, "image_url": 240}


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        pytest.param([], [], id="no run"),
        pytest.param([FIRST], [], id="the first"),
        pytest.param([FIRST, *[{"known": 30}] * 50], [], id="nothing is known of its pace"),
        pytest.param([FIRST, *[FULL] * 9, {"known": 30}], [], id="one quiet run"),
        pytest.param(
            [FIRST, *[FULL] * 9, {}, {}],
            [("silent", "no article in 2 runs, where 10 were to be expected")],
            id="two quiet runs of a site that brought five each time",
        ),
        pytest.param(
            [FIRST, *[{"new": 1, "authors": 1, "published": 1, "image_url": 1}, {}] * 5, *[{}] * 9],
            [],
            id="a slow site, not long enough quiet",
        ),
        pytest.param(
            [FIRST, *[FULL] * 9, {"new": 5, "published": 5, "image_url": 5}],
            [("authors", "0% of the last 5 articles have `authors`, 100% had")],
            id="authors are gone",
        ),
        pytest.param([FIRST, *[FULL] * 9, {"new": 4, "published": 4, "image_url": 4}], [], id="too few to tell"),
        pytest.param(
            [FIRST, *[FULL] * 9, *[{"new": 1, "authors": 1, "published": 1}] * 5],
            [("image_url", "0% of the last 5 articles have `image_url`, 80% had")],
            id="images are gone, over several runs",
        ),
        pytest.param([{"new": 50}, *[{"new": 5}] * 9], [], id="it never had any"),
    ],
)
def test_a_yield_out_of_its_own_history_is_noticed(runs: list[dict[str, int]], found: list[tuple[str, str]]) -> None:
    assert [*complaints(crawls(*runs))] == found


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    from archiver.metrics import RunCollector
    from archiver.outcomes import Summary

    dashboard = json.loads((Path(__file__).parents[1] / "deploy" / "grafana.json").read_text("utf-8"))
    there = set()
    for family in RunCollector(lambda: {"town": (Summary(), 0, 0.0)}).collect():
        there |= {family.name, *(sample.name for sample in family.samples)}
    there.add("archiver_failures_total")  # without a failure it has no sample
    wanted = {name for panel in dashboard["panels"] for target in panel["targets"] for name in
              re.findall(r"archiver_\w+", target["expr"])}  # fmt: skip
    assert len(wanted) >= 7
    assert wanted <= there
