"""Who holds an archive: one process alone, or several crawls together where they share an index in PostgreSQL.

The lock of a folder is a file in it; that of a bucket, which knows no locks, is a lease in its index.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from archiver.bucket import BucketPath, reach
from archiver.database import Mode
from archiver.files import forget_holder, lock, missing_parents, refusals, refuse_outside, try_alone
from archiver.layout import Layout
from archiver.leases import Leases
from archiver.names import folded


class Holding:
    """What a process has of an archive from its opening to its end: the lock, and leases of what others share."""

    def __init__(self, layout: Layout, mode: Mode, *, is_shared: bool) -> None:
        """Takes the lock, which to `write` is always needed, for a `trial` where there is one, and to `read` never.

        Raises LockedError, MachineError or ConfigurationError.
        """
        self.layout, self.mode = layout, mode
        self._lock: int | None = None
        self._leases: Leases | None = None
        self._created: list[Path] = []
        for place in (layout.output, layout.images) if mode != "read" else ():
            reach(place)
        is_bucket = isinstance(layout.output, BucketPath)
        try:
            if not is_bucket:
                self._lock_folder(layout.folder, layout.state_folder, is_shared=is_shared)
            if is_shared or (is_bucket and mode != "read"):
                self._leases = Leases(layout.index)
            if self._leases is not None and is_bucket:
                self._leases.take([str(layout.output)], layout.wait, is_shared=is_shared, use="in use")
        except BaseException:
            self.give_back()
            raise

    def _lock_folder(self, output: Path, state: Path, *, is_shared: bool) -> None:
        self._created = missing_parents(state) if self.mode == "write" else []
        place = state / "lock"
        with refusals(state):
            if self.mode == "write":
                for name in ("lock", "journal.jsonl", "index.sqlite"):
                    refuse_outside(output, state / name)
                state.mkdir(parents=True, exist_ok=True)
            if self.mode == "write" or (self.mode == "trial" and place.exists()):
                self._lock = lock(place, note=self.mode == "write", wait=self.layout.wait, is_shared=is_shared)

    def give_back(self) -> None:
        """Ends it; an archive in which nothing was written leaves no trace."""
        if self._leases is not None:
            self._leases.close()
        if self._lock is None:
            return
        if self.mode == "write":
            forget_holder(self._lock)
            state = self.layout.state_folder
            is_empty = self._created and state.exists() and not self.layout.journal.exists()
            if is_empty and try_alone(self._lock):
                for name in ("index.sqlite", "lock"):
                    (state / name).unlink(missing_ok=True)
                for folder in self._created:
                    if any(folder.iterdir()):
                        break
                    folder.rmdir()
        os.close(self._lock)

    def lease(self, names: Iterable[str]) -> None:
        """Nobody else has what is called so, to the end. Raises LockedError where somebody has."""
        if self._leases is not None:
            self._leases.take(names, self.layout.wait)

    def claim(self, path: str) -> bool:
        """Is a name no other process's, which may be about to write there? Only then it is seen whether it is free."""
        return self._leases is None or self._leases.try_one(f"name {folded(path)}")

    def give_up(self, path: str) -> None:
        """Ends a claim: the name is not wanted, or the index knows whose it is."""
        if self._leases is not None:
            self._leases.give_back(f"name {folded(path)}")
