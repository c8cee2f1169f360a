"""Several processes in one archive, whose index is PostgreSQL; here they are several archives of one process."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from archiver import journal
from archiver.archive import Archive
from archiver.errors import LockedError, MachineError
from archiver.index import Index
from archiver.layout import Layout
from archiver.leases import Leases
from archiver.outcomes import Outcome
from archiver.records import ArticleRecord, HostRecord
from tests.samples import article

pytestmark = pytest.mark.parametrize("index_url", ["postgresql"], indirect=True)
FERRY = article()
OTHER = replace(FERRY, url="https://city.example/news/9.html", site="city", body="<p>Another ferry.</p>")


@contextmanager
def opened(folder: Path, index: str, *, is_crawl: bool = True, wait: float = 0) -> Iterator[Archive]:
    layout = Layout(folder, folder / "images", index=index, wait=wait)
    with closing(Archive(layout, is_crawl=is_crawl)) as archive:
        yield archive


def test_crawls_share_an_archive_and_who_wants_it_alone_waits(tmp_path: Path, index_url: str) -> None:
    with opened(tmp_path, index_url) as one:
        with opened(tmp_path, index_url) as two:
            two.write(FERRY)
            with pytest.raises(LockedError, match=r"in use by process .*, perhaps with others"):
                Archive(two.layout)
        assert one.has(FERRY.url)
        with pytest.raises(LockedError, match="in use by another run"):
            Archive(one.layout)
    with opened(tmp_path, index_url, is_crawl=False) as alone, pytest.raises(LockedError):
        Archive(alone.layout, is_crawl=True)


def test_who_finds_nothing_leaves_no_trace_unless_another_is_at_work(tmp_path: Path, index_url: str) -> None:
    output = tmp_path / "output"
    with opened(output, index_url):
        with opened(output, index_url):
            pass
        assert (output / ".archiver" / "lock").exists()
        with pytest.raises(LockedError):
            Archive(Layout(output, output / "images", index=index_url))
    assert not output.exists()


def test_two_articles_of_one_name_that_are_written_at_the_same_time_are_two_posts(
    tmp_path: Path, index_url: str
) -> None:
    with opened(tmp_path, index_url) as one, opened(tmp_path, index_url) as two:
        paths = [one.path_of(FERRY), two.path_of(OTHER)]
        assert len({*paths}) == 2
        written = [one.write(FERRY), two.write(OTHER)]
        assert [(it.path, it.outcome) for it in written] == [(path, Outcome.NEW) for path in paths]
        assert "Another ferry." in (tmp_path / paths[1]).read_text("utf-8")
        third = replace(OTHER, url="https://port.example/1.html", site="port")
        assert two.path_of(third) not in paths  # the claim has ended, and the index knows the name


def test_what_one_process_puts_the_others_know_and_the_journal_has_all_of_it(tmp_path: Path, index_url: str) -> None:
    file = tmp_path / "journal.jsonl"

    def put(name: int) -> None:
        with closing(Index(index_url, file, is_safe=False)) as index:
            for number in range(40):
                index.put(HostRecord(f"{name}-{number}.example"))

    threads = [threading.Thread(target=put, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = {f"{name}-{number}.example" for name in range(4) for number in range(40)}
    assert sorted(it.host for it in journal.read(file) if isinstance(it, HostRecord)) == sorted(wanted)
    with closing(Index(index_url, file)) as index:
        assert {host.host for host in index.all(HostRecord)} == wanted
        found = index._meta()
    assert int(found["journal_size"]) == file.stat().st_size


def test_what_a_killed_process_wrote_only_to_the_journal_another_one_takes_in(tmp_path: Path, index_url: str) -> None:
    file = tmp_path / "journal.jsonl"
    with closing(Index(index_url, file)) as index:
        index.put(HostRecord("a.example"))
        journal.append(file, [HostRecord("b.example")])
        index.put(HostRecord("c.example"))
        assert [host.host for host in index.all(HostRecord)] == ["a.example", "b.example", "c.example"]


def test_a_site_and_a_host_belong_to_one_run(tmp_path: Path, index_url: str) -> None:
    with opened(tmp_path, index_url) as one, opened(tmp_path, index_url, wait=0.5) as two:
        one.lease("town", ["town.example", "m.town.example"])
        one.lease("town", ["town.example"])
        with pytest.raises(LockedError, match=r"host town\.example is being crawled by another run"):
            two.lease("village", ["town.example"])
        with pytest.raises(LockedError, match="site town is being crawled"):
            two.lease("town", ["else.example"])
        two.lease("city", ["city.example"])


def test_a_lease_is_free_again_once_its_process_is_gone(tmp_path: Path, index_url: str) -> None:
    with closing(Leases(index_url)) as two:
        one = Leases(index_url)
        one.take(["site town"])
        assert not two.try_one("site town")
        threading.Timer(0.3, one.close).start()
        two.take(["site town"], wait=10)


def test_alone_or_sqlite_needs_no_lease(tmp_path: Path, index_url: str) -> None:
    with opened(tmp_path / "a", "") as archive:
        archive.lease("town", ["town.example"])
        with pytest.raises(LockedError):
            Archive(archive.layout, is_crawl=True)
    with opened(tmp_path / "b", index_url, is_crawl=False) as archive:
        archive.lease("town", ["town.example"])
        archive.write(FERRY)
        assert [found.url for found in archive.index.all(ArticleRecord)] == [FERRY.url]


@pytest.mark.parametrize("is_lease", [True, False], ids=["of the leases", "of the index"])
def test_a_connection_that_is_lost_ends_the_run(tmp_path: Path, index_url: str, is_lease: bool) -> None:
    with opened(tmp_path, index_url) as archive:
        archive.write(FERRY)
        assert archive._hold._leases is not None
        connection = archive._hold._leases._connection if is_lease else archive.index._connection
        cut(index_url, connection.scalar(sa.text("SELECT pg_backend_pid()")))
        with pytest.raises(MachineError, match="postgresql"):
            archive.write(OTHER)


def cut(index_url: str, process: int) -> None:
    engine = sa.create_engine(index_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend({process})"))
    time.sleep(0.2)
