"""Which of a page's titles is the article's, and where the site's name in it begins."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from archiver.extract.metadata.wording import fold
from archiver.urls import host_of

# What separates a title from the names of site and section: strong marks anywhere, weak ones between spaces, or beside
# Chinese and Japanese, which know no spaces. A colon separates kickers as often as sites.
STRONG = r"\s*(?:[|｜_＿¦‖›‹•∙◆★]+|::+|--+|——|\s@\s|\s/\s|\s[»«]\s|\s//\s|\s·\s|\s~\s)\s*"
WEAK = (
    r"\s+[-–—−:：]+\s+|(?<=[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef\d)）”’?!])[-–—]\s*"
    r"|[-–—](?=[\u3040-\u9fff\uac00-\ud7af])"
)
SEPARATOR = re.compile(rf"{STRONG}|{WEAK}|\s[-–—]+\s*|\s*[-–—]+\s|\s*[：:]\s*(?=\S)")
COLON = re.compile(r"\s*[：:]\s*")
GENERIC_LABELS = frozenset(
    "www m mobile amp en com co org net gov edu ac or ne go info biz news blog blogs eu uk us de fr it es pt br nl be"
    " ch at se no fi dk pl cz ru ua tr gr hu ro in id my sg th vn ph jp kr cn tw hk au nz za ca mx ar cl ie il ae sa eg"
    " io dev app me tv fm online site xyz html web".split()
)
SITE_WORDS = frozenset("the blog news magazine journal online site website official".split())
WORD = re.compile(r"[^\W_]+")
ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z]{2,5}(?![A-Za-z])")
ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*\Z")
LONGEST = 400  # characters; what is longer is a text, not a title
MOST_PARTS = 12
MOST_WORDS, LONGEST_NAME = 5, 40  # words and letters of a part that may be a site's name


@dataclass(frozen=True, slots=True)
class Sites:
    """What a site and its sections are called, to know them in a title."""

    names: frozenset[str]
    """Folded."""
    words: frozenset[str]
    """Of the host, in lower case."""
    label: str
    """The host's main label: `bbc` of `www.bbc.co.uk`."""
    sections: frozenset[str] = frozenset()
    """Folded."""
    hosts: frozenset[str] = frozenset()
    """Forms of the host, folded."""

    def has(self, part: str) -> bool:
        """Is a part of a title the name of the site?

        It is a known name or the host, or most of one, or holds one and little else, or is made of the host's words.
        """
        folded = fold(part)
        if not folded or folded in self.names:
            return bool(folded)
        words = [word.lower() for word in WORD.findall(part)]
        if set(words) - SITE_WORDS <= self.words and not set(words) <= SITE_WORDS:
            return True
        if len(words) > MOST_WORDS or len(folded) > LONGEST_NAME:
            return False
        if len(words) <= 3 and self.label and ACRONYM.findall(part).count(self.label.upper()):
            return True
        return any(is_mostly(name, folded) or is_mostly(folded, name) for name in self.names)

    def is_called(self, text: str) -> bool:
        """Is a heading the site's name, or that of a section?"""
        words = {word.lower() for word in WORD.findall(text)}
        folded = fold(text)
        return folded in self.names or folded in self.sections or (bool(words) and words <= self.words)


def is_mostly(name: str, whole: str) -> bool:
    """Is a name in something, and two fifths of it? `vnexpress` in `Báo VnExpress Sức khỏe` is."""
    return len(name) > 3 and name in whole and len(name) * 5 >= len(whole) * 2


def sites_of(url: str, names: Iterable[str], sections: Iterable[str] = ()) -> Sites:
    """What is known of a page's site."""
    host = host_of(url)
    labels = [label for label in host.split(".") if label]
    words = {word for label in labels for word in [label, *label.split("-")]}
    label = next((label for label in reversed(labels[:-1]) if label not in GENERIC_LABELS), "")
    hosts = frozenset(map(fold, (host, label, ".".join(labels[-2:]), "".join(labels[:-1])))) - {""}
    known = hosts | {fold(name) for name in names} - {""}
    return Sites(known, frozenset(words), label, frozenset(map(fold, sections)) - {""}, hosts)


