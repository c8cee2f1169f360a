"""`python -m tests.kill_nine`: a command is killed at random moments, again and again; what is there at the end?

`crawl` and `section` archive a loopback newspaper of which every tenth address fails at the first try; `images` fetches
the images that such an archive lacks; `adopt`, `relink` and `verify` (`--fix`) work on an archive that is there. The
end is to be that of a run which nobody disturbed: the same files, byte for byte, the same records in index and
journal, nothing left over; and nothing asked for again that was archived. Exits with 1, and says what differs.
"""

import argparse
import functools
import io
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from archiver import journal
from archiver.archive import Archive
from archiver.cli import COMMANDS
from archiver.files import TEMPORARY
from archiver.layout import Layout
from archiver.records import AliasRecord, ArticleRecord, ImageRecord
from tests.conftest import FAST
from tests.internet import Answer, Asked, Internet
from tests.town import DEFINITION, NEWS, Story

PER_KILL = 6
"""Articles for each kill, so that there is still something to archive at the last one."""
PER_PAGE = 50
IN_FLIGHT = 20
"""Articles that a run may be at, at most: 4 requests, 8 in the pipelines, 8 held back to compare their images."""
OWN = {"runs", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "journal.jsonl", "lock"}
"""What lies in `.archiver` between two runs; SQLite keeps the second and third while somebody reads."""
AT_ONCE = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4")
FAULTS = ("an error", "a reset", "half an answer")


