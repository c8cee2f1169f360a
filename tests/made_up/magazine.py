"""magazin.example: a German magazine whose section shows six cards and leaves the rest to a JSON address."""

# ruff: noqa: E501  (markup stands as servers send it)

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from html import escape

from tests.internet import Answer, Script
from tests.made_up import Block, Site, Story, compose, inline
from tests.made_up.pictures import shown
from tests.made_up.words import REPORTAGE, Prose

HOME = "https://magazin.example"
START = f"{HOME}/stories/"
API = f"{HOME}/api/stories"
NAME = "Magazin am Fluss"
SHARED_IMAGE = f"{HOME}/static/teilen-standard.png"
"""What the system declares where nobody chose an image: the magazine's logo on a coloured ground."""
SUMMER = timezone(timedelta(hours=2))
PER_PAGE = 6
UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
LEAD = 6
"""The card on top is chosen by hand: it is older than the five below it."""
TITLES = {
    "stories": """Die Frau, die das Hochwasser misst
Ein Dorf kauft seine Kneipe zurück
Warum der letzte Korbmacher keinen Nachfolger sucht
Zwölf Kilometer Stille
Der Turm | Wie eine Glocke dreißig Jahre lang schwieg
Unter der Brücke wird getanzt
Die Werft der tausend Schrauben
Was vom Deich übrig blieb
Ein Sommer mit dem Fährmann
„Wir reparieren, was andere wegwerfen“
Das Haus am Kilometer 412
Kartoffeln gegen Kohle - ein Tauschring wird erwachsen
Die Nacht, in der das Wehr brach
Am Rand der Karte
Wer hat Angst vor dem Biber?
Eine Schule auf dem Wasser
Das Orchester der Feuerwehr
Nebel über Grünhafen
Der Bäcker und die Physik
Vier Generationen, ein Motor""".splitlines(),
    "reisen": """Mit dem Rad zur Mündung
Drei Tage auf dem Treidelpfad
Die schönsten Bahnhöfe ohne Zug
Winter im Leuchtturm""".splitlines(),
}
AUTHORS = (
    *(
        ("Hanna Brill", "Ole Petersen"),
        ("Lotte Kamp",),
        ("Ole Petersen",),
        ("Mehmet Aydin", "Lotte Kamp", "Jule Wirth"),
    ),
    ("Jule Wirth",),
)
PLANS = ("p p p h2 p quote p p", "p p h2 p p video p", "p p p p p p", "p h2 p p ul p h2 p p")
NEVER = (
    "Der Wochenbrief",
    "Jeden Freitag",
    "Jetzt kostenlos abonnieren",
    "Lesen Sie auch",
    "Mehr zum Thema",
    "Meistgelesen",
    "Teilen",
    "Artikel merken",
    "Kommentare",
    "Abo testen",
    "Anzeige",
    "Impressum",
    "Datenschutz",
    "Cookie",
    "schreibt seit Jahren für uns",
    "Alle Rechte vorbehalten",
    "Zur Startseite",
    "Mehr laden",
)


def slug(title: str) -> str:
    """As the magazine's system makes it."""
    text = title.lower().translate(UMLAUTS)
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in text).split())


def stories() -> tuple[Story, ...]:
    """Both sections, newest first."""
    made = []
    for section, titles in TITLES.items():
        for at, title in enumerate(titles):
            published = datetime(2024, 5, 11, 6, 0, tzinfo=SUMMER) - timedelta(days=at * 3, hours=(at * 5) % 13)
            name = slug(title)
            images = (f"{HOME}/img/{name}-1600.webp", f"{HOME}/img/{name}-1600.jpg", f"{HOME}/img/{name}-800.jpg")
            made.append(
                Story(
                    url=f"{HOME}/{section}/{name}",
                    title=title,
                    section=section,
                    published=published.astimezone(UTC),
                    authors=AUTHORS[at % len(AUTHORS)],
                    blocks=tuple(
                        Block("video", f"fluss{at:06d}") if block.kind == "video" else block
                        for block in compose(Prose(REPORTAGE, title), PLANS[at % len(PLANS)])
                    ),
                    images=images,
                    tags=("Fluss", "Handwerk"),
                )
            )
    return tuple(sorted(made, key=lambda story: story.published or datetime.min.replace(tzinfo=UTC), reverse=True))


