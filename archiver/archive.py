"""An archive as an object: which articles it holds, and writing posts and images whole or not at all.

It lies in a folder, where every file is looked at before it is believed in; or in a bucket, where a look takes a round
trip, and what the index says is there is believed until it is to be written.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import sqlalchemy as sa

from archiver.bucket import BucketPath, Place, walk
from archiver.bucket_index import BucketIndex
from archiver.changes import BELIEVED, brought_up, judge
from archiver.content import Content, content_of, is_same
from archiver.database import Mode, is_postgresql
from archiver.errors import PostFormatError
from archiver.files import TEMPORARY, read_if_there, refusals, refuse_outside, sha256
from archiver.holding import Holding
from archiver.image_records import header_image, to_image_record, whole_image
from archiver.images import EXTENSIONS, ImageFacts
from archiver.index import Index
from archiver.items import Article, HeaderImage
from archiver.layout import Layout, heading, stem_of
from archiver.names import as_folder, folded, folder_name, post_name
from archiver.outcomes import WRITTEN, Outcome
from archiver.post import Post, parse, render, to_post
from archiver.records import AliasRecord, ArticleRecord, DeferredRecord, ImageRecord, Record
from archiver.urls import digest, image_origin, key_of
from archiver.writer import FolderWriter, Writer

README = "README.md"
ALIKE = timedelta(hours=18)
"""Two dates of one article may differ so much: time zones that somebody got wrong. A daily column is further apart."""
TWIN_LENGTH = 50
"""Characters of a text that two articles hardly share by accident."""
OPEN: "dict[Place, Archive]" = {}
"""The archives this process holds, by where they lie."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an article."""

    outcome: Outcome
    path: str
    """Of its post, relative to the archive."""
    reason: str = ""
    """Why it is held."""
    twin: str | None = None
    """Another article of the site with the same text, by its address or path."""


