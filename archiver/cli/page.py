"""`archiver page`: single articles; the site is recognised by its host."""

import click

from archiver.cli.options import RunOptions, run_options
from archiver.cli.run import run
from archiver.errors import ConfigurationError
from archiver.sites import Site, load_sites
from archiver.urls import canonical


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@run_options
def page(options: RunOptions, urls: tuple[str, ...]) -> int:
    """Archives single articles by their addresses."""
    known = load_sites()
    by_site: dict[str, list[str]] = {}
    for url in urls:
        by_site.setdefault(site_of(url, known).name, []).append(canonical(url))
    return run([(known[name], {"urls": " ".join(own)}) for name, own in by_site.items()], options)


def site_of(url: str, known: dict[str, Site]) -> Site:
    """The site that an address belongs to. Raises ConfigurationError where none does."""
    try:
        address = canonical(url)
    except ValueError as error:
        raise ConfigurationError(f"not a web address: {url!r} ({error})") from error
    found = next((site for site in known.values() if site.owns(address)), None)
    if found is None:
        hosts = ", ".join(domain for site in known.values() for domain in site.domains)
        raise ConfigurationError(f"no site definition for {url}; known hosts are {hosts}")
    return found
