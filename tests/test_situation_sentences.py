"""Every sentence of a situation report, beside the numbers that it is made from."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from forecast.outlook import Language, Outlook
from maps.situation_change_words import changed
from maps.situation_facts import Facts, facts
from maps.situation_health import health
from maps.situation_now import happening, headline
from maps.situation_rain_words import rained
from maps.situation_source import reviewed, sources, standing
from maps.situation_state import State
from maps.situation_unknown import unknown
from maps.situation_worst import worst
from maps.view import View

RIVER = simulated.network(gauges=5)
HOUR = np.timedelta64(1, "h")
T = np.datetime64("2020-07-01T00:00", "ns")
Maker = Callable[[Network], View]
QUIET = np.full((4, 24), 0.05)


@pytest.fixture
def view(make_view: Maker) -> View:
    """Return a view: S1 severe, S2 watch, S3 attention, S4 normal, S5 silent for nine hours."""
    return make_view(RIVER)


def quiet(outlook: Outlook) -> Outlook:
    return replace(
        outlook,
        stage=Stage.NORMAL,
        stage_now=Stage.NORMAL,
        stage_time=np.datetime64("NaT"),
        probability=QUIET,
        peak=1.0,
        last_observed_time=T,
        reason="",
    )


def silent(outlook: Outlook) -> Outlook:
    return replace(
        outlook, stage=Stage.UNKNOWN, stage_now=Stage.UNKNOWN, reason="이유. Why.", peak=np.nan
    )


def every(view: View, change: Callable[[Outlook], Outlook]) -> View:
    return replace(view, outlooks=tuple(change(outlook) for outlook in view.outlooks))


def told(view: View, **manifest: Any) -> Facts:
    return facts(replace(view, manifest=view.manifest | manifest), None)


def test_the_headline_tells_the_highest_stage_the_unknown_and_the_worst_gauge(view: View) -> None:
    assert headline(told(view), "ko") == (
        "5곳 가운데 3곳이 현재 또는 앞으로 24시간 안에 관심 이상으로 관측되었거나 예상되며, 가장 "
        "높은 단계는 심각(1곳)입니다. 5곳 가운데 1곳은 판단할 수 없습니다. 가장 위험한 곳은 모의 "
        "1입니다. 22시간 뒤 심각 수위 도달 가능성 63 % (7월 2일 09:00 KST에는 85 %); 최고 5.50 m "
        "(4.70–6.30), 7월 2일 09:00 KST."
    )
    assert headline(told(view), "en").startswith(
        "3 of 5 gauges are observed or expected at attention or above, now or within 24 hours; the "
        "highest stage is severe (1 gauge). 1 of 5 gauges cannot be judged. The worst is "
        "Simulated 1. 63 % chance"
    )


def test_where_attention_is_the_highest_stage_it_is_told_once(view: View) -> None:
    third = replace(view, outlooks=(*map(quiet, view.outlooks[:2]), *view.outlooks[2:]))
    assert headline(told(third), "ko").startswith(
        "5곳 가운데 1곳이 현재 또는 앞으로 24시간 안에 관심 단계로 관측되었거나 예상됩니다. "
    )
    assert headline(told(third), "en").startswith(
        "1 of 5 gauges is observed or expected at attention, now or within 24 hours. "
    )


def test_only_where_all_are_known_all_are_said_to_be_normal(view: View) -> None:
    calm = every(view, quiet)
    assert headline(told(calm), "ko") == "5곳 모두 현재와 앞으로 24시간 동안 평상으로 예상됩니다."
    assert headline(told(calm), "en") == (
        "All 5 gauges are expected to stay normal, now and for 24 hours."
    )
    one = replace(calm, outlooks=(*calm.outlooks[:4], silent(calm.outlooks[4])))
    assert headline(told(one), "ko") == (
        "판단할 수 있는 4곳은 현재와 앞으로 24시간 동안 평상으로 예상됩니다. 5곳 가운데 1곳은 "
        "판단할 수 없습니다."
    )
    assert headline(told(one), "en") == (
        "The 4 gauges that can be judged are expected to stay normal, now and for 24 hours. 1 of 5 "
        "gauges cannot be judged."
    )


def test_where_nothing_is_known_nothing_is_called_safe(view: View) -> None:
    dark = every(view, silent)
    assert headline(told(dark), "ko") == ("5곳 모두 판단할 수 없습니다. 안전하다는 뜻이 아닙니다.")
    assert headline(told(dark), "en") == (
        "All 5 gauges cannot be judged. That does not mean that it is safe."
    )
    assert worst(told(dark), "en").said == ("No gauge can be judged.",)


def test_a_network_of_one_gauge_is_told_of_as_one(make_view: Maker) -> None:
    calm = every(make_view(simulated.network(gauges=1)), quiet)
    assert headline(told(calm), "en") == (
        "The only gauge is expected to stay normal, now and for 24 hours."
    )
    assert headline(told(calm), "ko") == (
        "지점 1곳은 현재와 앞으로 24시간 동안 평상으로 예상됩니다."
    )


def test_what_is_read_now_and_what_is_expected_are_counted_apart(view: View) -> None:
    section = happening(told(view), "ko")
    assert section.said == (
        "지금 단계를 아는 4곳 가운데 관심 이상으로 관측된 곳은 없습니다.",
        "앞으로 24시간 안에 3곳의 단계가 지금보다 높아질 것으로 예상됩니다(가능성 50 % 이상).",
        "지금 단계를 알 수 없는 곳은 1곳입니다. 알 수 없는 것은 안전한 것이 아닙니다.",
    )
    table = section.table
    assert table is not None
    assert [tuple(cell.text for cell in row) for row in table.rows] == [
        ("심각", "1", "0"),
        ("경보", "0", "0"),
        ("주의보", "1", "0"),
        ("관심", "1", "0"),
        ("판단 불가", "1", "1"),
        ("평상", "1", "4"),
    ]


def test_that_nothing_rises_is_told_only_of_gauges_that_are_known(view: View) -> None:
    calm = every(view, quiet)
    assert happening(told(calm), "en").said == (
        "No gauge has been read at attention or above now.",
        "No gauge is expected to reach a higher stage within 24 hours.",
    )
    one = replace(calm, outlooks=(*calm.outlooks[:4], silent(calm.outlooks[4])))
    assert happening(told(one), "en").said == (
        "Of the 4 gauges whose stage is known now, none has been read at attention or above.",
        "Of the 4 gauges with a forecast, none is expected to reach a higher stage within 24 "
        "hours.",
        "How 1 gauge stands now is not known. Not known does not mean safe.",
    )
    dark = every(view, silent)
    assert happening(told(dark), "ko").said == (
        "지금 단계를 알 수 없는 곳은 5곳입니다. 알 수 없는 것은 안전한 것이 아닙니다.",
    )


def test_one_gauge_above_a_threshold_is_one_gauge(view: View) -> None:
    calm = every(view, quiet)
    up = replace(
        calm, outlooks=(replace(calm.outlooks[0], stage_now=Stage.WATCH), *calm.outlooks[1:])
    )
    assert happening(told(up), "en").said == (
        "1 gauge is at attention or above now.",
        "No gauge is expected to reach a higher stage within 24 hours.",
    )
    assert happening(told(up), "ko").said[0] == "지금 관심 이상인 곳은 1곳입니다."


def test_the_worst_gauges_are_told_with_level_rise_peak_time_and_chance(view: View) -> None:
    read = view.observations.copy(deep=True)
    read.water_level[0, -1], read.water_level[0, -4] = 1.0, 0.4  # now, and three hours before
    table = worst(told(replace(view, observations=read)), "en").table
    assert table is not None
    first = table.rows[0]
    assert [(cell.text, cell.under) for cell in first] == [
        ("Simulated 1", "Simulated River"),
        ("severe", "now normal"),
        ("1.00 m", "at issue time"),
        ("+0.60 m", ""),
        ("5.50 m (4.70–6.30)", "07-02 09:00 KST"),
        ("07-02 07:00 KST", "07-01 22:00 UTC"),
        ("85 %", "severe or above"),
    ]
    assert first[0].link == "gauge/S1.en.html"
    assert len(table.rows) == 3
    assert table.rest == (
        "The other 1 gauge is normal; the chance of reaching attention is 5 % or less, or was not "
        "computed."
    )


def test_a_rise_is_not_told_where_the_earlier_reading_is_missing(view: View) -> None:
    read = view.observations.copy(deep=True)
    read.water_level[0, -4] = np.nan
    table = worst(told(replace(view, observations=read)), "ko").table
    assert table is not None
    assert table.rows[0][3].text == "–"


def test_a_gauge_in_its_stage_now_is_there_already(view: View) -> None:
    now = replace(view.outlooks[0], stage_now=Stage.SEVERE)
    table = worst(told(replace(view, outlooks=(now, *view.outlooks[1:]))), "ko").table
    assert table is not None
    assert (table.rows[0][1].under, table.rows[0][5].text) == ("현재 심각", "현재")


def test_an_unknown_gauge_says_since_when_why_and_how_it_stood_then(view: View) -> None:
    high = replace(view.outlooks[4], last_observed=2.6)
    limits = RIVER.stations[4].thresholds
    assert limits is not None
    section = unknown(told(replace(view, outlooks=(*view.outlooks[:4], high))), "ko")
    assert section.said == (
        "판단할 수 없는 곳은 1곳이며, 마지막 관측 때 단계가 높았던 곳부터 적습니다.",
    )
    assert section.table is not None
    assert [(cell.text, cell.stage) for cell in section.table.rows[0]] == [
        ("모의 5", None),
        ("2.60 m", None),
        ("9시간", None),
        ("관심", int(limits.stage(2.6))),
        ("마지막 관측이 9시간 전입니다.", None),
    ]
    assert unknown(told(every(view, quiet)), "en").said == ("All gauges can be judged.",)


def then(view: View, stages: list[int], edited: dict[str, str] | None = None) -> Facts:
    kept = State("SIMULATED FORECAST", T - HOUR, RIVER.ids, np.array(stages), edited or {})
    return facts(view, kept)


def test_without_an_earlier_issue_nothing_is_said_to_have_changed(view: View) -> None:
    assert changed(told(view), "ko").said == (
        "견줄 지난 발표가 없습니다. 이 보고가 처음이거나, 지난 발표와 성격이 다릅니다.",
    )
    assert changed(told(view), "en").said == (
        "There is no earlier issue of the same kind to compare with.",
    )


def test_that_nothing_has_changed_is_told_with_the_time_of_the_last_issue(view: View) -> None:
    same = then(view, [4, 2, 1, 0, -1])
    assert changed(same, "ko").said == (
        "지난 발표 2020-07-01 08:00 KST (2020-06-30 23:00 UTC) 이후 1시간 동안 단계가 바뀐 곳이 "
        "없습니다.",
    )
    assert changed(same, "en").said == (
        "No gauge has changed its stage in the 1 h since the last issue, 2020-07-01 08:00 KST "
        "(2020-06-30 23:00 UTC).",
    )


def test_changes_are_counted_by_kind_and_the_gravest_are_told(view: View) -> None:
    moved = then(view, [2, 2, 3, -1, 3])  # S1 up, S3 down, S4 judged again, S5 silent in warning
    assert changed(moved, "ko").said == (
        "지난 발표 2020-07-01 08:00 KST (2020-06-30 23:00 UTC) 이후 1시간 동안 오른 곳 1곳, "
        "판단할 수 없게 된 곳 1곳, 다시 판단하게 된 곳 1곳, 내린 곳 1곳입니다.",
        "모의 1이 주의보에서 심각으로 올랐습니다.",
        "모의 5는 지난 발표에서 경보 단계였는데 이제 판단할 수 없습니다. 낮아졌다는 뜻이 아닙니다.",
    )
    assert changed(moved, "en").said == (
        "In the 1 h since the last issue, 2020-07-01 08:00 KST (2020-06-30 23:00 UTC): 1 raised, 1 "
        "can no longer be judged, 1 can be judged again, 1 lowered.",
        "Simulated 1 rose from watch to severe.",
        "Simulated 5 was at warning and can no longer be judged; that does not mean it has fallen.",
    )


def test_rain_is_told_of_whole_hours_and_a_gap_is_no_dry_hour(view: View) -> None:
    read = view.observations.copy(deep=True)
    read["rainfall"][:] = 0.0
    read["rainfall"][1, -1] = 12.0  # S2: in the last hour
    read["rainfall"][2, -2] = np.nan  # S3 lacks an hour
    assert rained(told(replace(view, observations=read)), "ko").said == (
        "지난 24시간 강우는 자료가 온전한 4곳 평균 3.0 mm이고, 가장 많은 곳은 모의 "
        "2(12.0 mm)입니다.",
        "지난 3시간 강우는 자료가 온전한 4곳 평균 3.0 mm이고, 가장 많은 곳은 모의 "
        "2(12.0 mm)입니다.",
        "강우 자료가 없거나 끊긴 곳은 5곳 가운데 1곳이며, 평균에 넣지 않았습니다.",
        "이 예측은 앞으로의 강우 예보를 쓰지 않습니다.",
    )
    read["rainfall"][2, -1] = 30.0  # and yet it has the most that is known
    assert rained(told(replace(view, observations=read)), "en").said[0] == (
        "In the last 24 h, 3.0 mm of rain fell on the mean of 4 gauges with whole records; the "
        "most was at least 30.0 mm at Simulated 3."
    )


def test_no_rain_is_told_only_where_it_was_measured(view: View) -> None:
    read = view.observations.copy(deep=True)
    read["rainfall"][:] = 0.0
    assert rained(told(replace(view, observations=read)), "ko").said[0] == (
        "지난 24시간 자료가 온전한 5곳에서 비가 관측되지 않았습니다."
    )
    read["rainfall"][:] = np.nan
    assert rained(told(replace(view, observations=read)), "en").said[0] == (
        "The rain of the last 24 h is not known. That does not mean that none fell."
    )
    none = replace(view, observations=read.drop_vars("rainfall"))
    assert rained(told(none), "ko").said[0] == (
        "이 하천망에는 강우 관측이 없습니다. 비가 오지 않았다는 뜻이 아닙니다."
    )


def test_where_every_record_of_rain_has_a_gap_only_a_least_sum_is_told(view: View) -> None:
    read = view.observations.copy(deep=True)
    read["rainfall"][:] = 1.0
    read["rainfall"][:, -1] = np.nan
    assert rained(told(replace(view, observations=read)), "ko").said[0] == (
        "지난 24시간 강우가 온전한 곳이 없습니다. 알려진 가장 많은 비는 모의 1의 23.0 mm "
        "이상입니다."
    )


def test_the_rain_to_come_is_told_with_who_forecast_it_and_a_plan_with_its_reason(
    view: View,
) -> None:
    plan = {"variables": ["dam_release"], "who": "operator", "reason": "gates"}
    ahead = {"hours": 24.0, "gauges": 4, "mean": 12.5, "most": 30.0, "station": "S2"}
    futures = {"rainfall": "kma_forecast, received 2020-06-30T23:40Z", "plan": plan}
    futures |= {"rain_ahead": ahead}
    assert rained(told(view, inputs={"futures": futures}), "ko").said[-3:] == (
        "이 예측은 앞으로의 강우 예보를 씁니다(출처: kma_forecast, received 2020-06-30T23:40Z).",
        "앞으로 24시간 예보 강우는 4곳 평균 12.5 mm이고, 가장 많은 곳은 모의 2(30.0 mm)입니다.",
        "사람이 준 계획을 씁니다: 댐 방류량, operator, 사유: gates.",
    )
    assert rained(told(view, inputs={"futures": futures}), "en").said[-3:] == (
        "The forecast uses rain that was forecast for the hours ahead (from: kma_forecast, "
        "received 2020-06-30T23:40Z).",
        "Forecast for the next 24 h: 12.5 mm on the mean of 4 gauges, the most 30.0 mm at "
        "Simulated 2.",
        "It uses a plan that was handed over: dam release, by operator, reason: gates.",
    )


def test_silent_gauges_are_counted_and_the_oldest_reading_is_named(view: View) -> None:
    assert health(told(view), "ko").said == (
        "5곳 가운데 1곳은 마지막 관측이 3시간을 넘었습니다.",
        "가장 오래된 것은 모의 5의 9시간 전 관측입니다.",
        "관측의 나이는 중앙값 1분 미만입니다.",
        "제공처가 무엇을 했는지 기록이 없습니다.",
    )
    assert health(told(view), "en").points == ("1 gauge: The last reading is 9 h old.",)
    calm = told(every(view, quiet))
    assert health(calm, "en").said[0] == "All 5 gauges have sent a reading within 3 hours."


def test_a_gauge_that_never_reported_is_silent_too(view: View) -> None:
    never = replace(view.outlooks[4], last_observed_time=np.datetime64("NaT", "ns"))
    section = health(told(replace(view, outlooks=(*view.outlooks[:4], never))), "en")
    assert section.said[:2] == (
        "1 of 5 gauges has sent nothing for more than 3 hours.",
        "Of 1 of them no reading is known at all.",
    )


def test_providers_are_told_with_what_they_did_the_troubled_first(view: View) -> None:
    providers = {
        "hrfco water_level": "ok · newest 2020-07-01T00:00Z · 5 new, 0 revised",
        "kma_hub rainfall": "failed · no answer in 20 s",
    }
    section = health(told(view, providers=providers), "ko")
    assert section.said[-1] == "물은 자료 2건 가운데 1건이 정상이 아닙니다."
    assert section.table is not None
    assert [tuple(cell.text for cell in row) for row in section.table.rows] == [
        ("기상청 API허브 강우", "실패", "no answer in 20 s"),
        ("한강홍수통제소 수위", "정상", "newest 2020-07-01T00:00Z · 5 new, 0 revised"),
    ]
    fine = told(view, providers={"hrfco water_level": "ok"})
    assert health(fine, "en").said[-1] == "Feeds that were asked: 1; every one answered in full."
    not_asked = told(view, providers={"hrfco": "not asked in this run"})
    assert (
        health(not_asked, "en").said[-1] == "This run asked no provider; it used what was stored."
    )


def test_a_word_that_no_provider_uses_is_never_taken_for_good(view: View) -> None:
    section = health(told(view, providers={"x y": "splendid"}), "en")
    assert section.said[-1] == "Feeds that were asked: 1; not answered in full: 1."


def test_stand_ins_lateness_and_warnings_are_told(view: View) -> None:
    amiss = told(view, late=True, fallback={"S2": "worse", "gone": "x"}, warnings=["in-sample"])
    assert health(amiss, "ko").said[0] == "이 예측은 제때 나오지 못해 늦게 채운 것입니다."
    assert "1곳은 모델 대신 지속 예측(변화 없음)을 냈습니다: 모의 2." in health(amiss, "ko").said
    assert (
        "At 1 gauge persistence (no change) is issued and not the model: Simulated 2."
        in health(amiss, "en").said
    )
    assert health(amiss, "en").points[-1] == "in-sample"


EDIT = {
    "id": "e1",
    "station": "S2",
    "role": "당직 수문관",
    "reason": "교각 <b>잔해</b>",
    "expires": "2020-07-01T06:00:00Z",
    "stage": "attention",
    "stage_automatic": "watch",
    "lowered": True,
    "changes": True,
}


@pytest.mark.parametrize(
    ("review", "language", "said"),
    [
        ({}, "ko", "자동 산출이며, 사람이 검토하지 않았습니다."),
        ({"state": "automatic"}, "en", "Automatic; no person has reviewed it."),
        ({"state": "splendid", "role": "x"}, "en", "Automatic; no person has reviewed it."),
        (
            {"state": "approved", "role": "당직 수문관", "at": "2020-07-01T00:10:00Z"},
            "ko",
            "당직 수문관이 승인했습니다: 2020-07-01 09:10 KST (2020-07-01 00:10 UTC).",
        ),
        (
            {"state": "held", "role": "Duty officer", "at": ""},
            "en",
            "Held back by Duty officer: time not recorded. It is not approved.",
        ),
    ],
)
def test_only_what_is_recorded_as_approved_is_approved(
    view: View, review: dict[str, str], language: Language, said: str
) -> None:
    assert standing(told(view, review=review), language) == said


def test_an_edit_stands_beside_what_was_automatic_and_says_that_it_lowers(view: View) -> None:
    section = reviewed(told(view, review={"state": "automatic", "edits": [EDIT]}), "ko")
    assert section.said[-1] == "사람이 수정한 곳은 1곳입니다. 자동 산출을 나란히 적습니다."
    assert section.table is not None
    assert [(cell.text, cell.under) for cell in section.table.rows[0]] == [
        ("모의 2", "모의강"),
        ("주의보", ""),
        ("관심", "자동보다 낮춤"),
        ("당직 수문관", ""),
        ("교각 <b>잔해</b>", ""),
        ("07-01 15:00 KST", "07-01 06:00 UTC"),
    ]


def test_a_stage_that_a_person_set_is_no_chance_of_the_forecast(view: View) -> None:
    edited = told(view, review={"edits": [EDIT]})
    assert " 사람이 수정한 곳은 1곳입니다. 가장 위험한 곳은" in headline(edited, "ko")
    assert " 1 gauge was edited by a person. The worst" in headline(edited, "en")
    assert happening(edited, "ko").said[1] == (
        "앞으로 24시간 안에 3곳의 단계가 지금보다 높아질 것으로 예상됩니다(가능성 50 % 이상이거나, "
        "사람이 그렇게 판단)."
    )
    assert happening(edited, "en").said[1] == (
        "3 gauges are expected to reach a higher stage than now within 24 hours (50 % likely or "
        "more, or so judged by a person)."
    )


@pytest.mark.parametrize("review", [None, "x", [1], {"edits": "x"}, {"edits": [None, {}, 3]}])
def test_a_damaged_record_of_review_edits_nothing(view: View, review: Any) -> None:
    assert reviewed(told(view, review=review), "en").said == (
        "Automatic; no person has reviewed it.",
        "No gauge was edited by a person.",
    )


def test_that_a_record_of_edits_cannot_be_used_is_told_in_the_readers_language(view: View) -> None:
    trouble = {"state": "automatic", "trouble": "기록이 깨졌습니다. The record is broken."}
    assert (
        "The record of edits could not be used: The record is broken."
        in reviewed(told(view, review=trouble), "en").said
    )


def test_simulated_replayed_and_derived_numbers_are_called_so(view: View) -> None:
    points = sources(told(replace(view, replay=True), replayed="storm"), "ko").points
    assert points[0].startswith("공식 홍수특보가 아닙니다.")
    assert points[1] == "숫자의 성격: 모의 하천, 훈련, 과거의 재현. 지금의 실제 상황이 아닙니다."
    assert points[2] == (
        "단계의 기준값: 공식 0곳, 기록에서 유도 5곳, 없음 0곳. 유도한 기준값은 관계 기관이 정한 "
        "것이 아닙니다."
    )
    real = replace(view, network=replace(RIVER, simulated=False))
    assert sources(told(real), "en").points[1] == (
        "The numbers are a forecast made from what was measured."
    )
