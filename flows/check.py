"""Look at a whole installation before it is left alone with a river; each line says what to do."""

from collections.abc import Iterator
from functools import partial

from data.errors import MulgilError
from flows import (
    check_disk,
    check_keys,
    check_machine,
    check_network,
    check_prefect,
    leaks,
    notify_receivers,
)
from flows.check_finding import Finding, Look, looked
from flows.settings import Settings


def check(
    settings: Settings, name: str, prefect: bool = False, secrets: bool = False
) -> list[Finding]:
    """Return all findings.

    Args:
        prefect: Start a server that is thrown away, and see that a schedule plans a run (20 s).
        secrets: Search everything below the home for secrets.
    """
    folders = settings.folders
    looks: dict[str, Look] = {
        "python": check_machine.libraries,
        "clock": partial(check_machine.clock, folders),
        "home": partial(check_disk.disk, folders, name),
        "secrets": partial(check_keys.secrets, settings),
        "publisher": partial(_publisher, settings),
        "receivers": partial(_receivers, settings),
        "browser": check_machine.browser,
        "network": partial(_of_network, settings, name),
    }
    looks |= {"prefect": check_prefect.schedules} if prefect else {}
    looks |= {"leaks": partial(_leaks, settings)} if secrets else {}
    return [finding for what, look in looks.items() for finding in looked(what, look)]


def _of_network(settings: Settings, name: str) -> Iterator[Finding]:
    """Yield all of a network; without a network there is nothing more to look at."""
    folders = settings.folders
    found = check_network.find(name, folders)
    yield from check_network.network(found)
    looks: dict[str, Look] = {
        "keys": partial(check_keys.keys, settings, found),
        "record": partial(check_network.record, found, folders),
        "model": partial(check_network.model, found, folders),
        "heartbeat": partial(check_network.last_cycle, found, folders),
    }
    for what, look in looks.items():
        yield from looked(what, look)


def _publisher(settings: Settings) -> Iterator[Finding]:
    if settings.authority:
        yield Finding("publisher", "ok", f"{settings.sender} speaks as an authority: CAP is Actual")
    elif settings.sender:
        yield Finding("publisher", "ok", f"{settings.sender}; not an authority: CAP is Exercise")
    else:
        told = "nobody: alerts carry no sender of yours, and CAP is Exercise or Test"
        remedy = "Set MULGIL_SENDER, _SENDER_NAME_KO, _SENDER_NAME_EN, _CONTACT, _BASE_URL."
        yield Finding("publisher", "note", told, f"{remedy} See docs/publishing.md")


def _receivers(settings: Settings) -> Iterator[Finding]:
    found = notify_receivers.of(settings)
    if not found:
        remedy = (
            "Set MULGIL_WEBHOOK, MULGIL_MAIL_TO or MULGIL_NOTIFY_COMMAND; then mulgil notify --test"
        )
        yield Finding("receivers", "note", "nobody is told when something fails", remedy)
        return
    yield Finding("receivers", "ok", f"{', '.join(found)}; try them: mulgil notify --test")
    if "http://" in settings.webhook.get_secret_value():
        told = "a webhook is asked without encryption"
        yield Finding("receivers", "note", told, "Use its https:// address, unless it is local.")


def _leaks(settings: Settings) -> Iterator[Finding]:
    """Yield where a secret stands that should stand nowhere.

    Raises:
        MulgilError: There is no home yet.
    """
    if not settings.home.is_dir():
        raise MulgilError(f"There is no {settings.home}.", "Nothing was made yet.")
    places = leaks.places(settings.home, settings.secrets.values())
    if places:
        told = f"a secret stands in {len(places)} files: {', '.join(places[:5])}"
        remedy = "Get a new key, remove those files, and report how they came to be."
        yield Finding("leaks", "wrong", told, remedy)
    else:
        yield Finding("leaks", "ok", f"no secret in any file below {settings.home}")
