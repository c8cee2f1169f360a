"""`archiver section` on a site that is hostile: each page is a post or a named failure, and nothing stands still."""

import json
import os
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

import tests
from archiver.dates import to_rfc1123
from archiver.names import ILLEGAL
from archiver.post import parse
from tests.conftest import FAST, Archiver, Run
from tests.internet import Internet
from tests.made_up import hostile
from tests.test_section_sites import squeezed

STALL = 0.05
"""Seconds for which no download may wait."""
MONTH_AND_A_BIT = 40
"""Pages of the calendar that may be asked for: its first month with its days, and a few more to see that it goes on."""
IMPATIENT = ("-s", "DOWNLOAD_TIMEOUT=2", "-s", "RETRY_TIMES=0")


def test_each_page_is_a_post_or_a_named_failure_and_nothing_stands_still(
    internet: Internet, archiver: Archiver
) -> None:
    internet.pages |= hostile.pages()
    note = archiver.folder / "stall.json"
    archiver.environment |= {
        "STALL_FILE": str(note),
        "PYTHONPATH": os.pathsep.join([str(Path(tests.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
    }
    extension = ("-s", 'EXTENSIONS={"tests.made_up.stall.StallExtension": 0}')
    for name in [name for name in archiver.environment if name.startswith("COVERAGE_PROCESS")]:
        del archiver.environment[name]  # whose tracing would be what stands still
    arguments = ("section", hostile.START, hostile.CALENDAR, "--json", *FAST, *IMPATIENT, *extension)
    run = archiver(*arguments)
    assert run.code == 1, run.stderr
    entries = run.posts()
    problems = {problem["url"]: problem["reason"] for problem in run.summary["problems"]}

    wrong = wrong_posts(run, entries, problems)
    assert not wrong, "\n".join(wrong)
    odd = hostile.unreadable()
    assert [case for case, (url, _) in odd.items() if url not in entries and not problems.get(url)] == []
    failed = ("an empty page", "a PDF called text/html", "a page that never comes")
    assert [case for case in failed if odd[case][0] not in problems] == []
    fine = {story.url for story, _ in hostile.readable().values()}
    assert {*entries} <= fine | {url for url, _ in odd.values()}

    assert [url for url in problems if url.startswith(hostile.CALENDAR)], "nothing in the calendar, and nobody says so"
    assert len(internet.urls("/calendar/")) < MONTH_AND_A_BIT

    stall = json.loads(note.read_text("utf-8"))
    if stall["seconds"] >= STALL:  # what stalls by itself does so every time; a busy machine does not
        archiver(*arguments, "-o", "again")
        stall = json.loads(note.read_text("utf-8"))
    assert stall["seconds"] < STALL, f"at {stall['at']} s\n{stall['stack']}"


def wrong_posts(run: Run, entries: dict[str, str], problems: dict[str, str]) -> list[str]:
    """Pages that must be posts, and are not, or say something else."""
    wrong = []
    for case, (story, _) in hostile.readable().items():
        if story.url not in entries:
            wrong.append(f"{case}: no post; {problems.get(story.url, 'never asked')}")
            continue
        post = parse((run.output / entries[story.url]).read_text("utf-8"))
        said = squeezed(LexborHTMLParser(post.body, is_fragment=True).text())
        assert story.published is not None
        if post.title != story.title.translate(ILLEGAL) or post.date != to_rfc1123(story.published):
            wrong.append(f"{case}: {post.title!r} of {post.date}")
        wrong += [f"{case}: does not say {text[:60]!r}" for text in story.says if squeezed(text) not in said]
    return wrong
