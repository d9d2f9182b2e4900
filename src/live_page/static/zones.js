// The load balancer, its zones with a card for each instance, and what flows to each of them.

import { byId, drawn, element, show, styled } from "./dom.js";
import { now, perSecond, seconds } from "./words.js";

const KINDS = ["real", "static", "error"];
const WIDEST = 26; // px, of all that flows
const WITHOUT_NEWS = ["in service"];

export function showService(state) {
  show("balancer", [state.traffic, state.health, state.balancer], () => balancer(state));
  byId("balancer").classList.toggle("open", state.health.is_fail_open);
  const changed = show("zones", state.zones, (zones) => zones.map(zone));
  if (changed) flow(state);
  age();
}

// How long something has been so is counted here: the server says since when.
export function age() {
  for (const each of document.querySelectorAll("[data-since]")) {
    const text = `${each.dataset.prefix} ${seconds(now() - Number(each.dataset.since))}`;
    if (each.textContent !== text) each.textContent = text;
  }
}

function balancer({ traffic, health, balancer: own }) {
  const flowing = traffic.is_flowing ? `${perSecond(traffic.rate)}, ${traffic.words}` : "nobody sends requests now";
  return [
    element("b", {}, "Load balancer"),
    element("span", { class: "figures" }, flowing),
    element("span", {}, health.words || "no targets"),
    health.is_fail_open &&
      element("strong", { class: "wide" }, `Fail-open: no target is healthy, so requests go to all ${health.targets}`),
    own.rate > 0 && element("span", { class: "wide figures" }, `it answers ${perSecond(own.rate)} itself: ${own.words}`),
  ].filter(Boolean);
}

function zone({ zone: name, instances }) {
  return element("div", { class: "zone" }, element("h3", {}, name), element("div", {}, ...instances.map(card)));
}

function card(instance) {
  const { id, phase, state, reason, description, lifecycle, release } = instance;
  const classes = ["instance", state, phase].map((each) => each.replace(" ", "-")).join(" ");
  return element(
    "article",
    { class: classes, "data-instance": id, "aria-label": `instance ${id}, ${state || phase}` },
    element("h4", {}, id),
    element(
      "p",
      { class: "state" },
      state || phase,
      " ",
      element("small", { "data-since": instance.since, "data-prefix": instance.is_since_known ? "for" : "for at least" }),
    ),
    element(
      "p",
      { class: "reason" },
      !WITHOUT_NEWS.includes(phase) && phase !== state && element("span", { class: `badge ${tone(phase)}` }, phase),
      reason && element("span", {}, ` ${reason} `),
      description && element("small", {}, description),
    ),
    bar(instance),
    element("p", { class: "figures" }, perSecond(instance.rate), instance.words && `, ${instance.words}`),
    element("small", {}, [lifecycle, release && `release ${release}`].filter(Boolean).join(", ")),
  );
}

const tone = (phase) => ({ new: "good", starting: "marked", "not registered": "doubtful" })[phase] || "";

function bar({ kinds, rate }) {
  const parts = KINDS.filter((kind) => kinds[kind]).map((kind) =>
    styled(element("i", { class: kind }), { width: `${(100 * kinds[kind]) / rate}%` }),
  );
  return element("div", { class: "bar", "aria-hidden": "true" }, ...parts);
}

// One strand for each kind of reply, as wide as its rate; a dashed line where nothing is sent.
export function flow(state) {
  const svg = byId("flows");
  const box = svg.getBoundingClientRect();
  if (!box.width) return;
  svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  const start = box.width / 2;
  const each = state.zones.flatMap((zone) => zone.instances);
  const total = Math.max(1, each.reduce((sum, instance) => sum + instance.rate, 0));
  const strands = [];
  let left = start - (WIDEST * each.reduce((sum, instance) => sum + instance.rate, 0)) / total / 2;
  for (const instance of each) {
    const target = document.querySelector(`[data-instance="${CSS.escape(instance.id)}"]`);
    if (!target) continue;
    const at = target.getBoundingClientRect();
    const end = at.left + at.width / 2 - box.left;
    const whole = (WIDEST * instance.rate) / total;
    let done = 0;
    for (const kind of KINDS.filter((one) => instance.kinds[one])) {
      const width = (WIDEST * instance.kinds[kind]) / total;
      const middle = done + width / 2;
      strands.push(strand(kind, left + middle, end - whole / 2 + middle, box.height, Math.max(1.5, width)));
      done += width;
    }
    if (!done) strands.push(strand("quiet", start, end, box.height, null));
    left += whole;
  }
  svg.replaceChildren(...strands);
}

function strand(kind, from, to, height, width) {
  const path = `M${from},0C${from},${height * 0.6} ${to},${height * 0.4} ${to},${height}`;
  return drawn("path", { class: kind, d: path, "stroke-width": width });
}
