"""An article on several pages: which link leads to its next part."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.parts import is_part_of, next_part

STORY = "https://news.example/2024/t123.html"


@pytest.mark.parametrize(
    ("case", "url", "link", "part"),
    [
        ("下一页 to a file with _2", STORY, '<a href="t123_2.html">下一页</a>', "https://news.example/2024/t123_2.html"),
        ("a bare number to a file with -2", STORY, '<a href="t123-2.html"> 2 </a>', "https://news.example/2024/t123-2.html"),
        ("a number in brackets", STORY, '<a href="t123_2.html">[2]</a>', "https://news.example/2024/t123_2.html"),
        ("rel=next in the head", STORY, '<link rel="next" href="/2024/t123_2.html">', "https://news.example/2024/t123_2.html"),
        ("WordPress: the number as a folder", "https://b.example/post/", '<a href="/post/2/">Next page »</a>', "https://b.example/post/2/"),
        ("a page folder", "https://b.example/post", '<a rel="next" href="/post/page/2">more</a>', "https://b.example/post/page/2"),
        ("a parameter", "https://b.example/a?id=7", '<a href="/a?id=7&page=2">次のページ</a>', "https://b.example/a?id=7&page=2"),
        ("www and http are the same site", STORY, '<a href="http://www.news.example/2024/t123_2.html">2</a>', "http://www.news.example/2024/t123_2.html"),
        ("an arrow", STORY, '<a href="t123_2.html">›</a>', "https://news.example/2024/t123_2.html"),
        ("the next article of the site", STORY, '<a rel="next" href="t124.html">下一页</a>', None),
        ("the next chapter", "https://d.example/guide/one", '<a rel="next" href="/guide/two">Next</a>', None),
        ("an article about the next model", "https://n.example/phone-13", '<a href="/phone-14">Next</a>', None),
        ("a namesake that comes next", "https://n.example/week/", '<a rel="next" href="/week-2/">The week</a>', None),
        ("a part without extension", "https://n.example/a", '<a href="/a-2">2</a>', "https://n.example/a-2"),
        ("a namesake", "https://n.example/phone", '<a href="/phone-2">Why the phone failed</a>', None),
        ("page 3 before page 2", STORY, '<a href="t123_3.html">3</a>', None),
        ("the next page of a listing", STORY, '<a rel="next" href="/2024/?page=2">next</a>', None),
        ("another host", STORY, '<a href="https://other.example/2024/t123_2.html">2</a>', None),
        ("a script", STORY, '<a href="javascript:next(2)">下一页</a>', None),
    ],
)  # fmt: skip
def test_next_part(case: str, url: str, link: str, part: str | None) -> None:
    assert next_part(LexborHTMLParser(f"<p>text</p>{link}"), url) == part, case


def test_the_last_part_leads_nowhere_and_a_middle_one_onward() -> None:
    middle = LexborHTMLParser(
        '<a href="t123.html">1</a> 2 <a href="t123_3.html">3</a> <a href="t123_3.html">下一页</a>'
    )
    last = LexborHTMLParser('<a href="t123.html">1</a> <a href="t123_2.html">2</a> 3 <a href="t123_2.html">上一页</a>')
    assert (
        next_part(middle, "https://news.example/2024/t123_2.html", STORY, 2) == "https://news.example/2024/t123_3.html"
    )
    assert next_part(last, "https://news.example/2024/t123_3.html", STORY, 3) is None


def test_which_addresses_are_parts_of_which() -> None:
    assert is_part_of("https://news.example/2024/t123_2.html", STORY)
    assert not is_part_of(STORY, STORY)
    assert not is_part_of("https://news.example/2024/t124_2.html", STORY)
