"""Every command of `docs/running.md` and of the README is run, in its order, against loopback servers.

A chapter is a folder in which the lines of some sections run one after the other, as a shell reads them. What a word
stands for here is in `substitutions`, what cannot run here in ENGINES, with the reason; what comes of a line, and what
happens before it, in STORY.
"""

import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import IO, Any

import pytest
import yaml

from archiver.archive import Archive
from archiver.bucket import BucketPath
from archiver.cli.configuration import read_defaults
from archiver.files import TEMPORARY
from archiver.layout import Layout
from archiver.outcomes import INTERRUPTED
from tests import kr36_site, test_deploy
from tests.conftest import Archiver
from tests.internet import Answer, Asked, Internet
from tests.many_machines import until
from tests.samples import picture
from tests.test_crawl_section import listing, page
from tests.test_scrapyd import ask, free_port
from tests.town import DEFINITION, Town, stories

ROOT = Path(__file__).parents[1]
RUNNING, README = ((ROOT / name).read_text("utf-8") for name in ("docs/running.md", "README.md"))
PROGRAMS = (
    *("archiver", "scrapy", "scrapyd", "scrapyd-deploy", "scrapyd-client", "sh", "pip", "python", "sudo", "curl"),
    *("docker", "kubectl", "systemctl", "crontab"),
)
"""An inline code that begins with one of them, and goes on, is a command."""
FAST = "DOWNLOAD_DELAY=0 RETRY_PAUSE=0.02 BLOCKED_PAUSE=0.02"
NEWS = "https://example.com/news/"
HOOK = "https://hooks.example/archive"
postgresql = pytest.mark.parametrize("index_url", ["postgresql"], indirect=True)


# What the documents say.


def block_lines(document: str) -> Iterator[tuple[str, str]]:
    """(heading, command) of each line of the blocks for a shell, without comments."""
    heading = language = ""
    for line in re.sub(r"\\\n *", "", document).splitlines():
        if line.startswith("```"):
            language = "" if language else line.removeprefix("```") or "text"
        elif language == "sh" and (command := re.sub(r"(^|  )# .*", "", line).strip()):
            yield heading, command
        elif not language and line.startswith("#"):
            heading = line.lstrip("# ")


def spans(document: str) -> list[str]:
    """Commands that stand within the text; of `run|list`, each."""
    text = re.sub(r"^```.*?^```", "", document, flags=re.DOTALL | re.MULTILINE).replace("\\|", "|")
    found = [code.split() for code in re.findall(r"`([^`]+)`", text)]
    commands = (words for words in found if words[0] in PROGRAMS and len(words) > 1)
    return [" ".join(each) for words in commands for each in product(*(word.split("|") for word in words))]


def simple(command: str) -> list[str]:
    """The commands that a line of the shell is made of."""
    return [re.sub(r"^(\w+=\S* )+", "", part.strip()) for part in re.split(r"[();|&]+", command)]


def begins(span: str, command: str) -> bool:
    """A command is one that the text speaks of; `DIR`, `URL…` and `[SITE…]` stand for any words."""
    pattern = ""
    for word in span.split():
        holds = re.fullmatch(r"(\[?)[A-Z]+(…?)\]?", word)
        many = "*" if holds and holds[1] else "+" if holds and holds[2] else ""
        pattern += rf"(?: \S+){many}" if holds else " " + re.escape(word)
    return any(re.match(rf"{pattern}(?: |$)", " " + each) for each in simple(command))


def yaml_blocks(document: str, key: str) -> str:
    """The block of YAML that begins with this key."""
    [block] = re.findall(rf"```yaml\n({key}:.*?)```", document, re.DOTALL)
    return str(block)


COMMANDS = [*block_lines(RUNNING)]
README_COMMANDS = [
    *(command for _, command in block_lines(README)),
    *(span for span in spans(README) if not any(begins(span, command) for _, command in COMMANDS)),
]


# Where they are run.


