"""The journal: what the files do not say, one line for each change."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver import journal
from archiver.records import (
    AliasRecord,
    ArticleRecord,
    DeferredRecord,
    HostRecord,
    ImageRecord,
    ListingRecord,
    Record,
    RunRecord,
)
from tests.test_archive import no_file_over

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
FERRY = ArticleRecord(
    "web/town/news/the-ferry-runs-again.md",
    "https://town.example/news/ferry",
    authors=("Ada", "Bo"),
    first_seen=NOON,
    sha256="ab" * 32,
)
RIVER = ArticleRecord("web/town/新闻/河.md", "https://town.example/新闻?a=\u2028'\"")
IMAGE = ImageRecord(FERRY.post, "https://img.example/ferry.jpg", path="web/town/ferry.jpg", size=123_456)
RUN = RunRecord(NOON, "crawl", "town", NOON, (("new", 2), ("held", 1)), 1)
OLD = {
    "url": "https://town.example/news/ferry",
    "post": FERRY.post,
    "sha256": "ab" * 32,
    "image": {"url": IMAGE.url, "path": IMAGE.path, "size": 123_456},
    "time": "2026-03-10T12:00:00+00:00",
}
"""A line of the first version."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_what_was_noted_is_read_oldest_first(path: Path) -> None:
    records: list[Record] = [
        FERRY,
        RIVER,
        AliasRecord("town.example/news/ferry", "https://town.example/news/ferry", FERRY.post),
        IMAGE,
        replace(IMAGE, path=None, size=None, reason="HTTP 404", tries=2, next_try=NOON),
        DeferredRecord("town.example/2", "https://town.example/2", outcome="failed", next_try=NOON),
        DeferredRecord("town.example/2"),
        ListingRecord("https://town.example/news/", NOON),
        HostRecord("img.example", "no-referer"),
        RUN,
        FERRY,
    ]
    for record in records:
        journal.append(path, [record])
    assert [*journal.read(path)] == records


def test_a_record_is_one_line_of_json_that_a_person_can_read(path: Path) -> None:
    journal.append(path, [replace(FERRY, post="web/town/新闻/河.md", sha256=None), IMAGE, RUN])
    assert path.read_text("utf-8").splitlines() == [
        (
            '{"article": {"post": "web/town/新闻/河.md", "url": "https://town.example/news/ferry", '
            '"authors": ["Ada", "Bo"], "first_seen": "2026-03-10T12:00:00+00:00"}}'
        ),
        (
            '{"image": {"post": "web/town/news/the-ferry-runs-again.md", "url": "https://img.example/ferry.jpg", '
            '"path": "web/town/ferry.jpg", "size": 123456}}'
        ),
        (
            '{"run": {"start": "2026-03-10T12:00:00+00:00", "command": "crawl", "site": "town", '
            '"end": "2026-03-10T12:00:00+00:00", "counts": [["new", 2], ["held", 1]], "exit_code": 1}}'
        ),
    ]


def test_a_journal_that_is_not_there_is_empty(path: Path) -> None:
    assert [*journal.read(path)] == []
    assert not path.exists()


def test_a_journal_is_read_on_from_where_it_ended(path: Path) -> None:
    size = journal.append(path, [FERRY])
    assert size == path.stat().st_size
    assert journal.append(path, [RIVER, IMAGE]) == path.stat().st_size
    assert [*journal.read(path, size)] == [RIVER, IMAGE]


def test_a_place_in_a_journal_is_known_again(path: Path) -> None:
    size = journal.append(path, [FERRY])
    tail = journal.tail(path, size)
    journal.append(path, [RIVER])
    assert journal.tail(path, size) == tail
    assert journal.tail(path, path.stat().st_size) != tail
    path.write_bytes(path.read_bytes().replace(b"Ada", b"Eve"))
    assert journal.tail(path, size) != tail
    assert journal.tail(path, path.stat().st_size + 1) == journal.tail(path, 0) == ""


@pytest.mark.parametrize("cut", [1, 20, 90])
def test_a_line_that_a_crash_cut_costs_that_line_only(path: Path, cut: int, caplog: pytest.LogCaptureFixture) -> None:
    size = journal.append(path, [FERRY])
    journal.append(path, [RIVER])
    path.write_bytes(path.read_bytes()[: -cut - 1])
    journal.append(path, [IMAGE])
    assert [*journal.read(path)] == [FERRY, IMAGE]
    assert caplog.messages == [f"{path}, byte {size}: not a journal line, passed over"]


