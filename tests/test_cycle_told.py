"""The one sentence that a cycle says of itself."""

from pathlib import Path

import numpy as np
import pytest

from data.sources import simulated
from flows import cycle_told
from flows.cycle_steps import Work
from flows.manifest import Manifest, begin
from flows.settings import Settings

ISSUE = np.datetime64("2026-03-01T06:00", "ns")


def told(tmp_path: Path, last: dict[str, str | None], **change: object) -> cycle_told.Told:
    run: Manifest = begin("simulated", ISSUE, "test")
    run.inputs = {"last_value": {s: {"water_level": t, "rainfall": None} for s, t in last.items()}}
    for name, value in change.items():
        setattr(run, name, value)
    work = Work("simulated", Settings(home=tmp_path), ISSUE, "test", 60.0)
    return cycle_told.of(run, work, tmp_path, [])


FRESH: dict[str, str | None] = dict.fromkeys(simulated.network().ids, "2026-03-01T06:00Z")


def test_a_cycle_with_fresh_readings_has_no_gap(tmp_path: Path) -> None:
    found = told(tmp_path, dict(FRESH))
    assert found == cycle_told.Told(
        "simulated: forecast of 2026-03-01T06:00Z issued: 3 of 3 gauges.", gaps=False
    )


def test_readings_of_three_hours_ago_are_no_gap_and_older_ones_are(tmp_path: Path) -> None:
    assert not told(tmp_path, FRESH | {"S1": "2026-03-01T03:00Z"}).gaps
    found = told(tmp_path, FRESH | {"S1": "2026-03-01T02:00Z", "S2": None})
    assert found.gaps
    assert "3 of 3 gauges; 2 of them without a reading for more than 3 h." in found.sentence


def test_a_gauge_without_a_forecast_is_not_counted_twice(tmp_path: Path) -> None:
    found = told(tmp_path, FRESH | {"S1": None}, degraded={"S1": "silent"})
    assert found.gaps
    assert found.sentence.endswith("issued: 2 of 3 gauges.")


@pytest.mark.parametrize("state", ["failed · no answer", "failed: refused"])
def test_a_provider_that_gave_nothing_is_named(tmp_path: Path, state: str) -> None:
    found = told(tmp_path, dict(FRESH), providers={"hrfco rainfall": state, "usgs rainfall": "ok"})
    assert found.gaps
    assert f"hrfco rainfall {state}" in found.sentence
