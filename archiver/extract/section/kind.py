"""Is a page an article, a listing of articles, or neither?

An article has its running text in one place; a listing repeats itself, and leads elsewhere. An article that is taken
for a listing is lost from the archive, a listing that is taken for an article is one post too many: in doubt it is an
article."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from archiver.extract.section.address_words import LISTINGS, SHOP, SITE
from archiver.extract.section.groups import Group, groups_of
from archiver.extract.section.links import SPACES, TITLE, Outline, outline, weight
from archiver.extract.section.onward import find_following
from archiver.extract.section.scope import (
    address_points,
    is_never_article,
    page_number,
    section_folder,
)
from archiver.extract.section.things import declared_things, declared_types, meta
from archiver.extract.section.words import BLOCKS


class Kind(StrEnum):
    """What a page is to an archive of articles."""

    ARTICLE = "article"
    LISTING = "listing"
    """A section, front, tag, author or category page: it leads to articles."""
    OTHER = "other"
    """Login, search, shop, contact, error, consent: neither."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is, and why in words."""

    kind: Kind
    reason: str


ARTICLE_TYPES = frozenset(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle ReviewNewsArticle"
    " BackgroundNewsArticle AskPublicNewsArticle TechArticle ScholarlyArticle Report LiveBlogPosting SocialMediaPosting"
    " AdvertiserContentArticle SatiricalArticle Recipe HowTo Review CriticReview".split()
)
LISTING_TYPES = frozenset("CollectionPage ItemList Blog ProfilePage DataFeed ArchiveComponent".split())
OTHER_TYPES = {
    "Product": "a product",
    "ProductGroup": "a product",
    "SearchResultsPage": "search results",
    "ContactPage": "a contact page",
    "CheckoutPage": "a shop page",
    "AboutPage": "a page about the site",
    "LoginAction": "a login page",
}
ERROR = re.compile(
    r"\W*(?:(?:error\W*)?(?:403|404|410|500|502|503)\b|(?:page|seite|article|file) (?:not found|nicht gefunden)"
    r"|not found|access denied|forbidden|oops|页面不存在|页面没有找到|找不到|頁面不存在|您访问的页面"
    r"|ページが見つかりません|페이지를 찾을 수 없|page introuvable|página no encontrada"
    r"|pagina non trovata|página não encontrada|страница не найдена)",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"\W*(?:before you continue|we value your privacy|your privacy|cookies?\b|consent|datenschutz|vor dem weiterlesen"
    r"|votre vie privée|tu privacidad|just a moment|are you (?:a )?(?:human|robot)|security check|请完成验证|安全验证)",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"\W*(?:log ?in|sign ?in|sign up|register|anmelden|connexion|iniciar sesión|登录|登錄|登入|ログイン|로그인|вход)",
    re.IGNORECASE,
)
RUNNING, NONE = 150, 60
"""Weight of text from which on it may be an article's, as a newsflash's of two sentences; below which there is none."""
# Weight of the text that stands in one place -> what it says for an article.
TEXT_POINTS = ((2000, 4.0), (1000, 3.0), (400, 2.0), (RUNNING, 1.0), (NONE, 0.0), (0, -2.0))
TEXT_WORDS = (
    *((1000, "a long running text"), (RUNNING, "a running text")),
    *((NONE, "a short text"), (0, "no running text")),
)
# Titles in one repeated place -> what they say for a listing. An article's page too shows up to a dozen others.
LIST_POINTS = ((15, 3.0), (6, 2.0), (3, 1.0), (0, 0.0))
NEAR = 30
"""Elements between an article's heading and its date: a byline, an author's picture, buttons."""
Told = TypeVar("Told")
Evidence = tuple[float, str]
"""Points for an article, or against it, and what they are given for."""


def kind_of(page: LexborHTMLParser, url: str, kinds: tuple[str, ...] = ()) -> Verdict:
    """What a page is. `kinds`: the types that it declares for itself, where they are known already.

    The address comes first where it alone tells, then what is declared, then points: for an article its declared type,
    its address, text in one place, heading and date; against it repeated titles, a next page, links to pages below.
    Without running text, or its declaration as an article, nothing is one.
    """
    reason = is_never_article(url)
    if reason in LISTINGS:
        return Verdict(Kind.LISTING, reason)
    types = kinds or tuple(declared_types(page))
    articles = sum(name in ARTICLE_TYPES for name in types)
    if reason is not None and not (reason in (SHOP, SITE) and articles == 1):
        return Verdict(Kind.OTHER, reason)
    social = meta(page, "og:type").lower()
    other = next((OTHER_TYPES[name] for name in types if name in OTHER_TYPES), None)
    other = other or ("a product" if social in ("product", "product.item", "og:product") else None)
    if other and not articles:
        return Verdict(Kind.OTHER, other)
    found = outline(page, url)
    return weigh(page, url, found, types, social)


