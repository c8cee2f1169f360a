"""Article HTML -> the body of a post: absolute, inert, least-escaped (FORMAT.md, Body).

The tree is built by lexbor, an HTML5 tree builder in C, and written by a small serialiser that follows the WHATWG
algorithm, except that it escapes only what a parser would otherwise read as something else. What is written parses
to the tree it was written from: `clean(clean(x)) == clean(x)`.

What stays is what the tables of `archiver/sanitiser.py` name. nh3 judges the result by the same tables: what it would
take out is taken out, until there is nothing; so two parsers and two serialisers agree that a body is inert.
"""

import re
from dataclasses import dataclass, field
from html.entities import html5
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.lazy import LAZY, SRCSETS, STAND_IN, candidates, is_address, real_source
from archiver.sanitiser import (
    DROPPED,
    ELEMENTS,
    LINKS,
    MEDIA,
    MOST_ATTRIBUTES,
    PREFIXES,
    SANDBOX,
    TARGETS,
    allowed_features,
    judged,
    may_have,
    without_opener,
)
from archiver.style import harmless_style
from archiver.urls import absolute, absolute_image, is_web, trimmed

VOID = frozenset("area br col hr img source track wbr".split())
# Players that an article may embed; any other frame becomes a link.
VIDEO_HOSTS = frozenset(
    "player.youku.com v.qq.com player.bilibili.com open.iqiyi.com tv.sohu.com youtube.com youtube-nocookie.com"
    " player.vimeo.com dailymotion.com player.twitch.tv".split()
)
PREFORMATTED = frozenset(("pre", "textarea"))
DEEPEST = 400
"""Elements in each other; of what lies deeper the text stays. Real articles have a dozen, and parsers are quadratic."""
TOO_DEEP = 8_000
"""Elements in each other. Real pages have some 30; lexbor takes 50 ms for 8,000, and 3 s for 60,000."""
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
LEAF = frozenset("area base br col embed hr img input link meta param source track wbr p li td th tr option".split())
"""Elements that hold none, or whose end tag may be left out: a page of a list with 10,000 items is not deep."""
ROUNDS = 5
"""Of writing and judging, after which what still changes is written as mere text."""

# Addresses that run, in whatever attribute.
RUNS = re.compile(r"\W{0,9}(?:(?:java|vb|live)script\s*:|data:(?:text|application|image/svg))", re.IGNORECASE)
MEDIA_ELEMENT = re.compile(r"<(?:img|video|audio|iframe)\b")
SHOWN_TEXT = re.compile(r"(?:^|>)\s*[^\s<]")
ANY_TAG = re.compile(r"<[^<>]*>?")
WRITTEN_TAG = re.compile(r'<(?P<name>[a-z][^\s>]*)(?:[^>"]|"[^"]*")*>')  # as `clean` writes them

# U+FFFC is Hexo's own mark for what it has taken out of a post; CR, FF and the C1 controls are white space to nobody.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffc]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
SPECIAL = re.compile(r"[&<>\"\n\x00-\x08\x0b-\x1f\x7f-\x9f\ufffc]")  # what the escaping functions look for
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
UNSETTLED = re.compile(r"\n[ \t]*\n|srcset=|<iframe")
BLANK_LINE = re.compile(r"(?<=\n)([ \t]*)\n")
# Hexo turns these into code before it looks at the HTML around them, also behind a quote or list mark.
FENCE = re.compile(r"^([^\S\n]*(?:(?:>|[-*+]|\d+\.)[^\S\n]*)*)([`~])(?=\2\2)", re.MULTILINE)
START = re.compile(r"\A[\s\ufeff]+")  # no post begins with white space; parsers drop a byte order mark, once each time
REFERENCE = re.compile(r"&(?=#[0-9]|#[xX][0-9a-fA-F]|([A-Za-z][A-Za-z0-9]*)(;?)(=?))")
LEGACY = frozenset(name for name in html5 if not name.endswith(";"))  # read as references without a semicolon
LONGEST_LEGACY = max(map(len, LEGACY))


