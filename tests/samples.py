"""What several test modules share: the old archive's posts, an article, a picture."""

import io
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archiver.items import Article

FOLDER = Path(__file__).parents[2] / "shared" / "format" / "samples"
SAMPLES = sorted(FOLDER.rglob("*.md"))
"""Posts that another program wrote. They belong to their publishers: read from there, never copied into the project."""

needs_samples = pytest.mark.skipif(not SAMPLES, reason=f"no posts of the old archive at {FOLDER}")
SANDBOX = ' sandbox="allow-scripts allow-same-origin allow-presentation"'
for_each_sample = pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])

ARTICLE = Article(
    url="https://town.example/news/ferry",
    title="The ferry runs again",
    body="<p>After three weeks the ferry runs again.</p>",
    published=datetime(2026, 3, 9, 7, 30, tzinfo=UTC),
    categories=("web", "town", "news"),
    fetched=datetime(2026, 3, 10, 12, 0, 0, tzinfo=UTC),
)


def as_we_write(body: str) -> str:
    """The body of a sample as we write it (docs/post-format.md): no blank line, `>` escaped, frames in a sandbox."""
    body = re.sub(r"\n(?:[ \t]*\n)+", "\n", body).replace("->", "-&gt;")
    return re.sub("(<iframe [^>]*)>", rf"\1{SANDBOX}>", body)


def article(**changes: Any) -> Article:
    """An article in the form that posts are written from, with changes."""
    return replace(ARTICLE, **changes)


def picture(kind: str, size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """The bytes of an image with so much in it that half a file is noticed."""
    width, height = size
    image = Image.frombytes("RGB", size, random.Random(1).randbytes(width * height * 3))  # noqa: S311
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
