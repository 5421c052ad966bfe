from dataclasses import replace

import numpy as np
import pytest

from data.errors import OutsideRecord, TooLittleHistory
from data.network import Split
from data.schema import check
from data.schema import forecast as forecast_schema
from data.sources.simulated import HOUR, network, observe
from data.stations import Quantity
from forecast.baselines import Baseline, fit, predict
from forecast.cells import Cell
from forecast.verify import compare

RIVER = replace(network(gauges=2, horizon=6), split=Split((2018, 2018), (2019, 2019), (2020, 2020)))
RECORD = observe(RIVER, hours=24 * 120, start="2018-11-01")  # two months of either year
LEADS = (1, 6)
ISSUE = RECORD.time.values[2000]


@pytest.fixture(scope="module")
def fitted() -> dict[str, Baseline]:
    return {name: fit(name, RIVER, RECORD, LEADS) for name in ("persistence", "ridge", "lightgbm")}


def test_persistence_forecasts_the_last_reading_at_every_lead(fitted: dict[str, Baseline]) -> None:
    made = predict(fitted["persistence"], RIVER, RECORD, np.array([ISSUE]))
    last = RECORD.water_level.sel(time=ISSUE).values
    median = made.water_level.sel(quantile=0.5).isel(issue_time=0)
    np.testing.assert_allclose(median, np.stack([last, last], axis=1), rtol=1e-6)
    np.testing.assert_array_equal(made.last_observed.isel(issue_time=0), last)
    assert (made.last_observed_time == ISSUE).all()
    assert (made.reason == "").all()
    assert made.valid_time.values[0].tolist() == (ISSUE + np.array(LEADS) * HOUR).tolist()
    check(made, forecast_schema(RIVER.quantity))


def test_every_baseline_but_persistence_knows_more_than_the_last_reading(
    fitted: dict[str, Baseline],
) -> None:
    seen = replace(RIVER, split=Split((2018, 2018), (2019, 2019), (2019, 2019)))
    issues = RECORD.time.values[1500:2800]
    made = {name: predict(baseline, RIVER, RECORD, issues) for name, baseline in fitted.items()}
    skill = compare(made, RECORD, seen).persistence_skill.sel(lead_time=6 * HOUR).mean("station")
    assert skill.sel(model="persistence") == 0
    assert (skill.sel(model=["ridge", "lightgbm"]) > 0.3).all()


@pytest.mark.parametrize("name", ["persistence", "ridge", "lightgbm"])
def test_quantiles_never_cross(fitted: dict[str, Baseline], name: str) -> None:
    made = predict(fitted[name], RIVER, RECORD, RECORD.time.values[1500:1700])
    assert (made.water_level.diff("quantile") >= 0).all()


@pytest.mark.parametrize("name", ["ridge", "lightgbm"])
def test_nothing_that_comes_later_changes_a_forecast(
    fitted: dict[str, Baseline], name: str
) -> None:
    after = RECORD.time > ISSUE
    other = RECORD.assign(
        water_level=RECORD.water_level.where(~after, 99.0).assign_attrs(units="m"),
        rainfall=RECORD.rainfall.where(~after, 500.0).assign_attrs(units="mm"),
    )
    mine, theirs = (predict(fitted[name], RIVER, r, np.array([ISSUE])) for r in (RECORD, other))
    np.testing.assert_array_equal(mine.water_level, theirs.water_level)


@pytest.mark.parametrize("name", ["ridge", "lightgbm"])
def test_a_reading_that_arrives_late_is_as_good_as_missing(
    fitted: dict[str, Baseline], name: str
) -> None:
    here = RECORD.time == ISSUE
    late = RECORD.assign(received_time=RECORD.received_time.where(~here, ISSUE + 5 * HOUR))
    measured = ["water_level", "rainfall"]
    gone = RECORD.assign(
        {n: RECORD[n].where(~here).assign_attrs(RECORD[n].attrs) for n in measured}
    )
    mine, theirs = (predict(fitted[name], RIVER, r, np.array([ISSUE])) for r in (late, gone))
    np.testing.assert_array_equal(mine.water_level, theirs.water_level)
    assert (mine.last_observed_time == ISSUE - HOUR).all()


