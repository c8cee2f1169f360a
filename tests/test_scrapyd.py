"""A project of scrapy.cfg and a definition is deployed to a real scrapyd, where archiver is installed, and crawls."""

import importlib.util
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from archiver.archive import Archive
from archiver.layout import Layout
from archiver.sites import load_sites
from archiver.spiders import to_spider
from tests.conftest import Archiver
from tests.many_machines import until
from tests.town import Town, stories

with_scrapyd = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("scrapyd", "scrapyd_client", "setuptools"))),
    reason="pip install scrapyd scrapyd-client setuptools",
)
SETUP = """\
from setuptools import setup
setup(name="news", version="1", packages=[], entry_points={"scrapy": ["settings = archiver.settings"]})
"""


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def ask(port: int, verb: str, fields: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """The answer of scrapyd; with fields it is posted."""
    data = urlencode(fields).encode() if fields else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/{verb}", data, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.URLError:
        time.sleep(0.2)
        return {}
    return found


@with_scrapyd
def test_a_project_is_deployed_and_its_sites_are_crawled(archiver: Archiver) -> None:
    town, port = Town(archiver.internet, archiver.folder), free_port()
    town.stories = stories(3)
    town.publish()
    url = f"http://127.0.0.1:{port}/"
    configuration = f"[settings]\ndefault = archiver.settings\n[deploy]\nurl = {url}\nproject = news\n"
    (archiver.folder / "scrapy.cfg").write_text(configuration)
    (archiver.folder / "setup.py").write_text(SETUP)
    (archiver.folder / "scrapyd.conf").write_text(
        f"[scrapyd]\nbind_address = 127.0.0.1\nhttp_port = {port}\npoll_interval = 0.5\n"
    )
    environment = {**archiver.environment, "PYTHONPATH": str(Path(__file__).parents[1])}
    program = [sys.executable, "-m", "scrapyd"]
    with subprocess.Popen(program, cwd=archiver.folder, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            until(lambda: ask(port, "daemonstatus.json"), 30)
            deploy = [sys.executable, "-c", "from scrapyd_client.deploy import main; main()", "--version", "1"]
            subprocess.run(deploy, cwd=archiver.folder, env={**environment, "no_proxy": "*"}, check=True, timeout=60)
            assert "town" in ask(port, "listspiders.json?project=news")["spiders"]
            settings = [("setting", f"ARCHIVER_OUTPUT={archiver.output}"), ("setting", "DOWNLOAD_DELAY=0")]
            run = ask(port, "schedule.json", [("project", "news"), ("spider", "town"), ("limit", "2"), *settings])
            assert run["status"] == "ok"
            until(lambda: ask(port, "listjobs.json?project=news").get("finished"), 60)
        finally:
            server.terminate()
            server.wait(20)
    with closing(Archive(Layout(archiver.output, archiver.output / "images"), mode="read")) as archive:
        assert [archive.has(story.url) for story in town.stories] == [True, True, False]
        assert [(run.command, run.site, run.exit_code) for run in archive.index.runs()] == [("crawl", "town", 0)]


def test_a_spider_takes_the_name_that_scrapyd_gives_a_run() -> None:
    site = load_sites()["36kr"]
    assert to_spider(site)(_job="6487ec79", limit="1").name == "36kr"
