"""A miniature news site that comes with the package, and its server.

The server is an HTTP proxy on loopback that answers for `http://demo.example` alone, so that the site has real,
lasting addresses and nothing in the crawl knows that it is a demonstration.
"""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

ORIGIN = "http://demo.example"
FOLDER = Path(__file__).parent / "site"
DEFINITION = Path(__file__).parent / "demo.yaml"


class Handler(BaseHTTPRequestHandler):
    """Serves the folder; images only to who comes from one of the site's pages, as many news sites do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = (FOLDER / unquote(parts.path).lstrip("/")).resolve()
        file = path / "index.html" if path.is_dir() else path
        if f"{parts.scheme}://{parts.netloc}" != ORIGIN or not file.is_relative_to(FOLDER) or not file.is_file():
            self.answer(404, "text/plain", b"not found")
        elif "/images/" in parts.path and not self.headers.get("Referer", "").startswith(ORIGIN):
            self.answer(403, "text/plain", b"no hotlinks")
        else:
            kind = guess_type(file.name)[0] or "application/octet-stream"
            self.answer(200, kind + ("; charset=utf-8" if kind.startswith("text/") else ""), file.read_bytes())

    def answer(self, status: int, kind: str, body: bytes) -> None:
        """One whole response."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the crawl logs what it asks for."""


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """Serves the site while the context lasts; gives the address of the proxy."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="demo site", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
