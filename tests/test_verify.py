"""`archiver verify`: faults that were planted in a clean archive, one by one and all together."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.adoption import adopt
from archiver.archive import Archive
from archiver.files import TEMPORARY, sha256
from archiver.images import inspect
from archiver.items import Article
from archiver.layout import Layout
from archiver.post import Post, render
from archiver.records import ArticleRecord, ImageRecord
from archiver.survey import look
from archiver.tables import ARTICLE, IMAGE
from archiver.verification import FAULTS, NOTES, Verdict, judge
from tests.conftest import Archiver
from tests.samples import FOLDER, article, needs_samples, picture

NAMES = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay", "kea", "lynx")
NEWS, OLD = "web/town/news", "新媒体/小城/— 快讯"
JPEG, OTHER_JPEG = picture("JPEG", (320, 240)), picture("JPEG", (320, 241))
Plant = Callable[[Path], object]


def layout(folder: Path, image_links: str = "remote") -> Layout:
    return Layout(folder, folder / "images", image_links=image_links)


def clean(folder: Path) -> Path:
    """An archive of our articles, some with odd titles and one with local links, and of old posts."""
    with closing(Archive(layout(folder))) as archive:
        for title in (*NAMES, "100% sure? It's “so” {really}", "🎉", "长" * 120, "com1", "a.b #1"):
            write(archive, about(title))
        write(archive, replace(about("ant"), url="https://town.example/ant-2", body="<p>Another ant.</p>"))
        write(archive, about("first title"))
        write(archive, replace(about("first title"), title="second title"))
    with closing(Archive(layout(folder, "local"))) as archive:
        write(archive, about("near"))
        write_inline(archive)
    old(folder, "A_ 1.5 #", "A_ 15 ", "https://img.example/a.jpg")
    old(folder, "小城消息", "小城消息", "")
    old(folder, "长" * 84, "长" * 84, "https://picsum.photos/400/300?random=1")
    with closing(Archive(layout(folder))) as archive:
        adopt(archive)
    return folder


def about(title: str) -> Article:
    return article(
        title=title,
        url=f"https://town.example/{title}",
        body=f"<p>All about {title}.</p>",
        image_url=f"https://img.example/{title}.jpg",
    )


def write(archive: Archive, found: Article) -> None:
    """Archives an article with its header image."""
    archive.write(replace(found, header_image=archive.write_image(found, JPEG, inspect(JPEG))))


def write_inline(archive: Archive) -> None:
    """Puts a stored image into the body of a post, as `archiver images --inline` does."""
    path, facts = f"{NEWS}/near/0a1b2c3d.jpg", inspect(JPEG)
    image = archive.store_image("https://img.example/in.jpg", path.removesuffix(".jpg"), JPEG, facts)
    post = archive.file_of(f"{NEWS}/near.md")
    data = post.read_bytes().replace(b"<p>", f'<p><img src="{archive.layout.local_link(path)}">'.encode())
    post.write_bytes(data)
    [record] = archive.index.all(ArticleRecord, ARTICLE.post == f"{NEWS}/near.md")
    archive.index.put(
        replace(record, sha256=sha256(data)), ImageRecord(record.post, image.url, path=path, sha256=facts.sha256)
    )


def old(folder: Path, title: str, name: str, headimg: str) -> None:
    """A post of the old program."""
    target = folder / OLD / f"{name}.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    post = Post(title, ("新媒体", "小城", "— 快讯"), headimg, "小城", "Thu, 03 Mar 2022 06:57:37 GMT", "<p>旧闻</p>")
    target.write_text(render(post), "utf-8")


def verdict_of(folder: Path) -> Verdict:
    with closing(Archive(layout(folder), mode="read")) as archive:
        return judge(archive, look(archive))


def found(folder: Path) -> list[tuple[str, str]]:
    """(kind, path) of each fault."""
    return [(fault.kind, fault.path) for fault in verdict_of(folder).faults]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def two_of_one_address(folder: Path) -> None:
    other = replace(about("elk twice"), body="<p>The same elk.</p>")
    with closing(Archive(layout(folder))) as archive:
        write(archive, other)
        [record] = archive.index.all(ArticleRecord, ARTICLE.post == f"{NEWS}/elk-twice.md")
        archive.index.put(replace(record, url=about("elk").url))


def stale_row(folder: Path) -> None:
    with closing(sqlite3.connect(folder / ".archiver" / "index.sqlite")) as connection, connection:
        connection.execute("UPDATE article SET title = 'No' WHERE post = ?", [f"{NEWS}/first-title.md"])


def broken_journal(folder: Path) -> None:
    with (folder / ".archiver" / "journal.jsonl").open("ab") as file:
        file.write(b'{"article": {"post": "web/to\n')
    with closing(Archive(layout(folder))):  # has read the journal, and passed over the line
        pass


IMAGES = f"images/{NEWS}"
PLANTS: dict[str, tuple[Plant, tuple[str, str]]] = {
    "a post that was cut short": (
        lambda folder: os.truncate(folder / NEWS / "ant.md", 300),
        ("malformed", f"{NEWS}/ant.md"),
    ),
    "an empty post": (
        lambda folder: (folder / NEWS / "empty.md").touch(),
        ("malformed", f"{NEWS}/empty.md"),
    ),
    "a post with another title": (
        lambda folder: edit(folder / NEWS / "bee.md", "title: 'bee'", "title: 'wasp'"),
        ("misplaced", f"{NEWS}/bee.md"),
    ),
    "a post that was moved": (
        lambda folder: shutil.move(folder / NEWS / "cat.md", folder / OLD / "cat.md"),
        ("misplaced", f"{OLD}/cat.md"),
    ),
    "a copy of a post": (
        lambda folder: shutil.copy(folder / NEWS / "dog.md", folder / NEWS / "dog copy.md"),
        ("duplicate", f"{NEWS}/dog copy.md"),
    ),
    "a post whose name differs in case only": (
        lambda folder: shutil.copy(folder / NEWS / "lynx.md", folder / NEWS / "Lynx.md"),
        ("duplicate", f"{NEWS}/Lynx.md"),
    ),
    "two posts of one address": (two_of_one_address, ("duplicate", f"{NEWS}/elk.md")),
    "a post that points at a file which was never there": (
        lambda folder: edit(folder / OLD / "小城消息.md", "''", "'/images/404.gif'"),
        ("broken", f"{OLD}/小城消息.md"),
    ),
    "an empty image": (lambda folder: os.truncate(folder / IMAGES / "fox.jpg", 0), ("damaged", f"{IMAGES}/fox.jpg")),
    "half an image": (
        lambda folder: os.truncate(folder / IMAGES / "gnu.jpg", len(JPEG) // 2),
        ("damaged", f"{IMAGES}/gnu.jpg"),
    ),
    "a page instead of an image": (
        lambda folder: (folder / IMAGES / "hen.jpg").write_text("<!DOCTYPE html><p>Not found"),
        ("damaged", f"{IMAGES}/hen.jpg"),
    ),
    "another image": (
        lambda folder: (folder / IMAGES / "ibis.jpg").write_bytes(OTHER_JPEG),
        ("damaged", f"{IMAGES}/ibis.jpg"),
    ),
    "a deleted image": (lambda folder: (folder / IMAGES / "jay.jpg").unlink(), ("lost", f"{IMAGES}/jay.jpg")),
    "a deleted image that a post points at": (
        lambda folder: (folder / IMAGES / "near.jpg").unlink(),
        ("lost", f"{IMAGES}/near.jpg"),
    ),
    "a deleted image of a body": (
        lambda folder: (folder / IMAGES / "near/0a1b2c3d.jpg").unlink(),
        ("lost", f"{IMAGES}/near/0a1b2c3d.jpg"),
    ),
    "a deleted post": (lambda folder: (folder / NEWS / "kea.md").unlink(), ("lost", f"{NEWS}/kea.md")),
    "an image of nobody": (
        lambda folder: (folder / IMAGES / "nobody.png").write_bytes(picture("PNG")),
        ("orphan", f"{IMAGES}/nobody.png"),
    ),
    "what a killed run was writing": (
        lambda folder: (folder / IMAGES / f"{TEMPORARY}x1").write_bytes(b"half"),
        ("leftover", f"{IMAGES}/{TEMPORARY}x1"),
    ),
    "what a killed run was keeping": (
        lambda folder: (folder / ".archiver" / f"{TEMPORARY}x2").write_bytes(b"half"),
        ("leftover", f".archiver/{TEMPORARY}x2"),
    ),
    "a file that is no post": (
        lambda folder: (folder / NEWS / "notes.txt").write_text("notes"),
        ("foreign", f"{NEWS}/notes.txt"),
    ),
    "a file that is no image": (
        lambda folder: (folder / IMAGES / "ant.pdf").write_text("%PDF"),
        ("foreign", f"{IMAGES}/ant.pdf"),
    ),
    "a journal line that was cut": (broken_journal, ("unreadable", ".archiver/journal.jsonl")),
    "an index that says something else": (stale_row, ("stale", f"{NEWS}/first-title.md")),
}
FOR_EACH_PLANT = pytest.mark.parametrize(("plant", "fault"), PLANTS.values(), ids=[*PLANTS])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean archive, to be copied."""
    return clean(tmp_path_factory.mktemp("archive") / "output")


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "output")


