"""A real Chromium that reaches nothing but a server of the test's own, which keeps what it was asked for."""

import html
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-default-apps --disable-extensions"
    " --disable-domain-reliability --disable-features=OptimizationHints,MediaRouter,Translate --metrics-recording-only"
    " --mute-audio --autoplay-policy=no-user-gesture-required --dump-dom --virtual-time-budget=3000"
).split()
NONCE = "test"
# Reported, not enforced: what would break it runs, and is told.
POLICY = f"script-src 'nonce-{NONCE}'; object-src 'none'; base-uri 'none'; form-action 'none'; style-src-elem 'none'"
RESULT = re.compile(r'<pre id="result">(.*?)</pre>', re.DOTALL)
SECONDS = 60


def needs_chromium(test: Any) -> Any:
    """Skips a test on a machine without Chromium; in CI there has to be one."""
    is_missing = PROGRAM is None and os.environ.get("CI") != "true"
    return pytest.mark.skipif(is_missing, reason="no Chromium here; on Debian: apt-get install chromium")(test)


@dataclass
class Browser:
    """A browser and the server that it may reach."""

    address: str
    profile: Path
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """What was asked for beyond the pages: absolute addresses, `HOST:PORT` where they are encrypted."""

    def show(self, page: str) -> Any:
        """What the scripts of a page put into its `<pre id=result>`, as JSON. None: the page is gone."""
        path = f"/{len(self.pages)}.html"
        self.pages[path] = page
        proxy = f"--proxy-server={self.address}"
        command = [PROGRAM or "", *OPTIONS, f"--user-data-dir={self.profile}", proxy, self.address + path]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            answer, _ = program.communicate(timeout=SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        found = RESULT.search(answer.decode())
        return json.loads(html.unescape(found[1])) if found else None


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a fresh profile in a folder."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = opened.pages.get(self.path)
            if page is None:
                opened.asked.append(self.path)
            body = (page or "").encode()
            self.send_response(200 if page else 403)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy-Report-Only", POLICY)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)

        do_POST = do_HEAD = do_OPTIONS = do_CONNECT = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    opened = Browser(f"http://127.0.0.1:{server.server_port}", folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
