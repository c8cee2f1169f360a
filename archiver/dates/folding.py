"""A text as the patterns of dates expect it: plain width, no accents, digits for Chinese numerals."""

import re
import unicodedata
from itertools import chain


def fold_of(character: str) -> str:
    """A character as the patterns know it: of plain width, without accent."""
    plain = unicodedata.normalize("NFKD", character)
    return unicodedata.normalize("NFC", "".join(sign for sign in plain if not 0x300 <= ord(sign) <= 0x36F))


# A table, because normalising takes quadratic time on a hostile run of combining marks.
FOLD: dict[int, str] = {
    code: fold_of(chr(code))
    for code in chain(range(0xA0, 0x530), range(0x1E00, 0x2070), range(0x3000, 0x3003), range(0xFF00, 0xFFEF))
}
FOLD |= {
    **dict.fromkeys(
        chain(range(0x300, 0x370), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2066, 0x206A)), ""
    ),
    **dict.fromkeys(map(ord, "\ufeff\u0640\u0654\u064b\u00ad"), ""),
    **dict.fromkeys(map(ord, "¹²³⁰⁴⁵⁶⁷⁸⁹"), " "),  # the number of a footnote
    **dict.fromkeys(map(ord, "‐‑‒–—―−〜～"), "-"),
    **dict.fromkeys(map(ord, "‘’ʼ′"), "'"),
    **dict(zip(map(ord, "ıİأإآٱيىكۀة،、。"), "iIااااییکهه,,.", strict=True)),
}


def fold(text: str) -> str:
    """Plain width, no accents, no marks of direction."""
    return text if text.isascii() else text.translate(FOLD)


def folded_words(text: str) -> list[str]:
    """The words of a table, as the text has them once it is folded; `\\ ` stands for a space within one."""
    return [word.replace("\0", " ") for word in fold(text.replace("\\ ", "\0")).lower().split()]


def any_of(words: list[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


NUMERALS = {numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
COMPACT = re.compile(  # twelve digits in a row may be a telephone's number
    r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?:[Tt ]([0-2]\d)([0-5]\d)([0-5]\d)?|([0-2]\d)([0-5]\d)([0-5]\d))(?!\d)"
)
NUMERAL_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号號]"
)


def spread(match: re.Match[str]) -> str:
    """20220303T145737 as 2022-03-03T14:57:37."""
    year, month, day, *clock = filter(None, match.groups())
    return f"{year}-{month}-{day}T" + ":".join(clock)


def plain_of(text: str) -> str:
    """A text folded, its days in digits with marks between them; letters keep their case, so that EST is not `est`."""
    plain = COMPACT.sub(spread, fold(text))
    return plain if plain.isascii() else NUMERAL_DAY.sub(in_digits, plain)


def in_digits(match: re.Match[str]) -> str:
    """二〇二二年三月十三日 as 2022年3月13日."""
    year, month, day = match.groups()
    return "{}年{}月{}日".format("".join(map(NUMERALS.__getitem__, year)), *map(number_of, (month, day)))


def number_of(numerals: str) -> int:
    """十三 as 13, 二十 as 20."""
    tens, ten, ones = numerals.rpartition("十")
    if not ten:
        return int("".join(map(NUMERALS.__getitem__, numerals)))
    return 10 * int(NUMERALS.get(tens, "1")) + int(NUMERALS.get(ones, "0"))
