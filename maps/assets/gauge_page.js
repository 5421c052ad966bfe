"use strict";
/* A gauge's own page. One that is whole gets the live picture in place of the still one; one of a large
   network (see maps/gauge_site.py) fetches what changes and fills itself. */
(function () {
  function alive(figure) {
    Mulgil.gaugeOf(Number(figure.dataset.n)).then(function (gauge) {
      var live = Mulgil.picture(gauge);
      figure.replaceWith(live);
      live.draw();
    }, function () { /* gone with a newer release: the still picture and its tables stay */ });
  }

  function banners(texts) {
    var place = document.getElementById("banners");
    place.replaceChildren.apply(place, texts.map(function (text) { return Mulgil.make("p", { "class": "banner" }, text); }));
  }

  var NS = "http://www.w3.org/2000/svg";

  function drawn(shape) {
    var element = document.createElementNS(NS, shape[0]);
    Object.keys(shape[1]).forEach(function (name) { element.setAttribute(name, shape[1][name]); });
    element.append.apply(element, shape[2].map(drawn));
    return element;
  }

  // The symbols that other pages hold in their HTML.
  function symbols(config) {
    ["symbols", "unknown"].forEach(function (id) {
      document.querySelector("header").prepend(Mulgil.make("template", { id: id }));
    });
    var all = document.getElementById("symbols").content, unknown = document.getElementById("unknown").content;
    all.append.apply(all, config.symbols.map(drawn));
    unknown.append(Mulgil.badge(-1, config.stages["-1"]));
  }

  // What changes with each forecast, into the page and its config.
  function told(parts) {
    var config = Object.assign(Mulgil.config(), parts[0], parts[1], { files: Object.assign({}, Mulgil.config().files, parts[1].files) });
    symbols(config);
    document.body.dataset.issueTime = config.issue;
    document.body.dataset.next = config.next;
    banners(config.banners[config.lang]);
    Mulgil.age();
  }

  // Who has approved or held the forecast, or that nobody has.
  function review() {
    var told = (Mulgil.config().review || {})[Mulgil.config().lang] || {};
    return told.said ? [Mulgil.make("p", { "class": "review", "data-state": told.state }, told.said)] : [];
  }

  function fill(place) {
    return function (gauge) {
      var parts = Mulgil.parts(gauge, "page");
      var warnings = Mulgil.config().warnings.map(function (text) { return Mulgil.make("p", { "class": "caveat" }, text); });
      place.replaceChildren.apply(place, parts.all.slice(0, 2).concat(review(), warnings, parts.all.slice(2)));
      parts.draw();
    };
  }

  document.addEventListener("DOMContentLoaded", function () {
    var place = document.getElementById("gauge-page");
    if (!place) { return; }
    if (place.tagName === "FIGURE") { alive(place); return; }
    var status = place.querySelector("[role=status]");
    status.hidden = false;
    Promise.all([Mulgil.load("page"), Mulgil.load("latest")]).then(told).then(function () {
      return Mulgil.gaugeOf(Number(place.dataset.n));
    }).then(fill(place)).catch(function (error) {
      status.textContent = place.dataset.gone;
      Mulgil.gone(error);
    });
  });
})();
