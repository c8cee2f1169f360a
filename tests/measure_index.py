"""'Have I already got this article?' at scale, as ../shared/bench/scale_index.py asks it.

    python -m tests.measure_index [ARTICLES]

Builds an archive's index in a temporary folder (posts are left out but for those that are asked for), then, in fresh
processes: milliseconds until the first question is answered, without and with the imports; resident memory added;
microseconds per question (half of them known) and per recorded article; megabytes on disk.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ASKED = 5000
WORDS = "market report coastal energy league museum budget network harvest summit border vaccine".split()


def url_of(number: int) -> str:
    words = "-".join(random.Random(number).choices(WORDS, k=5))  # noqa: S311
    return f"https://news.example/{2010 + number % 16}/{1 + number % 12:02d}/{words}-{number:06d}.html"


def build(output: Path, count: int) -> None:
    from archiver.archive import Archive
    from archiver.layout import Layout
    from archiver.records import AliasRecord, ArticleRecord, ImageRecord, Record
    from archiver.urls import key_of

    archive = Archive(Layout(output, output / "images"))
    folder = output / "web/news/all"
    folder.mkdir(parents=True)
    start = datetime(2010, 1, 1, tzinfo=UTC)
    for begin in range(0, count, 2000):
        records: list[Record] = []
        for number in range(begin, min(begin + 2000, count)):
            url, post, when = url_of(number), f"web/news/all/{number}.md", start + timedelta(minutes=number)
            image = f"https://img.example/{number}.jpg"
            records += (
                ArticleRecord(
                    post,
                    url,
                    site="news",
                    channel="all",
                    title=f"标题 Title {number}",
                    heading=f"web/news/all/标题 Title {number}",
                    authors=("林晓岚",),
                    published=when,
                    first_seen=when,
                    last_seen=when,
                    status=200,
                    etag=f'"{number:x}"',
                    content=f"{number:064x}",
                    length=2000,
                    sha256=f"{number:064x}",
                    image=image,
                ),
                AliasRecord(key_of(url), url, post),
                ImageRecord(post, image, path=f"{post}.jpg", sha256=f"{number:064x}", media_type="image/jpeg", size=1),
            )
        archive.index.put(*records)
    for number in asked(count):
        (folder / f"{number}.md").touch()
    archive.close()


def asked(count: int) -> list[int]:
    return random.Random(1).choices(range(count), k=ASKED)  # noqa: S311


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def measure(output: Path, count: int) -> None:
    urls = [url_of(number) for number in asked(count)] + [url_of(count + number) for number in range(ASKED)]
    random.Random(2).shuffle(urls)  # noqa: S311
    begin = time.perf_counter()
    from archiver.archive import Archive
    from archiver.layout import Layout
    from archiver.records import AliasRecord, ArticleRecord
    from archiver.urls import key_of

    imported, memory = time.perf_counter(), resident()
    archive = Archive(Layout(output, output / "images"))
    archive.has(urls[0])
    opened = time.perf_counter()
    found = sum(map(archive.has, urls))
    answered, grown = time.perf_counter(), resident() - memory
    assert found == ASKED, found
    for number in range(500):
        url = url_of(2 * count + number)
        archive.index.put(ArticleRecord(f"new/{number}.md", url), AliasRecord(key_of(url), url, f"new/{number}.md"))
    recorded = time.perf_counter()
    archive.close()
    figures = (imported - begin) * 1e3, (opened - imported) * 1e3, grown / 1e6
    print(*figures, (answered - opened) / len(urls) * 1e6, (recorded - answered) / 500 * 1e6)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    if len(sys.argv) > 2:
        measure(Path(sys.argv[2]), count)
        return
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "archive"
        begin = time.perf_counter()
        build(output, count)
        print(f"{count} articles recorded in {time.perf_counter() - begin:.0f} s")
        command = [sys.executable, "-m", "tests.measure_index", str(count), str(output)]
        rows = [
            [
                float(figure)
                for figure in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            ]
            for _ in range(5)
        ]
        size = sum((output / ".archiver" / name).stat().st_size for name in ("index.sqlite",)) / 1e6
        journal = (output / ".archiver" / "journal.jsonl").stat().st_size / 1e6
    names = ("imports, ms", "open and first question, ms", "memory, MB", "a question, us", "an article recorded, us")
    for name, figures in zip(names, zip(*rows, strict=True), strict=True):
        print(f"{name:30} {min(figures):8.1f} {statistics.median(figures):8.1f} {max(figures):8.1f}")
    print(f"index {size:.0f} MB, journal {journal:.0f} MB")


if __name__ == "__main__":
    main()
