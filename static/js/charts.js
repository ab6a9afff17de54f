/* Charts of the dashboards: <div class="chart" data-chart="ID of a json element" aria-label="…">.
   The same figures stand in a table beside; a chart never says what the page does not.
   kinds: {kind:"map", map, unit, min, max, values:[{name, value, text, url}]}
          {kind:"line", x:[…], unit, series:[{name, values}], breaks:[{x, label}]}
          {kind:"bars", labels:[…], stacked, unit, urls:[…], series:[{name, values}], targets:[{value, label}]} */

import { onLoad } from "./app.js";

const echarts = window.echarts; // a classic script before this one
const css = getComputedStyle(document.documentElement);

function token(name) {
  return css.getPropertyValue("--" + name).trim();
}

const INK = token("ink");
const MUTED = token("muted");
const LINE = token("line");
const BRAND = token("brand");
const WARM = token("warm");
const GRID = "#edf1f4";
const MAP_COLOURS = [token("map-1"), token("map-2"), token("map-3"), token("map-4")];
const SERIES_COLOURS = ["#9cc5dc", "#3f8fbb", BRAND, "#083a57"];
const FONT = { color: INK, fontFamily: token("font"), fontSize: 13 };
const SMALL_MUTED = { color: MUTED, fontSize: 12 };
const WARM_DASHED = { color: WARM, type: "dashed" };

function formatNumber(n, unit) {
  return (typeof n === "number" ? n.toLocaleString("en") : n) + (unit || "");
}

function commonOptions(chart) {
  return {
    textStyle: FONT,
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    // richText: an HTML tooltip would need inline styles, which the policy forbids
    tooltip: {
      renderMode: "richText", confine: true, backgroundColor: "#fff", borderColor: LINE, textStyle: FONT, padding: 10,
    },
    aria: { enabled: true, label: { description: chart.getAttribute("aria-label") || "" } },
  };
}

function mapOptions(spec) {
  const byName = {};
  spec.values.forEach((one) => {
    byName[one.name] = one;
  });

  function tooltipText(place) {
    const one = byName[place.name];
    return one ? one.name + "  " + (one.text || formatNumber(one.value, spec.unit)) : place.name;
  }

  function labelText(place) {
    return (spec.small || []).indexOf(place.name) >= 0 ? "" : place.name;
  }

  return {
    tooltip: { formatter: tooltipText },
    visualMap: {
      min: spec.min, max: spec.max, inRange: { color: MAP_COLOURS }, left: 8, bottom: 8, itemHeight: 90, itemWidth: 18,
      calculable: false, text: [formatNumber(spec.max, spec.unit), formatNumber(spec.min, spec.unit)],
      textStyle: SMALL_MUTED,
    },
    series: [{
      type: "map", map: spec.name, roam: "move", selectedMode: false, left: 60, right: 12, top: 12, bottom: 12,
      data: spec.values, itemStyle: { borderColor: "#fff", borderWidth: 1.2, areaColor: GRID },
      label: {
        show: true, fontSize: 12, color: INK, textBorderColor: "rgba(255,255,255,.7)", textBorderWidth: 1.5,
        formatter: labelText,
      },
      labelLayout: { hideOverlap: true },
      emphasis: {
        label: { show: true, color: INK, formatter: "{b}" },
        itemStyle: { areaColor: null, borderColor: INK, borderWidth: 2 },
      },
    }],
  };
}

function lineSeries(spec, series, i) {
  const isFirst = i === 0;
  const colour = isFirst ? BRAND : SERIES_COLOURS[i % 4];
  const breaks = (spec.breaks || []).map((one) => {
    return { xAxis: one.x, label: { formatter: one.label, color: WARM } };
  });
  return {
    name: series.name, type: "line", data: series.values, symbol: "circle", symbolSize: 5, showSymbol: false,
    lineStyle: { width: 2.5, color: colour }, itemStyle: { color: colour },
    areaStyle: spec.series.length > 1 ? undefined : { color: "rgba(15,94,140,.08)" },
    markLine: isFirst && spec.breaks ? { symbol: "none", lineStyle: WARM_DASHED, data: breaks } : undefined,
  };
}

function lineOptions(spec) {
  return {
    grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", valueFormatter: (value) => formatNumber(value, spec.unit) },
    legend: spec.series.length > 1 ? { bottom: 0, textStyle: { color: MUTED } } : undefined,
    xAxis: {
      type: "category", data: spec.x, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } }, axisLabel: SMALL_MUTED,
    },
    yAxis: { type: "value", scale: true, splitLine: { lineStyle: { color: GRID } }, axisLabel: SMALL_MUTED },
    series: spec.series.map((series, i) => lineSeries(spec, series, i)),
  };
}

function barSeries(spec, series, i) {
  const isLast = i === spec.series.length - 1;
  const targets = (spec.targets || []).map((one) => {
    return { xAxis: one.value, label: { formatter: one.label, color: WARM, fontSize: 12 } };
  });
  const targetLines = { symbol: "none", silent: true, lineStyle: WARM_DASHED, data: targets };
  return {
    name: series.name, type: "bar", stack: spec.stacked ? "all" : undefined, data: series.values, barMaxWidth: 16,
    itemStyle: { color: spec.series.length > 1 ? SERIES_COLOURS[i % 4] : BRAND },
    label: { show: !spec.stacked && isLast, position: "right", color: INK },
    markLine: isLast && spec.targets ? targetLines : undefined,
  };
}

function barOptions(spec) {
  const hasLegend = spec.series.length > 1;
  return {
    grid: { left: 4, right: 30, top: 22, bottom: hasLegend ? 30 : 4, containLabel: true },
    tooltip: {
      trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => formatNumber(value, spec.unit),
    },
    legend: hasLegend ? { bottom: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: MUTED } } : undefined,
    xAxis: { type: "value", minInterval: 1, splitLine: { show: false }, axisLabel: { show: false } },
    yAxis: {
      type: "category", inverse: true, data: spec.labels, axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } }, axisLabel: SMALL_MUTED,
    },
    series: spec.series.map((series, i) => barSeries(spec, series, i)),
  };
}

const OPTIONS_OF_KIND = { map: mapOptions, line: lineOptions, bars: barOptions };

/* `base` with what `more` says; objects of both are joined. */
function merge(base, more) {
  Object.keys(more).forEach((key) => {
    if (more[key] === undefined) return;
    const isObject = base[key] && typeof base[key] === "object" && !Array.isArray(base[key]);
    base[key] = isObject ? Object.assign({}, base[key], more[key]) : more[key];
  });
  return base;
}

function draw(place, spec) {
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption(merge(commonOptions(place), OPTIONS_OF_KIND[spec.kind](spec)));
  chart.on("click", (clicked) => {
    const ownUrl = clicked.data && clicked.data.url;
    const url = ownUrl || (spec.urls && spec.urls[clicked.dataIndex]);
    if (url) location.assign(url);
  });
  window.addEventListener("resize", () => chart.resize());
}

async function drawMap(place, spec) {
  spec.name = spec.map;
  try {
    const answer = await fetch(spec.map);
    echarts.registerMap(spec.name, await answer.json());
    draw(place, spec);
  } catch (failed) {
    place.hidden = true; // the table beside says the same
  }
}

function attach(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || !echarts || place.cwrChart) return;
  place.cwrChart = true;
  const spec = JSON.parse(source.textContent);
  if (spec.kind === "map") drawMap(place, spec);
  else draw(place, spec);
}

onLoad((root) => root.querySelectorAll("[data-chart]").forEach(attach));
