"use strict";
/* The parts of a gauge's page, made from its numbers: what maps/templates/gauge.html writes where no
   script is needed. All text is set as text. */
(function () {
  var TOLD = [10, 30, 60, 180, 360, 720, 1440, 2880, 4320], MINUTE = 60000, HEADING = { dialog: "h3", page: "h2" };

  function words() { return Mulgil.config().gauge; }

  function make(tag, attributes) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    element.append.apply(element, Array.prototype.slice.call(arguments, 2));
    return element;
  }

  function row(heads, tag) {
    var line = make("tr");
    heads.forEach(function (text, i) {
      line.append(make(tag === "th" || !i ? "th" : "td", tag === "th" ? { scope: "col" } : i ? {} : { scope: "row" }, text));
    });
    return line;
  }

  function table(caption, heads, rows) {
    var body = make("tbody");
    rows.forEach(function (cells) { body.append(row(cells, "td")); });
    return make("div", { "class": "scroll", tabindex: "0", role: "region", "aria-label": caption },
      make("table", {}, make("caption", {}, caption), make("thead", {}, row(heads, "th")), body));
  }

  function folded(summary, content) {
    return make("details", {}, make("summary", {}, summary), content);
  }

  function headline(gauge) {
    var stage = Mulgil.overdue() ? -1 : gauge.shown;
    return make("div", { "class": "gauge headline", "data-stage": stage },
      Mulgil.badge(stage, Mulgil.config().stages[stage]), make("p", { "class": "said" }, Mulgil.sentence(gauge)));
  }

  function age(gauge) {
    if (gauge.last === null || gauge.age === null) { return words().last + " " + words().missing; }
    return words().last + " " + Mulgil.tell.number(gauge.last) + " " + Mulgil.config().unit + " · " +
      Mulgil.tell.moment(gauge.issue - gauge.age * MINUTE) + " (" + words().age + " " + Mulgil.tell.span(gauge.age * MINUTE) + ")";
  }

  function issued(gauge) {
    return make("p", {}, words().issued + " " + Mulgil.tell.moment(gauge.issue) + " · " + age(gauge));
  }

  function key(gauge) {
    var some = function (row) { return row.some(function (value) { return value !== null; }); };
    var there = { observed: some(gauge.observed.value), median: gauge.peak >= 0, bands: gauge.peak >= 0,
      earlier: gauge.earlier.length > 0, outcome: gauge.outcome.time.length > 0, threshold: (gauge.limits || []).some(Boolean) };
    var list = make("ul", { "class": "key" });
    Object.keys(there).forEach(function (entry) {
      if (there[entry]) { list.append(make("li", { "class": "k-" + entry }, words()[entry])); }
    });
    return list;
  }

  // A place that the gauge is drawn in, in the width that there is, and again where that changes.
  function drawing(gauge) {
    var place = make("div", { "class": "picture" }), svg = null, at = null, width = 0;
    function draw() {
      var now = Math.round(place.clientWidth);
      if (!now || now === width) { return; }
      width = now;
      svg = Mulgil.hydrograph(gauge, width);
      place.replaceChildren(svg);
      if (at !== null) { svg.mark(at); }
    }
    function mark(time) {
      at = time;
      if (svg) { svg.mark(time); }
    }
    new ResizeObserver(draw).observe(place);
    return { place: place, draw: draw, mark: mark };
  }

  // The picture with its slider.
  function picture(gauge) {
    var drawn = drawing(gauge), reader = Mulgil.reader(gauge, drawn.mark);
    var figure = make("figure", {}, drawn.place, reader, make("figcaption", {}, key(gauge)));
    figure.draw = drawn.draw;
    return figure;
  }

  function leads(gauge) {
    return gauge.ahead.map(function (_, i) { return i; }).filter(function (i) {
      return TOLD.indexOf((i + 1) * gauge.step / MINUTE) >= 0;
    });
  }

  function chances(gauge) {
    var told = leads(gauge), heads = told.map(function (i) { return Mulgil.tell.span((i + 1) * gauge.step); });
    var rows = [];
    gauge.chances.forEach(function (row, i) {
      if (!(gauge.limits || [])[i] || row.every(function (percent) { return percent === null; })) { return; }
      rows.push([Mulgil.config().stages[i + 1]].concat(told.map(function (at) { return Mulgil.tell.chance(row[at]); })));
    });
    return rows.length ? table(words().probability, [words().stage].concat(heads), rows) : "";
  }

  function values(gauge) {
    if (gauge.peak < 0) { return ""; }
    var heads = [words().lead, words().valid].concat(gauge.levels.map(function (level) { return Math.round(100 * level) + " %"; }));
    var rows = gauge.ahead.map(function (time, i) {
      return [Mulgil.tell.span((i + 1) * gauge.step), Mulgil.tell.moment(time)].concat(
        gauge.quantiles.map(function (row) { return Mulgil.tell.number(row[i]); }));
    });
    return folded(words()["values"] + ": " + Mulgil.tell.quantity(), table(words()["values"] + ": " + Mulgil.tell.quantity(), heads, rows));
  }

  function limits(gauge) {
    var list = make("p", { "class": "limits" });
    (gauge.limits || []).forEach(function (limit, i) {
      if (limit !== null) { list.append(Mulgil.badge(i + 1, Mulgil.config().stages[i + 1] + " " + limit), " "); }
    });
    return [list, make("p", { "class": "quiet" }, gauge.origin)];
  }

  function own(words, key) { return key !== null && Object.hasOwn(words, key) ? words[key] : ""; }

  function inputs(gauge) {
    var list = make("ul");
    gauge.inputs.forEach(function (input) {
      var name = own(words().variables, input.name) || input.name, source = own(words().sources, input.source);
      var when = input.time === null ? words().missing : Mulgil.tell.moment(input.time) + (source ? " · " + source : "");
      list.append(make("li", {}, name + ": " + when));
    });
    return gauge.inputs.length ? list : make("p", {}, words().missing);
  }

  Mulgil.parts = function (gauge, where) {
    var h = HEADING[where], drawn = picture(gauge), edited = Mulgil.editsOf(gauge, h);
    var all = [headline(gauge), issued(gauge), edited ? edited.element : "", make(h, {}, words().hydrograph + ": " + Mulgil.tell.quantity()), drawn,
      chances(gauge), values(gauge), make("p", {}, Mulgil.csvButton(gauge))]
      .concat(make(h, {}, words().limits), limits(gauge), make(h, {}, words().inputs), inputs(gauge),
        make(h, {}, words().skill), Mulgil.skillOf(gauge));
    return { all: all, draw: function () {
      drawn.draw();
      if (edited) { edited.draw(); }
    } };
  };
  Mulgil.picture = picture;
  Mulgil.drawing = drawing;
  Mulgil.make = make;
  Mulgil.table = table;
})();
