import numpy as np
import xarray as xr

from forecast.model import ModelConfig
from forecast.window_plan import padded, plan

HOUR = np.timedelta64(1, "h")
EPOCH = np.datetime64("1970-01-01", "ns")
SIZES = ModelConfig(window=12, last=8)


def hours(*numbers: int) -> np.ndarray:
    return np.array([EPOCH + n * HOUR for n in numbers])


def test_an_issue_lies_at_its_step_of_the_window_of_its_block() -> None:
    """Hour 19 is the fourth of block 2 (16 .. 23), whose window begins 4 h before it."""
    made = plan(hours(19), HOUR, SIZES, back=3)
    assert made.first == 12 - 3
    assert made.start.tolist() == [3]
    assert made.here.tolist() == [4 + 3]
    assert made.at.tolist() == [10]  # row 10 of a table that begins at hour 9 is hour 19
    assert made.rows == 11  # nothing after hour 19


def test_issues_of_two_blocks_share_their_steps() -> None:
    made = plan(hours(17, 25, 30), HOUR, SIZES, back=0)
    assert made.which.tolist() == [0, 1, 1]
    assert made.asked.tolist() == [5, 10]
    assert [made.first + int(row) for row in made.at] == [17, 25, 30]


def table(first: int, values: list[float]) -> xr.DataArray:
    time = hours(*range(first, first + len(values)))
    return xr.DataArray([values], dims=("station", "time"), coords={"time": time})


def test_a_record_that_begins_late_is_padded_with_nothing() -> None:
    made = padded(table(18, [1.0, 2.0, 3.0]), plan(hours(19), HOUR, SIZES, back=0), HOUR)
    assert np.isnan(made.values[0, :6]).all()
    assert made.values[0, 6:].tolist() == [1.0, 2.0]


def test_a_whole_record_is_looked_at_and_not_copied() -> None:
    whole = table(0, [float(n) for n in range(30)])
    made = padded(whole, plan(hours(19), HOUR, SIZES, back=0), HOUR)
    assert made.values[0].tolist() == [float(n) for n in range(12, 20)]
    assert np.shares_memory(made.values, whole.values)


def test_a_record_with_a_hole_keeps_it() -> None:
    holed = table(0, [float(n) for n in range(30)]).drop_isel(time=[15])
    made = padded(holed, plan(hours(19), HOUR, SIZES, back=0), HOUR)
    assert np.isnan(made.values[0, 3])
    assert made.values[0, 4:].tolist() == [16.0, 17.0, 18.0, 19.0]
