// What the service understands of a map, told before anything is painted in it.

import { ask } from "../api.js";
import { fit, tidy } from "./names.js";

const hex = (colour) => `#${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

/** The labels as the API takes them: JSON of names and colours. */
export const legendOf = ({ colours, names }) =>
  JSON.stringify(names.map((name, label) => ({ name: tidy(name), colour: hex(colours[label]) })));

/** The report on a map's file; `style` is the picture it is for, `named` a map in hand. Either may be missing. */
export function check(map, style = null, named = null) {
  const form = new FormData();
  form.set("map", map, "map.png");
  if (style) form.set("style", style);
  if (named && fit(named.names)) form.set("labels", legendOf(named));
  return ask("POST", "/api/v1/maps/check", form);
}

/** Tell a report in `list`: problems first, then doubts, else that all is well. */
export function tell(list, { problems, warnings, legend }) {
  const say = (text, kind) => {
    const item = document.createElement("li");
    item.className = kind;
    item.textContent = text;
    return item;
  };
  const found = [...problems.map(({ text }) => say(text, "bad")), ...warnings.map(({ text }) => say(text, "doubt"))];
  list.replaceChildren(...(found.length ? found : [say(`${legend.length} labels, each one clear. Nothing is in doubt.`, "good")]));
}
