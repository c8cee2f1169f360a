"""What lies in an archive: every post, image, record and stray file, looked at once, as facts to judge."""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archiver.archive import Archive
from archiver.bucket import BucketPath, Place
from archiver.errors import ImageError, PostFormatError
from archiver.files import TEMPORARY, sha256
from archiver.images import EXTENSIONS, MAX_BYTES, ImageFacts, inspect
from archiver.post import parse
from archiver.records import KINDS, NAMES, ArticleRecord, DeferredRecord, ImageRecord, R, Record
from archiver.relinking import sources
from archiver.tables import to_row

Key = tuple[object, ...]
IMAGES = frozenset((*EXTENSIONS.values(), ".jpeg"))
"""Extensions of what has to be an image."""
HTML = re.compile(rb"\s*<(?:!doctype|html|head|body)\b", re.IGNORECASE)
THREADS = 4
"""Twice the cores of a small machine: half of them wait for the disk."""
ATTEMPTS = 3
"""To read journal and index while nobody writes there."""


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post as it lies there."""

    path: str
    """As `Archive.posts` has it."""
    sha256: str = ""
    problem: str = ""
    """Why it is none; all that follows is then empty."""
    title: str = ""
    categories: tuple[str, ...] = ()
    date: str = ""
    published: datetime | None = None
    """None: the page did not say."""
    body: str = ""
    """Its hash."""
    image_url: str | None = None
    """Origin of its header image. None: it has none, or the post points at a file."""
    links: tuple[str, ...] = ()
    """What it points at in the images folder, relative to that."""


@dataclass(frozen=True, slots=True)
class SeenImage:
    """An image as it lies there."""

    path: str
    """Relative to the images folder."""
    problem: str = ""
    """Why it is none, or not the one that was stored."""
    facts: ImageFacts | None = None
    """Of one that was decoded and is whole."""


@dataclass(slots=True)
class Survey:
    """All that was seen; paths are those of `Archive.path_in` where nothing else is said."""

    posts: dict[str, SeenPost] = field(default_factory=dict)
    images: dict[str, SeenImage] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    """Further files of the images folder, relative to that."""
    strangers: list[str] = field(default_factory=list)
    """Further files among the posts."""
    leftovers: list[str] = field(default_factory=list)
    """Files that a run was still writing when it was killed."""
    lines: int = 0
    """Of the journal."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """(file, why): lines of the journal, or the index itself."""
    records: dict[Key, Record] = field(default_factory=dict)
    """What the journal says, by kind and key."""
    stale: dict[Key, tuple[Record | None, Record | None]] = field(default_factory=dict)
    """Where the index does not say the same: (as the journal has it, as the index has it)."""

    def of(self, kind: type[R]) -> Iterator[R]:
        """The records of a kind."""
        return (record for record in self.records.values() if isinstance(record, kind))


def look(archive: Archive) -> Survey:
    """Reads the whole archive: what stands in a file is looked at, what only lies there is named."""
    survey = Survey()
    read_records(archive, survey)
    places = look_around(archive, survey)
    recorded = {record.path: record.sha256 or "" for record in survey.of(ImageRecord) if record.path}
    with ThreadPoolExecutor(THREADS) as threads:
        wanted = [path for path in places.images if path in recorded or Path(path).suffix.lower() in IMAGES]
        looks = threads.map(lambda path: look_at_image(archive.layout.images / path, path, recorded.get(path)), wanted)
        survey.posts = {path: look_at_post(archive, path) for path in places.posts}
        survey.images = {image.path: image for image in looks}
    survey.others = {*places.images} - {*wanted}
    survey.leftovers = [path for path in survey.leftovers if archive.file_of(path).exists()]  # not one being written
    return survey


# Files.


@dataclass(frozen=True, slots=True)
class Places:
    """Where posts and images lie."""

    posts: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    """Relative to the images folder, other files included."""


def look_around(archive: Archive, survey: Survey) -> Places:
    """Sorts the files by what they are taken for; strays are named in the survey."""
    places, output, images = Places(), archive.layout.output, archive.layout.images
    apart: set[Place] = {archive.state.absolute(), images.absolute()}
    is_shared = images.absolute() == output.absolute()
    for file in files_in(output, apart):
        if file.name.startswith(TEMPORARY):
            survey.leftovers.append(archive.path_in(file))
        elif file.suffix == ".md":
            places.posts.append(archive.path_in(file))
        elif is_shared and file.suffix.lower() in IMAGES:
            places.images.append(file.relative_to(images).as_posix())
        elif file.parent != output or not file.name.startswith("."):
            survey.strangers.append(archive.path_in(file))
    for file in () if is_shared else files_in(images, {archive.state.absolute(), output.absolute()}):
        if file.name.startswith(TEMPORARY):
            survey.leftovers.append(archive.path_in(file))
        else:
            places.images.append(file.relative_to(images).as_posix())
    survey.leftovers += [
        archive.path_in(file) for file in files_in(archive.state, set()) if file.name.startswith(TEMPORARY)
    ]
    elsewhere = [record.post for record in survey.of(ArticleRecord) if record.post.startswith("/")]
    places.posts.extend(post for post in elsewhere if archive.has_post(post))
    return places


def files_in(folder: Place, apart: set[Place]) -> Iterator[Place]:
    """Every file below a folder, in order, but for some folders and those of other programs that begin with a dot."""
    if isinstance(folder, BucketPath):
        for path in folder.below():
            between = {*path.parents} - {folder, *folder.parents}
            if apart.isdisjoint(between) and not any(it.parent == folder and it.name[0] == "." for it in between):
                yield path
        return
    for name, folders, names in os.walk(folder):
        here = Path(name)
        is_top = here == folder
        folders[:] = sorted(
            name for name in folders if (here / name).absolute() not in apart and not (is_top and name.startswith("."))
        )
        yield from (here / name for name in sorted(names))


def look_at_post(archive: Archive, path: str) -> SeenPost:
    """A post, parsed."""
    try:
        data = archive.file_of(path).read_bytes()
        post = parse(data.decode())
    except (PostFormatError, OSError) as error:
        return SeenPost(path, problem=getattr(error, "strerror", None) or str(error))
    except UnicodeDecodeError as error:
        return SeenPost(path, problem=f"byte {error.start}: expected UTF-8")
    found = [archive.layout.linked_path(address) for address in (post.headimg, *sources(post.body))]
    return SeenPost(
        path,
        sha256=sha256(data),
        title=post.title,
        categories=post.categories,
        date=post.date,
        published=None if post.has_crawl_time else post.published,
        body=sha256(post.body.encode()),
        image_url=None if found[0] else post.image_url,
        links=tuple(dict.fromkeys(link for link in found if link)),
    )


def look_at_image(file: Place, path: str, recorded: str | None) -> SeenImage:
    """An image; with the hash that it had when it was stored it was decoded then, any other is decoded now."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return SeenImage(path, f"too large: {file.stat().st_size} bytes")
        data = file.read_bytes()
        if recorded and sha256(data) == recorded:
            return SeenImage(path)
        facts = inspect(data)
    except ImageError as error:
        return SeenImage(path, f"{error}, but a page" if HTML.match(data) else str(error))
    except OSError as error:
        return SeenImage(path, error.strerror or str(error))
    return SeenImage(path, "a whole image, but not the bytes that were stored" if recorded else "", facts)


