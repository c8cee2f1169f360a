"""`archiver schedule`: crawls that begin by themselves, whatever happens to who begins them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.archive import Archive
from archiver.files import lock
from archiver.layout import Layout
from archiver.records import RunRecord
from archiver.scheduler import start_crawl
from tests.conftest import Archiver
from tests.internet import Answer, Asked
from tests.town import NEWS, Town, stories

SETTINGS = "settings: {DOWNLOAD_DELAY: 0, RETRY_PAUSE: 0.02, BLOCKED_PAUSE: 0.02}\n"


@pytest.fixture
def town(archiver: Archiver) -> Town:
    town = Town(archiver.internet, archiver.folder)
    town.stories = stories(3)
    town.publish()
    configure(archiver, "town: {every: 1h}")
    return town


def configure(archiver: Archiver, *jobs: str, more: str = "") -> None:
    text = SETTINGS + "schedule:\n" + "".join(f"  {job}\n" for job in jobs) + more
    (archiver.folder / "archiver.yaml").write_text(text, "utf-8")


def runs(archiver: Archiver) -> list[RunRecord]:
    if not (archiver.output / ".archiver" / "journal.jsonl").exists():
        return []
    with closing(Archive(Layout(archiver.output, archiver.output / "images"), mode="read")) as archive:
        return archive.index.runs()


def until(holds: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@contextmanager
def running(archiver: Archiver, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with archiver.start("schedule", "run", *arguments) as process:
        try:
            yield process
        finally:
            process.kill()


def age(archiver: Archiver, hours: float) -> None:
    """All runs were so much earlier."""
    with closing(Archive(Layout(archiver.output, archiver.output / "images"))) as archive:
        archive.index.put(RunRecord(datetime.now(UTC) - timedelta(hours=hours), "crawl", "town", exit_code=0))


def test_what_is_due_is_crawled_once(town: Town, archiver: Archiver) -> None:
    run = archiver("schedule", "run", "--once")
    assert run.code == 0, run.stderr
    assert [(run.site, run.exit_code, dict(run.counts)["new"]) for run in runs(archiver)] == [("town", 0, 3)]
    assert archiver("schedule", "run", "--once").code == 0
    assert len(runs(archiver)) == 1


def test_a_list_tells_what_comes_next(town: Town, archiver: Archiver) -> None:
    configure(archiver, "town: {every: 1h}", 'town/news: {cron: "0 3 * * *", time_zone: Asia/Shanghai}')
    assert "due" in archiver("schedule", "list").stdout
    archiver("schedule", "run", "--once")
    jobs = archiver("schedule", "list", "--json").summary["jobs"]
    assert [job["job"] for job in jobs] == ["town", "town/news"] or [job["job"] for job in jobs] == [
        "town/news",
        "town",
    ]
    by_name = {job["job"]: job for job in jobs}
    assert by_name["town"]["rule"] == "every 1:00:00"
    assert by_name["town/news"]["next"].endswith("T19:00:00+00:00")
    last, following = (datetime.fromisoformat(by_name["town"][name]) for name in ("last", "next"))
    assert abs((following - last - timedelta(hours=1)).total_seconds()) <= 1


def test_it_crawls_again_and_again_and_stops_cleanly(town: Town, archiver: Archiver) -> None:
    configure(archiver, "town: {every: 2s}")
    with running(archiver) as process:
        until(lambda: len(runs(archiver)) >= 2)
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 130
    starts = [run.start for run in runs(archiver)]
    assert starts[1] - starts[0] >= timedelta(seconds=2)
    assert len(archiver.internet.urls("story-1")) == 1


def slow(archiver: Archiver, town: Town) -> threading.Event:
    """The oldest story comes once the event is set, or after ten seconds; the event that is given back."""
    goes_on, page = threading.Event(), town.stories[-1].page()

    def answer(_: Asked) -> Answer:
        return Answer(page, delay=0 if goes_on.is_set() else 2)

    archiver.internet.pages[town.stories[-1].url] = answer
    return goes_on


def test_a_signal_lets_the_crawl_finish_what_is_in_flight(town: Town, archiver: Archiver) -> None:
    slow(archiver, town)
    with running(archiver) as process:
        until(lambda: archiver.internet.urls("story-1"))
        process.terminate()
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    [run] = runs(archiver)
    assert (run.exit_code, dict(run.counts)["new"]) == (130, 3)


def test_a_scheduler_that_is_killed_loses_no_run_and_doubles_none(town: Town, archiver: Archiver) -> None:
    slow(archiver, town)
    with running(archiver) as process:
        until(lambda: archiver.internet.urls("story-1"))
        process.kill()
    assert runs(archiver) == []
    again = archiver("schedule", "run", "--once")
    assert again.code == 0
    assert [(run.site, dict(run.counts)["new"]) for run in runs(archiver)] == [("town", 3)]
    assert len(archiver.internet.urls("story-1")) == 1


def test_one_scheduler_is_enough_for_an_archive(town: Town, archiver: Archiver) -> None:
    archiver("schedule", "run", "--once")
    with running(archiver):
        path = archiver.output / ".archiver" / "schedule.lock"
        until(lambda: not is_free(path))
        second = archiver("schedule", "run", "--once")
    assert (second.code, "another scheduler" in second.stderr) == (4, True)


def is_free(path: Path) -> bool:
    try:
        os.close(lock(path, note=False))
    except Exception:
        return False
    return True


def test_the_configuration_is_read_again_and_a_wrong_one_is_not_taken(town: Town, archiver: Archiver) -> None:
    archiver("schedule", "run", "--once")
    age(archiver, 0)
    (archiver.folder / "log").write_text("")
    with running(archiver, "--log-file", "log") as process:
        until(lambda: not is_free(archiver.output / ".archiver" / "schedule.lock"))
        time.sleep(1)
        configure(archiver, "town: {every: often}")
        process.send_signal(signal.SIGHUP)
        until(lambda: "the schedule stays as it was" in (archiver.folder / "log").read_text())
        assert "archiver.yaml, line 3: `schedule.town.every`" in (archiver.folder / "log").read_text()
        before = len(runs(archiver))
        configure(archiver, "town: {every: 1s}")
        process.send_signal(signal.SIGHUP)
        until(lambda: len(runs(archiver)) > before)


def test_a_crawl_that_cannot_begin_is_not_started_again_at_once(town: Town, archiver: Archiver) -> None:
    archiver("schedule", "run", "--once")
    age(archiver, 0)
    configure(archiver, "town: {every: 1s}")
    time.sleep(1)
    handle = lock(archiver.output / ".archiver" / "lock")
    try:
        run = archiver("schedule", "run", "--once")
    finally:
        os.close(handle)
    assert (run.code, run.stderr.count("starts:"), "is in use by process" in run.stderr) == (4, 1, True)


def test_all_sites_that_are_due_are_crawled_side_by_side(town: Town, archiver: Archiver) -> None:
    definition = (archiver.folder / "sites" / "town.yaml").read_text()
    (archiver.folder / "sites" / "city.yaml").write_text(
        definition.replace("town.example", "city.example").replace("web, town", "web, city")
    )
    archiver.internet.pages["https://city.example/news/"] = Answer("<html></html>")
    configure(archiver, "town: {every: 1h}", "city: {every: 1h}", "town/news: {every: 1h}")
    run = archiver("schedule", "run", "--once")
    assert run.stderr.count("starts:") == 1, run.stderr  # the channel is crawled with its site
    assert {(run.site, run.channel) for run in runs(archiver)} == {("town", ""), ("city", "")}


def test_a_channel_is_crawled_alone(town: Town, archiver: Archiver) -> None:
    configure(archiver, "town/news: {every: 1h}")
    assert archiver("schedule", "run", "--once").code == 0
    assert [(run.site, run.channel) for run in runs(archiver)] == [("town", "news")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`schedule` says for no site when it is crawled"),
        ("schedule: {village: {every: 1h}}\n", "`schedule.village`: no site village"),
        ("schedule: {36kr/体育: {every: 1h}}\n", "`schedule.36kr/体育`: 36kr has no channel 体育"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_told(archiver: Archiver, text: str, message: str) -> None:
    (archiver.folder / "archiver.yaml").write_text(text, "utf-8")
    run = archiver("schedule", "run", "--once")
    assert (run.code, message in run.stderr) == (2, True)
    assert not archiver.output.exists()


def test_a_password_of_the_index_is_no_word_of_a_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: seen.append((command, options["env"])))
    layout = Layout(tmp_path, tmp_path / "images", index="postgresql://me:S3CR3T@db.example/archive")
    start_crawl(["--", "town"], layout)
    [(command, environment)] = seen
    assert "S3CR3T" not in " ".join(command)
    assert command[-2:] == ["--", "town"]
    assert environment["ARCHIVER_INDEX"] == layout.index


# What is told.


def test_who_is_to_be_told_is_told_once(town: Town, archiver: Archiver) -> None:
    told: list[dict[str, object]] = []

    def hook(asked: Asked) -> Answer:
        told.append({**json.loads(asked.body), "authorization": asked.headers.get("authorization")})
        return Answer("ok")

    archiver.internet.pages["http://hooks.example/archive"] = hook
    archiver.environment |= {"ARCHIVER_WEBHOOK_TOKEN": "S3CR3T"}
    configure(archiver, "town: {every: 1h}", more="notify: {webhook: 'http://hooks.example/archive'}\n")
    archiver.internet.pages[NEWS] = Answer("gone", 500)
    archiver("crawl", "36kr")
    assert archiver("schedule", "run", "--once").code == 1
    archiver("status", "--notify")
    assert [(it["new"], it["over"], it["authorization"]) for it in told] == [
        (["town: overdue, last good run never"], [], "Bearer S3CR3T")
    ]
    town.publish()
    archiver("crawl", "town")
    archiver("status", "--notify")
    assert [(it["new"], it["over"]) for it in told[1:]] == [([], ["town: overdue, last good run never"])]


def test_a_message_that_cannot_be_sent_is_sent_the_next_time(town: Town, archiver: Archiver) -> None:
    answers = [Answer("no", 500), Answer("ok")]
    archiver.internet.pages["http://hooks.example/archive"] = lambda _: answers.pop(0)
    configure(archiver, "town: {every: 1h}", more="notify: {webhook: 'http://hooks.example/archive'}\n")
    archiver("page", town.stories[0].url)
    first, second = archiver("status", "--notify"), archiver("status", "--notify")
    assert (first.code, "webhook at hooks.example" in first.stderr) == (1, True)
    assert (second.code, answers) == (1, [])


def test_mail_is_sent(town: Town, archiver: Archiver) -> None:
    with mail_server() as (port, received):
        smtp = f"notify: {{smtp: {{host: 127.0.0.1, port: {port}, from: a@town.example, to: b@town.example}}}}\n"
        configure(archiver, "town: {every: 1h}", more=smtp)
        archiver("page", town.stories[0].url)
        assert archiver("status", "--notify").code == 1
    text = "".join(received)
    assert "Subject: archiver: town: overdue, last good run never" in text
    assert "To: b@town.example" in text


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """A mail server that takes one message."""
    import socket

    received: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rw", encoding="utf-8", newline="\r\n") as stream:
                say = {"EHLO": "250 town", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "QUIT": "221 bye"}
                stream.write("220 town\r\n")
                stream.flush()
                for line in stream:
                    if line[:4].upper() in say:
                        stream.write(say[line[:4].upper()] + "\r\n")
                    elif line == ".\r\n":
                        stream.write("250 taken\r\n")
                    else:
                        received.append(line)
                    stream.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], received
        thread.join(30)


# What is installed.


def installed(archiver: Archiver, kind: str) -> dict[str, str]:
    folder = archiver.folder / "units"
    run = archiver("schedule", "install", f"--{kind}", "--to", str(folder))
    assert run.code == 0, run.stderr
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_systemd_takes_the_units(town: Town, archiver: Archiver) -> None:
    units = installed(archiver, "systemd")
    assert {*units} == {"archiver.service", "archiver.timer"}
    assert "Persistent=true" in units["archiver.timer"]
    assert f"WorkingDirectory={archiver.folder}" in units["archiver.service"]
    try:
        check = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *(str(archiver.folder / "units" / name) for name in units)],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent("systemd-analyze is not installed")
    complaints = [line for line in check.stderr.splitlines() if "archiver" in line and "not executable" not in line]
    assert complaints == []


def test_cron_takes_the_line_and_it_runs(town: Town, archiver: Archiver) -> None:
    [line] = installed(archiver, "cron").values()
    fields, command = line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]
    assert fields == ["*/5", "*", "*", "*", "*"]
    place = f"{sys.executable} -m archiver"
    ready = command.replace("\\%", "%").replace(" archiver schedule", f" {place} schedule")
    environment = archiver.environment
    assert subprocess.run(["sh", "-c", ready], env=environment, check=False, capture_output=True).returncode == 0
    assert len(runs(archiver)) == 1


def test_the_workflow_is_one(town: Town, archiver: Archiver) -> None:
    import yaml

    [text] = installed(archiver, "github-actions").values()
    workflow = yaml.safe_load(text)
    assert {*workflow} == {"name", True, "permissions", "concurrency", "jobs"}  # YAML 1.1 reads `on` as true
    steps = workflow["jobs"]["crawl"]["steps"]
    assert [("uses" in step) != ("run" in step) for step in steps] == [True] * len(steps)
    assert "archiver schedule run --once" in "".join(step.get("run", "") for step in steps)


def test_nothing_of_somebody_elses_is_written_over(town: Town, archiver: Archiver) -> None:
    installed(archiver, "cron")
    installed(archiver, "cron")
    (archiver.folder / "units" / "archiver.crontab").write_text("mine\n")
    run = archiver("schedule", "install", "--cron", "--to", "units")
    assert (run.code, "says something else" in run.stderr) == (2, True)
    assert (archiver.folder / "units" / "archiver.crontab").read_text() == "mine\n"
