"""The index of an archive: its records in a database, so that a question costs the same however many there are.

SQLite in `OUTPUT/.archiver/index.sqlite`, or PostgreSQL where several machines share an archive. Nothing is lost with
it: whatever is put here is appended to the journal first, and an index that is missing, damaged or behind is made from
that. Of several processes that share one in PostgreSQL, one at a time appends to the journal.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from archiver import files, journal
from archiver.bucket import Place
from archiver.database import DamagedError, Mode, refusals, to_engine
from archiver.errors import ConfigurationError
from archiver.names import folded
from archiver.records import (
    COLUMNS,
    KINDS,
    NAMES,
    AliasRecord,
    ArticleRecord,
    DeferredRecord,
    HostRecord,
    ImageRecord,
    ListingRecord,
    R,
    Record,
    RunRecord,
)
from archiver.tables import (
    ALIASES,
    ANY_STRANGER,
    BY_ADDRESS,
    BY_PATH,
    DEFERRALS,
    DEFERRED,
    FOLDED,
    HOSTS,
    IMAGES,
    LISTINGS,
    META,
    MIGRATIONS,
    PAGE,
    STRANGERS,
    TABLES,
    TWINS,
    VERSION,
    metadata,
    storable,
    to_record,
    to_row,
)
from archiver.urls import key_of, shortened

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
JOURNAL_LOCK = 0x6A6F75726E616C
"""Of PostgreSQL's advisory locks, which belong to one database: who has it may change the journal."""
AT_ONCE = 1000
"""Records that are handed to the database together."""


