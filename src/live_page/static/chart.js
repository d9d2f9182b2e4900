// The strip chart: replies by kind and latency, second by second, with marks of faults and recoveries.

import { byId, drawn, element, styled } from "./dom.js";
import { now, round, seconds as length } from "./words.js";

const SPANS = [60, 120, 180, 300]; // seconds; the shortest that has room for all that is known
const LONGEST = 300;
const KINDS = ["real", "static", "error"];
const WIDTH = 1000;
const HEIGHT = 100;
const EMPTY = [0, 0, 0, 0, null, null];

const seconds = new Map(); // second -> [second, real, static, error, p50, p99]

export function remember(list) {
  for (const each of list) seconds.set(each[0], each);
  for (const each of seconds.keys()) if (each < now() - LONGEST - 5) seconds.delete(each);
}

export function showChart(marks) {
  const end = Math.floor(now()) - 1;
  const known = end - Math.min(end, ...seconds.keys());
  const span = SPANS.find((each) => each >= known) || LONGEST;
  const start = end - span;
  const list = [];
  for (let at = start; at <= end; at += 1) list.push(seconds.get(at) || [at, ...EMPTY.slice(1)]);
  const x = (at) => (WIDTH * (at - start)) / span;
  const visible = marks.filter(([at]) => at > start && at < end + 1);
  byId("chart").replaceChildren(
    labels(visible, start, span),
    key("responses a second", [["real", "real"], ["static", "static"], ["error", "errors"]]),
    kindsRow(list, x, visible),
    key("latency, ms", [["latency", "half of them"], ["latencyband", "99 of 100"]]),
    latencyRow(list, x, visible),
    times(span),
  );
  byId("chart").setAttribute("role", "img");
  byId("chart").setAttribute("aria-label", inWords(list, visible));
}

function labels(marks, start, span) {
  return element(
    "div",
    { class: "above" },
    ...marks.map(([at, name]) => styled(element("span", {}, name), { left: `${(100 * (at - start)) / span}%` })),
  );
}

function key(title, entries) {
  return element(
    "p",
    { class: "key" },
    element("b", {}, title),
    ...entries.map(([name, words]) => element("span", {}, element("i", { class: name }), words)),
  );
}

function kindsRow(list, x, marks) {
  const highest = nice(Math.max(10, ...list.map((each) => each[1] + each[2] + each[3])));
  const y = (value) => HEIGHT * (1 - value / highest);
  const below = new Array(list.length).fill(0);
  const parts = [];
  KINDS.forEach((kind, number) => {
    const top = list.map((each, index) => below[index] + each[number + 1]);
    if (top.some((value, index) => value > below[index])) {
      const forth = top.map((value, index) => `${x(list[index][0])},${y(value)}`);
      const back = below.map((value, index) => `${x(list[index][0])},${y(value)}`).reverse();
      parts.push(drawn("path", { class: kind, d: `M${forth.join("L")}L${back.join("L")}Z` }));
      if (number) parts.push(drawn("path", { class: "edge", d: `M${back.join("L")}` }));
    }
    top.forEach((value, index) => (below[index] = value));
  });
  return row("kinds", [[highest, `${highest}`], [highest / 2, `${highest / 2}`], [0, "0"]], y, parts, x, marks);
}

function latencyRow(list, x, marks) {
  const known = list.filter((each) => each[5] !== null).map((each) => each[5]);
  const highest = 10 ** Math.ceil(Math.log10(Math.max(10, ...known)));
  const tens = Math.log10(highest);
  const y = (value) => HEIGHT * (1 - Math.log10(Math.max(1, value)) / tens);
  const parts = stretches(list).flatMap((each) => {
    const line = (column) => each.map((one) => `${x(one[0])},${y(one[column])}`);
    return [
      drawn("path", { class: "latencyband", d: `M${line(5).join("L")}L${line(4).reverse().join("L")}Z` }),
      drawn("path", { class: "latency", d: `M${line(4).join("L")}` }),
    ];
  });
  const ticks = Array.from({ length: tens + 1 }, (_, power) => [10 ** power, `${10 ** power}`]);
  return row("latencies", ticks, y, parts, x, marks);
}

// The parts of a line between which nothing is known.
function stretches(list) {
  const found = [[]];
  for (const each of list) {
    if (each[5] !== null) found.at(-1).push(each);
    else if (found.at(-1).length) found.push([]);
  }
  return found.filter((each) => each.length);
}

function row(name, ticks, y, parts, x, marks) {
  const grid = ticks.map(([value]) => drawn("path", { class: "grid", d: `M0,${y(value)}H${WIDTH}` }));
  const lines = marks.map(([at]) => drawn("path", { class: "mark", d: `M${x(at)},0V${HEIGHT}` }));
  return element(
    "div",
    { class: `row ${name}` },
    ...ticks.map(([value, words]) => styled(element("span", {}, words), { top: `${y(value)}%` })),
    drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" }, ...grid, ...parts, ...lines),
  );
}

function times(span) {
  const parts = [1, 0.75, 0.5, 0.25, 0];
  return element(
    "div",
    { class: "time" },
    ...parts.map((each) =>
      styled(element("span", {}, each ? `${length(each * span)} ago` : "now"), { left: `${100 - each * 100}%` }),
    ),
  );
}

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((each) => each >= value);
}

function inWords(list, marks) {
  const sums = [1, 2, 3].map((column) => list.reduce((sum, each) => sum + each[column], 0));
  const worst = Math.max(0, ...list.map((each) => each[5] || 0));
  const said = KINDS.map((kind, number) => `${sums[number]} ${kind}`).join(", ");
  const marked = marks.map(([at, name]) => `${name} ${Math.round(now() - at)} seconds ago`).join(", ");
  return `Responses of the last minutes: ${said}; the highest p99 is ${round(worst)} ms. ${marked}`;
}
