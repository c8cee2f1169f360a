"""What an archive promises about a kill or a power cut: the order of its writes, and what is swept."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from archiver import journal
from archiver.archive import Archive
from archiver.errors import MachineError
from archiver.files import TEMPORARY, put_file
from archiver.images import inspect
from archiver.layout import Layout
from archiver.outcomes import Outcome
from archiver.records import HostRecord
from archiver.writer import NOTE, FolderWriter
from tests.samples import article, picture

FERRY = article(image_url="https://img.example/ferry.jpg")
POST = "web/town/news/the-ferry-runs-again.md"
PICTURE = picture("JPEG")


@contextmanager
def opened(folder: Path, **options: str) -> Iterator[Archive]:
    with closing(Archive(Layout(folder, folder / "images", **options))) as archive:  # type: ignore[arg-type]
        yield archive


def names(folder: Path) -> list[str]:
    """Every file of a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# The order.


def syncs(monkeypatch: pytest.MonkeyPatch, archive: Archive) -> list[str]:
    """What comes to lie on the disk, in order; `kept` is the index."""
    told: list[str] = []
    really_sync, really_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        kinds = {TEMPORARY: "temporary", NOTE: "note"}
        told.append(next((kind for begin, kind in kinds.items() if path.name.startswith(begin)), path.name))
        really_sync(handle)

    def replace_(self: Path, target: Path) -> Path:
        told.append(f"-> {target.name}")
        return really_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace_)
    sa.event.listen(archive.index._engine, "commit", lambda _: told.append("kept"))
    return told


def archived(archive: Archive) -> None:
    """An article with its image, as the pipelines do it."""
    image = archive.write_image(FERRY, PICTURE, inspect(PICTURE))
    archive.write(replace(FERRY, header_image=image))


def without_questions(told: list[str]) -> list[str]:
    """A question ends with a commit, too; only the last one of a row counts."""
    return [
        found for found, following in zip(told, [*told[1:], ""], strict=True) if found != following or found != "kept"
    ]


def test_image_then_post_then_journal_then_index_each_on_the_disk_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as archive:
        archived(archive)
        told = syncs(monkeypatch, archive)
        image = archive.write_image(FERRY, PICTURE, inspect(PICTURE))
        archive.write(replace(FERRY, title="The ferry stops", header_image=image))
    steps = [found for found in told if found != "kept"] + told[-1:]  # questions end with a commit, too
    version = next((tmp_path / ".archiver" / "versions").rglob("*.md")).name
    assert steps == [
        *("temporary", "-> the-ferry-runs-again.jpg", "news"),
        *("note", "temporary", f"-> {version}"),
        *("the-ferry-runs-again", "news", "town", "web", "versions", ".archiver"),
        *("temporary", "-> the-ferry-runs-again.md", "news"),
        *("journal.jsonl", "kept"),
    ]


def test_fast_leaves_it_to_the_system_when_the_disk_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path, durability="fast") as archive:
        told = syncs(monkeypatch, archive)
        archived(archive)
    assert [found for found in told if found != "kept"] == ["-> the-ferry-runs-again.jpg", "-> the-ferry-runs-again.md"]
    with opened(tmp_path) as archive:
        assert archive.write(FERRY).outcome is Outcome.UNCHANGED


def test_a_new_journal_has_its_name_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    really = os.fsync

    def sync(handle: int) -> None:
        told.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        really(handle)

    monkeypatch.setattr(os, "fsync", sync)
    journal.append(tmp_path / "journal.jsonl", [HostRecord("a.example")])
    journal.append(tmp_path / "journal.jsonl", [HostRecord("b.example")])
    journal.append(tmp_path / "journal.jsonl", [HostRecord("c.example")], is_safe=False)
    assert told == ["journal.jsonl", tmp_path.name, "journal.jsonl"]


# What a kill leaves.


def killed_while_writing(folder: Path, *places: str) -> str:
    """What a run leaves that is killed while it writes a file in each of these folders; the token of its files."""
    state = folder / ".archiver"
    state.mkdir(parents=True, exist_ok=True)
    left = FolderWriter(folder, state, is_safe=False)
    for place in places:
        left._announce(folder / place)
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / f"{TEMPORARY}{left.token}-0").write_bytes(b"half")
    assert left._lock is not None
    os.close(left._lock)  # as the system does
    return left.token


def note_of(folder: Path) -> Path:
    """The note of the one run that writes."""
    [note] = (folder / ".archiver").glob(f"{NOTE}*")
    return note


