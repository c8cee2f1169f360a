"""`archiver plan` and `archiver work`: crawls on many machines."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console

from archiver.cli.options import LOG_FILE, LOG_FORMAT, layout_options, time_span
from archiver.cli.progress import set_up_logging
from archiver.cli.schedule import read_schedule
from archiver.cluster import Order, Queue, Worker
from archiver.layout import Layout
from archiver.log import LogTarget
from archiver.outcomes import INTERRUPTED
from archiver.schedule import standings_in

BROKER = click.option(
    "--broker", metavar="URL", default="", envvar="ARCHIVER_BROKER", help="The Redis that jobs go through."
)
VISIBILITY = click.option(
    "--visibility-timeout",
    callback=time_span,
    metavar="TIME",
    default="10m",
    show_default=True,
    envvar="ARCHIVER_VISIBILITY_TIMEOUT",
    help="After that a job that a worker took and has not done with is given to another.",
)


@click.command()
@click.option("--due", is_flag=True, help="Only what is due now.", envvar="ARCHIVER_DUE")
@click.option("--send", is_flag=True, help="Hand what is due to the workers, each job once.", envvar="ARCHIVER_SEND")
@BROKER
@VISIBILITY
@layout_options
def plan(layout: Layout, due: bool, send: bool, broker: str, visibility_timeout: timedelta) -> int:
    """Prints the jobs of `schedule` in archiver.yaml, a JSON object in each line, and sends them to workers.

    One job is one crawl of a site or channel. The same job has the same id until a run of it has begun.
    """
    now, (jobs, _) = datetime.now(UTC), read_schedule()
    found = standings_in(layout, jobs, now)
    orders = [Order.of(it) for it in found if it.is_due(now) or not (due or send)]
    for order in Queue(broker, visibility_timeout).send(orders) if send else orders:
        click.echo(json.dumps(order.to_dict(), ensure_ascii=False))
    return 0


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    metavar="N",
    default=1,
    show_default=True,
    envvar="ARCHIVER_CONCURRENCY",
    help="So many crawls at a time.",
)
@BROKER
@VISIBILITY
@layout_options
@LOG_FILE
@LOG_FORMAT
def work(
    layout: Layout, broker: str, concurrency: int, visibility_timeout: timedelta, log_file: Path | None, log_format: str
) -> int:
    """Runs the crawls that `archiver plan --send` sends, until a signal ends it; SIGTERM lets them finish what is in
    flight.
    """
    set_up_logging(Console(stderr=True), LogTarget(log_file, log_format), live=False, quiet=False, verbose=1)
    Worker(layout, Queue(broker, visibility_timeout)).work(concurrency)
    return INTERRUPTED
