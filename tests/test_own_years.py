import numpy as np
import pytest

from data.errors import SourceError
from data.network import Split
from data.own import network as own_network
from data.own import years as own_years
from data.own.lines import Line
from data.own.network import Wishes
from data.stations import Quantity

FULL = 365


def test_days_with_a_value_are_counted_by_year() -> None:
    time = np.array(["2019-12-31T23", "2020-01-01T00", "2020-01-01T05", "2020-01-02"], "M8[ns]")
    value = np.array([1.0, 1.0, 1.0, np.nan])
    line = Line(time, value, np.zeros(4, "int8"), time)
    assert own_years.days([line]) == {2019: 1, 2020: 1}
    assert own_years.days([]) == {}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (dict.fromkeys(range(2011, 2021), FULL), Split((2011, 2016), (2017, 2018), (2019, 2020))),
        (dict.fromkeys(range(2016, 2021), FULL), Split((2016, 2018), (2019, 2019), (2020, 2020))),
        (dict.fromkeys(range(2018, 2021), FULL), Split((2018, 2018), (2019, 2019), (2020, 2020))),
        # nine hours of 2011 are the edge of a time zone, no year to learn from
        (
            {2011: 1} | dict.fromkeys(range(2012, 2015), FULL),
            Split((2012, 2012), (2013, 2013), (2014, 2014)),
        ),
        # the last year has two months: judged by more than that
        (
            dict.fromkeys(range(2012, 2022), FULL) | {2022: 60},
            Split((2012, 2017), (2018, 2019), (2020, 2022)),
        ),
        # a gap of years
        (
            {2001: FULL, 2002: FULL, 2003: FULL, 2015: FULL, 2016: FULL},
            Split((2001, 2003), (2015, 2015), (2016, 2016)),
        ),
    ],
)
def test_years_are_split_about_60_20_20(record: dict[int, int], expected: Split) -> None:
    assert own_years.split(record, {}) == expected


def test_too_few_years_are_refused_with_how_much_there_is() -> None:
    with pytest.raises(SourceError, match=r"Only 2 calendar year\(s\).*2018 \(3 days\), 2019 \(36"):
        own_years.split({2018: 3, 2019: 365, 2020: 366}, {})


@pytest.mark.parametrize(("text", "years"), [("2012-2018", (2012, 2018)), (" 2019 ", (2019, 2019))])
def test_years_are_read_as_a_person_writes_them(text: str, years: tuple[int, int]) -> None:
    assert own_years.years(text) == years


@pytest.mark.parametrize("text", ["12-18", "2018-2012", "all"])
def test_what_are_no_years_is_named(text: str) -> None:
    with pytest.raises(SourceError, match=f"'{text}' are no years"):
        own_years.years(text)


RECORD = dict.fromkeys(range(2012, 2022), FULL)
ASKED = {"train": (2012, 2018), "validate": (2019, 2019), "test": (2020, 2021)}


def test_a_person_s_years_go_before_the_default() -> None:
    assert own_years.split(RECORD, ASKED) == Split((2012, 2018), (2019, 2019), (2020, 2021))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"validate": (2018, 2019)}, "must follow each other and not overlap"),
        ({"test": (2030, 2031)}, "No reading lies in the years 2030-2031 of --test"),
    ],
)
def test_years_that_do_not_fit_are_refused(change: dict[str, tuple[int, int]], why: str) -> None:
    with pytest.raises(SourceError, match=why):
        own_years.split(RECORD, ASKED | change)


def test_all_three_parts_are_named_or_none() -> None:
    with pytest.raises(SourceError, match="--train without --validate and --test"):
        own_years.split(RECORD, {"train": (2012, 2018)})


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Black River", "cannot be the name of a network"),
        ("../x", "cannot be the name of a network"),
        ("", "cannot be the name of a network"),
        ("recorded", "is built in"),
        ("runs", "is used otherwise"),
    ],
)
def test_a_name_that_cannot_be_a_folder_or_is_taken_is_refused(name: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        own_network.check_name(name)


def test_no_default_looks_further_ahead_than_ten_days() -> None:
    def horizon(every: int) -> int:
        start = np.datetime64("2018-01-01", "ns")
        time = start + np.arange(0, 3 * 366 * 1440, every) * np.timedelta64(1, "m")
        line = Line(time, np.ones(time.size), np.zeros(time.size, "int8"), time)
        lines = {("A", "discharge"): line}
        return own_network.plan(lines, Quantity.DISCHARGE, Wishes()).horizon

    assert [horizon(every) for every in (10, 60, 1440)] == [36, 24, 10]


def test_a_station_with_nothing_to_learn_from_is_refused_and_few_days_are_told() -> None:
    time = np.arange("2020-01-01", "2020-02-01", dtype="M8[D]").astype("M8[ns]")
    new = {("A", "discharge"): Line(time, np.ones(31), np.zeros(31, "int8"), time)}
    split = Split((2018, 2018), (2019, 2019), (2020, 2020))
    with pytest.raises(SourceError, match="'A' has no discharge in the training years 2018-2018"):
        own_network.check_years(new, ("A",), Quantity.DISCHARGE, split)
    remarks = own_network.check_years(
        new, ("A",), Quantity.DISCHARGE, Split((2020, 2020), (2021, 2021), (2022, 2022))
    )
    assert remarks[0] == "'A' has 0 days of discharge to validate on: few."
