// A slider between two pictures that lie on each other: how much of the one beside shows over the other.

/** Let `slider` (0 to 100) uncover `beside` within `pane`. Gives what brings the picture up to date. */
export function uncover(pane, slider, beside) {
  const show = () => {
    beside.style.clipPath = `inset(0 ${100 - slider.value}% 0 0)`;
    pane.style.setProperty("--split", `${slider.value}%`);
  };
  slider.addEventListener("input", show);
  return show;
}
