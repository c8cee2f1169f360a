"""`archiver section`: a part of any site, named by the address of its listing, feed or sitemap."""

from dataclasses import replace
from datetime import tzinfo
from typing import Any

import click

from archiver.cli.options import RunOptions, run_options, wanted_options, writing_options
from archiver.cli.run import run
from archiver.cli.targets import FROM, TIME_ZONE, addresses, section_site, three
from archiver.errors import ConfigurationError
from archiver.sites import CONTENTS, Site, load_sites


@click.command()
@click.argument("urls", nargs=-1, metavar="URL...")
@FROM
@TIME_ZONE
@click.option(
    "--categories",
    callback=three,
    metavar="C1/C2/C3",
    help="The three folders of the archive.  [default: web/SITE/SECTION]",
    envvar="ARCHIVER_CATEGORIES",
)
@click.option(
    "--content",
    type=click.Choice(CONTENTS),
    help="Where articles are read: on their pages, or in the feed itself.  [default: page]",
    envvar="ARCHIVER_CONTENT",
)
@wanted_options
@run_options
@writing_options
def section(
    options: RunOptions,
    urls: tuple[str, ...],
    files: tuple[str, ...],
    time_zone: tzinfo | None,
    categories: tuple[str, ...] | None,
    content: str | None,
    **wanted: Any,
) -> int:
    """Archives the articles of a section of any site.

    URL is the address of a listing, a feed, a sitemap or an article; which of them is found by looking. `-` reads
    addresses from standard input, one in a line.
    """
    known = load_sites()
    sites: dict[str, Site] = {}
    for url in addresses(urls, files):
        found = section_site(url, known, categories, content)
        found = replace(found, time_zone=time_zone or found.time_zone)
        sites[found.name] = joined(sites[found.name], found) if found.name in sites else found
    return run([(site, {"announced": "yes", **wanted}) for site in sites.values()], options)


def joined(site: Site, other: Site) -> Site:
    """Two sections of one site as one crawl, so that the site is still asked for one page at a time."""
    channels = dict(site.channels)
    for name, channel in other.channels.items():
        same = channels.get(name)
        if same is None:
            channels[name] = channel
        elif same.categories == channel.categories:
            channels[name] = replace(same, starts=tuple(dict.fromkeys((*same.starts, *channel.starts))))
        else:
            raise ConfigurationError(f"two sections are both called {name}; archive them one after the other")
    return replace(site, channels=channels, domains=tuple(dict.fromkeys((*site.domains, *other.domains))))
