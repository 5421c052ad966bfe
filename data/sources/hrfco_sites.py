"""The stations that HRFCO lists, and what is odd about them."""

from collections import Counter
from itertools import pairwise
from math import isnan, nan
from typing import Any

from data.errors import SourceError
from data.quality import Limits
from data.reading import Site
from data.sources.asking import Access, Answer
from data.sources.hrfco_asking import fetch
from data.sources.hrfco_body import refuse_renamed, rows
from data.sources.hrfco_facts import LIMITS, RESOURCES, SOURCE, Resource
from data.sources.hrfco_places import place
from data.sources.hrfco_values import number, text

STAGES = {"attention": "attwl", "watch": "wrnwl", "warning": "almwl", "severe": "srswl"}
FILLER = "99999999"  # stands where a code should, at 평림댐's rain gauge
ZEROS = Limits(sentinels=(0,), lowest=-20, highest=1500)  # m El.
LEVELS = Limits(sentinels=(0,), lowest=0, highest=LIMITS["water_level"].highest)
Row = dict[str, object]


def sites(access: Access, resource: str) -> tuple[Site, ...]:
    """Return all stations of `waterlevel`, `rainfall`, `dam` or `bo` (weirs).

    Raises:
        SourceUnavailable: No answer, or one without stations.
        SourceError: HRFCO refuses, or the answer has another form than published.
    """
    return parse_sites(fetch(access, f"{_resource(resource).name}/info"), resource)


def parse_sites(answer: Answer, resource: str) -> tuple[Site, ...]:
    """Return the stations of an answer; null elements and rows without a code are none.

    A threshold or gauge zero that is blank or 0 was not announced and is NaN: of 889 stations in
    a published table 160 have a gauge zero of exactly 0, far inland too.

    Raises:
        SourceUnavailable: It was cut short or has no stations.
        SourceError: HRFCO refuses, or the answer has another form than published.
    """
    kind, found = _resource(resource), rows(answer)
    for field in (kind.id, "obsnm", "lon", "lat"):
        refuse_renamed(found, field, answer)
    if kind.name == "waterlevel":
        for field in ("gdt", *STAGES.values()):
            refuse_renamed(found, field, answer)
    codes = [text(row.get(kind.id), 40) for row in found.distinct]
    times, coded = Counter(codes), zip(codes, found.distinct, strict=True)
    return tuple(_site(row, kind, times[code]) for code, row in coded if code)


def _resource(name: str) -> Resource:
    if name not in RESOURCES:
        raise SourceError(f"HRFCO has no '{name}'.", f"It has {', '.join(RESOURCES)}.")
    return RESOURCES[name]


def _site(row: Row, resource: Resource, times: int) -> Site:
    code = text(row.get(resource.id), 40)
    longitude, latitude, notes = place(row.get("lon"), row.get("lat"), row.get("addr"))
    measures_level = resource.name == "waterlevel"
    zero = number(row.get("gdt"), ZEROS)[0] if measures_level else nan
    levels: dict[str, Any] = {}  # a dam's and a rain gauge's stay NaN
    if measures_level:
        levels = {stage: number(row.get(field), LEVELS)[0] for stage, field in STAGES.items()}
        notes += _about_levels(row, zero, levels)
    return Site(
        SOURCE,
        resource.site(code),
        resource.kind,
        text(row.get("obsnm")),
        agency=text(row.get("agcnm")),
        latitude=latitude,
        longitude=longitude,
        gauge_zero=zero,
        **levels,
        notes=(*_about_code(code, times), *notes),
    )


def _about_code(code: str, times: int) -> list[str]:
    notes = []
    if code == FILLER:
        notes.append(f"Its code {FILLER} is a filler: what is read under it may be of any station.")
    if times > 1:
        notes.append(f"Its code {code} stands {times} times in the list.")
    return notes


def _about_levels(row: Row, zero: float, levels: dict[str, float]) -> list[str]:
    """Say which thresholds were not announced, cannot be, or do not ascend."""
    notes = (
        [] if not isnan(zero) else [f"No gauge zero is announced ('{text(row.get('gdt'), 20)}')."]
    )
    known = {stage: level for stage, level in levels.items() if not isnan(level)}
    if not known:
        return [*notes, "No thresholds are announced."]
    if missing := [stage for stage in levels if stage not in known]:
        written = ", ".join(f"{stage} '{text(row.get(STAGES[stage]), 20)}'" for stage in missing)
        notes.append(f"Thresholds that are not announced: {written}.")
    if any(low >= high for low, high in pairwise(known.values())):
        written = ", ".join(f"{stage} {level:g}" for stage, level in known.items())
        notes.append(f"Thresholds do not ascend: {written} m.")
    return notes
