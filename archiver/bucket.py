"""A bucket of an S3-compatible store: its objects as paths, with what an archive asks of its files.

A store keeps an object whole or not at all, so nothing needs a temporary name. There are no folders: a path is one
where objects lie below it. Where the store is, and the keys to it, the environment says, as all programs for S3 have it
(AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_PROFILE, …).
"""

import errno
import logging
import mimetypes
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from archiver.errors import ConfigurationError, MachineError

SCHEME = "s3://"
BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
SECONDS = {"connect_timeout": 10, "read_timeout": 30}
TRIES = 4
"""Of a request, with pauses between; then the run ends, and the next one goes on."""
CONNECTIONS = 32
"""That are kept open: more than threads that write."""
ABSENT = ("404", "NoSuchKey")
"""What a store answers where there is no such object."""


class StoreError(OSError, MachineError):
    """A store refuses, or cannot be had: as with a file, who asks may go on without; else the run stops by itself."""

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}"


@dataclass(frozen=True, slots=True)
class Stat:
    """What is known of an object without its bytes."""

    st_size: int


class BucketPath(PurePosixPath):
    """`s3://BUCKET/KEY`. A question or an act is one request; listing is one for each thousand names.

    What is refused is a StoreError that names the address, or FileNotFoundError where there is no such object.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return super().__str__().replace("s3:/", SCHEME, 1)

    @property
    def bucket(self) -> str:
        return self.parts[1]

    @property
    def key(self) -> str:
        return "/".join(self.parts[2:])

    @property
    def prefix(self) -> str:
        """What the keys of all objects below begin with."""
        return f"{self.key}/" if self.key else ""

    def absolute(self) -> "BucketPath":
        return self

    def is_file(self) -> bool:
        """Is there such an object?"""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    exists = is_file

    def is_dir(self) -> bool:
        """Is there any object below?"""
        return bool(next(self.pages(MaxKeys=1), {}).get("Contents"))

    def stat(self) -> Stat:
        with refusals(self):
            return Stat(client().head_object(Bucket=self.bucket, Key=self.key)["ContentLength"])

    def read_bytes(self) -> bytes:
        with refusals(self):
            data: bytes = client().get_object(Bucket=self.bucket, Key=self.key)["Body"].read()
            return data

    def read_text(self, encoding: str) -> str:
        return self.read_bytes().decode(encoding)

    def write_bytes(self, data: bytes) -> None:
        """The object is there with all its bytes, in the place of one that was, or as if nothing had been asked."""
        kind = mimetypes.guess_type(self.name, strict=False)[0] or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        with refusals(self):
            client().put_object(Bucket=self.bucket, Key=self.key, Body=data, ContentType=kind)

    def unlink(self, missing_ok: bool = True) -> None:
        """Removes the object; a store does not say whether there was one."""
        with refusals(self):
            client().delete_object(Bucket=self.bucket, Key=self.key)

    def below(self) -> Iterator["BucketPath"]:
        """All objects below, in order."""
        for page in self.pages():
            yield from self.objects(page)

    def after(self, name: str) -> Iterator["BucketPath"]:
        """The objects right below whose names come after one, in order."""
        for page in self.pages(Delimiter="/", StartAfter=self.prefix + name):
            yield from self.objects(page)

    def glob(self, pattern: str) -> Iterator["BucketPath"]:
        """The objects right below whose names match, in order."""
        return (path for path in self.after("") if fnmatchcase(path.name, pattern))

    def walk(self) -> Iterator[tuple["BucketPath", list[str], list[str]]]:
        """As `os.walk` of a folder: what is taken out of the list of folders is not gone into."""
        folders: list[str] = []
        names: list[str] = []
        for page in self.pages(Delimiter="/"):
            prefixes = (found["Prefix"] for found in page.get("CommonPrefixes", ()))
            inner = ((self / prefix.removeprefix(self.prefix), prefix) for prefix in prefixes)
            folders += [path.name for path, prefix in inner if path.prefix == prefix]
            names += [path.name for path in self.objects(page)]
        yield self, folders, names
        for folder in folders:
            yield from (self / folder).walk()

    def objects(self, page: Mapping[str, Any]) -> Iterator["BucketPath"]:
        """What a page of a list names; passed over are keys that are no paths: `x//y`, and `x/`, which stands for a
        folder.
        """
        for found in page.get("Contents", ()):
            path = self / found["Key"].removeprefix(self.prefix)
            if path.key == found["Key"]:
                yield path

    def pages(self, **more: Any) -> Iterator[dict[str, Any]]:
        """A store's answers to `ListObjectsV2`, of what lies below."""
        with refusals(self):
            yield from (
                client().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix, **more)
            )


def masked(text: str) -> str:
    """A text in which the secrets are `***`; what knows them is loaded only for a refusal."""
    from archiver import masking

    return masking.masked(text)


Place = Path | BucketPath
"""Where an archive, or its images, may lie."""


def to_place(text: str) -> Place:
    """A folder, or what an address names. Raises ConfigurationError."""
    scheme, colon, rest = text.partition("://")
    if not colon:
        return Path(text)
    bucket, *folders = rest.split("/")
    if scheme != "s3" or not BUCKET.fullmatch(bucket) or {".", ".."} & {*folders}:
        raise ConfigurationError(
            f"{masked(text)}: expected a folder or s3://BUCKET/PREFIX; where the store is, and the keys to it, say the "
            "variables AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE"
        )
    return BucketPath(text)


def reach(place: Place) -> None:
    """Asks for a bucket, where it is one. Raises ConfigurationError where that cannot be had."""
    if isinstance(place, BucketPath):
        try:
            place.is_dir()
        except (OSError, ConfigurationError) as error:
            raise ConfigurationError(f"{place} cannot be had: {getattr(error, 'strerror', error)}") from error


def walk(place: Place) -> Iterator[tuple[Place, list[str], list[str]]]:
    """As `os.walk`."""
    if isinstance(place, BucketPath):
        yield from place.walk()
    else:
        yield from ((Path(folder), folders, names) for folder, folders, names in os.walk(place))


@cache
def client() -> Any:
    """boto3's client for S3, which threads may share. Raises ConfigurationError."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"a bucket needs {error.name}: pip install 'archiver[s3]'") from error
    logging.getLogger("botocore").setLevel(logging.INFO)  # below, it tells how each request was signed
    tries = {"mode": "standard", "total_max_attempts": TRIES}
    try:
        return boto3.client("s3", config=Config(retries=tries, max_pool_connections=CONNECTIONS, **SECONDS))
    except (BotoCoreError, ValueError) as error:
        raise ConfigurationError(masked(str(error))) from error


@contextmanager
def refusals(path: BucketPath) -> Iterator[None]:
    """Turns what a store refuses into a StoreError or FileNotFoundError that names the address, and no secret."""
    client()
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code, text = (str(error.response.get("Error", {}).get(name, "")) for name in ("Code", "Message"))
        kind, number = (FileNotFoundError, errno.ENOENT) if code in ABSENT else (StoreError, errno.EIO)
        raise kind(number, masked(f"{code}, {text}"), str(path)) from error
    except BotoCoreError as error:
        raise StoreError(errno.EIO, masked(str(error)), str(path)) from error
