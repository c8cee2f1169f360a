"""`python -m tests.soak`: scheduled runs of a site that changes and fails, one by one; what is there at the end?

Between two runs of `archiver crawl` a loopback newspaper gets new articles, changes some and loses some. In most runs
some of its addresses fail, each in its own way, once or throughout. After each run the exit code is what the summary
says, no process, lock or unfinished file is left, and nothing happened that the program has no word for. After every
twentieth run and at the end `archiver verify` finds no fault; at the end each article that the site still has is there
once, as the site has it. Exits with 1, and says what differs.
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archiver.archive import Archive
from archiver.errors import LockedError
from archiver.files import TEMPORARY, lock
from archiver.layout import Layout
from archiver.outcomes import PROBLEMS
from archiver.records import ArticleRecord
from tests.conftest import FAST
from tests.internet import Answer, Asked, Internet
from tests.kill_nine import OWN, dots
from tests.measure_memory import Sample, sample
from tests.town import DEFINITION, NEWS, Story, conditional

RUNS = 200
VERIFIED_EVERY = 20
CALM = 0.2
"""Share of the runs in which nothing fails."""
PER_PAGE = 20
MOST_FAILURES = 3
"""Runs in which one article may fail throughout: as many as the program tries it in at once (`ledger.AT_ONCE`)."""
SECONDS = 2
"""After which an answer is late."""
COMMAND = (
    "crawl",
    "town",
    "--json",
    *FAST,
    "-s",
    "CONCURRENT_REQUESTS_PER_DOMAIN=4",
    "-s",
    f"DOWNLOAD_TIMEOUT={SECONDS}",
)
YOUNG = "60s/0s"
"""Some 20 runs: a week of three runs a day."""
CHALLENGE = "<html><head><script>window._cf_chl_opt={}</script></head><body>Just a moment…</body></html>"

Fault = Callable[[Answer], Answer]


def cut(whole: Answer) -> Answer:
    return Answer(whole.body, whole.status, whole.type, whole.headers, cut=len(whole.body) // 2)


def late(seconds: float) -> Fault:
    return lambda whole: Answer(whole.body, whole.status, whole.type, whole.headers, delay=seconds)


ONCE: dict[str, Fault] = {
    "an error": lambda whole: Answer("busy", 503),
    "a reset": lambda whole: Answer(reset=True),
    "half an answer": cut,
    "a slow answer": late(0.4),
}
THROUGHOUT: dict[str, Fault] = {
    "an error for ever": lambda whole: Answer("broken", 500),
    "resets": lambda whole: Answer(reset=True),
    "halves": cut,
    "too late": late(SECONDS + 0.5),
}
BLOCKS: dict[str, Fault] = {
    "a challenge": lambda whole: Answer(CHALLENGE),
    "a refusal": lambda whole: Answer(CHALLENGE, 403),
}
OF_IMAGES: dict[str, Fault] = {
    "no image": lambda whole: Answer("not here", 404),
    "a page": lambda whole: Answer("<html>no hotlinks</html>"),
    "half an image": lambda whole: Answer(whole.body[:900], type=whole.type),
    "an empty image": lambda whole: Answer(b"", type=whole.type),
}


class Restless(Internet):
    """The town's newspaper, which changes between two runs and fails within them."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance, self.seed = random.Random(seed), seed  # noqa: S311
        self.run = 0
        self.is_calm = True
        self.stories: list[Story] = []
        """Newest first."""
        self.versions: Counter[int] = Counter()
        self.ever = 0
        self.gone: set[str] = set()
        self.failed: Counter[str] = Counter()
        """Runs in which an article failed throughout."""
        self.met: Counter[str] = Counter()
        """Faults that somebody met."""
        self.has_failed: dict[str, str] = {}
        """Address -> its fault in this run, once it was met."""

    def change(self) -> None:
        """A few hours pass."""
        self.run += 1
        self.is_calm = self.chance.random() < CALM
        self.has_failed.clear()
        self.asked.clear()
        for _ in range(self.chance.choice((0, 1, 1, 2, 3, 5))):
            self.ever += 1
            story = Story(self.ever, datetime.now(UTC) - timedelta(seconds=1), image=self.chance.random() < 0.3)
            story.head = f'<meta property="og:image" content="{story.picture}">' if self.chance.random() < 0.9 else ""
            self.stories.insert(0, story)
        for story in self.stories[:30]:
            self.versions[story.number] += self.chance.random() < 0.06
        for story in self.chance.sample(self.stories, min(len(self.stories), 50)):
            if self.chance.random() < 0.01:
                self.stories.remove(story)
                self.gone.add(story.url)
        self.publish()

    def publish(self) -> None:
        """Puts the newspaper online as it is now."""
        self.pages.clear()
        for number, start in enumerate(range(0, max(len(self.stories), 1), PER_PAGE), 1):
            self.pages[page_url(number)] = conditional(self.listing(start, number))
        for story in self.stories:
            story.text = " ".join(f"Sentence {n} about story {story.number}, {self.mark(story)}." for n in range(12))
            self.pages[story.url] = conditional(story.page())
            self.pages[story.picture] = Answer(dots(story.number), type="image/png")

    def mark(self, story: Story) -> str:
        """What a page says in the version it has now, and in no other."""
        return f"as of version {self.versions[story.number]} of {story.number}"

    def listing(self, start: int, number: int) -> str:
        end = ("", "", "?utm_source=home", "#comments")
        items = "".join(
            f'<li class="card"><a href="{story.url}{self.chance.choice(end)}">Story {story.number}</a>'
            f'<time datetime="{story.when.isoformat()}"></time></li>'
            for story in self.stories[start : start + PER_PAGE]
        )
        more = f'<a class="next" href="{page_url(number + 1)}">' if start + PER_PAGE < len(self.stories) else ""
        return f"<!doctype html><html><body><ul>{items}</ul>{more}</body></html>"

    def answer(self, asked: Asked) -> Answer:
        whole = super().answer(asked)
        if self.is_calm or whole.status == 404:
            return whole
        if asked.url in self.has_failed:
            fault = self.has_failed[asked.url]
            return whole if fault in ONCE else FAULTS[fault](whole)
        found = self.fault_of(asked.url)
        if found is None:
            return whole
        self.has_failed[asked.url] = found
        self.met[found] += 1
        self.failed[asked.url] += found in THROUGHOUT
        return FAULTS[found](whole)

    def fault_of(self, url: str) -> str | None:
        """How an address fails in this run; None: it does not."""
        chance = random.Random(f"{self.seed} {self.run} {url}")  # noqa: S311
        if chance.random() > 0.15:
            return None
        if "/pictures/" in url:
            return chance.choice((*ONCE, *OF_IMAGES))
        if chance.random() < 0.5 or (self.failed[url] >= MOST_FAILURES and url.endswith(".html")):
            return chance.choice((*ONCE,))
        return chance.choice((*THROUGHOUT, *BLOCKS))


