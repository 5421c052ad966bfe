"""The map, built with folium but from files of our own: no request leaves the site's host.

Stock folium loads ten files from five hosts, writes script and style into the page and gives
every object a random id. These subclasses take Leaflet from beside the page, write all script to
one file, and draw all gauges by one layer from one JSON block, as text, never as HTML.
"""

from typing import Any

import folium
from branca.element import Figure, MacroElement
from jinja2 import Template


class SiteMap(folium.Map):
    """A folium map with our own Leaflet, fixed id and no tiles."""

    _template = Template(
        """
{% macro html(this, kwargs) %}{% endmacro %}
{% macro script(this, kwargs) %}
var {{ this.get_name() }} = L.map("map", {{ this.options | tojson }});
{% endmacro %}"""
    )

    def __init__(self) -> None:
        super().__init__(tiles=None)
        self.default_js = self.default_css = []  # our pages link Leaflet themselves
        self._id = "flood"
        self._name = "map"


class GaugeLayer(MacroElement):
    """All gauges of the page, drawn by `flood.js` from the page's own JSON."""

    _template = Template(
        """
{% macro script(this, kwargs) %}
Mulgil.start({{ this._parent.get_name() }});
{% endmacro %}"""
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._id = "gauges"
        self._name = "gauge_layer"


def script() -> str:
    """Return the page's script; the same bytes every time."""
    figure = Figure()
    chart: Any = SiteMap()
    chart.add_child(GaugeLayer())
    figure.add_child(chart)
    figure.render()
    rendered: str = figure.script.render()
    return rendered.strip() + "\n"
