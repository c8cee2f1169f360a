"""`archiver sites`: what can be crawled by name."""

import click
from rich.console import Console
from rich.table import Table

from archiver.sites import load_sites


@click.command()
def sites() -> int:
    """Lists the known sites and their channels."""
    table = Table("site", "hosts", "channel", "listing", "archived in")
    for site in load_sites().values():
        for number, channel in enumerate(site.channels.values()):
            first = number == 0
            table.add_row(
                site.name if first else "",
                ", ".join(site.domains) if first else "",
                channel.name,
                channel.start,
                "/".join(channel.categories),
            )
    Console(soft_wrap=True).print(table)
    return 0