@dataclass(frozen=True, slots=True)
class Title:
    """The title of an article."""

    text: str
    reason: str
    is_doubtful: bool = False
    """Nothing else on the page agrees."""


def choose_title(
    declared: Iterable[tuple[str, str]], document: str, headings: Iterable[str], others: Iterable[str], sites: Sites
) -> Title | None:
    """The article's title: where what the page declares and what it shows agree, else the likeliest; None: no title.

    `declared`: (reason, text), most trusted first. `document`: `<title>`. `headings`: each `h1`. `others`: further
    headings, which only tell where a longer title ends.
    """
    raw = [(reason, text) for reason, text in declared if 0 < len(text) <= LONGEST]
    said = [(reason, without_site(text, sites)) for reason, text in raw]
    document = document[:LONGEST]
    shown = [text for text in headings if 0 < len(text) <= LONGEST and not sites.is_called(text)]
    for text in shown:
        for reason, said_text in (*said, *raw):
            if fold(said_text) == fold(text):
                return Title(spelt(text, said_text), f"h1 agrees with {reason}")
    if agreed := agreement(said):
        return agreed
    whole = [*(text for _, text in said), document]
    for found, reason in (
        (first_in(sorted(shown, key=len, reverse=True), whole, openings, least=0), "h1 is how the title begins"),
        (first_in(others, whole, openings, least=0.5), "a heading is how the title begins"),
        (
            first_in([*shown, *others], whole, lambda title: endings(title, sites), least=0),
            "a heading is the title behind the site's name",
        ),
    ):
        if found:
            return Title(found, reason)
    if said:
        return least_doubtful(said, shown, document)
    text = without_last(without_site(document, sites))
    likely = [heading for heading in shown if not sites.has(heading) and not is_signature(heading, document)]
    if likely and (len(likely) == 1 or not text):
        return Title(likely[0], "h1", is_doubtful=True)
    return Title(text, "<title>", is_doubtful=True) if text else None


def is_signature(heading: str, document: str) -> bool:
    """Is a heading what a `<title>` ends with, behind more: the site's name?"""
    return fold(document).endswith(fold(heading)) and len(fold(document)) > 2 * len(fold(heading))


def first_in(
    candidates: Iterable[str], titles: Iterable[str], parts_of: Callable[[str], Iterable[str]], *, least: float
) -> str | None:
    """The first of some headings that is a part of one of some titles, and more than `least` of it."""
    parts = {
        folded for title in titles for part in parts_of(title) if len(folded := fold(part)) > least * len(fold(title))
    }
    found = (text for text in candidates if len(text) <= LONGEST and len(folded := fold(text)) > 1 and folded in parts)
    return next(found, None)


def spelt(shown: str, said: str) -> str:
    """Of one title in two spellings the one that is shown, but with the spaces that are declared.

    Where a heading has several elements, its text alone does not tell what stands between them.
    """
    return said if re.sub(r"\s", "", shown) == re.sub(r"\s", "", said) else shown


def agreement(said: list[tuple[str, str]]) -> Title | None:
    """What two declarations agree on; one may be cut short."""
    for number, (reason, text) in enumerate(said):
        for other_reason, other in said[number + 1 :]:
            if other_reason == reason:
                continue
            if fold(text) == fold(other):
                return Title(text, f"{reason} agrees with {other_reason}")
            longer, shorter = (text, other) if len(text) > len(other) else (other, text)
            stem = ELLIPSIS.sub("", shorter)
            if (stem != shorter or len(shorter) >= 100) and len(stem) > 15 and fold(longer).startswith(fold(stem)):
                return Title(longer, f"{reason} and {other_reason}, of which one is cut short")
    return None


