import json

import numpy as np
import pytest
import xarray as xr

from data.errors import OutsideRecord
from data.schema import QUANTILES
from data.sources.simulated import HOUR, network, observe
from forecast import reliability
from forecast.verify import compare, flood_level, mean_over_stations, score, to_table

RIVER = network(gauges=2, horizon=3)  # trains on 2018
RECORD = observe(RIVER, hours=24 * 400)
ISSUES = RECORD.time.values[-600:-3]


def shifted(by: float, leads: tuple[int, ...] = (1, 3)) -> xr.Dataset:
    """Return forecasts whose quantiles are all `by` metres above what will be observed."""
    ahead = [RECORD.water_level.sel(time=ISSUES + lead * HOUR).values.T for lead in leads]
    values = np.stack(ahead, axis=-1)[..., None] + by + np.zeros(len(QUANTILES))
    start = RECORD.water_level.sel(time=ISSUES).values.T
    lead_time = np.array(leads) * HOUR.astype("timedelta64[ns]")
    return xr.Dataset(
        {
            "water_level": (("issue_time", "station", "lead_time", "quantile"), values),
            "last_observed": (("issue_time", "station"), start),
        },
        coords={
            "issue_time": ISSUES,
            "station": RIVER.ids,
            "lead_time": lead_time,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), ISSUES[:, None] + lead_time),
        },
    )


def test_a_forecast_that_is_right_scores_one_and_one_that_is_off_by_a_metre_errs_by_it() -> None:
    assert np.allclose(score(shifted(0.0), RECORD, RIVER).persistence_skill, 1)
    high = score(shifted(1.0), RECORD, RIVER)
    for name in ("bias", "rmse", "mae", "crps"):
        assert np.allclose(high[name], 1, atol=1e-6)
    assert (high.n == 597).all()


def test_persistence_of_the_record_scores_zero() -> None:
    made = shifted(0.0)
    start = made.last_observed.broadcast_like(made.water_level).transpose(*made.water_level.dims)
    scores = score(made.assign(water_level=start), RECORD, RIVER)
    assert np.allclose(scores.persistence_skill, 0)


def test_models_are_compared_on_the_pairs_that_all_of_them_have() -> None:
    gap = shifted(1.0)
    gap["water_level"][100:150, 0] = np.nan  # S1 silent for 50 issues
    both = compare({"whole": shifted(0.5), "gap": gap}, RECORD, RIVER)
    assert list(both.model.values) == ["whole", "gap"]
    assert both.n.sel(station="S1").values.tolist() == [547, 547]
    assert both.n.sel(station="S2").values.tolist() == [597, 597]
    assert np.allclose(both.bias.sel(model="whole"), 0.5, atol=1e-6)
    assert np.allclose(both.bias.sel(model="gap"), 1.0, atol=1e-6)


def test_models_are_compared_at_the_leads_and_issue_times_that_all_of_them_have() -> None:
    short = shifted(0.0, leads=(1, 2)).isel(issue_time=slice(0, 200))
    both = compare({"long": shifted(0.0), "short": short}, RECORD, RIVER)
    assert both.lead_time.values.tolist() == [3_600_000_000_000]
    assert (both.n == 200).all()
    assert both.attrs["last_issue_time"] == f"{str(ISSUES[199])[:16]}Z"


def test_models_without_a_common_lead_are_refused() -> None:
    with pytest.raises(OutsideRecord, match="a, b have no lead_time in common"):
        compare({"a": shifted(0.0, (1,)), "b": shifted(0.0, (2,))}, RECORD, RIVER)


def test_where_no_last_reading_is_known_no_model_is_scored() -> None:
    blind = shifted(0.0)
    blind["last_observed"][:100, 1] = np.nan
    scores = score(blind, RECORD, RIVER)
    assert scores.n.isel(lead_time=0).values.tolist() == [597, 497]


def test_what_was_not_observed_is_not_scored() -> None:
    gone = RECORD.time > ISSUES[-1] + HOUR  # two of the truths at 3 h
    record = RECORD.assign(water_level=RECORD.water_level.where(~gone))
    assert score(shifted(0.0), record, RIVER).n.isel(station=0).values.tolist() == [597, 595]


