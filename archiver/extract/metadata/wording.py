"""Texts as declarations and headings have them, made plain, and made comparable."""

import html
import re
import unicodedata

INVISIBLE = str.maketrans(dict.fromkeys("\xad\u200b\u200e\u200f\u2060\ufeff"))
MARKUP = re.compile(
    r"</?(?:a|abbr|b|br|cite|em|font|i|mark|p|q|s|small|span|strong|sub|sup|u)\b[^<>]{0,200}>", re.IGNORECASE
)


def plain(text: str) -> str:
    """A text of one line, without invisible characters, also where it was escaped once or twice too often."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = MARKUP.sub("", text)
    return " ".join((text if text.isascii() else text.translate(INVISIBLE)).split())


def fold(text: str) -> str:
    """A text for comparison: letters without marks, and digits, in lower case and of usual width."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return "".join(filter(str.isalnum, text.casefold()))
