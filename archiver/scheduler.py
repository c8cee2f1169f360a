"""Starts the crawls of a schedule when they are due, each in a process of its own, one after the other.

It remembers nothing: what is due follows from the runs in the index. A crawl goes on when its scheduler is killed, and
has the scheduler's lock as well; so a new scheduler waits for it, and then sees its run.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any, Self

from archiver.archive import Archive
from archiver.bucket import BucketPath, reach
from archiver.errors import ArchiverError, LockedError
from archiver.files import holder_in, lock, refusals
from archiver.health import examine
from archiver.layout import Layout
from archiver.leases import Leases
from archiver.notifying import Notifier
from archiver.outcomes import INTERRUPTED
from archiver.schedule import Job, Standing, standings_in

logger = logging.getLogger("archiver")
RETRY = timedelta(minutes=5)
"""After which a crawl is started again that left no run behind: the archive was in use, or the machine refused."""
LONGEST_SLEEP = 60
"""Seconds; then the clock and the index are looked at again, whoever has changed them."""
FOREVER = 10.0**9

Configuration = tuple[list[Job], dict[str, Any]]
"""The jobs, and what `Notifier` takes."""


class Signals:
    """Hears SIGTERM, SIGINT and SIGHUP while it is entered, and is woken by them and by the end of a child."""

    def __init__(self) -> None:
        self.stops, self.reload = 0, False
        self._ear, self._mouth = socket.socketpair()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._ear.close()
        self._mouth.close()

    def _note(self, number: int, _: FrameType | None) -> None:
        self.stops += number in (signal.SIGTERM, signal.SIGINT)
        self.reload |= number == signal.SIGHUP

    def wait(self, seconds: float) -> None:
        """Until a signal comes, or so long."""
        if select.select([self._ear], [], [], max(0.0, seconds))[0]:
            self._ear.recv(4096)


class Scheduler:
    """`read` gives the configuration, again and again; it raises ConfigurationError."""

    def __init__(self, layout: Layout, read: Callable[[], Configuration]) -> None:
        self.layout, self.read = layout, read
        self.jobs, self.notify = read()
        self.tried: dict[str, datetime] = {}
        self.worst = 0

    def run(self, *, once: bool) -> int:
        """Until a signal ends it; with `once`, until nothing is due. The exit code.

        Raises LockedError or MachineError.
        """
        with self.locked() as handles, Signals() as signals:
            while not signals.stops:
                if signals.reload:
                    signals.reload = False
                    self.reload()
                now = datetime.now(UTC)
                found = standings_in(self.layout, self.jobs, now)
                if due := [it.job for it in found if it.is_due(now) and self.may_be_tried(it, now)]:
                    self.crawl(together(due), handles, signals)
                    self.complain()
                elif once:
                    return self.worst
                else:
                    signals.wait(self.seconds_to_sleep(found, now))
        return INTERRUPTED

    @contextmanager
    def locked(self) -> Iterator[list[int]]:
        """One scheduler for each archive; gives what a crawl is to have open, too, of the lock.

        Raises LockedError or MachineError.
        """
        if isinstance(self.layout.output, BucketPath):
            reach(self.layout.output)
            with closing(Leases(self.layout.index)) as leases:
                leases.take([f"the schedule of {self.layout.output}"], use="in use")
                yield []
            return
        handle = self.take_lock()
        try:
            yield [handle]
        finally:
            os.close(handle)

    def take_lock(self) -> int:
        """The lock of a folder's scheduler, once no crawl that another one left behind has it.

        Raises LockedError or MachineError.
        """
        path = self.layout.state_folder / "schedule.lock"
        with refusals(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                handle = lock(path)
            except LockedError as error:
                if holder_in(path.read_text("utf-8", "replace")) != "another run":
                    raise LockedError(f"{error}: another scheduler") from error
                handle = lock(path, wait=FOREVER)
        return handle

    def reload(self) -> None:
        """The configuration as it is now; where that is wrong, the one before stays."""
        try:
            self.jobs, self.notify = self.read()
            logger.info("configuration read: %d jobs", len(self.jobs))
        except ArchiverError as error:
            logger.error("%s; the schedule stays as it was", error)

    def may_be_tried(self, standing: Standing, now: datetime) -> bool:
        """Has the job left a run when it was started last, or is that long ago?"""
        last = self.tried.get(standing.job.name)
        return last is None or (standing.last is not None and standing.last >= last) or now - last >= RETRY

    def seconds_to_sleep(self, found: Sequence[Standing], now: datetime) -> float:
        moments = [max(it.next, self.tried.get(it.job.name, it.next) + RETRY * it.is_due(now)) for it in found]
        return min([(moment - now).total_seconds() for moment in moments] + [LONGEST_SLEEP])

    def crawl(self, jobs: Sequence[Job], handles: Sequence[int], signals: Signals) -> None:
        """Runs the crawl of some jobs to its end; a signal is handed on to it, and its end is waited for."""
        now = datetime.now(UTC)
        self.tried |= {job.name: now for job in jobs}
        channel = [f"--channel={jobs[0].channel}"] if jobs[0].channel else []
        words = [*channel, "--", *(job.site for job in jobs)]
        logger.info("starts: archiver crawl %s", " ".join(words))
        started = time.monotonic()
        with start_crawl(words, self.layout, pass_fds=handles) as child:
            handed_on = 0
            while (code := child.poll()) is None:
                for _ in range(signals.stops - handed_on):
                    child.send_signal(signal.SIGTERM)
                handed_on = signals.stops
                signals.wait(LONGEST_SLEEP)
        logger.info("ended: exit code %d after %.0f s", code, time.monotonic() - started)
        self.worst = max(self.worst, code if code >= 0 else 128 - code)

    def complain(self) -> None:
        """Tells what is to be complained of; that this fails ends nothing."""
        try:
            if self.layout.is_begun:
                with closing(Archive(self.layout, mode="read")) as archive:
                    _, complaints = examine(archive.index, self.jobs, datetime.now(UTC))
                for complaint in complaints:
                    logger.warning("%s", complaint)
                Notifier(self.notify, self.layout.output).tell(complaints)
        except ArchiverError as error:
            logger.error("%s", error)


def together(due: Sequence[Job]) -> list[Job]:
    """Of the jobs that are due, the most urgent one, and those that one process can do with it: whole sites."""
    return [job for job in due if not job.channel] if not due[0].channel else [due[0]]


def start_crawl(words: Sequence[str], layout: Layout, **options: Any) -> "subprocess.Popen[bytes]":
    """`archiver crawl WORDS` into an archive, in a process and a session of its own; `options` are those of `Popen`.

    The index's address goes by the environment: it may hold a password, and anybody may list the words of a process.
    """
    where = [f"--output={layout.output}", f"--images={layout.images}"]
    environment = os.environ | ({"ARCHIVER_INDEX": layout.index} if layout.index else {})
    command = [sys.executable, "-m", "archiver", "crawl", *where, *words]
    return subprocess.Popen(command, env=environment, start_new_session=True, **options)  # noqa: S603
