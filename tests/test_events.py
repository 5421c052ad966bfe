from dataclasses import replace

import numpy as np
import xarray as xr

from data.sources.simulated import HOUR, network
from forecast.events import APART, find, peaks_met, stage_hits, thresholds

RIVER = network(gauges=1)  # attention 2, watch 3, warning 4, severe 5 m
START = np.datetime64("2020-06-01", "ns")


def pairs(median: list[float], observed: list[float]) -> xr.Dataset:
    dims = ("issue_time", "station")
    shape = ("model", *dims, "quantile")
    return xr.Dataset(
        {
            "forecast": (shape, np.array(median)[None, :, None, None]),
            "observed": (dims, np.array(observed)[:, None]),
        },
        coords={
            "model": ["m"],
            "station": ["S1"],
            "quantile": [0.5],
            "issue_time": START + np.arange(len(median)) * HOUR,
        },
    )


def series(values: np.ndarray) -> xr.DataArray:
    time = START + np.arange(values.size) * HOUR
    return xr.DataArray(values[None], {"station": ["S1"], "time": time}, ("station", "time"))


def flood(level: float) -> xr.DataArray:
    return xr.DataArray([level], {"station": ["S1"]}, "station")


def found(values: np.ndarray, level: float) -> list[int]:
    (peaks,) = find(series(values), flood(level))
    return [int((time - START) / HOUR) for time in peaks.time]


def test_hits_misses_and_false_alarms_are_hours_at_or_above_the_threshold() -> None:
    hits = stage_hits(pairs([2.0, 1.9, 2.1, 1.0], [2.5, 2.0, 1.0, 1.0]), thresholds(RIVER))
    attention = hits.isel(model=0, station=0).sel(stage="attention")
    assert (attention.hits, attention.misses, attention.false_alarms) == (1, 1, 1)
    severe = hits.isel(model=0, station=0).sel(stage="severe")
    assert (severe.hits, severe.misses, severe.false_alarms) == (0, 0, 0)


def test_hours_without_a_pair_are_no_event() -> None:
    hits = stage_hits(pairs([np.nan, 3.0], [np.nan, 3.0]), thresholds(RIVER))
    assert hits.isel(model=0, station=0).hits.sel(stage="watch") == 1


def test_a_stage_without_a_threshold_has_no_counts() -> None:
    bare = replace(RIVER, stations=(replace(RIVER.stations[0], thresholds=None),))
    hits = stage_hits(pairs([3.0], [3.0]), thresholds(bare))
    assert hits.to_array().isnull().all()


def test_a_peak_is_the_highest_value_within_48_hours_either_side() -> None:
    values = np.ones(200)
    values[[20, 60, 110, 160]] = [5.0, 6.0, 4.0, 5.5]  # 20 is too near to 60
    assert found(values, level=3.0) == [60, 110, 160]
    assert found(values, level=4.5) == [60, 160]


def test_the_flank_of_a_higher_flood_is_no_peak() -> None:
    values = np.ones(200)
    values[60:121] = np.linspace(9.0, 2.0, 61)  # from its top at 60 down to 120
    values[115] = 3.0
    assert found(values, level=1.5) == [60]


def test_of_equal_values_the_first_is_the_peak() -> None:
    values = np.ones(200)
    values[[50, 51, 90]] = 4.0
    assert found(values, level=3.0) == [50]


def test_a_top_beside_a_gap_or_at_the_edge_is_no_peak() -> None:
    values = np.ones(200)
    values[[0, 100, 199]] = 4.0
    values[101] = np.nan
    assert found(values, level=3.0) == []
    assert found(np.array([1.0, 4.0]), level=3.0) == []


def test_without_a_flood_level_there_is_no_peak() -> None:
    assert found(np.arange(100.0), level=np.nan) == []


def triangle(top: int, height: float, size: int = 120) -> np.ndarray:
    return np.maximum(height - 0.1 * np.abs(np.arange(size) - top), 0)


def test_a_forecast_two_hours_late_and_half_a_metre_low_says_so() -> None:
    peaks = find(series(triangle(60, 5.0)), flood(3.0))
    late = pairs(list(triangle(61, 4.5)[1:]), list(triangle(60, 5.0)[1:]))
    met = peaks_met(late, 2 * HOUR, peaks).isel(model=0, station=0)  # issue 60 is valid at 62
    assert np.isclose(met.peak_error, -0.5)
    assert np.isclose(met.peak_error_size, 0.5)
    assert met.peak_timing_error == 2
    assert met.n_peaks == 1


def test_errors_of_several_peaks_are_averaged_their_sizes_too() -> None:
    truth = triangle(60, 5.0, 300) + triangle(200, 5.0, 300)
    made = triangle(60, 6.0, 300) + triangle(200, 4.0, 300)
    peaks = find(series(truth), flood(3.0))
    met = peaks_met(pairs(list(made), list(truth)), 0 * HOUR, peaks).isel(model=0, station=0)
    assert np.isclose(met.peak_error, 0.0)
    assert np.isclose(met.peak_error_size, 1.0)
    assert met.n_peaks == 2


def test_a_peak_without_a_pair_at_its_own_time_does_not_count() -> None:
    peaks = find(series(triangle(60, 5.0)), flood(3.0))
    gap = triangle(60, 5.0)
    gap[60] = np.nan
    met = peaks_met(pairs(list(gap), list(gap)), 0 * HOUR, peaks).isel(model=0, station=0)
    assert met.n_peaks == 0
    assert np.isnan(met.peak_error)
    short = pairs(list(gap[:40]), list(gap[:40]))  # ends before the peak
    assert peaks_met(short, 0 * HOUR, peaks).n_peaks.item() == 0


def test_peaks_are_two_days_apart() -> None:
    assert np.timedelta64(48, "h") == APART
