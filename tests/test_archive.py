"""The archive: real folders, and what a run finds and leaves there."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.archive import Archive, Written
from archiver.content import content_of
from archiver.database import Mode
from archiver.errors import LockedError, MachineError
from archiver.files import TEMPORARY, sha256, write_whole
from archiver.image_records import to_image_record
from archiver.images import inspect
from archiver.items import Article, HeaderImage
from archiver.layout import STATE, Layout
from archiver.outcomes import Outcome
from archiver.post import parse, render
from archiver.records import ArticleRecord, ImageRecord
from archiver.urls import digest
from tests.samples import article, picture

FERRY = article(image_url="https://img.example/ferry.jpg")
PATH = "web/town/news/the-ferry-runs-again.md"
OTHER = article(url="https://town.example/news/other", published=datetime(2026, 4, 1, tzinfo=UTC))
OTHER_PATH = f"web/town/news/the-ferry-runs-again-{digest(OTHER.url)}.md"


def layout(folder: Path, **options: Any) -> Layout:
    """The layout of an archive in a folder."""
    return Layout(output=folder, images=folder / "images", **options)


@contextmanager
def opened(folder: Path, *, mode: Mode = "write", **options: Any) -> Iterator[Archive]:
    """An archive for the time of one run."""
    with closing(Archive(layout(folder, **options), mode=mode)) as archive:
        yield archive


def run(folder: Path, *articles: Article, force: bool = False, **options: Any) -> list[Written]:
    """What a run that finds these articles does."""
    with opened(folder, **options) as archive:
        return [archive.write(found, force=force) for found in articles]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but the index while it is open."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def posts(folder: Path) -> dict[str, str]:
    """Every post of an archive."""
    names = (name for name in files(folder) if name.endswith(".md") and STATE not in Path(name).parts)
    return {name: (folder / name).read_text("utf-8") for name in names}


def versions(folder: Path) -> list[tuple[str, str]]:
    """(path of the post, text) of what is kept beside it, oldest first."""
    found = sorted((folder / STATE / "versions").rglob("*.md"), key=lambda path: (path.parent, path.stem))
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?", path.stem) for path in found)
    return [(f"{path.parent.relative_to(folder / STATE / 'versions')}.md", path.read_text("utf-8")) for path in found]


def journal_lines(folder: Path) -> list[str]:
    return (folder / STATE / "journal.jsonl").read_text("utf-8").splitlines()


def forget(folder: Path) -> None:
    """Index and journal are lost."""
    for name in ("index.sqlite", "journal.jsonl"):
        (folder / STATE / name).unlink()


def known(folder: Path, url: str) -> ArticleRecord:
    """What an archive remembers of an article."""
    with opened(folder, mode="read") as archive:
        record = archive.index.article(url)
    assert record is not None
    return record


# Writing.


def test_an_article_becomes_a_post_under_its_categories(tmp_path: Path) -> None:
    assert run(tmp_path, FERRY) == [Written(Outcome.NEW, PATH)]
    assert posts(tmp_path) == {PATH: render(FERRY)}
    state = {f".archiver/{name}" for name in ("index.sqlite", "journal.jsonl", "lock")}
    assert files(tmp_path).keys() == {PATH, *state}


@pytest.mark.parametrize(
    ("naming", "title", "name"),
    [
        ("slug", "10.6% more: why?", "10-6-more-why.md"),
        ("title", "10.6% more: why?", "106% more_ why_.md"),
        ("slug", "🎉", f"{digest(FERRY.url)}.md"),
    ],
)
def test_a_post_is_named_as_the_option_says(tmp_path: Path, naming: str, title: str, name: str) -> None:
    assert run(tmp_path, article(title=title), naming=naming) == [Written(Outcome.NEW, f"web/town/news/{name}")]


def test_categories_that_are_no_folder_names_stay_within_the_archive(tmp_path: Path) -> None:
    [written] = run(tmp_path / "output", article(categories=("..", "/etc", ".git")))
    assert written == Written(Outcome.NEW, "_/_etc/_.git/the-ferry-runs-again.md")
    assert posts(tmp_path / "output").keys() == {written.path}
    assert [*tmp_path.iterdir()] == [tmp_path / "output"]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    before = (files(tmp_path), (tmp_path / PATH).stat())
    assert run(tmp_path, FERRY) == [Written(Outcome.UNCHANGED, PATH)]
    assert (files(tmp_path), (tmp_path / PATH).stat()) == before


def test_an_article_that_changed_is_written_anew(tmp_path: Path) -> None:
    changed = replace(FERRY, title="The ferry stops again", body="<p>Again.</p>")
    run(tmp_path, FERRY)
    assert run(tmp_path, changed) == [Written(Outcome.CHANGED, PATH)]
    assert posts(tmp_path) == {PATH: render(changed)}
    lines = journal_lines(tmp_path)
    assert run(tmp_path, changed) == [Written(Outcome.UNCHANGED, PATH)]
    assert journal_lines(tmp_path) == lines


def test_a_post_that_somebody_deleted_is_written_again(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    (tmp_path / PATH).unlink()
    assert run(tmp_path, FERRY) == [Written(Outcome.NEW, PATH)]
    assert posts(tmp_path) == {PATH: render(FERRY)}


def test_a_post_that_somebody_edited_stays_as_it_is(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    edited = render(FERRY).replace("three weeks", "21 days")
    (tmp_path / PATH).write_text(edited, "utf-8")
    assert run(tmp_path, FERRY) == [Written(Outcome.EDITED, PATH)]
    assert run(tmp_path, replace(FERRY, body="<p>Again.</p>")) == [Written(Outcome.EDITED, PATH)]
    assert posts(tmp_path) == {PATH: edited}


def test_an_edit_that_is_taken_back_is_none(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    (tmp_path / PATH).write_text("edited", "utf-8")
    run(tmp_path, FERRY)
    (tmp_path / PATH).write_text(render(FERRY), "utf-8")
    assert run(tmp_path, FERRY) == [Written(Outcome.UNCHANGED, PATH)]


def test_what_an_archive_says_of_an_article(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        assert (archive.has(FERRY.url), archive.known(FERRY.url)) == (False, None)
        archive.write(FERRY)
        assert archive.has(FERRY.url)
    with opened(tmp_path) as archive:
        record = archive.known("http://m.town.example/news/ferry/")
        assert record is not None
        assert (record.url, record.post, record.image) == (FERRY.url, PATH, None)
        assert archive.has(FERRY.url)
        assert archive.read(PATH) == parse(render(FERRY))
        (tmp_path / PATH).unlink()
        assert not archive.has(FERRY.url)
        assert archive.index.article(FERRY.url) == record


def test_what_an_archive_remembers_of_an_article(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    found = replace(
        FERRY,
        site="town",
        channel="news",
        authors=("Ada", "Bo"),
        modified=datetime(2026, 3, 9, 9, 0, tzinfo=UTC),
        status=200,
        etag='"1"',
        last_modified="Mon, 09 Mar 2026 09:00:00 GMT",
    )
    run(tmp_path, found)
    record = known(tmp_path, FERRY.url)
    assert record.first_seen == record.last_seen
    assert before <= (record.last_seen or before) <= datetime.now(UTC)
    assert record == ArticleRecord(
        PATH,
        FERRY.url,
        "town",
        "news",
        FERRY.title,
        "web/town/news/The ferry runs again",
        found.authors,
        found.published,
        found.modified,
        record.first_seen,
        record.last_seen,
        200,
        found.etag,
        found.last_modified,
        content_of(FERRY).digest,
        content_of(FERRY).length,
        sha256((tmp_path / PATH).read_bytes()),
    )


# Versions.

LONG = replace(FERRY, body="<p>After three weeks of repairs the ferry runs again.</p>" * 10)
AGAIN = replace(LONG, body=LONG.body + "<p>A second one will follow.</p>")


def test_what_a_change_overwrites_is_kept(tmp_path: Path) -> None:
    third = replace(AGAIN, body=AGAIN.body + "<p>And a third.</p>")
    assert [written.outcome for written in run(tmp_path, LONG, AGAIN, third)] == ["new", "changed", "changed"]
    assert posts(tmp_path) == {PATH: render(third)}
    assert versions(tmp_path) == [(PATH, render(LONG)), (PATH, render(AGAIN))]


@pytest.mark.parametrize(
    ("body", "other"),
    [
        pytest.param('<p class="a1">Words.</p>', '<p class="b2">Words.</p>', id="names of classes"),
        pytest.param(
            '<p>Words.</p><img src="https://i.example/a.jpg?sign=1">',
            '<p>Words.</p><img src="https://i.example/a.jpg?sign=2">',
            id="the query of an image",
        ),
        pytest.param(
            '<p>Words.</p><img src="http://i.example/a.jpg">',
            '<p>Words.</p><img src="https://i.example/a.jpg">',
            id="https for http",
        ),
        pytest.param("<p>Words.</p><p>More.</p>", "<div><p>Words.</p>\n\n<p>More.</p></div>", id="markup"),
    ],
)
def test_a_page_that_only_looks_different_changes_nothing(tmp_path: Path, body: str, other: str) -> None:
    first, second = replace(FERRY, body=body), replace(FERRY, body=other)
    assert render(first) != render(second)
    assert run(tmp_path, first, second) == [Written(Outcome.NEW, PATH), Written(Outcome.UNCHANGED, PATH)]
    assert (posts(tmp_path), versions(tmp_path)) == ({PATH: render(first)}, [])


def test_an_article_that_is_suddenly_much_shorter_is_held(tmp_path: Path) -> None:
    run(tmp_path, replace(AGAIN, status=200, etag='"1"'))
    short = replace(AGAIN, body="<p>Subscribe to read on.</p>", status=200, etag='"2"')
    reason = f"much shorter: 18 of {content_of(AGAIN).length} characters"
    assert run(tmp_path, short) == [Written(Outcome.HELD, PATH, reason)]
    assert (posts(tmp_path), versions(tmp_path)) == ({PATH: render(AGAIN)}, [])
    record = known(tmp_path, FERRY.url)
    assert (record.state, record.reason, record.etag) == ("held", reason, '"1"')
    assert record.content == content_of(AGAIN).digest
    assert run(tmp_path, AGAIN) == [Written(Outcome.UNCHANGED, PATH)]
    assert known(tmp_path, FERRY.url).state == ""


def test_what_is_held_is_written_by_force(tmp_path: Path) -> None:
    short = replace(AGAIN, body="<p>Subscribe to read on.</p>")
    run(tmp_path, AGAIN, short)
    assert run(tmp_path, short, force=True) == [Written(Outcome.CHANGED, PATH)]
    assert (posts(tmp_path), versions(tmp_path)) == ({PATH: render(short)}, [(PATH, render(AGAIN))])
    assert known(tmp_path, FERRY.url).state == ""


def test_the_new_version_of_an_edited_post_is_laid_beside_it_once(tmp_path: Path) -> None:
    run(tmp_path, LONG)
    (tmp_path / PATH).write_text("edited", "utf-8")
    assert run(tmp_path, LONG, AGAIN, AGAIN) == [Written(Outcome.EDITED, PATH)] * 3
    assert (posts(tmp_path), versions(tmp_path)) == ({PATH: "edited"}, [(PATH, render(AGAIN))])


def test_an_edited_post_is_overwritten_by_force_and_kept(tmp_path: Path) -> None:
    run(tmp_path, LONG)
    (tmp_path / PATH).write_text("edited", "utf-8")
    assert run(tmp_path, LONG, force=True) == [Written(Outcome.CHANGED, PATH)]
    assert (posts(tmp_path), versions(tmp_path)) == ({PATH: render(LONG)}, [(PATH, "edited")])
    assert run(tmp_path, LONG, force=True) == [Written(Outcome.UNCHANGED, PATH)]


# One article, several addresses; one text, several articles.


def test_an_article_is_met_again_under_any_address_it_was_seen_at(tmp_path: Path) -> None:
    run(tmp_path, replace(FERRY, aliases=("https://town.example/?id=7", "https://t.example/x")))
    for url in ("https://t.example/x", "http://www.town.example/?id=7", "https://m.town.example/news/ferry/"):
        assert run(tmp_path, replace(AGAIN, url=url, title="Called otherwise", body=FERRY.body)) in (
            [Written(Outcome.CHANGED, PATH)],
            [Written(Outcome.UNCHANGED, PATH)],
        )
    assert posts(tmp_path).keys() == {PATH}
    assert known(tmp_path, "https://t.example/x").url == FERRY.url


def test_an_address_that_turns_out_to_be_another_articles_makes_no_second_post(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    assert run(tmp_path, replace(FERRY, url="https://t.example/x", aliases=(FERRY.url,))) == [
        Written(Outcome.UNCHANGED, PATH)
    ]
    assert known(tmp_path, "https://t.example/x").post == PATH


def test_the_same_text_under_two_articles_of_a_site_is_told(tmp_path: Path) -> None:
    first, other = replace(LONG, site="town"), replace(LONG, site="town", categories=("web", "town", "sport"))
    other = replace(other, url="https://town.example/sport/ferry")
    path = PATH.replace("news", "sport")
    assert run(tmp_path, first, other) == [Written(Outcome.NEW, PATH), Written(Outcome.NEW, path, twin=FERRY.url)]
    elsewhere = replace(other, url="https://a.example/ferry", site="a", categories=("web", "a", "news"))
    assert run(tmp_path, elsewhere) == [Written(Outcome.NEW, PATH.replace("town", "a"))]


# Posts that were taken over.

TAKEN = ArticleRecord(PATH, heading="web/town/news/The ferry runs again", published=FERRY.published)


@contextmanager
def with_taken_over(folder: Path, record: ArticleRecord = TAKEN) -> Iterator[Archive]:
    """An archive with another program's post, that the index knows."""
    put(folder, record.post, "theirs")
    with opened(folder) as archive:
        archive.index.put(record)
        yield archive


