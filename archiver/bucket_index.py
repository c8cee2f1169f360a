"""The index of an archive in a bucket: in PostgreSQL, with a journal of many objects.

Nothing can be appended to an object. So the journal's lines wait in the database, kept there in one step with what they
say, until they are put into the bucket: every minute, and when a run ends, as `.archiver/journal/TIME-NUMBER.jsonl`, by
PostgreSQL's clock, with the number of the last line. Objects in the order of their names, and then the lines that wait,
are the journal. A kill takes nothing from it; whoever loses the database loses the lines that waited in it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from archiver import journal
from archiver.bucket import BucketPath, Place
from archiver.database import Mode
from archiver.errors import ConfigurationError, MachineError
from archiver.files import refusals
from archiver.index import Index
from archiver.layout import STATE
from archiver.records import KINDS, Record
from archiver.tables import TEXT, storable

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)
PAUSE = 60.0
"""Seconds between two objects of the journal: what a lost database may cost."""
PUTTING_LOCK = 0x6F626A656374
"""Of PostgreSQL's advisory locks: who has it puts lines into the bucket."""
WAITING = sa.Table(
    "waiting",
    sa.MetaData(),
    sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("line", TEXT, nullable=False),
)
"""Lines of the journal that are not in the bucket yet."""
LINES = sa.select(WAITING).order_by(WAITING.c.number)


