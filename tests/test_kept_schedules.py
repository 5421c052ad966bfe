"""What an operator paused stays paused, whatever becomes of Prefect's database."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from flows import heartbeat, kept_schedules, serving, silence
from flows.folders import Folders
from flows.heartbeat import Heartbeat
from flows.schedules import Schedule
from flows.settings import Settings

HOUR = np.timedelta64(1, "h").astype("timedelta64[ns]")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def plan(folders: Folders, *names: str) -> serving.Plan:
    return serving.Plan(tuple(Schedule(n, "12 * * * *", HOUR) for n in names), folders)


def test_what_is_seen_goes_before_what_was_known_and_the_rest_is_kept(folders: Folders) -> None:
    assert kept_schedules.merge(folders, {"a": "schedule", "b": ""}) == {"a": "schedule", "b": ""}
    assert kept_schedules.merge(folders, {}) == {"a": "schedule", "b": ""}  # a new database
    assert kept_schedules.merge(folders, {"a": ""}) == {"a": "", "b": ""}
    assert kept_schedules.read(folders) == {"a": "", "b": ""}


@pytest.mark.parametrize("content", ["", "{", "[]", "3"])
def test_a_broken_file_pauses_nothing(folders: Folders, content: str) -> None:
    kept_schedules.path_of(folders).write_text(content, encoding="utf-8")
    assert kept_schedules.read(folders) == {}


def test_a_paused_schedule_is_deployed_paused_and_the_others_are_not(folders: Folders) -> None:
    kept = {"simulated": "schedule", "recorded": "deployment"}
    names = ("simulated", "recorded", "han-river")
    made = {d.name: d for d in serving.deployments(plan(folders, *names), kept)}
    active = {name: made[name].schedules[0].active for name in names}
    assert active == {"simulated": False, "recorded": True, "han-river": True}
    assert {name: bool(made[name].paused) for name in names} == {
        "simulated": False,
        "recorded": True,
        "han-river": False,
    }


def test_no_deployment_has_a_limit_that_a_crash_would_leave_taken(folders: Folders) -> None:
    for each in serving.deployments(plan(folders, "simulated")):
        assert each.concurrency_limit is None


def test_prefect_is_asked_for_both_ways_of_pausing(monkeypatch: pytest.MonkeyPatch) -> None:
    def deployment(name: str, paused: bool, *active: bool) -> Any:
        return SimpleNamespace(
            name=name, paused=paused, schedules=[SimpleNamespace(active=each) for each in active]
        )

    class Client:
        def __enter__(self) -> "Client":
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def read_deployments(self) -> list[Any]:
            return [
                deployment("whole", True, True),
                deployment("schedule", False, False),
                deployment("runs", False, True),
                deployment("by hand", False),
            ]

    monkeypatch.setattr("prefect.client.orchestration.get_client", lambda **_: Client())
    assert kept_schedules.look() == {"whole": "deployment", "schedule": "schedule", "runs": ""}


def test_silence_is_told_only_where_it_is_not_wanted_and_still_holds(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def tell(*given: str) -> list[str]:
        told.append(given[3])
        return []

    monkeypatch.setattr("flows.telling.tell", tell)
    now = np.datetime64("2026-07-20T06:00", "ns")
    monkeypatch.setattr("flows.pulling.this_moment", lambda: now)
    settings = Settings(home=folders.home)
    times = ("2026-07-20T03:12:00Z", "2026-07-20T03:13:00Z", "2026-07-20T04:12:00Z")
    heart = Heartbeat("simulated", *times, "issued", 9.0, "", "", "All is well.")
    heartbeat.beat(folders, heart)
    assert silence.report("simulated", settings).name == "Told"
    assert told == [
        "simulated: a cycle was due at 2026-07-20T04:12:00Z, 108 min ago, and none has ended "
        "since. The last one, due 2026-07-20T03:12:00Z: issued. All is well."
    ]
    now = np.datetime64("2026-07-20T04:10", "ns")
    assert silence.report("simulated", settings).name == "Alive"
    kept_schedules.merge(folders, {"simulated": "schedule"})
    now = np.datetime64("2026-07-20T06:00", "ns")
    assert silence.report("simulated", settings).name == "Paused"
    assert len(told) == 1
