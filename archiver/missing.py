"""Which images of an archive's posts are missing and why; from the posts, the images and what the index knows of both.

Nothing is asked of the network, nothing written. A post is whatever has front matter: ours, another program's, one that
no index knows.
"""

import itertools
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from selectolax.lexbor import LexborHTMLParser

from archiver.archive import Archive
from archiver.bucket import BucketPath, Place
from archiver.dates import parse_standard
from archiver.errors import ImageError, PostFormatError
from archiver.files import sha256
from archiver.image_records import header_image
from archiver.images import EXTENSIONS, MAX_BYTES, ImageFacts, inspect
from archiver.items import HeaderImage
from archiver.layout import stem_of
from archiver.names import folder_name
from archiver.post import SURROGATE, parse
from archiver.records import ArticleRecord, ImageRecord
from archiver.tables import ARTICLE, IMAGE
from archiver.urls import digest, host_of, image_origin, is_web

AT_ONCE = 100
"""Posts that are looked at together: one question to the index, and no more in memory."""
THREADS = 4
"""Twice the cores of a small machine: half of them wait for the disk."""
MOST_TRIES = 8
"""In vain, then an image is given up. After the seventh pause half a year has passed."""
PLACEHOLDER_HOST = "picsum.photos"
ABSENT, NO_ORIGIN = "not there", "no known origin"
ZEROS = bytes(16)
FRONT = re.compile(r"\ufeff?\s*---[ \t]*\r?\n(?P<front>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^(?P<name>headimg|date):[ \t]*(?P<value>.*?)\s*$", re.MULTILINE)
CATEGORY = re.compile(r"^\s*-[ \t]+(?P<value>.*?)\s*$", re.MULTILINE)


class State(StrEnum):
    """How an image stands."""

    GOOD = "good"
    PLACEHOLDER = "placeholder"
    NONE = "none"
    MISSING = "missing"
    PUT_OFF = "put_off"
    GIVEN_UP = "given_up"


