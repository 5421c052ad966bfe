"""The risk index on five regions, and what the user's table may not say."""

from pathlib import Path

import numpy as np
import pytest

from data.errors import InvalidData, SourceError
from forecast.climate import risk, risk_table
from forecast.climate.risk import Bounds
from forecast.climate.risk_table import Table

NAN = np.nan
CODES = ["11110", "11140", "26110"]
HAZARD = np.array([100.0, 150.0, 200.0])
HEADER = "code,exposure,vulnerability\n"


def told(exposure: list[float], vulnerability: list[float]) -> Table:
    blank = ("",) * len(exposure)
    nothing = np.full(len(exposure), NAN)
    return Table(np.array(exposure), np.array(vulnerability), nothing, blank, blank)


def saved(folder: Path, text: str) -> Path:
    path = folder / "risk.csv"
    path.write_text(text, encoding="utf-8")
    return path


TABLE = told([10.0, 40.0, 80.0], [0.5, 1.0, 0.5])
BASE = risk.yardstick(HAZARD, TABLE)


def test_the_index_is_the_cube_root_of_three_shares() -> None:
    found = risk.assess(HAZARD, TABLE, BASE)
    assert found.hazard.tolist() == [0.0, 0.5, 1.0]
    assert found.exposure.tolist() == [0.125, 0.5, 1.0]
    assert found.vulnerability.tolist() == [0.5, 1.0, 0.5]
    assert found.index.tolist() == pytest.approx([0.0, 0.25 ** (1 / 3), 0.5 ** (1 / 3)])


def test_the_index_rises_when_only_the_hazard_rises() -> None:
    before = risk.assess(HAZARD, TABLE, BASE)
    after = risk.assess(HAZARD + np.array([40.0, 40.0, 0.0]), TABLE, BASE)
    assert (after.index[:2] > before.index[:2]).all()
    assert (after.exposure == before.exposure).all()


def test_a_rise_everywhere_shows_as_the_bounds_stay_those_of_the_baseline() -> None:
    before, after = risk.assess(np.stack([HAZARD, HAZARD + 25]), TABLE, BASE).index
    assert (after[:2] > before[:2]).all()  # bounds of each map's own would give no rise at all


def test_what_lies_beyond_the_baseline_is_clipped_and_said() -> None:
    found = risk.assess(np.array([90.0, 150.0, 300.0]), TABLE, BASE)
    assert found.hazard.tolist() == [0.0, 0.5, 1.0]
    assert found.below.tolist() == [True, False, False]
    assert found.above.tolist() == [False, False, True]


def test_where_nobody_is_there_is_no_risk() -> None:
    table = told([0.0, 40.0, 80.0], [0.5, 1.0, 0.5])
    assert risk.assess(HAZARD + 50, table, BASE).index[0] == 0.0


def test_what_is_not_known_has_no_index_rather_than_none() -> None:
    table = told([NAN, 40.0, 80.0], [0.5, NAN, 0.5])
    found = risk.assess(np.array([100.0, 150.0, NAN]), table, BASE)
    assert np.isnan(found.index).all()
    assert not found.above.any()


def test_the_least_exposed_region_is_not_taken_for_an_empty_one() -> None:
    assert BASE.exposure == Bounds(0.0, 80.0)
    assert BASE.hazard == Bounds(100.0, 200.0)


@pytest.mark.parametrize("values", [[3.0, 3.0, NAN], [NAN, NAN], []])
def test_one_value_is_no_scale(values: list[float]) -> None:
    with pytest.raises(InvalidData, match="known values of the baseline is above"):
        risk.bounds(np.array(values))


def test_damage_in_the_order_of_the_index_agrees_fully() -> None:
    index = np.append(np.linspace(0, 1, 10), [NAN, 0.5])
    damage = np.append(np.arange(10.0) ** 3, [5.0, NAN])
    found = risk.agreement(index, damage)
    assert found.rho == pytest.approx(1.0)
    assert found.n == 10
    assert found.p < 1e-6
    assert risk.agreement(index, -damage).rho == pytest.approx(-1.0)


def test_nine_regions_or_equal_damage_say_nothing_of_agreement() -> None:
    few = risk.agreement(np.arange(9.0), np.arange(9.0))
    equal = risk.agreement(np.arange(12.0), np.zeros(12))
    assert (few.n, equal.n) == (9, 12)
    assert np.isnan([few.rho, few.p, equal.rho, equal.p]).all()


def test_the_template_can_be_filled_in_and_read(tmp_path: Path) -> None:
    text = risk_table.template(CODES, ["종로구", "중구", "중구"])
    assert text.splitlines()[1] == "11110,종로구,,,,,"
    path = tmp_path / "risk.csv"
    path.write_text(text.replace("종로구,,,,,", "종로구,7,0.2,3,census,"), encoding="utf-8-sig")
    found = risk_table.read(path, CODES)
    np.testing.assert_array_equal(found.exposure, [7.0, NAN, NAN])
    np.testing.assert_array_equal(found.damage, [3.0, NAN, NAN])
    assert found.exposure_source == ("census", "", "")
    assert found.vulnerability_source == ("", "", "")


def test_lines_may_come_in_any_order_and_a_region_without_one_is_unknown(tmp_path: Path) -> None:
    found = risk_table.read(saved(tmp_path, HEADER + "26110,5,0\n\n11110,,1\n,,\n"), CODES)
    np.testing.assert_array_equal(found.exposure, [NAN, NAN, 5.0])
    np.testing.assert_array_equal(found.vulnerability, [1.0, NAN, 0.0])
    assert np.isnan(found.damage).all()
    assert found.exposure_source == ("", "", "")


def test_a_table_without_lines_knows_nothing(tmp_path: Path) -> None:
    assert np.isnan(risk_table.read(saved(tmp_path, HEADER), CODES).exposure).all()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("code,exposure\n11110,1\n", "line 1: column 'vulnerability' is missing"),
        ("exposure,vulnerability\n1,1\n", "line 1: column 'code' is missing"),
        (HEADER + "11110,1,1\n99999,1,1\n", "line 3, column 'code': '99999' is no region"),
        (HEADER + ",1,1\n", "line 2, column 'code': '' is no region"),
        (HEADER + "11110,1,1\n11110,2,1\n", "line 3, column 'code': '11110' stands in line 2, too"),
        (HEADER + "11110,1,1\n11140,-4,1\n", "line 3, column 'exposure': -4 is negative"),
        (HEADER + "11110,1,1\n11140,1,inf\n", "line 3, column 'vulnerability': 'inf' is no number"),
        (HEADER + "11110,1,1\n11140,many,1\n", "line 3, column 'exposure': 'many' is no number"),
        (HEADER + "11110,many,1\n", "line 2, column 'exposure': 'many' is no number"),
    ],
)
def test_a_fault_is_named_with_its_line_and_value(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(SourceError) as caught:
        risk_table.read(saved(tmp_path, text), CODES)
    assert complaint in str(caught.value)


def test_a_missing_table_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Fill in the template"):
        risk_table.read(tmp_path / "none.csv", CODES)
