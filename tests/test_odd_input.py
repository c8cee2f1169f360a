"""Hostile and odd input that once crashed, hung or lost something."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from archiver.body import clean
from archiver.dates import parse_bound, parse_date
from archiver.errors import BlockedError, ConfigurationError, ImageError, PostFormatError
from archiver.extract import kr36
from archiver.extract.article import extract
from archiver.extract.listing import Card, read_cards
from archiver.extract.selectors import ListingRules, Selector
from archiver.images import inspect
from archiver.names import MAX_BYTES, cut, folder_name
from archiver.outcomes import Outcome
from archiver.pipelines.normalise import normalise
from archiver.post import parse, render
from archiver.sites import load_site
from archiver.urls import absolute, canonical, digest
from tests.samples import article, picture
from tests.test_archive import opened, run
from tests.test_extract_article import rules
from tests.test_images import gif
from tests.test_post import FERRY
from tests.test_sites import TOWN, save

PAGE = "https://town.example/news/ferry"
LIST = ListingRules(item=(Selector.of("li"),), next=(Selector.of("a.n"),))


def test_an_animation_whose_later_frame_is_too_large_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ImageError, match="too large"):
        inspect(gif((1, 1), (1, 1), (9000, 9000)))  # 50 bytes; 65535x65535 takes 4 GB and more


def test_a_jpeg_of_several_pictures_is_an_image() -> None:
    data = picture("MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    assert inspect(data).extension == ".jpg"


@pytest.mark.parametrize("cut", [6, 8, 10, 12, 14])
def test_a_gif_cut_within_the_head_of_a_frame_is_refused(cut: int) -> None:
    with pytest.raises(ImageError):
        inspect(gif((1, 1), (1, 1), (1, 1))[:-cut])


@pytest.mark.parametrize("place", [81, 115, 209])
def test_a_damaged_avif_is_refused(place: int) -> None:
    data = bytearray(picture("AVIF"))
    data[place] = 0
    with pytest.raises(ImageError):
        inspect(bytes(data))


@pytest.mark.parametrize(("kind", "cut"), [("GIF", 1), ("PNG", 12), ("JPEG", 2)])
def test_an_image_without_its_end_mark_is_not_whole(kind: str, cut: int) -> None:
    with pytest.raises(ImageError, match="cut short"):
        inspect(picture(kind)[:-cut])


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_a_date_beyond_all_years_is_none(text: str) -> None:
    assert parse_date(text) is None or normalise(article(published=parse_date(text)))


def test_a_post_with_a_date_beyond_all_years_is_refused() -> None:
    with pytest.raises(PostFormatError, match="line 11"):
        parse(FERRY.replace("Mon, 09 Mar 2026 07:30:00 GMT", "0001-01-01T00:00:00+08:00"))


def test_a_bound_that_is_no_day_is_named() -> None:
    with pytest.raises(ValueError, match="2026-02-30"):
        parse_bound("2026-02-30")


def test_a_broken_link_costs_its_card_only() -> None:
    markup = '<li><a href="//[x">a</a><li><a href="/b">b</a>'
    assert read_cards(LexborHTMLParser(markup), PAGE, LIST, UTC)[0][-1:] == (Card("https://town.example/b", title="b"),)


def test_a_broken_link_to_the_next_page_is_none() -> None:
    assert read_cards(LexborHTMLParser('<a class=n href="http://[x">'), PAGE, LIST, UTC) == ((), None)


@pytest.mark.parametrize("href", ["javascript:void(0)", "mailto:a@b", "tel:1"])
def test_a_card_is_a_web_address(href: str) -> None:
    assert read_cards(LexborHTMLParser(f'<li><a href="{href}">a</a>'), PAGE, LIST, UTC)[0] == ()


@pytest.mark.parametrize("value", ["li[", "li:has(", "!!", "p::before"])
def test_a_bad_selector_is_refused(tmp_path: Path, value: str) -> None:
    path = save(tmp_path, TOWN.replace("item: article.card", f"item: '{value}'"))
    with pytest.raises(ConfigurationError, match=r"line 13: `listing.item`: expected a CSS selector"):
        load_site(path)


@pytest.mark.parametrize("value", ["2026-13-45", "!x town", "!!int town", "!!float x"])
def test_a_value_that_yaml_cannot_make_is_refused(tmp_path: Path, value: str) -> None:
    path = save(tmp_path, TOWN.replace("name: town", f"name: {value}"))
    with pytest.raises(ConfigurationError, match="line 1"):
        load_site(path)


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="line 15"):
        load_site(save(tmp_path, TOWN + "<<: {a: b}\n"))


def test_a_file_too_deep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_site(save(tmp_path, "[" * 100_000))


def test_a_channel_is_named_as_the_file_has_it(tmp_path: Path) -> None:
    site = load_site(save(tmp_path, TOWN.replace("  news:", "  on:").replace("  sport:", "  007:")))
    assert [*site.channels] == ["on", "007"]


def test_a_channel_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        load_site(save(tmp_path, TOWN.replace("  sport:", "  news:")))


def test_tracking_parameters_do_not_change_the_others() -> None:
    for query in ("t=%D6%D0", "t=a%20b", "t=中", "12345", "a&b=", "a=1;b=2"):
        assert canonical(f"{PAGE}?{query}&utm_source=x") == canonical(f"{PAGE}?{query}") == f"{PAGE}?{query}"


def test_the_port_of_an_ipv6_address_is_kept() -> None:
    assert canonical("http://[::1]:8080/a") == "http://[::1]:8080/a"


@pytest.mark.parametrize("address", ["\t\x01javascript:run()", "\n\x00javascript:run()"])
def test_no_link_runs_anything(address: str) -> None:
    assert absolute(address, PAGE) is None


@pytest.mark.parametrize("address", ["http:quay", "https:/quay"])
def test_a_link_with_a_scheme_and_no_host_is_absolute_afterwards(address: str) -> None:
    found = absolute(address, PAGE)
    assert found is None or "://" in found


def test_a_zero_width_no_break_space_is_no_byte_order_mark() -> None:
    found = article(title="a\ufeffb", body="<p>c\ufeffd</p>")
    assert render(parse(render(found))) == render(found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FERRY.replace(" - web", " - yes").replace("town", "'yes'"), id="one value in two notations"),
        pytest.param(FERRY.replace("town", ""), id="an empty category"),
    ],
)
def test_the_law(text: str) -> None:
    assert render(parse(text)) == text


def test_cleaning_once_more_changes_nothing_for_lazy_images() -> None:
    body = clean('<img data-src="a.jpg">', PAGE)
    assert clean(body, "https://other.example/") == body


def test_a_frame_without_address_goes() -> None:
    assert clean("a<iframe srcdoc='<p>x</p>'></iframe>b", PAGE) == "ab"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f'<img srcset="{"a" * 20_000} bad">', id="srcset"),
        pytest.param(f'<img data-src="{".jpg?" * 20_000}&lt;">', id="data-src"),
        pytest.param("<picture>" + "<source srcset='a 1x'><img>" * 4_000, id="picture"),
    ],
)
def test_no_page_takes_long(markup: str) -> None:
    start = time.perf_counter()
    clean(markup, PAGE)
    assert time.perf_counter() - start < 5  # seconds; it took 17 to 35


@pytest.mark.parametrize(
    "items", ["abc", 5, [5, None], [{"route": "detail_article", "itemId": 5, "templateMaterial": "x"}]]
)
def test_a_listing_of_another_shape_is_no_crash(items: object) -> None:
    assert kr36.to_listing({"itemList": items}).cards in ((), (Card("https://36kr.com/p/5"),))


@pytest.mark.parametrize("detail", [[1], "x", 5])
def test_a_state_of_another_shape_is_a_block(detail: object) -> None:
    with pytest.raises(BlockedError):
        kr36.read_article(
            f"<script>window.initialState={json.dumps({'articleDetail': detail})}</script>", "https://36kr.com/p/1"
        )


def test_an_answer_too_deep_is_a_block() -> None:
    with pytest.raises(BlockedError):
        kr36.read_flow("[" * 100_000)


def test_a_folder_of_255_bytes_that_begins_with_a_dot() -> None:
    assert len(folder_name("." + "a" * 300).encode()) <= MAX_BYTES


def test_no_letter_is_cut_from_its_spacing_mark() -> None:
    assert cut("a\u0915\u093f", 4) == "a"


def test_a_device_with_an_extension_is_reserved_too() -> None:
    assert folder_name("con.txt") == "_con.txt"


def test_an_article_that_is_called_like_anothers_own_name_does_not_hide_it(tmp_path: Path) -> None:
    first, third = article(), article(url="https://town.example/3", published=datetime(2026, 5, 1, tzinfo=UTC))
    second = article(url="https://town.example/2", title=f"The ferry runs again {digest(third.url)}")
    outcomes = run(tmp_path, first, second, third)
    assert [written.outcome for written in outcomes] == [Outcome.NEW] * 3
    assert len({written.path for written in outcomes}) == 3


def test_a_folder_where_the_post_should_be_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "web/town/news/the-ferry-runs-again.md").mkdir(parents=True)
    [written] = run(tmp_path, article())
    assert (written.outcome, written.path) == (
        Outcome.NEW,
        f"web/town/news/the-ferry-runs-again-{digest(article().url)}.md",
    )


def test_remove_reaches_what_is_within_a_body_that_it_fits_itself() -> None:
    assert extract(b"<div class=s>a<div>b</div></div>", PAGE, rules=rules(body="div.s", remove="div")).body == "a"


def test_an_empty_title_or_author_leaves_it_to_what_the_page_declares() -> None:
    markup = '<meta property="og:title" content="T"><meta name="author" content="A"><h1> </h1><i></i><div>b</div>'
    found = extract(markup.encode(), PAGE, rules=rules(body="div", title="h1", author="i"))
    assert (found.title, found.authors) == ("T", ("A",))


def test_keywords_that_are_an_object_are_none() -> None:
    markup = '<script type="application/ld+json">{"@type": "Article", "keywords": {"name": "a"}}</script><div>b</div>'
    assert extract(markup.encode(), PAGE, rules=rules(body="div")).tags in ((), ("a",))


def test_the_address_of_a_stored_image_has_no_proxy_prefix(tmp_path: Path) -> None:
    found = article(image_url="https://proxy.example/?http://i.example/a.jpg")
    with opened(tmp_path) as archive:
        data = picture("PNG")
        assert archive.write_image(found, data, inspect(data)).url == "http://i.example/a.jpg"


@pytest.mark.parametrize(
    "address",
    [
        r"https://evil.example\@v.qq.com/",
        r"//evil.example\@v.qq.com/",
        "https://evil.example\t\\@v.qq.com/",
        "https://user@v.qq.com/",
        "http://v.qq.com/",
        "https://v.qq.com:8443/",
    ],
)
def test_a_frame_that_only_looks_like_a_player_becomes_a_link(address: str) -> None:
    assert clean(f'<iframe src="{address}"></iframe>', PAGE).startswith("<a href=")


def test_an_address_that_is_none_of_an_image_does_not_replace_the_real_one() -> None:
    body = clean('<img src="https://a.example/real.jpg" data-url="https://share.example/page">', PAGE)
    assert 'src="https://a.example/real.jpg"' in body
    assert "src" not in clean('<img src="   " alt="a">', PAGE).replace("src ", "")


def test_elements_with_foreign_names_are_text_to_nobody() -> None:
    assert clean("<b公司>x</b公司>", PAGE) == "x"
