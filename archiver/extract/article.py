"""A page -> an article: what its site's definition points at, else what is found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from html import escape

from selectolax.lexbor import LexborHTMLParser

from archiver.body import VIDEO_HOSTS, base_address, clean
from archiver.errors import NoArticleError, PageError
from archiver.extract.content import Content, find_content
from archiver.extract.metadata import Metadata, complete_metadata, read_metadata
from archiver.extract.page import parse
from archiver.extract.parts import next_part
from archiver.extract.section.kind import Kind, kind_of
from archiver.extract.section.scope import is_never_article
from archiver.extract.selected import first_address, remove_all, selected, with_rules
from archiver.extract.selectors import NO_RULES, ArticleRules
from archiver.extract.standin import refuse_stand_in
from archiver.items import Article

TEASER = 500
"""Characters; what a page declares as its text is often no more than that of it."""
CLOSED_TAG = re.compile(r"</(?:p|div|h[1-6]|li|figure)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article, and how it was found."""

    article: Article
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Field of the article -> where its value comes from, for `--explain`."""
    following: str | None = None
    """Address of the article's next part. None: this is all of it, or its last part."""


def extract(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    encoding: str | None = None,
    rules: ArticleRules = NO_RULES,
    zone: tzinfo = UTC,
    language: str | None = None,
) -> Article:
    """The article of a page.

    `content_type` is what the server said, `encoding` what the site's definition says, `zone` that of dates that name
    none, `language` where the page names none. The body is empty where none is found (the pipelines drop such an one);
    raises PageError for what is no page, and where a definition's selector for the body finds nothing.
    """
    return examine(
        html, url, content_type=content_type, encoding=encoding, rules=rules, zone=zone, language=language
    ).article


def examine(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    encoding: str | None = None,
    rules: ArticleRules = NO_RULES,
    zone: tzinfo = UTC,
    language: str | None = None,
    must_be_article: bool = False,
    first: str | None = None,
    number: int = 1,
    video_hosts: frozenset[str] = VIDEO_HOSTS,
) -> Extraction:
    """As `extract`, with the reasons. With `must_be_article`, raises NoArticleError where the page looks like none.

    Of an article in several parts, `first` is the address of part 1 and `number` that of the part at hand.
    `video_hosts` are those whose players stay in the body.
    """
    page = parse(html, content_type, encoding)
    declared = read_metadata(page, url, zone)
    if must_be_article and not rules.body:
        verdict = kind_of(page, url, declared.kinds)
        if verdict.kind is not Kind.ARTICLE:
            if verdict.kind is Kind.OTHER and is_never_article(url) is None:
                refuse_stand_in(page, "")
            what = "no article but a listing" if verdict.kind is Kind.LISTING else "no article"
            raise NoArticleError(f"{what}: {verdict.reason}")
    content = body_of(page, declared, rules, must_be_article=must_be_article)
    said = declared
    is_told = (rules.title or declared.title) and (rules.date or declared.published)
    if not rules.body or not is_told:  # what is visible is looked at where neither definition nor page says it
        said = complete_metadata(declared, page, url, zone, container=content.container)
    base = base_address(page, url)
    reasons = {**said.reasons, "body": content.reason}
    article = Article(
        url=said.canonical or url,
        title=said.title or "",
        body=clean(content.markup, base, video_hosts),
        published=said.published,
        modified=said.modified,
        authors=said.authors,
        image_url=said.images[0] if said.images else None,
        image_candidates=said.images[1:],
        language=said.language or language,
        summary=said.summary,
        tags=said.tags,
    )
    onward = first_address(page, rules.next, base) if rules.next else next_part(page, url, first, number)
    return Extraction(with_rules(article, page, rules, base, zone, reasons), reasons, onward)


def body_of(page: LexborHTMLParser, declared: Metadata, rules: ArticleRules, *, must_be_article: bool) -> Content:
    """The body, perhaps empty. Raises PageError where a selector finds none, or, if wanted, for what stands there."""
    try:
        content = selected(page, rules) if rules.body else found(page, declared, rules)
    except PageError:
        if must_be_article:
            refuse_stand_in(page, "")
        raise
    if must_be_article:
        refuse_stand_in(page, shown_text(content), is_dated=declared.published is not None)
    return content


def found(page: LexborHTMLParser, declared: Metadata, rules: ArticleRules) -> Content:
    """The body as it is found on any page, perhaps empty."""
    if rules.remove and page.body is not None:
        remove_all(page.body, rules.remove)
    content = find_content(page, title=declared.title or "", article_body=declared.article_body)
    declares_more = len(declared.article_body) > TEASER and len(declared.article_body) > 3 * len(shown_text(content))
    return as_declared(declared.article_body) if declares_more else content


def shown_text(content: Content) -> str:
    """What a reader would read of a body."""
    return LexborHTMLParser(content.markup, is_fragment=True).text().strip() if content.markup else ""


def as_declared(text: str) -> Content:
    """The body of a page that shows it by script only, as its JSON-LD has it: tags, or paragraphs of plain text."""
    paragraphs = "\n".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
    return Content(
        text if CLOSED_TAG.search(text) else paragraphs, "JSON-LD articleBody; the page shows less of it", None
    )


def join(parts: tuple[Extraction, ...], video_hosts: frozenset[str] = VIDEO_HOSTS) -> Extraction:
    """One article from its parts in order: the first one's metadata, all bodies; a part that repeats ends it."""
    first = parts[0]
    bodies: list[str] = []
    for part in parts:
        if part.article.body in bodies:
            break
        bodies.append(part.article.body)
    if len(bodies) == 1:
        return first
    body = clean("\n".join(bodies), first.article.url, video_hosts)
    reasons = {**first.reasons, "body": f"{first.reasons.get('body', '')}; {len(bodies)} parts joined"}
    return Extraction(replace(first.article, body=body), reasons)