def weigh(page: LexborHTMLParser, url: str, found: Outline, types: Sequence[str], social: str) -> Verdict:
    """The verdict by points, where neither address nor declaration alone tells."""
    all_groups = groups_of(found)
    groups = [group for group in all_groups if len(group.links) > 1 and not group.aside and is_list(group)]
    is_declared = sum(name in ARTICLE_TYPES for name in types) == 1
    entry = None if is_declared else single_entry(found, url, all_groups)
    covered = covered_by(found, [*groups, entry] if entry else groups)
    text = running_text(found, covered)
    text = max(text, declared_text(page)) if is_declared and text < RUNNING else text
    heading = heading_of(page)
    if not is_declared and text < 1500 and (reason := refusal(page, found, heading, text)):
        return Verdict(Kind.OTHER, reason)
    declared, address = declared_points(page, types, social), address_points(url)
    is_dated = has_own_date(found, covered)
    listed = list_evidence(page, url, found, groups, is_article_like=is_dated and text >= RUNNING, text=text)
    listed += [(-2.0, "its text is that of another page")] if entry else []
    evidence: list[Evidence] = [
        (declared, "declared as an article" if declared > 0 else "declared as a list"),
        (address, "an address as articles have" if address > 0 else "an address as sections have"),
        (at_least(text, TEXT_POINTS), at_least(text, TEXT_WORDS)),
        (float(weight(heading) >= TITLE), "a heading as long as a title"),
        (float(is_dated), "a date beside its heading"),
        *listed,
    ]
    total = sum(points for points, _ in evidence)
    is_listing = bool(listed) or declared < 0 or (address <= -3 and section_folder(url) is not None)
    if text < NONE and declared <= 0:
        kind = Kind.LISTING if is_listing else Kind.OTHER
    elif total > 0 or (text >= RUNNING and (total == 0 or not is_listing)):
        kind = Kind.ARTICLE
    else:
        kind = Kind.LISTING if is_listing else Kind.OTHER
    return Verdict(kind, in_words(evidence, kind))


def single_entry(found: Outline, url: str, groups: Sequence[Group]) -> Group | None:
    """The only entry of a listing, which shows another page's article in full; None: the text is the page's own.

    Its heading links to that page and stands first in it. Only below an address as sections have: an article too may
    link to itself by another address (`/?p=7`).
    """
    if (points := address_points(url)) >= 0:
        return None
    sums = list(accumulate(found.own_text, initial=0))
    for group in groups:
        if len(group.links) == 1 and not group.aside and group.headed and group.points > points:
            link, block = group.links[0], group.blocks[0]
            first = heading_from(found, block)
            size, before = sums[found.ends[block]] - sums[block], sums[link.element] - sums[block]
            if first == link.heading and size >= RUNNING and before < NONE:
                return group
    return None


def heading_from(found: Outline, element: int) -> int:
    """The first heading with a text, from an element on; -1: there is none."""
    position = bisect_left(found.headings, (element,))
    return found.headings[position][0] if position < len(found.headings) else -1


def in_words(evidence: Sequence[Evidence], kind: Kind) -> str:
    """What speaks for a verdict, heaviest first, and of an article what speaks against it."""
    ordered = sorted(evidence, key=lambda known: -abs(known[0]))
    good = ", ".join(words for points, words in ordered if points > 0)
    bad = ", ".join(words for points, words in ordered if points < 0)
    if kind is Kind.ARTICLE:
        return f"{good}; though {bad}" if good and bad else good or bad
    return bad or "neither a list nor a longer text"


def list_evidence(
    page: LexborHTMLParser,
    url: str,
    found: Outline,
    groups: Sequence[Group],
    *,
    is_article_like: bool,
    text: int,
) -> list[Evidence]:
    """What speaks for a listing. Beside an article's own date and text a list is more likely one of other articles."""
    most = max((len(group.links) for group in groups), default=0)
    is_rich = any(len(group.links) > 2 and group.dated + group.headed >= 1 for group in groups)
    found_points = at_least(most, LIST_POINTS) + is_rich
    evidence: list[Evidence] = []
    if found_points:
        evidence.append((-min(found_points, 2.0 if is_article_like else 4.0), f"{most} entries in a list"))
    if (below := pages_below(found, url)) > 2:
        evidence.append((-3.0 if below >= 5 else 0.0, f"{below} pages below it"))
    if most > 2 and text < 1000 and find_following(page, url) is not None:
        evidence.append((-2.0, "a next page"))
    if most > 2 and page_number(url)[1] > 1:
        evidence.append((-1.0, "an address as further pages of a list have"))
    return evidence


