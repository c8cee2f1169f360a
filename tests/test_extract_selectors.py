"""Selectors of a site's definition: CSS and XPath find the same things in a page."""

import pickle
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.selectors import (
    NO_LISTING_RULES,
    NO_RULES,
    ArticleRules,
    ListingRules,
    Selector,
    nesting,
    nodes_of,
    outermost,
    parse_selector,
    texts_of,
)

PAGE = """\
<!DOCTYPE html><html><head><title>Town</title><meta name="author" content=" Ada Ferry "><base href="/x/"></head><body>
<h1 class="title">The <i>ferry</i><br>runs again <!-- today --><span>Town</span></h1>
<article id="a" @click="open()" data-n="1"><p class="by">Ada <b>Ferry</b></p>
<p class="by">Ben Quay</p><a href="/1?a=1&amp;b=2">first</a> tail
<a class="next" href=" /2 ">second</a><a>no address</a></article>
<ul><li><a href="/3">third</a></li><li></li></ul></body></html>
"""


def page(markup: str = PAGE) -> LexborHTMLParser:
    return LexborHTMLParser(markup)


@pytest.mark.parametrize(
    ("css", "xpath", "texts"),
    [
        pytest.param(
            "p.by", '//p[@class="by"]', ["Ada Ferry", "Ben Quay"], id="elements, with the text of all they hold"
        ),
        pytest.param("p.by::text", '//p[@class="by"]/text()', ["Ada", "Ben Quay"], id="their own text"),
        pytest.param("p.by ::text", '//p[@class="by"]//text()', ["Ada", "Ferry", "Ben Quay"], id="all texts in them"),
        pytest.param("a::attr(href)", "//a/@href", ["/1?a=1&b=2", "/2", "/3"], id="an attribute of theirs"),
        pytest.param('meta::attr("content")', "//meta/@content", ["Ada Ferry"], id="an attribute in quotes"),
        pytest.param("meta[name=author]", '//meta[@name="author"]', ["Ada Ferry"], id="a meta tag says its content"),
        pytest.param("h1", "//h1", ["The ferry runs again Town"], id="a line break is a space"),
        pytest.param("article:has(.next) b", "//article[.//*[@class='next']]//b", ["Ferry"], id="what holds something"),
        pytest.param("p:not(.by)", "//p[not(@class)]", [], id="nothing"),
        pytest.param("li:nth-child(1) a", "(//li)[1]//a", ["third"], id="by number"),
        pytest.param(".next", "//a[re:test(@class, '^n')]", ["second"], id="a regular expression"),
        pytest.param("title", "xpath: //title", ["Town"], id="an XPath by its name"),
    ],
)
def test_css_and_xpath_find_the_same(css: str, xpath: str, texts: list[str]) -> None:
    assert parse_selector(css).texts(page()) == texts
    assert parse_selector(xpath).texts(page()) == texts


def test_both_give_the_same_elements() -> None:
    tree = page()
    for css, xpath in (("a", "//a"), ("a::attr(href)", "//a/@href"), ("p::text", "//p/text()"), ("html", "/html")):
        found = Selector.of(css).nodes(tree)
        assert [node.mem_id for node in found] == [node.mem_id for node in Selector.of(xpath).nodes(tree)]
        assert Selector.of(css).first(tree) is not None
        assert Selector.of(xpath).first(tree) is not None
    assert Selector.of("b").first(tree) is not None
    assert Selector.of("table").first(tree) is None
    assert Selector.of("//table").first(tree) is None


def test_an_xpath_leaves_the_page_as_it_was() -> None:
    tree = page()
    before = tree.html
    assert Selector.of("//*").nodes(tree)
    assert tree.html == before


@pytest.mark.parametrize("selector", ["a::attr(href)", ".//a/@href", "//a/@href", "./a/@href"])
def test_within_an_element_only_what_it_holds_is_found(selector: str) -> None:
    article = page().css_first("article")
    assert article is not None
    assert parse_selector(selector).texts(article) == ["/1?a=1&b=2", "/2"]


def test_an_element_is_not_found_within_itself() -> None:
    article = page().css_first("article")
    assert article is not None
    assert Selector.of("article").nodes(article) == []
    assert Selector.of("article").first(article) is None


def test_text_behind_an_element_belongs_to_what_holds_both() -> None:
    tail = Selector.of("//article/text()[contains(., 'tail')]")
    assert [node.id for node in tail.nodes(page())] == ["a"]


@pytest.mark.parametrize(
    ("xpath", "texts"),
    [
        pytest.param("xpath:string(//p)", ["Ada Ferry"], id="a text"),
        pytest.param("xpath:concat('by ', //meta/@content)", ["by  Ada Ferry"], id="a text that is put together"),
        pytest.param("xpath:string(//table)", [], id="an empty text"),
        pytest.param("xpath:count(//a)", [], id="a number is no text"),
        pytest.param("xpath:true()", [], id="nor is a truth"),
        pytest.param("//comment()", [], id="nor a comment"),
    ],
)
def test_what_an_xpath_computes(xpath: str, texts: list[str]) -> None:
    assert parse_selector(xpath).texts(page()) == texts
    assert parse_selector(xpath).nodes(page()) == []


