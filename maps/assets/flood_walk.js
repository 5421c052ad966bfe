"use strict";
/* Gauges on the map by pointer and by keyboard: N and P walk through those in view, the worst first,
   Enter opens one, Esc lets go. Their names are asked for when the first one is needed. */
(function () {
  var layer, map, current = -1, tip = null, hovered = -1;

  function label(n, names) {
    var parts = [names[Mulgil.config().lang][n], Mulgil.river(n), Mulgil.config().stages[Mulgil.stage(n, Mulgil.state().position)]];
    return parts.filter(Boolean).join(" · ");
  }

  function named(n) {
    return Mulgil.load("names").then(function (names) { return label(n, names); });
  }

  function open(n) {
    current = n;
    layer.mark(n);
    Mulgil.load("names").then(function (names) { Mulgil.open(n, names[Mulgil.config().lang][n], true); }, Mulgil.gone);
  }

  function say(text) { document.getElementById("map-said").textContent = text; }

  function leave() {
    current = -1;
    layer.mark(-1);
    say("");
  }

  function walk(way) {
    var seen = layer.inView();
    if (!seen.length) { leave(); say(Mulgil.say("nothing_in_view")); return; }
    var before = seen.indexOf(current), at = before < 0 ? (way > 0 ? 0 : seen.length - 1) : (before + way + seen.length) % seen.length;
    current = seen[at];
    layer.mark(current);
    named(current).then(function (text) {
      if (current === seen[at]) { say(text + ". " + Mulgil.say("in_view", { all: seen.length, at: at + 1 })); }
    }, Mulgil.gone);
  }

  // A key by its letter, or by its place where the keyboard writes another script.
  function letter(event, name) {
    return event.key.toUpperCase() === name || (event.code === "Key" + name && !/^[a-z]$/i.test(event.key));
  }

  function key(event) {
    if (event.target !== map.getContainer() || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var way = letter(event, "N") ? 1 : letter(event, "P") ? -1 : 0;
    if (way) { walk(way); event.preventDefault(); }
    if (event.key === "Enter" && current >= 0) { open(current); event.preventDefault(); }
    if (event.key === "Escape") { leave(); }
  }

  function hide() {
    if (tip) { tip.remove(); tip = null; }
    hovered = -1;
    map.getContainer().classList.remove("on-gauge");
  }

  function hover(event) {
    var n = layer.under(event.containerPoint);
    if (n === hovered) { return; }
    hide();
    hovered = n;
    if (n < 0) { return; }
    map.getContainer().classList.add("on-gauge");
    named(n).then(function (text) { if (hovered === n) { show(n, text); } }, Mulgil.gone);
  }

  function show(n, text) {
    var stations = Mulgil.stations();
    tip = L.tooltip({ direction: "top", offset: [0, -12] }).setLatLng([stations.latitude[n], stations.longitude[n]]);
    tip.setContent(Mulgil.make("bdi", {}, text)).addTo(map); // an element: its text is no HTML
  }

  Mulgil.walk = function (onMap, gauges) {
    map = onMap;
    layer = gauges;
    map.getContainer().addEventListener("keydown", key);
    map.on("mousemove", hover).on("mouseout movestart", hide);
    map.on("click", function (event) {
      var n = layer.under(event.containerPoint);
      if (n >= 0) { open(n); }
    });
  };
})();
