"""`archiver.yaml` in the working directory: the options of the command line, written down."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from archiver import config
from archiver.dates import parse_bound
from archiver.freshness import DEFAULT, parse_age, parse_refresh
from archiver.names import NAMINGS
from archiver.sites import domain, regex

FILE = "archiver.yaml"
IMAGE_LINKS = ("remote", "local")


def day_or_time(text: str) -> str:
    """A check: what `--since` takes. Raises ValueError."""
    parse_bound(text)
    return text


def pattern(text: str) -> str:
    """A check: what `--match` takes. Raises ValueError."""
    return regex(text).pattern


def age(text: str) -> str:
    """A check: what `--refresh` takes. Raises ValueError."""
    parse_refresh(text, DEFAULT.every)
    return text


def interval(text: str) -> timedelta:
    """A check: how often a site is crawled. Raises ValueError."""
    found = parse_age(text)
    if not found:
        raise ValueError(f"expected more than no time, not {text!r}")
    return found


SCHEDULE = config.mapping_of(config.mapping({"every": config.judged(interval)}, required=["every"]))
"""Site -> when it is crawled."""
KEYS: dict[str, Callable[[Any], Any]] = {
    "output": config.text,
    "images": config.text,
    "image_links": config.one_of(IMAGE_LINKS),
    "image_prefix": config.text,
    "insecure_image_prefix": config.text,
    "filename": config.one_of(NAMINGS),
    "index": config.text,
    "video_hosts": config.list_of(config.judged(domain)),
    "settings": config.mapping_of(config.anything),
    "sites": config.one_or_more(config.text),
    "channel": config.one_or_more(config.text),
    "limit": config.positive,
    "pages": config.positive,
    "since": config.converted(day_or_time, "a day such as 2022-03-03, or a time"),
    "until": config.converted(day_or_time, "a day such as 2022-03-03, or a time"),
    "match": config.judged(pattern),
    "exclude": config.judged(pattern),
    "depth": config.positive,
    "refresh": config.judged(age),
    "known": config.positive,
    "schedule": SCHEDULE,
    "all": config.flag,
    "force": config.flag,
    "dry_run": config.flag,
    "json": config.flag,
    "quiet": config.flag,
    "verbose": config.positive,
}


def read_defaults(path: Path) -> dict[str, Any]:
    """The options in the file, by the names the commands have for them; empty where there is no file.

    Raises ConfigurationError with file, line and key.
    """
    if not path.exists():
        return {}
    found: dict[str, Any] = config.load(path, config.mapping(KEYS))
    if "settings" in found:
        found["settings"] = [f"{name}={value}" for name, value in found["settings"].items() if value is not None]
    return found
