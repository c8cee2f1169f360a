"""The next part of an article that a site spreads over several pages.

`rel=next`, 下一页 and numbers lead to the next article of a site, or the next page of a listing, as well; so both must
agree: the link says "next" or a number, and its address is that of the article with this number in a usual place.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import base_address
from archiver.urls import absolute, canonical, is_web

MOST_PARTS = 100
"""Of one article; what goes on beyond that is none."""
PARAMETERS = frozenset(("page", "p", "pg", "paged", "pn", "pageno", "part", "seite"))
# `t123_2.html` and `t123-2.html`; `t123/2`, `t123/page/2/`.
IN_FILE = re.compile(r"(?P<stem>.+?)[_-](?P<number>\d{1,2})(?P<extension>\.\w{2,5})?")
IN_FOLDER = re.compile(r"(?P<stem>.+?)(?:/(?:page|seite|part))?/(?P<number>\d{1,2})")
NAMESAKE = re.compile(r"-\d{1,2}/?$")
NEXT = re.compile(
    r"\W*(?:下一?[页頁]|次(?:へ|の?ページ|頁)|다음(?: ?페이지)?|next(?: ?page)?|page suivante|suivante?"
    r"|(?:nächste|weiter)(?: ?seite)?"
    r"|(?:página )?siguiente|(?:próxima|seguinte)(?: página)?|(?:pagina )?successiva|далее|следующая(?: страница)?"
    r"|volgende(?: pagina)?|następna(?: strona)?|nästa(?: sida)?|neste(?: side)?|sonraki(?: sayfa)?|[›»>→])\W*",
    re.IGNORECASE,
)
LONGEST_WORDS = 40


def next_part(page: LexborHTMLParser, url: str, first: str | None = None, number: int = 1) -> str | None:
    """Address of the part after part `number`, which is at `url`; `first` is that of part 1. None: there is none."""
    base, whole = base_address(page, url), stem_of(first or url)
    numbered = re.compile(rf"(?<!\d){number + 1}(?!\d)")
    for link in page.css("a[href], link[rel=next][href]"):
        href = link.attributes.get("href") or ""
        if numbered.search(href) is None or not leads_on(link, number + 1):
            continue
        address = absolute(href, base)
        if not address or not is_web(address) or (whole, number + 1) not in readings(address):
            continue
        if says_so(link, number + 1) or not is_namesake(address):
            return canonical(address)
    return None


def is_part_of(url: str, whole: str) -> bool:
    """Is an address that of a later part of the article at another?"""
    return any(stem == stem_of(whole) and number > 1 for stem, number in readings(url))


def leads_on(link: LexborNode, number: int) -> bool:
    """Does a link lead to the next part, or to the part of this number?"""
    return "next" in (link.attributes.get("rel") or "").lower().split() or says_so(link, number)


def says_so(link: LexborNode, number: int) -> bool:
    """Does the text of a link say that it leads to the next part, or to the part of this number?"""
    text = link.text().strip()
    return len(text) <= LONGEST_WORDS and (text.strip("[]()（） ") == str(number) or NEXT.fullmatch(text) is not None)


def is_namesake(url: str) -> bool:
    """May the number be there to tell two articles of one title apart, as WordPress has it: `/weekly-review-2/`?"""
    return NAMESAKE.search(urlsplit(url).path) is not None


def readings(url: str) -> list[tuple[str, int]]:
    """The address of the whole, and the number of the part, for each number that an address may hold."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    folder, slash, name = path.rpartition("/")
    found = []
    if match := IN_FILE.fullmatch(name):
        whole = f"{folder}{slash}{match['stem']}{match['extension'] or ''}"
        found.append((with_path(url, whole), int(match["number"])))
    if match := IN_FOLDER.fullmatch(path):
        found.append((with_path(url, match["stem"]), int(match["number"])))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for key, value in pairs:
        if key.lower() in PARAMETERS and re.fullmatch(r"\d{1,2}", value, re.ASCII):
            rest = urlencode([pair for pair in pairs if pair != (key, value)])
            found.append((stem_of(urlunsplit(parts._replace(query=rest))), int(value)))
    return found


def with_path(url: str, path: str) -> str:
    """The stem of the same address with another path."""
    return stem_of(urlunsplit(urlsplit(url)._replace(path=path)))


def stem_of(url: str) -> str:
    """An address without what does not tell articles apart: scheme, `www.`, the last slash, order of parameters."""
    parts = urlsplit(canonical(url))
    host = parts.netloc.removeprefix("www.")
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(sorted(parse_qsl(parts.query))), ""))
