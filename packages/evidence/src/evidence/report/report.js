"use strict";
// Draws the figures. Colours come by name ("@real"), so that light and dark are only another palette.
const PALETTES = {
  light: {
    text: "#1c2530", muted: "#7a8794", grid: "#e6eaee", mark: "#5b2bb3", band: "rgba(40,70,110,0.07)", veil: "rgba(255,255,255,0.7)", plain: "rgba(0,0,0,0)",
    real: "#2f7fc1", static: "#e2a93b", error: "#c8372d",
    healthy: "#2a9d74", initial: "#8fc1e8", unhealthy: "#c8372d", draining: "#9b8bb4", unused: "#b9c1c9", unavailable: "#b9c1c9",
    latency: "#5b6fb5", latencyband: "rgba(91,111,181,0.18)", nobody: "#aab3bc",
    instance0: "#6a5fc4", instance1: "#3aa6a0", instance2: "#c06aa6", instance3: "#8f9a3c", instance4: "#5e93d6", instance5: "#b9774a",
  },
  dark: {
    text: "#e4e9ef", muted: "#8a97a5", grid: "#2b333d", mark: "#c3a6ff", band: "rgba(160,190,230,0.08)", veil: "rgba(27,33,41,0.7)", plain: "rgba(0,0,0,0)",
    real: "#5aa9e6", static: "#edbd5b", error: "#f0655b",
    healthy: "#4fc79b", initial: "#6d9cc4", unhealthy: "#f0655b", draining: "#a896c7", unused: "#5d6875", unavailable: "#5d6875",
    latency: "#8fa2e8", latencyband: "rgba(143,162,232,0.2)", nobody: "#6d7883",
    instance0: "#9a90ee", instance1: "#5cc9c2", instance2: "#e093c9", instance3: "#b9c568", instance4: "#8bb8f0", instance5: "#dba077",
  },
};
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 600px)");

function coloured(value, palette) {
  if (typeof value === "string") return value.startsWith("@") ? palette[value.slice(1)] : value;
  if (Array.isArray(value)) return value.map((item) => coloured(item, palette));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, palette)]));
}

async function loadPlotly() {
  const packed = document.getElementById("plotly");
  const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const script = document.createElement("script");
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
  packed.remove();
}

async function draw(figures) {
  const palette = dark.matches ? PALETTES.dark : PALETTES.light;
  for (const [name, figure] of Object.entries(figures)) {
    const { data, layout } = coloured(figure, palette);
    layout.height = figure.height + (narrow.matches ? 40 : 0);
    if (narrow.matches) layout.margin.l = 40;
    await Plotly.react(`chart-${name}`, data, layout, { displayModeBar: false, responsive: true });
    await new Promise(requestAnimationFrame);
  }
  document.documentElement.dataset.charts = "drawn";
}

async function main() {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  try {
    await loadPlotly();
  } catch (error) {
    for (const chart of document.querySelectorAll(".chart")) {
      chart.classList.add("absent");
      chart.textContent = "This browser is too old to draw the charts; the tables are complete.";
    }
    return;
  }
  await draw(figures);
  for (const query of [dark, narrow]) query.addEventListener("change", () => draw(figures));
}

main();
