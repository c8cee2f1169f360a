"""Known attacks in a real Chromium: no script runs, nothing is asked for but pictures, films and players."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest

from archiver.body import VIDEO_HOSTS, clean
from tests.chromium import NONCE, Browser, browser, needs_chromium
from tests.vectors import OUTSIDE, PAGE, VECTORS

SIZE = 64
"""Bodies of one page."""
MEDIA = re.compile(r'<(?:img|source|video|audio|track|iframe|t[adhr]\w*)\b[^>]*?(?:"[^"]*"[^>]*?)*>')
ADDRESS = re.compile(r"https?://[^\s\"',]+")
# Before anything else: whatever an attack calls, and whatever breaks the policy, is written down.
WATCH = """
window.ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval', 'fetch', 'postMessage', 'MsgBox'])
  window[name] = () => { ran.push(name) };
document.addEventListener('securitypolicyviolation', event =>
  ran.push([event.effectiveDirective, event.blockedURI, event.sample]));
"""
# Once all is there: parsed by the page, set as innerHTML, and set again from what that gives.
JUDGE = """
addEventListener('load', () => setTimeout(() => {
  const wrong = [];
  const look = (name, root) => { for (const element of root.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    const handlers = element.getAttributeNames().filter(name => name.startsWith('on'));
    const reaches = style.position && (!['static', 'relative'].includes(style.position) || style.zIndex != 'auto'
      || style.backgroundImage.includes('url') || style.transform != 'none');
    const scheme = element.protocol !== undefined ? element.protocol : 'https:';
    const known = ['http:', 'https:', 'mailto:', 'tel:', 'ftp:', ':', ''];
    const foreign = element.namespaceURI != 'http://www.w3.org/1999/xhtml';
    if (handlers.length || reaches || foreign || !known.includes(scheme))
      wrong.push([name, element.outerHTML, handlers, style.position, scheme]);
  } };
  for (const [name, body] of Object.entries(bodies)) {
    const host = document.getElementById(name);
    look(name, host);
    host.innerHTML = body;
    const once = host.innerHTML;
    look(name, host);
    host.innerHTML = once;
    const twice = host.innerHTML;
    const joined = text => text.replaceAll('\\n', '');  // each round eats a line break behind <pre>
    if (joined(once) != joined(twice)) wrong.push([name, once, twice]);
    look(name, host);
    for (const element of host.querySelectorAll('*'))
      for (const kind of ['click', 'mouseover', 'focus', 'keydown', 'toggle', 'animationstart', 'error', 'load'])
        if (!(kind == 'click' && element.closest('a,area,summary'))) element.dispatchEvent(new Event(kind));
  }
  setTimeout(() => {
    const result = document.createElement('pre');
    result.id = 'result';
    result.textContent = JSON.stringify({ran, wrong});
    document.body.replaceChildren(result);
  }, 500);
}, 500));
"""


def page(bodies: Mapping[str, str]) -> str:
    """A page that holds bodies side by side."""
    parts = "\n".join(f'<article><div id="{name}">{body}</div></article>' for name, body in bodies.items())
    known = json.dumps(dict(bodies)).replace("<", "\\u003c")
    return (
        "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>"
        f"<body><script nonce={NONCE}>{WATCH}</script>\n{parts}\n"
        f"<script nonce={NONCE}>const bodies = {known};{JUDGE}</script>"
    )


def media_hosts(body: str) -> set[str]:
    """The hosts of pictures, films and players."""
    return {urlsplit(url).netloc for tag in MEDIA.findall(body) for url in ADDRESS.findall(tag)}


def hosts(asked: Sequence[str]) -> set[str]:
    """The hosts of what was asked for, without those that the browser asks of itself."""
    found = {urlsplit(url).netloc if "//" in url else url.rpartition(":")[0] for url in asked}
    return {host for host in found if not re.search(r"(?:^|\.)(?:google|googleapis|gstatic|gvt1)\.com$", host)}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


NAMES = tuple(VECTORS)
BATCHES = [NAMES[start : start + SIZE] for start in range(0, len(NAMES), SIZE)]


@needs_chromium
@pytest.mark.parametrize("names", BATCHES, ids=[batch[0] for batch in BATCHES])
def test_no_attack_runs_or_asks_for_anything(chromium: Browser, names: tuple[str, ...]) -> None:
    bodies = {name: clean(VECTORS[name], PAGE) for name in names}
    before = len(chromium.asked)
    result: Any = chromium.show(page(bodies))
    assert result == {"ran": [], "wrong": []}
    asked = hosts(chromium.asked[before:])
    assert asked <= {host for body in bodies.values() for host in media_hosts(body)} | VIDEO_HOSTS


@needs_chromium
@pytest.mark.parametrize(
    "name", ["html5sec-media-8", "html5sec-scripts-1", "svg-1", "mutation-1", "html5sec-page-14", "polyglots-3"]
)
def test_an_attack_that_is_not_cleaned_is_seen_to_run(chromium: Browser, name: str) -> None:
    result: Any = chromium.show(page({name: VECTORS[name]}))
    assert result["ran"]


@needs_chromium
def test_a_request_that_leaves_is_seen(chromium: Browser) -> None:
    before = len(chromium.asked)
    chromium.show(page({"a": f"<p style='background:url(http://{OUTSIDE}/a)'>x</p>"}))
    assert OUTSIDE in hosts(chromium.asked[before:])
