"""What makes a system start `archiver schedule run --once` again and again: systemd, cron, GitHub Actions."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archiver.bucket import BucketPath

MINUTES = 5
"""Between two looks at what is due; the schedule itself stays in `archiver.yaml`."""
STOP = 300
"""Seconds that a crawl has to finish what is in flight."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program is started, and what it is."""

    folder: Path
    """Absolute; holds `archiver.yaml`."""
    program: str
    output: Path | BucketPath

    @classmethod
    def here(cls, output: Path | BucketPath) -> Self:
        return cls(Path.cwd(), sys.argv[0] if Path(sys.argv[0]).name == "archiver" else "archiver", output)

    @property
    def command(self) -> tuple[str, ...]:
        program = str(Path(self.program).absolute()) if "/" in self.program else self.program
        return (program, "schedule", "run", "--once", f"--output={self.output}")


def systemd(place: Place) -> dict[str, str]:
    """A service that runs once, and its timer: `systemctl enable --now archiver.timer`."""
    command = " ".join(map(quoted, place.command))
    service = f"""\
[Unit]
Description=Crawls of archiver that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={escaped(str(place.folder))}
ExecStart={command}
# 1: something was missing, 130: stopped; the summary and `archiver status` tell of both
SuccessExitStatus=1 130
KillMode=mixed
TimeoutStartSec=infinity
TimeoutStopSec={STOP}
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
"""
    timer = f"""\
[Unit]
Description=Looks every {MINUTES} minutes which crawls of archiver are due

[Timer]
OnCalendar=*:0/{MINUTES}
RandomizedDelaySec=30
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {"archiver.service": service, "archiver.timer": timer}


def cron(place: Place) -> dict[str, str]:
    """A line for `crontab -e`; `flock` keeps a second scheduler from starting while the first one runs."""
    folder = shlex.quote(str(place.folder))
    command = (
        f"cd {folder} && flock --nonblock .archiver-schedule.lock {shlex.join(place.command)} --log-file=archiver.log"
    )
    return {"archiver.crontab": f"*/{MINUTES} * * * * {command.replace('%', chr(92) + '%')}\n"}


def github_actions(place: Place) -> dict[str, str]:
    """A workflow that crawls, and commits what is new."""
    output = shlex.quote(str(place.output))
    text = f"""\
name: archive
on:
  schedule:
    - cron: "17 * * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: archive
  cancel-in-progress: false
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install archiver
      - id: crawl
        run: archiver schedule run --once --output={output}
        continue-on-error: true
      - name: Keep what is new
        run: |
          git config user.name archiver
          git config user.email archiver@users.noreply.github.com
          git add --all {output}
          git diff --cached --quiet || git commit --message "Archive of $(date --utc +%Y-%m-%dT%H:%MZ)"
          git push
      - name: Tell how it went
        run: archiver status --output={output}
"""
    return {".github/workflows/archive.yml": text}


KINDS: dict[str, Callable[[Place], dict[str, str]]] = {
    "systemd": systemd,
    "cron": cron,
    "github-actions": github_actions,
}


def units(kind: str, place: Place) -> dict[str, str]:
    """File name -> its text, of one of KINDS."""
    return KINDS[kind](place)


def escaped(text: str) -> str:
    """A value in a unit file: `%` begins a specifier (systemd.unit(5))."""
    return text.replace("%", "%%")


def quoted(word: str) -> str:
    """A word of a command in a unit file (systemd.service(5), Command lines)."""
    text = escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{text}"' if set(text) & set(" '\t;") or text != word else text
