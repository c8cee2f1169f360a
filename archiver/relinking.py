"""The image addresses of an archive's posts, switched between those of the sites and the stored files."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Literal

from selectolax.lexbor import LexborHTMLParser

from archiver.archive import Archive
from archiver.body import escape_value
from archiver.errors import PostFormatError
from archiver.files import refusals, sha256
from archiver.layout import stem_of
from archiver.post import Post, parse, render
from archiver.records import ArticleRecord, ImageRecord
from archiver.urls import digest

IMAGE_SOURCE = re.compile(r'(?P<before><img(?:\s+(?!src[=\s>])[^\s=>"]+(?:="[^"]*")?)*\s+src=")(?P<address>[^"]*)(?=")')
"""The `src` of an image, in double quotes as `body.clean` and the old program write it; `srcset` is left alone."""
AT_ONCE = 100
"""Posts whose new hashes are noted together. A run that is killed before finds them again by themselves."""
Side = Literal["remote", "local"]


class Outcome(StrEnum):
    """What becomes of a post."""

    SWITCHED = "switched"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Link:
    """An image of a post as the post may link to it."""

    remote: str
    local: str
    in_body: bool
    """Is it switched in the body, too? The header image is not: a crawl with local links leaves it there."""


@dataclass(frozen=True, slots=True)
class Relinked:
    """What became of a post."""

    outcome: Outcome
    path: str
    reason: str = ""
    """Why it is refused."""


class RefusedError(Exception):
    """Why a post cannot be switched so that switching it back gives its bytes again."""


def relink(archive: Archive, side: Side) -> Iterator[Relinked]:
    """Switches every post, and tells of each; a run that was killed is finished by the next. Raises MachineError."""
    articles = {record.post: record for record in archive.index.all(ArticleRecord)}
    images: dict[str, list[ImageRecord]] = defaultdict(list)
    for image in archive.index.all(ImageRecord):
        images[image.post].append(image)
    notes: list[ArticleRecord] = []
    try:
        for path in archive.posts():
            try:
                outcome, note = relink_post(archive, path, side, articles.get(path), images.get(path, []))
            except (PostFormatError, RefusedError, UnicodeDecodeError) as error:
                yield Relinked(Outcome.REFUSED, path, str(error))
                continue
            notes += [note] if note else []
            if len(notes) >= AT_ONCE:
                archive.index.put(*notes)
                notes.clear()
            yield Relinked(outcome, path)
    finally:
        archive.index.put(*notes)


def relink_post(
    archive: Archive, path: str, side: Side, article: ArticleRecord | None, images: list[ImageRecord]
) -> tuple[Outcome, ArticleRecord | None]:
    """Switches a post; what is to be noted of it then. Raises PostFormatError, UnicodeDecodeError, RefusedError."""
    target = archive.file_of(path)
    with refusals(target):
        data = target.read_bytes()
        text = data.decode()
        links = links_of(archive, path, parse(text), side, article, images)
        new = switched(text, links, side)
        check(text, new, links, side)
        if new != text and archive.mode == "write":
            archive.write_file(target, new.encode())
    note = None
    if article is not None and article.sha256 not in (None, sha256(new.encode())):
        forms = (text, new, switched(text, links, other(side)))
        if article.sha256 in {sha256(form.encode()) for form in forms}:  # else somebody edited it
            note = replace(article, sha256=sha256(new.encode()))
    return Outcome.UNCHANGED if new == text else Outcome.SWITCHED, note


def other(side: Side) -> Side:
    """Of two sides, the other one."""
    return "local" if side == "remote" else "remote"


def check(text: str, new: str, links: list[Link], side: Side) -> None:
    """Raises RefusedError unless switching back gives what was there, where that was all of one kind."""
    if render(parse(text)) != text or switched(new, links, other(side)) != switched(text, links, other(side)):
        raise RefusedError("an address is written in a way that switching back would not give again")


def switched(text: str, links: list[Link], side: Side) -> str:
    """The text of a post with its images linked to one side."""
    post = parse(text)
    front: dict[str, str] = {}
    body: dict[str, str] = {}
    for link in links:
        old, new = (link.remote, link.local) if side == "local" else (link.local, link.remote)
        front.setdefault(without_braces(old), new)
        if link.in_body:
            body.setdefault(escape_value(old), escape_value(new))
    return render(
        replace(
            post,
            headimg=front.get(post.headimg, post.headimg),
            body=IMAGE_SOURCE.sub(
                lambda found: found["before"] + body.get(found["address"], found["address"]), post.body
            )
            if body
            else post.body,
        )
    )


def without_braces(address: str) -> str:
    """An address as front matter has it."""
    return address.replace("{", "%7B").replace("}", "%7D")


def links_of(
    archive: Archive, path: str, post: Post, side: Side, article: ArticleRecord | None, images: list[ImageRecord]
) -> list[Link]:
    """The images of a post that can be switched, its header image first. Raises RefusedError."""
    header = header_of(archive, post, article, images)
    ordered = sorted(images, key=lambda image: image is not header)
    links = [
        Link(
            remote_text(image),
            archive.layout.local_link(image.path),
            in_body=image is not header or bool(image.in_body),
        )
        for image in ordered
        if image.path is not None and (side == "remote" or (archive.layout.images / image.path).is_file())
    ]
    return distinct([*links, *(lost_links(archive, path, post, header, images) if side == "remote" else ())])


def header_of(
    archive: Archive, post: Post, article: ArticleRecord | None, images: list[ImageRecord]
) -> ImageRecord | None:
    """The header image among the images of a post: the one that is recorded so, else the one that it links to."""
    url = article.image if article is not None else None
    by_url = (image for image in images if image.url == url)
    by_link = (image for image in images if without_braces(remote_text(image)) == post.headimg)
    by_path = (image for image in images if image.path and archive.layout.local_link(image.path) == post.headimg)
    return next(by_url, None) or next(by_link, None) or next(by_path, None)


def remote_text(image: ImageRecord) -> str:
    """The address of an image as its post has it."""
    return image.link or image.url


def distinct(links: Iterable[Link]) -> list[Link]:
    """Links without those that switching back could not tell from an earlier one."""
    kept: list[Link] = []
    taken: set[tuple[str, bool]] = set()
    for link in links:
        names = {(link.remote, link.in_body), (link.local, link.in_body)}
        if taken.isdisjoint(names):
            kept.append(link)
            taken |= names
    return kept


def lost_links(
    archive: Archive, path: str, post: Post, header: ImageRecord | None, images: list[ImageRecord]
) -> Iterator[Link]:
    """The images at whose files a post points though no record has them, as they are missing by now.

    Raises RefusedError where nothing tells whence one came.
    """
    home, known = stem_of(path), {image.path for image in images}
    for address in dict.fromkeys((post.headimg, *sources(post.body))):
        linked = archive.layout.linked_path(address)
        stem = str(PurePosixPath(linked).with_suffix("")) if linked and linked not in known else ""
        if stem != home and not stem.startswith(f"{home}/"):
            continue  # recorded, or somebody's own picture, as `/images/404.gif` in old posts
        inline = next((image for image in images if stem == f"{home}/{digest(image.url)}"), None)
        record = header if stem == home else inline
        if record is None:
            raise RefusedError(f"nothing tells where {address} came from")
        yield Link(remote_text(record), address, in_body=record is not header)


def sources(body: str) -> Iterator[str]:
    """The address of each image of a body."""
    return (unescaped(found["address"]) for found in IMAGE_SOURCE.finditer(body))


def unescaped(value: str) -> str:
    """What an attribute holds; where references end in one, only a parser knows."""
    image = LexborHTMLParser(f'<img src="{value}">', is_fragment=True).css_first("img") if "&" in value else None
    return value if image is None else image.attributes["src"] or ""
