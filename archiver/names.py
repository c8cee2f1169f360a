"""Safe file names: a title -> the NAME of its post and image; a category -> its folder."""

import re
import unicodedata
from functools import cache

from slugify import slugify

MAX_BYTES = 255  # of one name on ext4, XFS, Btrfs, APFS and, in UTF-16 units, NTFS
LONGEST_EXTENSION = len(".webp")
ILLEGAL = str.maketrans(dict.fromkeys(":/\\?*“”<>[]|", "_"))  # FORMAT.md, `title`
# Controls, line breaks, surrogates and what only changes the direction or look of its neighbours.
INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Devices of Windows, with or without an extension.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
JOINER = "\N{ZERO WIDTH JOINER}"


def slug(title: str) -> str:
    """Words joined by hyphens, in lower case, Unicode letters kept. May be empty: `🎉` has no word."""
    return slugify(INVISIBLE.sub(" ", title), allow_unicode=True, regex_pattern=between_words())


@cache
def between_words() -> str:
    """What separates words: all but letters, digits, and the marks of Hindi or Thai letters, which `\\w` lacks."""
    marks = (chr(code) for code in range(0x300, 0xFE00) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    return rf"(?:_|[^-\w{''.join(marks)}])+"


def title_name(title: str) -> str:
    """The old archive's rule: the title as the post has it, without line breaks, `#` and `.`, untrimmed."""
    return INVISIBLE.sub("", re.sub(r"[#.]", "", title.translate(ILLEGAL)))


NAMINGS = {"slug": slug, "title": title_name}
"""The values of `--filename`."""


def post_name(title: str, suffix: str, *, naming: str = "slug", always: bool = False) -> str:
    """The NAME of a post and its image, without extension: never empty, never reserved, at most 255 bytes with one.

    `suffix` (from the article's URL) is added with a hyphen where the title's name is reserved, and with `always`,
    which is how two articles of one title get two files; where the title has no usable character it stands alone.
    """
    stem = NAMINGS[naming](title)
    if not stem.strip():
        return suffix
    tail = f"-{suffix}" if always or RESERVED.fullmatch(stem.strip()) else ""
    return cut(stem, MAX_BYTES - LONGEST_EXTENSION - len(tail.encode())) + tail


def folder_name(category: str) -> str:
    """A category -> one folder: no separator, never `.` or `..`, never empty, never over 255 bytes."""
    name = cut(INVISIBLE.sub("", category.translate(ILLEGAL)), MAX_BYTES).strip(" ").rstrip(".")
    is_unusable = not name or name.startswith(".") or RESERVED.fullmatch(name.partition(".")[0])
    return f"_{cut(name, MAX_BYTES - 1)}" if is_unusable else name


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, cut between characters and never between a letter and its marks."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    kept = encoded[:limit].decode(errors="ignore")
    while kept and (belongs_to_previous(text[len(kept)]) or kept[-1] == JOINER):
        kept = kept[:-1]
    return kept or encoded[:limit].decode(errors="ignore")


def belongs_to_previous(char: str) -> bool:
    """Is this a mark, joiner or selector that is drawn with the character before it?"""
    return unicodedata.category(char).startswith("M") or char == JOINER
