"""The databases that an index may be kept in, SQLite and PostgreSQL: how each is opened, and what it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from archiver.errors import ConfigurationError, MachineError

Mode = Literal["write", "trial", "read"]
BUSY = 30
"""Seconds to wait for another process that writes to the same SQLite file."""
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""What an address may begin with, and what is used for it."""
GONE = ("tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3")
"""PostgreSQL gives up a client whose machine has lost power after a minute, not two hours, and frees its locks."""


class DamagedError(MachineError):
    """The file of an SQLite index is none, or damaged."""


def to_engine(url: str | sa.URL, mode: Mode) -> sa.Engine:
    """A database, not yet connected to. Raises ConfigurationError."""
    try:
        place = sa.make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError("the index is no address of a database, as postgresql+psycopg://HOST/NAME") from error
    backend = place.drivername.partition("+")[0]
    if backend not in DRIVERS:
        raise ConfigurationError(f"the index is kept in SQLite or PostgreSQL, not in {backend}")
    is_file = backend == "sqlite"
    options = {"timeout": BUSY, "check_same_thread": False} if is_file else {}
    try:
        engine = sa.create_engine(
            place.set(drivername=DRIVERS[backend]), poolclass=sa.pool.StaticPool, connect_args=options
        )
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"the index needs {error.name}: pip install 'archiver[postgres]'") from error
    if is_file:
        sa.event.listen(engine, "connect", set_up_to_write if mode == "write" else set_up)
        sa.event.listen(engine, "begin", begin)
    else:
        sa.event.listen(engine, "connect", set_up_shared)
    return engine


def is_postgresql(url: str) -> bool:
    """Is it the address of a database that several machines can share?"""
    backend = url.partition(":")[0].partition("+")[0]
    return DRIVERS.get(backend, "").startswith("postgresql")


def set_up(connection: Any, _: Any) -> None:
    """SQLite: transactions begin where `begin` says, so that they hold the making of tables, too."""
    connection.isolation_level = None


def set_up_to_write(connection: Any, _: Any) -> None:
    """SQLite: readers and a writer side by side; what a power cut may take is in the journal."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    set_up(connection, _)


def set_up_shared(connection: Any, _: Any) -> None:
    """PostgreSQL: what this process holds is free soon after its machine has gone."""
    for setting in GONE:
        connection.execute(f"SET {setting}")
    connection.commit()


def begin(connection: sa.Connection) -> None:
    """SQLite: begins a transaction."""
    connection.exec_driver_sql("BEGIN")


@contextmanager
def refusals(engine: sa.Engine, *, is_open: bool = True) -> Iterator[None]:
    """Turns what a database refuses into MachineError, or ConfigurationError where it could not even be opened."""
    try:
        yield
    except DBAPIError as error:
        text = f"{engine.url}: {str(error.orig).strip()}"
        if engine.dialect.name == "sqlite" and type(error) is DatabaseError:
            raise DamagedError(text) from error
        if engine.dialect.name == "postgresql" and isinstance(error, OperationalError) and not is_open:
            raise ConfigurationError(f"the index cannot be reached: {text}") from error
        raise MachineError(text) from error
