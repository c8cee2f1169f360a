"""`archiver sites`: what can be crawled by name."""

import click
from rich.console import Console
from rich.table import Table

from archiver.sites import load_sites

LINE = 1000
"""Characters, more than any terminal has: an address stays whole, to be copied or searched for."""


@click.command()
def sites() -> int:
    """Lists the known sites and their channels."""
    table = Table("site", "hosts", "channel", "starts at", "archived in", box=None, pad_edge=False)
    for site in load_sites().values():
        for number, channel in enumerate(site.channels.values()):
            first = number == 0
            table.add_row(
                site.name if first else "",
                ", ".join(site.domains) if first else "",
                channel.name,
                "\n".join(channel.starts),
                "/".join(channel.categories),
            )
    Console(width=LINE).print(table)
    return 0
