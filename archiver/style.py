"""What a `style` attribute may say: how its element looks, and nothing that reaches beyond it or loads anything.

An allow-list of CSS properties and of the forms of their values. What is not plainly harmless goes, declaration by
declaration; what stays is as it was found, byte for byte.
"""

import re

# Sizes, colours, fonts, borders, lists, tables, columns: what an editor's tool bar and a word processor write.
PROPERTIES = frozenset(
    "align-content align-items align-self aspect-ratio background background-clip background-color background-position"
    " background-repeat background-size border border-collapse border-radius border-spacing box-sizing"
    " break-after break-before break-inside caption-side clear color color-scheme column-count column-fill column-gap"
    " column-rule column-rule-color column-rule-style column-rule-width column-span column-width columns cursor"
    " direction display empty-cells flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font"
    " gap height hyphens justify-content justify-items justify-self letter-spacing line-break line-height list-style"
    " list-style-position list-style-type margin margin-block margin-bottom margin-inline margin-left margin-right"
    " margin-top max-height max-width min-height min-width object-fit object-position order orphans overflow"
    " overflow-wrap overflow-x overflow-y padding page-break-after page-break-before page-break-inside place-content"
    " place-items position quotes row-gap ruby-align ruby-position tab-size table-layout unicode-bidi vertical-align"
    " visibility white-space white-space-collapse widows width word-break word-spacing word-wrap writing-mode"
    " -webkit-box-sizing -moz-box-sizing -webkit-box-align -webkit-box-flex -webkit-box-orient -webkit-line-clamp"
    " -webkit-tap-highlight-color -webkit-hyphens -webkit-overflow-scrolling".split()
)
FAMILIES = re.compile(
    r"(?:border-(?:top|bottom|left|right|block|inline|start|end)[a-z-]*|border-(?:color|style|width)"
    r"|padding-[a-z-]+|font-[a-z-]+|text-(?!shadow)[a-z-]+|mso-[a-z-]+|-webkit-(?:text|font)-[a-z-]+|-ms-[a-z-]*text[a-z-]*)"
)
"""Properties of which a whole family is harmless; what is unknown to browsers (`mso-…`) is so, too."""
DECLARATION = re.compile(r"\s*([a-zA-Z-]{2,40})\s*:(.*)", re.DOTALL)
# Words, numbers, quoted names, colours. No backslash, comment, colon or bracket: nothing that CSS reads otherwise than
# it looks, and no function but those of colours (not url, expression, image-set, attr, var).
VALUE = re.compile(
    r"(?:(?:rgb|hsl)a?\([\d.,%\s/a-z-]{1,60}\)|\"[^\"\\<>;:(){}\n\r\f]*\"|'[^'\\<>;:(){}\n\r\f]*'"
    r"|(?!(?:rgb|hsl)a?\()[\w.%#,+\-!\s]|/(?!\*))*",
    re.IGNORECASE,
)
NEGATIVE = re.compile(r"(?<![\w.#-])-\s*[\d.][\w.%]*")
SHORT = re.compile(r"-(\d*\.?\d+)(px|pt|em|rem|ex|ch)?", re.IGNORECASE)
MOST_BACK = {"px": 32.0, "pt": 24.0, "": 32.0}
"""How far a margin may pull an element over its neighbours; in letters: 2."""
HUGE = re.compile(r"(?<![#\w.])(?:\d{5}|\d+e\+?\d)", re.IGNORECASE)
POSITIONS = frozenset(("static", "relative"))
LONGEST = 4_000
"""Characters; of a longer style nothing stays."""


def harmless_style(style: str) -> str | None:
    """The declarations that may stay, as they are; None: none may. What is harmless throughout comes back unchanged."""
    if len(style) > LONGEST:
        return None
    parts = style.split(";")
    kept = [part for part in parts if not part.strip() or is_harmless(part)]
    if len(kept) == len(parts):
        return style
    return ";".join(kept) if any(part.strip() for part in kept) else None


def is_harmless(declaration: str) -> bool:
    """May a declaration, without its semicolon, stay?"""
    match = DECLARATION.fullmatch(declaration)
    name, value = (match[1].lower(), match[2]) if match else ("", "")
    is_known = name in PROPERTIES or FAMILIES.fullmatch(name) is not None
    if not is_known or VALUE.fullmatch(value) is None or HUGE.search(value):
        return False
    if name == "position":
        return value.partition("!")[0].strip().lower() in POSITIONS
    return all(map(is_small, NEGATIVE.findall(value)))


def is_small(token: str) -> bool:
    """Is a negative length so short that it only straightens a line?"""
    match = SHORT.fullmatch(token)
    return match is not None and float(match[1]) <= MOST_BACK.get((match[2] or "").lower(), 2.0)
