"""What an answer of a server means for an article: its addresses, its validators, whether its text is right."""

from collections.abc import Iterator
from dataclasses import replace

from scrapy.http import Response, TextResponse

from archiver.charset import is_guessed, lost_characters
from archiver.content import are_alike, words
from archiver.errors import PageError
from archiver.extract.metadata.canonical import is_plausible
from archiver.frontier import Job
from archiver.items import Article
from archiver.records import ArticleRecord
from archiver.responses import header, is_page, media_type
from archiver.urls import canonical, identity


def validators(archived: ArticleRecord) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, 13.1)."""
    found = {"If-None-Match": archived.etag, "If-Modified-Since": archived.last_modified}
    return {name: value for name, value in found.items() if value}


def with_answer(article: Article, job: Job, response: Response, *, is_whole: bool) -> Article:
    """An article with what its page's answer says; of several parts, none has a word for the whole."""
    addresses = (job.url, canonical(response.url))
    return replace(
        article,
        aliases=tuple(dict.fromkeys(url for url in addresses if may_be(url, article, job.title))),
        status=response.status,
        etag=header(response, "ETag") if is_whole else None,
        last_modified=header(response, "Last-Modified") if is_whole else None,
    )


def may_be(url: str, article: Article, title: str) -> bool:
    """May an address be one of an article's, by its form or by what a listing calls it?

    One that led to a page which any other could lead to, as a log-in, is not.
    """
    is_same = identity(url) == identity(article.url) or is_plausible(article.url, url)
    return is_same or (bool(title) and are_alike(words(title), words(article.title)))


def asked_for(response: Response) -> str:
    """The address that was asked, before any redirect."""
    addresses: list[str] = response.meta.get("redirect_urls", [response.url])
    return addresses[0]


def as_text(response: Response) -> TextResponse:
    """The response, if it is a text. Raises PageError otherwise: a PDF, an image."""
    if not is_page(response):
        raise PageError(f"not a page but {media_type(response)}")
    return response


def doubts(article: Article, response: Response, *, is_told: bool) -> Iterator[str]:
    """What is to be told of an article's text; `is_told`: the site's definition says in which charset it is."""
    if lost := lost_characters(article.title + article.body):
        yield f"{lost} characters are in no charset that is known"
    if is_told or not isinstance(response, TextResponse):
        return
    if is_guessed(response.body, header(response, "Content-Type"), response.encoding):
        yield f"the page names no charset that it is in; it was read as {response.encoding}"
