"""The map, built with folium but from files of our own: no request leaves the site's host.

Stock folium loads ten files from five hosts, writes script and style into the page and gives
every object a random id. These subclasses have fixed ids, leave Leaflet to the page (which has it
beside itself), and draw all gauges by one layer from one JSON block, as text, never as HTML.

No name ever passes through these templates: branca renders what a template returns as a template
once more, so that a station called `{{ ... }}` would be run.
"""

import folium
from branca.element import MacroElement
from jinja2 import Template


class SiteMap(folium.Map):
    """A folium map with a fixed id and no tiles; its page links Leaflet."""

    _template = Template(
        """
{% macro html(this, kwargs) %}
<div id="{{ this.get_name() }}" class="map" role="application"
 aria-labelledby="map-title" aria-describedby="map-help"></div>
{% endmacro %}
{% macro script(this, kwargs) %}
var {{ this.get_name() }} = Mulgil.map("{{ this.get_name() }}");
{% endmacro %}"""
    )

    def __init__(self) -> None:
        super().__init__(tiles=None)
        self._name, self._id = "map", "flood"
        self.default_js, self.default_css = [], []  # its own: folium's are shared by all maps


class LandLayer(MacroElement):
    """The base maps that the page links, under everything else."""

    _template = Template(
        """
{% macro script(this, kwargs) %}
Mulgil.land({{ this._parent.get_name() }});
{% endmacro %}"""
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name, self._id = "layer", "land"


class GaugeLayer(MacroElement):
    """All gauges of the page, from the page's own JSON, the worst on top."""

    _template = Template(
        """
{% macro script(this, kwargs) %}
Mulgil.gauges({{ this._parent.get_name() }});
{% endmacro %}"""
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name, self._id = "layer", "gauges"


def flood_map() -> SiteMap:
    """Return the map of a network's page."""
    chart = SiteMap()
    chart.add_child(LandLayer())
    chart.add_child(GaugeLayer())
    return chart
