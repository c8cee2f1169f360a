"""The index, in SQLite and in PostgreSQL: what is put is there, whatever happens to its files."""

import json
import logging
import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archiver import journal
from archiver.database import Mode
from archiver.errors import ArchiverError, ConfigurationError, MachineError
from archiver.index import Index
from archiver.records import (
    KINDS,
    AliasRecord,
    ArticleRecord,
    DeferredRecord,
    HostRecord,
    ImageRecord,
    ListingRecord,
    Record,
    RunRecord,
)
from archiver.tables import ARTICLE, META, MIGRATIONS, PAGE, TABLES, VERSION, metadata
from archiver.urls import key_of
from tests.test_archive import no_file_over

NOON = datetime(2026, 3, 10, 12, 0, 0, 123456, tzinfo=UTC)
NOISE = random.Random(1).randbytes(1_000_000)  # noqa: S311
LONG = "https://town.example/" + NOISE.hex()[:5000]
ODD = ("它说：“我'll \\ be\tback”\n🎉", "a\u2028b''\"%s:x;--", "naïve café")
FERRY = ArticleRecord(
    "web/town/news/渡船 'again'.md",
    "https://town.example/新闻?a='1'",
    site="town",
    channel="新闻",
    title=ODD[0],
    heading="web/town/新闻/" + ODD[0],
    authors=ODD,
    published=NOON,
    modified=NOON + timedelta(hours=1),
    first_seen=NOON + timedelta(days=1),
    last_seen=NOON + timedelta(days=2),
    status=200,
    etag='W/"1"',
    last_modified="Mon, 09 Mar 2026 09:00:00 GMT",
    content="ab" * 32,
    length=2**40,
    sha256="cd" * 32,
    image="https://img.example/1.jpg",
    state="held",
    reason=ODD[1],
)
IMAGE = ImageRecord(
    FERRY.post, "https://img.example/1.jpg", "https://p.example/?1", "web/1.jpg", "ef" * 32, "image/jpeg", 9, 8, 7
)
RECORDS: tuple[Record, ...] = (
    FERRY,
    replace(FERRY, post="web/town/news/2.md", url=LONG, title="t" * 5000),
    ArticleRecord("/elsewhere/web/town/news/3.md"),
    AliasRecord(key_of(FERRY.url or ""), FERRY.url or "", FERRY.post),
    AliasRecord(key_of(LONG), LONG, "web/town/news/2.md"),
    IMAGE,
    replace(IMAGE, url=LONG, path=None, reason=ODD[2], tries=3, next_try=NOON),
    replace(IMAGE, url=LONG + "x"),
    DeferredRecord(key_of(LONG), LONG, "town", "新闻", NOON, "failed", ODD[1], 2, NOON),
    DeferredRecord("town.example/2", "https://town.example/2", "town", outcome="blocked"),
    ListingRecord(LONG, NOON),
    ListingRecord("https://town.example/news/"),
    HostRecord("img.example", "no-referer"),
    RunRecord(NOON, "crawl", "town", NOON, (("new", 2), ("held", 1)), 1),
    RunRecord(NOON, "images", ""),
)
"""Every kind, with all its fields and with few."""
Open = Callable[..., Index]


@pytest.fixture
def place(index_url: str, tmp_path: Path) -> str | sa.URL:
    """Where the database is."""
    return index_url or sa.URL.create("sqlite", database=str(tmp_path / "index.sqlite"))


@pytest.fixture
def open_index(place: str | sa.URL, tmp_path: Path) -> Open:
    """Opens the index of an archive."""

    def opened(mode: Mode = "write", journal_file: Path = tmp_path / "journal.jsonl") -> Index:
        return Index(place, journal_file, mode=mode)

    return opened


