"""The writer of an archive: what it writes is whole, and is swept if it was killed.

`OUTPUT/.archiver/writing-TOKEN` has one line for each folder it has begun a file in, before the file; the run holds a
lock of it, and it goes when the run ends. A run that finds one which nobody holds knows where another was killed, and
under which names that wrote, however large the archive is. In a bucket nothing is ever unfinished, and nothing noted.
"""

import itertools
import json
import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archiver.bucket import BucketPath, Place
from archiver.errors import LockedError, MachineError
from archiver.files import TEMPORARY, lock, put_file, refusals, sync, sync_folders, write_whole

logger = logging.getLogger(__name__)
NOTE = "writing-"
SWEEPING = 60.0
"""Seconds that a run which begins to write waits for one that looks whether its note is left over: it is empty."""
LAST_WRITES = 10.0
"""Seconds that a run which is being ended waits for what its threads still write."""


class Writer:
    """Writes objects of a bucket; threads may share it."""

    def __init__(self, output: Place) -> None:
        self.output = output
        self._changed = threading.Condition()
        self._busy = 0
        self._is_closed = False

    @contextmanager
    def busy(self) -> Iterator[None]:
        """The archive is not given back before what happens here has ended. Raises MachineError once it has been."""
        with self._changed:
            if self._is_closed:
                raise MachineError(f"{self.output}: the run has ended")
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def write(self, target: Place, data: bytes) -> None:
        """The file appears under its name with all its bytes, or not at all; an existing one is replaced the same way.

        Raises OSError, and MachineError once the archive has been given back.
        """
        with self.busy():
            write_whole(target, data)

    def close(self) -> bool:
        """Waits for what threads still write; nothing is written any more. Has all of it ended?"""
        with self._changed:
            self._is_closed = True
            return self._changed.wait_for(lambda: not self._busy, LAST_WRITES)


class FolderWriter(Writer):
    """Writes files below `output`, and in folders beside it; its images may lie in a bucket."""

    def __init__(self, output: Path, state: Path, *, is_safe: bool) -> None:
        """Sweeps what runs that were killed have left. This process must hold the archive. Raises MachineError."""
        super().__init__(output)
        self.folder, self.is_safe = output, is_safe
        self.token = secrets.token_hex(4)
        self.note = state / f"{NOTE}{self.token}"
        self._lock: int | None = None
        self._numbers = itertools.count()
        self._announced: set[Path] = set()
        with refusals(self.note):
            self._sweep()

    def _sweep(self) -> None:
        swept = 0
        for note in sorted(self.note.parent.glob(f"{NOTE}{'[0-9a-f]' * len(self.token)}")):
            with suppress(LockedError):  # its run lives
                handle = lock(note, note=False)
                try:
                    swept += self._sweep_run(note)
                finally:
                    os.close(handle)
        if swept:
            logger.warning("%s: a run was killed; %d unfinished files of it are removed", self.folder, swept)

    def _sweep_run(self, note: Path) -> int:
        files = [file for token, folder in places(note) for file in leftovers(self.folder / folder, token)]
        for file in files:
            file.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
        return len(files)

    def write(self, target: Place, data: bytes) -> None:
        """As `Writer.write`."""
        if isinstance(target, BucketPath):
            super().write(target, data)
            return
        with self.busy():
            self._announce(target.parent)
            temporary = target.with_name(f"{TEMPORARY}{self.token}-{next(self._numbers)}")
            put_file(temporary, target, data, is_safe=self.is_safe)

    def _announce(self, folder: Path) -> None:
        """Notes that there may be unfinished files in a folder."""
        with self._changed:
            if folder in self._announced:
                return
            place = folder.relative_to(self.folder) if folder.is_relative_to(self.folder) else folder.absolute()
            is_new = self._lock is None
            if self._lock is None:
                self._lock = lock(self.note, note=False, wait=SWEEPING)
            with self.note.open("ab") as file:
                file.write((json.dumps([self.token, str(place)]) + "\n").encode())
                if self.is_safe:
                    sync(file)
            if self.is_safe and is_new:
                sync_folders([self.note.parent])
            self._announced.add(folder)

    def close(self) -> bool:
        """As `Writer.close`."""
        is_done = super().close()
        if self._lock is not None:
            with suppress(OSError):  # the next run sweeps in vain
                if is_done:
                    self.note.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None
        return is_done


def places(note: Path) -> Iterator[tuple[str, str]]:
    """The token and the folder of each line; one that is none, as a crash leaves it, was followed by no file."""
    for line in note.read_bytes().splitlines() if note.exists() else ():
        with suppress(ValueError, RecursionError):
            token, folder = json.loads(line)
            if isinstance(token, str) and isinstance(folder, str) and token:
                yield token, folder


def leftovers(folder: Path, token: str) -> list[Path]:
    """The unfinished files of one run in a folder; nobody else's, whatever they are called."""
    begin = f"{TEMPORARY}{token}-"
    try:
        with os.scandir(folder) as entries:
            found = [
                entry for entry in entries if entry.name.startswith(begin) and entry.is_file(follow_symlinks=False)
            ]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / entry.name for entry in found if entry.name.removeprefix(begin).isdecimal()]
