/* Charts of the dashboards: <div class="chart" data-chart="ID of a json element" aria-label="…">.
   The same figures stand in a table beside; a chart never says what the page does not.
   kinds: {kind:"map", map, unit, min, max, values:[{name, value, text, url}]}
          {kind:"line", x:[…], unit, series:[{name, values}], breaks:[{x, label}]}
          {kind:"bars", labels:[…], stacked, unit, urls:[…], series:[{name, values}], targets:[{value, label}]} */
(function () {
  "use strict";

  var cwr = window.cwr, echarts = window.echarts;
  var css = getComputedStyle(document.documentElement);
  function token(name) { return css.getPropertyValue("--" + name).trim(); }

  var INK = token("ink"), MUTED = token("muted"), LINE = token("line"), BRAND = token("brand");
  var SCALE = [token("map-1"), token("map-2"), token("map-3"), token("map-4")];
  var SHADES = ["#9cc5dc", "#3f8fbb", BRAND, "#083a57"];
  var FONT = { color: INK, fontFamily: token("font"), fontSize: 13 };

  function named(n, unit) { return (typeof n === "number" ? n.toLocaleString("en") : n) + (unit || ""); }

  function common(chart) {
    return {
      textStyle: FONT,
      animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
      // richText: an HTML tooltip would need inline styles, which the policy forbids
      tooltip: { renderMode: "richText", confine: true, backgroundColor: "#fff", borderColor: LINE, textStyle: FONT, padding: 10 },
      aria: { enabled: true, label: { description: chart.getAttribute("aria-label") || "" } }
    };
  }

  function map(spec) {
    var byName = {};
    spec.values.forEach(function (v) { byName[v.name] = v; });
    return {
      tooltip: { formatter: function (p) { var v = byName[p.name]; return v ? v.name + "  " + (v.text || named(v.value, spec.unit)) : p.name; } },
      visualMap: {
        min: spec.min, max: spec.max, inRange: { color: SCALE }, left: 8, bottom: 8, itemHeight: 90, itemWidth: 18, calculable: false,
        text: [named(spec.max, spec.unit), named(spec.min, spec.unit)], textStyle: { color: MUTED, fontSize: 12 }
      },
      series: [{
        type: "map", map: spec.name, roam: "move", selectedMode: false, left: 60, right: 12, top: 12, bottom: 12,
        data: spec.values, itemStyle: { borderColor: "#fff", borderWidth: 1.2, areaColor: "#edf1f4" },
        label: {
          show: true, fontSize: 12, color: INK, textBorderColor: "rgba(255,255,255,.7)", textBorderWidth: 1.5,
          formatter: function (p) { return (spec.small || []).indexOf(p.name) >= 0 ? "" : p.name; }
        },
        labelLayout: { hideOverlap: true },
        emphasis: { label: { show: true, color: INK, formatter: "{b}" }, itemStyle: { areaColor: null, borderColor: INK, borderWidth: 2 } }
      }]
    };
  }

  function line(spec) {
    return {
      grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", valueFormatter: function (v) { return named(v, spec.unit); } },
      legend: spec.series.length > 1 ? { bottom: 0, textStyle: { color: MUTED } } : undefined,
      xAxis: { type: "category", data: spec.x, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } },
        axisLabel: { color: MUTED, fontSize: 12 } },
      yAxis: { type: "value", scale: true, splitLine: { lineStyle: { color: "#edf1f4" } }, axisLabel: { color: MUTED, fontSize: 12 } },
      series: spec.series.map(function (s, i) {
        return {
          name: s.name, type: "line", data: s.values, symbol: "circle", symbolSize: 5, showSymbol: false,
          lineStyle: { width: 2.5, color: i ? SHADES[i % 4] : BRAND }, itemStyle: { color: i ? SHADES[i % 4] : BRAND },
          areaStyle: i || spec.series.length > 1 ? undefined : { color: "rgba(15,94,140,.08)" },
          markLine: i || !spec.breaks ? undefined : { symbol: "none", lineStyle: { color: token("warm"), type: "dashed" },
            data: spec.breaks.map(function (b) { return { xAxis: b.x, label: { formatter: b.label, color: token("warm") } }; }) }
        };
      })
    };
  }

  function bars(spec) {
    var last = spec.series.length - 1;
    return {
      grid: { left: 4, right: 30, top: 22, bottom: spec.series.length > 1 ? 30 : 4, containLabel: true },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: function (v) { return named(v, spec.unit); } },
      legend: spec.series.length > 1 ? { bottom: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: MUTED } } : undefined,
      xAxis: { type: "value", minInterval: 1, splitLine: { show: false }, axisLabel: { show: false } },
      yAxis: { type: "category", inverse: true, data: spec.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } },
        axisLabel: { color: MUTED, fontSize: 12 } },
      series: spec.series.map(function (s, i) {
        return {
          name: s.name, type: "bar", stack: spec.stacked ? "all" : undefined, data: s.values, barMaxWidth: 16,
          itemStyle: { color: spec.series.length > 1 ? SHADES[i % 4] : BRAND },
          label: { show: !spec.stacked && i === last, position: "right", color: INK },
          markLine: i !== last || !spec.targets ? undefined : { symbol: "none", silent: true, lineStyle: { color: token("warm"), type: "dashed" },
            data: spec.targets.map(function (t) { return { xAxis: t.value, label: { formatter: t.label, color: token("warm"), fontSize: 12 } }; }) }
        };
      })
    };
  }

  var KINDS = { map: map, line: line, bars: bars };

  function merge(base, more) {
    Object.keys(more).forEach(function (key) {
      var both = base[key] && typeof base[key] === "object" && !Array.isArray(base[key]);
      if (more[key] !== undefined) base[key] = both ? Object.assign({}, base[key], more[key]) : more[key];
    });
    return base;
  }

  function draw(place, spec) {
    var chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(merge(common(place), KINDS[spec.kind](spec)));
    chart.on("click", function (p) {
      var url = p.data && p.data.url ? p.data.url : spec.urls && spec.urls[p.dataIndex];
      if (url) location.assign(url);
    });
    window.addEventListener("resize", function () { chart.resize(); });
  }

  function start(place) {
    var source = document.getElementById(place.dataset.chart);
    if (!source || !echarts || place.cwrChart) return;
    place.cwrChart = true;
    var spec = JSON.parse(source.textContent);
    if (spec.kind !== "map") return draw(place, spec);
    spec.name = spec.map;
    fetch(spec.map).then(function (answer) { return answer.json(); }).then(function (outline) {
      echarts.registerMap(spec.name, outline);
      draw(place, spec);
    }).catch(function () { place.hidden = true; }); // the table beside says the same
  }

  cwr.ready(function (root) { root.querySelectorAll("[data-chart]").forEach(start); });
})();
