"""The journal of an archive: one JSON line for each change, so that what the files do not say is not lost.

A post carries neither its URL nor the origin of a stored image; `OUTPUT/.archiver/journal.jsonl` does. Lines are
appended and never changed; the last one about a thing holds. Each is one record with the name of its kind:
`{"article": {"post": …, "url": …}}`, fields that have their default left out.
"""

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from archiver import files
from archiver.bucket import Place
from archiver.records import (
    COLUMNS,
    KINDS,
    NAMES,
    AliasRecord,
    ArticleRecord,
    ImageRecord,
    Record,
    from_values,
    to_values,
)
from archiver.urls import key_of

logger = logging.getLogger(__name__)
DEFAULTS = {
    kind: {
        field.name: [] if field.default == () else field.default
        for field in fields(kind)
        if field.default is not MISSING
    }
    for kind in KINDS.values()
}
"""Field -> its default as JSON has it, of those that have one."""
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What is raised for a line that is none."""
TAIL = 256
"""Bytes by which a place in a journal is known again."""
TYPES = {"str": str, "int": int, "datetime": datetime, "tuple": tuple}
"""Of the values, by how a field's annotation begins."""


def read(path: Path, offset: int = 0) -> Iterator[Record]:
    """Every record from a place on, oldest first."""
    return good(path, lines(path, offset))


def good(path: Place, lines: Iterable[tuple[int, bytes, list[Record] | None]]) -> Iterator[Record]:
    """The records of lines; one that is none (a crash cut it) is passed over, and told."""
    for place, _, records in lines:
        if records is None:
            logger.warning("%s, byte %d: not a journal line, passed over", path, place)
        yield from records or ()


def lines(path: Path, offset: int = 0) -> Iterator[tuple[int, bytes, list[Record] | None]]:
    """Every line from a place on: where it begins, its bytes, and its records, or None where it is no journal line."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(offset)
        yield from parsed(file, offset)


def parsed(lines: Iterable[bytes], offset: int = 0) -> Iterator[tuple[int, bytes, list[Record] | None]]:
    """As `lines`, of those that are given."""
    for line in lines:
        try:
            yield offset, line, parse(line)
        except UNREADABLE:
            yield offset, line, None
        offset += len(line)


def parse(line: bytes) -> list[Record]:
    """The records of one line. Raises one of UNREADABLE."""
    fields = json.loads(line.decode("utf-8", "replace"))
    records = (
        [from_values(KINDS[name], values) for name, values in fields.items()] if "post" not in fields else old(fields)
    )
    for record in records:
        if not is_sound(record):
            raise ValueError("a path that leaves the archive")
    return records


def old(fields: dict[str, Any]) -> list[Record]:
    """A line of the first version, which knew one kind: post, address, hash and header image of an article."""
    url, post, time = fields["url"], fields["post"], datetime.fromisoformat(fields["time"])
    image = fields["image"] or {}
    records: list[Record] = [
        ArticleRecord(post, url, first_seen=time, last_seen=time, sha256=fields["sha256"], image=image.get("url")),
        AliasRecord(key_of(url), url, post),
    ]
    return [*records, ImageRecord(post, **image)] if image else records


def is_sound(record: Record) -> bool:
    """Are its values what they should be, and its paths such as stay where they begin?

    The post of another program, which is never written, may lie elsewhere.
    """
    if not all(is_value(getattr(record, name), type_) for name, type_ in COLUMNS[type(record)].items()):
        return False
    post, path = getattr(record, "post", None), getattr(record, "path", None)
    is_ours = isinstance(record, ArticleRecord) and record.sha256 is not None
    return (post is None or stays(post, may_begin_anywhere=not is_ours)) and (path is None or stays(path))


def is_value(value: Any, annotation: str) -> bool:
    """Can a value stand in a field of this type?"""
    if value is None:
        return annotation.endswith("None")
    is_right = isinstance(value, TYPES[re.split(r"\W", annotation)[0]])
    return is_right and (not isinstance(value, datetime) or value.tzinfo is not None)


def stays(path: str, *, may_begin_anywhere: bool = False) -> bool:
    """Does a path never climb, and is it relative?"""
    pure = PurePosixPath(path)
    return ".." not in pure.parts and "\0" not in path and (may_begin_anywhere or not pure.is_absolute())


def unfinished(path: Path) -> Path:
    """Where a journal is written that is to take the place of one that was lost."""
    return path.with_name(f"{files.TEMPORARY}{path.name}")


def append(path: Path, records: Iterable[Record], *, is_safe: bool = True) -> int:
    """Adds a line for each record, all or none as far as the system gives it; the size of the journal then.

    Mends a line that a crash left open. With `is_safe`, all of it is on the disk.
    """
    data = "".join(map(to_line, records)).encode("utf-8", "replace")
    before = size(path)
    try:
        with path.open("ab+") as file:
            if before and (file.seek(-1, 2), file.read(1))[1] != b"\n":
                data = b"\n" + data
            file.write(data)
            if is_safe:
                files.sync(file)
        if is_safe and not before:
            files.sync_folders([path.parent])
    except OSError:
        with suppress(OSError):
            os.truncate(path, before)
        raise
    return before + len(data)


def to_line(record: Record) -> str:
    """One line of JSON, its line break included."""
    usual = DEFAULTS[type(record)]
    values = {name: value for name, value in to_values(record).items() if name not in usual or value != usual[name]}
    return json.dumps({NAMES[type(record)]: values}, ensure_ascii=False) + "\n"


def size(path: Path) -> int:
    """Bytes of a journal; 0: there is none. It is opened for that: NFS says then what other machines have written."""
    try:
        with path.open("rb") as file:
            return file.seek(0, os.SEEK_END)
    except FileNotFoundError:
        return 0


def tail(path: Path, place: int) -> str:
    """What stands before a place in the journal, in few characters; empty: nothing, or the journal is not that long."""
    if not place or size(path) < place:
        return ""
    with path.open("rb") as file:
        file.seek(max(0, place - TAIL))
        return hashlib.sha256(file.read(min(TAIL, place))).hexdigest()