def when(story: Story) -> datetime:
    """Its time, in the magazine's zone."""
    assert story.published is not None
    return story.published.astimezone(SUMMER)


def has_own_image(story: Story) -> bool:
    """Does the page declare the story's picture, or the one that the system declares for want of another?"""
    return story.section == "reisen" or TITLES[story.section].index(story.title) % 2 == 1


def document(title: str, head: str, main: str, whole: Sequence[Story]) -> str:
    """A page with the magazine's menus and footer."""
    most_read = [s for s in whole if s.section == "reisen"][:3] + [s for s in whole if s.section == "stories"][-2:]
    rows = "".join(
        f'<li><a href="{s.url}"><span class="teaser-title">{escape(s.title)}</span></a></li>' for s in most_read
    )
    return f"""<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(title)} | {NAME}</title>
<meta property="og:site_name" content="{NAME}">
{head}
<link rel="icon" href="/static/favicon.png">
<script type="module" src="/static/app.3f2a.js"></script>
</head>
<body>
<div id="consent" class="consent-layer" hidden><p>Wir verwenden Cookies. <button>Cookie-Einstellungen</button></p></div>
<header class="page-header"><a href="/" class="logo" title="Zur Startseite"><svg viewBox="0 0 10 10"><path d="M0 0h10"></path></svg><span>Zur Startseite</span></a>
<nav aria-label="Hauptmenü"><ul><li><a href="/stories/">Stories</a></li><li><a href="/reisen/">Reisen</a></li><li><a href="/themen/handwerk">Handwerk</a></li><li><a href="/newsletter">Newsletter</a></li><li><a href="/abo" class="cta">Abo testen</a></li><li><a href="/anmelden">Anmelden</a></li><li><a href="/suche">Suche</a></li></ul></nav></header>
<main id="main">
{main}
</main>
<aside class="most-read"><h2>Meistgelesen</h2><ol>{rows}</ol></aside>
<div class="ad-slot" data-slot="footer"><span>Anzeige</span></div>
<footer class="page-footer"><ul><li><a href="/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li></ul><p>© 2024 {NAME}. Alle Rechte vorbehalten.</p></footer>
</body>
</html>"""


NEWSLETTER = (
    '<aside class="newsletter-box" data-component="newsletter"><h3>Der Wochenbrief</h3><p>Jeden Freitag die schönsten '
    'Geschichten vom Fluss, direkt in Ihr Postfach.</p><form action="/newsletter" method="post"><input type="email" '
    'name="mail" placeholder="Ihre E-Mail-Adresse"><button>Jetzt kostenlos abonnieren</button></form></aside>'
)


def markup(block: Block, number: int) -> str:
    """A block as the magazine's system writes it."""
    text = escape(block.text, quote=False)
    match block.kind:
        case "h2":
            return f'<h2 class="article-subheading">{text}</h2>'
        case "ul":
            return f'<ul class="article-list">{"".join(f"<li>{escape(i, quote=False)}</li>" for i in block.items)}</ul>'
        case "quote":
            return f"<blockquote><p>{text}</p></blockquote>"
        case "video":
            return (
                f'<div class="embed embed--youtube"><iframe src="https://www.youtube-nocookie.com/embed/{block.text}" '
                'title="YouTube-Video" width="560" height="315" loading="lazy" allowfullscreen></iframe></div>'
            )
        case _:
            return f"<p>{inline(block.text, number, f'{HOME}/themen/handwerk')}</p>"


def content(story: Story, whole: Sequence[Story]) -> str:
    """The text, with boxes in it."""
    parts = [markup(block, number) for number, block in enumerate(story.blocks, 1)]
    other = whole[(whole.index(story) + 5) % len(whole)]
    quoted = escape(story.blocks[0].text.split(". ")[0], quote=False)
    parts.insert(4, f'<aside class="pullquote" aria-hidden="true"><p>„{quoted}“</p></aside>')
    parts.insert(3, NEWSLETTER)
    parts.insert(2, '<div class="ad-slot" data-slot="article-1"><span>Anzeige</span></div>')
    parts.insert(
        len(parts) - 1,
        f'<div class="teaser-inline"><strong>Lesen Sie auch:</strong> <a href="{other.url}">{escape(other.title)}</a></div>',
    )
    return "\n".join(parts)


