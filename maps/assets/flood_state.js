"use strict";
/* What a reader asked for: search, stages, river, time. It stands in the page's address, so that a
   link shows the same, and goes along to the other language. */
(function () {
  var NAMES = { "-1": "unknown", 0: "normal", 1: "attention", 2: "watch", 3: "warning", 4: "severe" };
  var state = { q: "", stages: [], river: -1, position: 0, match: null }, listeners = [];

  Mulgil.state = function () { return state; };
  Mulgil.onChange = function (listener) { listeners.push(listener); };

  Mulgil.change = function (asked) {
    Object.assign(state, asked);
    keep();
    match().then(tell, Mulgil.gone);
  };

  function tell() { listeners.forEach(function (listener) { listener(state); }); }

  // Marks the gauges whose id, names or river hold every word of the search.
  function match() {
    var words = state.q.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { state.match = null; return Promise.resolve(); }
    return Mulgil.load("names").then(function (names) {
      var stations = Mulgil.stations();
      state.match = Uint8Array.from({ length: stations.count }, function (_, n) {
        var river = stations.rivers[stations.river[n]];
        var text = (names.id[n] + "\n" + names.ko[n] + "\n" + names.en[n] + "\n" + river.join("\n")).toLowerCase();
        return words.every(function (word) { return text.includes(word); }) ? 1 : 0;
      });
    });
  }

  function lead(position) {
    if (position < 2) { return position === 1 ? "now" : ""; }
    var config = Mulgil.config(), minutes = config.leads[position - 2] * config.step;
    return minutes % 60 ? minutes + "m" : minutes / 60 + "h";
  }

  function keep() {
    var parts = new URLSearchParams(), rivers = Mulgil.stations().rivers;
    if (state.q) { parts.set("q", state.q); }
    if (state.stages.length) { parts.set("stage", state.stages.map(function (stage) { return NAMES[stage]; }).join()); }
    if (state.river >= 0) { parts.set("river", rivers[state.river][0]); }
    if (state.position) { parts.set("lead", lead(state.position)); }
    var hash = String(parts) && "#" + parts;
    history.replaceState(null, "", hash || location.pathname + location.search);
    document.querySelectorAll("nav a[hreflang]").forEach(function (other) { other.hash = hash; });
  }

  function position(text) {
    var config = Mulgil.config(), found = /^(\d+)([hm])$/.exec(text || "");
    if (!found) { return text === "now" ? 1 : 0; }
    var steps = Number(found[1]) * (found[2] === "h" ? 60 : 1) / config.step;
    return config.leads.includes(steps) ? config.leads.indexOf(steps) + 2 : 0;
  }

  function restore(event) {
    if (location.hash && !location.hash.includes("=")) { // a place on the page
      if (!event) { tell(); }
      return;
    }
    var parts = new URLSearchParams(location.hash.slice(1)), stages = (parts.get("stage") || "").split(",");
    Mulgil.change({
      q: parts.get("q") || "",
      stages: Object.keys(NAMES).filter(function (stage) { return stages.includes(NAMES[stage]); }).map(Number),
      river: Mulgil.stations().rivers.findIndex(function (river) { return river[0] === parts.get("river"); }),
      position: position(parts.get("lead"))
    });
  }

  Mulgil.restore = function () {
    addEventListener("hashchange", restore);
    restore();
  };
})();
