"""Where a station of HRFCO stands: its coordinates, and whether they can be right."""

import re
from math import isnan, nan

from data.sources.hrfco_values import text

_DMS = re.compile(r"(\d{2,3})\s*-\s*(\d{1,2})\s*-\s*(\d{1,2}(?:\.\d+)?)", re.ASCII)
_DECIMAL = re.compile(r"\d{2,3}\.\d+", re.ASCII)
KOREA = (124.0, 132.0, 32.9, 39.0)  # west, east, south, north
PROVINCES = {  # how an address may begin: west, east, south, north, with 5 to 10 km to spare
    ("서울",): (126.7, 127.3, 37.4, 37.75),
    ("부산",): (128.7, 129.4, 34.85, 35.45),
    ("대구", "군위"): (128.3, 128.85, 35.55, 36.4),
    ("인천",): (124.5, 126.95, 36.9, 38.05),
    ("광주광역",): (126.6, 127.1, 35.0, 35.3),
    ("대전",): (127.2, 127.6, 36.15, 36.55),
    ("울산",): (128.9, 129.5, 35.25, 35.8),
    ("세종",): (127.1, 127.45, 36.35, 36.8),
    ("경기",): (126.3, 127.95, 36.8, 38.35),
    ("강원",): (127.0, 129.45, 37.0, 38.7),
    ("충북", "충청북"): (127.2, 128.75, 35.95, 37.35),
    ("충남", "충청남"): (125.4, 127.7, 35.9, 37.15),
    ("전북", "전라북"): (125.9, 128.0, 35.2, 36.25),
    ("전남", "전라남"): (125.0, 128.0, 33.85, 35.6),
    ("경북", "경상북"): (127.7, 132.0, 35.5, 37.65),
    ("경남", "경상남"): (127.5, 129.35, 34.4, 36.0),
    ("제주",): (126.0, 127.05, 33.0, 34.05),
}


def place(longitude: object, latitude: object, address: object) -> tuple[float, float, list[str]]:
    """Return longitude and latitude [degrees, WGS 84], NaN if none, and what is odd about them.

    Coordinates outside Korea are none; those far from the province of the address are kept, and
    said to be doubtful.
    """
    written = f"'{text(longitude, 30)}', '{text(latitude, 30)}'"
    east, north = degrees(longitude), degrees(latitude)
    if isnan(east) or isnan(north):
        blank = not text(longitude) or not text(latitude)
        return nan, nan, [f"It has no coordinates: {written}." if blank else _unreadable(written)]
    if not _inside((east, north), KOREA):
        return nan, nan, [f"Its coordinates {written} lie outside Korea."]
    box = _province(text(address))
    if box and not _inside((east, north), box):
        notes = [f"Its coordinates {written} lie far from its address, '{text(address, 60)}'."]
        return east, north, notes
    return east, north, []


def degrees(value: object) -> float:
    """Return degrees of "126-57-34" or of a decimal with a fraction; NaN if it is neither.

    Whole degrees are none: "37" is what is left of "37-37-27" when it was read as a number.
    """
    written = text(value)
    if _DECIMAL.fullmatch(written):
        return float(written)
    parts = _DMS.fullmatch(written)
    if not parts:
        return nan
    whole, minutes, seconds = (float(part) for part in parts.groups())
    return whole + minutes / 60 + seconds / 3600 if minutes < 60 and seconds <= 60 else nan


def _unreadable(written: str) -> str:
    return f"Its coordinates {written} cannot be read as degrees-minutes-seconds."


def _province(address: str) -> tuple[float, float, float, float] | None:
    return next((box for names, box in PROVINCES.items() if address.startswith(names)), None)


def _inside(point: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    west, east, south, north = box
    return west <= point[0] <= east and south <= point[1] <= north
