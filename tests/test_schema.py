import pytest

from data.errors import InvalidData
from data.schema import check, observations
from data.sources import simulated
from data.stations import Quantity

RIVER = simulated.network()
SCHEMA = observations(Quantity.WATER_LEVEL)


def test_feet_are_refused_and_named() -> None:
    ds = simulated.observe(RIVER, hours=5)
    ds["water_level"].attrs["units"] = "ft"
    with pytest.raises(InvalidData, match="'water_level' is in 'ft', expected 'm'"):
        check(ds, SCHEMA)


def test_a_missing_variable_is_named_beside_what_was_found() -> None:
    with pytest.raises(InvalidData, match=r"'discharge' is missing, found \['water_level'"):
        check(simulated.observe(RIVER, hours=5), observations(Quantity.DISCHARGE))


def test_time_that_runs_backwards_is_refused() -> None:
    ds = simulated.observe(RIVER, hours=5)
    with pytest.raises(InvalidData, match="not strictly ascending"):
        check(ds.isel(time=slice(None, None, -1)), SCHEMA)


def test_a_missing_dimension_is_named() -> None:
    with pytest.raises(InvalidData, match="dimension 'station' is missing"):
        check(simulated.observe(RIVER, hours=5).isel(station=0), SCHEMA)


def test_time_in_other_units_than_nanoseconds_is_refused() -> None:
    ds = simulated.observe(RIVER, hours=5)
    seconds = ds.assign_coords(time=ds.time.values.astype("datetime64[s]"))
    with pytest.raises(InvalidData, match="expected ns UTC"):
        check(seconds, SCHEMA)


def test_an_optional_variable_in_the_wrong_unit_is_refused() -> None:
    ds = simulated.observe(RIVER, hours=5)
    ds["rainfall"].attrs["units"] = "inch"
    with pytest.raises(InvalidData, match="'rainfall' is in 'inch', expected 'mm'"):
        check(ds, SCHEMA)
