import numpy as np
import pytest
import xarray as xr

from data.errors import OutsideRecord
from data.sources.simulated import HOUR, network, observe
from forecast.known import ascending, batches

RECORD = observe(network(gauges=2), hours=50)
TIME = RECORD.time.values


def late(station: int, step: int, hours: int) -> xr.Dataset:
    """Return the record with one reading that arrives some hours late."""
    received = RECORD.received_time.values.copy()
    received[station, step] += hours * HOUR
    return RECORD.assign(received_time=(("station", "time"), received))


def test_issue_times_come_back_ascending_each_once() -> None:
    found = ascending(RECORD, np.array([TIME[5], TIME[2], TIME[5]]))
    np.testing.assert_array_equal(found, TIME[[2, 5]])


def test_a_time_that_the_record_does_not_have_is_refused() -> None:
    with pytest.raises(OutsideRecord, match=r"2018-06-01T00:30 UTC .* from 2018-06-01T00:00 to"):
        ascending(RECORD, np.array([TIME[0] + np.timedelta64(30, "m")]))


def test_where_all_arrives_at_once_everything_goes_in_one_batch() -> None:
    ((rows, known),) = batches(RECORD, TIME[[20, 30]], 10 * HOUR)
    assert rows.tolist() == [0, 1]
    np.testing.assert_array_equal(known.time, TIME[10:31])
    np.testing.assert_array_equal(known.water_level, RECORD.water_level[:, 10:31])


def test_a_reading_under_way_is_hidden_from_the_issue_times_before_its_arrival() -> None:
    record = late(station=1, step=20, hours=2)
    made = {
        int(row): known for rows, known in batches(record, TIME[19:24], 5 * HOUR) for row in rows
    }
    for row in (1, 2):  # issued at 20 and 21
        assert np.isnan(made[row].water_level.sel(time=TIME[20])[1])
        assert not np.isnan(made[row].water_level.sel(time=TIME[20])[0])
    for row in (0, 3, 4):
        assert not np.isnan(made[row].water_level).any()
    assert made[1] is not made[2]


def test_a_reading_of_unknown_arrival_is_never_known() -> None:
    nowhere = (RECORD.station == "S1") & (RECORD.time == TIME[15])
    record = RECORD.assign(received_time=RECORD.received_time.where(~nowhere))
    ((_, known),) = batches(record, TIME[[20, 30]], 10 * HOUR)
    assert np.isnan(known.water_level.sel(time=TIME[15])[0])
    assert int(known.water_level.isnull().sum()) == 1