@dataclass
class Shell:
    """A folder with the installed program on the PATH, on a loopback internet."""

    archiver: Archiver
    index: str = ""
    broker: str = ""
    port: int = 0
    output: BucketPath | None = None
    """The archive that lies in a bucket."""
    secrets: dict[str, str] = field(default_factory=dict)
    told: list[list[str]] = field(default_factory=list)
    """What the webhook was told."""
    staying: ExitStack = field(default_factory=ExitStack)
    """What runs to the end of the chapter."""

    def __post_init__(self) -> None:
        folder = self.folder
        (folder / "bin").mkdir()
        for name, text in STAND_INS.items():
            (folder / "bin" / name).write_text(text, "utf-8")
            (folder / "bin" / name).chmod(0o755)
        path = f"{folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = self.archiver.environment
        environment |= {"PATH": path, "HOME": str(folder), "ARCHIVER_SETTINGS": FAST, "no_proxy": "localhost,127.0.0.1"}
        for name in ("ARCHIVER_INDEX", "ARCHIVER_BROKER", "ARCHIVER_OUTPUT"):
            environment.pop(name, None)

    @property
    def folder(self) -> Path:
        return self.archiver.folder

    @property
    def internet(self) -> Internet:
        return self.archiver.internet

    def start(self, line: str, output: IO[str] | int, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["sh", "-c", line],
            cwd=self.folder,
            env={**self.archiver.environment, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, line: str, **environment: str) -> tuple[int, str]:
        """Exit code, and what was said."""
        with self.start(line, subprocess.PIPE, **environment) as process:
            try:
                said, _ = process.communicate(timeout=120)
            finally:
                end(process, signal.SIGKILL)
        return process.returncode, said

    def run_until(self, line: str, holds: Callable[[], object], **environment: str) -> tuple[int, str]:
        """Exit code of a program that goes on until a signal ends it, and what was said."""
        with self.start(f"exec {line}", subprocess.PIPE, **environment) as process:
            try:
                until(holds, 90)
                process.terminate()
                said, _ = process.communicate(timeout=60)
            finally:
                end(process, signal.SIGKILL)
        return process.returncode, said

    def files(self) -> tuple[int, int]:
        """How many posts there are, and how many images."""
        found = [path for path in self.folder.rglob("*") if path.is_file() and ".archiver" not in path.parts]
        stored = [path for path in self.output.below() if ".archiver" not in path.parts] if self.output else []
        every = [*found, *stored]
        return sum(path.suffix == ".md" for path in every), sum("images" in path.parts for path in every)

    def configure(self, **changes: str) -> None:
        """Writes archiver.yaml as the document has it; `boats="1s"` changes when a job runs. Mail goes nowhere here."""
        text = yaml_blocks(RUNNING, "schedule") + re.sub(r"  smtp: .*\n", "", yaml_blocks(RUNNING, "notify"))
        for job, every in changes.items():
            text = re.sub(rf"{job}: {{every: \w+}}", f"{job}: {{every: {every}}}", text)
        (self.folder / "archiver.yaml").write_text(text, "utf-8")

    def crawled(self, output: str | BucketPath = "output", index: str = "") -> list[str]:
        """The sites and channels of the runs that came to a good end."""
        place = self.folder / output if isinstance(output, str) else output
        layout = Layout(place, place / "images", index=index)
        if not layout.is_begun:
            return []
        with closing(Archive(layout, mode="read")) as archive:
            return sorted("/".join(filter(None, (it.site, it.channel))) for it in archive.index.runs() if it.end)

    def publish(self, articles: int = 3, flashes: int = 2) -> None:
        """36kr has so many."""
        chosen = kr36_site.stories(articles), kr36_site.stories(flashes, "newsflashes", 2000)
        kr36_site.put_online(self.internet, *chosen)

    def publish_news(self, *names: str) -> None:
        """example.com has so many articles, and the ferry's, which its listing does not tell."""
        urls = {name: f"{NEWS}{name}" for name in (*names, "ferry")}
        for name, url in urls.items():
            image = f"https://example.com/pictures/{name}.jpg"
            head = f'<meta property="og:image" content="{image}">'
            self.internet.pages[url] = page(f"What the {name} does", head=head)
            self.internet.pages[image] = Answer(picture("JPEG"), type="image/jpeg")
        self.internet.pages[NEWS] = listing(*(urls[name] for name in names))


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> None:
    """Ends a program and what it has started."""
    if process.poll() is None:
        os.killpg(process.pid, how)


@contextmanager
def beside(process: "subprocess.Popen[str]") -> Iterator[None]:
    """A program that is ended at the end, with what it has started."""
    with process:
        try:
            yield
        finally:
            end(process, signal.SIGTERM)


STAND_INS = {
    # cron: this machine's crontab is not the test's to change. It keeps the table in a file.
    "crontab": '#!/bin/sh\nif [ "$1" = -l ]; then cat crontab.txt; else cat >crontab.txt; fi\n',
}


def substituted(shell: Shell, command: str) -> str:
    """A line as it is run here."""
    for word, here in substitutions(shell).items():
        command = command.replace(word, here)
    return command


def substitutions(shell: Shell) -> dict[str, str]:
    """What the document says -> what is run."""
    return {
        "postgresql+psycopg://USER:PASSWORD@HOST/NAME": shell.index,
        "postgresql+psycopg://HOST/NAME": shell.index,
        "redis://HOST:6379/0": shell.broker,
        "s3://BUCKET/PREFIX": str(shell.output),
        "https://s3.example": os.environ.get("AWS_ENDPOINT_URL", ""),
        "localhost:6800": f"localhost:{shell.port}",
        "=/archive": f"={shell.folder / 'archive'}",
        "/etc/systemd/system": "etc/systemd/system",
        "scrapy crawl 36kr": "scrapy crawl 36kr -s DOWNLOAD_DELAY=0",  # it knows nothing of ARCHIVER_SETTINGS
        "scrapyd-client schedule": "scrapyd-client schedule --arg setting=DOWNLOAD_DELAY=0",
        "sh setup.sh": f"VENV={shell.folder / 'venv'} sh {ROOT / 'setup.sh'}",
        " DIR": " output",
    }


# What cannot run here, and what is looked at instead.


def enabled(shell: Shell, line: str) -> tuple[int, str]:
    """The unit is enabled in a root folder of the test's own, and systemd finds no fault with it."""
    if shutil.which("systemd-analyze") is None:
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent("systemd is not installed")
    code, said = shell.run(line.replace("systemctl enable --now", 'systemctl --root="$PWD" enable'))
    assert (shell.folder / "etc/systemd/system/timers.target.wants/archiver.timer").is_symlink(), said
    return shell.run("systemd-analyze verify --man=no etc/systemd/system/archiver.*") if code == 0 else (code, said)


def built(_: Shell, line: str) -> tuple[int, str]:
    assert line == "docker build -t archiver ."
    test_deploy.test_the_image_runs_as_nobody_and_is_made_of_what_is_locked()
    return 0, ""


def contained(shell: Shell, line: str) -> tuple[int, str]:
    """The words behind the image's name go to its entry point, with its variables; the volume is a folder."""
    before, _, words = line.partition(" archiver ")
    assert before.startswith("docker run --rm ")
    [volume] = re.findall(r"-v (\w+):/archive", before)
    [entrypoint] = re.findall(r"^ENTRYPOINT (.+)$", test_deploy.DOCKERFILE, re.MULTILINE)
    assert "ARCHIVER_OUTPUT=/archive" in test_deploy.DOCKERFILE
    return shell.run(f"{shlex.join(json.loads(entrypoint))} {words}", ARCHIVER_OUTPUT=str(shell.folder / volume))


def composed(shell: Shell, line: str) -> tuple[int, str]:
    """The scheduler's and a worker's command run with their variables until all is crawled; then they are healthy."""
    assert "-f deploy/compose.yaml up" in line
    services: dict[str, Any] = test_deploy.COMPOSE["services"]
    volume = str(shell.folder / "volume")
    here = {"ARCHIVER_OUTPUT": volume, "ARCHIVER_INDEX": shell.index, "ARCHIVER_BROKER": shell.broker}
    scheduler, worker = services["scheduler"], services["worker"]
    assert scheduler["environment"] == worker["environment"]
    assert worker["environment"].keys() == here.keys()
    with (
        (shell.folder / "said.txt").open("w") as said_to,
        beside(shell.start(shlex.join(scheduler["entrypoint"]), said_to, **here)),
    ):
        code, said = shell.run_until(
            shlex.join(["archiver", *worker["command"]]),
            lambda: {"36kr", "boats"} <= {*shell.crawled("volume", shell.index)},
            **here,
        )
    assert code == INTERRUPTED, said
    return shell.run(shlex.join(worker["healthcheck"]["test"][1:]), **here)


def kept_secret(shell: Shell, line: str) -> tuple[int, str]:
    *_, name, literal = shlex.split(line)
    key, _, value = literal.removeprefix("--from-literal=").partition("=")
    shell.secrets[f"{name}/{key}"] = value
    return 0, ""


def applied(shell: Shell, line: str) -> tuple[int, str]:
    """Each file holds an object; the CronJob's container runs with its variables, of which one is the secret above."""
    folder = ROOT / line.removeprefix("kubectl apply -f ")
    objects = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.iterdir())]
    kinds = [(it["apiVersion"], it["kind"]) for it in objects]
    assert kinds == [("v1", "PersistentVolumeClaim"), ("batch/v1", "CronJob")]
    [container] = objects[1]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    references = {it["name"]: it.get("valueFrom", {}).get("secretKeyRef", {}) for it in container["env"]}
    index = references["ARCHIVER_INDEX"]
    here = {
        "ARCHIVER_OUTPUT": str(shell.folder / "volume"),
        "ARCHIVER_INDEX": shell.secrets[f"{index['name']}/{index['key']}"],
    }
    assert references.keys() == here.keys()
    return shell.run(shlex.join(["archiver", *container["args"]]), **here)


