"use strict";
/* A page whose next forecast is overdue tells nothing of now: it says so, and every stage on it
   becomes UNKNOWN. A replay of the past has no next forecast and never ages. */
var Mulgil = (function () {
  function overdue(part) {
    var next = (part || document.body).dataset.next;
    return Boolean(next) && Date.now() >= Date.parse(next);
  }

  function turnUnknown(part) {
    var unknown = document.importNode(part.querySelector("template").content, true);
    part.querySelector(".stale").hidden = false;
    part.classList.add("old");
    part.querySelectorAll(".gauge > .badge").forEach(function (badge) {
      badge.replaceWith(unknown.cloneNode(true));
    });
    part.querySelectorAll(".counts").forEach(function (counts) {
      counts.replaceChildren(unknown.cloneNode(true));
    });
    part.querySelectorAll(".legend").forEach(function (legend) { legend.hidden = true; });
    part.dispatchEvent(new CustomEvent("mulgil:old", { bubbles: true }));
  }

  function age() {
    document.querySelectorAll("[data-next]").forEach(function (part) {
      if (overdue(part) && !part.classList.contains("old")) { turnUnknown(part); }
    });
    if (!document.body.dataset.next) { return; }
    var minutes = Math.floor((Date.now() - Date.parse(document.body.dataset.issueTime)) / 60000);
    var told = new Intl.RelativeTimeFormat(document.documentElement.lang);
    document.querySelectorAll(".ago").forEach(function (ago) {
      ago.textContent = "(" + (minutes < 120 ? told.format(-minutes, "minute") : told.format(-Math.floor(minutes / 60), "hour")) + ")";
    });
  }

  document.addEventListener("DOMContentLoaded", age);
  setInterval(function () {
    // Overdue while being read: the next page may be there already; if not, it says so on loading.
    // Without a network there is nothing to load, and what is old must not stay on the screen.
    var late = overdue(document.body) && !document.body.classList.contains("old");
    if (late && navigator.onLine) { location.reload(); } else { age(); }
  }, 60000);
  return { overdue: overdue, age: age };
})();
