"""docs.tidewater.example: a manual without dates; each page links all others, the next, and the version before."""

# ruff: noqa: E501  (markup stands as servers send it)

from collections.abc import Sequence
from html import escape

from tests.internet import Answer, Script
from tests.made_up import Block, Site, Story
from tests.made_up.pictures import shown
from tests.made_up.words import SOFTWARE, Prose

HOME = "https://docs.tidewater.example"
START = f"{HOME}/guide/"
SITEMAP = f"{HOME}/sitemap.xml"
NAME = "Tidewater Guide"
CARD = f"{HOME}/assets/social-card.png"
CHAPTERS = {
    "Getting started": {
        "install/linux": "Installing on Linux",
        "install/containers": "Running in containers",
        "first-gauge": "Your first gauge",
    },
    "Configuration": {
        "config/stations": "Describing stations",
        "config/datum": "Datums & offsets",
        "config/alerts": "Alerts that wake the right person",
        "config/storage/retention": "How long to keep readings",
        "config/storage/replicas": "Replicas",
    },
    "Operation": {
        "backup": "Backup and restore",
        "upgrade": "Upgrading without a gap",
        "troubleshooting": "When the water is flat",
        "command-line": "Command-line reference",
    },
}
WITHOUT_PICTURE = ("config/storage/replicas", "command-line")
PLANS = ("p p h2 p code p", "p h2 p table p h2 p code p", "p p h2 ul p h2 code p p")
CODE = """[station.{name}]
gauge = "pressure"
port = {port}
datum = "chart"        # or "ordnance"
if_silent = "{minutes}m"

[station.{name}.alert]
above = 4.2
to = ["harbour", "lifeboat"]"""
COMMANDS = """$ tidewater status {name}
collector   running   {port}
predictor   running   {minutes} stations
$ tidewater replay --since yesterday --dry-run"""
NEVER = (
    "Skip to content",
    "On this page",
    "Table of contents",
    "Was this page helpful",
    "Edit this page",
    "Copy to clipboard",
    "Search the guide",
    "Release notes",
    "Made with",
    "Version 1",
    "¶",
    "Community",
    "Back to top",
)


def blocks(path: str) -> tuple[Block, ...]:
    """The text of a page: more code and tables than elsewhere."""
    prose = Prose(SOFTWARE, path)
    name, port = path.rpartition("/")[2], 4000 + len(path) * 10
    listings = [
        text.replace("{name}", name).replace("{port}", str(port)).replace("{minutes}", str(len(path)))
        for text in (CODE, COMMANDS)
    ]
    made = []
    for kind in PLANS[len(path) % len(PLANS)].split():
        match kind:
            case "h2":
                made.append(Block(kind, prose.heading()))
            case "ul":
                made.append(Block(kind, items=tuple(prose.sentence() for _ in range(3))))
            case "table":
                cells = (cell for n in range(4) for cell in (f"{name}_option_{n}", prose.sentence()))
                made.append(Block(kind, items=tuple(cells)))
            case "code":
                made.append(Block(kind, listings.pop()))
            case _:
                made.append(Block(kind, prose.paragraph(3, 5)))
    return tuple(made)


def stories() -> tuple[Story, ...]:
    """The pages in the order of the manual; none tells when it was written, or by whom."""
    return tuple(
        Story(
            url=f"{START}{path}/",
            title=title,
            section="guide",
            blocks=blocks(path),
            images=() if path in WITHOUT_PICTURE else (f"{START}{path}/overview.png",),
        )
        for chapter in CHAPTERS.values()
        for path, title in chapter.items()
    )


def highlighted(code: str) -> str:
    """Code with the colours and the button that a generator gives it."""
    lines = []
    for line in code.split("\n"):
        head, mark, rest = line.partition("=")
        safe = escape(head, quote=False)
        lines.append(
            f'<span class="n">{safe}</span><span class="o">=</span>{escape(rest, quote=False)}' if mark else safe
        )
    return (
        '<div class="language-toml highlight"><pre id="__code_0"><span></span><button class="md-clipboard" title="Copy to '
        'clipboard">Copy to clipboard</button><code>' + "\n".join(lines) + "\n</code></pre></div>"
    )


