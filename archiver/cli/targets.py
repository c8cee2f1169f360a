"""Addresses that a user names, on the command line, in files, on standard input; and the sites they belong to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo

import click

from archiver.errors import ConfigurationError
from archiver.sites import Site, adhoc_site, for_section, time_zone
from archiver.urls import canonical, host_of

FROM = click.option(
    "--from",
    "files",
    multiple=True,
    metavar="FILE",
    help="A file of addresses, one in a line; `-` is standard input. May be repeated.",
    envvar="ARCHIVER_FROM",
)


def zone(_: click.Context, __: click.Parameter, value: str | None) -> tzinfo | None:
    """A time zone of the IANA database."""
    try:
        return time_zone(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


TIME_ZONE = click.option(
    "--time-zone",
    callback=zone,
    metavar="ZONE",
    help="Of dates that name none, such as Asia/Shanghai.  [default: that of the site's definition, else UTC]",
    envvar="ARCHIVER_TIME_ZONE",
)


def addresses(urls: Iterable[str], files: Iterable[str]) -> list[str]:
    """All addresses in canonical form, each once. Raises ConfigurationError naming the one that is wrong, and where."""
    found = {}
    for where, url in told(urls, files):
        try:
            found[canonical(url)] = True
        except ValueError as error:
            raise ConfigurationError(f"{where}not a web address: {url!r} ({error})") from error
    if not found:
        raise click.UsageError("expected the address of a page, or a file of addresses")
    return [*found]


def told(urls: Iterable[str], files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(place to name in an error, address) for each of them; empty lines and `#` comments of files are none."""
    for url in urls:
        yield from lines("-") if url == "-" else (("", url),)
    for file in files:
        yield from lines(file)


def lines(file: str) -> Iterator[tuple[str, str]]:
    """The addresses in a file."""
    try:
        with click.open_file(file, encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if (text := line.strip().removeprefix("\ufeff")) and not text.startswith("#"):
                    yield f"{file}, line {number}: ", text
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: {error}") from error


def three(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """`C1/C2/C3` -> the three folders."""
    if value is None:
        return None
    parts = tuple(part.strip() for part in value.split("/"))
    if len(parts) != 3 or not all(parts):
        raise click.BadParameter(f"expected three names such as web/example/news, not {value!r}")
    return parts


def section_site(
    url: str, known: Mapping[str, Site], categories: tuple[str, ...] | None, content: str | None = None
) -> Site:
    """A section as a site with this one channel: by the definition that owns the host, else by none."""
    owner = owner_of(url, known)
    site = adhoc_site(url, categories) if owner is None else for_section(owner, url, categories)
    if content is None:
        return site
    return replace(site, channels={name: replace(channel, content=content) for name, channel in site.channels.items()})


def page_site(url: str, known: Mapping[str, Site], categories: tuple[str, ...] | None) -> Site:
    """The site of a single article: its definition, else one made up of the host alone."""
    owner = owner_of(url, known)
    if owner is None:
        return adhoc_site(url, categories or ("web", host_of(url), "page"))
    if categories is None:
        return owner
    channels = {name: replace(channel, categories=categories) for name, channel in owner.channels.items()}
    return replace(owner, channels=channels)


def owner_of(url: str, known: Mapping[str, Site]) -> Site | None:
    """The definition that an address belongs to. None: there is none."""
    return next((site for site in known.values() if site.owns(url)), None)
