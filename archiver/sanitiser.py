"""What may stay in the body of a post: tables of elements and attributes, and nh3 as the judge that they are kept to.

Two allow-lists are one: `archiver/body.py` writes by these tables, and nh3, another parser with another serialiser,
is asked by the same tables whether there is anything in what was written that it would not have let through.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import nh3

from archiver.urls import DATA_IMAGE, LINK_SCHEMES

ELEMENTS = frozenset(
    "a abbr acronym address area article aside audio b bdi bdo big blockquote br caption center cite code col colgroup"
    " data dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i"
    " iframe img ins kbd li main map mark menu nav nobr ol p picture pre q rb rp rt rtc ruby s samp search section"
    " small source span strike strong sub summary sup table tbody td textarea tfoot th thead time tr track tt u ul var"
    " video wbr".split()
)
"""Of any other what it holds stays, unless it is in `DROPPED`."""
DROPPED = frozenset(
    "script style template link meta base title embed applet param frame noframes noembed svg bgsound basefont input"
    " select datalist keygen portal fencedframe".split()
)
"""Gone with all they hold: they run, load, restyle or submit something, or hold what is no HTML."""
EVERYWHERE = frozenset(
    "class id lang dir title style align valign width height border color bgcolor hidden role translate xml:lang"
    " tabindex itemid itemprop itemref itemscope itemtype property typeof resource vocab datatype clear type"
    " zoomfile file".split()
)
TABLE_CELL = "abbr axis background bordercolor char charoff colspan headers nowrap rowspan scope"
OWN: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "a": "href hreflang name target rel rev download charset coords shape",
        "area": "href hreflang target rel alt coords shape nohref",
        "audio": "src controls controlslist loop muted preload",
        "blockquote": "cite",
        "col": "span char charoff",
        "colgroup": "span char charoff",
        "data": "value",
        "del": "cite datetime",
        "details": "open",
        "dl": "compact",
        "font": "face size",
        "hr": "noshade size",
        "iframe": (
            "src allow allowfullscreen webkitallowfullscreen mozallowfullscreen frameborder framespacing marginheight"
            " marginwidth scrolling loading referrerpolicy sandbox"
        ),
        "img": (
            "src srcset sizes alt loading decoding fetchpriority referrerpolicy longdesc usemap ismap hspace vspace"
            " data original real_src mce_src"
        ),
        "ins": "cite datetime",
        "li": "value",
        "map": "name",
        "ol": "start reversed compact",
        "pre": "cols wrap",
        "q": "cite",
        "source": "src srcset sizes media",
        "table": "background bordercolor cellpadding cellspacing cols datapagesize frame rules summary",
        "tbody": "char charoff",
        "td": TABLE_CELL,
        "textarea": "cols rows readonly disabled wrap placeholder",
        "tfoot": "char charoff",
        "th": TABLE_CELL,
        "thead": "char charoff",
        "time": "datetime pubdate",
        "tr": "background bordercolor char charoff",
        "track": "src kind label srclang default",
        "ul": "compact",
        "video": (
            "src poster controls controlslist autoplay loop muted playsinline webkit-playsinline x5-playsinline preload"
        ),
    }.items()
}
PREFIXES = ("data-", "aria-", "_")
"""Of attributes that browsers do nothing with, or read aloud; editors leave `_src` behind."""
# Attributes by which the scripts of common libraries run what stands in a page, if the blog has such a script.
GADGETS = re.compile(r"data-(?:ng|hx)-[\w-]*|data-(?:bs-)?html|data-bind|_")
NAME = re.compile(r"[a-z_:][\w:.\-]*", re.ASCII)
MOST_ATTRIBUTES = 64
"""Of one element: parsers are quadratic in them."""
SANDBOX = "allow-scripts allow-same-origin allow-presentation"
FEATURES = frozenset("accelerometer autoplay encrypted-media fullscreen gyroscope picture-in-picture web-share".split())
"""What a player may be allowed: nothing that hears, sees or locates the reader."""
TARGETS = frozenset(("_blank", "_self"))
"""Any other is the name of a window, perhaps of the blog's own."""
LINKS = frozenset(("href", "cite", "longdesc"))
MEDIA = frozenset(("src", "poster", "background"))
ADDRESSES = LINKS | MEDIA
EATEN = re.compile(r'<(?:pre|textarea)(?: (?:[^>"]|"[^"]*")*)?>(?=\n)')
"""A start tag behind which a parser eats the line break that follows."""


@lru_cache(maxsize=4096)
def may_have(element: str, attribute: str) -> bool:
    """May an element keep this attribute, whatever its value?"""
    if attribute in EVERYWHERE or attribute in OWN.get(element, ()):
        return True
    return (
        attribute.startswith(PREFIXES)
        and GADGETS.fullmatch(attribute) is None
        and NAME.fullmatch(attribute) is not None
    )


def without_opener(rel: str) -> str | None:
    """The value of `rel` without the word that hands the reader's window over; None: nothing else was said."""
    words = rel.split()
    kept = [word for word in words if word.lower() != "opener"]
    return rel if len(kept) == len(words) else " ".join(kept) or None


def allowed_features(allow: str) -> str | None:
    """The value of a frame's `allow`, without what a player needs not; None: nothing is left."""
    parts = [part for part in allow.split(";") if part.strip()]
    kept = [part.strip() for part in parts if part.split()[0].lower() in FEATURES]
    return allow if len(kept) == len(parts) else "; ".join(kept) or None


def judged(body: str) -> str:
    """A body without what nh3 takes out; the same tree where it takes out nothing, though written in another way."""
    return EATEN.sub(r"\g<0>" + "\n", judge().clean(body))


@cache
def judge() -> nh3.Cleaner:
    """nh3 with the tables above."""
    return nh3.Cleaner(
        tags=set(ELEMENTS),
        clean_content_tags={"script", "style"},
        attributes={"*": set(EVERYWHERE), **{name: set(own) for name, own in OWN.items()}},
        generic_attribute_prefixes=set(PREFIXES),
        attribute_filter=judged_attribute,
        url_schemes={*LINK_SCHEMES, "data"},
        link_rel=None,
    )


def judged_attribute(element: str, attribute: str, value: str) -> str | None:
    """nh3 knows schemes, but not that `data:` is for raster images only."""
    if value[:5].lower() != "data:" or attribute not in ADDRESSES:
        return value
    return value if attribute in MEDIA and DATA_IMAGE.match(value) else None
