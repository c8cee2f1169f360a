"""Images: only whole ones are kept, and the bytes say of which kind they are."""

import hashlib

import pytest
from PIL import Image

from archiver.errors import ImageError
from archiver.images import EXTENSIONS, ImageFacts, inspect, without_tail
from tests.samples import picture

KINDS = {
    "JPEG": (".jpg", "image/jpeg"),
    "PNG": (".png", "image/png"),
    "GIF": (".gif", "image/gif"),
    "WEBP": (".webp", "image/webp"),
    "AVIF": (".avif", "image/avif"),
    "BMP": (".bmp", "image/bmp"),
}
STILLS = [Image.new("RGB", (64, 48), color) for color in ("red", "green", "blue")]


def test_the_kinds_that_are_kept() -> None:
    assert {kind: extension for kind, (extension, _) in KINDS.items()} | {"MPO": ".jpg"} == EXTENSIONS


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_of_a_whole_image(kind: str) -> None:
    data = picture(kind)
    assert inspect(data) == ImageFacts(
        extension=KINDS[kind][0],
        media_type=KINDS[kind][1],
        width=64,
        height=48,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_animation_is_an_image(kind: str) -> None:
    facts = inspect(picture(kind, save_all=True, append_images=STILLS))
    assert (facts.extension, facts.width, facts.height) == (KINDS[kind][0], 64, 48)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("tail", [b"<html><script>x</script>", b"\n  <!DOCTYPE html>", b"\xff\xffjunk<?php x ?>"])
def test_markup_behind_the_end_of_an_image_is_cut_off(kind: str, tail: bytes) -> None:
    assert without_tail(picture(kind) + tail) == picture(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", [b"", b"\0" * 16])
def test_the_bytes_of_an_image_without_markup_are_kept(kind: str, tail: bytes) -> None:
    assert without_tail(picture(kind) + tail) == picture(kind) + tail


def test_an_image_that_holds_markup_before_its_end_is_refused() -> None:
    data = without_tail(picture("JPEG", comment=b"<script>x</script>"))
    with pytest.raises(ImageError, match="not an image alone: it holds <script"):
        inspect(data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_part_of_an_image_is_refused(kind: str, part: float) -> None:
    data = picture(kind)
    with pytest.raises(ImageError, match=r"cut short or damaged|not an image"):
        inspect(data[: int(len(data) * part)])


@pytest.mark.parametrize("is_progressive", [False, True])
def test_a_jpeg_is_read_to_its_last_byte(is_progressive: bool) -> None:
    data = picture("JPEG", size=(640, 480), progressive=is_progressive)
    assert inspect(data).width == 640
    for missing in (2, 3, 10, 200, len(data) // 2):
        with pytest.raises(ImageError, match="cut short or damaged"):
            inspect(data[:-missing])


def test_an_animation_is_decoded_to_its_last_frame() -> None:
    data = picture("PNG", save_all=True, append_images=STILLS)
    with pytest.raises(ImageError, match="cut short or damaged"):
        inspect(data[:-60])


def test_damage_within_an_image_is_noticed() -> None:
    data = bytearray(picture("PNG"))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(ImageError, match="cut short or damaged"):
        inspect(bytes(data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"<!DOCTYPE html><html><body>Please log in", "not an image", id="a page"),
        pytest.param(
            b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image", id="a drawing, which may hold scripts"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n", "not an image", id="the mark of an image and nothing else"),
        pytest.param(picture("TIFF"), "not an image", id="a kind that browsers do not show"),
        pytest.param(b"%PDF-1.7", "not an image", id="a document"),
        pytest.param(bytes(33_554_433), "too large: 33554433 bytes", id="more than 32 MB"),
        pytest.param(bytes(33_554_432), "not an image", id="32 MB of nothing"),
    ],
)
def test_what_is_no_image_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ImageError) as refusal:
        inspect(data)
    assert str(refusal.value) == reason


def bitmap(width: int, height: int) -> bytes:
    """The head of a bitmap that would have so many pixels."""
    head = b"BM" + bytes(8) + (54).to_bytes(4, "little") + (40).to_bytes(4, "little")
    return head + width.to_bytes(4, "little") + height.to_bytes(4, "little") + b"\x01\x00\x18\x00" + bytes(24)


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ImageError, match=r"^too large: 30000x30000 pixels, 1 frames$"):
        inspect(bitmap(30_000, 30_000))
    with pytest.raises(ImageError, match=r"^too large: 64000001x1 pixels, 1 frames$"):
        inspect(bitmap(64_000_001, 1))
    with pytest.raises(ImageError, match=r"^cut short or damaged: "):
        inspect(bitmap(64_000_000, 1))


def gif(screen: tuple[int, int], *frames: tuple[int, int]) -> bytes:
    """An animation on a screen of so many pixels; its frames hold a single one each, whatever size they claim."""
    head = b"GIF89a" + b"".join(number.to_bytes(2, "little") for number in screen) + b"\x80\x00\x00" + bytes(6)
    claims = (b"".join(number.to_bytes(2, "little") for number in frame) for frame in frames)
    return head + b"".join(b"," + bytes(4) + claim + b"\x00\x02\x02\x4c\x01\x00" for claim in claims) + b";"


def test_an_animation_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ImageError, match="too large: 4000x4000 pixels, 63 frames"):
        inspect(gif((4000, 4000), *[(1, 1)] * 63))
    assert inspect(gif((40, 40), *[(1, 1)] * 63)).extension == ".gif"
