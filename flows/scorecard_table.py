"""The rolling scorecard for a person at a terminal, and as plain rows for a machine."""

from typing import Any

import numpy as np
import xarray as xr
from rich.table import Table

from data.network import Network
from data.stations import ALERTS, Stage
from flows import scorecard_file
from flows.tables import hours
from forecast import rolling

MOST = 20  # gauges in a table; those with the least skill come first
_HOUR = np.timedelta64(1, "h")
SCORES = (
    "persistence_skill", "model_persistence_skill", "rmse", "mae", "bias", "crps", "coverage90",
    "width90", "n", "peak_error", "peak_timing_error", "n_peaks",
)  # fmt: skip


def of_days(kept: xr.Dataset, days: int) -> xr.Dataset:
    """Return the scores of the last days, dims (station, lead_time), some with stage.

    Args:
        kept: `flows.scorecard_file.scored`.
        days: 0 is all that there are.
    """
    last = kept.day.values[-1]
    first = scorecard_file.window(kept, days)[0] if days else kept.day.values[0]
    found = rolling.score(scorecard_file.of_days(kept, first, last))
    return found.assign_attrs(first=str(first)[:10], last=str(last)[:10])


def errors(scores: xr.Dataset, network: Network, kind: str) -> Table:
    """Return a table of errors by gauge and lead, the gauges with the least skill first."""
    unit = network.quantity.unit
    what = "never issued" if kind == "hindcast" else "issued forecasts"
    table = Table(
        title=f"{_label(network, kind)}{network.name}: {what}, beside what was observed, "
        f"{scores.attrs['first']} to {scores.attrs['last']}",
        caption=f"Skill: 1 is perfect, 0 no better than persistence. Errors in {unit}. "
        f"{network.caveat_en}",
    )
    headings = ("gauge", "lead", "n", "skill", "rmse", "mae", "bias", "crps", "in 90 %")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "gauge" else "right")
    for station in _worst_first(scores)[:MOST]:
        for number, lead in enumerate(scores.lead_time.values):
            here = scores.sel(station=station, lead_time=lead)
            values = [here[name].item() for name in ("rmse", "mae", "bias", "crps")]
            table.add_row(
                network.station(station).name_en if number == 0 else "",
                hours(lead),
                f"{here.n.item():.0f}",
                _number(here.persistence_skill.item(), ".2f"),
                *(_number(value, ".3g") for value in values),
                _number(here.coverage90.item(), ".0%"),
            )
    return table


def stages(scores: xr.Dataset, network: Network) -> Table:
    """Return a table of stages, watch and above: hits, misses, false alarms, time gained."""
    table = Table(
        title="Stages from watch on (hours; the median reaches the threshold or it does not)",
        caption="Gained: mean time from the first forecast of an unbroken row that said so to the "
        "stage itself; of those that were not forecast it is 0.",
    )
    headings = ("gauge", "stage", "lead", "hits", "misses", "false alarms", "came", "gained")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("gauge", "stage") else "right")
    for station in _worst_first(scores)[:MOST]:
        for stage in ALERTS[Stage.WATCH - 1 :]:
            for row in _stage_rows(scores.sel(station=station, stage=stage.name.lower())):
                table.add_row(network.station(station).name_en, stage.name.lower(), *row)
    return table


def to_rows(scores: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row a gauge and lead as JSON can hold it; NaN is None."""
    rows = []
    for station in scores.station.values:
        for lead in scores.lead_time.values:
            here = scores.sel(station=station, lead_time=lead)
            head = {"station": str(station), "lead_hours": float(lead / _HOUR)}
            rows.append(head | {name: _json(here[name].item()) for name in SCORES} | _stages(here))
    return rows


def _stages(here: xr.Dataset) -> dict[str, Any]:
    names = [str(n) for n in here.data_vars if "stage" in here[n].dims]
    return {
        "stages": {
            str(stage): {name: _json(here[name].sel(stage=stage).item()) for name in names}
            for stage in here.stage.values
        }
    }


def _stage_rows(here: xr.Dataset) -> list[list[str]]:
    """Return the leads of one stage at one gauge; none where nothing happened or was said."""
    counts = np.stack([here[name].values for name in ("hits", "misses", "false_alarms")], axis=1)
    came, gained = float(here.n_onsets), float(here.lead_time_gained)
    if not counts.sum() and not came:
        return []
    rows = [
        [hours(lead), *(f"{count:.0f}" for count in row), "", ""]
        for lead, row in zip(here.lead_time.values, counts, strict=True)
    ]
    rows[0][-2:] = [f"{came:.0f}", f"{gained:.1f} h" if came else "–"]
    return rows


def _worst_first(scores: xr.Dataset) -> list[str]:
    skill = scores.persistence_skill.mean("lead_time").to_series().fillna(np.inf)
    return [str(station) for station in skill.sort_values(kind="stable").index]


def _label(network: Network, kind: str) -> str:
    marks = {"replay": "REPLAYS of ", "drill": "DRILL of ", "hindcast": "HINDCASTS of "}
    return ("SIMULATED rivers, " if network.simulated else "") + marks.get(kind, "")


def _number(value: float, how: str) -> str:
    return "–" if np.isnan(value) else format(value, how)


def _json(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
