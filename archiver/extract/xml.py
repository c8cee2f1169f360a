"""XML as it occurs, in feeds and sitemaps: read without unfolding anything, mended where it is broken."""

import re
from html import escape, unescape
from html.entities import html5
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import read_bom, resolve_encoding

from archiver.charset import charset_of, encoded_once
from archiver.errors import PageError

HEAD = 4096  # bytes that are looked at to tell what they are
REFERENCE = re.compile(r"&(?:(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{0,40});)?")
# What makes a title markup. Anything else between `<` and `>` is text: `Vec<T>`, `<3`.
MARKUP = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:br|wbr|img)\b[^<>]*>", re.IGNORECASE)
BREAK = re.compile(r"<(?:br|hr|p|/p|div|li|tr|td|h[1-6]|/h[1-6]|blockquote)\b", re.IGNORECASE)
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]+)")
PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)  # not possessive: Python 3.11.2 errs there
DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*+(?:\[(?P<declarations>.*?)\]\s*)?>", re.DOTALL | re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY\s++(?P<name>[^%\s<>]++)\s++(?P<value>[^<>]*+)")
ROOT = re.compile(r"<(?:[\w.\-]+:)?(?P<name>[\w.\-]+)")
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
TOKEN = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.\-]*)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>",
    re.DOTALL,
)
LOOSE = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<(?!/?[A-Za-z_])|\]\]>", re.DOTALL)
BOUNDARY = re.compile(r"(?:.*:)?(?:item|entry|url|sitemap)")
# Elements that hold text and nothing else, unless they say that it is XML: what looks like markup in them is text.
TEXTS = frozenset("title description content:encoded summary content itunes:summary".split())


def read_xml(raw: bytes, unit: str, target: Any = None) -> Any:
    """The root of a document, or what a parser `target` makes of it.

    What is not well-formed is mended and read up to the end of its last whole `unit`, a pattern of element names.
    Raises PageError where there is no XML or what it declares is not harmless.
    """
    declarations, text = without_prolog(xml_text(raw))
    if not ROOT.match(text):
        raise PageError("no XML")
    for entity in ENTITY.finditer(declarations):
        if entity["value"].startswith(("SYSTEM", "PUBLIC")) or re.search(r"&(?!#)", entity["value"]):
            raise PageError(f"refused: the entity {entity['name'][:40]!r} that it declares refers to others")
    try:
        return parse_xml(text, target)
    except etree.XMLSyntaxError:
        text = mended(whole_units(text, unit))
    try:
        root = parse_xml(text, target, recover=True)
    except etree.XMLSyntaxError as error:
        raise PageError("broken XML") from error
    if root is None:
        raise PageError("broken XML")
    return root


