"""Leases: what one process of many has for itself while it runs, in the PostgreSQL database that they share.

Each is an advisory lock of a connection of its own. It ends with the process, however that ends: no lease is left
behind, and none has to be renewed.
"""

import logging
import threading
import time
from collections.abc import Iterable

import sqlalchemy as sa

from archiver.database import refusals, to_engine
from archiver.errors import LockedError
from archiver.files import LOOK, sha256

logger = logging.getLogger(__name__)


class Leases:
    """Threads may share it."""

    def __init__(self, url: str) -> None:
        """Connects. Raises ConfigurationError for a database that cannot be had."""
        self._engine = to_engine(url, "write").execution_options(isolation_level="AUTOCOMMIT")
        self._mutex = threading.Lock()
        self._held: set[str] = set()
        with refusals(self._engine, is_open=False):
            self._connection = self._engine.connect()

    def take(
        self, names: Iterable[str], wait: float = 0, *, is_shared: bool = False, use: str = "being crawled"
    ) -> None:
        """Keeps leases to the end. Raises LockedError, naming the one that another run has for so many seconds.

        One that is shared keeps out only those who want it alone.
        """
        last_moment, is_told = time.monotonic() + wait, False
        for name in sorted({*names}, reverse=True):  # in one order, so that two who wait do not wait for each other
            while not self.try_one(name, is_shared=is_shared):
                if time.monotonic() >= last_moment:
                    raise LockedError(f"{name} is {use} by another run")
                if not is_told:
                    logger.warning("%s is %s by another run; waiting for it to end", name, use)
                is_told = True
                time.sleep(LOOK)

    def try_one(self, name: str, *, is_shared: bool = False) -> bool:
        """Is a lease this process's, by now? Raises MachineError once the connection is lost, and they with it."""
        attempt = sa.func.pg_try_advisory_lock_shared if is_shared else sa.func.pg_try_advisory_lock
        with self._mutex, refusals(self._engine):
            if name not in self._held and self._connection.scalar(sa.select(attempt(key(name)))):
                self._held.add(name)
            return name in self._held

    def give_back(self, name: str) -> None:
        """Ends a lease, if it is this process's. Raises MachineError."""
        with self._mutex, refusals(self._engine):
            if name in self._held:
                self._connection.scalar(sa.select(sa.func.pg_advisory_unlock(key(name))))
                self._held.discard(name)

    def close(self) -> None:
        """Ends all of them."""
        with self._mutex:
            self._connection.close()
            self._engine.dispose()


def key(name: str) -> sa.ColumnElement[int]:
    """The number of a lease: 63 bits of a hash."""
    return sa.literal(int(sha256(name.encode("utf-8", "surrogatepass"))[:16], 16) >> 1, sa.BigInteger)
