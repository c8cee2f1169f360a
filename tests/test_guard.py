"""No page leads a crawl into a private network, and nobody else learns what is the site's secret."""

import ipaddress
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock

from archiver.addresses import Permits, is_public, parse_endpoint, plain_host, why_refused
from archiver.log import PlainFilter
from archiver.masking import escaped, masked
from archiver.middlewares.guard import keep_secrets
from archiver.resolver import GuardedResolver
from archiver.sites import adhoc_site
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Internet
from tests.samples import picture
from tests.wire import NAMES, Names, Wire, answer, article, redirect

ROOT = Path(__file__).parents[1]

# What an address says about itself.

REFUSED = {
    "loopback": ("http://127.0.0.1/", "blocked-address 127.0.0.1"),
    "loopback, another of its addresses": ("http://127.0.0.2/", "blocked-address 127.0.0.2"),
    "one number": ("http://2130706433/", "blocked-address 127.0.0.1 of 2130706433"),
    "hexadecimal": ("http://0x7f000001/", "blocked-address 127.0.0.1 of 0x7f000001"),
    "octal": ("http://0177.0.0.1/", "blocked-address 127.0.0.1 of 0177.0.0.1"),
    "short": ("http://127.1/", "blocked-address 127.0.0.1 of 127.1"),
    "nothing but zero": ("http://0/", "blocked-address 0.0.0.0 of 0"),
    "full-width digits": ("http://①②⑦.⓪.⓪.①/", "blocked-address 127.0.0.1"),
    "ideographic full stops": ("http://127。0。0。1/", "blocked-address 127.0.0.1"),
    "percent-encoded": ("http://%31%32%37.0.0.1/", "blocked-address 127.0.0.1"),
    "a number that is no address": ("http://1.2.3.4.5/", "blocked-address http://1.2.3.4.5/"),
    "localhost": ("http://localhost/", "blocked-address localhost"),
    "localhost with a dot, in odd letters": ("http://ⓛocalhost./", "blocked-address localhost"),
    "a name below localhost": ("http://a.localhost/", "blocked-address a.localhost"),
    "a name without a dot": ("http://printer/", "blocked-address printer"),
    "the metadata of a cloud, by name": (
        "http://metadata.google.internal/",
        "blocked-address metadata.google.internal",
    ),
    "IPv6 loopback": ("http://[::1]/", "blocked-address ::1"),
    "IPv6 with a zone": ("http://[fe80::1%25eth0]/", "blocked-address fe80::1 of fe80::1%eth0"),
    "translated IPv4": ("http://[64:ff9b::7f00:1]/", "blocked-address 64:ff9b::7f00:1"),
    "private, behind a user name that looks like a host": ("http://town.example@10.0.0.5/", "blocked-address 10.0.0.5"),
    "private, at an odd port": ("http://10.0.0.5:6379/", "blocked-address 10.0.0.5"),
    "a database's port": ("http://town.example:6379/", "blocked-port 6379"),
    "port zero": ("http://town.example:0/", "blocked-port 0"),
    "a port that is none": ("http://town.example:99999/", "blocked-address http://town.example:99999/"),
    "a name and password": ("http://me:pass@town.example/", "blocked-userinfo"),
    "a file": ("file:///etc/passwd", "blocked-scheme file"),
    "FTP": ("ftp://town.example/", "blocked-scheme ftp"),
    "data": ("data:text/html,<p>", "blocked-scheme data"),
    "half a pair of brackets": ("http://[::1/", "blocked-address http://[::1/"),
    "no host": ("http:///a", "blocked-address http:///a"),
}


@pytest.mark.parametrize(("url", "reason"), REFUSED.values(), ids=REFUSED)
def test_an_address_that_may_not_be_asked_says_so_itself(url: str, reason: str) -> None:
    assert why_refused(url, Permits()) == reason


@pytest.mark.parametrize(
    "url",
    [
        "https://town.example/a?b",
        "HTTP://TOWN.EXAMPLE./",
        "http://town.example:8080/",
        "https://8.8.8.8:8443/",
        "https://[2606:4700::1111]/",
        "https://bücher.example/",
        "http://[64:ff9b::808:808]/",
    ],
)
def test_public_addresses_are_asked(url: str) -> None:
    assert why_refused(url, Permits()) is None


NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.255.255.255 100.64.0.1 100.100.100.200 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:5 64:ff9b:1::808:808 100::1 2001::1 2001:0:808:808::1
2001:10::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1
""".split()


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_what_lies_elsewhere_than_in_public_is_refused(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text", "1.1.1.1 100.63.255.255 172.32.0.1 198.20.0.1 ::ffff:8.8.8.8 2001:200::1 2a00::1".split()
)
def test_their_neighbours_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_what_the_user_names_is_allowed_at_that_port_only() -> None:
    permits = Permits(named=frozenset({("localhost", 8000)}), addresses=frozenset({("10.0.0.5", 9000)}))
    assert why_refused("http://localhost:8000/a", permits) is None
    assert why_refused("http://localhost/", permits) == "blocked-address localhost"
    assert why_refused("http://127.0.0.1:8000/", permits) == "blocked-address 127.0.0.1"
    assert why_refused("http://10.0.0.5:9000/", permits) is None
    assert why_refused("http://10.0.0.5/", permits) == "blocked-address 10.0.0.5"
    assert why_refused("http://10.0.0.6:9000/", permits) == "blocked-address 10.0.0.6"
    assert why_refused("http://wiki.example:9000/", permits) is None  # its address is looked at when it is known


@pytest.mark.parametrize(
    "text", ["10.0.0.5", "10.0.0.5:0", "town.example:80", "[10.0.0.5]:80", "fd00::5:80", ":80", ""]
)
def test_an_allowed_address_is_an_ip_and_a_port(text: str) -> None:
    with pytest.raises(ValueError, match="expected IP:PORT"):
        parse_endpoint(text)


def test_an_allowed_address_may_be_of_either_kind() -> None:
    assert parse_endpoint("10.0.0.5:8000") == ("10.0.0.5", 8000)
    assert parse_endpoint("[fd00:0::5]:443") == ("fd00::5", 443)


def test_a_host_has_one_spelling() -> None:
    assert plain_host("Bücher.Example.") == plain_host("xn--bcher-kva.example") == "xn--bcher-kva.example"


# What a name turns out to be.


class Receiver:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, _: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.found.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.is_complete = True


class Reactor(Clock):
    def __init__(self, names: Any) -> None:
        super().__init__()
        self.nameResolver = names


def resolver_of(table: dict[str, list[list[str]]], *allowed: tuple[str, int]) -> GuardedResolver:
    return GuardedResolver(Reactor(Names(table)), allowed, 10)


def resolve(resolver: GuardedResolver, name: str, port: int = 80) -> list[str]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, port)
    assert receiver.is_complete
    return receiver.found


def test_a_name_with_one_bad_answer_is_refused() -> None:
    resolver = resolver_of(
        {
            "good.example": [["1.1.1.1", "2606:4700::1111"]],
            "mixed.example": [["1.1.1.1", "127.0.0.1"]],
            "six.example": [["::1"]],
        }
    )
    assert resolve(resolver, "good.example") == ["1.1.1.1", "2606:4700::1111"]
    assert resolve(resolver, "mixed.example") == []
    assert resolve(resolver, "six.example") == []
    assert resolve(resolver, "nobody.example") == []
    assert resolver.refusals == {
        "mixed.example": "blocked-address 127.0.0.1 of mixed.example",
        "six.example": "blocked-address ::1 of six.example",
    }


def test_every_connection_is_judged_anew() -> None:
    resolver = resolver_of({"turn.example": [["1.1.1.1"], ["127.0.0.1"], ["1.1.1.1"]]})
    assert [resolve(resolver, "turn.example") for _ in range(3)] == [["1.1.1.1"], [], ["1.1.1.1"]]


def test_a_named_host_stays_where_it_was_first_seen() -> None:
    resolver = resolver_of(
        {
            "wiki.example": [["10.0.0.5"], ["10.0.0.5"], ["10.0.0.6"]],
            "news.example": [["1.1.1.1"], ["127.0.0.1"]],
            "both.example": [["1.1.1.1", "127.0.0.1"]],
        }
    )
    resolver.named |= {("wiki.example", 80), ("news.example", 80), ("both.example", 80)}
    assert [resolve(resolver, "wiki.example") for _ in range(3)] == [["10.0.0.5"], ["10.0.0.5"], []]
    assert [resolve(resolver, "news.example") for _ in range(2)] == [["1.1.1.1"], []]
    assert resolve(resolver, "both.example") == []
    assert resolve(resolver_of({"wiki.example": [["10.0.0.5"]]}), "wiki.example", 8080) == []


def test_an_allowed_address_may_have_any_name() -> None:
    resolver = resolver_of({"wiki.example": [["10.0.0.5"]]}, ("10.0.0.5", 9000))
    assert resolve(resolver, "wiki.example", 9000) == ["10.0.0.5"]
    assert resolve(resolver, "wiki.example", 80) == []


def test_an_odd_port_is_for_allowed_addresses_alone() -> None:
    resolver = resolver_of({"town.example": [["1.1.1.1"]]}, ("10.0.0.5", 9000))
    assert resolve(resolver, "town.example", 9000) == []
    assert resolver.refusals == {"town.example": "blocked-port 9000"}


def test_a_proxy_lies_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    resolver = resolver_of({"proxy.example": [["10.0.0.1"]]})
    assert resolve(resolver, "proxy.example", 3128) == ["10.0.0.1"]
    assert resolve(resolver, "proxy.example", 0) == ["10.0.0.1"]  # as Twisted asks for a tunnel
    assert resolve(resolver, "proxy.example", 80) == []


def test_a_silent_name_server_is_not_waited_for_and_what_it_says_later_is_not_heard() -> None:
    kept: list[Any] = []

    class Silent:
        def resolveHostName(self, receiver: Any, *_: Any) -> None:  # noqa: N802
            kept.append(receiver)

    reactor = Reactor(Silent())
    receiver = Receiver()
    GuardedResolver(reactor, (), 10).resolveHostName(receiver, "slow.example", 80)
    reactor.advance(9)
    assert not receiver.is_complete
    reactor.advance(2)
    assert receiver.is_complete
    kept[0].addressResolved(IPv4Address("TCP", "1.1.1.1", 80))
    kept[0].resolutionComplete()
    assert receiver.found == []


# Whole runs on real sockets: a site on 127.0.0.1, a canary that must not sing on 127.0.0.2.


@pytest.fixture
def site() -> Iterator[Wire]:
    with Wire().running() as wire:
        yield wire


@pytest.fixture
def canary(site: Wire) -> Iterator[Wire]:
    with Wire("127.0.0.2", site.port).running() as wire:
        yield wire


@pytest.fixture
def direct(archiver: Archiver) -> Archiver:
    """The program without a proxy, whose names are those of the test."""
    for name in ("http_proxy", "https_proxy"):
        del archiver.environment[name]
    archiver.environment |= {"PYTHONPATH": str(ROOT), NAMES: "{}"}
    return archiver


def page(archiver: Archiver, *arguments: str) -> Run:
    return archiver("page", *arguments, "--json", *FAST)


def reasons(run: Run) -> dict[str, str]:
    return {problem["url"]: problem["reason"] for problem in run.summary["problems"]}


def test_no_page_leads_into_a_private_network(site: Wire, canary: Wire, direct: Archiver) -> None:
    names = {"loop.example": [["127.0.0.2"]], "mixed.example": [["1.1.1.1", "127.0.0.2"]]}
    direct.environment[NAMES] = json.dumps(names)
    bad = ["127.0.0.2", "2130706434", "0x7f.2", "loop.example", "mixed.example", "[::ffff:127.0.0.2]", "me@127.0.0.2"]
    bad += [
        "%E2%91%A0%E2%91%A1%E2%91%A6.%E2%93%AA.%E2%93%AA.%E2%91%A1",
        "me:pass@127.0.0.2",
        "127.0.0.2\\@town.example",
    ]
    for number, host in enumerate(bad):
        site.pages[f"/{number}"] = redirect(f"http://{host}:{canary.port}/secret")
    site.pages["/twice"] = redirect("/0")
    site.pages["/file"] = redirect("file:///etc/passwd")
    site.pages["/good"] = article()
    urls = [f"{site.site}/{path}" for path in (*range(len(bad)), "twice", "file", "good")]
    allowed = ("--allow-address", f"127.0.0.9:{site.port}")  # or the port alone would be a reason
    run = page(direct, *urls, *allowed, "-s", "TWISTED_DNS_RESOLVER=tests.wire.MadeUpResolver")
    assert (run.code, run.counts()) == (1, {"new": 1, "failed": len(bad) + 2}), run.stderr
    found = reasons(run)
    for number, host in enumerate(bad):
        assert found[f"{site.site}/{number}"].startswith("refused: blocked-"), host
    assert found[f"{site.site}/file"] == "refused: blocked-scheme file"
    assert found[f"{site.site}/3"] == "refused: blocked-address 127.0.0.2 of loop.example"
    assert found[f"{site.site}/4"] == "refused: blocked-address 127.0.0.2 of mixed.example"
    assert canary.connections == 0
    assert sorted(site.paths) == sorted([f"/{path}" for path in (*range(len(bad)), "twice", "file", "good")] + ["/0"])


def test_an_image_or_a_link_into_a_private_network_costs_itself_only(
    site: Wire, canary: Wire, direct: Archiver
) -> None:
    image = f'<img src="http://127.0.0.2:{canary.port}/admin?do=delete">'
    site.pages["/news/a"] = article("One with an image", image)
    site.pages["/news/"] = answer(f'<ul><li><a href="/news/a">One</a><li><a href="{canary.site}/secret">Two</a></ul>')
    (direct.folder / "sites").mkdir()
    (direct.folder / "sites" / "town.yaml").write_text(
        f"start: {site.site}/news/\nlisting: {{item: li, link: a}}\narticle: {{title: h1, body: article}}\n"
        "domains: [127.0.0.1, 127.0.0.2]\n"
    )
    run = direct("crawl", "town", "--json", *FAST)
    assert run.counts() == {"new": 1, "failed": 1, "missing": 1}, run.stderr
    assert {*reasons(run).values()} == {
        "refused: blocked-address 127.0.0.2",
        f"refused: blocked-address 127.0.0.2; header image of {site.site}/news/a",
    }
    assert canary.connections == 0


@pytest.mark.parametrize("is_allowed", [False, True])
def test_an_article_of_a_listing_at_an_address_that_may_not_be_asked_is_told_once(
    site: Wire, canary: Wire, direct: Archiver, is_allowed: bool
) -> None:
    """Links elsewhere, and to what is no page, are none of the site's."""
    bad = [f"{canary.site}/secret", "file:///etc/passwd", "data:text/html,<h1>planted</h1>"]
    others = ["http://other.example/a", "http://other.example:9000/a", "mailto:me@town.example", "javascript:void(0)"]
    items = "".join(f'<li><a href="{href}">Elsewhere</a>' for href in (*bad, *others))
    for number in (1, 2):
        own = f'<li><a href="/news/{number}">One</a>'
        site.pages[f"/news/{number}"] = article(f"Number {number}")
        site.pages["/news/" if number == 1 else "/news/p2"] = answer(f'<ul>{own}{items}</ul><a class=n href="p2">2</a>')
    (direct.folder / "sites").mkdir()
    (direct.folder / "sites" / "town.yaml").write_text(
        f"start: {site.site}/news/\nlisting: {{item: li, link: a, next: a.n}}\narticle: {{title: h1, body: article}}\n"
    )
    allowed = ("--allow-address", f"{canary.host}:{canary.port}") if is_allowed else ()
    run = direct("crawl", "town", "--json", *allowed, *FAST)
    wanted = {
        bad[0]: "refused: blocked-address 127.0.0.2",
        bad[1]: "refused: blocked-scheme file",
        bad[2]: "refused: blocked-scheme data",
    }
    told = {url: reason for url, reason in wanted.items() if not (is_allowed and url == bad[0])}
    assert (reasons(run), run.counts()) == (told, {"new": 2, "failed": len(told)}), run.stderr
    assert canary.connections == 0


