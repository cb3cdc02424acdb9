// The labels of a map in hand, by colour, name and share: a list to choose and rename them in.

/** Fill `list` from { colours, names }; `onChoose` hears a label, `onName` a label and its new name. */
export function show(list, { colours, names }, shares, chosen, { onChoose, onName }) {
  list.replaceChildren(
    ...names.map((name, label) => {
      const row = document.createElement("li");
      const picked = chosen.has(label);
      row.classList.toggle("chosen", picked);
      row.append(swatch(colours[label], name, picked, () => onChoose(label)));
      row.append(field(name, label, (text) => onName(label, text)));
      const share = document.createElement("span");
      share.className = "share";
      share.textContent = `${Math.round(shares[label] * 100)} %`;
      row.append(share);
      const alike = document.createElement("p");
      alike.className = "alike bad";
      alike.id = `alike-${label}`;
      alike.setAttribute("aria-live", "polite");
      alike.hidden = true;
      row.append(alike);
      return row;
    }),
  );
  refuse(list, names);
}

/** Of fields with one name, the one written last (`label`, now) is told so beside it; the form is not sent before. */
export function refuse(list, names, label = null) {
  const rows = [...list.children];
  if (label !== null) rows[label].dataset.turn = Math.max(...rows.map(turn)) + 1;
  const said = names.map(plain);
  rows.forEach((row, mine) => {
    const before = (other) => turn(rows[other]) < turn(row) || (turn(rows[other]) === turn(row) && other < mine);
    const twin = said.some((name, other) => name && other !== mine && name === said[mine] && before(other));
    tell(row, twin ? "Another label is called so, too: give each its own name." : "");
  });
}

/** Each label has a name of its own. */
export const fit = (names) => names.every(plain) && new Set(names.map(plain)).size === names.length;

/** A name as it is kept: a phone's keyboard leaves a space behind its words. */
export const tidy = (name) => name.normalize("NFC").trim().replace(/\s+/g, " ");

/** A name as the service compares it. */
const plain = (name) => tidy(name).toLowerCase();

const turn = (row) => Number(row.dataset.turn ?? 0);

function tell(row, text) {
  const input = row.querySelector("input");
  input.setCustomValidity(text);
  input.setAttribute("aria-invalid", text !== "");
  const alike = row.querySelector(".alike");
  alike.textContent = text;
  alike.hidden = !text;
}

function swatch(colour, name, picked, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "swatch";
  button.style.background = `rgb(${colour.join(" ")})`;
  button.setAttribute("aria-label", `Choose ${name}`);
  button.setAttribute("aria-pressed", picked);
  button.addEventListener("click", act);
  return button;
}

function field(name, label, hear) {
  const input = document.createElement("input");
  input.type = "text";
  input.maxLength = 40;
  input.value = name;
  input.required = true;
  input.autocomplete = "off";
  input.setAttribute("aria-label", `Name of label ${label + 1}`);
  input.setAttribute("aria-describedby", `alike-${label}`);
  input.addEventListener("input", () => hear(input.value));
  return input;
}
