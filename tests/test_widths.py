"""Widths decided after each day, and what an issue sees of them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from data import netcdf
from data.sources import simulated
from flows import issuing, manifest, pulling, replaying, training, widths
from flows.folders import Folders
from flows.manifest import Manifest, begin
from forecast.model import ModelConfig
from forecast.train import TrainConfig

RIVER = simulated.network(gauges=2)
HOUR, DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")
FIRST = np.datetime64("2026-03-01", "ns")
ALL_MISSED = np.exp(0.1 * (24 - 2.4) / 24)  # 1.094, after a day of 24 misses of 24


def sums(days: int, now: np.datetime64, models: str = "a") -> xr.Dataset:
    """Return counts of some days: S1 misses all, S2 one in ten; at 1 h and at 24 h."""
    day = FIRST + DAY * np.arange(days)
    dims = ("day", "station", "lead_time")
    covered = np.broadcast_to(np.array([0.0, 21.6])[None, :, None], (days, 2, 2))
    return xr.Dataset(
        {"n": (dims, np.full((days, 2, 2), 24.0)), "covered": (dims, covered)},
        coords={
            "day": day,
            "station": RIVER.ids,
            "lead_time": RIVER.lead_times[[0, -1]],
            "models": ("day", [models] * days),
        },
        attrs={"known_at": str(now)},
    )


def factor(path: Path | None) -> list[list[float]]:
    assert path is not None
    found: list[list[float]] = netcdf.read(path).factor.values.tolist()
    return found


def run(known_at: np.datetime64) -> Manifest:
    made = begin("simulated", known_at, "test")
    made.known_at, made.replay = f"{known_at}Z", True
    return made


def test_a_day_is_counted_once_when_it_is_over(tmp_path: Path) -> None:
    folders, now = Folders(tmp_path), FIRST + DAY + HOUR
    first = widths.decide(folders, RIVER, "replay", sums(2, now), "a")
    again = widths.decide(folders, RIVER, "replay", sums(2, now + HOUR), "a")
    assert first == again
    assert factor(first) == [
        pytest.approx([ALL_MISSED, ALL_MISSED], rel=1e-6),
        pytest.approx([1.0, 1.0]),
    ]
    second = widths.decide(folders, RIVER, "replay", sums(2, now + DAY), "a")
    assert factor(second)[0] == pytest.approx([ALL_MISSED**2] * 2, rel=1e-6)


def test_the_first_decision_does_not_wind_up_days_that_knew_of_none(tmp_path: Path) -> None:
    found = widths.decide(Folders(tmp_path), RIVER, "replay", sums(20, FIRST + 20 * DAY), "a")
    assert factor(found)[0] == pytest.approx([ALL_MISSED] * 2, rel=1e-6)


def test_days_of_another_model_count_for_nothing(tmp_path: Path) -> None:
    folders, now = Folders(tmp_path), FIRST + 3 * DAY
    assert widths.decide(folders, RIVER, "replay", sums(3, now, "old"), "a") is None
    assert widths.decide(folders, RIVER, "replay", sums(3, now, "a b"), "a") is None


def test_an_issue_sees_what_was_decided_by_its_own_time_for_its_own_model(tmp_path: Path) -> None:
    folders, early = Folders(tmp_path), FIRST + DAY + HOUR
    first = widths.decide(folders, RIVER, "replay", sums(1, early), "a")
    second = widths.decide(folders, RIVER, "replay", sums(2, early + DAY), "a")

    def seen(at: np.datetime64, model: str = "a") -> Path | None:
        return widths.newest(folders, RIVER, "replay", at, model)

    assert seen(early - HOUR) is None
    assert seen(early) == first
    assert seen(early + DAY - HOUR) == first
    assert seen(early + 9 * DAY) == second
    assert seen(early + 9 * DAY, "b") is None


def forecast() -> xr.Dataset:
    from data.schema import QUANTILES

    spread = np.array(QUANTILES) - 0.5
    values = np.broadcast_to(1 + spread, (1, 2, RIVER.horizon, len(QUANTILES)))
    dims = ("issue_time", "station", "lead_time", "quantile")
    return xr.Dataset(
        {
            "water_level": (dims, values.astype("float32")),
            "last_observed": (dims[:2], np.ones((1, 2))),
        },
        coords={
            "issue_time": [FIRST + 2 * DAY],
            "station": RIVER.ids,
            "lead_time": RIVER.lead_times,
            "quantile": list(QUANTILES),
        },
        attrs={"quantity": "water_level"},
    )


def model() -> Any:
    """Return what `widths` looks at of a checkpoint: its id and its scaling."""
    many, far = np.full((2, 1), np.inf), np.full((2, RIVER.horizon), 99.0)
    scaling = SimpleNamespace(bend=many, high=np.full(2, 5.0), floor=np.full(2, -9.0), rise=far)
    return SimpleNamespace(model_id="a", scaling=scaling)


def test_the_gauge_that_missed_is_issued_wider_and_no_other(tmp_path: Path) -> None:
    folders, now = Folders(tmp_path), FIRST + DAY + HOUR
    widths.decide(folders, RIVER, "replay", sums(1, now), "a")
    found, path = widths.with_widths(forecast(), model(), RIVER, folders, run(now))
    assert path is not None
    wide = np.ptp(found.water_level.values[0], axis=-1)  # (station, lead)
    assert wide[0] == pytest.approx(0.9 * ALL_MISSED, rel=1e-5)
    assert wide[1] == pytest.approx(0.9, rel=1e-5)


def test_a_forecast_that_knows_a_plan_keeps_its_own_widths(tmp_path: Path) -> None:
    folders, now = Folders(tmp_path), FIRST + DAY + HOUR
    widths.decide(folders, RIVER, "replay", sums(1, now), "a")
    planned = forecast().assign_attrs(futures="plan release.csv")
    found, path = widths.with_widths(planned, model(), RIVER, folders, run(now))
    assert path is None
    assert found.identical(planned)


def test_a_broken_file_is_passed_over_and_stops_no_forecast(tmp_path: Path) -> None:
    folders, now = Folders(tmp_path), FIRST + DAY + HOUR
    first = widths.decide(folders, RIVER, "replay", sums(1, now), "a")
    second = widths.decide(folders, RIVER, "replay", sums(2, now + DAY), "a")
    assert first is not None
    assert second is not None
    second.write_bytes(b"no netCDF")
    found = widths.with_widths(forecast(), model(), RIVER, folders, run(now + DAY))
    assert found[1] == first
    first.write_bytes(b"nor this")
    own, path = widths.with_widths(forecast(), model(), RIVER, folders, run(now + DAY))
    assert path is None
    assert own.identical(forecast())


def test_a_gauge_that_joined_later_is_issued_as_learnt(tmp_path: Path) -> None:
    folders, now = Folders(tmp_path), FIRST + DAY + HOUR
    widths.decide(folders, RIVER, "replay", sums(1, now).sel(station=["S1"]), "a")
    found, _ = widths.with_widths(forecast(), model(), RIVER, folders, run(now))
    wide = np.ptp(found.water_level.values[0], axis=-1)
    assert wide[:, 0] == pytest.approx([0.9 * ALL_MISSED, 0.9], rel=1e-5)


TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))


def _issued(folders: Folders) -> tuple[Manifest, xr.Dataset]:
    run = manifest.load(issuing.issue("simulated", None, folders))
    return run, netcdf.read(folders.forecasts("simulated") / run.forecast)


def test_an_issue_goes_by_the_widths_in_force_and_is_issued_anew_to_the_bit(
    tmp_path: Path,
) -> None:
    folders = Folders(tmp_path)
    pulling.pull("simulated", None, folders)
    training.train("simulated", folders, TINY)
    run, learnt = _issued(folders)
    river = pulling.find("simulated", folders)
    path = widths._folder(folders, river, "replay") / f"2020-12-30-{run.model}.nc"
    factor = xr.DataArray(
        np.full((len(river.ids), 1), 2.0),
        {"station": river.ids, "lead_time": river.lead_times[:1]},
        ("station", "lead_time"),
    )
    netcdf.write(path, factor.to_dataset(name="factor").assign_attrs(known_at="2020-12-31T01:00"))
    later, wide = _issued(folders)
    quiet = wide.water_level.values[0, :, :, -1] != learnt.water_level.values[0, :, :, -1]
    assert quiet.any()  # at high water widths stay
    each = [np.ptp(x.water_level.values[0], axis=-1)[quiet] for x in (learnt, wide)]
    assert np.all(each[1] > 1.3 * each[0])
    anew = replaying.again(later, folders)
    assert (anew.forecast.water_level.values == wide.water_level.values).all()
    assert anew.substitutes == ()
