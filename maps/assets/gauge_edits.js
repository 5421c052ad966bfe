"use strict";
/* What a person edited at a gauge: role, reason and end, and the automatic forecast beside the edited one on
   one scale; as maps/templates/edit.html writes it where no script is needed. All text is set as text. */
(function () {
  function said(edit) {
    var bdi = function (text) { return Mulgil.make("bdi", {}, text); };
    return Mulgil.make("p", { "class": "edit" }, edit.what + ": ", bdi(edit.by), ", ", bdi(edit.reason), ", " + edit.until);
  }

  // The gauge as one of the two sides draws it; `beside` holds the other's values, for one scale.
  function side(gauge, told, own, other, peak, mark) {
    return Object.assign({}, gauge, { quantiles: own, beside: other, peak: peak, earlier: [], said: told.said, mark: "-" + mark,
      outcome: { time: [], value: [] } });
  }

  function figure(gauge, told) {
    var drawn = Mulgil.drawing(gauge), caption = Mulgil.make("figcaption", {}, Mulgil.make("strong", {}, told.caption), " ",
      Mulgil.badge(told.stage, told.word), " " + Mulgil.config().gauge.peak + " " + told.peak);
    drawn.element = Mulgil.make("figure", {}, caption, drawn.place);
    return drawn;
  }

  // The section of an edited gauge, and what draws it once it stands in the page; null where nobody edited it.
  Mulgil.editsOf = function (gauge, heading) {
    var own = gauge.edits;
    if (!own) { return null; }
    var told = own[Mulgil.config().lang], sides = [
      figure(side(gauge, told.sides[0], own.automatic, gauge.quantiles, own.peak, "automatic"), told.sides[0]),
      figure(side(gauge, told.sides[1], gauge.quantiles, own.automatic, gauge.peak, "edited"), told.sides[1])];
    var title = Mulgil.make(heading, { id: "gauge-edits" }, told.title);
    var pair = Mulgil.make("div", { "class": "pair" }, sides[0].element, sides[1].element);
    var section = Mulgil.make("section", { "class": "edits", "aria-labelledby": "gauge-edits" }, title);
    section.append.apply(section, told.edits.map(said).concat(pair));
    return { element: section, draw: function () { sides.forEach(function (each) { each.draw(); }); } };
  };
})();
