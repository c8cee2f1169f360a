"""One URL, one identity; and addresses as they stand in a page, made absolute and harmless."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

# Parameters that tell where a visitor came from and never which article it is.
TRACKING = re.compile(
    r"utm_\w+|spm|scm|maca|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|cmpid|ref_src|ref_url"
    r"|share_\w+|isappinstalled|wt_?mc|mkt_tok|vero_id|hsCtaTracking|_hsenc|_hsmi|at_(?:medium|campaign)",
    re.IGNORECASE,
)
DEFAULT_PORTS = {"http": 80, "https": 443}
# First labels of a host that show the same articles to phones.
MOBILE_LABELS = frozenset("www m mobile wap amp".split())
# How the address of an AMP page is made from its article's: `?amp=1`, `/amp/a`, `/a/amp`, `/a.amp`, `/a.amp.html`.
AMP_PARAMETER = re.compile(r"amp(?:=(?:1|true)?)?|outputtype=amp", re.IGNORECASE)
AMP_MARK = re.compile(r"^/amp(?=/)|/amp(?:\.html)?\Z|\.amp(?=(?:\.html)?\Z)", re.IGNORECASE)
FILE_ENDING = re.compile(r"\.\w{1,5}$")
FIVE_DIGITS = re.compile(r"\d{5}")
LONGEST_KEY, KEPT_OF_KEY = 500, 400  # characters; a B-tree of PostgreSQL takes 2700 bytes, a character has up to four
# What a link of a post may be. Anything else (javascript:, vbscript:, data:, file:) is dropped with its attribute.
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "magnet", "geo", "sms", "xmpp"})
SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
# Raster images only: an SVG may hold scripts.
DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif|bmp)[;,]", re.IGNORECASE)
# Characters a browser ignores in an address, so that `java\nscript:` is still a script.
BREAKS = re.compile(r"[\t\r\n]")
SPACE = "".join(map(chr, range(0x21)))
UNSAFE = re.compile(r"""[\x00-\x20\x7f-\x9f"'<>`{}|\\^]""")
# `https://cors.zfour.workers.dev/?http://img.example/a.jpg` asks a proxy for the address behind the `?`.
PROXIED = re.compile(r"https?://[^/?#]+/\?(?P<origin>https?://.+)", re.DOTALL)


def trimmed(address: str) -> str:
    """An address without what a browser ignores in it, and with `/` where it reads one: `https:\\\\evil\\@good/`."""
    head, mark, query = BREAKS.sub("", address).strip(SPACE).partition("?")
    return head.replace("\\", "/") + mark + query


def canonical(url: str) -> str:
    """The address that stands for the article: no fragment, no tracking parameters, no default port.

    Raises ValueError for what is not an absolute http or https address.
    """
    url.encode()  # half a surrogate pair is a ValueError
    parts = urlsplit(trimmed(url))
    scheme, host = parts.scheme.lower(), to_ascii((parts.hostname or "").rstrip("."))
    if scheme not in DEFAULT_PORTS or not host:
        raise ValueError(f"not a web address: {url}")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port not in (None, DEFAULT_PORTS[scheme]):
        netloc += f":{parts.port}"
    kept = [pair for pair in parts.query.split("&") if not TRACKING.fullmatch(pair.partition("=")[0])]
    return quoted(urlunsplit((scheme, netloc, parts.path or "/", "&".join(kept), "")))


def to_ascii(host: str) -> str:
    """A host as it is asked for: `xn--bcher-kva.example` for `bücher.example` (RFC 3490). Raises ValueError."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def identity(url: str) -> str:
    """What is the same for the spellings of one address: http or https, `www.` or none, `%E4` or `ä`, last slash.

    The page for phones (`m.`, `mobile.`, `wap.`) and the AMP page of an article are spellings of it too; the copies on
    the servers of ampproject.org are not known here.
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in (None, *DEFAULT_PORTS.values()) else ""
    pairs = [pair for pair in parts.query.split("&") if not AMP_PARAMETER.fullmatch(pair)]
    query = unquote("&".join(pairs))
    path = without_amp(unquote(parts.path).rstrip("/"))
    return f"{without_mobile(host_of(url))}{port}{path}{'?' if query else ''}{query}"


def key_of(url: str) -> str:
    """The identity as a key of an index."""
    return shortened(identity(url))


def shortened(text: str) -> str:
    """A text as a key of an index: never over 500 characters, and none that a database cannot store."""
    name = text.replace("\0", "%00").encode(errors="replace").decode()
    if len(name) <= LONGEST_KEY:
        return name
    return f"{name[:KEPT_OF_KEY]}#{hashlib.sha256(name.encode()).hexdigest()}"


def without_mobile(host: str) -> str:
    """A host without `m.`, `www.m.` and such in front; two labels stay, for `m.example` is a site of its own."""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in MOBILE_LABELS:
        del labels[0]
    return ".".join(labels)


def without_amp(path: str) -> str:
    """The path of the article whose AMP page a path is; the path itself where what remains names no article."""
    page = AMP_MARK.sub("", path)
    return page if names_article(page.rpartition("/")[2]) else path


def names_article(part: str) -> bool:
    """Is a part of a path more than the one word by which sections are called? `/products/amp` is no `/products`."""
    stem = FILE_ENDING.sub("", part)
    is_word = stem.isascii() and stem.isalpha()
    return (len(stem) >= 8 and not is_word) or FIVE_DIGITS.search(stem) is not None


def host_of(url: str) -> str:
    """Host in lower case without a leading `www.`, in ASCII; empty when the address has none."""
    try:
        return to_ascii(urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def absolute(address: str, base: str) -> str | None:
    """A link of a page -> the same as an absolute address, unchanged where it already is one; None: it may not stay."""
    address = trimmed(address)
    scheme = SCHEME.match(address)
    if scheme is None:
        try:
            address = urljoin(base, address)
        except ValueError:
            return None
        scheme = SCHEME.match(address)
    kind = scheme[1].lower() if scheme is not None else ""
    return address if not kind or (kind in LINK_SCHEMES and (kind not in DEFAULT_PORTS or is_web(address))) else None


def absolute_image(address: str, base: str) -> str | None:
    """As `absolute`, for the address of an image: only http, https and embedded raster images may stay."""
    if DATA_IMAGE.match(trimmed(address)):
        return trimmed(address)
    found = absolute(address, base)
    return found if found is not None and is_web(found) else None


@lru_cache(maxsize=4096)  # a page is read and written several times
def is_web(url: str) -> bool:
    """Is this an absolute http or https address with a host, which `canonical` takes?"""
    try:
        parts = urlsplit(url)
        _ = parts.port, url.encode()  # which raise: out of range, half a surrogate pair
        host = to_ascii((parts.hostname or "").rstrip("."))
    except ValueError:
        return False
    return parts.scheme.lower() in DEFAULT_PORTS and bool(host)


def quoted(url: str) -> str:
    """Percent-encodes what may not stand in an address inside quotes, markup or a template; the rest stays as it is."""
    return UNSAFE.sub(lambda match: quote(match[0]), url)


def quoted_path(path: str) -> str:
    """A file path -> the path of an address: `quoted`, and `%`, `?` and `#` too."""
    return quoted(re.sub(r"[%?#]", lambda match: quote(match[0]), path))


def image_origin(url: str) -> str:
    """The address behind a proxy prefix as the old archive has them (FORMAT.md, Insecure images), else the address."""
    match = PROXIED.fullmatch(url)
    return match["origin"] if match else url


def digest(url: str) -> str:
    """Eight hexadecimal digits that are the same for the same address, for ever."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:8]
