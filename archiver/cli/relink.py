"""`archiver relink`: the image addresses of all posts, switched."""

from collections import Counter
from contextlib import closing
from dataclasses import asdict

import click

from archiver.archive import Archive
from archiver.cli.configuration import IMAGE_LINKS
from archiver.cli.options import JSON, existing, layout_options
from archiver.cli.verify import print_json
from archiver.interruption import Interruption
from archiver.layout import Layout
from archiver.outcomes import INTERRUPTED
from archiver.relinking import Outcome, Relinked, Side, relink


@click.command("relink")
@click.option(
    "--image-links",
    type=click.Choice(IMAGE_LINKS),
    required=True,
    envvar="ARCHIVER_IMAGE_LINKS",
    help="What posts are to point at: the site's address, or the stored file.",
)
@click.option("--dry-run", is_flag=True, help="Only tell which posts would be written.", envvar="ARCHIVER_DRY_RUN")
@layout_options
@JSON
def relink_command(layout: Layout, image_links: Side, dry_run: bool, json: bool) -> int:
    """Switches the image addresses of every post; switching back gives the same bytes.

    The address of an image that is missing stays as it is, and so does a post that could not be switched back.
    """
    counts: Counter[Outcome] = Counter()
    told: list[Relinked] = []
    with (
        closing(Archive(existing(layout), mode="trial" if dry_run else "write")) as archive,
        Interruption() as interruption,
    ):
        for post in interruption.steps(relink(archive, image_links)):
            counts[post.outcome] += 1
            if post.outcome is Outcome.REFUSED or (dry_run and post.outcome is Outcome.SWITCHED):
                told.append(post)
                print_post(post, as_json=json)
    numbers = {str(outcome): counts[outcome] for outcome in Outcome}
    if json:
        print_json({**numbers, "posts": [asdict(post) for post in told]})
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in numbers.items()))
    return INTERRUPTED if interruption.is_asked else 1 if counts[Outcome.REFUSED] else 0


def print_post(post: Relinked, *, as_json: bool) -> None:
    """A line for a post, unless there will be one JSON object."""
    if not as_json:
        outcome = "would be switched" if post.outcome is Outcome.SWITCHED else post.outcome
        text = f"{outcome}: {post.path}" + (f" ({post.reason})" if post.reason else "")
        click.echo(text.encode("utf-8", "backslashreplace").decode())
