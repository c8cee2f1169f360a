"""`archiver relink`: the links of an archive, there and back again, byte for byte."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

from archiver import relinking
from archiver.archive import Archive
from archiver.files import sha256
from archiver.image_records import to_image_record
from archiver.images import inspect
from archiver.items import Article
from archiver.layout import Layout
from archiver.post import Post, parse, render
from archiver.records import ArticleRecord, ImageRecord
from archiver.relinking import Outcome, Side, relink
from archiver.survey import look
from archiver.tables import ARTICLE
from archiver.urls import digest
from archiver.verification import judge
from tests.conftest import Archiver
from tests.samples import SAMPLES, article, needs_samples, picture

JPEG, FACTS = picture("JPEG"), inspect(picture("JPEG"))
PROXY = "https://proxy.example/?"
ADDRESSES = [
    pytest.param("https://img.example/a.jpg", id="plain"),
    pytest.param("https://img.example/a.jpg?w=1&amp=2&h=3#x", id="query and fragment"),
    pytest.param('https://img.example/it\'s "so".jpg', id="both quotes"),
    pytest.param("https://img.example/a&copy;b&lt.jpg", id="what looks like a character reference"),
    pytest.param("https://img.example/{a}%7Bb%7D.jpg", id="braces"),
    pytest.param("https://img.example/图片/渡轮.jpg", id="Chinese"),
    pytest.param("https://img.example/100%25?%3F.jpg", id="percent signs"),
    pytest.param("http://img.example/a.jpg", id="insecure, behind a proxy"),
]
TITLES = ("The ferry", "It's “100%” {so}? #1", "渡轮 ‘恢复’ & more", "100%25?")


def layout(folder: Path, **options: Any) -> Layout:
    return Layout(folder, folder / "images", **options)


def archived(folder: Path, found: Article, *inline: str, **options: str) -> str:
    """The path of an article, archived with its header image and with those of its body."""
    with closing(Archive(layout(folder, **options))) as archive:
        path = archive.write(replace(found, header_image=archive.write_image(found, JPEG, FACTS))).path
        for link in inline:
            store_inline(archive, path, link)
    return path


def store_inline(archive: Archive, post: str, link: str) -> None:
    """Stores an image of the body of a post, as `archiver images --inline` does."""
    url = link.removeprefix(PROXY)
    image = archive.store_image(url, f"{post.removesuffix('.md')}/{digest(url)}", JPEG, FACTS)
    archive.index.put(to_image_record(post, image, link=link))


def switch(folder: Path, side: Side, **options: str) -> dict[str, int]:
    """What a run did with how many posts."""
    with closing(Archive(layout(folder, **options))) as archive:
        outcomes = [post.outcome for post in relink(archive, side)]
    return {outcome: outcomes.count(Outcome(outcome)) for outcome in dict.fromkeys(map(str, outcomes))}


def posts(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_bytes().decode() for file in folder.rglob("*.md")}


def state(folder: Path) -> dict[str, bytes]:
    """Every file but the index, which follows from the journal."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("index"))
    return {str(file): file.read_bytes() for file in files}


def is_whole(folder: Path) -> bool:
    """Does `archiver verify` find nothing at all?"""
    with closing(Archive(layout(folder), mode="read")) as archive:
        verdict = judge(archive, look(archive))
    return not verdict.faults and not verdict.notes


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("title", TITLES)
def test_switching_there_and_back_gives_every_byte(tmp_path: Path, title: str, address: str) -> None:
    written, header = escape(address), "https://img.example/header.jpg"
    twice = f'<img alt=" src=" src="{written}" width="9"><img src="{written}" srcset="{written} 2x">'
    body = f'<p>a<img src="{header}">{twice}'
    path = archived(tmp_path, article(title=title, image_url=header, body=body))
    before = posts(tmp_path)
    [link] = {found for found in sources(before[path]) if "header" not in found}
    with closing(Archive(layout(tmp_path))) as archive:
        store_inline(archive, path, link)
    assert switch(tmp_path, "local") == {"switched": 1}
    local = posts(tmp_path)
    assert local != before
    assert local[path].count("srcset=") == before[path].count("srcset=")
    assert is_whole(tmp_path)
    with closing(Archive(layout(tmp_path), mode="read")) as archive:
        linked = [archive.layout.linked_path(found) for found in (parse(local[path]).headimg, *sources(local[path]))]
    assert linked[0] == f"{path.removesuffix('.md')}.jpg"
    assert linked[1:] == [None, *2 * [f"{path.removesuffix('.md')}/{digest(link)}.jpg"]]
    assert switch(tmp_path, "remote") == {"switched": 1}
    assert posts(tmp_path) == before
    assert is_whole(tmp_path)
    switch(tmp_path, "local")
    assert posts(tmp_path) == local


