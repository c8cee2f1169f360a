"""What is wrong in an archive, told from a survey of it: one line for each fault; and what is no fault, apart."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from archiver.archive import Archive
from archiver.layout import heading, stem_of
from archiver.names import NAMINGS, folded, folder_name, title_name
from archiver.records import COLUMNS, AliasRecord, ArticleRecord, ImageRecord, Record
from archiver.survey import Key, SeenPost, Survey, look_at_post
from archiver.urls import key_of

FAULTS = {
    "malformed": "a post does not follow the post format",
    "misplaced": "a post does not lie where its title and categories say",
    "duplicate": "two posts are of one article, or differ in the case of their paths only",
    "broken": "a post points at a file that is not there",
    "damaged": "an image is empty, cut short, no image, or not the one that was stored",
    "lost": "a post or an image that the index knows is not there",
    "orphan": "an image belongs to no post",
    "leftover": "a file that a run was still writing when it was killed",
    "foreign": "a file that does not belong there",
    "unreadable": "a line of the journal, or the index, cannot be read",
    "stale": "the index does not say what the journal says",
}
"""The kinds of faults, and what each means."""
NOTES = {
    "edited": "somebody edited a post by hand",
    "unindexed": "the index does not know a post",
    "unrecorded": "the index does not know the image of a post",
}
"""The kinds of what is no fault."""
MEANINGS = FAULTS | NOTES
SUFFIX = re.compile(r"-[0-9a-f]{8}\Z")
"""What `names.post_name` adds to a title that is taken."""
ALONE = re.compile(r"[0-9a-f]{8}|[0-9a-f]{64}")
"""What stands for a title without letters, or with one that ends like our suffix (`Archive.path_of`)."""
CUT = 200
"""Bytes of a name from which on it may have been cut: the limit is 255, less extension, suffix and joined letters."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in one place."""

    kind: str
    """A word of MEANINGS."""
    path: str
    """Relative to the archive; absolute where it lies elsewhere."""
    what: str

    def to_dict(self) -> dict[str, str]:
        """As JSON has it."""
        return {"kind": self.kind, "path": self.path, "what": self.what}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of an archive."""

    checked: dict[str, int]
    """How many `posts`, `images`, `records` and journal `lines` were looked at."""
    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "checked": self.checked,
            "faults": [found.to_dict() for found in self.faults],
            "notes": [found.to_dict() for found in self.notes],
        }


def judge(archive: Archive, survey: Survey) -> Verdict:
    """What is wrong, each fault once, however many signs of it there are."""
    judgement = Judgement(archive, survey)
    found = sorted(judgement.findings(), key=lambda finding: ([*MEANINGS].index(finding.kind), finding.path))
    checked = {
        "posts": len(survey.posts),
        "images": len(survey.images),
        "records": len(survey.records),
        "lines": survey.lines,
    }
    return Verdict(
        checked,
        [finding for finding in found if finding.kind in FAULTS],
        [finding for finding in found if finding.kind in NOTES],
    )


class Judgement:
    """A survey, with what is looked up in it again and again."""

    def __init__(self, archive: Archive, survey: Survey) -> None:
        self.archive, self.survey = archive, survey
        self.articles = {record.post: record for record in survey.of(ArticleRecord)}
        self.images: dict[str, list[ImageRecord]] = defaultdict(list)
        for image in survey.of(ImageRecord):
            self.images[image.post].append(image)
        self.stems = {folded(stem_of(post)): post for post in survey.posts}
        self.moved = dict(self._moved())
        self.doubles = dict(self._doubles())

    def findings(self) -> Iterator[Finding]:
        """All there is to be said, in no order."""
        for post in self.survey.posts.values():
            yield from self.of_post(post)
        yield from self.of_images()
        yield from self.of_records()
        yield from (Finding("leftover", path, "a run was killed while it wrote this") for path in self.survey.leftovers)
        yield from (Finding("foreign", path, "neither a post nor an image") for path in self.survey.strangers)
        yield from (Finding("unreadable", path, why) for path, why in self.survey.unreadable)

    def image_place(self, path: str) -> str:
        """Where an image lies, as findings have it."""
        return self.archive.path_in(self.archive.layout.images / path)

    # Posts.

    def of_post(self, post: SeenPost) -> Iterator[Finding]:
        """What is to be said of a post."""
        if post.problem:
            yield Finding("malformed", post.path, post.problem)
            return
        record = self.articles.get(post.path)
        if original := self.doubles.get(post.path):
            yield Finding("duplicate", post.path, f"the same article as {original}")
        elif old := self.moved.get(post.path):
            yield Finding("misplaced", post.path, f"it was archived as {old}")
        elif why := self.why_misplaced(post):
            yield Finding("misplaced", post.path, why)
        for link in post.links:
            if not self.is_there(link) and not self.was_stored(post.path, link):
                yield Finding("broken", post.path, f"{self.image_place(link)} is not there")
        if record is None:
            yield Finding("unindexed", post.path, "a crawl knows it by title and date once it is adopted")
        elif record.sha256 not in (None, post.sha256):
            yield Finding("edited", post.path, "it is not as it was written, and will not be overwritten")

    def why_misplaced(self, post: SeenPost) -> str | None:
        """What of a post's path disagrees with what it says, or said before it changed; None: nothing."""
        if is_as_noted(post, self.articles.get(post.path)):
            return None
        why = why_misplaced(post)
        versions = self.archive.versions_of(post.path).glob("*.md") if why else ()
        earlier = (look_at_post(self.archive, self.archive.path_in(file)) for file in versions)
        return why if all(found.problem or why_misplaced(replace(found, path=post.path)) for found in earlier) else None

    def is_there(self, image: str) -> bool:
        """Does a file lie in the images folder?"""
        return image in self.survey.images or image in self.survey.others

    def was_stored(self, post: str, image: str) -> bool:
        """Is an image known, so that its loss is told as such?"""
        return any(record.path == image for record in self.images[post])

    def _moved(self) -> Iterator[tuple[str, str]]:
        """Posts that were archived under another path, and that path: the bytes, or folder and title, tell."""
        gone = [record for record in self.articles.values() if record.post not in self.survey.posts]
        by_hash = {record.sha256: record.post for record in gone if record.sha256}
        by_heading = {record.heading: record.post for record in gone if not record.sha256 and record.heading}
        for post in self.survey.posts.values():
            if post.path not in self.articles and not post.problem:
                old = by_hash.get(post.sha256) or by_heading.get(heading(post.categories, post.title))
                if old is not None:
                    yield post.path, old

    def _doubles(self) -> Iterator[tuple[str, str]]:
        """Posts that are another's double, and that other."""
        whole = [post for post in self.survey.posts.values() if not post.problem]
        ways: tuple[Callable[[SeenPost], object], ...] = (
            lambda post: folded(post.path),
            lambda post: (post.title, post.categories, post.date),
            lambda post: self.address(post.path),
        )
        told: set[str] = set()
        for way in ways:
            for posts in groups(whole, way):
                first, *others = sorted(posts, key=self.rank)
                for post in others:
                    if post.path not in told and not (way is ways[1] and self.are_two(first, post)):
                        told.add(post.path)
                        yield post.path, first.path

    def rank(self, post: SeenPost) -> tuple[bool, bool, str]:
        """Of two posts of one article, which is the original? The one that is known, and lies where it should."""
        record = self.articles.get(post.path)
        return record is None, why_misplaced(post) is not None, post.path

    def are_two(self, one: SeenPost, other: SeenPost) -> bool:
        """Are two posts of one title and date of two articles, by their addresses or names, and do they differ?"""
        addresses = [address for post in (one, other) if (address := self.address(post.path))]
        is_named_so = any(SUFFIX.search(stem_of(post.path)) for post in (one, other))
        return one.body != other.body and (len({*addresses}) == 2 or (not addresses and is_named_so))

    def address(self, post: str) -> str | None:
        """What the address of a post's article is known by."""
        record = self.articles.get(post)
        return key_of(record.url) if record is not None and record.url else None

    # Images.

    def of_images(self) -> Iterator[Finding]:
        """What is to be said of the files in the images folder."""
        recorded = self.recorded()
        linked = {link for post in self.survey.posts.values() for link in post.links}
        wanted = recorded | linked
        for image in self.survey.images.values():
            if image.path not in wanted and self.owner(image.path) is None:
                yield Finding("orphan", self.image_place(image.path), "it belongs to no post")
            elif image.problem:
                yield Finding("damaged", self.image_place(image.path), image.problem)
            elif image.path not in recorded:
                yield Finding("unrecorded", self.image_place(image.path), "nobody knows yet where it comes from")
        for path in self.survey.others - linked:
            yield Finding("foreign", self.image_place(path), "neither a post nor an image")

    def recorded(self) -> set[str]:
        """The images that are known, by their paths."""
        return {image.path for images in self.images.values() for image in images if image.path}

    def owner(self, image: str) -> str | None:
        """The post beside whose name a header image lies, or whose name the folder of an image of the body has."""
        pure = PurePosixPath(image)
        return self.stems.get(folded(str(pure.with_suffix("")))) or self.stems.get(folded(str(pure.parent)))

    # Records.

    def of_records(self) -> Iterator[Finding]:
        """What is to be said of what index and journal know."""
        lost, moved = set(), {*self.moved.values()}
        for post in sorted({post for record in self.survey.records.values() if (post := post_of(record))}):
            if post not in self.survey.posts and post not in moved:
                yield Finding("lost", post, "the index knows this post, but it is not there")
            for image in self.images[post] if post in self.survey.posts else ():
                if image.path and not self.is_there(image.path) and image.path not in lost:
                    lost.add(image.path)
                    yield Finding("lost", self.image_place(image.path), f"it was stored for {post}")
        for place, keys in places(self.survey.stale).items():
            yield Finding("stale", place, ", ".join(difference(key, *self.survey.stale[key]) for key in keys))