def test_a_robots_txt_that_leads_into_a_private_network_defers_its_site(
    site: Wire, canary: Wire, direct: Archiver
) -> None:
    site.pages["/robots.txt"] = redirect(f"{canary.site}/robots.txt")
    site.pages["/a"] = article()
    run = page(direct, f"{site.site}/a")
    assert (run.code, run.counts()) == (1, {"failed": 1})
    assert reasons(run) == {f"{site.site}/a": "robots.txt: refused: blocked-address 127.0.0.2"}
    assert (site.paths, canary.connections) == ([], 0)


def test_an_allowed_address_is_asked(site: Wire, canary: Wire, direct: Archiver) -> None:
    site.pages["/a"] = redirect(f"{canary.site}/b")
    canary.pages["/b"] = redirect(f"{site.site}/c")
    site.pages["/c"] = article()
    allowed = f"{canary.host}:{canary.port}"
    assert page(direct, f"{site.site}/a").counts() == {"failed": 1}
    assert canary.connections == 0
    assert page(direct, f"{site.site}/a", "--allow-address", allowed).counts() == {"new": 1}
    direct.environment["ARCHIVER_ALLOW_ADDRESS"] = allowed
    assert page(direct, f"{site.site}/a").counts() == {"unchanged": 1}


def test_a_wrong_allowed_address_is_a_mistake(direct: Archiver) -> None:
    run = direct("page", "http://town.example/", "--allow-address", "town.example")
    assert run.code == 2
    assert "expected IP:PORT" in run.stderr


