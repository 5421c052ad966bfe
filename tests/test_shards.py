"""What the browser gets of a gauge: numbers as they are printed, the facts of its sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Thresholds
from forecast.edits import Edit, apply
from maps import shards
from maps.curves import gather
from maps.packing import unpack
from maps.release import fresh
from maps.review import Reviewed
from maps.shards import FIELDS, GAUGES
from maps.view import View

RIVER = simulated.network(gauges=5)
HORIZON = 24
HOUR = np.timedelta64(1, "h")
Maker = Callable[[Network], View]
Gauge = dict[str, Any]


def shard(view: View, number: int = 0) -> dict[str, Any]:
    text = list(shards.shards(gather(view)))[number].decode()
    found: dict[str, Any] = json.loads(text.removeprefix(f'Mulgil.put("h/{number}",')[:-3])
    return found


def gauges(view: View) -> list[Gauge]:
    return [dict(zip(FIELDS, raw, strict=True)) for raw in shard(view)["gauges"]]


def cut(numbers: list[Any], *lengths: int) -> list[list[Any]]:
    """Return the parts of a row, one after the other; the last takes the rest."""
    parts = []
    for length in lengths:
        parts.append(numbers[:length])
        numbers = numbers[length:]
    return [*parts, numbers]


def test_the_quantiles_are_the_forecasts_in_centimetres(make_view: Maker) -> None:
    view = make_view(RIVER)
    head, gauge = shard(view), gauges(view)[1]
    _, _, quantiles, chances = cut(unpack(gauge["numbers"]), 1, head["observed"], 7 * HORIZON)
    assert head["levels"] == [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    # S2 rises to 3.5 m; the spread at 24 h is -0.8 .. 0.8 m
    assert [quantiles[HORIZON * (n + 1) - 1] for n in range(7)] == [
        270,
        290,
        320,
        350,
        380,
        410,
        430,
    ]
    # attention at 2 m: 95 % or more; watch, 3 m: 0.5 m below the median, 3.5 - 0.6 is the 10 %
    # quantile and 3.5 - 0.3 the 25 % one: P(below 3 m) = 10 % + 15 % / 3 = 15 %
    assert [chances[HORIZON * (n + 1) - 1] for n in range(4)] == [95, 85, 15, 5]


def test_readings_stand_before_the_forecast_with_their_gaps(make_view: Maker) -> None:
    view = make_view(RIVER)
    gap = view.observations.time == np.datetime64("2020-06-30T20:00")
    view = replace(view, observations=view.observations.where(~gap))
    head, gauge = shard(view), gauges(view)[0]
    last, observed, _ = cut(unpack(gauge["numbers"]), 1, head["observed"])
    assert last == [100]  # 1 m
    assert (head["first"], head["observed"]) == (-47 * 60, 48)
    assert observed[-5] is None
    expected = view.observations.water_level.sel(station="S1").values[-4:]
    assert observed[-4:] == [round(100 * float(value)) for value in expected]


def test_the_last_forecasts_and_the_outcome_follow(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    head, gauge = shard(view), gauges(view)[1]
    parts = cut(unpack(gauge["numbers"]), 1, head["observed"], HORIZON, 7 * HORIZON, HORIZON)
    assert (head["outcome"], head["earlier"]) == (HORIZON, [-360])
    assert parts[4][-1] == 350  # the median, as six hours before
    assert view.outcome is not None
    assert parts[2][0] == round(100 * float(view.outcome.water_level.sel(station="S2")[0]))


def test_the_facts_of_the_sentence_stand_beside(make_view: Maker) -> None:
    severe, watch, _, quiet, unknown = gauges(make_view(RIVER))
    # S2: 1 m + 2.5 m * lead / 24 h reaches 3 m at 19.2 h: in the 20th hour, place 19
    assert (watch["stage"], watch["reached"], watch["peak"]) == (2, 19, 23)
    assert watch["most"] == 23  # 85 % at 24 h, much more than 61 % in the 20th hour
    assert (severe["stage"], severe["now"], severe["age"]) == (4, 0, 0)
    assert (quiet["stage"], quiet["reached"], quiet["most"]) == (0, -1, -1)
    assert (unknown["stage"], unknown["now"], unknown["peak"], unknown["age"]) == (-1, -1, -1, 540)


def test_a_reason_is_told_in_both_languages_and_only_once(make_view: Maker) -> None:
    view = make_view(RIVER)
    found, unknown = shard(view), gauges(view)[4]
    assert found["texts"][unknown["reason"]] == [
        "마지막 관측이 9시간 전입니다.",
        "The last reading is 9 h old.",
    ]
    assert found["texts"][unknown["origin"]][1].startswith("derived from the record: simulated")
    assert len(found["texts"]) == 2  # one reason, one origin for all five gauges


def test_inputs_say_who_gave_them_and_which_are_missing(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    view.manifest["inputs"]["source"] = {"S1": {"water_level": "hrfco"}}
    found, first = shard(view), gauges(view)[0]
    told = [["water_level", 0, "hrfco"], ["rainfall", 0, None], ["tide", None, None]]
    assert found["inputs"][first["inputs"]] == told


def test_thresholds_are_as_they_are_printed_and_unset_ones_are_null(make_view: Maker) -> None:
    limits = Thresholds(np.nan, 2.05, 1e6, 12.5, "official", "")
    first = replace(RIVER.stations[0], thresholds=limits)
    bare = replace(RIVER.stations[1], thresholds=None)
    view = make_view(replace(RIVER, stations=(first, bare, *RIVER.stations[2:])))
    told = gauges(view)
    assert told[0]["limits"] == [None, "2.05", "1e+06", "12.5"]
    assert told[1]["limits"] is None
    chances = cut(unpack(told[0]["numbers"]), 1 + shard(view)["observed"] + 7 * HORIZON)[1]
    assert chances[:HORIZON] == [None] * HORIZON  # no attention here, and it is not 0


def test_the_scores_of_a_gauge_are_there_once_it_was_verified(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    view = replace(view, scores=view.scores.sel(station=["S2"]))
    first, second = gauges(view)[:2]
    assert first["skill"] == ""
    assert shard(view)["skill"] == [60, 180, 360, 720, 1440]
    gain, coverage, hits, misses, false_alarms = cut(unpack(second["skill"]), 5, 5, 20, 20)
    assert gain == coverage == [90, 80, 60, 25, -10]
    assert (set(hits), set(misses), set(false_alarms)) == ({12}, {3}, {5})


def test_a_gauge_without_scores_says_nothing(make_view: Maker) -> None:
    assert shard(make_view(RIVER))["skill"] == []
    assert {gauge["skill"] for gauge in gauges(make_view(RIVER))} == {""}


def test_sixty_four_gauges_lie_in_a_file_named_by_its_content(
    tmp_path: Path, make_view: Maker
) -> None:
    view = make_view(RIVER)
    names = [f"S{number}" for number in range(GAUGES + 1)]
    stations = tuple(replace(RIVER.stations[0], id=name, name_en=name) for name in names)
    many = view.forecast.isel(station=[0] * len(names)).assign_coords(station=names)
    observed = view.observations.isel(station=[0] * len(names)).assign_coords(station=names)
    outlooks = tuple(replace(view.outlooks[0], station=name) for name in names)
    view = replace(
        view,
        network=replace(RIVER, stations=stations),
        forecast=many,
        observations=observed,
        outlooks=outlooks,
    )
    data = shards.write(gather(view), fresh(tmp_path))
    assert sorted(path.name for path in (tmp_path / data / "h").iterdir()) == ["0.js", "1.js"]
    assert [gauge[0] for gauge in shard(view, 1)["gauges"]] == ["S64"]
    later = replace(view, outlooks=(replace(outlooks[0], last_observed=1.01), *outlooks[1:]))
    assert shards.write(gather(later), fresh(tmp_path)) != data


def test_a_page_s_name_is_told_only_where_it_is_not_the_id(make_view: Maker) -> None:
    odd = replace(RIVER.stations[0], id="a/b")
    river = replace(RIVER, stations=(odd,))
    view = make_view(RIVER)
    renamed = view.forecast.isel(station=[0]).assign_coords(station=["a/b"])
    view = replace(view, network=river, forecast=renamed, outlooks=view.outlooks[:1])
    assert gauges(view)[0]["page"] == "a_2f_b"
    assert gauges(make_view(RIVER))[0]["page"] == ""


def edited(view: View) -> View:
    """Return a view in which a person added 0.5 m at S2, from 2 h to 4 h ahead."""
    issue = view.issue_time
    times: dict[str, Any] = {"created": issue, "issued": issue, "expires": issue + 6 * HOUR}
    times |= {"first": issue + 2 * HOUR, "last": issue + 4 * HOUR}
    own = Edit("e1", "S2", "offset", 0.5, "a <b>gate</b>", "당직 수문관", **times)
    found = apply(view.forecast, view.outlooks, [own], view.network, issue)
    known = Reviewed(view.forecast, view.outlooks, changes=found.changes)
    return replace(view, forecast=found.forecast, outlooks=found.outlooks, review=known)


def test_an_edited_gauge_has_the_automatic_forecast_and_who_changed_it_beside(
    make_view: Maker,
) -> None:
    found = shard(edited(make_view(RIVER)))["edits"]
    assert list(found) == ["1"]  # S2 alone
    own = found["1"]
    assert own["automatic"][4][1] == pytest.approx(1 + 2.5 * 2 / 24, abs=1e-3)  # 2 h, median
    assert own["peak"] == 23
    told = own["en"]
    assert told["title"] == "Edited"
    (edit,) = told["edits"]
    assert edit == {
        "what": "+0.50 m added",
        "by": "edited by 당직 수문관",
        "reason": "reason “a <b>gate</b>”",
        "until": "until 2020-07-01 15:00 KST",
    }
    assert [side["caption"] for side in told["sides"]] == ["Automatic", "Edited (shown)"]
    assert [side["peak"] for side in told["sides"]] == ["3.50 m", "3.50 m"]
    assert own["ko"]["edits"][0]["by"] == "당직 수문관이(가) 수정"


def test_where_nobody_edited_a_shard_says_nothing_of_it(make_view: Maker) -> None:
    view = make_view(RIVER)
    assert "edits" not in shard(view)
    looked_at = replace(view, review=Reviewed(view.forecast, view.outlooks))
    assert shard(looked_at) == shard(view)
