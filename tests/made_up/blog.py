"""harbour-blog.example: a WordPress blog with feeds, sitemaps and a shop; its two categories share one form of address."""

# ruff: noqa: E501  (markup stands as servers send it)

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from tests.internet import Answer, Script
from tests.made_up import Block, Site, Story, compose, inline, paged
from tests.made_up.pictures import shown
from tests.made_up.words import BOATS, KITCHEN, Prose

HOME = "https://harbour-blog.example"
BOATS_START = f"{HOME}/category/boats/"
FEED = f"{BOATS_START}feed/"
KITCHEN_FEED = f"{HOME}/category/kitchen/feed/"
SITEMAP = f"{HOME}/wp-sitemap.xml"
NAME = "The Harbour Blog"
SUMMER = timezone(timedelta(hours=1))
PER_PAGE = 6
HOME_PAGES = 3
"""What the theme's front page leads to; older posts are on category pages and in the sitemap only."""
FEED_LENGTH = 8
TITLES = {
    "boats": """Putting the oyster smack back in the water
A rudder that nobody measured twice
Why we caulk in the rain
The last clinker shed on the north quay
Pine tar, linseed & patience
What 5.5 metres of oak will cost you
Sailmakers don't retire, they just sew slower
A winter under the tarpaulin – week nine
The “Mathilda” and her four engines
Learning to scull from a nine-year-old
How a barge got stuck in the history museum
Notes from the ferry strike: day 3
Ropes, knots and a lost key
The mooring list is longer than the harbour
Building a punt in eleven evenings
One mast, two owners, no contract""".splitlines(),
    "kitchen": """Herring three ways, and one way not to
The galley stove that survived two boats
Leek tart for a windy Sunday
What to do with forty cod cheeks
Bread that rises at four degrees
A soup named after a Thursday
Pickled samphire: before and after
The case for burnt onions
Supper for six on a slanted table
Salt, smoke and a borrowed barrel""".splitlines(),
}
PLANS = ("p p h2 p p ul p", "p p p h2 p quote p p", "p h2 p p h2 p ul p p", "p p p p p")
AUTHORS = ("Ida Kestrel", "Tom Barrow", "Ida Kestrel", "Ruth Pell")
TAGS = ("wood", "tools", "weather", "history", "winter")
PAGED = "what-5-5-metres-of-oak-will-cost-you"
"""A post that its author has cut in two with `<!--nextpage-->`."""
WITHOUT_FEATURED_IMAGE = 4  # every fourth post has its picture in the text, and no og:image
COMMENTS = (
    "Lovely read, my uncle had one of these and swore at it daily.",
    "I disagree about the tar, but I have been wrong before.",
    "Is the shed open to visitors in August?",
)
NEVER = (
    "Share this:",
    "Click to share on Facebook",
    "Like Loading",
    "Subscribe to our weekly letter from the quay",
    "Type your email",
    "Join 1,204 other subscribers",
    "Leave a Reply",
    "Your email address will not be published",
    "Advertisement",
    "Recent Posts",
    "Related",
    "Skip to content",
    "Enamel mug with anchor",
    "Proudly powered by",
    "Previous post",
    "Filed under",
    *COMMENTS,
)


def slug(title: str) -> str:
    """As WordPress makes it."""
    kept = "".join(c if c.isascii() and c.isalnum() else " " if c in " -.–,:&" else "" for c in title.lower())
    return "-".join(kept.split())


