"""Which pictures an article may be headed by, best first."""

import json
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata import Metadata, complete_metadata, read_metadata
from archiver.extract.metadata.pictures import is_card, is_no_picture, same_picture, width_in

PAGE = "https://town.example/news/ferry"
TEXT = "<p>" + "The ferry carries its first passengers across the harbour again. " * 4 + "</p>"


def ld(**fields: Any) -> str:
    data = {"@type": "NewsArticle", "headline": "Ferry is back", **fields}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def og(address: str, name: str = "og:image") -> str:
    return f'<meta property="{name}" content="{address}">'


def read(markup: str) -> Metadata:
    return read_metadata(LexborHTMLParser(markup), PAGE)


def names(markup: str) -> list[str]:
    """Candidates of a page whose body is `div#body`, without what all of them begin with."""
    page = LexborHTMLParser(f"<body>{markup}</body>")
    found = complete_metadata(read_metadata(page, PAGE), page, PAGE, container=page.css_first("#body"))
    return [address.removeprefix("https://town.example/") for address in found.images]


def page(body: str = "", head: str = "", before: str = "") -> str:
    return f"{before}<h1>Ferry is back</h1>{head}<div id=body>{TEXT}{body}{TEXT}</div>"


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        pytest.param(ld(image="a.jpg"), "https://town.example/news/a.jpg", id="a text"),
        pytest.param(ld(image={"@id": "/a.jpg"}), "https://town.example/a.jpg", id="a name that is an address"),
        pytest.param(ld(image={"contentUrl": "/a.jpg"}), "https://town.example/a.jpg", id="an object"),
        pytest.param(ld(image={"url": ["/a.jpg"]}), "https://town.example/a.jpg", id="an object with a list"),
        pytest.param(
            ld(
                image=[
                    {"url": "/ferry-back-400x300.jpg", "width": 400},
                    {"url": "/ferry-back-1600x900.jpg", "width": "1600px"},
                ]
            ),
            "https://town.example/ferry-back-1600x900.jpg",
            id="the widest of several renditions",
        ),
        pytest.param(
            ld(image=[{"url": "/ferry.jpg", "width": 400}, {"url": "/harbour.jpg", "width": 1600}]),
            "https://town.example/ferry.jpg",
            id="the first of several pictures",
        ),
        pytest.param(ld(image=[]) + og("/b.jpg"), "https://town.example/b.jpg", id="an empty list"),
        pytest.param(ld(image={"url": 5}), None, id="an object without address"),
        pytest.param(
            ld(image="data:image/png;base64,AA") + og("/b.jpg"),
            "https://town.example/b.jpg",
            id="one that cannot be fetched is passed over",
        ),
        pytest.param(og("javascript:run()"), None, id="a script is none"),
        pytest.param(
            og("http://i.example/a.jpg") + og("https://i.example/a.jpg", "og:image:secure_url"),
            "https://i.example/a.jpg",
            id="the secure one first",
        ),
        pytest.param(
            '<base href="https://cdn.example/x/"><meta name="twitter:image" content="a.jpg">',
            "https://cdn.example/x/a.jpg",
            id="relative to the base",
        ),
        pytest.param(
            og("https://i.example/{a}.jpg?x=1&amp;y=2"), "https://i.example/{a}.jpg?x=1&y=2", id="its query is kept"
        ),
        pytest.param(
            og("https://i.example/a.jpg?x=1&amp;amp;y=2"),
            "https://i.example/a.jpg?x=1&y=2",
            id="escaped once too often",
        ),
        pytest.param('<link rel="image_src" href="/a.jpg">', "https://town.example/a.jpg", id="a link"),
        pytest.param(og("/a.jpg") + ld(image="/b.jpg"), "https://town.example/a.jpg", id="Open Graph before JSON-LD"),
        pytest.param(og("/logo.png"), None, id="a logo is none"),
        pytest.param(og("/ferry.svg"), None, id="a drawing is none"),
        pytest.param(
            og("/brand.png") + ld(publisher={"@type": "Organization", "logo": {"url": "/brand.png"}}),
            None,
            id="the publisher's logo is none, whatever its name",
        ),
        pytest.param(
            og("/share.png") + ld(image="/ferry.jpg"), "https://town.example/ferry.jpg", id="the site's card comes last"
        ),
        pytest.param(og("/share.png"), "https://town.example/share.png", id="the site's card where there is no other"),
    ],
)
def test_declared_images(markup: str, image: str | None) -> None:
    assert read(markup).image_url == image