def test_a_clean_archive_has_no_fault_and_is_left_as_it_is(folder: Path, archiver: Archiver) -> None:
    before = tree(folder)
    run = archiver("verify", "--json")
    assert run.code == 0, run.stdout
    assert run.summary == {
        "checked": {"posts": 23, "images": 21, "records": 64, "lines": 66},
        "faults": [],
        "notes": [],
    }
    assert tree(folder) == before


@FOR_EACH_PLANT
def test_a_planted_fault_is_found_and_nothing_else(folder: Path, plant: Plant, fault: tuple[str, str]) -> None:
    plant(folder)
    assert found(folder) == [fault]


def test_all_planted_faults_are_found_together(folder: Path) -> None:
    for plant, _ in PLANTS.values():
        plant(folder)
    assert sorted(found(folder)) == sorted(fault for _, fault in PLANTS.values())


def test_a_fault_is_one_line_of_the_table_and_exit_code_1(folder: Path, archiver: Archiver) -> None:
    os.truncate(folder / IMAGES / "fox.jpg", 0)
    edit(folder / NEWS / "gnu.md", "All about", "Nearly all about")
    run = archiver("verify")
    assert run.code == 1
    assert [line.split(maxsplit=2) for line in run.stdout.splitlines() if line.startswith(("damaged ", "edited "))] == [
        ["damaged", f"{IMAGES}/fox.jpg", "empty"],
        ["edited", f"{NEWS}/gnu.md", "it is not as it was written, and will not be overwritten"],
    ]
    assert run.stdout.endswith(" checked: 1 faults, 1 notes\n")