def declaration(story: Story) -> str:
    """JSON-LD for search engines."""
    image = story.images[1] if has_own_image(story) else SHARED_IMAGE
    return json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": story.url},
            "headline": story.title,
            "image": [{"@type": "ImageObject", "url": image, "width": 1600, "height": 900}],
            "datePublished": when(story).isoformat(),
            "dateModified": (when(story) + timedelta(hours=5)).isoformat(),
            "author": [
                {"@type": "Person", "name": name, "url": f"{HOME}/autor/{slug(name)}"} for name in story.authors
            ],
            "publisher": {
                "@type": "Organization",
                "name": NAME,
                "logo": {"@type": "ImageObject", "url": f"{HOME}/static/logo-600x60.png"},
            },
            "keywords": list(story.tags),
            "isAccessibleForFree": True,
        },
        ensure_ascii=False,
    )


def page_of(story: Story, whole: Sequence[Story]) -> str:
    """An article's page."""
    webp, jpg, small = story.images
    image = jpg if has_own_image(story) else SHARED_IMAGE
    links = [f'<a href="{HOME}/autor/{slug(name)}" rel="author">{name}</a>' for name in story.authors]
    people = " und ".join(filter(None, (", ".join(links[:-1]), links[-1])))
    more = [other for other in whole if other is not story][:4]
    cards = "".join(card(other) for other in more)
    head = f"""<link rel="canonical" href="{story.url}">
<meta name="description" content="{escape(story.says[0][:150])}">
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(story.title)} | {NAME}">
<meta property="og:image" content="{image}">
<meta property="og:url" content="{story.url}">
<meta name="twitter:card" content="summary_large_image"><meta name="twitter:image" content="{image}">
<meta name="date" content="{when(story).isoformat()}">
<script type="application/ld+json">{declaration(story)}</script>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[{{"@type":"ListItem","position":1,"name":"{story.section.title()}","item":"{HOME}/{story.section}/"}}]}}</script>"""
    main = f"""<article class="article" itemscope>
<header class="article-header"><p class="kicker"><a href="/{story.section}/">{story.section.title()}</a></p><h1>{escape(story.title, quote=False)}</h1>
<div class="byline"><img class="avatar" src="/static/autor/{slug(story.authors[0])}.jpg" width="48" height="48" alt=""><span>Von {people}</span> <time datetime="{when(story).isoformat()}">{when(story):%d.%m.%Y, %H:%M} Uhr</time> <span class="reading-time">8 Min.</span></div>
<ul class="share"><li><button data-share="mail">Teilen</button></li><li><button>Artikel merken</button></li></ul></header>
<figure class="hero"><picture><source type="image/webp" srcset="{webp} 1600w"><img src="{jpg}" srcset="{small} 800w, {jpg} 1600w" sizes="100vw" width="1600" height="900" alt=""></picture><figcaption>Am frühen Morgen unterhalb der Brücke. <span class="credit">Foto: Jule Wirth</span></figcaption></figure>
<div class="article-body">
{content(story, whole)}
</div>
<section class="author-box"><img src="/static/autor/{slug(story.authors[0])}.jpg" alt=""><p><b>{story.authors[0]}</b> schreibt seit Jahren für uns über das Leben am Wasser.</p></section>
<footer class="article-footer"><p>Mehr zum Thema: <a href="/themen/fluss">Fluss</a>, <a href="/themen/handwerk">Handwerk</a></p></footer>
</article>
<section class="comments" id="comments"><h2>Kommentare (12)</h2><div data-component="comments" data-src="/api/comments"></div></section>
<section class="related"><h2>Mehr zum Thema</h2><div class="cards">{cards}</div></section>"""
    return document(story.title, head, main, whole)