def sources(text: str) -> Iterator[str]:
    """The addresses of the images of a post's body."""
    return relinking.sources(parse(text).body)


@pytest.mark.parametrize("prefix", ["/images", "/", "", "https://cdn.example/i", "../../../images"])
def test_any_prefix_will_do(tmp_path: Path, prefix: str) -> None:
    path = archived(tmp_path, article(title="It's 100%", image_url="https://img.example/a.jpg"))
    before = posts(tmp_path)
    assert switch(tmp_path, "local", image_prefix=prefix) == {"switched": 1}
    assert parse(posts(tmp_path)[path]).headimg == f"{prefix.rstrip('/')}/web/town/news/it-s-100.jpg"
    assert switch(tmp_path, "remote", image_prefix=prefix) == {"switched": 1}
    assert posts(tmp_path) == before


def test_a_proxy_prefix_comes_back(tmp_path: Path) -> None:
    body = '<p><img src="http://img.example/a.jpg"><img src="http://img.example/b.jpg">'
    found = article(image_url="http://img.example/a.jpg", body=body)
    path = archived(tmp_path, found, f"{PROXY}http://img.example/b.jpg", insecure_image_prefix=PROXY)
    before = posts(tmp_path)
    assert before[path].count(PROXY) == 4
    assert switch(tmp_path, "local") == {"switched": 1}
    assert posts(tmp_path)[path].count(PROXY) == 1  # the header image stays in the body
    assert switch(tmp_path, "remote") == {"switched": 1}
    assert posts(tmp_path) == before


def test_what_a_crawl_wrote_with_local_links_comes_back(tmp_path: Path) -> None:
    found = article(image_url="https://img.example/a.jpg", body='<p><img src="https://img.example/a.jpg"></p>')
    archived(tmp_path, found, image_links="local")
    local = posts(tmp_path)
    assert switch(tmp_path, "local") == {"unchanged": 1}
    assert switch(tmp_path, "remote") == {"switched": 1}
    remote = posts(tmp_path)
    assert switch(tmp_path, "local") == {"switched": 1}
    assert posts(tmp_path) == local
    archived(tmp_path / "other", found)
    assert posts(tmp_path / "other") == remote


def old_post(folder: Path, text: str, name: str = "旧闻") -> Path:
    """A post of another program, its header image stored."""
    target = folder / "新媒体" / "小城" / "— 快讯" / f"{name}.md"
    target.parent.mkdir(parents=True)
    target.write_text(text, "utf-8")
    post = parse(text)
    with closing(Archive(layout(folder))) as archive:
        path = archive.path_in(target)
        image = archive.store_image(post.image_url or "", path.removesuffix(".md"), JPEG, FACTS)
        archive.index.put(to_image_record(path, image, link=post.headimg))
    return target


NO_WAY_BACK = "an address is written in a way that switching back would not give again"
OLD = render(
    Post(
        "旧闻",
        ("新媒体", "小城", "— 快讯"),
        f"{PROXY}http://img.example/a.jpg",
        "小城",
        "2022-04-06 06:11:26",
        f'<img src="{PROXY}http://img.example/a.jpg" alt>\n\n<p>old</p>',
    )
)


