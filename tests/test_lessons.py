import numpy as np
import pytest
import torch
import xarray as xr

from data.errors import TooLittleHistory
from data.sources.simulated import network, observe
from forecast import lessons as lessons_module
from forecast.inputs import channels
from forecast.lessons import prepare, within
from forecast.model import ModelConfig
from forecast.scaling import fit
from forecast.windows import REACH, features

RIVER = network(gauges=1, horizon=2)
SIZES = ModelConfig(window=4, last=2, age_limit=1)
NEW_YEAR = np.datetime64("2019-01-01", "ns")
HOUR = np.timedelta64(1, "h")


def table(own: list[float]) -> xr.DataArray:
    """Return one station's hours, half of them before the end of 2018."""
    time = NEW_YEAR + (np.arange(len(own)) - len(own) // 2) * HOUR
    values = np.array(own, dtype="float32")[None, :, None]
    coords = {"station": ["S1"], "time": time, "channel": ["own"]}
    return xr.DataArray(values, dims=("station", "time", "channel"), coords=coords)


RISING = table([float(n) for n in range(20)])
SCALING = fit(RISING, RIVER, (2018, 2018))  # the change over 1 and 2 hours: 1 and 2 m


def test_years_are_counted_with_both_ends() -> None:
    days = np.array(["2017-12-31T23:00", "2018-01-01", "2019-12-31T23:00", "2020-01-01"])
    inside = within(days.astype("datetime64[ns]"), (2018, 2019))
    assert inside.tolist() == [False, True, True, False]


def test_a_window_holds_its_steps_and_what_followed_the_last_of_them() -> None:
    lessons = prepare([RISING], SCALING, SIZES, (2018, 2018), stride=1)
    x, station, y = lessons.batch(np.array([0]), SIZES)
    start = lessons.starts[0]
    assert torch.equal(x[0], lessons.seen[0, start : start + 4])
    assert station.tolist() == [0]
    assert y.tolist() == [[[1.0, 1.0], [1.0, 1.0]]]  # it always rises by its usual change


def test_no_lesson_knows_what_happened_after_its_years() -> None:
    change = prepare([RISING], SCALING, SIZES, (2018, 2018), stride=1).change[0]
    assert torch.isfinite(change[8]).tolist() == [True, False]  # 22:00, the year has one hour more
    assert not torch.isfinite(change[9:]).any()


def test_windows_lie_apart_by_the_stride() -> None:
    lessons = prepare([RISING], SCALING, SIZES, (2018, 2018), stride=3)
    assert (np.diff(lessons.starts) == 3).all()


def test_a_record_with_holes_still_learns_the_truth() -> None:
    holed = RISING.where(RISING.time != RISING.time[5])
    lessons = prepare([RISING, holed], SCALING, SIZES, (2018, 2018), stride=1)
    assert set(lessons.rows) == {0, 1}
    assert lessons.change[1, 5].tolist() == [2.0, 1.5]  # from the reading an hour older
    assert lessons.change[1, 4].tolist() == [1.0, 1.0]  # the missing reading is still the truth


def test_years_without_a_usable_window_cannot_be_learnt_from() -> None:
    with pytest.raises(TooLittleHistory, match="No 4 steps in a row with any reading in 2011-2012"):
        prepare([RISING], SCALING, SIZES, (2011, 2012), stride=1)


def test_a_window_is_as_busy_as_the_changes_that_it_asks_for() -> None:
    calm_then_rising = table([0.0] * 8 + [1.0, 2.0] + [0.0] * 10)
    lessons = prepare([calm_then_rising], SCALING, SIZES, (2018, 2018), stride=1)
    busy = dict(zip(lessons.starts, lessons.activity(SIZES), strict=True))
    assert busy[0] == 0.0  # asks at 2 and 3 for what follows until 5: nothing
    assert busy[4] == pytest.approx(0.25 + 1.0)  # at 6: 0 and 1 m / 2; at 7: 1 m and 2 m / 2


def test_many_stations_are_laid_out_as_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    river = network(gauges=5, horizon=2)
    both = channels(observe(river, hours=400, start="2018-12-24"), river)
    versions, scaling = [both, both.where(both.time.dt.hour != 5)], fit(both, river, (2018, 2018))
    whole = prepare(versions, scaling, SIZES, (2019, 2019), stride=3)
    monkeypatch.setattr(lessons_module, "AT_ONCE", 2)
    few = prepare(versions, scaling, SIZES, (2019, 2019), stride=3)
    assert torch.equal(few.seen, whole.seen)
    assert torch.equal(few.change.nan_to_num(9.0), whole.change.nan_to_num(9.0))


def test_only_the_part_of_a_record_that_windows_look_at_is_laid_out() -> None:
    river = network(gauges=1, horizon=2)
    whole = channels(observe(river, hours=3000, start="2018-10-01"), river)
    scaling = fit(whole, river, (2018, 2018))
    lessons = prepare([whole], scaling, SIZES, (2019, 2019), stride=3)
    begins = np.searchsorted(whole.time.values, NEW_YEAR)
    cut_off = (begins - SIZES.window - REACH) // 3 * 3
    assert lessons.seen.shape[1] == 3000 - cut_off
    x, _, _ = lessons.batch(np.array([0]), SIZES)
    first = cut_off + lessons.starts[0]
    expected = features(whole, scaling, SIZES.age_limit)[0, first : first + SIZES.window]
    assert np.array_equal(x[0].numpy(), expected)
    assert first + SIZES.window - 1 >= begins > first
