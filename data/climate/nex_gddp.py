"""NASA NEX-GDDP-CMIP6: what there is, where it lies, and what is known to be wrong with it.

Daily, 0.25 degrees, bias-adjusted, 34 models, 1950-2014 and 2015-2100 under four SSPs; CC0 since
September 2022; no key. Thrasher et al. (2022), Sci Data 9, 262, doi:10.1038/s41597-022-01393-4.
NASA does not recommend it for engineering or design without an expert: `CAVEAT` is to be printed.

Two ways to it: whole global files from S3, with MD5 sums in index files, and a server that cuts
out a box (NCSS), without sums. A file that was corrected carries a version: `_v1.1`, `_v1.2`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from data.climate.axes import Box
from data.errors import SourceError, SourceUnavailable
from data.sources.asking import POLITE, Manners
from data.sources.web import fetch_text

S3 = "https://nex-gddp-cmip6.s3.us-west-2.amazonaws.com"
NCSS = "https://ds.nccs.nasa.gov/thredds/ncss/grid/AMES/NEX/GDDP-CMIP6"
INDEXES = ("index_md5.txt", "index_v1.1_md5.txt", "index_v1.2_md5.txt")
VARIABLES = ("tas", "tasmin", "tasmax", "pr")
CAVEAT = (
    "NASA NEX-GDDP-CMIP6 (CC0). Bias-adjusted model output; not recommended for engineering or "
    "design without expert advice (NASA technical note)."
)
CALENDAR_360 = ("KACE-1-0-G", "HadGEM3-GC31-LL", "HadGEM3-GC31-MM", "UKESM1-0-LL")
SUBSET_VERSION = "2.0"  # the only one that NCSS serves
_NO_EXTREMES = ("CESM2", "CESM2-WACCM", "IITM-ESM")
_SINGLE_HOLES = {("NorESM2-LM", "tas", "ssp585", 2096)}
_LINE = re.compile(r"^(?P<md5>[0-9a-f]{32})\s+\*?(?:\./)?(?P<path>\S+\.nc)\s*$", re.MULTILINE)
_FILE = re.compile(
    r"(?P<variable>[A-Za-z]+)_day_(?P<model>[^/]+)_(?P<scenario>historical|ssp\d{3})"
    r"_(?P<member>r\d+i\d+p\d+f\d+)_(?P<grid>g[a-z0-9]+)_(?P<year>\d{4})"
    r"(?:_v(?P<version>[\d.]+))?\.nc$"
)


@dataclass(frozen=True)
class Run:
    """One model run under one scenario, as the archive names it, e.g. `gn` for its grid."""

    model: str
    scenario: str
    member: str
    grid: str

    @property
    def calendar(self) -> str:
        """`360_day` where the model has it, else `real` (standard or noleap)."""
        return "360_day" if self.model in CALENDAR_360 else "real"


@dataclass(frozen=True)
class Entry:
    """One file of the archive: one variable, one year.

    Attributes:
        version: (1, 0) for a file without a suffix.
        path: Below the base address.
    """

    run: Run
    variable: str
    year: int
    version: tuple[int, ...]
    path: str
    md5: str


def fetch_index(base: str = S3, manners: Manners = POLITE) -> tuple[Entry, ...]:
    """Return all files of the archive; an index of corrections that is not there is left out.

    Raises:
        SourceUnavailable: The server did not answer.
        SourceError: It has no index, or an empty one.
    """
    found: list[Entry] = []
    for number, name in enumerate(INDEXES):
        try:
            found += parse_index(fetch_text(f"{base}/{name}", manners))
        except SourceUnavailable:
            raise
        except SourceError:
            if number == 0:
                raise
    if not found:
        raise SourceError(f"'{INDEXES[0]}' lists no file that we can read.")
    return tuple(found)


def parse_index(text: str) -> list[Entry]:
    """Return the files of an index: lines of an MD5 sum and a path; other lines are left out."""
    entries = []
    for line in _LINE.finditer(text):
        file = _FILE.search(line["path"])
        if file:
            run = Run(file["model"], file["scenario"], file["member"], file["grid"])
            version = tuple(int(part) for part in (file["version"] or "1.0").split("."))
            year = int(file["year"])
            entries.append(Entry(run, file["variable"], year, version, line["path"], line["md5"]))
    return entries


def newest(entries: Iterable[Entry]) -> dict[tuple[Run, str, int], Entry]:
    """Return the latest version of each file, by run, variable and year."""
    latest: dict[tuple[Run, str, int], Entry] = {}
    for entry in sorted(entries, key=lambda e: e.version):
        latest[entry.run, entry.variable, entry.year] = entry
    return latest


def known_hole(run: Run, variable: str, year: int) -> str:
    """Return why the archive has no such file, "" if it should have it."""
    if run.model in _NO_EXTREMES and variable in {"tasmin", "tasmax"}:
        return f"{run.model} has no {variable} in NEX-GDDP-CMIP6."
    if (run.model, variable, run.scenario, year) in _SINGLE_HOLES:
        return f"{run.model} {run.scenario} has no {variable} of {year} in NEX-GDDP-CMIP6."
    first, last = (1950, 2014) if run.scenario == "historical" else (2015, 2100)
    if not first <= year <= last:
        return f"{run.scenario} covers {first}-{last}, not {year}."
    return ""


def subset_url(run: Run, variable: str, year: int, box: Box, base: str = NCSS) -> str:
    """Return the address of one variable and year inside `box`, as NetCDF 3."""
    west, south, east, north = box
    name = f"{variable}_day_{run.model}_{run.scenario}_{run.member}_{run.grid}_{year}"
    folder = f"{run.model}/{run.scenario}/{run.member}/{variable}"
    last = "12-30" if run.calendar == "360_day" else "12-31"
    query = {
        "var": variable,
        "north": north,
        "south": south,
        "west": west,
        "east": east,
        "horizStride": 1,
        "time_start": f"{year}-01-01T12:00:00Z",
        "time_end": f"{year}-{last}T12:00:00Z",
        "accept": "netcdf3",
    }
    return f"{base}/{folder}/{name}_v{SUBSET_VERSION}.nc?{urlencode(query, safe=':')}"