def stories() -> tuple[Story, ...]:
    """Both categories, newest first: a boat every five days, and something to eat in between."""
    made = []
    for section, titles in TITLES.items():
        for number, title in enumerate(titles):
            hours = number * 5 * 24 + (number % 5) * 3 + (60 if section == "kitchen" else 0)
            published = datetime(2024, 5, 13, 8, 30, tzinfo=SUMMER) - timedelta(hours=hours)
            prose = Prose(BOATS if section == "boats" else KITCHEN, title)
            name = slug(title)
            stem = f"{HOME}/wp-content/uploads/{published:%Y/%m}/{name}"
            sizes = ("", "-1024x576", "-300x169")
            made.append(
                Story(
                    url=f"{HOME}/{published:%Y/%m}/{name}/",
                    title=title,
                    section=section,
                    published=published.astimezone(UTC),
                    authors=(AUTHORS[number % len(AUTHORS)],),
                    blocks=compose(prose, PLANS[number % len(PLANS)]),
                    images=tuple(f"{stem}{size}.{'png' if number % 5 == 2 else 'jpg'}" for size in sizes),
                    tags=(TAGS[number % len(TAGS)], TAGS[(number + 2) % len(TAGS)]),
                )
            )
    return tuple(sorted(made, key=lambda story: story.published or datetime.min.replace(tzinfo=UTC), reverse=True))


def has_featured_image(story: Story) -> bool:
    """Does the theme show the picture above the text, and Open Graph name it?"""
    return TITLES[story.section].index(story.title) % WITHOUT_FEATURED_IMAGE != 3


def img(story: Story, classes: str) -> str:
    """The picture in three sizes, loaded lazily as WordPress does it."""
    full, large, small = story.images
    return (
        f'<img loading="lazy" decoding="async" width="1024" height="576" src="{large}" alt="" class="{classes}" '
        f'srcset="{large} 1024w, {small} 300w, {full} 1600w" sizes="(max-width: 1024px) 100vw, 1024px" />'
    )


def markup(block: Block, number: int) -> str:
    """A block as the block editor writes it."""
    text = escape(block.text, quote=False)
    match block.kind:
        case "h2":
            return f'<h2 class="wp-block-heading" id="h-{number}">{text}</h2>'
        case "ul":
            return (
                f'<ul class="wp-block-list">{"".join(f"<li>{escape(i, quote=False)}</li>" for i in block.items)}</ul>'
            )
        case "quote":
            return f'<blockquote class="wp-block-quote is-layout-flow"><p>{text}</p></blockquote>'
        case _:
            return f"<p>{inline(block.text, number, f'{HOME}/about/')}</p>"


NEWSLETTER = (
    '<div class="wp-block-jetpack-subscriptions wp-block-jetpack-subscriptions__supports-newline">'
    '<h3>Subscribe to our weekly letter from the quay</h3><form action="https://wordpress.com/email-subscriptions" '
    'method="post"><input type="email" name="email" placeholder="Type your email…"><button type="submit">Subscribe'
    "</button></form><p>Join 1,204 other subscribers</p></div>"
)
ADVERT = (
    '<div class="code-block code-block-1" style="margin: 8px auto; text-align: center;"><span>Advertisement</span>'
    '<ins class="adsbygoogle" data-ad-client="ca-pub-0" data-ad-slot="1"></ins>'
    "<script>(adsbygoogle = window.adsbygoogle || []).push({});</script></div>"
)


def content(story: Story, blocks: Sequence[Block]) -> str:
    """The text with what plugins put into it."""
    parts = [markup(block, number) for number, block in enumerate(blocks, 1)]
    parts.insert(1, ADVERT)
    parts.insert(len(parts) - 1, NEWSLETTER)
    if not has_featured_image(story):
        caption = '<figcaption class="wp-element-caption">Photo: Ruth Pell</figcaption>'
        parts.insert(0, f'<figure class="wp-block-image size-large">{img(story, "wp-image-7")}{caption}</figure>')
    return "\n\n".join(parts)


def share(story: Story) -> str:
    """Jetpack's share bar and related posts, which stand inside the text's container."""
    links = "".join(
        f'<li class="share-{name.lower()}"><a rel="nofollow noopener noreferrer" class="share-{name.lower()} sd-button" '
        f'href="{story.url}?share={name.lower()}" title="Click to share on {name}"><span>{name}</span></a></li>'
        for name in ("Facebook", "Mastodon", "Reddit")
    )
    return (
        '<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social sd-sharing">'
        f'<h3 class="sd-title">Share this:</h3><div class="sd-content"><ul>{links}</ul></div></div></div>'
        '<div class="sharedaddy sd-block sd-like"><h3 class="sd-title">Like this:</h3>'
        '<span class="button"><span>Like</span></span> <span class="loading">Loading...</span></div>'
    )


