"""What a page that was read changes: what becomes of the post of its article, and what is known of that then."""

from dataclasses import replace
from pathlib import PurePosixPath

from archiver.content import Content, is_same, why_suspicious
from archiver.files import sha256
from archiver.items import Article
from archiver.layout import heading
from archiver.outcomes import WRITTEN, Outcome
from archiver.records import ArticleRecord

AFTER_FRONT = b"\n---\n\n<div>"
BELIEVED = (*WRITTEN, Outcome.UNCHANGED)
"""What becomes of an article whose page is taken at its word."""


def brought_up(
    known: ArticleRecord, article: Article, content: Content, outcome: Outcome, reason: str
) -> ArticleRecord:
    """What is known of an article, brought up to what its page says, as far as that is believed."""
    is_held = outcome is Outcome.HELD
    new = replace(
        known,
        url=known.url or article.url,
        asked=None if not article.aliases or article.url in article.aliases else article.aliases[-1],
        site=article.site or known.site,
        channel=article.channel or known.channel,
        status=article.status,
        state="held" if is_held else "",
        reason=reason if is_held else "",
    )
    if outcome in BELIEVED:
        new = replace(
            new,
            heading=heading(article.categories, article.title),
            authors=article.authors,
            modified=article.modified,
            etag=article.etag,
            last_modified=article.last_modified,
            length=content.length,
            image=article.header_image.url if article.header_image else known.image,
        )
    if not is_held:
        new = replace(new, content=content.digest, title=article.title, published=article.published)
    return new


def judge(
    article: Article,
    content: Content,
    data: bytes,
    before: bytes | None,
    record: ArticleRecord | None,
    *,
    force: bool,
) -> tuple[Outcome, str]:
    """What is to become of an article whose post would be `data`, and lies there as `before`; and why it is held."""
    if before is None:
        return Outcome.NEW, ""
    if before == data:
        return Outcome.UNCHANGED, ""
    if force:
        return (Outcome.UNCHANGED if record and PurePosixPath(record.post).is_absolute() else Outcome.CHANGED), ""
    if record is None:  # another program's post of this article, or ours from before index and journal were lost
        same = AFTER_FRONT in before and before.partition(AFTER_FRONT)[2] == data.partition(AFTER_FRONT)[2]
        return (Outcome.UNCHANGED if same else Outcome.EDITED), ""
    if record.sha256 is None:
        return Outcome.UNCHANGED, ""
    if sha256(before) != record.sha256:
        return Outcome.EDITED, ""
    if is_same(record, article, content):
        return Outcome.UNCHANGED, ""
    reason = why_suspicious(record.title, record.published, record.length or 0, article, content)
    return (Outcome.HELD, reason) if reason else (Outcome.CHANGED, "")
