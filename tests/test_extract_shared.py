"""The image that a site puts on every page is no article's header image."""

from archiver.extract.shared import HELD, SharedImages
from archiver.items import Article

LOGO = "https://cdn.example/share-default.png"


def article(number: int, *images: str) -> Article:
    return Article(
        f"https://n.example/{number}", f"Title {number}", "text", image_url=images[0], image_candidates=images[1:]
    )


def own(number: int) -> str:
    return f"https://cdn.example/{number}.jpg"


def test_ten_articles_with_the_logo_and_none_uses_it() -> None:
    images = SharedImages()
    out = [ready for number in range(10) for ready in images.sift(article(number, LOGO, own(number)))]
    out += images.release()
    assert [found.image_url for found in out] == [own(number) for number in range(10)]
    assert all(found.image_candidates == () for found in out)


def test_an_article_that_offers_nothing_else_has_none() -> None:
    images = SharedImages()
    out = [ready for number in range(HELD) for ready in images.sift(article(number, LOGO))]
    assert [found.image_url for found in out] == [None] * HELD


def test_the_first_few_are_compared_before_any_is_let_go() -> None:
    images = SharedImages()
    counts = [len([*images.sift(article(number, own(number)))]) for number in range(HELD + 2)]
    assert counts == [*[0] * (HELD - 1), HELD, 1, 1]


def test_a_crawl_of_two_loses_neither() -> None:
    images = SharedImages()
    assert not [ready for number in range(2) for ready in images.sift(article(number, own(number)))]
    assert [found.url for found in images.release()] == ["https://n.example/0", "https://n.example/1"]
    assert not [*images.release()]


def test_what_the_listing_declares_is_known_at_once() -> None:
    images = SharedImages()
    images.learn(f"{LOGO}?utm_source=x")
    images.has_compared = True
    (found,) = images.sift(article(1, LOGO, own(1)))
    assert found.image_url == own(1)


def test_the_same_article_twice_shares_nothing_with_itself() -> None:
    images = SharedImages()
    images.has_compared = True
    for _ in range(2):
        (found,) = images.sift(article(1, own(1)))
        assert found.image_url == own(1)
