// The labels: what the pen draws, by name, colour, share and key.

/** Fill `list` with one button a label; `onPick` hears the label's number. Gives { pick, shares }. */
export function legend(list, labels, onPick) {
  const buttons = labels.map((label, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "label";
    button.setAttribute("role", "radio");
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = label.colour;
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = name.title = label.name; // it may be cut off
    const share = document.createElement("span");
    share.className = "share";
    button.append(swatch, name, share);
    if (index < 9) {
      const key = document.createElement("kbd");
      key.textContent = index + 1;
      button.append(key);
      button.setAttribute("aria-keyshortcuts", index + 1);
    }
    button.addEventListener("click", () => onPick(index));
    return button;
  });
  list.replaceChildren(...buttons);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons[next].focus();
    onPick(next);
  });
  return {
    pick(chosen) {
      buttons.forEach((button, index) => {
        button.setAttribute("aria-checked", index === chosen);
        button.tabIndex = index === chosen ? 0 : -1;
      });
    },
    shares(found) {
      buttons.forEach((button, index) => {
        const percent = found[index] * 100;
        button.querySelector(".share").textContent = percent > 0 && percent < 1 ? "<1 %" : `${Math.round(percent)} %`;
        button.classList.toggle("unused", percent === 0);
      });
    },
  };
}
