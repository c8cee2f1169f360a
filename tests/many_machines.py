"""`python -m tests.many_machines`: four workers crawl twelve sites into one archive, and two of them are killed.

`ARCHIVER_TEST_POSTGRES` and `ARCHIVER_TEST_REDIS` name servers of which an empty database is used. What is there at
the end is to be what one process archives with SQLite, byte for byte; no host is asked by two crawls at once, and each
keeps its pace. Exits with 1, and says what differs.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from archiver.archive import Archive
from archiver.bucket import BucketPath, Place, to_place
from archiver.files import TEMPORARY
from archiver.layout import Layout
from archiver.records import AliasRecord, ArticleRecord, ImageRecord
from tests.internet import Answer, Asked, Internet
from tests.kill_nine import IN_FLIGHT, dots, to_story
from tests.town import DEFINITION, Story

PAUSE = 0.04
"""`DOWNLOAD_DELAY`, in seconds."""
ANSWERING = 0.02
"""Seconds that an answer takes; who asks one at a time asks again after that at the earliest."""
PER_PAGE = 10
OWN = {"journal.jsonl", "journal", "lock", "runs"}


class Country(Internet):
    """Many newspapers, each on its own host; it remembers when each host was asked."""

    def __init__(self, sites: int, count: int) -> None:
        super().__init__()
        self.names = [f"town{number:02}" for number in range(sites)]
        self.times: dict[str, list[float]] = defaultdict(list)
        self.given: Counter[str] = Counter()
        """How often each article and image was given."""
        newest = datetime(2020, 5, 1, tzinfo=UTC)
        for place, name in enumerate(self.names):
            numbers = range(count * (place + 1), count * place, -1)
            self.publish(name, [to_story(n, newest - timedelta(hours=numbers[0] - n)) for n in numbers])
        self.wanted = {url for url in self.pages if "/news/story" in url or "/pictures/" in url}

    def publish(self, name: str, stories: list[Story]) -> None:
        def here(text: str) -> str:
            return text.replace("town.example", f"{name}.example")

        for start in range(0, len(stories), PER_PAGE):
            cards = "".join(
                f'<li class="card"><a href="{story.url}">{story.number}</a>'
                f'<time datetime="{story.when.isoformat()}"></time></li>'
                for story in stories[start : start + PER_PAGE]
            )
            page, following = start // PER_PAGE + 1, start + PER_PAGE < len(stories)
            more = f'<a class="next" href="/news/page/{page + 1}">' if following else ""
            url = f"https://{name}.example/news/" + (f"page/{page}" if start else "")
            self.pages[url] = f"<!doctype html><html><body><ul>{cards and here(cards)}</ul>{more}</body></html>"
        for story in stories:
            self.pages[here(story.url)] = here(story.page())
            self.pages[here(story.picture)] = Answer(dots(story.number), type="image/png")

    def answer(self, asked: Asked) -> Answer:
        self.times[urlsplit(asked.url).hostname or ""].append(time.monotonic())
        self.given.update([asked.url] if asked.url in self.wanted else ())
        found = super().answer(asked)
        return Answer(found.body, found.status, found.type, found.headers, delay=ANSWERING)

    def definition(self, name: str) -> str:
        return DEFINITION.replace("town.example", f"{name}.example").replace("web, town", f"web, {name}")

    def forget(self) -> None:
        self.times.clear()
        self.given.clear()


@dataclass
class Machines:
    """A folder that several machines work in, on a loopback internet."""

    folder: Path
    country: Country
    environment: dict[str, str] = field(default_factory=dict)
    """Where index and broker are, and the archive, where that lies in a bucket."""

    def begin(self) -> None:
        (self.folder / "sites").mkdir(parents=True)
        for name in self.country.names:
            (self.folder / "sites" / f"{name}.yaml").write_text(self.country.definition(name), "utf-8")
        settings = f"DOWNLOAD_DELAY: {PAUSE}, DOWNLOAD_DELAY_JITTER: 0, RETRY_PAUSE: 0.02, BLOCKED_PAUSE: 0.02"
        jobs = "".join(f"  {name}: {{every: 1h}}\n" for name in self.country.names)
        (self.folder / "archiver.yaml").write_text(f"settings: {{{settings}}}\nschedule:\n{jobs}", "utf-8")

    @property
    def layout(self) -> Layout:
        output = to_place(self.environment.get("ARCHIVER_OUTPUT") or str(self.folder / "output"))
        return Layout(output, output / "images", index=self.environment.get("ARCHIVER_INDEX", ""))

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        own = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_CONFIG"}
        internet = self.country.environment(self.folder)
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "archiver", *arguments],
                cwd=self.folder,
                env={**own, **internet, **self.environment, "PYTHONPATH": str(Path(__file__).parents[1])},
                stdout=subprocess.PIPE if arguments[0] == "plan" else log,
                stderr=log,
                start_new_session=True,
            )

    def plan(self, *arguments: str) -> list[dict[str, object]]:
        """The jobs that are told."""
        process = self.start("plan", *arguments)
        text, _ = process.communicate(timeout=60)
        if process.returncode:
            raise RuntimeError(f"archiver plan: exit code {process.returncode}, {self.folder / 'log'}")
        return [json.loads(line) for line in text.splitlines()]

    @contextmanager
    def working(self, count: int, *arguments: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
        """So many machines; at the end they are gone, whatever they are at."""
        workers = [self.start("work", *arguments) for _ in range(count)]
        try:
            yield workers
        finally:
            for worker in workers:
                kill(worker)

    def crawled(self) -> set[str]:
        """The sites of which a run came to a good end."""
        if not self.layout.is_begun:
            return set()
        with closing(Archive(self.layout, mode="read")) as archive:
            return {run.site for run in archive.index.runs() if run.exit_code == 0}

    def files(self) -> dict[str, bytes]:
        """Every file of the archive, but for what it keeps about them."""
        return {name: path.read_bytes() for name, path in self.paths() if not name.startswith(".archiver/")}

    def paths(self) -> Iterator[tuple[str, Place]]:
        """Every file, by its path in the archive."""
        output = self.layout.output
        found = output.below() if isinstance(output, BucketPath) else filter(Path.is_file, output.rglob("*"))
        return ((path.relative_to(output).as_posix(), path) for path in found)

    def records(self) -> dict[str, list[object]]:
        """What the index knows that does not tell the time."""
        with closing(Archive(self.layout, mode="read")) as archive:
            found = archive.index
            return {
                "articles": [(it.post, it.url, it.title, it.sha256, it.image) for it in found.all(ArticleRecord)],
                "images": [(it.post, it.url, it.path, it.sha256) for it in found.all(ImageRecord)],
                "aliases": [(it.name, it.post) for it in found.all(AliasRecord)],
            }

    def leftovers(self) -> list[str]:
        names = [name.split("/") for name, _ in self.paths()]
        unfinished = ["/".join(name) for name in names if name[-1].startswith(TEMPORARY)]
        return unfinished + ["/".join(name) for name in names if name[0] == ".archiver" and name[1] not in OWN]

    def rebuild(self) -> None:
        """The index is what the journal says."""
        if code := self.start("index", "rebuild").wait(timeout=60):
            raise RuntimeError(f"archiver index rebuild: exit code {code}, {self.folder / 'log'}")


def family(process: int) -> list[int]:
    """A process and all that it has started."""
    found = [process]
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in path.read_text().split():
            found += family(int(child))
    return found


def kill(process: "subprocess.Popen[bytes]") -> None:
    """As a power cut ends a machine: its worker, and the crawls of that."""
    if process.poll() is None:
        for number in family(process.pid):
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait()


def until(holds: Callable[[], object], seconds: float) -> None:
    """Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"it did not come within {seconds:.0f} s")
        time.sleep(0.1)


