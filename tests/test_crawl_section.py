"""What a section crawl does beside finding articles: dead images, parts that are missing, feeds that are whole."""

import json
from email.utils import format_datetime
from html import escape
from pathlib import Path

from archiver.post import parse
from tests.conftest import FAST, Archiver
from tests.internet import Answer, Internet
from tests.samples import SAMPLES, needs_samples, picture

TOWN = "https://town.example"
STORIES = ("fine-story", "empty-story", "broken-story", "exit-story")
SENTENCE = "After three weeks in the yard the small ferry crosses the river again every morning at seven. "


def page(title: str, body: str = "", head: str = "", end: str = "") -> str:
    """An article of the town."""
    return f"""<!doctype html><html lang=en><head><title>{title} | Town</title>{head}
    <meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-09T07:30:00Z">
    </head><body><nav><a href="/">Home</a></nav><article><h1>{title}</h1><p>{SENTENCE * 2}</p>
    <p>{body or SENTENCE * 3}</p><p>{SENTENCE * 2}</p></article>{end}</body></html>"""


def listing(*links: str, head: str = "") -> str:
    items = "".join(f'<li><h2><a href="{link}">A story of the town about {link}</a></h2></li>' for link in links)
    return f"<html><head><title>News</title>{head}</head><body><h1>News</h1><ul class=list>{items}</ul></body></html>"


def ld_images(*images: str) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry", "image": images}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_a_section_with_all_that_can_go_wrong(internet: Internet, archiver: Archiver) -> None:
    names = ["dead-image-of-the-ferry", "two-parts-of-the-ferry", "missing-part-of-the-ferry", "ferry-tags-of-the-town"]
    urls = [f"{TOWN}/news/{name}.html" for name in names]
    feed = '<link rel=alternate type="application/rss+xml" href="/news/feed.xml">'
    internet.pages |= {
        f"{TOWN}/news/": listing(*urls, head=feed),
        f"{TOWN}/news/feed.xml": Answer("gone", 404),  # what was only announced is no loss
        urls[0]: page("Dead image", head=ld_images("/i/dead.jpg", "/i/broken.jpg", "/i/alive.jpg")),
        f"{TOWN}/i/broken.jpg": Answer(picture("JPEG")[:100], type="image/jpeg"),
        f"{TOWN}/i/alive.jpg": Answer(picture("JPEG"), type="image/jpeg"),
        urls[1]: page("Two parts", end='<a href="two-parts-of-the-ferry_2.html">Next page</a>'),
        urls[1].replace(".html", "_2.html"): page("Two parts", "The second part ends here. " + SENTENCE),
        urls[2]: page("Missing part", end='<a href="missing-part-of-the-ferry_2.html">2</a>'),
        urls[3]: listing(*(f"/news/story-number-{number}-of-the-town.html" for number in range(30))),
    }
    run = archiver("section", f"{TOWN}/news/", "--json", *FAST)
    assert run.counts() == {"new": 2, "skipped": 1, "failed": 1, "stored": 1}
    (problem,) = run.summary["problems"]
    assert problem == {
        "outcome": "failed",
        "url": urls[2].replace(".html", "_2.html"),
        "reason": "HTTP 404",
    }
    assert run.code == 1
    assert run.files() == [
        "images/web/town.example/news/dead-image.jpg",
        "web/town.example/news/dead-image.md",
        "web/town.example/news/two-parts.md",
    ]
    posts = {path.stem: parse(path.read_text("utf-8")) for path in run.output.rglob("*.md")}
    assert posts["dead-image"].headimg == f"{TOWN}/i/alive.jpg"
    assert posts["two-parts"].body.count("The second part ends here.") == 1

    alone = archiver("page", urls[3], urls[0], "--json", *FAST, "--categories", "a/b/c", "-o", "pages")
    assert alone.counts() == {"new": 1, "failed": 1, "stored": 1}
    assert "no article but" in alone.summary["problems"][0]["reason"]
    assert (archiver.folder / "pages/a/b/c/dead-image.md").exists()

    explained = archiver("page", urls[0], "--explain", "--json", *FAST, "-o", "explained")
    (found,) = explained.summary["explained"]
    assert (explained.code, found["title"], found["url"]) == (0, "Dead image", urls[0])
    assert {"title", "published", "body"} <= {name for name, reason in found["reasons"].items() if reason}
    assert not [*(archiver.folder / "explained").rglob("*.md")]