def in_ci(_: Shell, line: str) -> tuple[int, str]:
    assert f" sh {line.rpartition('/')[2]} #" in (ROOT / ".ci" / "run").read_text("utf-8")
    return 0, ""


ENGINES: dict[str, tuple[str, Callable[[Shell, str], tuple[int, str]]]] = {
    "systemctl enable": ("systemd is not what runs this machine", enabled),
    "docker build": ("an engine, and the base image from the internet", built),
    "docker run": ("an engine", contained),
    "POSTGRES_PASSWORD=secret docker compose": ("an engine", composed),
    "kubectl create secret": ("a cluster", kept_secret),
    "kubectl apply": ("a cluster", applied),
    "sh setup.sh test": ("set-up: .ci/run runs it, and this test in it", in_ci),
}
"""How a command begins -> what it needs that is not here, and what is done instead."""


# What comes of them.


@dataclass
class Step:
    """What comes of a command; without one it ends with 0 and archives nothing."""

    code: int = 0
    posts: int = 0
    images: int = 0
    says: str = ""
    """A regular expression that is found in what is said."""
    before: Callable[[Shell], object] | None = None
    """What happens meanwhile."""
    goes_on: Callable[[Shell], object] | None = None
    """It is ended by a signal, once this holds."""
    stays: bool = False
    """It goes on to the end of the chapter."""
    after: Callable[[Shell], object] | None = None