@pytest.mark.parametrize(
    ("plant", "what"),
    [
        ("an empty image", "empty"),
        ("half an image", "cut short or damaged: "),
        ("a page instead of an image", "not an image, but a page"),
        ("another image", "a whole image, but not the bytes that were stored"),
        ("a deleted image", f"it was stored for {NEWS}/jay.md"),
        ("a post that was moved", f"it was archived as {NEWS}/cat.md"),
        ("a copy of a post", f"the same article as {NEWS}/dog.md"),
        ("a post with another title", "its title is wasp"),
        ("a post that was cut short", "line "),
        ("a journal line that was cut", "byte "),
        ("an index that says something else", "article differs in title"),
    ],
)
def test_a_finding_says_what_is_wrong(folder: Path, plant: str, what: str) -> None:
    PLANTS[plant][0](folder)
    [fault] = verdict_of(folder).faults
    assert fault.what.startswith(what)


def test_what_is_no_fault_is_noted_apart(folder: Path) -> None:
    edit(folder / NEWS / "gnu.md", "All about", "Nearly all about")
    old(folder, "三号", "三号", "https://img.example/3.jpg")
    (folder / "images" / OLD).mkdir(parents=True)
    (folder / "images" / OLD / "三号.jpg").write_bytes(JPEG)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    verdict = verdict_of(folder)
    assert verdict.faults == []
    assert [(note.kind, note.path) for note in verdict.notes] == [
        ("edited", f"{NEWS}/gnu.md"),
        ("unindexed", f"{OLD}/三号.md"),
        ("unrecorded", f"images/{OLD}/三号.jpg"),
    ]


