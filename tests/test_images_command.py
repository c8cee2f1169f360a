"""`archiver images`: what is missing is mended, and nothing else is asked for or touched."""

import hashlib
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archiver import images as pictures
from archiver.archive import Archive
from archiver.body import clean
from archiver.cli.images import COUNTS
from archiver.layout import Layout
from archiver.post import Post, render
from archiver.records import HostRecord, ImageRecord, RunRecord
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Asked, Internet, Script
from tests.samples import SAMPLES, article, needs_samples, picture

IMG = "https://img.town.example"
HTML = "<html><title>Please log in</title></html>"


@cache
def png() -> bytes:
    return picture("PNG")


@cache
def jpeg() -> bytes:
    return picture("JPEG", quality=90)


def answer(data: bytes | None = None) -> Answer:
    return Answer(data or png(), type="image/png")


def images(archiver: Archiver, *arguments: str) -> Run:
    return archiver("images", "--json", *FAST, *arguments)


@contextmanager
def opened(archiver: Archiver, **layout: Any) -> Iterator[Archive]:
    archive = Archive(Layout(archiver.output, archiver.output / "images", **layout))
    try:
        yield archive
    finally:
        archive.close()


def fill(archiver: Archiver, count: int, *, host: str = IMG, body: str = "", **layout: Any) -> list[str]:
    """Archives articles as a crawl does, each with its image; the paths of the posts."""
    facts = pictures.inspect(png())
    with opened(archiver, **layout) as archive:
        posts = []
        for number in range(1, count + 1):
            image = f"{host}/{number}.png"
            text = clean(f'<p>Story {number}.</p><img src="{image}">{body}', "https://town.example/")
            one = article(
                url=f"https://town.example/{number}",
                title=f"Story {number}",
                body=text,
                image_url=image,
                site="town",
                published=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number),
            )
            stored = archive.write_image(one, png(), facts)
            posts.append(archive.write(replace(one, header_image=stored)).path)
    return posts


def file_of(archiver: Archiver, post: str, extension: str = ".png") -> Path:
    return archiver.output / "images" / Path(post).with_suffix(extension)


def hashes(folder: Path, pattern: str = "*") -> dict[str, str]:
    """What the files of an archive hold, its own notes aside."""
    found = (path for path in sorted(folder.rglob(pattern)) if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
        if ".archiver" not in path.parts
    }


def old_post(archiver: Archiver, headimg: str, title: str = "Old", body: str = "<p>Text.</p>", **more: Any) -> Path:
    """A post of another program, which no index knows."""
    path = archiver.output / f"web/old/news/{title}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    date = more.pop("date", "2022-04-06 06:11:26")
    path.write_text(render(Post(title, ("web", "old", "news"), headimg, "old", date, body)), "utf-8")
    return path


def counts(run: Run) -> dict[str, int]:
    """How many images stand how, of what occurs."""
    return {str(name): run.summary[name] for name in COUNTS if run.summary[name]}


def records(archiver: Archiver) -> dict[str, ImageRecord]:
    with opened(archiver) as archive:
        return {record.url: record for record in archive.index.all(ImageRecord)}


def problems(run: Run) -> list[tuple[str, str, str]]:
    return [(found["outcome"], found["url"], found["reason"]) for found in run.summary["problems"]]


# What is mended.

DAMAGES = {
    "deleted": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-900]),
    "a page in its place": lambda file: file.write_text(HTML),
    "zeroed": lambda file: file.write_bytes(file.read_bytes()[:100] + bytes(len(file.read_bytes()) - 100)),
}


