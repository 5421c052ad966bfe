"use strict";
/* A gauge's numbers out of its shard: see maps/shards.py, maps/shard_numbers.py, maps/packing.py. */
(function () {
  var SHARD = 64, ALERTS = 4, MINUTE = 60000;
  var FIELDS = ["id", "page", "name_ko", "name_en", "river_ko", "river_en", "stage", "now", "reached", "most",
    "peak", "age", "reason", "note", "limits", "origin", "inputs", "decimals", "numbers", "skill"];

  function cutter(values) {
    var at = 0;
    return {
      row: function (length) { at += length; return values.slice(at - length, at); },
      rows: function (count, length) {
        var found = [];
        for (var i = 0; i < count; i += 1) { found.push(this.row(length)); }
        return found;
      }
    };
  }

  function scaled(decimals) {
    return function (whole) {
      return whole === null ? null : Number(whole + "e" + -decimals); // exact: no binary division
    };
  }

  function skill(text, leads) {
    if (!text || !leads.length) { return null; }
    var cut = cutter(Mulgil.unpack(text)), n = leads.length;
    return { leads: leads, gain: cut.row(n), coverage: cut.row(n),
      hits: cut.rows(ALERTS, n), misses: cut.rows(ALERTS, n), falseAlarms: cut.rows(ALERTS, n) };
  }

  function moments(start, step, count) {
    var found = [];
    for (var i = 0; i < count; i += 1) { found.push(start + i * step); }
    return found;
  }

  // One gauge of a shard, ready to be told and drawn; times in milliseconds, values in the unit.
  function gauge(shard, place, config) {
    var raw = {}, issue = Date.parse(shard.issue), step = shard.minutes * MINUTE, horizon = config.horizon;
    FIELDS.forEach(function (name, i) { raw[name] = shard.gauges[place][i]; });
    var cut = cutter(Mulgil.unpack(raw.numbers)), value = scaled(raw.decimals);
    var values = function (length) { return cut.row(length).map(value); };
    var of = function (kind) { return raw[kind + "_" + config.lang]; };
    var told = function (at) { return at < 0 ? "" : shard.texts[at][config.lang === "ko" ? 0 : 1]; };
    var ahead = moments(issue + step, step, horizon);
    var found = {
      label: shard.label, unit: shard.unit, id: raw.id, page: raw.page || raw.id, name: of("name"), river: of("river"), issue: issue, step: step, horizon: horizon,
      stage: raw.stage, now: raw.now, reached: raw.reached, most: raw.most, peak: raw.peak,
      reason: told(raw.reason), note: told(raw.note), origin: told(raw.origin), limits: raw.limits,
      age: raw.age, last: values(1)[0], ahead: ahead,
      observed: { time: moments(issue + shard.first * MINUTE, step, shard.observed), value: values(shard.observed) },
      outcome: { time: moments(issue + step, step, shard.outcome), value: values(shard.outcome) },
      levels: shard.levels, quantiles: []
    };
    shard.levels.forEach(function () { found.quantiles.push(values(horizon)); });
    found.earlier = shard.earlier.map(function (minutes) {
      return { time: moments(issue + minutes * MINUTE + step, step, horizon), value: values(horizon) };
    });
    found.chances = cut.rows(ALERTS, horizon);
    found.inputs = shard.inputs[raw.inputs].map(function (input) {
      return { name: input[0], time: input[1] === null ? null : issue - input[1] * MINUTE, source: input[2] };
    });
    found.edits = (shard.edits || {})[place] || null; // see maps/shard_edits.py
    found.skill = skill(raw.skill, shard.skill);
    // The stage that a gauge is shown with, as maps.listing.shown says.
    found.shown = raw.stage < 0 && raw.now <= 0 ? -1 : Math.max(raw.stage, raw.now);
    return found;
  }

  Mulgil.gaugeOf = function (n) {
    return Mulgil.load("h/" + Math.floor(n / SHARD)).then(function (shard) {
      return gauge(shard, n % SHARD, Mulgil.config());
    });
  };
  Mulgil.quantile = function (gauge, level) { return gauge.quantiles[gauge.levels.indexOf(level)]; };
})();
