"use strict";
/* Legends, and the line that tells of one region. All text is set as text, never as HTML. */
(function () {
  var page = Mulgil.page, words = page.words, NS = "http://www.w3.org/2000/svg";

  Mulgil.make = function (kind, text, name) {
    var made = document.createElement(kind);
    if (text !== undefined && text !== null) { made.textContent = text; }
    if (name) { made.className = name; }
    return made;
  };
  var make = Mulgil.make;

  function swatch(fills, text) {
    var item = make("li"), box = document.createElementNS(NS, "svg");
    box.setAttribute("class", "swatch");
    box.setAttribute("viewBox", "0 0 28 18");
    box.setAttribute("aria-hidden", "true");
    fills.forEach(function (fill) {
      var part = document.createElementNS(NS, "rect");
      part.setAttribute("width", 28);
      part.setAttribute("height", 18);
      part.setAttribute("fill", fill);
      box.appendChild(part);
    });
    item.append(box, make("span", text));
    return item;
  }

  function places(breaks) {
    return Math.max.apply(null, breaks.map(function (b) { return (String(b).split(".")[1] || "").length; }));
  }

  function range(breaks, n, shown) {
    function text(value) { return Mulgil.number(value, places(breaks), shown.signed); }
    if (n === 0) { return "< " + text(breaks[0]); }
    if (n === breaks.length) { return "≥ " + text(breaks[n - 1]); }
    var middle = shown.signed && 2 * n === breaks.length ? " (" + words.small + ")" : "";
    return text(breaks[n - 1]) + " … " + text(breaks[n]) + middle;
  }

  function patterns(shown) {
    var there = {}, items = [];
    Mulgil.shownRegions().forEach(function (r) {
      if (shown.value[r.at] !== null) { there[shown.why[r.at]] = true; }
    });
    Object.keys(Mulgil.pattern).forEach(function (code) {
      if (there[code]) { items.push(swatch(["#cdd4d8", Mulgil.pattern[code]], page.robustness[code])); }
    });
    return items;
  }

  function notes(shown) {
    var layer = shown.layer, found = [], error = page.errors[layer.id];
    if (error !== undefined) { found.push(words.left_out + ": " + error + " " + layer.unit); }
    if (!shown.window) { return found; }
    var members = shown.window.members;
    if (page.caveat || page.synthetic) { found.unshift(page.caveat || words.synthetic); }
    if (!shown.modelled) { found.push(words.not_modelled); return found; }
    found.push(Mulgil.fill(words.models, members.length) + (members.length ? " (" + members.join(", ") + ")" : ""));
    found.push(Mulgil.fill(words.reference, page.reference));
    if (shown.window.note) { found.push(shown.window.note); }
    return found;
  }

  Mulgil.legend = function (side, shown) {
    var box = document.getElementById("legend-" + side), list = make("ul"), layer = shown.layer;
    box.replaceChildren(
      make("p", layer.name + " [" + shown.unit + "]", "legend-title"),
      make("p", words.rule + ": " + layer.rule + " · " + layer.source, "quiet")
    );
    if (shown.classes[0].length) {
      shown.classes[1].forEach(function (colour, n) { list.append(swatch([colour], range(shown.classes[0], n, shown))); });
    }
    list.append(swatch([Mulgil.grey], words.missing));
    box.append(list);
    if (shown.window && shown.modelled) {
      var trust = make("ul", null, "trust");
      trust.append(make("li", words.robust_only));
      trust.append.apply(trust, patterns(shown));
      box.append(trust);
    }
    var small = make("ul", null, "notes quiet");
    notes(shown).forEach(function (text) { small.append(make("li", text)); });
    box.append(small);
    document.getElementById("title-" + side).textContent = Mulgil.title(shown);
  };

  function line(shown, n) {
    var text = make("p"), value = Mulgil.number(shown.value[n], shown.digits, shown.signed);
    text.append(make("span", Mulgil.title(shown) + ": "));
    text.append(make("b", value ? value + " " + shown.unit : words.missing));
    var rest = [];
    if (shown.window && value) {
      var ends = [shown.low[n], shown.high[n]].map(function (v) { return Mulgil.number(v, shown.digits, shown.signed); });
      rest = [words.range + ": " + ends.join(" … "), Mulgil.agree(shown, n)];
    }
    var said = Mulgil.said(shown, n);
    if (said && said !== words.missing) { rest.push(said); }
    if (rest.length) { text.append(make("span", " · " + rest.filter(Boolean).join(" · "))); }
    return text;
  }

  Mulgil.agree = function (shown, n) {
    if (!Number(shown.models[n])) { return ""; }
    var korean = document.documentElement.lang === "ko", pair = [shown.agree[n], shown.models[n]];
    return Mulgil.fill.apply(null, [words.agree].concat(korean ? pair.reverse() : pair));
  };

  Mulgil.tell = function (code, views) {
    var box = document.getElementById("readout"), n = Mulgil.order[code];
    if (n === undefined) { box.replaceChildren(make("p", words.choose_region)); return; }
    var region = Mulgil.regions[n], head = make("p", null, "readout-name"), link = make("a", region.full);
    link.href = "region/" + region.code + page.end + ".html";
    head.append(link);
    box.replaceChildren.apply(box, [head].concat(views.map(function (shown) { return line(shown, n); })));
  };
})();
