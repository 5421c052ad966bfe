"""The files of a what-if: each says what it is."""

import csv
import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from data import netcdf
from data.network import Network
from data.stations import Stage
from forecast.differences import Difference, Told
from forecast.outlook import Outlook
from maps.feeds.tables import cell
from maps.view import View
from maps.what_if_page import Pages, draw

if TYPE_CHECKING:
    from flows.what_if import Asked

ROW_LABEL = "WHAT-IF 가정, not a forecast, not an official flood warning"


@dataclass(frozen=True)
class Result:
    """All that the files of a what-if need; the first of a pair is the automatic one.

    Attributes:
        record: What scenario.json tells, but for the differences.
    """

    network: Network
    observations: tuple[xr.Dataset, xr.Dataset]
    forecasts: tuple[xr.Dataset, xr.Dataset]
    outlooks: tuple[tuple[Outlook, ...], tuple[Outlook, ...]]
    differences: tuple[Difference, ...]
    record: dict[str, Any]


def write(folder: Path, result: Result) -> None:
    """Write all files of a what-if into a folder."""
    netcdf.write(folder / "forecast.nc", _forecast(result))
    (folder / "differences.csv").write_text(_table(result), encoding="utf-8")
    text = json.dumps(told(result), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "scenario.json").write_text(text + "\n", encoding="utf-8")
    views = [_view(result, side) for side in (0, 1)]
    draw(Pages(views[0], views[1], result.differences, result.record), folder)


def _view(result: Result, side: int) -> View:
    return View(
        network=result.network,
        observations=result.observations[side],
        forecast=result.forecasts[side],
        outlooks=result.outlooks[side],
        earlier=None,
        outcome=None,
        scores=None,
        manifest=result.record,
        replay=bool(result.record["replay"]),
    )


def told(result: Result) -> dict[str, Any]:
    """Return what scenario.json tells."""
    return result.record | {"differences": [each.as_dict() for each in result.differences]}


def typed(asked: "Asked") -> dict[str, Any]:
    """Return what was asked, files by name and digest."""
    found: dict[str, Any] = {}
    for name, value in asdict(asked).items():
        if isinstance(value, Path):
            digest = sha256(value.read_bytes()).hexdigest()
            found[name] = {"file": value.name, "sha256": digest}
        elif name not in ("reason", "who"):
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


def _forecast(result: Result) -> xr.Dataset:
    record, mark = result.record, "WHAT-IF (가정): not a forecast of what will happen. "
    return result.forecasts[1].assign_attrs(
        title=f"{mark}{result.network.title_en}",
        kind="what-if",
        what_if_id=record["id"],
        reason=record["reason"],
        who=record["who"],
        changes=" | ".join(record["changes"]),
        notes=" | ".join(record["notes"]),
    )


def _table(result: Result) -> str:
    """Return the differences as CSV."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ["label", "station", "name_ko", "name_en", "issue_time", "unit", "peak_difference"]
    for side in ("automatic", "what_if"):
        heads += [f"{part}_{side}" for part in ("peak", "peak_time", "stage", "reason")]
        heads += [f"p_{stage.name.lower()}_{side}" for stage in Stage if stage > Stage.NORMAL]
    writer.writerow(heads)
    for each in result.differences:
        station = result.network.station(each.station)
        row = [ROW_LABEL, station.id, station.name_ko, station.name_en]
        row += [result.record["issue_time"], result.network.quantity.unit, _number(each.rise)]
        row += [*_side(each.before), *_side(each.after)]
        writer.writerow([cell(part) for part in row[:4]] + row[4:])
    return out.getvalue()


def _side(side: Told) -> list[str]:
    time = "" if np.isnat(side.peak_time) else f"{str(side.peak_time)[:16]}Z"
    chances = [_number(side.chances.get(s, np.nan)) for s in Stage if s > Stage.NORMAL]
    return [_number(side.peak), time, side.stage.name, side.reason, *chances]


def _number(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else ""
