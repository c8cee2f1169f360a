"""What is known of an image before anything is asked: where its post says it is, and how it may be asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import ImageError
from archiver.missing import Front, place_of, read_front
from archiver.pipelines.header_image import copy_in
from archiver.ways import WAYS, asked_by, ways_to

IMAGE, SECURE = "http://img.example/a.png", "https://img.example/a.png"
PAGE = "https://town.example/1"


@pytest.mark.parametrize(
    ("url", "article", "known", "ways"),
    [
        pytest.param(SECURE, PAGE, "", ["article", "origin", "none"], id="an article's image"),
        pytest.param(SECURE, None, "", ["origin", "none"], id="an article that nobody knows"),
        pytest.param(SECURE, PAGE, "none", ["none", "article", "origin"], id="a host that wants no Referer"),
        pytest.param(SECURE, PAGE, "https origin", ["origin", "article", "none"], id="learned from an http address"),
        pytest.param(SECURE, None, "article", ["origin", "none"], id="what worked needs an article"),
        pytest.param(
            IMAGE,
            PAGE,
            "",
            ["article", "origin", "none", "https article", "https origin", "https none"],
            id="http, then https",
        ),
        pytest.param(
            IMAGE, None, "https none", ["https none", "https origin", "none", "origin"], id="a host that has https only"
        ),
        pytest.param(SECURE, None, "by pigeon", ["origin", "none"], id="a way of a newer version"),
    ],
)
def test_ways_in_their_order(url: str, article: str | None, known: str, ways: list[str]) -> None:
    assert ways_to(url, article, known) == ways


def test_what_a_way_asks_for() -> None:
    assert {name: asked_by(way, IMAGE, PAGE) for name, way in WAYS.items()} == {
        "article": (IMAGE, PAGE),
        "origin": (IMAGE, "http://img.example/"),
        "none": (IMAGE, None),
        "https article": (SECURE, PAGE),
        "https origin": (SECURE, "https://img.example/"),
        "https none": (SECURE, None),
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"archived_snapshots": {}}', id="no snapshot"),
        pytest.param(b'{"archived_snapshots": {"closest": {"available": false}}}', id="one that is not to be had"),
        pytest.param(b'{"archived_snapshots": {"closest": {"available": true, "timestamp": "../x"}}}', id="a path"),
    ],
)
def test_an_answer_without_a_copy(body: bytes) -> None:
    with pytest.raises(ImageError, match="no copy"):
        copy_in(body, IMAGE)


@pytest.mark.parametrize(
    ("text", "front"),
    [
        pytest.param("# A text\n\n---\nheadimg: a\n---\n", None, id="a line across a text"),
        pytest.param("", None, id="an empty file"),
        pytest.param("---\nheadimg: 'a'\n", None, id="front matter that does not end"),
        pytest.param("---\ntitle: a\n---\nText", Front("", (), None, "\nText"), id="no image"),
        pytest.param(
            "\ufeff---\ndate: 2022-04-06 06:11:26\ncategories:\n- web\n- 'old'\n- \"news\"\n"
            f"headimg: '{IMAGE}?it''s'\n---\n",
            Front(f"{IMAGE}?it's", ("web", "old", "news"), datetime(2022, 4, 6, 6, 11, 26, tzinfo=UTC), "\n"),
            id="all that is looked for",
        ),
    ],
)
def test_front_matter_of_any_program(text: str, front: Front | None) -> None:
    assert read_front(text) == front


def test_a_path_is_known_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("archive/web").mkdir(parents=True)
    Path("link").symlink_to("archive")
    output = Path("archive")
    for path in ("archive/web", "archive/../archive/web", "link/web", str(tmp_path / "archive/web")):
        assert place_of(Path(path), output) == Path("archive/web")
    assert place_of(Path("other/../blog"), output) == tmp_path / "blog"
