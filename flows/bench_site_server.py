"""A web server for the bench: loopback, gzip, headers as the site is meant to be served with.

What is sent is compressed once and kept, as a server with `gzip_static` has it: the bench measures
the site, not a compressor.
"""

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

LEVEL: Final = 6  # of gzip, what nginx and CDNs commonly use
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg")
_IMMUTABLE = ("assets/", "data/")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder while the block lasts; yield its URL, with `/` at the end."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder.resolve()))
    web.daemon_threads = True
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_address[1]}/"
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


def _handler(root: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answer one connection."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # named by the standard library
            """Send a file, compressed where that helps."""
            path = _found(root, self.path)
            if path is None:
                self.send_error(404)
                return
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            text = kind.startswith(_TEXTS)
            body = _packed(path) if text else path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
            self.send_header("Content-Length", str(len(body)))
            if text:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Cache-Control", _keep(self.path))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _found(root: Path, asked: str) -> Path | None:
    """Return the file that is asked for; None if it is none of this folder."""
    path = (root / unquote(urlsplit(asked).path).lstrip("/")).resolve()
    path = path / "index.html" if path.is_dir() else path
    return path if path.is_relative_to(root) and path.is_file() else None


def _keep(asked: str) -> str:
    fixed = any(part in asked for part in _IMMUTABLE) and "latest" not in asked
    return "public, max-age=31536000, immutable" if fixed else "no-cache"


@lru_cache(maxsize=512)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)
