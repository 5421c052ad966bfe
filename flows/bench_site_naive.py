"""A page of the same gauges with folium as its tutorials show it: a marker and a popup each.

Stock folium asks other hosts for its files. Here they come from loopback at once, which is the best
case: Leaflet is the file of the package `js_lib_leaflet`; jQuery is a stand-in of one line that
parses HTML as jQuery does; every other file is empty, and every tile one pixel. So its bytes are
fewer, and its time shorter, than on any reader's machine.
"""

import re
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

import folium

from data.stations import Stage
from forecast.outlook import Outlook
from maps.view import View

ABOUT = " ".join(__doc__.split("\n\n", 1)[1].split())
COLOURS: Final = {
    Stage.UNKNOWN: "grey",
    Stage.NORMAL: "green",
    Stage.ATTENTION: "blue",
    Stage.WATCH: "yellow",
    Stage.WARNING: "orange",
    Stage.SEVERE: "red",
}
LEADS = 12  # rows of the table in a popup
_JQUERY = (
    "window.$=function(html){var t=document.createElement('template');"
    "t.innerHTML=html.trim();return [t.content.firstElementChild];};"
)
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
_LINK = re.compile(r'(src|href)="https?://[^"]*?/([^"/]+)"')
_TILES = re.compile(r'"https?://[^"]*\{z\}[^"]*"')


def page(shown: View) -> str:
    """Return the page as folium writes it."""
    chart = folium.Map(location=[36.3, 127.8], zoom_start=7)
    medians = shown.forecast[shown.network.quantity.value].isel(issue_time=0).sel(quantile=0.5)
    for station, outlook, values in zip(
        shown.network.stations, shown.outlooks, medians.values, strict=True
    ):
        folium.CircleMarker(
            (station.latitude, station.longitude),
            radius=6,
            color=COLOURS[outlook.stage],
            fill=True,
            tooltip=escape(station.name_en),
            popup=folium.Popup(_table(station.name_en, outlook, list(values[:LEADS]))),
        ).add_to(chart)
    return str(chart.get_root().render())


def write(shown: View, folder: Path) -> int:
    """Write the page to a folder, its links turned to loopback; return how many hosts' files.

    Returns:
        The number of files that it asks other hosts for, without tiles.
    """
    text, leaflet = page(shown), files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    (folder / "cdn").mkdir(parents=True)
    names = [found[2] for found in _LINK.finditer(text)]
    for name in names:
        (folder / "cdn" / name).write_bytes(b"")
    for name in ("leaflet.js", "leaflet.css"):
        (folder / "cdn" / name).write_bytes((leaflet / name).read_bytes())
    for name in names:
        if name.startswith("jquery"):
            (folder / "cdn" / name).write_text(_JQUERY)
    (folder / "cdn" / "tile.png").write_bytes(_PIXEL)
    local = _TILES.sub('"cdn/tile.png?{z}/{x}/{y}"', _LINK.sub(r'\1="cdn/\2"', text))
    (folder / "index.html").write_text(local, encoding="utf-8")
    return len(names)


def _table(name: str, outlook: Outlook, values: list[float]) -> str:
    rows = "".join(
        f"<tr><td>+{lead} h</td><td>{value:.2f} m</td></tr>" for lead, value in enumerate(values, 1)
    )
    return f"<h4>{escape(name)}</h4><p>{outlook.stage.name}</p><table>{rows}</table>"
