"""The output folder as an object: which articles it holds, and writing posts and images whole or not at all.

OUTPUT/C1/C2/C3/NAME.md                 posts
OUTPUT/images/C1/C2/C3/NAME.jpg         header images (another folder with `images`)
OUTPUT/.archiver/journal.jsonl, lock    what the posts do not say; who writes here
"""

import fcntl
import hashlib
import itertools
import os
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archiver import journal
from archiver.errors import ImageError, LockedError, MachineError, PostFormatError
from archiver.images import EXTENSIONS, ImageFacts, inspect
from archiver.items import Article, HeaderImage
from archiver.names import folder_name, post_name
from archiver.outcomes import Outcome
from archiver.post import Post, parse, render, to_post
from archiver.urls import digest, image_origin, quoted_path

STATE = ".archiver"
AFTER_FRONT = b"\n---\n\n<div>"
TEMPORARY = ".archiver-tmp-"
"""Every file we are still writing begins so."""
UMASK = os.umask(0)  # the system tells it only by setting it
os.umask(UMASK)


OPEN: "dict[Path, Archive]" = {}
"""The archives this process holds, by their folder."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How an archive is laid out; the options of the same names."""

    output: Path
    images: Path
    naming: str = "slug"
    image_links: str = "remote"
    image_prefix: str = "/images"
    insecure_image_prefix: str = ""


class Archive:
    """An archive open for writing. One process holds it at a time; within it, threads may share it."""

    def __init__(self, layout: Layout) -> None:
        """Creates the folder, takes the lock and reads the journal.

        Raises LockedError when another run holds it, MachineError when the system refuses.
        """
        self.layout = layout
        self.state = layout.output / STATE
        self._users = 0
        self._mutex = threading.RLock()
        self._entries: dict[str, journal.Entry] = {}
        self._owners: dict[str, str] = {}
        with refusals(self.state):
            self._created = missing_parents(self.state)
            self.state.mkdir(parents=True, exist_ok=True)
            self._lock = lock(self.state / "lock")
            for entry in journal.read(self.state / "journal.jsonl"):
                self._remember(entry)

    @classmethod
    def shared(cls, layout: Layout) -> "Archive":
        """The archive of a layout, opened once however many crawls of this process use it; each closes it once."""
        archive = OPEN.get(layout.output.absolute()) or OPEN.setdefault(layout.output.absolute(), cls(layout))
        archive._users += 1
        return archive

    def close(self) -> None:
        """Gives the lock back with the last user; an archive in which nothing was written leaves no trace."""
        self._users -= 1
        if self._users > 0:
            return
        OPEN.pop(self.layout.output.absolute(), None)
        os.ftruncate(self._lock, 0)
        if self.state.exists() and not (self.state / "journal.jsonl").exists() and self._created:
            (self.state / "lock").unlink(missing_ok=True)
            for folder in self._created:
                if any(folder.iterdir()):
                    break
                folder.rmdir()
        os.close(self._lock)

    def has(self, url: str) -> bool:
        """Is the article of this canonical address archived, and its post there?"""
        entry = self._entries.get(url)
        return entry is not None and (self.layout.output / entry.post).is_file()

    def entry(self, url: str) -> journal.Entry | None:
        """What the journal says of an article."""
        return self._entries.get(url)

    def read(self, post: str) -> Post:
        """The post at a path relative to the archive. Raises PostFormatError, OSError."""
        return parse((self.layout.output / post).read_bytes().decode("utf-8", "surrogateescape"))

    def path_of(self, article: Article) -> str:
        """Where the post of an article lies or will lie, relative to the archive: the same for it, for ever.

        Two articles never share a path: one whose name is taken gets a suffix that follows from its URL.
        """
        with self._mutex:
            if entry := self._entries.get(article.url):
                return entry.post
            folder = "/".join(map(folder_name, article.categories))
            suffix, naming = digest(article.url), self.layout.naming
            plain = f"{folder}/{post_name(article.title, suffix, naming=naming)}.md"
            own = f"{folder}/{post_name(article.title, suffix, naming=naming, always=True)}.md"
            path = own if self._is_taken(plain, article, own) else plain
            if self._owners.get(key(path), article.url) != article.url:  # its title ends like our suffix
                path = f"{folder}/{sha256(article.url.encode('utf-8', 'surrogatepass'))}.md"
            self._owners[key(path)] = article.url
            return path

    def _is_taken(self, plain: str, article: Article, own: str) -> bool:
        """Does the plain name belong to another article, or to a post that does not look like this one?"""
        if (owner := self._owners.get(key(plain))) is not None:
            return owner != article.url
        if (self.layout.output / own).exists():
            return True
        if not (self.layout.output / plain).exists():
            return False
        try:
            found, ours = self.read(plain), to_post(article)
        except (PostFormatError, OSError):
            return True
        same_date = found.date == ours.date or (
            found.has_crawl_time and ours.has_crawl_time and found.body == ours.body
        )
        return not (found.title == ours.title and (same_date or found.published is None))

    def write(self, article: Article) -> tuple[Outcome, str]:
        """Writes the post of an article unless its bytes are there already; its path comes with the outcome.

        A post that is not as we wrote it belongs to whoever edited it and stays as it is.
        Raises MachineError when the system refuses.
        """
        path = self.path_of(article)
        target = self.layout.output / path
        with refusals(target):
            known = self._entries.get(article.url)
            before = target.read_bytes() if target.exists() else None
            data = render(self._to_post(article, before)).encode()
            if before is not None and before != data:
                if known is None:  # another program's post of this article, or ours from before the journal was lost
                    same = AFTER_FRONT in before and before.partition(AFTER_FRONT)[2] == data.partition(AFTER_FRONT)[2]
                    return (Outcome.UNCHANGED if same else Outcome.EDITED), path
                if sha256(before) != known.sha256:
                    return Outcome.EDITED, path
            if before != data:
                write_whole(target, data)
            image = article.header_image or (known.image if known else None)
            is_known = known is not None and known.sha256 == sha256(data) and known.image == image
            if not is_known:
                self._record(article.url, path, data, image)
        if before is None:
            return Outcome.NEW, path
        return Outcome.UNCHANGED if before == data else Outcome.CHANGED, path

    def _to_post(self, article: Article, before: bytes | None) -> Post:
        """The post of an article as the options want it; without a date of its own it keeps the date it has."""
        layout, stored = self.layout, article.header_image and article.header_image.path
        local = (
            f"{layout.image_prefix.rstrip('/')}/{quoted_path(stored)}"
            if stored and layout.image_links == "local"
            else None
        )
        post = to_post(article, headimg=local, insecure_image_prefix=layout.insecure_image_prefix)
        if article.published is None and before is not None:
            try:
                old = parse(before.decode("utf-8", "surrogateescape"))
            except PostFormatError:
                return post
            return replace(post, date=old.date) if old.has_crawl_time else post
        return post

    def stored_image(self, article: Article) -> HeaderImage | None:
        """The header image of an article if it is on disk, whole and from the same address; None: fetch it."""
        origin = image_origin(article.image_url or "")
        entry = self._entries.get(article.url)
        if entry is not None:
            image = entry.image
            if image is None or image.path is None or image.url != origin:
                return None
            file = self.layout.images / image.path
            if file.is_file() and sha256(file.read_bytes()) == image.sha256:
                return image
            facts = whole_image(file)  # another good one: somebody optimised or replaced it
            return replace(header_image(origin, "", facts), path=image.path) if facts else None
        stem = self._image_stem(article)
        for extension in dict.fromkeys(EXTENSIONS.values()) if origin else ():
            if facts := whole_image(self.layout.images / (stem + extension)):
                return replace(header_image(origin, stem, facts), path=stem + extension)
        return None

    def write_image(self, article: Article, data: bytes, facts: ImageFacts) -> HeaderImage:
        """Stores the bytes of an article's header image beside its post's name. Raises MachineError."""
        image = header_image(image_origin(article.image_url or ""), self._image_stem(article), facts)
        target = self.layout.images / (image.path or "")
        with refusals(target):
            write_whole(target, data)
        return image

    def _image_stem(self, article: Article) -> str:
        return self.path_of(article).removesuffix(".md")

    def _record(self, url: str, path: str, data: bytes, image: HeaderImage | None) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        entry = journal.Entry(url, path, sha256(data), image, now)
        with self._mutex:
            journal.append(self.state / "journal.jsonl", entry)
            self._remember(entry)

    def _remember(self, entry: journal.Entry) -> None:
        self._entries[entry.url] = entry
        self._owners[key(entry.post)] = entry.url


