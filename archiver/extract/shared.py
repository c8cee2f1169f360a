"""Which declared header images are the site's own rather than an article's: several articles declare the same one."""

from collections.abc import Iterator
from dataclasses import replace

from archiver.items import Article
from archiver.urls import canonical

HELD = 8
"""Articles that are held back until they can be compared with each other; a default image shows on most pages."""


class SharedImages:
    """Articles in, the same articles out, without the images they share; the first few come out together."""

    def __init__(self) -> None:
        self.held: list[Article] = []
        self.owners: dict[str, str] = {}  # image -> the first article that declared it
        self.shared: set[str] = set()
        self.has_compared = False

    def learn(self, image: str | None) -> None:
        """An image that a listing declares as its own is no article's."""
        if image:
            self.shared.add(key(image))

    def sift(self, article: Article) -> Iterator[Article]:
        """What may be archived now, this article among it or not yet.

        One that shows an image has that as its header image (FORMAT.md) and is not held back.
        """
        if article.image_url is None or "<img" in article.body:
            yield article
            return
        for image in images_of(article):
            owner = self.owners.setdefault(key(image), article.url)
            if owner != article.url:
                self.shared.add(key(image))
        self.held.append(article)
        if self.has_compared or len(self.held) >= HELD:
            self.has_compared = True
            yield from self.release()

    def release(self) -> Iterator[Article]:
        """Everything that is held back."""
        while self.held:
            yield self.without_shared(self.held.pop(0))

    def without_shared(self, article: Article) -> Article:
        """The article with the first of its images that is its own."""
        own = [image for image in images_of(article) if key(image) not in self.shared]
        return replace(article, image_url=own[0] if own else None, image_candidates=tuple(own[1:]))


def images_of(article: Article) -> tuple[str, ...]:
    """All header images that a page offers, best first."""
    return (article.image_url, *article.image_candidates) if article.image_url else ()


def key(image: str) -> str:
    """One image, one key: its address without tracking parameters."""
    try:
        return canonical(image)
    except ValueError:
        return image
