"use strict";
/* Reads the hydrograph's values aloud and in text, time by time, with a slider. */
(function () {
  function words() { return Mulgil.config().gauge; }
  function value(number) { return Mulgil.tell.number(number) + " " + Mulgil.config().unit; }

  function past(gauge, at) {
    var read = gauge.observed.value[at];
    return words().observed + " " + (read === null ? words().missing : value(read));
  }

  // The chances that say something; where none does, the mildest stage's.
  function likeliest(gauge, lead) {
    var known = gauge.chances.map(function (row, i) { return [i + 1, row[lead]]; }).filter(function (pair) { return pair[1] !== null; });
    var some = known.filter(function (pair) { return pair[1] > 5; });
    return (some.length ? some : known.slice(0, 1)).map(function (pair) {
      return Mulgil.config().stages[pair[0]] + " " + Mulgil.tell.chance(pair[1]);
    });
  }

  function future(gauge, lead) {
    var low = Mulgil.quantile(gauge, 0.05)[lead], high = Mulgil.quantile(gauge, 0.95)[lead], parts = [];
    var median = Mulgil.quantile(gauge, 0.5)[lead], after = gauge.outcome.value[lead];
    if (median === null) { parts.push(words().median + " " + words().missing); } else {
      parts.push(words().median + " " + value(median) + " (90 % " + Mulgil.tell.number(low) + "–" + Mulgil.tell.number(high) + ")");
    }
    if (after !== undefined && after !== null) { parts.push(words().outcome + " " + value(after)); }
    var chances = likeliest(gauge, lead);
    return parts.concat(chances.length ? words().probability + ": " + chances.join(", ") : []).join("; ");
  }

  function said(gauge, at) {
    var lead = at - gauge.observed.time.length;
    var time = lead < 0 ? gauge.observed.time[at] : gauge.ahead[lead];
    var when = Mulgil.tell.clock(time, gauge.issue);
    if (lead < 0) { return when + ": " + past(gauge, at); }
    return when + " (+" + Mulgil.tell.span((lead + 1) * gauge.step) + "): " + future(gauge, lead);
  }

  // A slider and what it points at; `mark` is told the time, e.g. to draw a line there.
  Mulgil.reader = function (gauge, mark) {
    var box = document.createElement("div"), label = document.createElement("label");
    var slider = document.createElement("input"), told = document.createElement("output");
    var first = gauge.observed.time.length;
    box.className = "reader";
    told.setAttribute("aria-live", "off"); // the slider says it already
    slider.type = "range";
    slider.min = 0;
    slider.max = first + gauge.horizon - 1;
    slider.value = Math.max(gauge.peak, 0) + first;
    label.append(words().read, slider);
    box.append(label, told);
    function read() {
      var at = Number(slider.value);
      told.textContent = said(gauge, at);
      slider.setAttribute("aria-valuetext", told.textContent);
      mark(at < first ? gauge.observed.time[at] : gauge.ahead[at - first]);
    }
    slider.addEventListener("input", read);
    read();
    return box;
  };
})();
