"""Which charset a page is in, whatever it says.

A byte order mark counts most, then a site's definition, the HTTP header, the page's own declaration (WHATWG HTML,
13.2.3) unless the bytes contradict it, and at last what the bytes look like. Labels mean what browsers take them for
(WHATWG Encoding): gb2312 is gb18030, iso-8859-1 is windows-1252.
"""

import codecs
import re
import string

import cchardet  # type: ignore[import-not-found,unused-ignore]
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

HEAD = 4096
"""Bytes in which a page declares its charset; browsers look at 1024, real pages are late."""
SAMPLE = 200_000
"""Bytes, from the first beyond ASCII, that are looked at to check a declaration: 2 ms, 20 ms where all are noise."""
DETECTED = 65_536
"""Bytes that are shown to the detector, which takes 2 ms for them; tags are none of them."""
DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:\-]{1,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]{1,40})",
    re.IGNORECASE,
)
FOREIGN_TEXT = re.compile(rb"[\x80-\xff][^<>]{0,400}")
ESCAPED_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
SEVEN_BITS = ("iso2022", "hz", "utf-7")
FALLBACK = "cp1252"
ASCII = string.ascii_letters + string.digits + "<>/=\"'&;\\"
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
CONTROLS = re.compile("[\x80-\x9f]")
MOST_DAMAGE = 0.05
"""Of the characters beyond ASCII: a few bad bytes are damage, more are another charset."""
MOST_DECLARED_DAMAGE = 0.4
"""Where the page says UTF-8; text in another charset read as UTF-8 is damaged by 0.6 and more."""


def decode(raw: bytes, content_type: str | None = None, default: str | None = None) -> str:
    """The text of a page; what is no character in its charset becomes U+FFFD. Never raises."""
    charset = charset_of(raw, content_type, default)
    _, mark = read_bom(raw)
    return raw.removeprefix(mark or b"").decode(charset, "replace")


def charset_of(raw: bytes, content_type: str | None = None, default: str | None = None) -> str:
    """A codec that `bytes.decode` knows; `content_type` is the HTTP header, `default` a site's definition."""
    marked, _ = read_bom(raw)
    given = marked or codec_of(default)
    if given:
        return given
    header = codec_of(http_content_type_encoding(content_type))
    is_server_default = header in (None, FALLBACK)  # latin-1 is what many a server says of everything
    declared = declared_in(raw) or header if is_server_default else header
    sample = raw[first_foreign(raw) :][:SAMPLE]
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


def codec_of(label: str | None) -> str | None:
    """The codec that browsers take for a label. None: there is none in which ASCII is ASCII, so no page can be in it.

    (Python also knows rot13, zlib, punycode.) UTF-16 without its mark is UTF-8: a page that says so says it in ASCII.
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
        reader = codecs.getincrementaldecoder(charset)("replace")  # it waits for more where a sample cuts a character
    except LookupError:
        return 1.0
    text = reader.decode(raw)
    if charset == "utf-8" and "\N{REPLACEMENT CHARACTER}" not in text:
        return 0.0
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    # Charsets of one byte have a control character for whatever else they lack.
    bad = text.count("\N{REPLACEMENT CHARACTER}") + len(CONTROLS.findall(text))
    return bad / foreign if foreign else 0.0


def foreign_share(raw: bytes) -> float:
    """Share of the bytes beyond ASCII in the texts that hold any."""
    texts = foreign_texts(raw)
    return len(texts.translate(None, bytes(range(128)))) / len(texts) if texts else 0.0


def detect(raw: bytes) -> str | None:
    """What the bytes look like, as a codec's name. None: like nothing that is known."""
    return codec_of(cchardet.detect(foreign_texts(raw))["encoding"])


def foreign_texts(raw: bytes) -> bytes:
    """The texts of a page that are not ASCII, so many that they tell a charset."""
    return b" ".join(match[0] for match in FOREIGN_TEXT.finditer(raw[: 8 * DETECTED]))[:DETECTED]
