"use strict";
/* What a reader sets: stages (the legend), river, search, the time; and the time running by itself. */
(function () {
  var STEP = 700, MINUTE = 60000, timer = null, typing = null; // milliseconds

  function at(id) { return document.getElementById(id); }
  function buttons() { return Array.from(document.querySelectorAll(".legend button")); }

  // The moment that a position of the slider stands for, in words.
  function told(position) {
    var config = Mulgil.config(), issue = Date.parse(config.issue);
    if (position === 0) { return Mulgil.say("worst"); }
    if (position === 1) { return Mulgil.say("now") + " · " + Mulgil.tell.clock(issue, issue); }
    var ahead = config.leads[position - 2] * config.step * MINUTE;
    return "+" + Mulgil.tell.span(ahead) + " · " + Mulgil.tell.clock(issue + ahead, issue);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    at("play").textContent = Mulgil.say("play");
  }

  function play() {
    if (timer) { stop(); return; }
    var last = Number(at("lead").max), state = Mulgil.state();
    Mulgil.change({ position: state.position < 1 || state.position >= last ? 1 : state.position });
    at("play").textContent = Mulgil.say("stop");
    timer = setInterval(function () {
      Mulgil.change({ position: state.position + 1 });
      if (state.position >= last) { stop(); }
    }, STEP);
  }

  function legend(state, found) {
    buttons().forEach(function (button) {
      var stage = Number(button.dataset.stage), pressed = state.stages.includes(stage), count = found.get(stage).length;
      button.querySelector("b").textContent = count;
      button.setAttribute("aria-pressed", String(pressed));
      button.disabled = !count && !pressed;
    });
  }

  function show(state) {
    var found = Mulgil.select(state);
    legend(state, found.ofStage);
    if (at("q").value !== state.q && document.activeElement !== at("q")) { at("q").value = state.q; }
    choose(state.river);
    at("lead").value = state.position;
    at("lead").setAttribute("aria-valuetext", told(state.position));
    at("lead-said").textContent = told(state.position);
    at("clear").hidden = !state.q && !state.stages.length && state.river < 0 && !state.position;
    Mulgil.list(found.list, state.position);
    Mulgil.paint(found.list, state.position);
  }

  function press(event) {
    var button = event.target.closest("button"), stages = Mulgil.state().stages, stage = Number(button && button.dataset.stage);
    if (!button) { return; }
    Mulgil.change({ stages: stages.includes(stage) ? stages.filter(function (s) { return s !== stage; }) : stages.concat(stage) });
  }

  function rivers() {
    var side = Mulgil.config().lang === "ko" ? 0 : 1, select = at("river");
    var all = Mulgil.stations().rivers.map(function (river, i) { return [river[side], i]; });
    var compare = new Intl.Collator(Mulgil.config().lang).compare;
    all.sort(function (a, b) { return compare(a[0], b[0]) || a[1] - b[1]; });
    select.append.apply(select, all.map(function (river) { return new Option(river[0], river[1]); }));
    choose(Mulgil.state().river);
  }

  function choose(river) { at("river").value = river < 0 ? "" : river; }

  function search(event) {
    clearTimeout(typing);
    typing = setTimeout(function () { Mulgil.change({ q: at("q").value }); }, event.type === "input" ? 150 : 0);
  }

  function clear() {
    stop();
    at("q").value = "";
    Mulgil.change({ q: "", stages: [], river: -1, position: 0 });
    at("q").focus();
  }

  function listen() {
    document.querySelector(".legend ul").addEventListener("click", press);
    at("lead").addEventListener("input", function () { stop(); Mulgil.change({ position: Number(at("lead").value) }); });
    at("play").addEventListener("click", play);
    at("clear").addEventListener("click", clear);
    at("q").addEventListener("input", search);
    at("q").addEventListener("focus", function () { Mulgil.load("names").catch(Mulgil.gone); });
    at("q").addEventListener("keydown", function (event) { if (event.key === "Enter") { Mulgil.fit(); } });
    at("river").addEventListener("change", function () {
      Mulgil.change({ river: at("river").value === "" ? -1 : Number(at("river").value) });
      Mulgil.fit();
    });
  }

  function turnOld() {
    stop();
    at("time").hidden = true; // no time of an overdue forecast tells anything
    Mulgil.change({ stages: [], position: 0 });
  }

  Mulgil.startControls = function () {
    listen();
    document.querySelectorAll("#choices [disabled]").forEach(function (control) { control.disabled = false; });
    document.addEventListener("mulgil:old", function (event) { if (event.target === document.body) { turnOld(); } });
    Mulgil.onChange(show);
    if (Mulgil.overdue()) { turnOld(); } else { Mulgil.restore(); }
    setTimeout(rivers, 0); // after the map: there may be thousands
  };
})();
