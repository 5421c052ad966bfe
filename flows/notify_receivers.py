"""Hand one event to every receiver at once; whoever is slow costs a cycle a few seconds at most."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flows import notify_mail, notify_program, notify_webhook
from flows.notify_event import Event
from flows.notify_settings import Receivers
from flows.notify_webhook import NotDelivered
from flows.redaction import redact

PATIENCE = 8.0  # seconds that all receivers have together
Send = Callable[[Event], None]


@dataclass(frozen=True)
class Trouble:
    """Why a receiver was not told.

    Attributes:
        final: To send it again later is of no use.
    """

    why: str
    final: bool = False


def of(receivers: Receivers) -> dict[str, Send]:
    """Return how to tell each receiver that is configured, by its name."""
    found: dict[str, Send] = {}
    for number, address in enumerate(receivers.webhook.get_secret_value().split(), start=1):
        found[f"webhook {number}"] = partial(
            notify_webhook.send, address=address, receivers=receivers
        )
    if receivers.mail_to:
        found["e-mail"] = partial(notify_mail.send, receivers=receivers)
    if receivers.notify_command:
        found["command"] = partial(notify_program.send, receivers=receivers)
    return found


def tell(event: Event, senders: dict[str, Send], patience: float = PATIENCE) -> dict[str, Trouble]:
    """Tell all of them side by side; return who was not told, and why. Never raises."""
    slow = Trouble(f"no answer within {patience:g} s")
    troubles: dict[str, Trouble | None] = dict.fromkeys(senders, slow)
    threads = [
        threading.Thread(target=_try, args=(name, send, event, troubles), daemon=True)
        for name, send in senders.items()
    ]
    for thread in threads:
        thread.start()
    waited = threading.Event()
    threading.Thread(target=_join, args=(threads, waited), daemon=True).start()
    waited.wait(patience)
    return {name: why for name, why in dict(troubles).items() if why}


def _join(threads: list[threading.Thread], done: threading.Event) -> None:
    for thread in threads:
        thread.join()
    done.set()


def _try(name: str, send: Send, event: Event, troubles: dict[str, Trouble | None]) -> None:
    try:
        send(event)
        troubles[name] = None
    except NotDelivered as error:
        troubles[name] = Trouble(redact(str(error)), error.final)
    except Exception as error:  # noqa: BLE001  # a receiver is no reason to stop a cycle
        troubles[name] = Trouble(redact(repr(error)), final=True)
