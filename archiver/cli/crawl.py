"""`archiver crawl`: the sites of the configuration, channel by channel."""

import click

from archiver.cli.options import RunOptions, bound, run_options
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
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most N articles of each site.",
    envvar="ARCHIVER_LIMIT",
)
@click.option(
    "--pages",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most N pages of each listing.",
    envvar="ARCHIVER_PAGES",
)
@click.option(
    "--since",
    callback=bound,
    metavar="DATE",
    help="Only articles published on or after this day or time (UTC).",
    envvar="ARCHIVER_SINCE",
)
@click.option(
    "--until",
    callback=bound,
    metavar="DATE",
    help="Only articles published on or before this day or time (UTC).",
    envvar="ARCHIVER_UNTIL",
)
@run_options
def crawl(
    options: RunOptions,
    sites: tuple[str, ...],
    channel: tuple[str, ...],
    limit: int | None,
    pages: int | None,
    since: str | None,
    until: str | None,
) -> int:
    """Archives what is new on all known sites, or on those named."""
    known = load_sites()
    unknown = [name for name in sites if name not in known]
    if unknown:
        raise ConfigurationError(f"no site {unknown[0]}; known are {', '.join(known)}")
    chosen = [known[name] for name in sites] or [*known.values()]
    if channel and len(chosen) > 1:
        chosen = [site for site in chosen if set(channel) <= set(site.channels)] or chosen
    arguments = {"channel": ",".join(channel), "limit": limit, "pages": pages, "since": since, "until": until}
    return run([(site, arguments) for site in chosen], options)