def test_another_programs_post_is_met_by_folder_title_and_date(tmp_path: Path) -> None:
    with with_taken_over(tmp_path) as archive:
        assert archive.taken_over(FERRY.categories, FERRY.title, FERRY.published) == TAKEN
        assert archive.taken_over(FERRY.categories, FERRY.title, None) == TAKEN
        assert archive.taken_over(FERRY.categories, "The ferry.  runs #again", FERRY.published) == TAKEN
        assert archive.taken_over(("web", "town", "— news"), FERRY.title, FERRY.published) == TAKEN
        assert archive.taken_over(FERRY.categories, FERRY.title, OTHER.published) is None
        assert archive.taken_over(("web", "town", "sport"), FERRY.title, FERRY.published) is None
        assert archive.write(FERRY) == Written(Outcome.UNCHANGED, PATH)
        assert archive.taken_over(FERRY.categories, FERRY.title, FERRY.published) is None
        assert archive.write(replace(FERRY, body="<p>Again.</p>")) == Written(Outcome.UNCHANGED, PATH)
        assert archive.write(OTHER) == Written(Outcome.NEW, OTHER_PATH)
    assert posts(tmp_path) == {PATH: "theirs", OTHER_PATH: render(OTHER)}
    assert known(tmp_path, FERRY.url).sha256 is None


