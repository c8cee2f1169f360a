"""`python -m tests.measure_durability FOLDER`: what `--durability safe` costs, measured in pairs with `fast`."""

import statistics
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from archiver.archive import Archive
from archiver.images import inspect
from archiver.layout import Layout
from archiver.writer import FolderWriter
from tests.samples import article, picture

COUNT = 100
PAIRS = 5


def measure(folder: Path, durability: str) -> float:
    """Milliseconds for an article of 1.5 kB with an image of 9 kB, median."""
    data = picture("JPEG", (64, 48))
    facts, times = inspect(data), []
    with closing(Archive(Layout(folder, folder / "images", durability=durability))) as archive:
        for number in range(COUNT):
            found = article(
                url=f"https://town.example/news/{number}",
                title=f"Story {number}",
                body=f"<p>{number} The council met on the quay and spoke for three hours. </p>" * 20,
                image_url=f"https://town.example/pictures/{number}.jpg",
            )
            started = time.perf_counter()
            archive.write(replace(found, header_image=archive.write_image(found, data, facts)))
            times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def measure_sweep(folder: Path, count: int) -> float:
    """Milliseconds to open an archive of so many posts after a kill."""
    place, state = folder / "web" / "town" / "news", folder / ".archiver"
    place.mkdir(parents=True)
    state.mkdir()
    for number in range(count):
        (place / f"story-{number}.md").touch()
    FolderWriter(folder, state, is_safe=False)._announce(place)
    started = time.perf_counter()
    FolderWriter(folder, state, is_safe=True)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    base = Path(sys.argv[1])
    for pair in range(PAIRS):
        fast, safe = (measure(base / f"{kind}-{pair}", kind) for kind in ("fast", "safe"))
        print(f"fast {fast:.1f} ms, safe {safe:.1f} ms an article, {safe / fast:.1f} times")
    print(f"the sweep of one folder with 200,000 posts: {measure_sweep(base / 'many', 200_000):.0f} ms")