def test_of_a_thousand_posts_just_the_damaged_images_are_asked_for(internet: Internet, archiver: Archiver) -> None:
    posts = fill(archiver, 1000)
    before = hashes(archiver.output)
    damaged = posts[::27][:37]
    for number, post in enumerate(damaged):
        [*DAMAGES.values()][number % len(DAMAGES)](file_of(archiver, post))
    internet.pages |= {f"{IMG}/{number}.png": answer() for number in range(1, 1001)}
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {"posts": 1000, "good": 963, "stored": 37}), run.stderr
    assert sorted(internet.urls()) == sorted(f"{IMG}/{post.split('-')[-1][:-3]}.png" for post in damaged)
    assert len(damaged) == len(internet.urls()) == 37
    assert {asked.url for asked in internet.asked} - {*internet.urls()} == {f"{IMG}/robots.txt"}
    assert hashes(archiver.output) == before
    internet.asked.clear()
    again = images(archiver)
    assert (again.code, counts(again)) == (0, {"posts": 1000, "good": 1000})
    assert internet.asked == []
    with opened(archiver) as archive:
        runs = archive.index.all(RunRecord)
    of_images = [{name: n for name, n in run.counts if name in ("posts", "good", "stored", "requests")} for run in runs]
    assert [(run.command, run.site, found, run.exit_code) for run, found in zip(runs, of_images, strict=True)] == [
        ("images", "", {"posts": 1000, "good": 963, "stored": 37, "requests": 38}, 0),  # and robots.txt
        ("images", "", {"posts": 1000, "good": 1000}, 0),
    ]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_cannot_be_had_stays_as_it_is_and_is_named(internet: Internet, archiver: Archiver, damage: Any) -> None:
    [post] = fill(archiver, 1)
    damage(file_of(archiver, post))
    before = hashes(archiver.output)
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 1, "missing": 1})
    assert run.summary["problems"] == [
        {"outcome": "missing", "url": f"{IMG}/1.png", "reason": "HTTP 404", "post": post},
    ]
    assert hashes(archiver.output) == before
    record = records(archiver)[f"{IMG}/1.png"]
    assert (record.status, record.reason, record.tries) == ("missing", "HTTP 404", 1)
    internet.asked.clear()
    again = images(archiver)
    assert (again.code, counts(again)) == (1, {"posts": 1, "put_off": 1})
    assert problems(again)[0][:2] == ("put_off", f"{IMG}/1.png")
    assert internet.asked == []


def test_a_jpeg_that_ends_in_zeros_is_damaged(internet: Internet, archiver: Archiver) -> None:
    old_post(archiver, f"{IMG}/a.jpg")
    file = file_of(archiver, "web/old/news/Old.md", ".jpg")
    file.parent.mkdir(parents=True)
    file.write_bytes(jpeg()[:3000] + bytes(len(jpeg()) - 3000))
    internet.pages[f"{IMG}/a.jpg"] = answer(jpeg())
    assert counts(images(archiver)) == {"posts": 1, "stored": 1}
    assert file.read_bytes() == jpeg()


def test_an_image_that_somebody_made_smaller_is_good(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).write_bytes(picture("PNG", (32, 24)))
    assert counts(images(archiver)) == {"posts": 1, "good": 1}
    assert internet.asked == []


def test_what_lay_there_under_another_extension_goes_once_it_is_mended(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).write_text(HTML)
    internet.pages[f"{IMG}/1.png"] = answer(jpeg())
    assert counts(images(archiver)) == {"posts": 1, "stored": 1}
    assert [*hashes(archiver.output / "images")] == ["web/town/news/story-1.jpg"]


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        pytest.param(
            Answer("<svg xmlns='http://www.w3.org/2000/svg'/>", type="image/svg+xml"), "not an image", id="SVG"
        ),
        pytest.param(Answer("", type="image/png"), "empty", id="nothing"),
        pytest.param(Answer(HTML, type="image/jpeg"), "not an image", id="a page called an image"),
        pytest.param(Answer(png()[:900], type="image/png"), "cut short or damaged", id="half an image"),
        pytest.param(Answer(png(), type="image/png", cut=500), "cut short", id="half of what was announced"),
        pytest.param(Answer(b"x" * 40_000_000, type="image/png"), "too large", id="40 MB"),
    ],
)
def test_only_whole_images_are_kept(internet: Internet, archiver: Archiver, sent: Answer, reason: str) -> None:
    old_post(archiver, f"{IMG}/a.png")
    internet.pages[f"{IMG}/a.png"] = sent
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 1, "missing": 1})
    assert problems(run)[0][2].startswith(reason)
    assert not (archiver.output / "images").exists()


# Posts of other programs.


