"""`archiver adopt` and `archiver index rebuild`: posts that are there are read and noted, and never touched."""

import json
import re
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.adoption import Adoption, adopt
from archiver.archive import Archive
from archiver.content import content_of
from archiver.image_records import to_image_record
from archiver.items import HeaderImage
from archiver.names import folder_name, title_name
from archiver.post import render
from archiver.records import ArticleRecord, ImageRecord, Record, RunRecord
from archiver.tables import ARTICLE
from tests.conftest import Archiver
from tests.internet import Internet
from tests.kr36_site import NEWS, Story, put_online, stories
from tests.samples import SAMPLES, article, needs_samples, picture
from tests.test_archive import PICTURE, STORED, layout, opened, run
from tests.test_index import tables

PROXY = "https://cors.zfour.workers.dev/?"
FOLDER = "web/town/news"
FERRY = article(
    image_url="http://img.example/ferry.jpg", body='<p>It runs.</p><img src="http://img.example/ferry.jpg">'
)
UNDATED = article(url="https://town.example/2", title="A river: at night", published=None)


def theirs(folder: Path, text: str, name: str = "The ferry runs again") -> Path:
    """A post that another program wrote."""
    file = folder / FOLDER / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file but those of the index, with the time of its last change."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".archiver" not in path.parts)
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def adopted(folder: Path, under: Path | None = None) -> tuple[Adoption, list[Record]]:
    """What comes of taking over a folder, and what the index has then."""
    before = state(folder)
    with opened(folder) as archive:
        found = adopt(archive, under)
        records = [*archive.index.all(ArticleRecord), *archive.index.all(ImageRecord)]
    assert state(folder) == before
    moments = {record.first_seen for record in records if isinstance(record, ArticleRecord)}
    assert all(moment is not None and datetime.now(UTC) - moment < timedelta(minutes=1) for moment in moments)
    return found, [replace(it, first_seen=None) if isinstance(it, ArticleRecord) else it for it in records]


# What is noted.


def test_a_post_is_noted_with_all_that_it_says(tmp_path: Path) -> None:
    theirs(tmp_path, render(article(image_url="https://img.example/ferry.jpg")))
    content = content_of(article(image_url="https://img.example/ferry.jpg"))
    assert adopted(tmp_path) == (
        Adoption(adopted=1),
        [
            ArticleRecord(
                f"{FOLDER}/The ferry runs again.md",
                site="town",
                channel="news",
                title="The ferry runs again",
                heading=f"{FOLDER}/The ferry runs again",
                published=FERRY.published,
                content=content.digest,
                length=content.length,
                image="https://img.example/ferry.jpg",
            )
        ],
    )


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Mon, 09 Mar 2026 07:30:00 GMT", FERRY.published),
        ("2026-03-09 07:30:00", None),
        ("Invalid Date", None),
    ],
)
def test_a_date_that_is_none_of_publication_is_not_taken(tmp_path: Path, date: str, published: datetime | None) -> None:
    theirs(tmp_path, render(FERRY).replace("Mon, 09 Mar 2026 07:30:00 GMT", date))
    _, [record] = adopted(tmp_path)
    assert isinstance(record, ArticleRecord)
    assert record.published == published


@pytest.mark.parametrize(
    ("headimg", "origin"),
    [
        ("https://img.example/a.jpg?x=1", "https://img.example/a.jpg?x=1"),
        (f"{PROXY}http://img.example/a.jpg", "http://img.example/a.jpg"),
        ("https://picsum.photos/400/300?random=7", None),
        ("/images/404.gif", None),
        ("", None),
    ],
)
def test_the_header_image_is_known_by_its_origin(tmp_path: Path, headimg: str, origin: str | None) -> None:
    theirs(tmp_path, render(FERRY).replace("'http://img.example/ferry.jpg'", f"'{headimg}'"))
    _, [record] = adopted(tmp_path)
    assert isinstance(record, ArticleRecord)
    assert record.image == origin


