"use strict";
/* The published scores of a gauge: gain over persistence, coverage, events by stage. */
(function () {
  var MINUTE = 60000;

  function words() { return Mulgil.config().gauge; }
  function share(percent) {
    return percent === null ? "–" : (percent / 100).toFixed(2).replace("-", "−");
  }

  function counts(skill, stage) {
    return skill.leads.map(function (_, i) {
      return [skill.hits, skill.misses, skill.falseAlarms].map(function (kind) {
        return kind[stage][i] === null ? "–" : kind[stage][i].toLocaleString("en-US");
      }).join(" / ");
    });
  }

  function events(skill) {
    var rows = [];
    skill.hits.forEach(function (row, stage) {
      if (row.some(function (count) { return count !== null; })) {
        rows.push([Mulgil.config().stages[stage + 1]].concat(counts(skill, stage)));
      }
    });
    return rows;
  }

  // What stands under the heading: the tables, or that nothing was published yet.
  Mulgil.skillOf = function (gauge) {
    var skill = gauge.skill;
    if (!skill) { return [Mulgil.make("p", {}, words().no_scores)]; }
    var leads = skill.leads.map(function (minutes) { return Mulgil.tell.span(minutes * MINUTE); });
    var shares = [[words().gain].concat(skill.gain.map(share)), [words().coverage].concat(skill.coverage.map(share))];
    var all = [Mulgil.make("p", {}, words().skill_means), Mulgil.table(words().skill, [words().score].concat(leads), shares)];
    var rows = events(skill);
    return rows.length ? all.concat(Mulgil.table(words().events, [words().stage].concat(leads), rows)) : all;
  };
})();
