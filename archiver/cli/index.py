"""`archiver index`: what is to be done with the index of an archive."""

import time

import click

from archiver.adoption import adopt
from archiver.archive import Archive
from archiver.cli.adopt import print_adoption
from archiver.cli.options import JSON, existing, layout_options
from archiver.interruption import Interruption
from archiver.layout import Layout
from archiver.outcomes import INTERRUPTED
from archiver.records import ArticleRecord, ImageRecord


@click.group()
@click.pass_context
def index(context: click.Context) -> None:
    """Keeps the index of an archive."""
    context.default_map = dict.fromkeys(index.commands, context.default_map)


@index.command()
@layout_options
@JSON
def rebuild(layout: Layout, json: bool) -> int:
    """Makes the index anew, from the journal, and from the posts and images that it does not know."""
    started = time.monotonic()
    archive = Archive(existing(layout))
    try:
        archive.index.restore()
        with Interruption() as interruption:
            adoption = adopt(archive, steps=interruption.steps)
        more = {"articles": archive.index.count(ArticleRecord), "images": archive.index.count(ImageRecord)}
    finally:
        archive.close()
    print_adoption(adoption, more, time.monotonic() - started, as_json=json)
    return INTERRUPTED if interruption.is_asked else 1 if adoption.refused else 0
