"""The journal: what the posts do not say, one line for each change."""

from dataclasses import replace
from pathlib import Path

import pytest

from archiver import journal
from archiver.items import HeaderImage
from archiver.journal import Entry

FERRY = Entry(
    url="https://town.example/news/ferry",
    post="web/town/news/the-ferry-runs-again.md",
    sha256="ab" * 32,
    image=HeaderImage(
        url="https://img.example/ferry.jpg",
        path="web/town/news/the-ferry-runs-again.jpg",
        media_type="image/jpeg",
        width=800,
        height=600,
        size=123_456,
        sha256="cd" * 32,
    ),
    time="2026-03-10T12:00:00+00:00",
)
RIVER = replace(FERRY, url="https://town.example/新闻?a=\u2028'\"", post="web/town/新闻/河.md", image=None)
MISSING = replace(FERRY, image=HeaderImage(url="https://img.example/ferry.jpg", reason="HTTP 404"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_what_was_noted_is_read_oldest_first(path: Path) -> None:
    for entry in (FERRY, RIVER, MISSING):
        journal.append(path, entry)
    assert [*journal.read(path)] == [FERRY, RIVER, MISSING]


def test_an_entry_is_one_line_of_json_that_a_person_can_read(path: Path) -> None:
    journal.append(path, replace(FERRY, post="web/town/新闻/河.md", image=None))
    assert path.read_text("utf-8") == (
        '{"url": "https://town.example/news/ferry", "post": "web/town/新闻/河.md", '
        f'"sha256": "{"ab" * 32}", "image": null, "time": "2026-03-10T12:00:00+00:00"}}\n'
    )


def test_a_journal_that_is_not_there_is_empty(path: Path) -> None:
    assert [*journal.read(path)] == []
    assert not path.exists()


@pytest.mark.parametrize("cut", [1, 20, 150])
def test_a_line_that_a_crash_cut_costs_that_line_only(path: Path, cut: int, caplog: pytest.LogCaptureFixture) -> None:
    journal.append(path, FERRY)
    journal.append(path, RIVER)
    path.write_bytes(path.read_bytes()[: -cut - 1])
    journal.append(path, MISSING)
    assert [*journal.read(path)] == [FERRY, MISSING]
    assert caplog.messages == [f"{path}, line 2: not a journal entry, passed over"]


def test_a_line_without_its_line_break_is_whole(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal.append(path, FERRY)
    path.write_bytes(path.read_bytes()[:-1])
    journal.append(path, RIVER)
    assert [*journal.read(path)] == [FERRY, RIVER]
    assert caplog.messages == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"words", id="words"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[1]", id="a list"),
        pytest.param(b"{}", id="an object without fields"),
        pytest.param(b'{"url": "u", "post": "p", "sha256": "s", "time": "t"}', id="a field missing"),
        pytest.param(
            b'{"url": "u", "post": "p", "sha256": "s", "time": "t", "image": null, "x": 1}', id="a field too many"
        ),
        pytest.param(b'{"url": "u", "post": "p", "sha256": "s", "time": "t", "image": {"x": 1}}', id="another image"),
        pytest.param(b'{"url": "u", "post": "p", "sha256": "s", "time": "t", "image": "x"}', id="no image at all"),
        pytest.param(b"\xff\x00\xfe", id="bytes"),
    ],
)
def test_a_line_that_is_no_entry_is_passed_over_with_a_warning(
    path: Path, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    journal.append(path, FERRY)
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert [*journal.read(path)] == [FERRY]
    assert caplog.messages == [f"{path}, line 1: not a journal entry, passed over"]