def many_machines(folder: Path, index: str, broker: str, *, sites: int, count: int, output: str = "") -> list[str]:
    """What differs between the archive of four workers, of which two are killed, and that of one process.

    `output` is a bucket that they share, in the place of a folder.
    """
    country = Country(sites, count)
    shared = {"ARCHIVER_INDEX": index, "ARCHIVER_BROKER": broker, "ARCHIVER_OUTPUT": output, "no_proxy": "127.0.0.1"}
    many = Machines(folder / "many", country, {name: value for name, value in shared.items() if value})
    one = Machines(folder / "one", country)
    with country.running():
        many.begin()
        differences = crawl_and_kill(many, allowed=20 + sites * count)
        differences += manners(country)
        often = {url: times for url, times in country.given.items() if times > 1}
        if sum(often.values()) - len(often) > 2 * IN_FLIGHT or country.given.keys() != country.wanted:
            differences.append(f"asked for more often than they were in flight: {often}")
        one.begin()
        if code := one.start("crawl").wait(timeout=600):
            differences.append(f"exit code of one process: {code}")
    return differences + compare(many, one)


def crawl_and_kill(many: Machines, *, allowed: float) -> list[str]:
    """Four workers, two of which are killed, until every site is archived; what is not as it should be."""
    country = many.country
    planned = many.plan("--due")
    wrong = [] if planned == many.plan("--send") else ["other jobs were sent than planned"]
    wrong += ["a job was sent twice"] if many.plan("--send") else []
    with many.working(4, "--visibility-timeout=8s") as workers:
        for worker, part in zip(workers[:2], (0.2, 0.35), strict=True):
            until(lambda part=part: sum(country.given.values()) >= part * len(country.wanted), allowed)  # type: ignore[misc]
            until(lambda worker=worker: len(family(worker.pid)) > 1, allowed)  # type: ignore[misc]
            kill(worker)
        until(lambda: many.crawled() == {*country.names}, allowed)
        for worker in workers[2:]:
            worker.terminate()
        codes = [worker.wait(timeout=30) for worker in workers[2:]]
    wrong += [] if codes == [130, 130] else [f"exit codes of the workers: {codes}"]
    return wrong + (["jobs are due that were done"] if many.plan("--due") else [])


