"""The loopback internet, and the program run as a user runs it."""

import json
import os
import socket
import subprocess
import sys
import time
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
from archiver.bucket import client
from archiver.layout import Layout
from archiver.outcomes import Outcome
from archiver.records import ArticleRecord
from tests.internet import Internet

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_PAUSE=0.02", "-s", "BLOCKED_PAUSE=0.02")


COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""By this variable coverage measures the programs that a test starts; they take 1.7 times as long then."""
UNMEASURED = (
    *("test_bounds", "test_bucket", "test_crawl_generated", "test_crawl_incremental"),
    *("test_machine_faults", "test_politeness", "test_running", "test_scrapyd"),
)
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


@dataclass
class Store:
    """A server that stores objects as S3 does, on loopback."""

    url: str
    log: Path

    def asked(self, bucket: str) -> list[str]:
        """`METHOD /BUCKET/KEY` of each request about a bucket, in order."""
        words = (line.partition('"')[2].split() for line in self.log.read_text("utf-8").splitlines())
        return [f"{it[0]} {it[1]}" for it in words if len(it) > 1 and it[1].split("?")[0].split("/")[1] == bucket]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """moto's server; each process that runs tests has its own."""
    log = tmp_path_factory.mktemp("store") / "log"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != COVERAGE}
    with log.open("wb") as file, subprocess.Popen(command, env=environment, stdout=file, stderr=file) as server:
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.1)
            yield Store(f"http://127.0.0.1:{port}", log)
        finally:
            server.kill()


@pytest.fixture
def bucket(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a new bucket; the environment says where it is, to this process and to programs that begin later."""
    for name, value in {
        "AWS_ENDPOINT_URL": store.url,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "S3CR3T",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "no_proxy": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    client.cache_clear()
    name = f"news-{uuid.uuid4().hex}"
    client().create_bucket(Bucket=name)
    yield name
    client().close()
    client.cache_clear()


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
