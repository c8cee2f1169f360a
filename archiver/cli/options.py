"""The options that commands share, and the Scrapy settings they stand for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from archiver.bucket import reach, to_place
from archiver.cli.configuration import IMAGE_LINKS, day_or_time, endpoint, interval, parse_size, pattern
from archiver.errors import ConfigurationError
from archiver.files import DURABILITIES
from archiver.freshness import DEFAULT, parse_refresh
from archiver.layout import Layout
from archiver.log import LOG_FORMATS, STDERR, LogTarget
from archiver.names import NAMINGS
from archiver.sites import domain


def setting(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` texts -> names and values."""
    pairs = [value.partition("=") for value in values]
    wrong = next(("".join(parts) for parts in pairs if not (parts[0] and parts[1])), None)
    if wrong is not None:
        raise click.BadParameter(f"expected NAME=VALUE, not {wrong!r}")
    return {name: value for name, _, value in pairs}


def hosts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> str:
    """Hosts with spaces between, in lower case and without `www.`."""
    try:
        return " ".join(map(domain, values))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def bound(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A day or a time, left as it is."""
    try:
        return day_or_time(value) if value else None
    except ValueError as error:
        raise click.BadParameter(f"expected a day such as 2022-03-03, or a time, not {value!r}") from error


def endpoints(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> str:
    """`IP:PORT` texts, as the setting has them."""
    try:
        return ",".join(map(endpoint, values))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def quota(_: click.Context, __: click.Parameter, value: str | None) -> int:
    """A size in bytes; 0: none is given."""
    try:
        return parse_size(value) if value else 0
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def time_span(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    """A duration."""
    try:
        return interval(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def seconds(context: click.Context, parameter: click.Parameter, value: str | None) -> float:
    """A duration in seconds; 0: none is given."""
    return time_span(context, parameter, value).total_seconds() if value else 0.0


OUTPUT = click.option(
    "-o",
    "--output",
    metavar="DIR",
    default="output",
    show_default=True,
    help="Where the archive lies: a folder, or s3://BUCKET/PREFIX.",
    envvar="ARCHIVER_OUTPUT",
)
IMAGES = click.option(
    "--images",
    metavar="DIR",
    help="Where header images go.  [default: OUTPUT/images]",
    envvar="ARCHIVER_IMAGES",
)
IMAGE_PREFIX = click.option(
    "--image-prefix",
    metavar="PREFIX",
    default="/images",
    show_default=True,
    envvar="ARCHIVER_IMAGE_PREFIX",
    help="What stands before the path of a stored file in a local link.",
)
INDEX = click.option(
    "--index",
    metavar="URL",
    default="",
    envvar="ARCHIVER_INDEX",
    help="The database of the index, such as postgresql+psycopg://HOST/NAME.  [default: OUTPUT/.archiver/index.sqlite]",
)
DURABILITY = click.option(
    "--durability",
    type=click.Choice(DURABILITIES),
    default="safe",
    show_default=True,
    envvar="ARCHIVER_DURABILITY",
    help="What is written outlives a power cut, or only a kill of the program.",
)
WAIT = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    default=0,
    show_default=True,
    envvar="ARCHIVER_WAIT",
    help="Wait so long for another run that holds the archive.",
)
JSON = click.option("--json", is_flag=True, help="The summary as one JSON object on stdout.", envvar="ARCHIVER_JSON")
LOG_FILE = click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    envvar="ARCHIVER_LOG_FILE",
    help="The log goes here, not to stderr; at 10 MB a new file is begun, five older ones are kept.",
)
LOG_FORMAT = click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="text",
    show_default=True,
    envvar="ARCHIVER_LOG_FORMAT",
    help="Log lines for people, or a JSON object in each.",
)
ARCHIVE_OPTIONS = (
    OUTPUT,
    IMAGES,
    click.option(
        "--image-links",
        type=click.Choice(IMAGE_LINKS),
        default="remote",
        show_default=True,
        envvar="ARCHIVER_IMAGE_LINKS",
        help="What headimg and thumbnail point at: the site's address, or the stored file.",
    ),
    IMAGE_PREFIX,
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
    INDEX,
    DURABILITY,
    WAIT,
    click.option(
        "--video-host",
        "video_hosts",
        metavar="HOST",
        multiple=True,
        callback=hosts,
        envvar="ARCHIVER_VIDEO_HOSTS",
        help="Frames of this host stay in a body, as those of known video players do. May be repeated.",
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
    click.option(
        "--allow-address",
        multiple=True,
        callback=endpoints,
        metavar="IP:PORT",
        envvar="ARCHIVER_ALLOW_ADDRESS",
        help="Ask this address too, though it is not public: a site of an intranet. May be repeated.",
    ),
    click.option(
        "--max-bytes",
        callback=quota,
        metavar="SIZE",
        envvar="ARCHIVER_MAX_BYTES",
        help="End the run once so much is fetched, or written: 500MB, 2GiB.",
    ),
    click.option(
        "--max-time",
        callback=seconds,
        metavar="TIME",
        envvar="ARCHIVER_MAX_TIME",
        help="End the run after so long: 90m, 6h.",
    ),
    click.option(
        "--metrics",
        metavar="FILE|PORT",
        default="",
        envvar="ARCHIVER_METRICS",
        help="What the run counts, in Prometheus' format: in a file, or on a port of 127.0.0.1.",
    ),
    LOG_FILE,
    LOG_FORMAT,
    click.option("-q", "--quiet", is_flag=True, help="Only errors and the summary.", envvar="ARCHIVER_QUIET"),
    click.option("-v", "--verbose", count=True, help="What Scrapy does; twice: everything.", envvar="ARCHIVER_VERBOSE"),
    JSON,
)


def expression(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A regular expression, left as it is."""
    try:
        return pattern(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def freshness(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Which articles are asked again: now, where the command line says it; once a day, where archiver.yaml does."""
    if value is None:
        return None
    is_lasting = context.get_parameter_source(parameter.name or "") is ParameterSource.DEFAULT_MAP
    try:
        parse_refresh(value, DEFAULT.every)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return f"{value}/20h" if is_lasting and "/" not in value else value


WANTED_OPTIONS = (
    click.option(
        "--refresh",
        callback=freshness,
        metavar="AGE",
        help="Ask archived articles again that are younger than this, such as 30d, or all, or never.  "
        "[default: those of the last 7d, once a day]",
        envvar="ARCHIVER_REFRESH",
    ),
    click.option(
        "--known",
        type=click.IntRange(min=1),
        metavar="N",
        help="Follow a listing up to N archived articles in a row.  [default: a page full of them]",
        envvar="ARCHIVER_KNOWN",
    ),
    click.option("--all", is_flag=True, help="Follow each listing to its end.", envvar="ARCHIVER_ALL"),
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


WRITING_OPTIONS = (
    click.option(
        "--force",
        is_flag=True,
        help="Write over posts that were edited by hand or are held; what was there is kept among the versions.",
        envvar="ARCHIVER_FORCE",
    ),
    click.option(
        "--dry-run",
        is_flag=True,
        help="A trial: every page is asked for, nothing is written; shows the requests and files of a run.",
        envvar="ARCHIVER_DRY_RUN",
    ),
)
"""How a crawl writes."""


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
    metrics: str = ""
    """A file or a port; empty: neither."""
    log: LogTarget = STDERR


def run_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the shared options to a command, which takes them as one `RunOptions`."""

    def with_options(
        output: str,
        images: str | None,
        image_links: str,
        image_prefix: str,
        insecure_image_prefix: str,
        filename: str,
        index: str,
        durability: str,
        wait: float,
        video_hosts: str,
        settings: dict[str, str],
        allow_address: str,
        max_bytes: int,
        max_time: float,
        metrics: str,
        log_file: Path | None,
        log_format: str,
        quiet: bool,
        verbose: int,
        json: bool,
        **own: Any,
    ) -> int:
        given = {
            "ARCHIVER_ALLOW_ADDRESS": allow_address,
            "ARCHIVER_MAX_BYTES": max_bytes,
            "ARCHIVER_MAX_TIME": max_time,
        }
        limits = {name: str(value) for name, value in given.items() if value}
        scrapy = {
            "ARCHIVER_OUTPUT": output,
            "ARCHIVER_IMAGES": images or "",
            "ARCHIVER_IMAGE_LINKS": image_links,
            "ARCHIVER_IMAGE_PREFIX": image_prefix,
            "ARCHIVER_INSECURE_IMAGE_PREFIX": insecure_image_prefix,
            "ARCHIVER_FILENAME": filename,
            "ARCHIVER_INDEX": index,
            "ARCHIVER_DURABILITY": durability,
            "ARCHIVER_WAIT": str(wait),
            **limits,
            "ARCHIVER_VIDEO_HOSTS": video_hosts,
            **settings,
        }
        log = LogTarget(log_file, log_format)
        return command(options=RunOptions(scrapy, quiet, verbose, json, metrics, log), **own)

    return with_more(with_options, command, ARCHIVE_OPTIONS)


def writing_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options that say how a crawl writes, to a command that has the shared ones."""

    def with_options(options: RunOptions, force: bool, dry_run: bool, **own: Any) -> int:
        settings = {"ARCHIVER_FORCE": force, "ARCHIVER_TRIAL": dry_run}
        scrapy = options.scrapy | {name: "1" for name, value in settings.items() if value}
        return command(options=replace(options, scrapy=scrapy), **own)

    return with_more(with_options, command, WRITING_OPTIONS)


def with_more(
    wrapper: Callable[..., int], command: Callable[..., int], options: Iterable[Callable[..., Any]]
) -> Callable[..., int]:
    """A wrapper of a command, with the command's name, help and options, and further ones."""
    update_wrapper(wrapper, command)
    for option in reversed([*options]):
        wrapper = option(wrapper)
    return wrapper


def layout_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options that say where an archive lies, to a command that crawls nothing and takes them as `layout`."""

    def with_layout(
        output: str, images: str | None, image_prefix: str, index: str, durability: str, wait: float, **own: Any
    ) -> int:
        place = to_place(output)
        layout = Layout(
            output=place,
            images=to_place(images or str(place / "images")),
            image_prefix=image_prefix,
            index=index,
            durability=durability,
            wait=wait,
        )
        return command(layout=layout, **own)

    return with_more(with_layout, command, (OUTPUT, IMAGES, IMAGE_PREFIX, INDEX, DURABILITY, WAIT))


def existing(layout: Layout) -> Layout:
    """A layout of which something is there. Raises ConfigurationError."""
    reach(layout.output)
    if not layout.output.is_dir():
        raise ConfigurationError(f"{layout.output}: there is no archive")
    return layout