def card(story: Story) -> str:
    """A teaser."""
    return (
        f'<article class="card"><a href="/{story.url.removeprefix(f"{HOME}/")}" class="card-link"><div class="card-media">'
        f'<img src="{story.images[2]}" loading="lazy" alt="" width="400" height="225"></div><p class="card-kicker">Stories'
        f'</p><h3 class="card-title">{escape(story.title, quote=False)}</h3><p class="card-text">'
        f'{escape(story.says[0][:110], quote=False)} …</p></a><div class="card-meta"><a href="{HOME}/autor/'
        f'{slug(story.authors[0])}">{story.authors[0]}</a> <time datetime="{when(story).isoformat()}">'
        f"{when(story):%d.%m.%Y}</time></div></article>\n"
    )


def listing(section: str, whole: Sequence[Story]) -> str:
    """A section's page: a lead story that somebody chose, five cards, and a button."""
    own = [s for s in whole if s.section == section]
    lead = own.pop(LEAD) if len(own) > LEAD else own.pop()
    cards = "".join(map(card, [lead, *own[: PER_PAGE - 1]]))
    more = (
        '<div class="load-more-wrap"><button type="button" class="load-more" data-component="load-more" '
        'data-endpoint="/api/stories?page=2" data-target="#cards">Mehr laden</button></div>'
        if section == "stories"
        else ""
    )
    head = f'<link rel="canonical" href="{HOME}/{section}/"><meta property="og:title" content="{section.title()} | {NAME}">'
    main = f"""<header class="section-header"><h1>{section.title()}</h1><p>Reportagen und Porträts vom Ufer.</p></header>
<div id="cards" class="cards">
{cards}</div>
<div class="ad-slot" data-slot="list-1"><a href="https://partner.example/angebot?id=1">Anzeige: Gummistiefel im Angebot</a></div>
{more}
{NEWSLETTER}"""
    return document(section.title(), head, main, whole)


def answers(whole: Sequence[Story]) -> dict[str, Script]:
    """What the button asks for: the rest of the stories, with an advertisement in between."""
    own = [s for s in whole if s.section == "stories"]
    own.pop(LEAD)
    rest = own[PER_PAGE - 1 :]
    pages: dict[str, Script] = {}
    for number, start in enumerate(range(0, len(rest), PER_PAGE), 2):
        items: list[dict[str, object]] = [
            {"url": s.url.removeprefix(HOME), "title": s.title, "published": when(s).isoformat(), "image": s.images[2]}
            for s in rest[start : start + PER_PAGE]
        ]
        items.insert(
            2, {"url": "https://partner.example/angebot?id=2", "title": "Anzeige: Ein Zelt", "sponsored": True}
        )
        body = {"items": items, "page": number, "hasMore": start + PER_PAGE < len(rest)}
        pages[f"{API}?page={number}"] = Answer(json.dumps(body, ensure_ascii=False), type="application/json")
    return pages


def site() -> Site:
    """The magazine, complete."""
    whole = stories()
    pages: dict[str, Script] = {s.url: page_of(s, whole) for s in whole}
    pages |= {f"{HOME}/{section}/": listing(section, whole) for section in TITLES}
    pages |= answers(whole)
    pages |= {url: shown(s.title, url) for s in whole for url in s.images}
    pages[SHARED_IMAGE] = shown("logo", SHARED_IMAGE, (1200, 630))
    pages[f"{HOME}/static/logo-600x60.png"] = shown("logo", "logo.png", (600, 60))
    names = sorted({name for people in AUTHORS for name in people})
    pages |= {f"{HOME}/static/autor/{slug(name)}.jpg": shown(name, "portrait.jpg", (480, 480)) for name in names}
    cards = "".join(map(card, whole[:5]))
    for path in ("themen/handwerk", "themen/fluss", *(f"autor/{slug(name)}" for name in names), "suche"):
        pages[f"{HOME}/{path}"] = document("Übersicht", "", f"<h1>Übersicht</h1>{cards}", whole)
    for path in ("abo", "newsletter", "anmelden", "impressum", "datenschutz"):
        pages[f"{HOME}/{path}"] = document(
            path.title(), "", f"<h1>{path.title()}</h1><p>Ein paar Zeilen dazu.</p>", whole
        )
    return Site(
        start=START,
        section="stories",
        pages=pages,
        stories=whole,
        never=NEVER,
        unwanted=("/abo", "/anmelden", "/newsletter", "/suche", "/impressum", "partner.example", "/api/comments"),
    )
