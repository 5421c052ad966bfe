"use strict";
/* The chart of a yearly series as SVG, and its stripes. Colours come from the style sheet. */
(function () {
  var page = Mulgil.page, words = Mulgil.words, number = Mulgil.number, NS = "http://www.w3.org/2000/svg";
  var LEFT = 58, TOP = 26, BOTTOM = 30;

  function svg(kind, facts, text) {
    var made = document.createElementNS(NS, kind);
    Object.keys(facts).forEach(function (key) { made.setAttribute(key, facts[key]); });
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function nice(width) {
    var power = Math.pow(10, Math.floor(Math.log10(width)));
    return [1, 2, 2.5, 5, 10].map(function (s) { return s * power; }).find(function (s) { return s >= width * (1 - 1e-9); });
  }

  function known(points) {
    return points.filter(function (p) { return p.value !== null; });
  }

  /* Where a year and a value lie; a phone gets a picture of its own size, for its text to be read. */
  function frame(found) {
    var phone = matchMedia("(max-width: 600px)").matches, width = phone ? 430 : 900, height = phone ? 360 : 400;
    var right = found.coming.length ? 84 : 14, past = known(found.past), values = past.map(function (p) { return p.value; });
    var years = past.map(function (p) { return p.year; });
    found.coming.forEach(function (c) {
      known(c.years).forEach(function (p) { values.push(p.low, p.high); years.push(p.year); });
    });
    if (!values.length) { return null; }
    var low = Math.min.apply(null, values), high = Math.max.apply(null, values);
    if (low === high) { low -= 1; high += 1; }
    var step = nice((high - low) / 5), start = Math.min.apply(null, years), end = Math.max.apply(null, years);
    low = Math.floor(low / step) * step;
    high = Math.ceil(high / step) * step;
    return {
      low: low, high: high, step: step, start: start, end: end, width: width, height: height, right: width - right, phone: phone,
      x: function (year) { return LEFT + (year - start) / Math.max(end - start, 1) * (width - right - LEFT); },
      y: function (v) { return height - BOTTOM - (v - low) / (high - low) * (height - TOP - BOTTOM); }
    };
  }

  function path(points, at) {
    var pen = "M";
    return points.map(function (p) {
      if (p.value === null) { pen = "M"; return ""; }
      var part = pen + at.x(p.year).toFixed(1) + " " + at.y(p.value).toFixed(1);
      pen = "L";
      return part;
    }).join("");
  }

  function band(points, at) {
    var there = known(points);
    function side(key) {
      return there.map(function (p) { return at.x(p.year).toFixed(1) + " " + at.y(p[key]).toFixed(1); });
    }
    return there.length ? "M" + side("high").concat(side("low").reverse()).join("L") + "Z" : "";
  }

  function axes(picture, at, layer) {
    var count = Math.round((at.high - at.low) / at.step), every = at.phone ? 40 : 20;
    for (var n = 0; n <= count; n += 1) {
      var value = at.low + n * at.step;
      picture.append(svg("path", { class: "grid", d: "M" + LEFT + " " + at.y(value) + "H" + at.right }));
      picture.append(svg("text", { class: "end", x: LEFT - 6, y: at.y(value) + 5 }, String(Number(value.toFixed(6))).replace("-", "−")));
    }
    if (at.end - at.start <= 60) { every /= 2; }
    for (var year = Math.ceil(at.start / every) * every; year <= at.end; year += every) {
      picture.append(svg("path", { class: "grid", d: "M" + at.x(year) + " " + TOP + "V" + (at.height - BOTTOM) }));
      picture.append(svg("text", { class: "middle", x: at.x(year), y: at.height - 8 }, year));
    }
    picture.append(svg("text", { x: 4, y: 16 }, layer.unit));
  }

  /* The published slope, through the middle of the years that it was fitted on, and its interval. */
  function trend(picture, at, layer, found) {
    var fitted = known(found.past).filter(function (p) { return p.year >= page.trendFrom; });
    if (!layer.trend || !fitted.length) { return; }
    var values = fitted.map(function (p) { return p.value; }).sort(function (a, b) { return a - b; });
    var ends = [fitted[0].year, fitted[fitted.length - 1].year], centre = (ends[0] + ends[1]) / 2;
    var middle = values[Math.floor(values.length / 2)];
    function point(slope, year) {
      var value = Math.min(at.high, Math.max(at.low, middle + slope * (year - centre) / 10));
      return at.x(year).toFixed(1) + " " + at.y(value).toFixed(1);
    }
    var mid = at.x(centre).toFixed(1) + " " + at.y(middle).toFixed(1), low = layer.trend[1], high = layer.trend[2];
    var fan = "M" + mid + "L" + point(low, ends[1]) + "L" + point(high, ends[1]) + "Z" +
      "M" + mid + "L" + point(low, ends[0]) + "L" + point(high, ends[0]) + "Z";
    picture.append(svg("path", { class: "fan", d: fan }));
    picture.append(svg("path", { class: "line trend", d: "M" + point(layer.trend[0], ends[0]) + "L" + point(layer.trend[0], ends[1]) }));
  }

  /* Names at the lines' ends, moved apart where they would meet. */
  function labels(picture, at, found) {
    var ends = found.coming.map(function (c) {
      var last = known(c.years).pop();
      return { name: c.name, y: at.y(last.value) + 5 };
    }).sort(function (a, b) { return a.y - b.y; });
    ends.forEach(function (end, n) { if (n) { end.y = Math.max(end.y, ends[n - 1].y + 17); } });
    ends.forEach(function (end) {
      picture.append(svg("text", { class: "name " + end.name, x: at.right + 5, y: end.y }, page.scenarios[end.name]));
    });
  }

  function key(layer, found) {
    var list = document.createElement("ul");
    function item(name, text) {
      var line = document.createElement("li");
      line.className = "k-" + name;
      line.textContent = text;
      list.append(line);
    }
    item("seen", layer.name + " [" + layer.unit + "], " + words.observed);
    if (layer.trend) {
      var told = layer.trend.map(function (v) { return (v > 0 ? "+" : "") + number(v, layer.decimals + 1); });
      item("trend", words.trend + ": " + told[0] + " (" + told[1] + " … " + told[2] + ") " + layer.unit);
    }
    found.coming.forEach(function (c) { item(c.name, c.title + ", " + words.median); });
    return list;
  }

  Mulgil.chart = function (layer, found) {
    var at = frame(found), box = document.getElementById("chart"), said = document.getElementById("chart-said");
    said.replaceChildren(key(layer, found));
    if (!at) { box.textContent = words.missing; return; }
    var picture = svg("svg", { viewBox: "0 0 " + at.width + " " + at.height, role: "img", "aria-labelledby": "chart-said" });
    axes(picture, at, layer);
    found.coming.forEach(function (c) { picture.append(svg("path", { class: "band " + c.name, d: band(c.years, at) })); });
    found.coming.forEach(function (c) { picture.append(svg("path", { class: "line " + c.name, d: path(c.years, at) })); });
    trend(picture, at, layer, found);
    picture.append(svg("path", { class: "line seen", d: path(found.past, at) }));
    labels(picture, at, found);
    box.replaceChildren(picture);
  };

  function normal(past) {
    var years = known(past).filter(function (p) { return p.year >= 1991 && p.year <= 2020; });
    if (years.length < 24) { return null; } // 80 %
    return years.reduce(function (sum, p) { return sum + p.value; }, 0) / years.length;
  }

  function extreme(points, layer, sign) {
    var best = points.reduce(function (a, b) { return sign * b.value > sign * a.value ? b : a; });
    return best.year + " (" + number(best.value, layer.decimals) + " " + layer.unit + ")";
  }

  Mulgil.stripes = function (layer, found) {
    var box = document.getElementById("stripes"), mean = normal(found.past), past = found.past;
    if (mean === null) { box.textContent = words.missing; return; }
    var most = Math.max.apply(null, known(past).map(function (p) { return Math.abs(p.value - mean); })) || 1;
    var picture = svg("svg", { viewBox: "0 0 " + past.length + " 20", preserveAspectRatio: "none", role: "img", "aria-labelledby": "stripes-said" });
    past.forEach(function (p, n) {
      var size = p.value === null ? null : Math.max(-3, Math.min(3, Math.round((p.value - mean) / most * 3.49)));
      var name = size === null ? "gap" : "s" + (size < 0 ? "m" : "p") + Math.abs(size);
      picture.append(svg("rect", { x: n, y: 0, width: 1.04, height: 20, class: layer.palette + " " + name }));
    });
    var said = document.createElement("p");
    said.id = "stripes-said";
    said.className = "quiet";
    said.textContent = words.stripes + ", " + past[0].year + "–" + past[past.length - 1].year + ": ±" +
      number(most, layer.decimals) + " " + layer.unit + " · " + words.warmest + " " + extreme(known(past), layer, 1) +
      " · " + words.coldest + " " + extreme(known(past), layer, -1);
    box.replaceChildren(picture, said);
  };
})();
