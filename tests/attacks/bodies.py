"""What the generators of the cases make: pages, listings, images and bombs, each in its smallest form."""

import gzip
import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

from PIL import Image

MEBIBYTE = 1 << 20
PARAGRAPH = "<p>The harbour was quiet on that morning, and nobody on the quay spoke about the weather at all. </p>"
REPEAT = 8
"""Of a body that is plain text; another one stands once, before plain text."""
XML = '<?xml version="1.0" encoding="utf-8"?>'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def article(
    title: str = "An article",
    *,
    raw_title: str | None = None,
    body: str = PARAGRAPH,
    repeat: int | None = None,
    author: str = "A. Writer",
    date: str = "2024-02-29T10:00:00+00:00",
    image: str = "",
    extra: str = "",
    charset: str = "utf-8",
    encode: str = "utf-8",
    bom: bool = False,
) -> bytes:
    """A page with one article; `raw_title` is markup, `title` is text."""
    name = escape(title) if raw_title is None else raw_title
    is_plain = "<" not in body.removeprefix("<p>").removesuffix("</p>")
    text = (
        body * (REPEAT if repeat is None else repeat)
        if is_plain or repeat is not None
        else PARAGRAPH * REPEAT + body + PARAGRAPH * REPEAT
    )
    picture = f'<img class="header" src="{escape(image)}">' if image else ""
    page = (
        f"<!doctype html><html><head>{f'<meta charset={charset}>' if charset else ''}<title>{name}</title></head><body>"
        f'<article><h1 class="title">{name}</h1><time datetime="{escape(date)}">{escape(date)}</time>'
        f'<span class="author">{escape(author)}</span>{picture}'
        f'<div class="body">{text}</div>{extra}</article></body></html>'
    )
    return ("\ufeff" if bom else "").encode(encode) + page.encode(encode, "xmlcharrefreplace")


def listing(links: list[str], next: str = "") -> bytes:  # noqa: A002
    """A page with links, and one to the next."""
    items = "".join(
        f'<li class="card"><a href="{escape(link)}">Something happened in the harbour, number {number}</a></li>'
        for number, link in enumerate(links, 1)
    )
    more = f'<a class="next" rel="next" href="{escape(next)}">Next</a>' if next else ""
    page = f'<!doctype html><html><head><meta charset="utf-8"></head><body><ul>{items}</ul>{more}</body></html>'
    return page.encode()


def sitemap(urls: list[str]) -> bytes:
    """A sitemap of addresses."""
    places = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in urls)
    return f'{XML}<urlset xmlns="{SITEMAP}">{places}</urlset>'.encode()


def xml_bomb(levels: int = 9, root: str = "urlset") -> bytes:
    """Ten times ten times ten …"""
    entities = '<!ENTITY a0 "boom">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, levels + 1)
    )
    inner = (
        f"<channel><item><title>&a{levels};</title></item></channel>"
        if root == "rss"
        else f"<url><loc>&a{levels};</loc></url>"
    )
    return f"{XML}<!DOCTYPE {root} [{entities}]><{root}>{inner}</{root}>".encode()


def xml_external(uri: str = "file:///etc/passwd") -> bytes:
    """An entity that stands for another file."""
    return f'{XML}<!DOCTYPE urlset [<!ENTITY x SYSTEM "{uri}">]><urlset><url><loc>&x;</loc></url></urlset>'.encode()


def zeros(mib: int, compressor: Any) -> bytes:
    """So many MiB of zeros, compressed without ever being there."""
    piece = bytes(MEBIBYTE)
    return b"".join([*(compressor.compress(piece) for _ in range(mib)), compressor.flush()])


def gzip_bomb(mib: int = 512) -> bytes:
    return zeros(mib, zlib.compressobj(9, zlib.DEFLATED, 31))


def gzip_twice(mib: int = 512) -> bytes:
    return gzip.compress(gzip_bomb(mib))


def deflate_bomb(mib: int = 512) -> bytes:
    return zeros(mib, zlib.compressobj(9, zlib.DEFLATED, 15))


