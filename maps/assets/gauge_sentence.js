"use strict";
/* Values, times and the sentence of a gauge in the words of forecast/wording.py and
   forecast/outlook.py; a test holds both to the same text. */
(function () {
  var OUTERMOST = 5, HOUR = 3600000, DAY = 24 * HOUR, KOREA = 9 * HOUR; // percent; milliseconds
  var MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  function config() { return Mulgil.config(); }
  function korean() { return config().lang === "ko"; }

  function number(value) {
    if (value === null) { return "–"; }
    if (config().quantity === "water_level") { return value.toFixed(2); }
    var digits = value ? 2 - Number(value.toExponential().split("e")[1]) : 2;
    digits = Math.min(Math.max(digits, 0), 3);
    return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  function chance(percent) {
    if (percent === null) { return "–"; }
    if (percent <= OUTERMOST) { return OUTERMOST + (korean() ? " % 이하" : " % or less"); }
    if (percent >= 100 - OUTERMOST) { return 100 - OUTERMOST + (korean() ? " % 이상" : " % or more"); }
    return percent + " %";
  }

  function span(milliseconds) {
    var minutes = Math.floor(milliseconds / 60000), whole = minutes % 60 === 0, count = whole ? minutes / 60 : minutes;
    if (korean()) { return count + (whole ? "시간" : "분"); }
    return count + (whole ? " hour" : " minute") + (count !== 1 ? "s" : "");
  }

  // A date whose UTC fields are the local ones: zones are Korea's, which has no summer time, and UTC.
  function local(time) {
    return new Date(time + (config().zone === "Asia/Seoul" ? KOREA : 0));
  }

  function zone() { return config().zone === "Asia/Seoul" ? "KST" : "UTC"; }
  function two(count) { return (count < 10 ? "0" : "") + count; }
  function hour(here) { return two(here.getUTCHours()) + ":" + two(here.getUTCMinutes()); }

  function clock(time, issue) {
    var here = local(time), told = hour(here) + " " + zone();
    if (Math.floor(here.getTime() / DAY) === Math.floor(local(issue).getTime() / DAY)) { return told; }
    if (korean()) { return here.getUTCMonth() + 1 + "월 " + here.getUTCDate() + "일 " + told; }
    return told + " on " + here.getUTCDate() + " " + MONTHS[here.getUTCMonth()];
  }

  function moment(time) {
    var here = local(time);
    return [here.getUTCFullYear(), two(here.getUTCMonth() + 1), two(here.getUTCDate())].join("-") + " " + hour(here) + " " + zone();
  }

  function level(stage) {
    var words = { water_level: ["수위", "level"], discharge: ["유량", "flow"] };
    return config().stages[stage] + " " + words[config().quantity][korean() ? 0 : 1];
  }

  function now(gauge) {
    if (gauge.now <= 0) { return ""; }
    return korean() ? "현재 " + level(gauge.now) + ". " : "Now at " + level(gauge.now) + ". ";
  }

  // A person set the stage: no forecast stands behind it.
  function judged(gauge) {
    return korean() ? "예보관 판단 " + level(gauge.stage) : "A forecaster expects " + level(gauge.stage);
  }

  function reached(gauge) {
    if (gauge.reached < 0) { return judged(gauge); }
    var row = gauge.chances[gauge.stage - 1], here = chance(row[gauge.reached]);
    var wait = span((gauge.reached + 1) * gauge.step), there = gauge.now >= gauge.stage;
    var said = korean()
      ? wait + " 뒤 " + level(gauge.stage) + " " + (there ? "이상일" : "도달") + " 가능성 " + here
      : here + " chance of " + (there ? "at least" : "reaching") + " " + level(gauge.stage) + " in " + wait;
    if (gauge.most < 0) { return said; }
    var most = chance(row[gauge.most]), at = clock(gauge.ahead[gauge.most], gauge.issue);
    return said + (korean() ? " (" + at + "에는 " + most + ")" : " (" + most + " at " + at + ")");
  }

  function quiet(gauge) {
    var mildest = gauge.limits.findIndex(function (limit) { return limit !== null; });
    if (mildest < 0 || gauge.chances[mildest].includes(null)) { return judged(gauge); }
    var most = chance(Math.max.apply(null, gauge.chances[mildest])), ahead = span(gauge.horizon * gauge.step);
    return korean()
      ? ahead + " 안에 " + level(mildest + 1) + " 도달 가능성 " + most
      : most + " chance of reaching " + level(mildest + 1) + " within " + ahead;
  }

  function highest(values) {
    return Math.max.apply(null, values.filter(function (value) { return value !== null; }));
  }

  function peak(gauge) {
    if (gauge.peak < 0) { return ""; }
    var ends = [0, gauge.levels.length - 1].map(function (at) { return number(highest(gauge.quantiles[at])); });
    var high = number(Mulgil.quantile(gauge, 0.5)[gauge.peak]) + " " + config().unit + " (" + ends.join("–") + ")";
    var at = clock(gauge.ahead[gauge.peak], gauge.issue);
    return korean() ? "; 최고 " + high + ", " + at : "; peak " + high + " at " + at;
  }

  Mulgil.sentence = function (gauge) {
    var said;
    if (gauge.stage < 0) {
      said = ((korean() ? "판단 불가: " : "Unknown: ") + gauge.reason).replace(/\.+$/, "");
    } else { said = gauge.stage === 0 ? quiet(gauge) : reached(gauge); }
    return now(gauge) + said + peak(gauge) + "." + (gauge.note ? " " + gauge.note : "");
  };
  function quantity() { return config().gauge.quantities[config().quantity]; }

  Mulgil.tell = { quantity: quantity, number: number, chance: chance, span: span, clock: clock, moment: moment, local: local };
})();
