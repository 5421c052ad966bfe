"use strict";
/* A gauge beside the list and the map, in a dialog that leaves both usable, and on its own page. */
(function () {
  var dialog = null, before = null, asked = 0;

  function config() { return Mulgil.config(); }
  function words() { return config().gauge; }
  function page(gauge) {
    return config().folder + "gauge/" + gauge.page + (config().lang === "ko" ? "" : ".en") + ".html";
  }

  function close() {
    if (!dialog || !dialog.open) { return; }
    asked += 1;
    dialog.close();
    if (before && before.isConnected) { before.focus({ preventScroll: true }); }
  }

  function frame() {
    if (dialog) { return; }
    dialog = Mulgil.make("dialog", { id: "gauge", "aria-labelledby": "gauge-name" });
    document.body.append(dialog);
    dialog.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && !event.defaultPrevented) { close(); }
    });
  }

  function heading(name, rest) {
    var title = Mulgil.make("h2", { id: "gauge-name", tabindex: "-1" }, Mulgil.make("bdi", {}, name || "…"));
    if (rest) { title.append(" ", Mulgil.make("span", { "class": "quiet" }, Mulgil.make("bdi", {}, rest.river), " · ", Mulgil.make("bdi", {}, rest.id))); }
    return title;
  }

  function top(title) {
    var button = Mulgil.make("button", { type: "button", "class": "close", "aria-label": words().close }, "×");
    button.addEventListener("click", close);
    return Mulgil.make("div", { "class": "dialog-top" }, title, button);
  }

  function focus() { dialog.querySelector("#gauge-name").focus({ preventScroll: true }); }

  function banners() {
    return Array.from(document.querySelectorAll("header .banner:not([hidden])")).map(function (banner) {
      return Mulgil.make("p", { "class": "banner" }, banner.textContent);
    });
  }

  function fill(gauge) {
    var parts = Mulgil.parts(gauge, "dialog");
    var whole = Mulgil.make("a", { href: page(gauge) }, words().whole);
    dialog.replaceChildren.apply(dialog, [top(heading(gauge.name, gauge))].concat(banners(), parts.all, Mulgil.make("p", {}, whole)));
    parts.draw();
    dialog.scrollTop = 0;
    focus();
  }

  Mulgil.openGauge = function (n, name) {
    frame();
    var mine = asked += 1;
    if (!dialog.contains(document.activeElement)) { before = document.activeElement; }
    dialog.replaceChildren(top(heading(name)), Mulgil.make("p", { role: "status" }, words().loading));
    if (!dialog.open) { dialog.show(); }
    focus();
    return Mulgil.gaugeOf(n).then(function (gauge) {
      if (mine === asked) { fill(gauge); }
    }, function (error) {
      if (mine === asked) { dialog.querySelector("[role=status]").textContent = words().gone; }
      Mulgil.gone(error);
    });
  };
})();
