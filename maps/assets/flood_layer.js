"use strict";
/* All gauges on one canvas, the worst on top. A symbol is drawn once for each stage, from the
   picture that the legend has, and then copied. */
(function () {
  var ORDER = [0, -1, 1, 2, 3, 4], SIZE = 24, NEAR = matchMedia("(pointer: coarse)").matches ? 24 : 16, CELL = 4, MANY = 1500; // px; so many normal ones are dots

  // How large symbols are where so many are in view.
  function scale(count) { return count <= 60 ? 1.15 : count <= 400 ? 0.9 : count <= 3000 ? 0.65 : 0.45; }

  function outline(shape) {
    var path = new Path2D(shape.getAttribute("d") || "");
    if (shape.tagName === "circle") {
      path.arc(shape.getAttribute("cx"), shape.getAttribute("cy"), shape.getAttribute("r"), 0, 2 * Math.PI);
    }
    return path;
  }

  function draw(symbol, side, zoom) {
    var canvas = document.createElement("canvas"), ctx = canvas.getContext("2d");
    canvas.width = canvas.height = side;
    ctx.translate(side / 2, side / 2);
    ctx.scale(zoom, zoom);
    ctx.translate(-SIZE / 2, -SIZE / 2);
    Array.from(symbol.children).forEach(function (shape) {
      var style = getComputedStyle(shape), path = outline(shape);
      if (style.fill !== "none") { ctx.fillStyle = style.fill; ctx.fill(path); }
      if (style.stroke !== "none") { ctx.strokeStyle = style.stroke; ctx.lineWidth = parseFloat(style.strokeWidth); ctx.stroke(path); }
    });
    return canvas;
  }

  // The symbols in the colours that the page has now: light, dark, or a reader's own.
  function sprites(map, zoom) {
    var box = Mulgil.make("div", { "class": "marker", hidden: "" }), side = 2 * Math.ceil((SIZE + 4) * zoom / 2), all = new Map();
    box.append.apply(box, ORDER.map(Mulgil.symbol)); // all of them before any style is asked for
    map.getContainer().append(box);
    ORDER.forEach(function (stage, i) { all.set(stage, draw(box.children[i], side, zoom)); });
    all.set("dot", getComputedStyle(box.querySelector(".m0 *")).fill);
    box.remove();
    return all;
  }

  Mulgil.GaugeLayer = L.Renderer.extend({
    options: { padding: 0.15, pane: "gauges" },

    initialize: function () {
      L.Renderer.prototype.initialize.call(this);
      this._gauges = [];
      this._position = 0;
      this._kept = new Map();
      this._current = -1;
      this.seen = { count: 0, n: new Int32Array(0), x: new Float32Array(0), y: new Float32Array(0) };
    },

    _initContainer: function () { this._container = document.createElement("canvas"); },
    _destroyContainer: function () { this._container.remove(); delete this._container; },

    _update: function () {
      if (this._map._animatingZoom && this._bounds) { return; }
      L.Renderer.prototype._update.call(this);
      this._updateTransform(this._center, this._zoom);
      if (this._gauges.length) { this.redraw(); }
    },

    // The gauges to draw, the worst first, and the time of their stages.
    show: function (gauges, position) {
      this._gauges = gauges;
      this._position = position;
      this._soon();
    },

    mark: function (n) { this._current = n; this._soon(); },
    forget: function () { this._kept.clear(); this._soon(); },

    _soon: function () { // once a frame, however much changed
      if (!this._asked) { this._asked = L.Util.requestAnimFrame(this.redraw, this); }
    },

    _project: function () { // what lies on the canvas, from the worst on
      var zoom = this._map.options.crs.scale(this._zoom), all = Mulgil.stations(), size = this._bounds.getSize();
      var left = this._map.getPixelOrigin().x + this._bounds.min.x, top = this._map.getPixelOrigin().y + this._bounds.min.y;
      var seen = { count: 0, n: new Int32Array(this._gauges.length), x: new Float32Array(this._gauges.length), y: new Float32Array(this._gauges.length) };
      for (var i = 0; i < this._gauges.length; i += 1) {
        var n = this._gauges[i], x = all.x[n] * zoom - left, y = all.y[n] * zoom - top;
        if (x < 0 || y < 0 || x > size.x || y > size.y) { continue; }
        seen.n[seen.count] = n;
        seen.x[seen.count] = x;
        seen.y[seen.count] = y;
        seen.count += 1;
      }
      this.seen = seen;
    },

    redraw: function () {
      this._asked = null;
      if (!this._map || !this._bounds) { return; }
      var canvas = this._container, size = this._bounds.getSize(), ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      this._project();
      this._paint(canvas.getContext("2d"), ratio);
    },

    _sprites: function (zoom) {
      if (!this._kept.has(zoom)) { this._kept.set(zoom, sprites(this._map, zoom)); }
      return this._kept.get(zoom);
    },

    // Where thousands lie, those that a worse one covers need not be drawn.
    _uncovered: function () {
      var seen = this.seen, size = this._bounds.getSize(), columns = Math.ceil(size.x / CELL) + 1, found = [];
      var taken = seen.count > MANY ? new Uint8Array(columns * (Math.ceil(size.y / CELL) + 1)) : null;
      for (var i = 0; i < seen.count; i += 1) {
        var cell = Math.round(seen.y[i] / CELL) * columns + Math.round(seen.x[i] / CELL);
        if (taken && taken[cell] && seen.n[i] !== this._current) { continue; }
        if (taken) { taken[cell] = 1; }
        found.push(i);
      }
      return found.reverse();
    },

    _paint: function (ctx, ratio) {
      var seen = this.seen, pictures = this._sprites(scale(seen.count) * ratio), dots = seen.count > MANY;
      var half = pictures.get(4).width / 2, dot = Math.ceil(3 * ratio);
      ctx.fillStyle = pictures.get("dot");
      this._uncovered().forEach(function (i) { // whole pixels: much faster, and sharp
        var stage = Mulgil.stage(seen.n[i], this._position), x = Math.round(seen.x[i] * ratio), y = Math.round(seen.y[i] * ratio);
        if (dots && stage === 0) { ctx.fillRect(x - 1, y - 1, dot, dot); } else { ctx.drawImage(pictures.get(stage), x - half, y - half); }
        if (seen.n[i] === this._current) { this._ring(ctx, x, y, half + 3 * ratio, ratio); }
      }, this);
    },

    _ring: function (ctx, x, y, radius, ratio) {
      var style = getComputedStyle(this._map.getContainer());
      [[style.backgroundColor, 6], [style.color, 3]].forEach(function (line) {
        ctx.beginPath();
        ctx.arc(x, y, radius, 0, 2 * Math.PI);
        ctx.strokeStyle = line[0];
        ctx.lineWidth = line[1] * ratio;
        ctx.stroke();
      });
    },

    // The gauge under a point of the map, the worse one where two lie there; -1 if there is none.
    under: function (point) {
      var at = this._map.containerPointToLayerPoint(point).subtract(this._bounds.min), best = -1, least = NEAR * NEAR;
      for (var i = 0; i < this.seen.count; i += 1) {
        var dx = this.seen.x[i] - at.x, dy = this.seen.y[i] - at.y, far = dx * dx + dy * dy;
        if (far < least) { least = far; best = this.seen.n[i]; }
      }
      return best;
    },

    // The gauges within the map's frame, the worst first.
    inView: function () {
      var corner = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min), size = this._map.getSize(), found = [];
      for (var i = 0; i < this.seen.count; i += 1) {
        var x = this.seen.x[i] - corner.x, y = this.seen.y[i] - corner.y;
        if (x >= 0 && y >= 0 && x <= size.x && y <= size.y) { found.push(this.seen.n[i]); }
      }
      return found;
    }
  });
})();
