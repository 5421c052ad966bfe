"""Which events a cycle makes: what is new is told once; what is unknown is never called safe."""

from dataclasses import replace

import numpy as np
import pytest

from data import networks
from flows.notify_decide import decide
from flows.notify_event import Event
from flows.notify_memory import Memory
from flows.notify_seen import Seen

WHEN = np.datetime64("2026-07-20T04:00", "ns")
QUIET = {"S1": 0, "S2": 0, "S3": 0}
SEEN = Seen(networks.find("simulated"), "issued", "All is well.", WHEN, stages=QUIET)


def rounds(*each: Seen) -> list[list[Event]]:
    """Return the events of cycles that follow each other."""
    memory, told = Memory(), []
    for seen in each:
        events, memory = decide(seen, memory)
        told.append(events)
    return told


def kinds(*each: Seen) -> list[list[str]]:
    return [[event.kind for event in events] for events in rounds(*each)]


def at(**stages: int) -> Seen:
    return replace(SEEN, stages=QUIET | stages)


def gap(**reasons: str) -> Seen:
    stages = QUIET | dict.fromkeys(reasons, -1)
    return replace(SEEN, state="degraded", reasons=reasons, stages=stages)


def test_a_quiet_cycle_is_not_told() -> None:
    assert kinds(SEEN, SEEN) == [[], []]


def test_a_stage_is_told_when_it_rises_and_when_it_falls_and_not_in_between() -> None:
    assert kinds(at(S1=2), at(S1=2), at(S1=3), at(S1=0)) == [
        ["raised"],
        [],
        ["raised"],
        ["lowered"],
    ]


def test_gauges_that_rise_together_are_one_message_worst_first() -> None:
    ((event,),) = rounds(at(S1=1, S2=4, S3=2))
    assert event.title_en == "[Mulgil] Simulated river: Simulated 2 raised to severe, and 2 more"
    assert event.title_ko == "[물길] 모의 하천: 모의 2 심각 단계로 상승, 외 2개 지점"
    assert [gauge["id"] for gauge in event.data["gauges"]] == ["S2", "S3", "S1"]
    assert event.body_en.splitlines()[0] == "- Simulated 2: normal → severe."


def test_one_that_rises_and_one_that_falls_are_two_messages() -> None:
    assert kinds(at(S1=2), at(S2=1)) == [["raised"], ["raised", "lowered"]]


def test_a_gauge_that_falls_silent_at_a_warning_is_not_called_lowered() -> None:
    told = rounds(at(S2=3), gap(S2="마지막 관측이 9시간 전입니다. The last reading is 9 h old."))
    (event,) = told[1]
    assert event.kind == "degraded"
    assert "Simulated 2: unknown (last told stage: warning). The last reading" in event.body_en
    assert "마지막으로 알린 단계: 경보). 마지막 관측이" in event.body_ko
    assert "No data does not mean safe." in event.body_en


def test_what_it_comes_back_with_is_compared_with_what_was_last_known() -> None:
    silent = gap(S2="It is silent.")
    assert kinds(at(S2=3), silent, at(S2=3)) == [["raised"], ["degraded"], ["recovered"]]
    assert kinds(at(S2=3), silent, at(S2=4))[2] == ["raised", "recovered"]
    assert kinds(at(S2=3), silent, SEEN)[2] == ["lowered", "recovered"]


def test_an_unchanged_gap_is_told_once_and_a_new_one_in_it_again() -> None:
    one, two = gap(S1="It is silent for 1 h."), gap(S1="It is silent for 2 h.", S3="So is it.")
    assert kinds(one, gap(S1="It is silent for 2 h."), two, one, SEEN) == [
        ["degraded"],
        [],
        ["degraded"],
        [],
        ["recovered"],
    ]


def test_a_provider_that_fails_is_told_once() -> None:
    down = replace(SEEN, state="degraded", failing={"hrfco water_level": "failed: no answer"})
    told = rounds(down, down, SEEN)
    assert [[e.kind for e in each] for each in told] == [["degraded"], [], ["recovered"]]
    assert told[0][0].title_en.endswith("forecast with gaps (1 provider)")
    assert "- hrfco water_level: failed: no answer" in told[0][0].body_en


def test_of_a_large_network_a_gauge_that_comes_and_goes_is_not_told() -> None:
    large = networks.find("simulated-korea-400")
    quiet = dict.fromkeys(large.ids, 0)
    base = replace(SEEN, network=large, stages=quiet)

    def without(count: int) -> Seen:
        reasons = dict.fromkeys(large.ids[:count], "It is silent.")
        stages = quiet | dict.fromkeys(reasons, -1)
        return replace(base, state="degraded", reasons=reasons, stages=stages)

    assert kinds(base, without(3), without(4), without(3)) == [[], [], ["degraded"], []]
    assert kinds(without(4), base) == [["degraded"], ["recovered"]]
    grave = replace(base, stages=quiet | {large.ids[0]: 2})
    assert kinds(grave, without(1)) == [["raised"], ["degraded"]]


