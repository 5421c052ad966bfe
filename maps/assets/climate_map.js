"use strict";
/* Two Leaflet maps that move together. Geometry is drawn once, then only its fill changes. */
(function () {
  var maps = {}, shapes = {}, moving = false;
  var HATCH = { 2: "url(#hatch-2)", 3: "url(#hatch-3)", 4: "url(#hatch-4)", 5: "url(#hatch-4)" };

  Mulgil.climateMap = function (id, side) {
    var calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    var map = L.map(id, {
      zoomControl: false, zoomSnap: 0.25, minZoom: 5, maxZoom: 11, scrollWheelZoom: false,
      dragging: !L.Browser.mobile, zoomAnimation: false, fadeAnimation: !calm, inertia: !calm
    });
    var zoom = document.body.dataset.zoom.split("|");
    L.control.zoom({ zoomInTitle: zoom[0], zoomOutTitle: zoom[1] }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    map.attributionControl.addAttribution("국토지리정보원 (NGII)");
    map.on("focus", function () { map.scrollWheelZoom.enable(); });
    map.on("blur", function () { map.scrollWheelZoom.disable(); });
    map.side = side;
    maps[side] = map;
    return map;
  };

  function rings(code) {
    var base = Mulgil.store.regions;
    return base.shapes[code].map(function (steps) {
      var x = 0, y = 0, ring = [];
      for (var i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        ring.push([y / base.scale, x / base.scale]);
      }
      return ring;
    });
  }

  function polygon(code, kind, interactive) {
    return L.polygon(rings(code).map(function (ring) { return [ring]; }), {
      className: kind, weight: 1, smoothFactor: 0, interactive: interactive, fillOpacity: 1
    });
  }

  /* One fill and one hatch for each region, by level; made when first shown. */
  function layersOf(map, level) {
    var key = map.side + level;
    if (shapes[key]) { return shapes[key]; }
    var length = level === "sido" ? 2 : 5, made = { fill: L.layerGroup(), hatch: L.layerGroup(), of: {} };
    Mulgil.page.regions.forEach(function (region) {
      if (region.code.length !== length || region.code === "KR") { return; }
      var fill = polygon(region.code, "region", true), hatch = polygon(region.code, "hatch", false);
      fill.on("click", function () { Mulgil.choose({ region: region.code }); });
      fill.on("mouseover", function () { Mulgil.tell(region.code); });
      made.fill.addLayer(fill);
      made.hatch.addLayer(hatch);
      made.of[region.code] = { fill: fill, hatch: hatch };
    });
    shapes[key] = made;
    return made;
  }

  function classOf(value, breaks) {
    var n = 0;
    while (n < breaks.length && value >= breaks[n]) { n += 1; }
    return n;
  }

  Mulgil.classOf = classOf;

  function paint(map) {
    var level = Mulgil.state.level, made = layersOf(map, level), view = Mulgil.view(map.side);
    if (map.shown !== made) {
      if (map.shown) { map.shown.fill.remove(); map.shown.hatch.remove(); map.frame.remove(); }
      map.shown = made;
      made.fill.addTo(map);
      made.hatch.addTo(map);
      map.frame = frame(map, level).addTo(map);
    }
    Object.keys(made.of).forEach(function (code) {
      var n = Mulgil.order[code], value = view.value[n];
      var why = view.window && view.why ? Number(view.why[n]) : 0;
      made.of[code].fill.setStyle({
        fillColor: value === null ? "#9aa5ab" : view.classes[1][classOf(value, view.classes[0])]
      });
      made.of[code].hatch.setStyle({
        fill: value !== null && why in HATCH, fillColor: HATCH[why] || "none", stroke: false
      });
    });
    outline(map);
  }

  /* The borders of provinces over districts. */
  function frame(map, level) {
    var group = L.layerGroup();
    if (level !== "sido") {
      Mulgil.page.regions.forEach(function (region) {
        if (region.code.length !== 2 || region.code === "KR") { return; }
        group.addLayer(polygon(region.code, "province-line", false).setStyle({ fill: false, weight: 1.5 }));
      });
    }
    return group;
  }

  function outline(map) {
    if (map.chosen) { map.chosen.remove(); map.chosen = null; }
    var code = Mulgil.state.region;
    if (!code || code === "KR") { return; }
    map.chosen = polygon(code, "chosen", false).setStyle({ fill: false, weight: 4 }).addTo(map);
  }

  Mulgil.regions = function (map) {
    Mulgil.need(["regions"], function () {
      map.fitBounds([[33.1, 125.8], [38.65, 129.7]]);
      map.on("move", function () {
        if (moving) { return; }
        moving = true;
        Object.keys(maps).forEach(function (side) {
          if (maps[side] !== map) { maps[side].setView(map.getCenter(), map.getZoom(), { animate: false }); }
        });
        moving = false;
      });
    });
  };

  Mulgil.paint = function () {
    Object.keys(maps).forEach(function (side) { paint(maps[side]); });
  };

  Mulgil.rings = rings;
})();
