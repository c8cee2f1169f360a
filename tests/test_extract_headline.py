"""Which of a page's titles is the article's, and what of it is the site's name."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.metadata import complete_metadata, read_metadata
from archiver.extract.metadata.headline import sites_of, without_last, without_site

PAGE = "https://www.towncourier.example/harbour/ferry"


def title(markup: str, url: str = PAGE) -> str | None:
    """The title that the page is known by in the end."""
    page = LexborHTMLParser(markup)
    return complete_metadata(read_metadata(page, url), page, url).title


def og(text: str, name: str = "og:title") -> str:
    return f'<meta property="{name}" content="{text}">'


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{text}"}}</script>'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<title>a</title><h1> b <i>c</i></h1>", "b c", id="the heading before the title"),
        pytest.param("<title> a </title><h1> </h1>", "a", id="the title where the heading is empty"),
        pytest.param(og("b") + '<meta name=title content="a">', "b", id="Open Graph before others"),
        pytest.param(og(" ") + "<h1>b</h1>", "b", id="an empty meta tag is none"),
        pytest.param(og("a") + og("b"), "a", id="the first of two"),
        pytest.param("<svg><title>arrow</title></svg><title>a</title>", "a", id="a drawing's title is none"),
        pytest.param("<p>The ferry", None, id="no title at all"),
        pytest.param(
            og("Ferry back after three weeks") + "<h1>Ferry back after three weeks</h1>",
            "Ferry back after three weeks",
            id="declared and shown",
        ),
        pytest.param(
            og("Ferry back after three weeks") + "<h1>“Ferry back”, after three weeks</h1>",
            "“Ferry back”, after three weeks",
            id="of two spellings the one that is shown",
        ),
        pytest.param(
            og("Harbour: Ferry is back") + "<h1><span>Harbour:</span><span>Ferry is back</span></h1>",
            "Harbour: Ferry is back",
            id="of two spacings the one that is declared",
        ),
        pytest.param(
            og("Ferry is back") + "<h1><span>Harbour</span><span>Ferry is back</span></h1>",
            "Ferry is back",
            id="a kicker inside the heading",
        ),
        pytest.param(
            ld("Ferry is back") + og("You will not believe this boat") + "<h1>Ferry is back</h1>",
            "Ferry is back",
            id="an og:title for social networks is outvoted",
        ),
        pytest.param(
            ld("Town ferry timetable and prices 2026") + og("Ferry is back") + "<h1>Ferry is back</h1>",
            "Ferry is back",
            id="a JSON-LD headline for search engines is outvoted",
        ),
        pytest.param(
            ld("Ferry is back") + og("Ferry is back") + "<h1>Harbour</h1>",
            "Ferry is back",
            id="a heading that names the section is outvoted",
        ),
        pytest.param(
            ld("Three weeks after the storm the town ferry carries passengers again, and t…")
            + og("Three weeks after the storm the town ferry carries passengers again, and tea"),
            "Three weeks after the storm the town ferry carries passengers again, and tea",
            id="a headline that was cut short",
        ),
        pytest.param(
            "<h1>Town Courier</h1><h1>Ferry is back</h1>" + og("Ferry is back | Town Courier"),
            "Ferry is back",
            id="the logo is a heading too",
        ),
        pytest.param(
            "<title>Ferry is back - Harbour - Town Courier</title><h1>Town Courier</h1><h2>Ferry is back</h2>",
            "Ferry is back",
            id="the title in a lower heading",
        ),
        pytest.param(
            "<title>Ferry is back_Harbour_News</title><div class='art-title'>Ferry is back</div>",
            "Ferry is back",
            id="the title in no heading",
        ),
        pytest.param(
            "<title>Ferry - boat of the year</title><h3>Ferry</h3>",
            "Ferry - boat of the year",
            id="a teaser is no title",
        ),
        pytest.param(
            "<title>Town Courier: Ferry is back</title><h1>Ferry is back</h1>", "Ferry is back", id="the site in front"
        ),
        pytest.param(
            og("Tom &amp;amp; Jo&amp;#39;s ferry") + "<h1>Tom &amp; Jo's ferry</h1>",
            "Tom & Jo's ferry",
            id="escaped twice",
        ),
        pytest.param("<h1>Fer\u00adry is\u200b back</h1>", "Ferry is back", id="soft hyphens and invisible spaces"),
        pytest.param("<h1>Ferry is back<a href='#x'>#</a></h1>", "Ferry is back", id="a mark to link to the heading"),
        pytest.param(
            og("Ferry is back") + "<h1>Ferry is back on Monday after weeks</h1>",
            "Ferry is back on Monday after weeks",
            id="the heading where nothing agrees but most words are shared",
        ),
        pytest.param(
            og("Ferry is back after three weeks") + "<h1>Subscribe to our newsletter</h1>",
            "Ferry is back after three weeks",
            id="the declaration where the heading shares no word",
        ),
        pytest.param(
            "<title>渡轮恢复通航_港口_小城网</title><h1>小城网</h1>", "渡轮恢复通航", id="Chinese, title only"
        ),
        pytest.param("<title>渡轮恢复通航-小城网</title>", "渡轮恢复通航", id="Chinese with a hyphen and no spaces"),
        pytest.param(
            "<title>フェリー再開：町新聞デジタル</title>" + og("町新聞デジタル", "og:site_name"),
            "フェリー再開",
            id="Japanese with a wide colon",
        ),
        pytest.param(
            og("여객선 운항 재개 - 마을신문") + og("마을신문", "og:site_name"), "여객선 운항 재개", id="Korean"
        ),
        pytest.param(
            og("Паром снова ходит - Городской вестник") + og("Городской вестник", "og:site_name"),
            "Паром снова ходит",
            id="Russian",
        ),
        pytest.param(
            og("Le ferry « revient » au port — Courrier Étoile") + og("Courrier Etoile", "og:site_name"),
            "Le ferry « revient » au port",
            id="French: quotes are no separators, accents no difference",
        ),
    ],
)
def test_titles(markup: str, expected: str | None) -> None:
    assert title(markup) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry is back | Town Courier", "Ferry is back"),
        ("Ferry is back - Towncourier.example", "Ferry is back"),
        ("Ferry is back – The Town Courier", "Ferry is back"),
        ("Ferry is back :: Town Courier ::", "Ferry is back"),
        ("Ferry is back « Town Courier", "Ferry is back"),
        ("Ferry is back | Harbour | Town Courier", "Ferry is back"),
        ("Ferry is back - Town Courier - Harbour", "Ferry is back"),
        ("Town Courier | Ferry is back", "Ferry is back"),
        ("Ferry is back | Harbour", "Ferry is back | Harbour"),
        ("Ferry 3.0 | Port pays for tea", "Ferry 3.0 | Port pays for tea"),
        ("Courier-ship is back", "Courier-ship is back"),
        ("Towncourier: we move", "Towncourier: we move"),
        ("Town Courier", "Town Courier"),
        ("Spider-Man: a ferry at home", "Spider-Man: a ferry at home"),
    ],
)
def test_the_site_in_a_title(text: str, expected: str) -> None:
    assert without_site(text, sites_of(PAGE, ["Town Courier"], ["Harbour"])) == expected


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://www.abc.co.uk/x", "Ferry is back - ABC News", "Ferry is back"),
        ("https://blog.rope-craft.org/x", "Why ropes? | Rope Blog", "Why ropes?"),
        ("https://knots.example.io/blog", "Knots Blog: Tying it", "Tying it"),
    ],
)
def test_the_host_in_a_title(url: str, text: str, expected: str) -> None:
    assert without_site(text, sites_of(url, ())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry is back after three weeks - Harbour", "Ferry is back after three weeks"),
        ("渡轮恢复通航 码头重现人潮_港口频道_小城网", "渡轮恢复通航 码头重现人潮"),
        ("Ferry - boat of the year", "Ferry - boat of the year"),
        ("Ferry", "Ferry"),
    ],
)
def test_the_last_part_of_a_document_title(text: str, expected: str) -> None:
    assert without_last(text) == expected
