"use strict";
/* The values of a gauge's chart as a CSV file, made in the browser: no server writes 20,000 of them. */
(function () {
  var FORMULA = /^[=+\-@\t\r]/; // a spreadsheet would run it

  function cell(value) {
    if (value === null || value === undefined) { return ""; }
    var text = String(value), safe = typeof value === "string" && FORMULA.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  function iso(time) { return new Date(time).toISOString().replace(".000Z", "Z"); }

  function rows(gauge) {
    var none = gauge.levels.map(function () { return null; });
    var read = function (kind, series) {
      return series.time.map(function (time, i) { return [kind, iso(time), series.value[i]].concat(none); });
    };
    var ahead = gauge.ahead.map(function (time, i) {
      return ["forecast", iso(time), null].concat(gauge.quantiles.map(function (row) { return row[i]; }));
    });
    return read("observed", gauge.observed).concat(ahead, read("outcome", gauge.outcome));
  }

  Mulgil.csv = function (gauge) {
    var heads = ["label", "station", "issue_time", "kind", "time", "observed"].concat(
      gauge.levels.map(function (level) { return "q" + level; }), ["quantity", "unit"]);
    var told = [gauge.label, gauge.id, iso(gauge.issue)], unit = [Mulgil.config().quantity, gauge.unit];
    return [heads].concat(rows(gauge).map(function (row) { return told.concat(row, unit); }))
      .map(function (row) { return row.map(cell).join(",") + "\n"; }).join("");
  };

  // A button that hands the file over.
  Mulgil.csvButton = function (gauge) {
    var button = Mulgil.make("button", { type: "button", "class": "csv" }, Mulgil.config().gauge.csv);
    button.addEventListener("click", function () {
      var file = new Blob([Mulgil.csv(gauge)], { type: "text/csv" });
      var link = Mulgil.make("a", { href: URL.createObjectURL(file), download: gauge.page + ".csv" });
      link.click();
      URL.revokeObjectURL(link.href);
    });
    return button;
  };
})();
