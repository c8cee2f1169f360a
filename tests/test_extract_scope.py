"""Addresses: which belong to a section, and what one alone tells about its page."""

import pytest

from archiver.extract.listing import Card
from archiver.extract.section.scope import (
    Scope,
    are_one_site,
    is_date_archive,
    is_never_article,
    link_key,
    page_number,
    scope_of,
    section_folder,
)

SITE = "https://town.example"


def cards(*paths: str) -> list[Card]:
    """Cards of articles at these paths."""
    return [Card(path if path.startswith("http") else SITE + path) for path in paths]


@pytest.mark.parametrize(
    ("start", "folder"),
    [
        pytest.param("/news/", "/news/", id="a folder"),
        pytest.param("/news", "/news/", id="a folder without its slash"),
        pytest.param("/news.html", "/news/", id="a file that a folder belongs to"),
        pytest.param("/news/index.html", "/news/", id="the index of a folder"),
        pytest.param("/news/index_2.html", "/news/", id="a numbered index"),
        pytest.param("/news/list_1.html", "/news/", id="a numbered list"),
        pytest.param("/news/default.aspx", "/news/", id="the index of another server"),
        pytest.param("/news/?page=2", "/news/", id="a page by parameter"),
        pytest.param("/news/?utm_source=letter", "/news/", id="a parameter that only tracks"),
        pytest.param("/news/page/2/", "/news/", id="a page by folder"),
        pytest.param("/news/tech.shtml", "/news/tech/", id="a section within a section"),
        pytest.param("/", "/", id="the root"),
        pytest.param("", "/", id="the root without its slash"),
        pytest.param("/index.html", "/", id="the index of the root"),
        pytest.param("/?cat=5", None, id="a section by parameter"),
        pytest.param("/news/list.php?cid=5", None, id="a section by parameter in a folder"),
    ],
)
def test_the_folder_of_a_section(start: str, folder: str | None) -> None:
    assert section_folder(SITE + start) == (None if folder is None else f"town.example{folder}")


NEWS = scope_of(f"{SITE}/news/", cards("/news/2026/ferry.html", "/news/2026/bridge.html", "/sport/2026/cup.html"))
CATEGORY = scope_of(f"{SITE}/category/tech/", cards("/2026/05/chips/", "/2026/05/cables/", "/2026/04/old-phones/"))
CHANNEL = scope_of(f"{SITE}/tech/", cards("/a/123456", "/a/123457", "/a/123999"))
NUMBERED = scope_of(f"{SITE}/list.php?id=5", cards("/show.php?id=1", "/show.php?id=2"))
ROOT = scope_of(f"{SITE}/", cards("/hello-world/", "/2026/ferry.html"))


@pytest.mark.parametrize(
    ("scope", "url", "holds", "may_list"),
    [
        pytest.param(NEWS, "/news/2025/old.html", True, True, id="below the section's folder"),
        pytest.param(NEWS, "http://www.town.example/news/2025/old.html", True, True, id="http and www are the same"),
        pytest.param(NEWS, "/sport/2026/cup.html", False, False, id="a neighbour that the listing shows"),
        pytest.param(NEWS, "/newspaper/a.html", False, False, id="a folder that only begins like it"),
        pytest.param(NEWS, "https://other.example/news/a.html", False, False, id="another site"),
        pytest.param(NEWS, "https://sport.town.example/news/a.html", False, False, id="another host of the site"),
        pytest.param(CATEGORY, "/category/tech/x/", True, True, id="below a category"),
        pytest.param(CATEGORY, "/2024/01/older-post/", False, True, id="as the category's articles are"),
        pytest.param(CATEGORY, "/about/", False, False, id="unlike the category's articles"),
        pytest.param(CATEGORY, "/2024/01/", False, False, id="a month's archive is unlike them"),
        pytest.param(CHANNEL, "/a/99", False, True, id="a number in the folder of the articles"),
        pytest.param(CHANNEL, "/b/99", False, False, id="a number in another folder"),
        pytest.param(CHANNEL, "/a/about-us", False, False, id="no number in the folder of the articles"),
        pytest.param(NUMBERED, "/show.php?id=77", False, True, id="an article by parameter"),
        pytest.param(NUMBERED, "/contact.php", False, False, id="another script"),
        pytest.param(ROOT, "/anything/at/all", True, True, id="the root holds all of the host"),
        pytest.param(ROOT, "https://shop.town.example/a", False, False, id="the root does not hold other hosts"),
    ],
)
def test_what_belongs_to_a_section(scope: Scope, url: str, holds: bool, may_list: bool) -> None:
    address = url if url.startswith("http") else SITE + url
    assert (scope.holds(address), scope.may_list(address)) == (holds, may_list)


