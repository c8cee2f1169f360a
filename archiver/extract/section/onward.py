"""Where a listing goes on: the address of its next page, or of further entries for a script."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address
from archiver.extract.section.address_words import AUTHOR, CATEGORY, MACHINE, PAGE, SEARCH, TAG
from archiver.extract.section.links import MOST_LINKS, SPACES, words_of
from archiver.extract.section.scope import (
    CURSOR_PARAMETERS,
    PAGE_PARAMETERS,
    PAGING_PARAMETERS,
    are_one_site,
    is_date_archive,
    is_never_article,
    is_year_month,
    page_number,
    place,
    query_of,
    same_address,
    section_folder,
    segments_of,
)
from archiver.extract.section.words import (
    ARROWS,
    CURRENT_NAMES,
    FORWARD,
    MORE_ATTRIBUTES,
    MORE_NAMES,
    MORE_STATE,
    NEXT_WORDS,
    PLACEHOLDER,
)
from archiver.urls import absolute, host_of, is_web

TRAILING_NUMBER = re.compile(
    r"(?P<folder>.*/)(?:p|page|seite|pagina|index|list)?[-_]?(?P<number>\d{1,4})(?:\.\w{3,5})?/?"
)
MORE_VALUE = re.compile(r"(?=.*[/?])[^\s#{\[<>][^\s<>]{1,1000}")
MAY_HOLD_MORE = (None, MACHINE, PAGE, CATEGORY, TAG, AUTHOR, SEARCH)
"""What `is_never_article` says of addresses that further entries may come from."""
MEDIA = frozenset("img picture source video audio iframe".split())
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
"""As many numbers in a row are days, not pages."""
MOST_SCRIPT = 2_000_000
"""Characters of a page's scripts that are searched for the address of more."""


def find_following(page: LexborHTMLParser, url: str) -> str | None:
    """Address of the listing's next page, of the same host and like its own; None: this is the last, or it has one.

    Asked in this order: `rel=next`, words, the number behind the current one, an arrow. A calendar's next month is
    none.
    """
    base = base_address(page, url)
    rel, words, arrows = [], [], []
    numbers: dict[int, str] = {}
    shown: set[int] = set()
    for node in page.css("link[rel][href], a[href]")[:MOST_LINKS]:
        attributes = node.attributes
        is_next = "next" in (attributes.get("rel") or "").lower().split()
        if node.tag == "link" and not is_next:
            continue
        text = SPACES.sub(" ", node.text()[:200]).strip() if node.tag == "a" else ""
        labels = [part for part in (text, attributes.get("aria-label"), attributes.get("title")) if part]
        is_word = any(len(label) < 60 and NEXT_WORDS.fullmatch(ARROWS.sub(" ", label).strip()) for label in labels)
        is_arrow = bool(FORWARD.fullmatch(text))
        is_number = text.isascii() and text.isdecimal() and len(text) < 5
        if not (is_next or is_word or is_arrow or is_number):
            continue
        if is_number:
            shown.add(int(text))
        address = absolute(attributes["href"] or "", base)
        if address is None or not is_web(address) or not goes_on(url, address, is_word=is_next or is_word):
            continue
        address = address.partition("#")[0]
        if is_next:
            rel.append(address)
        elif is_word:
            words.append(address)
        elif is_arrow:
            arrows.append(address)
        else:
            numbers.setdefault(int(text), address)
    if len(shown) >= SHORTEST_MONTH and max(shown) <= LONGEST_MONTH:
        numbers = {}
    current = shown_number(page) or page_number(url)[1] or 1
    numbered = numbers.get(current + 1)
    # A lone arrow may lead to the last page: it counts where it agrees with the numbers, or there are none.
    return next(iter((*rel, *words, *filter(None, [numbered]), *([] if numbers else arrows))), None)


