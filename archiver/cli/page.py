"""`archiver page`: single articles of any site."""

from dataclasses import replace
from datetime import tzinfo

import click

from archiver.cli.options import RunOptions, run_options, writing_options
from archiver.cli.run import run
from archiver.cli.targets import FROM, TIME_ZONE, addresses, page_site, three
from archiver.sites import Site, load_sites


@click.command()
@click.argument("urls", nargs=-1, metavar="URL...")
@FROM
@TIME_ZONE
@click.option(
    "--categories",
    callback=three,
    metavar="C1/C2/C3",
    help="The three folders of the archive.  [default: those of the site's definition, else web/SITE/page]",
    envvar="ARCHIVER_CATEGORIES",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Archive nothing; show what was found in each page, and why.",
    envvar="ARCHIVER_EXPLAIN",
)
@run_options
@writing_options
def page(
    options: RunOptions,
    urls: tuple[str, ...],
    files: tuple[str, ...],
    time_zone: tzinfo | None,
    categories: tuple[str, ...] | None,
    explain: bool,
) -> int:
    """Archives single articles by their addresses. `-` reads addresses from standard input, one in a line."""
    known = load_sites()
    crawls: dict[str, tuple[Site, list[str]]] = {}
    for url in addresses(urls, files):
        site = page_site(url, known, categories)
        site = replace(site, time_zone=time_zone or site.time_zone)
        crawls.setdefault(site.name, (site, []))[1].append(url)
    return run(
        [(site, {"urls": " ".join(own), "explain": "yes" if explain else ""}) for site, own in crawls.values()], options
    )
