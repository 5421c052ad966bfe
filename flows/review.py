"""Review a forecast: read what persons wrote, apply it, and write what they decide.

The truth is the log (`flows.review_log`); the site and the manifests follow from it. An edit counts
for the forecast that its writer saw and for later ones, until it expires. An approved forecast
stays as it was approved: its edits are those of that moment.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data.network import Network
from flows import manifest, review_book, review_log
from flows.folders import Folders
from flows.pulling import this_moment
from flows.review_book import Book, Decision
from flows.review_log import BrokenLog
from forecast.edits import Edited, apply
from forecast.outlook import Outlook
from maps.review import Reviewed

NOTHING_TRUSTED = (
    "검토 기록을 확인할 수 없어 수정과 승인을 적용하지 않았습니다. "
    "The review log cannot be verified: no edit and no approval is applied."
)


@dataclass(frozen=True)
class Raw:
    """A forecast as it was issued, with what it means."""

    run: manifest.Manifest
    network: Network
    forecast: xr.Dataset
    outlooks: tuple[Outlook, ...]

    @property
    def issue_time(self) -> np.datetime64:
        """The issue time, UTC."""
        issued: np.datetime64 = self.forecast.issue_time.values[0]
        return issued


def folder(folders: Folders, network: str) -> Path:
    """Return where the reviews of a network are kept."""
    return folders.network(network) / "review"


def book(folders: Folders, network: str) -> Book:
    """Return what persons wrote of a network, checked.

    Raises:
        BrokenLog: It was changed, cut short or taken away.
    """
    log = review_log.read(folder(folders, network))
    _reaches(log, folders, network)
    return review_book.read(log)


def seen(raw: Raw, folders: Folders) -> tuple[Edited, Reviewed]:
    """Return a forecast as it is to be shown, and how it stands.

    A log that cannot be trusted changes nothing and stops nothing: the automatic forecast is shown,
    and the trouble is told.
    """
    raw.run.warnings = [w for w in raw.run.warnings if not w.startswith(NOTHING_TRUSTED)]
    try:
        known = book(folders, raw.run.network)
    except BrokenLog as error:
        plain = Edited(raw.forecast, raw.outlooks, ())
        raw.run.warnings.append(f"{NOTHING_TRUSTED} {error}")
        version, digest = _used(folders, raw.run.network)  # still asked for by the next forecast
        return plain, Reviewed(
            raw.forecast,
            raw.outlooks,
            trouble=NOTHING_TRUSTED,
            version=version,
            digest=digest,
        )
    return stand(raw, known)


def stand(raw: Raw, known: Book) -> tuple[Edited, Reviewed]:
    """Return a forecast with the edits that count for it, and how it stands."""
    decided = known.decision(raw.run.run_id, raw.issue_time)
    at = _at(raw, decided)
    edited = apply(raw.forecast, raw.outlooks, known.edits, raw.network, at)
    review = Reviewed(
        raw.forecast,
        raw.outlooks,
        changes=edited.changes,
        version=known.log.version,
        digest=known.log.digest if known.log.version else "",
    )
    if decided is None:
        return edited, review
    return edited, replace(
        review, state=decided.state, role=decided.role, at=decided.at, reason=decided.reason
    )


def moment(run: manifest.Manifest, issue_time: np.datetime64) -> np.datetime64:
    """Return the moment that expiry is counted by: the clock's; of a past or a drill its own."""
    return this_moment() if run.kind == "real-time" else issue_time


def approved_before(known: Book, raw: Raw, folders: Folders) -> manifest.Manifest | None:
    """Return the newest earlier run that is approved; None if there is none."""
    found: list[manifest.Manifest] = []
    for run_id, decision in known.decisions.items():
        path = folders.run(run_id)
        if decision.state != "approved" or not path.exists() or run_id == raw.run.run_id:
            continue
        run = manifest.load(path)
        issued = np.datetime64(run.issue_time.rstrip("Z"), "ns")
        if issued <= raw.issue_time and run.kind == raw.run.kind:
            found += [run] if known.decision(run_id, issued) else []
    return max(found, key=lambda run: (run.issue_time, run.started), default=None)


def _at(raw: Raw, decided: Decision | None) -> np.datetime64:
    if decided and decided.state == "approved" and raw.run.kind == "real-time":
        return decided.at
    return moment(raw.run, raw.issue_time)


def _reaches(log: review_log.Log, folders: Folders, network: str) -> None:
    """Check that the log still holds what the run that is shown has used of it."""
    version, digest = _used(folders, network)
    if not version or (log.entries and log.entries[0].kind == "restart"):
        return
    if version > log.version or log.entries[version - 1].digest != digest:
        raise BrokenLog(
            f"The review log of '{network}' lacks entries that the site has used "
            f"(version {version}).",
            "Restore it, or begin a new one: "
            f"mulgil review restart {network} --reason TEXT --role ROLE",
        )


def _used(folders: Folders, network: str) -> tuple[int, str]:
    """Return what of the log the run that is shown has used: version and digest."""
    path = folders.shown(network)
    kept: dict[str, Any] = manifest.load(path).review if path.exists() else {}
    return int(kept.get("version") or 0), str(kept.get("digest") or "")