class Archive:
    """An archive, open. One process holds it at a time for writing; within it, threads may share it.

    Crawls of several processes may hold it together where its index is PostgreSQL: a site is crawled by one of them.
    """

    def __init__(self, layout: Layout, *, mode: Mode = "write", is_crawl: bool = False) -> None:
        """To `write` creates the folder and takes the lock. A `trial` does all but write, and leaves no trace. To
        `read` no lock is needed.

        Raises LockedError when another run holds it, MachineError when the system refuses, ConfigurationError for an
        index that cannot be had.
        """
        self.layout, self.mode = layout, mode
        self.state = layout.state
        self.would_write: list[str] = []
        """Of a trial: the files that a run would have written, relative to the working directory."""
        self._users = 0
        self._mutex = threading.RLock()
        self._reserved: dict[str, str] = {}  # folded path -> article, of those that this run writes
        self._paths: dict[str, str] = {}  # article -> its path, likewise
        self._vouched: set[Place] = set()  # folders in which this run has written
        self._writer: Writer | None = None
        self._hold = Holding(layout, mode, is_shared=is_crawl and mode == "write" and is_postgresql(layout.index))
        try:
            self.index = self._open(layout)
        except BaseException:
            self._hold.give_back()
            raise

    def _open(self, layout: Layout) -> Index:
        if isinstance(layout.output, BucketPath):
            self._writer = Writer(layout.output) if self.mode == "write" else None
            return BucketIndex(layout.index, layout.output, mode=self.mode)
        is_safe, file = layout.durability == "safe", layout.state_folder / "index.sqlite"
        if self.mode == "write":
            self._writer = FolderWriter(layout.output, layout.state_folder, is_safe=is_safe)
        own = sa.URL.create("sqlite", database=str(file) if self.mode == "write" or file.exists() else None)
        return Index(layout.index or own, layout.journal, mode=self.mode, is_safe=is_safe)

    @classmethod
    def shared(cls, layout: Layout, *, mode: Mode = "write", is_alone: bool = False) -> "Archive":
        """The archive of a layout, opened once however many crawls of this process use it; each closes it once.

        With `is_alone`, no other process has it, wherever its index is.
        """
        place = layout.output.absolute()
        archive = OPEN.get(place) or OPEN.setdefault(place, cls(layout, mode=mode, is_crawl=not is_alone))
        archive._users += 1
        return archive

    def close(self, *, for_all: bool = False) -> None:
        """Gives the lock back with the last user; an archive in which nothing was written leaves no trace.

        With `for_all`, whoever has not closed it, as a crawl that a second signal ended, is one no more.
        """
        self._users = 0 if for_all else self._users - 1
        if self._users > 0:
            return
        OPEN.pop(self.layout.output.absolute(), None)
        if self._writer is not None:
            self._writer.close()
        self.index.close()
        self._hold.give_back()

    def lease(self, site: str, hosts: Iterable[str]) -> None:
        """No other run crawls a site, or asks one of its hosts, until this one gives the archive back.

        Raises LockedError where one does.
        """
        self._hold.lease([f"site {site}", *(f"host {host}" for host in hosts)])

    # What it holds.

    def has(self, url: str) -> bool:
        """Is the article of this address archived, and its post there?"""
        return self.known(url) is not None

    def known(self, url: str) -> ArticleRecord | None:
        """What is known of an archived article whose post is there."""
        record = self.index.article(url)
        return record if record is not None and self.has_post(record.post) else None

    def has_post(self, post: str) -> bool:
        """Is the post that the index knows there? In a bucket that is believed, not asked."""
        file = self.file_of(post)
        return not PurePosixPath(post).is_absolute() if isinstance(file, BucketPath) else file.is_file()

    def taken_over(
        self, categories: tuple[str, ...], title: str, published: datetime | None, content: str | None = None
    ) -> ArticleRecord | None:
        """Another program's post of an article: the same folder and title, and no other date.

        Two articles of one title, as a daily column has them, are told apart by their dates; where one has none, by
        `content`, its digest, if that is given.
        """
        found = self.index.strangers(heading(categories, title))
        there = [record for record in found if self._may_lie_there(record)]
        if published is not None:
            dated = [(abs(record.published - published), record) for record in there if record.published is not None]
            nearest = min(dated, key=lambda found: found[0], default=None)
            if nearest is not None and nearest[0] <= ALIKE:
                return nearest[1]
            there = [record for record in there if record.published is None]
        alike = (record for record in there if content in (None, record.content))
        return next(alike, None)

    def record_of(self, article: Article) -> ArticleRecord | None:
        """What is known of an article, by any of its addresses, or as another program's post."""
        for url in dict.fromkeys((article.url, *article.aliases)):
            record = self.index.article(url)
            if record is not None and self._may_lie_there(record):
                return record
        content = content_of(article).digest if article.published is None else None
        return self.taken_over(article.categories, article.title, article.published, content)

    def _may_lie_there(self, record: ArticleRecord) -> bool:
        """Does the post lie where its record says, or may it be written there?"""
        return not PurePosixPath(record.post).is_absolute() or self.has_post(record.post)

    def file_of(self, post: str) -> Place:
        """The file of a post."""
        return self.layout.output / post

    def read(self, post: str) -> Post:
        """The post at a path relative to the archive. Raises PostFormatError, OSError."""
        return parse(self.file_of(post).read_bytes().decode("utf-8", "surrogateescape"))

    def posts(self, under: Place | None = None) -> Iterator[str]:
        """The paths of all posts, in order, or of those under a folder (or the one at a file) of the archive.

        Relative to the archive; of what lies elsewhere, absolute. Nobody parsed them: any Markdown file is taken but
        the README of the archive itself.
        """
        place = under or self.layout.output
        apart = {path.absolute() for path in (self.state, self.layout.images, self.layout.output / README)}
        if place.is_file():
            yield self.path_in(place)
        for here, folders, names in walk(place):
            kept = (name for name in folders if not name.startswith(".") and (here / name).absolute() not in apart)
            folders[:] = sorted(kept)
            for name in sorted(names):
                is_post = name.endswith(".md") and not name.startswith(TEMPORARY)
                if is_post and (here / name).absolute() not in apart:
                    yield self.path_in(here / name)

    def path_in(self, file: Place) -> str:
        """The path of a file, relative to the archive; absolute where it lies elsewhere."""
        file, output = file.absolute(), self.layout.output.absolute()
        return (file.relative_to(output) if file.is_relative_to(output) else file).as_posix()

    def path_of(self, article: Article) -> str:
        """Where the post of an article lies or will lie, relative to the archive: the same for it, for ever.

        Two articles never share a path: one whose name is taken gets a suffix that follows from its URL.
        """
        return self._place(article)[0]

    def _place(self, article: Article) -> tuple[str, ArticleRecord | None]:
        """As `path_of`, with what is known of the article."""
        with self._mutex, refusals(self.layout.output):
            if record := self.record_of(article):
                return record.post, record
            if path := self._paths.get(article.url):
                return path, None
            folder = "/".join(map(folder_name, article.categories))
            suffix, naming = digest(article.url), self.layout.naming
            plain = f"{folder}/{post_name(article.title, suffix, naming=naming)}.md"
            own = f"{folder}/{post_name(article.title, suffix, naming=naming, always=True)}.md"
            is_free = self._hold.claim(plain) and not self._is_taken(plain, article, own)
            path = plain if is_free else own
            if self._owner(path) not in (None, article.url):  # its title ends like our suffix
                path = f"{folder}/{sha256(article.url.encode('utf-8', 'surrogatepass'))}.md"
            if path != plain and folded(plain) not in self._reserved:
                self._hold.give_up(plain)
            self._reserved[folded(path)] = article.url
            self._paths[article.url] = path
            return path, None

    def _owner(self, path: str) -> str | None:
        """Whose a path is: an article's address, or that of another program's post; None: nobody's."""
        if (owner := self._reserved.get(folded(path))) is not None:
            return owner
        record = self.index.article_at(path)
        return (record.url or record.post) if record is not None else None

    def _is_taken(self, plain: str, article: Article, own: str) -> bool:
        """Does the plain name belong to another article, or to a post that does not look like this one?"""
        if (owner := self._owner(plain)) is not None:
            return owner != article.url
        if self.file_of(own).exists():
            return True
        if not self.file_of(plain).exists():
            return False
        try:
            found, ours = self.read(plain), to_post(article)
        except (PostFormatError, OSError):
            return True
        same_date = found.date == ours.date or (
            found.has_crawl_time and ours.has_crawl_time and found.body == ours.body
        )
        return not (found.title == ours.title and (same_date or found.published is None))

    # Writing posts.

    def write(self, article: Article, *, force: bool = False) -> Written:
        """Writes the post of an article, if it is new or its content has changed.

        A post that is not as we wrote it belongs to whoever edited it, and one whose new version is not to be believed
        is better than that: both stay as they are, unless `force` is given. What is overwritten, or would have been,
        is kept among the versions. Raises MachineError when the system refuses.
        """
        path, record = self._place(article)
        target = self.file_of(path)
        with refusals(target), self.busy():
            before = read_if_there(target)
            data = render(self._to_post(article, before)).encode()
            content = content_of(article)
            outcome, reason = judge(article, content, data, before, record, force=force)
            if outcome is Outcome.UNCHANGED and record is not None and self._has_new_file(article, record):
                outcome = Outcome.CHANGED  # its image was missing, and the post can point at it now
            elif outcome is Outcome.CHANGED and before is not None:
                self.keep_version(path, before)
            elif outcome is Outcome.EDITED and not (record is not None and is_same(record, article, content)):
                self.keep_version(path, data)
            is_written = outcome in WRITTEN
            if is_written:
                self.write_file(target, data)
            is_ours = (is_written or data == before) and not PurePosixPath(path).is_absolute()
            with self._mutex:
                twin = self._twin(article, path, content) if is_written else None
                self._note(article, path, record, content, sha256(data) if is_ours else None, outcome, reason)
                self._hold.give_up(path)
        return Written(outcome, path, reason, twin)

    def _has_new_file(self, article: Article, record: ArticleRecord) -> bool:
        """Is there a header image now that was missing, and that the post is to point at?"""
        image = article.header_image
        if self.layout.image_links != "local" or image is None or image.path is None or record.sha256 is None:
            return False
        known = self.index.image(record.post, image.url)
        return known is not None and known.path is None

    def write_file(self, target: Place, data: bytes) -> None:
        """Writes a file whole or not at all; in a trial it is only told. Raises OSError, MachineError."""
        if self._writer is not None:
            if isinstance(target, Path) and target.parent not in self._vouched:
                refuse_outside(self._root_of(target), target.parent)
                self._vouched.add(target.parent)
            self._writer.write(target, data)
            self.index.keep_up()
        else:
            self.would_write.append(str(target))

    def busy(self) -> AbstractContextManager[None]:
        """As `Writer.busy`: while it lasts, the archive is not given back. Raises MachineError once it has been."""
        return self._writer.busy() if self._writer is not None else nullcontext()

    def _root_of(self, target: Path) -> Path:
        """The folder that a file which is written must lie in, wherever links among its parents lead."""
        roots = (root for root in (self.layout.output, self.layout.images) if isinstance(root, Path))
        return next((root for root in roots if target.is_relative_to(root)), target.parent)

    def versions_of(self, path: str) -> Place:
        """The folder of the earlier and later versions of a post."""
        *folders, name = stem_of(path).split("/")
        return self.state.joinpath("versions", *folders, as_folder(name))

    def keep_version(self, path: str, data: bytes) -> None:
        """Keeps the bytes of a post beside its archive, under the time of day."""
        time = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        folder = self.versions_of(path)
        target, number = folder / f"{time}.md", 2
        while target.exists():
            target, number = folder / f"{time}-{number}.md", number + 1
        self.write_file(target, data)

    def _to_post(self, article: Article, before: bytes | None) -> Post:
        """The post of an article as the options want it; without a date of its own it keeps the date it has."""
        layout, stored = self.layout, article.header_image and article.header_image.path
        local = layout.local_link(stored) if stored and layout.image_links == "local" else None
        post = to_post(article, headimg=local, insecure_image_prefix=layout.insecure_image_prefix)
        if article.published is None and before is not None:
            try:
                old = parse(before.decode("utf-8", "surrogateescape"))
            except PostFormatError:
                return post
            return replace(post, date=old.date) if old.has_crawl_time else post
        return post

    def _note(
        self,
        article: Article,
        path: str,
        record: ArticleRecord | None,
        content: Content,
        written: str | None,
        outcome: Outcome,
        reason: str,
    ) -> None:
        """Keeps what is known of an article by now; `written` is the hash of its post, if that is ours."""
        now = datetime.now(UTC)
        known = record or ArticleRecord(path, first_seen=now)
        new = replace(brought_up(known, article, content, outcome, reason), last_seen=now)
        if written is not None:
            new = replace(new, sha256=written)
        more: list[Record] = [*self._new_aliases(article, path)]
        image = article.header_image
        if image is not None and outcome in BELIEVED:
            more += self._new_image(article, path, image)
        is_same = replace(new, last_seen=known.last_seen, status=known.status) == known
        if article.status is None and not more and is_same:
            return  # an item of a feed that says what it said before
        if self.index.deferred(article.url) is not None:
            more.append(DeferredRecord(key_of(article.url)))
        self.index.put(new, *more)

    def _new_aliases(self, article: Article, path: str) -> list[AliasRecord]:
        known = {alias.name for alias in self.index.aliases(path)}
        wanted = {key_of(url): url for url in (article.url, *article.aliases)}
        others = self.index.articles(wanted.keys() - known)
        taken = {name for name, record in others.items() if record.post != path and self.has_post(record.post)}
        return [AliasRecord(name, url, path) for name, url in wanted.items() if name not in known | taken]

    def _new_image(self, article: Article, path: str, image: HeaderImage) -> list[ImageRecord]:
        """What is new of a header image, and of how the post links to it where it lies elsewhere."""
        link = to_post(article, insecure_image_prefix=self.layout.insecure_image_prefix).headimg
        known = self.index.image(path, image.url)
        found = to_image_record(path, image, link=link, in_body=known.in_body if known else 0)
        return [found] if found != known else []

    def _twin(self, article: Article, path: str, content: Content) -> str | None:
        """Another article of the site that has the same text, where it is long enough to be no accident."""
        if content.length < TWIN_LENGTH:
            return None
        found = self.index.twins(content.digest, article.site)
        return next((record.url or record.post for record in found if record.post != path), None)

    def meet(self, record: ArticleRecord, url: str, site: str, channel: str) -> None:
        """Another program's post is that of an article which a crawl has met."""
        self.index.put(replace(record, url=url, site=site, channel=channel), AliasRecord(key_of(url), url, record.post))

    def mark(self, record: ArticleRecord, *, status: int | None, state: str = "", reason: str = "") -> None:
        """Notes that the page of an archived article answered, and its state since."""
        self.index.put(replace(record, last_seen=datetime.now(UTC), status=status, state=state, reason=reason))

    # Images.

    def stored_image(self, article: Article) -> HeaderImage | None:
        """The header image of an article if it is on disk, whole and from the same address; None: fetch it."""
        origin = image_origin(article.image_url or "")
        record = self.record_of(article)
        image = self.index.image(record.post, origin) if record else None
        if image is not None:
            return self.whole(image, is_believed=isinstance(self.layout.images, BucketPath))
        if isinstance(self.layout.images, BucketPath) or (record is not None and record.sha256 is not None):
            return None
        stem = self.stem(article)
        for extension in dict.fromkeys(EXTENSIONS.values()) if origin else ():
            if facts := whole_image(self.layout.images / (stem + extension)):
                return header_image(origin, stem, facts)
        return None

    def whole(self, image: ImageRecord, *, is_believed: bool = False) -> HeaderImage | None:
        """An image as it lies there, if it is whole; where that is believed, it is enough that it is there.

        Raises MachineError.
        """
        if image.path is None:
            return None
        file = self.layout.images / image.path
        with refusals(file):
            if file.is_file() and image.sha256 and (is_believed or sha256(file.read_bytes()) == image.sha256):
                return HeaderImage(
                    image.url, image.path, None, image.media_type, image.width, image.height, image.size, image.sha256
                )
            facts = whole_image(file)  # another good one: somebody optimised or replaced it
        return replace(header_image(image.url, "", facts), path=image.path) if facts else None

    def write_image(self, article: Article, data: bytes, facts: ImageFacts) -> HeaderImage:
        """Stores the bytes of an article's header image beside its post's name. Raises MachineError."""
        return self.store_image(image_origin(article.image_url or ""), self.stem(article), data, facts)

    def store_image(self, url: str, stem: str, data: bytes, facts: ImageFacts) -> HeaderImage:
        """Stores the bytes of an image under a path without extension. Raises MachineError."""
        image = header_image(url, stem, facts)
        target = self.layout.images / (image.path or "")
        with refusals(target):
            self.write_file(target, data)
        return image

    def stem(self, article: Article) -> str:
        """Where the header image of an article lies, without extension."""
        return stem_of(self.path_of(article))
