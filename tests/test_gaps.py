import numpy as np
import xarray as xr

from forecast.gaps import punch


def table(hours: int) -> xr.DataArray:
    return xr.DataArray(
        np.arange(2.0 * hours * 3).reshape(2, hours, 3), dims=("station", "time", "channel")
    )


def test_what_is_not_in_a_hole_stays_as_it_was() -> None:
    whole = table(900)
    holed = punch(whole, np.random.default_rng(0))
    kept = holed.notnull()
    assert (holed.where(kept) == whole.where(kept)).where(kept, True).all()
    assert 0.01 < float(1 - kept.mean()) < 0.2  # 17 steps of 300 on average


def test_the_same_seed_punches_the_same_holes() -> None:
    whole = table(300)
    first, second = (punch(whole, np.random.default_rng(7)) for _ in range(2))
    xr.testing.assert_identical(first, second)


def test_every_channel_has_holes_of_its_own() -> None:
    holed = punch(table(900), np.random.default_rng(1)).isnull()
    assert not (holed.isel(channel=0) == holed.isel(channel=1)).all()
