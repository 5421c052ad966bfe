"""Open-Meteo: rain of any place by the hour, and river flow by the day, by fixed decimals.

The rain is that of the nearest station: of the past as it fell, of the hours ahead the world's own
future with an error added, issued every six hours. The place that is told is the middle of a cell
of 1/16 degree.
"""

from math import isnan

import numpy as np

from flows.replay import open_meteo_questions as questions
from flows.replay.messages import Provider, Reply, Request, as_json, not_found
from flows.replay.open_meteo_questions import Question, Wrong
from flows.replay.stamps import HOUR, floor
from flows.replay.telling import Told

JSON = "application/json; charset=utf-8"
SIX = 6 * HOUR
UTC = np.timedelta64(0, "h")
CELL = 16  # cells in a degree


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://api.open-meteo.com`, and its archive and flood hosts."""
    service = request.path.rstrip("/").rpartition("/")[2]
    if service not in {"forecast", "archive", "flood"}:
        return not_found()
    try:
        question = questions.read(service, request.query, told.now)
    except Wrong as error:
        return Reply(as_json({"error": True, "reason": str(error)}), JSON, 400)
    places = [_place(told, question, number) for number in range(len(question.places))]
    text = places[0] if len(places) == 1 else f"[{','.join(places)}]"
    return Reply(text.encode(), JSON)


def _place(told: Told, question: Question, number: int) -> str:
    """Return one place as the provider's own text: it prints decimals by the unit."""
    latitude, longitude = question.places[number]
    station = told.world.nearest(latitude, longitude)
    if "wrong_coordinates" in told.faults:
        latitude, longitude = latitude - 1.25, longitude + 1.25
    zero = told.world.network.stations[station].gauge_zero
    zone = question.zone
    head = [
        f'"latitude":{_cell(latitude)}',
        f'"longitude":{_cell(longitude)}',
        '"generationtime_ms":0.06794929504394531',
        f'"utc_offset_seconds":{zone.seconds}',
        f'"timezone":"{zone.name}"',
        f'"timezone_abbreviation":"{zone.short}"',
    ]
    if question.service != "flood":
        head.append(f'"elevation":{0.0 if isnan(zero) else zero:.1f}')
    if number:
        head.append(f'"location_id":{number}')
    parts = [*head, *_hourly(told, question, station), *_daily(told, question, station)]
    return "{" + ",".join(parts) + "}"


def _cell(degrees: float) -> str:
    return str(np.float32(round(degrees * CELL) / CELL))


def _hourly(told: Told, question: Question, station: int) -> list[str]:
    if not question.hourly or question.service == "flood":
        return []
    times = question.hours
    rain = _rain(told, station, times)
    return _columns(told, question, times, dict.fromkeys(question.hourly, rain))


def _rain(told: Told, station: int, times: np.ndarray) -> np.ndarray:
    """Return what has fallen up to now, and from the newest issue on what is expected."""
    number = np.array([station])
    fallen = told.fell(number, times, HOUR)[0]
    issued = floor(told.latest, SIX, UTC)
    ahead = told.expect(told.world.fell(number, times, HOUR)[0], times, issued)
    return np.asarray(np.where(times > told.latest, ahead, fallen))


def _daily(told: Told, question: Question, station: int) -> list[str]:
    if not question.daily or question.service != "flood":
        return []
    days = question.days
    number = np.array([station])
    hours = (days[:, None] + np.arange(24) * HOUR).ravel()
    truth = told.world.read("discharge", number, hours)[0].reshape(-1, 24).mean(axis=1)
    flow = told.expect(truth, days, floor(told.latest, 24 * HOUR, UTC))
    return _columns(told, question, days, dict.fromkeys(question.daily, flow))


def _columns(
    told: Told, question: Question, times: np.ndarray, columns: dict[str, np.ndarray]
) -> list[str]:
    """Return the units and the values of some columns."""
    order = np.array(told.rows(list(range(times.size))), dtype=int)
    daily = question.service == "flood"
    name, unit = ("daily", "m³/s") if daily else ("hourly", "mm")
    written = question.written(told.dated(times)[order], daily)
    units = "".join(f',"{column}":"{unit}"' for column in columns)
    values = "".join(
        f',"{column}":[{",".join(_number(v) for v in each[order].tolist())}]'
        for column, each in columns.items()
    )
    form = "unixtime" if question.unix else "iso8601"
    return [
        f'"{name}_units":{{"time":"{form}"{units}}}',
        f'"{name}":{{"time":[{",".join(written)}]{values}}}',
    ]


def _number(value: float) -> str:
    return "null" if isnan(value) else f"{value:.2f}"


PROVIDER = Provider(
    source="open_meteo",
    answer=answer,
    refusal=Reply(
        as_json({"error": True, "reason": "The service is overloaded. Please try again later."}),
        JSON,
    ),
    too_many=Reply(
        as_json(
            {
                "error": True,
                "reason": "Minutely API request limit exceeded. Please try again in one minute.",
            }
        ),
        JSON,
    ),
    renamed=(b'"precipitation":', b'"precip":'),
    broken_off=b"Unexpected error while streaming data: timeout",
)
