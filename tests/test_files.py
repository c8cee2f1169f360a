"""Files appear whole or not at all, in an order that a power cut cannot mix up; one process holds an archive."""

import fcntl
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from archiver import files
from archiver.bucket import BucketPath, to_place
from archiver.errors import ConfigurationError, LockedError
from archiver.files import TEMPORARY, lock, write_whole


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the system, in order; files and folders by their names."""
    told: list[str] = []
    names: dict[int, str] = {}
    really_open, really_sync, really_replace = os.open, os.fsync, Path.replace

    def open_(path: Path, flags: int, mode: int = 0o777) -> int:
        handle = really_open(path, flags, mode)
        names[handle] = "temporary" if Path(path).name.startswith(TEMPORARY) else Path(path).name
        return handle

    def sync(handle: int) -> None:
        told.append(f"sync {names.get(handle, 'another')}")
        really_sync(handle)

    def replace(self: Path, target: Path) -> Path:
        told.append(f"rename to {target.name}")
        return really_replace(self, target)

    monkeypatch.setattr(os, "open", open_)
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    return told


def test_a_file_is_on_the_disk_before_it_has_its_name_and_then_the_name_is(tmp_path: Path, calls: list[str]) -> None:
    write_whole(tmp_path / "web" / "town" / "ferry.md", b"new")
    assert calls == ["sync temporary", "rename to ferry.md", "sync town", "sync web", f"sync {tmp_path.name}"]
    calls.clear()
    write_whole(tmp_path / "web" / "town" / "ferry.md", b"newer")
    assert calls == ["sync temporary", "rename to ferry.md", "sync town"]
    calls.clear()
    write_whole(tmp_path / "web" / "town" / "ferry.md", b"newest", is_safe=False)
    assert calls == ["rename to ferry.md"]
    assert tree(tmp_path) == {"web/town/ferry.md": b"newest"}


@pytest.mark.parametrize("number", range(5))
def test_whichever_call_the_system_refuses_the_file_is_the_old_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    target = tmp_path / "ferry.md"
    target.write_bytes(b"old")
    left = [number]

    def refusing(name: str, really: object) -> object:
        def call(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, f"no space left ({name})")
            assert callable(really)
            return really(*arguments, **named)

        return call

    for owner, name in ((os, "open"), (os, "fsync"), (Path, "replace")):
        monkeypatch.setattr(owner, name, refusing(name, getattr(owner, name)))
    try:
        write_whole(target, b"new")
    except OSError as error:
        assert number < 5, error  # noqa: PT017
    monkeypatch.undo()
    assert tree(tmp_path) in ({"ferry.md": b"old"}, {"ferry.md": b"new"})


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    (tmp_path / "post.md").symlink_to(tmp_path / "mine.txt")
    write_whole(tmp_path / "post.md", b"new")
    assert tree(tmp_path) == {"mine.txt": b"mine", "post.md": b"new"}


def test_a_file_system_that_cannot_sync_a_folder_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.fsync

    def sync(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112
            raise OSError(22, "Invalid argument")
        really(handle)

    monkeypatch.setattr(os, "fsync", sync)
    write_whole(tmp_path / "post.md", b"new")
    assert tree(tmp_path) == {"post.md": b"new"}


# The lock.


def hold(path: Path, text: str) -> int:
    """Holds a lock whose file says something; of one process, two that opened the file are two."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.pwrite(handle, text.encode(), 0)
    return handle


HERE = socket.gethostname()


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        pytest.param(f"process {os.getpid()} since 2026-03-01 on {HERE}", f"process {os.getpid()} since", id="a run"),
        pytest.param(f"process 999999999 since 2026-03-01 on {HERE}", "another run", id="a run that is no more"),
        pytest.param("process 7 since 2026-03-01 on elsewhere", "process 7 since", id="a run on another machine"),
        pytest.param("", "another run", id="a run that says nothing yet"),
    ],
)
def test_who_holds_a_lock_is_told_but_never_a_run_that_was_killed(tmp_path: Path, text: str, holder: str) -> None:
    handle = hold(tmp_path / "output" / ".archiver" / "lock", text)
    with pytest.raises(LockedError, match=f"{tmp_path}/output is in use by {holder}"):
        lock(tmp_path / "output" / ".archiver" / "lock")
    os.close(handle)


def test_what_a_killed_run_wrote_into_the_lock_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(f"process 999999999 since 2026-03-01 on {HERE}")
    handle = lock(tmp_path / "lock")
    assert (tmp_path / "lock").read_text().startswith(f"process {os.getpid()} since 20")
    os.close(handle)


def test_a_lock_is_waited_for_as_long_as_somebody_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOOK", 0.01)
    path = tmp_path / "output" / ".archiver" / "lock"
    handle = hold(path, "")
    started = time.monotonic()
    with pytest.raises(LockedError):
        lock(path, wait=0.2)
    assert time.monotonic() - started >= 0.2
    threading.Timer(0.2, os.close, [handle]).start()
    os.close(lock(path, wait=30))
    assert time.monotonic() - started < 20


def test_a_place_is_a_folder_or_an_address_without_secrets() -> None:
    assert to_place("output/news") == Path("output/news")
    place = to_place("s3://bucket/a/b/")
    assert isinstance(place, BucketPath)
    assert (str(place / "c.md"), place.bucket, place.key) == ("s3://bucket/a/b/c.md", "bucket", "a/b")
    for text in ("s3://key:S3CR3T@bucket/a", "s3://", "s3://bucket/../a", "gs://bucket/a", "https://x.example/a"):
        with pytest.raises(ConfigurationError, match="expected a folder or s3://BUCKET/PREFIX") as caught:
            to_place(text)
        assert "S3CR3T" not in str(caught.value)
