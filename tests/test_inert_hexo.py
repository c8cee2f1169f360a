"""Posts of known attacks, built by a real Hexo: every page is there, and says what its file says."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from archiver.items import Article
from archiver.post import render
from tests.samples import FOLDER, article
from tests.vectors import ARTICLES, FIELDS, with_field

CHECK = FOLDER.parents[1] / "clients" / "hexo_check.sh"
needs_hexo = pytest.mark.skipif(
    not CHECK.exists() or (shutil.which("npm") is None and os.environ.get("CI") != "true"),
    reason=f"needs node, npm and {CHECK}",
)


def problems(folder: Path, articles: Mapping[str, Article]) -> list[str]:
    """What Hexo makes wrong of the posts of articles; that two categories share a page is its own affair."""
    for number, found in enumerate(articles.values()):
        (folder / f"post-{number}.md").write_bytes(render(found).encode())
    everything = {**os.environ, "HEXO_CHECK_MAX": "9999"}
    done = subprocess.run(
        ["sh", str(CHECK), str(folder)], capture_output=True, timeout=500, env=everything, check=False
    )
    posts = len([*folder.iterdir()])
    lines = (done.stdout + done.stderr).decode().splitlines()
    return [
        line
        for line in lines
        if not line.startswith((f"posts in {posts}, pages out {posts},", "categories that differ:"))
        and " has the same page as " not in line
    ]


@needs_hexo
def test_no_attack_in_title_or_body_changes_its_page(tmp_path: Path) -> None:
    assert problems(tmp_path, ARTICLES) == []


@needs_hexo
def test_no_attack_in_a_field_changes_its_page(tmp_path: Path) -> None:
    assert problems(tmp_path, {name: with_field(text) for name, text in FIELDS.items()}) == []


@needs_hexo
def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = render(article()).replace("<p>", "<p>{{ 7*7 }}\n\n[x](javascript:alert(1))")
    (tmp_path / "wrong.md").write_text(wrong, "utf-8")
    assert any("live Nunjucks" in line for line in problems(tmp_path, {"right": article()}))