def test_another_programs_post_is_overwritten_by_force_only(tmp_path: Path) -> None:
    with with_taken_over(tmp_path) as archive:
        assert archive.write(FERRY, force=True) == Written(Outcome.CHANGED, PATH)
    assert (posts(tmp_path), versions(tmp_path)) == ({PATH: render(FERRY)}, [(PATH, "theirs")])


def test_another_programs_post_elsewhere_is_never_written(tmp_path: Path) -> None:
    elsewhere = replace(TAKEN, post=f"{tmp_path}/old/{PATH}")
    put(tmp_path / "old", PATH, render(FERRY))
    with opened(tmp_path / "new") as archive:
        archive.index.put(elsewhere)
        for force in (False, True):
            assert archive.write(AGAIN, force=force) == Written(Outcome.UNCHANGED, elsewhere.post)
            assert archive.write(FERRY, force=force) == Written(Outcome.UNCHANGED, elsewhere.post)
    assert known(tmp_path / "new", FERRY.url).sha256 is None
    assert posts(tmp_path) == {f"old/{PATH}": render(FERRY)}
    (tmp_path / "old" / PATH).unlink()
    assert run(tmp_path / "new", FERRY) == [Written(Outcome.NEW, PATH)]
    assert run(tmp_path / "new", FERRY) == [Written(Outcome.UNCHANGED, PATH)]