def lose_an_image(shell: Shell) -> None:
    next((shell.folder / "output" / "images").rglob("*.jpg")).unlink()


def leave_a_file(shell: Shell) -> None:
    """As a run that was killed does."""
    (shell.folder / "output" / "web" / f"{TEMPORARY}0-0").write_text("half a po", "utf-8")


def an_old_archive(shell: Shell) -> None:
    """Posts of another program: files, and nothing that knows them."""
    shutil.copytree(shell.folder / "output", shell.folder / "old", ignore=shutil.ignore_patterns(".archiver"))


def is_linked_locally(shell: Shell) -> None:
    assert {is_local(path) for path in (shell.folder / "output" / "web").rglob("*.md")} == {True}


def is_linked_remotely(shell: Shell) -> None:
    assert {is_local(path) for path in (shell.folder / "output" / "web").rglob("*.md")} == {False}


def is_local(post: Path) -> bool:
    return "\nheadimg: '/images/" in post.read_text("utf-8")


def the_line_of_cron_runs(shell: Shell) -> None:
    [line] = [it for it in (shell.folder / "crontab.txt").read_text().splitlines() if not it.startswith("#") and it]
    minutes, *_, command = line.split(maxsplit=5)
    code, said = shell.run(command.replace("\\%", "%"), PATH="/usr/bin:/bin")
    assert (minutes, code) == ("*/5", 0), said


