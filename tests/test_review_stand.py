"""How a forecast stands: expiry by the clock for a live network, approval of what was approved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from flows import manifest, review, review_book, review_log
from flows.review import Raw
from flows.review_book import Book
from flows.review_log import Asked
from maps.view import View

RIVER = simulated.network(gauges=5)
ISSUE = np.datetime64("2020-07-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")
Maker = Callable[[Network], View]


def raw(view: View, kind: str = "real-time") -> Raw:
    run = manifest.begin("simulated", ISSUE, "operator")
    run.run_id, run.kind = "run-1", kind
    return Raw(run, RIVER, view.forecast, view.outlooks)


def book(folder: Path, *kinds: str, approved: str = "2020-07-01T01:00:00Z") -> Book:
    """Return the book of an edit that expires at 02:00, and decisions at a given time."""
    told: dict[str, Any] = {"station": "S4", "kind": "offset", "value": 1.0, "reason": "rain"}
    told |= {"issued": "2020-07-01T00:00:00Z", "expires": "2020-07-01T02:00:00Z"}
    told |= {"first": "", "last": "", "fade_seconds": 0}
    log = review_log.Log()
    for kind in kinds:
        own = told if kind == "edit" else {"reason": "looked at"}
        asked = Asked(kind, "duty", "", "run-1", own)
        log, _ = review_log.append(folder, asked, lambda _: None)
    dated = [review_log.Entry(**(vars(entry) | {"at": approved})) for entry in log.entries]
    return review_book.read(review_log.Log(tuple(dated)))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def at(hours: int) -> None:
        monkeypatch.setattr(review, "this_moment", lambda: ISSUE + hours * HOUR)

    return at


@pytest.mark.parametrize(("hours", "moved"), [(1, True), (2, False), (48, False)])
def test_of_a_live_network_the_clock_ends_an_edit(
    make_view: Maker, tmp_path: Path, clock: Callable[[int], None], hours: int, moved: bool
) -> None:
    clock(hours)
    view = make_view(RIVER)
    edited, _ = review.stand(raw(view), book(tmp_path, "edit"))
    assert (edited.forecast is not view.forecast) is moved


def test_of_a_replay_the_issue_time_ends_it(
    make_view: Maker, tmp_path: Path, clock: Callable[[int], None]
) -> None:
    clock(48_000)
    edited, _ = review.stand(raw(make_view(RIVER), "replay"), book(tmp_path, "edit"))
    assert edited.changes


def test_an_approved_forecast_stays_as_it_was_approved(
    make_view: Maker, tmp_path: Path, clock: Callable[[int], None]
) -> None:
    clock(48)
    edited, seen = review.stand(raw(make_view(RIVER)), book(tmp_path, "edit", "approve"))
    assert seen.state == "approved"
    assert edited.changes


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (("edit",), "automatic"),
        (("approve",), "approved"),
        (("approve", "edit"), "automatic"),
        (("approve", "edit", "approve"), "approved"),
        (("approve", "hold"), "held"),
        (("hold", "edit"), "held"),
    ],
)
def test_the_last_word_counts_and_an_edit_undoes_an_approval(
    make_view: Maker,
    tmp_path: Path,
    clock: Callable[[int], None],
    kinds: tuple[str, ...],
    state: str,
) -> None:
    clock(1)
    _, seen = review.stand(raw(make_view(RIVER)), book(tmp_path, *kinds))
    assert seen.state == state
