"""A signal ends a command between two of its steps, a second one at once; of commands that crawl Scrapy takes care."""

import signal
from collections.abc import Generator, Iterable, Iterator
from types import FrameType
from typing import Any, Self, TypeVar

Step = TypeVar("Step")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def hear(*_: object) -> None:
    """A handler: as Python has it for SIGINT, so that what is open is closed. Raises KeyboardInterrupt."""
    raise KeyboardInterrupt


class Interruption:
    """Hears signals while it is entered; only the main thread may.

    `for step in interruption.steps(…)` ends behind the step in which the first signal came; the second one raises
    KeyboardInterrupt wherever the command is.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked:
            hear()
        self.is_asked = True

    def steps(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The steps, one after the other, until a signal comes; then they are closed, if they are a generator."""
        try:
            for step in steps:
                yield step
                if self.is_asked:
                    return
        finally:
            if isinstance(steps, Generator):
                steps.close()
