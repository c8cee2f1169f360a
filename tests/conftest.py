"""The loopback internet, and the program run as a user runs it."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from redis import Redis

from archiver.archive import Archive
from archiver.layout import Layout
from archiver.outcomes import Outcome
from archiver.records import ArticleRecord
from tests.internet import Internet

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_PAUSE=0.02", "-s", "BLOCKED_PAUSE=0.02")


COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""By this variable coverage measures the programs that a test starts; they take 1.7 times as long then."""
UNMEASURED = ("test_crawl_generated", "test_machine_faults", "test_politeness", "test_bounds")
"""Modules of which it does not: what they run is run by others, too."""


@dataclass
class Run:
    """What a run of the program left behind."""

    code: int
    stdout: str
    stderr: str
    output: Path

    @property
    def summary(self) -> dict[str, Any]:
        """The JSON object of `--json`."""
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    def counts(self) -> dict[str, int]:
        """The outcomes that occurred."""
        return {k: v for k, v in self.summary.items() if isinstance(v, int) and v and k in list(Outcome)}

    def posts(self) -> dict[str, str]:
        """Address of an article -> its post, as the index has it."""
        with closing(Archive(Layout(self.output, self.output / "images"), mode="read")) as archive:
            return {record.url: record.post for record in archive.index.all(ArticleRecord) if record.url}

    def files(self) -> list[str]:
        """Posts and images, relative to the archive."""
        found = (path.relative_to(self.output) for path in self.output.rglob("*") if path.is_file())
        return sorted(str(path) for path in found if path.parts[0] != ".archiver")


class Archiver:
    """`archiver ARGUMENTS` in a folder of its own, on the loopback internet."""

    def __init__(self, internet: Internet, folder: Path) -> None:
        self.internet, self.folder = internet, folder
        self.output = folder / "output"
        self.environment = {**os.environ, **internet.environment(folder)}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "archiver", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str) -> Run:
        with self.start(*arguments) as process:
            try:
                stdout, stderr = process.communicate(timeout=180)
            except subprocess.TimeoutExpired:
                process.kill()  # else the end of `with` waits for it, and the suite for ever
                raise
        return Run(process.returncode, stdout, stderr, self.output)

    def crawl(self, *arguments: str) -> Run:
        """`archiver crawl 36kr --json`, without the pauses that a real site deserves."""
        return self("crawl", "36kr", "--json", *FAST, *arguments)


@pytest.fixture
def internet() -> Iterator[Internet]:
    net = Internet()
    with net.running():
        yield net


@pytest.fixture
def archiver(request: pytest.FixtureRequest, internet: Internet, tmp_path: Path) -> Archiver:
    program = Archiver(internet, tmp_path)
    if request.module.__name__.rpartition(".")[2] in UNMEASURED:
        program.environment.pop(COVERAGE, None)
    return program


def server_of(variable: str) -> str:
    """The address of a server that a test needs. Without it the test is skipped, and in CI fails."""
    if not (server := os.environ.get(variable, "")):
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent(f"{variable} names no server")
    return server


@pytest.fixture
def broker(worker_id: str) -> Iterator[str]:
    """An empty database of Redis (`.ci/redis` starts one); each process that runs tests has its own."""
    url = f"{server_of('ARCHIVER_TEST_REDIS')}/{int(worker_id.removeprefix('gw') if worker_id != 'master' else 0)}"
    with closing(Redis.from_url(url)) as redis:
        redis.flushdb()
        yield url
        redis.flushdb()


@pytest.fixture(params=["sqlite", "postgresql"])
def index_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the index lies: empty for its default place, or the URL of an empty PostgreSQL database of the test's own.

    `ARCHIVER_TEST_POSTGRES` names a server that may make databases (`.ci/postgres` starts one).
    """
    if request.param == "sqlite":
        yield ""
        return
    server = server_of("ARCHIVER_TEST_POSTGRES")
    name = f"archiver_{uuid.uuid4().hex}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