@pytest.mark.parametrize(
    ("headimg", "expected"),
    [
        pytest.param("https://picsum.photos/400/300?random=1622", {"placeholder": 1}, id="the placeholder"),
        pytest.param("https://cors.example/?https://picsum.photos/9", {"placeholder": 1}, id="one behind a proxy"),
        pytest.param("", {"none": 1}, id="nothing"),
        pytest.param("/images/404.gif", {"none": 1}, id="a picture of the old site"),
        pytest.param("data:image/png;base64,AA==", {"none": 1}, id="an embedded image"),
        pytest.param("/images/../../etc/a/b/c.png", {"none": 1}, id="a path that climbs"),
    ],
)
def test_what_is_no_missing_image(
    internet: Internet, archiver: Archiver, headimg: str, expected: dict[str, int]
) -> None:
    old_post(archiver, headimg)
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {"posts": 1, **expected})
    assert internet.asked == []
    assert [*archiver.output.iterdir()] == [archiver.output / "web"]


def test_the_origin_behind_a_proxy_is_asked(internet: Internet, archiver: Archiver) -> None:
    post = old_post(archiver, "https://cors.zfour.workers.dev/?http://img.example/a.png!custom")
    before = post.read_bytes()
    internet.pages["http://img.example/a.png!custom"] = answer()
    assert counts(images(archiver)) == {"posts": 1, "stored": 1}
    assert internet.urls() == ["http://img.example/a.png!custom"]
    assert post.read_bytes() == before
    assert file_of(archiver, "web/old/news/Old.md").read_bytes() == png()
    assert records(archiver)["http://img.example/a.png!custom"].link == (
        "https://cors.zfour.workers.dev/?http://img.example/a.png!custom"
    )
    internet.asked.clear()
    assert counts(images(archiver)) == {"posts": 1, "good": 1}
    assert internet.asked == []


FRONTS = {
    "double quotes": f'---\ntitle: "A"\nheadimg: "{IMG}/a.png"\ncategories:\n  - web\n  - old\n  - news\n---\nText',
    "no quotes, no body": f"---\nheadimg: {IMG}/a.png\n---",
    "line ends of Windows": f"---\r\ntitle: A\r\nheadimg: '{IMG}/a.png'\r\n---\r\nText\r\n",
    "front matter alone": f"\n---\ntitle: 'A'\nheadimg: '{IMG}/a.png'\nthumbnail: '{IMG}/a.png'\n---\n",
}


@pytest.mark.parametrize("text", FRONTS.values(), ids=FRONTS)
def test_front_matter_is_enough(internet: Internet, archiver: Archiver, text: str) -> None:
    path = archiver.output / "web/old/news/A.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode())
    internet.pages[f"{IMG}/a.png"] = answer()
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {"posts": 1, "stored": 1})
    assert (path.read_bytes(), file_of(archiver, "web/old/news/A.md").read_bytes()) == (text.encode(), png())


def test_a_text_without_front_matter_is_no_post(internet: Internet, archiver: Archiver) -> None:
    archiver.output.mkdir()
    (archiver.output / "README.md").write_text(f"# Archive\nheadimg: {IMG}/a.png\n")
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {})


@needs_samples
def test_the_posts_of_the_old_archive(internet: Internet, archiver: Archiver) -> None:
    folder = SAMPLES[0].parents[3]
    before = hashes(folder)
    run = images(archiver, str(folder), "--check")
    assert run.summary["posts"] == len(SAMPLES)
    wanted = {url for _, url, _ in problems(run)}
    assert wanted
    assert not [url for url in wanted if "picsum" in url or "cors" in url]
    internet.pages |= {url: answer() for url in wanted}
    run = images(archiver, str(folder))
    assert (run.code, run.summary["stored"]) == (
        0,
        len(problems(images(archiver, str(folder), "--check"))) + len(wanted),
    )
    assert hashes(folder) == before
    internet.asked.clear()
    assert images(archiver, str(folder)).summary["stored"] == 0
    assert internet.asked == []


# Ways of asking.


def protected(referer: str | None, refusal: Script = "") -> Any:
    """An image that only those get who come from there."""

    def script(asked: Asked) -> str | Answer:
        no = refusal or Answer("no", 403)
        return answer() if asked.headers.get("referer") == referer else no  # type: ignore[return-value]

    return script


REFERERS = {
    "the article": "https://town.example/1",
    "the image's own origin": f"{IMG}/",
    "none at all": None,
}


