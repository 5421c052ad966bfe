"use strict";
/* The map: Leaflet without tiles, the land from files of our own, the gauges on one canvas. */
(function () {
  var ZOOM = 11, AROUND = [[17, 99], [56, 155]], layer = null, chart = null;

  Mulgil.map = function (id) {
    var calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    var map = L.map(id, {
      zoomControl: false, zoomSnap: 0.25, minZoom: 1, maxZoom: 13, scrollWheelZoom: false,
      dragging: !L.Browser.mobile, // a finger on the map scrolls the page, two move the map
      zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm
    });
    L.control.zoom({ zoomInTitle: Mulgil.say("zoom_in"), zoomOutTitle: Mulgil.say("zoom_out") }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    map.on("focus", function () { map.scrollWheelZoom.enable(); });
    map.on("blur", function () { map.scrollWheelZoom.disable(); });
    return map;
  };

  function rings(base, part) {
    return (base[part] || []).map(function (steps) {
      var x = 0, y = 0, ring = [];
      for (var i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        ring.push([y / base.scale, x / base.scale]);
      }
      return ring;
    });
  }

  function paint(map, base, part, kind) {
    L.polygon(rings(base, part).map(function (ring) { return [ring]; }), {
      className: kind, weight: 1, smoothFactor: 0.5, interactive: false
    }).addTo(map);
  }

  // Korea's own map, and no farther than the land around it is drawn.
  function korea(map, base) {
    paint(map, Mulgil.value("around_korea"), "rings", "land");
    paint(map, base, "rings", "land");
    paint(map, base, "borders", "province");
    map.setMinZoom(5).setMaxBounds(AROUND);
    map.options.maxBoundsViscosity = 1;
    map.attributionControl.addAttribution("국토지리정보원 (NGII)");
  }

  Mulgil.land = function (map) {
    var base = Mulgil.value("korea");
    map.attributionControl.addAttribution("Natural Earth");
    if (base) { korea(map, base); return; }
    ["rings", "korea"].forEach(function (part) { paint(map, Mulgil.value("land"), part, "land"); });
  };

  function fit(gauges) {
    var all = Mulgil.stations(), south = 90, north = -90, west = 180, east = -180;
    gauges.forEach(function (n) {
      south = Math.min(south, all.latitude[n]);
      north = Math.max(north, all.latitude[n]);
      west = Math.min(west, all.longitude[n]);
      east = Math.max(east, all.longitude[n]);
    });
    if (gauges.length) { chart.fitBounds(L.latLngBounds([south, west], [north, east]).pad(0.1), { maxZoom: ZOOM }); }
  }

  // Moves the map to the gauges that are asked for.
  Mulgil.fit = function () { fit(Mulgil.select(Mulgil.state()).list); };
  Mulgil.paint = function (gauges, position) { layer.show(gauges, position); };

  // New colours or new pixels: the symbols are drawn again.
  function watch() {
    ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"].forEach(function (query) {
      matchMedia(query).addEventListener("change", function () { layer.forget(); });
    });
    chart.on("resize", function () { layer.forget(); });
  }

  Mulgil.gauges = function (map) {
    chart = map;
    map.createPane("gauges").style.zIndex = 450; // above the land, below tooltips
    fit(Array.from(Mulgil.stations().latitude.keys()));
    layer = new Mulgil.GaugeLayer().addTo(map);
    Mulgil.walk(map, layer);
    Mulgil.startList();
    Mulgil.startControls();
    watch();
  };
})();
