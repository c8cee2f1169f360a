"""What an archive remembers beside its files: a frozen record for each fact, as index and journal have it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True, slots=True)
class Record:
    """A fact; `key` names the fields that tell it from others of its kind."""

    key: ClassVar[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ArticleRecord(Record):
    """One archived article."""

    key: ClassVar[tuple[str, ...]] = ("post",)

    post: str
    """Its post, relative to the archive, `/` between parts: the same for ever."""
    url: str | None = None
    """Canonical address. None: another program's post, and no crawl has met the article yet."""
    site: str = ""
    channel: str = ""
    title: str = ""
    """As the page has it; of another program's post as the post has it."""
    heading: str = ""
    """Folder and title as the post has them, `C1/C2/C3/TITLE`: what an article without address is known by."""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """None: the page does not say."""
    modified: datetime | None = None
    first_seen: datetime | None = None
    """When it was archived, or taken over."""
    last_seen: datetime | None = None
    """When its page answered last, whatever it said."""
    status: int | None = None
    """Of that answer: 200, 304, 404."""
    etag: str | None = None
    last_modified: str | None = None
    """Of the answer that the post was made from, as HTTP has it."""
    content: str | None = None
    """`content.Content.digest` of what the page said last. None: not known."""
    length: int | None = None
    """`content.Content.length` of the post."""
    sha256: str | None = None
    """Of the post as we wrote it: other bytes mean that somebody edited it. None: another program wrote it."""
    image: str | None = None
    """Address of its header image, the `url` of its record. None: it has none."""
    state: str = ""
    """`gone` (404, 410) or `held` (the page is not believed); empty: neither."""
    reason: str = ""
    """Of the state."""
    asked: str | None = None
    """The address that answered last, where it is not `url`."""


@dataclass(frozen=True, slots=True)
class AliasRecord(Record):
    """An address under which an article was seen, its canonical one included."""

    key: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    """`urls.key_of` the address."""
    url: str
    post: str


@dataclass(frozen=True, slots=True)
class ImageRecord(Record):
    """An image of a post: its header image, or one of its body."""

    key: ClassVar[tuple[str, ...]] = ("post", "url")

    post: str
    url: str
    """Where it comes from, without any proxy prefix."""
    link: str = ""
    """What the post has, or had before it pointed at the file. Empty: the same as `url`."""
    path: str | None = None
    """Relative to the images folder. None: it is missing."""
    sha256: str | None = None
    media_type: str | None = None
    size: int | None = None
    """Bytes."""
    width: int | None = None
    height: int | None = None
    """Pixels."""
    reason: str | None = None
    """Why it is missing."""
    tries: int = 0
    """In vain, by `archiver images`."""
    next_try: datetime | None = None
    """None: at any time."""
    in_body: int = 0
    """1: the header image stands in the body, too, and is switched there with the others."""

    @property
    def status(self) -> str:
        """`stored` or `missing`."""
        return "missing" if self.path is None else "stored"


@dataclass(frozen=True, slots=True)
class DeferredRecord(Record):
    """A page that a listing named and the archive does not hold: it failed, or is no article."""

    key: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    """`urls.key_of` the address."""
    url: str = ""
    site: str = ""
    channel: str = ""
    published: datetime | None = None
    """As the listing announced it."""
    outcome: str = ""
    """Of the last try. Empty: it has been dealt with."""
    reason: str = ""
    tries: int = 0
    next_try: datetime | None = None
    """None: the next run asks for it."""


@dataclass(frozen=True, slots=True)
class ListingRecord(Record):
    """A listing that is followed page by page."""

    key: ClassVar[tuple[str, ...]] = ("url",)

    url: str
    unfinished_since: datetime | None = None
    """When a run began to follow it that did not come to its end. Only what was archived before then tells that what
    stands behind it in the listing is archived, too. None: the last run came to its end. A listing that was never
    followed has no record."""


@dataclass(frozen=True, slots=True)
class HostRecord(Record):
    """What an image host wants."""

    key: ClassVar[tuple[str, ...]] = ("host",)

    host: str
    way: str = ""
    """As `ways.WAYS` names it."""


@dataclass(frozen=True, slots=True)
class RunRecord(Record):
    """One command on one site."""

    key: ClassVar[tuple[str, ...]] = ("start", "command", "site")

    start: datetime
    command: str
    site: str
    """Empty: a command that is not about one site."""
    end: datetime | None = None
    counts: tuple[tuple[str, int], ...] = ()
    """(outcome, how often), of those that occurred; and how many of the articles that were written have an author, a
    date, an image: `outcomes.FIELDS`."""
    exit_code: int = 0
    channel: str = ""
    """With commas between. Empty: all of the site."""


R = TypeVar("R", bound=Record)
KINDS: dict[str, type[Record]] = {
    "article": ArticleRecord,
    "alias": AliasRecord,
    "image": ImageRecord,
    "deferred": DeferredRecord,
    "listing": ListingRecord,
    "host": HostRecord,
    "run": RunRecord,
}
"""Name of a kind in index and journal -> its class."""
NAMES = {kind: name for name, kind in KINDS.items()}


COLUMNS = {
    kind: {field.name: str(getattr(field.type, "__name__", field.type)) for field in fields(kind)}
    for kind in KINDS.values()
}
"""Field -> its type, as annotated: `str | None`, `datetime`, `int`, …"""
MOMENTS = {kind: tuple(name for name in found if "datetime" in found[name]) for kind, found in COLUMNS.items()}
"""The fields that hold a moment."""
LISTS = {kind: tuple(name for name in found if "tuple" in found[name]) for kind, found in COLUMNS.items()}
"""The fields that hold a tuple."""


def to_values(record: Record) -> dict[str, Any]:
    """The fields as JSON has them; moments as ISO 8601."""
    kind = type(record)
    values = {name: getattr(record, name) for name in COLUMNS[kind]}
    for name in MOMENTS[kind]:
        values[name] = values[name] and values[name].isoformat()
    for name in LISTS[kind]:
        values[name] = [list(value) if isinstance(value, tuple) else value for value in values[name]]
    return values


def from_values(kind: type[R], values: dict[str, Any]) -> R:
    """Undoes `to_values`; a field that is not given has its default. Raises TypeError or ValueError."""
    values = dict(values)
    for name in MOMENTS[kind]:
        if values.get(name) is not None:
            values[name] = datetime.fromisoformat(values[name])
    for name in LISTS[kind]:
        if name in values:
            values[name] = tuple(tuple(value) if isinstance(value, list) else value for value in values[name])
    return kind(**values)
