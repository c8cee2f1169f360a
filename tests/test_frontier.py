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
    first, second = frontier.jobs()
    assert [first.url, second.url] == [url("a"), url("b")]
    assert not frontier.accepts(first, day(1))  # too old, as only its page tells
    frontier.done(first)
    (third,) = frontier.jobs()
    assert third.url == url("c")
    assert frontier.accepts(second, day(6))
    frontier.done(second)
    assert names(frontier) == []
    frontier.done(third)  # it was not there
    assert names(frontier) == ["d"]


def test_what_is_left_out_is_not_asked_for() -> None:
    frontier = Frontier()
    frontier.add([Card(url("a")), Card(url("b"))], NEWS)
    frontier.leave_out(url("a"))
    assert names(frontier) == ["b"]
    frontier.add([Card(url("a"))], NEWS)
    assert names(frontier) == []


def test_spellings_of_one_address_are_one_article() -> None:
    frontier = Frontier(limit=4)
    frontier.add(
        [Card("https://n.example/ä/"), Card("http://www.n.example/%C3%A4"), Card("https://n.example/%C3%A4?")], NEWS
    )
    assert [job.url for job in frontier.jobs()] == ["https://n.example/ä/"]


def test_so_many_at_once_and_no_more() -> None:
    frontier = Frontier()
    frontier.add([Card(url(number)) for number in range(100)], NEWS)
    first, *others = frontier.jobs()
    assert len(others) == AT_ONCE - 1
    frontier.done(first)
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
        frontier.read(trail, [card.url for card in cards], number + 1 if number + 1 < len(pages) else None)
        while jobs := [*frontier.jobs()]:
            for job in jobs:
                if "calendar" not in job.url:  # whose days are no articles
                    frontier.accepts(job, (dates or {}).get(job.url, job.published))
                frontier.done(job)
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
    assert follow(Frontier(), Trail(NEWS), *(cards(f"calendar-{number}") for number in range(100))) == BARREN


def test_what_another_listing_gave_is_no_reason_to_stop() -> None:
    frontier = Frontier()
    frontier.add(cards(*range(90)), NEWS)  # the sitemap has the newest
    assert follow(frontier, Trail(NEWS), *(cards(number) for number in range(100))) == 100


def test_what_is_too_new_is_no_reason_to_stop() -> None:
    pages = [[Card(url(number), day(28 - number))] for number in range(20)]
    assert follow(Frontier(until=day(10)), Trail(NEWS), *pages) == 20


def test_what_is_passed_over_is_no_reason_to_stop() -> None:
    frontier = Frontier()
    frontier.pass_over(cards(*(f"calendar-{number}" for number in range(20))))
    assert follow(frontier, Trail(NEWS), *(cards(f"calendar-{number}") for number in range(20))) == 20


def test_the_sitemaps_of_an_index_are_all_read_whatever_they_hold() -> None:
    frontier, trail = Frontier(pages=4), Trail(NEWS)
    frontier.follow("index", trail)
    assert [*frontier.pages_to_ask()] == [("index", trail)]
    trail.is_index, trail.rest = True, ("a", "b", "c", "d", "e")
    asked = []
    frontier.read(trail, ())
    while todo := [*frontier.pages_to_ask()]:
        asked += [page for page, _ in todo]
        frontier.read(trail, [url(7)] if asked[-1] == "b" else ())
    assert asked == ["a", "b", "c", "d"]  # and no more than wanted


def test_the_next_page_waits_for_most_of_the_articles_before_it() -> None:
    frontier, trail = Frontier(), Trail(NEWS)
    frontier.follow(0, trail)
    assert [*frontier.pages_to_ask()]
    frontier.add(cards(*range(AHEAD + 1)), NEWS)
    frontier.read(trail, [url(number) for number in range(AHEAD + 1)])
    frontier.follow(1, trail)
    jobs = [*frontier.jobs()]
    assert not [*frontier.pages_to_ask()]
    frontier.accepts(jobs[0], None)
    frontier.done(jobs[0])
    assert [*frontier.pages_to_ask()] == [(1, trail)]
