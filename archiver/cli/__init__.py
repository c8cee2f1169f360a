"""The `archiver` command: one file per verb, each a thin call of what lies below.

Precedence of every option: command line, environment (`ARCHIVER_…`), `archiver.yaml`, default.
"""

import signal
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from archiver import __version__
from archiver.cli.adopt import adopt_command
from archiver.cli.cluster import plan, work
from archiver.cli.configuration import FILE, read_defaults
from archiver.cli.crawl import crawl
from archiver.cli.demo import demo
from archiver.cli.images import images
from archiver.cli.index import index
from archiver.cli.page import page
from archiver.cli.relink import relink_command
from archiver.cli.runs import runs
from archiver.cli.schedule import schedule
from archiver.cli.section import section
from archiver.cli.sites import sites
from archiver.cli.status import status
from archiver.cli.verify import verify
from archiver.errors import ArchiverError
from archiver.interruption import hear
from archiver.masking import masked
from archiver.outcomes import BUG, INTERRUPTED


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="archiver %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Archives the articles of news sites and blogs as front-matter Markdown files, header images included.

    Exit codes: 0 complete; 1 finished, but something failed, was blocked or is missing; 2 usage or configuration;
    3 the machine refused to write; 4 another run holds the archive; 5 nothing could be reached; 70 a bug;
    130 interrupted.
    """
    defaults = read_defaults(Path(FILE))
    context.default_map = dict.fromkeys(cli.commands, defaults)


COMMANDS = (
    *(crawl, section, page, images, schedule, plan, work, status, runs, sites),
    *(adopt_command, index, verify, relink_command, demo),
)
for command in COMMANDS:
    cli.add_command(command)


def main() -> NoReturn:
    """Runs the command and exits with the truth."""
    signal.signal(signal.SIGTERM, hear)
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except ArchiverError as error:
        click.echo(f"archiver: {masked(str(error))}", err=True)
        code = error.exit_code
    except Exception:
        click.echo(masked(traceback.format_exc()), err=True)
        click.echo(f"archiver {__version__}: this is a bug, please report it with the lines above", err=True)
        code = BUG
    sys.exit(code)
