"""Authors and dates that a page shows: beside the headline, and at both ends of the body."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.dates import find_date, parse_date
from archiver.extract.metadata.authors import CJK, LABEL, OTHER, ROLE, is_person, split_names
from archiver.extract.metadata.surroundings import Line, Surroundings, is_foreign
from archiver.extract.metadata.wording import fold

MARKED = (
    '[rel~="author"], [itemprop~="author"], [class*="author" i], [class*="byline" i], [class*="autor" i],'
    ' [class*="writer" i], [class*="reporter" i], [class*="auteur" i], [class*="journalist" i], [id*="author" i],'
    ' [class*="redakt" i], [class*="penulis" i], [class*="yazar" i], a[href*="/author/"], a[href*="/authors/"],'
    ' a[href*="/autor/"], a[href*="/auteur/"], a[href*="/profile/"]'
)
"""Elements that may hold the author's name."""
TELLING = frozenset(
    "author authors byline bylines autor autores autore autori auteur auteurs writer writers reporter reporters"
    " journalist journalists penulis yazar".split()
)
"""Words in a class that say so."""
MISLEADING = frozenset(
    "bio biography about avatar image img photo picture pic desc description share social follow email mail twitter"
    " icon count related more comment comments views title job quote quotes testimonial cite caption credit role"
    " position time stats box signup card cards other editor".split()
)
"""Words in a class that say something else of the author, or of others."""
NO_NAME_TAGS = frozenset("img meta link svg script style input article body html".split())
PERSONAL = re.compile(
    r"/(?:authors?|autor\w*|auteur|people|persons?|profiles?|users?|members?|team|staff|by|contributors?|columnists?"
    r"|journalists?|writers?|reporters?|penulis|yazar|u)(?:/|\Z)|@",
    re.IGNORECASE,
)
"""Addresses of pages about people; a link to any other page beside a date names its section."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
LONGEST_BYLINE = 160  # characters
LONGEST_NAME = 40
MOST_MARKED = 80
MOST_NOW = 20  # characters of `Posted: just now`
NEAR = 12  # elements before a headline, where a line with a date may still be the article's
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEKDAY = re.compile(
    r"(?:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?\.?|(?:星期|周|週)[一二三四五六日天]", re.IGNORECASE
)

HAN = r"[\u4e00-\u9fff·]"
NAMES = rf"{HAN}{{2,5}}(?:[\s、,，]+{HAN}{{2,5}}){{0,5}}"
REPORTER = r"(?:记者|記者|通讯员|通訊員|评论员|評論員|特派員|特派记者|撰稿人)"
# `（记者 罗博 萧海川）`, `〔記者巫其倫／台北報導〕`, wherever the text begins or ends.
BRACKETED = re.compile(
    rf"[（(〔［\[【]\s*{HAN}{{0,12}}?\s*(?:{REPORTER}|作者|文)\s*[:：/／]?\s*(?P<names>{NAMES})"
    r"\s*(?:[／/][^）)〕］\]】／/]{0,12}|(?:报道|報導|報道|综合|摄|攝)[^）)〕］\]】]{0,12})?\s*[）)〕］\]】]"
)
# `聯合報 記者林宸誼／即時報導`, `本报记者 张三`
REPORTED = re.compile(
    rf"(?:\A|[\s|｜／/（(])(?:{HAN}{{0,8}}\s?)?{REPORTER}\s*[:：]?\s*(?P<names>{NAMES})(?=\s*(?:\Z|[／/|｜\d）)〕\]]|{HAN}{{0,6}}(?:报道|報導|報道)|[:：]))"
)
# `作者：张三 编辑：李四`
CREDITED = re.compile(
    r"(?:\A|[\s|｜/／（(【\[])(?:作者|原作者|撰文|撰稿|撰稿人|文字|文|執筆|著者|筆者|取材・文|글)\s*[:：/／|︱｜丨=＝]\s*"
    r"(?P<names>[^\s:：/／|｜（）()\[\]【】][^:：/／|｜（）()\[\]【】\n]{1,40}?)"
    r"(?=\s*(?:\Z|[|｜/／（()\[\]【】）]|\s[\u4e00-\u9fff]{2,6}\s*[:：]|\d))"
)
# `Posted on 3 March 2026 by Ada Ferry`
POSTED = re.compile(r"(?:posted|published|written|submitted|updated)\b.{1,60}?\bby\s+", re.IGNORECASE)
KOREAN = re.compile(
    r"(?<![가-힣])(?P<names>[가-힣]{2,4})\s*(?:선임|인턴|전문|수습|객원)?\s*(?:기자|특파원|논설위원|칼럼니스트)(?![가-힣])"
)
UPDATED = re.compile(
    r"updated?|modified|last edited|actuali[sz]|mis à jour|aktualisiert|aggiorn|bijgewerkt|oppdatert|uppdaterad"
    r"|opdateret|päivitetty|обновлен|güncelle|diperbarui|cập nhật|atualizad|修改|更新|改订|수정|最終更新",
    re.IGNORECASE,
)
PUBLISHED = re.compile(
    r"publish|publié|publicad|veröffentlicht|pubblicat|gepubliceerd|publisert|publicerad|udgivet|julkaistu|опубликован"
    r"|yayın|posted|released|发布|發布|发表|發表|公開|配信|掲載|등록|입력|submitted|created|diterbitkan|\bdate",
    re.IGNORECASE,
)
EDITED = re.compile(
    r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|编审|校对|审核|\beditor|\bredaktur|\bpenyunting|\bредактор)\s*[:：/／]\s*"
    r"(?P<names>[^:：/／|｜()（）\[\]【】]{2,40}?)(?=\s*(?:\Z|[|｜()（）\[\]【】]|[\u4e00-\u9fff]{2,6}\s*[:：]))",
    re.IGNORECASE,
)
IN_DATA = re.compile(
    r"""["']?(?:datePublished|publishedAt|published_at|publishDate|publish_date|publishTime|publish_time|pubDate|pubtime"""
    r"""|publicationDate|firstPublished\w{0,10}|ptime|releaseDate)["']?\s{0,4}[:=]\s{0,4}["'](?P<date>[^"'<>]{8,40})["']""",
)
LONGEST_DATA = 1_000_000  # characters of a script that are looked through
IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[/_-]?(?P<month>0[1-9]|1[0-2])[/_-]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)


