"""Warming levels: windows done by hand, and the real tables where they are at hand."""

from pathlib import Path

import numpy as np
import pytest

from data.climate.warming_levels import (
    Window,
    common_windows,
    first_window,
    read_crossings,
    read_observed,
)
from data.errors import InvalidData, NothingThere

SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "gwl"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/gwl is not there")
HEAD = "# author: somebody\nmodel, ensemble, exp, warming_level, start_year, end_year\n"
ROWS = """hot, r1, ssp585, 2.0, 2020, 2039
hot, r1, ssp585, 3.0, 2040, 2059
mild, r1, ssp585, 2.0, 2035, 2054
hot, r1, ssp126, 2.0, 2021, 2040
"""


def table(folder: Path, text: str) -> Path:
    path = folder / "levels.csv"
    path.write_text(text)
    return path


def test_only_models_that_reach_every_level_are_compared(tmp_path: Path) -> None:
    crossings = read_crossings(table(tmp_path, HEAD + ROWS))
    both = common_windows(crossings, "ssp585", [2.0, 3.0])
    assert both.windows == {2.0: {"hot": Window(2020, 2039)}, 3.0: {"hot": Window(2040, 2059)}}
    assert both.n == 1
    assert both.reached == {2.0: 2, 3.0: 1}


def test_one_level_alone_keeps_all_its_models_unless_some_are_chosen(tmp_path: Path) -> None:
    crossings = read_crossings(table(tmp_path, HEAD + ROWS))
    assert common_windows(crossings, "ssp585", [2.0]).n == 2
    assert list(common_windows(crossings, "ssp585", [2.0], among=["mild"]).windows[2.0]) == ["mild"]
    assert common_windows(crossings, "ssp585", [2.0, 4.0]).n == 0


def test_a_window_is_20_years_centred_on_the_crossing() -> None:
    years = np.arange(2000, 2060)
    warming = (years - 2000) * 0.1  # mean of the 20 years from y on: 0.1 * (y - 2000) + 0.95
    assert first_window(years, warming, 1.95) == Window(2010, 2029)
    assert Window(2010, 2029).crossing == 2020
    assert first_window(years, warming, 9.0) is None
    assert first_window(years[:19], warming[:19], 0.0) is None


def test_a_window_of_another_length_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, HEAD + "m, r1, ssp585, 2.0, 2020, 2049\n")
    with pytest.raises(InvalidData, match=r"window of m is 2020-2049, expected 20 years"):
        read_crossings(path)


def test_a_missing_file_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match=r"levels\.csv"):
        read_crossings(tmp_path / "levels.csv")
    with pytest.raises(InvalidData, match="column 'ensemble' is missing"):
        read_crossings(table(tmp_path, "model,exp\na,b\n"))


def test_observed_warming_is_over_the_mean_of_1850_to_1900(tmp_path: Path) -> None:
    rows = [f"gcag,{year},{-0.5 if year <= 1900 else 0.7}" for year in range(1850, 2000)]
    path = table(tmp_path, "Source,Year,Mean\n" + "\n".join([*rows, "short,1900,0"]))
    warming = read_observed(path)
    assert warming.loc[1999] == pytest.approx(1.2)
    with pytest.raises(InvalidData, match=r"'short' has 1 of the 51 years"):
        read_observed(path, "short")


@real
def test_the_real_table_loses_models_at_higher_levels() -> None:
    crossings = read_crossings(SHARED / "cmip6_warming_levels_one_ens_1850_1900.csv")
    hot = common_windows(crossings, "ssp585", [1.5, 2.0, 3.0, 4.0])
    assert hot.reached == {1.5: 52, 2.0: 52, 3.0: 52, 4.0: 37}
    assert hot.n == 37
    assert common_windows(crossings, "ssp126", [2.0]).n == 31
    assert read_observed(SHARED / "gmst_annual.csv").loc[2024] == pytest.approx(1.5, abs=0.2)