def at_least(value: float, steps: Sequence[tuple[int, Told]]) -> Told:
    """What is told of the first step that a value reaches: points, words."""
    return next(told for step, told in steps if value >= step)


def is_list(group: Group) -> bool:
    """Do these links look like titles, rather than a menu?"""
    return group.titled >= 0.5 or group.headed + group.dated >= 1


def declared_points(page: LexborHTMLParser, types: Sequence[str], social: str) -> float:
    """What the page's declarations say for an article."""
    articles = sum(name in ARTICLE_TYPES for name in types)
    points = 3.0 if articles == 1 else -1.0 if articles > 2 else 0.0
    if LISTING_TYPES & set(types) and articles != 1:
        points -= 3
    elif social in ("article", "news", "blog"):
        points += 1.5
    if meta(page, "article:published_time"):
        points += 1.5
    return points


def refusal(page: LexborHTMLParser, found: Outline, heading: str, text: int) -> str | None:
    """Why a page with little text is an error, a consent or a login page; None: it is none of these."""
    title = page.css_first("title")
    names = (heading, title.text() if title is not None else "")
    if any(map(ERROR.match, names)) and text < 600:
        return "an error page"
    if any(weight(name) < 80 and CONSENT.match(name) for name in names):
        return "a consent page"
    if found.passwords and text < 300 and any(map(LOGIN.match, names)):
        return "a login page"
    return None


def heading_of(page: LexborHTMLParser) -> str:
    """The text of the page's first `h1`, on one line."""
    node = page.css_first("h1")
    return SPACES.sub(" ", node.text()).strip() if node is not None else ""


def has_own_date(found: Outline, covered: Sequence[int]) -> bool:
    """Does a date stand beside the page's first `h1`, outside of the entries of a list?"""
    heading = next((number for number, _ in found.headings if found.tags[number] == "h1"), None)
    if heading is None or found.aside[heading] == 2:
        return False
    start = bisect_left(found.dates, (heading - NEAR // 2,))
    near = (element for element, _, _ in found.dates[start : start + NEAR])
    return any(element < heading + NEAR and not covered[element] and not found.aside[element] for element in near)


def covered_by(found: Outline, groups: Sequence[Group]) -> bytearray:
    """1 for each element that lies in an entry of a list, 0 for the others."""
    covered = bytearray(len(found.tags))
    sums = list(accumulate(found.own_text, initial=0))
    for group in groups:
        sizes = [sums[found.ends[block]] - sums[block] for block in group.blocks]
        usual = 5 * sorted(sizes)[(len(sizes) - 1) // 2] + 300  # what is far longer holds more than the entry
        for block, size in zip(group.blocks, sizes, strict=True):
            if size <= usual and not covered[block]:
                covered[block : found.ends[block]] = b"\1" * (found.ends[block] - block)
    return covered


def running_text(found: Outline, covered: Sequence[int]) -> int:
    """The weight of the text that stands in one place, paragraph beside paragraph, outside of a list's entries."""
    texts = list(found.own_text)
    places: defaultdict[int, int] = defaultdict(int)
    for number in range(len(found.tags) - 1, 0, -1):
        above = found.parents[number]
        if found.tags[number] not in BLOCKS:
            texts[above] += texts[number]
        elif texts[number] >= 20 and not covered[number] and not is_footer(found, number):
            places[number] += texts[number]
            places[above] += texts[number]
            if found.parents[above] >= 0:
                places[found.parents[above]] += texts[number]
    return max(places.values(), default=0)


def declared_text(page: LexborHTMLParser) -> int:
    """The weight of the text that a page declares as its article's, where scripts would show it."""
    bodies = (thing.get("articleBody") for thing in declared_things(page))
    return max((weight(body) for body in bodies if isinstance(body, str)), default=0)


def is_footer(found: Outline, element: int) -> bool:
    """Does an element stand in the page's foot or menu, whose texts are long at times?"""
    return found.aside[element] == 2 and found.tags[found.aside_root[element]] in ("footer", "nav")


def pages_below(found: Outline, url: str) -> int:
    """How many pages under a page's own address it links to. Parts, comments and feeds of an article are few."""
    folder = section_folder(url)
    if folder is None or folder.count("/") < 2:
        return 0
    keys = {link.key for link in found.links if link.key.startswith(folder)}
    return sum(not page_parts.endswith(("/amp", "/feed", "/comments")) for page_parts in keys)