class Newspaper(Internet):
    """The town's newspaper; one address in ten fails once, each in its own way."""

    def __init__(self, count: int, seed: int) -> None:
        super().__init__()
        newest = datetime(2020, 5, 1, tzinfo=UTC)
        self.stories = [to_story(number, newest - timedelta(hours=count - number)) for number in range(count, 0, -1)]
        self.seed = seed
        self.answered: list[str] = []
        """Addresses that were answered as they should be, in order."""
        self.articles = 0
        """How many of them are those of articles."""
        self.failed: set[str] = set()
        self.has_faults = self.has_images = True
        self.put_online()

    def put_online(self) -> None:
        for number, start in enumerate(range(0, len(self.stories), PER_PAGE), 1):
            self.pages[page_url(number)] = self.listing(start, number)
        for story in self.stories:
            self.pages[story.url] = story.page()
            self.pages[story.picture] = Answer(dots(story.number), type="image/png")

    def listing(self, start: int, number: int) -> str:
        items = "".join(
            f'<li class="card"><a href="{story.url}">Story {story.number}</a>'
            f'<time datetime="{story.when.isoformat()}"></time></li>'
            for story in self.stories[start : start + PER_PAGE]
        )
        more = f'<a class="next" href="{page_url(number + 1)}">' if start + PER_PAGE < len(self.stories) else ""
        return f"<!doctype html><html><body><ul>{items}</ul>{more}</body></html>"

    def answer(self, asked: Asked) -> Answer:
        if "/pictures/" in asked.url and not self.has_images:
            return Answer("not yet", 404)
        chance = random.Random(f"{self.seed} {asked.url}")  # noqa: S311
        if self.has_faults and asked.url not in self.failed and chance.random() < 0.1:
            self.failed.add(asked.url)
            fault = chance.choice(FAULTS)
            whole = super().answer(asked)
            half = Answer(whole.body, type=whole.type, cut=len(whole.body) // 2)
            return {"an error": Answer("busy", 503), "a reset": Answer(reset=True), "half an answer": half}[fault]
        self.answered.append(asked.url)
        self.articles += asked.url.endswith(".html")
        return super().answer(asked)

    def count(self) -> Counter[str]:
        """How often each article and image was answered as it should be."""
        wanted = {address for story in self.stories for address in (story.url, story.picture)}
        return Counter(address for address in self.answered if address in wanted)


def to_story(number: int, when: datetime) -> Story:
    story = Story(number, when)
    story.head = f'<meta property="og:image" content="{story.picture}">'
    return story


def page_url(number: int) -> str:
    return NEWS if number == 1 else f"{NEWS}page/{number}"


@functools.cache
def dots(number: int) -> bytes:
    """An image that no other story has."""
    file = io.BytesIO()
    noise = random.Random(number).randbytes(32 * 32 * 3)  # noqa: S311
    Image.frombytes("RGB", (32, 32), noise).save(file, "PNG")
    return file.getvalue()


@dataclass
class Place:
    """A folder that a user works in, on a loopback internet."""

    folder: Path
    site: Newspaper

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def begin(self) -> None:
        (self.folder / "sites").mkdir(parents=True, exist_ok=True)
        (self.folder / "sites" / "town.yaml").write_text(DEFINITION, "utf-8")

    def start(self, arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "archiver", *arguments],
                cwd=self.folder,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def environment(self) -> dict[str, str]:
        """Of the program; coverage does not measure it, or a moment would be another one then."""
        own = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_CONFIG"}
        return {**own, **self.site.environment(self.folder), "PYTHONPATH": str(Path(__file__).parents[1])}

    def run(self, arguments: tuple[str, ...]) -> int:
        """The exit code."""
        return self.start(arguments).wait(timeout=600)

    def archived(self) -> set[str]:
        """Addresses of the articles and images that the journal has."""
        found = set()
        for record in journal.read(self.output / ".archiver" / "journal.jsonl"):
            is_there = not isinstance(record, ImageRecord) or record.path
            if isinstance(record, ArticleRecord | ImageRecord) and record.url and is_there:
                found.add(record.url)
        return found

    def files(self) -> dict[str, bytes]:
        """Every file of the archive, but for what it keeps about them."""
        found = (path for path in self.output.rglob("*") if path.is_file())
        names = ((str(path.relative_to(self.output)), path) for path in found)
        return {name: path.read_bytes() for name, path in names if not name.startswith(".archiver/")}

    def leftovers(self) -> list[str]:
        found = [path for path in self.output.rglob("*") if path.name.startswith(TEMPORARY)]
        found += [path for path in (self.output / ".archiver").glob("*") if path.name not in OWN]
        return sorted({str(path.relative_to(self.output)) for path in found})

    def records(self) -> dict[str, list[object]]:
        """What the index knows that does not tell the time."""
        with closing(Archive(Layout(self.output, self.output / "images"), mode="read")) as archive:
            index = archive.index
            return {
                "articles": [
                    (found.post, found.url, found.title, found.sha256, found.image, found.state)
                    for found in index.all(ArticleRecord)
                ],
                "images": [
                    (found.post, found.url, found.link, found.path, found.sha256) for found in index.all(ImageRecord)
                ],
                "aliases": [(found.name, found.post) for found in index.all(AliasRecord)],
            }

    def rebuilt(self) -> dict[str, list[object]]:
        """As `records`, of an index that is made from the journal."""
        with tempfile.TemporaryDirectory() as folder:
            other = Place(Path(folder), self.site)
            (other.output / ".archiver").mkdir(parents=True)
            shutil.copy(self.output / ".archiver" / "journal.jsonl", other.output / ".archiver")
            return other.records()


@dataclass(frozen=True)
class Scenario:
    """A command, and the archive that it works on."""

    arguments: tuple[str, ...]
    prepare: Callable[[Place], None] = lambda place: None
    asks: bool = False
    """Does it ask the site for articles or images?"""
    code: int = 0
    """Of a run that nobody disturbs."""
    again: int = 0
    """Of one more."""


def crawled(place: Place) -> None:
    place.site.has_faults = False
    if place.run(CRAWL) != 0:
        raise RuntimeError(f"the archive could not be made: {place.folder / 'log'}")
    place.site.has_faults = True


def crawled_without_images(place: Place) -> None:
    place.site.has_images = place.site.has_faults = False
    if place.run(CRAWL) != 1:
        raise RuntimeError(f"the archive could not be made: {place.folder / 'log'}")
    place.site.has_images = place.site.has_faults = True


def by_another_program(place: Place) -> None:
    crawled(place)
    shutil.rmtree(place.output / ".archiver")


def damaged(place: Place) -> None:
    """Every tenth image is cut short, and half of the posts are nowhere noted."""
    crawled(place)
    for path in sorted((place.output / "images").rglob("*.png"))[::10]:
        path.write_bytes(path.read_bytes()[:300])
    file = place.output / ".archiver" / "journal.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[: len(lines) // 2]))
    for path in (place.output / ".archiver").glob("index.sqlite*"):
        path.unlink()


CRAWL = ("crawl", "town", "--json", *FAST, *AT_ONCE)
SCENARIOS = {
    "crawl": Scenario(CRAWL, asks=True),
    "section": Scenario(("section", NEWS, "--json", *FAST, *AT_ONCE), asks=True),
    "images": Scenario(("images", "--retry-all", "--json", *FAST, *AT_ONCE), crawled_without_images, asks=True),
    "adopt": Scenario(("adopt", "output"), by_another_program),
    "relink": Scenario(("relink", "--image-links", "local"), crawled),
    "verify": Scenario(("verify", "--fix"), damaged, code=1, again=1),
}


@dataclass
class Result:
    """How it went."""

    kills: int = 0
    ends: int = 0
    """Runs that came to their end before the kill."""
    articles: int = 0
    asked_again: int = 0
    """Articles and images that were answered more than once."""
    most_in_flight: int = 0
    left: int = 0
    """Articles that the last run, which was not killed, had to archive."""
    swept: int = 0
    """Unfinished files that kills left."""
    seconds: float = 0.0
    differences: list[str] = field(default_factory=list)


def kill_nine(command: str, times: int, seed: int, folder: Path, count: int | None = None) -> Result:
    """Kills a command so often, each time followed by the same one, and compares its end with an undisturbed one's."""
    scenario, chance = SCENARIOS[command], random.Random(seed)  # noqa: S311
    result = Result(articles=count or max(PER_KILL * times, 20))
    with two_places(folder, result.articles, seed, scenario) as (calm, place):
        started = time.monotonic()
        compare(result, "exit code of the undisturbed run", scenario.code, calm.run(scenario.arguments))
        usual = time.monotonic() - started
        allowed: Counter[str] = Counter()
        while result.kills < times and result.ends < 2 * times:
            before = len(place.site.answered)
            is_killed = run_and_kill(place, scenario, chance, usual, result.articles / times)
            result.kills, result.ends = result.kills + is_killed, result.ends + (not is_killed)
            result.swept += len([path for path in place.output.rglob(f"{TEMPORARY}*") if path.is_file()])
            in_flight = set(place.site.answered[before:]) & place.site.count().keys() - place.archived()
            allowed.update(in_flight)
            result.most_in_flight = max(result.most_in_flight, len([url for url in in_flight if NEWS in url]))
        result.left = result.articles - len([url for url in place.archived() if url.endswith(".html")])
        compare(result, "exit code of the last run", scenario.code, place.run(scenario.arguments))
        judge(result, calm, place, allowed)
        before = len(place.site.answered)
        compare(result, "exit code of one run more", scenario.again, place.run(scenario.arguments))
        again = set(place.site.answered[before:]) & place.site.count().keys()
        compare(result, "asked by one run more", set(), again)
        result.seconds = time.monotonic() - started
    return result


@contextmanager
def two_places(folder: Path, count: int, seed: int, scenario: Scenario) -> Iterator[tuple[Place, Place]]:
    """The same archive twice, each with a site of its own: one for a run that nobody disturbs."""
    calm, place = (Place(folder / name, Newspaper(count, seed)) for name in ("calm", "killed"))
    with calm.site.running(), place.site.running():
        calm.begin()
        scenario.prepare(calm)
        shutil.copytree(calm.folder, place.folder)
        for site in (calm.site, place.site):
            site.answered.clear()
            site.failed.clear()
        yield calm, place


def run_and_kill(place: Place, scenario: Scenario, chance: random.Random, usual: float, per_kill: float) -> bool:
    """One run; was it killed before it came to its end?"""
    process = place.start(scenario.arguments)
    before = place.site.articles
    articles = chance.randrange(int(6 * per_kill)) if scenario.asks and chance.random() < 0.75 else 0
    delay = chance.uniform(0, 0.1) if articles else chance.uniform(0, min(usual * 1.1, 3.0))
    while process.poll() is None and place.site.articles - before < articles:
        time.sleep(0.002)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def compare(result: Result, what: str, wanted: object, found: object) -> None:
    if wanted != found:
        result.differences.append(f"{what}: {shown(found)} where {shown(wanted)} was expected")


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) < 400 else f"{text[:400]}…"


