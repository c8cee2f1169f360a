"""The `archiver` command: one file per verb, each a thin call of what lies below.

Precedence of every option: command line, environment (`ARCHIVER_…`), `archiver.yaml`, default.
"""

import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from archiver import __version__
from archiver.cli.configuration import FILE, read_defaults
from archiver.errors import ArchiverError
from archiver.interruption import hear
from archiver.masking import masked
from archiver.outcomes import BUG, INTERRUPTED

COMMANDS = {
    "crawl": "crawl:crawl",
    "section": "section:section",
    "page": "page:page",
    "images": "images:images",
    "schedule": "schedule:schedule",
    "plan": "cluster:plan",
    "work": "cluster:work",
    "status": "status:status",
    "runs": "runs:runs",
    "sites": "sites:sites",
    "adopt": "adopt:adopt_command",
    "index": "index:index",
    "verify": "verify:verify",
    "relink": "relink:relink_command",
    "demo": "demo:demo",
}
"""Name -> where it is, in this package."""


class Commands(click.Group):
    """Commands that are loaded when they are wanted: some need Scrapy, others the database, few need both."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name) if cmd_name in COMMANDS else None


def load_command(name: str) -> click.Command:
    """A command by its name."""
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(f"archiver.cli.{module}"), attribute)
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="archiver %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Archives the articles of news sites and blogs as front-matter Markdown files, header images included.

    Exit codes: 0 complete; 1 finished, but something failed, was blocked or is missing; 2 usage or configuration;
    3 the machine refused to write; 4 another run holds the archive; 5 nothing could be reached; 70 a bug;
    130 interrupted.
    """
    defaults = read_defaults(Path(FILE))
    context.default_map = dict.fromkeys(COMMANDS, defaults)


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
