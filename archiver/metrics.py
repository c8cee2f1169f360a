"""What a run counts, in Prometheus' text format: in a file for node_exporter, or on a port of this machine."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from archiver.errors import ConfigurationError
from archiver.files import refusals
from archiver.outcomes import BOUNDS, Outcome, Summary

PAUSE = 10
"""Seconds between two writes of the file."""
IMAGES = (Outcome.STORED, Outcome.MISSING)


class RunCollector(Collector):
    """The metrics of a run, made of what `sites` gives at the moment when they are asked for.

    Site -> its summary so far, the requests that wait, and the Unix time of its last good run; 0: there was none.
    """

    def __init__(self, sites: Callable[[], Mapping[str, tuple[Summary, int, float]]]) -> None:
        self.sites = sites

    def collect(self) -> Iterable[Metric]:
        articles = CounterMetricFamily(
            "archiver_articles", "Articles by what became of them.", labels=("site", "outcome")
        )
        images = CounterMetricFamily("archiver_images", "Images by what became of them.", labels=("site", "outcome"))
        size = CounterMetricFamily("archiver_response_bytes", "Bytes of all responses.", labels=("site",))
        requests = CounterMetricFamily("archiver_requests", "Requests that were sent.", labels=("site",))
        failures = CounterMetricFamily("archiver_failures", "Problems by reason.", labels=("site", "outcome", "reason"))
        latency = HistogramMetricFamily(
            "archiver_response_seconds", "Time to the headers of a response.", labels=("site",)
        )
        queue = GaugeMetricFamily("archiver_queue", "Requests that wait to be sent.", labels=("site",))
        success = GaugeMetricFamily(
            "archiver_last_success_timestamp_seconds", "End of the last good run.", labels=("site",)
        )
        for site, (summary, waiting, last) in self.sites().items():
            for outcome in Outcome:
                (images if outcome in IMAGES else articles).add_metric((site, outcome), summary.counts[outcome])
            size.add_metric((site,), summary.bytes)
            requests.add_metric((site,), summary.requests)
            for (outcome_, reason), count in Counter(map(kind_of, summary.problems)).items():
                failures.add_metric((site, outcome_, reason), count)
            latency.add_metric((site,), buckets(summary.latencies), summary.latency)
            queue.add_metric((site,), waiting)
            success.add_metric((site,), last)
        return articles, images, size, requests, failures, latency, queue, success


def kind_of(problem: Mapping[str, Any]) -> tuple[str, str]:
    """Outcome and reason of a problem, without what differs each time: addresses, names, numbers."""
    words = re.split(r":|https?/", problem["reason"].replace("://", "/"), maxsplit=1)[0].split()
    kept = [word for word in words if "/" not in word and (not any(map(str.isdigit, word)) or words[:1] == ["HTTP"])]
    return problem["outcome"], " ".join(kept[:6]) or "other"


def buckets(counts: Iterable[int]) -> list[tuple[str, float]]:
    """Counts by class -> counts up to each bound, as Prometheus has them."""
    found, total = [], 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
        total += count
        found.append((bound, float(total)))
    return found


@contextmanager
def published(target: str, collector: Collector) -> Iterator[None]:
    """Publishes metrics while the context lasts: `target` is a port of 127.0.0.1, or a file.

    A file is written every ten seconds and at the end, whole. Raises ConfigurationError for a port that is taken,
    MachineError for a file that cannot be written.
    """
    registry = CollectorRegistry()
    registry.register(collector)
    with on_port(int(target), registry) if target.isdecimal() else in_file(Path(target), registry):
        yield


@contextmanager
def on_port(port: int, registry: CollectorRegistry) -> Iterator[None]:
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        raise ConfigurationError(f"--metrics {port}: {error.strerror or error}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def in_file(path: Path, registry: CollectorRegistry) -> Iterator[None]:
    def write() -> None:
        with refusals(path):
            write_to_textfile(str(path), registry)

    def write_again() -> None:
        while not is_over.wait(PAUSE):
            write()

    write()
    is_over = threading.Event()
    thread = threading.Thread(target=write_again, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        write()
