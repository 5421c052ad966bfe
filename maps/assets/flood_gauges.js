"use strict";
/* All gauges of the network out of the packed files of maps/now_data.py: where each lies, and its
   stage at each position of the slider: the worst, now, then the leads. */
(function () {
  var ORDER = [4, 3, 2, 1, -1, 0], SCALE = 1e4, ZERO = 49; // the code of "1": a stage is kept plus 1
  var stations, stages, width, byChance, old = Mulgil.overdue();

  function mercator(gauges) {
    var x = new Float64Array(gauges.count), y = new Float64Array(gauges.count);
    for (var n = 0; n < gauges.count; n += 1) {
      var sine = Math.sin(gauges.latitude[n] * Math.PI / 180);
      x[n] = gauges.longitude[n] / 360 + 0.5;
      y[n] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
    return { x: x, y: y };
  }

  function degrees(text) {
    var found = Float64Array.from(Mulgil.unpack(text));
    for (var n = 0; n < found.length; n += 1) { found[n] /= SCALE; }
    return found;
  }

  // The likelier first, in the order of the network where they are alike; unknown ones last.
  function likelier(chance) {
    var byPercent = Array.from({ length: 102 }, function () { return []; });
    chance.forEach(function (percent, n) { byPercent[percent === null ? 101 : 100 - percent].push(n); });
    return [].concat.apply([], byPercent);
  }

  Mulgil.stations = function () {
    if (stations) { return stations; }
    var packed = Mulgil.value("stations"), now = Mulgil.value("now");
    stations = {
      count: packed.count, latitude: degrees(packed.latitude), longitude: degrees(packed.longitude),
      river: Mulgil.unpack(packed.river), rivers: packed.rivers, chance: Mulgil.unpack(now.chance)
    };
    Object.assign(stations, mercator(stations));
    stages = now.stages;
    width = Mulgil.config().leads.length + 2;
    byChance = likelier(stations.chance);
    return stations;
  };

  // An overdue forecast tells nothing of now: every gauge is UNKNOWN at every time.
  Mulgil.stage = function (n, position) { return old ? -1 : stages.charCodeAt(n * width + position) - ZERO; };
  document.addEventListener("mulgil:old", function (event) { if (event.target === document.body) { old = true; } });

  // The gauges that a state asks for, the worst first; and those of each stage that could be asked for.
  Mulgil.select = function (state) {
    var buckets = new Map(ORDER.map(function (stage) { return [stage, []]; }));
    byChance.forEach(function (n) {
      if (state.river >= 0 && stations.river[n] !== state.river) { return; }
      if (state.match && !state.match[n]) { return; }
      buckets.get(Mulgil.stage(n, state.position)).push(n);
    });
    var asked = ORDER.filter(function (stage) { return !state.stages.length || state.stages.includes(stage); });
    return { ofStage: buckets, list: [].concat.apply([], asked.map(function (stage) { return buckets.get(stage); })) };
  };

  Mulgil.river = function (n) { return stations.rivers[stations.river[n]][Mulgil.config().lang === "ko" ? 0 : 1]; };

  Mulgil.page = function (n, names) {
    var other = names.file.find(function (pair) { return pair[0] === n; });
    return "gauge/" + (other ? other[1] : names.id[n]) + (Mulgil.config().lang === "ko" ? "" : ".en") + ".html";
  };
})();