def related(story: Story, whole: Sequence[Story]) -> str:
    """Three other posts, of either category."""
    others = [other for other in whole if other is not story]
    start = whole.index(story) % (len(others) - 3)
    items = "".join(
        f'<div class="jp-relatedposts-post"><a href="{o.url}?relatedposts_hit=1"><img src="{o.images[2]}" width="350" '
        f'height="200" alt=""></a><h4 class="jp-relatedposts-post-title"><a class="jp-relatedposts-post-a" '
        f'href="{o.url}">{escape(o.title)}</a></h4><time class="jp-relatedposts-post-date" datetime="">'
        f'{o.published:%B %d, %Y}</time><p class="jp-relatedposts-post-context">In "{o.section.title()}"</p></div>'
        for o in others[start : start + 3]
    )
    return f'<div id="jp-relatedposts" class="jp-relatedposts"><h3><em>Related</em></h3>{items}</div>'


def graph(story: Story) -> str:
    """Yoast's graph: everything about everything."""
    author = story.authors[0]
    image = {"@id": f"{story.url}#primaryimage"}
    nodes: list[dict[str, object]] = [
        {
            "@type": "Article",
            "@id": f"{story.url}#article",
            "isPartOf": {"@id": story.url},
            "author": {"name": author, "@id": f"{HOME}/#/schema/person/1"},
            "headline": story.title,
            "datePublished": published(story).isoformat(),
            "dateModified": (published(story) + timedelta(days=2)).isoformat(),
            "mainEntityOfPage": {"@id": story.url},
            "wordCount": 512,
            "publisher": {"@id": f"{HOME}/#organization"},
            **({"image": image, "thumbnailUrl": story.images[0]} if has_featured_image(story) else {}),
            "articleSection": [story.section.title()],
            "inLanguage": "en-GB",
        },
        {
            "@type": "WebPage",
            "@id": story.url,
            "url": story.url,
            "name": f"{story.title} - {NAME}",
            "isPartOf": {"@id": f"{HOME}/#website"},
            "datePublished": published(story).isoformat(),
            "breadcrumb": {"@id": f"{story.url}#breadcrumb"},
        },
        *(
            [{"@type": "ImageObject", **image, "url": story.images[0], "contentUrl": story.images[0], "width": 1600}]
            if has_featured_image(story)
            else []
        ),
        {
            "@type": "BreadcrumbList",
            "@id": f"{story.url}#breadcrumb",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Home", "item": f"{HOME}/"},
                {"@type": "ListItem", "position": 2, "name": story.title},
            ],
        },
        {"@type": "WebSite", "@id": f"{HOME}/#website", "url": f"{HOME}/", "name": NAME},
        {
            "@type": "Organization",
            "@id": f"{HOME}/#organization",
            "name": NAME,
            "logo": {"@type": "ImageObject", "url": f"{HOME}/wp-content/uploads/logo.png"},
        },
        {
            "@type": "Person",
            "@id": f"{HOME}/#/schema/person/1",
            "name": author,
            "url": f"{HOME}/author/{slug(author)}/",
        },
    ]
    return json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False).replace("/", "\\/")


def published(story: Story) -> datetime:
    """When, in the blog's own time."""
    assert story.published is not None
    return story.published.astimezone(SUMMER)