def test_one_issue_time_alone_gets_the_same_forecast_as_among_many(
    fitted: dict[str, Baseline],
) -> None:
    many = predict(fitted["ridge"], RIVER, RECORD, RECORD.time.values[1900:2100])
    alone = predict(fitted["ridge"], RIVER, RECORD, np.array([ISSUE]))
    np.testing.assert_allclose(
        many.water_level.sel(issue_time=[ISSUE]), alone.water_level, rtol=1e-6
    )


@pytest.mark.parametrize(("hours", "missing"), [(6, False), (7, True)])
def test_a_gauge_silent_for_more_than_six_hours_is_not_forecast_and_says_why(
    fitted: dict[str, Baseline], hours: int, missing: bool
) -> None:
    silent = (RECORD.station == "S2") & (RECORD.time > ISSUE - hours * HOUR)
    gap = RECORD.assign(water_level=RECORD.water_level.where(~silent).assign_attrs(units="m"))
    made = predict(fitted["lightgbm"], RIVER, gap, np.array([ISSUE])).isel(issue_time=0)
    assert bool(made.water_level.sel(station="S2").isnull().all()) is missing
    assert ("6 h" in str(made.reason.sel(station="S2").item())) is missing
    assert made.water_level.sel(station="S1").notnull().all()
    assert made.last_observed_time.sel(station="S2") == ISSUE - hours * HOUR


def test_a_gauge_that_was_never_read_has_no_last_reading() -> None:
    silent = RECORD.station == "S2"
    gap = RECORD.assign(water_level=RECORD.water_level.where(~silent).assign_attrs(units="m"))
    baseline = fit("persistence", RIVER, gap, LEADS)
    made = predict(baseline, RIVER, gap, np.array([ISSUE])).sel(station="S2")
    assert np.isnat(made.last_observed_time).all()
    assert made.water_level.isnull().all()


def test_a_gauge_too_new_to_learn_from_says_so() -> None:
    new = (RECORD.station == "S2") & (RECORD.time < np.datetime64("2019-02-01"))
    young = RECORD.assign(water_level=RECORD.water_level.where(~new).assign_attrs(units="m"))
    made = predict(fit("ridge", RIVER, young, LEADS), RIVER, young, RECORD.time.values[[2500]])
    assert "too short" in str(made.reason.sel(station="S2").item())
    assert made.water_level.sel(station="S1").notnull().all()


def test_the_years_after_validation_are_not_looked_at() -> None:
    later = replace(RIVER, split=Split((2018, 2018), (2018, 2018), (2019, 2019)))
    test = RECORD.time.dt.year == 2019
    other = RECORD.assign(water_level=RECORD.water_level.where(~test, 77.0).assign_attrs(units="m"))
    one, two = (fit("ridge", later, record, (1,)) for record in (RECORD, other))
    mine, theirs = one.cells[0, 1], two.cells[0, 1]
    assert isinstance(mine, Cell)
    assert isinstance(theirs, Cell)
    np.testing.assert_array_equal(mine.errors, theirs.errors)


def test_progress_names_the_gauge_that_is_next() -> None:
    told: list[tuple[int, int, str]] = []
    fit("persistence", RIVER, RECORD, (1,), lambda *step: told.append(step))
    assert told == [(0, 2, "S1"), (1, 2, "S2")]


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="No baseline 'magic', known: persistence, tide, ridge"):
        fit("magic", RIVER, RECORD, LEADS)


def test_a_record_without_validation_years_is_too_little() -> None:
    early = RECORD.sel(time=RECORD.time.dt.year == 2018)
    with pytest.raises(TooLittleHistory, match="No gauge of 'simulated' has 100 readings"):
        fit("ridge", RIVER, early, LEADS)


def test_a_time_outside_the_record_is_refused(fitted: dict[str, Baseline]) -> None:
    with pytest.raises(OutsideRecord):
        predict(fitted["ridge"], RIVER, RECORD, np.array([np.datetime64("2030-01-01")]))


def test_a_discharge_is_never_negative() -> None:
    flowing = replace(RIVER, quantity=Quantity.DISCHARGE)
    record = RECORD.rename(water_level="discharge", water_level_flag="discharge_flag")
    record["discharge"].attrs["units"] = "m3 s-1"
    made = predict(fit("persistence", flowing, record, (6,)), flowing, record, np.array([ISSUE]))
    assert (made.discharge >= 0).all()
    assert made.discharge.attrs["units"] == "m3 s-1"
