// Elements from data. Texts are always texts: nothing here is ever read as HTML.

export const byId = (id) => document.getElementById(id);

// element("p", {class: "lead"}, "text", child, ...); what is null or false is left out.
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== false && child !== ""));
  return made;
}

// The width of a bar's part, the place of a label: a style, not markup, so the policy allows it.
export function styled(made, styles) {
  for (const [key, value] of Object.entries(styles)) made.style.setProperty(key, value);
  return made;
}

// Replaces what is in an element only when the data behind it is other than before, so that the
// keyboard's focus and a screen reader's place stay.
const shown = new Map();

export function show(id, data, make) {
  const text = JSON.stringify(data);
  if (shown.get(id) === text) return false;
  shown.set(id, text);
  byId(id).replaceChildren(...[make(data)].flat());
  return true;
}
