"""Where the futures come from: made up and labelled, or a folder of daily model runs."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import xarray as xr

from data.climate import (
    large_grid,
    observed,
    places,
    synthetic,
    user_netcdf,
    warming_levels,
)
from data.climate.axes import KOREA
from data.climate.scenarios import SCENARIOS
from data.climate.warming_levels import CommonWindows
from data.errors import InvalidData, NothingThere
from flows.climate import keys
from forecast.climate import risk_table
from forecast.climate.atlas import LEVELS, REFERENCE, Facts

WANTED = ("tas", "tasmin", "tasmax", "pr")
_WARMEST = "ssp585"  # the scenario that reaches every level
_SAYING = ("source", "title", "institution", "institute_id")  # attributes that name a source
_LONGEST = 300  # characters of it that are printed
METHOD_KO = (
    "지점 → 지역: 가까운 6개 지점의 거리 역산(1/d^1.5)으로 0.05° 격자를 만들고 면적으로 평균. "
    "평년값(1991–2020)과 해마다의 편차를 따로 보간. 산지의 고도 차이는 반영하지 못함."
)
METHOD_EN = (
    "Station to region: the nearest 6 stations by inverse distance (1/d^1.5) on a 0.05° grid, then "
    "means by area; the normal (1991–2020) and each year's departure are carried apart. Heights of "
    "mountains are not seen."
)


@dataclass(frozen=True)
class Plan:
    """One model run that is to be computed.

    Attributes:
        files: Daily NetCDF; empty for a made-up future.
        key: Digest of its input.
    """

    model: str
    scenario: str
    files: tuple[Path, ...]
    key: str
    source: str

    def daily(self, home: Path) -> xr.Dataset:
        """Return the run's days, from the reference years on."""
        if not self.files:
            return _made_up(self, home)
        ds = user_netcdf.read(self.files, WANTED, KOREA)
        late = ds["time"].dt.year >= REFERENCE[0]
        return ds if late.all() else ds.sel(time=late)  # which copies all of it

    def large(self) -> large_grid.LargeGrid | None:
        """Return the run as it lies in its files if it is too large for memory; else None."""
        if not self.files or not large_grid.may_be_large(self.files):
            return None
        found = large_grid.survey(self.files, WANTED, KOREA, REFERENCE[0])
        return found if found and found.large else None


def _made_up(plan: Plan, home: Path) -> xr.Dataset:
    model = next(m for m in synthetic.MODELS if m.name == plan.model)
    scenario = next(s for s in SCENARIOS if s.name == plan.scenario)
    return synthetic.generate(_anchor(home), model, scenario)


@cache
def _anchor(home: Path) -> synthetic.Anchor:
    """Return the observed climate that futures are made from, once a process."""
    return synthetic.anchor(observed.read(home))


@dataclass(frozen=True)
class Futures:
    """The choice of futures.

    Attributes:
        folder: `MODEL/SCENARIO/*.nc` with daily tas, tasmin, tasmax, pr, and `MODEL/historical`
            for the years before 2015; None makes synthetic futures.
        crossings: Table of warming levels (`data.climate.warming_levels`), for a folder.
        risk: CSV of exposure and vulnerability (`forecast.climate.risk_table`).
    """

    folder: Path | None = None
    crossings: Path | None = None
    risk: Path | None = None

    @property
    def key(self) -> str:
        """Digest of the tables that go into an atlas besides the runs."""
        return keys.of_files([path for path in (self.crossings, self.risk) if path])

    @property
    def synthetic(self) -> bool:
        """Whether the futures are made up."""
        return self.folder is None

    @property
    def independent(self) -> int | None:
        """How many models have weather of their own; the made-up ones redraw one record."""
        return 1 if self.synthetic else None

    def plans(self) -> tuple[Plan, ...]:
        """Return the runs that can be computed.

        Raises:
            NothingThere: The folder has no run in it.
            InvalidData: A file of it is no NetCDF.
        """
        if self.folder is None:
            return tuple(
                Plan(m.name, s.name, (), keys.digest(m, s), "SYNTHETIC, see data.climate.synthetic")
                for m in synthetic.MODELS
                for s in SCENARIOS
            )
        found = [
            plan
            for model in sorted(path for path in self.folder.glob("*") if path.is_dir())
            for scenario in SCENARIOS
            if (plan := _plan(model, scenario.name))
        ]
        if not found:
            raise NothingThere(
                f"'{self.folder}' has no MODEL/SCENARIO/*.nc.",
                f"Scenarios are {', '.join(s.name for s in SCENARIOS)}; see mulgil climate --help.",
            )
        return tuple(found)

    def warming(self, models: list[str]) -> CommonWindows | None:
        """Return the windows of the warming levels for the models at hand; None if unknown."""
        if self.synthetic:
            crossings = synthetic.crossings(LEVELS)
        elif self.crossings:
            crossings = warming_levels.read_crossings(self.crossings)
        else:
            return None
        return warming_levels.common_windows(crossings, _WARMEST, LEVELS, models)

    def _named(self) -> str:
        """Return what the files of the folder say of themselves, each saying once."""
        models: dict[str, list[str]] = {}
        for plan in self.plans():
            models.setdefault(plan.source, []).append(plan.model)
        told = [f"{', '.join(dict.fromkeys(who))}: {said}" for said, who in models.items()]
        return "Model runs in the user's folder, as their files say. " + "; ".join(told)

    def facts(self, source: str, last_year: int, key: str, attribution: str) -> Facts:
        """Return what must be printed beside the numbers."""
        made_up = self.synthetic
        return Facts(
            source=source,
            futures_source=synthetic.__doc__.split("\n\n")[0] if made_up else self._named(),
            synthetic=made_up,
            futures_caveat_ko=_CAVEAT_KO if made_up else "",
            futures_caveat_en=_CAVEAT_EN if made_up else "",
            method_ko=METHOD_KO,
            method_en=METHOD_EN,
            attribution=attribution,
            last_year=last_year,
            key=key,
        )


def risk_template(home: Path) -> str:
    """Return the CSV that a user fills in for the risk layers: one row a district."""
    table = places.read(home)
    districts = table[[len(str(code)) == 5 for code in table.index]]
    return risk_table.template(list(districts.index), list(districts["name_ko"]))


_CAVEAT_KO = (
    "합성 자료: 미래 값은 기후모델 결과가 아니라 관측 자료를 다시 뽑아 공표된 전국 변화폭으로 늘린 "
    "가상의 값입니다. 계획에 쓰지 마십시오."
)
_CAVEAT_EN = (
    "SYNTHETIC: the futures are not from climate models. Observed months are redrawn and stretched "
    "by published national ranges. To try the system, not to plan with."
)


def _plan(model: Path, scenario: str) -> Plan | None:
    later = sorted((model / scenario).glob("*.nc"))
    if not later:
        return None
    files = [*sorted((model / "historical").glob("*.nc")), *later]
    return Plan(model.name, scenario, tuple(files), keys.of_files(files), _source(later[0]))


def _source(path: Path) -> str:
    """Return where a file says that it comes from.

    Raises:
        InvalidData: It is no NetCDF file.
    """
    try:
        with user_netcdf.open_file(path) as ds:
            said = [str(ds.attrs[key]).strip() for key in _SAYING if ds.attrs.get(key)]
    except InvalidData as error:
        raise InvalidData(f"{path}: {error.problem}", error.remedy) from error
    return said[0][:_LONGEST] if said else "no source named"