# Trials, and reading.


def test_a_trial_lists_what_it_would_write_and_leaves_no_trace(tmp_path: Path) -> None:
    run(tmp_path, LONG)
    before = files(tmp_path)
    with opened(tmp_path, mode="trial") as archive:
        assert archive.write(AGAIN) == Written(Outcome.CHANGED, PATH)
        assert archive.write(store(archive, OTHER)) == Written(Outcome.NEW, OTHER_PATH)
        assert archive.write(OTHER).outcome is Outcome.NEW  # its file is not there
        would_write = [str(Path(name).relative_to(tmp_path)) for name in archive.would_write]
    assert would_write[0].startswith(f"{STATE}/versions/web/town/news/the-ferry-runs-again/20")
    image = f"images/{OTHER_PATH.replace('.md', '.jpg')}"
    assert would_write[1:] == [PATH, image, OTHER_PATH, OTHER_PATH]
    assert files(tmp_path) == before


def test_a_trial_where_there_is_no_archive_makes_none(tmp_path: Path) -> None:
    with opened(tmp_path / "output", mode="trial") as archive:
        assert archive.write(FERRY) == Written(Outcome.NEW, PATH)
        assert archive.index.article(FERRY.url) is not None
    assert [*tmp_path.iterdir()] == []


def test_a_trial_waits_for_no_one_who_writes(tmp_path: Path) -> None:
    with another_process(tmp_path), pytest.raises(LockedError):
        Archive(layout(tmp_path), mode="trial")


def test_an_archive_that_another_process_holds_can_be_read(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    with another_process(tmp_path), opened(tmp_path, mode="read") as archive:
        assert archive.has(FERRY.url)
        assert [*archive.posts()] == [PATH]


def test_the_posts_of_an_archive_in_order(tmp_path: Path) -> None:
    sport = article(url="https://town.example/sport", categories=("web", "town", "sport"))
    run(tmp_path, FERRY, OTHER, sport)
    for name in ("README.md", ".git/a.md", "images/web/a.md", "web/town/news/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    put(tmp_path, "elsewhere/a.md", "")
    with opened(tmp_path, mode="read") as archive:
        sport_path = PATH.replace("news", "sport")
        assert [*archive.posts()] == ["elsewhere/a.md", OTHER_PATH, PATH, sport_path]
        assert [*archive.posts(tmp_path / "web" / "town" / "sport")] == [sport_path]
        assert [*archive.posts(tmp_path / PATH)] == [PATH]
    with opened(tmp_path / "web", mode="read") as archive:
        assert [*archive.posts(tmp_path / "elsewhere")] == [f"{tmp_path}/elsewhere/a.md"]


# Two articles, one name.


@pytest.mark.parametrize("runs", [[[FERRY, OTHER]], [[FERRY], [OTHER]]], ids=["in one run", "in two runs"])
def test_two_articles_of_one_title_are_two_posts(tmp_path: Path, runs: list[list[Article]]) -> None:
    outcomes = [outcome for articles in runs for outcome in run(tmp_path, *articles)]
    assert outcomes == [Written(Outcome.NEW, PATH), Written(Outcome.NEW, OTHER_PATH)]
    assert posts(tmp_path) == {PATH: render(FERRY), OTHER_PATH: render(OTHER)}
    assert run(tmp_path, OTHER, FERRY) == [Written(Outcome.UNCHANGED, OTHER_PATH), Written(Outcome.UNCHANGED, PATH)]


def test_two_articles_of_one_title_stay_two_posts_when_index_and_journal_are_lost(tmp_path: Path) -> None:
    run(tmp_path, FERRY, OTHER)
    before = posts(tmp_path)
    forget(tmp_path)
    assert run(tmp_path, OTHER, FERRY) == [Written(Outcome.UNCHANGED, OTHER_PATH), Written(Outcome.UNCHANGED, PATH)]
    assert posts(tmp_path) == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Ferry", "FERRY", id="upper and lower case"),
        pytest.param("caf\u00e9", "cafe\u0301", id="composed and decomposed letters"),
    ],
)
def test_names_that_are_one_on_some_file_system_are_two(tmp_path: Path, first: str, second: str) -> None:
    run(tmp_path, replace(FERRY, title=first), replace(OTHER, title=second), naming="title")
    assert posts(tmp_path).keys() == {
        f"web/town/news/{first}.md",
        f"web/town/news/{second}-{digest(OTHER.url)}.md",
    }