def shown_number(page: LexborHTMLParser) -> int | None:
    """The number that the page shows for itself among those of its listing's pages; None: it shows none.

    It is marked as the current one, or it is the one without a link beside those that are links.
    """
    places: set[int] = set()
    for node in page.css("a[href]")[:MOST_LINKS]:
        if small_number(node) is not None and node.parent is not None:
            places.add(node.parent.mem_id)
            if node.parent.parent is not None and node.parent.tag in ("li", "span", "td"):
                places.add(node.parent.parent.mem_id)
    if not places:
        return None
    unlinked = None
    for node in page.css("span, strong, b, em, i, font, li, a, [aria-current]")[:MOST_LINKS]:
        around = (node.parent, node.parent.parent if node.parent is not None else None)
        if (number := small_number(node)) is None or not any(place and place.mem_id in places for place in around):
            continue
        if "aria-current" in node.attributes or words_of(node.attributes.get("class") or "") & CURRENT_NAMES:
            return number
        if unlinked is None and node.tag != "a" and node.css_first("a[href]") is None:
            unlinked = number
    return unlinked


def small_number(node: LexborNode) -> int | None:
    """The number that is all of an element's text, as those of pages are; None: it has another text."""
    text = node.text()[:20].strip(" []\xa0\n\t")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def goes_on(url: str, other: str, *, is_word: bool) -> bool:
    """Could an address be a further page of the listing at `url`? `is_word`: its link says that it is."""
    segments = segments_of(other)
    is_calendar = is_date_archive(segments) or any(map(is_year_month, segments[-2:]))
    if host_of(url) != host_of(other) or same_address(url, other) or is_calendar:
        return False
    (head, number), (other_head, other_number) = page_number(url), page_number(other)
    if head == other_head and number != other_number:
        return other_number > number
    names = changed_parameters(url, other)
    if place(url).rstrip("/") == place(other).rstrip("/"):
        return bool(names) and names <= PAGING_PARAMETERS
    folder = (section_folder(url) or place(url)).rstrip("/") + "/"
    trailing = TRAILING_NUMBER.fullmatch(place(other))
    mine = TRAILING_NUMBER.fullmatch(place(url))
    if trailing and trailing["folder"] in (folder, mine["folder"] if mine else folder):
        return int(trailing["number"]) == (int(mine["number"]) if mine else max(number, 1)) + 1
    return (
        is_word
        and f"{place(other)}/".startswith(section_folder(url) or place(url).rpartition("/")[0] + "/")
        and bool({name.lower() for name, _ in query_of(other)} & (PAGE_PARAMETERS | CURSOR_PARAMETERS))
    )


def changed_parameters(url: str, other: str) -> set[str]:
    """Names of the parameters in which two addresses differ, in lower case."""
    return {name.lower() for name, _ in set(query_of(url)) ^ set(query_of(other))}


def find_more(page: LexborHTMLParser, url: str) -> str | None:
    """Address of the listing's further entries, where an attribute or a script of the page names it; None: none does.

    A placeholder for the number of the page is filled with the next one.
    """
    for address in (*more_attributes(page), *more_states(page)):
        filled = PLACEHOLDER.sub(
            str(max(page_number(url)[1], 1) + 1), address.replace("\\/", "/").replace("\\u0026", "&")
        )
        found = absolute(filled, base_address(page, url))
        if found is None or not is_web(found) or same_address(found, url):
            continue
        is_ours = are_one_site(host_of(url), host_of(found))
        if is_ours and (is_never_article(found) in MAY_HOLD_MORE or place(found).lower().endswith(".json")):
            return found
    return None


def more_attributes(page: LexborHTMLParser) -> Iterator[str]:
    """What elements that are called more, next, feed or the like keep as an address."""
    for node in page.css(", ".join(f"[{name}]" for name in MORE_ATTRIBUTES))[:1000]:
        attributes = node.attributes
        if node.tag in MEDIA:
            continue
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300]
        is_named = MORE_NAMES.search(names) or (
            node.tag in ("button", "a") and NEXT_WORDS.fullmatch(node.text()[:60].strip())
        )
        for name in MORE_ATTRIBUTES:
            value = (attributes.get(name) or "").strip()
            if (is_named or MORE_NAMES.search(name)) and MORE_VALUE.fullmatch(value):
                yield value


def more_states(page: LexborHTMLParser) -> Iterator[str]:
    """What a script's data names as the address of the next entries."""
    left = MOST_SCRIPT
    for script in page.css("script:not([src])"):
        text = script.text()[:left]
        left -= len(text)
        yield from (match[1] for match in MORE_STATE.finditer(text))
