"""Whatever a server sends, it costs one page, a known time and a known memory; and a run ends when it is told to."""

import gzip
import os
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from archiver.cli.configuration import parse_size
from archiver.errors import PageError
from archiver.frontier import Frontier, Trail
from archiver.limits import memory
from archiver.markup import MarkupBounds, refuse_monstrous
from archiver.sites import Channel
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Asked, Internet
from tests.samples import picture
from tests.town import NEWS, SENTENCE, Town, stories
from tests.wire import Send, Wire, answer, article

MIB = 1024**2


@pytest.fixture
def site() -> Iterator[Wire]:
    with Wire().running() as wire:
        yield wire


@pytest.fixture
def direct(archiver: Archiver) -> Archiver:
    for name in ("http_proxy", "https_proxy"):
        del archiver.environment[name]
    return archiver


def peak(process: Any) -> int:
    """Largest resident memory in bytes of a process and its children while it runs, and its result."""
    most = 0
    pages = os.sysconf("SC_PAGE_SIZE")
    while process.poll() is None:
        try:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for pid in (str(process.pid), *children):
                most = max(most, int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * pages)
        except (OSError, IndexError):
            pass
        time.sleep(0.02)
    return most


def reasons(run: Run) -> list[str]:
    return [problem["reason"] for problem in run.summary["problems"]]


# Bodies.


def bomb(packed: bytes, encoding: str) -> bytes:
    return answer(packed, "200 OK", f"Content-Encoding: {encoding}")


def gzip_bomb(mib: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(mib)), packer.flush()])


def brotli_bomb(mib: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(bytes(MIB)) for _ in range(mib)), packer.finish()])


def zstd_bomb(mib: int) -> bytes:
    packer = zstd.ZstdCompressor()
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(mib)), packer.flush()])


def deflate_bomb(mib: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(mib)), packer.flush()])


