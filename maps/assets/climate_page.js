"use strict";
/* The choices, and everything that follows from them. */
(function () {
  var state = Mulgil.state, views = null, ready = false;

  function control(key) { return document.getElementById("choose-" + key); }

  function show() {
    Mulgil.keys.forEach(function (key) { control(key).value = state[key]; });
    document.querySelectorAll("nav a[hreflang]").forEach(function (link) {
      link.href = link.getAttribute("href").split("#")[0] + location.hash;
    });
    document.getElementById("csv-layer").href = "csv/" + state.layer + ".csv";
    Mulgil.need(Mulgil.wanted(), function () {
      views = Mulgil.sides.map(Mulgil.view);
      Mulgil.sides.forEach(function (side, n) {
        Mulgil.paint(side, views[n]);
        Mulgil.legend(side, views[n]);
      });
      Mulgil.table(views);
      Mulgil.tell(state.region, views);
      document.body.dataset.shown = location.hash;
    });
  }

  /* Take over a change of the state: a new step of the browser's history. */
  Mulgil.choose = function (change) {
    Object.assign(state, change);
    if (change.level && state.region.length !== (state.level === "sido" ? 2 : 5) && state.region !== "KR") { state.region = ""; }
    if (change.region && change.region !== "KR") { state.level = change.region.length === 2 ? "sido" : "sigungu"; }
    Mulgil.write(false);
    show();
  };

  Mulgil.hover = function (code) {
    if (views) { Mulgil.tell(code || state.region, views); }
  };

  function find(event) {
    var text = event.target.value.trim().toLowerCase(), length = state.level === "sido" ? 2 : 5;
    if (!text) { return; }
    var found = Mulgil.regions.map(function (region) {
      var full = region.full.toLowerCase(), name = region.name.toLowerCase(), at = full.indexOf(text);
      var rank = full === text ? 0 : name === text ? 1 : at === 0 ? 2 : at > 0 ? 3 : 9;
      return { code: region.code, rank: rank + (region.code.length === length ? 0 : 0.5) };
    }).filter(function (each) { return each.rank < 9; }).sort(function (a, b) { return a.rank - b.rank; });
    if (found.length) { Mulgil.choose({ region: found[0].code }); return; }
    document.getElementById("readout").replaceChildren(Mulgil.make("p", Mulgil.words.no_such_region));
  }

  function search() {
    var box = document.getElementById("find"), names = document.getElementById("names");
    Mulgil.regions.forEach(function (region) {
      var option = document.createElement("option");
      option.value = region.full;
      names.append(option);
    });
    box.disabled = false;
    box.addEventListener("change", find);
  }

  function start() {
    if (ready) { return; }
    ready = true;
    Mulgil.keys.forEach(function (key) {
      control(key).disabled = false;
      control(key).addEventListener("change", function () {
        var change = {};
        change[key] = control(key).value;
        Mulgil.choose(change);
      });
    });
    search();
    document.getElementById("save-csv").addEventListener("click", function () { Mulgil.csv(views); });
    document.getElementById("save-geojson").addEventListener("click", function () { Mulgil.geojson(views); });
    document.querySelectorAll(".script-only").forEach(function (part) { part.hidden = false; });
    Mulgil.read();
    Mulgil.write(true);
    show();
  }

  window.addEventListener("hashchange", function () { Mulgil.read(); show(); }); // also by the back button
  document.addEventListener("DOMContentLoaded", start);
})();
