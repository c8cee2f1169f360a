"""The tables of an index, a table for each kind of record: their columns, what is looked for in them, their rows."""

import json
from typing import Any

import sqlalchemy as sa

from archiver.records import (
    COLUMNS,
    KINDS,
    LISTS,
    NAMES,
    AliasRecord,
    ArticleRecord,
    DeferredRecord,
    HostRecord,
    ImageRecord,
    ListingRecord,
    R,
    Record,
    from_values,
    to_values,
)
from archiver.urls import shortened

VERSION = 2
"""Of the schema. A change adds a line to MIGRATIONS."""
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "ALTER TABLE run ADD COLUMN channel TEXT DEFAULT ''",
        "DROP INDEX article_content",
        "CREATE INDEX article_content_site ON article (content, site)",
    ),
)
"""SQL statements that lead from version 1 to 2, from 2 to 3, and so on."""
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Ordered by code points everywhere."""
TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {"int": sa.BigInteger}
"""Column type by the annotation of a field; all others are texts."""
LONG = "url"
"""The field of a key that may be longer than an index takes: a column of its own, `url_key`, has it shortened."""
INDEXED: dict[str, tuple[tuple[str, ...], ...]] = {
    "article": (("heading",), ("content", "site"), ("site",)),
    "alias": (("post",),),
    "image": (("path",),),
    "deferred": (("site",),),
}
"""By which fields records are looked for; twins by content and site, for a site alone has thousands of articles."""

metadata = sa.MetaData()


def to_table(name: str, kind: type[Record]) -> sa.Table:
    """The table of a kind of record."""
    found = [
        sa.Column(field, TYPES.get(type_.partition(" ")[0], TEXT), primary_key=field in kind.key and field != LONG)
        for field, type_ in COLUMNS[kind].items()
    ]
    if LONG in kind.key:
        found.append(sa.Column(f"{LONG}_key", TEXT, primary_key=True))
    indexes = (sa.Index("_".join((name, *fields)), *fields) for fields in INDEXED.get(name, ()))
    return sa.Table(name, metadata, *found, *indexes)


TABLES = {name: to_table(name, kind) for name, kind in KINDS.items()}
ARTICLE, ALIAS, IMAGE, DEFERRED = (TABLES[name].c for name in ("article", "alias", "image", "deferred"))
FOLDED = sa.Table(
    "path",
    metadata,
    sa.Column("post", TEXT, primary_key=True),
    sa.Column("folded", TEXT, nullable=False),
    sa.Index("path_folded", "folded"),
)
"""Posts by what their paths are on a file system that knows no case (`archive.folded`)."""
META = sa.Table("meta", metadata, sa.Column("name", TEXT, primary_key=True), sa.Column("value", TEXT))
PAGE = sa.Table(
    "page",
    metadata,
    sa.Column("url", TEXT, primary_key=True),  # shortened
    sa.Column("etag", TEXT),
    sa.Column("last_modified", TEXT),
    sa.Column("content_type", TEXT),
    sa.Column("body", sa.LargeBinary),
)
"""Listings as they were last seen, for conditional requests: a cache, and so the one thing that no journal has."""


def having(kind: type[Record], *names: str) -> sa.Select[Any]:
    """The query for the records of a kind that have certain values in these columns, by their keys."""
    table = TABLES[NAMES[kind]]
    found = sa.select(*(table.c[name] for name in COLUMNS[kind]))
    return found.where(*(table.c[name] == sa.bindparam(name) for name in names)).order_by(*table.primary_key)


# What is asked for each article, made once: to make a query takes longer than to ask it.
BY_ADDRESS = (
    sa.select(ALIAS.name.label("alias"), *TABLES["article"].c)
    .join_from(TABLES["alias"], TABLES["article"], ALIAS.post == ARTICLE.post)
    .where(ALIAS.name.in_(sa.bindparam("names", expanding=True)))
)
BY_PATH = (
    sa.select(*TABLES["article"].c)
    .join(FOLDED, FOLDED.c.post == ARTICLE.post)
    .where(FOLDED.c.folded == sa.bindparam("folded"))
)
STRANGERS = having(ArticleRecord, "heading").where(ARTICLE.url.is_(None))
ANY_STRANGER = sa.select(ARTICLE.post).where(ARTICLE.url.is_(None)).limit(1)
TWINS = having(ArticleRecord, "content", "site")
ALIASES = having(AliasRecord, "post")
IMAGES = having(ImageRecord, "post", "url_key")
DEFERRALS = having(DeferredRecord, "name")
LISTINGS = having(ListingRecord, "url_key")
HOSTS = having(HostRecord, "host")


def to_row(record: Record) -> dict[str, Any]:
    """The columns of a record; what no database takes in a text is replaced."""
    row = to_values(record)
    for name in LISTS[type(record)]:
        row[name] = json.dumps(row[name], ensure_ascii=False)
    row = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
    return row | {f"{LONG}_key": shortened(getattr(record, LONG))} if LONG in record.key else row


def storable(text: str) -> str:
    """A text without halves of surrogate pairs and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def to_record(kind: type[R], row: dict[str, Any]) -> R:
    """Undoes `to_row`."""
    return from_values(kind, row | {name: json.loads(row[name]) for name in LISTS[kind]})
