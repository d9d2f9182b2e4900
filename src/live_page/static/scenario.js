// The scenario that is played, or was played last: its hypothesis, its phases, its claims.

import { element, show } from "./dom.js";
import { seconds } from "./words.js";

const SIGNS = {
  pending: ["…", ""],
  "not yet": ["…", ""],
  "held so far": ["✓", "good"],
  "refuted so far": ["✗", "bad"],
  held: ["✓", "good"],
  refuted: ["✗", "bad"],
  unjudged: ["?", "doubtful"],
};
const OUTCOMES = { passed: "good", failed: "bad", unjudged: "doubtful" };

export function showScenario(scenario) {
  show("scenario-body", scenario, () => (scenario ? body(scenario) : nothing()));
}

function nothing() {
  return element("p", { class: "empty" }, "None has been played on this stack yet.");
}

function body(scenario) {
  const { name, hypothesis, outcome, is_going_on: goesOn, awaiting, change, interruption, claims } = scenario;
  const word = goesOn ? "playing" : outcome || "ended";
  return [
    element("p", {}, element("b", {}, name), " ", element("span", { class: `badge ${goesOn ? "marked" : OUTCOMES[outcome] || ""}` }, word)),
    hypothesis && element("p", { class: "lead" }, hypothesis),
    element("ol", { class: "steps" }, ...steps(scenario)),
    change && element("p", {}, element("b", {}, "Fault: "), change),
    goesOn && awaiting && element("p", { class: "empty" }, `waiting until: ${awaiting}`),
    interruption && element("p", { class: "notice doubtful" }, interruption),
    element("ul", { class: "claims" }, ...claims.map(claim)),
  ].filter(Boolean);
}

function steps({ steps: list, started_at: began, is_going_on: goesOn }) {
  const next = list.findIndex((each) => each.at === null);
  return list.map(({ name, at }, number) => {
    const isNow = goesOn && number === next;
    const said = at === null ? (isNow ? "now" : "") : `after ${seconds(at - began)}`;
    const mark = at === null ? (isNow ? "now" : "todo") : "done";
    return element("li", { class: mark, "aria-current": isNow ? "step" : null }, name, element("small", {}, said));
  });
}

function claim({ text, state, seen, expected }) {
  const [sign, tone] = SIGNS[state] || ["", ""];
  return element(
    "li",
    {},
    element("span", { class: `badge ${tone}` }, `${sign} ${state}`),
    ` ${text}`,
    (seen || expected) && element("small", {}, [expected, seen && `seen: ${seen}`].filter(Boolean).join("; ")),
  );
}
