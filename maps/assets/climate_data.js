"use strict";
/* The page's catalogue, its state (kept in the address), and the values, loaded when needed. */
var Mulgil = (function () {
  var page = JSON.parse(document.getElementById("atlas").textContent);
  var store = {}, waiting = [], state = Object.assign({}, page.first);
  var byId = {}, order = {};
  page.layers.forEach(function (layer) { byId[layer.id] = layer; });
  page.regions.forEach(function (region, n) { order[region.code] = n; });

  function put(name, content) {
    store[name] = content;
    waiting = waiting.filter(function (w) {
      if (!w.names.every(function (n) { return n in store; })) { return true; }
      w.done();
      return false;
    });
  }

  function need(names, done) {
    var missing = names.filter(function (n) { return !(n in store); });
    if (!missing.length) { done(); return; }
    waiting.push({ names: names, done: done });
    missing.forEach(function (name) {
      if (document.querySelector('script[data-name="' + name + '"]')) { return; }
      var script = document.createElement("script");
      script.src = page.folder + "/" + name + ".js";
      script.dataset.name = name;
      document.head.appendChild(script);
    });
  }

  function options(id) {
    return Array.from(document.getElementById(id).options).map(function (o) { return o.value; });
  }

  function fits(key, value) {
    if (key === "region") { return value === "" || value in order; }
    return options("choose-" + key).indexOf(value) >= 0;
  }

  function fromAddress() {
    var asked = new URLSearchParams(location.hash.slice(1));
    Object.keys(page.first).forEach(function (key) {
      var value = asked.get(key);
      state[key] = value !== null && fits(key, value) ? value : page.first[key];
    });
  }

  function toAddress(replace) {
    var hash = "#" + new URLSearchParams(state).toString();
    if (hash === location.hash) { return; }
    if (replace) { history.replaceState(null, "", hash); } else { history.pushState(null, "", hash); }
  }

  function number(value, digits, signed) {
    if (value === null) { return page.words.missing; }
    var text = Math.abs(value).toFixed(digits);
    var minus = value < 0 && Number(text) !== 0;
    return (minus ? "−" : signed ? "+" : "") + text;
  }

  function round(value, digits) { // halves to even, as the published tables
    var scaled = value * Math.pow(10, digits), near = Math.round(scaled);
    if (Math.abs(scaled - Math.trunc(scaled)) === 0.5 && near % 2) { near -= 1; }
    return near / Math.pow(10, digits);
  }

  /* What one side shows: values, ends, class breaks, unit, and how far to trust each region. */
  function view(side) {
    var layer = byId[state.layer], what = state[side], scale = Math.pow(10, layer.decimals);
    var seen = store[layer.id + "-obs"];
    var base = seen.value[state.base].map(function (v) { return v === null ? null : v / scale; });
    var found = { layer: layer, what: what, base: base, change: false, window: null };
    if (what === "obs") {
      found.value = base;
      found.why = seen.why[state.base];
      found.digits = layer.decimals;
      found.unit = layer.unit;
      found.classes = layer.levels;
      return found;
    }
    var group = what.split(":")[0], window_ = store[layer.id + "-" + group];
    found.window = page.windows.find(function (w) { return w.id === what; });
    found.change = state.show === "change";
    var percent = found.change && layer.kind === "percent";
    found.digits = percent ? 1 : layer.decimals;
    found.unit = percent ? "%" : layer.unit;
    found.classes = found.change ? layer.changes : layer.levels;
    var part = window_ && window_[what.slice(group.length + 1)];
    found.ends = [0, 1, 2].map(function (q) {
      return base.map(function (b, n) {
        var v = part ? part.value[q][n] : null;
        if (v === null) { return null; }
        if (!found.change) { return v / scale; }
        if (b === null || (percent && b <= 0)) { return null; }
        return round(percent ? 100 * (v / scale / b - 1) : v / scale - b, found.digits);
      });
    });
    found.value = found.ends[1];
    found.why = part ? part.why : null;
    found.agree = part ? part.agree : null;
    found.models = part ? part.models : null;
    return found;
  }

  function needed() {
    var names = [state.layer + "-obs"];
    ["left", "right"].forEach(function (side) {
      if (state[side] !== "obs" && byId[state.layer].future) {
        names.push(state.layer + "-" + state[side].split(":")[0]);
      }
    });
    return names;
  }

  return {
    page: page, state: state, store: store, byId: byId, order: order, put: put, need: need, needed: needed,
    fromAddress: fromAddress, toAddress: toAddress, number: number, view: view
  };
})();
