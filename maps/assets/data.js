"use strict";
/* Data for a page's scripts. A data file is itself a script, `Mulgil.put(name, value)`: it can be
   read from a folder without any server, and the page's policy needs no exception. */
(function () {
  var found = new Map(), waiting = new Map(), settings = null, bits = new Int8Array(128);
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("").forEach(
    function (letter, value) { bits[letter.charCodeAt(0)] = value; });

  Mulgil.config = function () {
    settings = settings || JSON.parse(document.getElementById("config").textContent);
    return settings;
  };

  Mulgil.put = function (name, value) { found.set(name, value); };
  Mulgil.value = function (name) { return found.get(name); };

  function path(name) {
    var config = Mulgil.config(), files = config.files || {};
    return config.folder + (Object.hasOwn(files, name) ? files[name] : config.data + "/" + name + ".js");
  }

  // The value of a data file; refused when it is not there, e.g. after a newer forecast took its place.
  Mulgil.load = function (name) {
    if (found.has(name)) { return Promise.resolve(found.get(name)); }
    if (!waiting.has(name)) { waiting.set(name, ask(name)); }
    return waiting.get(name);
  };

  function ask(name) {
    return new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      function end() {
        script.remove();
        waiting.delete(name);
        if (found.has(name)) { resolve(found.get(name)); } else { reject(new Error("No data: " + name)); }
      }
      script.onload = script.onerror = end;
      script.src = path(name);
      document.head.append(script);
    });
  }

  function banner(id) {
    return function () {
      var found = document.getElementById(id);
      if (found) { found.hidden = false; }
    };
  }

  Mulgil.gone = banner("gone"); // data could not be read
  Mulgil.newer = banner("newer"); // there is a newer forecast

  // Undoes maps/packing.py: whole numbers; null where one is missing.
  Mulgil.unpack = function (text) {
    var all = [], last = 0, code = 0, shift = 0;
    for (var i = 0; i < text.length; i += 1) {
      var value = bits[text.charCodeAt(i)];
      code |= (value & 31) << shift;
      shift += 5;
      if (value > 31) { continue; }
      if (code) { last += code & 1 ? code >>> 1 : -(code >>> 1); }
      all.push(code ? last : null);
      code = shift = 0;
    }
    return all;
  };

  Mulgil.symbol = function (stage) {
    return document.getElementById("symbols").content.querySelector(".m" + Number(stage)).cloneNode(true);
  };

  Mulgil.badge = function (stage, word) {
    var badge = document.createElement("span");
    badge.className = "badge s" + Number(stage);
    badge.append(Mulgil.symbol(stage), word);
    return badge;
  };

  // A text of the page with its {braces} filled.
  Mulgil.say = function (key, parts) {
    return Mulgil.config().words[key].replace(/\{(\w+)\}/g, function (_, name) { return parts[name]; });
  };
})();
