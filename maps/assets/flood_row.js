"use strict";
/* A gauge of the list, made from numbers: for those that do not stand in the page's HTML. The words are
   shorter than those of forecast/outlook.py, and say the same. */
(function () {
  var MINUTE = 60000, names = null, values = null;

  function level(stage) {
    var words = { water_level: ["수위", "level"], discharge: ["유량", "flow"] }, config = Mulgil.config();
    return config.stages[stage] + " " + words[config.quantity][config.lang === "ko" ? 0 : 1];
  }

  function decode(packed) {
    var found = { levels: Mulgil.unpack(packed.levels), reasons: packed.reasons };
    ["decimals", "age", "peak", "why"].forEach(function (name) { found[name] = Mulgil.unpack(packed[name]); });
    return found;
  }

  // Resolves when rows can be made.
  Mulgil.rowsReady = function () {
    if (names && values) { return Promise.resolve(); }
    return Promise.all([Mulgil.load("names"), Mulgil.load("values")]).then(function (found) {
      names = found[0];
      values = decode(found[1]);
    });
  };

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

  Mulgil.makeRow = function (n) {
    var link = Mulgil.make("a", { href: Mulgil.page(n, names) }, Mulgil.make("bdi", {}, names[Mulgil.config().lang][n]));
    var river = Mulgil.make("span", { "class": "quiet" }, Mulgil.make("bdi", {}, Mulgil.river(n)));
    return Mulgil.make("li", { "class": "gauge", "data-n": n },
      Mulgil.badge(-1, ""),
      Mulgil.make("div", {}, Mulgil.make("h3", {}, link, " ", river),
        Mulgil.make("p", { "class": "said" }, sentence(n)), Mulgil.make("p", { "class": "quiet" }, last(n))));
  };
})();
