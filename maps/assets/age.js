"use strict";
/* A page whose next forecast is overdue tells nothing of now: it says so, and every stage on it
   becomes UNKNOWN. A replay of the past has no next forecast and never ages. */
var Mulgil = (function () {
  function overdue() {
    var next = document.body.dataset.next;
    return Boolean(next) && Date.now() >= Date.parse(next);
  }

  function age() {
    if (!overdue()) { return; }
    document.getElementById("stale").hidden = false;
    document.body.classList.add("old");
    document.querySelectorAll(".gauge .badge").forEach(function (badge) {
      badge.className = "badge s-1";
      badge.textContent = document.body.dataset.unknown;
    });
  }

  document.addEventListener("DOMContentLoaded", age);
  setInterval(function () {
    // Overdue while being read: the next page may be there already; if not, it says so on loading.
    if (overdue() && !document.body.classList.contains("old")) { location.reload(); }
  }, 60000);
  return { overdue: overdue };
})();