def rss(*items: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Feed</title>{"".join(items)}'
    return Answer(f"{body}</channel></rss>", type="application/rss+xml")


@needs_samples
def test_a_feed_gives_back_the_posts_that_the_old_program_made_of_it(internet: Internet, archiver: Archiver) -> None:
    items, wanted = [], {}
    for number, path in enumerate([path for path in SAMPLES if "36kr" in path.parts]):
        post = parse(path.read_text("utf-8"))
        wanted[path.stem] = post
        moment = post.published
        date = f"<pubDate>{format_datetime(moment, usegmt=True)}</pubDate>" if moment else ""
        title, body = escape(path.stem), post.body
        items.append(
            f"<item><title><![CDATA[{title}]]></title><description><![CDATA[{body}]]></description>{date}"
            f"<link>https://36kr.com/p/{number + 1}</link></item>"
        )
    internet.pages["https://rsshub.example/36kr"] = rss(*items)
    (archiver.folder / "sites").mkdir()
    (archiver.folder / "sites" / "kr.yaml").write_text(
        "start: https://rsshub.example/36kr\ncontent: feed\ncategories: [新媒体, 36kr, 资讯]\n", "utf-8"
    )
    run = archiver("crawl", "kr", "--json", "--filename", "title", *FAST)
    assert internet.urls("36kr.com/") == []
    assert run.summary["new"] == len(wanted) > 1
    for path in run.output.rglob("*.md"):
        post = parse(path.read_text("utf-8"))
        assert (post.body, post.date) == (wanted[path.stem].body, wanted[path.stem].date)


def test_a_definition_may_read_its_pages_in_python(internet: Internet, archiver: Archiver) -> None:
    (archiver.folder / "sites").mkdir()
    (archiver.folder / "sites" / "town.yaml").write_text(f"start: {TOWN}/news/\nextractor: town:read\n")
    (archiver.folder / "town.py").write_text(
        "import json\nfrom archiver.errors import PageError\nfrom archiver.items import Article\n"
        "def read(html, url):\n    data = json.loads(html)\n    if 'text' not in data:\n"
        "        raise PageError('no text')\n    if data['text'] == 'bug':\n        return data['nothing']\n"
        "    if data['text'] == 'exit':\n        print('bye')\n        raise SystemExit(3)\n"
        "    return Article(url, data['head'], data['text'])\n"
    )
    archiver.environment["PYTHONPATH"] = str(archiver.folder)
    urls = [f"{TOWN}/news/{name}-of-the-town-hall.html" for name in STORIES]
    internet.pages |= {
        f"{TOWN}/news/": listing(*urls),
        urls[0]: '{"head": "A fine story", "text": "All is well."}',
        urls[1]: "{}",
        urls[2]: '{"text": "bug"}',
        urls[3]: '{"text": "exit"}',
    }
    run = archiver("crawl", "town", "--json", *FAST)
    reasons = {Path(problem["url"]).stem[:5]: problem["reason"] for problem in run.summary["problems"]}
    assert reasons == {
        "empty": "no text",
        "broke": "KeyError: 'nothing'",
        "exit-": "refused: SystemExit where a page is read",
    }
    assert run.files() == ["web/town/news/a-fine-story.md"]

    (archiver.folder / "sites" / "town.yaml").write_text(f"start: {TOWN}/news/\nextractor: town:write\n")
    wrong = archiver("crawl", "town", *FAST)
    assert wrong.code == 2
    assert "town.yaml: `extractor`: no function at town:write" in wrong.stderr