def markup(block: Block, number: int) -> str:
    """A block as MkDocs writes it."""
    text = escape(block.text, quote=False)
    match block.kind:
        case "h2":
            return f'<h2 id="s{number}">{text}<a class="headerlink" href="#s{number}" title="Permanent link">&para;</a></h2>'
        case "ul":
            return "<ul>\n" + "".join(f"<li>{escape(item, quote=False)}</li>\n" for item in block.items) + "</ul>"
        case "table":
            cells = [escape(item, quote=False) for item in block.items]
            rows = "".join(
                f"<tr><td><code>{name}</code></td><td>{what}</td></tr>\n"
                for name, what in zip(cells[::2], cells[1::2], strict=True)
            )
            return (
                '<div class="md-typeset__table"><table><thead><tr><th>Option</th><th>Meaning</th></tr></thead>'
                f"<tbody>{rows}</tbody></table></div>"
            )
        case "code":
            return highlighted(block.text)
        case _:
            return f"<p>{text}</p>"


def navigation(current: str, whole: Sequence[Story]) -> str:
    """The sidebar: all pages, nested; chapters have no page of their own."""
    titles = {story.url: story.title for story in whole}
    chapters = ""
    for chapter, pages in CHAPTERS.items():
        links = "".join(
            f'<li class="md-nav__item{" md-nav__item--active" if f"{START}{path}/" == current else ""}">'
            f'<a href="/guide/{path}/" class="md-nav__link"><span class="md-ellipsis">{escape(titles[f"{START}{path}/"])}'
            "</span></a></li>"
            for path in pages
        )
        chapters += (
            f'<li class="md-nav__item md-nav__item--nested"><input class="md-toggle" type="checkbox"><label '
            f'class="md-nav__link">{chapter}</label><nav class="md-nav"><ul class="md-nav__list">{links}</ul></nav></li>'
        )
    return (
        '<div class="md-sidebar md-sidebar--primary"><nav class="md-nav md-nav--primary" aria-label="Navigation">'
        f'<ul class="md-nav__list"><li class="md-nav__item"><a href="/guide/" class="md-nav__link">Overview</a></li>'
        f"{chapters}</ul></nav></div>"
    )


def document(url: str, title: str, main: str, neighbours: tuple[str, str], whole: Sequence[Story]) -> str:
    """A page with tabs, sidebar, version switcher and footer; `neighbours` are the addresses before and after it."""
    before, after = neighbours
    titles = {story.url: story.title for story in whole} | {START: "Overview"}
    links = "".join(f'<link rel="{rel}" href="{to}">' for rel, to in (("prev", before), ("next", after)) if to)
    footer = (
        f'<a href="{before}" class="md-footer__link md-footer__link--prev" rel="prev"><span>Previous</span> {titles[before]}</a>'
        if before
        else ""
    ) + (
        f'<a href="{after}" class="md-footer__link md-footer__link--next" rel="next"><span>Next</span> '
        f"{escape(titles[after])}</a>"
        if after
        else ""
    )
    old = url.replace("/guide/", "/v1/guide/")
    return f"""<!doctype html>
<html lang="en" class="no-js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(title)} - {NAME}</title>
<link rel="canonical" href="{url}">
{links}
<meta name="generator" content="mkdocs-1.6.1, mkdocs-material-9.5">
<meta property="og:type" content="website"><meta property="og:title" content="{escape(title)} - {NAME}">
<meta property="og:image" content="{CARD}"><meta property="og:url" content="{url}">
<link rel="stylesheet" href="/assets/main.css">
</head>
<body dir="ltr">
<a href="#content" class="md-skip">Skip to content</a>
<header class="md-header"><nav class="md-header__inner"><a href="/" class="md-logo"><img src="/assets/logo.png" alt="logo"></a>
<div class="md-header__title">{NAME}</div>
<div class="md-version"><button class="md-version__current">2.4</button><ul class="md-version__list"><li><a href="/guide/">2.4 (latest)</a></li><li><a href="{old}">Version 1</a></li></ul></div>
<form class="md-search" action="/guide/search.html"><input name="q" placeholder="Search the guide"><a href="/guide/search.html">Search the guide</a></form>
<a href="https://code.example/tidewater" class="md-source">tidewater/tidewater</a></nav>
<nav class="md-tabs"><ul><li><a href="/guide/">Guide</a></li><li><a href="/api/">API</a></li><li><a href="/community/">Community</a></li><li><a href="/releases/">Release notes</a></li></ul></nav></header>
<div class="md-container"><main class="md-main"><div class="md-main__inner md-grid">
{navigation(url, whole)}
<div class="md-sidebar md-sidebar--secondary"><nav class="md-nav md-nav--secondary" aria-label="On this page"><label>On this page</label><ul><li><a href="#s2">Table of contents</a></li></ul></nav></div>
<div class="md-content"><article class="md-content__inner md-typeset" id="content">
<a href="https://code.example/tidewater/edit/main/docs/guide.md" title="Edit this page" class="md-content__button md-icon">Edit this page</a>
{main}
<form class="md-feedback"><fieldset><legend class="md-feedback__title">Was this page helpful?</legend><button>Yes</button><button>No</button></fieldset></form>
</article></div></div><button class="md-top">Back to top</button></main>
<footer class="md-footer"><nav class="md-footer__inner" aria-label="Footer">{footer}</nav><div class="md-footer-meta">Made with Material for MkDocs</div></footer></div>
</body>
</html>"""