def tables(index: Index) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but the cache of pages and what is known of the journal."""
    with index._mutex, index._transaction():
        return {
            name: sorted(map(tuple, index._connection.execute(sa.select(table))), key=repr)
            for name, table in metadata.tables.items()
            if table not in (PAGE, META)
        }


def records(index: Index) -> list[Record]:
    return [record for kind in KINDS.values() for record in index.all(kind)]


def by_key(found: tuple[Record, ...] | list[Record]) -> dict[tuple[Any, ...], Record]:
    return {(type(record), *(getattr(record, name) for name in record.key)): record for record in found}


def filled(open_index: Open, *more: Record) -> dict[str, list[tuple[Any, ...]]]:
    """An index with every kind of record, some of them put twice; what its tables hold."""
    with closing(open_index()) as index:
        index.put(*RECORDS)
        for number in range(20):
            post = f"web/town/news/{number}.md"
            index.put(ArticleRecord(post), AliasRecord(f"town.example/{number}", f"http://town.example/{number}", post))
        index.put(replace(FERRY, state="gone"), DeferredRecord("town.example/2"), *more)
        return tables(index)


def lose(place: str | sa.URL) -> None:
    """The database is gone."""
    url = sa.make_url(place)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").unlink()
        return
    engine = sa.create_engine(url)
    metadata.drop_all(engine)
    engine.dispose()


@contextmanager
def connected(place: str | sa.URL) -> Iterator[sa.Connection]:
    """The database as somebody else sees it."""
    engine = sa.create_engine(place, poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


# Putting and asking.


def test_what_was_put_is_there_and_stays_there(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(*RECORDS)
        assert by_key(records(index)) == by_key(RECORDS)
    with closing(open_index()) as index:
        assert by_key(records(index)) == by_key(RECORDS)


def test_what_a_database_does_not_take_is_replaced_and_found_again(open_index: Open) -> None:
    bad = "https://town.example/a\0b\ud83d"
    with closing(open_index()) as index:
        index.put(
            replace(FERRY, url=bad, title=bad),
            AliasRecord(key_of(bad), bad, FERRY.post),
            replace(IMAGE, url=bad),
            DeferredRecord(key_of(bad), bad, outcome="failed"),
            ListingRecord(bad, NOON),
            HostRecord(bad, "x"),
        )
        index.keep_page(bad, etag="1", body=b"\0")
        good = "https://town.example/a b?"
        assert index.article(bad) == replace(FERRY, url=good, title=good)
        assert index.image(FERRY.post, bad) == replace(IMAGE, url=good)
        assert index.deferred(bad) == DeferredRecord(key_of(bad), good, outcome="failed")
        assert index.listing(bad) == ListingRecord(good, NOON)
        assert index.host(bad) == HostRecord(good, "x")
        assert (index.page(bad) or {})["body"] == b"\0"
        assert index.article_at("a\0b\ud83d") is None


def test_a_record_takes_the_place_of_the_one_with_its_key(open_index: Open) -> None:
    with closing(open_index()) as index:
        for title in ("one", "two", "three"):
            index.put(replace(FERRY, title=title), HostRecord("img.example", title))
        index.put(replace(FERRY, title="four"), replace(FERRY, title="five"))
        assert index.all(ArticleRecord) == [replace(FERRY, title="five")]
        assert index.all(HostRecord) == [HostRecord("img.example", "three")]
        assert (index.count(ArticleRecord), index.count(ImageRecord)) == (1, 0)


def test_an_article_is_found_under_every_spelling_of_its_addresses(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(*RECORDS)
        for url in (FERRY.url or "", "http://m.town.example/%E6%96%B0%E9%97%BB?a='1'"):
            assert index.article(url) == FERRY
        assert index.article(LONG) == RECORDS[1]
        assert index.article(LONG + "x") is None


def test_a_post_is_found_whatever_case_its_path_is_written_in(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(ArticleRecord("a/caf\u00e9.md"), ArticleRecord("a/Ferry.md"), ArticleRecord("a/FERRY.md"))
        for path, found in (
            ("a/cafe\u0301.md", "a/caf\u00e9.md"),
            ("A/CAF\u00c9.MD", "a/caf\u00e9.md"),
            ("a/Ferry.md", "a/Ferry.md"),
            ("a/FERRY.md", "a/FERRY.md"),
        ):
            assert index.article_at(path) == ArticleRecord(found)
        assert index.article_at("a/ferr.md") is None


def test_images_deferred_pages_listings_hosts_and_runs_are_found_by_their_keys(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(*RECORDS)
        assert index.image(FERRY.post, IMAGE.url) == IMAGE
        assert index.image(FERRY.post, LONG + "x") == replace(IMAGE, url=LONG + "x")
        assert index.image("web/town/news/2.md", IMAGE.url) is None
        assert index.deferred("http://www.town.example/2/") == RECORDS[9]
        assert index.deferred("http://www.town.example/3/") is None
        assert index.listing(LONG) == ListingRecord(LONG, NOON)
        assert index.listing("https://a.example/") is None
        assert index.host("img.example") == HostRecord("img.example", "no-referer")
        assert index.host("b.example") == HostRecord("b.example")
        assert index.runs() == [RECORDS[13], RECORDS[14]]


def test_a_deferred_page_that_has_been_dealt_with_is_forgotten(open_index: Open) -> None:
    first, second = (DeferredRecord(f"town.example/{n}", outcome="failed") for n in (1, 2))
    with closing(open_index()) as index:
        index.put(first, second)
        index.put(DeferredRecord(first.name))
        assert index.all(DeferredRecord) == [second]
        index.put(DeferredRecord(second.name), replace(first, tries=1), replace(second, tries=2))
        assert index.all(DeferredRecord) == [replace(first, tries=1), replace(second, tries=2)]


def test_records_come_in_the_order_of_their_keys_everywhere(open_index: Open) -> None:
    names = ["B.md", "a-b.md", "a.md", "b.md", "é.md", "新.md", "🎉.md"]
    with closing(open_index()) as index:
        index.put(*map(ArticleRecord, reversed(names)))
        assert [record.post for record in index.all(ArticleRecord)] == names
        assert index.all(ArticleRecord, ARTICLE.post > "b") == [*map(ArticleRecord, names[3:])]


def test_a_listing_is_kept_as_it_was_seen(open_index: Open) -> None:
    with closing(open_index()) as index:
        assert index.page(LONG) is None
        index.keep_page(LONG, etag='"1"', last_modified=None, content_type="text/html", body=b"\x1f\x8b\0")
        index.keep_page(LONG, etag='"2"', last_modified=None, content_type="text/html", body=b"\0")
    with closing(open_index()) as index:
        page = index.page(LONG)
        assert page is not None
        assert {name: page[name] for name in ("etag", "last_modified", "content_type", "body")} == {
            "etag": '"2"',
            "last_modified": None,
            "content_type": "text/html",
            "body": b"\0",
        }
        assert not index.journal.exists()


def test_many_threads_may_put_at_once(open_index: Open) -> None:
    def put(number: int) -> ArticleRecord | None:
        url, post = f"https://town.example/{number}", f"web/town/news/{number}.md"
        index.put(ArticleRecord(post, url), AliasRecord(key_of(url), url, post))
        return index.article(url)

    with closing(open_index()) as index:
        with ThreadPoolExecutor(8) as threads:
            found = [*threads.map(put, range(200))]
        assert found == [ArticleRecord(f"web/town/news/{n}.md", f"https://town.example/{n}") for n in range(200)]
        before = tables(index)
        index.restore()
        assert tables(index) == before


# All or nothing.


def test_of_records_that_the_database_refuses_none_is_kept(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(FERRY)
        before = (tables(index), index.journal.read_bytes())
        with pytest.raises((MachineError, OverflowError)):
            index.put(HostRecord("img.example"), replace(IMAGE, size=2**70))
        assert (tables(index), index.journal.read_bytes()) == before
        index.put(IMAGE)
        assert records(index) == [FERRY, IMAGE]


def test_of_records_that_the_journal_cannot_take_none_is_kept(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(FERRY)
        before = (tables(index), index.journal.read_bytes())
        index.journal.rename(index.journal.with_name("aside"))
        index.journal.mkdir()
        with pytest.raises(MachineError, match=r"journal\.jsonl"):
            index.put(IMAGE)
        index.journal.rmdir()
        index.journal.with_name("aside").rename(index.journal)
        assert (tables(index), index.journal.read_bytes()) == before


def test_a_full_disk_is_named_and_costs_what_did_not_fit(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(FERRY)
        before = index.journal.read_bytes()
        with no_file_over(len(before) + 10), pytest.raises(MachineError):
            index.put(IMAGE)
        assert index.journal.read_bytes() == before
        index.put(HostRecord("img.example"))
        assert records(index) == [FERRY, HostRecord("img.example")]


def test_what_the_journal_has_and_a_failed_commit_lost_is_caught_up(open_index: Open) -> None:
    with closing(open_index()) as index:
        index.put(FERRY)
        journal.append(index.journal, [IMAGE])
        index.put(HostRecord("img.example"))
        assert records(index) == [FERRY, IMAGE, HostRecord("img.example")]


# Lost, damaged, behind.


def test_an_index_that_is_lost_comes_back_from_the_journal(open_index: Open, place: str | sa.URL) -> None:
    before = filled(open_index)
    lose(place)
    with closing(open_index()) as index:
        assert tables(index) == before


def test_an_index_that_is_behind_catches_up(open_index: Open, tmp_path: Path) -> None:
    filled(open_index)
    journal.append(tmp_path / "journal.jsonl", [replace(FERRY, title="new"), DeferredRecord(key_of(LONG))])
    with closing(open_index()) as index:
        assert index.article(FERRY.url or "") == replace(FERRY, title="new")
        assert index.deferred(LONG) is None
        caught_up = tables(index)
        index.restore()
        assert tables(index) == caught_up


def test_a_journal_that_is_lost_is_written_anew_and_then_the_index_may_be_lost(
    open_index: Open, place: str | sa.URL, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = filled(open_index)
    for left in (None, b""):
        caplog.clear()
        (tmp_path / "journal.jsonl").unlink()
        if left is not None:
            (tmp_path / "journal.jsonl").write_bytes(left)
        with closing(open_index()) as index:
            assert tables(index) == before
        assert caplog.messages == [f"{tmp_path}/journal.jsonl is written anew from the index"]
        lose(place)
        with closing(open_index()) as index:
            assert tables(index) == before


def test_with_the_journal_of_another_archive_the_index_is_another(open_index: Open, tmp_path: Path) -> None:
    filled(open_index)
    other = tmp_path / "other.jsonl"
    journal.append(other, [ArticleRecord(f"{number}.md", title="t" * 100) for number in range(200)])
    other.replace(tmp_path / "journal.jsonl")
    with closing(open_index()) as index:
        assert len(records(index)) == index.count(ArticleRecord) == 200


def test_a_journal_that_was_shortened_is_believed(open_index: Open, tmp_path: Path) -> None:
    filled(open_index)
    file = tmp_path / "journal.jsonl"
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    with closing(open_index()) as index:
        assert records(index) == [FERRY]


def test_a_last_line_that_was_cut_costs_that_line_only(
    open_index: Open, place: str | sa.URL, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = filled(open_index)
    file = tmp_path / "journal.jsonl"
    size = journal.append(file, [HostRecord("cut.example")])
    file.write_bytes(file.read_bytes()[:-5])
    for is_lost in (False, True):
        caplog.clear()
        if is_lost:
            lose(place)
        with closing(open_index()) as index:
            assert tables(index) == before
        assert caplog.messages == [
            f"{file}, byte {size - len(journal.to_line(HostRecord('cut.example')))}: not a journal line, passed over"
        ]
    with closing(open_index()) as index:
        index.put(HostRecord("cut.example", "x"))
    lose(place)
    with closing(open_index()) as index:
        assert index.host("cut.example").way == "x"


def test_a_journal_of_the_first_version_fills_the_index(open_index: Open, tmp_path: Path) -> None:
    line = {
        "url": "https://town.example/1",
        "post": "web/town/news/1.md",
        "sha256": "ab" * 32,
        "image": {"url": "https://img.example/1.jpg", "path": "web/1.jpg", "size": 9},
        "time": "2026-03-10T12:00:00+00:00",
    }
    (tmp_path / "journal.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    with closing(open_index()) as index:
        time = datetime(2026, 3, 10, 12, tzinfo=UTC)
        assert index.article("http://www.town.example/1/") == ArticleRecord(
            "web/town/news/1.md",
            "https://town.example/1",
            first_seen=time,
            last_seen=time,
            sha256="ab" * 32,
            image="https://img.example/1.jpg",
        )
        assert index.all(ImageRecord) == [
            ImageRecord("web/town/news/1.md", "https://img.example/1.jpg", path="web/1.jpg", size=9)
        ]
        before = tables(index)
        index.put(HostRecord("img.example"))
        index.restore()
        assert tables(index) == {**before, "host": [("img.example", "")]}


# Damage, which only a file has.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


def in_file(file: Path, mode: Mode = "write") -> Index:
    """The index in a file."""
    return Index(sa.URL.create("sqlite", database=str(file)), file.with_name("journal.jsonl"), mode=mode)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: NOISE[: len(data)], id="random bytes"),
        pytest.param(lambda data: data[:100] + NOISE[: len(data) - 100], id="behind its head"),
        pytest.param(lambda data: data[:5000], id="cut short"),
        pytest.param(lambda data: bytes(len(data)), id="zeros"),
        pytest.param(lambda _: b"", id="an empty file"),
        pytest.param(lambda _: b"Where is my index?\n" * 100, id="a text"),
    ],
)
@pytest.mark.parametrize("mode", ["write", "trial", "read"])
def test_an_index_that_is_damaged_comes_back_from_the_journal(
    file: Path, damage: Callable[[bytes], bytes], mode: Mode
) -> None:
    before = filled(lambda: in_file(file))
    bad = damage(file.read_bytes())
    file.write_bytes(bad)
    with closing(in_file(file, mode)) as index:
        assert tables(index) == before
    if mode == "write":
        assert not bad or file.with_name("index.sqlite.damaged").read_bytes() == bad
        with closing(in_file(file)) as index:
            assert tables(index) == before
    else:
        assert file.read_bytes() == bad
        assert sorted(path.name for path in file.parent.iterdir()) == ["index.sqlite", "journal.jsonl"]


def keep_page(index: Index) -> None:
    index.keep_page("https://town.example/", etag="1")


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda index: index.all(ArticleRecord), id="asking"),
        pytest.param(lambda index: index.put(HostRecord("img.example", "no-referer")), id="putting"),
        pytest.param(keep_page, id="keeping a page"),
    ],
)
def test_damage_is_noticed_while_the_index_is_open(
    file: Path, act: Callable[[Index], object], caplog: pytest.LogCaptureFixture
) -> None:
    before = filled(lambda: in_file(file))
    with closing(in_file(file)) as index:
        with file.open("r+b") as open_file:
            open_file.seek(50)
            open_file.write(bytes(file.stat().st_size))
        act(index)
        assert tables(index) == before
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert f"{file}: " in caplog.text
    with closing(in_file(file)) as index:
        assert tables(index) == before


# Modes.


def test_who_reads_sees_what_is_there_while_another_writes(open_index: Open) -> None:
    filled(open_index)
    with closing(open_index()) as writer:
        writer.put(HostRecord("new.example", "x"))
        with closing(open_index("read")) as reader:
            assert reader.host("new.example").way == "x"
            writer.put(HostRecord("newer.example", "x"))
            assert reader.article(FERRY.url or "") == replace(FERRY, state="gone")
        with closing(open_index("read")) as reader:
            assert reader.host("newer.example").way == "x"


def test_who_reads_where_there_is_no_index_has_what_the_journal_says(tmp_path: Path) -> None:
    journal.append(tmp_path / "journal.jsonl", RECORDS)
    for mode in ("read", "trial"):
        with closing(Index("sqlite://", tmp_path / "journal.jsonl", mode=mode)) as index:
            assert by_key(records(index)) == by_key(RECORDS)


@pytest.mark.parametrize("mode", ["read", "trial"])
def test_neither_trial_nor_reading_changes_anything(
    open_index: Open, place: str | sa.URL, tmp_path: Path, mode: Mode
) -> None:
    before = filled(open_index)
    journal.append(tmp_path / "journal.jsonl", [HostRecord("behind.example")])
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with connected(place) as connection:
        meta = connection.execute(sa.select(META)).all()
    with closing(open_index(mode)) as index:
        if mode == "trial":
            index.put(replace(FERRY, title="new"), HostRecord("new.example", "x"))
            index.keep_page("https://town.example/", etag="1")
            assert index.article(FERRY.url or "") == replace(FERRY, title="new")
            assert index.all(HostRecord, TABLES["host"].c.host == "behind.example") != []
        assert index.count(ArticleRecord) == len(before["article"])
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files
    with connected(place) as connection:
        assert connection.execute(sa.select(META)).all() == meta
        assert connection.execute(sa.select(PAGE)).all() == []
        hosts = connection.execute(sa.select(TABLES["host"].c.host)).all()
        assert [tuple(host) for host in hosts] == [("img.example",)]


def test_a_trial_does_not_even_make_tables(file: Path) -> None:
    for mode in ("trial", "read"):
        file.write_bytes(b"")
        with closing(in_file(file, mode)) as index:
            assert records(index) == []
        assert file.read_bytes() == b""


# Versions.


def test_an_index_of_a_newer_program_is_refused(open_index: Open, place: str | sa.URL) -> None:
    filled(open_index)
    with connected(place) as connection:
        connection.execute(sa.update(META).where(META.c.name == "version").values(value="99"))
    for mode in ("write", "trial", "read"):
        with pytest.raises(ConfigurationError, match=r"was made by a newer archiver \(version 99\)") as refusal:
            open_index(mode)
        assert refusal.value.exit_code == 2


def test_an_older_index_is_brought_up_to_date(
    open_index: Open, place: str | sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled(open_index)
    second = ("ALTER TABLE host ADD COLUMN colour TEXT", "UPDATE host SET colour = 'red'")
    third = ("CREATE TABLE hue (colour TEXT)", "INSERT INTO hue SELECT colour FROM host")
    monkeypatch.setattr("archiver.index.VERSION", VERSION + 2)
    monkeypatch.setattr("archiver.index.MIGRATIONS", (*MIGRATIONS, second, third))
    for mode in ("trial", "read"):
        open_index(mode).close()
        with connected(place) as connection:
            assert not sa.inspect(connection).has_table("hue")
    for _ in range(2):
        with closing(open_index()) as index:
            assert tables(index) == before
    with connected(place) as connection:
        assert connection.exec_driver_sql("SELECT * FROM hue").all() == [("red",)]


def test_an_index_of_the_first_version_learns_channels_and_finds_twins_at_once(
    open_index: Open, place: str | sa.URL
) -> None:
    before = filled(open_index)
    with connected(place) as connection:
        for statement in (
            "ALTER TABLE run DROP COLUMN channel",
            "DROP INDEX article_content_site",
            "CREATE INDEX article_content ON article (content)",
        ):
            connection.exec_driver_sql(statement)
        connection.execute(sa.update(META).where(META.c.name == "version").values(value="1"))
    with closing(open_index()) as index:
        assert tables(index) == before
    with connected(place) as connection:
        found = {it["name"]: it["column_names"] for it in sa.inspect(connection).get_indexes("article")}
        assert found["article_content_site"] == ["content", "site"]
        assert "article_content" not in found


def test_a_twin_is_looked_for_by_its_content(open_index: Open, place: str | sa.URL) -> None:
    filled(open_index)
    with connected(place) as connection:
        if connection.dialect.name == "postgresql":
            pytest.skip("PostgreSQL plans by what there is, and a few rows are read through")
        query = "EXPLAIN QUERY PLAN SELECT * FROM article WHERE content = 'a' AND site = 'b' AND post <> 'c'"
        assert "article_content_site" in str(connection.exec_driver_sql(query).all())


def test_a_step_that_fails_leaves_the_older_index_as_it_was(
    open_index: Open, place: str | sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled(open_index)
    with monkeypatch.context() as patch:
        patch.setattr("archiver.index.VERSION", VERSION + 1)
        steps = ("ALTER TABLE host ADD COLUMN colour TEXT", "UPDATE host SET shade = 'red'")
        patch.setattr("archiver.index.MIGRATIONS", (*MIGRATIONS, steps))
        with pytest.raises(MachineError, match="shade"):
            open_index()
    with connected(place) as connection:
        assert [column["name"] for column in sa.inspect(connection).get_columns("host")] == ["host", "way"]
    with closing(open_index()) as index:
        assert tables(index) == before


# What cannot be had.


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql+psycopg//me:secret@town.example/x", "the index is no address of a database, as postgresql+psy"),
        ("postgresql://me:secret@town.example:port/x", "the index is no address of a database, as postgresql+psy"),
        ("secret", "the index is no address of a database, as postgresql+psy"),
        ("mysql://me:secret@town.example/x", "the index is kept in SQLite or PostgreSQL, not in mysql"),
        ("thing://me:secret@town.example/x", "the index is kept in SQLite or PostgreSQL, not in thing"),
        ("postgresql://me:secret@127.0.0.1:1/x", "the index cannot be reached: postgresql+psycopg://me:***@127.0.0.1"),
        ("postgres://me:secret@127.0.0.1:1/x", "the index cannot be reached: postgresql+psycopg://me:***@127.0.0.1"),
        ("sqlite:////nowhere/index.sqlite", "sqlite:////nowhere/index.sqlite: unable to open database file"),
    ],
)
def test_a_database_that_cannot_be_had_is_named_without_its_password(url: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiverError) as refusal:
        Index(url, tmp_path / "journal.jsonl")
    assert str(refusal.value).startswith(message)
    assert url == "secret" or "secret" not in str(refusal.value)


def test_a_driver_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"the index needs psycopg: pip install 'archiver\[postgres\]'"):
        Index("postgresql+psycopg://me:secret@127.0.0.1/x", tmp_path / "journal.jsonl")
