"""What a log may say: of no secret anything, and each message in lines of its own; where it goes, and how."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from archiver.files import refusals
from archiver.masking import escaped, masked

LOG_FORMATS = ("text", "json")
LARGEST, KEPT = 10_000_000, 5
"""Bytes of a log file, and how many older ones are kept."""
SEVERAL_LINES = ("scrapy.addons", "scrapy.crawler", "scrapy.middleware", "scrapy.statscollectors")
"""Loggers that print tables, in which nothing of a site stands unquoted."""


class PlainFilter(logging.Filter):
    """Masks secrets and spells out control characters, so that no page can write a line of its own into the log.

    A filter of handlers, which see the records of all loggers; it lets every record through.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        lines = masked(record.getMessage()).split("\n")
        separator = "\n    " if record.name in SEVERAL_LINES else "\\n"
        record.msg, record.args = separator.join(map(escaped, lines)), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = "    " + "\n    ".join(escaped(line) for line in masked(record.exc_text).split("\n"))
        return True


@dataclass(frozen=True, slots=True)
class LogTarget:
    """Where the log of a run goes, and how."""

    file: Path | None = None
    """None: stderr."""
    format: str = "text"
    """One of LOG_FORMATS."""

    def handler(self, stream: IO[str], *, has_time: bool) -> logging.Handler:
        """A handler for the root logger; `has_time`: text lines begin with one. Raises MachineError."""
        handler: logging.Handler = logging.StreamHandler(stream)
        if self.file is not None:
            with refusals(self.file):
                self.file.parent.mkdir(parents=True, exist_ok=True)
                handler = RotatingFileHandler(self.file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
        if self.format == "json":
            handler.setFormatter(JsonFormatter())
        elif has_time or self.file is not None:
            handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        return handler


STDERR = LogTarget()


class JsonFormatter(logging.Formatter):
    """One JSON object in a line: `time` (ISO 8601, UTC), `level`, `logger`, `message`, perhaps `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        values = {"time": moment, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if record.exc_text or record.exc_info:
            values["exception"] = record.exc_text or self.formatException(record.exc_info or (None, None, None))
        return json.dumps(values, ensure_ascii=False)


def guard_log() -> None:
    """Puts the filter on every handler of the root logger, once."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, PlainFilter) for known in handler.filters):
            handler.addFilter(PlainFilter())