@pytest.mark.parametrize("referer", REFERERS.values(), ids=REFERERS)
@pytest.mark.parametrize("refusal", [Answer("no", 403), Answer("no", 404), Answer(HTML)], ids=["403", "404", "a page"])
def test_hotlink_protection(internet: Internet, archiver: Archiver, referer: str | None, refusal: Answer) -> None:
    for post in fill(archiver, 1):
        file_of(archiver, post).unlink()
    internet.pages[f"{IMG}/1.png"] = protected(referer, refusal)
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {"posts": 1, "stored": 1})
    assert [asked.headers.get("referer") for asked in internet.asked][1:] == [
        *[*REFERERS.values()][: [*REFERERS.values()].index(referer) + 1]
    ]


def test_what_worked_for_a_host_is_tried_first(internet: Internet, archiver: Archiver) -> None:
    posts = fill(archiver, 5)
    internet.pages |= {f"{IMG}/{number}.png": protected(None) for number in range(1, 6)}
    for post in posts[:3]:
        file_of(archiver, post).unlink()
    assert counts(images(archiver)) == {"posts": 5, "good": 2, "stored": 3}
    assert len(internet.urls()) == 2 + 3
    with opened(archiver) as archive:
        assert archive.index.all(HostRecord) == [HostRecord("img.town.example", "none")]
    internet.asked.clear()
    for post in posts[3:]:
        file_of(archiver, post).unlink()
    assert counts(images(archiver)) == {"posts": 5, "good": 3, "stored": 2}
    assert len(internet.urls()) == 2


def test_without_the_article_the_image_names_its_own_origin(internet: Internet, archiver: Archiver) -> None:
    old_post(archiver, f"{IMG}/a.png")
    internet.pages[f"{IMG}/a.png"] = answer()
    images(archiver)
    assert internet.asked[-1].headers["referer"] == f"{IMG}/"


def test_https_is_tried_for_http_and_remembered(internet: Internet, archiver: Archiver) -> None:
    for number in range(3):
        old_post(archiver, f"http://img.example/{number}.png", title=f"Old {number}")
        internet.pages[f"http://img.example/{number}.png"] = Answer(reset=True)
        internet.pages[f"https://img.example/{number}.png"] = answer()
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {"posts": 3, "stored": 3})
    assert {*internet.urls("http://")} == {"http://img.example/0.png"}
    assert internet.urls("https://") == [f"https://img.example/{number}.png" for number in range(3)]
    assert {*records(archiver)} == {f"http://img.example/{number}.png" for number in range(3)}


def test_http_is_never_tried_for_https(internet: Internet, archiver: Archiver) -> None:
    old_post(archiver, f"{IMG}/a.png")
    internet.pages["http://img.town.example/a.png"] = answer()
    assert counts(images(archiver)) == {"posts": 1, "missing": 1}
    assert internet.urls("http://") == []


def test_redirects_are_followed_with_the_referer(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).unlink()
    internet.pages[f"{IMG}/1.png"] = Answer(status=301, headers={"Location": "https://cdn.example/x"})
    internet.pages["https://cdn.example/x"] = protected("https://town.example/1")
    assert counts(images(archiver)) == {"posts": 1, "stored": 1}
    assert records(archiver)[f"{IMG}/1.png"].path == "web/town/news/story-1.png"


def test_robots_of_image_hosts_are_obeyed(internet: Internet, archiver: Archiver) -> None:
    old_post(archiver, f"{IMG}/a.png")
    internet.pages |= {
        f"{IMG}/a.png": answer(),
        f"{IMG}/robots.txt": Answer("User-agent: *\nDisallow: /", type="text/plain"),
    }
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 1, "missing": 1})
    assert problems(run)[0][2].startswith("refused: Forbidden by robots.txt")
    assert internet.urls() == []


def test_a_host_that_is_dead_is_soon_left_alone(internet: Internet, archiver: Archiver) -> None:
    posts = fill(archiver, 30)
    for post in posts:
        file_of(archiver, post).unlink()
    internet.pages |= {f"{IMG}/{number}.png": Answer(reset=True) for number in range(1, 31)}
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 30, "missing": 30})
    assert len({*internet.urls()}) == 3
    assert len(internet.urls()) <= 3 + 1 + 1  # the first is retried; a connection that was open is opened again
    assert {reason.partition(":")[0] for _, _, reason in problems(run)} == {"connection failed"}
    assert {record.tries for record in records(archiver).values()} == {1}