def visible_authors(around: Surroundings, page: LexborHTMLParser) -> tuple[tuple[str, ...], str]:
    """Who is shown as the author, and where; empty where nobody is."""
    head = around.head
    ends = [*body_start(around), *around.foot]
    for names, reason in (
        (labelled(head), "named beside the headline"),
        (marked(around, page), "marked as author at the article"),
        (labelled(ends), "named where the body begins or ends"),
        (dated(line for line in head if line.place > around.headline - NEAR), "beside the date"),
        (signed(around), "alone in the body's last line"),
    ):
        if found := tuple(dict.fromkeys(names)):
            return found[:12], reason
    return (), ""


def body_start(around: Surroundings) -> list[Line]:
    """The first lines of the body."""
    return around.read(around.start, min(around.end, around.start + 40))[:4]


def labelled(lines: Iterable[Line]) -> list[str]:
    """Names in lines that say that they name the author."""
    for line in lines:
        for text in (line.text, *line.pieces):
            if names := named_in(text):
                return names
    return []


def named_in(text: str) -> list[str]:
    """The authors that a line names as such."""
    if CJK.search(text):
        for pattern in (BRACKETED, REPORTED, CREDITED):
            if pattern is not BRACKETED and len(text) > LONGEST_BYLINE // 2:
                continue
            if found := [
                match["names"]
                for match in pattern.finditer(text[:2000] if len(text) < 2000 else text[:1000] + text[-1000:])
            ]:
                return [name for names in found for name in split_names(names) if is_person(name, labelled=True)]
        if len(text) < LONGEST_BYLINE and (found := [match["names"] for match in KOREAN.finditer(text)]):
            return found
    if len(text) > LONGEST_BYLINE or OTHER.match(text):
        return []
    match = LABEL.match(text) or POSTED.match(text)
    return persons(text[match.end() :]) if match and not CJK.match(text) else []


