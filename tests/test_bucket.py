"""An archive in a bucket of an S3-compatible store: what a folder would have, byte for byte, and what differs."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from archiver import bucket_index, journal
from archiver.archive import Archive
from archiver.bucket import BucketPath, client, to_place
from archiver.bucket_index import LINES, BucketIndex
from archiver.database import Mode
from archiver.errors import ConfigurationError, LockedError, MachineError
from archiver.layout import Layout
from archiver.outcomes import Outcome
from archiver.records import KINDS, AliasRecord, ArticleRecord, HostRecord, ImageRecord, Record
from tests.conftest import FAST, Archiver, Run, Store
from tests.internet import Asked, Internet
from tests.samples import article
from tests.town import DEFINITION, Town, stories

pytestmark = pytest.mark.parametrize("index_url", ["postgresql"], indirect=True)
OLD = datetime(2020, 5, 1, tzinfo=UTC)
FERRY = article(site="town")


@dataclass
class Shared:
    """A bucket and a database: what makes an archive."""

    output: BucketPath
    index: str

    def layout(self, **more: float) -> Layout:
        return Layout(self.output, self.output / "images", index=self.index, **more)  # type: ignore[arg-type]

    @contextmanager
    def opened(self, *, mode: Mode = "write", is_crawl: bool = False) -> Iterator[Archive]:
        with closing(Archive(self.layout(), mode=mode, is_crawl=is_crawl)) as archive:
            yield archive

    def objects(self) -> dict[str, bytes]:
        """Posts, images and versions."""
        found = (here / name for here, _, names in self.output.walk() for name in names)
        paths = {path.relative_to(self.output).as_posix(): path for path in found}
        return {name: path.read_bytes() for name, path in paths.items() if not is_memory(name)}

    def records(self) -> dict[str, list[Record]]:
        """What the index knows."""
        with self.opened(mode="read") as archive:
            return {name: [*archive.index.all(kind)] for name, kind in KINDS.items()}

    def posts(self) -> list[str]:
        return sorted(name for name in self.objects() if name.endswith(".md") and not name.startswith("."))

    def lose_database(self) -> None:
        engine = sa.create_engine(self.index, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))


def is_memory(path: str) -> bool:
    return path.startswith((".archiver/journal", ".archiver/runs"))


def files_in(folder: Path) -> dict[str, bytes]:
    """Posts, images and versions."""
    found = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    return {name: data for name, data in names.items() if not name.startswith(".archiver/") or "/versions/" in name}


@pytest.fixture
def shared(bucket: str, index_url: str) -> Shared:
    place = to_place(f"s3://{bucket}/archives/news")
    assert isinstance(place, BucketPath)
    return Shared(place, index_url)


@pytest.fixture
def town(shared: Shared, internet: Internet, archiver: Archiver) -> Town:
    archiver.environment |= {"ARCHIVER_INDEX": shared.index, "no_proxy": "127.0.0.1"}
    return Town(internet, archiver.folder)


def crawl(archiver: Archiver, shared: Shared, *arguments: str, site: str = "town") -> Run:
    """`archiver crawl town` into the bucket; what was asked before is forgotten."""
    archiver.internet.asked.clear()
    return archiver("crawl", site, "-o", str(shared.output), "--json", *FAST, *arguments)


# As a folder.


def test_a_bucket_holds_what_a_folder_would(town: Town, archiver: Archiver, shared: Shared, store: Store) -> None:
    town.stories = stories(12, OLD)
    for story in town.stories[:3]:
        story.image = True
    town.publish()
    archiver.environment["ARCHIVER_INDEX"] = ""
    archiver("crawl", "town", *FAST)
    archiver.environment["ARCHIVER_INDEX"] = shared.index
    run = crawl(archiver, shared)
    assert (run.code, run.stderr.count("Traceback")) == (0, 0), run.stderr
    assert run.counts() == {"new": 12, "stored": 3}
    assert shared.objects() == files_in(archiver.output)

    before = len(store.asked(shared.output.bucket))
    run = crawl(archiver, shared, "--all")
    assert (run.code, run.counts()) == (0, {"known": 12})
    run = crawl(archiver, shared, "--refresh", "all")
    assert (run.code, run.counts(), run.summary["rechecked"]) == (0, {"unchanged": 12}, 12)
    assert all("if-none-match" in asked.headers for asked in town.internet.asked if "story" in asked.url)
    own = f"/{shared.output.bucket}/{shared.output.key}/"
    asked = [line.replace(own, "") for line in store.asked(shared.output.bucket)[before:]]
    assert [line for line in asked if not re.match(r"(PUT|HEAD) \.archiver/(runs|journal)|GET /", line)] == []
    assert len(asked) <= 2 * 12  # none for each link, nor for each article
    assert shared.objects() == files_in(archiver.output)


def test_what_an_object_is(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(1, OLD)
    town.stories[0].image = True
    town.publish()
    crawl(archiver, shared)
    kinds = {
        path: client().head_object(Bucket=shared.output.bucket, Key=(shared.output / path).key)["ContentType"]
        for path in shared.objects()
    }
    assert kinds == {
        "web/town/news/story-1.md": "text/markdown; charset=utf-8",
        "images/web/town/news/story-1.png": "image/png",
    }


def test_an_article_that_changes_is_written_anew_and_what_was_there_is_kept(
    town: Town, archiver: Archiver, shared: Shared
) -> None:
    town.stories = stories(2, OLD)
    town.publish()
    crawl(archiver, shared)
    first = shared.objects()
    town.stories[0].text = "The ferry runs again, and the council thanks all who have waited for it. " * 5
    town.publish()
    assert crawl(archiver, shared, "--refresh", "all").counts() == {"changed": 1, "unchanged": 1}
    now = shared.objects()
    post = "web/town/news/story-2.md"
    assert b"The ferry runs again" in now[post]
    (version,) = (name for name in now if name.startswith(".archiver/versions/web/town/news/story-2/"))
    assert now[version] == first[post]

    edited = now[post].replace(b"thanks", b"THANKS")
    (shared.output / post).write_bytes(edited)
    town.stories[0].text = "There is no ferry today, says the council, and nobody knows why that should be. " * 5
    town.publish()
    assert crawl(archiver, shared, "--refresh", "all").counts() == {"edited": 1, "unchanged": 1}
    assert shared.objects()[post] == edited
    assert crawl(archiver, shared, "--force", "--refresh", "all").counts() == {"changed": 1, "unchanged": 1}
    assert b"no ferry today" in shared.objects()[post]


def test_a_trial_leaves_nothing(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(2, OLD)
    town.publish()
    run = crawl(archiver, shared, "--dry-run")
    assert run.summary["trial"]["files"] == [f"{shared.output}/web/town/news/story-{n}.md" for n in (2, 1)]
    assert not shared.output.is_dir()
    assert crawl(archiver, shared).counts() == {"new": 2}


# Kills, and others at work.


def test_what_a_kill_interrupts_the_next_run_completes(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(15, OLD)
    for story in town.stories:
        story.image = True
    town.publish()
    archiver.environment["ARCHIVER_INDEX"] = ""
    archiver("crawl", "town", *FAST)
    archiver.environment["ARCHIVER_INDEX"] = shared.index
    killed = archiver.start("crawl", "town", "-o", str(shared.output), *FAST, "-s", "DOWNLOAD_DELAY=0.1")
    with killed:
        while len(shared.posts()) < 3 and killed.poll() is None:
            time.sleep(0.05)
        killed.kill()
    assert 3 <= len(shared.posts()) < 15
    assert all(archiver.output.joinpath(name).read_bytes() == data for name, data in shared.objects().items())
    with shared.opened(mode="read") as archive:
        known = archive.index.count(ArticleRecord)
    run = crawl(archiver, shared)
    assert run.code == 0, run.stderr
    assert run.counts()["new"] + run.counts().get("unchanged", 0) == 15 - known
    assert shared.objects() == files_in(archiver.output)

    found = shared.records()
    assert len(found["article"]) == len({it.url for it in found["article"] if isinstance(it, ArticleRecord)}) == 15
    shared.lose_database()
    assert without_times(crawled(archiver, shared)) == without_times(found)


def crawled(archiver: Archiver, shared: Shared) -> dict[str, list[Record]]:
    """What an index knows that is made from the bucket by the next run."""
    assert crawl(archiver, shared).counts() == {"known": 5}
    return shared.records()


def without_times(records: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """What is no run."""
    return {name: found for name, found in records.items() if name != "run"}


def test_crawls_of_two_sites_share_a_bucket_and_two_of_one_do_not(
    town: Town, archiver: Archiver, shared: Shared
) -> None:
    definition = DEFINITION.replace("town", "city").replace("Town", "City")
    (archiver.folder / "sites" / "city.yaml").write_text(definition, "utf-8")
    town.stories = stories(12, OLD)
    town.publish()
    for url in [*town.internet.pages]:
        page = town.internet.answer(Asked("GET", url, {}, b"")).body
        if isinstance(page, str):
            town.internet.pages[url.replace("town", "city")] = page.replace("town", "city")
    words = ("-o", str(shared.output), "--json", *FAST)
    with archiver.start("crawl", "town", *words, "-s", "DOWNLOAD_DELAY=2") as one:  # it will not end by itself
        while not shared.posts() and one.poll() is None:
            time.sleep(0.05)
        second = archiver("crawl", "town", *words)
        assert second.code == 4
        assert "town is being crawled by another run" in second.stderr
        alone = archiver("images", *words)
        assert alone.code == 4
        assert f"{shared.output} is in use by another run" in alone.stderr
        other = archiver("crawl", "city", *words, "--limit", "1")
        assert one.poll() is None
        one.kill()
        one.communicate()
    assert other.counts()["new"] == 1, other.stderr
    assert [name.partition("/news/")[0] for name in shared.posts()].count("web/city") == 1


def test_a_lock_is_of_one_process_or_of_crawls(shared: Shared) -> None:
    with shared.opened(is_crawl=True) as one, shared.opened(is_crawl=True) as two:
        two.write(FERRY)
        assert one.has(FERRY.url)
        with pytest.raises(LockedError, match=f"{shared.output} is in use by another run"):
            Archive(shared.layout())
        with pytest.raises(LockedError):
            Archive(shared.layout(), mode="trial")
        with shared.opened(mode="read") as reader:
            assert reader.has(FERRY.url)
    with shared.opened(), pytest.raises(LockedError):
        Archive(shared.layout(), is_crawl=True)


# Images.


def test_images_that_are_gone_or_damaged_are_fetched_again(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(3, OLD)
    for story in town.stories:
        story.image = True
    town.publish()
    crawl(archiver, shared)
    before = shared.objects()
    folder = shared.output / "images/web/town/news"
    (folder / "story-1.png").unlink()
    (folder / "story-2.png").write_bytes(b"not an image")
    words = ("images", "-o", str(shared.output), "--json", *FAST)
    listed = archiver(*words, "--check", f"{shared.output}/web")
    assert (listed.code, listed.summary["good"], listed.summary["missing"]) == (1, 1, 2), listed.stderr
    run = archiver(*words)
    assert (run.code, run.summary["good"], run.summary["stored"]) == (0, 1, 2), run.stderr
    assert shared.objects() == before
    assert "does not lie in" in archiver(*words, f"s3://{shared.output.bucket}/other").stderr


def test_verify_looks_at_a_bucket(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(4, OLD)
    for story in town.stories:
        story.image = True
    town.publish()
    crawl(archiver, shared)
    crawl(archiver, shared)
    words = ("verify", "-o", str(shared.output), "--json")
    run = archiver(*words)
    assert (run.code, run.summary["faults"], run.summary["notes"]) == (0, [], []), run.stdout + run.stderr
    assert (run.summary["checked"]["posts"], run.summary["checked"]["images"]) == (4, 4)

    images, posts = shared.output / "images/web/town/news", shared.output / "web/town/news"
    before = shared.objects()
    (images / "story-1.png").unlink()
    (images / "story-2.png").write_bytes(b"not an image")
    (posts / "story-3.md").unlink()
    (posts / "story-4.md").write_bytes(before["web/town/news/story-4.md"].replace(b"council", b"COUNCIL"))
    (first, *_) = (shared.output / ".archiver/journal").glob("*")
    first.write_bytes(first.read_bytes() + b"{half a li")
    run = archiver(*words)
    assert run.code == 1
    assert {(it["kind"], it["path"]) for it in (*run.summary["faults"], *run.summary["notes"])} == {
        ("lost", "images/web/town/news/story-1.png"),
        ("damaged", "images/web/town/news/story-2.png"),
        ("lost", "web/town/news/story-3.md"),
        ("edited", "web/town/news/story-4.md"),
        ("unreadable", f".archiver/journal/{first.name}"),
    }

    run = archiver(*words, "--fix")
    assert {it["kind"] for it in run.summary["mended"]} == {"lost", "damaged", "unreadable"}
    assert [(it["kind"], it["path"]) for it in run.summary["faults"]] == [
        ("damaged", "images/web/town/news/story-2.png"),
        ("lost", "web/town/news/story-3.md"),
    ]
    assert (shared.output / f".archiver/journal/{first.name}.damaged").is_file()
    found = shared.records()
    shared.lose_database()
    assert archiver("index", "rebuild", "-o", str(shared.output), "--json").code == 0
    assert shared.records() == found

    assert archiver("images", "-o", str(shared.output), "--json", *FAST).summary["stored"] == 2
    url = next(story.url for story in town.stories if story.number == 3)
    run = archiver("page", url, "--force", "-o", str(shared.output), "--json", *FAST)
    assert run.counts()["new"] == 1
    after = shared.objects()
    assert after.pop("web/town/news/story-4.md") != before.pop("web/town/news/story-4.md")
    assert after == before


def test_posts_can_point_at_the_images_of_a_bucket(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(2, OLD)
    town.stories[0].image = True
    town.publish()
    crawl(archiver, shared)
    before = shared.objects()
    words = ("relink", "-o", str(shared.output), "--json", "--image-links")
    assert archiver(*words, "local").summary["switched"] == 1
    assert b"/images/web/town/news/story-2.png" in shared.objects()["web/town/news/story-2.md"]
    assert archiver(*words, "remote").summary["switched"] == 1
    assert shared.objects() == before


def test_images_alone_may_lie_in_a_bucket(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(1, OLD)
    town.stories[0].image = True
    town.publish()
    archiver.environment["ARCHIVER_INDEX"] = ""
    run = archiver("crawl", "town", "--json", f"--images={shared.output}", *FAST)
    assert (run.code, run.counts()) == (0, {"new": 1, "stored": 1}), run.stderr
    assert [*shared.objects()] == ["web/town/news/story-1.png"]
    assert run.files() == ["web/town/news/story-1.md"]


# The journal.


def test_the_index_is_made_anew_from_the_bucket(town: Town, archiver: Archiver, shared: Shared) -> None:
    town.stories = stories(3, OLD)
    town.stories[0].image = True
    town.publish()
    crawl(archiver, shared)
    crawl(archiver, shared, "--refresh", "all")
    stranger = shared.objects()["web/town/news/story-1.md"].replace(b"Story 1", b"A stranger")
    (shared.output / "web/town/news/stranger.md").write_bytes(stranger)
    before = shared.records()
    shared.lose_database()
    run = archiver("index", "rebuild", "-o", str(shared.output), "--json")
    assert (run.code, run.summary["articles"], run.summary["known"], run.summary["adopted"]) == (0, 4, 3, 1), run.stderr
    after = shared.records()
    assert [it for it in after["article"] if it in before["article"]] == before["article"]
    assert (after["alias"], after["image"], after["run"]) == (before["alias"], before["image"], before["run"])


def test_status_and_runs_know_a_bucket(town: Town, archiver: Archiver, shared: Shared) -> None:
    assert "there is no archive" in archiver("status", "-o", str(shared.output)).stderr
    town.stories = stories(3)
    town.publish()
    (archiver.folder / "archiver.yaml").write_text(
        f"output: {shared.output}\nsettings: {{DOWNLOAD_DELAY: 0}}\nschedule: {{town: {{every: 1d}}}}\n", "utf-8"
    )
    scheduled = archiver("schedule", "run", "--once")
    assert scheduled.code == 0, scheduled.stderr
    assert len(shared.posts()) == 3
    assert archiver("schedule", "run", "--once").code == 0
    (site,) = archiver("status", "--json").summary["sites"]
    assert (site["site"], site["articles"]) == ("town", 3)
    (run,) = archiver("runs", "--json").summary["runs"]
    assert re.fullmatch(rf"{shared.output}/\.archiver/runs/\S+-crawl\.html", run["report"])
    assert b"<!doctype html>" in BucketPath(run["report"]).read_bytes()


def test_workers_share_a_bucket(town: Town, archiver: Archiver, shared: Shared, broker: str) -> None:
    town.stories = stories(3)
    town.publish()
    archiver.environment |= {"ARCHIVER_BROKER": broker, "ARCHIVER_OUTPUT": str(shared.output)}
    (archiver.folder / "archiver.yaml").write_text(
        "settings: {DOWNLOAD_DELAY: 0}\nschedule: {town: {every: 1d}}\n", "utf-8"
    )
    (order,) = archiver("plan", "--send").stdout.splitlines()
    assert json.loads(order)["site"] == "town"
    with archiver.start("work") as worker:
        deadline = time.monotonic() + 60
        while not (runs := archiver("runs", "--json").stdout).count('"end": "') and time.monotonic() < deadline:
            time.sleep(0.2)
        worker.terminate()
        worker.communicate(timeout=60)
    assert [run["counts"]["new"] for run in json.loads(runs)["runs"]] == [3]
    assert archiver("plan", "--due").stdout == ""


def hosts(index: BucketIndex) -> dict[str, str]:
    return {it.host: it.way for it in index.all(HostRecord)}


def journal_of(shared: Shared) -> list[list[str]]:
    """The hosts in each object of the journal."""
    lines = (path.read_bytes().splitlines() for path in (shared.output / ".archiver/journal").glob("*"))
    return [[json.loads(line)["host"]["host"] for line in found] for found in lines]


def test_lines_wait_in_the_database_until_they_are_in_the_bucket(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert not index.is_begun
        index.put(HostRecord("a.example"), HostRecord("b.example"))
        index.keep_up()
        assert (journal_of(shared), index.is_begun) == ([], True)
        monkeypatch.setattr(bucket_index, "PAUSE", 0.0)
        index.keep_up()
        index.keep_up()
        index.put(HostRecord("c.example"))
    assert journal_of(shared) == [["a.example", "b.example"], ["c.example"]]
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert index._connection.execute(LINES).all() == []
        assert index.is_begun


def test_lines_that_a_killed_run_has_left_are_in_the_journal_all_the_same(shared: Shared) -> None:
    killed = BucketIndex(shared.index, shared.output)
    killed.put(HostRecord("a.example"))
    kill(killed)
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert hosts(index) == {"a.example": ""}
        index.restore()
        assert hosts(index) == {"a.example": ""}
    assert journal_of(shared) == [["a.example"]]


def test_a_run_that_is_killed_between_bucket_and_database_leaves_nothing_old(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = BucketIndex(shared.index, shared.output)
    killed.put(HostRecord("a.example", "old"))
    monkeypatch.setattr(killed, "_forget_lines", interrupt)
    with pytest.raises(KeyboardInterrupt):
        killed.close()
    kill(killed)
    assert journal_of(shared) == [["a.example"]]
    with closing(BucketIndex(shared.index, shared.output)) as index:
        index.put(HostRecord("a.example", "new"))
        kill(index)
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert hosts(index) == {"a.example": "new"}
    shared.lose_database()
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert hosts(index) == {"a.example": "new"}
    assert journal_of(shared) == [["a.example"], ["a.example"]]


def kill(index: BucketIndex) -> None:
    """Ends its connection, and does nothing more."""
    index._is_open = False
    index.close()


def interrupt(_: object) -> None:
    raise KeyboardInterrupt


def test_a_database_that_was_restored_learns_what_the_bucket_knows_since(shared: Shared) -> None:
    with closing(BucketIndex(shared.index, shared.output)) as index:
        index.put(HostRecord("a.example", "old"))
    place = (shared.output / ".archiver/journal").glob("*")
    (first,) = place
    with closing(BucketIndex(shared.index, shared.output)) as index:
        index.put(HostRecord("a.example", "new"), HostRecord("b.example"))
    with closing(BucketIndex(shared.index, shared.output)) as index, index._transaction():  # as it was in a backup
        index._store([HostRecord("a.example", "old")])
        index._set_meta(journal_place=first.name)
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert hosts(index) == {"a.example": "new", "b.example": ""}


def test_a_journal_that_cannot_be_put_waits(shared: Shared, caplog: pytest.LogCaptureFixture) -> None:
    index = BucketIndex(shared.index, shared.output)
    index.put(HostRecord("a.example"))
    index.objects = BucketPath("s3://there-is-no-such-bucket/journal")
    index.close()
    assert "s3://there-is-no-such-bucket/journal/" in caplog.text
    assert "NoSuchBucket" in caplog.text
    with closing(BucketIndex(shared.index, shared.output)) as index:
        assert hosts(index) == {"a.example": ""}
    assert journal_of(shared) == [["a.example"]]


def test_a_folder_that_was_copied_into_a_bucket_is_an_archive_there(shared: Shared, tmp_path: Path) -> None:
    with closing(Archive(Layout(tmp_path, tmp_path / "images"))) as archive:
        archive.write(FERRY)
    for name in [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]:
        (shared.output / name).write_bytes((tmp_path / name).read_bytes())
    changed = replace(FERRY, body="<p>The ferry has sunk.</p>")
    with shared.opened() as archive:
        assert archive.write(changed).outcome is Outcome.CHANGED
    with shared.opened() as archive:
        assert archive.write(changed).outcome is Outcome.UNCHANGED
    shared.lose_database()
    with shared.opened() as archive:
        assert archive.write(changed).outcome is Outcome.UNCHANGED
        copied = tmp_path / "copied.jsonl"
        parts = [shared.output / ".archiver/journal.jsonl", *(shared.output / ".archiver/journal").glob("*")]
        copied.write_bytes(b"".join(part.read_bytes() for part in parts))
        kept = [it for it in journal.read(copied) if isinstance(it, ArticleRecord)]
        assert kept[-1].content == archive.index.all(ArticleRecord)[0].content


# What is refused.


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        (["-o", "s3://no-such-bucket/x"], {}, "s3://no-such-bucket/x cannot be had: NoSuchBucket"),
        (["-o", "OUTPUT"], {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "OUTPUT cannot be had: Could not connect"),
        (["-o", "OUTPUT"], {"AWS_ENDPOINT_URL": "nonsense"}, "OUTPUT cannot be had: Invalid endpoint: nonsense"),
        (["-o", "OUTPUT"], {"AWS_PROFILE": "nobody"}, "OUTPUT cannot be had: The config profile (nobody)"),
        (["-o", "OUTPUT"], {"AWS_ACCESS_KEY_ID": ""}, "OUTPUT cannot be had: "),
        (["-o", "OUTPUT"], {"ARCHIVER_INDEX": ""}, "OUTPUT: an archive in a bucket has its index in PostgreSQL"),
        (["-o", "OUTPUT", "--index", "sqlite:///x"], {}, "OUTPUT: an archive in a bucket has its index in PostgreSQL"),
        (["-o", "OUTPUT", "--images", "pictures"], {}, "OUTPUT: its images lie in a bucket as well"),
        (["--images", "s3://no-such-bucket/x"], {"ARCHIVER_INDEX": ""}, "s3://no-such-bucket/x cannot be had"),
        (["-o", "s3://key:S3CR3T@bucket/x"], {}, "s3://***@bucket/x: expected a folder or s3://BUCKET/PREFIX"),
    ],
)
def test_what_cannot_be_had_is_named(
    town: Town, archiver: Archiver, shared: Shared, words: list[str], environment: dict[str, str], message: str
) -> None:
    archiver.environment |= {"AWS_SECRET_ACCESS_KEY": "S3CR3T", "AWS_CONFIG_FILE": "/dev/null"} | environment
    output = str(shared.output)
    run = archiver("crawl", "town", *(word.replace("OUTPUT", output) for word in words), *FAST)
    assert run.code == 2, run.stderr
    assert message.replace("OUTPUT", output) in run.stderr.replace("\n", " ")
    assert "Traceback" not in run.stderr
    assert "S3CR3T" not in run.stdout + run.stderr
    assert not archiver.internet.asked
    assert not shared.output.is_dir()


@pytest.mark.parametrize(
    "words",
    [["adopt", "."], ["demo"], ["schedule", "install", "--github-actions"]],
    ids=["adopt", "demo", "install"],
)
def test_what_needs_a_folder_says_so(town: Town, archiver: Archiver, shared: Shared, words: list[str]) -> None:
    with shared.opened() as archive:
        archive.write(FERRY)
    run = archiver(*words, "-o", str(shared.output))
    assert (run.code, run.stdout) == (2, ""), run.stderr
    assert "works on a folder; copy the bucket into one" in run.stderr.replace("\n", " ")


def test_a_database_belongs_to_one_archive(shared: Shared, tmp_path: Path) -> None:
    with shared.opened() as archive:
        archive.write(FERRY)
    elsewhere = replace(shared, output=shared.output.with_name("others"))
    with pytest.raises(ConfigurationError, match=f"has the index of {shared.output}; {elsewhere.output} needs"):
        Archive(elsewhere.layout())
    shared.lose_database()
    with closing(Archive(Layout(tmp_path, tmp_path / "images", index=shared.index))) as archive:
        archive.write(FERRY)
    with pytest.raises(ConfigurationError, match="has the index of an archive in a folder"):
        Archive(shared.layout())


def test_a_store_that_refuses_ends_the_run(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    with shared.opened() as archive:
        archive.write(FERRY)
        client().delete_objects(
            Bucket=shared.output.bucket, Delete={"Objects": [{"Key": (shared.output / archive.path_of(FERRY)).key}]}
        )
        client().delete_bucket(Bucket=shared.output.bucket)
        with pytest.raises(MachineError, match=rf"{shared.output}/.*: NoSuchBucket"):
            archive.write(replace(FERRY, url="https://town.example/2", title="Another"))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("web/town/news/story-2.md", ["relink", "--image-links", "remote"]),
        ("images/web/town/news/story-2.png", ["verify", "--fix"]),
        (".archiver/journal", ["verify"]),
        (".archiver/journal", ["index", "rebuild"]),
    ],
)
def test_an_object_that_the_store_does_not_give_is_named_and_left(
    town: Town, archiver: Archiver, shared: Shared, path: str, words: list[str]
) -> None:
    town.stories = stories(2, OLD)
    for story in town.stories:
        story.image = True
    town.publish()
    crawl(archiver, shared)
    place = shared.output / path
    frozen = place if place.is_file() else next(place.glob("*"))
    data = frozen.read_bytes()
    own = {"Bucket": frozen.bucket, "Key": frozen.key, "Body": data}
    client().put_object(**own, StorageClass="GLACIER")
    run = archiver(*words, "-o", str(shared.output))
    assert (run.code, "Traceback" in run.stderr) == (3, False), run.stderr
    assert f"{frozen}: InvalidObjectState" in run.stderr.replace("\n", "")
    client().put_object(**own)
    run = archiver(*words, "-o", str(shared.output))
    assert (run.code, frozen.read_bytes()) == (0, data), run.stderr


def test_keys_that_are_no_paths_of_ours_are_passed_over(shared: Shared, archiver: Archiver) -> None:
    with shared.opened() as archive:
        path = archive.write(FERRY).path
    for key in ("", "web/", "/", "/x.md", "web//y.md", "web/./z.md"):
        client().put_object(Bucket=shared.output.bucket, Key=f"{shared.output.key}/{key}", Body=b"")
    with shared.opened() as archive:
        assert [*archive.posts()] == [path]
    archiver.environment |= {"ARCHIVER_INDEX": shared.index, "no_proxy": "127.0.0.1"}
    run = archiver("verify", "-o", str(shared.output), "--json")
    assert (run.code, run.summary["faults"]) == (0, []), run.stderr


def test_any_name_is_that_of_an_object(shared: Shared, tmp_path: Path) -> None:
    titles = ["渡轮再次运行 100%", "a+b & c=d #1 ~x!", "naïve 🚢 (‘quoted’)", "L" * 300]
    articles = [replace(FERRY, url=f"https://town.example/{n}", title=title) for n, title in enumerate(titles)]
    layout = replace(shared.layout(), naming="title")
    folder = Layout(tmp_path, tmp_path / "images", naming="title")
    with closing(Archive(layout)) as archive, closing(Archive(folder)) as other:
        paths = [archive.write(one).path for one in articles]
        assert paths == [other.write(one).path for one in articles]
        assert [*archive.posts()] == sorted(paths)
    assert shared.objects() == files_in(tmp_path)


def test_what_is_known_of_a_twin_and_an_image(shared: Shared) -> None:
    with shared.opened() as archive:
        path = archive.write(FERRY).path
        archive.index.put(ImageRecord(path, "https://town.example/a.png", path="a.png"))
        assert [it.post for it in archive.index.all(AliasRecord)] == [path]
        assert [*archive.posts()] == [path]
        assert [*archive.posts(shared.output / "web")] == [*archive.posts(shared.output / path)] == [path]
