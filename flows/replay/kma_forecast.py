"""KMA's short-term forecast at data.go.kr: rain of one cell of 5 km, observed and forecast.

The forecast is the world's own future with an error added (see `Told.expect`); the rain is that of
the station nearest to the cell. An hour is named by its end. Only the rain and what follows from
it is told (PCP, RN1, POP, PTY, SKY, SNO, REH); temperature and wind are not known here.
"""

from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from data.sources.kma_grid import cell
from flows.replay.messages import XML, Provider, Reply, Request, as_json, not_found
from flows.replay.stamps import HOUR, digits, of_digits
from flows.replay.telling import Told

BAD_KEY = "bad"
MINUTE = np.timedelta64(1, "m")
AFTER = {"getUltraSrtNcst": 10, "getUltraSrtFcst": 15, "getVilageFcst": 10}  # published [min]
BASES = {"getUltraSrtNcst": ("00",), "getUltraSrtFcst": ("30",), "getVilageFcst": ("00",)}
ISSUED = (2, 5, 8, 11, 14, 17, 20, 23)  # hours of getVilageFcst, KST
HOURS = {"getUltraSrtFcst": 6, "getVilageFcst": 72}
CODES = {
    "03": "NO_DATA",
    "10": "INVALID_REQUEST_PARAMETER_ERROR",
    "12": "NO_OPENAPI_SERVICE_ERROR",
    "22": "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR",
    "30": "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
}
Item = dict[str, Any]


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://apis.data.go.kr/1360000/VilageFcstInfoService_2.0`."""
    query = request.query
    if query.get("serviceKey", "") in {"", BAD_KEY}:
        return gateway("30")
    operation = request.path.rpartition("/")[2]
    if operation not in AFTER:
        return gateway("12") if "Service" in request.path else not_found()
    form = query.get("dataType", "XML").upper()
    base = of_digits(query.get("base_date", "") + query.get("base_time", ""), 12)
    nx, ny = (query.get(name, "") for name in ("nx", "ny"))
    if base is None or not (nx.isdecimal() and ny.isdecimal()):
        return _refused("10", form)
    if not _issued(told, operation, base, query["base_time"]):
        return _refused("03", form)
    station = _nearest(told, int(nx), int(ny))
    if station is None:
        return _refused("03", form)
    return _page(told.rows(_items(told, operation, base, station, (int(nx), int(ny)))), query, form)


def gateway(code: str) -> Reply:
    """Return what the gateway says: XML in HTTP 200, whatever was asked for."""
    lines = (
        "<OpenAPI_ServiceResponse>",
        "\t<cmmMsgHeader>",
        "\t\t<errMsg>SERVICE ERROR</errMsg>",
        f"\t\t<returnAuthMsg>{CODES[code]}</returnAuthMsg>",
        f"\t\t<returnReasonCode>{code}</returnReasonCode>",
        "\t</cmmMsgHeader>",
        "</OpenAPI_ServiceResponse>",
    )
    return Reply("\n".join(lines).encode(), XML)


def _refused(code: str, form: str) -> Reply:
    head = {"resultCode": code, "resultMsg": CODES[code]}
    if form == "JSON":
        return Reply(as_json({"response": {"header": head}}))
    return Reply(f"<response><header>{_xml(head)}</header></response>".encode(), XML)


def _issued(told: Told, operation: str, base: np.datetime64, clock: str) -> bool:
    """Return whether there is such an issue, and it is out by now."""
    late = told.now - told.latest - told.delay  # the fault `late` holds forecasts back too
    out = base + AFTER[operation] * MINUTE + late <= told.now
    named = clock[2:] in BASES[operation]
    return bool(
        told.world.start <= base
        and out
        and named
        and (operation != "getVilageFcst" or int(clock[:2]) in ISSUED)
    )


