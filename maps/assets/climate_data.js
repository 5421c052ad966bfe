"use strict";
/* The page's catalogue, its state (kept in the address), and the numbers, loaded when needed. */
var Mulgil = (function () {
  var page = JSON.parse(document.getElementById("atlas").textContent);
  var KEYS = Object.keys(page.first), SIDES = ["left", "right"], OBSERVED = "observed";
  var store = {}, asked = {}, waiting = null, state = Object.assign({}, page.first);
  var layers = {}, regions = [], order = {};
  page.layers.forEach(function (layer) { layers[layer.id] = layer; });
  page.regions.forEach(function (row, n) {
    order[row[0]] = n;
    regions.push({ code: row[0], name: row[1], parent: row[2], at: n });
  });
  regions.forEach(function (region) {
    var inner = region.code.length === 5;
    region.full = inner ? region.name + " (" + regions[order[region.parent]].name + ")" : region.name;
  });

  function put(name, content) {
    store[name] = content;
    if (waiting) { need(waiting.names, waiting.done); }
  }

  /* Load files by scripts, as a page opened from a folder may; only the newest wish is served. */
  function need(names, done) {
    var missing = names.filter(function (name) { return !(name in store); });
    waiting = missing.length ? { names: names, done: done } : null;
    missing.forEach(function (name) {
      if (name === "regions" || asked[name]) { return; }
      asked[name] = true;
      var script = document.createElement("script");
      script.src = "data/" + name + ".js?" + page.release;
      script.addEventListener("error", function () { delete asked[name]; });
      document.head.appendChild(script);
    });
    if (!missing.length) { done(); }
  }

  function fits(key, value) {
    if (key === "region") { return value === "" || value in order; }
    return Array.from(document.getElementById("choose-" + key).options).some(function (option) {
      return option.value === value;
    });
  }

  function read() {
    var given = new URLSearchParams(location.hash.slice(1));
    KEYS.forEach(function (key) {
      var value = given.get(key);
      state[key] = value !== null && fits(key, value) ? value : page.first[key];
    });
  }

  function write(replace) {
    var hash = "#" + KEYS.map(function (key) { return key + "=" + state[key]; }).join("&");
    if (hash === location.hash) { return; }
    if (replace) { history.replaceState(null, "", hash); } else { history.pushState(null, "", hash); }
  }

  function wanted() {
    var names = ["regions", state.layer + "-observed"];
    SIDES.forEach(function (side) {
      if (state[side] !== OBSERVED) { names.push(state.layer + "-" + state[side].split(":")[0]); }
    });
    return names;
  }

  /* A number as it is written in the page's own table. */
  function number(value, digits, signed) {
    if (value === null) { return ""; }
    var text = Math.abs(value).toFixed(digits);
    return (value < 0 ? "−" : value > 0 && signed ? "+" : "") + text;
  }

  function round(value, digits) { // halves to even, as the published tables
    var power = Math.pow(10, digits), scaled = value * power, near = Math.round(scaled);
    if (Math.abs(scaled - Math.trunc(scaled)) === 0.5 && near % 2) { near -= 1; }
    return near / power || 0; // no minus zero
  }

  function real(list, layer) {
    var power = Math.pow(10, layer.decimals);
    return list.map(function (v) { return v === null ? null : v / power; });
  }

  /* A change is computed from published levels: a difference, or percent where observed > 0. */
  function change(future, observed, layer) {
    return future.map(function (value, n) {
      var base = observed[n];
      if (value === null || base === null || (layer.percent && base <= 0)) { return null; }
      return round(layer.percent ? 100 * (value / base - 1) : value - base, layer.moved[0]);
    });
  }

  /* What one map shows: values by region, class breaks, unit, ends, and how far to trust each. */
  function view(side) {
    var layer = layers[state.layer], seen = store[layer.id + "-observed"];
    var observed = real(seen.value[state.baseline], layer);
    if (state[side] === OBSERVED) {
      return {
        layer: layer, observed: observed, value: observed, why: seen.why[state.baseline], window: null,
        digits: layer.decimals, unit: layer.unit, signed: false, classes: layer.levels
      };
    }
    var asked_ = state[side].split(":"), moved = asked_[2] === "change";
    var part = store[layer.id + "-" + asked_[0]][asked_[1]];
    var level = part.value.map(function (list) { return real(list, layer); });
    var changes = level.map(function (list) { return change(list, observed, layer); });
    var shown = moved ? changes : level;
    return {
      layer: layer, observed: observed, value: shown[1], low: shown[0], high: shown[2], level: level[1],
      change: changes[1], why: part.why, agree: part.agree, models: part.models, signed: moved,
      window: page.windows[asked_[0] + ":" + asked_[1]], seenWhy: seen.why[state.baseline],
      modelled: level[1].some(function (v) { return v !== null; }),
      digits: moved ? layer.moved[0] : layer.decimals, unit: moved ? layer.moved[1] : layer.unit,
      classes: moved ? layer.changes : layer.levels
    };
  }

  /* Why a region has no value, or how far a change may be trusted. */
  function said(shown, n) {
    if (!shown.window) { return page.reason[shown.why[n]]; }
    if (!shown.modelled) { return page.words.not_modelled; }
    if (shown.value[n] === null && shown.level[n] !== null) { return page.reason[shown.seenWhy[n]]; }
    return page.robustness[shown.why[n]];
  }

  function title(shown) {
    var baseline = state.baseline.replace("-", "–");
    if (!shown.window) { return page.words.observed_mean + " " + baseline; }
    var how = shown.signed ? page.words.change_from.replace("{}", baseline) : page.words.level_shown;
    return named(shown) + " · " + how;
  }

  function named(shown) {
    return (page.synthetic ? "[" + page.words.synthetic + "] " : "") + shown.window.name;
  }

  function fill(text) {
    var rest = Array.prototype.slice.call(arguments, 1);
    return text.replace(/\{\}/g, function () { return rest.shift(); });
  }

  function ofLevel(length) {
    return regions.filter(function (r) { return r.code !== "KR" && r.code.length === length; });
  }

  return {
    page: page, words: page.words, state: state, store: store, regions: regions, order: order, sides: SIDES,
    keys: KEYS, put: put, need: need, wanted: wanted, read: read, write: write, number: number, view: view,
    said: said, title: title, named: named, fill: fill, ofLevel: ofLevel,
    shownRegions: function () { return ofLevel(state.level === "sido" ? 2 : 5); }
  };
})();