def test_a_proxy_is_not_asked_for_private_addresses(internet: Internet, archiver: Archiver) -> None:
    archiver.environment |= {"PYTHONPATH": str(ROOT), NAMES: json.dumps({"loop.example": [["10.0.0.5"]]})}
    bad = ["10.0.0.5", "localhost", "loop.example", "printer", f"127.0.0.1:{internet.port}"]
    for number, host in enumerate(bad):
        internet.pages[f"http://town.example/{number}"] = Answer(status=302, headers={"Location": f"http://{host}/x"})
        internet.pages[f"http://{host}/x"] = "the secret"
    urls = [f"http://town.example/{number}" for number in range(len(bad))]
    run = page(archiver, *urls, "-s", "TWISTED_DNS_RESOLVER=tests.wire.MadeUpResolver")
    assert run.counts() == {"failed": len(bad)}, run.stderr
    assert reasons(run)["http://town.example/2"] == "refused: blocked-address 10.0.0.5 of loop.example"
    assert sorted(internet.urls()) == sorted(urls)


# Nothing listens, nothing is told.


def listening(pid: int) -> list[str]:
    """TCP and UDP sockets on which a process and its children wait for others."""
    pids = [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    inodes = set()
    for one in pids:
        for link in Path(f"/proc/{one}/fd").glob("*"):
            try:
                inodes.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    rows = [
        (table, row.split())
        for table in ("tcp", "tcp6", "udp", "udp6")
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return [f"{table} {row[1]}" for table, row in rows if row[9] in inodes and (row[3] == "0A" or "udp" in table)]


def test_no_socket_listens(site: Wire, direct: Archiver) -> None:
    def slow(send: Any) -> None:
        time.sleep(2)
        send(article())

    site.pages["/a"] = slow
    with direct.start("page", f"{site.site}/a", *FAST) as process:
        while "/a" not in site.paths:
            assert process.poll() is None
            time.sleep(0.05)
        found = listening(process.pid)
        process.communicate()
    assert found == []
    assert listening(os.getpid()) != []  # that of the test's own server: the test can see


def test_secrets_stay_with_their_site(internet: Internet, archiver: Archiver) -> None:
    (archiver.folder / "sites").mkdir()
    (archiver.folder / "sites" / "town.yaml").write_text(
        "start: http://town.example/news/\nlisting: {item: li, link: a}\narticle: {title: h1, body: article}\n"
        "settings:\n  HTTPAUTH_USER: me\n  HTTPAUTH_PASS: S3CR3T-PASS\n  HTTPAUTH_DOMAIN: town.example\n"
        """  DEFAULT_REQUEST_HEADERS: '{"Cookie": "id=S3CR3T-COOKIE", "X-Api-Key": "S3CR3T-KEY"}'\n"""
    )
    internet.pages["http://town.example/news/"] = (
        '<li><a href="/news/a?token=S3CR3T-TOKEN">One</a><li><a href="/b">B</a>'
    )
    text = article("One", '<img src="http://cdn.example/i.png">').partition(b"\r\n\r\n")[2]
    internet.pages["http://town.example/news/a?token=S3CR3T-TOKEN"] = Answer(text)
    internet.pages["http://town.example/b"] = Answer(status=302, headers={"Location": "http://evil.example/"})
    internet.pages["http://cdn.example/i.png"] = Answer(picture("PNG"), type="image/png")
    run = archiver("crawl", "town", "--json", "-vv", *FAST)
    assert run.counts() == {"new": 1, "stored": 1, "failed": 1}, run.stderr
    own = [asked for asked in internet.asked if "//town.example" in asked.url]
    others = [asked for asked in internet.asked if "//town.example" not in asked.url]
    assert all(asked.headers["cookie"] == "id=S3CR3T-COOKIE" for asked in own)
    assert {"http://cdn.example/i.png", "http://evil.example/"} <= {asked.url for asked in others}
    assert not [asked for asked in others if "S3CR3T" in str(asked.headers)]
    assert "S3CR3T" not in run.stderr + run.stdout
    assert "HTTPAUTH_PASS" in run.stderr  # the table is there, its secret is not


def test_plain_scrapy_tells_no_secret_either(archiver: Archiver) -> None:
    (archiver.folder / "scrapy.cfg").write_text("[settings]\ndefault = archiver.settings\n")
    scrapy = [sys.executable, "-m", "scrapy", "crawl", "36kr", "-a", "urls=https://36kr.com/p/1?token=S3CR3T"]
    secret = ["-s", "HTTPAUTH_PASS=S3CR3T", "-s", "HTTPAUTH_DOMAIN=36kr.com", "-s", "RETRY_TIMES=0"]
    run = subprocess.run(
        [*scrapy, *secret], cwd=archiver.folder, env=archiver.environment, capture_output=True, text=True, check=False
    )
    assert "S3CR3T" not in run.stderr
    assert "'HTTPAUTH_PASS': '***'" in run.stderr
    assert "https://36kr.com/p/1?token=***" in run.stderr


def test_a_proxy_password_is_in_no_log(archiver: Archiver) -> None:
    archiver.environment |= {"http_proxy": "http://me:S3CR3T-PROXY@127.0.0.1:9"}
    run = archiver("page", "http://town.example/a", "-vv", *FAST)
    assert run.code == 5
    assert "S3CR3T-PROXY" not in run.stderr + run.stdout
    assert "bWU6UzNDUjNULVBST1hZ" not in run.stderr + run.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET http://me:p@ss@town.example/a", "GET http://***@town.example/a"),
        ("postgresql+psycopg://me:pass@db/archive", "postgresql+psycopg://***@db/archive"),
        ("https://a.example/?a=1&token=x&b=2", "https://a.example/?a=1&token=***&b=2"),
        ("https://a.example/?auth_key=1&X-Amz-Signature=2", "https://a.example/?auth_key=***&X-Amz-Signature=***"),
        ("https://a.example/?wsSecret=3&sig=4", "https://a.example/?wsSecret=***&sig=***"),
        ("https://a.example/#access_token=x", "https://a.example/#access_token=***"),
        ("https://a.example/?keyword=x&author=y&design=z", "https://a.example/?keyword=x&author=y&design=z"),
        ("{'HTTPAUTH_PASS': 'x', 'ROBOTSTXT_OBEY': True}", "{'HTTPAUTH_PASS': '***', 'ROBOTSTXT_OBEY': True}"),
        ("{b'Authorization': [b'Basic x'], 'Accept': '*/*'}", "{b'Authorization': '***', 'Accept': '*/*'}"),
        ("mail me@town.example, see http://town.example/@me", "mail me@town.example, see http://town.example/@me"),
    ],
)  # fmt: skip
def test_what_is_secret_is_masked_and_the_rest_is_not(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_masking_takes_no_time_whatever_the_text() -> None:
    started = time.monotonic()
    for text in ("://" + "a" * 300_000, "://" * 100_000, "?a" * 100_000 + "=", "'a': '" * 50_000, "=?" * 100_000):
        masked(text)
    assert time.monotonic() - started < 5


def test_a_page_writes_no_line_of_its_own_into_the_log() -> None:
    record = logging.makeLogRecord({"msg": "failed: %s", "args": ("x\nnew: y\x1b[2J\u202e",), "name": "archiver"})
    PlainFilter().filter(record)
    assert record.getMessage() == r"failed: x\nnew: y\x1b[2J\u202e"
    try:
        raise ValueError("x\nnew: https://me:pass@town.example/")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "oops", "exc_info": (ValueError, error, error.__traceback__)})
    PlainFilter().filter(record)
    lines = logging.Formatter("%(message)s").format(record).splitlines()
    assert lines[0] == "oops"
    assert all(line.startswith("    ") for line in lines[1:])
    assert lines[-1] == "    new: https://***@town.example/"
    assert escaped("é 渡") == "é 渡"


def test_only_the_sites_own_hosts_get_its_headers() -> None:
    class Spider:
        site = adhoc_site("https://town.example/news/")

    headers = {"Cookie": "a", "Authorization": "b", "X-Auth-Token": "c", "Accept": "d", "Referer": "https://x/?key=1"}
    own, other = (Request(f"https://{host}/", headers=headers) for host in ("www.town.example", "cdn.example"))
    for request in (own, other):
        keep_secrets(request, Spider())  # type: ignore[arg-type]
    assert own.headers.to_unicode_dict() == {**headers, "Referer": "https://x/"}
    assert other.headers.to_unicode_dict() == {"Accept": "d", "Referer": "https://x/"}
