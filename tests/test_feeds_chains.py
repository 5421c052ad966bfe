"""Chains of alert messages that go from one release of the site to the next."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import InvalidData
from data.network import Network
from data.sources import simulated
from data.stations import Stage
from maps.feeds import chains_file
from maps.feeds.cap import cap
from maps.feeds.chains import State, advance
from maps.feeds.message import Message
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.warnings import Kind
from maps.view import View

RIVER = simulated.network(gauges=5)  # S1 .. S5: severe, watch, attention, normal, unknown
GRAMMAR = Path(__file__).parent / "fixtures" / "feeds" / "cap_1_2.rng"
Maker = Callable[[Network], View]
HOUR = np.timedelta64(1, "h")


def later(view: View, hours: int, **stages: Stage) -> View:
    """Return the view of an issue `hours` later; gauges that are named have that stage."""
    shift = hours * HOUR
    issue = view.forecast.issue_time.values + shift
    valid = (("issue_time", "lead_time"), view.forecast.valid_time.values + shift)
    outlooks = []
    for outlook in view.outlooks:
        changed: dict[str, Any] = {"issue_time": outlook.issue_time + shift}
        if outlook.station in stages:
            stage = stages[outlook.station]
            changed |= _at(stage, outlook.issue_time + shift)
        elif not np.isnat(outlook.stage_time):
            changed["stage_time"] = outlook.stage_time + shift
        outlooks.append(replace(outlook, **changed))
    forecast = view.forecast.assign_coords(issue_time=issue, valid_time=valid)
    return replace(view, forecast=forecast, outlooks=tuple(outlooks))


def _at(stage: Stage, issue: np.datetime64) -> dict[str, Any]:
    reached = stage > Stage.NORMAL
    unknown = stage is Stage.UNKNOWN
    return {
        "stage": stage,
        "stage_now": Stage.UNKNOWN if unknown else Stage.NORMAL,
        "stage_time": issue + HOUR if reached else np.datetime64("NaT", "ns"),
        "reason": "예측값이 없습니다. There is no forecast." if unknown else "",
    }


def run(views: list[View]) -> State:
    state = None
    for view in views:
        state = advance(view, state)
    assert state is not None
    return state


def messages(state: State, gauge: str) -> tuple[Message, ...]:
    return state.chains[gauge].messages


def test_only_gauges_at_an_alert_stage_have_a_message(make_view: Maker) -> None:
    state = advance(make_view(RIVER), None)
    assert sorted(state.chains) == ["S1", "S2", "S3"]
    assert messages(state, "S1")[0].msg_type == "Alert"


def test_an_update_names_all_earlier_messages_of_its_alert(make_view: Maker) -> None:
    view = make_view(RIVER)
    state = run([view, later(view, 1, S2=Stage.WARNING), later(view, 2, S2=Stage.SEVERE)])
    first, second, third = messages(state, "S2")
    assert (second.msg_type, second.kind, second.stage) == ("Update", Kind.RAISED, Stage.WARNING)
    assert second.references == (first.reference,)
    assert third.references == (first.reference, second.reference)
    assert first.reference == (
        "mulgil.invalid,simulated.S2.20200701T0000Z.1,2020-07-01T09:00:00+09:00"
    )


def test_an_alert_that_ends_sends_a_cancel_with_all_clear(make_view: Maker) -> None:
    view = make_view(RIVER)
    state = run([view, *(later(view, hour, S2=Stage.NORMAL) for hour in (1, 2, 3))])
    last = messages(state, "S2")[-1]
    assert (last.msg_type, last.kind, last.codes[3]) == ("Cancel", Kind.ENDED, "AllClear")
    assert last.references == (messages(state, "S2")[0].reference,)
    assert state.chains["S2"].standing is None


def test_a_message_of_an_alert_without_data_says_that_it_has_not_ended(make_view: Maker) -> None:
    view = make_view(RIVER)
    last = messages(run([view, later(view, 1, S2=Stage.UNKNOWN)]), "S2")[-1]
    assert (last.msg_type, last.kind) == ("Update", Kind.LOST)
    assert last.codes == ("Unknown", "Moderate", "Unknown", "Prepare")
    assert "It has not ended" in last.en.description
    assert "해제된 것이 아닙니다" in last.ko.description
    assert "There is no forecast" in last.en.description


def test_a_gauge_that_left_the_network_is_withdrawn_without_all_clear(make_view: Maker) -> None:
    view = make_view(RIVER)
    fewer = later(make_view(simulated.network(gauges=1)), 1)
    last = messages(run([view, fewer]), "S2")[-1]
    assert (last.msg_type, last.kind, last.codes[3]) == ("Cancel", Kind.WITHDRAWN, "Monitor")
    assert "no all-clear" in last.en.description
    assert "SIMULATED" in last.en.description


def test_an_ended_alert_stays_listed_until_its_message_expires(make_view: Maker) -> None:
    view = make_view(RIVER)
    quiet = [later(view, hour, S3=Stage.NORMAL) for hour in (1, 2, 3, 14, 15, 60)]
    assert messages(run([view, *quiet[:4]]), "S3")[-1].kind is Kind.ENDED
    assert "S3" not in run([view, *quiet]).chains


def test_the_same_issue_again_changes_nothing(make_view: Maker) -> None:
    view = make_view(RIVER)
    once = run([view, later(view, 1, S2=Stage.NORMAL)])
    again = run([view, *[later(view, 1, S2=Stage.NORMAL)] * 5])
    assert again == once


def test_a_second_word_on_the_same_issue_may_raise(make_view: Maker) -> None:
    view = make_view(RIVER)
    state = run([view, later(view, 0, S2=Stage.SEVERE)])
    assert [m.stage for m in messages(state, "S2")] == [Stage.WATCH, Stage.SEVERE]
    assert len({m.identifier for m in messages(state, "S2")}) == 2


def test_an_earlier_issue_of_a_live_network_changes_nothing(make_view: Maker) -> None:
    view = make_view(RIVER)
    now = run([view, later(view, 3, S2=Stage.SEVERE)])
    assert advance(later(view, 1, S2=Stage.NORMAL), now) == now


def test_another_replay_begins_anew(make_view: Maker) -> None:
    view = replace(make_view(RIVER), replay=True)
    state = run([view, later(view, 24 * 365)])
    assert [m.msg_type for m in messages(state, "S1")] == ["Alert"]


def test_a_drill_does_not_go_on_with_the_alerts_of_the_real_river(make_view: Maker) -> None:
    view = make_view(replace(RIVER, simulated=False))
    drill = replace(later(view, 1), manifest=view.manifest | {"replayed": "flood of 2020"})
    state = run([view, drill])
    assert [m.msg_type for m in messages(state, "S1")] == ["Alert"]
    assert state.label == "DRILL FORECAST"


def test_a_state_comes_back_from_its_file_as_it_was(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    second = later(view, 1, S2=Stage.UNKNOWN, S3=Stage.NORMAL)
    state = run([view, second])
    path = tmp_path / "state.json"
    path.write_bytes(chains_file.to_json_bytes(state, second))
    read = chains_file.read(path)
    assert read == state
    assert advance(later(view, 2), read) == advance(later(view, 2), state)


def test_a_broken_state_is_named_and_not_taken_for_none(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert chains_file.read(path) is None
    for text in ("{", '{"format": 1}', '{"format": 99}', "[]"):
        path.write_text(text)
        with pytest.raises(InvalidData, match=r"state\.json"):
            chains_file.read(path)


def test_a_state_says_what_it_is(make_view: Maker) -> None:
    view = make_view(RIVER)
    kept = json.loads(chains_file.to_json_bytes(advance(view, None), view))
    assert kept["label"] == "SIMULATED FORECAST"
    assert "Not an official flood warning" in kept["notice"]


@pytest.mark.parametrize(
    ("network", "replay", "replayed", "expected"),
    [
        (True, False, "", "Test"),
        (True, True, "", "Test"),
        (False, True, "", "Exercise"),
        (False, False, "flood of 2020", "Exercise"),
        (False, False, "", "Actual"),
    ],
)
def test_only_an_authority_on_real_and_present_rivers_is_actual(
    make_view: Maker, network: bool, replay: bool, replayed: str, expected: str
) -> None:
    view = make_view(replace(RIVER, simulated=network))
    view = replace(view, replay=replay, manifest=view.manifest | {"replayed": replayed})
    office = Publisher(sender="office.example", authority=True)
    assert messages(advance(view, None, office), "S1")[0].status == expected
    said = messages(advance(view, None, office), "S1")[0]
    assert (said.note == "") == (expected == "Actual")
    assert ("Not an official" in said.en.description) == (expected != "Actual")
    alone = messages(advance(view, None), "S1")[0]
    assert alone.status == ("Test" if expected == "Actual" else expected)
    assert "Not an official flood warning" in alone.en.description


def test_messages_of_every_kind_are_valid_cap(make_view: Maker) -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml judges XML: pip install lxml")
    grammar = etree.RelaxNG(etree.parse(str(GRAMMAR)))
    view = make_view(RIVER)
    quiet, lost, high = Stage.NORMAL, Stage.UNKNOWN, Stage.WARNING
    plan = [(1, quiet, lost), (2, quiet, Stage.ATTENTION), (3, quiet, high), (4, high, Stage.WATCH)]
    plan += [(hour, high, Stage.WATCH) for hour in (5, 6, 10)]
    plan += [(hour, lost, lost) for hour in range(11, 90, 6)]
    views = [view, *(later(view, hour, S2=two, S3=three) for hour, two, three in plan)]
    state, kinds = None, set()
    for each in views:
        state = advance(each, state)
        for chain in state.chains.values():
            for message in chain.messages:
                kinds.add(message.kind)
                assert grammar.validate(etree.fromstring(cap(message, NOBODY))), grammar.error_log
    assert kinds == set(Kind) - {Kind.REACHED}
