"""`archiver demo`: a miniature news site, served on loopback, archived by the same code as any other."""

import os
import sys
from pathlib import Path

import click

from archiver.bucket import to_place
from archiver.cli.options import RunOptions, run_options
from archiver.cli.run import run
from archiver.demo import DEFINITION, serve
from archiver.layout import as_local
from archiver.sites import load_site


@click.command()
@run_options
def demo(options: RunOptions) -> int:
    """Archives a miniature news site that comes with the program, and shows what was written."""
    output = as_local(to_place(options.scrapy["ARCHIVER_OUTPUT"]))  # a bucket would be asked for in the miniature net
    images = as_local(to_place(options.scrapy["ARCHIVER_IMAGES"] or str(output / "images")))
    site = load_site(DEFINITION)
    with serve() as proxy:
        os.environ |= {"http_proxy": proxy, "no_proxy": ""}  # this process alone asks the miniature site
        code = run([(site, {})], options)
    if not options.json:
        folder = Path(*next(iter(site.channels.values())).categories)
        for place in (output / folder, images / folder):
            for path in sorted(place.glob("*")):
                click.echo(f"  {path} ({path.stat().st_size} bytes)")
        program = sys.argv[0] if Path(sys.argv[0]).name == "archiver" else "archiver"
        click.echo(f"\nA real site, at one page a second:\n  {program} crawl 36kr --limit 10 -o {output}")
    return code