def page_of(story: Story, whole: Sequence[Story]) -> str:
    """A page of the manual."""
    at = whole.index(story)
    parts = [markup(block, number) for number, block in enumerate(story.blocks, 1)]
    if story.images:
        parts.insert(1, '<p><img src="overview.png" alt="How the parts are connected" width="800"></p>')
    before = whole[at - 1].url if at else START
    after = whole[at + 1].url if at + 1 < len(whole) else ""
    heading = f'<h1 id="top">{escape(story.title, quote=False)}<a class="headerlink" href="#top">&para;</a></h1>'
    return document(story.url, story.title, heading + "\n" + "\n".join(parts), (before, after), whole)


def overview(whole: Sequence[Story]) -> str:
    """Where the manual begins."""
    lists = ""
    for chapter, pages in CHAPTERS.items():
        rows = "".join(f'<li><a href="{path}/">{escape(title)}</a></li>\n' for path, title in pages.items())
        lists += f"<h2>{chapter}</h2>\n<ul>\n{rows}</ul>\n"
    main = (
        f"<h1>{NAME}</h1>\n<p>Tidewater collects what gauges measure and tells you when to move the boat.</p>\n{lists}"
    )
    return document(START, "Overview", main, ("", whole[0].url), whole)


def site() -> Site:
    """The manual, complete, with the version before it."""
    whole = stories()
    pages: dict[str, Script] = {START: overview(whole), **{s.url: page_of(s, whole) for s in whole}}
    older = {str(url).replace("/guide/", "/v1/guide/"): page for url, page in pages.items()}
    rows = "".join(f"<url><loc>{url}</loc><lastmod>2026-01-10</lastmod></url>" for url in (*pages, *older))
    pages |= older
    for path in ("", "api/", "community/", "releases/", "guide/search.html"):
        pages[HOME + "/" + path] = document(
            f"{HOME}/{path}", "Elsewhere", "<h1>Elsewhere</h1><p>No guide.</p>", ("", ""), whole
        )
    pages[SITEMAP] = Answer(
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>',
        type="application/xml",
    )
    pages[f"{HOME}/robots.txt"] = Answer(f"User-agent: *\nAllow: /\n\nSitemap: {SITEMAP}\n", type="text/plain")
    pages |= {url: shown(s.title, url) for s in whole for url in s.images}
    pages[CARD] = shown("card", CARD, (1200, 630))
    pages[f"{HOME}/assets/logo.png"] = shown("logo", "logo.png", (64, 64))
    return Site(
        start=START,
        section="guide",
        pages=pages,
        stories=whole,
        never=NEVER,
        unwanted=("/search.html", "code.example", "/v1/guide/", "/releases/"),
    )