def test_the_same_title_in_another_channel_needs_no_suffix(tmp_path: Path) -> None:
    run(tmp_path, FERRY, replace(OTHER, categories=("web", "town", "sport")))
    assert posts(tmp_path).keys() == {PATH, PATH.replace("news", "sport")}


def test_many_threads_write_many_articles_of_one_title(tmp_path: Path) -> None:
    articles = [article(url=f"https://town.example/{number}", body=f"<p>{number}</p>") for number in range(40)]
    with opened(tmp_path) as archive, ThreadPoolExecutor(8) as threads:
        outcomes = [*threads.map(archive.write, articles)]
    assert {written.outcome for written in outcomes} == {Outcome.NEW}
    expected = {written.path: render(found) for written, found in zip(outcomes, articles, strict=True)}
    assert posts(tmp_path) == expected
    assert {known(tmp_path, found.url).post for found in articles} == {*expected}


# Posts of other programs.


def put(folder: Path, path: str, text: str) -> None:
    """A file that somebody else wrote."""
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_text(text, "utf-8")


def test_another_programs_post_of_the_article_is_kept(tmp_path: Path) -> None:
    theirs = render(FERRY).replace("<p>After three weeks", "<p>After\n\nthree weeks")
    put(tmp_path, PATH, theirs)
    assert run(tmp_path, FERRY) == [Written(Outcome.EDITED, PATH)]
    assert posts(tmp_path) == {PATH: theirs}


def test_another_programs_post_with_another_placeholder_is_the_same(tmp_path: Path) -> None:
    theirs = re.sub(r"random=\d+", "random=10001", render(replace(FERRY, image_url=None)))
    put(tmp_path, PATH, theirs)
    assert run(tmp_path, replace(FERRY, image_url=None)) == [Written(Outcome.UNCHANGED, PATH)]
    assert posts(tmp_path) == {PATH: theirs}


def test_a_lost_journal_line_does_not_make_a_post_edited(tmp_path: Path) -> None:
    second, third = replace(FERRY, body="<p>Twice.</p>"), replace(FERRY, body="<p>Three times.</p>")
    run(tmp_path, FERRY, second)
    journal = tmp_path / ".archiver" / "journal.jsonl"
    [first, *_] = journal.read_text("utf-8").splitlines(keepends=True)
    forget(tmp_path)
    journal.write_text(first, "utf-8")
    assert run(tmp_path, second) == [Written(Outcome.UNCHANGED, PATH)]
    assert run(tmp_path, third) == [Written(Outcome.CHANGED, PATH)]


def test_a_journal_cannot_lead_out_of_the_archive(tmp_path: Path) -> None:
    run(tmp_path / "a", FERRY)
    journal = tmp_path / "a" / ".archiver" / "journal.jsonl"
    text = journal.read_text("utf-8").replace(f'"{PATH}"', '"../outside.md"')
    forget(tmp_path / "a")
    journal.write_text(text, "utf-8")
    run(tmp_path / "a", replace(FERRY, body="<p>Again.</p>"))
    assert not (tmp_path / "outside.md").exists()


def test_an_image_that_somebody_optimised_is_kept_and_a_failed_new_one_does_not_bring_back_the_old(
    tmp_path: Path,
) -> None:
    first, better = picture("PNG"), picture("PNG", optimize=True, compress_level=9)
    found = replace(FERRY, image_url="https://town.example/a.png")
    with opened(tmp_path) as archive:
        archive.write(replace(found, header_image=archive.write_image(found, first, inspect(first))))
        stored = archive.stored_image(found)
        assert stored is not None
        (tmp_path / "images" / str(stored.path)).write_bytes(better)
        kept = archive.stored_image(found)
        assert kept is not None
        assert (kept.path, kept.size) == (stored.path, len(better))
        other = replace(found, image_url="https://town.example/b.png")
        archive.write(replace(other, header_image=HeaderImage("https://town.example/b.png", reason="HTTP 503")))
        assert archive.stored_image(other) is None


