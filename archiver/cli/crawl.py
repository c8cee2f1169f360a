"""`archiver crawl`: the sites of the configuration, channel by channel."""

from typing import Any

import click

from archiver.cli.options import RunOptions, run_options, wanted_options, writing_options
from archiver.cli.run import run
from archiver.errors import ConfigurationError
from archiver.sites import load_sites


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option(
    "--channel",
    multiple=True,
    metavar="NAME",
    help="Only this channel. May be repeated.",
    envvar="ARCHIVER_CHANNEL",
)
@wanted_options
@run_options
@writing_options
def crawl(options: RunOptions, sites: tuple[str, ...], channel: tuple[str, ...], **wanted: Any) -> int:
    """Archives what is new on sites.

    Those named, else those in archiver.yaml, else those with a file of their own in ./sites.
    """
    known = load_sites()
    unknown = [name for name in sites if name not in known]
    if unknown:
        raise ConfigurationError(f"no site {unknown[0]}; known are {', '.join(known)}")
    chosen = [known[name] for name in sites] or [site for site in known.values() if not site.is_bundled]
    if not chosen:
        raise ConfigurationError(f"name a site, or list some under `sites` in archiver.yaml: {', '.join(known)}")
    if channel and len(chosen) > 1:
        chosen = [site for site in chosen if set(channel) <= set(site.channels)] or chosen
    return run([(site, {"channel": ",".join(channel), **wanted}) for site in chosen], options)
