"""The machine refuses: a disk that is full, a folder that is closed, an index that is gone. The next run goes on."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.archive import Archive
from archiver.files import TEMPORARY
from archiver.images import inspect
from archiver.layout import Layout
from archiver.ledger import Ledger
from archiver.post import parse
from archiver.records import ArticleRecord, DeferredRecord
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Internet
from tests.town import Town, stories

OLD = datetime(2020, 5, 1, tzinfo=UTC)
COUNT = 12
CRAWL = ("crawl", "town", "--json", *FAST)


@pytest.fixture
def town(internet: Internet, archiver: Archiver) -> Town:
    """Twelve articles, each with an image of 9 kB that its page declares."""
    found = Town(internet, archiver.folder, stories(COUNT, OLD))
    for story in found.stories:
        story.head = f'<meta property="og:image" content="{story.picture}">'
    found.publish()
    return found


def crawl(archiver: Archiver, *arguments: str) -> Run:
    return archiver(*CRAWL, *arguments)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system of its own at a folder, or the folder over itself."""
    folder.mkdir(exist_ok=True)
    tried = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"nothing can be mounted: {tried.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def assert_whole(output: Path) -> None:
    """Nothing is half-written: every post is one, every image shows, and what is in the journal is there."""
    names = [path for path in output.rglob("*") if path.is_file() and path.parent.name not in (".archiver", "runs")]
    assert [*output.rglob(f"{TEMPORARY}*")] == []
    for path in names:
        if path.suffix == ".md":
            parse(path.read_text("utf-8"))
        else:
            inspect(path.read_bytes())


def assert_complete(town: Town, run: Run) -> None:
    """Every article once, with its image."""
    assert run.posts().keys() == {story.url for story in town.stories}
    assert len(run.files()) == 2 * COUNT
    assert_whole(run.output)


# The disk.