@pytest.mark.parametrize(
    ("headimg", "link"),
    [
        ("http://img.example/ferry.jpg", ""),
        (f"{PROXY}http://img.example/ferry.jpg", f"{PROXY}http://img.example/ferry.jpg"),
        ("/images/web/town/news/The%20ferry%20runs%20again.jpg", ""),
    ],
    ids=["its address", "behind a proxy", "the file itself"],
)
def test_a_header_image_that_lies_beside_is_noted_if_it_is_whole(tmp_path: Path, headimg: str, link: str) -> None:
    post = theirs(tmp_path, render(FERRY).replace("'http://img.example/ferry.jpg'", f"'{headimg}'"))
    file = tmp_path / "images" / FOLDER / f"{post.stem}.jpg"
    file.parent.mkdir(parents=True)
    file.write_bytes(PICTURE)
    _, [_, image] = adopted(tmp_path)
    expected = replace(STORED, url="http://img.example/ferry.jpg", path=f"{FOLDER}/{post.stem}.jpg")
    assert image == to_image_record(f"{FOLDER}/{post.name}", expected, link=link)


def test_a_header_image_that_is_damaged_is_not_noted(tmp_path: Path) -> None:
    post = theirs(tmp_path, render(FERRY))
    file = tmp_path / "images" / FOLDER / f"{post.stem}.jpg"
    file.parent.mkdir(parents=True)
    file.write_bytes(PICTURE[:-100])
    _, records = adopted(tmp_path)
    assert [type(record) for record in records] == [ArticleRecord]


def test_a_dash_before_a_channel_is_no_part_of_its_name(tmp_path: Path) -> None:
    theirs(tmp_path, render(FERRY).replace(" - news", " - — news"))
    _, [record] = adopted(tmp_path)
    assert isinstance(record, ArticleRecord)
    assert (record.channel, record.heading) == ("news", f"{FOLDER}/The ferry runs again")


# Which posts are taken.


def test_taking_over_twice_changes_nothing(tmp_path: Path) -> None:
    theirs(tmp_path, render(FERRY))
    theirs(tmp_path, render(UNDATED), title_name(UNDATED.title))
    adopted(tmp_path)
    with opened(tmp_path) as archive:
        before = tables(archive.index), archive.index.journal.read_bytes()
        assert adopt(archive) == Adoption(known=2)
        assert (tables(archive.index), archive.index.journal.read_bytes()) == before


def test_posts_of_ours_are_known(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    theirs(tmp_path, render(UNDATED), "a")
    with opened(tmp_path) as archive:
        before = archive.known(FERRY.url)
        assert adopt(archive) == Adoption(adopted=1, known=1)
        assert archive.known(FERRY.url) == before


def test_a_part_of_the_archive_is_taken_over_alone(tmp_path: Path) -> None:
    theirs(tmp_path, render(FERRY))
    other = tmp_path / "web" / "town" / "sport" / "a.md"
    other.parent.mkdir(parents=True)
    other.write_text(render(article(categories=("web", "town", "sport"))), "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "web")
    for part in (
        other.parent,
        tmp_path / "web" / "town" / "news" / ".." / "sport",
        tmp_path / "link" / "town" / "sport",
    ):
        with opened(tmp_path) as archive:
            found = adopt(archive, part)
            assert found.adopted + found.known == 1
            assert [record.post for record in archive.index.all(ArticleRecord)] == ["web/town/sport/a.md"]


def test_posts_that_lie_elsewhere_are_known_by_where_they_lie(tmp_path: Path) -> None:
    file = theirs(tmp_path / "old", render(FERRY))
    _, [record] = adopted(tmp_path / "new", tmp_path / "old")
    assert isinstance(record, ArticleRecord)
    assert (record.post, record.heading) == (str(file), f"{FOLDER}/The ferry runs again")
    with opened(tmp_path / "new") as archive:
        before = tables(archive.index)
        archive.index.restore()
        assert tables(archive.index) == before
        assert adopt(archive, tmp_path / "old") == Adoption(known=1)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param(b"", 2, "expected `---`", id="an empty file"),
        pytest.param(b"# Title\n", 1, "expected an empty line", id="no post"),
        pytest.param(render(FERRY).encode().replace(b"date: M", b"date: X"), 11, "expected a date as", id="a date"),
        pytest.param(render(FERRY).encode().replace(b"runs.", b"r\xfcns."), 16, "expected UTF-8", id="Latin-1"),
        pytest.param(render(FERRY).encode()[:-9], 18, "expected a body, two spaces", id="cut short"),
        pytest.param(render(FERRY).replace("\n", "\r\n").encode(), 1, "expected LF as line end", id="CRLF"),
    ],
)
def test_what_is_no_post_is_listed_with_file_and_line(tmp_path: Path, text: bytes, line: int, reason: str) -> None:
    theirs(tmp_path, render(FERRY))
    bad = theirs(tmp_path, "", "bad")
    bad.write_bytes(text)
    found, records = adopted(tmp_path)
    assert (found.adopted, found.known, len(records)) == (1, 0, 1)
    [refusal] = found.refused
    assert str(refusal).startswith(f"{bad}, line {line}: {reason}")