STATES = {
    State.GOOD: "the file is there, and a whole image",
    State.PLACEHOLDER: "the post has the placeholder of articles without image",
    State.NONE: "the post has no header image, or names a picture that was never one of the archive's",
    State.MISSING: "it is not there, empty, cut short or not an image",
    State.PUT_OFF: "missing too; it was asked for in vain, and its pause is not over",
    State.GIVEN_UP: f"missing too; it was asked for in vain {MOST_TRIES} times",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be looked at, and what is to be asked for."""

    paths: tuple[Place, ...] = ()
    """Posts and folders of posts. Empty: the whole archive."""
    inline: bool = False
    """The images of the bodies, too."""
    since: datetime | None = None
    sites: frozenset[str] = frozenset()
    """Names as the index has them, or second categories. Empty: all."""
    limit: int | None = None
    """Images that are asked for, at most."""
    retry_all: bool = False
    """Also what is put off or given up."""


@dataclass(frozen=True, slots=True)
class PostImage:
    """An image of a post, and how it stands."""

    post: str
    state: State
    url: str = ""
    """Its origin, without any proxy prefix. Empty: not known."""
    link: str = ""
    """What the post has, or had before it pointed at the file."""
    shown: str = ""
    """What the post has now."""
    stem: str = ""
    """Where it belongs in the images folder, without extension."""
    path: str | None = None
    """Where its file lies in the images folder, good or damaged. None: there is none."""
    reason: str = ""
    """Why it is missing."""
    is_header: bool = True
    in_body: bool = False
    """Does the body show it, under its `link`?"""
    record: ImageRecord | None = None
    """What the index knows of it."""
    found: HeaderImage | None = None
    """What is to be noted: that it was stored, or could not be had; of a good one, that it lies there unrecorded."""

    @property
    def is_stored(self) -> bool:
        """Is its file there by now?"""
        return self.state is State.GOOD or (self.found is not None and self.found.path is not None)

    @property
    def file(self) -> str | None:
        """Where its file lies by now. None: it is missing."""
        found = self.found.path if self.found is not None else None
        return found or (self.path if self.state is State.GOOD else None)


@dataclass(frozen=True, slots=True)
class PostImages:
    """A post and its images, the header image first."""

    post: str
    article: ArticleRecord | None = None
    """What the index knows of it."""
    images: tuple[PostImage, ...] = ()
    problem: str = ""
    """Why it cannot be read. Empty: it can."""
    is_unlinked: bool = False
    """Does the body show an image by its address that is to be shown by its file?"""

    @property
    def url(self) -> str:
        """What the log calls it by."""
        return self.post

    @property
    def wanted(self) -> tuple[PostImage, ...]:
        """What is to be asked for."""
        return tuple(image for image in self.images if image.state is State.MISSING and image.url)

    @property
    def has_work(self) -> bool:
        """Is there anything to ask for, to note or to link?"""
        return self.is_unlinked or bool(self.wanted) or any(image.found is not None for image in self.images)


@dataclass(frozen=True, slots=True)
class Front:
    """The part of a post that is looked at."""

    headimg: str
    categories: tuple[str, ...]
    published: datetime | None
    body: str


def look(archive: Archive, wish: Wish) -> Iterator[list[PostImages]]:
    """The posts that are wished for, some hundred at a time, each with its images."""
    now = datetime.now(UTC)
    with ThreadPoolExecutor(THREADS) as threads:
        for posts in chunks(posts_in(archive, wish.paths)):
            known = Known(archive, posts)
            looks = threads.map(lambda post, known=known: look_at(archive, post, known, wish, now), posts)
            yield [found for found in looks if found is not None]


def chunks(posts: Iterator[str]) -> Iterator[list[str]]:
    """The same, `AT_ONCE` at a time."""
    while chunk := list(itertools.islice(posts, AT_ONCE)):
        yield chunk


def posts_in(archive: Archive, paths: Iterable[Place]) -> Iterator[str]:
    """The posts at or below some paths, each once; of the whole archive where none is given."""
    places = {place_of(path, archive.layout.output): None for path in paths}
    apart = [place for place in places if not any(other in place.parents for other in places)]
    for place in apart or [archive.layout.output]:
        yield from (post for post in archive.posts(place) if SURROGATE.search(post) is None)


def place_of(path: Place, output: Place) -> Place:
    """A path below the archive as the archive has it, however it is written; another one absolute."""
    if isinstance(path, BucketPath) or isinstance(output, BucketPath):
        return path
    for form in (os.path.abspath, os.path.realpath):
        whole, root = Path(form(path)), Path(form(output))
        if whole.is_relative_to(root):
            return output / whole.relative_to(root)
    return Path(os.path.abspath(path))  # noqa: PTH100, as `..` may not stay and links may


class Known:
    """What the index knows of some posts."""

    def __init__(self, archive: Archive, posts: list[str]) -> None:
        self.articles = {record.post: record for record in archive.index.all(ArticleRecord, ARTICLE.post.in_(posts))}
        self.images: dict[str, list[ImageRecord]] = {}
        for image in archive.index.all(ImageRecord, IMAGE.post.in_(posts)):
            self.images.setdefault(image.post, []).append(image)


def look_at(archive: Archive, post: str, known: Known, wish: Wish, now: datetime) -> PostImages | None:
    """A post and its images; None: it is no post, or not wished for."""
    article = known.articles.get(post)
    try:
        front = read_front(archive.file_of(post).read_bytes().decode("utf-8", "surrogateescape"))
    except OSError as error:
        return PostImages(post, article, problem=f"cannot be read: {error.strerror or error}")
    if front is None or not is_wished(front, article, wish):
        return None
    eye = Eye(archive, post, front, article, known.images.get(post, []), wish, now)
    images = tuple(eye.images())
    return PostImages(post, article, images, is_unlinked=any(map(eye.is_unlinked, images)))


def is_wished(front: Front, article: ArticleRecord | None, wish: Wish) -> bool:
    """Is a post one of those sites, and not too old? What has no date is not."""
    published = (article.published if article is not None else None) or front.published
    sites = {*front.categories[1:2], *([article.site] if article is not None else ())}
    is_old = wish.since is not None and published is not None and published < wish.since
    return not is_old and (not wish.sites or not wish.sites.isdisjoint(sites))


def read_front(text: str) -> Front | None:
    """A post as far as it is looked at, also one that does not follow the format to the letter; None: no front matter.

    Quotes around a value are taken off; of categories the first three list entries are.
    """
    try:
        post = parse(text)
    except PostFormatError:
        pass
    else:
        return Front(post.headimg, post.categories, post.published, post.body)
    match = FRONT.match(text)
    if match is None:
        return None
    values = {field["name"]: unquoted(field["value"]) for field in FIELD.finditer(match["front"])}
    categories = [unquoted(found["value"]) for found in CATEGORY.finditer(match["front"])]
    date = parse_standard(values.get("date", ""))
    return Front(values.get("headimg", ""), tuple(categories[:3]), date, text[match.end() :])


def unquoted(value: str) -> str:
    """A value of front matter without the quotes around it."""
    is_quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1].replace("''", "'") if is_quoted else value


@dataclass(frozen=True)
class Eye:
    """Looks at the images of one post."""

    archive: Archive
    post: str
    front: Front
    article: ArticleRecord | None
    records: list[ImageRecord]
    wish: Wish
    now: datetime

    @cached_property
    def body(self) -> list[str]:
        """The addresses in the body."""
        return image_addresses(self.front.body)

    def images(self) -> Iterator[PostImage]:
        """The header image, then those of the body, each address once."""
        header = self.header()
        yield header
        seen = {header.url, header.link}
        for link in self.body if self.wish.inline else ():
            image = self.inline(link, header)
            if image is not None and image.url not in seen and image.link not in seen:
                seen |= {image.url or image.link, image.link}
                yield image

    @property
    def stem(self) -> str:
        """Where the header image belongs; that of a post elsewhere, by its categories and file name."""
        pure, folders = PurePosixPath(self.post), [*map(folder_name, self.front.categories)]
        if not pure.is_absolute():
            return stem_of(self.post)
        return "/".join((*(folders if len(folders) == 3 else pure.parts[1:-1][-3:]), pure.stem))

    def header(self) -> PostImage:
        """The header image, by what the front matter says."""
        link = self.front.headimg
        url = to_web(link)
        if not link:
            return PostImage(self.post, State.NONE)
        if is_placeholder(url):
            return PostImage(self.post, State.PLACEHOLDER, link=link)
        if is_web(url):
            return self.judge(
                PostImage(self.post, State.GOOD, url, link, link, self.stem, record=self.record_of(url, link))
            )
        path = self.archive.layout.linked_path(link)
        return PostImage(self.post, State.NONE, link=link) if path is None else self.linked_header(link, path)

    def linked_header(self, link: str, path: str) -> PostImage:
        """The header image of a post that points at a file."""
        stem = str(PurePosixPath(path).with_suffix(""))
        record = self.record_at(path)
        is_file = (self.archive.layout.images / path).is_file()
        is_ours = record is not None or stem == self.stem or len(PurePosixPath(path).parts) == 4
        if not is_file and not is_ours:
            return PostImage(self.post, State.NONE, link=link)
        url, text = (record.url, record.link or record.url) if record is not None else self.first_of_body()
        return self.judge(PostImage(self.post, State.GOOD, url, text or link, link, stem, path, record=record))

    def inline(self, link: str, header: PostImage) -> PostImage | None:
        """An image of the body; None: it is none that can be asked for."""
        url = to_web(link)
        if is_web(url):
            if is_placeholder(url):
                return None
            stem, record = f"{self.stem}/{digest(url)}", self.record_of(url, link)
            return self.judge(PostImage(self.post, State.GOOD, url, link, link, stem, is_header=False, record=record))
        path = self.archive.layout.linked_path(link)
        if path is None or path == header.path:
            return None
        record = self.record_at(path)
        stem = str(PurePosixPath(path).with_suffix(""))
        if record is None and not stem.startswith(f"{self.stem}/"):
            return None  # somebody's own picture
        url, text = (record.url, record.link or record.url) if record is not None else ("", link)
        return self.judge(PostImage(self.post, State.GOOD, url, text, link, stem, path, is_header=False, record=record))

    def first_of_body(self) -> tuple[str, str]:
        """(origin, text) of the first image of the body that lies on the web: FORMAT.md makes it the header image."""
        found = ((to_web(link), link) for link in self.body)
        return next(((url, link) for url, link in found if is_web(url) and not is_placeholder(url)), ("", ""))

    def record_of(self, url: str, link: str) -> ImageRecord | None:
        """What the index knows of an image by its origin, or by what the post has."""
        return next((record for record in self.records if record.url == url or record.link == link), None)

    def record_at(self, path: str) -> ImageRecord | None:
        """What the index knows of the image that a post points at: by its file, or where that is lost, by its place."""
        stem = str(PurePosixPath(path).with_suffix(""))
        header = self.article.image if self.article is not None and stem == self.stem else None
        by_path = (record for record in self.records if record.path == path)
        by_article = (record for record in self.records if record.url == header)
        by_digest = (record for record in self.records if stem.endswith(f"/{digest(record.url)}"))
        return next(by_path, None) or next(by_article, None) or next(by_digest, None)

    def is_unlinked(self, image: PostImage) -> bool:
        """Does the body show an image by its address, though its file is there and links are to be local?"""
        return self.links_body and image.state is State.GOOD and image.in_body

    @cached_property
    def links_body(self) -> bool:
        """Is the body to point at files? That of a post elsewhere is never written."""
        is_local = self.archive.layout.image_links == "local"
        return self.wish.inline and is_local and not PurePosixPath(self.post).is_absolute()

    def judge(self, image: PostImage) -> PostImage:
        """An image with the state that it is in, its files looked at."""
        image = replace(image, in_body=self.links_body and is_web(to_web(image.link)) and image.link in self.body)
        reason: str | None = None
        path: str | None = None
        for candidate in self.candidates(image):
            record = image.record if image.record is not None and image.record.path == candidate else None
            facts, why = examine(self.archive.layout.images / candidate, record)
            if why is None:
                return replace(image, path=candidate, found=self.unrecorded(image, candidate, facts))
            if why != ABSENT and reason is None:
                path, reason = candidate, why
        return replace(image, path=path, state=self.standing(image), reason=self.why(image, reason or ABSENT))

    def candidates(self, image: PostImage) -> list[str]:
        """Where the file of an image may lie, likeliest first."""
        recorded = image.record.path if image.record is not None else None
        named = [path for path in (recorded, image.path) if path is not None]
        return [*dict.fromkeys((*named, *(image.stem + extension for extension in dict.fromkeys(EXTENSIONS.values()))))]

    def standing(self, image: PostImage) -> State:
        """How a missing image stands."""
        record = image.record
        if record is None or not image.url or self.wish.retry_all:
            return State.MISSING
        if record.tries >= MOST_TRIES:
            return State.GIVEN_UP
        return State.PUT_OFF if record.next_try is not None and record.next_try > self.now else State.MISSING

    def why(self, image: PostImage, reason: str) -> str:
        """Why an image is missing: what is wrong with it, and why it could not be had so far."""
        tried = image.record.reason if image.record is not None and image.record.path is None else None
        return "; ".join(filter(None, (reason, "" if image.url else NO_ORIGIN, tried)))

    def unrecorded(self, image: PostImage, path: str, facts: ImageFacts | None) -> HeaderImage | None:
        """What is to be noted of a good image of an article that the index knows otherwise, or not at all."""
        is_ours = self.article is not None and self.article.sha256 is not None
        if facts is None or not image.url or not (is_ours or image.in_body):
            return None
        if image.record is not None and image.record.path == path:
            return None
        return replace(header_image(image.url, "", facts), path=path)


def examine(file: Place, record: ImageRecord | None) -> tuple[ImageFacts | None, str | None]:
    """(facts, why it is bad) of a file; no facts of one that is known by its hash, no reason of a good one.

    A whole image that is not the one that was stored is good: somebody optimised it. Not one of the same size.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            return None, f"too large: {file.stat().st_size} bytes"
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None, ABSENT
    except OSError as error:
        return None, f"cannot be read: {error.strerror or error}"
    if record is not None and record.sha256 is not None:
        if sha256(data) == record.sha256:
            return None, None
        if data and len(data) == record.size:
            return None, "damaged: not the bytes that were stored"
    try:
        facts = inspect(data)
    except ImageError as error:
        return None, str(error)
    if facts.media_type == "image/jpeg" and data.endswith(ZEROS) and not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        return None, "cut short or damaged: it ends in zeros"  # which a decoder takes for a picture
    return facts, None


def image_addresses(body: str) -> list[str]:
    """What the images of a body name as their addresses, in order."""
    if "<img" not in body.lower():
        return []
    tree = LexborHTMLParser(body, is_fragment=True)
    return [address.strip() for image in tree.css("img[src]") if (address := image.attributes["src"])]


def to_web(link: str) -> str:
    """The origin of what a post names, as an absolute address where it is one."""
    return image_origin(f"https:{link}" if link.startswith("//") else link)


def is_placeholder(url: str) -> bool:
    """Is this the stand-in for an article without image?"""
    return host_of(url) == PLACEHOLDER_HOST
