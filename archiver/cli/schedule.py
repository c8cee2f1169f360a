"""`archiver schedule`: the crawls that come again and again."""

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.cli.configuration import FILE, read_defaults
from archiver.cli.options import JSON, LOG_FILE, LOG_FORMAT, layout_options
from archiver.cli.progress import set_up_logging
from archiver.cli.sites import LINE
from archiver.cli.verify import print_json
from archiver.errors import ConfigurationError
from archiver.health import to_text
from archiver.layout import Layout, as_local
from archiver.log import LogTarget
from archiver.schedule import standings_in, to_jobs
from archiver.scheduler import Configuration, Scheduler
from archiver.sites import load_sites
from archiver.units import KINDS, Place, units


@click.group()
@click.pass_context
def schedule(context: click.Context) -> None:
    """Crawls again and again, as `schedule` in archiver.yaml says."""
    context.default_map = dict.fromkeys(schedule.commands, context.default_map)


def read_schedule() -> Configuration:
    """The jobs and whom to notify, from archiver.yaml as it is now. Raises ConfigurationError."""
    defaults = read_defaults(Path(FILE))
    if not defaults.get("schedule"):
        raise ConfigurationError(f"{FILE}: `schedule` says for no site when it is crawled")
    jobs = to_jobs(defaults["schedule"], {site.name: [*site.channels] for site in load_sites().values()})
    return jobs, defaults.get("notify", {})


@schedule.command()
@click.option("--once", is_flag=True, help="Start what is due, and end; for cron and timers.")
@layout_options
@LOG_FILE
@LOG_FORMAT
def run(layout: Layout, once: bool, log_file: Path | None, log_format: str) -> int:
    """Starts the crawls that are due, one after the other, until it is ended by a signal.

    SIGHUP reads archiver.yaml again; SIGTERM lets the crawl finish what is in flight.
    """
    set_up_logging(Console(stderr=True), LogTarget(log_file, log_format), live=False, quiet=False, verbose=1)
    return Scheduler(layout, read_schedule).run(once=once)


@schedule.command("list")
@layout_options
@JSON
def list_(layout: Layout, json: bool) -> int:
    """Shows when each crawl ran last, and when it will run next."""
    now, (jobs, _) = datetime.now(UTC), read_schedule()
    found = standings_in(layout, jobs, now)
    if json:
        print_json({"jobs": [it.to_dict() for it in found]})
        return 0
    table = Table("job", "rule", "last run", "last good run", "next run", box=None, pad_edge=False)
    for it in found:
        coming = "due" if it.is_due(now) else to_text(it.next)
        table.add_row(Text(it.job.name), Text(it.job.rule), to_text(it.last), to_text(it.last_good), coming)
    Console(width=LINE).print(table)
    return 0


@schedule.command()
@click.option("--systemd", "kind", flag_value="systemd", help="A service and a timer.")
@click.option("--cron", "kind", flag_value="cron", help="A line for crontab.")
@click.option("--github-actions", "kind", flag_value="github-actions", help="A workflow that keeps the archive in git.")
@click.option(
    "--to", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write files there, not to stdout."
)
@layout_options
def install(layout: Layout, kind: str | None, to: Path | None) -> int:
    """Writes what makes a system start `archiver schedule run --once` every few minutes."""
    if kind is None:
        raise click.UsageError(f"expected one of {', '.join(f'--{kind}' for kind in KINDS)}")
    if kind == "github-actions":
        as_local(layout.output)  # what it keeps is a folder of a repository
    read_schedule()
    for name, text in units(kind, Place.here(layout.output)).items():
        if to is None:
            click.echo(f"# {name}\n{text}")
            continue
        path = to / name
        if path.exists() and path.read_text("utf-8") != text:
            raise ConfigurationError(f"{path} is there already, and says something else")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        click.echo(str(path))
    return 0