def test_a_flood_hour_lies_above_the_95th_percentile_of_the_training_years_alone() -> None:
    steps = np.arange(RECORD.sizes["time"])
    trained = (RECORD.time.dt.year == 2018).values
    ramp = np.where(trained, steps, 1e6)
    record = RECORD.assign(water_level=(("station", "time"), np.stack([ramp, ramp])))
    assert np.allclose(flood_level(record, RIVER), 0.95 * steps[trained].max())
    silent = record.assign(water_level=record.water_level * np.nan)
    assert flood_level(silent, RIVER).isnull().all()


def test_flood_scores_look_at_flood_hours_only() -> None:
    made = shifted(0.0)
    flood = float(flood_level(RECORD, RIVER).sel(station="S1"))
    high = RECORD.water_level.sel(time=ISSUES + HOUR, station="S1").values > flood
    assert 0 < high.sum() < 597
    made["water_level"][np.flatnonzero(high), 0, 0] += 2.0  # wrong in floods alone
    scores = score(made, RECORD, RIVER).isel(station=0, lead_time=0)
    assert scores.n_flood == high.sum()
    assert np.isclose(scores.bias_flood, 2.0, atol=1e-6)
    assert np.isclose(scores.bias, 2.0 * high.mean(), atol=1e-6)


def test_scores_are_averaged_over_stations_and_counts_are_summed() -> None:
    scores = score(shifted(0.0), RECORD, RIVER)
    mean = mean_over_stations(scores.assign(rmse=("station", [1.0, 3.0])))
    assert mean.rmse == 2
    assert mean.n.values.tolist() == [1194, 1194]
    assert mean.hits.equals(scores.hits.sum("station"))
    assert "flood_level" not in mean


def test_a_station_without_a_score_is_left_out_of_the_mean() -> None:
    scores = score(shifted(0.0), RECORD, RIVER).assign(nse=("station", [0.5, np.nan]))
    assert mean_over_stations(scores).nse == 0.5


def test_a_table_of_scores_is_json_with_none_for_what_is_missing() -> None:
    both = compare({"a": shifted(0.0), "b": shifted(1.0)}, RECORD, RIVER)
    table = to_table(both.assign(kge=both.kge * np.nan))
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    assert len(table["rows"]) == 8
    last = table["rows"][-1]
    assert (last["model"], last["station"], last["lead_hours"]) == ("b", "S2", 3.0)
    assert last["bias"] == pytest.approx(1.0, abs=1e-6)
    assert last["kge"] is None
    assert last["n"] == 597
    assert last["stages"]["attention"]["hits"] == both.hits.values[1, 1, 1, 0]


def test_a_table_of_means_has_no_stations() -> None:
    rows = to_table(mean_over_stations(score(shifted(0.0), RECORD, RIVER)))["rows"]
    assert [row["lead_hours"] for row in rows] == [1.0, 3.0]
    assert "station" not in rows[0]


def test_a_single_row_of_scores_makes_a_table_too() -> None:
    one = score(shifted(0.0), RECORD, RIVER).isel(station=0, lead_time=1)
    (row,) = to_table(one)["rows"]
    assert (row["station"], row["lead_hours"], row["persistence_skill"]) == ("S1", 3.0, 1.0)


def test_the_reliability_stands_beside_the_scores_and_does_not_mix_with_them() -> None:
    scores = score(shifted(0.0), RECORD, RIVER)
    limits = reliability.levels(RECORD, RIVER)
    found = reliability.reliability(shifted(0.0), RECORD, RIVER, limits)
    both = reliability.beside(scores, found)
    table = to_table(both)
    assert table["rows"] == to_table(scores)["rows"]
    assert table["reliability"] == reliability.to_rows(found)
    assert len(table["reliability"]) == 10  # two leads, five events
    assert mean_over_stations(both).equals(mean_over_stations(scores))
    assert "reliability" not in to_table(scores)