def test_a_post_edited_by_hand_may_have_outlived_its_first_title(folder: Path) -> None:
    edit(folder / NEWS / "first-title.md", "All about", "Nearly all about")
    assert found(folder) == []


def test_an_archive_that_no_index_knows_has_no_fault(folder: Path) -> None:
    for file in (folder / ".archiver").glob("*.*"):  # all but what was kept of the post that has another title now
        file.unlink()
    verdict = verdict_of(folder)
    assert verdict.faults == []
    assert {note.kind for note in verdict.notes} == {"unindexed", "unrecorded"}
    assert sorted(path.name for path in (folder / ".archiver").iterdir()) == ["lock", "versions"]


def test_an_index_that_is_none_is_a_fault_and_made_anew(folder: Path, archiver: Archiver) -> None:
    (folder / ".archiver" / "index.sqlite").write_bytes(b"no database, but long enough to look like one" * 100)
    run = archiver("verify", "--json")
    assert run.code == 1
    assert [(fault["kind"], fault["path"]) for fault in run.summary["faults"]] == [
        ("unreadable", ".archiver/index.sqlite")
    ]
    assert archiver("verify", "--fix").code == 0


def test_a_journal_that_is_lost_is_a_fault_and_written_anew(folder: Path, archiver: Archiver) -> None:
    (folder / ".archiver" / "journal.jsonl").unlink()
    assert found(folder) == [("unreadable", ".archiver/journal.jsonl")]
    assert archiver("verify", "--fix").code == 0


def test_what_is_safe_is_put_right(folder: Path, archiver: Archiver) -> None:
    mended = ("what a killed run was writing", "what a killed run was keeping", "an index that says something else")
    for name in (*mended, "a deleted image"):
        PLANTS[name][0](folder)
    old(folder, "三号", "三号", "https://img.example/3.jpg")
    (folder / "images" / OLD).mkdir(parents=True)
    (folder / "images" / OLD / "三号.jpg").write_bytes(JPEG)
    run = archiver("verify", "--fix", "--json")
    assert run.code == 0, run.stdout
    assert sorted((done["kind"], done["path"]) for done in run.summary["mended"]) == [
        ("leftover", f".archiver/{TEMPORARY}x2"),
        ("leftover", f"{IMAGES}/{TEMPORARY}x1"),
        ("lost", f"{IMAGES}/jay.jpg"),
        ("stale", "."),
        ("unindexed", "."),
    ]
    assert (run.summary["faults"], run.summary["notes"]) == ([], [])
    with closing(Archive(layout(folder), mode="read")) as archive:
        assert archive.index.image(f"{NEWS}/jay.md", "https://img.example/jay.jpg") == ImageRecord(
            f"{NEWS}/jay.md", "https://img.example/jay.jpg", reason="it was deleted"
        )
        [image] = archive.index.all(ImageRecord, IMAGE.post == f"{OLD}/三号.md")
    assert (image.url, image.path) == ("https://img.example/3.jpg", f"{OLD}/三号.jpg")