def test_what_cannot_be_read_or_named_is_listed(tmp_path: Path) -> None:
    odd, gone = tmp_path / FOLDER / "a\udcff.md", tmp_path / FOLDER / "gone.md"
    theirs(tmp_path, render(FERRY)).rename(odd)
    gone.symlink_to("nowhere")
    found, records = adopted(tmp_path)
    assert (found.adopted, found.known, records) == (0, 0, [])
    assert {refusal.file: (refusal.line, refusal.reason) for refusal in found.refused} == {
        odd: (None, "expected a name in UTF-8"),
        gone: (None, "No such file or directory"),
    }


@needs_samples
def test_every_post_of_the_old_archive_is_taken_over(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        assert adopt(archive, SAMPLES[0].parents[3]) == Adoption(adopted=len(SAMPLES))
        found = archive.index.all(ArticleRecord, ARTICLE.site == "开源中国")
        assert {record.channel for record in found} == {"资讯"}


def generated(folder: Path, count: int) -> None:
    """So many posts, of a length as newspapers have, in five channels."""
    for number in range(count):
        channel = f"channel {number % 5}"
        body = f'<p><img src="https://img.example/{number}.jpg"></p>' + f"<p>{number} words, 很多 </p>" * (
            number % 50 + 1
        )
        published = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        found = article(title=f"{number}", body=body, published=published, categories=("web", "town", channel))
        file = folder / "web" / "town" / channel / f"{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(render(found), "utf-8")


def test_hundreds_of_posts_are_taken_over_in_a_second(tmp_path: Path) -> None:
    generated(tmp_path, 1000)
    started = time.monotonic()
    with opened(tmp_path) as archive:
        assert adopt(archive) == Adoption(adopted=1000)
    assert 1000 / (time.monotonic() - started) > 200  # on a busy machine; one that has nothing else to do: 1200


# The command.


def test_the_folder_itself_is_the_archive_unless_another_is_named(internet: Internet, archiver: Archiver) -> None:
    theirs(archiver.folder / "old", render(FERRY))
    bad = theirs(archiver.folder / "old", "---\n", "bad")
    run = archiver("adopt", "old")
    assert run.code == 1, run.stderr
    assert re.fullmatch(
        r"old/web/town/news/bad\.md, line 1: expected an empty line\n1 adopted, 0 known, 1 refused, \d\.\d s\n",
        run.stdout,
    )
    assert (archiver.folder / "old" / ".archiver" / "journal.jsonl").exists()
    assert not archiver.output.exists()
    bad.unlink()
    run = archiver("adopt", "old", "--json")
    assert (run.code, {**run.summary, "seconds": 0}) == (
        0,
        {"adopted": 0, "known": 1, "refused": 0, "seconds": 0, "problems": []},
    )
    (archiver.folder / "archiver.yaml").write_text("output: new\n", "utf-8")
    assert [archiver("adopt", "old", "--json").summary["adopted"] for _ in range(2)] == [1, 0]
    assert sorted(path.name for path in (archiver.folder / "new").iterdir()) == [".archiver"]
    assert internet.asked == []


def test_a_takeover_is_a_run_if_there_was_something_to_take_over(archiver: Archiver) -> None:
    theirs(archiver.output, render(FERRY))
    for _ in range(2):
        archiver("adopt", "output")
    with opened(archiver.output, mode="read") as archive:
        [found] = archive.index.runs()
    assert found == RunRecord(found.start, "adopt", "", found.end, (("adopted", 1), ("known", 0), ("refused", 0)), 0)


def test_a_folder_without_posts_is_told(archiver: Archiver) -> None:
    archiver.output.mkdir()
    (archiver.output / "README.md").touch()
    run = archiver("adopt", "output", "--json")
    assert (run.code, run.stderr) == (1, "output: there are no posts\n")
    assert [path.name for path in archiver.output.iterdir()] == ["README.md"]
    assert archiver("adopt", "nowhere").code == 2


# Crawls afterwards.


def as_the_old_program_wrote(folder: Path, story: Story) -> Path:
    """The post of an article of 36kr, with its image behind the proxy, or without any."""
    body = story.content().replace("https://", "http://").replace('src="http://', f'src="{PROXY}http://')
    image = f"{PROXY}{story.image.replace('https://', 'http://')}" if story.kind == "p" else None
    image = image if story.number % 2 else None
    found = article(
        url=f"https://old.example/{story.number}",
        title=story.title,
        body=body,
        published=story.when,
        image_url=image or "https://picsum.photos/400/300?random=7",
        categories=("新媒体", "36kr", "资讯" if story.kind == "p" else "快讯"),
    )
    file = folder.joinpath(*map(folder_name, found.categories), f"{title_name(story.title)}.md")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(found), "utf-8")
    return file