def test_a_topic_page_may_list_articles_of_many_sections() -> None:
    scope = scope_of(f"{SITE}/topics/sea/", cards(*(f"/{name}/2026/story-of-{name}" for name in "abcdefgh")))
    assert scope.may_list(f"{SITE}/world/2026/an-island")
    assert not scope.may_list(f"{SITE}/world/an-island")


def test_one_stray_article_in_ten_opens_no_neighbour() -> None:
    paths = [f"/tech/2026/story-{number}" for number in range(12)]
    scope = scope_of(f"{SITE}/category/tech/", cards(*paths, "/sport/2026/cup"))
    assert scope.may_list(f"{SITE}/tech/2025/older")
    assert not scope.may_list(f"{SITE}/sport/2026/cup")


def test_a_section_whose_articles_lie_on_a_sibling_host() -> None:
    scope = scope_of(f"{SITE}/", cards("https://news.town.example/a/1.html", "https://news.town.example/a/2.html"))
    assert scope.may_list("https://news.town.example/a/3.html")
    assert not scope.may_list("https://sport.town.example/a/3.html")
    assert not scope.holds("https://news.town.example/a/3.html")


def test_a_scope_without_cards_is_the_folder() -> None:
    assert scope_of(f"{SITE}/news/") == Scope(f"{SITE}/news/", "town.example/news/", ())


def test_a_port_is_part_of_a_host() -> None:
    scope = scope_of("http://127.0.0.1:8000/news/")
    assert scope.holds("http://127.0.0.1:8000/news/a")
    assert not scope.holds("http://127.0.0.1:9000/news/a")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/tag/boats/", "a tag page"),
        ("/tags/artificial-intelligence-in-medical-practice", "a tag page"),
        ("/blog/tag/boats/page/2/", "a tag page"),
        ("/search/label/boats", "a search page"),
        ("/category/news/", "a category page"),
        ("/category/news/local/", "a category page"),
        ("/author/ada/", "an author page"),
        ("/en/authors/ada-lovelace", "an author page"),
        ("/page/2/", "a further page of a listing"),
        ("/blog/page/12", "a further page of a listing"),
        ("/2026/05/", "an archive by date"),
        ("/blog/2026/05/", "an archive by date"),
        ("/2026/05/03/", "an archive by date"),
        ("/2026/", "an archive by date"),
        ("/archives/2026-05", None),
        ("/login", "a login page"),
        ("/user/login?next=/a", "a login page"),
        ("/wp-login.php", "a login page"),
        ("/de/anmelden/", "a login page"),
        ("/search?q=boats", "a search page"),
        ("/search.html", "a search page"),
        ("/?s=boats", "a search page"),
        ("/cart/", "a shop page"),
        ("/product/blue-mug", "a shop page"),
        ("/blog/a-post/?add-to-cart=5", "a shop page"),
        ("/feed/", "a feed"),
        ("/blog/a-post/feed", "a feed"),
        ("/rss.xml", "a feed"),
        ("/?feed=rss2", "a feed"),
        ("/news/a-story/print", "a version for printing"),
        ("/news/a-story?print=1", "a version for printing"),
        ("/images/boat.jpg", "a file"),
        ("/report.PDF", "a file"),
        ("/share?url=https://town.example/a", "a link for sharing"),
        ("/intent/tweet?text=a", "a link for sharing"),
        ("/wp-json/wp/v2/posts", "an address for programs"),
        ("/a-post/?replytocom=7", "comments only"),
        ("/privacy-policy/", "a page about the site"),
        ("/contact.html", "a page about the site"),
        ("mailto:ada@town.example", "no web address"),
        ("javascript:void(0)", "no web address"),
    ],
)
def test_what_is_never_an_article_by_its_address(url: str, reason: str | None) -> None:
    assert is_never_article(SITE + url if url.startswith("/") else url) == reason


