"""Sites that fail, lie or refuse: the outcome has the right word, the exit code tells the truth."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Internet
from tests.kr36_site import (
    CHALLENGE,
    ENCRYPTED,
    FLASHES,
    GATEWAY,
    NEWS,
    SITE,
    SOFT_BLOCK,
    Story,
    page,
    picture,
    put_online,
    stories,
)

NEWS_ONLY = ("--channel", "资讯")


def test_an_error_that_passes_costs_nothing(internet: Internet, archiver: Archiver) -> None:
    articles = stories(2)
    put_online(internet, articles)
    internet.pages[articles[0].url] = [Answer(status=500), Answer(status=502), articles[0].page()]
    internet.pages[articles[1].url] = [Answer(reset=True), articles[1].page()]
    internet.pages[articles[0].image] = [Answer(status=503), Answer(picture(), type="image/png")]
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (0, {"new": 2, "stored": 2})


BAD_PAGES: dict[str, tuple[str | Answer, str, str]] = {
    "an article that is not there": (Answer("gone", 404), "failed", "HTTP 404"),
    "an error that stays": (Answer("oops", 500), "failed", "HTTP 500"),
    "a connection that is reset": (Answer(reset=True), "failed", "connection failed"),
    "a challenge page": (Answer(CHALLENGE), "blocked", "a WAF challenge"),
    "a soft block": (Answer(SOFT_BLOCK), "blocked", "a soft block"),
    "an empty state": (Answer("<script>window.initialState={}</script>"), "blocked", "a soft block"),
    "an encrypted state without an article": (
        Answer(f"<script>window.initialState={ENCRYPTED}</script>"),
        "blocked",
        "an encrypted page",
    ),
    "a page of another kind": (Answer("<p>hello</p>"), "blocked", "no state in the page"),
    "a refusal": (Answer("no", 403), "blocked", "HTTP 403"),
    "too many requests": (Answer("slow down", 429), "blocked", "HTTP 429"),
    "an article that 36kr has deleted": (
        Answer(page({"articleDetail": {"articleDetailData": {"code": 404, "data": None}}})),
        "failed",
        "deleted by 36kr",
    ),
    "a PDF": (Answer(b"%PDF-1.7\x00\xff\xfe", type="application/pdf"), "failed", "not a page but application/pdf"),
    "an article without title": (Story(1001, title=" \n").page(), "dropped", "no title"),
    "an article without body": (Story(1001, title="空", body="<p><!-- x --></p>").page(), "dropped", "no body"),
    "a redirect elsewhere": (
        Answer(status=302, headers={"Location": "https://other.example/"}),
        "failed",
        "redirected to https://other.example/",
    ),
}


def test_a_page_that_fails_costs_that_page_only(internet: Internet, archiver: Archiver) -> None:
    articles = stories(2 * len(BAD_PAGES))  # every second one is fine
    put_online(internet, articles)
    internet.pages["https://other.example/"] = "<p>another site</p>"
    internet.pages |= {story.url: bad[0] for story, bad in zip(articles[::2], BAD_PAGES.values(), strict=True)}
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"new": 15, "stored": 15, "dropped": 2, "blocked": 7, "failed": 6})
    problems = {problem["url"]: (problem["outcome"], problem["reason"]) for problem in run.summary["problems"]}
    for story, (case, (_, outcome, reason)) in zip(articles[::2], BAD_PAGES.items(), strict=True):
        found_outcome, found_reason = problems[story.url]
        assert found_outcome == outcome, case
        assert found_reason.startswith(reason), case
        assert f"{outcome}: {story.url} ({reason}" in run.stderr
    assert not [name for name in run.files() if "空" in name]


BAD_IMAGES: dict[str, tuple[Answer, str]] = {
    "an image that is not there": (Answer("gone", 404), "HTTP 404"),
    "half of what was announced": (Answer(picture(), type="image/png", cut=60), "cut short"),
    "half an image": (Answer(picture()[:900], type="image/png"), "cut short or damaged"),
    "HTML called an image": (Answer("<html>log in</html>", type="image/jpeg"), "not an image"),
    "an SVG": (Answer("<svg xmlns='http://www.w3.org/2000/svg'/>", type="image/svg+xml"), "not an image"),
    "nothing": (Answer("", type="image/png"), "empty"),
    "40 MB": (Answer(b"x" * 40_000_000, type="image/png"), "too large"),
    "a connection that is reset": (Answer(reset=True), "connection failed"),
}


def test_an_image_that_fails_never_costs_the_article(internet: Internet, archiver: Archiver) -> None:
    articles = stories(len(BAD_IMAGES))
    put_online(internet, articles)
    internet.pages |= {story.image: bad[0] for story, bad in zip(articles, BAD_IMAGES.values(), strict=True)}
    run = archiver.crawl(*NEWS_ONLY, "--image-links", "local")
    assert (run.code, run.counts()) == (1, {"new": 8, "missing": 8})
    problems = {problem["url"]: problem["reason"] for problem in run.summary["problems"]}
    for story, (case, (_, reason)) in zip(articles, BAD_IMAGES.items(), strict=True):
        assert problems[story.image].startswith(reason), case
        assert f"headimg: '{story.image}'" in post_of(run, story)
    internet.pages |= {story.image: Answer(picture("JPEG"), type="image/png") for story in articles}
    run = archiver.crawl(*NEWS_ONLY, "--image-links", "local", "--refresh", "all")
    assert (run.code, run.counts()) == (0, {"changed": 8, "stored": 8})
    assert f"headimg: '/images/新媒体/36kr/资讯/{articles[0].title}.jpg'" in post_of(run, articles[0])


def post_of(run: Run, story: Story) -> str:
    return (run.output / "新媒体/36kr/资讯" / f"{story.title}.md").read_text("utf-8")


def test_images_closed_to_robots_are_refused_and_the_article_is_kept(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    internet.pages["https://img.36krcdn.com/robots.txt"] = Answer("User-agent: *\nDisallow: /", type="text/plain")
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"new": 1, "missing": 1})
    assert run.summary["problems"][0]["reason"].startswith("refused: Forbidden by robots.txt")


def test_pages_closed_to_robots_are_not_asked(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    internet.pages[f"{SITE}/robots.txt"] = Answer("User-agent: archiver\nDisallow: /information", type="text/plain")
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"failed": 1})
    assert internet.urls() == []


def test_a_redirected_image_keeps_its_referer(internet: Internet, archiver: Archiver) -> None:
    [article] = articles = stories(1)
    put_online(internet, articles)
    internet.pages[article.image] = Answer(status=302, headers={"Location": "https://cdn.example/a.gif"})
    internet.pages["https://cdn.example/a.gif"] = lambda asked: (
        Answer(picture("GIF"), type="image/gif") if asked.headers.get("referer") == article.url else Answer(status=403)
    )
    assert archiver.crawl(*NEWS_ONLY).counts() == {"new": 1, "stored": 1}


def test_an_encrypted_page_is_read_from_its_markup(internet: Internet, archiver: Archiver) -> None:
    [article] = articles = stories(1)
    put_online(internet, articles)
    archiver.crawl(*NEWS_ONLY, "-o", "state")
    markup = (
        f'<h1 class="article-title">{article.title}</h1><div class="articleDetailContent">{article.content()}</div>'
    )
    internet.pages[article.url] = (
        '<!DOCTYPE html><html><head><meta property="article:published_time" content="2022-03-01T15:30:00+08:00"></head>'
        f"<body>{markup}<script>window.initialState={ENCRYPTED}</script></body></html>"
    )
    archiver.crawl(*NEWS_ONLY, "-o", "markup")
    [state] = (archiver.folder / "state").rglob("*.md")
    [read] = (archiver.folder / "markup").rglob("*.md")
    assert state.read_bytes() == read.read_bytes()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(CHALLENGE, id="a challenge"),
        pytest.param(Answer("no", 403), id="a refusal"),
        pytest.param(Answer("no", 404), id="36kr's own way to refuse"),
        pytest.param(page({"information": {}}), id="a page without its listing"),
    ],
)
def test_a_listing_that_is_blocked_is_not_an_empty_one(
    internet: Internet, archiver: Archiver, answer: str | Answer
) -> None:
    put_online(internet, stories(1))
    internet.pages[NEWS] = answer
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"blocked": 1})
    assert run.summary["problems"][0]["url"] == NEWS
    assert not archiver.output.exists()


def test_a_listing_without_articles_is_a_failure(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, [])
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"failed": 1})
    assert run.summary["problems"] == [
        {"outcome": "failed", "url": NEWS, "reason": "no article in this listing"},
    ]


def test_a_paging_api_that_refuses_is_reported(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(31))
    internet.pages[f"{GATEWAY}/ifm/subNav/flow"] = Answer('{"code": 500}', type="application/json")
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"new": 30, "stored": 30, "blocked": 1})


def test_a_site_that_blocks_every_page_is_soon_left_alone(internet: Internet, archiver: Archiver) -> None:
    articles = stories(20)
    put_online(internet, articles)
    internet.pages |= {article.url: CHALLENGE for article in articles}
    run = archiver.crawl(*NEWS_ONLY)
    assert run.code == 1
    assert 5 <= len(internet.urls("/p/")) < 9  # at most what was in flight
    assert 5 <= run.counts()["blocked"] < 10
    assert "36kr.com blocks us" in run.stderr


def test_retry_after_is_respected(internet: Internet, archiver: Archiver) -> None:
    [article] = articles = stories(1)
    put_online(internet, articles)
    moments: list[float] = []

    def busy_once(_: object) -> str | Answer:
        moments.append(time.monotonic())
        return Answer(status=429, headers={"Retry-After": "1"}) if len(moments) == 1 else article.page()

    internet.pages[article.url] = busy_once
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (0, {"new": 1, "stored": 1})
    assert moments[1] - moments[0] >= 1


def test_a_wait_that_is_too_long_is_left_to_the_next_run(internet: Internet, archiver: Archiver) -> None:
    [article] = articles = stories(1)
    put_online(internet, articles)
    internet.pages[article.url] = Answer(status=503, headers={"Retry-After": "Wed, 01 Jan 2098 00:00:00 GMT"})
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (1, {"blocked": 1})
    assert run.summary["problems"][0]["reason"].startswith("HTTP 503, to be asked again in ")
    assert internet.urls("/p/") == [article.url]


def test_a_wrong_address_is_named_and_nothing_is_written(internet: Internet, archiver: Archiver) -> None:
    run = archiver("page", f"{SITE}/p/404", *FAST)
    assert run.code == 1
    assert f"failed: {SITE}/p/404 (HTTP 404)" in run.stderr
    assert not archiver.output.exists()


def test_a_locale_without_chinese_costs_nothing(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(2))
    archiver.environment |= {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()["new"]) == (0, 2), run.stderr
    assert all("新媒体/36kr/" in name for name in run.files() if name.endswith(".md"))


def test_a_password_without_a_host_is_the_sites_alone(internet: Internet, archiver: Archiver) -> None:
    articles = stories(1)
    put_online(internet, articles)
    run = archiver.crawl(*NEWS_ONLY, "-s", "HTTPAUTH_USER=me", "-s", "HTTPAUTH_PASS=S3CR3T")
    assert run.code == 0, run.stderr
    told = {asked.url: "authorization" in asked.headers for asked in internet.asked}
    assert told[articles[0].url]
    assert not told[articles[0].image]
    assert "S3CR3T" not in run.stdout + run.stderr
    assert not any(b"S3CR3T" in path.read_bytes() for path in archiver.output.rglob("*") if path.is_file())


def test_nothing_reachable_is_exit_code_5(internet: Internet, archiver: Archiver) -> None:
    archiver.environment |= {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (5, {"failed": 1})


def test_a_certificate_that_nobody_signed_is_refused(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    del archiver.environment["SSL_CERT_FILE"]
    run = archiver.crawl(*NEWS_ONLY)
    assert (run.code, run.counts()) == (5, {"failed": 1})


def test_two_runs_do_not_share_an_archive(internet: Internet, archiver: Archiver) -> None:
    articles = stories(1)
    put_online(internet, articles)
    internet.pages[articles[0].url] = Answer(articles[0].page(), delay=60)
    with archiver.start("crawl", "36kr", *NEWS_ONLY, *FAST) as first:
        while not (archiver.output / ".archiver" / "lock").exists():
            time.sleep(0.05)
        time.sleep(0.2)
        second = archiver.crawl(*NEWS_ONLY)
        assert second.code == 4
        assert f"is in use by process {first.pid}" in second.stderr
        assert first.poll() is None
        first.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_finishes_what_is_in_flight(
    internet: Internet, archiver: Archiver, number: signal.Signals
) -> None:
    articles = stories(9)
    put_online(internet, articles)
    internet.pages[articles[3].url] = Answer(articles[3].page(), delay=1)
    with archiver.start("crawl", "36kr", "--json", *NEWS_ONLY, *FAST) as process:
        while articles[3].url not in internet.urls():
            time.sleep(0.02)
        process.send_signal(number)
        stdout, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    done = json.loads(stdout)["new"]
    assert 4 <= done < 9
    assert len([*archiver.output.rglob("*.md")]) == len([*archiver.output.rglob("*.png")]) == done
    assert left_behind(archiver.output) == []
    assert archiver.crawl(*NEWS_ONLY).counts() == {"new": 9 - done, "known": done, "stored": 9 - done}


def left_behind(folder: Path) -> list[Path]:
    return list(folder.rglob(".archiver-tmp-*"))


def test_a_run_that_is_interrupted_twice_ends_at_once(internet: Internet, archiver: Archiver) -> None:
    articles = stories(3)
    put_online(internet, articles)
    internet.pages[articles[0].url] = Answer(articles[0].page(), delay=20)
    with archiver.start("crawl", "36kr", "--json", *NEWS_ONLY, *FAST) as process:
        while articles[0].url not in internet.urls():
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
    assert process.returncode == 130


def test_a_full_disk_stops_the_run(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(3))
    archiver.output.mkdir()
    (archiver.output / "新媒体").write_text("a file where a folder must go")
    run = archiver.crawl(*NEWS_ONLY)
    assert run.code == 3
    assert "新媒体" in run.stderr


def test_blocked_sections_of_one_site_do_not_stop_the_other(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1), stories(1, "newsflashes", 5000))
    internet.pages[FLASHES] = CHALLENGE
    run = archiver.crawl()
    assert (run.code, run.counts()) == (1, {"new": 1, "stored": 1, "blocked": 1})
