"use strict";
/* The list of gauges, worst first: what stands in the page already is used again, what does not is
   made from the same numbers. */
(function () {
  var SMALL = matchMedia("(max-width: 600px)"), written = new Map(), made = new Map();
  var limit, chosen = [], ready = false;

  function page() { return SMALL.matches ? 10 : 50; }

  function row(n, position) {
    if (!written.has(n) && !made.has(n)) { made.set(n, Mulgil.makeRow(n)); }
    var item = written.get(n) || made.get(n), stage = Mulgil.stage(n, position);
    if (item.dataset.stage !== String(stage) || made.has(n)) {
      item.dataset.stage = stage;
      item.firstElementChild.replaceWith(Mulgil.badge(stage, Mulgil.config().stages[stage]));
    }
    return item;
  }

  function known(n) { return ready || written.has(n) || made.has(n); }

  function draw(position) {
    var list = document.getElementById("gauges"), shown = chosen.slice(0, limit).filter(known);
    var rows = shown.map(function (n) { return row(n, position); }), at = 0;
    while (at < rows.length && list.children[at] === rows[at]) { at += 1; } // what stands right, stays
    busy(false);
    while (list.children.length > at) { list.lastElementChild.remove(); }
    list.append.apply(list, rows.slice(at));
    document.getElementById("more").hidden = shown.length === chosen.length;
  }

  function busy(waits) { document.getElementById("gauges").setAttribute("aria-busy", String(waits)); }

  function tell(text) {
    var found = document.getElementById("found");
    if (found.textContent !== text) { found.textContent = text; }
  }

  function thousands(count) { return String(count).replace(/\B(?=(\d{3})+$)/g, ","); }

  function count() {
    var all = Mulgil.stations().count, parts = { all: thousands(all), some: thousands(chosen.length) };
    tell(Mulgil.say(!chosen.length ? "none" : chosen.length === all ? "all" : "found", parts));
  }

  // Shows gauges; what the page does not hold is asked for first.
  Mulgil.list = function (gauges, position, more) {
    chosen = gauges;
    limit = more ? limit + 50 : page();
    if (chosen.slice(0, limit).every(known)) { draw(position); count(); return; }
    tell(Mulgil.say("loading"));
    busy(true); // what stands there is of another choice
    Mulgil.rowsReady().then(function () { ready = true; }, Mulgil.gone).then(function () {
      draw(Mulgil.state().position); // without them, what the page holds
      count();
    });
  };

  Mulgil.more = function () {
    var before = document.querySelectorAll("#gauges > li").length;
    Mulgil.list(chosen, Mulgil.state().position, true);
    Mulgil.rowsReady().then(function () {
      var next = document.querySelectorAll("#gauges > li")[before];
      if (next) { next.querySelector("a").focus(); }
    }, Mulgil.gone);
  };

  function open(event) {
    var link = event.target.closest("a"), item = event.target.closest("li");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    event.preventDefault();
    Mulgil.open(Number(item.dataset.n), link.textContent, false);
  }

  // Opens a gauge beside what it was chosen from: over the list from the map, over the map from the list.
  Mulgil.open = function (n, name, fromMap) {
    Mulgil.openGauge(n, name);
    document.getElementById("gauge").classList.toggle("over-list", fromMap);
  };

  Mulgil.startList = function () {
    document.querySelectorAll("#gauges > li").forEach(function (item) { written.set(Number(item.dataset.n), item); });
    document.getElementById("gauges").addEventListener("click", open);
    document.getElementById("more").addEventListener("click", Mulgil.more);
  };
})();