@pytest.mark.parametrize(
    "path",
    [
        "/search-for-truth-in-2024.html",
        "/news/login-problems-at-the-town-hall",
        "/news/2026/05/shop-owners-angry.html",
        "/news/search/",
        "/products/2026/05/a-new-phone.html",
        "/shop/2026-05-03-the-last-bookshop-closes",
        "/docs/login/",
        "/docs/configuration/search/",
        "/category/news/2026/05/the-ferry-runs-again/",
        "/category/tech/long-story-about-one-small-boat.html",
        "/user/ada/posts/the-boat-that-came-back-home-again",
        "/about-a-boat",
        "/p/2012",
        "/a/123456.html",
        "/news/2026/",
        "/blog/introducing-next.js",
        "/blog/asp.net",
        "/print/2026/05/the-printers-of-the-harbour",
        "/feedback-from-our-readers/",
        "/articles/tagged-as-spam",
        "/archives/1234",
        "/?p=123",
        "/index.php?id=7",
        "/share-your-story",
        "/新闻/搜索",
        "/",
    ],
)
def test_what_may_be_an_article_by_its_address(path: str) -> None:
    assert is_never_article(SITE + path) is None


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/news/", 0),
        ("/news/?page=2", 2),
        ("/news?paged=3", 3),
        ("/news/page/4/", 4),
        ("/news/index.html", 0),
        ("/news/index_5.html", 5),
        ("/news/list-6.html", 6),
        ("/news/index7.shtml", 7),
    ],
)
def test_the_pages_of_one_listing(path: str, number: int) -> None:
    assert page_number(SITE + path) == ("town.example/news", number)


def test_pages_of_different_listings_differ() -> None:
    heads = {page_number(SITE + path)[0] for path in ("/news/?c=1&page=2", "/news/?c=2&page=2", "/news/", "/a_2.html")}
    assert len(heads) == 4
    assert page_number(f"{SITE}/a_2.html")[0] == page_number(f"{SITE}/a.html")[0]


@pytest.mark.parametrize(
    ("path", "is_archive"),
    [
        ("", False),
        ("2026", True),
        ("2026-05", True),
        ("news", False),
        ("2026/05", True),
        ("blog/2026/may", True),
        ("2026/05/31", True),
        ("2026/05/32", False),
        ("2026/05/31/ferry", False),
    ],
)
def test_archives_by_date_have_any_number_of_segments(path: str, is_archive: bool) -> None:
    assert is_date_archive(path.split("/") if path else []) == is_archive


@pytest.mark.parametrize(
    ("host", "other", "expected"),
    [
        ("news.town.co.uk", "town.co.uk", True),
        ("town.co.uk", "city.co.uk", False),
        ("ada.github.io", "bob.github.io", False),
        ("news.town.example", "sport.town.example", True),
        ("town.example", "city.example", False),
        ("127.0.0.1", "127.0.0.2", False),
        ("localhost", "localhost", True),
    ],
)
def test_hosts_of_one_owner(host: str, other: str, expected: bool) -> None:
    assert are_one_site(host, other) is expected


def test_two_links_to_one_page_are_one() -> None:
    assert link_key("http://www.town.example/a/#top") == link_key("https://town.example/a")
    assert link_key("https://town.example/a?id=1") != link_key("https://town.example/a?id=2")


@pytest.mark.parametrize("url", ["", "https://[", "https://a:99999999/", "x" * 200_000, "https://a/" + "a/" * 100_000])
def test_odd_addresses_are_judged_too(url: str) -> None:
    is_never_article(url)
    page_number(url)
    scope = scope_of(url, [Card(url)])
    assert scope.holds(url) in (True, False)
    assert scope.may_list(url) in (True, False)
