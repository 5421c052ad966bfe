"""One cycle: its lock, its guard, its deadline, and what may fail and takes no forecast back."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.errors import NothingThere, SourceError, SourceUnavailable
from flows import cycle, cycle_steps, heartbeat, manifest
from flows.cycle import How
from flows.cycle_steps import Steps, Work
from flows.locking import alone
from flows.pulling import Pulled
from flows.settings import Settings, read

RIVER = "simulated"  # hourly, gauges S1, S2, S3
DUE = np.datetime64("2026-07-20T03:12", "ns")
MINUTE = np.timedelta64(1, "m")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def issued(degraded: dict[str, str] | None = None) -> Callable[[Work, Pulled], Path]:
    """Return a step that issues without any model."""

    def issue(work: Work, pulled: Pulled) -> Path:
        run = manifest.begin(work.network, np.datetime64("2026-07-20T03:00", "ns"), "a test")
        run.providers, run.degraded = pulled.providers, degraded or {}
        return run.save(work.settings.folders.run(run.run_id))

    return issue


def pulled(work: Work) -> Pulled:
    return Pulled(work.settings.folders.observations(work.network), now=work.now)


GOOD = Steps(pulled, issued(), lambda *_: Path("release"), lambda *_: None)


def test_a_cycle_issues_and_leaves_a_heartbeat_that_says_when_the_next_is_due(
    settings: Settings,
) -> None:
    done = cycle.run(RIVER, settings, DUE, DUE + MINUTE, "a test", How(steps=GOOD))
    assert (done.state, done.release) == ("issued", Path("release"))
    assert done.told == ("simulated: forecast of 2026-07-20T03:00Z issued: 3 of 3 gauges.")
    beat = heartbeat.read(settings.folders, RIVER)
    assert beat is not None
    assert (beat.due, beat.next_due) == ("2026-07-20T03:12:00Z", "2026-07-20T04:12:00Z")
    assert (beat.state, beat.issue_time) == ("issued", "2026-07-20T03:00Z")
    beside = heartbeat.shown_at(settings.folders, RIVER)
    assert json.loads(beside.read_text(encoding="utf-8"))["told"] == done.told


def test_a_gauge_or_a_provider_that_failed_makes_a_cycle_degraded(settings: Settings) -> None:
    some = replace(GOOD, issue=issued({"S2": "silent for 9 h"}))
    done = cycle.run(RIVER, settings, DUE, DUE, "a test", How(steps=some))
    assert done.state == "degraded"
    assert "2 of 3 gauges" in done.told


def test_a_cycle_as_old_as_its_cadence_is_superseded_and_a_younger_one_is_run(
    settings: Settings,
) -> None:
    how = How(steps=GOOD)
    states = [
        cycle.run(RIVER, settings, DUE, DUE + age * MINUTE, "a test", how).state
        for age in (60, 59, -30)  # the last: the clock was set back
    ]
    assert states == ["superseded", "issued", "issued"]
    every = replace(how, every=10 * MINUTE)
    assert cycle.run(RIVER, settings, DUE, DUE + 10 * MINUTE, "", every).state == "superseded"
    forced = replace(every, force=True)
    assert cycle.run(RIVER, settings, DUE, DUE + 10 * MINUTE, "", forced).state == "issued"


def test_after_an_outage_the_oldest_first_leads_to_one_forecast_and_no_burst(
    settings: Settings,
) -> None:
    now = DUE + 14 * 60 * MINUTE
    dues = [DUE + hour * 60 * MINUTE for hour in range(15)]
    how = How(steps=GOOD)
    states = [cycle.run(RIVER, settings, due, now, "", how).state for due in dues]
    assert states == ["superseded"] * 14 + ["issued"]


def test_a_cycle_beside_a_living_one_does_nothing_at_once(settings: Settings) -> None:
    with alone(cycle.lock(settings.folders, RIVER)) as ours:
        assert ours
        done = cycle.run(RIVER, settings, DUE, DUE, "", How(steps=GOOD))
    assert done.state == "overlapped"
    assert f"process {os.getpid()}" in done.told
    assert heartbeat.read(settings.folders, RIVER) is None  # its own is still to come
    assert cycle.run(RIVER, settings, DUE, DUE, "", How(steps=GOOD)).state == "issued"


def test_the_lock_of_a_killed_process_is_free_at_once(settings: Settings) -> None:
    lock = cycle.lock(settings.folders, RIVER)
    code = f"""
        import time
        from pathlib import Path
        from flows.locking import alone
        with alone(Path({str(lock)!r})) as ours:
            print(ours, flush=True)
            time.sleep(60)
    """
    with subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert cycle.run(RIVER, settings, DUE, DUE, "", How(steps=GOOD)).state == "overlapped"
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert cycle.run(RIVER, settings, DUE, DUE, "", How(steps=GOOD)).state == "issued"


def test_a_failing_publication_or_verification_keeps_the_issued_forecast(
    settings: Settings,
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    def broken(*_: object) -> None:
        raise ValueError("no scores")

    done = cycle.run(
        RIVER, settings, DUE, DUE, "", How(steps=replace(GOOD, publish=full, follow=broken))
    )
    assert done.state == "degraded"
    assert done.run is not None
    assert done.run.exists()
    assert done.release is None
    assert "the site was not published: [Errno 28] No space left on device" in done.told
    assert "what was issued was not verified: no scores" in done.told


@pytest.mark.parametrize(
    ("error", "again"),
    [(NothingThere("No model."), False), (SourceUnavailable("No answer."), True),
     (ZeroDivisionError("x"), False)],
)  # fmt: skip
def test_a_cycle_that_cannot_issue_says_why_and_whether_to_try_again(
    settings: Settings, error: Exception, again: bool
) -> None:
    def nothing(*_: object) -> Path:
        raise error

    first = cycle.run(RIVER, settings, DUE, DUE, "", How(steps=GOOD))
    done = cycle.run(RIVER, settings, DUE, DUE, "", How(steps=replace(GOOD, issue=nothing)))
    assert (done.state, done.again, done.run) == ("failed", again, None)
    assert done.told.startswith("simulated: no forecast was issued: ")
    beat = heartbeat.read(settings.folders, RIVER)
    assert beat is not None
    assert first.run is not None
    assert (beat.state, beat.run) == ("failed", first.run.stem)  # the newest there is


def test_no_key_is_in_what_a_failed_cycle_says(tmp_path: Path) -> None:
    settings = read({"MULGIL_HOME": str(tmp_path), "MULGIL_HRFCO_KEY": "S3CRET-KEY"})

    def leaks(*_: object) -> Path:
        raise RuntimeError("http://api.hrfco.go.kr/S3CRET-KEY/waterlevel")

    done = cycle.run(RIVER, settings, DUE, DUE, "", How(steps=replace(GOOD, issue=leaks)))
    assert "S3CRET" not in done.told
    assert "S3CRET" not in heartbeat.path_of(settings.folders, RIVER).read_text(encoding="utf-8")


def test_a_pull_that_fails_in_any_way_is_told_and_the_time_of_the_cycle_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(RIVER, settings, DUE, "", 1.0)
    for error, told in ((SourceError("No CSV."), "failed: No CSV."), (KeyError("x"), "KeyError")):

        def broken(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("flows.pulling.pull_in_time", broken)
        answer = cycle_steps.pull(work)
        assert told in answer.providers[RIVER]
        assert answer.now == DUE


def test_the_site_is_never_moved_back_but_a_clock_that_was_ahead_is_forgotten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.publishing.publish", lambda *_, **__: Path("release"))
    work = Work(RIVER, settings, DUE, "", 1.0)
    run = issued()(work, pulled(work))
    assert cycle_steps.publish(work, run) == Path("release")
    newer = replace(manifest.load(run), issue_time="2026-07-20T03:10Z")
    newer.save(settings.folders.shown(RIVER))
    assert cycle_steps.publish(work, run) is None
    ahead = replace(newer, issue_time="2027-01-01T00:00Z")
    ahead.save(settings.folders.shown(RIVER))
    assert cycle_steps.publish(work, run) == Path("release")


def test_two_cycles_at_the_same_moment_give_one_forecast(settings: Settings) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(work: Work) -> Pulled:
        inside.set()
        go_on.wait(10)
        return pulled(work)

    states: list[str] = []
    how = How(steps=replace(GOOD, pull=slow))
    first = threading.Thread(
        target=lambda: states.append(cycle.run(RIVER, settings, DUE, DUE, "", how).state)
    )
    first.start()
    assert inside.wait(10)
    begun = time.monotonic()
    states.append(cycle.run(RIVER, settings, DUE, DUE, "", How(steps=GOOD)).state)
    assert time.monotonic() - begun < 5
    go_on.set()
    first.join(10)
    assert states == ["overlapped", "issued"]
