"""How long `archiver verify` takes: `python -m tests.measure_verify DIR POSTS` makes an archive and looks at it twice.

Each post has some 3 kB of text and a header image of some 50 kB. The second look knows no index, as with the archive of
another program: every image is decoded.
"""

import io
import random
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from archiver.archive import Archive
from archiver.images import inspect
from archiver.layout import Layout
from archiver.survey import look
from archiver.verification import Verdict, judge
from tests.samples import article

WORDS = "harbour ferry bridge council market winter station library orchard festival 小城 图书馆 渡轮".split()
START = datetime(2020, 1, 1, tzinfo=UTC)


def photograph(dice: random.Random) -> bytes:
    """A JPEG of 640 x 480 pixels: large soft shapes in many colours."""
    coarse = Image.frombytes("RGB", (80, 60), dice.randbytes(80 * 60 * 3))
    file = io.BytesIO()
    coarse.resize((640, 480), Image.Resampling.BICUBIC).save(file, "JPEG", quality=72)
    return file.getvalue()


def make(folder: Path, posts: int) -> None:
    """Archives made-up articles."""
    dice = random.Random(4)  # noqa: S311
    pictures = [photograph(dice) for _ in range(50)]
    with closing(Archive(Layout(folder, folder / "images"))) as archive:
        for number in range(posts):
            body = "".join(f"<p>{' '.join(dice.choices(WORDS, k=60))}.</p>\n" for _ in range(8))
            found = article(
                url=f"https://town.example/news/{number}",
                title=f"{' '.join(dice.choices(WORDS, k=6))} {number}",
                body=body,
                published=START + timedelta(minutes=number),
                categories=("web", "town", f"section {number % 20}"),
                image_url=f"https://img.example/{number}.jpg",
            )
            data = pictures[number % len(pictures)]
            archive.write(replace(found, header_image=archive.write_image(found, data, inspect(data))))


def verdict_of(folder: Path) -> Verdict:
    """As `archiver verify` finds it; prints how long that takes."""
    start, processor = time.perf_counter(), time.process_time()
    with closing(Archive(Layout(folder, folder / "images"), mode="read")) as archive:
        verdict = judge(archive, look(archive))
    seconds, used = time.perf_counter() - start, time.process_time() - processor
    print(f"{verdict.checked}: {len(verdict.faults)} faults, {seconds:.1f} s, {used:.1f} s of CPU")
    return verdict


if __name__ == "__main__":
    place = Path(sys.argv[1])
    make(place, int(sys.argv[2]))
    verdict_of(place)
    (place / ".archiver").rename(place.with_name(f"{place.name}-index"))
    verdict_of(place)