class Body(str):
    """HTML that has been through `clean`."""

    __slots__ = ()


def clean(markup: str, base: str, video_hosts: frozenset[str] = VIDEO_HOSTS) -> Body:
    """HTML or plain text of an article -> the body of its post; `base` is what its relative addresses refer to.

    Empty where nothing is left. Cleaning once more changes nothing, whatever `base` is then. `video_hosts`, in lower
    case and without `www.`, are those whose players stay.
    """
    if depth_of(markup) > TOO_DEEP:
        markup = ANY_TAG.sub(" ", markup)
    written = write(SURROGATE.sub("\N{REPLACEMENT CHARACTER}", markup), base, video_hosts)
    for _ in range(ROUNDS):  # a tree that no markup can express (links in links) takes another round
        found = judged(written)
        again = written if is_settled(written, found) else write(found, base, video_hosts)
        if again == written:
            return Body(written)
        written = again
    return Body(START.sub("", escape_text(LexborHTMLParser(written, is_fragment=True).text() if written else "")))


def is_settled(written: str, judged_as: str) -> bool:
    """Would another round change nothing, since nh3 reads what was written as what it is, and took nothing out?

    What another round may still put right: blank lines around an image that went, an image that has nothing but its
    `srcset`, and what a frame holds.
    """
    is_same = judged_as.replace('=""', "") == written.replace('=""', "")
    return is_same and UNSETTLED.search(written) is None


def depth_of(text: str) -> int:
    """How deep the elements of some markup lie in each other, at most; counted from its tags, in linear time."""
    if text.count("<") - text.count("</") <= TOO_DEEP:
        return 0
    depth = deepest = 0
    for match in TAG.finditer(text):
        if match[1]:
            depth = max(0, depth - (match[2].lower() not in LEAF))
        elif match[2].lower() not in LEAF:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def shows_something(body: str) -> bool:
    """Is there any text, image or player, or nothing but empty elements?"""
    return SHOWN_TEXT.search(body) is not None or MEDIA_ELEMENT.search(body) is not None


def first_image(body: Body) -> str | None:
    """Address of the first image of a body; None: it shows none."""
    if "<img" not in body:
        return None
    tags = (match[0] for match in WRITTEN_TAG.finditer(body) if match["name"] == "img")
    images = (LexborHTMLParser(tag, is_fragment=True).css_first("img[src]") for tag in tags)
    return next((src for image in images if image is not None and is_web(src := image.attributes["src"] or "")), None)


def base_address(page: LexborHTMLParser, url: str) -> str:
    """What the relative addresses of a page refer to: its `<base href>`, else its own address."""
    found = page.css_first("base[href]")
    return (absolute(found.attributes["href"] or "", url) if found else None) or url


def inner_html(element: LexborNode) -> str:
    """What an element of a page holds, as markup."""
    return "".join(child.html or "" for child in element.iter(include_text=True))


def write(markup: str, base: str, video_hosts: frozenset[str] = VIDEO_HOSTS) -> str:
    """One round of `clean`."""
    if "<" not in markup and "&" not in markup:
        markup = re.sub(r"\r\n?", "\n", markup)
        return fenceless(START.sub("", escape_text(markup)))
    node = LexborHTMLParser(markup, is_fragment=True).root
    writer = Writer(base, video_hosts)
    ancestors: list[tuple[LexborNode, str]] = []
    while node is not None:
        end = writer.enter(node, len(ancestors))
        if end is not None and (child := node.first_child) is not None:
            ancestors.append((node, end))
            node = child
            continue
        if end:
            writer.leave(end)
        while node.next is None and ancestors:
            node, end = ancestors.pop()
            writer.leave(end)
        node = node.next
    writer.flush()
    return fenceless(START.sub("", "".join(writer.written)))


