"""Takes out of the container of an article what is none of its text, and writes what is left."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from selectolax.lexbor import LexborNode

from archiver.extract.content.outline import HEADINGS, SHORT_BLOCK, Part
from archiver.extract.content.words import CALL, DATE, FRAME_JUNK, IMPRINT, LABEL, PROMPT

SQUASH = re.compile(r"[\W_]+")
WHOLE = frozenset("p ul ol dl table pre blockquote figure h1 h2 h3 h4 h5 h6".split())
LISTS = frozenset("ul ol dl table".split())
LOOSE = frozenset("div section span aside header time address hgroup center".split())  # may hold anything
PICTURES = frozenset("figure figcaption picture caption".split())

LONGEST_LINE = 240  # letters; what a page says about itself is said in a line or two
MOST_IN_LINE = 60  # elements
LONGEST_LABEL = 60
LONGEST_REPEATED = 3000
EDGE = 5  # lines at which an article begins and ends
MARKS = "\"'“”«»[]【】()（）*·•●○◆■▶►▷▼▲→>»|/-–—:：.…#＊☆★※ \u3000"
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "।", "”", "」")
ADDRESS = re.compile(r"(?:https?://|www\.)?[\w.-]+\.\w{2,}/?\S*$|\S+@\S+$")
CELLS = frozenset("li td tr dd dt th tbody thead".split())


def squash(text: str) -> str:
    """Letters and digits of a text alone, to compare it by."""
    return SQUASH.sub("", text).casefold()


def same_text(text: str, title: str) -> bool:
    """Is a heading the page's title, perhaps without the site's name?"""
    text, title = squash(text[:1000]), squash(title[:1000])
    return len(text) >= 4 and (text in title or (len(title) >= 10 and title in text))


def trim(roots: Sequence[Part], heading: Part | None, title: str) -> None:
    """Drops what is no part of the article in the elements that hold it."""
    headline = heading.all_text() if heading is not None else title
    drop_frames(roots)
    drop_minor(roots)
    drop_lines(roots)
    drop_link_lists(roots)
    drop_loose_links(roots)
    drop_before_text(roots, headline)
    drop_after_text(roots)
    drop_headings_of_nothing(roots)
    drop_repeated(roots)


def blocks_of(roots: Sequence[Part]) -> list[Part]:
    """The block elements that are left, in document order."""
    return [part for root in roots for part in root.within() if part.is_block]


def drop_frames(roots: Sequence[Part]) -> None:
    """Advertisements and buttons in frames."""
    for root in roots:
        for part in root.within():
            if part.tag == "iframe":
                source = part.node.attributes.get("src") or part.node.attributes.get("data-src") or ""
                part.dropped = not source or FRAME_JUNK.search(source[:500]) is not None


def drop_minor(roots: Sequence[Part]) -> None:
    """Bylines, dates, tags, buttons: what names say is no text and what holds no prose."""
    for part in blocks_of(roots):
        if part.minor and not (
            part.prose or part.lead or part in roots or part.tag in PICTURES or part.tag in HEADINGS
        ):
            part.dropped = part.letters <= (LONGEST_LABEL if part.media else LONGEST_LINE)


def drop_lines(roots: Sequence[Part]) -> None:
    """Lines that lead elsewhere, label the page's workings, or say who made it."""
    lines = [part for part in blocks_of(roots) if part.own and not any(p.is_block and p.letters for p in part.parts)]
    for number, part in enumerate(lines):
        if part.own > LONGEST_LINE or part.in_code or part.tag in HEADINGS or part.tag in ("td", "th", "dt"):
            continue
        text = part.text.strip(MARKS)
        if not text:
            continue
        at_edge = number < EDGE or number >= len(lines) - EDGE
        part.dropped = (
            (part.own <= LONGEST_LABEL and (part.tag != "li" or part.links) and LABEL.fullmatch(text) is not None)
            or is_prompt(part, text)
            or ((at_edge or part.own_links > 0) and CALL.match(text) is not None)
            or (at_edge and not part.caption and not text.endswith(("?", "？")) and IMPRINT.match(text) is not None)
        )


def is_prompt(part: Part, text: str) -> bool:
    """Does a line lead to other pages? A full sentence without links does not."""
    found = PROMPT.match(text)
    if found is None:
        return False
    if part.own_links * 3 >= part.own or text[: found.end() + 2].rstrip().endswith((":", "：")):
        return True
    return part.own <= LONGEST_LABEL and not part.text.endswith(SENTENCE_ENDS)


def drop_link_lists(roots: Sequence[Part]) -> None:
    """Elements that are mostly links, unless the line before announces them."""
    before: Part | None = None
    skip = 0
    for part in blocks_of(roots):
        if part.place < skip or not part.letters or part in roots:
            continue
        if is_link_list(part) and not announced(before, part):
            part.dropped = True
            skip = part.end
        elif part.own:
            before = part


def drop_loose_links(roots: Sequence[Part]) -> None:
    """Links between the blocks of an element whose own text is nothing else: tools such as "Edit this page"."""
    for root in roots:
        if root.own <= root.own_links and any(part.is_block and part.prose for part in root.parts):
            for part in root.parts:
                part.dropped |= part.tag == "a" and 0 < part.letters <= LONGEST_LINE and not part.media


