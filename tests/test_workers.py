"""Pages are read in other processes: real ones, that are slow and crash."""

import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from archiver.errors import BlockedError, PageError
from archiver.workers import Workers, is_light


def block() -> None:
    raise BlockedError("a challenge")


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(1)
    yield pool
    pool.stop()


def test_what_goes_wrong_with_one_page_costs_that_page_only(workers: Workers) -> None:
    async def story() -> None:
        assert await workers.run(divmod, 7, 2) == (3, 1)
        with pytest.raises(BlockedError, match="a challenge"):  # the page's own fault comes back as it was raised
            await workers.run(block)
        with pytest.raises(PageError, match=r"not read within 0 s"):
            await workers.run(time.sleep, 30, seconds=0.3)
        with pytest.raises(PageError, match=r"killed its process \(exit code 9\)"):
            await workers.run(os._exit, 9)
        assert await workers.run(divmod, 9, 4) == (2, 1)

    asyncio.run(story())


def test_the_event_loop_goes_on_while_a_page_is_read(workers: Workers) -> None:
    async def story() -> int:
        await workers.run(abs, 1)  # the processes are there
        reading = asyncio.ensure_future(workers.run(time.sleep, 0.3))
        ticks = 0
        while not reading.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks

    assert asyncio.run(story()) > 10


def test_stopping_twice_and_starting_again(workers: Workers) -> None:
    assert asyncio.run(workers.run(abs, -1)) == 1
    workers.stop()
    workers.stop()
    assert asyncio.run(workers.run(abs, -2)) == 2


@pytest.mark.parametrize(
    ("case", "body", "light"),
    [
        ("a page", b"<p>text</p>" * 1000, True),
        ("a page of many tags, which may lie in each other", b"<i>" * 9000, False),
        ("a large page of few tags", b"x" * 1_000_001, False),
        ("a long script", b"<script id='x'>" + b"var a = 1; " * 3000 + b"</script>", True),
        ("a tag of many attributes", b"<div " + b"a1 b2 c3 " * 3000 + b">text</div>", False),
        ("a tag that hides its end", b"<div title='>' " + b"a1 b2 c3 " * 3000 + b">text</div>", False),
    ],
)
def test_what_is_parsed_on_the_loop(case: str, body: bytes, light: bool) -> None:
    assert is_light(body) is light, case
