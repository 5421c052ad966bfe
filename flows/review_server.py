"""The reviewer's page on this machine: plain HTML forms over the standard library's server.

It listens on loopback only and answers only who knows the key in the address that is printed at
the start: another user or another page of this machine cannot act through it. Each form carries a
token, and the `Host` and `Origin` of a request must be ours, so that no web page that the reviewer
has open elsewhere can send one. Nothing is loaded from anywhere else; no script runs.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from data.errors import MulgilError
from flows import review_pages
from flows.review_pages import Answer, Asking
from flows.settings import Settings
from maps.shared_files import HERE

HOST, PORT = "127.0.0.1", 4320
COOKIE = "mulgil_review"
MOST = 20_000  # bytes of a form
STYLES = ("site.css", "gauge.css", "review.css")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass
class Server:
    """A running page.

    Attributes:
        key: Who knows it may act; it is in the address that is printed.
        token: What every form of ours carries.
    """

    settings: Settings
    site: str = ""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def bind(self, port: int = PORT) -> ThreadingHTTPServer:
        """Return a server on loopback; port 0 takes a free one."""
        handler = type("Handler", (_Handler,), {"page": self})
        return ThreadingHTTPServer((HOST, port), handler)

    def address(self, server: ThreadingHTTPServer) -> str:
        """Return the address that opens the page."""
        return f"http://{HOST}:{server.server_address[1]}/?key={self.key}"


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        self.status = status
        super().__init__(why)


class _Handler(BaseHTTPRequestHandler):
    page: Server
    timeout = 30  # seconds for a request to arrive
    server_version, sys_version = "Mulgil", ""

    def do_GET(self) -> None:  # the name that the server calls
        self._answered(self._get)

    def do_POST(self) -> None:
        self._answered(self._post)

    def _answered(self, work: Callable[[], Answer]) -> None:
        try:
            self._ours()
            found = work()
        except _Refused as error:
            found = Answer(int(error.status), f"{error}\n", kind="text/plain")
        except MulgilError as error:
            found = review_pages.problem(self._asking({}), error)
        self._send(found)

    def _get(self) -> Answer:
        path = urlsplit(self.path)
        query = _one(parse_qs(path.query))
        if path.path == "/style.css":
            text = "\n".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
            return Answer(200, text, kind="text/css")
        if _same(query.get("key", ""), self.page.key):
            cookie = f"{COOKIE}={self.page.key}; HttpOnly; SameSite=Strict; Path=/"
            return Answer(303, "", to=f"{path.path}?lang={_language(query)}", cookie=cookie)
        self._known()
        return review_pages.show(self._asking(query), _parts(path.path))

    def _post(self) -> Answer:
        self._known()
        origin = self.headers.get("Origin")
        if origin and origin not in {f"http://{host}" for host in self._hosts()}:
            raise _Refused(HTTPStatus.FORBIDDEN, "This form is not ours.")
        path = urlsplit(self.path)
        given = self._form()
        if not _same(given.pop("token", ""), self.page.token):
            raise _Refused(HTTPStatus.FORBIDDEN, "The form is old or not ours. Open it again.")
        asking = self._asking(_one(parse_qs(path.query)))
        return review_pages.act(asking, _parts(path.path), given)

    def _form(self) -> dict[str, str]:
        kind = self.headers.get("Content-Type", "").split(";")[0].strip()
        length = self.headers.get("Content-Length", "")
        if kind != "application/x-www-form-urlencoded" or not length.isdecimal():
            raise _Refused(HTTPStatus.BAD_REQUEST, "A form is expected.")
        if int(length) > MOST:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The form is too long.")
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        return _one(parse_qs(body, keep_blank_values=True, max_num_fields=50))

    def _hosts(self) -> set[str]:
        port = self.server.server_address[1]  # type: ignore[index]  # of an internet address
        return {f"{HOST}:{port!s}", f"localhost:{port!s}"}

    def _ours(self) -> None:
        """Refuse a request that was sent to another name: a page that rebinds its own to us."""
        if self.headers.get("Host", "") not in self._hosts():
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, f"Open http://{HOST} on this machine.")

    def _known(self) -> None:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            found = None
        if found is None or not _same(found.value, self.page.key):
            raise _Refused(
                HTTPStatus.FORBIDDEN, "Open the address that `mulgil review --serve` printed."
            )

    def _asking(self, query: Mapping[str, str]) -> Asking:
        page = self.page
        return Asking(
            page.settings, "en" if _language(query) == "en" else "ko", page.token, page.site, query
        )

    def _send(self, answer: Answer) -> None:
        body = answer.text.encode("utf-8", "replace")
        self.send_response(answer.status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{answer.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if answer.to:
            self.send_header("Location", answer.to)
        if answer.cookie:
            self.send_header("Set-Cookie", answer.cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Write no log: an address holds the key."""


def _parts(path: str) -> list[str]:
    return [unquote(part) for part in path.split("/") if part]


def _one(many: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in many.items()}


def _language(query: Mapping[str, str]) -> str:
    return "en" if query.get("lang") == "en" else "ko"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
