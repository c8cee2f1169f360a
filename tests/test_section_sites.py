"""`archiver section` on four made-up sites: every article once, nothing else, as a reader would have it."""

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.dates import parse_bound, to_rfc1123
from archiver.extract.article import extract
from archiver.names import ILLEGAL, folder_name, post_name
from archiver.post import Post, parse
from tests.conftest import FAST, Archiver, Run
from tests.internet import Answer, Asked, Internet
from tests.made_up import Site, Story, blog, guide, magazine, portal

BUILDERS = (blog.site, portal.site, magazine.site, guide.site)
SITES = {site.section: site for site in (build() for build in BUILDERS)}
BLOG, PORTAL, MAGAZINE, GUIDE = SITES.values()
for_each_site = pytest.mark.parametrize("site", SITES.values(), ids=SITES.keys())
Wanted = Mapping[tuple[str, str, str], Sequence[Story]]
"""Categories -> the stories that are to lie there."""


def answer_of(site: Site, url: str) -> Answer:
    """What the site answers to somebody who asks for an address."""
    script = site.pages[url]
    assert not isinstance(script, list)
    answer = script(Asked("GET", url, {}, b"")) if callable(script) else script
    return answer if isinstance(answer, Answer) else Answer(answer)


def body_of(answer: Answer) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else answer.body.encode()


def squeezed(text: str) -> str:
    """Without white space, which markup may have anywhere."""
    return "".join(text.split())


# The sites themselves.


@for_each_site
def test_a_made_up_site_holds_what_it_promises(site: Site) -> None:
    assert (
        len({story.url for story in site.stories}) == len({story.title for story in site.stories}) == len(site.stories)
    )
    dates = [story.published for story in site.stories if story.published]
    assert dates == sorted(dates, reverse=True)
    for story in site.stories:
        page = LexborHTMLParser(body_of(answer_of(site, story.url)).decode("gb18030" if site is PORTAL else "utf-8"))
        heading = page.css_first("h1")
        assert heading is not None
        assert heading.text().removesuffix("¶") == story.title
        assert all(image in site.pages for image in story.images)
        said = squeezed(page.text())
        assert squeezed(story.says[0]) in said
        assert not [words for words in site.never if squeezed(words) in squeezed("".join(story.says))], story.url
        assert [words for words in site.never if squeezed(words) in said], story.url
        own = (urljoin(story.url, link.attributes["href"] or "") for link in page.css("a[href]"))
        known = {other.url for other in site.stories}
        assert len({url.partition("#")[0] for url in own} & known) > 2, "its neighbours are within reach"


@for_each_site
def test_made_up_listings_lead_to_pages_that_are_there(site: Site) -> None:
    page = LexborHTMLParser(body_of(answer_of(site, site.start)).decode("gb18030" if site is PORTAL else "utf-8"))
    links = {urljoin(site.start, link.attributes["href"] or "").partition("#")[0] for link in page.css("a[href]")}
    stories = {story.url for story in site.stories}
    assert len(links & stories) >= 6
    assert not [url for url in links & stories if url not in site.pages]
    assert links - stories, "a listing links more than articles"


@pytest.mark.parametrize(
    ("site", "story"),
    [pytest.param(site, story, id=story.title) for site in SITES.values() for story in site.of()[::5]],
)
def test_authors_are_all_named(site: Site, story: Story) -> None:
    answer = answer_of(site, story.url)
    assert extract(body_of(answer), story.url, content_type=answer.type).authors == story.authors


# What a user gets.


def web(site: Site, section: str | None = None) -> tuple[str, str, str]:
    """Default categories."""
    return ("web", site.host, section or site.section)


def assert_posts(run: Run, site: Site, wanted: Wanted) -> None:
    """An archive holds these stories of a site, each as it should be; all that is wrong is told at once."""
    entries = run.posts()
    wrong: list[str] = []
    for categories, stories in wanted.items():
        folder = "/".join(map(folder_name, categories))
        for story in stories:
            path = f"{folder}/{post_name(story.title, 'x')}.md"
            if entries.get(story.url) != path:
                wrong.append(f"{story.url} lies at {entries.get(story.url)}, not at {path}")
            elif not (run.output / path).is_file():
                wrong.append(f"{path} is not there")
            else:
                post = parse((run.output / path).read_text("utf-8"))
                wrong += [f"{path}: {what}" for what in differences(post, story, site)]
                wrong += image_differences(run.output / "images", path.removesuffix(".md"), post, story, site)
    assert not wrong, "\n".join(wrong)


