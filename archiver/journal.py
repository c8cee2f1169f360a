"""The journal of an archive: one JSON line for each change, so that what the files do not say is not lost.

A post carries neither its URL nor the origin of a stored image; `OUTPUT/.archiver/journal.jsonl` does. Lines are
appended and never changed; the last one about a URL holds.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from archiver.items import HeaderImage

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one archived article."""

    url: str
    """Canonical address."""
    post: str
    """Its post, relative to the archive."""
    sha256: str
    """Of the post as we wrote it, in hexadecimal: other bytes in the file mean that somebody edited it."""
    image: HeaderImage | None
    """Its header image; None: it has none to fetch."""
    time: str
    """Of the change, ISO 8601, UTC."""


def read(path: Path) -> Iterator[Entry]:
    """Every entry, oldest first. A line that is none (a crash cut it) is passed over with a warning."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                fields = json.loads(line)
                image = HeaderImage(**fields.pop("image")) if fields.get("image") else fields.pop("image")
                entry = Entry(**fields, image=image)
                if not is_sound(entry):
                    raise ValueError("a path that leaves the archive")
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                logger.warning("%s, line %d: not a journal entry, passed over", path, number)
            else:
                yield entry


def is_sound(entry: Entry) -> bool:
    """Are its paths relative ones that stay where they begin, and its URL a text?"""
    paths = [entry.post] + ([entry.image.path] if entry.image and entry.image.path else [])
    stay = all(not path.startswith("/") and ".." not in path.split("/") and "\0" not in path for path in paths)
    return stay and isinstance(entry.url, str) and isinstance(entry.sha256, str)


def append(path: Path, entry: Entry) -> None:
    """Adds one line, whole or not at all as far as the system gives it; mends a line that a crash left open."""
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    with path.open("ab+") as file:
        if file.tell() and (file.seek(-1, 2), file.read(1))[1] != b"\n":
            line = "\n" + line
        file.write(line.encode("utf-8", "replace"))
