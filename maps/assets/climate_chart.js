"use strict";
/* The yearly series of a region or station: observed, trend, futures with their range; stripes. */
var Mulgil = (function () {
  var page = JSON.parse(document.getElementById("page").textContent), words = page.words, data = null;
  var WIDTH = window.innerWidth < 600 ? 560 : 900, HEIGHT = 380, LEFT = 58, RIGHT = 26, TOP = 14, BOTTOM = 34, NS = "http://www.w3.org/2000/svg";
  var COLD = ["#2166ac", "#67a9cf", "#d1e5f0"], WARM = ["#fddbc7", "#ef8a62", "#b2182b"];
  var DRY = ["#8c510a", "#d8b365", "#f6e8c3"], WET = ["#c7eae5", "#5ab4ac", "#01665e"];

  function put(name, content) { data = content; }

  function svg(kind, facts, text) {
    var made = document.createElementNS(NS, kind);
    Object.keys(facts || {}).forEach(function (key) { made.setAttribute(key, facts[key]); });
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function layerOf() {
    var id = document.getElementById("chart-layer").value;
    return page.layers.find(function (layer) { return layer.id === id; });
  }

  function series(layer) {
    var held = data.layers[layer.id], scale = Math.pow(10, layer.decimals);
    function real(v) { return v === null ? null : v / scale; }
    var first = data.first + held.skip;
    var past = held.observed.map(function (v, n) { return { year: first + n, value: real(v) }; });
    var coming = Object.keys(held.future).map(function (name) {
      var ends = held.future[name];
      return {
        name: name,
        years: ends[1].map(function (v, n) {
          return { year: data.after + 1 + n, low: real(ends[0][n]), value: real(v), high: real(ends[2][n]) };
        })
      };
    });
    return { past: past, coming: coming };
  }

  function number(value, digits) {
    if (value === null) { return ""; }
    var text = Math.abs(value).toFixed(digits);
    return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
  }

  function nice(width) {
    var power = Math.pow(10, Math.floor(Math.log10(width)));
    return [1, 2, 2.5, 5, 10].map(function (s) { return s * power; }).find(function (s) { return s >= width; });
  }

  function frame(found) {
    var values = [], years = [];
    found.past.forEach(function (p) { if (p.value !== null) { values.push(p.value); years.push(p.year); } });
    found.coming.forEach(function (c) {
      c.years.forEach(function (p) { if (p.value !== null) { values.push(p.low, p.high); years.push(p.year); } });
    });
    if (!values.length) { return null; }
    var low = Math.min.apply(null, values), high = Math.max.apply(null, values);
    if (low === high) { low -= 1; high += 1; }
    var step = nice((high - low) / 5), start = Math.min.apply(null, years), end = Math.max.apply(null, years);
    low = Math.floor(low / step) * step;
    high = Math.ceil(high / step) * step;
    return {
      low: low, high: high, step: step, start: start, end: end,
      x: function (year) { return LEFT + (year - start) / Math.max(end - start, 1) * (WIDTH - LEFT - RIGHT); },
      y: function (v) { return HEIGHT - BOTTOM - (v - low) / (high - low) * (HEIGHT - TOP - BOTTOM); }
    };
  }

  function path(points, at, key) {
    var pen = "M";
    return points.map(function (p) {
      if (p[key] === null) { pen = "M"; return ""; }
      var part = pen + at.x(p.year).toFixed(1) + " " + at.y(p[key]).toFixed(1);
      pen = "L";
      return part;
    }).join("");
  }

  function band(points, at) {
    var known = points.filter(function (p) { return p.value !== null; });
    var up = known.map(function (p) { return at.x(p.year).toFixed(1) + " " + at.y(p.high).toFixed(1); });
    var down = known.reverse().map(function (p) { return at.x(p.year).toFixed(1) + " " + at.y(p.low).toFixed(1); });
    return up.length ? "M" + up.concat(down).join("L") + "Z" : "";
  }

  function axes(picture, at, layer) {
    for (var v = at.low; v <= at.high + at.step / 2; v += at.step) {
      picture.append(svg("path", { class: "grid", d: "M" + LEFT + " " + at.y(v) + "H" + (WIDTH - RIGHT) }));
      picture.append(svg("text", { class: "end", x: LEFT - 6, y: at.y(v) + 5 }, String(Number(v.toFixed(6))).replace("-", "−")));
    }
    var every = at.end - at.start > 90 ? 20 : 10;
    for (var year = Math.ceil(at.start / every) * every; year <= at.end; year += every) {
      picture.append(svg("path", { class: "grid", d: "M" + at.x(year) + " " + TOP + "V" + (HEIGHT - BOTTOM) }));
      picture.append(svg("text", { class: "middle", x: at.x(year), y: HEIGHT - BOTTOM + 20 }, year));
    }
    picture.append(svg("text", { x: LEFT + 6, y: TOP + 12 }, layer.unit));
  }

  /* The Theil-Sen line as published, through the middle of the years that it was fitted on. */
  function trendLine(found, at, layer) {
    if (layer.trend === null) { return ""; }
    var fitted = found.past.filter(function (p) { return p.value !== null && p.year >= page.trendFrom; });
    if (!fitted.length) { return ""; }
    var values = fitted.map(function (p) { return p.value; }).sort(function (a, b) { return a - b; });
    var years = fitted.map(function (p) { return p.year; });
    var middle = values[Math.floor(values.length / 2)], centre = years[Math.floor(years.length / 2)];
    return [years[0], years[years.length - 1]].map(function (year, n) {
      return (n ? "L" : "M") + at.x(year).toFixed(1) + " " + at.y(middle + layer.trend[0] * (year - centre) / 10).toFixed(1);
    }).join("");
  }

  function draw() {
    var layer = layerOf(), found = series(layer), at = frame(found), box = document.getElementById("chart");
    var said = document.getElementById("chart-said");
    box.replaceChildren();
    said.replaceChildren();
    if (!at) { box.textContent = words.missing; stripes(layer, found); table(layer, found); return; }
    var picture = svg("svg", { viewBox: "0 0 " + WIDTH + " " + HEIGHT, role: "img", "aria-labelledby": "chart-said" });
    axes(picture, at, layer);
    found.coming.forEach(function (c) {
      picture.append(svg("path", { class: "band " + c.name, d: band(c.years, at) }));
      picture.append(svg("path", { class: "line " + c.name, d: path(c.years, at, "value") }));
    });
    picture.append(svg("path", { class: "line seen", d: path(found.past, at, "value") }));
    picture.append(svg("path", { class: "line trend", d: trendLine(found, at, layer) }));
    box.append(picture);
    tellChart(said, layer, found);
    stripes(layer, found);
    table(layer, found);
  }

  function tellChart(said, layer, found) {
    var list = document.createElement("ul");
    function item(name, text) {
      var line = document.createElement("li");
      line.className = "k-" + name;
      line.textContent = text;
      list.append(line);
    }
    item("seen", words.observed);
    if (layer.trend) {
      item("trend", words.trend + ": " + layer.trend.map(function (v) { return number(v, layer.decimals + 1); }).join(" / ") + " " + layer.unit);
    }
    found.coming.forEach(function (c) {
      item(c.name, (page.synthetic ? words.synthetic + " " : "") + page.scenarios[c.name] + " (" + words.range + ")");
    });
    said.append(list);
  }

  function normal(past) {
    var known = past.filter(function (p) { return p.value !== null && p.year >= 1991 && p.year <= 2020; });
    if (known.length < 24) { return null; }
    return known.reduce(function (sum, p) { return sum + p.value; }, 0) / known.length;
  }

  function stripes(layer, found) {
    var box = document.getElementById("stripes"), mean = normal(found.past);
    box.replaceChildren();
    if (mean === null) { box.textContent = words.missing; return; }
    var gaps = found.past.map(function (p) { return p.value === null ? null : p.value - mean; });
    var most = Math.max.apply(null, gaps.map(function (g) { return Math.abs(g || 0); })) || 1;
    var low = layer.wet ? DRY : COLD, high = layer.wet ? WET : WARM;
    if (layer.turned) { var kept = low; low = high.slice().reverse(); high = kept.slice().reverse(); }
    var picture = svg("svg", { viewBox: "0 0 " + gaps.length + " 20", preserveAspectRatio: "none", role: "img" });
    var years = found.past[0].year + "–" + found.past[gaps.length - 1].year;
    picture.setAttribute("aria-label", words.stripes + " " + years + ", ±" + number(most, layer.decimals) + " " + layer.unit);
    gaps.forEach(function (g, n) {
      var size = g === null ? 0 : Math.min(2, Math.floor(Math.abs(g) / most * 3));
      var colour = g === null ? "none" : g < 0 ? low[2 - size] : high[size];
      picture.append(svg("rect", { x: n, y: 0, width: 1.02, height: 20, fill: colour }));
    });
    var scale = document.createElement("p");
    scale.className = "quiet";
    scale.textContent = years + " · ±" + number(most, layer.decimals) + " " + layer.unit;
    box.append(picture, scale);
  }

  function rows(layer, found) {
    var names = found.coming.map(function (c) { return c.name; });
    var head = [words.year, words.observed];
    names.forEach(function (name) { head.push(page.scenarios[name] + " p10", page.scenarios[name] + " p50", page.scenarios[name] + " p90"); });
    var made = found.past.map(function (p) { return [p.year, number(p.value, layer.decimals)]; });
    (found.coming.length ? found.coming[0].years : []).forEach(function (p, n) {
      var row = [p.year, ""];
      found.coming.forEach(function (c) {
        row.push(number(c.years[n].low, layer.decimals), number(c.years[n].value, layer.decimals), number(c.years[n].high, layer.decimals));
      });
      made.push(row);
    });
    return [head].concat(made);
  }

  function table(layer, found) {
    var body = document.getElementById("series");
    body.replaceChildren.apply(body, rows(layer, found).map(function (row, n) {
      var line = document.createElement("tr");
      row.forEach(function (text, column) {
        var cell = document.createElement(n === 0 || column === 0 ? "th" : "td");
        if (n === 0 || column === 0) { cell.scope = n === 0 ? "col" : "row"; }
        cell.textContent = text;
        line.append(cell);
      });
      return line;
    }));
  }

  function save() {
    var layer = layerOf(), link = document.createElement("a");
    var lines = rows(layer, series(layer)).map(function (row) { return row.join(",").replace(/−/g, "-"); });
    var first = (page.synthetic ? "# SYNTHETIC futures; " : "# ") + layer.name.replace(/,/g, "") + " [" + layer.unit + "]";
    link.href = URL.createObjectURL(new Blob(["\ufeff" + [first].concat(lines).join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.download = "mulgil-" + page.code + "-" + layer.id + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var chosen = document.getElementById("chart-layer");
    if (!data) { return; }
    var asked = new URLSearchParams(location.hash.slice(1)).get("layer");
    if (page.layers.some(function (layer) { return layer.id === asked; })) { chosen.value = asked; }
    document.querySelectorAll(".script-only").forEach(function (part) { part.hidden = false; });
    chosen.addEventListener("change", function () {
      history.replaceState(null, "", "#layer=" + chosen.value);
      draw();
    });
    document.getElementById("save-series").addEventListener("click", save);
    draw();
  });

  return { put: put };
})();