def differences(post: Post, story: Story, site: Site) -> Iterable[str]:
    """What is not as it should be in a post."""
    if post.title != story.title.translate(ILLEGAL):
        yield f"title {post.title!r}, not {story.title!r}"
    if story.published and post.date != to_rfc1123(story.published):
        yield f"date {post.date}, not {to_rfc1123(story.published)}"
    if not story.published and not post.has_crawl_time:
        yield f"date {post.date}, not the crawl's"
    tree = LexborHTMLParser(post.body, is_fragment=True)
    said, position = squeezed(tree.text()), 0
    for text in map(squeezed, story.says):
        found = said.find(text, position)
        if found < 0:
            yield f"does not say (or not in its order) {text[:80]!r}"
        position = max(found, position)
    others = [other.title for other in site.stories if other is not story]
    yield from (f"says {words!r}" for words in (*site.never, *others) if squeezed(words) in said)
    code = [node.text().strip("\n") for node in tree.css("pre")]
    yield from (f"code is not kept: {b.text[:60]!r}" for b in story.blocks if b.kind == "code" and b.text not in code)
    for kind, tag in (("h2", "h2"), ("ul", "li"), ("table", "td"), ("quote", "blockquote")):
        if any(block.kind == kind for block in story.blocks) and tree.css_first(tag) is None:
            yield f"has no <{tag}>"
    yield from (f"has no video {name}" for name in story.videos if name not in post.body)


def image_differences(folder: Path, stem: str, post: Post, story: Story, site: Site) -> Iterable[str]:
    """What is not as it should be about a header image."""
    stored = [path for path in (folder / stem).parent.glob("*") if path.stem == Path(stem).name]
    if not story.images:
        if post.image_url or stored:
            yield f"{stem}: header image {post.image_url}, where the article has none"
    elif post.image_url not in story.images:
        yield f"{stem}: header image {post.image_url}, not {story.images[0]}"
    elif [path.read_bytes() for path in stored] != [body_of(answer_of(site, post.image_url))]:
        yield f"{stem}: header image is not stored, or not as it was sent"


def assert_nothing_else(run: Run, *wanted: Wanted) -> None:
    """An archive holds no posts and images but those of these stories."""
    expected = sorted(
        "/".join((*map(folder_name, categories), f"{post_name(story.title, 'x')}.md"))
        for part in wanted
        for categories, stories in part.items()
        for story in stories
    )
    posts = [name for name in run.files() if name.endswith(".md")]
    surplus, missing = sorted({*posts} - {*expected}), sorted({*expected} - {*posts})
    assert (surplus, missing) == ([], []), run.stderr
    assert posts == expected
    stems = {name.removesuffix(".md") for name in expected}
    images = [name for name in run.files() if not name.endswith(".md")]
    assert not [name for name in images if str(Path(name).with_suffix("")).removeprefix("images/") not in stems]


def assert_manners(internet: Internet, site: Site) -> None:
    """No article was asked for twice, and nothing that is none."""
    asked = internet.urls()
    assert not [story.url for story in site.stories if asked.count(story.url) > 1]
    assert not [url for url in asked if any(part in url for part in site.unwanted)]


def assert_end(run: Run, wanted: Iterable[Story]) -> None:
    """All went well."""
    stories = [*wanted]
    counts = {"new": len(stories), "stored": sum(1 for story in stories if story.images)}
    found = {word: number for word, number in run.counts().items() if word != "skipped"}
    assert (run.code, found, run.summary["problems"]) == (0, counts, [])


def test_every_article_of_four_sections_once_and_nothing_else(internet: Internet, archiver: Archiver) -> None:
    for site in SITES.values():
        site.put_online(internet)
    arguments = ("section", *(site.start for site in SITES.values()), "--json", *FAST)
    run = archiver(*arguments)
    wanted = {site: {web(site): site.of()} for site in SITES.values()}
    assert_nothing_else(run, *wanted.values())
    for site, part in wanted.items():
        assert_posts(run, site, part)
        assert_manners(internet, site)
    assert_end(run, [story for site in SITES.values() for story in site.of()])

    before = {path: (run.output / path).read_bytes() for path in run.files()}
    internet.asked.clear()
    again = archiver(*arguments)
    assert (again.code, {*again.counts()}) == (0, {"known"})
    assert {path: (run.output / path).read_bytes() for path in again.files()} == before
    assert not {story.url for site in SITES.values() for story in site.stories} & {*internet.urls()}
    assert not [url for url in internet.urls() if url.endswith((".jpg", ".png", ".webp", ".gif"))]


@pytest.mark.parametrize("site", [BLOG, PORTAL, MAGAZINE], ids=["boats", "chanye", "stories"])
def test_a_limit_gives_the_newest(internet: Internet, archiver: Archiver, site: Site) -> None:
    site.put_online(internet)
    run = archiver("section", site.start, "--limit", "5", "--json", *FAST)
    newest = site.of()[:5]
    assert_nothing_else(run, {web(site): newest})
    assert_posts(run, site, {web(site): newest})
    assert_end(run, newest)


