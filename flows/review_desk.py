"""A reviewer's desk: see a draft, edit it, approve it, hold it, take an edit back.

Each act names the version of the log that its writer saw; each is one line of the log, and the site
is published again with it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import MulgilError, NothingThere
from flows import manifest, publishing, pulling, review, review_book, review_input, review_log
from flows.folders import Folders
from flows.review_book import Book
from flows.review_input import BadReview, Decided, Form
from flows.review_log import Asked, Entry
from flows.settings import Settings
from forecast.edits import LEVELS, Change, apply
from forecast.outlook import Outlook
from maps.feeds.gate import may_go_out
from maps.view import View

FARTHEST = {"water_level": 20.0, "discharge": 1e5}  # [m, m3/s] that a peak may be moved: a slip


@dataclass(frozen=True)
class Draft:
    """A forecast on the desk.

    Attributes:
        view: As the site would show it.
        shown: Whether the site shows this run.
        waits: Its alerts wait for an approval.
    """

    run: manifest.Manifest
    view: View
    book: Book
    shown: bool
    waits: bool

    @property
    def version(self) -> int:
        """The version of the log that whoever looks at this has seen."""
        return self.book.log.version


@dataclass(frozen=True)
class Done:
    """What an act did.

    Attributes:
        entry: The line of the log.
        change: What an edit does to the draft; None for other acts.
        release: The site with it; None where it was not published.
    """

    entry: Entry
    change: Change | None = None
    release: Path | None = None


def networks(folders: Folders) -> list[str]:
    """Return the networks that have a forecast to review."""
    return sorted(path.parent.name for path in publishing.shown_manifests(folders))


def draft(settings: Settings, network: str, run_id: str = "") -> Draft:
    """Return a forecast to review.

    Args:
        run_id: Of an earlier run; "": the one that the site shows.

    Raises:
        UnknownNetwork: There is no such network.
        NothingThere: There is no such run, or the site shows none of the network.
        BrokenLog: The log cannot be trusted.
    """
    folders = settings.folders
    pulling.find(network, folders)
    if not folders.shown(network).exists():
        raise NothingThere(
            f"The site shows no forecast of '{network}' yet.", f"Run: mulgil forecast {network}"
        )
    shown = manifest.load(folders.shown(network))
    run = _run(folders, network, run_id) if run_id else shown
    known = review.book(folders, network)
    view = publishing.view(run, folders, run.with_outcome)
    waits = not may_go_out(view, settings.publisher)
    return Draft(run, view, known, run.run_id == shown.run_id, waits)


def edit(settings: Settings, found: Draft, form: Form, publish: bool = True) -> Done:
    """Write an edit into the log and publish the site with it.

    Args:
        found: The draft that the writer saw; `form.saw` is its version.

    Raises:
        BadReview: It cannot be done in this forecast.
        Overtaken: Somebody else has edited the gauge, or decided, meanwhile.
    """
    run, raw = found.run, _raw(found)
    made = review_input.edit_of(form, raw.issue_time, review.moment(run, raw.issue_time))
    before = apply(raw.forecast, raw.outlooks, found.book.edits, raw.network, made.created)
    after = apply(raw.forecast, raw.outlooks, (*found.book.edits, made), raw.network, made.created)
    change = _checked(form, found, after.changes)
    told = review_book.as_told(made) | {
        "before": _side(_of(before.outlooks, form.station)),
        "after": _side(change.after),
        "automatic": _side(change.before),
    }
    asked = Asked("edit", form.role, form.name, run.run_id, told)
    entry = _append(settings, found, asked, (form.saw, form.station))
    return Done(entry, change, _published(settings, form.role) if publish else None)


def decide(
    settings: Settings, found: Draft, asked: Decided, edit_id: str = "", publish: bool = True
) -> Done:
    """Approve or hold a forecast, or withdraw an edit, or what was decided; publish the site.

    Args:
        edit_id: Of the edit that is withdrawn; "" withdraws what was decided of the run.

    Raises:
        BadReview: There is nothing to withdraw.
        Overtaken: Somebody else wrote something meanwhile.
    """
    told: dict[str, Any] = {"reason": asked.reason}
    if asked.what == "withdraw":
        told |= {"id": edit_id, "station": _withdrawn(found, edit_id)}
    written = Asked(asked.what, asked.role, asked.name, found.run.run_id, told)
    entry = _append(settings, found, written, (asked.saw, ""))
    return Done(entry, None, _published(settings, asked.role) if publish else None)


def _withdrawn(found: Draft, edit_id: str) -> str:
    """Return the gauge of the edit that is withdrawn; "" for a decision."""
    for each in found.book.edits:
        if each.id == edit_id:
            return each.station
    if edit_id or found.run.run_id not in found.book.decisions:
        what = f"edit '{edit_id}'" if edit_id else f"decision on {found.run.run_id}"
        there = ", ".join(each.id for each in found.book.edits) or "none"
        raise BadReview(f"There is no {what} to withdraw.", f"Edits: {there}.")
    return ""


def _append(settings: Settings, found: Draft, asked: Asked, saw: tuple[int, str]) -> Entry:
    version, station = saw
    if version > found.version:
        raise BadReview(f"Version {version} does not exist; the newest is {found.version}.")

    def allowed(log: review_log.Log) -> None:
        review_book.overtaken(log, version, asked.kind, station)

    folder = review.folder(settings.folders, found.run.network)
    return review_log.append(folder, asked, allowed)[1]


def _published(settings: Settings, role: str) -> Path:
    return publishing.republish(settings.folders, f"review: {role}", settings)


def _checked(form: Form, found: Draft, changes: tuple[Change, ...]) -> Change:
    """Return what the edit does, where it can be done."""
    network = found.view.network
    if form.station not in network.ids:
        raise BadReview(
            f"'{network.name}' has no gauge '{form.station}'.", f"It has {_some(network.ids)}."
        )
    change = next(each for each in changes if each.station == form.station)
    if form.kind in LEVELS and "new" in change.idle:
        raise BadReview(
            f"It would change nothing at '{form.station}': there is no forecast at these times, "
            "or it says this already.",
            "Where there is no forecast, a stage may be set.",
        )
    moved, most = abs(change.after.peak - change.before.peak), FARTHEST[network.quantity.value]
    if moved > most:
        raise BadReview(
            f"It would move the peak by {moved:.6g} {network.quantity.unit}, more than {most:g}.",
            f"Values are in {network.quantity.unit}; look for a slip.",
        )
    return change


def _raw(found: Draft) -> review.Raw:
    reviewed = found.view.review
    if reviewed is None:
        raise MulgilError("This forecast is not under review.")
    return review.Raw(found.run, found.view.network, reviewed.forecast, reviewed.outlooks)


def _run(folders: Folders, network: str, run_id: str) -> manifest.Manifest:
    if Path(run_id).name != run_id:
        raise BadReview(f"'{run_id}' is no id of a run.")
    run = manifest.load(folders.run(run_id))
    if run.network != network:
        raise BadReview(f"The run '{run_id}' is of '{run.network}', not of '{network}'.")
    if not run.forecast:
        raise BadReview(f"The run '{run_id}' left no forecast.")
    return run


def _of(outlooks: tuple[Outlook, ...], station: str) -> Outlook | None:
    return next((outlook for outlook in outlooks if outlook.station == station), None)


def _side(outlook: Outlook | None) -> dict[str, Any]:
    if outlook is None:
        return {}
    peak = None if np.isnan(outlook.peak) else round(float(outlook.peak), 3)
    return {"stage": outlook.stage.name.lower(), "peak": peak}


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
