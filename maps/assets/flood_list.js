"use strict";
/* The list of gauges, worst first: what stands in the page already is used again, what does not is
   made from the same numbers. */
(function () {
  var MINUTE = 60000, SMALL = matchMedia("(max-width: 600px)"), written = new Map(), made = new Map();
  var limit, chosen = [], names = null, values = null;

  function page() { return SMALL.matches ? 10 : 50; }
  function level(stage) {
    var words = { water_level: ["수위", "level"], discharge: ["유량", "flow"] }, config = Mulgil.config();
    return config.stages[stage] + " " + words[config.quantity][config.lang === "ko" ? 0 : 1];
  }

  function decode(packed) {
    var found = { levels: Mulgil.unpack(packed.levels), reasons: packed.reasons };
    ["decimals", "age", "peak", "why"].forEach(function (name) { found[name] = Mulgil.unpack(packed[name]); });
    return found;
  }

  function needed() {
    if (names && values) { return Promise.resolve(); }
    return Promise.all([Mulgil.load("names"), Mulgil.load("values")]).then(function (found) {
      names = found[0];
      values = decode(found[1]);
    });
  }

  function value(n, column) {
    var whole = values.levels[4 * n + column];
    return whole === null ? null : Number(whole + "e" + -values.decimals[n]);
  }

  function ahead(n, stage) { // the first lead at which a stage is likely [ms]; 0: at none
    var config = Mulgil.config();
    for (var i = 0; i < config.leads.length; i += 1) {
      if (Mulgil.stage(n, i + 2) === stage) { return config.leads[i] * config.step * MINUTE; }
    }
    return 0;
  }

  function quiet(n) {
    var config = Mulgil.config(), span = Mulgil.tell.span(config.horizon * config.step * MINUTE);
    var chance = Mulgil.stations().chance[n];
    return chance === null ? config.stages[-1] : Mulgil.say("chance", { ahead: span, chance: Mulgil.tell.chance(chance) });
  }

  function expected(n) {
    var stage = Mulgil.stage(n, 0), config = Mulgil.config(), at = ahead(n, stage), why = values.why[n];
    if (stage < 0 || why !== null) {
      return config.stages[-1] + (why === null ? "" : ": " + values.reasons[why][config.lang === "ko" ? 0 : 1].replace(/\.+$/, ""));
    }
    if (stage > 0 && at) { return Mulgil.say("from", { level: level(stage), ahead: Mulgil.tell.span(at) }); }
    return quiet(n);
  }

  function peak(n) {
    var config = Mulgil.config(), step = values.peak[n], all = [1, 2, 3].map(function (column) { return value(n, column); });
    if (step === null || all.includes(null)) { return ""; }
    var told = all.map(Mulgil.tell.number), issue = Date.parse(config.issue);
    return "; " + Mulgil.say("peak", {
      value: told[0] + " " + config.unit + " (" + told[1] + "–" + told[2] + ")",
      time: Mulgil.tell.clock(issue + step * config.step * MINUTE, issue)
    });
  }

  function sentence(n) {
    var now = Mulgil.stage(n, 1), first = now > 0 ? Mulgil.say("at_now", { level: level(now) }) + "; " : "";
    return first + expected(n) + peak(n) + ".";
  }

  function last(n) {
    var read = value(n, 0), age = values.age[n];
    if (read === null || age === null) { return Mulgil.say("no_last"); }
    return Mulgil.say("last", {
      value: Mulgil.tell.number(read) + " " + Mulgil.config().unit, age: Mulgil.tell.span(age * MINUTE)
    });
  }

  function make(n) {
    var link = Mulgil.make("a", { href: Mulgil.page(n, names) }, Mulgil.make("bdi", {}, names[Mulgil.config().lang][n]));
    var river = Mulgil.make("span", { "class": "quiet" }, Mulgil.make("bdi", {}, Mulgil.river(n)));
    return Mulgil.make("li", { "class": "gauge", "data-n": n },
      Mulgil.badge(-1, ""),
      Mulgil.make("div", {}, Mulgil.make("h3", {}, link, " ", river),
        Mulgil.make("p", { "class": "said" }, sentence(n)), Mulgil.make("p", { "class": "quiet" }, last(n))));
  }

  function row(n, position) {
    if (!written.has(n) && !made.has(n)) { made.set(n, make(n)); }
    var item = written.get(n) || made.get(n), stage = Mulgil.stage(n, position);
    if (item.dataset.stage !== String(stage) || made.has(n)) {
      item.dataset.stage = stage;
      item.firstElementChild.replaceWith(Mulgil.badge(stage, Mulgil.config().stages[stage]));
    }
    return item;
  }

  function draw(position) {
    var list = document.getElementById("gauges"), shown = chosen.slice(0, limit);
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
    if (chosen.slice(0, limit).every(function (n) { return written.has(n) || made.has(n); })) { draw(position); count(); return; }
    if (!names) { tell(Mulgil.say("loading")); }
    busy(true); // until then the list is of another choice
    needed().then(function () {
      draw(Mulgil.state().position);
      count();
    }, Mulgil.gone);
  };

  Mulgil.more = function () {
    var before = document.querySelectorAll("#gauges > li").length;
    Mulgil.list(chosen, Mulgil.state().position, true);
    needed().then(function () {
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
