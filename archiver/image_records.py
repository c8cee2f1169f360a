"""What is known of a stored image: its file, the header image of an article, the record of the index."""

from contextlib import suppress
from typing import Any

from archiver.bucket import Place
from archiver.errors import ImageError
from archiver.images import ImageFacts, inspect
from archiver.items import HeaderImage
from archiver.records import ImageRecord


def whole_image(file: Place) -> ImageFacts | None:
    """What a file is; None: it is not there, or no whole image."""
    with suppress(ImageError):
        return inspect(file.read_bytes()) if file.is_file() else None
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


def to_image_record(post: str, image: HeaderImage, **more: Any) -> ImageRecord:
    """What is remembered of an image that was asked for; `more` are further fields."""
    link = more.pop("link", "")
    return ImageRecord(
        post,
        image.url,
        link="" if link == image.url else link,
        path=image.path,
        sha256=image.sha256,
        media_type=image.media_type,
        size=image.size,
        width=image.width,
        height=image.height,
        reason=image.reason,
        **more,
    )
