"""Persistence as a forecast in service, and in the place of the model's."""

import numpy as np
import pytest
import xarray as xr

from data.schema import QUANTILES
from data.sources.simulated import HOUR, network
from forecast.outlook import assess, sentence
from forecast.persistence import learn, persist
from forecast.reasons import notes
from forecast.scaling import Scaling
from forecast.stand_in import as_issued, as_modelled, stand_in

RIVER = network(gauges=2, horizon=3)  # trains on 2018
ISSUE = np.datetime64("2020-06-01", "ns")
WHY = "모형이 나빴습니다. The model did worse."


def scaling(bend: float = np.inf, floor: float = -np.inf) -> Scaling:
    rows = np.ones((2, 1))
    parts = (np.full((2, 1), bend), rows, rows, rows, np.full(2, floor), np.ones(2), rows)
    return Scaling(("own",), *parts)


def record(values: np.ndarray) -> xr.Dataset:
    time = np.datetime64("2018-01-01", "ns") + np.arange(values.size) * HOUR
    both = np.stack([values, np.where(np.arange(values.size) < 50, values, np.nan)])
    return xr.Dataset(
        {"water_level": (("station", "time"), both)}, {"station": RIVER.ids, "time": time}
    )


@pytest.fixture
def ramp() -> xr.Dataset:
    """Return what a record tells that rises by 0.1 m an hour; S2 has 50 h of it."""
    return learn(RIVER, record(0.1 * np.arange(1000)), scaling())


def test_the_record_tells_how_far_the_level_moves_within_a_lead(ramp: xr.Dataset) -> None:
    own = ramp.sel(station="S1")
    assert np.allclose(own["size"], [0.01, 0.04, 0.09])
    assert np.allclose(own.errors.sel(quantile=[0.6, 0.95]), [[0.1] * 2, [0.2] * 2, [0.3] * 2])
    assert (own.errors.sel(quantile=[0.05, 0.5]) == 0).all()  # it never fell
    assert ramp.sel(station="S2").errors.isnull().all()  # too short


def test_years_outside_training_tell_nothing(ramp: xr.Dataset) -> None:
    longer = record(np.concatenate([0.1 * np.arange(8760), np.zeros(5000)]))
    again = learn(RIVER, longer, scaling())
    assert np.allclose(again.errors.sel(station="S1"), ramp.errors.sel(station="S1"))


def test_persistence_is_the_last_value_and_as_wide_as_its_age(ramp: xr.Dataset) -> None:
    fresh = persist(ramp, np.array([2.0, 2.0]), np.array([0, 0]))
    assert np.allclose(fresh[0, :, 4], 2.0)
    assert np.allclose(fresh[0, :, -1], [2.1, 2.2, 2.3])
    old = persist(ramp, np.array([2.0, 2.0]), np.array([1, 0]))
    assert np.allclose(old[0, :, -1], [2.2, 2.3, 2.3])
    assert np.isnan(fresh[1]).all()


def test_a_discharge_changes_in_proportion_and_never_falls_below_its_floor() -> None:
    halving = np.tile([4.0, 2.0], 100)
    told = learn(RIVER, record(halving), scaling(bend=1e-6, floor=0.5))
    made = persist(told, np.array([1.0, 1.0]), np.array([0, 0]))[0, 0]
    assert np.allclose(made[[0, 4, -1]], [0.5, 1.0, 2.0])  # half, the same, or twice as much
    low = persist(told, np.array([0.6, 1.0]), np.array([0, 0]))[0, 0]
    assert low[0] == 0.5


def modelled(reason: str = "") -> xr.Dataset:
    """Return a model's forecast of 9 m at both gauges, read at 2 m an hour before."""
    dims = ("issue_time", "station")
    lead_time = RIVER.lead_times
    values = np.full((1, 2, 3, len(QUANTILES)), np.nan if reason else 9.0, dtype="float32")
    read = np.full((1, 2), ISSUE - HOUR)
    return xr.Dataset(
        {
            "water_level": ((*dims, "lead_time", "quantile"), values, {"units": "m"}),
            "last_observed": (dims, np.full((1, 2), 2.0, dtype="float32")),
            "last_observed_time": (dims, read),
            "reason": (dims, np.full((1, 2), reason)),
        },
        coords={
            "issue_time": [ISSUE],
            "station": RIVER.ids,
            "lead_time": lead_time,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), ISSUE + lead_time[None]),
        },
    )


def test_a_fallen_gauge_gets_persistence_and_the_model_stays_beside_it(ramp: xr.Dataset) -> None:
    made = stand_in(modelled(), RIVER, ramp, {"S1": WHY})
    first, second = (made.water_level.sel(station=s, quantile=0.5) for s in RIVER.ids)
    assert (first == 2.0).all()
    assert (second == 9.0).all()
    assert (as_modelled(made, RIVER) == 9.0).all()
    assert made.water_level.attrs["units"] == "m"
    assert notes(made) == {"S1": WHY}
    assert made.attrs["fallback"] == "S1"
    assert as_issued(made, RIVER).data_vars.keys() == modelled().data_vars.keys()


def test_without_a_fallen_gauge_the_forecast_is_what_it_was(ramp: xr.Dataset) -> None:
    own = modelled()
    assert stand_in(own, RIVER, ramp, {}) is own
    assert stand_in(own, RIVER, ramp, {"gone": WHY}) is own
    assert stand_in(own, RIVER, ramp, {"S2": WHY}) is own  # its record is too short
    assert (as_modelled(own, RIVER) == 9.0).all()
    assert notes(own) == {}


def test_a_silent_gauge_stays_without_a_forecast_for_its_own_reason(ramp: xr.Dataset) -> None:
    silent = modelled("관측이 없습니다. No reading.")
    made = stand_in(silent, RIVER, ramp, {"S1": WHY})
    assert made.water_level.isnull().all()
    outlook = assess(made.isel(issue_time=0), RIVER)[0]
    assert (outlook.reason, outlook.note) == ("관측이 없습니다. No reading.", "")


def test_the_outlook_says_that_no_model_stands_behind_it(ramp: xr.Dataset) -> None:
    made = stand_in(modelled(), RIVER, ramp, {"S1": WHY})
    first, second = assess(made.isel(issue_time=0), RIVER)
    assert sentence(first, RIVER, "en").endswith(". The model did worse.")
    assert sentence(first, RIVER, "ko").endswith(". 모형이 나빴습니다.")
    assert "worse" not in sentence(second, RIVER, "en")