def groups(posts: Iterable[SeenPost], way: Callable[[SeenPost], object]) -> list[list[SeenPost]]:
    """Posts that are alike in one way, where there are several."""
    found: dict[object, list[SeenPost]] = defaultdict(list)
    for post in posts:
        if (sign := way(post)) is not None:
            found[sign].append(post)
    return [posts for posts in found.values() if len(posts) > 1]


def post_of(record: Record) -> str | None:
    """The post that a record is about."""
    return record.post if isinstance(record, ArticleRecord | AliasRecord | ImageRecord) else None


def places(stale: dict[Key, tuple[Record | None, Record | None]]) -> dict[str, list[Key]]:
    """Differences between index and journal by the post, or else the address, that they are about."""
    found: dict[str, list[Key]] = defaultdict(list)
    for key, (noted, indexed) in stale.items():
        record = noted or indexed
        found[(record and post_of(record)) or " ".join(map(str, key[1:]))].append(key)
    return found


def difference(key: Key, noted: Record | None, indexed: Record | None) -> str:
    """What the index has otherwise than the journal."""
    if noted is None or indexed is None:
        return f"{key[0]} in the {'index' if noted is None else 'journal'} only"
    names = [name for name in COLUMNS[type(noted)] if getattr(noted, name) != getattr(indexed, name)]
    return f"{key[0]} differs in {', '.join(names)}"


