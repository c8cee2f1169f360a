"""`archiver status`: how the sites of the archive are doing."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.archive import Archive, Layout
from archiver.cli.options import INDEX, JSON, OUTPUT, existing
from archiver.cli.sites import LINE
from archiver.cli.verify import print_json
from archiver.freshness import parse_age
from archiver.health import Health, examine


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
@click.pass_context
def status(context: click.Context, output: str, index: str, max_age: timedelta | None, json: bool) -> int:
    """Tells for each site what the archive has, what is missing, and whether it is crawled as often as it should be."""
    now, place = datetime.now(UTC), Path(output)
    schedule: dict[str, dict[str, Any]] = context.lookup_default("schedule") or {}
    with closing(Archive(existing(Layout(place, place / "images", index=index)), mode="read")) as archive:
        wanted = {site: entry["every"] for site, entry in schedule.items()}
        sites = [*examine(archive.index, wanted, max_age)]
    if json:
        print_json({"sites": [site.to_dict(now) for site in sites]})
    else:
        print_sites(sites, now)
    return 1 if any(site.is_overdue(now) for site in sites) else 0


def print_sites(sites: list[Health], now: datetime) -> None:
    """A line for each site."""
    columns = ("site", "articles", "newest", "last good run", "last run", "images missing")
    table = Table(*columns, "held", "gone", "blocked", "failed", "", box=None, pad_edge=False)
    for site in sites:
        times = (to_text(moment) for moment in (site.newest, site.last_good, site.last_run))
        counts = (site.images_missing, site.held, site.gone, site.blocked, site.failed)
        late = "overdue" if site.is_overdue(now) else ""
        table.add_row(Text(site.site or "-"), str(site.articles), *times, *map(str, counts), late)
    Console(width=LINE).print(table)


def to_text(moment: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else "never"
