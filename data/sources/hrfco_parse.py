"""From an answer of HRFCO to readings: each row is one, or a complaint, or was not wanted."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import nan

import numpy as np

from data.reading import NAT, Parsed, Reading
from data.schema import Flag
from data.sources.ahead import MARGIN, not_ahead
from data.sources.asking import Answer, Wanted
from data.sources.hrfco_asking import offering, spacing
from data.sources.hrfco_body import Rows, refuse_renamed, rows
from data.sources.hrfco_facts import DATUMS, LIMITS, RAIN, TIME, Resource
from data.sources.hrfco_values import end, number, text

Row = dict[str, object]


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the wanted readings of an answer, by site and time; a missing value is NaN and a flag.

    Of two rows of one site and time the later one holds, unless it has no value. A site that was
    asked for and has no reading is a complaint, as is one whose values are all blank. With no
    site in `wanted`, all are read.

    Raises:
        SourceUnavailable: It was cut short, came empty under load, or says that there is no data
            (990): a gap.
        SourceError: HRFCO refuses, or the answer has another form than published.
    """
    found = rows(answer)
    reader = Reader(wanted, _resource(found, answer, wanted), answer.fetched + MARGIN)
    trusted, ahead = _dated(reader, found.rows, answer)
    made = [
        reader.read(place, row)
        for place, row in enumerate(found.rows, start=1)
        if reader.site(row) in trusted
    ]
    complaints = [each for each in made if isinstance(each, str)]
    readings, twice = _once(each for each in made if isinstance(each, Reading))
    within = [each for each in readings if wanted.since <= each.time <= wanted.until]
    newest = {each.site: each.time for each in readings}  # they are sorted
    silent = [_silence(site, newest, answer) for site in _absent(reader, within, answer)]
    blank = _blank(within, reader.step)
    return Parsed(tuple(within), (*found.complaints, *ahead, *complaints, *twice, *silent, *blank))


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one answer.

    Attributes:
        newest: No step that ends later can have been measured when the answer came.
    """

    wanted: Wanted
    resource: Resource
    newest: np.datetime64

    @cached_property
    def sites(self) -> frozenset[str]:
        """The wanted sites; none if all are."""
        return frozenset(spot.id for spot in self.wanted.spots)

    @cached_property
    def step(self) -> str:
        """The spacing, as HRFCO calls it."""
        return spacing(self.wanted.step)

    def site(self, row: Row) -> str:
        """Return our id of the station of a row."""
        return self.resource.site(text(row.get(self.resource.id), 40))

    def measured(self, row: Row) -> np.datetime64:
        """Return when the value of a row was measured; NaT if it has none."""
        blank = not text(row.get(self.resource.fields[self.wanted.variable]))
        return NAT if blank else end(row.get(TIME), self.step)

    def read(self, place: int, row: Row) -> Reading | str | None:
        """Return the reading of a row, a complaint, or None if its site is not wanted."""
        code, written = text(row.get(self.resource.id), 40), text(row.get(TIME), 40)
        site, time = self.site(row), end(row.get(TIME), self.step)
        if code and self.sites and site not in self.sites:
            return None
        if not code:
            return f"Row {place} has no '{self.resource.id}'."
        if np.isnat(time):
            return f"{site}: row {place} has the time '{written}', no KST as a row of {self.step}."
        if time > self.newest:
            return f"{site}: row {place}, '{written}' KST, was not over when the answer came."
        field = self.resource.fields[self.wanted.variable]
        if field not in row:
            return f"{site}: row {place}, '{written}' KST, has no '{field}'."
        return self._reading(site, time, row, field)

    def _reading(self, site: str, time: np.datetime64, row: Row, field: str) -> Reading:
        variable = self.wanted.variable
        limits = RAIN[self.step] if variable == "rainfall" else LIMITS[variable]
        value, flag = number(row[field], limits)
        if value == 0 and self.resource.name == "dam" and _unread(row):
            value, flag = nan, Flag.SENTINEL
        raw = text(row[field], 40) or (" " if row[field] else "")
        return Reading(site, variable, time, value, flag, raw, datum=DATUMS.get(variable, ""))


def _dated(reader: Reader, found: Iterable[Row], answer: Answer) -> tuple[set[str], list[str]]:
    """Return the sites whose clock is not ahead, and a sentence for each other; days never are."""
    by_site: dict[str, list[Row]] = {}
    for row in found:
        by_site.setdefault(reader.site(row), []).append(row)
    if reader.step == "1D":
        return set(by_site), []  # its newest day is not over
    ahead = []
    for site, rows_of in list(by_site.items()):
        kept, said = not_ahead(rows_of, reader.measured, answer.fetched)
        if said and not kept:
            del by_site[site]
            ahead += [f"{site}: {said}"] if site in reader.sites or not reader.sites else []
    return set(by_site), ahead


def _unread(row: Row) -> bool:
    """Tell whether a dam was not read: it then writes a level of 0, and its flows as 0 too."""
    return number(row.get("swl"), LIMITS["dam_level"])[0] == 0


def _resource(found: Rows, answer: Answer, wanted: Wanted) -> Resource:
    """Return the resource that an answer is of, told by the name of its code's field.

    Raises:
        SourceError: A field that is needed has another name.
    """
    offered = offering(wanted.variable)
    named = [each for each in offered if answer.what.startswith(f"{each.name}-")]
    resource = next((each for each in offered if each.id in found.fields), (named or offered)[0])
    for field in (resource.id, TIME, resource.fields[wanted.variable]):
        refuse_renamed(found, field, answer)
    return resource


def _once(readings: Iterable[Reading]) -> tuple[list[Reading], list[str]]:
    """Return one reading of each site and time, sorted; and where two rows disagree."""
    kept: dict[tuple[str, np.datetime64], Reading] = {}
    twice = []
    for each in readings:
        before = kept.get((each.site, each.time))
        if before is None or each.flag == Flag.GOOD or before.flag != Flag.GOOD:
            kept[each.site, each.time] = each
        if before is not None and before.raw != each.raw:
            twice.append(
                f"{each.site}: two rows of {_shown(each.time)}, '{before.raw}' and '{each.raw}';"
                f" '{kept[each.site, each.time].raw}' holds."
            )
    return [kept[key] for key in sorted(kept)], twice


def _absent(reader: Reader, within: list[Reading], answer: Answer) -> list[str]:
    """Return the sites that this answer was asked for and that have no reading in it."""
    of = [site for site in sorted(reader.sites) if site.startswith(reader.resource.before)]
    parts = set(answer.what.split("-")[3:])
    asked = [site for site in of if site.removeprefix(reader.resource.before) in parts]
    have = {each.site for each in within}
    return [site for site in (asked or of) if site not in have]


def _silence(site: str, newest: dict[str, np.datetime64], answer: Answer) -> str:
    if site in newest:
        return (
            f"{site}: its newest row is of {_shown(newest[site])}, outside the time that is wanted."
        )
    return f"{site}: no row that can be used in {text(answer.what) or 'the answer'}."


def _blank(within: list[Reading], step: str) -> list[str]:
    """Complain of sites with several values, all of them blank."""
    complaints = []
    for site, group in groupby(within, lambda each: each.site):
        flags = [each.flag for each in group]
        if len(flags) > 1 and set(flags) == {Flag.NOT_REPORTED}:
            hint = "; some 10M periods are said to come blank, try 1H" if step == "10M" else ""
            complaints.append(f"{site}: all {len(flags)} values are blank{hint}.")
    return complaints


def _shown(time: np.datetime64) -> str:
    return f"{np.datetime_as_string(time, 'm')}Z"