def test_another_programs_post_that_is_the_same_is_ours_from_now_on(tmp_path: Path) -> None:
    put(tmp_path, PATH, render(FERRY))
    assert run(tmp_path, FERRY) == [Written(Outcome.UNCHANGED, PATH)]
    assert run(tmp_path, replace(FERRY, body="<p>Again.</p>")) == [Written(Outcome.CHANGED, PATH)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(render(replace(FERRY, title="The ferry (runs again)")), id="a post of another title"),
        pytest.param(render(OTHER), id="a post of another date"),
        pytest.param("# The ferry runs again\n", id="no post at all"),
        pytest.param("", id="an empty file"),
    ],
)
def test_a_file_that_is_not_the_articles_post_is_kept_and_the_article_too(tmp_path: Path, text: str) -> None:
    put(tmp_path, PATH, text)
    own = PATH.replace(".md", f"-{digest(FERRY.url)}.md")
    assert run(tmp_path, FERRY) == [Written(Outcome.NEW, own)]
    assert posts(tmp_path) == {PATH: text, own: render(FERRY)}


def test_another_programs_post_with_an_invalid_date_is_known_by_its_title(tmp_path: Path) -> None:
    theirs = render(FERRY).replace("Mon, 09 Mar 2026 07:30:00 GMT", "Invalid Date")
    put(tmp_path, PATH, theirs)
    assert run(tmp_path, FERRY) == [Written(Outcome.UNCHANGED, PATH)]
    assert posts(tmp_path) == {PATH: theirs}


# Dates.

UNDATED = replace(FERRY, published=None)
LATER = replace(UNDATED, fetched=UNDATED.fetched + timedelta(days=30))


def test_an_undated_article_keeps_the_time_it_was_first_fetched(tmp_path: Path) -> None:
    run(tmp_path, UNDATED)
    assert run(tmp_path, LATER) == [Written(Outcome.UNCHANGED, PATH)]
    assert posts(tmp_path) == {PATH: render(UNDATED)}


def test_an_undated_article_that_changed_keeps_it_too(tmp_path: Path) -> None:
    run(tmp_path, UNDATED)
    assert run(tmp_path, replace(LATER, body="<p>Again.</p>")) == [Written(Outcome.CHANGED, PATH)]
    assert posts(tmp_path) == {PATH: render(replace(UNDATED, body="<p>Again.</p>"))}


def test_an_undated_article_is_known_again_by_its_text_when_index_and_journal_are_lost(tmp_path: Path) -> None:
    run(tmp_path, UNDATED)
    forget(tmp_path)
    assert run(tmp_path, LATER) == [Written(Outcome.UNCHANGED, PATH)]


def test_a_date_that_the_page_gives_later_is_taken(tmp_path: Path) -> None:
    run(tmp_path, UNDATED)
    assert run(tmp_path, FERRY) == [Written(Outcome.CHANGED, PATH)]
    assert posts(tmp_path) == {PATH: render(FERRY)}


# The lock and the traces.


def test_a_run_that_writes_nothing_leaves_no_trace(tmp_path: Path) -> None:
    run(tmp_path / "new" / "output")
    assert [*tmp_path.iterdir()] == []


def test_a_run_that_writes_nothing_keeps_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "README.md").write_text("mine", "utf-8")
    run(tmp_path / "output")
    assert [*(tmp_path / "output").iterdir()] == [tmp_path / "output" / "README.md"]


