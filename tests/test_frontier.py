"""The order in which a crawl asks: newest first, each article once, listings no further than they are wanted."""

from datetime import UTC, datetime
from typing import Any

from archiver.extract.listing import Card
from archiver.frontier import AHEAD, AT_ONCE, BARREN, Frontier, Trail
from archiver.sites import Channel

NEWS = Channel("news", ("https://n.example/",), ("web", "n", "news"))


def day(number: int) -> datetime:
    return datetime(2024, 5, number, tzinfo=UTC)


def url(name: object) -> str:
    return f"https://n.example/{name}"


def names(frontier: Frontier) -> list[str]:
    """What is given out now."""
    return [job.url.rpartition("/")[2] for job in frontier.jobs()]


def test_a_listing_a_feed_and_a_sitemap_become_one_queue_newest_first() -> None:
    frontier = Frontier()
    frontier.add([Card(url("a")), Card(url("b"), day(9)), Card(url("c"))], NEWS)  # a stands above b, c below it
    frontier.add([Card(url("d"), day(20)), Card(url("b"), day(9)), Card(url("c"), day(8))], NEWS)
    frontier.add([Card(url("e"), modified=day(7)), Card(url("a"))], NEWS)
    assert names(frontier) == ["a", "d", "b", "c", "e"]


def test_a_date_that_a_later_source_knows_counts() -> None:
    frontier = Frontier(since=day(5))
    frontier.add([Card(url("old")), Card(url("new"))], NEWS)
    frontier.add([Card(url("old"), day(1)), Card(url("new"), day(6))], NEWS)
    assert names(frontier) == ["new"]


def test_one_address_is_one_article() -> None:
    frontier = Frontier()
    frontier.add([Card(url("a?utm_source=feed")), Card(url("a#comments")), Card("mailto:x@n.example")], NEWS)
    assert names(frontier) == ["a"]
    frontier.add([Card(url("a"), day(1))], NEWS)
    assert names(frontier) == []


def test_nothing_is_asked_for_before_every_listing_has_been_looked_at() -> None:
    frontier, first, second = Frontier(), Trail(NEWS), Trail(NEWS, is_announced=True)
    frontier.follow("page", first)
    assert [*frontier.pages_to_ask()] == [("page", first)]
    frontier.add([Card(url("a"), day(1))], NEWS)
    frontier.follow("feed", second)
    assert [*frontier.pages_to_ask()] == [("feed", second)]
    frontier.read(first, [url("a")])
    assert names(frontier) == []
    frontier.add([Card(url("b"), day(2))], NEWS)
    frontier.read(second, [url("b")])
    assert names(frontier) == ["b", "a"]


def test_the_limit_counts_articles_not_pages() -> None:
    frontier = Frontier(limit=2, since=day(5))
    frontier.add([Card(url(name)) for name in "abcdef"], NEWS)
    given = [*frontier.jobs()]
    assert [job.url for job in given] == [url("a"), url("b")]
    assert not frontier.accepts(given[0], given[0].url, day(1))  # too old, as only its page tells
    frontier.done()
    assert names(frontier) == ["c"]
    assert frontier.accepts(given[1], given[1].url, day(6))
    frontier.done()
    assert names(frontier) == []
    frontier.done()  # c was not there
    assert names(frontier) == ["d"]


def test_what_a_page_says_is_its_address_is_not_asked_for_again() -> None:
    frontier = Frontier()
    frontier.add([Card(url(number)) for number in range(AT_ONCE + 1)], NEWS)
    first, *_ = frontier.jobs()
    assert frontier.accepts(first, url(AT_ONCE), None)
    frontier.done()
    assert names(frontier) == []


def test_so_many_at_once_and_no_more() -> None:
    frontier = Frontier()
    frontier.add([Card(url(number)) for number in range(100)], NEWS)
    assert len(names(frontier)) == AT_ONCE
    frontier.done()
    assert len(names(frontier)) == 1


def follow(frontier: Frontier, trail: Trail, *pages: list[Card], dates: dict[str, datetime] | None = None) -> int:
    """Walks along a listing, every article fetched; the number of its pages that were asked for."""
    asked = 0
    frontier.follow(0, trail)
    todo: list[tuple[Any, Trail]] = [*frontier.pages_to_ask()]
    while todo:
        number, _ = todo.pop()
        asked += 1
        cards = pages[number]
        frontier.add(cards, NEWS)
        frontier.read(trail, [card.url for card in cards])
        if number + 1 < len(pages):
            frontier.follow(number + 1, trail)
        while jobs := [*frontier.jobs()]:
            for job in jobs:
                frontier.accepts(job, job.url, (dates or {}).get(job.url, job.published))
                frontier.done()
        todo += frontier.pages_to_ask()
    assert frontier.is_empty
    return asked


def cards(*names: object) -> list[Card]:
    return [Card(url(name)) for name in names]


def test_a_listing_is_followed_to_its_end() -> None:
    assert follow(Frontier(), Trail(NEWS), cards(1, 2), cards(3, 4), cards(5)) == 3


def test_no_more_pages_than_wanted() -> None:
    assert follow(Frontier(pages=2), Trail(NEWS), cards(1), cards(2), cards(3)) == 2


def test_a_listing_that_repeats_itself_ends() -> None:
    assert follow(Frontier(), Trail(NEWS), cards(1, 2), cards(2, 1), cards(3)) == 2


def test_no_page_behind_the_limit() -> None:
    assert follow(Frontier(limit=2), Trail(NEWS), cards(1, 2), cards(3)) == 1


def test_no_page_behind_one_that_is_too_old_throughout() -> None:
    dates = {url(1): day(9), url(2): day(1), url(3): day(1), url(4): day(1)}  # as the articles themselves tell
    assert follow(Frontier(since=day(5)), Trail(NEWS), cards(1, 2), cards(3, 4), cards(5), dates=dates) == 2


def test_an_endless_calendar_ends() -> None:
    frontier = Frontier(since=day(30), until=day(30))
    pages = [[Card(url(number), datetime(2030, 1, 1, tzinfo=UTC))] for number in range(100)]
    assert follow(frontier, Trail(NEWS), *pages) == BARREN


def test_an_empty_sitemap_of_an_index_is_not_its_end() -> None:
    assert follow(Frontier(), Trail(NEWS, is_complete=True), [], cards(1), [], cards(2)) == 4


def test_the_next_page_waits_for_most_of_the_articles_before_it() -> None:
    frontier, trail = Frontier(), Trail(NEWS)
    frontier.follow(0, trail)
    assert [*frontier.pages_to_ask()]
    frontier.add(cards(*range(AHEAD + 1)), NEWS)
    frontier.read(trail, [url(number) for number in range(AHEAD + 1)])
    frontier.follow(1, trail)
    jobs = [*frontier.jobs()]
    assert not [*frontier.pages_to_ask()]
    frontier.accepts(jobs[0], jobs[0].url, None)
    frontier.done()
    assert [*frontier.pages_to_ask()] == [(1, trail)]