def _nearest(told: Told, nx: int, ny: int) -> int | None:
    """Return the station nearest to a cell, by the distance of their cells."""
    cells = [cell(s.latitude, s.longitude) for s in told.world.network.stations]
    far = [np.inf if each is None else np.hypot(each[0] - nx, each[1] - ny) for each in cells]
    return None if np.isinf(min(far)) else int(np.argmin(far))


def _items(
    told: Told, operation: str, base: np.datetime64, station: int, where: tuple[int, int]
) -> list[Item]:
    nx, ny = where if "wrong_coordinates" not in told.faults else where[::-1]
    day = digits(np.array([base]))[0]
    head = {"baseDate": day[:8], "baseTime": day[8:]}
    place = {"nx": nx, "ny": ny}
    number = np.array([station])
    if operation == "getUltraSrtNcst":
        rain = told.fell(number, np.array([base]), HOUR)[0, 0] if base <= told.latest else np.nan
        seen = {"PTY": _type(rain), "RN1": "-998.9" if np.isnan(rain) else f"{rain:.1f}"}
        return [head | {"category": k} | place | {"obsrValue": v} for k, v in seen.items()]
    first = base.astype("datetime64[h]").astype("datetime64[ns]") + HOUR
    times = first + np.arange(HOURS[operation]) * HOUR
    truth = told.world.fell(number, times, HOUR)[0]
    rain = told.expect(truth, times, base)
    return [
        head
        | {"category": name, "fcstDate": when[:8], "fcstTime": when[8:], "fcstValue": v}
        | place
        for when, mm in zip(digits(told.dated(times)), rain.tolist(), strict=True)
        for name, v in _told(operation, mm).items()
    ]


def _told(operation: str, rain: float) -> dict[str, str]:
    name = "PCP" if operation == "getVilageFcst" else "RN1"
    if np.isnan(rain):
        return {"PTY": "-999", name: "-999"}
    wet = rain >= 0.1
    more = {"POP": "80" if wet else "20", "SNO": "적설없음"} if name == "PCP" else {}
    return more | {"PTY": _type(rain), name: amount(rain), "SKY": "4" if wet else "1"}


def _type(rain: float) -> str:
    return "-999" if np.isnan(rain) else str(int(rain >= 0.1))


def amount(rain: float) -> str:
    """Return an amount of rain [mm] as KMA words it."""
    if rain < 0.1:
        return "강수없음"
    if rain < 1:
        return "1mm 미만"
    if rain < 29.95:
        return f"{rain:.1f}mm"
    return "30.0~50.0mm" if rain < 50 else "50.0mm 이상"


def _page(items: list[Item], query: Any, form: str) -> Reply:
    size, number = (_count(query.get(name, "")) for name in ("numOfRows", "pageNo"))
    size = 10 if "numOfRows" not in query else size
    rows = items[(number - 1) * size : number * size]
    if not rows:
        return _refused("03", form)
    head = {"resultCode": "00", "resultMsg": "NORMAL_SERVICE"}
    tail = {"pageNo": number, "numOfRows": size, "totalCount": len(items)}
    if form == "JSON":
        body = {"dataType": "JSON", "items": {"item": rows}} | tail
        return Reply(as_json({"response": {"header": head, "body": body}}))
    inner = "".join(f"<item>{_xml(row)}</item>" for row in rows)
    text = (
        f"<response><header>{_xml(head)}</header><body><dataType>XML</dataType>"
        f"<items>{inner}</items>{_xml(tail)}</body></response>"
    )
    return Reply(text.encode(), XML)


def _count(text: str) -> int:
    return min(max(int(text), 1), 1000) if text.isdecimal() else 1


def _xml(cells: Item) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in cells.items())


PROVIDER = Provider(
    source="kma_forecast",
    answer=answer,
    refusal=gateway("22"),
    too_many=Reply(b"API rate limit exceeded", "text/plain;charset=UTF-8", 429),
    renamed=(b'"category":', b'"ctgry":'),
    notice="서비스 점검 중입니다.",
)
