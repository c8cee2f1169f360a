"""Which charset a page is in, whatever it says.

A byte order mark counts most, then a site's definition, the HTTP header, the page's own declaration (WHATWG HTML,
13.2.3) unless the bytes contradict it, and at last what the bytes look like. What is declared and valid is believed
as long as it can be read: a text of rare characters, or of words in two scripts, is looked at in other charsets. Labels
mean what browsers take them for (WHATWG Encoding): gb2312 is gb18030, iso-8859-1 is windows-1252.
"""

import codecs
import re
import string
from itertools import islice

import cchardet  # type: ignore[import-not-found,unused-ignore]
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from archiver.legibility import legibility

HEAD = 4096
"""Bytes in which a page declares its charset; browsers look at 1024, real pages are late."""
SAMPLE = 200_000
"""Bytes, from the first beyond ASCII, that are looked at to check a declaration."""
FOREIGN = 5_000
"""Bytes beyond ASCII that will do; each that is wrong costs a microsecond, and is looked at several times."""
DETECTED = 4_096
"""Bytes that are shown to the detector, which takes a millisecond for them; tags are none of them."""
READ = 3_000
"""Bytes that are read in several charsets; a quarter of a millisecond each."""
DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:\-]{1,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]{1,40})",
    re.IGNORECASE,
)
FOREIGN_TEXT = re.compile(rb"[\x80-\xff][^<>]{0,400}")
MOST_TEXTS = 2_000
ESCAPED_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
SEVEN_BITS = ("iso2022", "hz", "utf-7")
FALLBACK = "cp1252"
OTHERS = ("gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "cp1251", "koi8_r", "cp1250", FALLBACK)
"""What a text may be in that cannot be read as declared."""
LEGIBLE = 0.5
"""From which on a text is believed to be what somebody wrote."""
CLEARLY = 0.25
"""How much better a text must be read in another charset than in the declared one."""
FEWEST = 4
"""Bytes beyond ASCII; of fewer nothing can be told."""
ASCII = string.ascii_letters + string.digits + "<>/=\"'&;\\u0041"
# What w3lib has no name for, or a codec that lacks what browsers know (NEC's row 13: ①, ㈱).
LABELS = {
    **dict.fromkeys(("unicode-1-1-utf-8", "unicode", "ucs-2"), "utf-8"),
    **dict.fromkeys(("x-gbk", "gb_2312", "csgb2312"), "gb18030"),
    **dict.fromkeys(("cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("euc-jp", "euc_jp", "x-euc-jp", "cseucpkdfmtjapanese"), "euc_jis_2004"),
    **dict.fromkeys(("windows-949", "ks_c_5601-1989", "ksc_5601"), "cp949"),
    **dict.fromkeys(("iso-8859-8-i", "logical", "visual"), "iso8859_8"),
    "dos-874": "cp874",
    "koi8-ru": "koi8_u",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    **{f"x-cp125{number}": f"cp125{number}" for number in range(9)},
    **{f"iso8859{number}": f"iso8859_{number}" for number in range(2, 17)},
}
MOST_FOREIGN = 0.3
"""Of the bytes of a text in a Latin script: accents are a tenth of it at most, other scripts nearly all of it."""
CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
"""The C1 control characters in UTF-8, where they are found in a quarter of the time that a text takes."""
MOST_DAMAGE = 0.05
"""Of the characters beyond ASCII: a few bad bytes are damage, more are another charset."""
LOST = "锟斤拷"
"""U+FFFD twice, in UTF-8 that was read as GBK."""
ILLEGIBLE, MOST_LOST = 0.3, 50
"""Share and number of lost characters from which on a page is none; fewer are damage, and told."""
BYTES = {
    bytes([code]).decode("cp1252"): bytes([code])
    for code in range(128, 256)
    if bytes([code]).decode("cp1252", "ignore")
}
TRAIL = (
    "".join(re.escape(bytes([code]).decode("cp1252", "ignore") or chr(code)) for code in range(0x80, 0xC0))
    + "\x80-\xbf"
)
LEAD = re.compile("[\xc2-\xf4]")
TWICE = re.compile(f"(?:[\xc2-\xdf][{TRAIL}]|[\xe0-\xef][{TRAIL}]{{2}}|[\xf0-\xf4][{TRAIL}]{{3}})+")
"""UTF-8 that was read as windows-1252 (or latin-1), and written as UTF-8 again."""
TWICE_BEGINS = re.compile(rb"\xc3[\x82-\xb4][\xc2-\xef]")
"""How that begins, in UTF-8: most texts hold no such thing, which is soon seen."""
FEWEST_TWICE = 6
MOST_DECLARED_DAMAGE = 0.4
"""Where the page says UTF-8; text in another charset read as UTF-8 is damaged by 0.6 and more."""


def decode(raw: bytes, content_type: str | None = None, default: str | None = None) -> str:
    """The text of a page; what is no character in its charset becomes U+FFFD. Never raises.

    What was encoded twice as UTF-8 before it was sent is the text that was meant.
    """
    charset = charset_of(raw, content_type, default)
    _, mark = read_bom(raw)
    text = raw.removeprefix(mark or b"").decode(charset, "replace")
    return encoded_once(text) if charset == "utf-8" else text


def encoded_once(text: str) -> str:
    """A text in which what is UTF-8 that was read as windows-1252 is what it was before, where that is most of it."""
    if TWICE_BEGINS.search(text.encode("utf-8", "replace")) is None:
        return text
    first = LEAD.search(text)
    sample = text[first.start() :][:SAMPLE] if first else ""
    found = sum(map(len, TWICE.findall(sample)))
    if found < FEWEST_TWICE:
        return text
    foreign = len(sample) - len(sample.encode("ascii", "ignore"))
    return TWICE.sub(lambda match: to_bytes(match[0]).decode("utf-8", "replace"), text) if found > foreign / 2 else text


def to_bytes(text: str) -> bytes:
    """What was read as windows-1252, or as latin-1 where that has no character."""
    return b"".join(BYTES.get(character) or character.encode("latin-1") for character in text)


def lost_characters(text: str) -> int:
    """How many characters of a text are none, in its charset, or since it was damaged before it was sent."""
    return unread_characters(text) + len(LOST) * text.count(LOST)


def unread_characters(text: str) -> int:
    """How many characters were none; charsets of one byte have a control character for whatever they lack."""
    return text.count("\N{REPLACEMENT CHARACTER}") + len(CONTROLS.findall(text.encode("utf-8", "replace")))


def is_illegible(text: str) -> bool:
    """Are so many characters lost that what is left is no text?"""
    lost = lost_characters(text)
    return lost >= MOST_LOST and lost > ILLEGIBLE * (len(text) - len(text.encode("ascii", "ignore")))


def charset_of(raw: bytes, content_type: str | None = None, default: str | None = None) -> str:
    """A codec that `bytes.decode` knows; `content_type` is the HTTP header, `default` a site's definition."""
    marked, _ = read_bom(raw)
    given = marked or wide_charset(raw[:HEAD]) or codec_of(default)
    if given:
        return given
    sample = raw[first_foreign(raw) :][:SAMPLE]
    foreign = len(sample.translate(None, bytes(range(128))))
    sample = sample[: SAMPLE * FOREIGN // max(foreign, FOREIGN)]
    charset = plain_charset(raw, sample, content_type)
    return charset if charset == "utf-8" or foreign < FEWEST else legible_charset(sample, charset)


def is_guessed(raw: bytes, content_type: str | None, charset: str) -> bool:
    """Was the charset of a page found by its bytes alone, since neither header nor page names it?

    What is valid as UTF-8 is that, whatever they say; it is no guess.
    """
    declared = (read_bom(raw)[0], codec_of(http_content_type_encoding(content_type)), declared_in(raw))
    return charset not in ("utf-8", *declared) and not raw.isascii()


def plain_charset(raw: bytes, sample: bytes, content_type: str | None) -> str:
    """What header, page and bytes say, whatever the text looks like then."""
    header = codec_of(http_content_type_encoding(content_type))
    is_server_default = header in (None, FALLBACK)  # latin-1 is what many a server says of everything
    declared = declared_in(raw) or header if is_server_default else header
    if declared and declared.startswith(SEVEN_BITS):
        return declared
    if not declared and ESCAPED_JAPANESE.search(raw[:SAMPLE]):
        return "iso2022_jp"
    # What is valid as UTF-8 is UTF-8: text in any other charset hardly ever is.
    if damage(sample, "utf-8") <= (MOST_DECLARED_DAMAGE if declared == "utf-8" else MOST_DAMAGE):
        return declared if declared and sample.isascii() else "utf-8"
    is_latin = declared == FALLBACK and foreign_share(sample) <= MOST_FOREIGN
    if declared not in (None, "utf-8", FALLBACK) and damage(sample, declared) <= MOST_DAMAGE:
        return declared
    if is_latin:
        return FALLBACK
    offers = [charset for charset in (detect(sample), declared, FALLBACK) if charset]
    return min(offers, key=lambda charset: damage(sample, charset))


def legible_charset(sample: bytes, charset: str) -> str:
    """The same charset, unless the sample can be read in another one only."""
    if charset.startswith(SEVEN_BITS):
        return charset
    found = foreign_texts(sample)
    own = legibility(whole_text(found[:READ], charset))
    if own >= LEGIBLE:
        return charset
    others = [other for other in (codec_of(looks_like(found)), *OTHERS) if other and other not in (charset, "utf-8")]
    texts = {other: whole_text(found[:READ], other) for other in others}
    values = {other: legibility(text) for other, text in texts.items() if damage_of(text) <= MOST_DAMAGE}
    best = max(values, key=lambda other: values[other], default=charset)
    return best if values.get(best, 0.0) >= own + CLEARLY else charset


def whole_text(raw: bytes, charset: str) -> str:
    """The text of a sample, without what it cuts at its end."""
    return codecs.getincrementaldecoder(charset)("replace").decode(raw)


def wide_charset(head: bytes) -> str | None:
    """UTF-16 without its mark, by the zeros of the tags; None: it is none."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not even + odd or max(even, odd) * 5 < len(head) or min(even, odd) * 20 > len(head):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def codec_of(label: str | None) -> str | None:
    """The codec that browsers take for a label. None: there is none in which ASCII is ASCII, so no page can be in it.

    (Python also knows rot13, zlib, punycode, and the escapes of its own source text.) UTF-16 without its mark is UTF-8:
    a page that says so says it in ASCII.
    """
    name = (label or "").strip().lower()
    name = resolve_encoding(LABELS.get(name, name)) or ""
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"
    try:
        return LABELS.get(name, name) if ASCII.encode().decode(name, "replace") == ASCII else None
    except (LookupError, UnicodeError):
        return None


def declared_in(raw: bytes) -> str | None:
    """What a page says in `<meta>` or its XML declaration, as a codec's name. None: nothing that is known."""
    found = DECLARED.search(raw[:HEAD])
    return codec_of((found[1] or found[2]).decode("ascii", "replace")) if found else None


def first_foreign(raw: bytes) -> int:
    """Where the first byte beyond ASCII is; 0 where there is none. The fastest way through ten megabytes."""
    try:
        return 0 if raw.isascii() else len(raw.decode("ascii"))
    except UnicodeDecodeError as error:
        return error.start


def damage(raw: bytes, charset: str) -> float:
    """Share of the characters beyond ASCII that are none in a charset; an unknown charset damages all."""
    try:
        text = whole_text(raw, charset)
    except LookupError:
        return 1.0
    return 0.0 if charset == "utf-8" and "\N{REPLACEMENT CHARACTER}" not in text else damage_of(text)


def damage_of(text: str) -> float:
    """The same of a text that has been read."""
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return unread_characters(text) / foreign if foreign else 0.0


def foreign_share(raw: bytes) -> float:
    """Share of the bytes beyond ASCII in the texts that hold any."""
    texts = foreign_texts(raw)
    return len(texts.translate(None, bytes(range(128)))) / len(texts) if texts else 0.0


def detect(raw: bytes) -> str | None:
    """What the bytes look like, as a codec's name. None: like nothing that is known."""
    return codec_of(looks_like(foreign_texts(raw)))


def looks_like(texts: bytes) -> str | None:
    """What the detector says."""
    found: str | None = cchardet.detect(texts)["encoding"]
    return found


def foreign_texts(raw: bytes) -> bytes:
    """The texts of a page that are not ASCII, so many that they tell a charset."""
    texts = islice(FOREIGN_TEXT.finditer(raw[: 8 * DETECTED]), MOST_TEXTS)
    return b" ".join(match[0] for match in texts)[:DETECTED]
