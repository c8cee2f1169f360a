"""`archiver images`: the images that an archive lacks, and nothing else."""

import time
from contextlib import closing
from dataclasses import replace
from json import dumps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from archiver.archive import Archive
from archiver.bucket import BucketPath, Place, reach, to_place
from archiver.cli.options import RunOptions, bound, run_options
from archiver.cli.run import run_all, to_settings
from archiver.dates import parse_bound
from archiver.errors import ConfigurationError
from archiver.missing import PostImage, State, Wish, look
from archiver.outcomes import Outcome, Summary
from archiver.pipelines.export import layout_of
from archiver.spiders.missing_images import MissingImagesSpider

COUNTS = (
    *("posts", State.GOOD, State.PLACEHOLDER, State.NONE, Outcome.STORED, Outcome.MISSING),
    *(State.PUT_OFF, State.GIVEN_UP, Outcome.FAILED),
)


def places(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Place, ...]:
    """Files and folders that are there, and what lies in a bucket."""
    found = tuple(map(to_place, values))
    for place in found:
        if isinstance(place, Path) and not place.exists():
            raise click.BadParameter(f"Path '{place}' does not exist.")
    return found


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", callback=places)
@click.option(
    "--check",
    is_flag=True,
    help="Only list what is missing: nothing is asked for, nothing written.",
    envvar="ARCHIVER_CHECK",
)
@click.option(
    "--inline",
    is_flag=True,
    help="The images of the bodies, too; with --image-links local the posts point at them.",
    envvar="ARCHIVER_INLINE",
)
@click.option(
    "--since",
    callback=bound,
    metavar="DATE",
    help="Only posts published on or after this day or time (UTC).",
    envvar="ARCHIVER_SINCE",
)
@click.option(
    "--site",
    "sites",
    multiple=True,
    metavar="NAME",
    help="Only posts of this site, by its name or the second category. May be repeated.",
    envvar="ARCHIVER_SITE",
)
@click.option(
    "--limit",
    "most",  # archiver.yaml has a `limit` of articles
    type=click.IntRange(min=1),
    metavar="N",
    help="Ask for at most N images.",
    envvar="ARCHIVER_IMAGES_LIMIT",
)
@click.option(
    "--retry-all",
    is_flag=True,
    help="Ask also for what is put off or given up.",
    envvar="ARCHIVER_RETRY_ALL",
)
@click.option(
    "--wayback",
    is_flag=True,
    help="Ask the Wayback Machine (archive.org) for what cannot be had elsewhere.",
    envvar="ARCHIVER_WAYBACK",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="A trial: images are asked for, nothing is written; shows the requests and files of a run.",
    envvar="ARCHIVER_DRY_RUN",
)
@run_options
def images(
    options: RunOptions,
    paths: tuple[Place, ...],
    check: bool,
    inline: bool,
    since: str | None,
    sites: tuple[str, ...],
    most: int | None,
    retry_all: bool,
    wayback: bool,
    dry_run: bool,
) -> int:
    """Downloads the images that are missing, empty, cut short or no images.

    PATH is a post or a folder of posts, by whichever program; default is the whole archive.
    """
    refuse_nothing(paths, to_place(options.scrapy["ARCHIVER_OUTPUT"]))
    day = parse_bound(since) if since else None
    wish = Wish(paths, inline, day, frozenset(sites), most, retry_all)
    more = {"ARCHIVER_WAYBACK": wayback, "ARCHIVER_TRIAL": dry_run, "ARCHIVER_ALONE": True}
    scrapy = options.scrapy | {name: "1" for name, value in more.items() if value}
    options = replace(options, scrapy=scrapy)
    summary = to_summary(options, wish) if check else run_all([(MissingImagesSpider, {"wish": wish})], options)
    print_images(summary, as_json=options.json, is_list=check)
    return summary.exit_code


def refuse_nothing(paths: tuple[Place, ...], output: Place) -> None:
    """Raises ConfigurationError where there can be no post."""
    reach(output)
    if not paths and not output.is_dir():
        raise ConfigurationError(f"{output}: there is no archive")
    for path in paths:
        if isinstance(path, BucketPath) != isinstance(output, BucketPath) or (
            isinstance(path, BucketPath) and not path.is_relative_to(output)
        ):
            raise ConfigurationError(f"{path} does not lie in {output}")
        if not path.is_dir() and path.suffix != ".md":
            raise ConfigurationError(f"{path}: expected a post (.md) or a folder")


def to_summary(options: RunOptions, wish: Wish) -> Summary:
    """What is missing, as the summary of a run that asks for nothing."""
    started, summary = time.monotonic(), Summary(images={"posts": 0})
    with closing(Archive(layout_of(to_settings(options)), mode="read")) as archive:
        for post in (post for posts in look(archive, wish) for post in posts):
            summary.images["posts"] += 1
            if post.problem:
                summary.counts[Outcome.FAILED] += 1
                summary.problems.append({"outcome": "failed", "url": post.post, "reason": post.problem})
            for image in post.images:
                list_image(summary, image)
    summary.time = time.monotonic() - started
    return summary


def list_image(summary: Summary, image: PostImage) -> None:
    """Counts an image; one that is missing is listed, whether or not it would be asked for now."""
    if image.state is State.MISSING:
        summary.counts[Outcome.MISSING] += 1
    else:
        summary.images[image.state] = summary.images.get(image.state, 0) + 1
    if image.state in (State.MISSING, State.PUT_OFF, State.GIVEN_UP):
        summary.problems.append(
            {"outcome": image.state, "url": image.url or image.shown, "reason": image.reason, "post": image.post}
        )


def print_images(summary: Summary, *, as_json: bool, is_list: bool) -> None:
    """One table, or one JSON object, on stdout; with `is_list` what is missing before it."""
    counts = {str(name): summary.images.get(name, summary.counts.get(name, 0)) for name in COUNTS}
    if as_json:
        common = summary.to_dict()
        rest = ("requests", "bytes", "time", "problems", "notices", "trial")
        text = dumps({**counts, **{name: common[name] for name in rest if name in common}}, ensure_ascii=False)
        click.echo(text.encode("utf-8", "backslashreplace"))
        return
    table = Table(*(name.replace("_", " ") for name in counts), box=None, padding=(0, 1, 0, 0))
    table.add_row(*map(str, counts.values()))
    console = Console(soft_wrap=True)
    for line in (*(listed(summary) if is_list else ()), *tried(summary)):
        console.print(line.encode("utf-8", "backslashreplace").decode(), highlight=False, markup=False)
    console.print(table)
    console.print(f"{summary.requests} requests, {summary.bytes / 1e6:.1f} MB, {summary.time:.1f} s", highlight=False)
    if summary.stopped:
        console.print(f"stopped: {summary.stopped}", highlight=False)


def listed(summary: Summary) -> list[str]:
    """A line for each image that is missing."""
    return [
        f"{found['outcome'].replace('_', ' ')}: {found.get('post', '')} {found['url']} ({found['reason']})"
        for found in summary.problems
    ]


def tried(summary: Summary) -> list[str]:
    """A line for each request and each file of a trial, and for what is no problem."""
    trial: dict[str, Any] = summary.trial or {"requests": [], "files": []}
    return [
        *(f"would ask {request}" for request in trial["requests"]),
        *(f"would write {file}" for file in trial["files"]),
        *(f"{found['notice']}: {found['url']}" for found in summary.notices),
    ]
