"""`archiver runs`: what the runs of an archive have done."""

from contextlib import closing

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.archive import Archive
from archiver.bucket import Place, to_place
from archiver.cli.options import INDEX, JSON, OUTPUT, existing
from archiver.cli.sites import LINE
from archiver.cli.verify import print_json
from archiver.health import to_text
from archiver.layout import Layout
from archiver.outcomes import PROBLEMS, Outcome
from archiver.records import RunRecord, to_values
from archiver.reports import folder_of, name_of


@click.command()
@click.option("--site", metavar="NAME", help="Only those of this site.", envvar="ARCHIVER_SITE")
@click.option(
    "--last", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="So many, the newest."
)
@OUTPUT
@INDEX
@JSON
def runs(output: str, index: str, site: str | None, last: int, json: bool) -> int:
    """Lists the last runs, each with its report where that is still there."""
    place = to_place(output)
    with closing(Archive(existing(Layout(place, place / "images", index=index)), mode="read")) as archive:
        found = [run for run in archive.index.runs() if site in (None, run.site)][-last:]
    if json:
        print_json(
            {"runs": [{**to_values(run), "counts": dict(run.counts), "report": report(place, run)} for run in found]}
        )
        return 0
    table = Table(
        "start", "command", "site", "seconds", "new", "images", "problems", "exit", "report", box=None, pad_edge=False
    )
    for run in found:
        counts = dict(run.counts)
        seconds = f"{(run.end - run.start).total_seconds():.0f}" if run.end else "-"
        problems = sum(counts.get(outcome, 0) for outcome in PROBLEMS)
        numbers = (counts.get(Outcome.NEW, 0), counts.get(Outcome.STORED, 0), problems, run.exit_code)
        names = Text(run.command), Text("/".join(filter(None, (run.site, run.channel))) or "-")
        table.add_row(to_text(run.start), *names, seconds, *map(str, numbers), Text(report(place, run) or "-"))
    Console(width=LINE).print(table)
    return 0


def report(output: Place, run: RunRecord) -> str | None:
    """The path of a run's page. None: it has none, or it was removed as one of the oldest."""
    path = folder_of(output) / f"{name_of(run.start, run.command)}.html"
    return str(path) if path.exists() else None
