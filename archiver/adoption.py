"""Taking over posts that are there: they are read and noted in the index, and never touched.

Another program's posts carry no address; folder, title and date tell whose they are when a crawl meets the articles.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path, PurePosixPath

from archiver.archive import Archive
from archiver.body import Body, first_image
from archiver.bucket import Place
from archiver.content import content_of
from archiver.errors import PostFormatError
from archiver.image_records import header_image, to_image_record, whole_image
from archiver.images import EXTENSIONS
from archiver.items import Article
from archiver.layout import DASH, heading, stem_of
from archiver.post import SURROGATE, Post, parse
from archiver.records import ArticleRecord, ImageRecord, Record
from archiver.tables import ARTICLE
from archiver.urls import image_origin, is_web

Steps = Callable[[Iterator[list[str]]], Iterator[list[str]]]
AT_ONCE = 500
"""Posts that are noted together; one folder of the old archive has tens of thousands."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is no post."""

    file: Place
    line: int | None
    """From 1. None: it is not about a line."""
    reason: str
    """What was expected there, or what the system said."""

    def __str__(self) -> str:
        place = "" if self.line is None else f", line {self.line}"
        return f"{self.file}{place}: {self.reason}"


@dataclass(slots=True)
class Adoption:
    """What became of the posts of a folder."""

    adopted: int = 0
    known: int = 0
    """Those that the index had already."""
    refused: list[Refusal] = field(default_factory=list)


def place_in(output: Path, folder: Path) -> Path:
    """A folder as the archive at `output` names it, whatever links lead there; absolute where it lies elsewhere."""
    home, real = output.resolve(), folder.resolve()
    return output / real.relative_to(home) if real.is_relative_to(home) else real


def adopt(archive: Archive, folder: Path | None = None, steps: Steps = iter) -> Adoption:
    """Notes each post of the archive that the index does not know, or of a folder, which may lie elsewhere.

    `steps` is `Interruption.steps`, where somebody may end it. Raises MachineError when the system refuses.
    """
    adoption, now = Adoption(), datetime.now(UTC)
    under = place_in(archive.layout.folder, folder) if folder is not None else None
    for posts in steps(by_folder(archive.posts(under))):
        named = [post for post in posts if SURROGATE.search(post) is None]
        known = {record.post for record in archive.index.all(ArticleRecord, ARTICLE.post.in_(named))}
        adoption.known += len(known)
        records: list[Record] = []
        for post in posts:
            if post in known:
                continue
            try:
                records += records_of(archive, post, now)
                adoption.adopted += 1
            except (PostFormatError, OSError, UnicodeError) as error:
                adoption.refused.append(to_refusal(archive.file_of(post), error))
        archive.index.put(*records)
    return adoption


def by_folder(posts: Iterator[str]) -> Iterator[list[str]]:
    """Posts that lie in one folder, not too many at once."""
    for _, together in groupby(posts, lambda post: PurePosixPath(post).parent):
        while some := [*islice(together, AT_ONCE)]:
            yield some


def to_refusal(file: Place, error: PostFormatError | OSError | UnicodeError) -> Refusal:
    """Why a file is not taken over."""
    if isinstance(error, PostFormatError):
        return Refusal(file, error.line, error.expectation)
    if isinstance(error, UnicodeDecodeError):
        return Refusal(file, error.object.count(b"\n", 0, error.start) + 1, "expected UTF-8")
    if isinstance(error, UnicodeError):
        return Refusal(file, None, "expected a name in UTF-8")
    return Refusal(file, None, error.strerror or str(error))


def records_of(archive: Archive, path: str, now: datetime) -> Iterator[Record]:
    """What is noted of a post: the article, and its header image if that is there, whole.

    Raises PostFormatError, OSError, UnicodeError.
    """
    path.encode()
    post = parse(archive.file_of(path).read_bytes().decode())
    published = None if post.has_crawl_time else post.published
    article = Article("", post.title, Body(post.body), published, image_url=post.image_url)
    content, image = content_of(article), image_of(archive, path, post)
    address = image.url if image else post.image_url
    yield ArticleRecord(
        path,
        site=post.categories[1],
        channel=post.categories[2].removeprefix(DASH),
        title=post.title,
        heading=heading(post.categories, post.title),
        published=published,
        first_seen=now,
        content=content.digest,
        length=content.length,
        image=address if address and is_web(address) else None,
    )
    if image is not None:
        yield image


def image_of(archive: Archive, path: str, post: Post) -> ImageRecord | None:
    """The header image of a post that lies beside its name; None: there is none, or nobody knows where it comes from.

    A post that points at its file says it in its body, whose first image the header image is.
    """
    stem, is_remote = stem_of(path), is_web(post.headimg)
    for extension in dict.fromkeys(EXTENSIONS.values()):
        file = archive.layout.images / (stem + extension)
        if (facts := whole_image(file)) is None:
            continue
        origin = post.image_url if is_remote else image_origin(first_image(Body(post.body)) or "")
        if origin:
            return to_image_record(path, header_image(origin, stem, facts), link=post.headimg if is_remote else "")
    return None