def test_a_line_without_its_line_break_is_whole(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal.append(path, [FERRY])
    path.write_bytes(path.read_bytes()[:-1])
    assert journal.append(path, [RIVER]) == path.stat().st_size
    assert [*journal.read(path)] == [FERRY, RIVER]
    assert caplog.messages == []


def test_on_a_full_disk_all_records_are_kept_or_none(path: Path) -> None:
    journal.append(path, [FERRY])
    before = path.read_bytes()
    with no_file_over(len(before) + 50), pytest.raises(OSError, match="File too large"):
        journal.append(path, [RIVER, IMAGE])
    assert path.read_bytes() == before
    journal.append(path, [RIVER])
    assert [*journal.read(path)] == [FERRY, RIVER]


def test_a_journal_of_the_first_version_is_read(path: Path) -> None:
    without = {**OLD, "url": "https://town.example/2", "post": "web/town/news/2.md", "image": None}
    path.write_text("".join(json.dumps(line) + "\n" for line in (OLD, without)), "utf-8")
    second = replace(FERRY, post="web/town/news/2.md", url="https://town.example/2", authors=(), last_seen=NOON)
    assert [*journal.read(path)] == [
        replace(FERRY, authors=(), last_seen=NOON, image=IMAGE.url),
        AliasRecord("town.example/news/ferry", "https://town.example/news/ferry", FERRY.post),
        IMAGE,
        second,
        AliasRecord("town.example/2", "https://town.example/2", second.post),
    ]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param("words", id="words"),
        pytest.param("null", id="null"),
        pytest.param("[1]", id="a list"),
        pytest.param("[" * 100_000, id="lists without end"),
        pytest.param("\udcff\0\udcfe", id="bytes"),
        pytest.param('{"thing": {"post": "p"}}', id="another kind"),
        pytest.param('{"article": {}}', id="no key"),
        pytest.param('{"article": {"post": null}}', id="a key that is null"),
        pytest.param('{"article": {"post": "p", "x": 1}}', id="a field too many"),
        pytest.param('{"article": {"post": "p", "title": null}}', id="nothing in the place of a text"),
        pytest.param('{"article": {"post": "p", "status": "200"}}', id="a text in the place of a number"),
        pytest.param('{"article": {"post": "p", "published": "yesterday"}}', id="no moment"),
        pytest.param('{"article": {"post": "p", "published": "2026-03-10T12:00:00"}}', id="a moment without zone"),
        pytest.param('{"article": {"post": "p", "authors": 1}}', id="no list"),
        pytest.param('{"article": {"post": "../p", "sha256": "s"}}', id="a post that climbs"),
        pytest.param('{"article": {"post": "/p", "sha256": "s"}}', id="a post of ours that lies elsewhere"),
        pytest.param('{"image": {"post": "p", "url": "u", "path": "/p"}}', id="an image that lies elsewhere"),
        pytest.param('{"image": {"post": "p", "url": "u", "path": "a/../../p"}}', id="an image that climbs"),
        pytest.param('{"url": "u", "post": "p", "sha256": "s", "time": "t", "image": null}', id="old: no moment"),
        pytest.param(json.dumps({**OLD, "image": {"x": 1}}), id="old: another image"),
        pytest.param(json.dumps({**OLD, "image": "x"}), id="old: no image at all"),
        pytest.param(json.dumps({name: OLD[name] for name in ("url", "post")}), id="old: fields missing"),
    ],
)
def test_a_line_that_is_none_is_passed_over_with_a_warning(
    path: Path, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal.append(path, [FERRY])
    path.write_bytes(line.encode("utf-8", "surrogateescape") + b"\n" + path.read_bytes())
    assert [*journal.read(path)] == [FERRY]
    assert caplog.messages == [f"{path}, byte 0: not a journal line, passed over"]


def test_another_programs_post_may_lie_elsewhere(path: Path) -> None:
    journal.append(path, [ArticleRecord("/old/web/town/news/a.md")])
    assert [*journal.read(path)] == [ArticleRecord("/old/web/town/news/a.md")]
