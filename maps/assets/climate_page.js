"use strict";
/* Choices, legends, the line that tells of one region, the table, downloads. Text is set as text. */
(function () {
  var page = Mulgil.page, state = Mulgil.state, words = page.words, SIDES = ["left", "right"];
  var sorted = { column: 0, down: false };

  function el(kind, text, name) {
    var made = document.createElement(kind);
    if (text !== undefined) { made.textContent = text; }
    if (name) { made.className = name; }
    return made;
  }

  function titleOf(view) {
    var base = state.base.replace("-", "–");
    if (!view.window) { return words.observed + " " + base; }
    var kind = view.change ? words.change + " (" + base + ")" : words.level_shown;
    return (page.synthetic ? "[" + words.synthetic + "] " : "") + view.window.name + " · " + kind;
  }

  function shown(view, n) {
    if (view.value[n] === null) { return words.missing; }
    return Mulgil.number(view.value[n], view.digits, view.change) + " " + view.unit;
  }

  function reason(view, n) {
    if (view.window) { return view.why ? page.robustness[Number(view.why[n])] : words.missing; }
    return page.reason[Number(view.why[n])];
  }

  function trust(view, n) {
    if (!view.window || !view.why) { return ""; }
    return view.agree[n] + "/" + view.models[n];
  }

  function ends(view, n) {
    if (!view.ends || view.ends[0][n] === null) { return ""; }
    return Mulgil.number(view.ends[0][n], view.digits, view.change) + " – " +
      Mulgil.number(view.ends[2][n], view.digits, view.change);
  }

  /* ---- legend ---- */
  function swatch(colour, text, name) {
    var item = el("li"), box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    box.setAttribute("class", "swatch");
    box.setAttribute("viewBox", "0 0 28 18");
    box.setAttribute("aria-hidden", "true");
    [colour, name].forEach(function (fill) {
      if (!fill) { return; }
      var part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      part.setAttribute("width", 28);
      part.setAttribute("height", 18);
      part.setAttribute("fill", fill);
      box.appendChild(part);
    });
    item.append(box, el("span", text));
    return item;
  }

  function classText(breaks, n, view) {
    function text(value) { return Mulgil.number(value, places(breaks), view.change); }
    if (!breaks.length) { return words.missing; }
    var below = n === 0 ? -Infinity : breaks[n - 1], above = n === breaks.length ? Infinity : breaks[n];
    var middle = view.change && below < 0 && above > 0 ? " (" + words.small + ")" : "";
    if (n === 0) { return "< " + text(breaks[0]) + middle; }
    if (n === breaks.length) { return "≥ " + text(breaks[n - 1]) + middle; }
    return text(breaks[n - 1]) + " … " + text(breaks[n]) + middle;
  }

  function places(breaks) {
    return Math.max.apply(null, breaks.map(function (b) { return (String(b).split(".")[1] || "").length; }));
  }

  function legend(side, view) {
    var box = document.getElementById("legend-" + side), list = el("ul"), layer = view.layer;
    var hatched = {};
    box.replaceChildren(el("p", layer.name + " [" + view.unit + "]", "legend-title"), el("p", layer.rule, "quiet"));
    view.classes[1].forEach(function (colour, n) {
      list.append(swatch(colour, classText(view.classes[0], n, view)));
    });
    if (view.window) {
      (view.why ? Array.from(view.why) : []).forEach(function (code) { hatched[code] = true; });
      [2, 3, 4, 5].forEach(function (code) {
        if (hatched[code]) {
          list.append(swatch("#d7dde0", page.robustness[code], "url(#hatch-" + Math.min(code, 4) + ")"));
        }
      });
    }
    list.append(swatch("#9aa5ab", words.missing));
    box.append(list);
    if (view.window) {
      var n = view.window.n + " " + words.models + (view.window.note ? ": " + view.window.note : "");
      box.append(el("p", (page.synthetic ? words.synthetic + " · " : "") + n, "quiet"));
    } else if (layer.error !== null) {
      box.append(el("p", words.left_out + ": " + layer.error + " " + layer.unit, "quiet"));
    }
    document.getElementById("title-" + side).textContent = titleOf(view);
  }

  /* ---- one region ---- */
  Mulgil.tell = function (code) {
    var box = document.getElementById("readout"), n = Mulgil.order[code || state.region];
    box.replaceChildren();
    if (n === undefined) { box.append(el("p", words.choose_region)); return; }
    var region = page.regions[n], link = el("a", region.name);
    link.href = "region/" + region.code + page.end + ".html";
    var head = el("p", undefined, "readout-name");
    head.append(link);
    box.append(head);
    SIDES.forEach(function (side) {
      var view = Mulgil.view(side), line = el("p");
      line.append(el("span", titleOf(view) + ": "), el("b", shown(view, n)));
      if (view.window && view.value[n] !== null) {
        line.append(el("span", " (" + ends(view, n) + ") · " + reason(view, n) + " · " + trust(view, n) + " " + words.models));
      } else if (view.value[n] === null) {
        line.append(el("span", " – " + reason(view, n)));
      }
      box.append(line);
    });
  };

  /* ---- table ---- */
  function cells(region, views) {
    var n = Mulgil.order[region.code], row = [region.name];
    views.forEach(function (view) {
      row.push(view.value[n] === null ? "" : Mulgil.number(view.value[n], view.digits, view.change));
      if (view.window) { row.push(ends(view, n), reason(view, n), trust(view, n)); }
    });
    return row;
  }

  function headings(views) {
    var row = [words.region];
    views.forEach(function (view) {
      row.push(titleOf(view) + " [" + view.unit + "]");
      if (view.window) { row.push(words.range, words.robustness, words.models); }
    });
    return row;
  }

  function ofLevel() {
    var length = state.level === "sido" ? 2 : 5;
    return page.regions.filter(function (r) { return r.code.length === length && r.code !== "KR"; });
  }

  function key(text) {
    var value = parseFloat(text.replace("−", "-"));
    return isNaN(value) ? null : value;
  }

  function compare(a, b) {
    var x = a.row[sorted.column], y = b.row[sorted.column], sign = sorted.down ? -1 : 1;
    if (sorted.column === 0) { return sign * x.localeCompare(y, document.documentElement.lang); }
    var p = key(x), q = key(y);
    if (p === null || q === null) { return p === q ? sign * x.localeCompare(y) : p === null ? 1 : -1; }
    return sign * (p - q);
  }

  function table(views) {
    var head = document.querySelector("#table thead tr"), body = document.querySelector("#table tbody");
    var names = headings(views);
    if (sorted.column >= names.length) { sorted.column = 0; }
    head.replaceChildren.apply(head, names.map(function (name, column) {
      var cell = el("th"), button = el("button", name);
      cell.scope = "col";
      button.type = "button";
      if (column === sorted.column) { cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending"); }
      button.addEventListener("click", function () {
        sorted = { column: column, down: sorted.column === column ? !sorted.down : column > 0 };
        table(SIDES.map(Mulgil.view));
        document.querySelectorAll("#table thead button")[column].focus();
      });
      cell.append(button);
      return cell;
    }));
    var rows = ofLevel().map(function (region) { return { region: region, row: cells(region, views) }; });
    rows.sort(compare);
    body.replaceChildren.apply(body, rows.map(function (each) {
      var line = el("tr"), first = el("th"), link = el("a", each.row[0]);
      first.scope = "row";
      link.href = "region/" + each.region.code + page.end + ".html";
      first.append(link);
      line.append(first);
      each.row.slice(1).forEach(function (text) { line.append(el("td", text)); });
      return line;
    }));
  }

  /* ---- downloads: the numbers that are shown, no others ---- */
  function save(name, kind, text) {
    var link = el("a");
    link.href = URL.createObjectURL(new Blob([text], { type: kind }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function quoted(text) { return '"' + String(text).replace(/"/g, '""') + '"'; }

  function fileName(ending) {
    return ["mulgil", state.layer, state.left, state.right].join("-").replace(/:/g, "_") + ending;
  }

  function csv() {
    var views = SIDES.map(Mulgil.view), lines = [["code"].concat(headings(views))];
    ofLevel().forEach(function (region) { lines.push([region.code].concat(cells(region, views))); });
    var text = lines.map(function (line) {
      return line.map(function (cell) { return quoted(String(cell).replace("−", "-").replace("−", "-")); }).join(",");
    }).join("\r\n");
    save(fileName(".csv"), "text/csv", "\ufeff" + text + "\r\n");
  }

  function geojson() {
    var views = SIDES.map(Mulgil.view);
    var features = ofLevel().map(function (region) {
      var n = Mulgil.order[region.code], facts = { code: region.code, name: region.name };
      views.forEach(function (view, side) {
        facts[SIDES[side] + "_title"] = titleOf(view);
        facts[SIDES[side] + "_unit"] = view.unit;
        facts[SIDES[side]] = view.value[n];
        if (view.ends) {
          facts[SIDES[side] + "_p10"] = view.ends[0][n];
          facts[SIDES[side] + "_p90"] = view.ends[2][n];
          facts[SIDES[side] + "_robustness"] = reason(view, n);
        }
      });
      var parts = Mulgil.rings(region.code).map(function (ring) {
        return [ring.map(function (at) { return [at[1], at[0]]; })];
      });
      return { type: "Feature", id: region.code, properties: facts, geometry: { type: "MultiPolygon", coordinates: parts } };
    });
    save(fileName(".geojson"), "application/geo+json", JSON.stringify({ type: "FeatureCollection", features: features }));
  }

  /* ---- all of it ---- */
  function controls() {
    Object.keys(page.first).forEach(function (name) {
      var control = document.getElementById("choose-" + name);
      if (control) { control.value = state[name]; }
    });
    document.querySelectorAll("a[hreflang]").forEach(function (link) {
      link.href = link.getAttribute("href").split("#")[0] + location.hash;
    });
    document.getElementById("csv-layer").href = "csv/" + state.layer + ".csv";
  }

  function render() {
    controls();
    Mulgil.need(["regions"].concat(Mulgil.needed()), function () {
      var views = SIDES.map(Mulgil.view);
      Mulgil.paint();
      views.forEach(function (view, n) { legend(SIDES[n], view); });
      table(views);
      Mulgil.tell();
      document.body.dataset.ready = location.hash;
    });
  }

  Mulgil.choose = function (change) {
    Object.assign(state, change);
    Mulgil.toAddress(false);
    render();
  };

  function start() {
    Mulgil.fromAddress();
    ["layer", "level", "base", "left", "right", "show", "region"].forEach(function (name) {
      var control = document.getElementById("choose-" + name);
      control.disabled = false;
      control.addEventListener("change", function () {
        var change = {};
        change[name] = control.value;
        Mulgil.choose(change);
      });
    });
    document.getElementById("save-csv").addEventListener("click", csv);
    document.getElementById("save-geojson").addEventListener("click", geojson);
    document.querySelectorAll(".script-only").forEach(function (part) { part.hidden = false; });
    Mulgil.toAddress(true);
    render();
  }

  window.addEventListener("popstate", function () { Mulgil.fromAddress(); render(); });
  window.addEventListener("hashchange", function () { Mulgil.fromAddress(); render(); });
  document.addEventListener("DOMContentLoaded", start);
})();
