"""The hostile and faulty cases of `../shared/attacks`, group by group; and the runner itself."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.attacks.cases import FILE, cases
from tests.attacks.judge import active_in
from tests.attacks.lab import way_in
from tests.attacks.words import ERRORS, PENDING, WAIVED, is_told

GROUPS = tuple(dict.fromkeys(case.group for case in cases())) if FILE.exists() else ()
needs_cases = pytest.mark.skipif(not GROUPS, reason=f"{FILE} is not there")


@cache
def has_namespaces() -> bool:
    return way_in() is not None


def need_namespaces() -> None:
    """Without them a user's machine skips a test; in CI it fails."""
    if not has_namespaces():
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent("no network namespace is to be had here (unshare -n -m)")


@needs_cases
@pytest.mark.parametrize("group", GROUPS)
def test_every_case_of_a_group_passes(group: str) -> None:
    need_namespaces()
    command = [sys.executable, "-m", "tests.attacks", "--json", group]
    run = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
    assert run.stdout, run.stderr
    wrong = {it["case"]: it["wrong"] for it in json.loads(run.stdout)["results"] if it["wrong"]}
    assert wrong.keys() - PENDING.keys() == set(), {name: wrong[name] for name in wrong.keys() - PENDING.keys()}


@needs_cases
def test_each_error_of_the_cases_has_its_words_and_each_exception_its_case() -> None:
    wanted = set()
    for case in cases():
        for name in ("error", "warning"):
            found = case.expect.get(name, [])
            wanted |= {found} if isinstance(found, str) else set(found)
    assert wanted <= ERRORS.keys()
    names = {case.id for case in cases()}
    assert {case for case, _ in WAIVED} <= names
    assert PENDING.keys() <= names


@pytest.mark.parametrize(
    ("error", "outcome", "reason", "is_right"),
    [
        ("timeout", "failed", "timeout", True),
        ("timeout", "failed", "HTTP 404", False),
        ("timeout", "skipped", "timeout", False),
        ("blocked-address", "failed", "redirected to http://127.0.0.1/", False),
        ("blocked-address", "failed", "refused: blocked-address 127.0.0.1", True),
        ("image-bomb", "failed", "too large: 13300x13300 pixels, 1 frames", False),
        ("image-bomb", "missing", "too large: 13300x13300 pixels, 1 frames", True),
        ("too-large", "missing", "too large: 13300x13300 pixels, 1 frames", False),
        ("http-410", "gone", "HTTP 410", True),
        ("http-410", "failed", "HTTP 410", False),
    ],
)
def test_no_other_behaviour_passes_for_the_one_that_is_wanted(
    error: str, outcome: str, reason: str, is_right: bool
) -> None:
    assert is_told(error, {(outcome, reason)}) is is_right


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>text <a href='https://a.example/'>link</a></p>", []),
        ("<p onclick='x'>t</p>", ["<p onclick>"]),
        ("<a href=' java&#115;cript:x'>t</a>", ["href= javascript:x"]),
        ("<div><script>x</script></div>", ["<script>"]),
        ("<svg onload=x></svg>", ["<svg>", "<svg onload>"]),
        ("<iframe src='https://v.example/'></iframe>", ["<iframe>"]),
        ("<iframe sandbox src='https://v.example/'></iframe>", []),
        ("<iframe sandbox srcdoc='x'></iframe>", ["<iframe srcdoc>"]),
    ],
)
def test_what_a_body_would_do_is_seen(body: str, found: list[str]) -> None:
    assert [*active_in(body)] == found


@needs_cases
def test_the_runner_fails_where_a_case_does(tmp_path: Path) -> None:
    """The program is replaced by one that archives whatever it is given."""
    need_namespaces()
    (tmp_path / "archiver.py").write_text(
        "import sys, urllib.request, pathlib\n"
        "url = next(word for word in sys.argv if word.startswith('http'))\n"
        "data = urllib.request.urlopen(url).read()\n"
        "folder = pathlib.Path('output'); folder.mkdir(exist_ok=True)\n"
        "(folder / 'page.md').write_bytes(b'---\\ntitle: x\\n---\\n' + data)\n"
    )
    command = [sys.executable, "-m", "tests.attacks", "--program", str(tmp_path / "archiver.py"), "--json"]
    names = ["ssrf-redirect-loopback", "xss-script", "hexo-body-nunjucks"]
    run = subprocess.run(
        [*command, *names],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ},
        check=False,
    )
    wrong = {it["case"]: "; ".join(it["wrong"]) for it in json.loads(run.stdout)["results"]}
    assert "canaries hit: 127.0.0.1:8080" in wrong["ssrf-redirect-loopback"]
    assert "<script>" in wrong["xss-script"]
    assert "live template code" in wrong["hexo-body-nunjucks"]