def document(head: str, main: str, whole: Sequence[Story], classes: str) -> str:
    """A page of the theme, with its menus, sidebar and footer."""
    recent = "".join(f'<li><a href="{s.url}">{escape(s.title)}</a></li>' for s in whole[:5])
    months = sorted({f"{published(s):%Y/%m}" for s in whole}, reverse=True)
    archives = "".join(f"<li><a href='{HOME}/{month}/'>{month}</a></li>" for month in months)
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}
<link rel="alternate" type="application/rss+xml" title="{NAME} &raquo; Feed" href="{HOME}/feed/" />
<link rel="alternate" type="application/rss+xml" title="{NAME} &raquo; Comments Feed" href="{HOME}/comments/feed/" />
<link rel="https://api.w.org/" href="{HOME}/wp-json/" />
<style id="wp-block-library-inline-css">.wp-block-quote{{margin:0}}</style>
</head>
<body class="{classes} wp-custom-logo">
<a class="skip-link screen-reader-text" href="#primary">Skip to content</a>
<header id="masthead" class="site-header">
<a href="{HOME}/" class="custom-logo-link" rel="home"><img src="{HOME}/wp-content/uploads/logo.png" class="custom-logo" alt="{NAME}"></a>
<p class="site-title"><a href="{HOME}/" rel="home">{NAME}</a></p>
<nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">
<li class="menu-item"><a href="{HOME}/">Home</a></li>
<li class="menu-item"><a href="{HOME}/category/boats/">Boats</a></li>
<li class="menu-item"><a href="{HOME}/category/kitchen/">Kitchen</a></li>
<li class="menu-item"><a href="{HOME}/shop/">Shop</a></li>
<li class="menu-item"><a href="{HOME}/about/">About the harbour desk</a></li>
<li class="menu-item"><a href="{HOME}/wp-login.php">Log in</a></li>
</ul></nav>
</header>
<div id="content" class="site-content">
<main id="primary" class="site-main">
{main}
</main>
<aside id="secondary" class="widget-area">
<section class="widget widget_search"><form role="search" method="get" class="search-form" action="{HOME}/"><input type="search" name="s"></form></section>
<section class="widget widget_recent_entries"><h2 class="widget-title">Recent Posts</h2><ul>{recent}</ul></section>
<section class="widget widget_archive"><h2 class="widget-title">Archives</h2><ul>{archives}</ul></section>
<section class="widget widget_categories"><h2 class="widget-title">Categories</h2><ul>
<li class="cat-item"><a href="{HOME}/category/boats/">Boats</a> (16)</li><li class="cat-item"><a href="{HOME}/category/kitchen/">Kitchen</a> (10)</li></ul></section>
<section class="widget woocommerce widget_products"><h2 class="widget-title">From the shop</h2><ul class="product_list_widget">
<li><a href="{HOME}/product/enamel-mug/"><img src="{HOME}/wp-content/uploads/mug-300x300.jpg" alt=""><span class="product-title">Enamel mug with anchor</span></a> <bdi>£14.00</bdi></li></ul></section>
</aside>
</div>
<footer id="colophon" class="site-footer"><a href="{HOME}/privacy-policy/">Privacy Policy</a> · <a href="{HOME}/?s=tar">Search</a> · Proudly powered by <a href="https://wordpress.org/">WordPress</a></footer>
</body>
</html>"""


def page_of(story: Story, whole: Sequence[Story], part: int = 1) -> str:
    """An article's page, as far as this part of it goes."""
    at = whole.index(story)
    newer, older = (whole[at - 1] if at else None), (whole[at + 1] if at + 1 < len(whole) else None)
    author, featured = story.authors[0], has_featured_image(story)
    suffix = f" - Page {part} of 2" if part > 1 else ""
    og_image = f'<meta property="og:image" content="{story.images[0]}" />\n' if featured else ""
    head = f"""<title>{escape(story.title)}{suffix} - {NAME}</title>
<link rel="canonical" href="{story.url}{f"{part}/" if part > 1 else ""}" />
<meta property="og:locale" content="en_GB" />
<meta property="og:type" content="article" />
<meta property="og:title" content="{escape(story.title)} - {NAME}" />
<meta property="og:description" content="{escape(story.says[0][:140])} [&hellip;]" />
<meta property="og:url" content="{story.url}" />
<meta property="og:site_name" content="{NAME}" />
<meta property="article:published_time" content="{published(story).isoformat()}" />
{og_image}<meta name="author" content="{author}" />
<meta name="twitter:label1" content="Written by" /><meta name="twitter:data1" content="{author}" />
<script type="application/ld+json" class="yoast-schema-graph">{graph(story)}</script>
<link rel="alternate" type="application/rss+xml" title="{NAME} &raquo; {escape(story.title)} Comments Feed" href="{story.url}feed/" />
<link rel="shortlink" href="{HOME}/?p={1000 + at}" />"""
    blocks, pager = story.blocks, ""
    if is_paged(story):
        half = next(n for n, block in enumerate(blocks) if block.kind == "h2")
        blocks = blocks[:half] if part == 1 else blocks[half:]
        links = "".join(
            f' <span class="post-page-numbers current" aria-current="page">{n}</span>'
            if n == part
            else f' <a href="{story.url}{"2/" if n == 2 else ""}" class="post-page-numbers">{n}</a>'
            for n in (1, 2)
        )
        pager = f'<div class="page-links">Pages:{links}</div>'
    figure = (
        f'<figure class="wp-block-post-featured-image">{img(story, "attachment-large wp-post-image")}</figure>'
        if featured and part == 1
        else ""
    )
    tags = ", ".join(f'<a href="{HOME}/tag/{tag}/" rel="tag">{tag}</a>' for tag in story.tags)
    previous = (
        f'<div class="nav-previous"><a href="{older.url}" rel="prev"><span class="nav-subtitle">Previous post:</span> <span class="nav-title">{escape(older.title)}</span></a></div>'
        if older
        else ""
    )
    following = (
        f'<div class="nav-next"><a href="{newer.url}" rel="next"><span class="nav-subtitle">Next post:</span> <span class="nav-title">{escape(newer.title)}</span></a></div>'
        if newer
        else ""
    )
    comments = "".join(
        f'<li id="comment-{n}" class="comment"><article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><img src="https://secure.gravatar.com/avatar/{n}?s=42" class="avatar" alt=""><b class="fn">Wendy K.</b></div><a href="{story.url}#comment-{n}"><time datetime="2026-02-0{n}T10:00:00+00:00">2 February 2026</time></a></footer><div class="comment-content"><p>{text}</p></div><div class="reply"><a rel="nofollow" class="comment-reply-link" href="{story.url}?replytocom={n}#respond">Reply</a></div></article></li>'
        for n, text in enumerate(COMMENTS, 1)
    )
    main = f"""<article id="post-{1000 + at}" class="post-{1000 + at} post type-post status-publish format-standard hentry category-{story.section}">
<header class="entry-header">
<h1 class="entry-title">{escape(story.title, quote=False)}</h1>
<div class="entry-meta"><span class="posted-on">Posted on <a href="{story.url}" rel="bookmark"><time class="entry-date published" datetime="{published(story).isoformat()}">{published(story):%d %B %Y}</time><time class="updated" datetime="{(published(story) + timedelta(days=2)).isoformat()}">{published(story) + timedelta(days=2):%d %B %Y}</time></a></span><span class="byline"> by <span class="author vcard"><a class="url fn n" href="{HOME}/author/{slug(author)}/">{author}</a></span></span></div>
</header>
{figure}
<div class="entry-content">
{content(story, blocks)}
{pager}
{share(story)}
{related(story, whole)}
</div>
<footer class="entry-footer"><span class="cat-links">Filed under <a href="{HOME}/category/{story.section}/" rel="category tag">{story.section.title()}</a></span> <span class="tags-links">Tagged {tags}</span></footer>
</article>
<nav class="navigation post-navigation" aria-label="Posts"><div class="nav-links">{previous}{following}</div></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">3 thoughts on “{escape(story.title)}”</h2><ol class="comment-list">{comments}</ol>
<div id="respond" class="comment-respond"><h3 id="reply-title" class="comment-reply-title">Leave a Reply</h3><form action="{HOME}/wp-comments-post.php" method="post" class="comment-form"><p class="comment-notes"><span id="email-notes">Your email address will not be published.</span> Required fields are marked *</p><textarea name="comment"></textarea></form></div></div>"""
    return document(head, main, whole, "post-template-default single single-post")


