"""How long an event loop stands still: a Scrapy extension for tests."""

import asyncio
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

STEP = 0.005
"""Seconds from one look to the next."""
SUSPICIOUS = 0.03
"""Seconds of silence after which somebody looks at what the loop is doing."""


def waiting_time() -> float:
    """Seconds that this thread has waited for a processor (Linux: the second number of `schedstat`); 0 elsewhere."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


class StallExtension:
    """Writes the longest stall of a crawl, in seconds, and where the loop stood then, to the file `STALL_FILE`.

    Time for which the loop could have run, and the machine gave its processor to another program, does not count.
    """

    def __init__(self) -> None:
        self.longest, self.at, self.stack = 0.0, 0.0, ""
        self.seen = ""
        self.running = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begins to look."""
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.started = time.monotonic()
        self.note()
        self.loop.call_later(STEP, self.look)
        threading.Thread(target=self.watch, name="stall", daemon=True).start()

    def note(self) -> None:
        """Remembers when the loop was last seen alive."""
        self.due, self.waited = time.monotonic() + STEP, waiting_time()

    def look(self) -> None:
        """Is this the longest time that the loop did not come round?"""
        stall = time.monotonic() - self.due - (waiting_time() - self.waited)
        if stall > self.longest:
            self.longest, self.at, self.stack = stall, time.monotonic() - self.started, self.seen
        self.seen = ""
        self.note()
        if self.running:
            self.loop.call_later(STEP, self.look)

    def watch(self) -> None:
        """Takes down, in a thread of its own, what the loop is doing when it does not come round."""
        while self.running:
            time.sleep(STEP)
            if time.monotonic() - self.due > SUSPICIOUS and not self.seen:
                frame = sys._current_frames().get(self.thread)
                self.seen = "".join(traceback.format_stack(frame)[-8:]) if frame else ""

    def closed(self) -> None:
        """Tells."""
        self.running = False
        found = {"seconds": round(self.longest, 4), "at": round(self.at, 2), "stack": self.stack}
        Path(os.environ["STALL_FILE"]).write_text(json.dumps(found), "utf-8")