@dataclass(slots=True)
class Writer:
    """Writes a tree node by node, in document order."""

    base: str
    video_hosts: frozenset[str]
    written: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)  # what has been read since the last tag
    preformatted: int = 0
    newline_is_eaten: bool = False  # by a parser, right behind <pre> and <textarea>
    image_at: int | None = None  # where in `written` the last image stands, until other content follows it
    image_is_real: bool = False

    def enter(self, node: LexborNode, depth: int) -> str | None:
        """Writes a text or a start tag. Returns the end tag, perhaps empty; None: what it holds is to be skipped."""
        if node.is_text_node:
            text = node.text_content or ""
            self.text.append(text)
            if text.strip():
                self.image_at = None
            return None
        tag = node.tag or ""
        if not node.is_element_node or tag in DROPPED:
            return None
        if tag == "noscript":
            return self.fallback(node)
        if tag == "math":
            self.text.append(node.text())
            return None
        if tag == "iframe" and not self.is_video(node):
            self.link(node)
            return None
        if tag in ("xmp", "plaintext", "listing"):
            tag = "pre"
        if tag not in ELEMENTS or depth >= DEEPEST:
            return ""
        self.flush()
        attributes = self.image(node) if tag == "img" else self.attributes(node)
        if tag == "img" and not shows(attributes):
            return None
        self.written.append("<" + tag + "".join(map(write_attribute, attributes.items())) + ">")
        if tag in VOID:
            return None
        if tag == "iframe":  # what it holds is no markup to a parser
            self.written.append(("\n" if "\n" in node.text() else "") + "</iframe>")
            return None
        if tag in PREFORMATTED:
            self.preformatted += 1
            self.newline_is_eaten = True
        return f"</{tag}>"

    def leave(self, end: str) -> None:
        """Writes an end tag."""
        if end:
            self.flush()
            self.preformatted -= end in ("</pre>", "</textarea>")
            self.written.append(end)

    def flush(self) -> None:
        """Writes the text that has been read since the last tag."""
        if self.text:
            text = "".join(self.text)
            self.text.clear()
            eaten = self.newline_is_eaten and text.startswith("\n")
            self.written.append(("\n&#10;" if eaten else "") + escape_text(text[eaten:], self.preformatted > 0))
        self.newline_is_eaten = False

    def attributes(self, node: LexborNode) -> dict[str, str]:
        """What may stay, in the source's order, addresses absolute and values ready to stand between quotes."""
        kept: dict[str, str] = {}
        tag = node.tag or ""
        for name, found in node.attributes.items():
            if not may_have(tag, name) or len(kept) >= MOST_ATTRIBUTES:
                continue
            value = self.value(name, found) if found and found.strip() else ""
            if value is not None:
                kept[name] = escape_value(value, self.preformatted > 0)
        if tag == "iframe":
            kept["sandbox"] = SANDBOX
        return kept

    def value(self, name: str, value: str) -> str | None:
        """What an attribute says, as far as it may; None: it goes."""
        if name in LINKS:
            return absolute(value, self.base)
        if (name in LAZY or name.startswith(PREFIXES)) and RUNS.match(trimmed(value)):
            return None  # some script may make an address of it
        if name in MEDIA or (name in LAZY and is_address(value.strip())):
            return absolute_image(value, self.base)
        if name in SRCSETS:
            return self.srcset(value)
        if name == "target":
            return value if value.lower() in TARGETS else None
        read = VALUES.get(name)
        return read(value) if read is not None else value

    def srcset(self, value: str) -> str | None:
        """Each address of a `srcset` made absolute; None: none may stay."""
        found = [(absolute_image(address, self.base), size) for address, size in candidates(value)]
        return ", ".join(f"{address} {size}".strip() for address, size in found if address) or None

    def image(self, node: LexborNode) -> dict[str, str]:
        """Attributes of an image, the real address as `src`, `referrerpolicy` behind the others."""
        kept = self.attributes(node)
        source = real_source(node)
        if source is not None and (address := absolute_image(source, self.base)):
            kept["src"] = escape_value(address, self.preformatted > 0)
        self.image_at = len(self.written) if shows(kept) else None
        self.image_is_real = source is not None and not STAND_IN.match(source)
        return {**kept, "referrerpolicy": kept.get("referrerpolicy") or "no-referrer"}

    def fallback(self, node: LexborNode) -> str | None:
        """`<noscript>`: stays, unwrapped, where it holds the image that a script would have put before it."""
        if node.css_first("img") is None:
            return None
        if self.image_at is not None:
            if self.image_is_real:
                return None
            self.written[self.image_at] = ""
        return ""

    def is_video(self, node: LexborNode) -> bool:
        """Does this `<iframe>` show the player of a video host?"""
        source = node.attributes.get("src")
        parts = urlsplit(absolute_image(source, self.base) or "") if source else None
        return parts is not None and parts.scheme == "https" and parts.netloc.removeprefix("www.") in self.video_hosts

    def link(self, node: LexborNode) -> None:
        """`<iframe>` of any other host: what it would load runs scripts, so a link to it stands there."""
        source = real_source(node)
        address = absolute_image(source, self.base) if source else None
        if address and is_web(address):
            self.flush()
            value = escape_value(address, self.preformatted > 0)
            self.written.append(f'<a href="{value}">{escape_text(address, self.preformatted > 0)}</a>')


