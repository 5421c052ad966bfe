"""What was missed is issued late: newest first, while there is time, as known then."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data import archive, netcdf, networks
from data.sources.simulated_record import observe
from flows import catching_up, issued, issuing, manifest
from flows.catching_up import Schedule
from flows.cycle import Cycle
from flows.cycle_steps import Work
from flows.moments import Moment
from flows.settings import Settings
from forecast.model import ModelConfig
from forecast.train import TrainConfig

NAME = "simulated-korea-3-now"  # hourly, live, without a provider
HOUR = np.timedelta64(1, "h")
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
DUE = np.datetime64("2022-07-12T09:12", "ns")


def at(hour: int) -> np.datetime64:
    return np.datetime64(f"2022-07-12T{hour:02d}:00", "ns")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(home=tmp_path)
    start = np.datetime64("2022-07-12T01:00", "ns")
    archive.save(found.folders.observations(NAME), observe(networks.find(NAME), start, 9))
    return found


def leave(settings: Settings, *hours: int) -> None:
    """Leave issued forecasts of some hours, as empty files: only their names count."""
    network = networks.find(NAME)
    for hour in hours:
        path = issued.path_of(settings.folders, network, "real-time", at(hour))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def just_done(settings: Settings) -> Cycle:
    run = manifest.begin(NAME, at(9), "a test")
    run.kind = "real-time"
    path = run.save(settings.folders.run(run.run_id))
    return Cycle(NAME, DUE, "issued", path, None, 1.0, "")


class Clock:
    """Goes on by some minutes each time a forecast is issued."""

    def __init__(self, minutes: int) -> None:
        self.now, self._minutes = DUE, np.timedelta64(minutes, "m")
        self.asked: list[Moment] = []

    def __call__(self) -> np.datetime64:
        return self.now

    def issue(self, _: str, moment: Moment, *__: object) -> Path:
        self.asked.append(moment)
        self.now = self.now + self._minutes
        return Path("manifest.json")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(1)
    monkeypatch.setattr("flows.issuing.issue", clock.issue)
    return clock


def test_what_was_missed_lies_between_the_first_forecast_and_now_newest_first(
    settings: Settings,
) -> None:
    leave(settings, 2, 3, 6, 9)
    network = networks.find(NAME)
    missing = catching_up.missed(network, settings.folders, "real-time", Schedule(DUE, HOUR))
    assert missing == [at(8), at(7), at(5), at(4)]


def test_nothing_is_missed_before_the_first_forecast_or_of_a_closed_record(
    settings: Settings,
) -> None:
    schedule = Schedule(DUE, HOUR)
    live, closed = networks.find(NAME), networks.find("simulated")
    assert catching_up.missed(live, settings.folders, "real-time", schedule) == []
    leave(settings, 9)
    assert catching_up.missed(live, settings.folders, "real-time", schedule) == []
    assert catching_up.missed(closed, settings.folders, "replay", schedule) == []


def test_what_is_older_than_two_days_stays_missed(settings: Settings) -> None:
    leave(settings, 2, 9)
    later = Schedule(DUE + 60 * HOUR, HOUR)
    missing = catching_up.missed(networks.find(NAME), settings.folders, "real-time", later)
    oldest = DUE + 12 * HOUR  # 48 h before it is due; the grid time after that is 22:00
    assert (missing[0], missing[-1]) == (at(9) + 59 * HOUR, np.datetime64("2022-07-12T22:00"))
    assert missing[-1] > oldest


def test_late_fills_go_newest_first_and_see_what_was_known_then(
    settings: Settings, quick: Clock
) -> None:
    leave(settings, 5, 9)
    filled = catching_up.fill(just_done(settings), settings, HOUR, quick)
    assert [each.due for each in filled] == [at(8), at(7), at(6)]
    assert {each.state for each in filled} == {"late"}
    delay = networks.find(NAME).delay
    assert quick.asked == [
        Moment(at(hour), at(hour) + delay, replay=False, late=True) for hour in (8, 7, 6)
    ]


def test_fills_end_before_the_next_cycle_is_due(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due 09:12, next 10:12, 6 min are kept free: of fills of 20 min two fit before 10:06."""
    slow = Clock(20)
    monkeypatch.setattr("flows.issuing.issue", slow.issue)
    leave(settings, 3, 9)
    filled = catching_up.fill(just_done(settings), settings, HOUR, slow)
    assert [each.due for each in filled] == [at(8), at(7)]


def test_after_a_cycle_that_issued_nothing_nothing_is_filled_in(
    settings: Settings, quick: Clock
) -> None:
    leave(settings, 5, 9)
    for state in ("failed", "overlapped", "superseded"):
        done = replace(just_done(settings), state=state)
        assert catching_up.fill(done, settings, HOUR, quick) == []
    assert quick.asked == []


def test_one_that_cannot_be_issued_does_not_stop_the_others(
    settings: Settings, quick: Clock
) -> None:
    """The record begins at 01:00 and there is a forecast of 00:00: nothing was known then."""
    leave(settings, 2, 4, 9)
    first = issued.path_of(settings.folders, networks.find(NAME), "real-time", at(0) - HOUR)
    first.touch()
    filled = catching_up.fill(just_done(settings), settings, HOUR, quick)
    assert [each.due for each in filled] == [at(hour) for hour in (8, 7, 6, 5, 3, 1)]


@pytest.mark.slow
def test_a_late_forecast_says_so_and_the_site_stays_with_the_newest(tmp_path: Path) -> None:
    from flows import cycle_steps, training

    settings = Settings(home=tmp_path)
    folders, network = settings.folders, networks.find(NAME)
    start = np.datetime64("2019-01-01T01:00", "ns")
    hours = int((at(9) - start) / HOUR) + 1
    archive.save(folders.observations(NAME), observe(network, start, hours))
    training.train(NAME, folders, TINY)
    issue = issuing.issue
    issue(NAME, Moment(at(6), at(6), replay=False), folders)
    newest = issue(NAME, Moment(at(9), at(9), replay=False), folders)
    release = cycle_steps.publish(Work(NAME, settings, at(9), "a test", 1.0), newest)
    assert release is not None
    done = Cycle(NAME, DUE, "issued", newest, release, 1.0, "")
    late = catching_up.fill(done, settings, HOUR, lambda: DUE)
    assert [each.due for each in late] == [at(8), at(7)]
    assert late[0].run is not None
    told = manifest.load(late[0].run)
    assert (told.late, told.replay, told.kind) == (True, False, "real-time")
    assert told.known_at == f"{at(8) + network.delay}Z"
    made = netcdf.read(folders.forecasts(NAME) / told.forecast)
    assert made.attrs["late"] == "yes"
    assert made.last_observed_time.values.max() <= at(8)
    assert manifest.load(folders.shown(NAME)).issue_time == "2022-07-12T09:00Z"
    assert (folders.site / "current").resolve() == release.resolve()


def test_two_fills_never_run_at_once(settings: Settings, quick: Clock) -> None:
    from flows.cycle import lock
    from flows.locking import alone

    leave(settings, 5, 9)
    held = lock(settings.folders, NAME).with_name(".catching-up.lock")
    with alone(held) as ours:
        assert ours
        assert catching_up.fill(just_done(settings), settings, HOUR, quick) == []
