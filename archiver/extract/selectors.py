"""What a site's definition points at in a page: selectors in CSS or XPath, and the two tables of them.

CSS runs on the page's own tree. lexbor has no XPath, so for one the tree is copied into lxml, node by node, and what is
found there is led back: both kinds give the same nodes. (Markup handed over would be repaired once more, by other
rules.) The copy costs 16 ms for a page of 5,000 elements; CSS costs next to nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Found = tuple[LexborNode | None, str | None]
"""An element, and the text of it that is wanted. No text: the element itself is; no element: a computed text."""
Place = LexborHTMLParser | LexborNode
"""Where something is looked up: a page, or an element of it and what it holds."""
TEXT: Final = "text()"
XPATH = re.compile(r"xpath:\s*|(?=/|\./|\.\./|\()", re.IGNORECASE)
"""How an XPath begins, and no CSS selector does."""
PSEUDO = re.compile(
    r"(?P<query>.*?)(?P<deep>\s*)::(?:text|attr\(\s*(?P<quote>[\"']?)(?P<name>[^()\"'\s]+)(?P=quote)\s*\))", re.DOTALL
)
NESTED_COMMA = re.compile(r"""\([^()]*\)|\[[^\]]*\]|"[^"]*"|'[^']*'""")
NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
"""`re:test(@class, "story")`, as in Parsel."""
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_ATTRIBUTES = 200
"""Of one element; real ones have some 10, and libxml2 takes quadratic time."""
XML_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector, checked. `str` gives its text."""

    text: str
    """As the definition has it: `div.content`, `a.next::attr(href)`, `//h1/text()`."""
    query: str
    """What is evaluated: the text without `::attr(…)`, `::text`, `xpath:`."""
    is_xpath: bool = False
    value: str = ""
    """Name of the attribute wanted, or `text()`. Empty: the elements themselves."""
    deep: bool = False
    """With `text()`: the text of what the elements hold too (`div ::text`)."""

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, text: str) -> "Selector":
        """As `parse_selector`."""
        return parse_selector(text)

    def found(self, place: Place) -> list[Found]:
        """What is found, in the page's order: elements, or with them the text of theirs that is wanted."""
        if self.is_xpath:
            return found_by_xpath(self.query, place)
        nodes = place.css(self.query)
        if isinstance(place, LexborNode):
            nodes = [node for node in nodes if node.mem_id != place.mem_id]  # only what lies within
        if not self.value:
            return [(node, None) for node in nodes]
        return [(node, text) for node in nodes for text in self.values(node)]

    def values(self, node: LexborNode) -> Iterator[str]:
        """The attribute or the texts that are wanted of an element."""
        if self.value != TEXT:
            if (value := node.attributes.get(self.value)) is not None:
                yield value
        else:
            inner = node.traverse(include_text=True) if self.deep else node.iter(include_text=True)
            yield from (part.text_content or "" for part in inner if part.is_text_node)

    def nodes(self, place: Place) -> list[LexborNode]:
        """The elements found, each once; those whose attribute or text is wanted."""
        return [*{node.mem_id: node for node, _ in self.found(place) if node is not None}.values()]

    def first(self, place: Place) -> LexborNode | None:
        """The first element found."""
        if self.is_xpath or self.value or isinstance(place, LexborNode):
            return next(iter(self.nodes(place)), None)
        return place.css_first(self.query)

    def texts(self, place: Place) -> list[str]:
        """What is found as texts, stripped, none of them empty: attribute values, or the text of elements."""
        found = (text_of(node) if text is None and node is not None else text for node, text in self.found(place))
        return [text for value in found if value and (text := value.strip())]


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How a site's listings are read. Each field: selectors, the first that finds something counts; empty: look."""

    item: tuple[Selector, ...] = ()
    """One article of the listing: a link, or what holds one."""
    link: tuple[Selector, ...] = ()
    """Within an item: the article's link, or its address. Empty: the first link."""
    title: tuple[Selector, ...] = ()
    """Within an item. Empty: the text of the link."""
    date: tuple[Selector, ...] = ()
    """Within an item."""
    next: tuple[Selector, ...] = ()
    """In the page: the link to the listing's next page, or its address."""


@dataclass(frozen=True, slots=True)
class ArticleRules:
    """How a site's articles are read. Each field: selectors, the first that finds something counts; empty: look."""

    title: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = ()
    """All elements found are the body, in the page's order."""
    date: tuple[Selector, ...] = ()
    author: tuple[Selector, ...] = ()
    """One author per element found."""
    image: tuple[Selector, ...] = ()
    """The header image, what holds it, or its address."""
    remove: tuple[Selector, ...] = ()
    """What does not belong to the body; here all selectors count."""
    next: tuple[Selector, ...] = ()
    """The link to the article's next part, or its address."""


NO_LISTING_RULES: Final = ListingRules()
NO_RULES: Final = ArticleRules()


def nodes_of(place: Place, selectors: tuple[Selector, ...]) -> list[LexborNode]:
    """The elements that the first selector that finds any finds."""
    return next((found for selector in selectors if (found := selector.nodes(place))), [])


