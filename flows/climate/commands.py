"""`mulgil climate` and `mulgil fetch-climate`."""

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from data.errors import InvalidData
from flows import settings
from flows.progress import bar, say

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for machines.")]


def climate(
    futures: Annotated[
        Path | None,
        typer.Option(
            help="Folder MODEL/SCENARIO/*.nc of daily tas, tasmin, tasmax, pr (and "
            "MODEL/historical); without it the futures are SYNTHETIC and labelled so."
        ),
    ] = None,
    crossings: Annotated[
        Path | None,
        typer.Option(
            help="CSV of warming levels, as mathause/cmip6_warming_levels, for --futures."
        ),
    ] = None,
    risk: Annotated[
        Path | None,
        typer.Option(help="CSV of exposure and vulnerability by region; see --risk-template."),
    ] = None,
    risk_template: Annotated[
        bool, typer.Option("--risk-template", help="Print the CSV to fill in for --risk, and end.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Also copy the pages into this folder (it is replaced).")
    ] = None,
    publish: Annotated[bool, typer.Option(help="Publish the site with the new map.")] = True,
    workers: Annotated[int, typer.Option(help="Processes; 0 takes one a core, at most 4.")] = 0,
    engine: Annotated[
        str,
        typer.Option(
            help="Where model runs are computed: local, serial, processes, dask, or dask://HOST:PORT"
            "; empty takes MULGIL_ENGINE (docs/scale.md)."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Bring the climate-change situation map up to date, from the daily record to pages.

    What is already computed from the same input by the same code is taken as it is, so that a
    killed run goes on where it stopped and a second run takes seconds.

    Examples: `mulgil climate`, `mulgil climate --out /tmp/map`,
    `mulgil climate --futures nex/ --crossings cmip6_warming_levels.csv`
    """
    from flows.climate import sources, update
    from flows.publishing import republish

    chosen = settings.read()
    if risk_template:
        typer.echo(sources.risk_template(chosen.folders.climate), nl=False)
        return
    with bar("Climate map") as report:
        source = sources.Futures(futures, crossings, risk)
        pages = update.update(chosen.folders, source, report, workers, engine or chosen.engine)
    site = republish(chosen.folders, chosen.triggered_by) if publish else None
    if out:
        copy(pages, out)
    if as_json:
        answer = {"pages": str(pages), "site": str(site or ""), "out": str(out or "")}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    say(f"Pages    {pages}" + (f"\nSite     {site}" if site else ""))
    if out:
        say(f"Copy     {out}\nLook     python3 -m http.server --directory {out}")


def copy(pages: Path, out: Path) -> None:
    """Replace a folder by the pages; only one that is empty or holds such pages is replaced.

    Raises:
        InvalidData: The folder holds something else.
    """
    if out.exists() and any(out.iterdir()) and not (out / "headline.json").exists():
        raise InvalidData(
            f"'{out}' is not empty and holds no climate map.", "Choose an empty folder for --out."
        )
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(pages, out)


def fetch_climate(
    model: Annotated[list[str], typer.Option("--model", "-m", help="May be given again.")],
    out: Annotated[Path, typer.Option(help="Folder for MODEL/SCENARIO/*.nc.")] = Path("nex-gddp"),
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", "-s", help="May be given again; all four.")
    ] = None,
    from_year: Annotated[int, typer.Option(help="First year.")] = 2000,
    to_year: Annotated[int, typer.Option(help="Last year.")] = 2100,
    member: Annotated[str, typer.Option(help="Variant of the model.")] = "r1i1p1f1",
    grid: Annotated[str, typer.Option(help="Grid label: gn, gr or gr1.")] = "gn",
    base: Annotated[str, typer.Option(help="Another server.")] = "",
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="Whole files from S3 with checksums, some 240 MB a variable and year, cut here; "
            "else NASA's server cuts out Korea (NCSS, small, no checksums).",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch NASA NEX-GDDP-CMIP6 for Korea, year by year; a second call goes on where it stopped.

    No key is needed. NASA does not recommend these data for engineering or design without an
    expert. Example: `mulgil fetch-climate -m KACE-1-0-G --grid gr -s ssp585`
    """
    from flows.climate import fetching

    request = fetching.Request(
        tuple(model),
        tuple(scenario or fetching.SCENARIOS),
        (from_year, to_year),
        member,
        grid,
        base,
        whole,
    )
    with bar("NEX-GDDP-CMIP6") as report:
        fetched = fetching.fetch(request, out, report)
    if as_json:
        typer.echo(json.dumps(fetched, ensure_ascii=False, indent=1))
        return
    say(f"{fetched['files']} files in {out}")
    for what, why in fetched["missing"].items():
        say(f"  missing {what}: {why}")