def manners(country: Country) -> list[str]:
    """Where a host was asked twice at the same time, or faster than its pace."""
    wrong = []
    for host, times in country.times.items():
        if min(after - before for before, after in pairwise(times)) < ANSWERING * 0.9:
            wrong.append(f"{host} was asked twice at once")
        if (times[-1] - times[0]) < (len(times) - 1) * PAUSE * 0.95:
            wrong.append(f"{host} was asked {len(times)} times in {times[-1] - times[0]:.2f} s")
    return wrong


def compare(many: Machines, one: Machines) -> list[str]:
    """What differs between two archives."""
    wanted, found = one.files(), many.files()
    differences = [f"missing: {sorted(wanted.keys() - found.keys())}"] if wanted.keys() - found.keys() else []
    differences += [f"too many: {sorted(found.keys() - wanted.keys())}"] if found.keys() - wanted.keys() else []
    differences += [f"other bytes: {name}" for name in wanted.keys() & found.keys() if wanted[name] != found[name]]
    differences += [f"left over: {name}" for name in many.leftovers()]
    records = one.records()
    differences += [f"{kind} in the index" for kind, own in records.items() if many.records()[kind] != own]
    many.rebuild()
    differences += [f"{kind} in the journal" for kind, own in records.items() if many.records()[kind] != own]
    return differences if len(wanted) == len(many.country.wanted) else [*differences, f"only {len(wanted)} files"]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.many_machines", description=__doc__)
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--articles", type=int, default=100, help="of each site (100)")
    parser.add_argument("--index", required=True, help="an empty PostgreSQL database")
    parser.add_argument("--broker", required=True, help="an empty Redis database")
    parser.add_argument("--output", default="", help="an empty place in a bucket (s3://BUCKET/PREFIX); else a folder")
    chosen, started = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        size = {"sites": chosen.sites, "count": chosen.articles}
        found = many_machines(Path(folder), chosen.index, chosen.broker, output=chosen.output, **size)
    print(f"{chosen.sites} sites, {chosen.articles} articles each, {time.monotonic() - started:.0f} s")
    print("\n".join(found or ["no difference"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
