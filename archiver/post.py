"""The post format: `render(article) -> str` and `parse(text) -> Post`; the only module that knows it.

The rules are those of FORMAT.md, retold in `docs/post-format.md`. One law holds for reading and writing:
`render(parse(text)) == text` for every text that `parse` accepts, also what another program wrote.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import yaml

from archiver.body import Body, clean
from archiver.dates import parse_standard, to_crawl_time, to_rfc1123
from archiver.errors import PostFormatError
from archiver.items import Article
from archiver.names import ILLEGAL
from archiver.urls import image_origin

BEFORE_BODY = "\n---\n\n<div>   \n"
AFTER_BODY = "  \n</div>\n            "
PLACEHOLDER = "https://picsum.photos/400/300?random="
PLACES = ("c1", "c2", "c3")
INVALID_DATE = "Invalid Date"
CRAWL_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
# PyYAML refuses these or takes them for line breaks; U+FFFC is Hexo's own mark for what it has taken out of a post.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffc\ufffe\uffff]+")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# Plain scalars that YAML 1.2 (js-yaml, Hugo) reads as something but this string, beyond those that PyYAML shows
# to be something else: 1e3, 0o17, 007, 12:30, y, .inf, 2022-01-01, 1_000.
AMBIGUOUS = re.compile(
    r"[-+.]?\d[\d_.,:eExXoObBa-fA-F+\-]*|\d[\d :.TtZz+\-]*|[-+]?\.(?:inf|nan)|~|y|n|yes|no|on|off|true|false|null|=|<<",
    re.IGNORECASE,
)
INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
FRONT_MATTER = re.compile(
    r"\n---\ntitle: (?P<title>(?s:.*?))\ncategories: \n - (?P<c1>.*)\n - (?P<c2>.*)\n - (?P<c3>.*)\n"
    r"headimg: (?P<headimg>.*)\nauthor: (?P<author>.*)\ncomments: false\ndate: (?P<date>.*)\n"
    r"thumbnail: (?P<thumbnail>.*)"
)
# The same line by line, to tell which line is wrong when the whole does not match.
FRONT_LINES = (
    ("", "an empty line"),
    ("---", "`---`"),
    ("title: .*", "`title: 'TITLE'`"),
    ("categories: ", "`categories: `, with a space behind the colon"),
    (" - .*", "` - C1`, the first of three categories"),
    (" - .*", "` - C2`, the second of three categories"),
    (" - .*", "` - C3`, the third of three categories"),
    ("headimg: .*", "`headimg: 'IMAGE'`"),
    ("author: .*", "`author: C2`"),
    ("comments: false", "`comments: false`"),
    ("date: .*", "`date: DATE`"),
    ("thumbnail: .*", "`thumbnail: 'IMAGE'`"),
    ("---", "`---`"),
    ("", "an empty line"),
    ("<div>   ", "`<div>` and three spaces"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post file, field by field, with `{` and `}` as themselves."""

    title: str
    """As the file has it: `_` for the characters that the format replaces."""
    categories: tuple[str, ...]
    """Three, outermost first."""
    headimg: str
    """Address of the header image or of the placeholder; `thumbnail` is always equal. Empty: an old post without."""
    author: str
    """Always the second category."""
    date: str
    """As written: `Thu, 03 Mar 2022 06:57:37 GMT`, `2022-04-06 06:11:26` or, in old posts, `Invalid Date`."""
    body: str
    """HTML or plain text; no white space at its start."""
    as_found: tuple[tuple[str, str, str], ...] = ()
    """(place, value, text): how another program wrote a value that we write in another way. Keeps the law."""

    @property
    def published(self) -> datetime | None:
        """The date, aware; None for `Invalid Date`."""
        return parse_standard(self.date)

    @property
    def has_crawl_time(self) -> bool:
        """Does the date tell when the page was fetched, because the page gave none?"""
        return CRAWL_TIME.fullmatch(self.date) is not None

    @property
    def image_url(self) -> str | None:
        """Origin of the header image, behind any proxy prefix; None where there is none or only the placeholder."""
        return image_origin(self.headimg) if self.headimg and not self.headimg.startswith(PLACEHOLDER) else None