def test_of_several_the_first_that_finds_something_counts() -> None:
    selectors = tuple(map(parse_selector, ("table", "//li[@class]", "p.by", "h1")))
    assert texts_of(page(), selectors) == ["Ada Ferry", "Ben Quay"]
    assert [node.tag for node in nodes_of(page(), selectors)] == ["p", "p"]
    assert (texts_of(page(), ()), nodes_of(page(), ())) == ([], [])
    assert (texts_of(page(), selectors[:2]), nodes_of(page(), selectors[:2])) == ([], [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("div[", "expected a CSS selector or an XPath, not `div[`", id="CSS cut short"),
        pytest.param("", "expected a CSS selector or an XPath, not ``", id="nothing"),
        pytest.param(
            "p::before",
            "expected a CSS selector or an XPath, not `p::before`; only `::text` and `::attr(name)` may follow `::`, at"
            " its end",
            id="another pseudo-element",
        ),
        pytest.param(
            "a::attr(href) b",
            "expected a CSS selector or an XPath, not `a::attr(href) b`; only `::text` and `::attr(name)` may follow"
            " `::`, at its end",
            id="something behind it",
        ),
        pytest.param(
            "h1:contains('a')",
            "expected a CSS selector or an XPath, not `h1:contains('a')`; jQuery's additions to CSS are not known: use"
            " `:first-child`, `:nth-child(2)`, `:has(…)` or an XPath",
            id="jQuery",
        ),
        pytest.param(
            "h1, h2::text",
            "expected one selector before `::`, not several with commas: `h1, h2::text`; write a list",
            id="an attribute of several",
        ),
        pytest.param(
            "//h1[",
            "expected a selector; `//h1[` begins as an XPath does, but is none: Invalid expression",
            id="an XPath cut short",
        ),
        pytest.param(
            "//x:h1",
            "expected a selector; `//x:h1` begins as an XPath does, but is none: Undefined namespace prefix",
            id="an unknown namespace",
        ),
        pytest.param(
            "xpath:none()",
            "expected a selector; `xpath:none()` begins as an XPath does, but is none: Unregistered function",
            id="an unknown function",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refusal:
        parse_selector(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "text", ["p:is(h1, h2)::text", "a[title='x, y']::attr(href)", "::text", "::attr(href)", "h1, h2"]
)
def test_commas_within_a_selector_are_no_list(text: str) -> None:
    assert str(parse_selector(text)) == text


def test_rules_go_to_another_process() -> None:
    rules = ArticleRules(title=(parse_selector("//h1/text()"),), body=(parse_selector("div.story"),))
    assert pickle.loads(pickle.dumps(rules)) == rules  # noqa: S301
    assert pickle.loads(pickle.dumps(NO_LISTING_RULES)) == ListingRules()  # noqa: S301
    assert pickle.loads(pickle.dumps(rules)).title[0].texts(page()) == ["The", "runs again"]  # noqa: S301
    assert ArticleRules() == NO_RULES


def test_an_xpath_sees_the_tree_of_html5_and_no_other() -> None:
    """Markup that libxml2 would repair in its own way: tables in paragraphs, blocks in links, unknown names."""
    tree = page("<p>a<table><td>b</table></p><a href=x><div>c</div></a><my-card :n=1 x!y=2 @z=3>d</my-card><a<b>e")
    for css, xpath in (("p > table", "//p/table"), ("a > div", "//a/div"), ("my-card", "//my-card")):
        assert Selector.of(xpath).texts(tree) == Selector.of(css).texts(tree)


def test_control_characters_do_not_stop_an_xpath() -> None:
    assert Selector.of("//p/@title").texts(page("<p title='a\x01b'>c\x02\ufffe</p>")) == ["ab"]
    assert Selector.of("//p/text()").texts(page("<p title='a\x01b'>c\x02\ufffe</p>")) == ["c"]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p>" + "a<br>" * 50_000, id="fifty thousand line breaks"),
        pytest.param("<p>" + "a<!-- b -->" * 100_000, id="a text in a hundred thousand parts"),
        pytest.param("<p " + " ".join(f"a{n}=1" for n in range(10_000)) + ">x", id="ten thousand attributes"),
        pytest.param("<div>" * 4_000 + "<p>a", id="four thousand in each other"),
        pytest.param("", id="an empty page"),
    ],
)
def test_hostile_pages_take_linear_time(markup: str) -> None:
    tree = page(markup)
    started = time.process_time()
    for selector in ("//p", "//p/text()", "p ::text", "//@none"):
        parse_selector(selector).texts(tree)
    assert time.process_time() - started < 20


def test_which_elements_lie_in_each_other() -> None:
    nodes = page("<div><p>a</p><div><div><p>b</p></div></div></div><p>c</p>").css("div, p")
    assert nesting(nodes) == [0, 1, 1, 2, 3, 0]
    assert [node.tag for node in outermost(nodes)] == ["div", "p"]
    assert (nesting([]), outermost([])) == ([], [])
