"""The options that commands share, and the Scrapy settings they stand for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from archiver.cli.configuration import IMAGE_LINKS, day_or_time, pattern
from archiver.names import NAMINGS


def setting(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` texts -> names and values."""
    pairs = [value.partition("=") for value in values]
    wrong = next(("".join(parts) for parts in pairs if not (parts[0] and parts[1])), None)
    if wrong is not None:
        raise click.BadParameter(f"expected NAME=VALUE, not {wrong!r}")
    return {name: value for name, _, value in pairs}


def bound(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A day or a time, left as it is."""
    try:
        return day_or_time(value) if value else None
    except ValueError as error:
        raise click.BadParameter(f"expected a day such as 2022-03-03, or a time, not {value!r}") from error


ARCHIVE_OPTIONS = (
    click.option(
        "-o",
        "--output",
        metavar="DIR",
        default="output",
        show_default=True,
        help="Where the archive lies.",
        envvar="ARCHIVER_OUTPUT",
    ),
    click.option(
        "--images",
        metavar="DIR",
        help="Where header images go.  [default: OUTPUT/images]",
        envvar="ARCHIVER_IMAGES",
    ),
    click.option(
        "--image-links",
        type=click.Choice(IMAGE_LINKS),
        default="remote",
        show_default=True,
        envvar="ARCHIVER_IMAGE_LINKS",
        help="What headimg and thumbnail point at: the site's address, or the stored file.",
    ),
    click.option(
        "--image-prefix",
        metavar="PREFIX",
        default="/images",
        show_default=True,
        envvar="ARCHIVER_IMAGE_PREFIX",
        help="What stands before the path of a stored file in a local link.",
    ),
    click.option(
        "--insecure-image-prefix",
        metavar="PREFIX",
        default="",
        envvar="ARCHIVER_INSECURE_IMAGE_PREFIX",
        help="A proxy put before http:// images, as the old archive has it.",
    ),
    click.option(
        "--filename",
        type=click.Choice([*NAMINGS]),
        default="slug",
        show_default=True,
        help="How files are named.",
        envvar="ARCHIVER_FILENAME",
    ),
    click.option(
        "-s",
        "settings",
        metavar="NAME=VALUE",
        multiple=True,
        callback=setting,
        envvar="ARCHIVER_SETTINGS",
        help="Any Scrapy setting, such as DOWNLOAD_DELAY=0.5. May be repeated.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Only errors and the summary.", envvar="ARCHIVER_QUIET"),
    click.option("-v", "--verbose", count=True, help="What Scrapy does; twice: everything.", envvar="ARCHIVER_VERBOSE"),
    click.option("--json", is_flag=True, help="The summary as one JSON object on stdout.", envvar="ARCHIVER_JSON"),
)


def expression(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A regular expression, left as it is."""
    try:
        return pattern(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


WANTED_OPTIONS = (
    click.option(
        "--limit",
        type=click.IntRange(min=1),
        metavar="N",
        help="At most N articles of each site.",
        envvar="ARCHIVER_LIMIT",
    ),
    click.option(
        "--pages",
        type=click.IntRange(min=1),
        metavar="N",
        help="At most N pages of each listing.",
        envvar="ARCHIVER_PAGES",
    ),
    click.option(
        "--since",
        callback=bound,
        metavar="DATE",
        help="Only articles published on or after this day or time (UTC).",
        envvar="ARCHIVER_SINCE",
    ),
    click.option(
        "--until",
        callback=bound,
        metavar="DATE",
        help="Only articles published on or before this day or time (UTC).",
        envvar="ARCHIVER_UNTIL",
    ),
    click.option(
        "--match",
        callback=expression,
        metavar="REGEX",
        help="Only articles whose address holds this.",
        envvar="ARCHIVER_MATCH",
    ),
    click.option(
        "--exclude",
        callback=expression,
        metavar="REGEX",
        help="No articles whose address holds this.",
        envvar="ARCHIVER_EXCLUDE",
    ),
    click.option(
        "--depth",
        type=click.IntRange(min=1),
        metavar="N",
        help="1: the articles of the listing; 2: also those of listings it links to, inside the section; and so on.",
        envvar="ARCHIVER_DEPTH",
    ),
)
"""What a crawl takes of a site."""


def wanted_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options that choose among a site's articles; their names are those of the spiders' arguments."""
    for option in reversed(WANTED_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What every command that crawls is given."""

    scrapy: dict[str, str]
    """Settings of the command line."""
    quiet: bool
    verbose: int
    json: bool


def run_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the shared options to a command, which takes them as one `RunOptions`."""

    def with_options(
        output: str,
        images: str | None,
        image_links: str,
        image_prefix: str,
        insecure_image_prefix: str,
        filename: str,
        settings: dict[str, str],
        quiet: bool,
        verbose: int,
        json: bool,
        **own: Any,
    ) -> int:
        scrapy = {
            "ARCHIVER_OUTPUT": output,
            "ARCHIVER_IMAGES": images or "",
            "ARCHIVER_IMAGE_LINKS": image_links,
            "ARCHIVER_IMAGE_PREFIX": image_prefix,
            "ARCHIVER_INSECURE_IMAGE_PREFIX": insecure_image_prefix,
            "ARCHIVER_FILENAME": filename,
            **settings,
        }
        return command(options=RunOptions(scrapy, quiet, verbose, json), **own)

    with_options.__doc__ = command.__doc__
    with_options.__name__ = command.__name__
    for option in reversed(ARCHIVE_OPTIONS):
        with_options = option(with_options)
    return with_options
