"""What a page declares of itself in JSON-LD, microdata and meta tags, as far as it tells what kind of page it is."""

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata.loose_json import read_json


def meta(page: LexborHTMLParser, name: str) -> str:
    """The content of a `<meta>` by its property or name; empty where there is none."""
    node = page.css_first(f'meta[property="{name}"], meta[name="{name}"]')
    return (node.attributes.get("content") or "").strip() if node is not None else ""


def declared_types(page: LexborHTMLParser) -> Iterator[str]:
    """The types that a page's JSON-LD and microdata declare for the page itself, not for what is named within."""
    for thing in declared_things(page):
        names = thing.get("@type")
        for name in names if isinstance(names, list) else [names]:
            if isinstance(name, str):
                yield name.rpartition("/")[2]
    for node in page.css("[itemtype]")[:50]:
        if node.attributes.get("itemprop") in (None, "mainEntity"):
            yield (node.attributes["itemtype"] or "").rpartition("/")[2]


def declared_things(page: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD: alone, in a list, in a graph, as the page's main entity."""
    for script in page.css('script[type*="ld+json"]'):
        waiting = [read_json(script.text())]
        while waiting:
            part = waiting.pop()
            if isinstance(part, list):
                waiting += reversed(part)
            elif isinstance(part, dict):
                yield part
                waiting += [part[name] for name in ("@graph", "mainEntity") if name in part]