def judge(result: Result, calm: Place, place: Place, allowed: Counter[str]) -> None:
    """Adds what differs between two archives, and what was asked for once too often."""
    wanted, found = calm.files(), place.files()
    compare(result, "files that are missing", [], sorted(wanted.keys() - found.keys()))
    compare(result, "files that nobody wanted", [], sorted(found.keys() - wanted.keys()))
    compare(result, "other bytes", [], sorted(n for n in wanted.keys() & found.keys() if wanted[n] != found[n]))
    compare(result, "leftovers", [], place.leftovers())
    for (kind, records), other, made in zip(
        calm.records().items(), place.records().values(), place.rebuilt().values(), strict=True
    ):
        compare(result, f"{kind} in the index", set(records), set(other))
        compare(result, f"{kind} in the index, one for each", len(set(other)), len(other))
        compare(result, f"{kind} in the journal", set(records), set(made))
    counts = place.site.count()
    result.asked_again = sum(count > 1 for count in counts.values())
    often = {url: count for url, count in counts.items() if count > 1 + allowed[url]}
    compare(result, "asked for more often than they were in flight", {}, often)
    if result.most_in_flight > IN_FLIGHT:
        result.differences.append(f"{result.most_in_flight} articles were in flight at once")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill_nine", description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="kills (50)")
    parser.add_argument("--seed", type=int, default=None, help="of all that is random (the time of day)")
    parser.add_argument("--command", choices=[*SCENARIOS], default="crawl", help="what is killed (crawl)")
    parser.add_argument("--keep", type=Path, help="a folder in which both archives stay")
    chosen = parser.parse_args()
    if chosen.command not in COMMANDS:
        parser.error(f"there is no `archiver {chosen.command}`")
    seed = int(time.time()) if chosen.seed is None else chosen.seed
    with tempfile.TemporaryDirectory() as folder:
        result = kill_nine(chosen.command, chosen.times, seed, chosen.keep or Path(folder))
    print(
        f"{chosen.command}, seed {seed}: {result.articles} articles, {result.kills} kills, "
        f"{result.ends} runs that ended before, {result.swept} unfinished files swept, "
        f"{result.left} articles left to the last run, "
        f"{result.most_in_flight} articles in flight at most, "
        f"{result.asked_again} asked for again, {result.seconds:.0f} s"
    )
    for line in itertools.chain(result.differences, [] if result.differences else ["no difference"]):
        print(line)
    return 1 if result.differences else 0


if __name__ == "__main__":
    sys.exit(main())
