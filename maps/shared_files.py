"""Files that all pages share, each under a name that changes with its content.

So a browser may keep them for ever, and a page never meets a script of another release. What one
page needs is put together from files with one job each: a request costs more than a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent / "assets"
HEADLINE = "headline.json"  # what the climate pages tell the site's front page
LEAFLET = ("leaflet.js", "leaflet.css")
_GAUGE = (
    "gauge_data.js",
    "gauge_sentence.js",
    "gauge_chart.js",
    "gauge_reader.js",
    "gauge_skill.js",
    "gauge_csv.js",
    "gauge_edits.js",
    "gauge_parts.js",
    "gauge.js",
)
BUNDLES = {  # from the asset to the files that it is made of, in this order
    "age.js": ("age.js",),
    "gauge.js": ("age.js", "data.js", "newer.js", *_GAUGE, "gauge_page.js"),
    "flood.js": (
        "age.js",
        "data.js",
        "newer.js",
        *_GAUGE,
        "flood_gauges.js",
        "flood_state.js",
        "flood_row.js",
        "flood_list.js",
        "flood_controls.js",
        "flood_layer.js",
        "flood_walk.js",
        "flood_map.js",
    ),
    "site.css": ("site.css", "now.css", "gauge.css"),
    "report.css": ("situation.css",),
}


@dataclass(frozen=True)
class Assets:
    """The shared files of one site.

    Attributes:
        folder: The site; the files lie in `assets/` below it.
        paths: From the plain name to the path below `folder`.
    """

    folder: Path
    paths: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> str:
        """Write a file and return its path below the site's folder."""
        stem, ending = name.rsplit(".", 1)
        path = f"assets/{stem}.{sha256(content).hexdigest()[:10]}.{ending}"
        (self.folder / "assets").mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)
        self.paths[name] = path
        return path


def shared(folder: Path, base_maps: Sequence[tuple[str, str]]) -> Assets:
    """Write Leaflet, our own scripts and style, and the base maps (name, script)."""
    assets = Assets(folder)
    leaflet = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    for name in LEAFLET:
        assets.add(name, (leaflet / name).read_bytes())
    for name, parts in BUNDLES.items():
        assets.add(name, bundle(parts))
    for name, script in base_maps:
        assets.add(f"{name}.js", script.encode())
    return assets


def bundle(parts: Sequence[str]) -> bytes:
    """Return the parts of an asset, one after the other."""
    return b"".join((HERE / part).read_bytes() for part in parts)
