"""Tell a program: its arguments as they are set, no shell, the event as JSON on its stdin."""

import os
import shlex
import signal
import subprocess
from contextlib import suppress

from flows.notify_event import Event, as_json
from flows.notify_settings import Receivers
from flows.notify_webhook import NotDelivered
from flows.redaction import redact

PATIENCE = 5.0  # seconds that it may take
_SECRET = ("_KEY", "_SECRET", "_PASSWORD", "_WEBHOOK")


def send(event: Event, receivers: Receivers) -> None:
    """Run the program; it is ended, children included, when it takes too long.

    Raises:
        NotDelivered: There is no such program, it failed, or it took too long.
    """
    arguments = shlex.split(receivers.notify_command)
    try:
        process = subprocess.Popen(  # noqa: S603  # the operator's own program and arguments
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment() | {"MULGIL_EVENT": event.kind, "MULGIL_EVENT_ID": event.id},
            start_new_session=True,
        )
    except OSError as error:
        raise NotDelivered(f"{_name(arguments)}: {error.strerror}", final=True) from None
    try:
        _, said = process.communicate(as_json(event, receivers.notify_language), PATIENCE)
    except subprocess.TimeoutExpired:
        _end(process)
        raise NotDelivered(f"{_name(arguments)}: ended after {PATIENCE:g} s") from None
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        told = f": {last}" if last else ""
        raise NotDelivered(redact(f"{_name(arguments)}: exit {process.returncode}{told}"))


def environment() -> dict[str, str]:
    """Return the environment without our secrets: the program has its own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith("MULGIL_") and name.endswith((*_SECRET, "_SECRETS_FILE")))
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _name(arguments: list[str]) -> str:
    """Return the program's name alone: arguments may hold a secret."""
    return os.path.basename(arguments[0]) if arguments else "no command"  # noqa: PTH119
