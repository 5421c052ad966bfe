import json

import numpy as np
import pytest
import xarray as xr

from data.schema import QUANTILES
from data.sources.simulated import HOUR, network
from forecast.reliability import levels, reliability, rows

RIVER = network(gauges=1, horizon=1)  # attention 2, watch 3 m; trains on 2018
START = np.datetime64("2020-06-01", "ns")
LIMIT = xr.DataArray([[2.0]], {"station": ["S1"], "event": ["attention"]}, ("station", "event"))


def case(chances: list[float], outcomes: list[int]) -> tuple[xr.Dataset, xr.Dataset]:
    """Return one forecast a day with a chance of 2 m, and a record that reaches it or does not."""
    issue = START + np.arange(len(chances)) * 24 * HOUR
    place = np.array([QUANTILES.index(round(1 - chance, 2)) for chance in chances])
    steps = 0.1 * (np.arange(len(QUANTILES)) - place[:, None])  # the quantile 1 - chance is 2 m
    dims = ("issue_time", "station", "lead_time", "quantile")
    lead = np.array([1]) * HOUR.astype("timedelta64[ns]")
    coords = {
        "issue_time": issue,
        "station": ["S1"],
        "lead_time": lead,
        "quantile": list(QUANTILES),
    }
    forecast = xr.Dataset({"water_level": (dims, (2 + steps)[:, None, None])}, coords)
    values = np.where(np.array(outcomes) == 1, 2.5, 1.0)
    record = xr.Dataset(
        {"water_level": (("station", "time"), values[None])},
        {"station": ["S1"], "time": issue + HOUR},
    )
    return forecast, record


def judged(chances: list[float], outcomes: list[int]) -> xr.Dataset:
    return reliability(*case(chances, outcomes), RIVER, LIMIT).isel(lead_time=0, event=0)


def test_of_the_days_with_one_chance_the_share_that_came_is_told() -> None:
    found = judged([0.4] * 5 + [0.9] * 2, [1, 1, 0, 0, 0, 1, 0])
    four, nine = (found.isel(bin=n) for n in (4, 9))
    assert (float(four.bin), four.n, four.n_blocks) == (0.4, 5, 5)
    assert four.mean_probability == pytest.approx(0.4)
    assert four.observed_frequency == pytest.approx(0.4)
    assert (nine.n, nine.observed_frequency) == (2, 0.5)
    assert found.n.sum() == 7
    assert found.observed_frequency.isnull().sum() == 9  # nothing is told of empty classes


def test_the_ends_of_the_scale_have_classes_of_their_own() -> None:
    found = judged([0.05, 0.05, 0.95, 0.1], [0, 1, 1, 0])
    assert found.n.values.tolist() == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]


def test_the_interval_is_wilsons() -> None:
    found = judged([0.5] * 10, [1] * 5 + [0] * 5).isel(bin=5)
    assert found.low == pytest.approx(0.2366, abs=1e-4)  # 5 of 10, as in any table
    assert found.high == pytest.approx(0.7634, abs=1e-4)


def test_the_brier_score_and_its_parts() -> None:
    found = judged([0.4] * 5 + [0.9] * 5, [1, 1, 0, 0, 0, 1, 1, 1, 1, 1])
    assert found.brier == pytest.approx((2 * 0.36 + 3 * 0.16 + 5 * 0.01) / 10)
    assert found.brier_reliability == pytest.approx(0.5 * 0.1**2)  # 0.9 told, all came
    assert found.brier_uncertainty == pytest.approx(0.7 * 0.3)
    assert found.brier_resolution == pytest.approx(0.5 * 0.3**2 + 0.5 * 0.3**2)
    parts = found.brier_reliability - found.brier_resolution + found.brier_uncertainty
    assert found.brier == pytest.approx(parts)
    assert found.brier_skill == pytest.approx(1 - 0.125 / 0.21)
    assert (found.n_pairs, found.n_events) == (10, 7)


def test_a_rare_event_is_judged_on_the_scale_that_chances_are_told_on() -> None:
    found = judged([0.05] * 99 + [0.95], [0] * 99 + [1])
    always = 0.01 * 0.95**2 + 0.99 * 0.05**2  # "5 % or less" every day
    assert found.brier_skill == pytest.approx(1 - 0.05**2 / always)


def test_a_bound_that_holds_is_reliable_and_one_that_does_not_is_not() -> None:
    assert judged([0.05] * 4 + [0.95], [0, 0, 0, 0, 1]).brier_reliability == 0
    assert judged([0.05] * 4, [1, 0, 0, 0]).brier_reliability == pytest.approx(0.2**2)


def test_hours_of_one_day_are_one_flood() -> None:
    forecast, record = case([0.5] * 4, [1, 1, 0, 0])
    issue = START + np.arange(4) * HOUR
    record = record.assign_coords(time=issue + HOUR)
    found = reliability(forecast.assign_coords(issue_time=issue), record, RIVER, LIMIT)
    assert found.n.sum() == 4
    assert found.n_blocks.sum() == 1


def test_where_nothing_ever_came_there_is_no_skill_to_tell() -> None:
    (row,) = rows(*case([0.05, 0.1], [0, 0]), RIVER, LIMIT)
    assert row["brier_skill"] is None
    assert row["n_events"] == 0
    assert [b["observed_frequency"] for b in row["bins"]] == [0, 0]
    assert [b["bound"] for b in row["bins"]] == ["at most", ""]


def test_a_silent_gauge_and_a_threshold_that_is_not_set_give_empty_rows_of_json() -> None:
    forecast, record = case([0.4, 0.6], [0, 1])
    for limit, known in ((LIMIT * np.nan, record), (LIMIT, record * np.nan)):
        (row,) = rows(forecast, known, RIVER, limit)
        assert (row["event"], row["lead_hours"], row["bins"]) == ("attention", 1.0, [])
        assert (row["brier"], row["n_pairs"]) == (None, 0)
        json.dumps(row, allow_nan=False)


def test_the_levels_are_the_stages_and_quantiles_of_the_training_years_alone() -> None:
    time = np.datetime64("2018-12-31T00:00", "ns") + np.arange(48) * HOUR
    values = np.where(time < np.datetime64("2019-01-01"), np.arange(48.0), 1e6)
    record = xr.Dataset(
        {"water_level": (("station", "time"), values[None])}, {"station": ["S1"], "time": time}
    )
    found = levels(record, RIVER).sel(station="S1")
    assert list(found.event.values) == ["attention", "watch", "p90", "p95", "p99"]
    assert found.values == pytest.approx([2, 3, 0.9 * 23, 0.95 * 23, 0.99 * 23])
    assert np.isnan(levels(record * np.nan, RIVER).values[0, 2:]).all()
