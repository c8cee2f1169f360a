"""A thousand articles of a generated newspaper: archived, asked again, and after a week in which things happened."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Asked, Internet

GENERATOR = Path(__file__).parents[2] / "shared" / "bench" / "site_gen.py"
BASE = "https://paper.example"
SECTIONS = ("world", "business", "tech", "culture", "sports", "opinion")
DEFINITION = """\
language: zh-CN
refresh: all
channels:
  {channels}
listing: {{item: div.list div.card, link: a, title: h3, date: time, next: a.next}}
article: {{title: h1.post-title, body: div.post-body, date: time, author: "a[rel=author]", image: figure.hero img}}
"""


@dataclass
class Paper:
    """The generated site as a server with `ETag` and `Last-Modified` has it, and what happens to it."""

    folder: Path
    unpublished: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    corrected: set[str] = field(default_factory=set)

    def answer(self, asked: Asked) -> Answer:
        path = self.folder / "www" / urlsplit(asked.url).path.lstrip("/")
        file = path / "index.html" if path.is_dir() else path
        if asked.url in self.removed | self.unpublished or not file.is_file():
            return Answer("not here", 404)
        data = file.read_bytes()
        if file.suffix == ".html":
            data = self.page(data.decode(), asked.url).encode()
        kind = {".html": "text/html; charset=utf-8", ".txt": "text/plain", ".xml": "application/xml"}.get(file.suffix)
        etag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
        validators = {"ETag": etag, "Last-Modified": formatdate(file.stat().st_mtime, usegmt=True)}
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=validators)
        return Answer(data, type=kind or "image/jpeg", headers=validators)

    def page(self, text: str, url: str) -> str:
        """A page as it is today: cards of what is not there are left out, a correction stands in the body."""
        hidden = self.unpublished | self.removed
        text = re.sub(
            r'<div class="card".*?</span></div>',
            lambda card: "" if any(f'href="{link}"' in card[0] for link in hidden) else card[0],
            text,
            flags=re.DOTALL,
        )
        correction = '<div class="post-body" itemprop="articleBody"><p>Correction: it was Tuesday.</p>'
        old = '<div class="post-body" itemprop="articleBody">'
        return text.replace(old, correction) if url in self.corrected else text


@pytest.fixture
def paper(tmp_path: Path, internet: Internet) -> Paper:
    if not GENERATOR.exists():
        pytest.skip(f"no generator at {GENERATOR}")
    command = [sys.executable, str(GENERATOR), "--out", str(tmp_path / "paper"), "--articles", "1020"]
    subprocess.run([*command, "--base", BASE, "--no-gzip"], check=True, capture_output=True)
    site = Paper(tmp_path / "paper")
    internet.fallback = site.answer
    (tmp_path / "sites").mkdir()
    channels = "\n  ".join(f"{name}: {{start: {BASE}/{name}/, categories: [web, paper, {name}]}}" for name in SECTIONS)
    (tmp_path / "sites" / "paper.yaml").write_text(DEFINITION.format(channels=channels), "utf-8")
    return site


def crawl(archiver: Archiver, *arguments: str) -> Run:
    archiver.internet.asked.clear()
    return archiver("crawl", "paper", "--json", *FAST, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4", *arguments)


def tree(archiver: Archiver) -> dict[str, str]:
    found = (
        path for path in archiver.output.rglob("*") if path.is_file() and path.parent.name not in (".archiver", "runs")
    )
    return {
        path.relative_to(archiver.output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
    }


def test_a_thousand_articles_twice_and_after_a_week(internet: Internet, archiver: Archiver, paper: Paper) -> None:
    truth = json.loads((paper.folder / "truth.json").read_text("utf-8"))["articles"]
    urls = [article["url"] for article in truth]  # newest first
    paper.unpublished = set(urls[:20])
    first = crawl(archiver)
    assert (first.code, first.counts()) == (0, {"new": 1000, "stored": 1000})
    assert sorted(internet.urls(".html")) == sorted(urls[20:])
    before = tree(archiver)
    assert len(before) == 2000

    again = crawl(archiver)
    assert (again.code, again.summary["new"], again.summary["rechecked"]) == (0, 0, 0)
    starts = [f"{BASE}/{name}/" for name in SECTIONS]
    assert sorted(internet.urls()) == sorted(starts)
    assert all("if-none-match" in asked.headers for asked in internet.asked if "robots" not in asked.url)
    assert tree(archiver) == before

    paper.unpublished.clear()
    paper.corrected = set(urls[100:600:100])
    paper.removed = set(urls[150:450:100])
    week = crawl(archiver, "--refresh", "all")
    assert (week.code, week.summary["rechecked"]) == (0, 1000)
    happened = {"new": 20, "stored": 20, "changed": 5, "gone": 3, "unchanged": 992}
    assert week.counts() == happened
    asked = [request for request in internet.asked if request.url.endswith(".html")]
    assert sorted(request.url for request in asked) == sorted(urls)
    assert {request.url for request in asked if "if-none-match" not in request.headers} == set(urls[:20])
    assert len(internet.urls("/media/")) == 20
    after = tree(archiver)
    changed = {name for name in before if after[name] != before[name]}
    added = {name for name in after if name not in before}
    assert len(changed) == 5
    assert len([name for name in added if name.startswith(".archiver/versions/")]) == 5
    assert len(added) == 5 + 2 * 20