def test_a_run_that_writes_nothing_leaves_an_archive_as_it_was(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    before = files(tmp_path)
    run(tmp_path)
    assert files(tmp_path) == before


def test_a_run_that_stored_an_image_and_no_post_leaves_the_image(tmp_path: Path) -> None:
    with opened(tmp_path / "output") as archive:
        store(archive, FERRY)
    assert files(tmp_path) == {f"output/images/{IMAGE_PATH}": PICTURE}


def test_files_may_be_read_by_whom_the_system_lets_read_new_files(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    (tmp_path / "new").touch()
    assert (tmp_path / PATH).stat().st_mode == (tmp_path / "new").stat().st_mode


def test_no_file_is_left_half_written(tmp_path: Path) -> None:
    run(tmp_path, FERRY, OTHER, replace(FERRY, body="<p>Again.</p>"))
    assert not [name for name in files(tmp_path) if TEMPORARY in name]


HOLD = """
import sys
from pathlib import Path
from archiver.archive import Archive
from archiver.layout import Layout
archive = Archive(Layout(output=Path(sys.argv[1]), images=Path(sys.argv[1]) / "images"))
print("open", flush=True)
sys.stdin.read()
archive.close()
"""


@contextmanager
def another_process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the archive until its input ends."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process


def test_an_archive_that_another_process_holds_is_refused_with_its_name(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        with pytest.raises(LockedError, match=rf"^{tmp_path} is in use by process {process.pid} since 20") as refusal:
            Archive(layout(tmp_path))
        assert refusal.value.exit_code == 4
        assert process.poll() is None
    assert run(tmp_path, FERRY) == [Written(Outcome.NEW, PATH)]


def test_an_archive_whose_holder_was_killed_is_free(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        process.kill()
        process.wait()
        assert run(tmp_path, FERRY) == [Written(Outcome.NEW, PATH)]


def test_two_archives_in_one_process_do_not_share_a_folder(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(LockedError, match=f"process {os.getpid()}"):
        Archive(layout(tmp_path))


def test_the_crawls_of_one_process_share_an_archive_until_the_last_closes_it(tmp_path: Path) -> None:
    first, second = Archive.shared(layout(tmp_path)), Archive.shared(layout(tmp_path))
    assert first is second
    first.close()
    with pytest.raises(LockedError):
        Archive(layout(tmp_path))
    assert second.write(FERRY) == Written(Outcome.NEW, PATH)
    second.close()
    with closing(Archive.shared(layout(tmp_path))) as third:
        assert third is not first
        assert third.write(FERRY) == Written(Outcome.UNCHANGED, PATH)


def test_a_journal_whose_last_line_was_cut_costs_that_line_only(tmp_path: Path) -> None:
    run(tmp_path, FERRY, OTHER)
    journal = tmp_path / ".archiver" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-30])
    assert run(tmp_path, FERRY, OTHER) == [Written(Outcome.UNCHANGED, PATH), Written(Outcome.UNCHANGED, OTHER_PATH)]
    assert run(tmp_path, replace(OTHER, body="<p>Again.</p>")) == [Written(Outcome.CHANGED, OTHER_PATH)]


# What the machine refuses.


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    folder.chmod(0o555)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("root may write anywhere")
        yield
    finally:
        folder.chmod(0o755)


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """The system refuses to let a file grow over so many bytes, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    with read_only(tmp_path), pytest.raises(MachineError, match=rf"{tmp_path}.*Permission denied"):
        Archive(layout(tmp_path))
    with (
        opened(tmp_path) as archive,
        read_only(tmp_path),
        pytest.raises(MachineError, match=rf"{tmp_path}/web.*denied"),
    ):
        archive.write(FERRY)


def test_a_file_where_the_archive_should_be_is_named(tmp_path: Path) -> None:
    put(tmp_path, "folder/output", "mine")
    with pytest.raises(MachineError, match=f"{tmp_path}/folder/output") as refusal:
        Archive(layout(tmp_path / "folder" / "output"))
    assert refusal.value.exit_code == 3
    assert files(tmp_path) == {"folder/output": b"mine"}


def test_a_file_where_a_category_should_be_is_named(tmp_path: Path) -> None:
    put(tmp_path, "output/web", "mine")
    with pytest.raises(MachineError, match=f"{tmp_path}/output/web"):
        run(tmp_path / "output", FERRY)
    assert (tmp_path / "output" / "web").read_text("utf-8") == "mine"


def test_a_disk_that_is_full_costs_the_new_post_only(tmp_path: Path) -> None:
    run(tmp_path, FERRY)
    before = files(tmp_path)
    long = replace(FERRY, body="<p>Again.</p>" * 10_000)
    with opened(tmp_path) as archive:
        with no_file_over(50_000), pytest.raises(MachineError, match="File too large"):
            archive.write(long)
        assert posts(tmp_path) == {PATH: render(FERRY)}
        assert files(tmp_path)[".archiver/journal.jsonl"] == before[".archiver/journal.jsonl"]
        assert archive.write(long) == Written(Outcome.CHANGED, PATH)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.txt", b"old")
    with no_file_over(10), pytest.raises(OSError, match="File too large"):
        write_whole(tmp_path / "a" / "b.txt", b"new" * 10)
    assert files(tmp_path) == {"a/b.txt": b"old"}
    write_whole(tmp_path / "a" / "b.txt", b"new")
    assert files(tmp_path) == {"a/b.txt": b"new"}


# Images.

PICTURE = picture("JPEG")
IMAGE_PATH = PATH.replace(".md", ".jpg")
STORED = HeaderImage(
    url="https://img.example/ferry.jpg",
    path=IMAGE_PATH,
    media_type="image/jpeg",
    width=64,
    height=48,
    size=len(PICTURE),
    sha256=inspect(PICTURE).sha256,
)


def store(archive: Archive, found: Article, data: bytes = PICTURE) -> Article:
    """The article with its header image stored."""
    return replace(found, header_image=archive.write_image(found, data, inspect(data)))


def test_an_image_is_stored_beside_the_name_of_its_post(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        stored = store(archive, FERRY)
        assert stored.header_image == STORED
        assert archive.write(stored) == Written(Outcome.NEW, PATH)
    assert files(tmp_path)[f"images/{IMAGE_PATH}"] == PICTURE
    assert posts(tmp_path) == {PATH: render(FERRY)}


@pytest.mark.parametrize(("kind", "extension"), [("PNG", ".png"), ("WEBP", ".webp"), ("GIF", ".gif")])
def test_the_bytes_of_an_image_say_its_extension(tmp_path: Path, kind: str, extension: str) -> None:
    with opened(tmp_path) as archive:
        store(archive, FERRY, picture(kind))
    assert (tmp_path / "images" / PATH).with_suffix(extension).read_bytes() == picture(kind)


def test_images_of_two_articles_of_one_title_are_two(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        for found in (FERRY, replace(OTHER, image_url="https://img.example/other.jpg")):
            archive.write(store(archive, found))
    names = {name for name in files(tmp_path) if name.startswith("images/")}
    assert names == {f"images/{IMAGE_PATH}", f"images/{OTHER_PATH.replace('.md', '.jpg')}"}


def test_a_stored_image_is_found_by_the_next_run(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        assert archive.stored_image(FERRY) is None
        archive.write(store(archive, FERRY))
    with opened(tmp_path) as archive:
        assert archive.stored_image(FERRY) == STORED


def test_an_image_that_a_run_stored_before_it_was_killed_is_found_too(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        store(archive, FERRY)
    with opened(tmp_path) as archive:
        assert archive.stored_image(FERRY) == STORED


@pytest.mark.parametrize("data", [b"", PICTURE[:-200], PICTURE[:-1] + b"x", b"<html>"])
@pytest.mark.parametrize("is_known", [True, False], ids=["in the journal", "not in the journal"])
def test_a_damaged_image_is_to_be_fetched_again(tmp_path: Path, data: bytes, is_known: bool) -> None:
    with opened(tmp_path) as archive:
        stored = store(archive, FERRY)
        if is_known:
            archive.write(stored)
    (tmp_path / "images" / IMAGE_PATH).write_bytes(data)
    with opened(tmp_path) as archive:
        assert archive.stored_image(FERRY) is None


def test_an_image_that_is_gone_or_has_another_address_is_to_be_fetched_again(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.write(store(archive, FERRY))
        assert archive.stored_image(replace(FERRY, image_url="https://img.example/new.jpg")) is None
        (tmp_path / "images" / IMAGE_PATH).unlink()
        assert archive.stored_image(FERRY) is None


def test_an_image_that_could_not_be_had_is_noted_and_asked_for_again(tmp_path: Path) -> None:
    missing = HeaderImage(url="https://img.example/ferry.jpg", reason="HTTP 404")
    run(tmp_path, replace(FERRY, header_image=missing))
    with opened(tmp_path) as archive:
        assert archive.index.image(PATH, missing.url) == ImageRecord(PATH, missing.url, reason="HTTP 404")
        assert archive.stored_image(FERRY) is None
        assert archive.write(store(archive, FERRY)) == Written(Outcome.UNCHANGED, PATH)
        assert archive.index.image(PATH, missing.url) == to_image_record(PATH, STORED)


def test_an_image_is_not_forgotten_by_a_run_that_fetches_none(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.write(store(archive, FERRY))
    assert run(tmp_path, FERRY) == [Written(Outcome.UNCHANGED, PATH)]
    assert run(tmp_path, replace(FERRY, body="<p>Again.</p>")) == [Written(Outcome.CHANGED, PATH)]
    with opened(tmp_path) as archive:
        assert archive.stored_image(FERRY) == STORED


def test_local_links_point_at_the_stored_file(tmp_path: Path) -> None:
    with opened(tmp_path, image_links="local", image_prefix="/blog/images/") as archive:
        archive.write(store(archive, FERRY))
        post = archive.read(PATH)
    assert post.headimg == f"/blog/images/{IMAGE_PATH}"
    assert posts(tmp_path)[PATH].count(f"'/blog/images/{IMAGE_PATH}'") == 2


def test_local_links_are_addresses_whatever_the_file_is_called(tmp_path: Path) -> None:
    found = replace(FERRY, title="100% of it's {wet}")
    with opened(tmp_path, image_links="local", naming="title") as archive:
        archive.write(store(archive, found))
    [text] = posts(tmp_path).values()
    assert parse(text).headimg == "/images/web/town/news/100%25%20of%20it%27s%20%7Bwet%7D.jpg"


def test_a_local_link_needs_a_stored_file(tmp_path: Path) -> None:
    missing = replace(FERRY, header_image=HeaderImage(url="https://img.example/ferry.jpg", reason="HTTP 404"))
    run(tmp_path, missing, image_links="local")
    assert parse(posts(tmp_path)[PATH]).headimg == "https://img.example/ferry.jpg"


def test_the_prefix_of_insecure_images_is_an_option(tmp_path: Path) -> None:
    found = replace(FERRY, image_url="http://img.example/ferry.jpg")
    run(tmp_path, found, insecure_image_prefix="https://proxy.example/?")
    assert parse(posts(tmp_path)[PATH]).headimg == "https://proxy.example/?http://img.example/ferry.jpg"