def test_a_crawl_does_not_archive_again_what_was_taken_over(internet: Internet, archiver: Archiver) -> None:
    news, flashes = stories(20), stories(10, "newsflashes", 5000)
    news[3] = replace(news[3], title="10.6% 更多: “为什么”? C#")
    put_online(internet, news, flashes)
    for story in (*news, *flashes):
        as_the_old_program_wrote(archiver.output, story)
    before = state(archiver.output)
    assert archiver("adopt", "output", "--json").summary["adopted"] == 30
    first = archiver.crawl()
    assert (first.code, first.counts()) == (0, {"known": 30}), first.stderr
    internet.asked.clear()
    second = archiver.crawl()
    assert (second.code, second.counts()) == (0, {"known": 30})
    assert internet.urls("/p/") == internet.urls("/newsflashes/") == internet.urls("img.36krcdn.com") == []
    assert internet.urls("/information/") == [NEWS]
    assert state(archiver.output) == before
    assert archiver("adopt", "output", "--json").summary["known"] == 30


def test_a_crawl_archives_what_was_not_there_and_another_article_of_a_title(
    internet: Internet, archiver: Archiver
) -> None:
    news = stories(5)
    put_online(internet, news)
    for story in news[:3]:
        as_the_old_program_wrote(archiver.output, story)
    daily = as_the_old_program_wrote(archiver.output, replace(news[3], when=news[3].when - timedelta(days=7)))
    before = state(archiver.output)
    archiver("adopt", "output")
    assert archiver.crawl("--channel", "资讯").counts() == {"new": 2, "known": 3, "stored": 2}
    assert {path: found for path, found in state(archiver.output).items() if path in before} == before
    assert len([path for path in state(archiver.output) if path.endswith(".md")]) == 6
    daily.unlink()
    assert archiver.crawl("--channel", "资讯").counts() == {"known": 5}