def least_doubtful(said: list[tuple[str, str]], shown: list[str], document: str) -> Title:
    """Where nothing agrees: the heading that shares most words with the declarations, else the first of these."""
    known = [bag(text) for _, text in said] + [bag(document)]
    scored = [(max((share(bag(text), other) for other in known), default=0.0), text) for text in shown]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    if best[0] >= 0.5:  # more than chance: half of the words of the shorter one
        return Title(best[1], "h1 resembles what is declared", is_doubtful=True)
    reason, text = said[0]
    return Title(text, reason, is_doubtful=True)


def bag(text: str) -> frozenset[str]:
    """Words of a title; pairs of characters where no spaces are written."""
    found: set[str] = set()
    for word in WORD.findall(text.casefold()):
        if word.isascii() or not re.search(r"[\u3040-\u9fff\u0e00-\u0e7f]", word):
            found.add(word)
        else:
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    return frozenset(found)


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """Part of the smaller set that the other holds too."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller > 1 else float(one == other and smaller == 1)


def openings(title: str) -> Iterator[str]:
    """What stands before each strong separator of a title, the longest first, and the whole."""
    yield title
    for match in reversed(separators(title)):
        if not COLON.fullmatch(match[0]):
            yield title[: match.start()].strip()


def endings(title: str, sites: Sites) -> Iterator[str]:
    """What stands behind the name of the site, or of a section, that a title begins with."""
    for match in separators(title):
        before = title[: match.start()].strip()
        if sites.has(before) or fold(before) in sites.sections:
            yield title[match.end() :].strip()


def separators(title: str) -> list[re.Match[str]]:
    """Where the parts of a title meet."""
    is_quoting = "«" in title and "»" in title
    found = (match for match in SEPARATOR.finditer(title) if match.start() > 0 and match.end() < len(title))
    return [match for match in found if not (is_quoting and match[0].strip() in "«»")][:MOST_PARTS]


def without_site(title: str, sites: Sites) -> str:
    """A title without the names of site and section at its end, or of the site at its beginning."""
    title = bare(title)
    is_cut = False
    while cut := end_of_title(title, sites, is_cut):
        title, is_cut = bare(title[:cut]), True
    for match in separators(title)[:1]:
        # `Mozilla: a letter` may be a headline of Mozilla's; `Mozilla Blog: a letter` is signed in front.
        before, behind = title[: match.start()], title[match.end() :]
        is_signed = not COLON.fullmatch(match[0]) or len(WORD.findall(before)) > 1
        if is_signed and sites.has(before) and len(fold(behind)) > 3:
            title = behind.strip()
    return title


def end_of_title(title: str, sites: Sites, is_cut: bool) -> int:
    """Where the names of site and section begin at a title's end; 0: there are none."""
    found = separators(title)
    for match in found:  # a name may hold a separator itself
        if fold(title[match.end() :]) in sites.names:
            return match.start()
    if found and (sites.has(part := title[found[-1].end() :]) or (is_cut and fold(part) in sites.sections)):
        return found[-1].start() if not COLON.fullmatch(found[-1][0]) else 0
    for one, other in pairwise(found):  # `Title - Site - Section`
        if sites.has(title[one.end() : other.start()]) and not COLON.fullmatch(one[0] + other[0]):
            return one.start()
    return 0


def bare(title: str) -> str:
    """A title without separators at its end."""
    return re.sub(r"[\s:|_–—»«\-]+\Z", "", title) or title


def without_last(title: str) -> str:
    """A `<title>` without its last part, where that is much shorter than what precedes it: sites sign there."""
    while found := [match for match in separators(title) if not COLON.fullmatch(match[0])]:
        head, tail = title[: found[-1].start()].strip(), title[found[-1].end() :].strip()
        if weight(tail) > 12 or weight(tail) * 2 > weight(head):
            break
        title = head
    return title


def weight(text: str) -> int:
    """Length of a text in Chinese characters, of which a word of letters takes two."""
    return sum(
        2 if word.isascii() or not re.search(r"[\u3040-\u9fff]", word) else len(word) for word in WORD.findall(text)
    )
