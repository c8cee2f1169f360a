"""`python -m tests.measure_speed --venvs DIR`: ours beside peers of `../shared/bench`, in pairs, on one generated site.

DIR/main is an environment with scrapy, trafilatura and psutil, as `bench_peers.py` has it; nginx has to be there. Each
round runs everything once, so that what else the machine does meets all of them.
"""

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

BASE = "http://127.0.0.1:8090"
SECTIONS = ("world", "business", "tech", "culture", "sports", "opinion")
DEFINITION = """\
domains: [127.0.0.1]
language: zh-CN
channels:
  CHANNELS
listing: {item: div.list div.card, link: a, title: h3, date: time, next: a.next}
article: {title: h1.post-title, body: div.post-body, date: time, author: "a[rel=author]", image: figure.hero img}
"""
PACE = (
    *("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS=16", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16"),
    *("--allow-address", "127.0.0.1:8090", "-q"),
)
PEERS = (
    "scrapy bare (no extraction)",
    "scrapy + parsel + FilesPipeline + file",
    "scrapy + trafilatura + FilesPipeline",
)
OURS = {
    "ours, defined, fast": ("crawl", "paper", "--durability", "fast"),
    "ours, defined, safe": ("crawl", "paper", "--durability", "safe"),
    "ours, generic, fast": (
        *("section", *(f"{BASE}/{section}/" for section in SECTIONS)),
        *("--durability", "fast", "--time-zone", "Asia/Shanghai"),
    ),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--venvs", type=Path, required=True)
    parser.add_argument("--site", type=Path, help="made by site_gen.py; made anew where it is not given")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the names of those that run")
    chosen = parser.parse_args()
    sys.path.insert(0, str(chosen.bench))
    bench: Any = importlib.import_module("bench_peers")
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        work = Path(folder)
        site = chosen.site or work / "site"
        if not site.exists():
            subprocess.run([sys.executable, str(chosen.bench / "site_gen.py"), "--out", str(site)], check=True)
        race(bench, work, site, chosen)


def race(bench: Any, work: Path, site: Path, chosen: argparse.Namespace) -> None:
    """Runs everybody `rounds` times, in turn."""
    count = len(json.loads((site / "truth.json").read_text("utf-8"))["articles"])
    channels = "\n  ".join(f"{it}: {{start: {BASE}/{it}/, categories: [web, paper, {it}]}}" for it in SECTIONS)
    (work / "sites").mkdir()
    (work / "sites" / "paper.yaml").write_text(DEFINITION.replace("CHANNELS", channels), "utf-8")
    every = work / "everything.txt"
    every.write_text("".join((site / f"urls-{kind}.txt").read_text() for kind in ("listings", "articles", "images")))
    urls = site / "urls-articles.txt"
    ours = [
        bench.Peer(name, "main", lambda c, words=words: command(work, words, c.out), images=True)
        for name, words in OURS.items()
    ]
    runners = [peer for peer in [*bench.PEERS, *ours] if peer.name in (*PEERS, *OURS) and chosen.only in peer.name]
    truth, rows = bench.Truth(site, count), []
    with bench.Server(site / "www", latency=0) as server:
        for number in range(chosen.rounds):
            for peer in runners:
                context = bench.Ctx(site, work / "out", chosen.venvs.absolute(), 16, 0, urls, every, count)
                row = bench.run(peer, context, server, 600) | {"peer": peer.name, "round": number}
                row |= truth.check(work / "out", peer)
                rows.append(row)
                print(
                    f"{peer.name:40} {count / row['wall']:7.1f} articles/s {1000 * row['cpu'] / count:6.2f} ms CPU "
                    f"{row['rss'] / 1e6:6.0f} MB, text {row['text']}, images {row['img']}, exit {row['rc']}",
                    flush=True,
                )
    tell(rows, count)


def command(work: Path, words: tuple[str, ...], out: Path) -> list[str]:
    """Ours, in the folder that has the definition."""
    shell = f'cd {work} && exec {sys.executable} -m archiver "$@"'
    return ["sh", "-c", shell, "sh", *words, "-o", str(out.absolute()), *PACE]


def tell(rows: list[dict[str, Any]], count: int) -> None:
    """Medians, and how many times as many articles a second, and as much CPU, as each peer."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_name.setdefault(row["peer"], []).append(row)
    for name, own in by_name.items():
        ratios = []
        for peer, others in by_name.items():
            if peer != name:
                pairs = [*zip(own, others, strict=False)]
                speed = statistics.median(theirs["wall"] / mine["wall"] for mine, theirs in pairs)
                cpu = statistics.median(mine["cpu"] / theirs["cpu"] for mine, theirs in pairs)
                ratios.append(f"{speed:.2f} × the speed and {cpu:.2f} × the CPU of {peer}")
        speed = statistics.median(count / row["wall"] for row in own)
        cpu = statistics.median(1000 * row["cpu"] / count for row in own)
        print(f"{name}: {speed:.0f} articles/s, {cpu:.1f} ms; {'; '.join(ratios)}")


if __name__ == "__main__":
    main()