def test_what_is_not_safe_is_left_alone(folder: Path, archiver: Archiver) -> None:
    for plant, _ in PLANTS.values():
        plant(folder)
    left = {fault for _, fault in PLANTS.values() if fault[0] not in ("leftover", "stale", "lost", "unreadable")}
    left |= {("lost", f"{NEWS}/kea.md"), ("broken", f"{NEWS}/near.md")}
    left -= {("lost", f"{IMAGES}/jay.jpg")}
    before = tree(folder)
    run = archiver("verify", "--fix", "--json")
    after = tree(folder)
    assert run.code == 1
    assert {(fault["kind"], fault["path"]) for fault in run.summary["faults"]} == left
    gone = {name for name in before if name not in after}
    assert {name for name in before.keys() - gone if before[name] != after[name]} <= {
        f".archiver/{name}" for name in ("journal.jsonl", "index.sqlite", "index.sqlite-wal", "lock")
    }
    assert {name for name in gone if not name.startswith(".archiver/index")} == {
        f".archiver/{TEMPORARY}x2",
        f"{IMAGES}/{TEMPORARY}x1",
    }


def test_an_image_that_is_damaged_is_noted_as_missing(folder: Path, archiver: Archiver) -> None:
    os.truncate(folder / IMAGES / "fox.jpg", 100)
    run = archiver("verify", "--fix", "--json")
    assert (run.code, run.summary["mended"]) == (
        1,
        [
            {
                "kind": "damaged",
                "path": f"{IMAGES}/fox.jpg",
                "what": "noted as missing: `archiver images` fetches it",
            }
        ],
    )
    with closing(Archive(layout(folder), mode="read")) as archive:
        record = archive.index.image(f"{NEWS}/fox.md", "https://img.example/fox.jpg")
    assert record is not None
    assert (record.path, (record.reason or "")[:9]) == (None, "cut short")
    (folder / IMAGES / "fox.jpg").write_bytes(JPEG)  # somebody restores it
    assert archiver("verify", "--fix").code == 0
    assert verdict_of(folder).notes == []


def test_what_a_damaged_line_has_lost_is_kept_if_the_index_has_it(folder: Path, archiver: Archiver) -> None:
    journal = folder / ".archiver" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if b"ibis.md" in line and line.startswith(b'{"article"'))
    lines[place] = b"#" * (len(lines[place]) - 1) + b"\n"
    journal.write_bytes(b"".join(lines))
    assert found(folder) == [("unreadable", ".archiver/journal.jsonl"), ("stale", f"{NEWS}/ibis.md")]
    assert archiver("verify", "--fix").code == 0
    assert found(folder) == []
    assert (folder / ".archiver" / "journal.jsonl.damaged").exists()
    with closing(Archive(layout(folder), mode="read")) as archive:
        assert archive.has("https://town.example/ibis")


@needs_samples
def test_the_posts_of_the_old_archive_have_no_fault() -> None:
    assert [fault for fault in verdict_of(FOLDER).faults if fault.kind != "broken"] == []


def test_an_archive_that_is_not_there_is_a_wrong_command(archiver: Archiver) -> None:
    run = archiver("verify")
    assert (run.code, run.stdout) == (2, "")
    assert "output: there is no archive" in run.stderr
    assert not archiver.output.exists()


def test_only_mending_needs_the_archive_for_itself(folder: Path, archiver: Archiver) -> None:
    PLANTS["what a killed run was writing"][0](folder)
    with closing(Archive(layout(folder))):
        assert archiver("verify").code == 1
        assert archiver("verify", "--fix").code == 4


def test_every_kind_of_finding_is_told_in_the_documents() -> None:
    running = (Path(__file__).parents[1] / "docs" / "running.md").read_text("utf-8")
    for kind, meaning in (FAULTS | NOTES).items():
        assert f"| {kind} | {meaning}" in running
