"""The command line of the runner: `python -m tests.attacks [--json] [--keep FOLDER] [--hexo] [CASE|GROUP…]`."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.attacks import cases, judge, lab, play
from tests.attacks.words import PENDING

HEXO = cases.FILE.parents[1] / "clients" / "hexo_check.sh"


def main() -> int:
    """1 when a case fails that is not pending."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("wanted", nargs="*", metavar="CASE", help="cases or groups, by name; all where none is given")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--keep", type=Path, help="a folder in which the sandboxes stay")
    parser.add_argument("--program", type=Path, help="a Python file that is run in the place of the archiver")
    parser.add_argument("--hexo", action="store_true", help="all posts through a real Hexo at the end")
    chosen = parser.parse_args()
    if not cases.FILE.exists():
        parser.error(f"{cases.FILE} is not there")
    found = [case for case in cases.cases() if not chosen.wanted or {case.id, case.group} & {*chosen.wanted}]
    if not found:
        parser.error(f"no case is called {' or '.join(chosen.wanted)}")
    lab.enter()
    lab.furnish()
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="attacks-"))
    program = (str(chosen.program.absolute()),) if chosen.program else ("-m", "archiver")
    try:
        results = [result(case, folder / case.id, program, quiet=chosen.json) for case in found]
        hexo = check_hexo(found, folder) if chosen.hexo else ""
    finally:
        if not chosen.keep:
            shutil.rmtree(folder, ignore_errors=True)
    failed = [it for it in results if it["wrong"] and it["case"] not in PENDING]
    if chosen.json:
        print(json.dumps({"results": results, "hexo": hexo}, ensure_ascii=False))
    else:
        print(hexo, end="")
        bad = sum(bool(it["wrong"]) for it in results)
        print(f"{len(results) - bad} of {len(results)} cases pass, {bad - len(failed)} of the others are pending")
    return 1 if failed or hexo.startswith("Hexo:") else 0


def result(case: cases.Case, folder: Path, program: tuple[str, ...], *, quiet: bool) -> dict[str, object]:
    """Plays a case; a line of the table."""
    started = time.monotonic()
    folder.mkdir(parents=True)
    try:
        played, net = play.play(case, folder, program)
        wrong = judge.verdict(played, net)
        if wrong and all(text.startswith(judge.STALL) for text in wrong):  # a machine that has much else to do
            played, net = play.play(case, folder.with_name(f"{case.id}-again"), program)
            wrong = judge.verdict(played, net)
        memory = max((run.memory for run in played.runs), default=0)
    except Exception as error:  # the runner's own; the next case is played all the same
        wrong, memory = [f"{type(error).__name__}: {error}"], 0
    seconds = time.monotonic() - started
    if not quiet:
        word = "ok" if not wrong else "pending" if case.id in PENDING else "FAILED"
        print(f"{word:8}{case.group:12}{case.id:32}{seconds:6.1f} s {memory:5} MiB  {'; '.join(wrong)}", flush=True)
    return {"case": case.id, "group": case.group, "seconds": round(seconds, 1), "memory": memory, "wrong": wrong}


def check_hexo(found: list[cases.Case], folder: Path) -> str:
    """All posts of all cases in one Hexo site: what it has to say, beginning with `Hexo:` where something is wrong."""
    posts = folder / "posts"
    for case in found:
        for path in (folder / case.id / "work" / "output").rglob("*.md"):
            if not path.is_symlink():
                target = posts / case.id / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
    environment = {**os.environ, "HEXO_CHECK_CACHE": os.environ.get("HEXO_CHECK_CACHE", "/tmp/hexo_check")}  # noqa: S108
    run = subprocess.run(["sh", str(HEXO), str(posts)], capture_output=True, text=True, env=environment, check=False)
    return run.stdout if run.returncode == 0 else f"Hexo: exit code {run.returncode}\n{run.stdout}{run.stderr}"


if __name__ == "__main__":
    sys.exit(main())
