// Takes each state of the service from the server, and shows it.

import { remember, showChart } from "./chart.js";
import { setUp, showControls } from "./controls.js";
import { byId, element, show } from "./dom.js";
import { showScenario } from "./scenario.js";
import { clock, setClock } from "./words.js";
import { age, flow, showService } from "./zones.js";

const LONG = 15000; // ms

let state = null;
let lostAt = null; // when the server was gone, in ms

function showState(next) {
  state = next;
  remember(state.seconds);
  const { stack } = state;
  document.title = `${stack.name}: ${state.health.words || stack.status}`;
  show("name", stack.name, (name) => name);
  show("place", [stack.backend, stack.region, stack.url], place);
  show("notices", state.unread, notices);
  showService(state);
  showScenario(state.scenario);
  // The list is drawn again as a whole: a screen reader is told the newest line alone.
  show("newest", state.lines[0]?.text ?? "", (text) => text);
  show("lines", state.lines, (lines) => lines.map(line));
  show("settings", state.settings, (settings) => settings.map(setting));
  show("stack", [stack.status, stack.reason, stack.events], () => stackBody(stack));
  showControls(state);
}

function place([backend, region, url]) {
  const where = backend === "local" ? "the local AWS" : `AWS in ${region}`;
  return [`on ${where}`, ...(url ? [", serves at ", element("a", { href: url, rel: "noreferrer" }, url)] : [])];
}

function notices(unread) {
  return unread ? [element("p", { class: "notice doubtful", role: "status" }, unread)] : [];
}

function line({ at, text, tone }) {
  return element("li", { class: tone }, element("time", {}, clock(at)), element("span", {}, text));
}

function setting({ name, value }) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, value || "-"));
}

function stackBody({ status, reason, events }) {
  const tone = /FAILED|ROLLBACK/.test(status) ? "bad" : /PROGRESS/.test(status) ? "marked" : "good";
  return [
    element("p", {}, element("span", { class: `badge ${tone}` }, status), " ", reason),
    element(
      "div",
      { class: "events", role: "region", tabindex: "0", "aria-label": "the stack's last events" },
      element("ol", {}, ...events.map(event)),
    ),
  ];
}

function event({ at, resource, status, reason }) {
  return element(
    "li",
    {},
    element("time", {}, clock(at)),
    element("span", {}, `${resource} ${status}`, reason && element("small", {}, reason)),
  );
}

function connect() {
  const source = new EventSource("events");
  source.addEventListener("history", ({ data }) => {
    const history = JSON.parse(data);
    setClock(history.now);
    remember(history.seconds);
    setUp(history);
    if (history.state.stack) showState(history.state);
    showChart(history.state.marks ?? []);
    lostAt = null;
    say("live", true);
  });
  source.addEventListener("state", ({ data }) => showState(JSON.parse(data)));
  source.addEventListener("error", () => {
    lostAt ??= Date.now();
    const isLong = Date.now() - lostAt > LONG;
    say(isLong ? "not served any more: play watch.yml again" : "reconnecting", false);
    // After a reply that is no stream of events the browser does not try again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}

function say(words, isGood) {
  byId("connection").textContent = words;
  byId("connection").classList.toggle("good", isGood);
  document.body.classList.toggle("stale", !isGood);
}

connect();
setInterval(() => {
  age();
  if (state && !document.hidden) showChart(state.marks);
}, 1000);
window.addEventListener("resize", () => state && flow(state));