def test_a_post_that_was_taken_over_and_deleted_is_archived_again(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    post = as_the_old_program_wrote(archiver.output, stories(1)[0])
    archiver("adopt", "output")
    post.unlink()
    assert archiver.crawl("--channel", "资讯").counts() == {"new": 1, "stored": 1}
    assert post.exists()
    assert archiver.crawl("--channel", "资讯").counts() == {"known": 1}


# Rebuilding.


def lived_in(folder: Path) -> None:
    """An archive with posts of ours and of others, images, and what only journal and index know."""
    with opened(folder) as archive:
        data = picture("PNG")
        found = replace(FERRY, image_url="https://img.example/a.png")
        archive.write(replace(found, header_image=HeaderImage("https://img.example/a.png", reason="HTTP 404")))
        archive.write(article(url="https://town.example/3", title="Third", aliases=("https://t.example/3",)))
        theirs(folder, render(UNDATED), title_name(UNDATED.title))
        theirs(folder, render(article(title="Met", image_url="https://img.example/met.png")), "Met")
        image = folder / "images" / FOLDER / "Met.png"
        image.parent.mkdir(parents=True, exist_ok=True)
        image.write_bytes(data)
        adopt(archive)
        [met] = archive.index.all(ArticleRecord, ARTICLE.title == "Met")
        archive.meet(met, "https://town.example/met", "town", "news")
        archive.index.put(RunRecord(datetime(2026, 1, 1, tzinfo=UTC), "crawl", "town"))


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param((), id="nothing is lost"),
        pytest.param(("index.sqlite",), id="the index is lost"),
        pytest.param(("journal.jsonl",), id="the journal is lost"),
    ],
)
def test_an_index_that_is_rebuilt_is_the_same(archiver: Archiver, loss: tuple[str, ...]) -> None:
    lived_in(archiver.output)
    with opened(archiver.output, mode="read") as archive:
        before = tables(archive.index)
    files = state(archiver.output)
    for name in loss:
        (archiver.output / ".archiver" / name).unlink()
    run = archiver("index", "rebuild", "--json")
    assert (run.code, {**run.summary, "seconds": 0}) == (
        0,
        {"articles": 4, "images": 2, "adopted": 0, "known": 4, "refused": 0, "seconds": 0, "problems": []},
    ), run.stderr
    with opened(archiver.output, mode="read") as archive:
        assert tables(archive.index) == before
    assert state(archiver.output) == files


def test_without_index_and_journal_the_posts_and_images_are_what_is_known(archiver: Archiver) -> None:
    lived_in(archiver.output)
    for name in ("index.sqlite", "journal.jsonl"):
        (archiver.output / ".archiver" / name).unlink()
    theirs(archiver.output, "", "bad")
    run = archiver("index", "rebuild")
    assert run.code == 1
    assert re.fullmatch(
        r"output/web/town/news/bad\.md, line 2: expected `---`\n"
        r"4 articles, 1 images, 4 adopted, 0 known, 1 refused, \d\.\d s\n",
        run.stdout,
    )
    with closing(Archive(layout(archiver.output))) as archive:
        assert archive.write(article(url="https://town.example/3", title="Third")).outcome == "unchanged"
        assert archive.known("https://town.example/3") is not None


def test_posts_that_the_journal_does_not_know_are_taken_over(archiver: Archiver) -> None:
    lived_in(archiver.output)
    theirs(archiver.output, render(article(title="Fifth")), "Fifth")
    (archiver.folder / "archiver.yaml").write_text("output: output\njson: true\n", "utf-8")
    summary = archiver("index", "rebuild").summary
    assert (summary["articles"], summary["adopted"], summary["known"]) == (5, 1, 4)


def test_the_index_of_no_archive_is_not_rebuilt(archiver: Archiver) -> None:
    run = archiver("index", "rebuild")
    assert (run.code, run.stderr) == (2, "archiver: output: there is no archive\n")
    assert not archiver.output.exists()


def test_an_archive_in_use_is_neither_taken_over_nor_rebuilt(archiver: Archiver) -> None:
    lived_in(archiver.output)
    with opened(archiver.output):
        assert archiver("adopt", "output").code == archiver("index", "rebuild").code == 4


def test_the_summary_is_one_object_whatever_the_files_are_called(archiver: Archiver) -> None:
    theirs(archiver.output, "", "a\udcff")
    run = archiver("adopt", "output", "--json")
    assert run.code == 1
    assert json.loads(run.stdout)["problems"] == [
        {"file": "output/web/town/news/a\\udcff.md", "line": None, "reason": "expected a name in UTF-8"}
    ]
