"""Reports of runs in `OUTPUT/.archiver/runs/`: JSON for programs, a small page for people."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from archiver import __version__
from archiver.bucket import Place
from archiver.files import refusals
from archiver.masking import MASK, is_secret, masked
from archiver.outcomes import BOUNDS, PROBLEMS, WRITTEN, Outcome, Summary
from archiver.records import RunRecord

KEPT = 1000
"""Reports of older runs are removed; their counts stay in the index."""
MOST_PROBLEMS = 200
"""That the page shows; the JSON has all."""
SHOWN = 40
"""Runs of a chart."""


def folder_of(output: Place) -> Place:
    """Where the reports of an archive lie."""
    return output / ".archiver" / "runs"


def name_of(start: datetime, command: str) -> str:
    """The name of a run's report, without its ending: `20260310T120000.123456Z-crawl`."""
    return f"{start:%Y%m%dT%H%M%S.%fZ}-{command}"


def to_record(start: datetime, end: datetime, command: str, site: str, channel: str, own: Summary) -> RunRecord:
    """What index and journal keep of a run on a site."""
    found = own.counts | own.images | own.found | {"requests": own.requests, "bytes": own.bytes}
    found |= {"responses": own.responses, "milliseconds": round(own.latency * 1000)}
    counts = tuple((name, count) for name, count in found.items() if count)
    return RunRecord(start, command, site, end, counts, own.exit_code, channel)


def report_of(
    start: datetime, end: datetime, command: str, sites: Mapping[str, Summary], whole: Summary
) -> dict[str, Any]:
    """A run as JSON has it; times as ISO 8601, in UTC."""
    return {
        "archiver": __version__,
        "command": command,
        "arguments": [*map(masked_word, sys.argv[1:])],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "exit_code": whole.exit_code,
        **whole.to_dict(),
        "sites": {site: of_site(summary) for site, summary in sites.items()},
    }


def masked_word(word: str) -> str:
    """A word of a command line; of `-s NAME=VALUE` with a secret's name the name alone."""
    name, equals, _ = word.partition("=")
    return f"{name}={MASK}" if equals and name.isidentifier() and is_secret(name) else masked(word)


def of_site(summary: Summary) -> dict[str, Any]:
    """What a report has of each site."""
    found = summary.to_dict()
    return {
        **{name: count for name, count in (summary.counts | summary.images).items() if count},
        **{name: found[name] for name in ("rechecked", "requests", "bytes")},
        "exit_code": summary.exit_code,
        "found": summary.found,
        "latency": {"bounds": BOUNDS, "counts": summary.latencies, "sum": round(summary.latency, 3)},
    }


def write_report(
    output: Place, report: Mapping[str, Any], history: Iterable[RunRecord], write: Callable[[Place, bytes], None]
) -> Place:
    """Writes both forms by `write`, removes the oldest; `history` holds the runs that the charts show.

    The path of the page. Raises MachineError.
    """
    folder = folder_of(output)
    name = name_of(datetime.fromisoformat(report["start"]), report["command"])
    page = folder / f"{name}.html"
    with refusals(page):
        write(folder / f"{name}.json", json.dumps(report, ensure_ascii=False, indent=1).encode())
        write(page, to_html(report, [*history]).encode())
        for kind in ("json", "html"):
            found: list[Place] = [*folder.glob(f"*.{kind}")]
            for path in sorted(found)[:-KEPT]:
                path.unlink(missing_ok=True)
    return page


# The page.

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "table{border-collapse:collapse}td,th{padding:.1em .8em .1em 0;text-align:left;vertical-align:top}"
    "svg{display:block;margin:.5em 0}svg text{font:11px sans-serif;fill:#555}.bad{color:#b00}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}svg text{fill:#aaa}.bad{color:#f77}}"
)
SERIES = (("articles", "#3b7dd8"), ("images", "#4aa564"), ("failures", "#c33"), ("ms per response", "#999"))


def to_html(report: Mapping[str, Any], history: Sequence[RunRecord]) -> str:
    """A page that stands alone: no script, nothing from elsewhere."""
    title = f"archiver {report['command']}, {report['start'][:16].replace('T', ' ')} UTC"
    verdict = "complete" if report["exit_code"] == 0 else f"exit code {report['exit_code']}"
    problems = report["problems"]
    rows = "".join(
        "<tr><td class=bad>{outcome}</td><td>{url}</td><td>{reason}</td></tr>".format_map(
            {name: escape(it[name]) for name in ("outcome", "url", "reason")}
        )
        for it in problems[:MOST_PROBLEMS]
    )
    more = f"<p>{len(problems) - MOST_PROBLEMS} more in the JSON beside.</p>" if len(problems) > MOST_PROBLEMS else ""
    sites = "".join(to_section(site, values, history) for site, values in report["sites"].items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>"
        f"<p>{verdict}; {report['requests']} requests, {report['bytes'] / 1e6:.1f} MB, {report['time']:.1f} s</p>"
        f"{sites}<h2>Problems</h2>{f'<table>{rows}</table>{more}' if rows else '<p>None.</p>'}</html>\n"
    )


def to_section(site: str, values: Mapping[str, Any], history: Sequence[RunRecord]) -> str:
    """What the page says of a site."""
    counts = "".join(
        f"<tr><td>{escape(name)}</td><td>{values[name]}</td></tr>"
        for name in (*Outcome, "requests")
        if values.get(name)
    )
    runs = [run for run in history if run.site == site][-SHOWN:]
    charts = "".join(
        to_chart(name, colour, points)
        for (name, colour), points in zip(SERIES, zip(*map(points_of, runs), strict=True), strict=True)
    )
    return f"<h2>{escape(site or 'all')}</h2><table>{counts}</table>{charts}"


def points_of(run: RunRecord) -> tuple[float, ...]:
    """What each of SERIES has of a run."""
    counts = dict(run.counts)
    return (
        sum(counts.get(outcome, 0) for outcome in WRITTEN),
        counts.get(Outcome.STORED, 0),
        sum(counts.get(outcome, 0) for outcome in PROBLEMS),
        counts.get("milliseconds", 0) / max(counts.get("responses", 0), 1),
    )


def to_chart(name: str, colour: str, points: Sequence[float]) -> str:
    """A bar for each run, the newest on the right."""
    most, width, height = max([*points, 1]), 14, 48
    bars = "".join(
        f'<rect x="{number * width}" y="{height - point / most * height:.1f}" width="{width - 3}" '
        f'height="{point / most * height:.1f}" fill="{colour}"><title>{point:.0f}</title></rect>'
        for number, point in enumerate(points)
    )
    return (
        f'<svg width="{SHOWN * width + 160}" height="{height + 4}" role="img" aria-label="{name} by run">'
        f'<g transform="translate(150,2)">{bars}</g><text x="0" y="{height}">{name}: {points[-1]:.0f}</text></svg>'
    )