# Records.


def read_records(archive: Archive, survey: Survey) -> None:
    """What journal and index say; read again where a run writes there at the same time."""
    path = archive.index.journal
    for _ in range(ATTEMPTS):
        size = archive.index.journal_size()
        survey.lines, survey.unreadable = 0, []
        survey.records = dict(noted(archive, survey))
        indexed = {key_of(record): record for kind in KINDS.values() for record in archive.index.all(kind)}
        if archive.index.journal_size() == size:
            break
    if why := why_damaged(archive):
        survey.unreadable.append((archive.path_in(archive.state / "index.sqlite"), why))
    elif indexed and not archive.index.is_begun:
        survey.unreadable.append((archive.path_in(path), "it is not there, though the index is"))
        survey.records = indexed
    else:
        survey.stale = dict(differences(survey.records, indexed))


def key_of(record: Record) -> Key:
    """What tells a record from all others."""
    return (NAMES[type(record)], *(getattr(record, name) for name in record.key))


def noted(archive: Archive, survey: Survey) -> Iterable[tuple[Key, Record]]:
    """What the journal says last about each thing."""
    found: dict[Key, Record] = {}
    for path, place, line, records in archive.index.lines():
        survey.lines += 1
        if records is None:
            survey.unreadable.append(
                (archive.path_in(path), f"byte {place}: {line[:60].decode(errors='replace').strip()}")
            )
        for record in records or ():
            found[key_of(record)] = record
    return ((key, record) for key, record in found.items() if not is_dealt_with(record))


def is_dealt_with(record: Record) -> bool:
    """Does a line of the journal only say that a record is no more?"""
    return isinstance(record, DeferredRecord) and not record.outcome


def differences(
    noted: dict[Key, Record], indexed: dict[Key, Record]
) -> Iterator[tuple[Key, tuple[Record | None, Record | None]]]:
    """Where the index does not say what the journal says."""
    for key in dict.fromkeys((*noted, *indexed)):
        one, other = noted.get(key), indexed.get(key)
        if one != other and (one is None or other is None or to_row(one) != to_row(other)):
            yield key, (one, other)


def why_damaged(archive: Archive) -> str:
    """What SQLite finds wrong in the file of the index; empty: nothing, or it lies in no file of ours."""
    file = archive.state / "index.sqlite"
    if archive.layout.index or not file.exists():
        return ""
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            [[found]] = connection.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else str(found)
