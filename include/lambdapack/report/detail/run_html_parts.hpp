// The style sheet and the script of a run's page.
#pragma once

#include <string_view>

namespace lambdapack::report::detail {

inline constexpr std::string_view run_html_style = R"css(
:root { color-scheme: light dark; --page: #ffffff; --text: #1d2733; --faint: #5a6675;
  --line: #dde2e8; --row: #f3f5f8; --busy: #4a7fb5; --dependences: #d08a2e; --scheduling: #b6433f;
  --edge: #9aa4b1; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --text: #dfe5ec; --faint: #97a3b2;
  --line: #303843; --row: #1c2229; --busy: #5f97d0; --dependences: #d9993f; --scheduling: #d4635e;
  --edge: #69737f; } }
body { margin: 2em auto; max-width: 76em; padding: 0 1.5em; background: var(--page);
  color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4em; margin: 0; } h2 { font-size: 1.1em; margin: 2em 0 0.4em; }
p { margin: 0.3em 0; } .faint { color: var(--faint); }
canvas { display: block; width: 100%; cursor: crosshair; }
.chart { position: relative; } svg { display: block; width: 100%; height: 90px;
  background: var(--row); }
.running, .memory { fill: var(--busy); } .ready { fill: var(--dependences); }
#tip { position: absolute; display: none; pointer-events: none; white-space: pre; z-index: 1;
  padding: 0.35em 0.6em; background: var(--page); border: 1px solid var(--edge);
  border-radius: 4px; font-size: 13px; }
.key { display: inline-block; margin-right: 1.4em; }
.key i, td i { display: inline-block; width: 0.9em; height: 0.9em; border-radius: 2px;
  margin-right: 0.45em; vertical-align: -0.1em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-weight: 600; color: var(--faint); }
th, td { padding: 0.25em 1.2em 0.25em 0; text-align: right; border-bottom: 1px solid var(--line); }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
td.bar { width: 16em; padding-right: 0; } .bar div { display: flex; height: 0.9em; }
.busy { background: var(--busy); } .dependences { background: var(--dependences); }
.scheduling { background: var(--scheduling); } .edge { background: var(--line); }
)css";