def test_a_run_notes_where_it_writes_and_an_orderly_end_leaves_no_note(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archived(archive)
        lines = note_of(tmp_path).read_text().splitlines()
        assert [json.loads(line)[1] for line in lines] == ["images/web/town/news", "web/town/news"]
    assert names(tmp_path / ".archiver") == ["index.sqlite", "journal.jsonl", "lock"]


def test_what_a_kill_left_is_swept_by_the_next_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    killed_while_writing(tmp_path, "web/town/news", "images/web/town/news", ".archiver/versions/web")
    with opened(tmp_path) as archive:
        assert [name for name in names(tmp_path) if TEMPORARY in name] == []
        archive.write(FERRY)
    assert "a run was killed; 3 unfinished files of it are removed" in caplog.text
    assert names(tmp_path) == [".archiver/index.sqlite", ".archiver/journal.jsonl", ".archiver/lock", POST]


def test_nothing_but_our_own_leftovers_is_deleted(tmp_path: Path) -> None:
    token = killed_while_writing(tmp_path, "web/town/news")
    folder = tmp_path / "web" / "town" / "news"
    mine = [f"{TEMPORARY}notes", f"{TEMPORARY}{token}-0.md", f"{TEMPORARY}{token}-", f"{TEMPORARY}00000000-0", "a.md"]
    for name in mine:
        (folder / name).write_bytes(b"mine")
    (folder / f"{TEMPORARY}{token}-1").symlink_to(folder / "a.md")
    (folder / f"{TEMPORARY}{token}-2").mkdir()
    with opened(tmp_path):
        pass
    assert {path.name for path in folder.iterdir()} == {*mine, f"{TEMPORARY}{token}-1", f"{TEMPORARY}{token}-2"}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b'["1234abcd", "web/to', id="a line that a crash cut"),
        pytest.param(b"\xff\x00\n", id="noise"),
        pytest.param(b'{"a": 1}\n', id="another JSON"),
        pytest.param(b'["", "."]\n', id="no token"),
        pytest.param(b'["1234abcd", "../elsewhere/gone"]\n', id="a folder that is gone"),
        pytest.param(b"[" * 100_000, id="nested beyond reason"),
    ],
)
def test_a_note_that_is_damaged_costs_nothing(tmp_path: Path, line: bytes) -> None:
    killed_while_writing(tmp_path, "web/town/news")
    with note_of(tmp_path).open("ab") as note:
        note.write(line)
    with opened(tmp_path):
        pass
    assert [name for name in names(tmp_path) if TEMPORARY in name] == []


def test_an_archive_that_was_moved_is_swept_where_it_is(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "old", "web/town/news")
    (tmp_path / "old").rename(tmp_path / "new")
    with opened(tmp_path / "new"):
        pass
    assert names(tmp_path / "new" / "web") == []


def test_what_a_run_that_lives_is_writing_is_left_alone(tmp_path: Path) -> None:
    state = tmp_path / ".archiver"
    state.mkdir()
    killed_while_writing(tmp_path, "web/town/news")
    left = FolderWriter(tmp_path, state, is_safe=False)
    left._announce(tmp_path / "web" / "town" / "news")
    (tmp_path / "web" / "town" / "news" / f"{TEMPORARY}{left.token}-0").write_bytes(b"half")
    other = FolderWriter(tmp_path, state, is_safe=False)
    assert names(tmp_path) == [f".archiver/{left.note.name}", f"web/town/news/{TEMPORARY}{left.token}-0"]
    left.close()
    other.close()
    assert [name for name in names(tmp_path) if NOTE in name] == []


def test_a_journal_that_was_being_written_anew_is_swept(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.write(FERRY)
    journal.unfinished(tmp_path / ".archiver" / "journal.jsonl").write_bytes(b"half")
    with opened(tmp_path):
        pass
    assert names(tmp_path / ".archiver") == ["index.sqlite", "journal.jsonl", "lock"]


def test_who_only_reads_sweeps_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.write(FERRY)
    killed_while_writing(tmp_path, "web/town/news")
    before = names(tmp_path)
    Archive(Layout(tmp_path, tmp_path / "images"), mode="read").close()
    Archive(Layout(tmp_path, tmp_path / "images"), mode="trial").close()
    assert names(tmp_path) == before


# The end of a run.


def test_the_archive_is_not_given_back_while_a_thread_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def slowly(temporary: Path, target: Path, data: bytes, *, is_safe: bool) -> None:
        begun.set()
        may_go_on.wait(5)
        put_file(temporary, target, data, is_safe=is_safe)

    monkeypatch.setattr("archiver.writer.put_file", slowly)
    archive = Archive(Layout(tmp_path, tmp_path / "images"))
    thread = threading.Thread(target=archive.write, args=(FERRY,))
    thread.start()
    begun.wait(5)
    threading.Timer(0.2, may_go_on.set).start()
    archive.close()
    thread.join()
    with closing(Archive(Layout(tmp_path, tmp_path / "images"), mode="read")) as again:
        assert again.has(FERRY.url)
    with pytest.raises(MachineError, match="the run has ended"):
        archive.write_file(tmp_path / "late.md", b"late")
    assert names(tmp_path) == [".archiver/index.sqlite", ".archiver/journal.jsonl", ".archiver/lock", POST]


# Links.


def test_a_link_that_leads_out_of_the_archive_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "output" / "web").mkdir(parents=True)
    (tmp_path / "output" / "web" / "town").symlink_to(tmp_path / "outside")
    (tmp_path / "output" / "images").symlink_to(tmp_path / "outside")
    with opened(tmp_path / "output") as archive:
        with pytest.raises(MachineError, match=f"output/web/town/news leads out of .*, to {tmp_path}/outside/news"):
            archive.write(FERRY)
        with pytest.raises(MachineError, match="output/images/web/town/news leads out of"):
            archive.write_image(FERRY, PICTURE, inspect(PICTURE))
    assert names(tmp_path / "outside") == []


def test_links_that_a_user_chose_are_followed(tmp_path: Path) -> None:
    (tmp_path / "disk" / "pictures").mkdir(parents=True)
    (tmp_path / "output").symlink_to(tmp_path / "disk")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "disk" / "pictures")
    with closing(Archive(Layout(tmp_path / "output", tmp_path / "elsewhere"))) as archive:
        archived(archive)
    assert names(tmp_path / "disk")[-2:] == ["pictures/web/town/news/the-ferry-runs-again.jpg", POST]