def test_a_failure_is_told_once_for_each_reason_and_its_end_once() -> None:
    failed = replace(SEEN, state="failed", told="The disk is full: 12 bytes left.", stages=None)
    full = replace(failed, told="The disk is full: 7 bytes left.")
    other = replace(failed, told="There is no trained model.")
    assert kinds(failed, full, other, SEEN, SEEN) == [["failed"], [], ["failed"], ["recovered"], []]


def test_a_failure_does_not_make_people_forget_what_the_river_does() -> None:
    failed = replace(SEEN, state="failed", told="It is broken.", stages=None)
    assert kinds(at(S1=2), failed, at(S1=2)) == [["raised"], ["failed"], ["recovered"]]


@pytest.mark.parametrize("state", ["overlapped", "superseded"])
def test_a_cycle_whose_turn_it_was_not_tells_nothing(state: str) -> None:
    assert kinds(replace(SEEN, state=state, stages=None)) == [[]]


def test_forecasts_that_are_filled_in_are_told_once() -> None:
    late = replace(SEEN, state="late")
    assert kinds(late, late, SEEN, late) == [["late"], [], [], ["late"]]


def test_a_site_that_was_not_published_leaves_stages_as_they_were_told() -> None:
    hidden = replace(SEEN, state="degraded", stages=None, failing={"site": "No room on the disk."})
    assert kinds(at(S1=2), hidden, at(S1=2)) == [["raised"], ["degraded"], ["recovered"]]


def test_what_is_not_a_real_and_present_river_says_so_in_title_and_text() -> None:
    marked = replace(at(S1=1), marks=("SIMULATED", "DRILL"))
    ((event,),) = rounds(marked)
    assert event.title_en.startswith("[SIMULATED, DRILL] [Mulgil] ")
    assert event.title_ko.startswith("[모의, 훈련] [물길] ")
    assert "these are not real rivers" in event.body_en
    assert "재현·모의 서버에서 온 것입니다" in event.body_ko
    assert event.data["label"] == "SIMULATED DRILL"


def test_every_message_says_that_it_is_not_official_and_which_time_it_is_of() -> None:
    ((event,),) = rounds(at(S1=1))
    assert event.body_en.endswith(
        "Not an official flood warning. Follow what the authorities announce."
    )
    assert "Time: 2026-07-20 04:00 UTC (07-20 13:00 KST)" in event.body_en


def held(**stages: int) -> Seen:
    return replace(at(**stages), waits=True)


def test_alerts_that_wait_for_approval_are_told_once_until_one_is_added_or_rises() -> None:
    told = kinds(held(S1=2), held(S1=2), held(S1=2, S3=1), held(S1=1, S3=1), held(S1=2), held(S1=3))
    assert [[kind for kind in each if kind == "review"] for each in told] == [
        ["review"],
        [],
        ["review"],
        [],
        [],  # it had been told at that stage
        ["review"],
    ]


def test_what_waits_is_told_worst_first_and_only_what_is_new() -> None:
    told = rounds(held(S1=2), held(S1=2, S2=3, S3=4))
    (event,) = [event for event in told[1] if event.kind == "review"]
    assert event.title_en == "[Mulgil] Simulated river: 2 alerts wait for approval"
    assert event.title_ko == "[물길] 모의 하천: 경보 2건이 승인을 기다립니다"
    assert event.data["gauges"] == [
        {"id": "S3", "stage": "severe"},
        {"id": "S2", "stage": "warning"},
    ]
    assert event.body_en.splitlines()[:2] == ["- Simulated 3: severe.", "- Simulated 2: warning."]
    assert "mulgil review approve simulated" in event.body_ko


def test_alerts_that_waited_are_told_again_after_nothing_did() -> None:
    through = replace(at(S1=2), waits=False)  # approved, or automatic
    told = kinds(held(S1=2), through, held(S1=2))
    assert [each.count("review") for each in told] == [1, 0, 1]


def test_a_gauge_that_is_unknown_for_a_while_waits_on_and_is_no_news_when_it_is_back() -> None:
    silent = replace(gap(S1="It is silent."), waits=True)
    told = kinds(held(S1=2), silent, held(S1=2))
    assert [each.count("review") for each in told] == [1, 0, 0]


def test_where_nothing_was_published_nothing_new_waits_and_nothing_is_forgotten() -> None:
    hidden = replace(SEEN, state="degraded", stages=None, failing={"site": "No room."})
    told = kinds(held(S1=2), hidden, held(S1=2))
    assert [each.count("review") for each in told] == [1, 0, 0]


def test_a_forecast_without_alerts_has_none_that_wait() -> None:
    assert kinds(replace(SEEN, waits=True)) == [[]]
