"""The post format: what is written, what is read, and that reading and writing undo each other."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.body import Body
from archiver.dates import to_crawl_time, to_rfc1123
from archiver.errors import PostFormatError
from archiver.items import Article
from archiver.post import (
    PLACEHOLDER,
    Post,
    parse,
    placeholder,
    quote_if_needed,
    render,
    to_post,
    with_braces,
)
from tests.samples import article, for_each_sample, needs_samples

FERRY = """
---
title: 'The ferry runs again'
categories:\N{SPACE}
 - web
 - town
 - news
headimg: 'https://img.example/ferry.jpg?w=800&h=600'
author: town
comments: false
date: Mon, 09 Mar 2026 07:30:00 GMT
thumbnail: 'https://img.example/ferry.jpg?w=800&h=600'
---

<div>\N{SPACE}\N{SPACE}\N{SPACE}
<p>After three weeks the ferry runs again.</p>\N{SPACE}\N{SPACE}
</div>
            """
PLACED = "https://picsum.photos/400/300?random=3874"


def fields(text: str) -> Any:
    """The front matter as any YAML reader sees it."""
    return yaml.safe_load(text.split("\n---\n", 2)[1])


# Writing.


def test_an_article_becomes_the_bytes_of_the_format() -> None:
    assert render(article(image_url="https://img.example/ferry.jpg?w=800&h=600")) == FERRY


def test_a_newsflash_is_plain_text_with_a_placeholder_for_its_image() -> None:
    text = render(article(title="River at 4.1 m", body="The river stands at 4.1 metres.\nIt falls."))
    assert text == (
        FERRY.replace("The ferry runs again", "River at 4.1 m")
        .replace("https://img.example/ferry.jpg?w=800&h=600", PLACED)
        .replace("<p>After three weeks the ferry runs again.</p>", "The river stands at 4.1 metres.\nIt falls.")
    )


def test_an_article_without_date_has_the_time_of_the_crawl() -> None:
    assert to_post(article(published=None)).date == "2026-03-10 12:00:00"


def test_a_body_that_was_cleaned_already_stays_as_it_is() -> None:
    assert to_post(article(body=Body('<a href="relative">x</a>'))).body == '<a href="relative">x</a>'


def test_any_other_body_is_cleaned() -> None:
    assert to_post(article(body='<a href="relative">x</a>')).body == (
        '<a href="https://town.example/news/relative">x</a>'
    )


@pytest.mark.parametrize("body", ["", " \n\u3000", "<script>run()</script>", "<!-- nothing -->"])
def test_without_a_body_the_title_stands_there(body: str) -> None:
    assert to_post(article(body=body)).body == "The ferry runs again"


def test_without_body_and_title_the_address_stands_there() -> None:
    assert to_post(article(body="", title="\t")).body == "https://town.example/news/ferry"


def test_the_author_is_the_second_category_and_never_the_articles_own() -> None:
    assert to_post(article(authors=("Ada Ferry",))).author == "town"


@pytest.mark.parametrize("categories", [(), ("web", "town"), ("web", "town", "news", "harbour")])
def test_a_post_has_three_categories(categories: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"three categories, not .*: https://town\.example/news/ferry"):
        to_post(article(categories=categories))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        pytest.param("a:b/c\\d?e*f", "'a_b_c_d_e_f'", id="each of : / \\ ? * becomes one _"),
        pytest.param("“a” <b> [c]|", "'_a_ _b_ _c__'", id="so do “ ” < > [ ] and the bar"),
        pytest.param("?? **", "'__ __'", id="nothing is collapsed"),
        pytest.param(" a  b ", "' a  b '", id="nothing is trimmed"),
        pytest.param("a, b. c! #d %e &f +g =h (i) @j", "'a, b. c! #d %e &f +g =h (i) @j'", id="other ASCII is kept"),
        pytest.param("‘a’：（b）、【c】？", "'‘a’：（b）、【c】？'", id="‘ ’ and full-width punctuation are kept"),
        pytest.param('the "old" mill', "'the \"old\" mill'", id="double quotes stand in single ones"),
        pytest.param("the miller's wife", '"the miller\'s wife"', id="a single quote stands in double ones"),
        pytest.param("the 'old' \"mill\"", "'the ''old'' \"mill\"'", id="both: the single ones are doubled"),
        pytest.param("'", '"\'"', id="nothing but a quote"),
        pytest.param("", "''", id="no title"),
        pytest.param("a\r\n\tb\x00c\x85d\u2028e", "'a b c d e'", id="controls and line breaks become one space"),
        pytest.param("{{ a }} {% b %}", "'&#123;&#123; a &#125;&#125; &#123;% b %&#125;'", id="braces are for Hexo"),
        pytest.param("a\ud83db", "'a\ufffdb'", id="half a surrogate pair becomes the replacement character"),
        pytest.param("🎉 \u200f\u202eabc", "'🎉 \u200f\u202eabc'", id="emoji and direction marks are kept"),
    ],
)
def test_titles(title: str, written: str) -> None:
    assert render(article(title=title)).split("\n")[2] == f"title: {written}"


@pytest.mark.parametrize(
    "category",
    ["新媒体", "36kr", "C#", "C++", "3D 打印", "— 资讯", "a:b", "R&D", "it's", "x-y", "a, b", "1st", "A/B", "é"],
)
def test_a_category_stays_plain_where_every_reader_gives_it_back(category: str) -> None:
    assert quote_if_needed(category) == category


@pytest.mark.parametrize(
    ("category", "written"),
    [
        pytest.param("", "''", id="nothing"),
        *(
            pytest.param(text, f"'{text}'", id=f"begins with an indicator: {text}")
            for text in ["@x", "*x", "&x", "!x", "%x", "|", ">x", "- x", "-x", "? x", "[x]", ",x", "#x", "`x`", '"x"']
        ),
        *(
            pytest.param(text, f"'{text}'", id=f"a number to some reader: {text}")
            for text in ["7", "007", "0o17", "0x1F", "1e3", "1_000", "12:30", "3.14", "-1", "+1", ".5", ".inf", ".NaN"]
        ),
        *(
            pytest.param(text, f"'{text}'", id=f"a truth value or null to some reader: {text}")
            for text in ["yes", "No", "on", "OFF", "y", "N", "true", "False", "null", "~"]
        ),
        *(
            pytest.param(text, f"'{text}'", id=f"a date to some reader: {text}")
            for text in ["2022-01-01", "2022-01-01 12:30:00", "2022-01-01T12:30:00Z"]
        ),
        pytest.param("a: b", "'a: b'", id="a colon and a space"),
        pytest.param("a:", "'a:'", id="a colon at the end"),
        pytest.param("a #b", "'a #b'", id="a comment"),
        pytest.param(" a", "' a'", id="a space before"),
        pytest.param("a\u3000", "'a\u3000'", id="an ideographic space behind"),
        pytest.param("'a'", "'''a'''", id="quotes of its own"),
        pytest.param("<<", "'<<'", id="the merge key"),
        pytest.param("=", "'='", id="the value key"),
        pytest.param("{x}", "'{x}'", id="a brace, which will begin with &"),
    ],
)
def test_a_category_is_quoted_where_some_reader_would_not_give_it_back(category: str, written: str) -> None:
    assert quote_if_needed(category) == written


@pytest.mark.parametrize(
    ("image", "written"),
    [
        pytest.param("https://i.example/a.jpg?x=1&y=2#z", "'https://i.example/a.jpg?x=1&y=2#z'", id="nothing escaped"),
        pytest.param("https://i.example/{a}.jpg", "'https://i.example/%7Ba%7D.jpg'", id="braces percent-encoded"),
        pytest.param("https://i.example/it's.jpg", "'https://i.example/it''s.jpg'", id="a single quote doubled"),
        pytest.param(None, f"'{PLACED}'", id="none: the placeholder"),
    ],
)
def test_header_images(image: str | None, written: str) -> None:
    lines = render(article(image_url=image)).split("\n")
    assert (lines[7], lines[11]) == (f"headimg: {written}", f"thumbnail: {written}")


def test_a_stored_image_stands_instead_of_the_address() -> None:
    post = to_post(article(image_url="https://img.example/ferry.jpg"), headimg="/images/web/town/news/ferry.jpg")
    assert post.headimg == "/images/web/town/news/ferry.jpg"


def test_the_placeholder_follows_from_the_address_and_lies_between_0_and_10000() -> None:
    urls = [f"https://town.example/{number}" for number in range(2000)]
    numbers = [int(placeholder(url).removeprefix(PLACEHOLDER)) for url in urls]
    assert [int(placeholder(url).removeprefix(PLACEHOLDER)) for url in urls] == numbers
    assert len(set(numbers)) > 1500
    assert all(0 <= number <= 10000 for number in numbers)


PROXY = "https://proxy.example/?"


@pytest.mark.parametrize(
    ("image", "body", "headimg", "written"),
    [
        pytest.param(
            "http://i.example/1.jpg",
            '<img src="http://i.example/1.jpg"><img src="https://i.example/2.jpg"><img src="http://i.example/3.jpg">',
            "https://proxy.example/?http://i.example/1.jpg",
            '<img src="https://proxy.example/?http://i.example/1.jpg" referrerpolicy="no-referrer">'
            '<img src="https://i.example/2.jpg" referrerpolicy="no-referrer">'
            '<img src="https://proxy.example/?http://i.example/3.jpg" referrerpolicy="no-referrer">',
            id="an insecure first image: every insecure one gets the prefix",
        ),
        pytest.param(
            "https://i.example/1.jpg",
            '<img src="https://i.example/1.jpg"><img src="http://i.example/2.jpg">',
            "https://i.example/1.jpg",
            '<img src="https://i.example/1.jpg" referrerpolicy="no-referrer">'
            '<img src="http://i.example/2.jpg" referrerpolicy="no-referrer">',
            id="a secure first image: none does",
        ),
    ],
)
def test_insecure_images_with_the_prefix(image: str, body: str, headimg: str, written: str) -> None:
    post = to_post(article(image_url=image, body=body), insecure_image_prefix=PROXY)
    assert (post.headimg, post.body) == (headimg, written)


def test_insecure_images_stay_as_they_are_unless_the_prefix_is_set() -> None:
    post = to_post(article(image_url="http://i.example/1.jpg", body='<img src="http://i.example/1.jpg">'))
    assert (post.headimg, post.body) == (
        "http://i.example/1.jpg",
        '<img src="http://i.example/1.jpg" referrerpolicy="no-referrer">',
    )


# Reading.


def test_a_post_is_read_field_by_field() -> None:
    assert parse(FERRY) == Post(
        title="The ferry runs again",
        categories=("web", "town", "news"),
        headimg="https://img.example/ferry.jpg?w=800&h=600",
        author="town",
        date="Mon, 09 Mar 2026 07:30:00 GMT",
        body="<p>After three weeks the ferry runs again.</p>",
    )


@pytest.mark.parametrize(
    ("ours", "quoted", "field", "value"),
    [
        pytest.param(
            "The ferry runs again",
            "The ''old'' \"ferry\"",
            "title",
            "The 'old' \"ferry\"",
            id="a title with both quotes",
        ),
        pytest.param("'The ferry runs again'", '"It\'s back"', "title", "It's back", id="a title in double quotes"),
        pytest.param(" - news", " - 'it''s: new'", "categories", ("web", "town", "it's: new"), id="a category"),
        pytest.param(" - news", " - 'new'", "categories", ("web", "town", "'new'"), id="quotes that belong to it"),
        pytest.param("ferry.jpg", "it''s.jpg", "headimg", "https://img.example/it's.jpg?w=800&h=600", id="an image"),
    ],
)
def test_quotes_are_undone(ours: str, quoted: str, field: str, value: object) -> None:
    assert getattr(parse(FERRY.replace(ours, quoted)), field) == value


@pytest.mark.parametrize(
    ("date", "published", "has_crawl_time"),
    [
        ("Mon, 09 Mar 2026 07:30:00 GMT", datetime(2026, 3, 9, 7, 30, tzinfo=UTC), False),
        ("2026-03-10 12:00:00", datetime(2026, 3, 10, 12, 0, tzinfo=UTC), True),
        ("Invalid Date", None, False),
    ],
)
def test_the_three_notations_of_a_date(date: str, published: datetime | None, has_crawl_time: bool) -> None:
    post = parse(FERRY.replace("Mon, 09 Mar 2026 07:30:00 GMT", date))
    assert (post.date, post.published, post.has_crawl_time) == (date, published, has_crawl_time)


@pytest.mark.parametrize(
    ("headimg", "image"),
    [
        ("https://i.example/a.jpg", "https://i.example/a.jpg"),
        ("https://proxy.example/?http://i.example/a.jpg!custom", "http://i.example/a.jpg!custom"),
        ("/images/404.gif", "/images/404.gif"),
        (PLACED, None),
        ("", None),
    ],
)
def test_the_origin_of_a_header_image(headimg: str, image: str | None) -> None:
    post = parse(FERRY.replace("https://img.example/ferry.jpg?w=800&h=600", headimg))
    assert (post.headimg, post.image_url) == (headimg, image)


@pytest.mark.parametrize(
    ("ours", "theirs", "field", "value"),
    [
        pytest.param(
            "title: 'The ferry runs again'",
            'title: "The \'ferry\' runs "again""',
            "title",
            "The 'ferry' runs \"again\"",
            id="both quotes in double ones",
        ),
        pytest.param(
            "title: 'The ferry runs again'",
            "title: 'The ferry\nruns again'",
            "title",
            "The ferry runs again",
            id="a line break in the title",
        ),
        pytest.param(" - news", " - 2022-01-01", "categories", ("web", "town", "2022-01-01"), id="a date, unquoted"),
        pytest.param("town", "2022-01-01", "author", "2022-01-01", id="a date, unquoted, as author"),
        pytest.param(" - news", " - — news", "categories", ("web", "town", "— news"), id="a category led by a dash"),
        pytest.param(
            "https://img.example/ferry.jpg?w=800&h=600",
            "https://img.example/&#123;ferry&#125;.jpg",
            "headimg",
            "https://img.example/{ferry}.jpg",
            id="braces in the address of the image",
        ),
        pytest.param(
            "<p>After three weeks the ferry runs again.</p>",
            "After three weeks\n\n<script>if (a -> b) &#123; run() &#125;</script>\n",
            "body",
            "After three weeks\n\n<script>if (a -> b) { run() }</script>\n",
            id="a body that we would write in another way",
        ),
    ],
)
def test_what_only_the_old_program_wrote_is_read_and_given_back(
    ours: str, theirs: str, field: str, value: object
) -> None:
    text = FERRY.replace(ours, theirs)
    post = parse(text)
    assert getattr(post, field) == value
    assert render(post) == text


@pytest.mark.parametrize(
    ("damage", "line", "expectation"),
    [
        pytest.param(lambda text: "\ufeff" + text, 1, "no byte order mark", id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), 1, "LF as line end", id="line ends of Windows"),
        pytest.param(lambda text: text.replace("ferry runs", "{ferry} runs"), 3, "`&#123;`", id="an open brace"),
        pytest.param(lambda text: text.replace("three", "three}"), 16, "`&#125;`", id="a closing brace"),
        pytest.param(lambda text: "", 2, "`---`", id="nothing at all"),
        pytest.param(lambda text: text[1:], 1, "an empty line", id="no empty line before"),
        pytest.param(lambda text: text.replace("\n---\ntitle", "\n--\ntitle"), 2, "`---`", id="two dashes"),
        pytest.param(lambda text: text.replace("title:", "titel:"), 3, "`title: 'TITLE'`", id="title misspelt"),
        pytest.param(
            lambda text: text.replace("categories: ", "categories:"),
            4,
            "`categories: `, with a space behind the colon",
            id="no space behind categories",
        ),
        pytest.param(
            lambda text: text.replace(" - web\n", "- web\n"),
            5,
            "` - C1`, the first of three categories",
            id="a category not indented",
        ),
        pytest.param(
            lambda text: text.replace(" - town\n - news\n", ""),
            6,
            "` - C2`, the second of three categories",
            id="one category",
        ),
        pytest.param(
            lambda text: text.replace(" - news\n", ""),
            7,
            "` - C3`, the third of three categories",
            id="two categories",
        ),
        pytest.param(
            lambda text: text.replace("headimg", " - more\nheadimg"), 8, "`headimg: 'IMAGE'`", id="four categories"
        ),
        pytest.param(lambda text: text.replace("author: town\n", ""), 9, "`author: C2`", id="no author"),
        pytest.param(
            lambda text: text.replace("comments: false", "comments: true"), 10, "`comments: false`", id="comments on"
        ),
        pytest.param(lambda text: text.replace("date:", "updated:"), 11, "`date: DATE`", id="no date"),
        pytest.param(lambda text: text.replace("thumbnail", "tags"), 12, "`thumbnail: 'IMAGE'`", id="no thumbnail"),
        pytest.param(
            lambda text: text.replace("\n---\n\n", "\nlayout: post\n---\n\n"), 13, "`---`", id="a key of its own"
        ),
        pytest.param(lambda text: text.replace("---\n\n<", "---\n<"), 14, "an empty line", id="no empty line behind"),
        pytest.param(
            lambda text: text.replace("<div>   ", "<div>"), 15, "`<div>` and three spaces", id="no spaces behind <div>"
        ),
        pytest.param(
            lambda text: text.replace("'The ferry runs again'", "The ferry runs again"),
            3,
            "`title: 'TITLE'`",
            id="a title without quotes",
        ),
        pytest.param(
            lambda text: text.replace("'The ferry runs again'", "*The ferry runs again*"),
            3,
            "`title: 'TITLE'`",
            id="a title between other signs",
        ),
        pytest.param(
            lambda text: text.replace("'The ferry runs again'", "\"The ferry's back'"),
            3,
            "`title: 'TITLE'`",
            id="a title between two kinds of quotes",
        ),
        pytest.param(
            lambda text: text.replace("'The ferry runs again'", "'The ferry: again'"),
            3,
            "`_` for each of : / \\ ? * “ ” < > [ ] | in the title",
            id="a title with a colon",
        ),
        pytest.param(
            lambda text: text.replace("'The ferry runs again'", "'The ferry''s back'"),
            3,
            "a title that holds ' in double quotes",
            id="a title quoted as we would not",
        ),
        pytest.param(
            lambda text: text.replace("'The ferry runs again'", '"The ferry"'),
            3,
            "a title without ' in single quotes",
            id="a title in double quotes for no reason",
        ),
        pytest.param(
            lambda text: text.replace("'https://img.example/ferry.jpg?w=800&h=600'", "https://img.example/ferry.jpg"),
            8,
            "an address in single quotes",
            id="an image without quotes",
        ),
        pytest.param(
            lambda text: text.replace("author: town", "author: Ada"), 9, "the second category", id="another author"
        ),
        pytest.param(
            lambda text: text.replace("Mon, 09 Mar", "Mon, 9 Mar"),
            11,
            "a date as `Thu, 03 Mar 2022 06:57:37 GMT` or `2022-04-06 06:11:26`",
            id="a day of one digit",
        ),
        pytest.param(
            lambda text: text.replace("runs again", "runs\nagain").replace("Mon, 09 Mar", "9 March"),
            12,
            "a date as `Thu, 03 Mar 2022 06:57:37 GMT` or `2022-04-06 06:11:26`",
            id="a date behind a title of two lines",
        ),
        pytest.param(
            lambda text: text.replace("thumbnail: 'https://img", "thumbnail: 'https://small"),
            12,
            "the same image as in `headimg`",
            id="another thumbnail",
        ),
        pytest.param(
            lambda text: text.replace("<p>After", "\n<p>After"),
            16,
            "a body that starts with no white space",
            id="an empty line before the body",
        ),
        pytest.param(
            lambda text: text.replace("<p>After three weeks the ferry runs again.</p>", ""),
            18,
            "a body, two spaces, `</div>` and a line of twelve spaces",
            id="no body",
        ),
        pytest.param(
            lambda text: text + "\n",
            19,
            "a body, two spaces, `</div>` and a line of twelve spaces",
            id="a line break at the end",
        ),
        pytest.param(
            lambda text: text[:-30],
            16,
            "a body, two spaces, `</div>` and a line of twelve spaces",
            id="cut in the body",
        ),
    ],
)
def test_a_damaged_post_is_refused_with_its_line_and_what_belongs_there(
    damage: Any, line: int, expectation: str
) -> None:
    with pytest.raises(PostFormatError) as refusal:
        parse(damage(FERRY))
    assert str(refusal.value) == f"line {line}: expected {expectation}"
    assert refusal.value.line == line


# The samples.


@needs_samples
@for_each_sample
def test_a_sample_comes_out_byte_for_byte(path: Path) -> None:
    found = path.read_bytes()
    assert render(parse(found.decode())).encode() == found


@needs_samples
@for_each_sample
def test_a_sample_means_the_same_to_a_yaml_reader(path: Path) -> None:
    text = path.read_bytes().decode()
    post = parse(text)
    try:
        found = fields(with_braces(text))
    except yaml.YAMLError:
        assert post.as_found  # the old program wrote what no YAML reader takes
        return
    assert {**found, "date": str(found["date"])} == {
        "title": post.title,
        "categories": list(post.categories),
        "headimg": post.headimg,
        "author": post.author,
        "comments": False,
        "date": post.date,
        "thumbnail": post.headimg,
    }


@needs_samples
@for_each_sample
def test_a_sample_lies_where_its_categories_say(path: Path) -> None:
    assert path.parts[-4:-1] == parse(path.read_bytes().decode()).categories


# The law.

PIECES = st.sampled_from(
    [
        *(
            "'",
            '"',
            "''",
            "'\"",
            "---",
            "\n---\n",
            "{{",
            "{%",
            "}}",
            "%}",
            "{",
            "}",
            "&#123;",
            "&amp;",
            "<b>",
            "</div>",
        ),
        *("\x00", "\x07", "\t", "\n", "\r\n", "\x85", "\u2028", "\u2029", "\u200f", "\u202e", "\ud800", "\udfff"),
        *("🎉", "e\u0301", "中文", "\u3000", "\ufffe", ": ", " #", "\\", "“", "[x]", "yes", "1e3", "2022-01-01", "~"),
    ]
)
LETTERS = st.text(st.characters(exclude_characters="\ufeff"), max_size=8)  # a byte order mark: see FORMAT.md, Grammar
TEXTS = st.lists(PIECES | LETTERS, max_size=6).map("".join)
DATES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ARTICLES = st.builds(
    Article,
    url=TEXTS.map("https://town.example/".__add__),
    title=TEXTS,
    body=TEXTS,
    published=st.none() | DATES,
    categories=st.tuples(TEXTS, TEXTS, TEXTS),
    image_url=st.none() | TEXTS.map("https://img.example/".__add__),
    fetched=DATES,
)
ILLEGAL = re.compile(r"[:/\\?*“”<>\[\]|]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")
MEGABYTE = "The river rose, and {nobody} knew why.\n<p>'\"" * 23_000


def replaced(text: str) -> str:
    """What a YAML reader has to find for a text of the article."""
    text = re.sub(r"[\ud800-\udfff]", "\ufffd", text)
    return CONTROL.sub(" ", text).replace("{", "&#123;").replace("}", "&#125;")


@settings(deadline=None, max_examples=150)
@given(ARTICLES)
@example(article(title=MEGABYTE, body=MEGABYTE, image_url="https://img.example/" + "x" * 1_000_000))
@example(article(title="", body="", categories=("", "", "")))
def test_every_article_gives_a_post_that_is_read_and_written_the_same(source: Article) -> None:
    text = render(source)
    assert text.encode().decode() == text
    assert render(parse(text)) == text
    assert parse(text).title == with_braces(to_post(source).title)
    assert parse(text).categories == tuple(map(with_braces, to_post(source).categories))
    image = source.image_url or placeholder(source.url)
    assert {**fields(text), "date": None} == {
        "title": ILLEGAL.sub("_", re.sub(r"[{}]", lambda brace: f"&#{ord(brace[0])};", text_of(source.title))),
        "categories": [replaced(category) for category in source.categories],
        "headimg": replaced(image.replace("{", "%7B").replace("}", "%7D")),
        "author": replaced(source.categories[1]),
        "comments": False,
        "date": None,
        "thumbnail": replaced(image.replace("{", "%7B").replace("}", "%7D")),
    }
    date = to_rfc1123(source.published) if source.published else to_crawl_time(source.fetched)
    assert str(fields(text)["date"]) == date


def text_of(title: str) -> str:
    """A title without what cannot stand in a line."""
    return CONTROL.sub(" ", re.sub(r"[\ud800-\udfff]", "\ufffd", title))


@settings(deadline=None, max_examples=150)
@given(
    title=st.text(st.characters(exclude_characters="\r{}\ufeff:/\\?*“”<>[]|'\""))
    | TEXTS.map(lambda t: ILLEGAL.sub("_", t)),
    body=TEXTS,
)
def test_every_post_of_the_old_program_is_read_and_written_the_same(title: str, body: str) -> None:
    title, body = (re.sub(r"[\r{}]", "", text) for text in (title, body))
    quotes = '"' if "'" in title else "'"
    text = FERRY.replace("'The ferry runs again'", f"{quotes}{title}{quotes}")
    text = text.replace("<p>After", f"{body.lstrip()}<p>After")
    assert render(parse(text)) == text
