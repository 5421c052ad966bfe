"use strict";
/* Asks, once the next forecast may be there, whether it is, and tells the reader; the page itself is
   not loaded again under their hands. What is overdue is said by age.js. */
(function () {
  var EVERY = 5 * 60000; // milliseconds

  function ask() {
    var config = Mulgil.config(), script = document.createElement("script");
    if (!config.next || document.hidden || Date.now() < Date.parse(config.issue) + config.step * 60000) { return; }
    script.onerror = function () { script.remove(); };
    script.onload = function () {
      script.remove();
      if (Mulgil.value("latest").issue !== config.issue) { Mulgil.newer(); }
    };
    script.src = config.folder + "data/latest.js?" + Math.floor(Date.now() / EVERY); // past any cache
    document.head.append(script);
  }

  setInterval(ask, EVERY);
})();