def the_workflow_is_one(shell: Shell) -> None:
    assert "jobs" in yaml.safe_load((shell.folder / ".github/workflows/archive.yml").read_text())


def all_is_told(shell: Shell) -> None:
    assert "archiver_requests_total{" in (shell.folder / "archiver.prom").read_text()
    log = [json.loads(line) for line in (shell.folder / "archiver.log").read_text().splitlines()]
    assert {"time", "level", "logger", "message"} <= log[0].keys()


def newsflashes_are_due(shell: Shell) -> None:
    shell.configure(快讯="1s")
    shell.publish(flashes=3)


def boats_are_late(shell: Shell) -> None:
    def hook(asked: Asked) -> str:
        shell.told.append(json.loads(asked.body)["new"])
        return "taken"

    shell.configure(boats="1s")
    shell.internet.pages[HOOK] = hook


def it_was_told(shell: Shell) -> None:
    [[complaint]] = shell.told
    assert complaint.startswith("boats: overdue")


def scrapyd_has_finished(shell: Shell) -> None:
    until(lambda: ask(shell.port, "listjobs.json?project=news").get("finished"), 60)


STORY = {
    # One crawl
    "archiver --version": Step(says=r"^archiver \d"),
    "archiver demo -o demo": Step(posts=6, images=6),
    "archiver sites": Step(says="36kr"),
    "archiver crawl 36kr --limit 10": Step(posts=5, images=3),
    "archiver crawl 36kr --dry-run": Step(before=lambda shell: shell.publish(4), says="1 new"),
    "archiver crawl 36kr": Step(posts=1, images=1),
    "scrapy list": Step(says="(?m)^36kr$"),
    "scrapy crawl 36kr -a limit=10 -s ARCHIVER_OUTPUT=output": Step(
        before=lambda shell: shell.publish(5), posts=1, images=1
    ),
    # A section of any site
    "archiver section https://example.com/news/": Step(posts=2, images=2),
    "archiver section https://example.com/news/ --since 2026-03-01 --limit 20 --categories web/example/harbour": Step(
        before=lambda shell: shell.publish_news("harbour", "market", "school"), posts=1, images=1
    ),
    "archiver page https://example.com/news/ferry": Step(posts=1, images=1),
    "archiver page https://example.com/news/ferry --explain": Step(says="What the ferry does"),
    # Missing images
    "archiver images --check": Step(code=1, before=lose_an_image, says="missing"),
    "archiver images": Step(images=1),
    # Is it all there?
    "archiver verify --fix": Step(before=leave_a_file, says="leftover"),
    # An archive that another program wrote
    "archiver adopt old": Step(before=an_old_archive, says="5 adopted"),
    "archiver crawl 36kr -o old": Step(posts=2, says="2 new, 3 known"),  # the newsflashes were never in it
    # Links to the images, switched
    "archiver relink --image-links local": Step(after=is_linked_locally),
    "archiver relink --image-links remote": Step(after=is_linked_remotely),
    # When it is time
    "archiver schedule list": Step(says="due"),
    "archiver schedule run --once": Step(posts=8, images=3),
    "archiver schedule run": Step(
        code=INTERRUPTED,
        posts=1,
        before=newsflashes_are_due,
        goes_on=lambda shell: "36kr/快讯" in shell.crawled(),
        after=lambda shell: shell.configure(),
    ),
    "systemctl enable --now archiver.timer": Step(),
    "(crontab -l; archiver schedule install --cron) | crontab -": Step(after=the_line_of_cron_runs),
    "archiver schedule install --github-actions --to .": Step(after=the_workflow_is_one),
    # Does it run?
    "archiver status": Step(says="boats"),
    "archiver status --notify": Step(code=1, before=boats_are_late, after=it_was_told),
    # What a run tells
    "archiver runs": Step(says="boats"),
    "archiver crawl 36kr --metrics archiver.prom --log-file archiver.log --log-format json": Step(
        before=lambda shell: shell.publish(4, flashes=3), posts=1, images=1, after=all_is_told
    ),
    # On many machines
    "archiver crawl boats": Step(posts=3),
    "archiver plan --due": Step(says='"id": "boats@first"'),
    "archiver plan --send": Step(says='"id": "boats@first"'),
    "archiver work --concurrency 2": Step(
        code=INTERRUPTED, posts=8, images=3, goes_on=lambda shell: {"36kr", "boats"} <= {*shell.crawled()}
    ),
    "docker run --rm --read-only --tmpfs /tmp -v archive:/archive archiver crawl 36kr --limit 10": Step(
        posts=5, images=3
    ),
    "POSTGRES_PASSWORD=secret docker compose -f deploy/compose.yaml up --build --detach": Step(posts=8, images=3),
    "kubectl apply -f deploy/k8s/": Step(before=lambda shell: shell.publish(4), posts=1, images=1),
    "scrapyd": Step(goes_on=lambda shell: ask(shell.port, "daemonstatus.json"), stays=True),
    "scrapyd-client schedule --project news 36kr --arg limit=10 --arg setting=ARCHIVER_OUTPUT=/archive "
    "--arg setting=ARCHIVER_INDEX=postgresql+psycopg://HOST/NAME": Step(posts=5, images=3, after=scrapyd_has_finished),
    # README
    "sh setup.sh demo": Step(posts=6, images=6),
    "sh setup.sh crawl 36kr --limit 10": Step(posts=5, images=3),
    "archiver section https://example.com/news/ -o DIR": Step(posts=2, images=2),
    "archiver images -o DIR": Step(before=lose_an_image, images=1),
}