# Trying again.


def note(archiver: Archiver, url: str, **changes: Any) -> None:
    with opened(archiver) as archive:
        [record] = (record for record in archive.index.all(ImageRecord) if record.url == url)
        archive.index.put(replace(record, **changes))


@pytest.mark.parametrize(("before", "hours"), [(0, 20), (1, 40), (3, 160), (7, 1280)])
def test_pauses_grow(internet: Internet, archiver: Archiver, before: int, hours: int) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).unlink()
    past = datetime.now(UTC) - timedelta(seconds=1) if before else None
    note(archiver, f"{IMG}/1.png", path=None, reason="HTTP 503", tries=before, next_try=past)
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 1, "missing": 1})
    record = records(archiver)[f"{IMG}/1.png"]
    assert (record.tries, record.reason) == (before + 1, "HTTP 404")
    assert record.next_try is not None
    assert round((record.next_try - datetime.now(UTC)) / timedelta(hours=1)) == hours


def test_after_eight_tries_an_image_is_given_up(internet: Internet, archiver: Archiver) -> None:
    url = f"{IMG}/1.png"
    [post] = fill(archiver, 1)
    file_of(archiver, post).unlink()
    note(archiver, url, path=None, reason="HTTP 404", tries=8, next_try=datetime.now(UTC) - timedelta(days=1))
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 1, "given_up": 1})
    assert problems(run) == [("given_up", url, "not there; HTTP 404")]
    assert internet.asked == []
    internet.pages[url] = answer()
    assert counts(images(archiver, "--retry-all")) == {"posts": 1, "stored": 1}
    assert (records(archiver)[url].tries, records(archiver)[url].next_try) == (0, None)


def test_what_a_crawl_could_not_have_is_asked_for_at_once(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).unlink()
    note(archiver, f"{IMG}/1.png", path=None, sha256=None, reason="HTTP 503")
    internet.pages[f"{IMG}/1.png"] = answer()
    assert counts(images(archiver)) == {"posts": 1, "stored": 1}


def test_what_somebody_put_there_is_noted(internet: Internet, archiver: Archiver) -> None:
    fill(archiver, 1)
    note(archiver, f"{IMG}/1.png", path=None, sha256=None, reason="HTTP 404", tries=3)
    run = images(archiver)
    assert (run.code, counts(run)) == (0, {"posts": 1, "good": 1})
    record = records(archiver)[f"{IMG}/1.png"]
    assert (record.path, record.reason, record.tries) == ("web/town/news/story-1.png", None, 0)


def test_an_interrupted_run_and_the_next(internet: Internet, archiver: Archiver) -> None:
    posts = fill(archiver, 40)
    before = hashes(archiver.output)
    for post in posts:
        file_of(archiver, post).unlink()
    internet.pages |= {f"{IMG}/{number}.png": Answer(png(), type="image/png", delay=0.1) for number in range(1, 41)}
    with archiver.start("images", "--json", *FAST) as process:
        while len(internet.urls()) < 5:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        stdout, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    done = json.loads(stdout)["stored"]
    assert 4 <= done < 12
    assert json.loads(stdout)["missing"] == 0
    internet.asked.clear()
    assert counts(images(archiver)) == {"posts": 40, "good": done, "stored": 40 - done}
    assert len(internet.urls()) == 40 - done
    assert hashes(archiver.output) == before


# The Wayback Machine.

SNAPSHOT = f"https://web.archive.org/web/20220303065737id_/{IMG}/1.png"


def wayback(timestamp: str | None) -> Answer:
    closest = {"available": True, "url": "http://web.archive.org/…", "timestamp": timestamp, "status": "200"}
    found = {"url": f"{IMG}/1.png", "archived_snapshots": {"closest": closest} if timestamp else {}}
    return Answer(json.dumps(found), type="application/json")


