"""Imported by Python itself where this folder is on its path: notes the longest stall of the event loop in a file."""

import asyncio.base_events
import os
import time
from pathlib import Path

PAUSE = 0.05
run_forever = asyncio.base_events.BaseEventLoop.run_forever
longest = 0.0


def watched(self: asyncio.base_events.BaseEventLoop) -> None:
    def look(due: float) -> None:
        global longest  # noqa: PLW0603
        now = time.monotonic()
        if now - due > longest:
            longest = now - due
            Path(os.environ["ARCHIVER_STALL"]).write_text(str(longest))
        self.call_later(PAUSE, look, now + PAUSE)

    self.call_later(PAUSE, look, time.monotonic() + PAUSE)
    run_forever(self)


if "ARCHIVER_STALL" in os.environ:
    asyncio.base_events.BaseEventLoop.run_forever = watched  # type: ignore[method-assign]