def whole_image(file: Path) -> ImageFacts | None:
    """What a file is; None: it is not there, or no whole image."""
    try:
        return inspect(file.read_bytes()) if file.is_file() else None
    except ImageError:
        return None


def header_image(url: str, stem: str, facts: ImageFacts) -> HeaderImage:
    """What is known of an image that is stored under a post's name."""
    return HeaderImage(
        url=url,
        path=stem + facts.extension,
        media_type=facts.media_type,
        width=facts.width,
        height=facts.height,
        size=facts.size,
        sha256=facts.sha256,
    )


def write_whole(target: Path, data: bytes) -> None:
    """The file appears under its name with all its bytes, or not at all; an existing one is replaced the same way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~UMASK)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turns the system's refusal of a write into a MachineError that names the file."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"{error.filename or path}: {error.strerror or error}") from error


def lock(path: Path) -> int:
    """Takes the lock of an archive for this process; the system gives it back when the process ends, however it ends.

    Raises LockedError, naming the holder, when another process has it.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another run"
            os.close(handle)
            raise LockedError(f"{path.parent.parent} is in use by {holder}") from error
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            break
        os.close(handle)  # its last holder has just removed it
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"process {os.getpid()} since {datetime.now(UTC).isoformat(timespec='seconds')}".encode(), 0)
    return handle


def missing_parents(folder: Path) -> list[Path]:
    """The folders that would have to be created for this one, innermost first."""
    return list(itertools.takewhile(lambda path: not path.exists(), (folder, *folder.parents)))


def key(path: str) -> str:
    """Equal for two paths that are one on some file system (case, composed letters)."""
    return unicodedata.normalize("NFC", path).casefold()


def sha256(data: bytes) -> str:
    """Hexadecimal."""
    return hashlib.sha256(data).hexdigest()