def test_a_post_of_another_program_that_no_index_knows_is_switched_too(tmp_path: Path) -> None:
    target = old_post(tmp_path, OLD)
    assert switch(tmp_path, "local") == {"switched": 1}
    assert parse(target.read_text("utf-8")).headimg == "/images/新媒体/小城/— 快讯/旧闻.jpg".replace(" ", "%20")
    assert switch(tmp_path, "remote") == {"switched": 1}
    assert target.read_text("utf-8") == OLD


@needs_samples
def test_the_posts_of_the_old_archive_come_back(tmp_path: Path) -> None:
    for number, sample in enumerate(SAMPLES):
        text = sample.read_bytes().decode()
        if not parse(text).image_url:
            continue
        target = old_post(tmp_path / str(number), text, sample.stem)
        assert switch(tmp_path / str(number), "local") == {"switched": 1}
        assert target.read_bytes().decode() != text
        assert switch(tmp_path / str(number), "remote") == {"switched": 1}
        assert target.read_bytes().decode() == text


def test_an_address_that_would_not_come_back_is_refused(tmp_path: Path, archiver: Archiver) -> None:
    target = old_post(tmp_path / "output", OLD.replace("a.jpg", "it's.jpg"))
    before = target.read_bytes()
    run = archiver("relink", "--image-links", "local")
    assert (run.code, run.stdout.splitlines()) == (
        1,
        [
            f"refused: 新媒体/小城/— 快讯/旧闻.md ({NO_WAY_BACK})",
            "0 switched, 0 unchanged, 1 refused",
        ],
    )
    assert target.read_bytes() == before


def test_a_post_that_does_not_parse_is_named_and_left(tmp_path: Path, archiver: Archiver) -> None:
    path = archived(tmp_path / "output", article(image_url="https://img.example/a.jpg"))
    other = tmp_path / "output" / "web" / "town" / "news" / "notes.md"
    other.write_text("notes")
    run = archiver("relink", "--image-links", "local", "--json")
    assert (run.code, run.summary) == (
        1,
        {
            "switched": 1,
            "unchanged": 0,
            "refused": 1,
            "posts": [
                {"outcome": "refused", "path": "web/town/news/notes.md", "reason": "line 1: expected an empty line"}
            ],
        },
    )
    assert other.read_text() == "notes"
    assert "headimg: '/images/web/town/news/the-ferry-runs-again.jpg'" in posts(tmp_path / "output")[path]


def test_a_local_link_of_which_nothing_is_known_is_refused(tmp_path: Path) -> None:
    path = archived(tmp_path, article(image_url="https://img.example/a.jpg"), image_links="local")
    for file in (tmp_path / ".archiver").glob("*.*"):
        file.unlink()
    with closing(Archive(layout(tmp_path))) as archive:
        [post] = relink(archive, "remote")
    assert (post.outcome, post.reason) == (
        Outcome.REFUSED,
        f"nothing tells where /images/{path.removesuffix('.md')}.jpg came from",
    )


def test_somebodys_own_picture_is_left(tmp_path: Path) -> None:
    target = old_post(tmp_path, OLD)
    text = OLD.replace(f"{PROXY}http://img.example/a.jpg", "/images/404.gif")
    target.write_text(text, "utf-8")
    assert (switch(tmp_path, "remote"), switch(tmp_path, "local")) == ({"unchanged": 1}, {"unchanged": 1})
    assert target.read_text("utf-8") == text


def test_an_image_that_is_missing_keeps_its_remote_link(tmp_path: Path) -> None:
    body = '<p><img src="https://img.example/b.jpg"><img src="https://img.example/c.jpg">'
    path = archived(
        tmp_path,
        article(image_url="https://img.example/a.jpg", body=body),
        "https://img.example/b.jpg",
        "https://img.example/c.jpg",
    )
    stem = path.removesuffix(".md")
    with closing(Archive(layout(tmp_path))) as archive:
        archive.index.put(ImageRecord(path, "https://img.example/a.jpg", reason="HTTP 404"))
    (tmp_path / "images" / stem / f"{digest('https://img.example/b.jpg')}.jpg").unlink()
    assert switch(tmp_path, "local") == {"switched": 1}
    post = parse(posts(tmp_path)[path])
    assert (post.headimg, [*sources(posts(tmp_path)[path])]) == (
        "https://img.example/a.jpg",
        ["https://img.example/b.jpg", f"/images/{stem}/{digest('https://img.example/c.jpg')}.jpg"],
    )


