// What can be pressed: each button starts the playbook that a person would type.

import { byId, element, show } from "./dom.js";

const WITHOUT_TOKEN = "Open the address that watch.yml has printed to use the buttons.";
const WORDS = { restore: "recover.yml", stop: "stop.yml" };

const token = takeToken();
let readOnly = "";
let outputBytes = -1;

// The token stands behind the #, which no server sees; it is not left in the address.
function takeToken() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("token") || "";
}

export function setUp(history) {
  readOnly = history.read_only || (token ? "" : WITHOUT_TOKEN);
  show("scenarios", history.scenarios, (list) =>
    list.map(({ name, hypothesis }) => button(name, name, () => play(name), { title: hypothesis })),
  );
  show("others", "buttons", () => [
    button("request", "send one request", sendOne, { class: "strong" }),
    button("restore", "restore the steady state", () => play("restore")),
    button("stop", "stop the scenario", () => play("stop")),
  ]);
  byId("controls").hidden = false;
}

function button(id, words, press, attributes = {}) {
  const made = element("button", { type: "button", "data-button": id, ...attributes }, words);
  made.addEventListener("click", press);
  return made;
}

export function showControls(state) {
  const { commands } = state;
  const running = commands.running || [];
  for (const each of document.querySelectorAll("[data-button]")) {
    const name = each.dataset.button;
    const isFree = name === "request" ? state.stack.url : name === "stop" ? commands.can_stop : !commands.is_playing;
    each.disabled = Boolean(readOnly) || !isFree;
  }
  byId("controls-lead").textContent = readOnly || said(commands, running);
  if (token && commands.output_bytes !== outputBytes) {
    outputBytes = commands.output_bytes;
    if (outputBytes) showOutput();
  }
}

function said({ is_playing: isPlaying, last }, running) {
  if (running.length) return `${running.map(playbook).join(" and ")} is at work.`;
  if (isPlaying) return "A playbook is at work on this stack, started elsewhere.";
  if (last && last.button) {
    return `${playbook(last.button)} ${last.status ? `failed (status ${last.status})` : "ended well"}.`;
  }
  return "Each button starts the playbook that you would type; its output is shown below.";
}

const playbook = (name) => WORDS[name] || `scenario.yml --tags ${name}`;

async function ask(path, method = "POST") {
  const headers = { Authorization: `Bearer ${token}` };
  const reply = await fetch(path, { method, headers });
  if (!reply.ok) throw new Error((await reply.text()).trim());
  return reply.json();
}

async function play(name) {
  byId("reply").replaceChildren();
  for (const each of document.querySelectorAll("[data-button]")) each.disabled = true;
  await attempt(() => ask(`play?button=${encodeURIComponent(name)}`));
}

async function sendOne() {
  await attempt(async () => {
    const reply = await ask("request");
    const facts = [reply.status, reply.error, reply.instance && `from ${reply.instance}`, reply.latency_ms && `${reply.latency_ms} ms`];
    byId("reply").replaceChildren(
      element("span", { class: `badge ${{ real: "good", static: "doubtful" }[reply.kind] || "bad"}` }, reply.kind),
      ` ${facts.filter(Boolean).join(", ")}`,
      reply.body ? element("pre", {}, reply.body) : "",
    );
  });
}

async function attempt(what) {
  try {
    await what();
  } catch (error) {
    byId("reply").replaceChildren(element("p", { class: "notice bad" }, error.message));
  }
}

async function showOutput() {
  await attempt(async () => {
    const { text } = await ask("output", "GET");
    const output = byId("output");
    const isAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 20;
    output.hidden = !text;
    output.textContent = text;
    if (isAtEnd) output.scrollTop = output.scrollHeight;
  });
}