class Index:
    """Records by kind; threads may share it."""

    def __init__(self, url: str | sa.URL, journal_file: Path, *, mode: Mode = "write", is_safe: bool = True) -> None:
        """Opens the database, made or brought up to the journal where needed.

        `url` is SQLAlchemy's. In a `trial`, whatever is put is forgotten when it is closed; to `read`, the database is
        taken as it is. With `is_safe`, the journal is on the disk before the database keeps what it says. Raises
        ConfigurationError for a database that cannot be had, MachineError when the system refuses.
        """
        self.journal, self.mode, self.is_safe = journal_file, mode, is_safe
        self._read = 0  # bytes of the journal that the database has
        self._is_within = False
        self._mutex = threading.RLock()
        self._resources = ExitStack()
        self._upserts: dict[str, sa.Insert] = {}  # to make one takes as long as to execute it
        self._has_strangers: bool | None = None  # posts without address; None: nobody has asked
        self._engine = to_engine(url, mode)
        self._insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        try:
            self._begin()
        except DamagedError as error:
            self._set_aside(error)
            self._begin()

    def _begin(self) -> None:
        with refusals(self._engine, is_open=False):
            self._connection = self._resources.enter_context(self._engine.connect())
        with self._transaction(appends=True):
            self._prepare()
            found = self._meta() if sa.inspect(self._connection).has_table("meta") else {}
            if not found:
                metadata.create_all(self._connection)
                self._set_meta(version=str(VERSION))
            self._migrate(int(found.get("version", VERSION)))
            if self.mode != "read" or not found:
                self._catch_up()

    def _prepare(self) -> None:
        if self.mode == "write":
            journal.unfinished(self.journal).unlink(missing_ok=True)

    def _set_aside(self, error: DamagedError) -> None:
        """The damaged file is kept beside the new one, which comes from the journal; who may not write has it in
        memory.
        """
        logger.warning("%s; it is made anew from the journal", error)
        self._has_strangers = None
        self.close()
        if self.mode != "write":
            self._engine = to_engine("sqlite://", self.mode)
            return
        file = Path(self._engine.url.database or "")
        for path in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            if path.exists():
                path.replace(path.with_name(f"{path.name}.damaged"))

    def _safely(self, act: Callable[[], Result]) -> Result:
        """Does something with the database, a second time where it turns out to be damaged."""
        with self._mutex:
            try:
                return act()
            except DamagedError as error:
                self._set_aside(error)
                self._begin()
                return act()

    def close(self) -> None:
        """Gives the connection back; a trial is forgotten."""
        with self._mutex:
            self._resources.close()
            self._engine.dispose()

    @property
    def is_begun(self) -> bool:
        """Has anything ever been put into it?"""
        return self.journal.exists()

    def lines(self) -> Iterator[tuple[Place, int, bytes, list[Record] | None]]:
        """Every line of the journal: its file, and what `journal.lines` has of it."""
        return ((self.journal, *line) for line in journal.lines(self.journal))

    def keep_up(self) -> None:
        """Does what is to be done from time to time, in a thread that may wait."""

    # What it is made of.

    @contextmanager
    def _transaction(self, *, appends: bool = False) -> Iterator[None]:
        """All or nothing; one within another is a part of it. With `appends`, the journal is this process's alone.

        Raises MachineError when the database or the journal refuses.
        """
        with self._mutex, refusals(self._engine), files.refusals(self.journal):
            if self._is_within:
                yield
                return
            self._is_within = True
            try:
                if appends and self.mode == "write" and self.is_shared:
                    self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(JOURNAL_LOCK)))
                yield
                if self.mode == "write":
                    self._connection.commit()
            except BaseException:
                self._read = -1  # whatever was read of the journal is undone, too
                self._connection.rollback()
                raise
            finally:
                self._is_within = False

    @property
    def is_shared(self) -> bool:
        """May several processes put into it at the same time?"""
        return self._engine.dialect.name == "postgresql"

    def _meta(self) -> dict[str, str]:
        return {row.name: row.value for row in self._connection.execute(sa.select(META))}

    def _set_meta(self, **values: str) -> None:
        for name, value in values.items():
            self._upsert(META, [{"name": name, "value": value}])

    def _migrate(self, version: int) -> None:
        if version > VERSION:
            raise ConfigurationError(f"{self._engine.url} was made by a newer archiver (version {version})")
        for statements in MIGRATIONS[version - 1 :]:
            for statement in statements:
                self._connection.exec_driver_sql(statement)
        if version < VERSION:
            self._set_meta(version=str(VERSION))

    def _catch_up(self) -> None:
        """Reads what the journal has and the index has not; all of it, where it is another journal by now."""
        found, there = self._meta(), self.journal_size()
        size = int(found.get("journal_size", 0))
        if not there:
            if size and self.mode == "write":
                self._write_journal()
        elif journal.tail(self.journal, size) != found.get("journal_tail", ""):
            logger.warning("%s is not the one that the index knows; the index is made anew", self.journal)
            self.restore()
        else:
            self._store(journal.read(self.journal, size))
            self._note_journal(there)

    def journal_size(self) -> int:
        """Grows with all that is put, whoever puts it."""
        return journal.size(self.journal)

    def renew_journal(self) -> None:
        """Writes the journal anew from what the index knows; the old one is kept beside it. Raises MachineError."""
        with self._transaction(appends=True):
            self.journal.replace(self.journal.with_name(f"{self.journal.name}.damaged"))
            self._write_journal()

    def _write_journal(self) -> None:
        """A journal that was lost, from what the index knows."""
        logger.warning("%s is written anew from the index", self.journal)
        new = journal.unfinished(self.journal)
        new.unlink(missing_ok=True)
        for kind in KINDS.values():
            journal.append(new, self.all(kind), is_safe=self.is_safe)
        new.replace(self.journal)
        files.sync_folders([self.journal.parent] if self.is_safe else [])
        self._note_journal(self.journal_size())

    def restore(self) -> None:
        """Forgets all, and reads the journal from its begin."""
        self._has_strangers = None
        with self._transaction(appends=True):
            for table in metadata.tables.values():
                if table is not META:
                    self._connection.execute(sa.delete(table))
            self._read_journal()

    def _read_journal(self) -> None:
        self._store(journal.read(self.journal))
        self._note_journal(self.journal_size())

    def _note_journal(self, size: int) -> None:
        self._set_meta(journal_size=str(size), journal_tail=journal.tail(self.journal, size))
        self._read = size

    def _upsert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if table.name not in self._upserts:
            statement = self._insert(table)
            keys = [column.name for column in table.primary_key]
            others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
            self._upserts[table.name] = statement.on_conflict_do_update(index_elements=keys, set_=others)
        self._connection.execute(self._upserts[table.name], rows)

    def _store(self, records: Iterable[Record]) -> None:
        waiting = iter(records)
        while some := [*islice(waiting, AT_ONCE)]:
            last = {(type(record), *(getattr(record, name) for name in record.key)): record for record in some}
            for kind in KINDS.values():
                self._store_kind(kind, [record for record in last.values() if type(record) is kind])

    def _store_kind(self, kind: type[Record], records: list[Record]) -> None:
        """Stores records of one kind, no two with the same key."""
        table = TABLES[NAMES[kind]]
        done = [record.name for record in records if isinstance(record, DeferredRecord) and not record.outcome]
        if done:
            self._connection.execute(sa.delete(table).where(DEFERRED.name.in_(done)))
        if rows := [to_row(record) for record in records if not isinstance(record, DeferredRecord) or record.outcome]:
            self._upsert(table, rows)
            if kind is ArticleRecord:
                if any(row["url"] is None for row in rows):
                    self._has_strangers = True
                self._upsert(FOLDED, [{"post": row["post"], "folded": folded(row["post"])} for row in rows])

    # Putting and asking.

    def put(self, *records: Record) -> None:
        """Keeps records, in the place of those with the same key: all of them or none, in the journal first.

        Raises MachineError.
        """
        if records:
            self._safely(lambda: self._put(records))

    def _put(self, records: tuple[Record, ...]) -> None:
        is_kept = self.mode == "write"
        with self._transaction(appends=is_kept):
            if is_kept and self.journal_size() != self._read:
                self._catch_up()  # a commit has failed, or another process has put something
            self._store(records)
            if is_kept:  # once the database has taken them, and before it keeps them
                size = journal.append(self.journal, records, is_safe=self.is_safe)
                self._set_meta(journal_size=str(size), journal_tail=journal.tail(self.journal, size))
        if is_kept:
            self._read = size

    def all(self, kind: type[R], *where: sa.ColumnElement[bool]) -> list[R]:
        """The records of a kind, by their keys, of which conditions over `TABLES[…].c` hold."""
        table = TABLES[NAMES[kind]]
        query = sa.select(*(table.c[name] for name in COLUMNS[kind])).where(*where).order_by(*table.primary_key)
        return self._records(kind, query)

    def article(self, url: str) -> ArticleRecord | None:
        """The article that was seen under an address, in any spelling of it."""
        name = key_of(url)
        return self.articles([name]).get(name)

    def articles(self, names: Iterable[str]) -> dict[str, ArticleRecord]:
        """The articles that were seen under addresses, by `urls.key_of` each of them, as far as they are known."""
        rows = [dict(row._mapping) for row in self._rows(BY_ADDRESS, names=[*names])]
        return {row.pop("alias"): to_record(ArticleRecord, row) for row in rows}

    def article_at(self, post: str) -> ArticleRecord | None:
        """The article of a post; where there is none, of one whose path differs in case only."""
        found = self._records(ArticleRecord, BY_PATH, folded=folded(storable(post)))
        return next((record for record in found if record.post == post), found[0] if found else None)

    def strangers(self, heading: str) -> list[ArticleRecord]:
        """The posts with a heading (`layout.heading`) of which no address is known: those of another program."""
        if self._has_strangers is None:
            self._has_strangers = bool(self._rows(ANY_STRANGER))
        return self._records(ArticleRecord, STRANGERS, heading=heading) if self._has_strangers else []

    def twins(self, content: str, site: str) -> list[ArticleRecord]:
        """The articles of a site with the same text; `content` is its digest."""
        return self._records(ArticleRecord, TWINS, content=content, site=site)

    def aliases(self, post: str) -> list[AliasRecord]:
        """The addresses of a post."""
        return self._records(AliasRecord, ALIASES, post=storable(post))

    def image(self, post: str, url: str) -> ImageRecord | None:
        """An image of a post."""
        found = self._records(ImageRecord, IMAGES, post=storable(post), url_key=shortened(url))
        return found[0] if found else None

    def deferred(self, url: str) -> DeferredRecord | None:
        """What is known of a page that is not archived."""
        found = self._records(DeferredRecord, DEFERRALS, name=key_of(url))
        return found[0] if found else None

    def listing(self, url: str) -> ListingRecord | None:
        """What is known of a listing. None: it was never followed."""
        found = self._records(ListingRecord, LISTINGS, url_key=shortened(url))
        return found[0] if found else None

    def host(self, host: str) -> HostRecord:
        """What is known of an image host."""
        found = self._records(HostRecord, HOSTS, host=storable(host))
        return found[0] if found else HostRecord(host)

    def runs(self) -> list[RunRecord]:
        """All runs, oldest first."""
        return self.all(RunRecord)

    def count(self, kind: type[Record]) -> int:
        """How many records of a kind there are."""
        return int(self._rows(sa.select(sa.func.count()).select_from(TABLES[NAMES[kind]]))[0][0])

    def page(self, url: str) -> dict[str, Any] | None:
        """A listing as it was last seen: `etag`, `last_modified`, `content_type`, `body`. None: not kept."""
        found = self._rows(sa.select(PAGE).where(PAGE.c.url == shortened(url)))
        return dict(found[0]._mapping) if found else None

    def keep_page(self, url: str, **values: Any) -> None:
        """Keeps a listing as it was seen, with the fields of `page`."""
        self._safely(lambda: self._keep_page({"url": shortened(url), **values}))

    def _keep_page(self, row: dict[str, Any]) -> None:
        with self._transaction():
            self._upsert(PAGE, [row])

    def last_runs(self, sites: Iterable[str], count: int) -> list[RunRecord]:
        """The last so many runs of each site, the oldest first."""
        table = TABLES["run"]
        found: list[RunRecord] = []
        for site in sites:
            query = sa.select(*table.c).where(table.c.site == site).order_by(table.c.start.desc()).limit(count)
            found += reversed(self._records(RunRecord, query))
        return found

    def ask(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        """The rows of a query over TABLES, by the names of their columns."""
        return [dict(row._mapping) for row in self._rows(query)]

    def _records(self, kind: type[R], query: sa.Select[Any], **values: Any) -> list[R]:
        return [to_record(kind, dict(row._mapping)) for row in self._rows(query, **values)]

    def _rows(self, query: sa.Select[Any], **values: Any) -> list[sa.Row[Any]]:
        return self._safely(lambda: self._ask(query, values))

    def _ask(self, query: sa.Select[Any], values: dict[str, Any]) -> list[sa.Row[Any]]:
        with self._transaction():
            return [*self._connection.execute(query, values).all()]
