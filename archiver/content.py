"""What an article says, whatever its page looks like today; and whether a new version of it is to be believed."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import Body, clean
from archiver.items import Article
from archiver.records import ArticleRecord

# Elements within a line. Before and behind any other a word ends, whether or not the markup has white space there.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rp rt ruby s"
    " samp small source span strike strong sub sup time tt u var wbr -text".split()
)
UNSEEN = frozenset(("0", "1", "0px", "1px"))  # width or height of an image that counts visitors
BEFORE_HOST = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
BEHIND_PATH = re.compile(r"[?#].*", re.DOTALL)

# What is believed. Look again when a run has refused a version that a person would have kept.
JUDGED_LENGTH = 100  # characters of the old text; chosen: of a newsflash half may go in a correction
ALIKE = 0.5  # share of letters in common; 111 pairs of unrelated headlines of one language had 0.38 at most
PIECE = 100_000  # characters; split in a millisecond
SAME_DATE = timedelta(days=1)  # chosen: a time in another zone, or with its time of day where it had none
COMPARED = 300  # characters of a headline
NO_WORD = re.compile(r"[\W_]+")  # `_` is what a post has for some characters of a title
STATUS = re.compile(r"(?<!\d)(?:400|401|403|404|410|429|500|502|503|504)(?!\d)|\berror\b|错误")
# Whole titles of pages that stand in an article's place: in lower case, words only, without what STATUS takes out.
ERROR_TITLES = frozenset(
    (
        *("not found", "page not found", "file not found", "article not found", "story not found", "content not found"),
        *("page does not exist", "this page does not exist", "page unavailable", "page not available", "gone"),
        *("page cannot be found", "the page cannot be found", "sorry page not found", "oops page not found", "oops"),
        *("access denied", "forbidden", "access forbidden", "unauthorized", "bad request", "too many requests"),
        *("just a moment", "attention required", "attention required cloudflare", "one moment please"),
        *("are you a robot", "are you human", "verify you are human", "security check", "checking your browser"),
        *("internal server", "server", "bad gateway", "service unavailable", "gateway timeout", "gateway time out"),
        *("service temporarily unavailable", "site maintenance", "under maintenance", "temporarily unavailable"),
        *("页面不存在", "该页面不存在", "您访问的页面不存在", "您要访问的页面不存在", "抱歉 页面不存在", "页面未找到"),
        *("页面没有找到", "页面找不到", "找不到", "找不到页面", "找不到该页面", "找不到网页", "未找到", "未找到页面"),
        *("文章不存在", "内容不存在", "文章已删除", "内容已删除", "页面已删除", "该内容已被删除", "该文章已被删除"),
        *("访问被拒绝", "禁止访问", "拒绝访问", "安全验证", "请完成验证", "人机验证", "验证码", "系统维护", "服务器"),
        *("頁面不存在", "找不到頁面", "找不到網頁", "ページが見つかりません", "페이지를 찾을 수 없습니다"),
        *("seite nicht gefunden", "zugriff verweigert", "page introuvable", "page non trouvée", "accès refusé"),
        *("página no encontrada", "página não encontrada", "pagina non trovata", "страница не найдена"),
    )
)


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says, as a fact to compare with."""

    digest: str
    """SHA-256, in hexadecimal, of text, images and links. Headline and date are compared as they are."""
    length: int
    """Characters of the body's visible text, without white space."""


def content_of(article: Article) -> Content:
    """The content of an article; the same for a body before and after cleaning.

    Markup, classes, white space, the queries of addresses (signatures, sizes, tracking), http or https and images of
    one pixel are no content.
    """
    body = article.body if isinstance(article.body, Body) else clean(article.body, article.url)
    text, images, links = shown(body)
    if not images and article.image_url:
        images = [place(article.image_url)]
    fact = hashlib.sha256(b'["')  # of the JSON text, piece by piece
    for piece in pieces(text):
        fact.update(json.dumps(piece)[1:-1].encode())
    fact.update(f'", {json.dumps(images)}, {json.dumps(links)}]'.encode())
    return Content(fact.hexdigest(), len(text) - text.count(" "))