def test_the_link_to_a_file_that_is_missing_by_now_comes_back(tmp_path: Path) -> None:
    path = archived(
        tmp_path,
        article(image_url="https://img.example/a.jpg", body='<p>b <img src="https://img.example/b.jpg">'),
        "https://img.example/b.jpg",
    )
    before = posts(tmp_path)
    switch(tmp_path, "local")
    with closing(Archive(layout(tmp_path))) as archive:
        archive.index.put(
            *(ImageRecord(path, f"https://img.example/{name}.jpg", reason="it was deleted") for name in "ab")
        )
    assert switch(tmp_path, "remote") == {"switched": 1}
    assert posts(tmp_path) == before


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    for number in range(3):
        archived(
            tmp_path,
            article(
                url=f"https://town.example/{number}", title=f"Ferry {number}", image_url=f"https://img.example/{number}"
            ),
        )
    assert switch(tmp_path, "local") == {"switched": 3}
    before = state(tmp_path)
    assert switch(tmp_path, "local") == {"unchanged": 3}
    assert state(tmp_path) == before


def test_a_trial_writes_nothing(tmp_path: Path, archiver: Archiver) -> None:
    path = archived(tmp_path / "output", article(image_url="https://img.example/a.jpg"))
    before = state(tmp_path / "output")
    run = archiver("relink", "--image-links", "local", "--dry-run")
    assert (run.code, run.stdout.splitlines()) == (
        0,
        [f"would be switched: {path}", "1 switched, 0 unchanged, 0 refused"],
    )
    assert state(tmp_path / "output") == before


# What the index says of a post.


def record_of(folder: Path, path: str) -> ArticleRecord:
    with closing(Archive(layout(folder), mode="read")) as archive:
        [record] = archive.index.all(ArticleRecord, ARTICLE.post == path)
    return record


def test_the_index_knows_the_new_bytes(tmp_path: Path) -> None:
    path = archived(tmp_path, article(image_url="https://img.example/a.jpg"))
    switch(tmp_path, "local")
    assert record_of(tmp_path, path).sha256 == sha256((tmp_path / path).read_bytes())


def test_a_post_that_somebody_edited_stays_edited(tmp_path: Path) -> None:
    path = archived(tmp_path, article(image_url="https://img.example/a.jpg"))
    before = record_of(tmp_path, path)
    text = posts(tmp_path)[path].replace("three weeks", "21 days")
    (tmp_path / path).write_text(text, "utf-8")
    assert switch(tmp_path, "local") == {"switched": 1}
    assert record_of(tmp_path, path) == before
    assert switch(tmp_path, "remote") == {"switched": 1}
    assert posts(tmp_path)[path] == text


@pytest.mark.parametrize("side", ["local", "remote"])
def test_a_run_that_was_killed_is_finished_or_taken_back(tmp_path: Path, archiver: Archiver, side: str) -> None:
    folder = tmp_path / "output"
    for number in range(150):
        archived(
            folder,
            article(
                url=f"https://town.example/{number}", title=f"Ferry {number}", image_url=f"https://img.example/{number}"
            ),
        )
    before = posts(folder)
    first, *_, middle = [folder / path for path in sorted(before)[:40]]
    process = archiver.start("relink", "--image-links", "local")
    while "/images/" not in middle.read_text("utf-8") and process.poll() is None:
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert "/images/" in first.read_text("utf-8")
    assert archiver("relink", "--image-links", side).code == 0
    assert all(("/images/" in text) == (side == "local") for text in posts(folder).values())
    assert archiver("verify", "--fix").code == 0  # a file that was being written may be left
    assert is_whole(folder)
    if side == "remote":
        assert posts(folder) == before
