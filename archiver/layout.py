"""How an archive is laid out: which file lies where, what a post has that points at one, what an article is known by.

OUTPUT/C1/C2/C3/NAME.md                 posts; OUTPUT is a folder, or s3://BUCKET/PREFIX
OUTPUT/images/C1/C2/C3/NAME.jpg         header images (another folder with `images`)
OUTPUT/.archiver/                       index.sqlite, and the journal it can be made from; who writes here
OUTPUT/.archiver/versions/C1/C2/C3/NAME/TIME.md   posts as they were, or as the site has them now
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from archiver.bucket import BucketPath, Place
from archiver.errors import ConfigurationError
from archiver.journal import stays
from archiver.names import LONGEST_EXTENSION, MAX_BYTES, cut, folder_name, title_name
from archiver.post import field_text
from archiver.urls import quoted_path, shortened

STATE = ".archiver"
DASH = "— "


@dataclass(frozen=True, slots=True)
class Layout:
    """How an archive is laid out; the options of the same names."""

    output: Place
    images: Place
    naming: str = "slug"
    image_links: str = "remote"
    image_prefix: str = "/images"
    insecure_image_prefix: str = ""
    index: str = ""
    """Address of the index's database. Empty: a file in OUTPUT/.archiver."""
    durability: str = "safe"
    """One of `files.DURABILITIES`."""
    wait: float = 0
    """Seconds that another run which holds the archive is waited for."""

    def __post_init__(self) -> None:
        """Raises ConfigurationError for a bucket that could not hold an archive."""
        if isinstance(self.output, BucketPath):
            if not self.index.startswith("postgres"):
                raise ConfigurationError(
                    f"{self.output}: an archive in a bucket has its index in PostgreSQL; "
                    "--index postgresql+psycopg://HOST/NAME says where"
                )
            if not isinstance(self.images, BucketPath):
                raise ConfigurationError(f"{self.output}: its images lie in a bucket as well, not in {self.images}")

    @property
    def folder(self) -> Path:
        """The output, for what asks for a folder. Raises ConfigurationError."""
        return as_local(self.output)

    @property
    def images_folder(self) -> Path:
        """The images, likewise."""
        return as_local(self.images)

    @property
    def state_folder(self) -> Path:
        """What the archive remembers, likewise."""
        return as_local(self.state)

    @property
    def state(self) -> Place:
        """The folder of what the archive remembers."""
        return self.output / STATE

    @property
    def journal(self) -> Path:
        """The file that is there once an archive in a folder holds anything."""
        return self.state_folder / "journal.jsonl"

    @property
    def is_begun(self) -> bool:
        """Does the archive hold anything?"""
        return self.output.is_dir() if isinstance(self.output, BucketPath) else self.journal.exists()

    def local_link(self, path: str) -> str:
        """What a post has that points at a stored image."""
        return f"{self.image_prefix.rstrip('/')}/{quoted_path(path)}"

    def linked_path(self, link: str) -> str | None:
        """Undoes `local_link`; None: it points at no file of the images folder."""
        prefix = f"{self.image_prefix.rstrip('/')}/"
        path = unquote(re.split(r"[?#]", link.removeprefix(prefix), maxsplit=1)[0])
        return path if link.startswith(prefix) and path and stays(path) else None


def as_local(place: Place) -> Path:
    """A place that is a folder. Raises ConfigurationError for a bucket."""
    if isinstance(place, BucketPath):
        raise ConfigurationError(f"{place}: this command works on a folder; copy the bucket into one (docs/running.md)")
    return place


def heading(categories: tuple[str, ...], title: str) -> str:
    """Folder and title as the post format has them, without the dash that old posts have before some channels."""
    name = " ".join(title_name(field_text(title)).split())
    return shortened("/".join((*(folder_name(category.removeprefix(DASH)) for category in categories), name)))


def stem_of(post: str) -> str:
    """`C1/C2/C3/NAME` of a post, wherever it lies."""
    pure = PurePosixPath(post)
    *folders, name = pure.parts[1:][-4:] if pure.is_absolute() else pure.parts
    return "/".join((*folders, cut(name.removesuffix(".md"), MAX_BYTES - LONGEST_EXTENSION)))
