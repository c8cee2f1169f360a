"""Does a long run keep to its memory, and to its pace?

    python -m tests.measure_memory [ARTICLES]

One `archiver crawl` of so many small articles (20,000), each with an image of its own, from a site that this process
makes up on the fly, without pauses. Says how much the crawl's process grew after the first thousand articles, and
compares the first with the last ones: the processor's time for each, articles a second, files, threads and asyncio's
tasks. Exits with 1 where one of them grew beyond its bound.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from tests.conftest import FAST
from tests.internet import Answer, Asked, Internet
from tests.samples import picture
from tests.town import SENTENCE

ARTICLES = 20_000
MOST_GROWTH = 100
"""MB. A night's crawl has a gigabyte (`ARCHIVER_MAX_MEMORY`) for ten times as many articles."""
MOST_SLOWER = 1.25
"""Of the processor's time for an article, last to first; seen: see `docs/reliability.md`."""
MOST_MORE = 4
"""Files and threads: a connection or two more are chance."""
MOST_MORE_TASKS = 20
"""What is in flight has 43 to 58 tasks, as it comes (four runs); tasks that are never done would be thousands."""
TASKS = Path("tasks")
"""The file in which `TaskCount` keeps them."""
PER_PAGE = 50
HOST = "http://bulk.example"
NEWEST = datetime(2020, 5, 1, tzinfo=UTC)
DEFINITION = f"""\
domains: [bulk.example]
language: en
channels:
  news: {{start: {HOST}/news/, categories: [web, bulk, news]}}
listing: {{item: li.card, link: a, date: time, next: a.next}}
article: {{title: h1, body: div.body, date: time}}
"""
COMMAND = (
    *("crawl", "bulk", "--json", "--durability", "fast", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4", *FAST),
    *("-s", 'EXTENSIONS={"archiver.limits.RunLimits": 0, "tests.measure_memory.TaskCount": 1}'),
)
ARTICLE = re.compile(rf"{HOST}/news/(\d+)\.html")
LISTING = re.compile(rf"{HOST}/news/(?:page/(\d+))?")


class Bulk(Internet):
    """A site of so many articles, made when they are asked for."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.times: list[float] = []
        """When each article was answered."""
        self.image = picture("PNG")

    def answer(self, asked: Asked) -> Answer:
        self.asked.clear()
        if found := ARTICLE.fullmatch(asked.url):
            self.times.append(time.monotonic())
            return Answer(self.article(int(found[1])))
        if found := LISTING.fullmatch(asked.url):
            return Answer(self.listing(int(found[1] or 1)))
        if asked.url.endswith(".png"):  # what stands behind an image's end makes it another file
            return Answer(self.image + asked.url.encode(), type="image/png")
        return super().answer(asked)

    def article(self, number: int) -> str:
        text = SENTENCE.format(number=number) * 8
        return (
            f'<!doctype html><html><head><meta property="og:image" content="{HOST}/pictures/{number}.png"></head><body>'
            f"<h1>What happened on the quay, number {number}</h1>{when(number)}"
            f'<div class="body"><p>{text}</p><p>{text}</p></div></body></html>'
        )

    def listing(self, page: int) -> str:
        first = (page - 1) * PER_PAGE
        numbers = range(first, min(first + PER_PAGE, self.count))
        items = "".join(f'<li class="card"><a href="/news/{n}.html">Number {n}</a>{when(n)}</li>' for n in numbers)
        more = f'<a class="next" href="/news/page/{page + 1}">' if first + PER_PAGE < self.count else ""
        return f"<!doctype html><html><body><ul>{items}</ul>{more}</body></html>"


def when(number: int) -> str:
    return f'<time datetime="{(NEWEST - timedelta(hours=number)).isoformat()}"></time>'


class TaskCount:
    """A Scrapy extension that counts asyncio's tasks in the crawl's process, several times a second."""

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.begin, signals.spider_opened)
        crawler.signals.connect(self.end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def begin(self) -> None:
        self.counting = asyncio.ensure_future(self.count())

    def end(self) -> None:
        self.counting.cancel()

    async def count(self) -> None:
        while True:
            self.note(len(asyncio.all_tasks()))
            await asyncio.sleep(0.1)

    def note(self, count: int) -> None:
        TASKS.write_text(str(count), "ascii")


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at some moment."""

    articles: int
    """That it has been given."""
    resident: float
    """MB."""
    descriptors: int
    threads: int
    seconds: float
    """Of the processor."""
    tasks: int = 0


def sample(pid: int, articles: int = 0, tasks: Path | None = None) -> Sample | None:
    """None: the process has ended."""
    process = Path(f"/proc/{pid}")
    try:
        status = (process / "status").read_text("ascii")
        resident, threads = (re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE) for name in ("VmRSS", "Threads"))
        descriptors = sum(1 for _ in (process / "fd").iterdir())
        times = (process / "stat").read_text("ascii").rpartition(") ")[2].split()[11:13]
    except (FileNotFoundError, ProcessLookupError):
        return None
    if resident is None or threads is None:  # it is about to end
        return None
    seconds = sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    count = tasks.read_text("ascii") if tasks is not None and tasks.exists() else ""
    return Sample(articles, int(resident[1]) / 1000, descriptors, int(threads[1]), seconds, int(count or 0))


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a run's articles."""

    milliseconds: float
    """Of the processor, for an article."""
    pace: float
    """Articles a second."""
    descriptors: int
    """At most, as the next ones."""
    threads: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How a run went."""

    code: int
    posts: int
    seconds: float
    memory: float
    """MB at most."""
    growth: float
    """MB, from the first thousand articles (or the first fifth) to the most that was ever used."""
    first: Part
    """The thousand articles (or the fifth) behind those, in which everything starts."""
    last: Part

    @property
    def faults(self) -> list[str]:
        """What has grown beyond its bound."""
        found = {
            f"memory grew by {self.growth:.0f} MB": self.growth >= MOST_GROWTH,
            "an article takes longer and longer": self.last.milliseconds > MOST_SLOWER * self.first.milliseconds,
        }
        for name, most in {"descriptors": MOST_MORE, "threads": MOST_MORE, "tasks": MOST_MORE_TASKS}.items():
            found[f"more and more {name}"] = getattr(self.last, name) > getattr(self.first, name) + most
        return [fault for fault, is_there in found.items() if is_there]


def measure(folder: Path, count: int = ARTICLES) -> Measured:
    """Runs the crawl in a folder, and looks at its process from outside."""
    site = Bulk(count)
    (folder / "sites").mkdir()
    (folder / "sites" / "bulk.yaml").write_text(DEFINITION, "utf-8")
    samples: list[Sample] = []
    with site.running(), (folder / "log").open("wb") as log:
        environment = {**os.environ, **site.environment(folder), "PYTHONPATH": str(Path(__file__).parents[1])}
        start = time.monotonic()
        command = [sys.executable, "-m", "archiver", *COMMAND]
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as process:
            while process.poll() is None:
                samples += filter(None, [sample(process.pid, len(site.times), folder / TASKS)])
                time.sleep(0.05)
        seconds = time.monotonic() - start
    step = min(1000, count // 5)
    early = next(sample for sample in samples if sample.articles >= step)
    memory = max(sample.resident for sample in samples)
    return Measured(
        code=process.returncode,
        posts=len([*(folder / "output" / "web").rglob("*.md")]),
        seconds=seconds,
        memory=memory,
        growth=memory - early.resident,
        first=part_of(samples, site.times, step, 2 * step),
        last=part_of(samples, site.times, count - step, count - 1),
    )


def part_of(samples: list[Sample], times: list[float], begin: int, end: int) -> Part:
    """The articles with these numbers."""
    own = [sample for sample in samples if begin <= sample.articles <= end]
    return Part(
        milliseconds=1000 * (own[-1].seconds - own[0].seconds) / (own[-1].articles - own[0].articles),
        pace=(end - begin) / (times[end] - times[begin]),
        descriptors=max(sample.descriptors for sample in own),
        threads=max(sample.threads for sample in own),
        tasks=max(sample.tasks for sample in own),
    )


def main() -> int:
    """The command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), count)
    print(f"{found.posts} of {count} articles in {found.seconds:.0f} s, exit code {found.code}")
    print(f"memory: {found.memory:.0f} MB at most, {found.growth:.0f} MB more than after the first thousand")
    for name, part in (("second", found.first), ("last", found.last)):
        print(
            f"{name} thousand: {part.milliseconds:.1f} ms of CPU an article, {part.pace:.0f} a second; "
            f"at most {part.descriptors} files, {part.threads} threads, {part.tasks} tasks"
        )
    print(*(found.faults or ["nothing grows"]), sep="\n")
    return 1 if found.faults or found.code or found.posts != count else 0


if __name__ == "__main__":
    sys.exit(main())