// Draws the bars of the JSON in #run on the canvas; the wheel zooms, dragging moves.
inline constexpr std::string_view run_html_script = R"js(
(function () {
  "use strict";
  var run = JSON.parse(document.getElementById("run").textContent);
  var canvas = document.getElementById("gantt"), tip = document.getElementById("tip");
  var ink = canvas.getContext("2d"), total = Math.max(run.nanoseconds, 1);
  var from = 0, to = total, left = 84, axis = 24, drag = null;
  var row = Math.max(6, Math.min(36, 720 / Math.max(run.bars.length, 1)));
  var height = row * run.bars.length + axis;
  canvas.style.height = height + "px";

  function colour(name) { return getComputedStyle(document.body).getPropertyValue(name); }
  function time(ns) {
    var units = [[1e9, " s"], [1e6, " ms"], [1e3, " \u00b5s"], [1, " ns"]];
    for (var u of units) if (Math.abs(ns) >= u[0]) return +(ns / u[0]).toPrecision(4) + u[1];
    return "0 s";
  }
  function x(ns) { return left + (canvas.clientWidth - left) * (ns - from) / (to - from); }
  function ns(px) { return from + (to - from) * (px - left) / (canvas.clientWidth - left); }
  // The first bar of a row that ends behind a time.
  function first(bars, t) {
    var low = 0, high = bars.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (bars[middle][1] + bars[middle][2] < t) low = middle + 1; else high = middle;
    }
    return low;
  }
  function step(length) {
    var power = Math.pow(10, Math.floor(Math.log10(length / 8)));
    for (var f of [1, 2, 5, 10]) if (f * power * 8 >= length) return f * power;
    return length;
  }

  function draw() {
    var scale = window.devicePixelRatio || 1, width = canvas.clientWidth;
    canvas.width = width * scale;
    canvas.height = height * scale;
    ink.setTransform(scale, 0, 0, scale, 0, 0);
    ink.clearRect(0, 0, width, height);
    ink.font = "12px system-ui, sans-serif";
    ink.textAlign = "center";
    var mark = step(to - from);
    for (var t = Math.ceil(from / mark) * mark; t <= to; t += mark) {
      ink.fillStyle = colour("--line");
      ink.fillRect(x(t), 0, 1, height - axis + 5);
      ink.fillStyle = colour("--faint");
      ink.fillText(time(t), Math.min(x(t), width - 24), height - 5);
    }
    ink.textAlign = "left";
    var gap = row > 12 ? 2 : 0.5, every = Math.ceil(14 / row);
    run.bars.forEach(function (bars, w) {
      ink.fillStyle = colour("--text");
      if (w % every === 0) ink.fillText("worker " + w, 0, row * (w + 0.5) + 4);
      var drawn = left;
      for (var k = first(bars, from); k < bars.length; ++k) {
        var bar = bars[k], line = bar[0] < 0 ? ~bar[0] : bar[0];
        var begin = Math.max(x(bar[1]), left), end = Math.min(x(bar[1] + bar[2]), width);
        if (begin > width) break;
        // What lies within a pixel that is painted already is not painted again.
        if (end < drawn + 0.25 && end - begin < 0.5) continue;
        ink.fillStyle = run.colours[run.statements[line].kernel];
        ink.fillRect(begin, row * w + gap, Math.max(end - begin - (end - begin > 3 ? 0.7 : 0), 0.4),
                     row - 2 * gap);
        drawn = end;
      }
    });
  }

  function describe(bar, w) {
    var many = bar[0] < 0, s = run.statements[many ? ~bar[0] : bar[0]];
    var span = "worker " + w + ", from " + time(bar[1]) + ", took " + time(bar[2]);
    if (many) return bar[3] + " tasks, most of the time " + run.kernels[s.kernel] + "\n" + span +
                     ", busy for " + time(bar[4]);
    var loops = s.loops.map(function (name, k) { return name + "=" + bar[k + 6]; });
    var text = run.kernels[s.kernel] + (loops.length ? "[" + loops.join(",") + "]" : "");
    if (s.source) text += "\n" + s.source;
    text += "\n" + span;
    if (bar[3] >= 0) text += "\nready " + time(bar[1] - bar[3]) + " before it began";
    if (bar[4] >= 0 && bar[2] > 0) text += "\n" + (bar[4] / bar[2]).toPrecision(3) + " GF/s";
    if (bar[5]) text += "\nhanded on: its loop had stopped";
    return text;
  }

  canvas.addEventListener("mousemove", function (e) {
    var box = canvas.getBoundingClientRect(), px = e.clientX - box.left, py = e.clientY - box.top;
    if (drag !== null) {
      var shift = ns(drag) - ns(px);
      shift = Math.max(-from, Math.min(total - to, shift));
      from += shift; to += shift; drag = px;
      return draw();
    }
    var w = Math.floor(py / row), bars = run.bars[w], t = ns(px), slack = ns(px + 1) - t;
    var bar = bars && px >= left ? bars[first(bars, t - slack)] : undefined;
    if (!bar || bar[1] > t + slack) { tip.style.display = "none"; return; }
    tip.textContent = describe(bar, w);
    tip.style.display = "block";
    tip.style.left = Math.max(0, Math.min(px + 14, canvas.clientWidth - tip.offsetWidth)) + "px";
    tip.style.top = py + 16 + "px";
  });
  canvas.addEventListener("mouseleave", function () { tip.style.display = "none"; drag = null; });
  canvas.addEventListener("mousedown", function (e) {
    drag = e.clientX - canvas.getBoundingClientRect().left;
    tip.style.display = "none";
  });
  window.addEventListener("mouseup", function () { drag = null; });
  canvas.addEventListener("dblclick", function () { from = 0; to = total; draw(); });
  canvas.addEventListener("wheel", function (e) {
    e.preventDefault();
    var at = ns(e.clientX - canvas.getBoundingClientRect().left);
    var length = Math.min(total, Math.max(10, (to - from) * Math.pow(1.0015, e.deltaY)));
    from = Math.max(0, Math.min(total - length, at - (at - from) * length / (to - from)));
    to = from + length;
    draw();
  }, { passive: false });
  window.addEventListener("resize", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
})();
)js";

}  // namespace lambdapack::report::detail
