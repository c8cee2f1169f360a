"""Pictures of our own: a harbour in another light for every seed, with enough in it that half a file is noticed."""

import io
import random
from functools import cache

from PIL import Image, ImageDraw

from tests.internet import Answer, Asked, Script

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
KINDS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}


@cache
def picture(seed: str, size: tuple[int, int] = (800, 450), kind: str = "JPEG") -> bytes:
    """Sky, sea and some sails; the same bytes for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    width, height = size

    def colour() -> tuple[int, int, int]:
        return chance.randrange(256), chance.randrange(256), chance.randrange(256)

    image = Image.new("RGB", size, colour())
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 6 // 10, width, height), fill=colour())
    for _ in range(12):
        x, y, w = chance.randrange(width), chance.randrange(height // 3, height), chance.randrange(10, 10 + width // 6)
        draw.polygon([(x, y), (x + w, y), (x + w // 3, y - w)], fill=colour())
    for _ in range(60):
        x, y = chance.randrange(width), chance.randrange(height * 6 // 10, height)
        draw.line((x, y, x + chance.randrange(20), y), fill=colour())
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def blank() -> bytes:
    """The transparent pixel that stands where an image is to come."""
    file = io.BytesIO()
    Image.new("P", (1, 1)).save(file, "GIF", transparency=0)
    return file.getvalue()


def shown(seed: str, url: str, size: tuple[int, int] = (800, 450)) -> Script:
    """The script of a picture's address, which is drawn when it is first asked for; the extension says its format."""
    kind = KINDS[url.rpartition(".")[2]]

    def answer(_: Asked) -> Answer:
        return Answer(picture(seed, size, kind), type=MEDIA_TYPES[kind])

    return answer