def test_every_declared_image_once() -> None:
    markup = og("/a.jpg") + og("/b.jpg") + og("/a.jpg") + ld(image=["/b.jpg", "/c.jpg"])
    assert read(markup).images == tuple(f"https://town.example/{name}.jpg" for name in "abc")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(page("<img src=/a.jpg><img src=/b.jpg>"), ["a.jpg", "b.jpg"], id="the pictures of the body"),
        pytest.param(
            page("<img src=/b.jpg>", "<figure><img src=/a.jpg></figure>"), ["a.jpg", "b.jpg"], id="the hero first"
        ),
        pytest.param(
            page("<img src=/b.jpg>", before="<div class=hero><img src=/a.jpg></div>"),
            ["a.jpg", "b.jpg"],
            id="the hero in front of the headline",
        ),
        pytest.param(
            page("<img src=/b.jpg>", before="<div><img src=/a.jpg></div>"), ["b.jpg"], id="what else is in front of it"
        ),
        pytest.param(og("/a.jpg") + page("<img src=/b.jpg>"), ["a.jpg", "b.jpg"], id="what is declared first"),
        pytest.param(og("/share.png") + page("<img src=/b.jpg>"), ["b.jpg", "share.png"], id="but not the site's card"),
        pytest.param(page("<img src=/x.gif data-src=/a.jpg>"), ["a.jpg"], id="a lazy picture"),
        pytest.param(page("<img src='data:,x'><noscript><img src=/a.jpg></noscript>"), ["a.jpg"], id="without scripts"),
        pytest.param(
            page("<img src=/a-300.jpg srcset='/a-300.jpg 300w, /a-900.jpg 900w'>"),
            ["a-900.jpg", "a-300.jpg"],
            id="the widest rendition",
        ),
        pytest.param(
            page(
                "<picture><source media='(max-width: 600px)' srcset='/mobile.jpg 2000w'>"
                "<source srcset='/a-900.jpg 900w'><img src=/a-300.jpg></picture>"
            ),
            ["a-900.jpg", "a-300.jpg"],
            id="not the crop for small screens",
        ),
        pytest.param(
            og("/ferry-back-1200x630.jpg") + page("<img src=/ferry-back.jpg srcset='/ferry-back-1600.jpg 1600w'>"),
            ["ferry-back-1600.jpg", "ferry-back-1200x630.jpg", "ferry-back.jpg"],
            id="the page's wide rendition before a card made of it",
        ),
        pytest.param(
            og("/ferry-1200x630.jpg") + page("<img src=/harbour.jpg srcset='/harbour-1600.jpg 1600w'>"),
            ["ferry-1200x630.jpg", "harbour-1600.jpg", "harbour.jpg"],
            id="not another picture",
        ),
        pytest.param(
            og("/ferry-1200x630.jpg") + page("<img src=/ferry.jpg srcset='/ferry-400.jpg 400w'>"),
            ["ferry-1200x630.jpg", "ferry-400.jpg", "ferry.jpg"],
            id="not a small rendition",
        ),
        pytest.param(page("<img src=/a.jpg width=32 height=32><img src=/b.jpg>"), ["b.jpg"], id="no small picture"),
        pytest.param(page("<img src=/a.jpg?w=100><img src=/b.jpg>"), ["b.jpg"], id="small by its address"),
        pytest.param(page("<img src=/t.gif style='display:none'><img src=/b.jpg>"), ["b.jpg"], id="no hidden picture"),
        pytest.param(page("<img src=/a.jpg class=avatar><img src=/b.jpg>"), ["b.jpg"], id="no avatar"),
        pytest.param(page("<div class='author-box'><img src=/a.jpg></div><img src=/b.jpg>"), ["b.jpg"], id="no author"),
        pytest.param(
            page("<div class=related><img src=/a.jpg></div><img src=/b.jpg>"), ["b.jpg"], id="no other article"
        ),
        pytest.param(page("<aside><img src=/a.jpg></aside><img src=/b.jpg>"), ["b.jpg"], id="nothing by the way"),
        pytest.param(page("<div class='ad-slot'><img src=/a.jpg></div><img src=/b.jpg>"), ["b.jpg"], id="no advert"),
        pytest.param(page("<img src=/a.jpg alt='公众号二维码'><img src=/b.jpg>"), ["b.jpg"], id="no QR code"),
        pytest.param(page("<img src=/icons/a.png><img src=/b.svg>"), [], id="no icon and no drawing"),
        pytest.param("<nav><img src=/a.jpg></nav><p>x</p>", [], id="nothing in the navigation"),
        pytest.param(page(), [], id="no picture"),
    ],
)
def test_images_that_are_shown(markup: str, expected: list[str]) -> None:
    assert names(markup) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://i.example/logo.png", True),
        ("https://i.example/town-logo-600x60.png", True),
        ("https://i.example/TownLogo.png", True),
        ("https://i.example/favicon.ico", True),
        ("https://i.example/avatars/7.jpg", True),
        ("https://i.example/pic/contentlogo/4224.gif", True),
        ("https://i.example/no-image/placeholder.png", True),
        ("https://i.example/why-the-town-changed-its-logo-twice.jpg", False),
        ("https://i.example/catalogue.jpg", False),
        ("https://i.example/logos-of-the-harbour/ferry.jpg", False),
        ("https://i.example/ferry.jpg", False),
    ],
)
def test_files_that_are_no_picture(address: str, expected: bool) -> None:
    assert is_no_picture(address) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://i.example/share.png", True),
        ("https://i.example/og-image.jpg", True),
        ("https://i.example/fb_default_1200x630.jpg", True),
        ("https://i.example/town-default.jpg", True),
        ("https://i.example/ferry-social.jpg", False),
        ("https://i.example/1234567.jpg", False),
    ],
)
def test_files_that_may_be_the_sites_card(address: str, expected: bool) -> None:
    assert is_card(address) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/ferry-back-300x200.jpg", "/x/ferry-back-1600x900.webp", True),
        ("/ferry-back.jpg", "/ferry-back-scaled.jpg?w=20", True),
        ("/dd85876_1693399249509-000-33nt.jpg", "/1440/960/dd85876_1693399249509-000-33nt.jpg", True),
        ("/a/44152f97b643491cb91f2aeeac1e25f5/16x9/x.jpg", "/b/44152f97b643491cb91f2aeeac1e25f5/y.jpg", True),
        ("/70987654_6.jpg", "/70987654_906.jpg", True),
        ("/_next/image?url=%2Fferry-back.jpg&w=640", "/ferry-back.jpg", True),
        ("/20260309_1.jpg", "/20260309_2.jpg", False),
        ("/2026/0309/a.jpg", "/2026/0309/b.jpg", False),
        ("/ferry.jpg", "/harbour.jpg", False),
    ],
)
def test_renditions_of_one_picture(one: str, other: str, expected: bool) -> None:
    assert same_picture(f"https://i.example{one}", f"https://j.example{other}") is expected


@pytest.mark.parametrize(
    ("address", "width"),
    [("/a.jpg?w=640", 640), ("/640x360/a.jpg", 640), ("/a-640x360.jpg", 640), ("/w_640/a.jpg", 640), ("/a.jpg", None)],
)
def test_widths_in_addresses(address: str, width: int | None) -> None:
    assert width_in(f"https://i.example{address}") == width