VALUES = {"style": harmless_style, "rel": without_opener, "allow": allowed_features}
"""What reads the values of attributes that may say too much."""


def shows(image: dict[str, str]) -> bool:
    """Have the attributes of an image an address?"""
    return bool(image.get("src") or image.get("srcset"))


def write_attribute(attribute: tuple[str, str]) -> str:
    """` name="value"`, an empty one as its bare name."""
    name, value = attribute
    return f' {name}="{value}"' if value else f" {name}"


def escape_text(text: str, preformatted: bool = False) -> str:
    """Text of the tree -> markup that reads as that text, without control characters and blank lines."""
    if SPECIAL.search(text) is None:
        return text
    text = REFERENCE.sub(escape_reference, CONTROL.sub("", text)).replace("<", "&lt;").replace(">", "&gt;")
    return without_blank_lines(text, preformatted)


def escape_value(value: str, preformatted: bool = False) -> str:
    """The value of an attribute -> what stands between its double quotes."""
    if SPECIAL.search(value) is None:
        return value
    value = REFERENCE.sub(escape_value_reference, CONTROL.sub("", value))
    value = value.replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")  # as browsers do, since 2025
    return without_blank_lines(value, preformatted)


def without_blank_lines(markup: str, preformatted: bool) -> str:
    """After a blank line Hexo and Hugo would read Markdown again."""
    return BLANK_LINE.sub(r"\1&#10;", markup) if preformatted else BLANK_LINES.sub("\n", markup)


def fenceless(markup: str) -> str:
    """The first of three or more backticks or tildes that begin a line becomes its character reference."""
    return FENCE.sub(lambda match: f"{match[1]}&#{ord(match[2])};", markup)


def escape_reference(match: re.Match[str]) -> str:
    """`&amp;` where a parser would read a character reference in text (WHATWG HTML, 13.2.5.72)."""
    name = match[1]
    if name is None or (match[2] and f"{name};" in html5):
        return "&amp;"
    return "&amp;" if any(name[:length] in LEGACY for length in range(2, LONGEST_LEGACY + 1)) else "&"


def escape_value_reference(match: re.Match[str]) -> str:
    """The same in an attribute, where a name without semicolon is none before `=` or a letter or digit."""
    name, semicolon, equals = match.groups()
    if name is None or (semicolon and f"{name};" in html5):
        return "&amp;"
    return "&amp;" if name in LEGACY and not equals else "&"
