"""Is it an image, whole, and of which kind? The bytes decide, not the server's word."""

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from archiver.errors import ImageError

EXTENSIONS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "AVIF": ".avif",
    "BMP": ".bmp",
    "MPO": ".jpg",
}
"""Formats that are kept, as Pillow names them; MPO is a JPEG with previews. SVG is none: it can hold scripts."""
MAX_BYTES = 32 * 1024**2
"""Header images of news sites lie between 20 kB and 3 MB; what is larger is a camera original or an attack."""
MAX_PIXELS = 64_000_000
"""Of one frame, checked before anything is decoded: 64 megapixels are 256 MB of memory."""
MAX_FRAME_PIXELS = 1_000_000_000
"""Of all frames of an animation together: about ten seconds of decoding."""

END_MARKS = {"GIF": b"\x00;", "PNG": b"IEND"}
"""What stands at the end of a whole file, where a decoder does not miss it."""

MARKUP = re.compile(rb"(?i)<(?:script|html|iframe|!doctype|\?php)\b")
"""What no image holds (XMP begins otherwise), and a browser or server may take the file for that it is given to."""

LAST_BYTES = {b"\xff\xd8\xff": b"\xff\xd9", b"\x89PNG\r\n\x1a\n": b"IEND\xaeB`\x82"}
"""How JPEG and PNG begin, and the bytes that end them: in no other format can the end be told by its bytes alone."""

Image.MAX_IMAGE_PIXELS = None  # ours is checked below, for every format alike


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What the bytes of a whole image say about it."""

    extension: str
    """With its dot: `.jpg`."""
    media_type: str
    """`image/jpeg`."""
    width: int
    """Pixels, before any orientation tag."""
    height: int
    """Pixels, before any orientation tag."""
    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal."""


def inspect(data: bytes, most_bytes: int = MAX_BYTES, most_pixels: int = MAX_PIXELS) -> ImageFacts:
    """Decodes an image to its last frame and byte. Raises ImageError with the reason why it is none, or not whole."""
    if not data:
        raise ImageError("empty")
    if len(data) > most_bytes:
        raise ImageError(f"too large: {len(data)} bytes")
    try:
        with Image.open(io.BytesIO(data), formats=[kind for kind in EXTENSIONS if kind != "MPO"]) as image:
            kind, (width, height) = image.format or "", image.size
            frames = getattr(image, "n_frames", 1)
            if kind == "JPEG":  # at an eighth of its size, for which every byte is read as well
                image.draft(image.mode, (1, 1))
            for frame in range(frames):  # verify() accepts half a JPEG; only decoding tells
                image.seek(frame)  # a later frame may enlarge the canvas
                refuse_large(*image.size, frames, most_pixels)
                image.load()
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError("not an image") from error
    except Exception as error:  # decoders raise what they like: OSError, IndexError, struct.error, RuntimeError
        raise ImageError(f"cut short or damaged: {error}") from error
    if (end := END_MARKS.get(kind)) and end not in data[-4096:]:
        raise ImageError("cut short or damaged: its end is missing")
    if markup := MARKUP.search(data):
        raise ImageError(f"not an image alone: it holds {markup[0].decode('ascii')}")
    kind = "JPEG" if kind == "MPO" else kind
    return ImageFacts(EXTENSIONS[kind], Image.MIME[kind], width, height, len(data), hashlib.sha256(data).hexdigest())


def without_tail(data: bytes) -> bytes:
    """The image without the markup that stands behind its end, and what lies between; else the bytes as they are."""
    end = next((end for begin, end in LAST_BYTES.items() if data.startswith(begin)), None)
    markup = MARKUP.search(data) if end else None
    if end is None or markup is None or (place := data.rfind(end, 0, markup.start())) < 0:
        return data
    return data[: place + len(end)]


def inspect_trimmed(data: bytes, most_bytes: int, most_pixels: int) -> tuple[bytes, ImageFacts]:
    """An image `without_tail`, and what it is. Raises ImageError."""
    image = without_tail(data)
    return image, inspect(image, most_bytes, most_pixels)


def refuse_large(width: int, height: int, frames: int, most_pixels: int = MAX_PIXELS) -> None:
    """Raises ImageError before anything is decoded that would take too much memory or time."""
    if width * height > most_pixels or width * height * frames > MAX_FRAME_PIXELS:
        raise ImageError(f"too large: {width}x{height} pixels, {frames} frames")
