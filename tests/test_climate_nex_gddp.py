"""NEX-GDDP-CMIP6 against a server on this machine that replays its layout, and its faults."""

import hashlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
import xarray as xr

from data.climate.nex_download import Archive, fetch, read
from data.climate.nex_gddp import Run, fetch_index, known_hole, newest, parse_index, subset_url
from data.errors import InvalidData, SourceError, SourceUnavailable
from data.sources.asking import Manners
from flows.climate import fetching
from flows.climate.sources import Futures

HASTY = Manners(timeout=2, tries=3, first_wait=0.001, longest_wait=0.01)
BOX = (126.0, 36.0, 127.0, 37.0)
RUN = Run("ACCESS-CM2", "ssp245", "r1i1p1f1", "gn")
KACE = Run("KACE-1-0-G", "ssp245", "r1i1p1f1", "gr")


def field(variable: str, year: int, calendar: str = "noleap", value: float | None = None) -> bytes:
    """Make one year on 3 x 3 cells around the box, in the archive's units, as NetCDF 3."""
    time = xr.date_range(
        f"{year}-01-01T12",
        f"{year}-12-30T12",
        calendar=calendar,
        use_cftime=True,
    )
    if calendar != "360_day":
        time = xr.date_range(f"{year}-01-01T12", periods=365, calendar=calendar, use_cftime=True)
    units = "kg m-2 s-1" if variable == "pr" else "K"
    filled = value if value is not None else (1e-5 if variable == "pr" else 283.15)
    values = np.full((len(time), 3, 3), filled, dtype="float32")
    ds = xr.Dataset(
        {variable: (("time", "lat", "lon"), values, {"units": units})},
        coords={"time": time, "lat": [35.0, 36.5, 40.0], "lon": [10.0, 126.5, 200.0]},
    )
    return bytes(ds.to_netcdf(engine="scipy"))


def name(run: Run, variable: str, year: int, version: str = "") -> str:
    suffix = f"_v{version}" if version else ""
    file = f"{variable}_day_{run.model}_{run.scenario}_{run.member}_{run.grid}_{year}{suffix}.nc"
    return f"{run.model}/{run.scenario}/{run.member}/{variable}/{file}"


