"use strict";
/* The table of what both maps show, and downloads of the same numbers. */
(function () {
  var page = Mulgil.page, words = page.words, state = Mulgil.state, make = Mulgil.make;
  var sorted = { column: -1, down: false };

  function futures(views) {
    return views.filter(function (shown) { return shown.window; });
  }

  function headings(views) {
    var layer = views[0].layer, row = [words.region, words.observed + " " + state.baseline.replace("-", "–") + " [" + layer.unit + "]"];
    futures(views).forEach(function (shown) {
      var name = Mulgil.named(shown), how = " · " + (shown.signed ? words.change : words.level_shown) + " [" + shown.unit + "]";
      row.push(name + " · " + words.level_shown + " [" + layer.unit + "]", name + " · " + words.change + " [" + layer.moved[1] + "]");
      row.push(words.p10 + how, words.p90 + how, words.robustness, words.k_of_n);
    });
    return row;
  }

  /* Numbers stay numbers (or null), so that they sort and are saved as such. */
  function cells(region, views) {
    var n = region.at, layer = views[0].layer, row = [region.full, [views[0].observed[n], layer.decimals, false]];
    futures(views).forEach(function (shown) {
      row.push([shown.level[n], layer.decimals, false], [shown.change[n], layer.moved[0], true]);
      row.push([shown.low[n], shown.digits, shown.signed], [shown.high[n], shown.digits, shown.signed]);
      row.push(page.robustness[shown.why[n]]);
      row.push(Number(shown.models[n]) ? Mulgil.fill(words.of, shown.agree[n], shown.models[n]) : "");
    });
    return row;
  }

  function text(cell) {
    return Array.isArray(cell) ? Mulgil.number(cell[0], cell[1], cell[2]) : cell;
  }

  function compare(a, b) {
    var x = a.row[sorted.column], y = b.row[sorted.column], sign = sorted.down ? -1 : 1;
    if (!Array.isArray(x)) { return sign * x.localeCompare(y, document.documentElement.lang); }
    if (x[0] === null || y[0] === null) { return (x[0] === null) - (y[0] === null); } // the unknown last
    return sign * (x[0] - y[0]);
  }

  function heading(name, column, views) {
    var cell = make("th"), button = make("button", name);
    cell.scope = "col";
    button.type = "button";
    if (column === sorted.column) { cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending"); }
    button.addEventListener("click", function () {
      sorted = { column: column, down: sorted.column === column ? !sorted.down : column > 0 };
      Mulgil.table(views);
      document.querySelectorAll("#table thead button")[column].focus();
    });
    cell.append(button);
    return cell;
  }

  Mulgil.table = function (views) {
    var head = document.querySelector("#table thead tr"), body = document.querySelector("#table tbody");
    var names = headings(views);
    if (sorted.column >= names.length) { sorted.column = -1; }
    head.replaceChildren.apply(head, names.map(function (name, column) { return heading(name, column, views); }));
    var rows = Mulgil.shownRegions().map(function (region) { return { region: region, row: cells(region, views) }; });
    if (sorted.column >= 0) { rows.sort(compare); }
    body.replaceChildren.apply(body, rows.map(function (each) {
      var line = make("tr"), first = make("th"), link = make("a", each.row[0]);
      first.scope = "row";
      link.href = "region/" + each.region.code + page.end + ".html";
      first.append(link);
      line.append(first);
      each.row.slice(1).forEach(function (cell) { line.append(make("td", text(cell))); });
      return line;
    }));
  };

  /* ---- downloads: the numbers that are shown, no others ---- */
  Mulgil.save = function (name, kind, content) {
    var link = make("a");
    link.href = URL.createObjectURL(new Blob([content], { type: kind }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  };

  function quoted(value) {
    return '"' + String(value).replace(/"/g, '""') + '"';
  }

  function fileName(ending) {
    return ["mulgil", state.layer, state.left, state.right].join("-").replace(/:/g, "_") + ending;
  }

  Mulgil.csv = function (views) {
    var lines = [["code"].concat(headings(views)).map(quoted)];
    Mulgil.shownRegions().forEach(function (region) {
      lines.push([region.code].concat(cells(region, views)).map(function (cell) {
        if (!Array.isArray(cell)) { return quoted(cell); }
        return cell[0] === null ? "" : cell[0].toFixed(cell[1]);
      }));
    });
    var rows = lines.map(function (line) { return line.join(","); });
    Mulgil.save(fileName(".csv"), "text/csv", "\ufeff" + rows.join("\r\n") + "\r\n");
  };

  function facts(region, views) {
    var n = region.at, found = { code: region.code, name: region.full, layer: views[0].layer.id };
    views.forEach(function (shown, i) {
      var side = Mulgil.sides[i] + "_";
      found[side + "title"] = Mulgil.title(shown);
      found[side + "unit"] = shown.unit;
      found[side + "value"] = shown.value[n];
      if (shown.window) {
        found[side + "p10"] = shown.low[n];
        found[side + "p90"] = shown.high[n];
        found[side + "robustness"] = page.robustness[shown.why[n]];
        found[side + "models_agree"] = Number(shown.agree[n]);
        found[side + "models"] = Number(shown.models[n]);
      }
    });
    return found;
  }

  Mulgil.geojson = function (views) {
    var features = Mulgil.shownRegions().map(function (region) {
      var parts = Mulgil.parts(region.code).map(function (rings) {
        return rings.map(function (ring) { return ring.map(function (at) { return [at[1], at[0]]; }); });
      });
      return {
        type: "Feature", id: region.code, properties: facts(region, views),
        geometry: { type: "MultiPolygon", coordinates: parts }
      };
    });
    var whole = { type: "FeatureCollection", caveat: page.caveat, features: features };
    Mulgil.save(fileName(".geojson"), "application/geo+json", JSON.stringify(whole));
  };
})();