def parse_xml(text: str, target: Any = None, *, recover: bool = False) -> Any:
    """lxml without all that reads anything else or unfolds; `target` is a class."""
    parser = etree.XMLParser(
        target=target() if target else None,
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def xml_text(raw: bytes) -> str:
    """Bytes as text: by byte order mark, by declaration, and against the declaration where they say otherwise."""
    marked, mark = read_bom(raw)
    raw = raw.removeprefix(mark or b"")
    found = DECLARED.search(raw[:HEAD])
    declared = (resolve_encoding(found[1].decode("ascii", "replace")) if found else None) or "utf-8"
    if marked is None and raw[:2] in (b"<\0", b"\0<"):
        marked = "utf-16-le" if raw[:1] == b"<" else "utf-16-be"
    if declared.startswith("utf-16"):
        declared = "utf-8"  # or the declaration could not have been read
    # What is valid as UTF-8 is UTF-8, for text in any other charset hardly ever is, but for those of seven bits.
    is_seven_bits = declared.startswith(("iso2022", "hz", "utf-7"))
    for encoding in [marked] if marked else [declared, "utf-8"] if is_seven_bits else ["utf-8", declared]:
        try:
            text = raw.decode(encoding)
            return encoded_once(text) if encoding == "utf-8" else text
        except UnicodeDecodeError:
            continue
    return raw.decode(marked or charset_of(raw), "replace")


def root_name(head: bytes) -> str:
    """Name of the root element in lower case, without prefix; empty where these first bytes show none."""
    root = ROOT.match(without_prolog(xml_text(head))[1])
    return root["name"].lower() if root else ""


def without_prolog(text: str) -> tuple[str, str]:
    """What the DOCTYPE declares, and XML from its root element on, whatever stands before it."""
    declaration = text[:HEAD].find("<?xml")
    start = after_prolog(text, max(declaration if declaration >= 0 else text.find("<"), 0))
    doctype = DOCTYPE.match(text, start)
    return (doctype["declarations"] or "", text[after_prolog(text, doctype.end()) :]) if doctype else ("", text[start:])


def after_prolog(text: str, start: int) -> int:
    """Where white space, comments and instructions end."""
    found = PROLOG.match(text, start)
    return found.end() if found else start


def whole_units(text: str, unit: str) -> str:
    """A text up to the end of its last whole unit; half an article is none."""
    ends = [match.end() for match in re.finditer(rf"</(?:[\w.\-]+:)?(?:{unit})\s*>", text, re.IGNORECASE)]
    begun = re.search(rf"<(?:[\w.\-]+:)?(?:{unit})[\s>]", text, re.IGNORECASE)
    return text[: ends[-1] if ends else begun.start() if begun else None]


def mended(text: str) -> str:
    """XML in which references, stray `<` and the markup within texts are what the site meant."""
    text = NOT_XML.sub("", text)
    written: list[str] = []
    position, inside = 0, ""
    for token in TOKEN.finditer(text):
        name = (token["name"] or "").lower()
        if inside and (BOUNDARY.fullmatch(name) or (token["end"] and name == inside)):
            closing = "" if name == inside else f"</{inside}>"
            written.append(mended_text(text[position : token.start()]) + closing)
            position, inside = token.start(), ""
        if not inside and name in TEXTS and not token["end"] and not is_xml(token["rest"]):
            written.append(mended_markup(text[position : token.end()]))
            position, inside = token.end(), name
    rest = text[position:]
    written.append(mended_text(rest) + f"</{inside}>" if inside else mended_markup(rest))
    return "".join(written)


def is_xml(attributes: str) -> bool:
    """Is an element empty, or does it say that it holds XML?"""
    return attributes.endswith("/") or "xhtml" in attributes or re.search(r"mode\s*=\s*.xml", attributes) is not None


def mended_text(text: str) -> str:
    """What an element of text holds. Where it holds tags it is HTML that was not escaped, and taken as it stands."""
    is_html = any(token["name"] for token in TOKEN.finditer(text))
    parts = CDATA.split(text)
    for number, part in enumerate(parts):
        if number % 2 or is_html:
            parts[number] = escape(part, quote=False)
        else:
            parts[number] = REFERENCE.sub(mended_reference, part).replace("<", "&lt;").replace("]]>", "]]&gt;")
    return "".join(parts)


def mended_markup(text: str) -> str:
    """Tags, and the text between them."""
    parts = CDATA.split(text)
    for number, part in enumerate(parts):
        if number % 2:
            parts[number] = escape(part, quote=False)
        else:
            parts[number] = LOOSE.sub(mended_loose, REFERENCE.sub(mended_reference, part))
    return "".join(parts)


def mended_reference(match: re.Match[str]) -> str:
    """A character reference of XML stays, one of HTML becomes its character, a bare `&` is text."""
    name = match[1]
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return match[0]
    if not is_known(name):
        return f"&amp;{match[0][1:]}"
    return escape(NOT_XML.sub("", unescape(match[0])))


def mended_loose(match: re.Match[str]) -> str:
    """Comments and instructions go, what is no tag is text."""
    found = match[0]
    return "" if found.startswith(("<!-", "<?")) else found.replace("<", "&lt;").replace(">", "&gt;")


# Text in XML.


def plain(text: str) -> str:
    """HTML, or text with references, as text in one line."""
    if MARKUP.search(text) is None:
        return one_line(REFERENCE.sub(lambda match: unescape(match[0]) if is_known(match[1]) else match[0], text))
    tree = LexborHTMLParser("<div>" + BREAK.sub(r" \g<0>", text), is_fragment=True)
    tree.strip_tags(["script", "style"])
    return one_line(tree.text())


def is_known(name: str | None) -> bool:
    """Is there such a character reference in HTML?"""
    return name is not None and (name.startswith("#") or f"{name};" in html5)


def one_line(text: str) -> str:
    """White space of any kind becomes one space, none is left at the ends."""
    return " ".join(text.split())
