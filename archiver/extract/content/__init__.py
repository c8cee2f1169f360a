"""The body of an article on any page, as the page's own HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.content.outline import HEADINGS, LONGEST_CAPTION, Part, measure, outline
from archiver.extract.content.trim import is_dateline, same_text, squash, trim, write

ENOUGH = 250  # letters of prose from which on a part of a page may be its article, whatever else the page holds
SENTENCE = 30  # letters
SHINGLE = 16  # letters that two texts have in common by descent, not by chance
LONGEST_BODY = 200_000  # characters of an articleBody that are looked at
LONGEST_HEADING = 600  # letters
MOST_IN_HEADING = 60  # elements
REACH = 4  # how far above a paragraph its text counts, and how far above a container its other half may be
MOST_LEADS = 8
# Elements of a text, never the whole of it while others stand beside them.
PIECES = frozenset("p li dd dt span a b strong em i u font".split())
BETWEEN = HEADINGS | {"p", "ul", "ol", "dl", "table", "blockquote", "pre", "hr"}
CELLS = frozenset(("td", "th", "tr", "li", "article"))


@dataclass(frozen=True, slots=True)
class Content:
    """Where the body of an article was found."""

    markup: str
    """The article's own HTML, without what stands around and between it; empty: none found."""
    reason: str
    """How it was found, for people."""
    container: LexborNode | None
    """The element of the page that holds it; byline, date and hero image stand in it or around it."""


def find_content(page: LexborHTMLParser, *, title: str = "", article_body: str = "") -> Content:
    """The body of the article that a page shows; of a page without article, what comes closest.

    `title` is the headline that the page's metadata give, `article_body` its text by JSON-LD. The page stays as it is.
    """
    if page.body is None:
        return Content("", "the page has no body", None)
    parts = outline(page.body)
    heading = find_heading(parts, title or title_of(page))
    evidence = Evidence.of(article_body)
    drop_foreign(parts, heading, evidence)
    container, reason = choose(parts, heading, evidence) if parts[0].prose else named(parts, heading)
    if not container.letters and not container.media:
        return Content("", "no text", None)
    leads = find_leads(parts, heading, container)
    container = with_siblings(container, heading, leads)
    roots = [*(lead for lead in leads if not container.holds(lead)), container]
    trim(roots, heading, title)
    return Content(write(roots, container), reason, container.node)


def title_of(page: LexborHTMLParser) -> str:
    """What the page's `<title>` says."""
    found = page.css_first("title")
    return found.text().strip() if found is not None else ""


def find_heading(parts: list[Part], title: str) -> Part | None:
    """The headline: what says the same as the title, first of all an `<h1>` that no menu and no banner holds."""
    aside = 0  # where what is foreign ends
    best, best_rank = None, 0
    for part in parts:
        if part.place >= aside and (part.foreign or part.hidden):
            aside = part.end
        if not 0 < part.letters <= LONGEST_HEADING or part.end - part.place > MOST_IN_HEADING:
            continue
        if part.tag not in HEADINGS and part.own != part.letters:
            continue
        said = same_text(part.all_text(), title) if part.tag in HEADINGS else part.text == title
        worth = 4 * (part.tag == "h1") + (3 if part.tag in HEADINGS else 1) * said
        worth = worth * 2 - (part.place < aside) if worth else 0
        if worth > best_rank:
            best, best_rank = part, worth
    return best


def drop_foreign(parts: list[Part], heading: Part | None, evidence: "Evidence") -> None:
    """Drops what names say is no article.

    Names mislead: what holds the headline, or most of what JSON-LD says is the article, stays, and so does what holds
    half of the text; comments, sidebars and the like may hold more, if enough is left without them.
    """
    measure(parts)
    found = [part.prose for part in parts]
    proven = evidence.letters_before(parts)
    home = home_of(heading)
    everything = found[home.place] if home is not None and found[home.place] >= SENTENCE else found[0]
    for most, most_of_crowd in ((found[0] / 2, found[0]), (found[0] / 2, found[0] / 2), (0, 0)):
        place = 1
        while place < len(parts):
            part = parts[place]
            part.dropped = part.silent or (
                is_unlikely(part)
                and found[place] <= (most_of_crowd if part.crowd else most)
                and not (heading is not None and part.holds(heading))
                and (proven[part.end] - proven[part.place]) * 2 <= proven[-1]
            )
            place = part.end if part.dropped else place + 1
        for captions in (False, True):
            measure(parts, captions)
            if parts[0].prose >= ENOUGH or parts[0].prose * 5 >= everything > 0:
                return


def home_of(heading: Part | None) -> Part | None:
    """The `<article>` or `<main>` that holds the headline."""
    return next((part for part in above_of(heading) if part.tag in ("article", "main")), None) if heading else None


def is_unlikely(part: Part) -> bool:
    """Is an element no part of an article? Within a line of text only what is hidden is none."""
    return (part.foreign and part.is_block) or part.hidden or (part.tag == "aside" and is_side(part))


def is_side(part: Part) -> bool:
    """Is an `<aside>` none of the article's own notes? These are prose, with few links."""
    return part.prose * 2 < part.letters or part.links * 5 > part.letters


@dataclass(frozen=True, slots=True)
class Evidence:
    """The text of an article by JSON-LD: where each stretch of it begins."""

    stretches: dict[str, int]
    length: int

    @classmethod
    def of(cls, text: str) -> "Evidence":
        letters = squash(text[:LONGEST_BODY])
        return cls({letters[n : n + SHINGLE]: n for n in range(len(letters) - SHINGLE + 1)}, len(letters))

    def __contains__(self, part: Part) -> bool:
        """Does a block's own text begin as something does in it?"""
        return bool(self.stretches) and part.own > 0 and squash(part.text[:100])[:SHINGLE] in self.stretches

    def letters_before(self, parts: list[Part]) -> list[int]:
        """How many letters of blocks that it knows stand before each element, and in all."""
        return list(accumulate((part.own if part in self else 0 for part in parts), initial=0))