@dataclass(frozen=True)
class Chapter:
    """Sections that are read in one go, and what is there when they begin."""

    headings: tuple[str, ...]
    begin: Callable[[Shell], object] = lambda _: None


def an_archive(shell: Shell) -> None:
    """Articles with images, and newsflashes."""
    code, said = shell.run(f"archiver section {NEWS} {kr36_site.NEWS}")
    assert code == 0, said


def a_schedule(shell: Shell) -> None:
    """That of the document; `boats` is a site of one's own."""
    town = Town(shell.internet, shell.folder, stories(3))
    town.publish()
    (shell.folder / "sites" / "town.yaml").unlink()
    (shell.folder / "sites" / "boats.yaml").write_text(DEFINITION, "utf-8")
    shell.configure()


def a_schedule_and_an_archive(shell: Shell) -> None:
    a_schedule(shell)
    code, said = shell.run("archiver crawl 36kr")
    assert code == 0, said


def a_place_for_scrapyd(shell: Shell) -> None:
    """Its configuration: a port that is free."""
    [text] = re.findall(r"```ini\n(.*?)```", RUNNING, re.DOTALL)
    (shell.folder / "scrapy.cfg").write_text(substituted(shell, text), "utf-8")
    own = f"[scrapyd]\nbind_address = 127.0.0.1\nhttp_port = {shell.port}\npoll_interval = 0.5\n"
    (shell.folder / "scrapyd.conf").write_text(own, "utf-8")


ANOTHER_PROGRAM = "An archive that another program wrote"
ONE_MACHINE = (
    Chapter(("One crawl", "A section of any site")),
    Chapter(("Missing images", "Is it all there?", ANOTHER_PROGRAM, "Links to the images, switched"), an_archive),
    Chapter(("When it is time", "Does it run?", "What a run tells"), a_schedule),
)
MANY_MACHINES = (
    Chapter(("Several processes",), a_schedule_and_an_archive),
    Chapter(("Workers",), a_schedule),
    Chapter(("Containers",), a_schedule),
    Chapter(("scrapyd",), a_place_for_scrapyd),
)
BUCKET = Chapter(("A bucket",))


def perform(shell: Shell, command: str) -> None:
    """Runs one line, and compares what comes of it."""
    step = STORY.get(command, Step())
    if step.before:
        step.before(shell)
    posts, images = shell.files()
    line = substituted(shell, command)
    engine = next((act for start, (_, act) in ENGINES.items() if command.startswith(start)), None)
    if step.stays:
        said_to = shell.staying.enter_context((shell.folder / "said.txt").open("w"))
        shell.staying.enter_context(beside(shell.start(f"exec {line}", said_to)))
        until(lambda: step.goes_on and step.goes_on(shell), 60)
        code, said = 0, ""
    elif step.goes_on:
        code, said = shell.run_until(line, lambda: step.goes_on and step.goes_on(shell))
    else:
        code, said = engine(shell, line) if engine else shell.run(line)
    if step.after:
        step.after(shell)
    found = shell.files()
    came = (code, found[0] - posts, found[1] - images)
    assert came == (step.code, step.posts, step.images), f"{command}\n{said}"
    assert re.search(step.says, said), f"{command}\n{said}"