def to_post(article: Article, *, headimg: str | None = None, insecure_image_prefix: str = "") -> Post:
    """An article as a post; its body is cleaned unless it is a `Body` already.

    `headimg` stands instead of the article's image address (that of a stored file, with local links).
    `insecure_image_prefix` is put before insecure addresses as the old program did (FORMAT.md, Insecure images).
    Raises ValueError unless the article has three categories.
    """
    if len(article.categories) != 3:
        raise ValueError(f"a post has three categories, not {article.categories!r}: {article.url}")
    title = field_text(article.title).translate(ILLEGAL)
    categories = tuple(field_text(category) for category in article.categories)
    body: str = article.body if isinstance(article.body, Body) else clean(article.body, article.url)
    image = article.image_url or placeholder(article.url)
    if insecure_image_prefix and "https://" not in image:
        body = body.replace('src="http://', f'src="{insecure_image_prefix}http://')
        image = insecure_image_prefix + image if image.startswith("http://") else image
    return Post(
        title=title,
        categories=categories,
        headimg=field_text(image if headimg is None else headimg),
        author=categories[1],
        date=to_rfc1123(article.published) if article.published else to_crawl_time(article.fetched),
        body=body or clean(title, article.url) or clean(article.url, article.url),
    )


def render(source: Article | Post) -> str:
    """The whole file, ready to be encoded as UTF-8."""
    post = to_post(source) if isinstance(source, Article) else source
    found = {(place, value): text for place, value, text in post.as_found}
    title = found.get(("title", post.title), quote_title(post.title))
    names = [
        found.get((place, name), quote_if_needed(name)) for place, name in zip(PLACES, post.categories, strict=True)
    ]
    headimg = found.get(("headimg", post.headimg), quote_image(post.headimg))
    author = found.get(("c2", post.author), quote_if_needed(post.author))
    text = (
        f"\n---\ntitle: {title}\ncategories: \n - {names[0]}\n - {names[1]}\n - {names[2]}\nheadimg: {headimg}\n"
        f"author: {author}\ncomments: false\ndate: {post.date}\nthumbnail: {headimg}"
        f"{BEFORE_BODY}{post.body}{AFTER_BODY}"
    )
    return without_braces(text)


def parse(text: str) -> Post:
    """Reads a post, ours or the old program's. Raises PostFormatError: the line, and what belongs there."""
    if text.startswith("\ufeff"):
        raise PostFormatError(1, "expected no byte order mark")
    for character, expectation in (("\r", "LF as line end"), ("{", "`&#123;`"), ("}", "`&#125;`")):
        if character in text:
            raise PostFormatError(text.count("\n", 0, text.index(character)) + 1, f"expected {expectation}")
    front, marker, rest = with_braces(text).partition(BEFORE_BODY)
    match = FRONT_MATTER.fullmatch(front) if marker else None
    if match is None:
        raise wrong_line(text.split("\n"))
    if not rest.endswith(AFTER_BODY) or len(rest) == len(AFTER_BODY):
        raise PostFormatError(text.count("\n") + 1, "expected a body, two spaces, `</div>` and a line of twelve spaces")
    body = rest[: -len(AFTER_BODY)]
    line = 4 + match["title"].count("\n")  # of `categories:`
    if body[0].isspace():
        raise PostFormatError(line + 12, "expected a body that starts with no white space")
    if match["thumbnail"] != match["headimg"]:
        raise PostFormatError(line + 8, "expected the same image as in `headimg`")
    if match["author"] != match["c2"]:
        raise PostFormatError(line + 5, "expected the second category")
    title = read_title(match["title"])
    categories = tuple(read_plain(match[place]) for place in PLACES)
    headimg = read_image(match["headimg"], line + 4)
    written = [("title", title, quote_title(title)), ("headimg", headimg, quote_image(headimg))]
    written += [(place, name, quote_if_needed(name)) for place, name in zip(PLACES, categories, strict=True)]
    return Post(
        title=title,
        categories=categories,
        headimg=headimg,
        author=categories[1],
        date=read_date(match["date"], line + 7),
        body=body,
        as_found=tuple(
            (place, value, match[place]) for place, value, ours in written if with_braces(ours) != match[place]
        ),
    )


