"""Files that all pages share, each under a name that changes with its content.

So a browser may keep them for ever, and a page never meets a script of another release.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent / "assets"
OWN = ("age.js", "flood.js", "site.css")
HEADLINE = "headline.json"  # what the climate pages tell the site's front page
LEAFLET = ("leaflet.js", "leaflet.css")


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
    """Write Leaflet, our own script and style, and the base maps (name, script)."""
    assets = Assets(folder)
    leaflet = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    for name in LEAFLET:
        assets.add(name, (leaflet / name).read_bytes())
    for name in OWN:
        assets.add(name, (HERE / name).read_bytes())
    for name, script in base_maps:
        assets.add(f"{name}.js", script.encode())
    return assets
