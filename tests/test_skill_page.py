"""The skill page: what the scores say, of a few gauges and of many, and of what was issued."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.network import Network
from data.sources import simulated
from forecast.reliability import beside, out_of
from maps import skill_csv, skill_page
from maps.reliability_picture import diagrams
from maps.site import draw
from maps.skill_hindcast import learnt_from
from maps.skill_rolling import of_gauge, of_network
from maps.skill_words import sentences
from maps.view import View

RIVER = simulated.network(gauges=5)
STAGES = ["attention", "watch", "warning", "severe"]
LEADS = pd.to_timedelta([1, 6, 24], "h")
Maker = Callable[[Network], View]


def scores(gain: list[float], coverage: list[float], counts: dict[str, float]) -> xr.Dataset:
    """Return scores at one gauge; counts are those of the watch at every lead time."""
    by_stage = {
        name: (("lead_time", "stage"), [[0.0, count, np.nan, 0.0]] * 3)
        for name, count in counts.items()
    }
    by_lead = {
        "persistence_skill": ("lead_time", gain),
        "coverage90": ("lead_time", coverage),
    }
    return xr.Dataset(by_lead | by_stage, {"lead_time": LEADS, "stage": STAGES})


COUNTS = {"hits": 90.0, "misses": 30.0, "false_alarms": 10.0}


def test_scores_are_told_in_words() -> None:
    told = sentences(scores([0.9, 0.456, -0.1], [0.9, 0.88, 0.8], COUNTS), "en")
    assert told == [
        "Beside a forecast of no change, the mean squared error is 90 % smaller at 1 hour, 46 % "
        "smaller at 6 hours, 10 % larger at 24 hours.",
        "Share that came to lie within the 90 % range: 1 hour 90 %, 6 hours 88 %, 24 hours 80 %. "
        "The range is too narrow.",
        "Of 120 cases at watch or above, 90 (75 %) were forecast 6 hours ahead and 30 missed; "
        "10 % of what was forecast so were false alarms.",
    ]


def test_scores_are_told_in_korean() -> None:
    told = sentences(scores([0.9, np.nan, -0.1], [0.97, 0.96, 0.9], COUNTS), "ko")
    assert told[0] == (
        "‘변화 없음’이라는 예측에 견준 오차(제곱 평균): 1시간 앞 90 % 작음, 24시간 앞 10 % 큼."
    )
    assert told[1].endswith("범위가 필요보다 넓습니다.")
    assert told[2].startswith("주의보 이상이던 120건 가운데 90건(75 %)을 6시간 앞에서 맞혔고")


def test_nothing_is_said_of_scores_that_are_not_there() -> None:
    none = scores([np.nan] * 3, [np.nan] * 3, dict.fromkeys(COUNTS, 0.0))
    assert sentences(none, "en") == []


def test_few_forecasts_are_not_judged() -> None:
    few = scores([0.9] * 3, [0.9] * 3, COUNTS).assign(n=("lead_time", [15.0, 14.0, 12.0]))
    assert sentences(few, "en") == [
        "Only 15 forecasts could be compared: too few to judge by the scores below."
    ]


def test_an_error_as_large_as_that_of_no_change_is_the_same() -> None:
    told = sentences(scores([0.001, np.nan, np.nan], [0.9] * 3, COUNTS), "en")
    assert told[0].endswith("the mean squared error is the same at 1 hour.")


def test_the_lead_time_that_was_gained_is_told() -> None:
    own = scores([0.9] * 3, [0.9] * 3, COUNTS).assign(
        n_onsets=("stage", [0.0, 12.0, 0.0, 0.0]),
        n_forewarned=("stage", [0.0, 9.0, 0.0, 0.0]),
        lead_time_gained=("stage", [np.nan, 5.25, np.nan, np.nan]),
    )
    assert sentences(own, "en")[-1] == (
        "Watch was reached 12 times and forecast before 9 times; 5.2 hours were gained on average."
    )


def card(river: Network) -> xr.Dataset:
    """Return a rolling scorecard: gauge n (from 0) has n + 1 onsets, each with 2 h (n + 1)."""
    count = len(river.ids)
    own = scores([0.5] * 3, [0.9] * 3, COUNTS).assign(n=("lead_time", [100.0] * 3))
    every = xr.concat([own] * count, pd.Index(river.ids, name="station"))
    number = np.arange(1.0, count + 1)[:, None] * np.array([0, 1, 0, 0])
    gained = xr.Dataset(
        {
            "n_onsets": (("station", "stage"), number),
            "n_forewarned": (("station", "stage"), number),
            "lead_time_gained": (("station", "stage"), np.where(number > 0, 2 * number, np.nan)),
        }
    )
    both = xr.concat([every.assign(gained)] * 2, pd.Index(["30 d", "2020-06"], name="period"))
    day = np.array(["2020-06-01", "2020-06-01"], dtype="datetime64[ns]")
    return both.assign_coords(
        first_day=("period", day), last_day=("period", day + 29)
    ).assign_attrs(known_until="2020-07-01T00:00Z", comment="Replays.")


def test_issued_forecasts_are_summed_over_gauges_and_hours_gained_weighed(
    make_view: Maker,
) -> None:
    (table,) = of_network(replace(make_view(RIVER), rolling=card(RIVER)), "en")
    assert table["name"].startswith("last 30 days (2020-06-01")
    rows = dict(table["rows"])
    assert rows["persistence skill"] == ["0.50"] * 3
    assert rows["number of pairs"] == ["500"] * 3  # five gauges
    assert table["stages"] == [(2, "watch", ["450 / 150 / 50"] * 3)]
    # (1 * 2 + 2 * 4 + 3 * 6 + 4 * 8 + 5 * 10) / (1 + 2 + 3 + 4 + 5) = 110 / 15
    assert table["gained"] == [(2, "watch", "15", "15", "7.3")]


def test_a_gauge_has_its_own_last_thirty_days(make_view: Maker) -> None:
    view = replace(make_view(RIVER), rolling=card(RIVER))
    assert of_gauge(view, 1, "ko")["gained"] == [(2, "주의보", "2", "2", "4.0")]
    assert of_gauge(make_view(RIVER), 1, "ko") == {}
    unknown = replace(view, rolling=card(RIVER).sel(station=["S1"]))
    assert of_gauge(unknown, 1, "en") == {}


def reliable() -> xr.Dataset:
    """Return the reliability of a watch at 6 h: 30 % was told 40 times, and it came 10 times."""
    dims = ("lead_time", "event", "bin")
    of_bin = {
        "mean_probability": [0.05, 0.3],
        "observed_frequency": [0.02, 0.25],
        "low": [0.01, 0.14],
        "high": [0.04, 0.4],
        "n": [500, 40],
        "n_blocks": [60, 12],
    }
    found = xr.Dataset(
        {name: (dims, [[[np.nan] * 2, values]]) for name, values in of_bin.items()}
        | {name: (dims[:2], [[0.0, n]]) for name, n in (("n_events", 20.0), ("brier_skill", 0.41))},
        {"lead_time": LEADS[1:2], "event": ["attention", "watch"], "bin": [0.05, 0.3]},
    )
    return beside(xr.Dataset(), found)


def test_the_chances_stand_beside_what_came(make_view: Maker) -> None:
    view = replace(make_view(RIVER), scores=reliable())
    (diagram,) = diagrams(view, "en")
    assert diagram["title"] == "watch, 6 hours"  # attention never came
    assert diagram["rows"] == [
        ["5 % or less", "2 %", "1 % – 4 %", "500", "60"],
        ["30 %", "25 %", "14 % – 40 %", "40", "12"],
    ]
    # 260 px for 100 %, from 46 px on: 30 % at 124.0; upwards from 286: 25 % at 221.0
    assert 'cx="124.0" cy="221.0"' in diagram["picture"]
    assert diagrams(make_view(RIVER), "en") == []


def test_few_events_give_no_diagram(make_view: Maker) -> None:
    found = out_of(reliable())
    assert found is not None
    few = beside(xr.Dataset(), found.assign(n_events=found.n_events * 0 + 4))
    assert diagrams(replace(make_view(RIVER), scores=few), "en") == []


def test_of_many_gauges_the_worst_are_listed(
    make_full_view: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    gain = view.scores.persistence_skill.copy()
    gain.loc[{"station": "S4"}] = -3.0
    gain.loc[{"station": "S2"}] = np.nan
    view = replace(view, scores=view.scores.assign(persistence_skill=gain))
    for name, number in (("DETAILED", 2), ("LISTED", 3), ("WORST", 2)):
        monkeypatch.setattr(skill_page, name, number)
    told = skill_page.page(view, "en")
    assert [table["name"] for table in told["tables"]] == ["mean over gauges"]
    assert [gauge["name"] for gauge in told["gauges"]["rows"]] == ["Simulated 4", "Simulated 1"]
    assert told["gauges"]["note"].startswith("The 2 of 5 gauges")
    first = told["gauges"]["rows"][0]["lines"][0]
    assert first == ["1 hour", "−3.00", "0.90", *["12 / 3 / 5"] * 4]


def test_all_scores_are_in_the_csv_and_missing_ones_are_empty(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    gap = view.scores.hits.where(view.scores.stage != "severe")
    view = replace(view, scores=view.scores.assign(hits=gap), rolling=card(RIVER))
    found = {
        name: list(csv.DictReader(StringIO(text()))) for name, _, text in skill_csv.files(view)
    }
    rows = found["skill.csv"]
    assert len(rows) == 2 * 5 * 5  # models, gauges, leads
    first = rows[0]
    assert (first["model"], first["station"], float(first["lead_hours"])) == ("lstm", "S1", 1)
    assert (first["watch_hits"], first["severe_hits"]) == ("12", "")
    assert first["label"].startswith("SIMULATED REPLAY")
    assert float(found["scorecard.csv"][3]["watch_lead_time_gained"]) == 4.0  # S2


def test_the_pages_show_all_of_it(tmp_path: Path, make_full_view: Maker) -> None:
    view = replace(make_full_view(RIVER), rolling=card(RIVER))
    assert view.scores is not None
    found = out_of(reliable())
    assert found is not None
    view = replace(view, scores=beside(view.scores, found.reindex(lead_time=view.scores.lead_time)))
    draw([view], tmp_path)
    page = (tmp_path / "simulated" / "skill.en.html").read_text(encoding="utf-8")
    assert "Beside a forecast of no change" in page
    assert page.count('<svg class="reliability"') == 1
    assert "last 30 days" in page
    assert re.search(r'href="skill.csv".*download', page)
    gauge = (tmp_path / "simulated" / "gauge" / "S2.en.html").read_text(encoding="utf-8")
    assert "lead time gained" in gauge
    assert "12 / 3 / 5" in gauge


def test_a_network_without_any_scores_says_so(tmp_path: Path, make_view: Maker) -> None:
    draw([make_view(RIVER)], tmp_path)
    page = (tmp_path / "simulated" / "skill.en.html").read_text(encoding="utf-8")
    assert "This model has not been verified yet." in page
    assert "No forecast that was issued has met its outcome yet." in page
    assert not (tmp_path / "simulated" / "skill.csv").exists()


def test_the_key_of_a_table_changes_with_any_of_its_scores(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    (first,) = [key for name, key, _ in skill_csv.files(view) if name == skill_csv.TESTED]
    other = replace(view, scores=view.scores.assign(rmse=view.scores.rmse + 1e-9))
    assert first == next(iter(skill_csv.files(view)))[1]
    assert first != next(iter(skill_csv.files(other)))[1]


def hindcast_card(river: Network) -> xr.Dataset:
    """Return a scorecard of hindcasts of June 2020: each gauge as in `card`, over all and 30 d."""
    made = card(river)
    last = np.array(["2020-06-30", "2020-06-30"], dtype="datetime64[ns]")
    made = made.assign_coords(period=["30 d", "all"], last_day=("period", last))
    told = {"models": "abc", "forecasts": "720", "days": "30", "kind": "hindcast"}
    return made.assign_attrs(made.attrs | told)


def test_hindcasts_have_a_section_of_their_own(make_view: Maker) -> None:
    view = replace(make_view(RIVER), hindcast=hindcast_card(RIVER))
    told = skill_page.page(view, "en")
    assert told["rolling"] == []  # nothing was issued
    own = told["hindcasts"]
    assert own["table"]["name"] == "whole period (2020-06-01 – 2020-06-30)"
    assert dict(own["table"]["rows"])["number of pairs"] == ["500"] * 3
    facts = dict(own["facts"])
    assert facts["Period"] == "2020-06-01 – 2020-06-30"
    assert facts["Forecasts"] == "720 issue times on 30 days"
    assert facts["Model"] == "abc"
    assert [table["name"][:11] for table in own["gauges"]] == [f"Simulated {n}" for n in "12345"]
    assert skill_page.page(make_view(RIVER), "en")["hindcasts"] == {}


def test_a_hindcast_says_whether_the_model_learnt_from_its_years(make_view: Maker) -> None:
    view = make_view(RIVER)  # learnt from 2019, chosen by 2020
    split = view.network.split
    begin, end = split.train[0], split.validate[1]
    said = learnt_from(view, f"{begin - 1}-06-01", f"{end}-01-01", "en")
    assert said.startswith(f"Of this period the model learnt from {begin}–{end}, or was chosen")
    assert learnt_from(view, f"{end + 1}-01-01", f"{end + 2}-01-01", "ko").startswith("아니요.")


def test_a_hindcast_by_an_older_model_is_said_to_be_one(make_view: Maker) -> None:
    card_of_two = hindcast_card(RIVER).assign_attrs(models="abc old1")
    view = replace(make_view(RIVER), hindcast=card_of_two)
    facts = dict(skill_page.page(view, "en")["hindcasts"]["facts"])
    assert facts["Model"] == "abc; some were made by models no longer in service: old1"


def test_the_pages_and_files_tell_hindcasts_from_what_was_issued(
    tmp_path: Path, make_view: Maker
) -> None:
    view = replace(make_view(RIVER), rolling=card(RIVER), hindcast=hindcast_card(RIVER))
    draw([view], tmp_path)
    for end, said in ((".en", "None of them was ever issued"), ("", "발표한 적이 없으므로")):
        page = (tmp_path / "simulated" / f"skill{end}.html").read_text(encoding="utf-8")
        issued, afterwards = page.split('<h2 id="hindcasts">')
        assert said in afterwards
        assert said not in issued
        assert "hindcast.csv" in afterwards
    about = (tmp_path / "about.en.html").read_text(encoding="utf-8")
    assert "Scores of hindcasts, never issued (CSV)" in about
    rows = table_of(tmp_path / "simulated" / "hindcast.csv")
    assert {row["label"].split()[0] for row in rows} == {"HINDCAST"}
    assert {row["period"] for row in rows} == {"all"}  # the last 30 days of it are chance
    issued_rows = table_of(tmp_path / "simulated" / "scorecard.csv")
    assert not any("HINDCAST" in row["label"] for row in issued_rows)


def table_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8"))))


def test_without_hindcasts_nothing_of_them_shows(tmp_path: Path, make_view: Maker) -> None:
    draw([replace(make_view(RIVER), rolling=card(RIVER))], tmp_path)
    page = (tmp_path / "simulated" / "skill.en.html").read_text(encoding="utf-8")
    assert "indcast" not in page
    assert not (tmp_path / "simulated" / "hindcast.csv").exists()
