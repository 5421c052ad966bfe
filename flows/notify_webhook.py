"""Tell a webhook: a JSON POST, signed where there is a secret.

A receiver checks `X-Mulgil-Signature` = "sha256=" + HMAC-SHA256(secret, timestamp + "." + body) in
hexadecimal, with the timestamp of `X-Mulgil-Timestamp` [s since 1970]; one that is old is a replay.
`X-Mulgil-Event` is the same each time an event is sent again.
"""

import hmac
import time
from hashlib import sha256
from urllib.parse import urlsplit

import httpx

from flows.notify_event import Event, as_json
from flows.notify_settings import Receivers

PATIENCE = 3.0  # seconds for connecting, and for each silence
AGAIN = 0.5  # seconds before the second and last try
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class NotDelivered(Exception):
    """A receiver was not told; the text says why, without address or secret.

    Attributes:
        final: Whether to send it again is of no use.
    """

    def __init__(self, why: str, final: bool = False) -> None:
        self.final = final
        super().__init__(why)


def send(event: Event, address: str, receivers: Receivers) -> None:
    """POST an event.

    Raises:
        NotDelivered: It was not accepted.
    """
    body = as_json(event, receivers.notify_language)
    why = ""
    for attempt in range(2):
        time.sleep(AGAIN * attempt)
        head = headers(event, body, receivers.webhook_secret.get_secret_value(), int(time.time()))
        try:
            status = httpx.post(address, content=body, headers=head, timeout=PATIENCE).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = type(error).__name__
            continue
        if 200 <= status < 300:
            return
        why = f"HTTP {status}"
        if status not in _LATER:
            raise NotDelivered(f"{host(address)}: {why}", final=True)
    raise NotDelivered(f"{host(address)}: {why}, twice")


def headers(event: Event, body: bytes, secret: str, now: int) -> dict[str, str]:
    """Return the headers of a POST at a time [s since 1970]."""
    head = {"Content-Type": "application/json; charset=utf-8", "X-Mulgil-Event": event.id}
    if not secret:
        return head
    signed = hmac.new(secret.encode(), f"{now}.".encode() + body, sha256).hexdigest()
    return head | {"X-Mulgil-Timestamp": str(now), "X-Mulgil-Signature": f"sha256={signed}"}


def host(address: str) -> str:
    """Return the host alone: the rest of a webhook's address is often a secret."""
    return urlsplit(address).hostname or "the webhook"
