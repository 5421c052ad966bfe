from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from data.sources.simulated import HOUR, network
from data.stations import Stage
from forecast.outlook import Outlook, assess, sentence

RIVER = network(gauges=1, horizon=3)  # stages at 2, 3, 4 and 5 m
ISSUE = np.datetime64("2020-08-06T03:00", "ns")
SPREAD = np.array([-0.5, -0.4, -0.25, -0.1, 0.0, 0.1, 0.25, 0.4, 0.5])  # P is 0.9 linear in it


def forecast(medians: list[float], last: float = 1.0, age: int = 0, reason: str = "") -> xr.Dataset:
    """Return a forecast of S1 whose quantiles lie evenly within half a metre of the medians."""
    values = np.array(medians)[:, None] + SPREAD
    return xr.Dataset(
        {
            "water_level": (("station", "lead_time", "quantile"), values[None]),
            "last_observed": ("station", [last]),
            "last_observed_time": ("station", [ISSUE - age * HOUR]),
            "reason": ("station", [reason]),
        },
        coords={
            "station": ["S1"],
            "lead_time": RIVER.lead_times,
            "quantile": list(QUANTILES),
            "issue_time": ISSUE,
        },
    )


def outlook(ds: xr.Dataset, river: Network = RIVER, probability: float = 0.5) -> Outlook:
    (found,) = assess(ds, river, probability)
    return found


def without_thresholds() -> Network:
    return replace(RIVER, stations=(replace(RIVER.stations[0], thresholds=None),))


def test_the_worst_likely_stage_is_told_with_its_time_and_the_peak() -> None:
    found = outlook(forecast([1.5, 3.0, 2.5]))
    assert found.stage is Stage.WATCH
    assert found.stage_time == ISSUE + 2 * HOUR
    assert (found.peak, found.peak_low, found.peak_high) == (3.0, 2.5, 3.5)
    assert found.peak_time == ISSUE + 2 * HOUR
    assert found.stage_now is Stage.NORMAL
    assert found.reason == ""


def test_probabilities_are_by_stage_and_lead() -> None:
    found = outlook(forecast([1.75, 3.0, 9.0]))
    np.testing.assert_allclose(found.probability[0], [0.25, 0.95, 0.95])  # 2 m
    np.testing.assert_allclose(found.probability[1], [0.05, 0.5, 0.95])  # 3 m


def test_a_lower_asked_probability_warns_earlier_and_worse() -> None:
    made = forecast([1.5, 2.75, 2.75])  # 3 m is the 0.75 quantile of the last two hours
    assert outlook(made, probability=0.5).stage is Stage.ATTENTION
    assert outlook(made, probability=0.25).stage is Stage.WATCH


def test_a_quiet_river_is_normal_without_a_time() -> None:
    found = outlook(forecast([1.0, 1.0, 1.0]))
    assert found.stage is Stage.NORMAL
    assert np.isnat(found.stage_time)


def test_no_forecast_is_unknown_with_its_reason_and_no_peak() -> None:
    found = outlook(forecast([np.nan] * 3, reason="The last reading is 9 h old."))
    assert found.stage is Stage.UNKNOWN
    assert found.reason == "The last reading is 9 h old."
    assert np.isnan(found.peak)
    assert np.isnat(found.peak_time)
    assert found.probability.size == 0
    assert "no forecast" in outlook(forecast([np.nan] * 3)).reason


def test_a_forecast_with_a_hole_is_unknown_unless_a_stage_is_reached() -> None:
    assert outlook(forecast([1.0, np.nan, 1.0])).stage is Stage.UNKNOWN
    assert "missing" in outlook(forecast([1.0, np.nan, 1.0])).reason
    assert outlook(forecast([1.0, np.nan, 4.0])).stage is Stage.WARNING


def test_without_thresholds_the_stage_is_unknown_but_the_peak_is_told() -> None:
    found = outlook(forecast([1.0, 2.0, 1.0]), without_thresholds())
    assert found.stage is Stage.UNKNOWN
    assert found.stage_now is Stage.UNKNOWN
    assert "No threshold" in found.reason
    assert found.peak == 2.0


@pytest.mark.parametrize(("age", "stage"), [(3, Stage.WATCH), (4, Stage.UNKNOWN)])
def test_a_stale_reading_is_unknown_now_never_normal(age: int, stage: Stage) -> None:
    assert outlook(forecast([1.0] * 3, last=3.5, age=age)).stage_now is stage


def test_a_gauge_that_was_never_read_is_unknown_now() -> None:
    silent = forecast([np.nan] * 3, last=np.nan)
    silent["last_observed_time"] = ("station", np.array(["NaT"], dtype="datetime64[ns]"))
    assert outlook(silent).stage_now is Stage.UNKNOWN


def test_a_rising_river_is_told_in_both_languages() -> None:
    found = outlook(forecast([1.5, 3.0, 3.25]))
    seoul = ZoneInfo("Asia/Seoul")
    assert sentence(found, RIVER, "en", seoul) == (
        "50 % chance of reaching watch level in 2 hours (75 % at 15:00 KST); "
        "peak 3.25 m (2.75–3.75) at 15:00 KST."
    )
    assert sentence(found, RIVER, "ko", seoul) == (
        "2시간 뒤 주의보 수위 도달 가능성 50 % (15:00 KST에는 75 %); "
        "최고 3.25 m (2.75–3.75), 15:00 KST."
    )


def test_a_stage_that_is_reached_already_is_told_as_now() -> None:
    found = outlook(forecast([3.5, 3.0, 3.0], last=3.5))
    assert sentence(found, RIVER, "en") == (
        "Now at watch level. 95 % or more chance of at least watch level in 1 hour; "
        "peak 3.50 m (3.00–4.00) at 04:00 UTC."
    )
    assert "현재 주의보 수위. 1시간 뒤 주의보 수위 이상일 가능성 95 % 이상" in sentence(
        found, RIVER, "ko"
    )


def test_a_quiet_river_is_told_with_a_bound_never_as_impossible() -> None:
    found = outlook(forecast([1.0, 1.0, 1.0]))
    assert sentence(found, RIVER, "en").startswith(
        "5 % or less chance of reaching attention level within 3 hours; peak 1.00 m"
    )
    assert sentence(found, RIVER, "ko").startswith("3시간 안에 관심 수위 도달 가능성 5 % 이하;")


def test_an_unknown_stage_is_told_with_the_reason_in_each_language() -> None:
    silent = outlook(forecast([np.nan] * 3))
    assert sentence(silent, RIVER, "en") == "Unknown: There is no forecast."
    assert sentence(silent, RIVER, "ko") == "판단 불가: 예측값이 없습니다."
    bare = outlook(forecast([1.0] * 3), without_thresholds())
    assert sentence(bare, RIVER, "en") == (
        "Unknown: No threshold is set for this station; peak 1.00 m (0.50–1.50) at 04:00 UTC."
    )
