"""The door for daily NetCDF: every trap of units, calendars, grids and names, one test each."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.climate import user_netcdf
from data.climate.axes import KOREA, describe_calendar
from data.climate.cf import standardise
from data.climate.units import convert
from data.errors import InvalidData, NothingThere

SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "cmip6-cannonsville"


def grid(
    name: str = "pr",
    value: float = 1.0,
    units: str = "mm",
    *,
    days: int = 3,
    calendar: str = "standard",
) -> xr.Dataset:
    """Make a field on 2 x 2 cells, latitude descending, longitude 0..360, stamped at noon."""
    time = xr.date_range(
        "2001-01-01T12", periods=days, calendar=calendar, use_cftime=calendar != "standard"
    )
    values = np.full((days, 2, 2), value)
    return xr.Dataset(
        {name: (("time", "lat", "lon"), values, {"units": units})},
        coords={"time": time, "lat": [38.0, 37.0], "lon": [126.0, 233.0]},
    )


def line(values: list[float], units: str) -> xr.DataArray:
    return xr.DataArray(np.array(values), dims="time", attrs={"units": units})


@pytest.mark.parametrize(
    ("units", "value", "expected"),
    [
        ("kg m-2 s-1", 1 / 86_400, 1),
        ("mm s-1", 2 / 86_400, 2),
        ("mm/day", 5, 5),
        ("kg m-2", 5, 5),
        ("m", 0.03, 30),
        ("m s-1", 0.001 / 86_400, 1),
    ],
)
def test_rain_becomes_mm_of_the_day(units: str, value: float, expected: float) -> None:
    assert convert("pr", line([value], units)).item() == pytest.approx(expected)


@pytest.mark.parametrize(("units", "value"), [("K", 273.15), ("degC", 0.0), ("Celsius", 0.0)])
def test_temperature_becomes_degrees_celsius(units: str, value: float) -> None:
    found = convert("tas", line([value], units))
    assert found.item() == pytest.approx(0)
    assert found.attrs["units"] == "degC"


def test_mm_labelled_as_a_rate_per_second_is_86400_times_too_large() -> None:
    with pytest.raises(InvalidData, match=r"'kg m-2 s-1' reaches 1,728,000 mm .* mm labelled"):
        convert("pr", line([0, 20], "kg m-2 s-1"))


def test_a_rate_per_second_labelled_as_mm_is_86400_times_too_small() -> None:
    with pytest.raises(InvalidData, match=r"never exceeds 0\.00023 mm in 60 days"):
        convert("pr", line([20 / 86_400] * 60, "mm"))
    assert convert("pr", line([20 / 86_400] * 59, "mm")).max() < 1  # too short to judge


def test_rain_beyond_any_unit_and_negative_rain_are_refused_but_noise_is_zero() -> None:
    with pytest.raises(InvalidData, match=r"more than any place on Earth\. Correct"):
        convert("pr", line([9e9], "mm"))
    with pytest.raises(InvalidData, match=r"negative, down to -2\.00 mm"):
        convert("pr", line([-2, 5], "mm"))
    assert convert("pr", line([-1e-6], "mm")).item() == 0


@pytest.mark.parametrize(
    ("units", "value", "hint"),
    [("degC", 290, "look like Kelvin"), ("K", 17, "Celsius already"), ("K", 9999, "expected -90")],
)
def test_a_mislabelled_temperature_is_refused(units: str, value: float, hint: str) -> None:
    with pytest.raises(InvalidData, match=hint):
        convert("tasmax", line([value], units))


@pytest.mark.parametrize("units", ["", "inches", "degF"])
def test_an_unknown_unit_is_refused_with_what_would_be_right(units: str) -> None:
    with pytest.raises(InvalidData, match="expected kg m-2 s-1, mm or mm day-1"):
        convert("pr", line([1], units))
    with pytest.raises(InvalidData, match="expected K or degC"):
        convert("tas", line([1], units))


def test_missing_values_stay_missing() -> None:
    assert convert("tas", line([np.nan], "K")).isnull().all()
    assert convert("pr", line([np.nan, 1], "mm")).isnull().values.tolist() == [True, False]


def test_longitudes_run_from_minus_180_and_latitudes_upwards() -> None:
    ds = grid()
    ds["pr"][0] = [[1, 2], [3, 4]]
    found = standardise(ds, ["pr"])
    assert found["lon"].values.tolist() == [-127, 126]
    assert found["lat"].values.tolist() == [37, 38]
    assert found["pr"].isel(time=0).values.tolist() == [[4, 3], [2, 1]]
    assert str(found["time"].values[0]) == "2001-01-01T00:00:00.000000000"


def test_a_grid_that_wraps_around_is_refused() -> None:
    ds = grid().assign_coords(lon=[0.0, 360.0])
    with pytest.raises(InvalidData, match="'lon' has a value twice"):
        standardise(ds, ["pr"])


@pytest.mark.parametrize(("calendar", "days"), [("360_day", 360), ("noleap", 365)])
def test_a_model_calendar_is_kept_and_explained(calendar: str, days: int) -> None:
    found = standardise(grid(days=60, calendar=calendar), ["pr"])
    assert found.attrs["calendar"] == calendar
    assert f"every year has {days} days" in found.attrs["calendar_note"]
    assert str(found["time"].values[0])[:10] == "2001-01-01"
    assert found["time"].values[0].hour == 0
    assert "real years" in describe_calendar("standard")


def test_variables_are_found_by_what_cf_says_of_them() -> None:
    ds = grid("x", 280, "K").rename(lat="breite", lon="laenge", time="zeit")
    ds["breite"].attrs["units"] = "degrees_north"
    ds["laenge"].attrs["standard_name"] = "longitude"
    ds["zeit"].attrs["standard_name"] = "time"
    ds["x"].attrs |= {"standard_name": "air_temperature", "cell_methods": "time: maximum"}
    ds["y"] = ds["x"].assign_attrs(standard_name="precipitation_flux", units="mm") * 0
    ds["y"].attrs = {"standard_name": "precipitation_flux", "units": "mm"}
    found = standardise(ds, ["tasmax", "pr"])
    assert found["tasmax"].values.flat[0] == pytest.approx(6.85)
    assert set(found.dims) == {"time", "lat", "lon"}


def test_kma_names_are_known() -> None:
    assert standardise(grid("RN", 3.0), ["pr"])["pr"].max() == 3
    assert standardise(grid("TAMIN", 3.0, "degC"), ["tasmin"])["tasmin"].max() == 3


def test_a_missing_variable_or_two_that_fit_are_named() -> None:
    with pytest.raises(InvalidData, match=r"'tas' is missing, found \['pr'\]"):
        standardise(grid(), ["tas"])
    two = grid().assign(RN=grid()["pr"])
    with pytest.raises(InvalidData, match="More than one variable could be 'pr'"):
        standardise(two, ["pr"])


def test_a_rotated_grid_is_refused_with_the_way_out() -> None:
    ds = grid().rename(lat="rlat", lon="rlon")
    two = (("rlat", "rlon"), np.ones((2, 2)))
    ds = ds.drop_vars(["rlat", "rlon"]).assign_coords(lat=two, lon=two)
    with pytest.raises(InvalidData, match=r"two-dimensional latitude .* cdo remapbil"):
        standardise(ds, ["pr"])


def test_points_and_single_series_pass() -> None:
    points = grid().isel(lon=0).assign_coords(lon=("lat", [126.0, 127.0]))
    points = points.rename_dims(lat="station").reset_index("lat", drop=True)
    points = points.assign_coords(lat=("station", [37.0, 38.0]))
    assert standardise(points, ["pr"])["pr"].dims == ("time", "station")
    assert standardise(points, ["pr"], box=(0, 0, 1, 1))["pr"].dims == ("time", "station")
    alone = grid().isel(lat=0, lon=0, drop=True)
    assert standardise(alone, ["pr"])["pr"].dims == ("time",)


def test_a_single_day_and_an_axis_that_two_coordinates_claim_pass() -> None:
    ds = grid(days=1).assign_coords(cell_north=("lat", [38.1, 37.1], {"units": "degrees_north"}))
    assert standardise(ds, ["pr"])["lat"].values.tolist() == [37, 38]


def test_missing_axes_and_spare_dimensions_are_named() -> None:
    with pytest.raises(InvalidData, match="no latitude axis"):
        standardise(grid().drop_vars("lat"), ["pr"])
    with pytest.raises(InvalidData, match=r"a dimension too many: \['member'\]"):
        standardise(grid().expand_dims(member=2), ["pr"])


def test_time_must_be_one_value_a_day() -> None:
    monthly = grid().assign_coords(time=xr.date_range("2001-01-01", periods=3, freq="MS"))
    with pytest.raises(InvalidData, match=r"every 29\.5 days, expected one value a day"):
        standardise(monthly, ["pr"])
    hourly = grid().assign_coords(time=xr.date_range("2001-01-01", periods=3, freq="h"))
    with pytest.raises(InvalidData, match="more than one value on 2001-01-01"):
        standardise(hourly, ["pr"])
    with pytest.raises(InvalidData, match="cannot be read as dates"):
        standardise(grid().assign_coords(time=[0, 1, 2]), ["pr"])


def test_an_empty_year_and_missing_days_are_told_and_not_filled() -> None:
    ds = grid(days=800).drop_isel(time=[5, 6])
    ds["pr"].loc[{"time": "2002"}] = np.nan
    found = standardise(ds, ["pr"])
    assert found.attrs["years_without_data"] == "2002"
    assert found.attrs["missing_days"] == 2
    assert found.sizes["time"] == 798


def test_variables_on_different_days_are_refused() -> None:
    ds = grid().rename(time="t2", pr="tas").assign_coords(t2=grid(days=3)["time"].values)
    ds["t2"].attrs["standard_name"] = "time"
    ds["t2"] = ds["t2"] + np.timedelta64(5, "D")
    ds["t2"].attrs["standard_name"] = "time"
    ds["tas"].attrs["units"] = "degC"
    with pytest.raises(InvalidData, match="not on the same axes"):
        standardise(xr.merge([ds, grid()]), ["pr", "tas"])


def write(ds: xr.Dataset, path: Path) -> Path:
    ds.to_netcdf(path, engine="h5netcdf" if path.suffix == ".nc" else "scipy")
    return path


def test_years_and_variables_in_several_files_are_joined(tmp_path: Path) -> None:
    later = grid(value=2.0).assign_coords(time=grid()["time"] + np.timedelta64(3, "D"))
    warm = xr.concat([grid("tas", 9, "degC"), grid("tas", 9, "degC")], "time")
    warm = warm.assign_coords(time=xr.date_range("2001-01-01", periods=6))
    paths = [
        write(later, tmp_path / "b.nc"),
        write(grid(), tmp_path / "a.cdf"),
        write(warm, tmp_path / "t.nc"),
    ]
    found = user_netcdf.read(paths, ["pr", "tas"], box=KOREA)
    assert found["pr"].sel(lat=37, lon=126).values.tolist() == [1, 1, 1, 2, 2, 2]
    assert found.sizes["lon"] == 1
    assert found.attrs["missing_days"] == 0
    assert (found["pr"].attrs["units"], found["tas"].attrs["units"]) == ("mm", "degC")


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    one, again = write(grid(), tmp_path / "a.nc"), write(grid(), tmp_path / "b.nc")
    with pytest.raises(InvalidData, match="Two files hold 2001-01-01"):
        user_netcdf.read([one, again], ["pr"])
    with pytest.raises(InvalidData, match=r"'tas' is missing in all of \['a\.nc'\]"):
        user_netcdf.read([one], ["pr", "tas"])
    other = grid().assign_coords(lat=[50.0, 49.0])
    other = other.assign_coords(time=other["time"] + np.timedelta64(9, "D"))
    with pytest.raises(InvalidData, match="do not fit together"):
        user_netcdf.read([one, write(other, tmp_path / "c.nc")], ["pr"])
    with pytest.raises(InvalidData, match=r"a\.nc: The grid .* has no cell in the box"):
        user_netcdf.read([one], ["pr"], box=(0, 0, 5, 5))


def test_what_is_no_netcdf_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.nc").write_text("<html>")
    with pytest.raises(InvalidData, match=r"a\.nc: It is not a NetCDF file"):
        user_netcdf.read([tmp_path / "a.nc"], ["pr"])
    (tmp_path / "b.nc").write_bytes(b"\x89HDF" + b"broken")
    with pytest.raises(InvalidData, match=r"b\.nc: It cannot be read"):
        user_netcdf.read([tmp_path / "b.nc"], ["pr"])
    with pytest.raises(NothingThere, match=r"c\.nc"):
        user_netcdf.read([tmp_path / "c.nc"], ["pr"])


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/cmip6-cannonsville is not there")
def test_a_real_ssp_series_passes_the_door() -> None:
    name = "cannonsville__ACCESS-CM2_ssp370_r1i1p1f1_DBCCA_Daymet.csv.gz"
    table = pd.read_csv(SHARED / name, parse_dates=["date"], index_col="date")
    ds = xr.Dataset(
        {
            "prcp": ("time", table["prcp_mm_day"], {"units": "mm/day"}),
            "tmax": ("time", table["tmax_degC"], {"units": "degC"}),
        },
        coords={"time": table.index.to_numpy("datetime64[ns]")},
    )
    found = standardise(ds, ["pr", "tasmax"])
    assert found.attrs["missing_days"] == 0
    assert 900 < float(found["pr"].sum()) / 85 < 1500  # mm a year, New York State