def persons(text: str) -> list[str]:
    """The persons among the names in a byline; a single word behind a whole name is a place or an agency."""
    names = [name for name in split_names(text) if is_person(name, labelled=True)]
    is_whole = bool(names) and " " in names[0]
    return [name for name in names if not is_whole or " " in name or CJK.search(name)]


def marked(around: Surroundings, page: LexborHTMLParser) -> list[str]:
    """Names in the elements that are marked as the author's, of those the ones nearest to the headline."""
    first, last = around.headline - 60, around.end + 40
    found: list[tuple[int, int, LexborNode]] = []
    for node in page.css(MARKED)[: 10 * MOST_MARKED]:
        place = around.place(node)
        if first <= place <= last and (trust := trust_in(node)) and not is_aside(node, around):
            found.append((trust, place, node))
    # At the headline, in front of it, then the rest of the body; what is said to be a name before what holds one.
    zones: list[list[tuple[int, int, LexborNode]]] = [[], [], []]
    for candidate in found[:MOST_MARKED]:
        place = candidate[1]
        zones[0 if around.headline <= place < around.start + 25 else 1 if place < around.headline else 2].append(
            candidate
        )
    for zone in zones:
        for trust in (3, 2, 1):
            group = [(place, node) for level, place, node in zone if level == trust]
            names = [name for place, node in near(group) for name in names_in(node)]
            if names:
                return names
    return []


def near(group: list[tuple[int, LexborNode]]) -> Iterator[tuple[int, LexborNode]]:
    """The elements that follow each other closely from the first that holds a name on: one byline, not the next."""
    at: int | None = None
    for place, node in group:
        if at is not None and place - at > 25:
            return
        if names_in(node):
            at = place
            yield place, node


def trust_in(node: LexborNode) -> int:
    """How surely an element's marks say that it holds the author's name; 0: they do not."""
    attributes = node.attributes
    words = {
        word.lower() for word in WORD.findall(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300])
    }
    if words & MISLEADING or node.tag in NO_NAME_TAGS:
        return 0
    if "author" in (attributes.get("rel") or "").split() or "author" in (attributes.get("itemprop") or "").split():
        return 3
    if words & TELLING:
        return 2 if "name" in words or "names" in words or node.tag in ("a", "span") else 1
    return 1 if node.tag == "a" else 0


def is_aside(node: LexborNode, around: Surroundings) -> bool:
    """Does an element belong to comments, related articles or the page's frame?"""
    body = around.nodes[around.start].mem_id
    for _ in range(10):
        if node is None or node.tag == "body" or node.mem_id == body:
            return False
        if is_foreign(node) or node.tag == "aside" or (node.tag == "li" and node.css_first("h2, h3, h4") is not None):
            return True
        parent = node.parent
        if parent is None:
            return False
        node = parent
    return False


def names_in(node: LexborNode) -> list[str]:
    """The persons that an element names, piece by piece: roles and dates stand beside them."""
    pieces = [" ".join(piece.split()) for piece in node.text(separator="\n")[: 4 * LONGEST_BYLINE].split("\n")]
    pieces = [piece for piece in pieces if piece]
    if not pieces or sum(map(len, pieces)) > LONGEST_BYLINE or OTHER.match(pieces[0]):
        return []
    if CJK.search(pieces[0]):
        first = named_in(" ".join(pieces)) or next(filter(None, map(persons, pieces)), [])
        return first + [
            name for piece in pieces[1:] for name in split_names(piece) if is_person(name) and name not in first
        ]
    return [name for piece in pieces if not is_role(piece) for name in persons(piece)]


def is_role(piece: str) -> bool:
    """Is a piece of a byline what somebody is, not who?"""
    return bool(ROLE.search(piece)) and not LABEL.match(piece) and "," not in piece


