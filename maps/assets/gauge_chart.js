"use strict";
/* The hydrograph as SVG, one unit a pixel, so that text keeps its size on a phone. It draws what
   maps/hydrograph.py draws on pages that need no script. */
(function () {
  var NS = "http://www.w3.org/2000/svg", LINE = 18, NARROW = 600, HOUR = 3600000, LEFT = 56, TOP = 28, BOTTOM = 44;
  var BANDS = [[0.05, 0.95, "band90"], [0.1, 0.9, "band80"], [0.25, 0.75, "band50"]];

  function make(tag, attributes, text) {
    var element = document.createElementNS(NS, tag);
    Object.keys(attributes).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  function line(kind, commands) { return make("path", { "class": kind, d: commands }); }
  function label(x, y, text, kind) {
    return make("text", { "class": kind || "label", x: x.toFixed(1), y: y.toFixed(1) }, text);
  }
  function known(values) { return values.filter(function (value) { return value !== null; }); }
  function limits(gauge) { return known(gauge.limits || []).map(Number); }

  function shown(gauge) {
    var start = gauge.observed.time[0];
    var all = gauge.quantiles.concat(gauge.beside || [], [gauge.observed.value, gauge.outcome.value]);
    gauge.earlier.forEach(function (issue) {
      all.push(issue.value.filter(function (_, i) { return issue.time[i] >= start; }));
    });
    return known([].concat.apply([], all));
  }

  // The extent in value: all that is drawn, and the mildest threshold where it is near.
  function extent(gauge) {
    var seen = shown(gauge), set = limits(gauge);
    if (!seen.length) { seen = set.length ? set : [0, 1]; }
    var low = Math.min.apply(null, seen), high = Math.max.apply(null, seen), reach = Math.max(high - low, 0.1);
    set.slice(0, 1).forEach(function (limit) {
      if (limit < high + 1.5 * reach) { high = Math.max(high, limit); }
    });
    var pad = 0.06 * Math.max(high - low, 0.1);
    return [low - pad, high + pad];
  }

  function fit(gauge, width) {
    var narrow = width < NARROW, ends = extent(gauge), height = Math.round(narrow ? width : width * 0.475);
    var start = gauge.observed.time[0], end = gauge.issue + gauge.horizon * gauge.step;
    var right = width - (narrow ? 12 : 104), bottom = height - BOTTOM;
    return {
      narrow: narrow, width: width, height: height, right: right, bottom: bottom, start: start, end: end,
      low: ends[0], high: ends[1],
      x: function (time) { return LEFT + (time - start) / (end - start) * (right - LEFT); },
      y: function (value) { return bottom - (value - ends[0]) / (ends[1] - ends[0]) * (bottom - TOP); }
    };
  }

  function path(frame, series) {
    var pen = "M";
    return series.value.map(function (value, i) {
      if (value === null) { pen = "M"; return ""; }
      var command = pen + frame.x(series.time[i]).toFixed(1) + " " + frame.y(value).toFixed(1);
      pen = "L";
      return command;
    }).join("");
  }

  function curve(kind, frame, series) { return line(kind, path(frame, series)); }

  function forecast(gauge, frame) {
    var whole = gauge.ahead.map(function (_, i) { return i; }).filter(function (i) {
      return gauge.quantiles.every(function (row) { return row[i] !== null; });
    });
    var time = whole.map(function (i) { return gauge.ahead[i]; });
    var of = function (level) { return whole.map(function (i) { return Mulgil.quantile(gauge, level)[i]; }); };
    if (!whole.length) { return []; }
    return BANDS.map(function (band) {
      var back = path(frame, { time: time.slice().reverse(), value: of(band[0]).reverse() });
      return line(band[2], path(frame, { time: time, value: of(band[1]) }) + "L" + back.slice(1) + "Z");
    }).concat(curve("median", frame, { time: time, value: of(0.5) }));
  }

  // Every threshold, the highest first; one beyond the frame is named at its edge with an arrow.
  function named(gauge, frame) {
    var found = [];
    (gauge.limits || []).forEach(function (limit, i) {
      if (limit === null) { return; }
      var value = Number(limit), above = value > frame.high, below = value < frame.low;
      found.unshift({ stage: i + 1, inside: !above && !below, edge: Math.min(Math.max(frame.y(value), TOP), frame.bottom), y: above ? TOP + 6 : below ? frame.bottom - 6 : frame.y(value),
        text: (above ? "↑ " : below ? "↓ " : "") + Mulgil.config().stages[i + 1] + " " + limit });
    });
    found.forEach(function (name, i) { name.at = i ? Math.max(name.y, found[i - 1].at + LINE) : name.y; });
    for (var i = found.length - 1; i >= 0; i -= 1) {
      found[i].at = Math.min(found[i].at, i === found.length - 1 ? frame.bottom : found[i + 1].at - LINE);
    }
    return found;
  }

  function thresholds(names, frame) {
    return names.filter(function (name) { return name.inside; }).map(function (name) {
      return line("limit", "M" + LEFT + " " + name.edge.toFixed(1) + "H" + frame.right);
    });
  }

  // A tint above each threshold up to the next.
  function zones(names, frame) {
    var top = TOP;
    return names.map(function (name) {
      var zone = make("rect", { "class": "zone zone" + name.stage, x: LEFT, y: top.toFixed(1), width: frame.right - LEFT,
        height: (name.edge - top).toFixed(1) });
      top = name.edge;
      return zone;
    });
  }

  function nameOf(frame) {
    return function (name) {
      return label(frame.narrow ? LEFT + 4 : frame.right + 6, name.at + 4, name.text, frame.narrow ? "label strong" : "label");
    };
  }

  function issued(gauge, frame) {
    var x = frame.x(gauge.issue), said = Mulgil.config().gauge.issued + " " + Mulgil.tell.moment(gauge.issue);
    var half = said.length * 4.2, middle = Math.min(Math.max(x, half), frame.width - half);
    return [line("issue", "M" + x.toFixed(1) + " " + TOP + "V" + frame.bottom), label(middle, frame.height - 6, said, "label middle")];
  }

  function peak(gauge, frame) {
    if (gauge.peak < 0) { return []; }
    var value = Mulgil.quantile(gauge, 0.5)[gauge.peak], x = frame.x(gauge.ahead[gauge.peak]), y = frame.y(value);
    var late = x > frame.right - 60;
    return [make("circle", { "class": "peak", cx: x.toFixed(1), cy: y.toFixed(1), r: 4 }),
      label(late ? x - 6 : x + 6, Math.max(y - 8, TOP + 12), Mulgil.tell.number(value), "label strong" + (late ? " end" : ""))];
  }

  function hours(frame) {
    var found = [];
    for (var time = Math.ceil(frame.start / HOUR) * HOUR; time <= frame.end; time += HOUR) { found.push(time); }
    return found;
  }

  function ticks(frame) {
    var most = frame.narrow ? 5 : 7, all = hours(frame);
    var every = function (step) {
      return all.filter(function (time) { return Mulgil.tell.local(time).getUTCHours() % step === 0; });
    };
    var fitting = [1, 3, 6, 12, 24].map(every).find(function (found) { return found.length <= most; });
    if (fitting) { return fitting; }
    var days = every(24), step = 1 + Math.floor(days.length / most);
    return days.filter(function (_, i) { return i % step === 0; });
  }

  function times(frame) {
    return [].concat.apply([], ticks(frame).map(function (time) {
      var here = Mulgil.tell.local(time), x = frame.x(time);
      var said = here.getUTCHours() ? here.getUTCHours() + ":00" : here.getUTCMonth() + 1 + "/" + here.getUTCDate();
      return [line("grid", "M" + x.toFixed(1) + " " + TOP + "V" + frame.bottom), label(x, frame.bottom + 16, said, "label middle")];
    }));
  }

  function levels(frame) {
    var rough = (frame.high - frame.low) / 5, power = Math.pow(10, Math.floor(Math.log10(rough))), parts = [];
    var step = power * [1, 2, 5, 10].find(function (times) { return power * times >= rough; });
    for (var i = Math.ceil(frame.low / step); i * step < frame.high; i += 1) {
      var y = frame.y(i * step);
      parts.push(line("grid", "M" + LEFT + " " + y.toFixed(1) + "H" + frame.right));
      parts.push(label(LEFT - 6, y + 4, String(Number((i * step).toFixed(10))), "label end"));
    }
    return parts;
  }

  // What began before the frame ends at its edge.
  function clipped(frame, lines) {
    var box = [LEFT, TOP, frame.right - LEFT, frame.bottom - TOP];
    var window = make("svg", { x: box[0], y: box[1], width: box[2], height: box[3], viewBox: box.join(" ") });
    window.append.apply(window, lines);
    return window;
  }

  function titled(gauge, frame) {
    var words = Mulgil.config().gauge, title = "hydrograph-title" + (gauge.mark || ""), said = "hydrograph-said" + (gauge.mark || "");
    var svg = make("svg", { "class": "hydrograph live", role: "img", viewBox: "0 0 " + frame.width + " " + frame.height,
      width: frame.width, height: frame.height, "aria-labelledby": title + " " + said });
    svg.append(make("title", { id: title }, words.hydrograph + ": " + gauge.name),
      make("desc", { id: said }, gauge.said || Mulgil.sentence(gauge)));
    return svg;
  }

  function nothing(gauge, frame) {
    if (shown(gauge).length) { return []; }
    return [label((LEFT + frame.right) / 2, (TOP + frame.bottom) / 2, Mulgil.config().gauge.nothing, "label middle")];
  }

  // Draw a gauge `width` pixels wide; svg.mark(time) points at a time, svg.mark() at none.
  Mulgil.hydrograph = function (gauge, width) {
    var frame = fit(gauge, width), names = named(gauge, frame), svg = titled(gauge, frame);
    var lines = zones(names, frame).concat(thresholds(names, frame), gauge.earlier.map(function (issue) { return curve("earlier", frame, issue); }), forecast(gauge, frame), curve("observed", frame, gauge.observed));
    if (gauge.outcome.time.length) { lines.push(curve("outcome", frame, gauge.outcome)); }
    svg.append.apply(svg, [label(2, 14, Mulgil.tell.quantity())].concat(
      levels(frame), times(frame), clipped(frame, lines), names.map(nameOf(frame)), nothing(gauge, frame), issued(gauge, frame), peak(gauge, frame)));
    var cursor = line("cursor", "");
    svg.append(cursor);
    svg.mark = function (time) {
      cursor.setAttribute("d", "M" + frame.x(time).toFixed(1) + " " + TOP + "V" + frame.bottom);
    };
    return svg;
  };
})();
