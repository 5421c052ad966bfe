"""The two maps side by side, as folium elements with fixed ids; see `maps.flood_map` for why."""

from branca.element import MacroElement
from folium import Map
from jinja2 import Template


class SideMap(Map):
    """One of the two maps; its page links Leaflet and has its element, `map_left`, `map_right`."""

    _template = Template(
        """
{% macro script(this, kwargs) %}
var {{ this.get_name() }} = Mulgil.climateMap("{{ this.get_name() }}", "{{ this._id }}");
{% endmacro %}"""
    )

    def __init__(self, side: str) -> None:
        super().__init__(tiles=None)
        self._name, self._id = "map", side
        self.default_js, self.default_css = [], []  # its own: folium's are shared by all maps


class RegionLayer(MacroElement):
    """All regions, filled by the page's state."""

    _template = Template(
        """
{% macro script(this, kwargs) %}
Mulgil.regionsOn({{ this._parent.get_name() }});
{% endmacro %}"""
    )

    def __init__(self, side: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name, self._id = "regions", side


def side_map(side: str) -> SideMap:
    """Return one of the two maps."""
    chart = SideMap(side)
    chart.add_child(RegionLayer(side))
    return chart