def perform_all(shell: Shell, commands: list[str]) -> None:
    """Runs the lines one after the other; what `export` says holds for those that follow, `&` beside the next one."""
    with shell.staying:
        for command in commands:
            if command.startswith("export "):
                pairs = shlex.split(substituted(shell, command))[1:]
                shell.archiver.environment |= {name: value for name, _, value in (it.partition("=") for it in pairs)}
            else:
                perform(shell, command)


def shell_for(archiver: Archiver, index: str = "", broker: str = "") -> Shell:
    """A folder beside a `scrapy.cfg`, on an internet on which 36kr and example.com have something to say."""
    shell = Shell(archiver, index, broker, free_port())
    shutil.copy(ROOT / "scrapy.cfg", shell.folder)
    shell.publish()
    shell.publish_news("harbour", "market")
    return shell


def read(chapter: Chapter, shell: Shell) -> None:
    chapter.begin(shell)
    perform_all(shell, [command for heading, command in COMMANDS if heading in chapter.headings])


@pytest.mark.parametrize("chapter", ONE_MACHINE, ids=lambda chapter: chapter.headings[0])
def test_one_machine(chapter: Chapter, archiver: Archiver) -> None:
    read(chapter, shell_for(archiver))


@postgresql
@pytest.mark.parametrize("chapter", MANY_MACHINES, ids=lambda chapter: chapter.headings[0])
def test_many_machines(chapter: Chapter, archiver: Archiver, index_url: str, broker: str) -> None:
    if chapter.headings == ("scrapyd",) and not importlib.util.find_spec("scrapyd_client"):
        pytest.skip("pip install scrapyd scrapyd-client setuptools")
    read(chapter, shell_for(archiver, index=index_url, broker=broker))


@postgresql
def test_a_bucket(bucket: str, archiver: Archiver, index_url: str) -> None:
    shell = shell_for(archiver, index_url)
    shell.output = BucketPath(f"s3://{bucket}/archives/news")
    read(BUCKET, shell)
    assert len(shell.crawled(shell.output, index_url)) == 1


def test_the_readme(archiver: Archiver) -> None:
    shell = shell_for(archiver)
    (shell.folder / "venv" / "bin").mkdir(parents=True)  # setup.sh finds an environment in which all is installed
    (shell.folder / "venv" / "bin" / "pip").symlink_to("/bin/true")
    (shell.folder / "venv" / "bin" / "archiver").symlink_to(Path(sys.executable).parent / "archiver")
    shell.archiver.environment["ARCHIVER_OUTPUT"] = str(shell.folder / "output")
    perform_all(shell, README_COMMANDS)


def test_every_command_belongs_to_a_chapter_and_every_step_to_a_command() -> None:
    headings = {heading for chapter in (*ONE_MACHINE, *MANY_MACHINES, BUCKET) for heading in chapter.headings}
    assert headings == {heading for heading, _ in COMMANDS}
    commands = {command for _, command in COMMANDS} | {*README_COMMANDS}
    assert STORY.keys() <= commands
    assert [start for start in ENGINES if not any(command.startswith(start) for command in commands)] == []


@pytest.mark.parametrize("span", dict.fromkeys(spans(RUNNING)))
def test_a_command_within_the_text_is_one_of_the_blocks(span: str) -> None:
    if span.startswith("pip install"):  # what is installed is what the lock files of .ci/run have
        [extra] = re.findall(r"archiver\[(\w+)\]", span)
        assert extra in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    else:
        assert any(begins(span, command) for _, command in COMMANDS)


def test_a_configuration_in_the_document_is_one(tmp_path: Path) -> None:
    (tmp_path / "archiver.yaml").write_text(yaml_blocks(RUNNING, "schedule") + yaml_blocks(RUNNING, "notify"), "utf-8")
    assert read_defaults(tmp_path / "archiver.yaml").keys() == {"schedule", "notify"}