def texts_of(place: Place, selectors: tuple[Selector, ...]) -> list[str]:
    """The texts that the first selector that finds any finds."""
    return next((found for selector in selectors if (found := selector.texts(place))), [])


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those that lie in no other of them: what is taken or removed with its element is not taken or removed again."""
    return [node for node, depth in zip(nodes, nesting(nodes), strict=True) if depth == 0]


def nesting(nodes: list[LexborNode]) -> list[int]:
    """In how many others of them each lies. What is above them is walked once, so that the time is linear."""
    own = {node.mem_id for node in nodes}
    inside: dict[int, int] = {}  # how many of them an element is or lies in
    for node in nodes:
        path = []
        above: LexborNode | None = node
        while above is not None and above.mem_id not in inside:
            path.append(above.mem_id)
            above = above.parent
        depth = inside[above.mem_id] if above is not None else 0
        for mark in reversed(path):
            depth += mark in own
            inside[mark] = depth
    return [inside[node.mem_id] - 1 for node in nodes]


def parse_selector(text: str) -> Selector:
    """A text -> the selector it is. Raises ValueError with a sentence that says what is wrong with it."""
    text = text.strip()
    if mark := XPATH.match(text):
        query = text[mark.end() :]
        try:
            compiled(query)(etree.Element("html"))
        except (etree.XPathError, ValueError) as error:
            raise ValueError(f"expected a selector; `{text}` begins as an XPath does, but is none: {error}") from error
        return Selector(text, query, is_xpath=True)
    pseudo = PSEUDO.fullmatch(text)
    query = pseudo["query"] if pseudo else text
    if pseudo and "," in NESTED_COMMA.sub("", query):
        raise ValueError(f"expected one selector before `::`, not several with commas: `{text}`; write a list")
    try:
        LexborHTMLParser("<p>").css(query if query or not pseudo else "*")
    except SelectolaxError as error:
        raise ValueError(f"expected a CSS selector or an XPath, not `{text}`{advice(text)}") from error
    if pseudo is None:
        return Selector(text, query)
    value = (pseudo["name"] or TEXT).lower()
    return Selector(text, query or "*", value=value, deep=value == TEXT and bool(pseudo["deep"]))


def advice(text: str) -> str:
    """What someone who wrote this may have meant."""
    if "::" in text:
        return "; only `::text` and `::attr(name)` may follow `::`, at its end"
    if re.search(r":contains\(|:first\b|:last\b|:eq\(", text):
        return "; jQuery's additions to CSS are not known: use `:first-child`, `:nth-child(2)`, `:has(…)` or an XPath"
    return ""


def text_of(node: LexborNode) -> str:
    """The text of an element, a line break as a space; a `<meta>` says its text in `content`."""
    if node.tag == "meta":
        return node.attributes.get("content") or ""
    if node.css_first("br") is None:
        return node.text()
    inner = node.traverse(include_text=True)
    return "".join(
        " " if part.tag == "br" else part.text_content or "" for part in inner if part.is_text_node or part.tag == "br"
    )


# XPath.


@lru_cache(maxsize=256)
def compiled(query: str) -> etree.XPath:
    """An XPath, ready to be evaluated. Raises XPathError."""
    return etree.XPath(query, namespaces=NAMESPACES)


def found_by_xpath(query: str, place: Place) -> list[Found]:
    """What an XPath finds; nothing where a page is too large or too deep for it."""
    node = place.root if isinstance(place, LexborHTMLParser) else place
    if node is None:
        return []
    copy, originals = copied(node)
    try:
        result = compiled(query)(copy)
    except etree.XPathError:
        return []
    if not isinstance(result, list):
        return [(None, result)] if isinstance(result, str) else []
    return [found for thing in result if (found := led_back(thing, originals))]


def led_back(thing: Any, originals: dict[Any, LexborNode]) -> Found | None:
    """An element, attribute or text that was found in the copy -> what it is in the page."""
    if not isinstance(thing, str):
        return (originals[thing], None) if thing in originals else None
    holder = thing.getparent()  # type: ignore[attr-defined]  # lxml's texts know where they come from
    if holder is not None and thing.is_tail:  # type: ignore[attr-defined]
        holder = holder.getparent()
    return originals.get(holder), str(thing)


def copied(node: LexborNode) -> tuple[Any, dict[Any, LexborNode]]:
    """An element with all it holds as lxml has them, and each copy's original."""
    builder = etree.TreeBuilder()
    top = builder.start(name_of(node), attributes_of(node))
    originals: dict[Any, LexborNode] = {top: node}
    open_nodes = [node]
    current = node.first_child
    while current is not None:
        if current.is_text_node:
            builder.data(NOT_XML.sub("", current.text_content or ""))
        elif current.is_element_node:
            originals[builder.start(name_of(current), attributes_of(current))] = current
            if (child := current.first_child) is not None:
                open_nodes.append(current)
                current = child
                continue
            builder.end(name_of(current))
        while current.next is None and len(open_nodes) > 1:
            current = open_nodes.pop()
            builder.end(name_of(current))
        current = current.next
    builder.end(name_of(node))
    builder.close()
    return top, originals


def name_of(node: LexborNode) -> str:
    """The name of an element as lxml takes it."""
    tag = node.tag or ""
    return tag if XML_NAME.fullmatch(tag) else "unnamed"


def attributes_of(node: LexborNode) -> dict[str, str]:
    """The attributes of an element as lxml takes them; a name that it would refuse (`@click`) is left out."""
    found = islice(node.attributes.items(), MOST_ATTRIBUTES)
    return {name: NOT_XML.sub("", value or "") for name, value in found if XML_NAME.fullmatch(name)}
