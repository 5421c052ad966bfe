"""Parts worked on in threads: the same answer, in their order, whatever the size."""

import numpy as np
import pytest
import xarray as xr

from forecast.climate import at_once, heat, percentiles, rain
from forecast.climate.years import years_of

NAN = np.nan


@pytest.fixture(autouse=True)
def several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "4")


@pytest.mark.parametrize("size", [0.0, 1e9])
def test_results_come_in_the_order_of_their_parts(size: float) -> None:
    parts = [np.arange(n) for n in (1, 2, 3, 4)]
    found = at_once.at_once(lambda part: np.array([part.sum(), len(part)]), parts, size)
    assert found.tolist() == [[0, 1], [1, 2], [3, 3], [6, 4]]
    assert at_once.at_once(np.max, parts, size).tolist() == [0, 1, 2, 3]
    assert at_once.at_once(np.max, [], size).tolist() == []


def test_an_error_in_one_part_is_not_lost() -> None:
    with pytest.raises(ValueError, match="zero-size"):
        at_once.at_once(np.max, [np.ones(2), np.ones(0)], 1e9)


def test_a_large_field_with_gaps_gives_what_its_cells_give_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time = xr.DataArray(xr.date_range("2000-01-01", "2002-12-31"), dims="time")
    values = np.random.default_rng(1).gamma(0.5, 20, (time.size, 3)).astype("float32")
    values[400:500, 1] = NAN
    values[:, 2] = NAN
    years, day = years_of(time), percentiles.calendar_day(time)
    base = np.ones(time.size, dtype=bool)

    def told(field: np.ndarray) -> list[np.ndarray]:
        return [
            rain.total(field, years),
            rain.most_in_five_days(field, years),
            heat.hottest(field, years),
            percentiles.daily_percentile(field, day, base, 90),
        ]

    alone = told(values)
    monkeypatch.setattr(at_once, "LARGE", 0)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    for one, several in zip(alone, told(values), strict=True):
        np.testing.assert_array_equal(one, several)


@pytest.mark.parametrize(("said", "expected"), [("1", 1), ("2", 2), ("3,1", 3), ("64", 4)])
def test_a_worker_that_may_use_one_thread_uses_one(
    said: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert at_once.threads() == expected
