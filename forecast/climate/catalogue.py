"""The layers of the climate map: what each index is called, in which unit, by which threshold.

A threshold always stands beside its name: 호우일수 is 80 mm in a day here (climate.go.kr), while
other texts mean 30 mm in an hour. A layer is an index of the year, or of one season of it.
"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ko", "en"]
Change = Literal["absolute", "percent"]
Palette = Literal["warm", "cold", "wet", "dry"]  # what more of it means
SEASONS: dict[str, tuple[int, ...]] = {
    "DJF": (12, 1, 2),
    "MAM": (3, 4, 5),
    "JJA": (6, 7, 8),
    "SON": (9, 10, 11),
}
_SEASON_NAMES = {
    "DJF": ("겨울 (12–2월)", "winter (Dec–Feb)"),
    "MAM": ("봄 (3–5월)", "spring (Mar–May)"),
    "JJA": ("여름 (6–8월)", "summer (Jun–Aug)"),
    "SON": ("가을 (9–11월)", "autumn (Sep–Nov)"),
}
ETCCDI = "ETCCDI, Zhang et al. (2011), doi:10.1002/wcc.147"
KMA = "KMA 기후변화 상황지도, climate.go.kr"
_GEV = "L-moment GEV, Hosking & Wallis (1997), doi:10.1017/CBO9780511529443"


@dataclass(frozen=True)
class Layer:
    """One layer of the map.

    Attributes:
        id: e.g. `TXx`, or with its season `tas_JJA`.
        unit: As shown, the same in both languages except `days`.
        threshold_ko, threshold_en: The rule by which it is computed, in one line.
        source: Where the definition comes from.
        inputs: Daily variables that it needs, see `data.climate.observed`.
        change: Whether a change is told as a difference or in percent.
        palette: What more of it means.
        decimals: Digits after the point that are shown and published.
        season: Empty for the whole year.
        group_ko, group_en: Under which heading it is listed.
    """

    id: str
    name_ko: str
    name_en: str
    unit: str
    threshold_ko: str
    threshold_en: str
    source: str
    inputs: tuple[str, ...]
    change: Change
    palette: Palette
    decimals: int
    group_ko: str
    group_en: str
    season: str = ""

    @property
    def index(self) -> str:
        """The index without its season."""
        return self.id.removesuffix(f"_{self.season}")

    def name(self, language: Language) -> str:
        """Return the name, with the season if it has one."""
        name = self.name_ko if language == "ko" else self.name_en
        if not self.season:
            return name
        season = _SEASON_NAMES[self.season][language == "en"]
        return f"{season} {name}" if language == "ko" else f"{name}, {season}"

    def threshold(self, language: Language) -> str:
        """Return the rule in one line."""
        return self.threshold_ko if language == "ko" else self.threshold_en

    def group(self, language: Language) -> str:
        """Return the heading that the layer is listed under."""
        return self.group_ko if language == "ko" else self.group_en

    def unit_in(self, language: Language) -> str:
        """Return the unit as written in a language."""
        korean = {"days": "일", "years": "년"}
        return korean.get(self.unit, self.unit) if language == "ko" else self.unit


_TEMPERATURE = ("기온", "Temperature")
_HEAT = ("더위", "Heat")
_COLD = ("추위", "Cold")
_RAIN = ("비", "Rain")
_HEAVY = ("호우·홍수", "Heavy rain and floods")
_DROUGHT = ("가뭄", "Dryness")


def _layer(
    id: str,  # noqa: A002  # the field's own name
    names: tuple[str, str],
    unit: str,
    rule: tuple[str, str],
    inputs: tuple[str, ...],
    kind: tuple[Change, Palette, int, tuple[str, str], str],
) -> Layer:
    change, palette, decimals, group, source = kind
    return Layer(id, *names, unit, *rule, source, inputs, change, palette, decimals, *group)


_TAS = _layer(
    "tas",
    ("평균기온", "mean temperature"),
    "°C",
    ("일평균기온의 평균", "mean of the daily mean temperature"),
    ("tas",),
    ("absolute", "warm", 2, _TEMPERATURE, KMA),
)
_PRCPTOT = _layer(
    "PRCPTOT",
    ("강수량", "rain"),
    "mm",
    ("1 mm 이상인 날의 강수량 합", "sum over days of at least 1 mm"),
    ("pr",),
    ("percent", "wet", 0, _RAIN, ETCCDI),
)
_SEASONAL = (_TAS, _PRCPTOT)
_DAYS: tuple[Layer, ...] = (
    _layer(
        "HD33",
        ("폭염일수", "heat days"),
        "days",
        ("일최고기온 33 °C 이상", "daily maximum at least 33 °C"),
        ("tasmax",),
        ("absolute", "warm", 1, _HEAT, KMA),
    ),
    _layer(
        "TR25",
        ("열대야일수", "tropical nights"),
        "days",
        ("일최저기온 25 °C 이상", "daily minimum at least 25 °C"),
        ("tasmin",),
        ("absolute", "warm", 1, _HEAT, KMA),
    ),
    _layer(
        "TXx",
        ("최고기온 극값", "hottest day"),
        "°C",
        ("연중 가장 높은 일최고기온", "highest daily maximum of the year"),
        ("tasmax",),
        ("absolute", "warm", 1, _HEAT, ETCCDI),
    ),
    _layer(
        "TX90p",
        ("이상고온일수", "warm days"),
        "days",
        (
            "일최고기온이 그 날짜 90백분위수 초과 (5일 창)",
            "daily maximum above the calendar day's 90th percentile (5-day window)",
        ),
        ("tasmax",),
        ("absolute", "warm", 1, _HEAT, ETCCDI),
    ),
    _layer(
        "WSDI",
        ("온난일 지속일수", "warm spell days"),
        "days",
        (
            "90백분위수 초과가 6일 이상 이어진 날",
            "days in runs of at least 6 above that percentile",
        ),
        ("tasmax",),
        ("absolute", "warm", 1, _HEAT, ETCCDI),
    ),
    _layer(
        "GSL",
        ("작물 생장 가능 기간", "growing season"),
        "days",
        (
            "일평균 5 °C 초과 6일부터 7월 이후 5 °C 미만 6일까지",
            "from 6 days above 5 °C to 6 days below it after 1 July",
        ),
        ("tas",),
        ("absolute", "warm", 1, _TEMPERATURE, ETCCDI),
    ),
    _layer(
        "CD12",
        ("한파일수", "cold-wave days"),
        "days",
        ("일최저기온 −12 °C 이하", "daily minimum at most −12 °C"),
        ("tasmin",),
        ("absolute", "cold", 1, _COLD, "KMA, 한파일 by its data service: Tmin ≤ −12 °C"),
    ),
    _layer(
        "TNn",
        ("최저기온 극값", "coldest night"),
        "°C",
        ("연중 가장 낮은 일최저기온", "lowest daily minimum of the year"),
        ("tasmin",),
        ("absolute", "warm", 1, _COLD, ETCCDI),
    ),
    _layer(
        "TN10p",
        ("이상저온일수", "cool nights"),
        "days",
        (
            "일최저기온이 그 날짜 10백분위수 미만 (5일 창)",
            "daily minimum below the calendar day's 10th percentile (5-day window)",
        ),
        ("tasmin",),
        ("absolute", "cold", 1, _COLD, ETCCDI),
    ),
    _layer(
        "FD",
        ("서리일수", "frost days"),
        "days",
        ("일최저기온 0 °C 미만", "daily minimum below 0 °C"),
        ("tasmin",),
        ("absolute", "cold", 1, _COLD, ETCCDI),
    ),
    _layer(
        "ID",
        ("결빙일수", "ice days"),
        "days",
        ("일최고기온 0 °C 미만", "daily maximum below 0 °C"),
        ("tasmax",),
        ("absolute", "cold", 1, _COLD, ETCCDI),
    ),
    _layer(
        "SDII",
        ("강수강도", "rain on a wet day"),
        "mm/day",
        ("강수량 ÷ 1 mm 이상인 날수", "rain divided by days of at least 1 mm"),
        ("pr",),
        ("percent", "wet", 1, _RAIN, ETCCDI),
    ),
    _layer(
        "CWD",
        ("최대 연속 강수일수", "longest wet spell"),
        "days",
        (
            "1 mm 이상이 이어진 날, 해가 바뀌면 끊음",
            "days in a row of at least 1 mm, cut at New Year",
        ),
        ("pr",),
        ("absolute", "wet", 1, _RAIN, ETCCDI),
    ),
    _layer(
        "Rx1day",
        ("1일 최다강수량", "wettest day"),
        "mm",
        ("연중 하루 최다 강수량", "most rain in one day of the year"),
        ("pr",),
        ("percent", "wet", 1, _HEAVY, ETCCDI),
    ),
    _layer(
        "Rx5day",
        ("5일 최다강수량", "wettest five days"),
        "mm",
        ("연중 5일 합계 최댓값", "most rain in five days in a row"),
        ("pr",),
        ("percent", "wet", 1, _HEAVY, ETCCDI),
    ),
    _layer(
        "R80mm",
        ("호우일수", "heavy-rain days"),
        "days",
        ("일강수량 80 mm 이상", "at least 80 mm in a day"),
        ("pr",),
        ("absolute", "wet", 2, _HEAVY, "KMA, climate.go.kr inf_2-8"),
    ),
    _layer(
        "R95pTOT",
        ("상위 5% 강수량", "rain of very wet days"),
        "mm",
        (
            "강수일 95백분위수를 넘는 날의 강수량",
            "rain of days above the wet days' 95th percentile",
        ),
        ("pr",),
        ("percent", "wet", 0, _HEAVY, ETCCDI),
    ),
    _layer(
        "R99pTOT",
        ("상위 1% 강수량", "rain of extremely wet days"),
        "mm",
        (
            "강수일 99백분위수를 넘는 날의 강수량",
            "rain of days above the wet days' 99th percentile",
        ),
        ("pr",),
        ("percent", "wet", 0, _HEAVY, ETCCDI),
    ),
    _layer(
        "R30mmh",
        ("시간당 30 mm 일수", "days with 30 mm in an hour"),
        "days",
        ("1시간 최다강수량 30 mm 이상인 날", "wettest hour of the day at least 30 mm"),
        ("pr", "pr_max_1h"),
        ("absolute", "wet", 2, _HEAVY, "KMA, 2024 press"),
    ),
    _layer(
        "Rx1h",
        ("1시간 최다강수량", "wettest hour"),
        "mm",
        ("연중 1시간 최다 강수량", "most rain in one hour of the year"),
        ("pr", "pr_max_1h"),
        ("percent", "wet", 1, _HEAVY, ETCCDI),
    ),
    _layer(
        "Rx10min",
        ("10분 최다강수량", "wettest ten minutes"),
        "mm",
        ("연중 10분 최다 강수량", "most rain in ten minutes of the year"),
        ("pr", "pr_max_10min"),
        ("percent", "wet", 1, _HEAVY, ETCCDI),
    ),
    _layer(
        "CDD",
        ("최대 무강수 지속기간", "longest dry spell"),
        "days",
        ("1 mm 미만이 이어진 날, 해가 바뀌면 끊음", "days in a row below 1 mm, cut at New Year"),
        ("pr",),
        ("absolute", "dry", 1, _DROUGHT, ETCCDI),
    ),
    *(
        _layer(
            f"SPI{months}",
            (f"표준강수지수 SPI-{months} 최젓값", f"lowest SPI-{months}"),
            "–",
            (
                f"{months}개월 표준강수지수의 연중 최젓값 (감마 분포)",
                f"lowest {months}-month standardised precipitation index of the year (gamma)",
            ),
            ("pr",),
            ("absolute", "wet", 2, _DROUGHT, "McKee, Doesken & Kleist (1993); Thom (1958)"),
        )
        for months in (3, 6, 12)
    ),
)


def _seasonal(layer: Layer, season: str) -> Layer:
    return Layer(**{**vars(layer), "id": f"{layer.id}_{season}", "season": season})


INDICES: tuple[Layer, ...] = (
    *(each for base in _SEASONAL for each in (base, *(_seasonal(base, s) for s in SEASONS))),
    *_DAYS,
)
RETURN_LEVELS: tuple[Layer, ...] = (
    _layer(
        "RL20",
        ("20년 빈도 일강수량", "1-in-20-year day of rain"),
        "mm",
        ("한 해에 1/20의 확률로 넘는 하루 강수량", "day of rain exceeded with chance 1/20 a year"),
        ("pr",),
        ("percent", "wet", 0, _HEAVY, _GEV),
    ),
    _layer(
        "RL100",
        ("100년 빈도 일강수량", "1-in-100-year day of rain"),
        "mm",
        (
            "한 해에 1/100의 확률로 넘는 하루 강수량",
            "day of rain exceeded with chance 1/100 a year",
        ),
        ("pr",),
        ("percent", "wet", 0, _HEAVY, _GEV),
    ),
    _layer(
        "N20",
        ("지금의 20년 빈도 호우의 재현기간", "return period of today's 1-in-20-year day"),
        "years",
        (
            "2000–2019년의 20년 빈도 일강수량이 오는 간격",
            "how often the 1-in-20-year day of 2000–2019 comes",
        ),
        ("pr",),
        ("absolute", "dry", 1, _HEAVY, _GEV),
    ),
    _layer(
        "N100",
        ("지금의 100년 빈도 호우의 재현기간", "return period of today's 1-in-100-year day"),
        "years",
        (
            "2000–2019년의 100년 빈도 일강수량이 오는 간격",
            "how often the 1-in-100-year day of 2000–2019 comes",
        ),
        ("pr",),
        ("absolute", "dry", 1, _HEAVY, _GEV),
    ),
)
_RISK_GROUP = ("위험 (사용자 자료)", "Risk (user supplied)")
_RISK_SOURCE = "Mulgil; exposure and vulnerability as supplied by the user"
RISK: tuple[Layer, ...] = (
    _layer(
        "HAZARD",
        ("위해성 H", "hazard H"),
        "–",
        (
            "20년 빈도 일강수량을 2000–2019년 시군구 범위로 0–1",
            "1-in-20-year day of rain, 0–1 by the districts' range of 2000–2019",
        ),
        ("pr",),
        ("absolute", "wet", 2, _RISK_GROUP, _RISK_SOURCE),
    ),
    _layer(
        "EXPOSURE",
        ("노출 E", "exposure E"),
        "–",
        ("사용자 자료를 0–1로", "as supplied by the user, 0–1"),
        (),
        ("absolute", "wet", 2, _RISK_GROUP, _RISK_SOURCE),
    ),
    _layer(
        "VULNERABILITY",
        ("취약성 V", "vulnerability V"),
        "–",
        ("사용자 자료를 0–1로", "as supplied by the user, 0–1"),
        (),
        ("absolute", "wet", 2, _RISK_GROUP, _RISK_SOURCE),
    ),
    _layer(
        "RISK",
        ("홍수 위험 R", "flood risk R"),
        "–",
        (
            "(H·E·V)^(1/3), 미래에도 E와 V는 지금 그대로",
            "(H·E·V)^(1/3); E and V stay as they are now",
        ),
        ("pr",),
        ("absolute", "wet", 2, _RISK_GROUP, _RISK_SOURCE),
    ),
)
LAYERS = INDICES + RETURN_LEVELS  # and `RISK`, where a user supplied its inputs


def layer(name: str) -> Layer:
    """Return the layer of that id.

    Raises:
        KeyError: There is none.
    """
    return {each.id: each for each in LAYERS + RISK}[name]
