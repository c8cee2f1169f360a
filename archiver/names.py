"""Safe file names: a title -> the NAME of its post and image; a category -> its folder."""

import re
import unicodedata
from functools import cache

from slugify import slugify

MAX_BYTES = 255  # of one name on ext4, XFS, Btrfs, APFS and, in UTF-16 units, NTFS
LONGEST_EXTENSION = len(".webp")
ILLEGAL = str.maketrans(dict.fromkeys(":/\\?*“”<>[]|", "_"))  # FORMAT.md, `title`
IN_FOLDERS = str.maketrans(dict.fromkeys('"', "_"))  # what Windows refuses besides; names keep it, as the old archive
# Controls, line breaks, surrogates, no characters, and what only changes the direction or look of its neighbours.
INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# What file systems overlook when they compare names (ext4 with casefold, HFS+), though it changes how some are drawn.
IGNORABLE = re.compile(r"[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f]")
# Devices of Windows, with or without an extension.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)", re.IGNORECASE)
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
    most = MAX_BYTES - LONGEST_EXTENSION
    name = cut(NAMINGS[naming](title), most)
    if not IGNORABLE.sub("", name).strip():
        return suffix
    tail = f"-{suffix}" if always or is_reserved(name) else ""
    return cut(name, most - len(tail.encode())) + tail


def folder_name(category: str) -> str:
    """A category -> one folder: no separator, never `.` or `..`, never empty, never over 255 bytes."""
    plain = INVISIBLE.sub("", category.translate(ILLEGAL).translate(IN_FOLDERS)).lstrip(" ")
    name = cut(plain, MAX_BYTES).rstrip(" .")
    seen = IGNORABLE.sub("", name)
    is_unusable = not seen or seen.startswith(".") or is_reserved(name)
    return f"_{cut(name, MAX_BYTES - 1)}".rstrip(" .") if is_unusable else name


def as_folder(name: str) -> str:
    """The NAME of a post as that of a folder: Windows drops spaces and dots that end one."""
    kept = name.rstrip(" .")
    return kept + "_" * (len(name) - len(kept))


def is_reserved(name: str) -> bool:
    """Does Windows take this for a device, with or without extension?"""
    return RESERVED.fullmatch(name.partition(".")[0].strip()) is not None


def folded(path: str) -> str:
    """Equal for two paths that are one on some file system: by case, composed letters, or what is not seen."""
    decomposed = unicodedata.normalize("NFD", path)
    return unicodedata.normalize("NFC", IGNORABLE.sub("", INVISIBLE.sub("", decomposed.casefold())))


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
