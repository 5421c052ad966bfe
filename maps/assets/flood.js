"use strict";
/* The map. Names are set as text, never as HTML. */
Mulgil.start = (function () {
  var COLOURS = { "-1": "none", 0: "#a9b8c0", 1: "#f4d03f", 2: "#e8622c", 3: "#a3195b", 4: "#26073d" };
  // Shapes as well as colours: hollow dashed circle, circle, ring, triangle, diamond, octagon.
  var SHAPES = {
    "-1": '<circle cx="12" cy="12" r="8" class="unknown"/><path class="unknown" d="M8 8l8 8M16 8l-8 8"/>',
    0: '<circle cx="12" cy="12" r="6"/>',
    1: '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="2.5" class="dot"/>',
    2: '<path d="M12 2L22 21H2Z"/>',
    3: '<path d="M12 1L23 12L12 23L1 12Z"/>',
    4: '<path d="M8 1H16L23 8V16L16 23H8L1 16V8Z"/><path class="mark" d="M12 6V13M12 16V18"/>'
  };

  function page() {
    return JSON.parse(document.getElementById("gauges").textContent);
  }

  function icon(stage) {
    var html = '<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" class="m' + Number(stage) +
      '" fill="' + COLOURS[stage] + '">' + SHAPES[stage] + "</svg>";
    return L.divIcon({ className: "marker", html: html, iconSize: [28, 28] });
  }

  function popup(gauge, end) {
    var box = document.createElement("div"), link = document.createElement("a"), said = document.createElement("p");
    link.href = "gauge/" + encodeURIComponent(gauge.id) + end + ".html";
    link.textContent = gauge.name;
    said.textContent = Mulgil.overdue() ? document.body.dataset.unknown : gauge.word + ". " + gauge.sentence;
    box.append(link, said);
    return box;
  }

  function start(map) {
    var data = page(), calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (calm) { map.options.zoomAnimation = map.options.fadeAnimation = false; }
    L.polygon(data.land, { className: "land", weight: 1, smoothFactor: 0, interactive: false }).addTo(map);
    data.gauges.forEach(function (gauge) {
      L.marker(gauge.at, { icon: icon(Mulgil.overdue() ? -1 : gauge.stage), title: gauge.name, alt: gauge.name + ": " + gauge.word, zIndexOffset: 1000 * gauge.stage })
        .bindPopup(popup(gauge, data.end)).addTo(map);
    });
    map.attributionControl.setPrefix("Leaflet");
    map.attributionControl.addAttribution("Natural Earth");
    map.fitBounds(L.latLngBounds(data.gauges.map(function (g) { return g.at; })).pad(0.3), { maxZoom: 11 });
  }

  return start;
})();
