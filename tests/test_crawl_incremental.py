"""The crawl that has been here before: what it asks, what it leaves alone, what it does when something has changed."""

import hashlib
import re
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.archive import Archive
from archiver.layout import Layout
from archiver.post import parse
from archiver.records import ArticleRecord, DeferredRecord, ListingRecord
from archiver.tables import ARTICLE
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Internet
from tests.town import NEWS, TOWN, Town, conditional, stories

OLD = datetime(2020, 5, 1, tzinfo=UTC)
CHALLENGE = "<html><head><script>var _wafchallenge='x';</script></head><body></body></html>"


@pytest.fixture
def town(internet: Internet, archiver: Archiver) -> Town:
    return Town(internet, archiver.folder)


def crawl(archiver: Archiver, *arguments: str) -> Run:
    """`archiver crawl town`; what was asked before is forgotten."""
    archiver.internet.asked.clear()
    return archiver("crawl", "town", "--json", *FAST, *arguments)


def tree(folder: Path) -> dict[str, str]:
    """Every file with its hash, but for the index, the journal, the lock and the reports of runs."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name not in (".archiver", "runs")
    }


def opened(archiver: Archiver) -> Archive:
    return Archive(Layout(archiver.output, archiver.output / "images"))


def asked(internet: Internet) -> dict[str, bool]:
    """Address that was asked -> was it asked conditionally?"""
    return {
        request.url: "if-none-match" in request.headers or "if-modified-since" in request.headers
        for request in internet.asked
        if not request.url.endswith("/robots.txt")
    }


def post(archiver: Archiver, number: int) -> Path:
    return archiver.output / f"web/town/news/story-{number}.md"


def versions(archiver: Archiver, number: int) -> list[bytes]:
    folder = archiver.output / f".archiver/versions/web/town/news/story-{number}"
    return [path.read_bytes() for path in sorted(folder.glob("*.md"))]


def days_pass(archiver: Archiver, days: float) -> None:
    """Every article was seen so much longer ago."""
    archive = opened(archiver)
    records = archive.index.all(ArticleRecord)
    archive.index.put(*(replace(r, last_seen=(r.last_seen or OLD) - timedelta(days=days)) for r in records))
    archive.close()


# Nothing new.


def test_a_run_with_nothing_new_asks_one_listing_conditionally_and_changes_nothing(
    town: Town, archiver: Archiver
) -> None:
    town.stories = stories(12, OLD)
    town.stories[3].image = True
    town.publish()
    assert crawl(archiver).counts() == {"new": 12, "stored": 1}
    before = tree(archiver.output)
    run = crawl(archiver)
    assert (run.code, run.counts(), run.summary["rechecked"]) == (0, {"known": 5}, 0)
    assert asked(town.internet) == {NEWS: True}
    assert tree(archiver.output) == before
    assert crawl(archiver, "--all").counts() == {"known": 12}
    assert list(asked(town.internet).values()) == [True, True, True]
    people = archiver("crawl", "town", *FAST)
    assert people.stdout.startswith("0 new, 5 known, 0 rechecked\n")


def test_new_articles_are_asked_and_the_paging_stops_behind_them(town: Town, archiver: Archiver) -> None:
    town.stories = stories(20, OLD)
    town.publish()
    crawl(archiver)
    town.stories = [*stories(22, OLD + timedelta(days=1))[:2], *town.stories]
    town.publish()
    assert crawl(archiver).counts() == {"new": 2, "known": 8}  # the second page is full of known ones
    assert len(asked(town.internet)) == 2 + 2
    assert crawl(archiver, "--known", "2").counts() == {"known": 5}


def test_an_article_further_down_is_found_where_more_known_ones_in_a_row_are_allowed(
    town: Town, archiver: Archiver
) -> None:
    town.stories = stories(12, OLD)
    late = town.stories.pop(8)
    town.publish()
    crawl(archiver)
    town.stories.insert(8, late)
    town.publish()
    assert crawl(archiver).counts() == {"known": 5}
    assert crawl(archiver, "--known", "9").counts() == {"new": 1, "known": 11}


def test_a_listing_without_validators_is_asked_all_the_same(town: Town, archiver: Archiver) -> None:
    town.stories = stories(3, OLD)
    town.publish()
    town.internet.pages[NEWS] = town.listing(0, 1)
    crawl(archiver)
    assert crawl(archiver).counts() == {"known": 3}
    assert asked(town.internet) == {NEWS: False}


def test_a_listing_that_has_not_changed_hides_nothing_that_is_not_archived(town: Town, archiver: Archiver) -> None:
    town.stories = stories(4, OLD)
    town.publish()
    assert crawl(archiver, "--limit", "1").counts() == {"new": 1}
    assert crawl(archiver).counts() == {"new": 3, "known": 1}
    assert asked(town.internet)[NEWS]
    assert crawl(archiver, "--limit", "2").counts() == {"known": 2}


def test_the_index_may_be_a_database_that_machines_share(town: Town, archiver: Archiver, index_url: str) -> None:
    town.stories = stories(7, OLD)
    town.publish()
    index = ("--index", index_url) if index_url else ()
    assert crawl(archiver, *index).counts() == {"new": 7}
    assert (archiver.output / ".archiver" / "index.sqlite").exists() is not bool(index_url)
    before = tree(archiver.output)
    assert crawl(archiver, *index, "--dry-run", "--refresh", "all").counts() == {"unchanged": 7}
    assert crawl(archiver, *index).counts() == {"known": 5}
    assert crawl(archiver, *index, "--refresh", "all").counts() == {"unchanged": 7}
    assert tree(archiver.output) == before


# Looking again.


def test_young_articles_are_asked_again_once_a_day_and_conditionally(town: Town, archiver: Archiver) -> None:
    town.stories = [*stories(3), *stories(4, OLD)]
    for number, story in enumerate(town.stories):
        story.path = f"{number}.html"
        story.title = f"Title {number}"
    town.publish()
    assert crawl(archiver).counts() == {"new": 7}
    assert crawl(archiver).summary["rechecked"] == 0
    days_pass(archiver, 1)
    before = tree(archiver.output)
    run = crawl(archiver)
    assert (run.code, run.counts(), run.summary["rechecked"]) == (0, {"unchanged": 3, "known": 2}, 3)
    assert asked(town.internet) == {NEWS: True, **{story.url: True for story in town.stories[:3]}}
    assert tree(archiver.output) == before
    assert crawl(archiver).summary["rechecked"] == 0


def test_how_old_articles_may_be_is_an_option_and_a_key_of_the_site(town: Town, archiver: Archiver) -> None:
    town.stories = stories(3, OLD)
    town.publish()
    crawl(archiver)
    assert crawl(archiver, "--refresh", "all").summary["rechecked"] == 3
    assert crawl(archiver, "--refresh", "9999d").summary["rechecked"] == 3
    assert crawl(archiver, "--refresh", "30d").summary["rechecked"] == 0
    definition = archiver.folder / "sites" / "town.yaml"
    definition.write_text(definition.read_text("utf-8") + "refresh: all\n", "utf-8")
    assert crawl(archiver).summary["rechecked"] == 0  # today they have been
    days_pass(archiver, 1)
    assert crawl(archiver, "--refresh", "never").summary["rechecked"] == 0
    assert crawl(archiver).summary["rechecked"] == 3
    (archiver.folder / "archiver.yaml").write_text("refresh: monthly\n", "utf-8")
    assert "archiver.yaml, line 1: `refresh`: expected an age" in crawl(archiver).stderr


def test_a_limit_counts_what_a_listing_names_and_not_what_is_asked_again(town: Town, archiver: Archiver) -> None:
    town.stories = stories(9)
    town.publish()
    crawl(archiver, "--limit", "3")
    days_pass(archiver, 2)
    run = crawl(archiver, "--limit", "4")
    assert (run.counts(), run.summary["rechecked"]) == ({"new": 1, "unchanged": 3}, 3)


def test_a_changed_article_replaces_its_post_and_the_old_one_is_kept(town: Town, archiver: Archiver) -> None:
    town.stories = stories(3, OLD)
    town.publish()
    crawl(archiver)
    before = post(archiver, 2).read_bytes()
    town.stories[0].advert = "Buy two boats!"
    town.stories[1].text = "The council met again. " * 20
    town.publish()
    run = crawl(archiver, "--refresh", "all")
    assert (run.code, run.counts()) == (0, {"changed": 1, "unchanged": 2})
    assert "The council met again." in post(archiver, 2).read_text("utf-8")
    assert versions(archiver, 2) == [before]
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\dT\d\d-\d\d-\d\dZ\.md",
        next((archiver.output / ".archiver/versions/web/town/news/story-2").iterdir()).name,
    )
    assert versions(archiver, 3) == []
    assert crawl(archiver, "--refresh", "all").counts() == {"unchanged": 3}


def test_an_article_that_is_gone_is_marked_and_kept(town: Town, archiver: Archiver) -> None:
    town.stories = stories(3, OLD)
    town.publish()
    crawl(archiver)
    gone = town.stories.pop(1)
    town.publish()
    town.internet.pages[gone.url] = Answer("gone", 410)
    before = tree(archiver.output)
    run = crawl(archiver, "--refresh", "all")
    assert (run.code, run.counts()) == (0, {"gone": 1, "unchanged": 2})
    assert tree(archiver.output) == before
    assert crawl(archiver, "--refresh", "all").counts() == {"unchanged": 2}
    archive = opened(archiver)
    [record] = archive.index.all(ArticleRecord, ARTICLE.state == "gone")
    archive.close()
    assert (record.url, record.status, record.reason) == (gone.url, 410, "HTTP 410")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(
            conditional(replace(stories(1, OLD)[0], text="To read on, subscribe.").page()),
            "much shorter",
            id="a paywall stub",
        ),
        pytest.param(CHALLENGE, "a WAF challenge", id="a challenge"),
        pytest.param("<html><head><title>x</title></head><body></body></html>", "no ", id="an empty page"),
        pytest.param(
            conditional(replace(stories(1, OLD)[0], title="Page not found", text="Nothing is here. " * 40).page()),
            "an error page stands there now",
            id="an error page with status 200",
        ),
        pytest.param(
            Answer(status=302, headers={"Location": "https://town.example/"}), "", id="a redirect to the front page"
        ),
    ],
)
def test_a_page_that_is_not_to_be_believed_is_held(
    town: Town, archiver: Archiver, answer: Answer | str, reason: str
) -> None:
    town.stories = stories(1, OLD)
    town.publish()
    crawl(archiver)
    before = tree(archiver.output)
    town.internet.pages[town.stories[0].url] = answer
    town.internet.pages[f"{TOWN}/"] = "<html><body><ul><li class=card><a href=/news/>News</a></li></ul></body></html>"
    run = crawl(archiver, "--refresh", "all")
    assert (run.code, run.counts()) == (1, {"held": 1}), run.stderr
    [problem] = run.summary["problems"]
    assert problem["reason"].startswith(reason)
    assert tree(archiver.output) == before
    town.publish()
    assert crawl(archiver, "--refresh", "all").counts() == {"unchanged": 1}


def test_a_held_version_is_taken_by_force(town: Town, archiver: Archiver) -> None:
    town.stories = stories(1, OLD)
    town.publish()
    crawl(archiver)
    before = post(archiver, 1).read_bytes()
    town.stories[0].text = "Corrected: nobody met."
    town.publish()
    assert crawl(archiver, "--refresh", "all").counts() == {"held": 1}
    assert crawl(archiver, "--refresh", "all", "--force").counts() == {"changed": 1}
    assert "nobody met" in post(archiver, 1).read_text("utf-8")
    assert versions(archiver, 1) == [before]


def test_a_post_edited_by_hand_is_kept_and_the_new_version_laid_beside(town: Town, archiver: Archiver) -> None:
    town.stories = stories(1, OLD)
    town.publish()
    crawl(archiver)
    post(archiver, 1).write_text(post(archiver, 1).read_text("utf-8").replace("quay", "pier"), "utf-8")
    edited = post(archiver, 1).read_bytes()
    town.stories[0].text = "The council met once more. " * 20
    town.publish()
    for _ in range(2):
        run = crawl(archiver, "--refresh", "all/0")
        assert (run.code, post(archiver, 1).read_bytes()) == (0, edited)
    [laid] = versions(archiver, 1)
    assert "once more" in parse(laid.decode()).body
    assert crawl(archiver, "--refresh", "all", "--force").counts() == {"changed": 1}
    assert edited in versions(archiver, 1)


# One article, several addresses.


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("http://town.example/news/story-20240517.html", id="http"),
        pytest.param("https://www.town.example/news/story-20240517.html", id="www"),
        pytest.param("https://m.town.example/news/story-20240517.html", id="the pages for phones"),
        pytest.param("https://town.example/news/story-20240517.html?utm_source=feed&amp=1", id="tracking and AMP"),
        pytest.param("https://town.example/news/story-20240517.html#comments", id="a fragment"),
        pytest.param("https://town.example/read/20240517", id="a canonical link"),
    ],
)
def test_an_article_under_two_addresses_is_archived_once(town: Town, archiver: Archiver, other: str) -> None:
    [story] = town.stories = stories(1, OLD)
    story.path = "story-20240517.html"
    story.head = f'<link rel="canonical" href="{story.url}">' if "read" in other else ""
    town.publish()
    assert crawl(archiver).counts() == {"new": 1}
    town.internet.pages[NEWS] = town.listing(0, 1).replace(f'href="{story.url}"', f'href="{other}"')
    town.internet.pages[other.partition("#")[0]] = story.page()
    run = crawl(archiver)
    assert run.summary["new"] == 0
    assert len([*archiver.output.rglob("*.md")]) == 1
    run = crawl(archiver)  # and is not asked again
    assert (run.counts(), [*asked(town.internet)]) == ({"known": 1}, [NEWS])


def test_the_same_text_under_two_articles_is_told(town: Town, archiver: Archiver) -> None:
    town.stories = stories(2, OLD)
    town.stories[1].text = town.stories[0].text = "One text for two articles of the town. " * 5
    town.publish()
    run = crawl(archiver)
    assert (run.code, run.counts()) == (0, {"new": 2})
    [told] = run.summary["notices"]
    assert {told["url"], told["notice"].removeprefix("the same text as ")} == {s.url for s in town.stories}


# What did not come to an end.


def test_an_interrupted_run_is_made_up_for_by_the_next(town: Town, archiver: Archiver) -> None:
    town.stories = stories(15, OLD)
    town.publish()
    wait = town.stories[12]
    town.internet.pages[wait.url] = Answer(wait.page(), delay=20)
    with archiver.start("crawl", "town", "--json", *FAST) as process:
        while wait.url not in town.internet.urls():
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert 10 <= len([*archiver.output.rglob("*.md")]) < 15
    town.publish()
    run = crawl(archiver)
    assert run.code == 0
    assert sum(run.summary[word] for word in ("new", "known", "unchanged")) == 15
    assert len([*archiver.output.rglob("*.md")]) == 15
    assert crawl(archiver).counts() == {"known": 5}


def test_what_was_archived_before_the_interrupted_run_ends_the_paging(town: Town, archiver: Archiver) -> None:
    town.stories = stories(15, OLD)
    town.publish()
    crawl(archiver)
    archive = opened(archiver)
    archive.index.put(ListingRecord(NEWS, datetime.now(UTC)))
    archive.close()
    assert crawl(archiver).counts() == {"known": 5}
    archive = opened(archiver)
    archive.index.put(ListingRecord(NEWS, OLD))
    archive.close()
    assert crawl(archiver).counts() == {"known": 15}


def test_an_article_that_failed_is_asked_again_wherever_it_stands(town: Town, archiver: Archiver) -> None:
    town.stories = stories(12, OLD)
    town.publish()
    failed = town.stories[10]
    town.internet.pages[failed.url] = Answer("", 500)
    assert crawl(archiver).counts() == {"new": 11, "failed": 1}
    run = crawl(archiver, "-s", "RETRY_TIMES=0")
    assert run.counts() == {"known": 5, "failed": 1}
    town.publish()
    assert crawl(archiver).counts() == {"known": 5, "new": 1}
    assert crawl(archiver).counts() == {"known": 5}
    archive = opened(archiver)
    assert archive.index.all(DeferredRecord) == []
    archive.close()


def test_a_page_that_is_no_article_is_not_asked_by_every_run(town: Town, archiver: Archiver) -> None:
    town.stories = stories(2, OLD)
    town.publish()
    town.internet.pages[town.stories[0].url] = "<html><body><h1>Video</h1><div class=body></div></body></html>"
    assert crawl(archiver).counts()["new"] == 1
    run = crawl(archiver)
    assert (run.code, run.counts()) == (0, {"skipped": 1, "known": 1})
    assert asked(town.internet) == {NEWS: True}


# A trial.


def test_a_trial_tells_requests_and_files_and_leaves_no_trace(town: Town, archiver: Archiver) -> None:
    town.stories = stories(4, OLD)
    town.stories[0].image = True
    town.publish()
    trial = crawl(archiver, "--dry-run")
    assert (trial.code, trial.counts()) == (0, {"new": 4, "stored": 1})
    assert not archiver.output.exists()
    told = trial.summary["trial"]
    run = crawl(archiver)
    assert sorted(told["requests"]) == sorted(f"{a.method} {a.url}" for a in town.internet.asked)
    assert sorted(told["files"]) == [f"output/{name}" for name in run.files()]
    town.stories[1].text = "Changed. " * 40
    town.publish()
    before = {path: path.read_bytes() for path in archiver.output.rglob("*") if path.is_file()}
    trial = crawl(archiver, "--dry-run", "--refresh", "all")
    assert trial.counts() == {"changed": 1, "unchanged": 3}
    assert [name for name in trial.summary["trial"]["files"] if "versions" not in name] == [
        "output/web/town/news/story-3.md"
    ]
    assert {path: path.read_bytes() for path in archiver.output.rglob("*") if path.is_file()} == before
    people = archiver("crawl", "town", "--dry-run", "--refresh", "all", *FAST).stdout
    assert f"would ask GET {NEWS}\n" in people
    assert "would write output/web/town/news/story-3.md\n" in people
