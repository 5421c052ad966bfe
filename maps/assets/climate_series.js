"use strict";
/* The yearly series of a region or station: read, as a table, as CSV. Text is set as text. */
var Mulgil = (function () {
  var page = JSON.parse(document.getElementById("page").textContent), words = page.words, data = null;

  function layer() {
    var id = document.getElementById("chart-layer").value, facts = page.layers[id];
    return { id: id, name: facts[0], unit: facts[1], decimals: facts[2], palette: facts[3], trend: page.trends[id] || null };
  }

  function number(value, digits) {
    if (value === null) { return ""; }
    return (value < 0 ? "−" : "") + Math.abs(value).toFixed(digits);
  }

  /* {past: [{year, value}], coming: [{name, years: [{year, low, value, high}]}]} */
  function series(chosen) {
    var held = data.layers[chosen.id], power = Math.pow(10, chosen.decimals);
    function real(v) { return v === null ? null : v / power; }
    var past = held.observed.map(function (v, n) { return { year: data.first + held.skip + n, value: real(v) }; });
    var coming = Object.keys(held.future).map(function (name) {
      var parts = held.future[name];
      var years = parts[0].map(function (v, n) {
        var known = v !== null;
        return {
          year: data.after + 1 + n, value: real(v),
          low: known ? real(v - parts[1][n]) : null, high: known ? real(v + parts[2][n]) : null
        };
      });
      return { name: name, title: (page.synthetic ? "[" + words.synthetic + "] " : "") + page.scenarios[name], years: years };
    });
    return { past: past, coming: coming };
  }

  function rows(chosen, found) {
    var head = [words.year, words.observed + " [" + chosen.unit + "]"];
    found.coming.forEach(function (c) { head.push(c.title + " " + words.p10, c.title + " 50 %", c.title + " " + words.p90); });
    var blank = found.coming.map(function () { return ["", "", ""]; });
    var made = found.past.map(function (p) {
      return [p.year, number(p.value, chosen.decimals)].concat.apply([p.year, number(p.value, chosen.decimals)], blank);
    });
    (found.coming.length ? found.coming[0].years : []).forEach(function (p, n) {
      var row = [p.year, ""];
      found.coming.forEach(function (c) {
        ["low", "value", "high"].forEach(function (key) { row.push(number(c.years[n][key], chosen.decimals)); });
      });
      made.push(row);
    });
    return [head].concat(made);
  }

  function table(chosen, found) {
    var body = document.getElementById("series");
    body.replaceChildren.apply(body, rows(chosen, found).map(function (row, n) {
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
    var chosen = layer(), link = document.createElement("a");
    var lines = rows(chosen, series(chosen)).map(function (row, n) {
      return row.map(function (text) { return n ? String(text).replace("−", "-") : '"' + text + '"'; }).join(",");
    });
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.download = "mulgil-" + page.code + "-" + chosen.id + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function start() {
    var choice = document.getElementById("chart-layer");
    if (!data) { return; }
    var asked = new URLSearchParams(location.hash.slice(1)).get("layer");
    if (asked in page.layers) { choice.value = asked; }
    document.querySelectorAll(".script-only").forEach(function (part) { part.hidden = false; });
    function show() {
      var chosen = layer(), found = series(chosen);
      Mulgil.chart(chosen, found);
      Mulgil.stripes(chosen, found);
      table(chosen, found);
    }
    choice.addEventListener("change", function () {
      history.replaceState(null, "", "#layer=" + choice.value);
      show();
    });
    document.getElementById("save-series").addEventListener("click", save);
    matchMedia("(max-width: 600px)").addEventListener("change", show);
    show();
  }

  document.addEventListener("DOMContentLoaded", start);
  return { page: page, words: words, number: number, put: function (name, content) { data = content; } };
})();