@pytest.mark.parametrize("size", ["40k", "120k", "200k"])
def test_a_disk_that_is_full_stops_the_run_and_the_next_one_goes_on(town: Town, archiver: Archiver, size: str) -> None:
    with mounted(archiver.output, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        run = crawl(archiver)
        assert run.code == 3, run.stderr
        assert "No space left on device" in run.stderr or "disk is full" in run.stderr
        assert_whole(archiver.output)
        remount(archiver.output, "size=16m")
        run = crawl(archiver)
        assert run.code == 0, run.stderr
        assert_complete(town, run)


def test_a_file_system_without_inodes_stops_the_run_and_the_next_one_goes_on(town: Town, archiver: Archiver) -> None:
    with mounted(archiver.output, "-t", "tmpfs", "-o", "nr_inodes=24", "tmpfs"):
        run = crawl(archiver)
        assert (run.code, "No space left on device" in run.stderr) == (3, True), run.stderr
        assert_whole(archiver.output)
        remount(archiver.output, "nr_inodes=1000")
        assert crawl(archiver).code == 0
        assert_complete(town, crawl(archiver))


@pytest.mark.parametrize("is_new", [True, False], ids=["an empty folder", "an archive"])
def test_a_folder_that_is_mounted_read_only_is_told_before_anything_is_asked(
    town: Town, archiver: Archiver, is_new: bool
) -> None:
    if not is_new:
        crawl(archiver)
    town.internet.asked.clear()
    with mounted(archiver.output, "--bind", str(archiver.output)):
        remount(archiver.output, "bind,ro")
        run = crawl(archiver)
    assert run.code == 3
    assert f"{archiver.output.name}/.archiver" in run.stderr
    assert "Read-only file system" in run.stderr
    assert town.internet.asked == []
    assert crawl(archiver).code == 0


def test_a_folder_without_permission_is_told_before_anything_is_asked(town: Town, archiver: Archiver) -> None:
    archiver.output.mkdir()
    archiver.output.chmod(0o555)
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed")
    plain = ("setpriv", "--inh-caps=-all", "--bounding-set=-all") if os.geteuid() == 0 else ()
    run = subprocess.run(
        [*plain, sys.executable, "-m", "archiver", *CRAWL],
        cwd=archiver.folder,
        env=archiver.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 3, run.stderr
    assert "output/.archiver: Permission denied" in run.stderr
    assert town.internet.asked == []


def test_a_path_that_is_too_long_for_the_system_stops_the_run(town: Town, archiver: Archiver) -> None:
    deep = archiver.folder
    while len(str(deep)) < 3999:
        deep = deep / ("d" * min(200, 3999 - len(str(deep))))
        deep.mkdir()
    for story in town.stories:
        story.title = f"A headline {'that goes on and on ' * 6} {story.number}"
    town.publish()
    index = f"sqlite:///{archiver.folder}/index.sqlite"
    run = crawl(archiver, "-o", str(deep), "--images", str(archiver.folder / "images"), "--index", index)
    assert run.code == 3, run.stderr
    assert "File name too long" in run.stderr
    assert [*archiver.folder.rglob(f"{TEMPORARY}*")] == []


# The clock.


def test_a_clock_that_was_wrong_once_puts_nothing_off_for_years(tmp_path: Path) -> None:
    with closing(Archive(Layout(tmp_path, tmp_path / "images"))) as archive:
        ledger = Ledger(archive, "town")
        for days, is_ready in ((0, True), (3, False), (400, False), (5000, True)):
            deferred = DeferredRecord("a", tries=3, next_try=ledger.now + timedelta(days=days))
            assert ledger.is_ready(deferred) is is_ready, days


# The index.


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, "it did not happen"
        time.sleep(0.01)


def deleted(file: Path) -> None:
    for path in file.parent.glob("index.sqlite*"):
        path.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    os.truncate(file, 1000)


def overwritten(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(os.urandom(4096))


def scratched(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(100)
        stream.write(bytes.fromhex("deadbeef00ff"))


def another(file: Path) -> None:
    deleted(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
        connection.commit()


DAMAGES = (deleted, emptied, cut, overwritten, scratched, another)


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_is_damaged_between_two_runs_is_made_anew(
    town: Town, archiver: Archiver, damage: Callable[[Path], None]
) -> None:
    crawl(archiver)
    damage(archiver.output / ".archiver" / "index.sqlite")
    town.internet.asked.clear()
    run = crawl(archiver, "--all")
    assert (run.code, run.counts()) == (0, {"known": COUNT}), run.stderr
    assert not town.internet.urls("story")
    assert_complete(town, run)


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_is_damaged_while_a_run_goes_on_costs_nothing(
    town: Town, archiver: Archiver, damage: Callable[[Path], None]
) -> None:
    town.internet.pages[town.stories[5].url] = Answer(town.stories[5].page(), delay=1)
    with archiver.start(*CRAWL) as process:
        wait_for(lambda: town.stories[5].url in town.internet.urls())
        time.sleep(0.3)
        damage(archiver.output / ".archiver" / "index.sqlite")
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, json.loads(stdout)["new"]) == (0, COUNT), stderr
    run = crawl(archiver, "--all")
    assert (run.code, run.counts()) == (0, {"known": COUNT}), run.stderr
    assert_complete(town, run)
    assert all(town.internet.urls().count(story.url) == 1 for story in town.stories)


def test_a_journal_that_is_deleted_while_a_run_goes_on_is_written_anew(town: Town, archiver: Archiver) -> None:
    town.internet.pages[town.stories[5].url] = Answer(town.stories[5].page(), delay=1)
    with archiver.start(*CRAWL) as process:
        wait_for(lambda: town.stories[5].url in town.internet.urls())
        time.sleep(0.3)
        (archiver.output / ".archiver" / "journal.jsonl").unlink()
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    deleted(archiver.output / ".archiver" / "index.sqlite")
    assert crawl(archiver, "--all").counts() == {"known": COUNT}


# Others.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_twice_leaves_nothing_half_written(
    town: Town, archiver: Archiver, number: signal.Signals
) -> None:
    town.internet.pages[town.stories[5].url] = Answer(town.stories[5].page(), delay=20)
    with archiver.start(*CRAWL) as process:
        wait_for(lambda: town.stories[5].url in town.internet.urls())
        process.send_signal(number)
        time.sleep(0.3)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=15)
    assert (process.returncode, "Traceback" in stderr) == (130, False), stderr
    assert_whole(archiver.output)
    assert not [*(archiver.output / ".archiver").glob("writing*")]
    town.publish()
    assert crawl(archiver).code == 0
    assert_complete(town, crawl(archiver))


def test_a_second_run_waits_for_the_first_and_who_reads_does_not(town: Town, archiver: Archiver) -> None:
    town.internet.pages[town.stories[5].url] = Answer(town.stories[5].page(), delay=12)
    with archiver.start(*CRAWL) as first:
        wait_for(lambda: town.stories[5].url in town.internet.urls())
        with archiver.start(*CRAWL, "--wait", "60", "--all") as second:
            refused = crawl(archiver)
            with closing(Archive(Layout(archiver.output, archiver.output / "images"), mode="read")) as archive:
                assert archive.index.count(ArticleRecord) < COUNT
            assert first.poll() is None
            assert first.wait(30) == 0
            stdout, stderr = second.communicate(timeout=60)
    holder = f"in use by process {first.pid} since"
    assert (refused.code, holder in refused.stderr) == (4, True)
    assert (second.returncode, holder in stderr) == (0, True), stderr
    summary = json.loads(stdout)
    assert (summary["known"], summary["requests"]) == (COUNT, 4)  # robots.txt and three pages of the listing


def test_with_few_open_files_a_run_goes_on(town: Town, archiver: Archiver) -> None:
    run = subprocess.run(
        ["prlimit", "--nofile=64:64", sys.executable, "-m", "archiver", *CRAWL],
        cwd=archiver.folder,
        env=archiver.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, json.loads(run.stdout)["new"]) == (0, COUNT), run.stderr
