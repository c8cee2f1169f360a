"""One case, played: its sandbox is made, the program is run as the case says, and what happened is kept."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attacks.cases import Case
from tests.attacks.lab import Lab, running

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 90
LATE = 3.0
"""Seconds that a page takes where another run, or a signal, is to come in between."""
DEFINITION = """\
domains: [site.test]
channels:
  c: {start: http://site.test/c/, categories: [web, site, c]}
listing: {item: li.card, link: a, next: a.next}
article: {title: h1.title, body: div.body, date: time, author: .author, image: img.header}
"""
SETTINGS = (
    *("DOWNLOAD_TIMEOUT=4", "DOWNLOAD_DELAY=0", "RETRY_TIMES=2", "RETRY_PAUSE=0.02", "BLOCKED_PAUSE=0.02"),
    "DOWNLOAD_DELAY_JITTER=0",
)
LINE = re.compile(r"^(\w+): (\S+) \((.*)\)$", re.MULTILINE)
"""How a problem stands in the log."""
CRASH = """
import os, sys
from archiver.index import Index
from archiver.records import ArticleRecord
put = Index.put
def crash(self, *records):
    if any(isinstance(record, ArticleRecord) for record in records):
        os._exit(137)
    put(self, *records)
Index.put = crash
sys.argv[0] = "archiver"
from archiver.cli import main
main()
"""
"""The program, but it dies between a post and what is noted of it."""


@dataclass
class Run:
    """What one run of the program left behind."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    memory: int
    """The most that it, or one of its children, had: MiB."""
    stall: float
    """The longest that its event loop did nothing else: seconds."""

    @property
    def summary(self) -> dict[str, Any]:
        """The JSON object; empty: there is none."""
        try:
            found: dict[str, Any] = json.loads(self.stdout)
        except ValueError:
            return {}
        return found

    def findings(self) -> set[tuple[str, str]]:
        """(outcome, reason) of all that was told."""
        told = {(problem["outcome"], problem["reason"]) for problem in self.summary.get("problems", ())}
        told |= {("notice", notice["notice"]) for notice in self.summary.get("notices", ())}
        told |= {(word, reason) for word, _, reason in LINE.findall(self.stderr)}
        told |= {("stopped", text) for text in [self.summary.get("stopped", "")] if text}
        return told | {("log", line) for line in self.stderr.splitlines()}


@dataclass
class Played:
    """A case and all that happened."""

    case: Case
    folder: Path
    runs: list[Run] = field(default_factory=list)
    first: dict[str, bytes] = field(default_factory=dict)
    """The archive before the last crawl."""
    final: dict[str, bytes] = field(default_factory=dict)
    wanted: dict[str, bytes] | None = None
    """The archive of an undisturbed run, where the case is about one that was disturbed."""
    outputs: list[dict[str, bytes]] = field(default_factory=list)
    """One for each setup that the case compares."""
    outside: list[str] = field(default_factory=list)
    """What was made or changed outside the archive."""
    second: Run | None = None
    """Of two at once."""
    broken: list[str] = field(default_factory=list)
    """What the steps themselves found wrong."""

    @property
    def output(self) -> Path:
        return self.folder / "work" / "output"

    def findings(self) -> set[tuple[str, str]]:
        return {finding for run in [*self.runs, *([self.second] if self.second else [])] for finding in run.findings()}


def url_of(case: Case) -> str:
    """Where a case begins."""
    entry = case.entry or f"/c/{case.id}"
    scheme = "https" if case.step("tls") else "http"
    return entry if entry.startswith("http:") else f"{scheme}://site.test{entry}"


def is_listing(case: Case) -> bool:
    """Does it begin with a listing, a sitemap or a feed?"""
    entry, body = case.entry.partition("?")[0], (case.serve[0].get("body") if case.serve else None)
    made = body.get("gen", "") if isinstance(body, dict) else ""
    return case.kind in ("listing", "sitemap", "feed") or made in ("listing", "sitemap") or ".xml" in entry


class Player:
    """Plays one case in its folder."""

    def __init__(self, case: Case, folder: Path, lab: Lab, program: tuple[str, ...]) -> None:
        self.case, self.lab, self.program = case, lab, program
        self.played = Played(case, folder)
        self.work = folder / "work"
        self.output = self.work / "output"
        self.environment: dict[str, str] = {}
        self.settings: list[str] = [*SETTINGS]
        self.wrapper: tuple[str, ...] = ()
        self.number = 0

    # The program.

    def command(self) -> tuple[str, ...]:
        """What crawls the case."""
        more = [part for setting in self.settings for part in ("-s", setting)]
        refresh = ("--refresh", "all") if self.case.run == "recrawl" or self.case.then else ()
        name = ("section", *refresh) if is_listing(self.case) else ("page",)
        return (*name, url_of(self.case), "--json", *more)

    def start(self, arguments: tuple[str, ...], program: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
        self.number += 1
        paths = [str(ROOT), str(Path(__file__).parent / "probe")]
        environment = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "PYTHONPATH": os.pathsep.join(paths),
            "ARCHIVER_STALL": str(self.played.folder / f"stall-{self.number}"),
            **self.environment,
        }
        environment.pop("COVERAGE_PROCESS_CONFIG", None)  # it would take as long again
        logs = [(self.played.folder / f"{name}-{self.number}").open("w") for name in ("stdout", "stderr")]
        try:
            return subprocess.Popen(
                [*self.wrapper, sys.executable, *(program or self.program), *arguments],
                cwd=self.work,
                env=environment,
                stdout=logs[0],
                stderr=logs[1],
                text=True,
                start_new_session=True,
            )
        finally:
            for log in logs:
                log.close()

    def finish(self, process: "subprocess.Popen[str]", number: int | None = None, seconds: float = MOST_SECONDS) -> Run:
        """Waits for a run, with its children; one that takes too long is killed."""
        started, number = time.monotonic(), number or self.number
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - started > seconds:
                os.killpg(process.pid, signal.SIGKILL)
                _, status, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        read = {name: self.played.folder / f"{name}-{number}" for name in ("stdout", "stderr", "stall")}
        texts = {name: path.read_text("utf-8", "replace") if path.exists() else "" for name, path in read.items()}
        return Run(
            process.returncode,
            texts["stdout"],
            texts["stderr"],
            time.monotonic() - started,
            usage.ru_maxrss // 1024,
            float(texts["stall"] or 0),
        )

    def go(self, arguments: tuple[str, ...] = (), program: tuple[str, ...] = ()) -> Run:
        """One run from begin to end."""
        run = self.finish(self.start(arguments or self.command(), program))
        self.played.runs.append(run)
        return run

    def archive(self) -> dict[str, bytes]:
        """Posts and images."""
        found = (path for path in self.output.rglob("*") if path.is_file() and not path.is_symlink())
        names = ((str(path.relative_to(self.output)), path) for path in found)
        return {name: path.read_bytes() for name, path in names if not name.startswith(".archiver/")}

    def around(self) -> dict[str, bytes]:
        """Everything in the sandbox that is not the archive, nor what the player itself writes."""
        files = (path for path in self.played.folder.rglob("*") if path.is_file() and not path.is_symlink())
        names = ((str(path.relative_to(self.played.folder)), path) for path in files)
        ours = ("stdout-", "stderr-", "stall-", "work/output/", "undisturbed/")
        return {name: path.read_bytes() for name, path in names if not name.startswith(ours)}

    # The case.

    def play(self) -> Played:
        """All of it."""
        (self.work / "sites").mkdir(parents=True)
        (self.work / "sites" / "site.yaml").write_text(DEFINITION, "utf-8")
        (self.played.folder / "outside").mkdir()
        (self.played.folder / "outside" / "victim.txt").write_text("mine\n")
        before = self.around()
        try:
            self.set_up()
            self.run_all()
            self.played.final = self.archive()
        finally:
            self.take_down()
        after = self.around()
        changed = (name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        self.played.outside = sorted(changed)
        return self.played

    def set_up(self) -> None:
        for step in self.case.setup:
            for name, value in step.items():
                getattr(self, f"set_{name}", lambda _: None)(value)

    def set_env(self, values: dict[str, str]) -> None:
        if not self.case.expect.get("identical_across"):
            self.environment |= {name: self.lab.filled(value, 0) for name, value in values.items()}

    def set_settings(self, values: dict[str, str]) -> None:
        self.settings += [f"{name}={value}" for name, value in values.items()]

    def set_http_auth(self, values: dict[str, str]) -> None:
        self.settings += [f"HTTPAUTH_USER={values['user']}", f"HTTPAUTH_PASS={values['password']}"]
        self.settings.append("HTTPAUTH_DOMAIN=site.test")

    def set_cookie(self, values: dict[str, str]) -> None:
        headers = json.dumps({"Accept": "text/html,*/*;q=0.8", "Cookie": f"session={values['value']}"})
        self.settings.append(f"DEFAULT_REQUEST_HEADERS={headers}")

    def set_symlink(self, values: dict[str, str]) -> None:
        self.output.mkdir(exist_ok=True)
        (self.output / values["name"]).symlink_to(f"../{values['to']}")

    def set_rlimit(self, values: dict[str, int]) -> None:
        self.wrapper = ("prlimit", *(f"--{name}={value}:{value}" for name, value in values.items()))

    def place(self, what: str) -> Path:
        return {"output": self.output, "state": self.output / ".archiver", "index": self.state("index.sqlite")}[what]

    def state(self, name: str) -> Path:
        return self.output / ".archiver" / name

    def set_tmpfs(self, values: dict[str, str]) -> None:
        self.mount(self.place(values["on"]), "-t", "tmpfs", "-o", f"size={values['size']}", "tmpfs")

    def set_readonly(self, what: str) -> None:
        self.mount(self.place(what), "--bind", str(self.place(what)))
        self.mount(self.place(what), "-o", "remount,bind,ro")

    def mount(self, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", *options, str(folder)], check=True, capture_output=True)

    def take_down(self) -> None:
        for what in ("state", "output"):
            while self.place(what).is_mount():
                subprocess.run(["umount", "--lazy", str(self.place(what))], check=True)

    def run_all(self) -> None:
        """The runs that a case is about."""
        expect, step = self.case.expect, self.case.step
        if expect.get("identical_across"):
            self.run_across([step["env"] for step in self.case.setup])
        elif step("signal"):
            self.run_and_signal(step("signal"))
        elif step("parallel"):
            self.run_two()
        elif step("kill9_holding_lock"):
            self.run_and_kill()
        elif step("crash_at"):
            self.go(program=("-c", CRASH))
            self.resume()
        else:
            self.go()
            self.run_more()
            if expect["outcome"] == "resumed":
                self.compare_with_undisturbed()

    def run_more(self) -> None:
        """What follows the first run."""
        self.played.first = self.archive()
        for step in self.case.then or ([{"crawl": True}] if self.case.run == "recrawl" else []):
            for name, value in step.items():
                getattr(self, f"then_{name}")(value)
        if self.case.run == "images":
            self.then_run("images")

    def then_crawl(self, _: bool) -> None:
        self.played.first = self.archive()
        self.go()

    def then_run(self, name: str) -> None:
        more = [part for setting in self.settings for part in ("-s", setting)]
        self.go((name, "--json", *more))

    def then_verify(self, wanted: dict[str, int]) -> None:
        run = self.go(("verify", "--json"))
        if run.code != wanted["exit"]:
            self.played.broken.append(f"verify: exit code {run.code}, {wanted['exit']} was expected")

    def then_edit(self, values: dict[str, str]) -> None:
        for post in self.output.rglob("*.md"):
            with post.open("a", encoding="utf-8") as file:
                file.write(values["append"])

    def then_delete_md(self, _: bool) -> None:
        for post in self.output.rglob("*.md"):
            post.unlink()

    def files_of(self, what: str) -> list[Path]:
        if what == "image":
            return [path for path in (self.output / "images").rglob("*") if path.is_file()]
        return [self.place(what)]

    def then_overwrite(self, values: dict[str, Any]) -> None:
        for file in self.files_of(values["what"]):
            with file.open("r+b") as stream:
                stream.seek(values["at"])
                stream.write(bytes.fromhex(values["hex"]))

    def then_truncate(self, values: dict[str, Any]) -> None:
        for file in self.files_of(values["what"]):
            os.truncate(file, values["bytes"])

    def then_mtime(self, values: dict[str, Any]) -> None:
        moment = time.time() + values["days"] * 86400
        for file in self.files_of(values["what"]):
            os.utime(file, (moment, moment))

    def then_free(self, what: str) -> None:
        self.mount(self.place(what), "-o", "remount,size=64m")

    def run_across(self, environments: list[dict[str, str]]) -> None:
        for environment in environments:
            shutil.rmtree(self.output, ignore_errors=True)
            self.environment = environment
            self.go()
            self.played.outputs.append(self.archive())

    def wait_for(self, condition: Callable[[], object], process: "subprocess.Popen[str]") -> None:
        last = time.monotonic() + 30
        while not condition() and is_running(process) and time.monotonic() < last:
            time.sleep(0.02)

    def run_and_signal(self, values: dict[str, Any]) -> None:
        self.settings.append("DOWNLOAD_DELAY=0.4")
        process = self.start(self.command())
        self.wait_for(lambda: len([*self.output.rglob("*.md")]) >= values["after_items"], process)
        if is_running(process):
            os.kill(process.pid, signal.Signals[f"SIG{values['name']}"])
        self.played.runs.append(self.finish(process))
        self.resume()

    def run_two(self) -> None:
        self.lab.delay = LATE
        first = self.start(self.command())
        self.wait_for(lambda: self.state("lock").exists() and self.state("lock").read_bytes(), first)
        second = self.start(self.command())
        self.played.second = self.finish(second, 2)
        self.played.runs.append(self.finish(first, 1))

    def run_and_kill(self) -> None:
        self.lab.delay = LATE
        first = self.start(self.command())
        self.wait_for(lambda: self.state("lock").exists() and self.state("lock").read_bytes(), first)
        os.killpg(first.pid, signal.SIGKILL)
        self.finish(first)
        self.lab.delay = 0
        self.go()

    def resume(self) -> None:
        """The same command again, and a run that nobody disturbs, to compare."""
        self.go()
        self.compare_with_undisturbed()

    def compare_with_undisturbed(self) -> None:
        final = self.archive()
        mine = self.work
        self.lab.hits.clear()
        self.work = self.played.folder / "undisturbed"
        shutil.copytree(mine / "sites", self.work / "sites")
        runs = len(self.played.runs)
        output, self.output = self.output, self.work / "output"
        self.go()
        self.played.wanted = self.archive()
        del self.played.runs[runs:]
        self.work, self.output = mine, output
        self.played.final = final


def is_running(process: "subprocess.Popen[str]") -> bool:
    """Is it still there? It is not waited for: that is what tells how much memory it had."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def play(case: Case, folder: Path, program: tuple[str, ...] = ("-m", "archiver")) -> tuple[Played, Lab]:
    """Plays a case in a folder that is to be its sandbox; `program` is what Python runs."""
    lab = Lab(case)
    lab.warm_up()
    with running(lab):
        return Player(case, folder, lab, program).play(), lab
