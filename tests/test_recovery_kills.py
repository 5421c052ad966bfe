"""A cycle that is killed at any moment: the next one runs, and nothing is lost or torn.

`mulgil campaign kills --times 100` is the campaign.
"""

from pathlib import Path

import numpy as np
import pytest

from data import raw, store
from data.reading import Reading
from data.sources.asking import Answer
from flows import campaign_kills, campaign_rivers, pulling
from flows.campaign_kills import Kill
from flows.campaign_rivers import HOURLY
from flows.campaign_week import BEGIN
from flows.campaign_whole import Inspector
from flows.folders import Folders

ROW = '{"wlobscd":"S1","ymdhm":"%s","wl":"%s","fw":" ","links":[]}'
ROWS = (
    f'{{"links":[],"content":[{ROW % ("202608131150", "1.20")},{ROW % ("202608131200", "1.23")}]}}'
)


@pytest.mark.slow
def test_cycles_killed_at_random_moments_leave_nothing_behind(tmp_path: Path) -> None:
    found = campaign_kills.run(3, 2, 1, tmp_path / "home", lambda *_: None)
    assert [kill.next in campaign_kills.FINE for kill in found] == [True] * 3
    assert [(kill.torn, kill.lost) for kill in found] == [([], [])] * 3


def test_figures_of_kills_count_each_kind() -> None:
    one = Kill(0, 0.5, "nothing", "issued", 2.0)
    two = Kill(1, 1.5, "forecast", "overlapped", 4.0, torn=["a"], lost=["b", "c"], left=["d.tmp"])
    told = campaign_kills.figures([one, two])
    assert (told["kills"], told["next_on_time"], told["locks_stuck"]) == (2, 1, 1)
    assert (told["killed_nothing"], told["killed_forecast"]) == (1, 1)
    assert (told["next_s_median"], told["next_s_max"]) == (3.0, 4.0)
    assert (told["torn"], told["lost"], told["half_files_left"]) == (1, 2, 1)


def test_a_reading_that_was_kept_as_it_came_and_is_not_in_the_store_is_missed(
    tmp_path: Path,
) -> None:
    folders = Folders(tmp_path)
    river = campaign_rivers.world(2, BEGIN, 0).network
    campaign_rivers.write(folders.network(HOURLY.name), HOURLY, river)
    look = Inspector(folders, pulling.find(HOURLY.name, folders))
    at = np.datetime64("2026-08-13T03:00", "ns")  # 12:00 KST
    answer = Answer(
        "hrfco", "waterlevel-list-10M-S1", "", ROWS.encode(), at + np.timedelta64(8, "m")
    )
    raw.keep(folders.raw(HOURLY.name), answer)
    held = [Reading("S1", "water_level", at, 1.23)]
    store.append(folders.observations(HOURLY.name), "hrfco", held, answer.fetched)
    assert look.readings_lost() == [
        f"{path.name}: S1 2026-08-13T02:50:00.000000000" for path in look.seen
    ]
    assert look.readings_lost() == []  # told once
