"""Forecast rain as an interval and its middle, and the rain of the last hour, cell by cell."""

import json
from math import inf, isnan
from pathlib import Path

import numpy as np
import pytest

from data.errors import SourceError
from data.reading import FORECAST_RAIN, UNITS, Parsed
from data.schema import Flag
from data.sources import kma_forecast
from data.sources.asking import Answer, Spot, Wanted

FIXTURES = Path(__file__).parent / "fixtures/kma"
SAMPLES = Path(__file__).parents[2] / "shared/samples/providers/kma"
SEOUL = Spot("seoul", 37.5665, 126.9780)
HERE = {"nx": 60, "ny": 127}
ITEM = HERE | {
    "baseDate": "20260701",
    "baseTime": "0800",
    "category": "PCP",
    "fcstDate": "20260701",
    "fcstTime": "0900",
    "fcstValue": "2.0mm",
}
SEEN = HERE | {"baseDate": "20260701", "baseTime": "1100", "category": "RN1", "obsrValue": "4.5"}


def wanted(variable: str = FORECAST_RAIN, *spots: Spot) -> Wanted:
    span = (np.datetime64("2026-07-01", "ns"), np.datetime64("2026-07-02", "ns"))
    return Wanted(variable, spots or (SEOUL,), *span)


def answer(*items: object, what: str = "asked") -> Answer:
    body = {"items": {"item": list(items)}, "totalCount": len(items)}
    text = json.dumps({"response": {"header": {"resultCode": "00"}, "body": body}})
    return Answer("kma_forecast", what, "", text.encode(), np.datetime64("2026-07-02", "ns"))


def saved(name: str, folder: Path = FIXTURES) -> Answer:
    body = (folder / name).read_bytes()
    return Answer("kma_forecast", name, "", body, np.datetime64("2026-07-21", "ns"))


def values(parsed: Parsed, variable: str) -> list[float | None]:
    found = [r.value for r in parsed.readings if r.variable == variable]
    return [None if isnan(value) else value for value in found]


def test_the_saved_village_forecast_gives_middle_low_and_high() -> None:
    parsed = kma_forecast.parse(saved("getVilageFcst.json"), wanted())
    assert values(parsed, FORECAST_RAIN) == [0, 0.5, 0.5, 2, 29.9, 40, 70, None, None, None]
    low = values(parsed, f"{FORECAST_RAIN}_low")
    high = values(parsed, f"{FORECAST_RAIN}_high")
    assert low == [0, 0, 0, 2, 29.9, 30, 50, None, None, None]
    assert high == [0, 1, 1, 2, 29.9, 50, inf, None, None, None]
    assert {reading.variable for reading in parsed.readings} <= set(UNITS)
    assert parsed.readings[0].time == np.datetime64("2026-07-01T00:00", "ns")  # 09:00 KST
    assert parsed.readings[0].raw == "강수없음"
    assert [r.flag for r in parsed.readings if r.variable == FORECAST_RAIN][-3:] == [
        Flag.SENTINEL,
        Flag.UNREADABLE,  # "약한 비", a class of the fifth day
        Flag.UNREADABLE,  # "2", which may be such a class
    ]


def test_each_open_end_is_told_with_the_value_taken_for_it() -> None:
    item = ITEM | {"fcstValue": "50.0mm 이상"}
    parsed = kma_forecast.parse(answer(item), wanted(), open_end=80.0)
    assert values(parsed, FORECAST_RAIN) == [80]
    assert parsed.complaints == (
        "asked: '50.0mm 이상' at 2026-07-01T00:00Z is open above; 80 mm is taken.",
    )


def test_the_saved_ultra_short_forecast_is_read_by_rn1() -> None:
    parsed = kma_forecast.parse(saved("getUltraSrtFcst.json"), wanted())
    assert values(parsed, FORECAST_RAIN) == [0, 0.5, 6.5]


def test_the_saved_analysis_is_rain_of_the_hour_ending_at_its_base_time() -> None:
    parsed = kma_forecast.parse(saved("getUltraSrtNcst.json"), wanted("rainfall"))
    (reading,) = parsed.readings
    assert (reading.site, reading.variable, reading.value) == ("seoul", "rainfall", 4.5)
    assert reading.time == np.datetime64("2026-07-01T02:00", "ns")  # 11:00 KST


@pytest.mark.parametrize("value", ["-998.9", "-999", "999", -999, "", None, "-"])
def test_a_missing_analysis_is_never_dry(value: object) -> None:
    parsed = kma_forecast.parse(answer(SEEN | {"obsrValue": value}), wanted("rainfall"))
    assert values(parsed, "rainfall") == [None]
    assert parsed.readings[0].flag in {Flag.SENTINEL, Flag.NOT_REPORTED}


def test_an_analysis_may_be_a_whole_number() -> None:
    parsed = kma_forecast.parse(answer(SEEN | {"obsrValue": "18"}), wanted("rainfall"))
    assert values(parsed, "rainfall") == [18]


