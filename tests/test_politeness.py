"""A host that asks us to wait, to slow down or to stay away is heard; the others are not kept waiting."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from archiver.failures import reason_of
from archiver.middlewares.politeness import in_words, retry_after
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Asked, Internet
from tests.samples import picture
from tests.wire import Send, Wire, answer, article

TEXT = article().partition(b"\r\n\r\n")[2]


def page(archiver: Archiver, *arguments: str) -> Run:
    return archiver("page", "--json", *FAST, *arguments)


def reasons(run: Run) -> dict[str, str]:
    return {problem["url"]: problem["reason"] for problem in run.summary["problems"]}


# Retry-After.


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 10**9),
        ("9" * 500, 10**9),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_a_wait_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    found = retry_after(Response("https://town.example/", headers={"Retry-After": value}))
    if seconds is None or found is None:
        assert found == seconds
    else:
        assert seconds - 60 <= found if seconds == 10**9 else abs(found - seconds) < 60


@pytest.mark.parametrize("is_gmt", [True, False], ids=["GMT", "-0000, which is UTC as well"])
def test_a_wait_may_be_a_date_in_an_hour(is_gmt: bool) -> None:
    moment = datetime.now(UTC) + timedelta(hours=1)
    value = format_datetime(moment, usegmt=True) if is_gmt else format_datetime(moment.replace(tzinfo=None))
    response = Response("https://a.example/", headers={"Retry-After": value})
    found = retry_after(response)
    assert found is not None
    assert 3590 < found <= 3600


def test_a_wait_is_told_in_words() -> None:
    assert [in_words(seconds) for seconds in (90, 7200, 86400 * 400)] == ["2 min", "2 h", "400 days"]


def test_a_host_is_parked_and_the_others_are_not(internet: Internet, archiver: Archiver) -> None:
    moments: dict[str, float] = {}

    def note(name: str, found: str | Answer) -> Any:
        def script(_: Asked) -> str | Answer:
            moments[name] = time.monotonic()
            return found

        return script

    busy = Answer(status=503, headers={"Retry-After": "3"})
    internet.pages = {
        "http://busy.example/a": [note("first", busy), note("again", Answer(TEXT))],
        "http://other.example/a": note("other", Answer(TEXT)),
    }
    for url, scripts in internet.pages.items():
        if isinstance(scripts, list):
            internet.pages[url] = in_turn(scripts)
    run = page(archiver, *internet.pages)
    assert run.counts() == {"new": 2}, run.stderr
    assert moments["again"] - moments["first"] >= 3
    assert moments["other"] - moments["first"] < 3


def in_turn(scripts: list[Any]) -> Any:
    rest = iter(scripts)

    def script(asked: Asked) -> str | Answer:
        found: str | Answer = next(rest)(asked)
        return found

    return script


def test_a_host_that_wants_too_long_a_pause_is_asked_once(internet: Internet, archiver: Archiver) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(days=2, minutes=1), usegmt=True)
    internet.pages = {
        f"http://busy.example/{number}": Answer(status=429, headers={"Retry-After": later}) for number in range(4)
    }
    internet.pages["http://other.example/a"] = Answer(TEXT)
    run = page(archiver, *internet.pages, "-s", "DOWNLOAD_DELAY=0.3")
    assert (run.code, run.counts()) == (1, {"new": 1, "blocked": 4})
    assert {*reasons(run).values()} == {
        "HTTP 429, to be asked again in 2 days",
        "put off: busy.example wants to be left alone for 2 days",
    }
    assert len(internet.urls("busy.example")) == 1


# robots.txt.


def with_robots(internet: Internet, robots: Answer) -> list[str]:
    internet.pages = {f"http://town.example/{number}": Answer(TEXT) for number in range(2)}
    urls = [*internet.pages]
    internet.pages["http://town.example/robots.txt"] = robots
    return urls


@pytest.mark.parametrize("status", [500, 503, 599, 429])
def test_rules_that_cannot_be_had_defer_the_site(internet: Internet, archiver: Archiver, status: int) -> None:
    urls = with_robots(internet, Answer("oops", status))
    run = page(archiver, *urls)
    assert (run.code, run.counts()) == (1, {"blocked": 2})
    assert reasons(run) == dict.fromkeys(urls, f"robots.txt: HTTP {status}")
    assert internet.urls() == []


def test_rules_that_can_be_had_at_last_are_obeyed(internet: Internet, archiver: Archiver) -> None:
    rules = "User-agent: *\nDisallow: /1"
    urls = with_robots(internet, [Answer("", 503), Answer(rules, type="text/plain")])  # type: ignore[arg-type]
    run = page(archiver, *urls)
    assert run.counts() == {"new": 1, "failed": 1} or run.counts() == {"new": 1, "skipped": 1, "failed": 1}
    assert reasons(run) == {urls[1]: "refused: Forbidden by robots.txt"}


@pytest.mark.parametrize(
    "robots",
    [
        pytest.param(Answer("no", 404), id="not there"),
        pytest.param(Answer("no", 403), id="forbidden"),
        pytest.param(Answer(b"\x89PNG\r\n\x1a\n\0\0\0\0", type="image/png"), id="an image"),
        pytest.param(Answer("<!doctype html><p>Disallow: /</p>"), id="a page"),
        pytest.param(Answer(status=302, headers={"Location": "/robots.txt"}), id="redirected for ever"),
        pytest.param(Answer("no world knows", 502), id="a proxy that reaches nobody"),
    ],
)
def test_where_there_are_no_rules_all_may_be_asked(internet: Internet, archiver: Archiver, robots: Answer) -> None:
    urls = with_robots(internet, robots)
    assert page(archiver, urls[0]).counts() == {"new": 1}


@pytest.fixture
def site() -> Iterator[Wire]:
    with Wire().running() as wire:
        yield wire


@pytest.fixture
def direct(archiver: Archiver) -> Archiver:
    for name in ("http_proxy", "https_proxy"):
        del archiver.environment[name]
    return archiver


def reset(send: Send) -> None:
    """Sends nothing; the connection is closed."""


@pytest.mark.parametrize(
    ("robots", "outcome", "reason"),
    [
        pytest.param(answer("", "502 Bad Gateway"), "blocked", "robots.txt: HTTP 502", id="a bad gateway of the site"),
        pytest.param(reset, "failed", "robots.txt: connection failed: ", id="no answer"),
    ],
)
def test_without_a_proxy_it_is_the_host_that_fails(
    site: Wire, direct: Archiver, robots: Any, outcome: str, reason: str
) -> None:
    site.pages = {"/robots.txt": robots, "/a": article()}
    run = page(direct, f"{site.site}/a")
    assert run.counts() == {outcome: 1}
    assert reasons(run)[f"{site.site}/a"].startswith(reason)
    assert site.paths == []


def test_what_is_archived_is_not_held_for_a_robots_txt(internet: Internet, archiver: Archiver) -> None:
    urls = with_robots(internet, Answer("", 404))
    page(archiver, urls[0])
    internet.pages["http://town.example/robots.txt"] = Answer("", 503)
    assert page(archiver, urls[0]).counts() == {"blocked": 1}


def test_pages_that_wait_for_their_images_do_not_keep_the_rules_of_the_image_host_waiting(
    internet: Internet, archiver: Archiver
) -> None:
    text = str(TEXT, "utf-8").replace("</h1>", '</h1><img class="header" src="http://pictures.example/NUMBER.png">')
    for number in range(8):
        internet.pages[f"http://town.example/{number}"] = Answer(text.replace("NUMBER", str(number)), delay=0.5)
        internet.pages[f"http://pictures.example/{number}.png"] = Answer(picture("PNG"), type="image/png")
    urls = [url for url in internet.pages if "town" in url]
    run = page(archiver, *urls, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "CONCURRENT_REQUESTS=8")
    assert run.counts() == {"new": 8, "stored": 8}
    assert len(internet.urls("pictures.example")) == 8


@pytest.mark.parametrize(("wanted", "least", "most"), [("1.5", 1.5, 4), ("100", 2, 5)], ids=["as told", "capped"])
def test_a_crawl_delay_is_obeyed(
    internet: Internet, archiver: Archiver, wanted: str, least: float, most: float
) -> None:
    moments: list[float] = []

    def note(_: Asked) -> Answer:
        moments.append(time.monotonic())
        return Answer(TEXT)

    internet.pages = {f"http://town.example/{number}": note for number in range(3)}
    urls = [*internet.pages]
    rules = f"User-agent: *\nCrawl-delay: {wanted}\nDisallow: /x"
    internet.pages["http://town.example/robots.txt"] = Answer(rules, type="text/plain")
    page(archiver, *urls, "-s", "CRAWL_DELAY_MAX=2")
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) == 3
    assert all(least - 0.1 <= gap < most for gap in gaps), gaps


# What went wrong.


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CannotResolveHostError("x"), "host not found"),
        (DownloadConnectionRefusedError("x"), "connection refused"),
        (DownloadTimeoutError("x"), "timeout"),
        (ResponseDataLossError(), "cut short"),
        (DownloadCancelledError("x"), "too large"),
        (DownloadCancelledError("headers of more than 9 bytes"), "too large: headers of more than 9 bytes"),
        (DownloadFailedError("http://me:pass@town.example"), "connection failed: http://***@town.example"),
        (IgnoreRequest("max redirections reached"), "refused: too many redirects"),
        (KeyError("x"), "KeyError: 'x'"),
    ],
)
def test_each_failure_has_its_words(error: Exception, words: str) -> None:
    assert reason_of(error) == words


def garbage(send: Send) -> None:
    send(b"\x00\xffthis is no HTTP at all\r\n\r\n")


def short(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>half")


def test_failures_on_the_wire_are_told_apart(site: Wire, direct: Archiver) -> None:
    site.pages = {"/reset": reset, "/garbage": garbage, "/short": short}
    urls = [f"{site.site}{path}" for path in site.pages]
    run = page(direct, *urls, "http://127.0.0.1:9/a", "-s", "RETRY_TIMES=0")
    found = [*reasons(run).values()]
    assert sorted(found) == sorted(
        [
            "connection failed: closed without an answer",
            "connection failed: no HTTP answer",
            "cut short",
            "robots.txt: connection refused",
        ]
    ), run.stderr


def test_tls_failures_name_tls(internet: Internet, archiver: Archiver) -> None:
    del archiver.environment["SSL_CERT_FILE"]
    internet.pages = {"https://town.example/a": Answer(TEXT)}
    run = page(archiver, "https://town.example/a", "-s", "RETRY_TIMES=0")
    assert reasons(run)["https://town.example/a"].startswith("robots.txt: connection failed: TLS")