def is_paged(story: Story) -> bool:
    """Is this the post in two parts?"""
    return story.url.endswith(f"/{PAGED}/")


def listing(base: str, title: str, number: int, last: int, some: Sequence[Story], whole: Sequence[Story]) -> str:
    """A page of the front page's or a category's list; the theme shows no dates there."""

    def address(n: int) -> str:
        return base if n == 1 else f"{base}page/{n}/"

    entries = "".join(
        f'<article id="post-{1000 + whole.index(s)}" class="post type-post hentry category-{s.section}">'
        f'<a class="post-thumbnail" href="{s.url}" aria-hidden="true" tabindex="-1">{img(s, "wp-post-image")}</a>'
        f'<header class="entry-header"><h2 class="entry-title"><a href="{s.url}" rel="bookmark">{escape(s.title, quote=False)}</a></h2>'
        f'<div class="entry-meta"><span class="byline">by <a class="url fn n" href="{HOME}/author/{slug(s.authors[0])}/">{s.authors[0]}</a></span></div></header>'
        f'<div class="entry-summary"><p>{escape(s.says[0][:180])} [&hellip;] <a class="more-link" href="{s.url}#more-{n}">Continue reading</a></p></div>'
        f'<footer class="entry-footer"><a href="{HOME}/category/{s.section}/" rel="category tag">{s.section.title()}</a>, <a href="{HOME}/tag/{s.tags[0]}/" rel="tag">{s.tags[0]}</a> <span class="comments-link"><a href="{s.url}#comments">3 Comments</a></span></footer></article>\n'
        for n, s in enumerate(some, 1)
    )
    numbers = "".join(
        f'<span aria-current="page" class="page-numbers current">{n}</span>\n'
        if n == number
        else f'<a class="page-numbers" href="{address(n)}">{n}</a>\n'
        for n in range(1, last + 1)
    )
    following = f'<a class="next page-numbers" href="{address(number + 1)}">Older posts</a>' if number < last else ""
    before = f'<a class="prev page-numbers" href="{address(number - 1)}">Newer posts</a>' if number > 1 else ""
    own_feed = (
        f'<link rel="alternate" type="application/rss+xml" title="{NAME} &raquo; {title} Category Feed" href="{base}feed/" />'
        if base != f"{HOME}/"
        else ""
    )
    head = f"""<title>{title}{f" - Page {number} of {last}" if number > 1 else ""} - {NAME}</title>
<link rel="canonical" href="{address(number)}" />
{f'<link rel="next" href="{address(number + 1)}" />' if number < last else ""}
<meta property="og:type" content="article" /><meta property="og:title" content="{title} Archives - {NAME}" />
<meta property="og:site_name" content="{NAME}" />
{own_feed}"""
    main = f"""<header class="page-header"><h1 class="page-title">Category: <span>{title}</span></h1><div class="archive-description"><p>Everything we have written about it, newest first.</p></div></header>
{entries}<nav class="navigation pagination" aria-label="Posts pagination"><h2 class="screen-reader-text">Posts pagination</h2><div class="nav-links">{before}{numbers}{following}</div></nav>"""
    return document(head, main, whole, "archive category")