def test_the_wayback_machine_is_asked_last_and_only_where_wanted(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).unlink()
    availability = "https://archive.org/wayback/available?url=https%3A%2F%2Fimg.town.example%2F1.png"
    internet.pages |= {availability: wayback("20220303065737"), SNAPSHOT: answer()}
    assert counts(images(archiver)) == {"posts": 1, "missing": 1}
    assert internet.urls("archive.org") == []
    run = images(archiver, "--wayback", "--retry-all")
    assert (run.code, counts(run)) == (0, {"posts": 1, "stored": 1})
    assert internet.urls()[-2:] == [availability, SNAPSHOT]
    record = records(archiver)[f"{IMG}/1.png"]
    assert (record.status, record.reason) == ("stored", f"from {SNAPSHOT}")


def test_an_image_that_the_wayback_machine_has_not_either(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1)
    file_of(archiver, post).unlink()
    internet.pages["https://archive.org/wayback/available?url=https%3A%2F%2Fimg.town.example%2F1.png"] = wayback(None)
    run = images(archiver, "--wayback")
    assert problems(run) == [("missing", f"{IMG}/1.png", "HTTP 404; Wayback Machine: no copy")]


# Local links.


def test_a_linked_image_is_fetched_from_where_it_came(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1, image_links="local")
    before = hashes(archiver.output)
    file_of(archiver, post).unlink()
    internet.pages[f"{IMG}/1.png"] = answer()
    assert counts(images(archiver, "--image-links", "local")) == {"posts": 1, "stored": 1}
    assert hashes(archiver.output) == before


def test_a_linked_image_that_no_index_knows_is_the_first_of_the_body(internet: Internet, archiver: Archiver) -> None:
    old_post(
        archiver, "/images/web/old/news/Old.png", body=f'<p>Text.</p><img src="{IMG}/a.png"><img src="{IMG}/b.png">'
    )
    old_post(archiver, "/images/web/old/news/Bare.png", title="Bare")
    internet.pages[f"{IMG}/a.png"] = answer()
    run = images(archiver)
    assert (run.code, counts(run)) == (1, {"posts": 2, "stored": 1, "missing": 1})
    assert internet.urls() == [f"{IMG}/a.png"]
    assert problems(run) == [("missing", "/images/web/old/news/Bare.png", "not there; no known origin")]
    internet.asked.clear()
    assert counts(images(archiver)) == {"posts": 2, "good": 1, "missing": 1}
    assert internet.asked == []


@pytest.mark.parametrize("edited", [False, True], ids=["as we wrote it", "edited by hand"])
def test_a_link_follows_its_image(internet: Internet, archiver: Archiver, edited: bool) -> None:
    [post] = fill(archiver, 1, image_links="local")
    path = archiver.output / post
    if edited:
        path.write_text(path.read_text("utf-8").replace("Story 1.", "Story one."), "utf-8")
    before = path.read_text("utf-8")
    file_of(archiver, post).unlink()
    internet.pages[f"{IMG}/1.png"] = answer(jpeg())
    assert counts(images(archiver, "--image-links", "local")) == {"posts": 1, "stored": 1}
    assert path.read_text("utf-8") == before.replace("news/story-1.png'", "news/story-1.jpg'")
    with opened(archiver) as archive:
        record = archive.index.article_at(post)
    assert record is not None
    assert (record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()) is not edited


# Images of the bodies.

INLINE = f'<img src="{IMG}/in.png" alt="a &amp;lt; b"><pre>{{ x }}</pre><img src="https://cors.example/?http://old.example/o.png">'


def inline_pages() -> dict[str, Script]:
    return {f"{IMG}/in.png": answer(), "http://old.example/o.png": answer(jpeg())}


def test_images_of_bodies_lie_beside_and_no_post_is_touched(internet: Internet, archiver: Archiver) -> None:
    fill(archiver, 1, body=INLINE)
    before = hashes(archiver.output, "*.md")
    internet.pages |= inline_pages()
    assert counts(images(archiver)) == {"posts": 1, "good": 1}
    assert internet.asked == []
    run = images(archiver, "--inline")
    assert (run.code, counts(run)) == (0, {"posts": 1, "good": 1, "stored": 2})
    assert [*hashes(archiver.output / "images")] == [
        f"web/town/news/story-1/{name}"
        for name in sorted((f"{digest(f'{IMG}/in.png')}.png", f"{digest('http://old.example/o.png')}.jpg"))
    ] + ["web/town/news/story-1.png"]
    assert hashes(archiver.output, "*.md") == before
    internet.asked.clear()
    assert counts(images(archiver, "--inline")) == {"posts": 1, "good": 3}
    assert internet.asked == []


def digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:8]


def test_local_links_of_bodies_can_be_undone(internet: Internet, archiver: Archiver) -> None:
    [post] = fill(archiver, 1, body=INLINE)
    path = archiver.output / post
    before = path.read_text("utf-8")
    internet.pages |= inline_pages()
    assert counts(images(archiver, "--inline", "--image-links", "local")) == {"posts": 1, "good": 1, "stored": 2}
    folder = "/images/web/town/news/story-1"
    changed = before.replace(f"{IMG}/in.png", f"{folder}/{digest(f'{IMG}/in.png')}.png")
    changed = changed.replace(
        "https://cors.example/?http://old.example/o.png", f"{folder}/{digest('http://old.example/o.png')}.jpg"
    )
    assert path.read_text("utf-8") == changed.replace(f"{IMG}/1.png", f"{folder}.png")
    linked = hashes(archiver.output)
    internet.asked.clear()
    assert counts(images(archiver, "--inline", "--image-links", "local")) == {"posts": 1, "good": 3}
    assert internet.asked == []
    assert hashes(archiver.output) == linked
    assert archiver("verify").code == 0
    assert archiver("relink", "--image-links", "remote").code == 0
    assert path.read_text("utf-8") == before
    assert archiver("relink", "--image-links", "local").code == 0
    assert hashes(archiver.output) == linked


def test_an_image_of_a_body_that_is_gone_is_fetched_from_where_it_came(internet: Internet, archiver: Archiver) -> None:
    fill(archiver, 1, body=INLINE)
    internet.pages |= inline_pages()
    images(archiver, "--inline", "--image-links", "local")
    before = hashes(archiver.output)
    for file in (archiver.output / "images/web/town/news/story-1").iterdir():
        file.unlink()
    internet.asked.clear()
    run = images(archiver, "--inline", "--image-links", "local")
    assert (run.code, counts(run)) == (0, {"posts": 1, "good": 1, "stored": 2})
    assert sorted(internet.urls()) == ["http://old.example/o.png", f"{IMG}/in.png"]
    assert hashes(archiver.output) == before


def test_a_machine_that_refuses_to_write_ends_the_run(internet: Internet, archiver: Archiver) -> None:
    old_post(archiver, f"{IMG}/a.png")
    (archiver.output / "images").write_text("a file where a folder must go")
    internet.pages[f"{IMG}/a.png"] = answer()
    run = images(archiver)
    assert (run.code, counts(run)) == (3, {"posts": 1, "failed": 1})
    assert "output/images" in run.stderr


# What is looked at.


def lacking(archiver: Archiver, internet: Internet, count: int = 3) -> list[str]:
    """Posts without their images, which can be had."""
    posts = fill(archiver, count)
    for number, post in enumerate(posts, 1):
        file_of(archiver, post).unlink()
        internet.pages[f"{IMG}/{number}.png"] = answer()
    return posts


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        pytest.param(["output/web/town/news/story-2.md"], [2], id="a post"),
        pytest.param(["output/web/town"], [1, 2, 3], id="a folder"),
        pytest.param(["output/web", "output/web/town/news/story-1.md"], [1, 2, 3], id="a folder and a post in it"),
        pytest.param(["output/../output/web/town/news/story-3.md"], [3], id="a path that climbs"),
        pytest.param(["--since", "2026-03-03"], [2, 3], id="since"),
        pytest.param(["--site", "town"], [1, 2, 3], id="its site"),
        pytest.param(["--site", "city"], [], id="another site"),
    ],
)
def test_what_is_looked_at(internet: Internet, archiver: Archiver, arguments: list[str], numbers: list[int]) -> None:
    lacking(archiver, internet)
    run = images(archiver, *arguments)
    assert run.code == 0
    assert internet.urls() == [f"{IMG}/{number}.png" for number in numbers]
    assert run.summary["posts"] == len(numbers)