def endless(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        send(b"<p>and so on</p>" * 4096)


def long_headers(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        send(b"X-%d: %s\r\n" % (number, b"x" * 8000))


def one_long_header(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        send(b"x" * 65536)


def continuations(send: Send) -> None:
    while True:
        send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


MONSTERS: dict[str, Callable[[], bytes | Callable[[Send], None]]] = {
    "gzip": lambda: bomb(gzip_bomb(512), "gzip"),
    "deflate": lambda: bomb(deflate_bomb(512), "deflate"),
    "brotli": lambda: bomb(brotli_bomb(512), "br"),
    "zstd": lambda: bomb(zstd_bomb(512), "zstd"),
    "gzip-twice": lambda: bomb(gzip.compress(gzip_bomb(4096)), "gzip, gzip"),
    "endless": lambda: endless,
    "length": lambda: b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n<p>x</p>",
    "headers": lambda: long_headers,
    "header": lambda: one_long_header,
    "continue": lambda: continuations,
}


def test_no_answer_takes_more_than_its_share_of_memory(site: Wire, direct: Archiver) -> None:
    site.pages = {f"/{name}": make() for name, make in MONSTERS.items()} | {"/good": article()}
    urls = [f"{site.site}{path}" for path in site.pages]
    with direct.start("page", *urls, "--json", *FAST, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4") as process:
        most = peak(process)
        stdout, stderr = process.communicate()
    run = Run(process.returncode, stdout, stderr, direct.output)
    assert (run.code, run.counts()) == (1, {"new": 1, "failed": len(MONSTERS)}), stderr
    headers = {"too large: headers of more than 131072 bytes", "too large: a header of more than 16384 bytes"}
    assert {*reasons(run)} == {"too large", "too large once unpacked"} | headers
    assert most < 600 * MIB
    assert len(site.paths) == len(urls)  # nothing is asked for twice


def drip(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        send(b"x")
        time.sleep(0.05)


def drip_headers(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    while True:
        send(b"X: y\r\n")
        time.sleep(0.05)


def silence(send: Send) -> None:
    time.sleep(20)


def test_an_answer_that_drips_ends(site: Wire, direct: Archiver) -> None:
    site.pages = {"/body": drip, "/headers": drip_headers, "/silence": silence, "/good": article()}
    urls = [f"{site.site}{path}" for path in site.pages]
    run = direct("page", *urls, "--json", *FAST, "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=0")
    assert run.counts() == {"new": 1, "failed": 3}, run.stderr
    assert reasons(run) == ["timeout"] * 3
    assert run.summary["time"] < 15


def test_redirects_end(internet: Internet, archiver: Archiver) -> None:
    hops = iter(range(100))

    def on_and_on(asked: Asked) -> Answer:
        return Answer(status=302, headers={"Location": f"/on/{next(hops)}"})

    internet.pages = {f"http://town.example/on/{number}": on_and_on for number in range(100)}
    internet.pages["http://town.example/a"] = Answer(status=301, headers={"Location": "/b"})
    internet.pages["http://town.example/b"] = Answer(status=301, headers={"Location": "/a"})
    run = archiver("page", "http://town.example/a", "http://town.example/on/50", "--json", *FAST)
    assert reasons(run) == ["refused: too many redirects"] * 2
    assert len(internet.urls()) == 12


def test_an_image_has_its_own_bounds(internet: Internet, archiver: Archiver) -> None:
    text = article("One", '<img src="/i.png">').partition(b"\r\n\r\n")[2]
    internet.pages = {"http://town.example/a": Answer(text)}
    internet.pages["http://town.example/i.png"] = Answer(picture("PNG"), type="image/png")
    arguments = ("page", "http://town.example/a", "--json", *FAST)
    run = archiver(*arguments, "-s", "ARCHIVER_MOST_PIXELS=3000")
    assert (run.counts(), reasons(run)[0].partition(";")[0]) == (
        {"new": 1, "missing": 1},
        "too large: 64x48 pixels, 1 frames",
    )
    run = archiver(*arguments, "-s", "ARCHIVER_MOST_IMAGE_BYTES=3000", "-o", "other")
    assert (run.counts(), reasons(run)[0].partition(";")[0]) == ({"new": 1, "missing": 1}, "too large")


# Markup.

BOUNDS = MarkupBounds()
NESTED = b"<div>" * 100_000
ATTRIBUTES = b" ".join(b'a%d="x"' % number for number in range(200_000))
MONSTROUS = {
    "elements within each other": (NESTED, "nested"),
    "elements within each other, closed by what does not close them": (b"<div></span>" * 5000, "nested"),
    "elements with a slash that is part of a value": (b"<div a=b c>" * 5000, "nested"),
    "attributes": (b"<div " + ATTRIBUTES + b">", "tag of more"),
    "attributes with > in them": (b"<div " + ATTRIBUTES.replace(b'"x"', b'">"') + b">", "tag of more"),
    "attributes with < in them": (b"<div " + ATTRIBUTES.replace(b'"x"', b"'<'") + b">", "tag of more"),
    "attributes without values": (b"<div " + ATTRIBUTES.replace(b'="x"', b"") + b">", "tag of more"),
    "attributes of a script": (b"<script " + ATTRIBUTES + b">", "tag of more"),
    "a thousand attributes": (b"<div " + b" ".join(b"a%d=x" % n for n in range(1000)) + b">", "500 attributes"),
}


@pytest.mark.parametrize(("html", "words"), MONSTROUS.values(), ids=MONSTROUS)
def test_no_parser_sees_monstrous_markup(html: bytes, words: str) -> None:
    started = time.monotonic()
    with pytest.raises(PageError, match=f"refused: parse-limits.*{words}"):
        refuse_monstrous(b"<!doctype html><body>" + html, BOUNDS)
    assert time.monotonic() - started < 2


HARMLESS = {
    "paragraphs and items that are never closed": b"<ul>" + b"<li><p>x" * 50_000,
    "rows and cells that are never closed": b"<table>" + b"<tr><td>x" * 50_000,
    "breaks and images": b"<br><img src=x>" * 50_000,
    "elements that are closed": b"<div><span>x</span></div>" * 50_000,
    "spans that are closed with their parent": b"<div><span>x</div>" * 50_000,
    "shapes of a drawing": b"<svg>" + b"<path d='M0 0'/>" * 50_000 + b"</svg>",
    "what stands in a script": b"<script>" + NESTED + b"</script>",
    "what stands in a comment": b"<!--" + NESTED + b"-->",
    "an image in an attribute": b"<img src='data:image/png;base64," + b"A=" * 500_000 + b"'>",
    "a state in an attribute": b"<div data-state='" + b"{&quot;a b=c&quot;:1}" * 50_000 + b"'></div>",
    "a text about <": b"a < b, 1 <2 " * 50_000,
}


@pytest.mark.parametrize("html", HARMLESS.values(), ids=HARMLESS)
def test_large_pages_that_nest_nothing_are_read(html: bytes) -> None:
    refuse_monstrous(html, BOUNDS)
    with pytest.raises(PageError, match="parse-limits"):  # it was looked through to its end
        refuse_monstrous(html + NESTED, BOUNDS)


@pytest.mark.parametrize(
    "unit", [b"<!--", b'<a href="', b"<", b"<a", b"<script>", b"<a =", b"'\"", b"='", b"<title x<"]
)
def test_the_look_is_linear(unit: bytes) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        for bounds in (MarkupBounds(tag=10**9, attributes=10**9, nested=10**9),):
            refuse_monstrous(b"<a " + unit * count, bounds)
        return time.process_time() - started

    small, large = min(seconds(50_000) for _ in range(3)), min(seconds(400_000) for _ in range(2))
    assert large < 8 * 4 * max(small, 0.002)


def test_a_monstrous_page_costs_itself_only(internet: Internet, archiver: Archiver) -> None:
    text = article().partition(b"\r\n\r\n")[2]
    internet.pages = {
        "http://town.example/a": Answer(text),
        "http://town.example/nested": Answer(NESTED + text),
        "http://town.example/attributes": Answer(b"<div " + ATTRIBUTES + b">" + text),
    }
    run = archiver("page", *internet.pages, "--json", *FAST)
    assert run.counts() == {"new": 1, "failed": 2}, run.stderr
    assert all(reason.startswith("refused: parse-limits") for reason in reasons(run))


# Listings.


@pytest.fixture
def town(internet: Internet, archiver: Archiver) -> Town:
    town = Town(internet, archiver.folder)
    town.stories = stories(12)
    town.publish()
    return town


def crawl(archiver: Archiver, *arguments: str) -> Run:
    return archiver("crawl", "town", "--json", *FAST, *arguments)


def test_a_listing_has_so_many_pages_and_no_more(town: Town, archiver: Archiver) -> None:
    run = crawl(archiver, "-s", "ARCHIVER_MOST_PAGES=2")
    assert (run.code, run.counts()) == (1, {"new": 10, "failed": 1})
    assert reasons(run) == ["refused: trap-limit, more than 2 pages"]
    assert crawl(archiver, "--all").counts() == {"new": 2, "known": 10}


def test_pages_that_the_user_counts_are_no_trap() -> None:
    frontier = Frontier(pages=2)
    frontier.most_pages = 5
    trail = Trail(Channel("news", ("https://town.example/",), ("a", "b", "c")), number=2)
    assert not frontier.is_worth_it(trail)
    assert not trail.is_cut_off


def test_a_run_has_so_many_articles_and_no_more(town: Town, archiver: Archiver) -> None:
    run = crawl(archiver, "-s", "ARCHIVER_MOST_ARTICLES=4")
    assert (run.code, run.counts()) == (1, {"new": 4})
    assert run.summary["stopped"] == "trap-limit, 4 articles in one run"
    assert crawl(archiver).counts() == {"new": 8, "known": 4}


def test_a_page_has_so_many_links_and_no_more(town: Town, archiver: Archiver) -> None:
    run = crawl(archiver, "-s", "ARCHIVER_MOST_LINKS=3", "--pages", "1")
    assert run.counts() == {"new": 3}
    assert run.summary["notices"] == [{"url": NEWS, "notice": "of 5 links the first 3 are followed"}]


def test_sitemaps_that_lead_to_sitemaps_end(internet: Internet, archiver: Archiver) -> None:
    count = iter(range(1000))

    def index(asked: Asked) -> Answer:
        text = (
            f"<sitemapindex><sitemap><loc>http://town.example/sitemap.xml?{next(count)}</loc></sitemap></sitemapindex>"
        )
        return Answer(text, type="application/xml")

    internet.pages = {"http://town.example/sitemap.xml": index}
    internet.pages |= {f"http://town.example/sitemap.xml?{number}": index for number in range(1000)}
    run = archiver("section", "http://town.example/sitemap.xml", "--json", *FAST)
    assert run.code == 1
    assert "refused: trap-limit, sitemaps nested more than 3 deep" in reasons(run)
    assert len(internet.urls()) == 4


@pytest.mark.parametrize(
    ("setting", "text", "reason"),
    [
        ("ARCHIVER_LARGEST_FEED", "<rss><channel>{}</channel></rss>", "a feed of more than"),
        ("ARCHIVER_LARGEST_SITEMAP", "<urlset>{}</urlset>", "too large: a sitemap of more than"),
    ],
)
def test_feeds_and_sitemaps_have_their_bounds(
    internet: Internet, archiver: Archiver, setting: str, text: str, reason: str
) -> None:
    internet.pages = {"http://town.example/x.xml": Answer(text.format(" " * 5000), type="application/xml")}
    run = archiver("section", "http://town.example/x.xml", "--json", *FAST, "-s", f"{setting}=4000")
    assert reasons(run)[0].startswith(reason)


# The run.


def test_a_run_ends_after_its_time(town: Town, archiver: Archiver) -> None:
    for story in town.stories:
        town.internet.pages[story.url] = Answer(story.page(), delay=0.4)
    run = crawl(archiver, "--max-time", "4s", "-s", "DOWNLOAD_DELAY=0.5")
    done = run.counts()["new"]
    assert run.code == 1
    assert 0 < done < 12
    assert run.summary["stopped"] == "--max-time of 4 s is over"
    assert len(run.posts()) == done == len(town.internet.urls("/story-"))  # what was in flight is finished
    assert crawl(archiver).counts() == {"new": 12 - done, "known": done}


def test_a_run_ends_with_its_bytes(town: Town, archiver: Archiver) -> None:
    for story in town.stories:
        story.text = SENTENCE.format(number=story.number) * 400
    town.publish()
    for story in town.stories:
        town.internet.pages[story.url] = Answer(story.page(), delay=0.3)
    run = crawl(archiver, "--max-bytes", "100kB")
    done = run.counts()["new"]
    assert (run.code, run.summary["stopped"]) == (1, "--max-bytes of 100000 is reached")
    assert 2 < done < 12
    assert crawl(archiver).counts() == {"new": 12 - done, "known": done}


def test_a_run_ends_when_it_takes_too_much_memory(town: Town, archiver: Archiver) -> None:
    run = crawl(archiver, "-s", "ARCHIVER_MAX_MEMORY=20")
    assert run.code == 3
    assert run.summary["stopped"].endswith("of memory are in use, of 20")
    assert crawl(archiver).code == 0


def test_memory_is_measured() -> None:
    assert 10 * MIB < memory() < 4096 * MIB


@pytest.mark.parametrize(
    ("text", "bytes_"), [("500MB", 500_000_000), ("2 GiB", 2 * 1024**3), ("1000", 1000), ("3k", 3000), ("7B", 7)]
)
def test_a_size_is_read(text: str, bytes_: int) -> None:
    assert parse_size(text) == bytes_


@pytest.mark.parametrize("text", ["", "0", "much", "-1", "1.5GB", "5 miles"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a size"):
        parse_size(text)