def feed(title: str, address: str, some: Sequence[Story], whole: Sequence[Story]) -> Answer:
    """RSS 2.0 as WordPress writes it: excerpts, and here and there the whole text."""
    items = "".join(
        f"""<item><title>{escape(s.title)}</title><link>{s.url}</link>
<comments>{s.url}#respond</comments><dc:creator><![CDATA[{s.authors[0]}]]></dc:creator>
<pubDate>{format_datetime(published(s).astimezone(UTC)).replace("GMT", "+0000")}</pubDate>
<category><![CDATA[{s.section.title()}]]></category><guid isPermaLink="false">{HOME}/?p={1000 + whole.index(s)}</guid>
<description><![CDATA[<p>{escape(s.says[0][:180])} [&#8230;]</p>]]></description>
{f"<content:encoded><![CDATA[{content(s, s.blocks)}]]></content:encoded>" if n % 3 == 0 else ""}
<wfw:commentRss>{s.url}feed/</wfw:commentRss><slash:comments>3</slash:comments></item>
"""
        for n, s in enumerate(some)
    )
    return Answer(
        f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>{title}</title><atom:link href="{address}" rel="self" type="application/rss+xml" /><link>{HOME}/</link>
<description>Wood, water and supper</description><lastBuildDate>Mon, 13 May 2024 07:30:00 +0000</lastBuildDate>
<language>en-GB</language><generator>https://wordpress.org/?v=6.8</generator>
{items}</channel></rss>""",
        type="application/rss+xml; charset=UTF-8",
    )


def comment_feed(whole: Sequence[Story]) -> Answer:
    """What readers said, each as an item that links to a post of either category."""
    items = "".join(
        f"<item><title>Comment on {escape(s.title)} by Wendy K.</title><link>{s.url}#comment-1</link>"
        f"<pubDate>Mon, 02 Feb 2026 10:00:00 +0000</pubDate><description>{COMMENTS[0]}</description></item>"
        for s in whole[:6]
    )
    return Answer(
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Comments for {NAME}</title>'
        f"<link>{HOME}/</link>{items}</channel></rss>",
        type="application/rss+xml; charset=UTF-8",
    )


def url_set(addresses: Sequence[tuple[str, str]]) -> str:
    """A sitemap."""
    rows = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>" for url, changed in addresses
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def sitemaps(whole: Sequence[Story]) -> dict[str, Script]:
    """The index and what it names: the older half of the posts is compressed."""
    rows = [(s.url, (published(s) + timedelta(days=2)).isoformat()) for s in whole]
    half = len(rows) // 2
    children: dict[str, Script] = {
        f"{HOME}/wp-sitemap-posts-post-1.xml": Answer(url_set(rows[:half]), type="application/xml; charset=UTF-8"),
        f"{HOME}/wp-sitemap-posts-post-2.xml.gz": Answer(
            gzip.compress(url_set(rows[half:]).encode(), mtime=0), type="application/x-gzip"
        ),
        f"{HOME}/wp-sitemap-posts-page-1.xml": Answer(
            url_set([(f"{HOME}/{path}", "") for path in ("", "about/", "shop/", "privacy-policy/", "cart/")]),
            type="application/xml",
        ),
        f"{HOME}/wp-sitemap-posts-product-1.xml": Answer(
            url_set([(f"{HOME}/product/enamel-mug/", "")]), type="application/xml"
        ),
        f"{HOME}/wp-sitemap-taxonomies-category-1.xml": Answer(
            url_set([(f"{HOME}/category/{name}/", "") for name in TITLES]), type="application/xml"
        ),
        f"{HOME}/wp-sitemap-users-1.xml": Answer(
            url_set([(f"{HOME}/author/{slug(name)}/", "") for name in sorted(set(AUTHORS))]), type="application/xml"
        ),
    }
    index = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in children)
    return children | {
        SITEMAP: Answer(
            '<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"{index}</sitemapindex>",
            type="application/xml; charset=UTF-8",
        ),
        f"{HOME}/robots.txt": Answer(
            f"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {SITEMAP}\n",
            type="text/plain; charset=utf-8",
        ),
    }


def plain(title: str, text: str, whole: Sequence[Story], head: str = "") -> str:
    """A page that is no post: about, shop, login."""
    return document(
        f'<title>{title} - {NAME}</title><meta property="og:type" content="website" />{head}',
        f'<article class="page type-page"><h1 class="entry-title">{title}</h1><div class="entry-content">{text}</div>'
        "</article>",
        whole,
        "page-template-default page",
    )


def other_pages(whole: Sequence[Story]) -> dict[str, Script]:
    """What no archive of articles wants."""
    product = {"@context": "https://schema.org", "@type": "Product", "name": "Enamel mug with anchor"}
    entries = "".join(f'<h2 class="entry-title"><a href="{s.url}">{escape(s.title)}</a></h2>' for s in whole[:9])
    lists = (
        *(f"{HOME}/tag/{tag}/" for tag in TAGS),
        *(f"{HOME}/author/{slug(name)}/" for name in AUTHORS),
        *(f"{HOME}/{published(s):%Y/%m}/" for s in whole),
        f"{HOME}/?s=tar",
    )
    return {
        **{url: plain("Archives", entries, whole) for url in lists},
        f"{HOME}/about/": plain("About the harbour desk", "<p>Three people, one kettle, a view of the quay.</p>", whole),
        f"{HOME}/privacy-policy/": plain("Privacy Policy", "<p>We keep nothing that we do not need.</p>", whole),
        f"{HOME}/shop/": plain(
            "Shop", f'<ul class="products"><li><a href="{HOME}/product/enamel-mug/">Enamel mug with anchor</a></li></ul>',
            whole,
        ),
        f"{HOME}/cart/": plain("Cart", "<p>Your cart is currently empty.</p>", whole),
        f"{HOME}/wp-login.php": plain("Log In", '<form><input type="password" name="pwd"></form>', whole),
        f"{HOME}/product/enamel-mug/": plain(
            "Enamel mug with anchor",
            '<p class="price">£14.00</p><p>Holds a third of a litre and an opinion.</p><button>Add to cart</button>',
            whole,
            f'<script type="application/ld+json">{json.dumps(product)}</script>',
        ),
    }  # fmt: skip


def site() -> Site:
    """The blog, complete."""
    whole = stories()
    pages: dict[str, Script] = {s.url: page_of(s, whole) for s in whole}
    pages |= {f"{s.url}2/": page_of(s, whole, 2) for s in whole if is_paged(s)}
    pages |= {f"{s.url}feed/": comment_feed(whole) for s in whole}
    pages |= {f"{HOME}/?p={1000 + n}": Answer(status=301, headers={"Location": s.url}) for n, s in enumerate(whole)}
    for base, title, some, last in (
        (f"{HOME}/", "Home", whole, HOME_PAGES),
        *((f"{HOME}/category/{name}/", name.title(), [s for s in whole if s.section == name], 9) for name in TITLES),
    ):
        parts = [*paged(some, PER_PAGE)][:last]
        for number, shown_here in parts:
            address = base if number == 1 else f"{base}page/{number}/"
            pages[address] = listing(base, title, number, len(parts), shown_here, whole)
        pages[f"{base}feed/"] = feed(f"{title} - {NAME}", f"{base}feed/", some[:FEED_LENGTH], whole)
    pages |= other_pages(whole) | sitemaps(whole) | {f"{HOME}/comments/feed/": comment_feed(whole)}
    pages |= {url: shown(s.title, url) for s in whole for url in s.images}
    pages[f"{HOME}/wp-content/uploads/logo.png"] = shown("logo", "logo.png", (300, 80))
    pages[f"{HOME}/wp-content/uploads/mug-300x300.jpg"] = shown("mug", "mug.jpg", (300, 300))
    return Site(
        start=BOATS_START,
        section="boats",
        pages=pages,
        stories=whole,
        never=NEVER,
        unwanted=("/wp-login", "/cart/", "/product/", "/wp-json", "?share=", "?replytocom=", "?s=", "wp-comments-post"),
    )