def zstd_bomb(mib: int = 512) -> bytes:
    """A frame of blocks that say one byte 131,072 times each (RFC 8878, 3.1.1.2)."""
    count, size = mib * 8, 128 * 1024
    block = (size << 3) | (1 << 1)
    blocks = b"".join((block | (number == count - 1)).to_bytes(3, "little") + b"\0" for number in range(count))
    return b"\x28\xb5\x2f\xfd\x00\x38" + blocks


def many_attrs(n: int = 200_000) -> bytes:
    return b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(n)) + b">x</p></body></html>"


def noise(kind: str, w: int, h: int, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.frombytes("RGB", (w, h), random.Random(1).randbytes(w * h * 3)).save(file, kind, **options)  # noqa: S311
    return file.getvalue()


def jpeg(w: int = 320, h: int = 240, quality: int = 85, exif_orientation: int = 0) -> bytes:
    exif = Image.Exif()
    if exif_orientation:
        exif[0x0112] = exif_orientation
    return noise("JPEG", w, h, quality=quality, exif=exif)


def png(w: int = 64, h: int = 48) -> bytes:
    return noise("PNG", w, h)


def webp(w: int = 64, h: int = 48) -> bytes:
    return noise("WEBP", w, h)


def jpeg_truncated(frac: float = 0.6) -> bytes:
    whole = jpeg()
    return whole[: int(len(whole) * frac)]


def jpeg_polyglot() -> bytes:
    return jpeg() + b"<html><script>alert(1)</script></html>"


def jpeg_header_bomb() -> bytes:
    """A small image that says it is 65,500 pixels wide and high."""
    data = bytearray(jpeg(16, 16))
    place = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
    data[place + 5 : place + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(w: int = 13300, h: int = 13300) -> bytes:
    """One bit for each pixel, all black."""
    compressor = zlib.compressobj(9)
    row = bytes(1 + (w + 7) // 8)
    data = b"".join([*(compressor.compress(row) for _ in range(h)), compressor.flush()])
    head = struct.pack(">IIBBBBB", w, h, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_text_bomb(mib: int = 256) -> bytes:
    """A small image with a comment of so many MiB."""
    text = chunk(b"zTXt", b"Comment\0\0" + deflate_bomb(mib))
    data, head = png(), 8 + 25
    return data[:head] + text + data[head:]


def gif_bomb() -> bytes:
    file = io.BytesIO()
    Image.new("P", (16, 16)).save(file, "GIF")
    data = bytearray(file.getvalue())
    data[6:10] = struct.pack("<HH", 65535, 65535)
    place = data.index(b"\x2c", 13 + 3 * 2)
    data[place + 5 : place + 9] = struct.pack("<HH", 65535, 65535)
    return bytes(data)


def webp_header_bomb() -> bytes:
    """An extended header of 16,384 pixels in each direction, and nothing that fills it."""
    size = (16383).to_bytes(3, "little") * 2
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes([0, 0, 0, 0]) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def eps() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) print\nshowpage\n%%EOF\n"


def html_as_image() -> bytes:
    return b"<!doctype html><html><body>Please do not link to our images.</body></html>"


def hexbytes(h: str) -> bytes:
    return bytes.fromhex(h)


def made(name: str, **arguments: Any) -> bytes:
    """What a generator makes; what takes a while is made once."""
    return (
        once(name, tuple(sorted(arguments.items())))
        if "bomb" in name or name in SLOW
        else GENERATORS[name](**arguments)
    )


@cache
def once(name: str, arguments: tuple[tuple[str, Any], ...]) -> bytes:
    return GENERATORS[name](**dict(arguments))


SLOW = ("gzip_twice", "many_attrs")
GENERATORS: dict[str, Callable[..., bytes]] = {
    make.__name__: make
    for make in (
        *(article, listing, sitemap, xml_bomb, xml_external, gzip_bomb, gzip_twice, deflate_bomb, zstd_bomb),
        *(many_attrs, jpeg, png, webp, jpeg_truncated, jpeg_polyglot, jpeg_header_bomb, png_bomb, png_text_bomb),
        *(gif_bomb, webp_header_bomb, svg, eps, html_as_image, hexbytes),
    )
}
