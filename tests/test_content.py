"""What an article says: what alters it, what does not, and which new versions are not believed."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from archiver.body import clean
from archiver.content import Content, content_of, is_same, why_suspicious
from archiver.items import Article
from archiver.records import ArticleRecord
from tests.samples import article

TEXT = "After three weeks the ferry runs again, and the harbour is as loud as it was."
BODY = (
    f'<p class="lead">{TEXT}</p>\n<figure><img src="https://img.example/ferry.jpg?sign=a1&amp;t=1" alt="The ferry">'
    '</figure>\n<p>The <a href="https://port.example/times?from=town#today">timetable</a> has not changed.</p>'
)
LONG = f"<p>{30 * 'Words about the ferry. '}</p>"


def content(body: str = BODY, **changes: Any) -> Content:
    return content_of(article(body=body, **changes))


def test_an_article_has_the_same_digest_for_ever() -> None:
    assert content() == Content("5e04af31a5e064908cf03d58e8c50d895ead5eb11b587dfa74a5488ba51f85e1", 88)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(BODY, id="as it is"),
        pytest.param(clean(BODY, "https://town.example/news/ferry"), id="cleaned"),
        pytest.param(BODY.replace("lead", "css-1x2y3z"), id="another class"),
        pytest.param(BODY.replace("<p>", '<p data-id="7" style="margin: 0">'), id="other attributes"),
        pytest.param(BODY.replace("sign=a1&amp;t=1", "sign=b2&amp;t=2"), id="an image address signed anew"),
        pytest.param(BODY.replace("https://img", "http://img"), id="an image by http"),
        pytest.param(BODY.replace("The ferry", "Photo"), id="another description of the image"),
        pytest.param(BODY.replace("?from=town#today", "?from=city"), id="a link with another query"),
        pytest.param(BODY.replace("\n", ""), id="no line breaks between the paragraphs"),
        pytest.param(BODY.replace(" ", "\n   "), id="line breaks and indents between the words"),
        pytest.param(BODY.replace("the ferry", "the&nbsp;ferry"), id="a space that does not break"),
        pytest.param(BODY.replace("ferry runs", "fer<b>ry</b> runs"), id="a word set in bold"),
        pytest.param(f"<div><div>{BODY}</div></div>", id="within other elements"),
        pytest.param(BODY + "<script>count()</script><!-- 7 views -->", id="scripts and comments"),
        pytest.param(BODY + '<img src="https://count.example/7.gif" width="1" height="1">', id="an image that counts"),
        pytest.param(BODY.replace("src=", 'src="/blank.gif" data-src='), id="a lazy image"),
    ],
)
def test_what_does_not_alter_an_article(body: str) -> None:
    assert content(body) == content()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"title": " The ferry\nruns  again "}, id="white space of the headline"),
        pytest.param({"published": datetime(2026, 3, 9, 15, 30, tzinfo=timezone(timedelta(hours=8)))}, id="the zone"),
        pytest.param({"published": datetime(2026, 3, 9, 7, 30, 0, 7, tzinfo=UTC)}, id="parts of a second"),
        pytest.param({"fetched": datetime(2027, 1, 1, tzinfo=UTC)}, id="when it was fetched"),
        pytest.param({"modified": datetime(2027, 1, 1, tzinfo=UTC)}, id="what the page calls its last change"),
        pytest.param({"url": "https://town.example/news/ferry?from=front"}, id="its address"),
        pytest.param({"image_url": "https://img.example/share.jpg"}, id="a declared image where the body has its own"),
        pytest.param({"tags": ("ferry",), "authors": ("Ada",), "summary": "A ferry."}, id="what no post holds"),
    ],
)
def test_what_about_an_article_is_none_of_its_content(changes: dict[str, Any]) -> None:
    assert content(**changes) == content()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(content(BODY.replace("three", "four")), id="a word"),
        pytest.param(content(BODY.replace("loud as", "loudas")), id="a space between two words"),
        pytest.param(content(BODY.replace("runs", "run")), id="a letter"),
        pytest.param(content(BODY + "<p>An update.</p>"), id="a paragraph more"),
        pytest.param(content(BODY.replace("ferry.jpg", "harbour.jpg")), id="another image"),
        pytest.param(content(BODY + '<img src="https://img.example/map.png">'), id="an image more"),
        pytest.param(content(BODY.replace("/times", "/plan")), id="another link"),
    ],
)
def test_what_alters_an_article(other: Content) -> None:
    assert other.digest != content().digest


def test_the_declared_image_counts_where_the_body_has_none() -> None:
    first = content("<p>Words.</p>", image_url="https://img.example/a.jpg?sign=1")
    assert first == content("<p>Words.</p>", image_url="https://img.example/a.jpg?sign=2")
    assert first.digest != content("<p>Words.</p>", image_url="https://img.example/b.jpg").digest
    assert first.digest != content("<p>Words.</p>").digest


def test_the_frame_of_another_page_is_a_link_to_it_and_no_text() -> None:
    first = content('<p>Words.</p><iframe src="https://maps.example/town?token=1"></iframe>')
    assert first == content('<p>Words.</p><iframe src="https://maps.example/town?token=2"></iframe>')
    assert first.digest != content('<p>Words.</p><iframe src="https://maps.example/port?token=1"></iframe>').digest
    assert first.length == len("Words.")


def test_no_field_runs_into_the_next() -> None:
    assert (
        content("<p>runs again</p>", title="The ferry").digest != content("<p>again</p>", title="The ferry runs").digest
    )


@pytest.mark.parametrize(
    ("body", "length"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("36氪获悉,5 < 6.", 10, id="a plain newsflash, whose < is a character"),
        pytest.param("One\r\n\r\ntwo", 6, id="plain lines"),
        pytest.param("<p>5 &lt; 6 &amp; 7</p>", 5, id="references are characters"),
        pytest.param("<p>One</p><p>two</p>", 6, id="paragraphs"),
        pytest.param("<p>One\u3000two\u00a0three</p>", 11, id="white space of all kinds"),
        pytest.param('<img src="https://img.example/a.jpg" alt="words">', 0, id="an image"),
        pytest.param("\ud83d<p>half a character</p>", 15, id="half a surrogate pair"),
        pytest.param('<p><a href="ftp://[broken">odd</a></p>', 3, id="a broken link"),
    ],
)
def test_the_length_is_that_of_the_visible_text(body: str, length: int) -> None:
    assert content(body).length == length
    assert content(clean(body, "https://town.example/")) == content(body)


# Which new versions are believed.

OLD = article(body=LONG)
OLD_LENGTH = content_of(OLD).length
LATER = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


def verdict(new: Article, *, old: Article = OLD) -> str | None:
    return why_suspicious(old.title, old.published, content_of(old).length, new, content_of(new))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"body": LONG.replace("Words", "Wrods", 1)}, id="a typo"),
        pytest.param({"body": f"{LONG}<p>Update: it has left.</p>"}, id="a paragraph more"),
        pytest.param({"body": LONG.replace("Words about the ferry. ", "", 14)}, id="less than half taken out"),
        pytest.param({"title": "Council votes on the harbour"}, id="another headline, the same date"),
        pytest.param(
            {"title": "Council votes on the harbour", "published": datetime(2026, 3, 10, 7, 30, tzinfo=UTC)},
            id="another headline, a day later",
        ),
        pytest.param({"published": LATER}, id="another date, the same headline"),
        pytest.param({"title": "The ferry runs again: all times", "published": LATER}, id="a longer headline, later"),
        pytest.param({"title": "THE FERRY RUNS AGAIN!", "published": LATER}, id="the headline in capitals, later"),
        pytest.param({"title": "Council votes on the harbour", "published": None}, id="another headline, no date"),
        pytest.param({"title": "Access denied: the ferry turns people away"}, id="a headline that begins so"),
    ],
)
def test_an_ordinary_correction_is_believed(changes: dict[str, Any]) -> None:
    assert verdict(article(**{"body": LONG, **changes})) is None


def test_a_version_without_most_of_its_text_is_not_believed() -> None:
    new = article(body="<p>Read on with a subscription.</p>")
    assert verdict(new) == f"much shorter: 24 of {OLD_LENGTH} characters"


def test_of_a_newsflash_half_may_go() -> None:
    assert verdict(article(body="<p>It runs.</p>"), old=article(body=f"<p>{99 * 'a'}</p>")) is None
    assert verdict(article(body="<p>It runs.</p>"), old=article(body=f"<p>{100 * 'a'}</p>")) is not None
    assert verdict(article(body=f"<p>{50 * 'a'}</p>"), old=article(body=f"<p>{100 * 'a'}</p>")) is None


def test_another_article_at_the_address_is_not_believed() -> None:
    new = article(title="Council votes on the harbour", body=LONG, published=LATER)
    assert verdict(new) == "another article stands there now: Council votes on the harbour"
    earlier = article(title="Council votes on the harbour", body=LONG, published=datetime(2020, 1, 1, tzinfo=UTC))
    assert verdict(earlier) == "another article stands there now: Council votes on the harbour"


def test_a_headline_as_its_post_has_it_is_the_same_headline() -> None:
    old = article(title="“A_B” _ C_D_E_F", body=LONG)
    assert verdict(article(title="A/B [C] D|E?F", body=LONG, published=LATER), old=old) is None


def test_an_archived_article_without_headline_tells_nothing() -> None:
    assert verdict(article(title="The ferry", body=LONG, published=LATER), old=article(title="", body=LONG)) is None


@pytest.mark.parametrize(
    "title",
    [
        *("404", "Error 404", "404 Not Found", "Page not found", "PAGE NOT FOUND!", "404 - Page Not Found"),
        *("403 Forbidden", "Access Denied", "Just a moment...", "Attention Required! | Cloudflare", "502 Bad Gateway"),
        *(
            "页面不存在",
            "404页面不存在",
            "抱歉，页面不存在！",
            "找不到",
            "错误404：找不到页面",
            "安全验证",
            "４０４ Not Found",
        ),
        *("Seite nicht gefunden", "Page introuvable", "Error", "500 Internal Server Error", "安全验证"),
    ],
)
def test_an_error_page_is_not_believed(title: str) -> None:
    assert verdict(article(title=title, body=LONG)) == f"an error page stands there now: {title}"


@pytest.mark.parametrize(
    "title", ["1404", "404 days", "Not found in the harbour", "找不到工作的年轻人", "Forbidden love", "-"]
)
def test_what_merely_holds_such_words_is_no_error_page(title: str) -> None:
    assert verdict(article(title=title, body=LONG)) is None


def test_an_article_that_was_always_called_so_is_no_error_page() -> None:
    film = article(title="Forbidden", body=LONG)
    assert verdict(article(title="Forbidden", body=f"{LONG}<p>More.</p>"), old=film) is None


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({}, True, id="nothing"),
        pytest.param({"title": "The  ferry\nruns again"}, True, id="white space of the headline"),
        pytest.param({"title": "The ferry runs"}, False, id="the headline"),
        pytest.param({"published": datetime(2026, 3, 9, 20, tzinfo=UTC)}, True, id="the date by hours"),
        pytest.param({"published": None}, True, id="no date any more"),
        pytest.param({"published": datetime(2026, 3, 12, tzinfo=UTC)}, False, id="the date by days"),
        pytest.param({"body": BODY + "<p>An update.</p>"}, False, id="a paragraph"),
    ],
)
def test_an_article_that_was_archived_says_the_same(changes: dict[str, Any], same: bool) -> None:
    old = article(title="The ferry runs again", published=datetime(2026, 3, 9, 8, tzinfo=UTC), body=BODY)
    seen = ArticleRecord("post.md", title=old.title, published=old.published, content=content_of(old).digest)
    new = article(**{"title": old.title, "published": old.published, "body": BODY} | changes)
    assert is_same(seen, new, content_of(new)) is same