def standing(parts: list[Part]) -> Iterator[Part]:
    """All elements that are not dropped nor held by one that is."""
    gone = 0
    for part in parts:
        if part.place >= gone:
            if part.dropped:
                gone = part.end
            else:
                yield part


def choose(parts: list[Part], heading: Part | None, evidence: Evidence) -> tuple[Part, str]:
    """The element whose paragraphs are most of the prose, and why it is taken to be the article.

    A paragraph counts for its parent in full and for those above it less and less, so the element wins that holds
    the paragraphs and little else (as in Arc90's Readability).
    """
    standers = list(standing(parts))
    found = [(part, prose) for part in standers if (prose := part.prose - sum(p.prose for p in part.parts)) > 0]
    matched = {part.place for part, _ in found if part in evidence} if evidence.stretches else set()
    proven = sum(prose for part, prose in found if part.place in matched) >= ENOUGH / 2
    for part, prose in found:
        worth = prose * (0.1 if proven and part.place not in matched else 1.0)
        part.score += 0.0 if part.tag in PIECES else worth
        above, distance = part.above, 1
        while above is not None and distance <= REACH:
            above.score += worth / distance
            above, distance = above.above, distance + 1
    home = home_of(heading)
    best = max(reversed(standers), key=lambda part: rank(part, heading, home))
    if proven:
        return best, f"JSON-LD articleBody matches {name_of(best)}"
    return best, f"text density of {name_of(best)}"


def named(parts: list[Part], heading: Part | None) -> tuple[Part, str]:
    """Of a page without a single sentence, the element that is called the article, else nothing of it."""
    home = home_of(heading)
    for part in standing(parts):
        if (part.article_body or part.owned or part is home) and (part.letters or part.media):
            return part, f"the name of {name_of(part)}, which holds no sentence"
    return Part(parts[0].node, "body", None, 0), "nothing"


def rank(part: Part, heading: Part | None, home: Part | None) -> float:
    """How much an element looks like the article: its paragraphs, few links, near the headline, named as such."""
    worth = part.score * (1 - part.links / (part.letters or 1))
    if part.article_body:
        worth *= 2
    elif part.owned:
        worth *= 1.2
    if home is not None and not home.holds(part) and not part.holds(home):
        worth /= 2
    if heading is not None and part.end <= heading.place:
        worth /= 2
    return worth


def name_of(part: Part) -> str:
    """An element as a selector would name it."""
    names = (part.node.attributes.get("class") or "").split()
    return part.tag + "".join(f".{name}" for name in names[:2])


def above_of(part: Part) -> Iterator[Part]:
    """The elements that hold it, from the inside out."""
    above = part.above
    while above is not None:
        yield above
        above = above.above


def find_leads(parts: list[Part], heading: Part | None, container: Part) -> list[Part]:
    """Paragraphs between the headline and the container that sum the article up."""
    if heading is None or heading.place > container.place or container.holds(heading):
        return []
    leads: list[Part] = []
    place = heading.end
    while place < container.place and len(leads) < MOST_LEADS:
        part = parts[place]
        if part.dropped or part.caption or (part.minor and not part.lead):
            place = part.end
        elif is_lead(part) and not part.holds(container):
            leads.append(part)
            place = part.end
        else:
            place += 1
    return leads


def is_lead(part: Part) -> bool:
    """Is a block a paragraph, by its sentences or by what it is called? Beside a picture it is a caption."""
    plain = part.own - part.own_links
    above = part.above
    if above is None or not part.is_block or plain < SENTENCE or part.own_links * 2 > plain:
        return False
    if part.lead or above.lead:
        return not is_dateline(part)
    return part.prose > 0 and not (above.media and above.letters <= LONGEST_CAPTION)


def with_siblings(container: Part, heading: Part | None, leads: list[Part]) -> Part:
    """The container, or the element above it where it is one of several that hold the article in turn."""
    part, climbed = container, 0
    while climbed < REACH and part.above is not None and part.above.above is not None:
        above = part.above
        if heading is not None and part.holds(heading):
            break
        others = [other for other in above.parts if other is not part and goes_on(other, part)]
        if others:
            drop_around([part, *others], leads, above)
        if others or (heading is not None and not above.holds(heading) and is_minority(part, above)):
            container, climbed = above, 0
        else:
            climbed += 1
        part = above
    return container


def drop_around(pieces: list[Part], leads: list[Part], above: Part) -> None:
    """Drops what stands beside the pieces of an article, but for leads, and pictures, headings and lists between."""
    kept = {piece.place for piece in pieces}
    first, last = min(kept), max(kept)
    for other in above.parts:
        between = first < other.place < last and (other.media > 0 or other.tag in BETWEEN)
        if other.place not in kept and not between and not any(other.holds(lead) for lead in leads):
            other.dropped = True


def is_minority(part: Part, above: Part) -> bool:
    """Does an element hold the smaller half of the text around it, which is no list of links?"""
    return part.prose * 2 < above.prose and (above.links - part.links) * 5 < above.letters - part.letters


def goes_on(other: Part, part: Part) -> bool:
    """Does an element hold the text of an article that another one holds a piece of?"""
    if (
        other.dropped
        or other.prose * 10 < part.prose
        or other.links * 3 > other.letters
        or part.tag in CELLS
        or (other.minor and not part.minor)
    ):
        return False
    return other.kind == part.kind or (other.tag == "p" and other.prose >= SENTENCE)
