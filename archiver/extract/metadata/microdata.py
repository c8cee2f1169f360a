"""Items of microdata and RDFa Lite as the objects that JSON-LD would have."""

from collections.abc import Iterable, Mapping
from itertools import islice

from selectolax.lexbor import LexborNode

from archiver.extract.metadata.loose_json import Thing
from archiver.lazy import real_source

BY_THE_WAY = frozenset(
    "itemListElement hasPart isPartOf mentions relatedLink citation about subjectOf isBasedOn review reviews comment"
    " significantLink workExample suggestedAnswer video associatedMedia blogPost blogPosts itemReviewed".split()
)
"""Under these keys stand things that the page is not about."""
DRUPAL = {
    "dc:title": "headline",
    "dc:date": "datePublished",
    "dc:created": "datePublished",
    "dcterms:created": "datePublished",
}
"""RDFa of Drupal 7, which marks its pages with Dublin Core instead of schema.org."""

MOST_PROPERTIES = 300  # what is beyond lists products or comments
FARTHEST_SCOPE = 30  # steps up to the item that a property belongs to
LONGEST_VALUE = 2000  # characters of a property that is no body
LONGEST_NAME = 100
AUTHORED = frozenset(("author", "creator"))
ADDRESSED = frozenset(("url", "image", "thumbnailUrl", "contentUrl", "logo", "mainEntityOfPage", "item", "sameAs"))


def read_items(marked: Iterable[LexborNode]) -> tuple[list[tuple[Thing, str, bool]], dict[str, str]]:
    """Items of microdata and RDFa Lite as objects of JSON-LD, as `walk` gives them; and properties outside of any.

    The names of these properties are in lower case.
    """
    items: dict[int, tuple[Thing, str, bool]] = {}
    loose: dict[str, str] = {}
    for node in islice(marked, MOST_PROPERTIES):
        attributes = node.attributes
        is_item = "itemscope" in attributes or "typeof" in attributes
        names = (attributes.get("itemprop") or rdfa_names(attributes.get("property") or "")).split()
        owner = items.get(owner_of(node)) if is_item or names else None
        item = new_item(node, attributes, is_named=bool(AUTHORED.intersection(names))) if is_item else None
        for name in names:
            found: Thing | str | None = item or property_value(node, name, attributes)
            if found and owner is not None:
                owner[0].setdefault(name, []).append(found)
            elif isinstance(found, str):
                loose.setdefault(name.lower(), found)
        if item is not None:
            key = names[0] if names else ""
            items[node.mem_id] = (item, key, owner is not None and (owner[2] or key in BY_THE_WAY))
    return list(items.values()), loose


def new_item(node: LexborNode, attributes: Mapping[str, str | None], *, is_named: bool) -> Thing:
    """An item before its properties are read. `is_named`: the item's text is a name, unless there is a better one."""
    item: Thing = {"@type": (attributes.get("itemtype") or attributes.get("typeof") or "").split()}
    if place := attributes.get("itemid") or attributes.get("resource"):
        item["@id"] = place
    if is_named and (text := " ".join(node.text(separator=" ")[:LONGEST_VALUE].split())) and len(text) <= LONGEST_NAME:
        item["alternateName"] = text
    return item


def rdfa_names(names: str) -> str:
    """Properties of schema.org among RDFa names; those of other vocabularies are read as meta tags."""
    found = (DRUPAL.get(name) or name.removeprefix("schema:") for name in names.split())
    return " ".join(name for name in found if ":" not in name)


def owner_of(node: LexborNode) -> int:
    """Identity of the nearest element around this one that is an item; 0: there is none."""
    parent = node.parent
    for _ in range(FARTHEST_SCOPE):
        if parent is None:
            break
        attributes = parent.attributes
        if "itemscope" in attributes or "typeof" in attributes:
            return parent.mem_id
        parent = parent.parent
    return 0


def property_value(node: LexborNode, name: str, attributes: Mapping[str, str | None]) -> str | None:
    """The value of a property as HTML defines it, but the text of a link where a name is meant."""
    if stated := (attributes.get("content") or attributes.get("datetime") or "").strip():
        return stated
    if node.tag == "img":
        return real_source(node)
    if name in ADDRESSED and (found := attributes.get("href") or attributes.get("src") or attributes.get("resource")):
        return found
    if name == "articleBody":
        return " ".join(node.text(separator=" ").split()) or None
    return " ".join(node.text()[:LONGEST_VALUE].split()) or None