def test_all_spots_of_a_cell_get_its_rain_and_other_cells_none() -> None:
    near, far = Spot("near", 37.5670, 126.9790), Spot("far", 35.1798, 129.0750)
    parsed = kma_forecast.parse(answer(SEEN), wanted("rainfall", SEOUL, near, far))
    assert [r.site for r in parsed.readings] == ["seoul", "near"]


def test_a_cell_that_was_not_asked_for_is_a_complaint() -> None:
    parsed = kma_forecast.parse(answer(ITEM, ITEM | {"nx": 61}, ITEM | {"nx": 61}), wanted())
    assert len(values(parsed, FORECAST_RAIN)) == 1
    assert parsed.complaints == ("asked: cell (61, 127) was not asked for.",)


def test_a_spot_without_a_place_is_named_and_the_others_are_served() -> None:
    parsed = kma_forecast.parse(answer(ITEM), wanted(FORECAST_RAIN, SEOUL, Spot("lost")))
    assert values(parsed, FORECAST_RAIN) == [2]
    assert "lost: its place" in parsed.complaints[0]


def test_cells_and_times_may_come_as_text_or_as_numbers() -> None:
    item = ITEM | {"nx": "60", "ny": " 127", "fcstDate": 20260701, "fcstTime": 900}
    assert values(kma_forecast.parse(answer(item), wanted()), FORECAST_RAIN) == [2]


def test_one_item_without_a_list_is_read() -> None:
    text = answer(ITEM).body.decode().replace("[", "").replace("]", "")
    one = Answer("kma_forecast", "asked", "", text.encode(), np.datetime64("2026-07-01", "ns"))
    assert values(kma_forecast.parse(one, wanted()), FORECAST_RAIN) == [2]


@pytest.mark.parametrize("name", ["nx", "fcstDate", "fcstTime", "fcstValue", "category"])
def test_a_renamed_field_is_an_error_that_names_it(name: str) -> None:
    item = {("new" if key == name else key): value for key, value in ITEM.items()}
    with pytest.raises(SourceError, match=f"no item has '{name}'"):
        kma_forecast.parse(answer(item, item), wanted())


@pytest.mark.parametrize(
    "change",
    [{"nx": "x"}, {"fcstDate": "20261301"}, {"fcstTime": "9 o'clock"}, {"ny": None}, {"nx": [1]}],
)
def test_an_item_that_cannot_be_read_is_a_complaint_and_the_rest_is_kept(
    change: dict[str, object],
) -> None:
    parsed = kma_forecast.parse(answer(ITEM, ITEM | change), wanted())
    assert values(parsed, FORECAST_RAIN) == [2]
    assert "an item cannot be read" in parsed.complaints[0]


def test_an_item_that_lacks_a_field_is_a_complaint() -> None:
    lacking = {key: value for key, value in ITEM.items() if key != "fcstValue"}
    parsed = kma_forecast.parse(answer(ITEM, lacking), wanted())
    assert parsed.complaints == ("asked: an item cannot be read: no 'fcstValue'.",)


def test_a_first_page_without_rain_is_told_and_a_later_one_is_not() -> None:
    snow = ITEM | {"category": "SNO", "fcstValue": "적설없음"}
    assert "no PCP or RN1, only 'SNO'" in kma_forecast.parse(answer(snow), wanted()).complaints[0]
    assert kma_forecast.parse(answer(snow, what="asked-page-2"), wanted()).complaints == ()


def test_times_outside_the_wanted_span_are_left_out_in_silence() -> None:
    late = ITEM | {"fcstDate": "20260705", "fcstValue": "약한 비"}
    parsed = kma_forecast.parse(answer(ITEM, late), wanted())
    assert values(parsed, FORECAST_RAIN) == [2]
    assert parsed.complaints == ()


def test_midnight_may_be_written_as_24_hours() -> None:
    item = ITEM | {"fcstTime": "2400"}
    (first, *_) = kma_forecast.parse(answer(item), wanted()).readings
    assert first.time == np.datetime64("2026-07-01T15:00", "ns")


def test_another_variable_is_refused() -> None:
    with pytest.raises(SourceError, match="kma_forecast has no 'tide'"):
        kma_forecast.parse(answer(ITEM), wanted("tide"))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not beside the checkout")
def test_the_shared_samples_are_read() -> None:
    span = (np.datetime64("2026-07-19", "ns"), np.datetime64("2026-07-21", "ns"))
    ahead, now = (Wanted(v, (SEOUL,), *span) for v in (FORECAST_RAIN, "rainfall"))
    parsed = kma_forecast.parse(saved("getVilageFcst.json", SAMPLES), ahead)
    assert values(parsed, FORECAST_RAIN) == [0, 0.5, 1, 22.5, 40, 70]
    assert values(kma_forecast.parse(saved("getUltraSrtNcst.json", SAMPLES), now), "rainfall") == [
        18.5
    ]
    missing = kma_forecast.parse(saved("getUltraSrtNcst_missing.json", SAMPLES), now)
    assert values(missing, "rainfall") == [None]
    assert kma_forecast.parse(saved("no_data.json", SAMPLES), now).readings == ()
    with pytest.raises(SourceError, match="code 30"):
        kma_forecast.parse(saved("gateway_error_30.xml", SAMPLES), now)
