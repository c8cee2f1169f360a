"""First stage: every article leaves here in one form, whatever page it came from."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.exceptions import DropItem
from scrapy.utils.asyncio import run_in_thread

from archiver.body import VIDEO_HOSTS, Body, clean, first_image, shows_something
from archiver.items import Article
from archiver.ledger import Ledger
from archiver.outcomes import Outcome, record
from archiver.pipelines.export import ArchivePipeline
from archiver.urls import canonical, is_web, quoted

WHITE_SPACE = re.compile(r"\s+")
LONG = 200_000
"""Characters of a body that is looked through beside the event loop: its images may be far behind."""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class NormalisePipeline(ArchivePipeline):
    """White space, canonical address, UTC dates, language; the header image's address by FORMAT.md's rule."""

    async def process_item(self, item: Article) -> Article:
        """Drops, counted and with URL and reason, an article that has no title or no body; an archived one is held."""
        hosts = getattr(self.crawler.spider, "video_hosts", VIDEO_HOSTS)
        article = await run_in_thread(normalise, item, hosts) if len(item.body) > LONG else normalise(item, hosts)
        missing = "no title" if not article.title else "no body" if not shows_something(article.body) else None
        if missing:
            ledger = Ledger(self.archive, article.site)
            known = self.archive.known(article.url)
            if known is not None:
                ledger.hold(known, missing, article.status)
            else:
                ledger.defer(article.url, article.channel, article.published, Outcome.DROPPED, missing)
            record(self.crawler.stats, Outcome.HELD if known else Outcome.DROPPED, article.url, missing)
            raise DropItem(f"{missing}: {article.url}")
        return article


def normalise(article: Article, video_hosts: frozenset[str] = VIDEO_HOSTS) -> Article:
    """The same article in the form that posts are written from; `video_hosts` as for `clean`."""
    body = article.body if isinstance(article.body, Body) else clean(article.body, article.url, video_hosts)
    own = first_image(body)  # FORMAT.md: where the body shows an image, its first one is the header image
    images = [quoted(image) for image in (own, *(() if own else declared(article))) if image and is_web(image)]
    return replace(
        article,
        url=canonical(article.url),
        title=one_line(article.title),
        body=body,
        published=to_utc(article.published),
        modified=to_utc(article.modified),
        authors=tuple(dict.fromkeys(name for name in map(one_line, article.authors) if name)),
        categories=tuple(map(one_line, article.categories)),
        image_url=images[0] if images else None,
        image_candidates=tuple(images[1:]),
        language=language_tag(article.language),
        summary=one_line(article.summary or "") or None,
        tags=tuple(dict.fromkeys(tag for tag in map(one_line, article.tags) if tag)),
    )


def declared(article: Article) -> tuple[str | None, ...]:
    """The header images that the page offers, best first."""
    return (article.image_url, *article.image_candidates)


def one_line(text: str) -> str:
    """White space of any kind between words becomes one space, none is left at the ends."""
    return WHITE_SPACE.sub(" ", text).strip()


def to_utc(moment: datetime | None) -> datetime | None:
    """The same moment in UTC; what has no zone is taken as UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def language_tag(text: str | None) -> str | None:
    """A BCP 47 tag: `zh_CN` is `zh-CN`; None for what is none."""
    tag = (text or "").strip().replace("_", "-")
    return tag if LANGUAGE.fullmatch(tag) else None
