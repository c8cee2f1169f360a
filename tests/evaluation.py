"""The extractor as `../shared/eval/extract_eval.py --path . --extractor tests.evaluation:ours` calls it."""

from typing import Any

from archiver.extract.article import extract


def ours(raw: bytes, url: str) -> dict[str, Any]:
    """What is found in a page that nobody prepared."""
    article = extract(raw, url)
    return {
        "title": article.title,
        "author": list(article.authors),
        "date": article.published.isoformat() if article.published else None,
        "image": article.image_url,
        "body_html": article.body,
    }