class Server(ThreadingHTTPServer):
    """Serves `files` by path; a path in `faults` gives its status, or is cut, the first time."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, int | str] = {}
        self.asked: list[str] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path = urlparse(self.path).path
        fault = self.server.faults.pop(path, None)
        body = self.server.files.get(path)
        if isinstance(fault, int) or body is None:
            self.send_error(fault if isinstance(fault, int) else 404)
            return
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        self.wfile.write(body[start : len(body) // 2 if fault == "cut" else None])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(run_server: Callable[[Server], Server]) -> Server:
    return run_server(Server())


def offer_whole(server: Server, run: Run, variable: str, year: int, body: bytes) -> str:
    """Put a whole file and its line in the index on the server; return its path."""
    path = f"/NEX-GDDP-CMIP6/{name(run, variable, year)}"
    server.files[path] = body
    line = f"{hashlib.md5(body, usedforsecurity=False).hexdigest()}  {path[1:]}\n"
    server.files["/index_md5.txt"] = server.files.get("/index_md5.txt", b"") + line.encode()
    return path


def subsets(server: Server) -> Archive:
    return Archive(base=f"{server.base}/ncss", box=BOX, manners=HASTY)


def wholes(server: Server) -> Archive:
    index = newest(fetch_index(server.base, HASTY))
    return Archive(index=index, base=server.base, box=BOX, manners=HASTY)


def test_a_subset_asks_for_the_box_and_the_last_day_of_the_calendar() -> None:
    query = parse_qs(urlparse(subset_url(RUN, "pr", 2050, BOX)).query)
    assert (query["north"], query["west"]) == (["37.0"], ["126.0"])
    assert query["time_end"] == ["2050-12-31T12:00:00Z"]
    url = subset_url(KACE, "pr", 2050, BOX)
    assert "time_end=2050-12-30T12:00:00Z" in url
    assert "/KACE-1-0-G/ssp245/r1i1p1f1/pr/pr_day_KACE-1-0-G_ssp245_r1i1p1f1_gr_2050_v2.0.nc" in url


def test_the_newest_version_of_a_file_is_taken() -> None:
    lines = [f"{'a' * 32}  NEX/{name(RUN, 'pr', 2050, v)}" for v in ("1.2", "", "1.1", "1.10")]
    entries = parse_index("\n".join(["# a comment", *lines, f"{'b' * 32}  README.nc"]))
    assert len(entries) == 4
    assert newest(entries)[RUN, "pr", 2050].version == (1, 10)


def test_indexes_of_corrections_may_be_missing_but_not_the_first(server: Server) -> None:
    with pytest.raises(SourceError, match="HTTP 404"):
        fetch_index(server.base, HASTY)
    server.files["/index_md5.txt"] = b"nothing here\n"
    with pytest.raises(SourceError, match="lists no file"):
        fetch_index(server.base, HASTY)
    server.files["/index_v1.1_md5.txt"] = f"{'a' * 32}  {name(RUN, 'pr', 2050, '1.1')}".encode()
    assert fetch_index(server.base, HASTY)[0].version == (1, 1)
    server.faults = dict.fromkeys(["/index_md5.txt"], 503)
    assert len(fetch_index(server.base, HASTY)) == 1
    with pytest.raises(SourceUnavailable):
        fetch_index("http://127.0.0.1:9", HASTY)


def test_known_holes_are_told_without_asking(server: Server, tmp_path: Path) -> None:
    cesm = Run("CESM2", "ssp245", "r4i1p1f1", "gn")
    found = fetch(cesm, ["tasmax"], [2050], tmp_path, subsets(server))
    assert found.missing == {("tasmax", 2050): "CESM2 has no tasmax in NEX-GDDP-CMIP6."}
    assert server.asked == []
    assert "no tas of 2096" in known_hole(
        Run("NorESM2-LM", "ssp585", "r1i1p1f1", "gn"), "tas", 2096
    )
    assert known_hole(RUN, "pr", 2101) == "ssp245 covers 2015-2100, not 2101."
    assert known_hole(Run("CESM2", "historical", "r4i1p1f1", "gn"), "pr", 2014) == ""


def test_years_are_fetched_once_and_read_in_our_units(server: Server, tmp_path: Path) -> None:
    for variable, year in [("pr", 2050), ("pr", 2051), ("tas", 2050), ("tas", 2051)]:
        server.files[f"/ncss/{name(RUN, variable, year, '2.0')}"] = field(variable, year)
    server.faults[f"/ncss/{name(RUN, 'pr', 2051, '2.0')}"] = 500
    found = fetch(RUN, ["pr", "tas"], [2050, 2051], tmp_path, subsets(server))
    assert found.missing == {}
    ds = read(found.paths, ["pr", "tas"])
    assert ds["pr"].shape == (730, 1, 1)
    assert float(ds["pr"].max()) == pytest.approx(0.864)  # 1e-5 kg m-2 s-1 for a day
    assert float(ds["tas"].min()) == pytest.approx(10)
    assert (ds.attrs["model"], ds.attrs["calendar"]) == ("ACCESS-CM2", "noleap")
    assert "not recommended for engineering" in ds.attrs["source"]
    asked = len(server.asked)
    assert fetch(RUN, ["pr", "tas"], [2050, 2051], tmp_path, subsets(server)) == found
    assert len(server.asked) == asked


def test_a_whole_file_resumes_after_a_cut_and_its_checksum_is_verified(
    server: Server, tmp_path: Path
) -> None:
    path = offer_whole(server, KACE, "pr", 2050, field("pr", 2050, "360_day"))
    server.faults[path] = "cut"
    found = fetch(KACE, ["pr"], [2050], tmp_path, wholes(server))
    ds = read(found.paths, ["pr"])
    assert ds.attrs["calendar"] == "360_day"
    assert ds.sizes["time"] == 360
    assert str(ds["time"].values[59])[:10] == "2050-02-30"
    assert [f.name for f in found.paths[0].parent.iterdir()] == ["pr_2050.nc"]


def test_a_damaged_or_absent_year_is_named_and_the_others_are_fetched(
    server: Server, tmp_path: Path
) -> None:
    damaged = offer_whole(server, RUN, "pr", 2050, field("pr", 2050))
    offer_whole(server, RUN, "pr", 2051, field("pr", 2051))
    server.files[damaged] = server.files[damaged][:-1] + b"?"
    found = fetch(RUN, ["pr"], [2050, 2051, 2052], tmp_path, wholes(server))
    assert [path.name for path in found.paths] == ["pr_2051.nc"]
    assert "does not have its published checksum" in found.missing["pr", 2050]
    assert "The index has no pr of ACCESS-CM2 ssp245 2052" in found.missing["pr", 2052]


def test_impossible_values_become_missing_and_are_counted(server: Server, tmp_path: Path) -> None:
    body = xr.load_dataset(field("tasmin", 2050), engine="scipy", decode_times=False)
    body["tasmin"][7, 1, 1] = 163.0  # on the eighth day, in the box
    server.files[f"/ncss/{name(RUN, 'tasmin', 2050, '2.0')}"] = bytes(
        body.to_netcdf(engine="scipy")
    )
    ds = read(fetch(RUN, ["tasmin"], [2050], tmp_path, subsets(server)).paths, ["tasmin"])
    assert ds.attrs["qc_removed"] == 1
    assert np.flatnonzero(ds["tasmin"].isnull()).tolist() == [7]


def test_a_wrong_unit_or_a_short_year_is_refused(server: Server, tmp_path: Path) -> None:
    server.files[f"/ncss/{name(RUN, 'pr', 2050, '2.0')}"] = field("pr", 2050, value=5.0)
    short = xr.load_dataset(field("pr", 2051), engine="scipy", decode_times=False)
    server.files[f"/ncss/{name(RUN, 'pr', 2051, '2.0')}"] = bytes(
        short.isel(time=slice(100)).to_netcdf(engine="scipy")
    )
    server.files[f"/ncss/{name(RUN, 'pr', 2052, '2.0')}"] = b"<html>down for maintenance</html>"
    found = fetch(RUN, ["pr"], [2050, 2051, 2052], tmp_path, subsets(server))
    assert found.paths == ()
    assert "365 of 365 values of 'pr' lie outside" in found.missing["pr", 2050]
    assert "2051 has 100 days, expected 365" in found.missing["pr", 2051]
    assert "not a NetCDF file" in found.missing["pr", 2052]


def test_a_server_that_is_down_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable):
        fetch(RUN, ["pr"], [2050], tmp_path, Archive(base="http://127.0.0.1:9", manners=HASTY))


def test_files_of_two_runs_are_not_mixed(server: Server, tmp_path: Path) -> None:
    other = Run("MIROC6", "ssp245", "r1i1p1f1", "gn")
    paths: list[Path] = []
    for run, year in [(RUN, 2050), (other, 2051)]:
        server.files[f"/ncss/{name(run, 'pr', year, '2.0')}"] = field("pr", year)
        paths += fetch(run, ["pr"], [year], tmp_path, subsets(server)).paths
    with pytest.raises(InvalidData, match="are of different runs"):
        read(paths, ["pr"])


def test_the_command_fetches_past_and_future_into_the_folder_that_the_map_reads(
    server: Server, tmp_path: Path
) -> None:
    for scenario, year in (("historical", 2014), ("ssp245", 2015)):
        run = Run("ACCESS-CM2", scenario, "r1i1p1f1", "gn")
        for variable in ("tas", "tasmin", "pr"):
            server.files[f"/{name(run, variable, year, '2.0')}"] = field(variable, year)
    request = fetching.Request(
        ("ACCESS-CM2",), ("ssp245",), (2014, 2015), "r1i1p1f1", "gn", server.base
    )
    told: list[str] = []
    found = fetching.fetch(request, tmp_path, lambda *given: told.append(given[2]))
    assert found["files"] == 6
    assert list(found["missing"]) == [  # a hole of the archive stops nothing
        "ACCESS-CM2 historical tasmax 2014",
        "ACCESS-CM2 ssp245 tasmax 2015",
    ]
    assert told[0] == "ACCESS-CM2 historical tas 2014"
    (plan,) = Futures(folder=tmp_path).plans()
    assert (plan.model, plan.scenario, len(plan.files)) == ("ACCESS-CM2", "ssp245", 6)


def test_the_command_fetches_whole_files_by_the_index_with_their_checksums(
    server: Server, tmp_path: Path
) -> None:
    good = offer_whole(server, RUN, "pr", 2015, field("pr", 2015))
    bad = offer_whole(server, RUN, "tas", 2015, field("tas", 2015))
    server.faults[good] = "cut"
    server.files[bad] = server.files[bad][:-1] + b"?"
    request = fetching.Request(
        ("ACCESS-CM2",), ("ssp245",), (2015, 2015), "r1i1p1f1", "gn", server.base, whole=True
    )
    found = fetching.fetch(request, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.*")] == ["pr_2015.nc"]
    assert found["files"] == 1
    assert "checksum" in found["missing"]["ACCESS-CM2 ssp245 tas 2015"]
    assert "The index has no tasmin" in found["missing"]["ACCESS-CM2 ssp245 tasmin 2015"]