def is_link_list(part: Part) -> bool:
    """Is an element made of links?"""
    if part.prose or part.caption or part.in_code or part.tag in HEADINGS or part.tag in CELLS:
        return False
    if part.tag == "p" and (part.text.endswith(SENTENCE_ENDS) or ADDRESS.match(part.text)):
        return False
    return part.links * 4 >= part.letters * 3


def announced(before: Part | None, part: Part) -> bool:
    """Are links the article's own: does a line with a colon lead to them, or a list's heading that is no prompt?"""
    link = part.node.css_first("a[href]")
    if link is not None and (link.attributes["href"] or "").startswith("#"):
        return False
    if before is None or before.own > LONGEST_LINE * 4 or PROMPT.match(before.text.strip(MARKS)):
        return False
    return before.text.endswith((":", "：")) or (part.tag in LISTS and before.tag in HEADINGS)


def drop_before_text(roots: Sequence[Part], headline: str) -> None:
    """Headline, byline, date, tools: what stands before the first paragraph."""
    blocks = blocks_of(roots)
    first = next((n for n, part in enumerate(blocks) if own_prose(part) and not part.caption), 0)
    for part in blocks[:first]:
        if part in roots or part.caption or part.tag in PICTURES or part.kind == blocks[first].kind:
            continue
        repeats = (
            part.letters <= LONGEST_LINE
            and part.end - part.place <= MOST_IN_LINE
            and same_text(part.all_text(), headline)
        )
        loose = part.tag in LOOSE and part.own <= LONGEST_LINE and not part.prose and not part.media
        part.dropped = repeats or (part.own > 0 and (loose or (part.tag == "p" and is_dateline(part))))


def is_dateline(part: Part) -> bool:
    """Is a line there for the date in it?"""
    return part.own <= LONGEST_LABEL and DATE.search(part.text) is not None and not part.text.endswith(SENTENCE_ENDS)


def own_prose(part: Part) -> bool:
    """Is a block a paragraph?"""
    return part.prose >= SHORT_BLOCK and not any(below.prose for below in part.parts if below.is_block)


def drop_after_text(roots: Sequence[Part]) -> None:
    """What stands behind the last paragraph and is no paragraph."""
    blocks = blocks_of(roots)
    last = max((n for n, part in enumerate(blocks) if own_prose(part)), default=len(blocks))
    kinds = {part.kind for part in blocks[: last + 1] if own_prose(part)}
    for part in blocks[last + 1 :]:
        if (
            part.tag in LOOSE
            and 0 < part.own <= LONGEST_LINE
            and not (part.media or part.caption or part.kind in kinds)
        ):
            part.dropped = part not in roots and not any(below.is_block and below.letters for below in part.parts)


def drop_headings_of_nothing(roots: Sequence[Part]) -> None:
    """Headings whose section has been dropped, and prompts that no text follows."""
    after: Part | None = None
    for part in reversed(blocks_of(roots)):
        if part.tag in HEADINGS and part.letters:
            prompt = PROMPT.match(part.text.strip(MARKS)) is not None
            part.dropped = after is None or (prompt and not (after.prose or after.tag in CELLS))
        if not part.dropped and (part.own or part.media):
            after = part


def drop_repeated(roots: Sequence[Part]) -> None:
    """The second of two equal paragraphs in different places: pages hold one for each width of screen.

    A refrain stands beside the first one, and stays.
    """
    seen: dict[str, Part] = {}
    for part in blocks_of(roots):
        if SHORT_BLOCK <= part.own <= LONGEST_REPEATED and part.tag not in CELLS and not part.in_code:
            first = seen.setdefault(squash(part.text), part)
            part.dropped = first is not part and (first.above is not part.above or part.caption)


def write(roots: Iterable[Part], container: Part) -> str:
    """The markup of some elements without what is dropped in them; of the container, what it holds."""
    written: list[str] = []
    for root in roots:
        states = marks(root)
        inner = root is container and root.tag not in WHOLE
        write_node(root.node, states, written, inner=inner)
    return "".join(written)


def marks(root: Part) -> dict[int, bool]:
    """Which nodes are dropped (True) or hold one that is (False), by their identity."""
    states: dict[int, bool] = {}
    todo = [root]
    while todo:
        part = todo.pop()
        if part.dropped and part is not root:
            states[part.node.mem_id] = True
            above = part.above
            while above is not None and above.node.mem_id not in states:
                states[above.node.mem_id] = False
                above = above.above
        else:
            todo.extend(part.parts)
    return states


def write_node(top: LexborNode, states: dict[int, bool], written: list[str], *, inner: bool) -> None:
    """Writes an element; what holds nothing that is dropped is written at once."""
    node, ends = top, []
    if inner:
        states.setdefault(top.mem_id, False)
    while True:
        state = states.get(node.mem_id)
        if state is None:
            written.append(node.html or "")
        elif state is False:
            bare = inner and node.mem_id == top.mem_id
            end = "" if bare else f"</{node.tag}>"
            if not bare:
                written.append(start_tag(node))
            if (child := node.first_child) is not None:
                ends.append((node, end))
                node = child
                continue
            written.append(end)
        while node.mem_id != top.mem_id and node.next is None:
            node, end = ends.pop()
            written.append(end)
        if node.mem_id == top.mem_id or node.next is None:
            return
        node = node.next


def start_tag(node: LexborNode) -> str:
    """An element's start tag as it was."""
    attributes = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in node.attributes.items()
    )
    return f"<{node.tag}{attributes}>"