class BucketIndex(Index):
    """Records by kind; threads, and several processes, may share it."""

    def __init__(self, url: str, output: BucketPath, *, mode: Mode = "write") -> None:
        """As of `Index`. Raises ConfigurationError also where the database has the index of another archive."""
        self.output, self.objects = output, output / STATE / "journal"
        self.copied = output / STATE / "journal.jsonl"
        """The journal of a folder that was copied into the bucket: what came before all objects."""
        self._putting = threading.Lock()
        self._last_put = time.monotonic()
        self._is_open = False
        super().__init__(url, cast("Path", self.objects), mode=mode)  # whatever takes it for a file is replaced below
        self._is_open = True

    @property
    def is_begun(self) -> bool:
        """As of `Index`."""
        with self._transaction():
            return bool(self._known() or self._waiting()) or self.copied.exists()

    def close(self) -> None:
        """As of `Index`; what waits is put into the bucket."""
        if self._is_open and self.mode == "write":
            self._is_open = False
            try:
                self._put_lines(sa.func.pg_advisory_lock)
            except MachineError as error:
                logger.warning("%s; the journal in the bucket lags behind until the next run", error)
        super().close()

    def lines(self) -> Iterator[tuple[Place, int, bytes, list[Record] | None]]:
        """As of `Index`; the lines that wait are the last."""
        for place in self._places(""):
            yield from ((place, *line) for line in journal.parsed(place.read_bytes().splitlines(keepends=True)))
        yield from ((self.objects, *line) for line in journal.parsed(self._waiting()))

    def journal_size(self) -> int:
        """As of `Index`: the number of the last line."""
        with self._transaction():
            last = self._connection.execute(sa.select(sa.func.max(WAITING.c.number))).scalar_one()
            return last or number_of(self._known())

    def renew_journal(self) -> None:
        """As of `Index`: puts all that the index knows as one more object; damaged ones are kept beside."""
        with self._transaction(appends=True):
            for kind in KINDS.values():
                self._wait(self.all(kind))
        self._put_lines(sa.func.pg_advisory_lock)
        damaged = {place: None for place, _, _, records in self.lines() if records is None}
        for place in damaged:
            with refusals(place):
                place.with_name(f"{place.name}.damaged").write_bytes(place.read_bytes())
                place.unlink()

    def keep_up(self) -> None:
        """Puts what waits into the bucket, once in a while. That it fails ends nothing: it waits for the next time."""
        if (
            self.mode != "write"
            or time.monotonic() - self._last_put < PAUSE
            or not self._putting.acquire(blocking=False)
        ):
            return
        try:
            self._last_put = time.monotonic()
            self._put_lines(sa.func.pg_try_advisory_lock)
        except MachineError as error:
            logger.warning("%s; the journal in the bucket lags behind", error)
        finally:
            self._putting.release()

    def _put_lines(self, lock: Callable[[int], Any]) -> None:
        """Puts the lines that wait as one object; while that takes its time, others may use the database."""
        with self._leased(lock) as is_ours:
            if not is_ours:
                return
            with self._transaction():
                rows = self._connection.execute(LINES).all()
                now: datetime = self._connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
            if rows:
                place = self.objects / f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{rows[-1].number}.jsonl"
                with refusals(place):
                    place.write_bytes("".join(row.line for row in rows).encode())
                with self._transaction():
                    self._forget_lines([place])

    @contextmanager
    def _leased(self, lock: Callable[[int], Any]) -> Iterator[bool]:
        """Is the lock of those who put lines into the bucket this process's, for so long?"""
        with self._transaction():
            is_ours = self._connection.execute(sa.select(lock(PUTTING_LOCK))).scalar_one() is not False
        try:
            yield is_ours
        finally:
            if is_ours:
                with self._transaction():
                    self._connection.execute(sa.select(sa.func.pg_advisory_unlock(PUTTING_LOCK)))

    def _forget_lines(self, places: list[BucketPath]) -> None:
        """Objects of the journal are known, and no line waits that is in one of them."""
        last = max(number_of(place.name) for place in places)
        self._connection.execute(sa.delete(WAITING).where(WAITING.c.number <= last))
        self._set_meta(journal_place=places[-1].name)

    def _wait(self, records: Iterable[Record]) -> None:
        if lines := [{"line": storable(journal.to_line(record))} for record in records]:
            self._connection.execute(sa.insert(WAITING), lines)

    def _waiting(self) -> list[bytes]:
        with self._transaction():
            return [row.line.encode() for row in self._connection.execute(LINES)]

    # What `Index` does with a file.

    def _prepare(self) -> None:
        """Refuses the database of another archive."""
        if not sa.inspect(self._connection).has_table("meta"):
            return
        found, address = self._meta(), str(self.output)
        if found.get("archive", address) != address or "journal_size" in found:
            other = found.get("archive", "an archive in a folder")
            raise ConfigurationError(
                f"{self._engine.url} has the index of {other}; {address} needs a database of its own"
            )

    def _catch_up(self) -> None:
        """Reads the objects that the database does not know: it is new, or was restored; or a run was killed between
        the object and the database.
        """
        WAITING.create(self._connection, checkfirst=True)
        self._set_meta(archive=str(self.output))
        self._take_in(self._known())

    def _read_journal(self) -> None:
        self._take_in("")

    def _take_in(self, since: str) -> None:
        """Stores what objects say that are newer than one, then what the lines say that still wait."""
        known, places = self._known(), self._places(since)
        for place in places:
            self._store(journal.good(place, journal.parsed(place.read_bytes().splitlines(keepends=True))))
        if new := [place for place in places if place.parent == self.objects and place.name > known]:
            self._forget_lines(new)
        if places or not since:
            self._store(journal.good(self.objects, journal.parsed(self._waiting())))

    def _known(self) -> str:
        """The name of the last object that the database knows; empty: it knows none."""
        return self._meta().get("journal_place", "")

    def _places(self, known: str) -> list[BucketPath]:
        """The objects of the journal after one, in order."""
        places = [place for place in self.objects.after(known) if place.suffix == ".jsonl"]
        return [self.copied, *places] if not known and self.copied.exists() else places

    def _put(self, records: tuple[Record, ...]) -> None:
        with self._transaction(appends=True):
            self._store(records)
            if self.mode == "write":
                self._wait(records)


def number_of(name: str) -> int:
    """The number of the last line in an object of the journal; 0: it has none of ours."""
    number = name.removesuffix(".jsonl").rpartition("-")[2]
    return int(number) if number.isdecimal() else 0