def is_same(record: ArticleRecord, new: Article, new_content: Content) -> bool:
    """Does an article say what it said when it was seen last?

    A date that differs by hours is the same: a page that says "3 hours ago" gives another one every time. The first
    date is none.
    """
    is_dated_now = record.published is None and new.published is not None
    same_words = collapsed(record.title) == collapsed(new.title) and record.content == new_content.digest
    return same_words and not is_dated_now and not are_days_apart(record.published, new.published)


def why_suspicious(
    old_title: str, old_published: datetime | None, old_length: int, new: Article, new_content: Content
) -> str | None:
    """Why a new version of an archived article is not believed; None: it is an ordinary correction.

    `old_title` may be that of the article or of its post; both dates are aware; lengths are those of `Content`.
    """
    old_words, new_words = words(old_title), words(new.title)
    if old_words != new_words and is_error(new_words):
        return f"an error page stands there now: {new.title}"
    if old_words and are_days_apart(old_published, new.published) and not are_alike(old_words, new_words):
        return f"another article stands there now: {new.title}"
    if old_length >= JUDGED_LENGTH and new_content.length * 2 < old_length:
        return f"much shorter: {new_content.length} of {old_length} characters"
    return None


def shown(body: Body) -> tuple[str, list[str], list[str]]:
    """The text of a body, the places of its images and of what it links to, each in its order."""
    text: list[str] = []
    images: list[str] = []
    links: list[str] = []
    root = LexborHTMLParser(body, is_fragment=True).root if body else None
    for node in root.traverse(include_text=True) if root is not None else ():
        if node.tag not in INLINE or (node.prev is not None and node.prev.tag not in INLINE):
            text.append(" ")
        if node.is_text_node:
            text.append("" if is_address(node) else node.text_content or "")
        elif node.tag == "img" and (source := node.attributes.get("src")) and not is_counter(node):
            images.append(place(source))
        elif node.tag == "a" and (target := node.attributes.get("href")):
            links.append(place(target))
    return collapsed("".join(text)), images, links


def is_address(text: LexborNode) -> bool:
    """Is a text the address of the link that it stands in, as for an embedded frame? Such are signed too."""
    link = text.parent
    return link is not None and link.tag == "a" and link.attributes.get("href") == (text.text_content or "").strip()


def is_counter(image: LexborNode) -> bool:
    """Is an image there to be asked for, not to be looked at?"""
    return not UNSEEN.isdisjoint((image.attributes.get("width"), image.attributes.get("height")))


def place(address: str) -> str:
    """Host and path of an address."""
    return BEFORE_HOST.sub("", BEHIND_PATH.sub("", address), count=1)


def collapsed(text: str) -> str:
    """A text with one space for all white space between two words."""
    return " ".join(filter(None, (" ".join(piece.split()) for piece in pieces(text))))


def pieces(text: str) -> Iterator[str]:
    """A text, cut at spaces: what looks at megabytes in one call stops every other thread for so long."""
    begin = 0
    while (end := text.find(" ", begin + PIECE)) >= 0:
        yield text[begin:end]
        begin = end
    yield text[begin:]


def words(title: str) -> str:
    """A title in lower case and without signs, for comparing."""
    return collapsed(NO_WORD.sub(" ", unicodedata.normalize("NFKC", title).casefold()))[:COMPARED]


def is_error(title: str) -> bool:
    """Is this the whole title of an error page, a refusal or a challenge? `title` is in the form of `words`."""
    rest = collapsed(STATUS.sub(" ", title))
    return rest in ERROR_TITLES if rest else bool(title)


def are_days_apart(old: datetime | None, new: datetime | None) -> bool:
    """Are two publication times both known, and more than a day apart?"""
    return old is not None and new is not None and abs(new - old) > SAME_DATE


def are_alike(old: str, new: str) -> bool:
    """Is one headline a rewording of the other?"""
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= ALIKE