def dated(lines: Iterable[Line]) -> list[str]:
    """Names that stand beside a date at the headline, without a label: `Dec 17, 2025 · Ada Ferry`."""
    for line in lines:
        if len(line.text) <= LONGEST_BYLINE and find_date(line.text) is not None:
            linked = {
                " ".join(link.text().split())
                for link in line.node.css("a[href]")[:10]
                if not PERSONAL.search(link.attributes["href"] or "")
            }
            pieces = (piece for piece in line.pieces if piece not in linked and not OTHER.match(piece))
            if names := [name for piece in pieces for name in split_names(piece) if is_person(name)]:
                return names
    return []


def signed(around: Surroundings) -> list[str]:
    """A name that stands alone at the end of the body, as signatures do: at the right, behind a dash, or emphasised."""
    lines = around.read(max(around.start, around.end - 60), around.end)[-3:]
    for line in lines:
        text = line.text.strip("（）()—–- ")
        is_last = line is lines[-1] and line.node.css_first("strong, b, em, i") is not None
        is_signature = is_at_the_right(line) or line.text.startswith(("—", "–", "- ")) or is_last
        if not is_signature or len(text) > LONGEST_NAME or len(line.pieces) > 1 or line.node.css_first("a") is not None:
            continue
        if names := [name for name in split_names(text) if is_person(name)]:
            return names
    return []


def is_at_the_right(line: Line) -> bool:
    """Is a line set where signatures stand?"""
    attributes = line.node.attributes
    return "right" in f"{attributes.get('style') or ''}{attributes.get('align') or ''}{attributes.get('class') or ''}"


def editors_in(lines: Iterable[Line]) -> frozenset[str]:
    """Who is named as an editor, folded: `责任编辑：孔德明`, `Editor : Heryadi`."""
    found = (match["names"] for line in lines for match in EDITED.finditer(line.text[:1000]))
    return frozenset(fold(name) for names in found for name in split_names(names))


def visible_date(around: Surroundings, zone: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """When an article was published, by what is shown beside its headline, and where that stands."""
    head = around.head
    found = [(date, line) for line in head if (date := date_in(line, zone, now)) is not None]
    fresh = [(date, line) for date, line in found if not UPDATED.search(line.text) or PUBLISHED.search(line.text)]
    named = [(date, line) for date, line in fresh if PUBLISHED.search(line.text)]
    behind = [(date, line) for date, line in fresh if line.place >= around.headline]
    for group in (named, behind, fresh, found):
        if group:
            return group[0][0], "date beside the headline"
    foot = [(date, line) for line in around.foot if PUBLISHED.search(line.text) and (date := date_in(line, zone, now))]
    return (foot[0][0], "date at the end of the body") if foot else (None, "")


def date_in(line: Line, zone: tzinfo, now: datetime) -> datetime | None:
    """The date in a line, from a `<time>` in it or its text; None where it is none, or one to come."""
    if len(line.text) > LONGEST_BYLINE:
        return None
    time = line.node.css_first("time[datetime]")
    found = parse_date(time.attributes["datetime"], zone, now=now) if time is not None else None
    found = found or find_date(line.text, zone, now=now)
    if found is None and len(line.pieces) > 2:  # a leaf of a calendar: `Dec`, `28`, `Sat`, `2013`
        found = find_date(" ".join(piece for piece in line.pieces if not WEEKDAY.fullmatch(piece)), zone, now=now)
    if found is None or found > now + DAY:
        return None
    # "just now" is a date where it stands alone, and a word in a text.
    is_alone = len(line.text) <= (MOST_NOW if line.text.isascii() else MOST_NOW // 2)
    return found if is_alone or abs(found - now) > MINUTE else None


def date_in_data(page: LexborHTMLParser, zone: tzinfo) -> datetime | None:
    """The first publication date in the data of a page's scripts, for want of any other."""
    for script in page.css("script:not([src])")[:MOST_MARKED]:
        for match in islice(IN_DATA.finditer(script.text()[:LONGEST_DATA]), 5):
            if found := parse_date(match["date"], zone):
                return found
    return None


def date_in_address(url: str, zone: tzinfo) -> datetime | None:
    """The day in an address such as `/2024/05/13/` or `/t20240513_1.html`."""
    match = IN_ADDRESS.search(url.partition("?")[0].partition("://")[2])
    if match is None:
        return None
    try:
        return datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=zone)
    except ValueError:
        return None