def placeholder(url: str) -> str:
    """The stand-in for an article without image; the number follows from the URL, so writing twice is the same."""
    number = int.from_bytes(hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:8]) % 10001
    return f"{PLACEHOLDER}{number}"


def field_text(text: str) -> str:
    """Text that can stand in one line of front matter: control characters and line breaks become one space."""
    return CONTROL.sub(" ", SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))


def without_braces(text: str) -> str:
    """Hexo runs every post through a template engine; `{` and `}` are written so that it sees none."""
    return text.replace("{", "&#123;").replace("}", "&#125;")


def with_braces(text: str) -> str:
    """Undoes `without_braces`."""
    return text.replace("&#123;", "{").replace("&#125;", "}")


def quote_title(title: str) -> str:
    """Single quotes; double ones where the title holds `'`; single ones with `'` doubled where it holds both."""
    if "'" in title and '"' not in title:
        return f'"{title}"'
    return "'" + title.replace("'", "''") + "'"


def quote_image(url: str) -> str:
    """Single quotes; braces percent-encoded, everything else as it is."""
    return "'" + url.replace("{", "%7B").replace("}", "%7D").replace("'", "''") + "'"


@lru_cache(maxsize=4096)
def quote_if_needed(text: str) -> str:
    """The text itself where every YAML reader gives the same string back, else in single quotes."""
    plain = without_braces(text)
    quoted = "'" + text.replace("'", "''") + "'"
    if (
        not plain
        or plain[0] in INDICATORS
        or plain != plain.strip()
        or re.search(r": | #|:$|\ufeff", plain)
        or AMBIGUOUS.fullmatch(plain)
    ):
        return quoted
    try:
        same = yaml.safe_load(f"- {plain}\n- a: {plain}\n") == [plain, {"a": plain}]
    except yaml.YAMLError:
        same = False
    return text if same else quoted


def read_title(found: str) -> str:
    """Undoes `quote_title`, and reads what the old program wrote for a title with both kinds of quote."""
    inner = found[1:-1]
    if len(found) < 2 or found[0] != found[-1] or found[0] not in "'\"":
        raise PostFormatError(3, "expected `title: 'TITLE'`")
    if any(character in ILLEGAL for character in map(ord, inner)):
        raise PostFormatError(3, "expected `_` for each of : / \\ ? * “ ” < > [ ] | in the title")
    if found[0] == "'" and "'" in inner:
        if "'" in inner.replace("''", "") or '"' not in inner:
            raise PostFormatError(3, "expected a title that holds ' in double quotes")
        inner = inner.replace("''", "'")
    elif found[0] == '"' and "'" not in inner:
        raise PostFormatError(3, "expected a title without ' in single quotes")
    return field_text(inner)


def read_image(found: str, line: int) -> str:
    """Undoes `quote_image`."""
    if len(found) < 2 or found[0] != "'" or found[-1] != "'":
        raise PostFormatError(line, "expected an address in single quotes")
    return found[1:-1].replace("''", "'")


def read_plain(found: str) -> str:
    """Undoes `quote_if_needed`; the old program never quoted here, so other quotes belong to the text."""
    inner = found[1:-1].replace("''", "'")
    return inner if with_braces(quote_if_needed(inner)) == found else found


def read_date(found: str, line: int) -> str:
    """A date in one of the three notations, as it is."""
    moment = parse_standard(found)
    if found == INVALID_DATE or (moment and found in (to_rfc1123(moment), to_crawl_time(moment))):
        return found
    raise PostFormatError(line, "expected a date as `Thu, 03 Mar 2022 06:57:37 GMT` or `2022-04-06 06:11:26`")


def wrong_line(lines: list[str]) -> PostFormatError:
    """The first line that does not follow the format."""
    for number, (pattern, expectation) in enumerate(FRONT_LINES, 1):
        if number > len(lines) or not re.fullmatch(pattern, lines[number - 1]):
            return PostFormatError(number, f"expected {expectation}")
    return PostFormatError(len(lines), "expected `title:` to `thumbnail:` in the order of the format")