def is_as_noted(post: SeenPost, record: ArticleRecord | None) -> bool:
    """Does one of our posts say what the index has? Then it lies where it should: a path outlives a change of title."""
    if record is None or record.sha256 is None:
        return False
    return record.sha256 == post.sha256 or record.heading == heading(post.categories, post.title)


def why_misplaced(post: SeenPost) -> str | None:
    """What of a post's path disagrees with its title or categories; None: nothing."""
    *folders, name = PurePosixPath(post.path).with_suffix("").parts[-4:]
    expected = [(folder_name(category), title_name(category)) for category in post.categories]
    if len(folders) != len(expected) or not all(
        folded(folder) in map(folded, names) for folder, names in zip(folders, expected, strict=True)
    ):
        return f"its categories are {'/'.join(post.categories)}"
    return None if is_name_of(name, post.title) else f"its title is {post.title}"


def is_name_of(name: str, title: str) -> bool:
    """Is a file named after a title, by either rule, with a suffix or cut where need be?"""
    if ALONE.fullmatch(name) and (len(name) == 64 or not all(naming(title).strip() for naming in NAMINGS.values())):
        return True
    stems = {squeezed(naming(title)) for naming in NAMINGS.values()} - {""}
    return any(
        squeezed(plain) == stem or (len(name.encode()) >= CUT and stem.startswith(squeezed(plain)))
        for plain in (name, SUFFIX.sub("", name))
        for stem in stems
    )


def squeezed(text: str) -> str:
    """A name without what a title may have lost on its way into a post: the kind of white space, case."""
    return folded("".join(text.split()))