def test_a_post_elsewhere_has_its_image_in_the_archive(internet: Internet, archiver: Archiver) -> None:
    post = old_post(archiver, f"{IMG}/a.png")
    elsewhere = archiver.folder / "blog/x.md"
    elsewhere.parent.mkdir()
    post.rename(elsewhere)
    before = elsewhere.read_bytes()
    internet.pages[f"{IMG}/a.png"] = answer()
    run = images(archiver, "blog", "-o", "new", "--images", "pictures", "--image-links", "local")
    assert (run.code, counts(run)) == (0, {"posts": 1, "stored": 1})
    assert [*hashes(archiver.folder / "pictures")] == ["web/old/news/x.png"]
    assert elsewhere.read_bytes() == before
    internet.asked.clear()
    assert counts(images(archiver, "blog/x.md", "-o", "new", "--images", "pictures")) == {"posts": 1, "good": 1}
    assert internet.asked == []


def test_a_limit_leaves_the_rest_to_the_next_run(internet: Internet, archiver: Archiver) -> None:
    lacking(archiver, internet)
    run = images(archiver, "--limit", "2")
    assert (run.code, counts(run)) == (1, {"posts": 3, "stored": 2, "missing": 1})
    assert len(internet.urls()) == 2
    assert problems(run)[0][2] == "left to the next run by --limit"
    assert counts(images(archiver, "--limit", "2")) == {"posts": 3, "good": 2, "stored": 1}


def test_a_check_asks_for_nothing_and_writes_nothing(internet: Internet, archiver: Archiver) -> None:
    posts = lacking(archiver, internet)
    file_of(archiver, posts[0]).write_bytes(b"")
    journal = (archiver.output / ".archiver/journal.jsonl").read_bytes()
    before = hashes(archiver.output)
    run = images(archiver, "--check")
    assert (run.code, counts(run)) == (1, {"posts": 3, "missing": 3})
    assert run.summary["problems"][0] == {
        "outcome": "missing", "url": f"{IMG}/1.png", "reason": "empty", "post": posts[0],
    }  # fmt: skip
    listed = archiver("images", "--check").stdout
    assert f"missing: {posts[0]} {IMG}/1.png (empty)\n" in listed
    assert internet.asked == []
    assert hashes(archiver.output) == before
    assert (archiver.output / ".archiver/journal.jsonl").read_bytes() == journal
    images(archiver)
    whole = images(archiver, "--check")
    assert (whole.code, counts(whole)) == (0, {"posts": 3, "good": 3})


def test_a_trial_tells_what_a_run_would_do(internet: Internet, archiver: Archiver) -> None:
    lacking(archiver, internet, 1)
    before = hashes(archiver.output)
    journal = (archiver.output / ".archiver/journal.jsonl").read_bytes()
    run = images(archiver, "--dry-run")
    assert counts(run) == {"posts": 1, "stored": 1}
    assert run.summary["trial"] == {
        "requests": [f"GET {IMG}/robots.txt", f"GET {IMG}/1.png"],
        "files": ["output/images/web/town/news/story-1.png"],
    }
    assert hashes(archiver.output) == before
    assert (archiver.output / ".archiver/journal.jsonl").read_bytes() == journal
    assert counts(images(archiver)) == {"posts": 1, "stored": 1}


def test_the_summary_is_a_table(internet: Internet, archiver: Archiver) -> None:
    lacking(archiver, internet, 1)
    run = archiver("images", *FAST)
    assert [line.split() for line in run.stdout.splitlines()[:2]] == [
        ["posts", "good", "placeholder", "none", "stored", "missing", "put", "off", "given", "up", "failed"],
        ["1", "0", "0", "0", "1", "0", "0", "0", "0"],
    ]
    assert run.stderr == "stored: web/town/news/story-1.png\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["-o", "nowhere"], "nowhere: there is no archive", id="no archive"),
        pytest.param(["nowhere"], "'nowhere' does not exist", id="no path"),
        pytest.param(["output/a.txt"], "output/a.txt: expected a post (.md) or a folder", id="no post"),
        pytest.param(["--since", "yesterday"], "expected a day such as 2022-03-03", id="no day"),
    ],
)
def test_a_wrong_argument_is_named(archiver: Archiver, arguments: list[str], message: str) -> None:
    archiver.output.mkdir()
    (archiver.output / "a.txt").write_text("")
    run = archiver("images", *arguments)
    assert run.code == 2
    assert message in run.stderr
