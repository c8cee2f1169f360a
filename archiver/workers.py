"""Processes that read pages off the event loop: a heavy page stalls no download, a bad one costs only itself."""

import asyncio
import atexit
import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from archiver.errors import PageError

Result = TypeVar("Result")

SECONDS = 10.0
"""What one page may take; pages of 10 MB took 1.6 (long paragraphs) to 6 seconds (short ones) on a free core."""
GRACE = 5.0
"""Seconds that the main process has to end a late one; then it ends itself."""
MAX_TASKS = 2000
"""Pages after which a process is replaced: what the parsers leak goes with it."""
SMALL = 1_000_000
"""Bytes of a page that is read on the event loop when selectors say where everything is: 20 to 44 ms at most."""
FEW_TAGS = 8_000
"""Nested that deep, they cost lexbor 50 ms (its tree builder is quadratic in depth); side by side next to nothing."""

LONGEST_TAG = 16_000
"""Bytes of a tag that is parsed on the event loop; lexbor is quadratic in the attributes of an element, too."""


class Workers:
    """A pool of processes, started with the first page that needs one."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or max(1, min(4, (os.cpu_count() or 2) - 1))
        self.pool: ProcessPool | None = None
        self.starting = asyncio.Lock()

    async def run(self, function: Callable[..., Result], *arguments: Any, seconds: float = SECONDS) -> Result:
        """What `function` returns, from another process; all that goes in and out is pickled.

        Raises PageError when it takes over `seconds` or kills its process, and what the function raises.
        """
        async with self.starting:
            if self.pool is None:  # in a thread, for the fork server imports the extractor first
                self.pool = await asyncio.to_thread(start_pool, self.count)
        future = self.pool.schedule(bounded, args=(seconds, function, *arguments), timeout=seconds)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise PageError(f"not read within {seconds:.0f} s") from error
        except ProcessExpired as error:
            raise PageError(f"reading it killed its process (exit code {error.exitcode})") from error

    def stop(self) -> None:
        """Ends the processes, whatever they are at."""
        if self.pool is not None:
            self.pool.stop()  # type: ignore[no-untyped-call]
            self.pool.join()
            self.pool = None


workers = Workers()
"""The pool of this process: crawls side by side share it."""
atexit.register(workers.stop)


def start_pool(count: int) -> ProcessPool:
    """Fresh processes from a fork server that has the extractor imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["archiver.extract.article"])
    pool = ProcessPool(max_workers=count, max_tasks=MAX_TASKS, initializer=prepare, context=context)
    pool.schedule(abs, args=(1,)).result()
    return pool


def bounded(seconds: float, function: Callable[..., Result], *arguments: Any) -> Result:
    """What a process does: it ends by itself if it is late and nobody is left to end it."""
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    try:
        return function(*arguments)
    except (SystemExit, KeyboardInterrupt, asyncio.CancelledError) as error:  # of a definition's own code
        raise PageError(f"refused: {type(error).__name__} where a page is read") from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def prepare() -> None:
    """A terminal's Ctrl-C reaches every process of its group; the main one decides what becomes of a run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)  # what a definition's own code prints is no part of the summary


def is_light(body: bytes) -> bool:
    """May a page be parsed on the event loop, whatever it holds?"""
    if len(body) > SMALL:
        return False
    _, *pieces = body.split(b"<", FEW_TAGS + 1)
    return len(pieces) <= FEW_TAGS and not any(map(is_long_tag, pieces))


def is_long_tag(piece: bytes) -> bool:
    """Is what stands between two `<` perhaps one long tag, rather than a short one with a long text behind it?"""
    if len(piece) < LONGEST_TAG:
        return False
    tag, end, _ = piece[: LONGEST_TAG - 1].partition(b">")
    return not end or tag.count(b'"') % 2 == 1 or tag.count(b"'") % 2 == 1