FAULTS = ONCE | THROUGHOUT | BLOCKS | OF_IMAGES


def page_url(number: int) -> str:
    return NEWS if number == 1 else f"{NEWS}page/{number}"


@dataclass
class Result:
    """How it went."""

    runs: int = 0
    seconds: float = 0.0
    codes: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    """The most of each run."""
    articles: int = 0
    """That the site ever had."""
    live: int = 0
    """That it has at the end."""
    posts: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass
class Soak:
    """The folder in which the runs take place, and what they have shown so far."""

    folder: Path
    site: Restless
    result: Result = field(default_factory=Result)

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def complain(self, text: str) -> None:
        self.result.differences.append(f"run {self.site.run}: {text}")

    def run(self, *more: str) -> None:
        """One scheduled run, and what is to hold behind it."""
        with (self.folder / "log").open("w+b") as log:
            process = self.start(log, *COMMAND, *more)
            seen: list[Sample] = []
            while process.poll() is None:
                seen += filter(None, [sample(process.pid)])
                time.sleep(0.02)
            out, _ = process.communicate()
            log.seek(0)
            told = log.read().decode(errors="replace")
        self.result.samples.append(most(seen))
        self.result.runs += 1
        self.result.codes[process.returncode] += 1
        self.judge(process, out, told)

    def start(self, log: Any, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **self.site.environment(self.folder), "PYTHONPATH": str(Path(__file__).parents[1])}
        return subprocess.Popen(
            [sys.executable, "-m", "archiver", *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )

    def judge(self, process: "subprocess.Popen[bytes]", out: bytes, told: str) -> None:
        """Notes what is not as it is to be behind a run."""
        try:
            summary = json.loads(out)
        except ValueError:
            self.complain(f"no summary, exit code {process.returncode}: {told[-500:]}")
            return
        self.result.outcomes.update({name: n for name, n in summary.items() if isinstance(n, int) and n})
        problems = sum(summary[outcome] for outcome in PROBLEMS)
        wanted = {1, 5} if problems else {0}
        if process.returncode not in wanted or "stopped" in summary:
            self.complain(f"exit code {process.returncode} with {problems} problems: {summary}")
        if self.site.is_calm and any(not self.is_excused(problem) for problem in summary["problems"]):
            self.complain(f"problems while nothing failed: {summary['problems']}")
        if "Traceback" in told:
            self.complain(told[told.index("Traceback") :][:1500])
        if left := processes_of(process.pid):
            self.complain(f"processes are left: {left}")
        self.look_for_leftovers()

    def is_excused(self, problem: dict[str, str]) -> bool:
        """Is it the article that is gone which a run has a problem with?"""
        return problem["url"] in self.site.gone

    def look_for_leftovers(self) -> None:
        found = [path for path in self.output.rglob("*") if path.name.startswith(TEMPORARY)]
        found += [path for path in (self.output / ".archiver").glob("*") if path.name not in OWN | {"versions"}]
        if found:
            self.complain(f"leftovers: {found}")
        if not (self.output / ".archiver" / "lock").exists():
            return  # nothing was ever archived
        try:
            os.close(lock(self.output / ".archiver" / "lock", note=False))
        except LockedError as error:
            self.complain(str(error))

    def verify(self) -> None:
        """`archiver verify` finds no fault."""
        with (self.folder / "log").open("ab") as log:
            out, _ = self.start(log, "verify", "--json").communicate()
        if found := json.loads(out)["faults"]:
            self.complain(f"verify: {found}")

    def compare(self) -> None:
        """Notes where the archive differs from the site as it is at the end."""
        with closing(Archive(Layout(self.output, self.output / "images"), mode="read")) as archive:
            records = list(archive.index.all(ArticleRecord))
        posts = [path for path in self.output.rglob("*.md") if ".archiver" not in path.parts]
        urls = Counter(record.url for record in records)
        self.result.posts = len(posts)
        if twice := [url for url, count in urls.items() if count > 1]:
            self.complain(f"archived twice: {twice}")
        if {str(path.relative_to(self.output)) for path in posts} != {record.post for record in records}:
            self.complain(f"{len(posts)} posts, {len(records)} records")
        if foreign := urls.keys() - {story.url for story in self.site.stories} - self.site.gone:
            self.complain(f"archived, but never an article: {foreign}")
        files = {record.url: self.output / record.post for record in records}
        for story in self.site.stories:
            if story.url not in files:
                self.complain(f"not archived: {story.url}")
            elif self.site.mark(story) not in files[story.url].read_text("utf-8"):
                self.complain(f"not as the site has it: {story.url}")


def most(seen: list[Sample]) -> Sample:
    """The most of everything."""
    return Sample(
        articles=0,
        resident=max(sample.resident for sample in seen),
        descriptors=max(sample.descriptors for sample in seen),
        threads=max(sample.threads for sample in seen),
        seconds=max(sample.seconds for sample in seen),
    )


def processes_of(session: int) -> list[str]:
    """Command lines of the processes of a session; those that are about to end get two seconds for it."""
    end = time.monotonic() + 2
    while (found := [*filter(None, (command_of(path, session) for path in Path("/proc").glob("[0-9]*")))]) and (
        time.monotonic() < end
    ):
        time.sleep(0.02)
    return found


def command_of(process: Path, session: int) -> str | None:
    """None: it is of another session, or has ended."""
    try:
        _, _, fields = (process / "stat").read_text("utf-8", "replace").rpartition(") ")
        state, _, _, own = fields.split()[:4]
        if own != str(session) or state == "Z":
            return None
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace") or "?"
    except (FileNotFoundError, ProcessLookupError):
        return None


def soak(folder: Path, runs: int, seed: int, report: Callable[[str], None] = lambda line: None) -> Result:
    """So many runs, and what they have shown; `report` hears about every twentieth."""
    site = Restless(seed)
    state = Soak(folder, site)
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "town.yaml").write_text(DEFINITION, "utf-8")
    started = time.monotonic()
    with site.running():
        for number in range(1, runs + 1):
            site.change()
            state.run("--refresh", YOUNG)
            if number % VERIFIED_EVERY == 0:
                state.verify()
                report(
                    f"{number} runs, {time.monotonic() - started:.0f} s, {len(state.result.differences)} differences"
                )
        site.is_calm = True
        state.run("--refresh", "all/0s", "--all")
        state.verify()
    state.compare()
    result = state.result
    result.articles, result.live, result.seconds = site.ever, len(site.stories), time.monotonic() - started
    return result


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"how many ({RUNS})")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all that is random (the time of day)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = soak(Path(folder), chosen.runs, chosen.seed, lambda line: print(line, flush=True))
    spans = (
        f"{name} {min(values):.0f} to {max(values):.0f}"
        for name in ("resident", "descriptors", "threads")
        for values in [[getattr(seen, name) for seen in result.samples]]
    )
    print(
        f"seed {chosen.seed}: {result.runs} runs in {result.seconds:.0f} s, "
        f"exit codes {dict(sorted(result.codes.items()))}\n"
        f"{result.articles} articles, {result.live} of them on the site at the end, {result.posts} posts\n"
        f"outcomes: {dict(result.outcomes)}\n"
        f"most of a run: {', '.join(spans)}"
    )
    for line in itertools.chain(result.differences, [] if result.differences else ["no difference"]):
        print(line)
    return 1 if result.differences else 0


if __name__ == "__main__":
    sys.exit(main())
