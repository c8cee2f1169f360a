"""`archiver.yaml` in the working directory: the options of the command line, written down."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from archiver import config
from archiver.addresses import parse_endpoint
from archiver.dates import parse_bound
from archiver.files import DURABILITIES
from archiver.freshness import DEFAULT, parse_age, parse_refresh
from archiver.log import LOG_FORMATS
from archiver.names import NAMINGS
from archiver.sites import domain, regex, time_zone

FILE = "archiver.yaml"
IMAGE_LINKS = ("remote", "local")
SIZE = re.compile(r"([0-9]+)\s*(?:([kMGT])(i?)B?|B)?", re.IGNORECASE)


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


def cron(text: str) -> str:
    """A check: what cron takes. Raises ValueError."""
    from archiver.schedule import parse_cron  # the archive and its database come with it

    return parse_cron(text)


def endpoint(text: str) -> str:
    """A check: what `--allow-address` takes. Raises ValueError."""
    host, port = parse_endpoint(text)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse_size(text: str) -> int:
    """`500MB`, `2 GiB`, `1000` -> bytes. Raises ValueError."""
    found = SIZE.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise ValueError(f"expected a size such as 500MB or 2GiB, not {text!r}")
    step, power = (1024 if found[3] else 1000), " kmgt".index((found[2] or " ").lower())
    return int(found[1]) * int(step**power)


def size(text: str) -> str:
    """A check: what `--max-bytes` takes. Raises ValueError."""
    parse_size(text)
    return text


def duration(text: str) -> str:
    """A check: what `--max-time` takes. Raises ValueError."""
    interval(text)
    return text


def interval(text: str) -> timedelta:
    """A check: how often a site is crawled, or how long. Raises ValueError."""
    found = parse_age(text)
    if not found:
        raise ValueError(f"expected more than no time, not {text!r}")
    return found


def when(node: yaml.Node) -> dict[str, Any]:
    """A check: when a site is crawled."""
    values: dict[str, Any] = WHEN(node)
    if ("every" in values) == ("cron" in values):
        raise config.MistakeError(node, "expected one of `every` and `cron`")
    if "time_zone" in values and "cron" not in values:
        raise config.mistake_at(node, "time_zone", "only `cron` has a time zone")
    return values


WHEN = config.mapping(
    {
        "every": config.judged(interval),
        "cron": config.judged(cron),
        "time_zone": config.judged(time_zone),
        "jitter": config.judged(interval),
    }
)
SCHEDULE = config.mapping_of(when)
"""Site, or site and channel with a slash between -> when it is crawled."""
NOTIFY = config.mapping(
    {
        "webhook": config.text,
        "smtp": config.mapping(
            {"host": config.text, "port": config.positive, "user": config.text, "from": config.text, "to": config.text},
            required=["host", "from", "to"],
        ),
    }
)
"""Who is told when a site is not crawled, or yields less than it did."""
KEYS: dict[str, Callable[[Any], Any]] = {
    "output": config.text,
    "images": config.text,
    "image_links": config.one_of(IMAGE_LINKS),
    "image_prefix": config.text,
    "insecure_image_prefix": config.text,
    "filename": config.one_of(NAMINGS),
    "index": config.text,
    "durability": config.one_of(DURABILITIES),
    "wait": config.positive,
    "broker": config.text,
    "concurrency": config.positive,
    "visibility_timeout": config.judged(duration),
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
    "allow_address": config.one_or_more(config.judged(endpoint)),
    "max_bytes": config.judged(size),
    "max_time": config.judged(duration),
    "metrics": config.text,
    "log_file": config.text,
    "log_format": config.one_of(LOG_FORMATS),
    "notify": NOTIFY,
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
