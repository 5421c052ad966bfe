"use strict";
/* The map and the legend. Names are set as text, never as HTML. */
(function () {
  var bases = {}, markers = [], ZOOM = 11;

  function page() {
    return JSON.parse(document.getElementById("gauges").textContent);
  }

  Mulgil.put = function (name, base) { bases[name] = base; };

  Mulgil.map = function (id) {
    var calm = matchMedia("(prefers-reduced-motion: reduce)").matches, zoom = page().zoom;
    var map = L.map(id, {
      zoomControl: false, zoomSnap: 0.5, minZoom: 2, maxZoom: 13, scrollWheelZoom: false,
      dragging: !L.Browser.mobile, // a finger on the map scrolls the page, two move the map
      zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm
    });
    L.control.zoom({ zoomInTitle: zoom[0], zoomOutTitle: zoom[1] }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    map.on("focus", function () { map.scrollWheelZoom.enable(); });
    map.getContainer().addEventListener("keydown", function (event) {
      if (event.key === "Escape") { map.closePopup(); } // also when a symbol has the focus
    });
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

  Mulgil.land = function (map) {
    paint(map, bases.land, "rings", "land");
    paint(map, bases.korea || bases.land, bases.korea ? "rings" : "korea", "land");
    map.attributionControl.addAttribution("Natural Earth");
    if (bases.korea) {
      paint(map, bases.korea, "borders", "province");
      map.attributionControl.addAttribution("국토지리정보원 (NGII)");
    }
  };

  function icon(stage) {
    var symbol = document.querySelector('.legend [data-stage="' + Number(stage) + '"] svg').cloneNode(true);
    symbol.setAttribute("width", 28);
    symbol.setAttribute("height", 28);
    return L.divIcon({ className: "marker", html: symbol, iconSize: [28, 28] });
  }

  function popup(gauge, word) {
    var box = document.createElement("div"), link = document.createElement("a"), said = document.createElement("p");
    link.href = "gauge/" + gauge.page;
    link.textContent = gauge.name;
    said.textContent = Mulgil.overdue() ? word : word + ". " + gauge.sentence;
    box.append(link, said);
    return box;
  }

  function place(gauge) {
    var old = Mulgil.overdue(), stage = old ? -1 : gauge.stage;
    var word = old ? document.body.dataset.unknown : gauge.word;
    var marker = L.marker(gauge.at, {
      icon: icon(stage), title: gauge.name, alt: gauge.name + ": " + word, zIndexOffset: 1000 * stage
    });
    marker.bindPopup(popup(gauge, word));
    markers.push({ stage: gauge.stage, marker: marker });
    return marker;
  }

  Mulgil.gauges = function (map) {
    var gauges = page().gauges;
    gauges.forEach(function (gauge) { place(gauge).addTo(map); });
    map.fitBounds(L.latLngBounds(gauges.map(function (g) { return g.at; })).pad(0.2), { maxZoom: ZOOM });
    legend(map);
  };

  function choose(map, stages) {
    document.querySelectorAll(".gauges > .gauge").forEach(function (row) {
      row.hidden = stages.length > 0 && stages.indexOf(Number(row.dataset.stage)) < 0;
    });
    markers.forEach(function (m) {
      if (!stages.length || stages.indexOf(m.stage) >= 0) { m.marker.addTo(map); } else { m.marker.remove(); }
    });
  }

  function legend(map) {
    var buttons = Array.from(document.querySelectorAll(".legend button")), hint = document.querySelector(".legend .hint");
    hint.hidden = false;
    buttons.forEach(function (button) {
      button.disabled = button.querySelector("b").textContent === "0";
      button.addEventListener("click", function () {
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
        choose(map, buttons.filter(function (b) { return b.getAttribute("aria-pressed") === "true"; })
          .map(function (b) { return Number(b.dataset.stage); }));
      });
    });
  }
})();
