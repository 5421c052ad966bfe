"""The steps from the daily record to the atlas; each takes and leaves files."""

import json
import shutil
from dataclasses import asdict
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import xarray as xr

from data.climate import observed, places, record, regions
from flows.climate import keys
from flows.climate.sources import Futures, Plan
from forecast.climate import (
    assemble,
    futures,
    observed_layers,
    return_layers,
    risk_layers,
    risk_table,
    runs,
    spread,
    telling,
)
from forecast.climate.atlas import Atlas, Facts
from forecast.climate.catalogue import INDICES, LAYERS, RETURN_LEVELS, RISK
from forecast.climate.catalogue import layer as layer_of
from forecast.climate.futures import Run
from forecast.climate.indices import annual, reached
from forecast.climate.regional import NORMAL, Spread
from forecast.climate.years import years_of
from maps.climate.site import draw

DAILY = ("tas", "tasmin", "tasmax", "pr", "pr_max_1h", "pr_max_10min")
FIRST_YEAR = 1904


def stations(home: Path) -> Path:
    """Compute every index of every station and year; return the file (year, station)."""
    key = keys.digest(keys.code(), keys.of_files([record.find()]))
    return keys.once(home / f"stations-{key}.nc", lambda part: _stations(home, part))


def _stations(home: Path, part: Path) -> None:
    daily = observed.read(home)
    first, last = _whole_years(daily["time"])
    daily = daily.sel(time=slice(f"{first}-01-01", f"{last}-12-31"))
    by_time = daily[list(DAILY)].transpose("time", "station").load()
    found = annual(by_time, NORMAL)
    years = years_of(by_time["time"])
    share = {
        f"days_{name}": (("year", "station"), reached(by_time[name].values, years).astype("f4"))
        for name in ("tas", "pr")
    }
    found.assign(share).assign_attrs(source=daily.attrs["source"]).to_netcdf(
        part, engine="h5netcdf"
    )


def _whole_years(time: xr.DataArray) -> tuple[int, int]:
    """Return the first and last year of the record that has all its days in it."""
    first, last = pd.Timestamp(time.values[0]), pd.Timestamp(time.values[-1])
    end = last.year if (last.month, last.day) == (12, 31) else last.year - 1
    return first.year, end


def projected(home: Path, measured: Path, plan: Plan) -> Path:
    """Return the file of one model run, made or not."""
    key = keys.digest(keys.code(), measured.name, plan.key)
    return home / "runs" / f"{plan.model}-{plan.scenario}-{key}.nc"


def project(home: Path, measured: Path, plan: Plan) -> Path:
    """Compute the yearly indices of one model run by region; return the file."""
    path = projected(home, measured, plan)
    return keys.once(path, lambda part: _project(home, measured, plan, part))


def _project(home: Path, measured: Path, plan: Plan, part: Path) -> None:
    table, at, pull = ground(home, measured)
    store(runs.digest(plan.daily(home), table, pull, at), plan, part)


def store(run: xr.Dataset, plan: Plan, part: Path) -> None:
    """Write what is kept of a model run, with its name."""
    attrs = {"model": plan.model, "scenario": plan.scenario, "source": plan.source}
    run.assign_attrs(attrs).to_netcdf(part, engine="h5netcdf")


def atlas(home: Path, measured: Path, projected: list[Path], chosen: Futures) -> Path:
    """Put everything together; return the folder of the atlas."""
    names = sorted(path.name for path in projected)
    key = keys.digest(keys.code(), measured.name, *names, chosen.key)
    return keys.once(
        home / f"atlas-{key}", lambda part: _atlas(home, measured, projected, chosen, part)
    )


def _atlas(home: Path, measured: Path, projected: list[Path], chosen: Futures, part: Path) -> None:
    table, at, pull = ground(home, measured)
    members = [_run(path) for path in projected]
    codes, years = list(table.index), at["year"].values
    maxima = return_layers.gather(at, pull, members)
    seen = observed_layers.every(at, INDICES, pull)
    seen |= {each.id: return_layers.observe(maxima, each) for each in RETURN_LEVELS}
    windows = futures.windows(members, chosen.warming([run.model for run in members]))
    tell = telling.teller(members, windows, maxima, chosen.independent)
    facts = chosen.facts(at.attrs["source"], int(years[-1]), digest_of(part), regions.ATTRIBUTION)
    layers = LAYERS
    if chosen.risk:
        given = risk_table.read(chosen.risk, codes)
        parts = risk_layers.prepare(codes, seen["RL20"], given)
        seen |= risk_layers.observe(parts, seen["RL20"])
        tell = telling.with_risk(tell, parts, seen["RL20"])
        layers, facts = LAYERS + RISK, risk_layers.compared(facts, seen["RISK"], given)
    _save(
        part,
        values=assemble.values(layers, codes, seen, windows, tell),
        series=assemble.series([e for e in INDICES if not e.season], codes, seen, years, members),
        stations=assemble.stations(at, _shares(at), INDICES),
    )
    (part / "facts.json").write_text(json.dumps(asdict(facts), ensure_ascii=False, indent=1))


def digest_of(part: Path) -> str:
    """Return the key in the name of an atlas that is being made."""
    return part.name.removeprefix("atlas-").split(".")[0]


def _shares(at: xr.Dataset) -> xr.Dataset:
    return at[["days_tas", "days_pr"]].rename(days_tas="tas", days_pr="pr")


def _save(folder: Path, **tables: xr.Dataset) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        packing = {str(v): {"zlib": True, "complevel": 1} for v in table.data_vars}
        table.to_netcdf(folder / f"{name}.nc", engine="h5netcdf", encoding=packing)


def open_atlas(folder: Path, home: Path) -> Atlas:
    """Read an atlas back."""
    facts = Facts(**json.loads((folder / "facts.json").read_text(encoding="utf-8")))
    parts = {name: _open(folder / f"{name}.nc") for name in ("values", "series", "stations")}
    layers = tuple(layer_of(str(name)) for name in parts["values"]["layer"].values)
    return Atlas(layers=layers, regions=places.read(home), facts=facts, **parts)


def pages(home: Path, atlas_folder: Path) -> Path:
    """Draw the pages of an atlas; return their folder, which is never changed again."""
    key = keys.digest(atlas_folder.name, keys.pages())

    def make(part: Path) -> None:
        draw(open_atlas(atlas_folder, home), part)

    return keys.once(home / f"pages-{key}", make)


def _run(path: Path) -> Run:
    ds = _open(path)
    return Run(ds.attrs["model"], ds.attrs["scenario"], ds)


@cache
def ground(home: Path, measured: Path) -> tuple[gpd.GeoDataFrame, xr.Dataset, Spread]:
    """Return regions, stations and the weights between them, once a process."""
    table, at = places.read(home), _open(measured)
    return table, at, spread.from_stations(table, at["latitude"].values, at["longitude"].values)


def forget(home: Path, kept: set[str], earlier: int) -> None:
    """Remove all but the newest folders of each kind; a release has its own links to the pages."""
    for kind in ("atlas", "pages"):
        found = sorted(home.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime_ns)
        for old in [path for path in found if path.name not in kept][: -earlier or None]:
            shutil.rmtree(old)


def _open(path: Path) -> xr.Dataset:
    return xr.load_dataset(path, engine="h5netcdf", decode_timedelta=False)


def forget_superseded(measured: Path, projected: list[Path]) -> None:
    """Remove what older code or input left for the same runs; other runs stay."""
    for path in (measured, *projected):
        kind = path.stem.rpartition("-")[0]
        for old in path.parent.glob(f"{kind}-*.nc"):
            if old != path:
                old.unlink()
