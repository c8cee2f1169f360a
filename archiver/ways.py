"""The ways of asking for an image: image hosts refuse whoever comes from elsewhere, each by a rule of its own."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Way:
    """How an image is asked for."""

    referer: str
    """`article`: its address; `origin`: scheme and host of the image; `none`."""
    is_secure: bool = False
    """By https, though the address says http."""


WAYS = {
    "article": Way("article"),
    "origin": Way("origin"),
    "none": Way("none"),
    "https article": Way("article", is_secure=True),
    "https origin": Way("origin", is_secure=True),
    "https none": Way("none", is_secure=True),
}
"""All ways by the names that the index has for them, in the order in which they are tried."""


def ways_to(url: str, article: str | None, known: str = "") -> list[str]:
    """The ways that an image can be asked for, by their names; first the one that is known to work for its host."""
    is_insecure = url.lower().startswith("http://")
    possible = [
        name
        for name, way in WAYS.items()
        if (is_insecure or not way.is_secure) and (article or way.referer != "article")
    ]
    first = WAYS.get(known)
    if first is None:
        return possible
    return sorted(
        possible, key=lambda name: (WAYS[name].is_secure != first.is_secure, WAYS[name].referer != first.referer)
    )


def asked_by(way: Way, url: str, article: str | None) -> tuple[str, str | None]:
    """(address, Referer) of a request."""
    address = f"https{url[4:]}" if way.is_secure else url
    parts = urlsplit(address)
    return address, {"article": article, "origin": f"{parts.scheme}://{parts.netloc}/", "none": None}[way.referer]