def test_since_and_until_are_exact_where_only_the_articles_tell_their_dates(
    internet: Internet, archiver: Archiver
) -> None:
    sites = (BLOG, PORTAL, MAGAZINE)
    for site in sites:
        site.put_online(internet)
    since, until = "2024-03-10", "2024-04-22"
    starts = [site.start for site in sites]
    run = archiver("section", *starts, "--since", since, "--until", until, "--json", *FAST)
    first, last = parse_bound(since), parse_bound(until, end=True)
    wanted = {
        site: {web(site): [s for s in site.of() if s.published and first <= s.published <= last]} for site in sites
    }
    assert all(4 < len(stories) < len(site.of()) for site, part in wanted.items() for stories in part.values())
    assert_nothing_else(run, *wanted.values())
    for site, part in wanted.items():
        assert_posts(run, site, part)
    assert (run.code, run.summary["problems"]) == (0, [])
    assert internet.urls("chanye/index_3.html") == []  # the second page is older throughout


def test_pages_exclude_and_categories(internet: Internet, archiver: Archiver) -> None:
    PORTAL.put_online(internet)
    options = ("--pages", "2", "--exclude", r"/2024/04\d\d/", "--categories", "港口/新闻/产业")
    run = archiver("section", PORTAL.start, *options, "--json", *FAST)
    wanted = [story for story in PORTAL.of()[: 2 * portal.PER_PAGE] if "/2024/04" not in story.url]
    assert 10 < len(wanted) < 20
    assert_nothing_else(run, {("港口", "新闻", "产业"): wanted})
    assert_posts(run, PORTAL, {("港口", "新闻", "产业"): wanted})
    assert (run.code, run.summary["problems"]) == (0, [])
    assert internet.urls("chanye/index_3.html") == []
    assert internet.urls("/chanye/2024/04") == []  # what is excluded is not even asked for


def test_a_second_level_is_listings_within_the_section(internet: Internet, archiver: Archiver) -> None:
    PORTAL.put_online(internet)
    match = r"/gangji/2024/|/chanye/2024/05\d\d/t"
    run = archiver("section", PORTAL.start, "--depth", "2", "--match", match, "--json", *FAST)
    wanted = [*PORTAL.of("gangji"), *(story for story in PORTAL.of() if "/2024/05" in story.url)]
    assert_nothing_else(run, {web(PORTAL): wanted})
    assert_posts(run, PORTAL, {web(PORTAL): wanted})
    assert_end(run, wanted)


def test_a_feed_and_a_single_article_are_known_when_seen(internet: Internet, archiver: Archiver) -> None:
    BLOG.put_online(internet)
    MAGAZINE.put_online(internet)
    single = MAGAZINE.of()[9]
    arguments = (blog.KITCHEN_FEED, single.url, "--categories", "a/b/c")
    run = archiver("section", *arguments, "--json", *FAST)
    fed = BLOG.of("kitchen")[: blog.FEED_LENGTH]
    assert_nothing_else(run, {("a", "b", "c"): [*fed, single]})
    assert_posts(run, BLOG, {("a", "b", "c"): fed})
    assert_posts(run, MAGAZINE, {("a", "b", "c"): [single]})
    assert_end(run, [*fed, single])
    assert internet.urls("magazin.example/stories/") == [single.url]


def test_a_sitemap_index_is_known_when_seen(internet: Internet, archiver: Archiver) -> None:
    BLOG.put_online(internet)
    run = archiver("section", blog.SITEMAP, "--categories", "a/b/c", "--json", *FAST)
    assert_nothing_else(run, {("a", "b", "c"): BLOG.stories})
    assert_posts(run, BLOG, {("a", "b", "c"): BLOG.stories})
    assert_manners(internet, BLOG)
    assert_end(run, BLOG.stories)


def test_addresses_from_a_pipe_and_from_a_file(internet: Internet, archiver: Archiver) -> None:
    BLOG.put_online(internet)
    MAGAZINE.put_online(internet)
    (archiver.folder / "addresses.txt").write_text(f"\n{magazine.HOME}/reisen/\n")
    arguments = ("section", "-", "--from", "addresses.txt", "--json", *FAST)
    process = subprocess.run(
        [sys.executable, "-m", "archiver", *arguments],
        cwd=archiver.folder,
        env=archiver.environment,
        input=f"{blog.HOME}/\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    run = Run(process.returncode, process.stdout, process.stderr, archiver.output)
    # The front page leads to eighteen posts; the sitemap that robots.txt names has them all.
    wanted = {BLOG: {web(BLOG, "home"): BLOG.stories}, MAGAZINE: {web(MAGAZINE, "reisen"): MAGAZINE.of("reisen")}}
    assert_nothing_else(run, *wanted.values())
    for site, part in wanted.items():
        assert_posts(run, site, part)
        assert_manners(internet, site)
    assert (run.code, run.summary["problems"]) == (0, [])
