"""Fetch model runs into the folder that `mulgil climate --futures` reads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.climate import nex_download, nex_gddp, scenarios

SCENARIOS = tuple(s.name for s in scenarios.SCENARIOS)
_FIRST_FUTURE = 2015


@dataclass(frozen=True)
class Request:
    """What to fetch.

    Attributes:
        years: First and last, both included; years before 2015 are of `historical`.
        base: Server; empty is NASA's NCSS, or its S3 for whole files.
        whole: Whole global files with checksums, some 240 MB each, instead of the box of Korea.
    """

    models: tuple[str, ...]
    scenarios: tuple[str, ...]
    years: tuple[int, int]
    member: str
    grid: str
    base: str = ""
    whole: bool = False

    def archive(self) -> nex_download.Archive:
        """Return where to ask; for whole files after their index, which holds the checksums.

        Raises:
            SourceUnavailable: The server of the index does not answer.
        """
        if not self.whole:
            return nex_download.Archive(base=self.base or nex_gddp.NCSS)
        base = self.base or nex_gddp.S3
        return nex_download.Archive(nex_gddp.newest(nex_gddp.fetch_index(base)), base)


def fetch(
    request: Request, folder: Path, report: Callable[[int, int, str], None] = lambda *_: None
) -> dict[str, Any]:
    """Fetch all runs, one variable and year after the other; what cannot be had is named.

    Raises:
        SourceUnavailable: The server does not answer; what was fetched stays, call again.
    """
    archive = request.archive()
    pieces = list(_pieces(request))
    files, missing = 0, {}
    for done, (run, variable, year) in enumerate(pieces, start=1):
        found = nex_download.fetch(run, [variable], [year], folder, archive)
        files += len(found.paths)
        for why in found.missing.values():
            missing[f"{run.model} {run.scenario} {variable} {year}"] = why
        report(done, len(pieces), f"{run.model} {run.scenario} {variable} {year}")
    return {"files": files, "missing": missing, "caveat": nex_gddp.CAVEAT}


def _pieces(request: Request) -> list[tuple[nex_gddp.Run, str, int]]:
    """Return (run, variable, year): the past once, then each scenario."""
    first, last = request.years
    spans = [("historical", range(first, min(last + 1, _FIRST_FUTURE)))]
    spans += [(name, range(max(first, _FIRST_FUTURE), last + 1)) for name in request.scenarios]
    return [
        (nex_gddp.Run(model, name, request.member, request.grid), variable, year)
        for model in request.models
        for name, years in spans
        for variable in nex_gddp.VARIABLES
        for year in years
    ]
