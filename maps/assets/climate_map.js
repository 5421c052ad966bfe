"use strict";
/* Two Leaflet maps that move together. Geometry is drawn once, then only its fill changes. */
(function () {
  var maps = {}, drawn = {}, moving = false, KOREA = [[33.1, 125.8], [38.65, 129.7]];
  var GREY = "#9aa", PATTERN = { 2: "url(#hatch-2)", 3: "url(#hatch-3)", 4: "url(#hatch-4)", 5: "url(#hatch-4)" };

  Mulgil.grey = GREY;
  Mulgil.pattern = PATTERN;

  Mulgil.climateMap = function (id, side) {
    var calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    var map = L.map(id, {
      zoomControl: false, zoomSnap: 0.25, minZoom: 5, maxZoom: 12, scrollWheelZoom: false,
      dragging: !L.Browser.mobile, // a finger on the map scrolls the page, two move the map
      zoomAnimation: false, fadeAnimation: !calm, markerZoomAnimation: false, inertia: !calm,
      renderer: L.svg({ padding: 0.5 })
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

  function ring(steps) {
    var x = 0, y = 0, scale = Mulgil.store.regions.scale, corners = [];
    for (var i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      corners.push([y / scale, x / scale]);
    }
    return corners;
  }

  /* The parts of a region, each an outer ring and its holes. */
  Mulgil.parts = function (code) {
    return Mulgil.store.regions.shapes[code].map(function (part) { return part.map(ring); });
  };

  function polygon(code, kind, options) {
    return L.polygon(Mulgil.parts(code), Object.assign({ className: kind, weight: 1, smoothFactor: 0, interactive: false }, options));
  }

  /* A fill and a hatch for each region of a level, and the provinces' borders over the districts. */
  function draw(map, level) {
    var key = map.side + level;
    if (drawn[key]) { return drawn[key]; }
    var made = { all: L.layerGroup(), fill: [], hatch: [], regions: Mulgil.shownRegions() };
    made.regions.forEach(function (region) {
      var fill = polygon(region.code, "region", { interactive: true, fillOpacity: 1 });
      fill.on("click", function () { Mulgil.choose({ region: region.code }); });
      fill.on("mouseover", function () { Mulgil.hover(region.code); });
      fill.on("mouseout", function () { Mulgil.hover(null); });
      made.fill.push(fill.addTo(made.all));
    });
    made.regions.forEach(function (region) {
      made.hatch.push(polygon(region.code, "hatch", { stroke: false, fillOpacity: 1 }).addTo(made.all));
    });
    if (level !== "sido") {
      Mulgil.ofLevel(2).forEach(function (region) {
        polygon(region.code, "province-line", { fill: false, weight: 1.2 }).addTo(made.all);
      });
    }
    drawn[key] = made;
    return made;
  }

  Mulgil.classOf = function (value, breaks) {
    var n = 0;
    while (n < breaks.length && value >= breaks[n]) { n += 1; }
    return n;
  };

  /* Colour one map: a single pass over its regions. */
  Mulgil.paint = function (side, shown) {
    var map = maps[side], made = draw(map, Mulgil.state.level);
    if (map.made !== made) {
      if (map.made) { map.made.all.remove(); }
      map.made = made;
      made.all.addTo(map);
    }
    made.regions.forEach(function (region, i) {
      var value = shown.value[region.at], pattern = value !== null && shown.window && PATTERN[shown.why[region.at]];
      var colour = value === null ? GREY : shown.classes[1][Mulgil.classOf(value, shown.classes[0])];
      made.fill[i].setStyle({ fillColor: colour });
      made.hatch[i].setStyle({ fill: Boolean(pattern), fillColor: pattern || "none" });
    });
    outline(map);
  };

  function outline(map) {
    var code = Mulgil.state.region, fresh = map.region !== code;
    map.region = code;
    if (map.chosen) { map.chosen.remove(); map.chosen = null; }
    if (!code || code === "KR") { return; }
    var casing = polygon(code, "chosen-casing", { fill: false, weight: 7 });
    map.chosen = L.layerGroup([casing, polygon(code, "chosen", { fill: false, weight: 3 })]).addTo(map);
    if (fresh) { map.panInside(casing.getBounds().getCenter(), { padding: [40, 40], animate: false }); } // far islands
  }

  Mulgil.regionsOn = function (map) {
    map.fitBounds(KOREA);
    map.on("move", function () {
      if (moving) { return; }
      moving = true;
      Object.keys(maps).forEach(function (side) {
        if (maps[side] !== map) { maps[side].setView(map.getCenter(), map.getZoom(), { animate: false }); }
      });
      moving = false;
    });
  };
})();
