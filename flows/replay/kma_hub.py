"""KMA's API hub: the hourly table of its synoptic stations, in EUC-KR, by fixed columns.

Rain is that of the nearest station of the world; a number that KMA does not have takes the rain of
some station, always the same. RN is -9.0 both for "no rain" and for "missing", as with KMA: in a
row of missing rain everything is -9. All other weather is the same in every row: it is not known
here, and nothing should be read from it.
"""

import numpy as np

from data.climate.stations import read_stations
from flows.replay.messages import Provider, Reply, Request, as_json, not_found
from flows.replay.stamps import HOUR, digits, every, floor, of_digits
from flows.replay.telling import Told
from flows.replay.world import World

BAD_KEY = "bad"
TEXT = "text/plain;charset=EUC-KR"
LONGEST = np.timedelta64(31, "D")
_HEAD = "\n".join(
    (
        "#START7777",
        "#" + "-" * 98,
        "# YYMMDDHHMI STN  WD   WS GST  GST  GST     PA     PS PT    PR    TA    TD    HM    PV"
        "     RN     RN     RN     RN     SD     SD     SD WC WP WW                      CA  CA"
        "   CH CT        CT  CT  CT    VS   SS    SI ST    TS    TE    TE    TE    TE  ST   WH BF"
        " IR IX",
        "#        KST  ID  16  m/s  WD   WS   TM    hPa    hPa  -   hPa     C     C     %   hPa"
        "     mm    DAY    JUN    INT    HR3    DAY    TOT -- -- ---------------------- TOT MID"
        "  MIN -------- TOP MID LOW                  GD     C     5    10    20    30 SEA    m --"
        "  -  -",
    )
)
_SKY = (
    "   -9.0   -9.0   -9.0 -9 -9 -                       -9  -9   -9 -         -9  -9  -9"
    "    -9 -9.0 -9.00 -9  -9.0  -9.0  -9.0  -9.0  -9.0  -9 -9.0 -9  3 -9"
)
_STANDARD = "  36  1.0  -9 -9.0   -9 1000.0 1010.0 -9  -9.0  20.0  16.0  80.0  18.0"
_SILENT = "  -9 -9.0  -9 -9.0   -9   -9.0   -9.0 -9  -9.0  -9.0  -9.0  -9.0  -9.0"


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://apihub.kma.go.kr/api/typ01/url`."""
    query = request.query
    if query.get("authKey", "") in {"", BAD_KEY}:
        return _refused(401, "유효한 인증키가 아닙니다.")
    table = request.path.rpartition("/")[2]
    if table not in {"kma_sfctm2.php", "kma_sfctm3.php"}:
        return _refused(403, "활용신청이 필요한 API 입니다.") if ".php" in table else not_found()
    newest = floor(told.latest, HOUR)
    if table == "kma_sfctm2.php":
        first = last = of_digits(query.get("tm", ""), 12) or newest
    else:
        first, last = (of_digits(query.get(name, ""), 12) or newest for name in ("tm1", "tm2"))
        last = min(last, first + LONGEST)
    times = every(floor(first, HOUR), min(floor(last, HOUR), newest), HOUR)
    return _table(told, _asked(query.get("stn", "0")), times)


def _refused(status: int, message: str) -> Reply:
    return Reply(as_json({"result": {"status": status, "message": message}}), status=status)


def _asked(text: str) -> list[str]:
    ids = [part for part in text.split(":") if part.isdecimal() and part != "0"]
    return ids or [station.id for station in read_stations()]


def _table(told: Told, ids: list[str], times: np.ndarray) -> Reply:
    stations = np.array([_station(told.world, each) for each in ids])
    rain = told.fell(stations, times, HOUR)
    midnight = np.array([floor(time - HOUR, HOUR * 24) for time in times], "datetime64[ns]")
    day = told.fell(stations, times, times - midnight)
    stamps = digits(told.dated(times))
    lines = [
        _row(stamps[tick], each, rain[row, tick], day[row, tick])
        for tick in range(times.size)
        for row, each in enumerate(ids)
    ]
    text = "\n".join([_HEAD, *told.rows(lines), "#7777END", ""])
    return Reply(text.encode("euc-kr"), TEXT)


def _station(world: World, number: str) -> int:
    """Return the station whose rain a KMA station gets."""
    for known in read_stations():
        if known.id == number.lstrip("0"):
            return world.nearest(known.latitude, known.longitude)
    return int(number) % len(world.network.stations)


def _row(stamp: str, number: str, rain: float, day: float) -> str:
    weather = _SILENT if np.isnan(rain) else _STANDARD
    fallen = f" {_rain(rain)} {_rain(day)} {_rain(day)}   -9.0"
    return f"{stamp} {number:>3}{weather}{fallen}{_SKY}"


def _rain(value: float) -> str:
    return f"{value:6.1f}" if value >= 0.05 else "  -9.0"


PROVIDER = Provider(
    source="kma_hub",
    answer=answer,
    refusal=Reply(_refused(403, "활용신청이 필요한 API 입니다.").body),
    too_many=_refused(429, "일일 호출 한도를 초과하였습니다."),
    renamed=(b" RN ", b" RR "),
    padding=b"#" + b"-" * 98 + b"\n",
    notice="서비스 점검 중입니다.",
)
