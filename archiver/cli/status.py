"""`archiver status`: how the sites of the archive are doing."""

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.archive import Archive
from archiver.bucket import to_place
from archiver.cli.options import INDEX, JSON, OUTPUT, existing
from archiver.cli.sites import LINE
from archiver.cli.verify import print_json
from archiver.freshness import parse_age
from archiver.health import Health, examine, to_text
from archiver.layout import Layout
from archiver.notifying import Notifier
from archiver.schedule import to_jobs


def age(_: click.Context, __: click.Parameter, value: str | None) -> timedelta | None:
    """An age."""
    try:
        return parse_age(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--max-age",
    callback=age,
    metavar="AGE",
    help="How old the last good run of a site may be for which `schedule` in archiver.yaml says nothing, such as 2d.",
    envvar="ARCHIVER_MAX_AGE",
)
@OUTPUT
@INDEX
@JSON
@click.option(
    "--notify",
    "tells",  # in archiver.yaml `notify` says whom
    is_flag=True,
    help="Tell those whom `notify` in archiver.yaml names, once.",
    envvar="ARCHIVER_NOTIFY",
)
@click.pass_context
def status(context: click.Context, output: str, index: str, max_age: timedelta | None, tells: bool, json: bool) -> int:
    """Tells for each site what the archive has, what is missing, and whether it is crawled as often as it should be.

    Exit code 1: a site is overdue, brings no articles any more, or its articles have lost author, date or image.
    """
    place = to_place(output)
    jobs, settings = to_jobs(context.lookup_default("schedule") or {}), context.lookup_default("notify") or {}
    with closing(Archive(existing(Layout(place, place / "images", index=index)), mode="read")) as archive:
        sites, complaints = examine(archive.index, jobs, datetime.now(UTC), max_age)
    if json:
        words = [asdict(complaint) for complaint in complaints]
        print_json({"sites": [site.to_dict() for site in sites], "complaints": words})
    else:
        print_sites(sites)
        for complaint in complaints:
            click.echo(str(complaint))
    if tells:
        Notifier(settings, place).tell(complaints)
    return 1 if complaints else 0


def print_sites(sites: list[Health]) -> None:
    """A line for each site."""
    columns = ("site", "articles", "newest", "last good run", "last run", "images missing")
    table = Table(*columns, "held", "gone", "blocked", "failed", "", box=None, pad_edge=False)
    for site in sites:
        times = (to_text(moment) for moment in (site.newest, site.last_good, site.last_run))
        counts = (site.images_missing, site.held, site.gone, site.blocked, site.failed)
        late = "overdue" if site.overdue else ""
        table.add_row(Text(site.site or "-"), str(site.articles), *times, *map(str, counts), late)
    Console(width=LINE).print(table)
