// Keys for the whole studio; none of them fires while a field is being filled in.

const TOOLS = { b: "brush", f: "fill", l: "line", p: "polygon", r: "rectangle", e: "eraser", i: "pick", h: "hand" };

/** Listen for the studio's keys. */
export function shortcuts(studio) {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, dialog")) return;
    const command = event.ctrlKey || event.metaKey;
    const act = command ? commands(studio, event) : plain(studio, event);
    if (!act || event.altKey) return;
    event.preventDefault();
    act();
  });
}

function commands(studio, event) {
  const key = event.key.toLowerCase();
  if (key === "z") return () => (event.shiftKey ? studio.redo() : studio.undo());
  if (key === "y") return () => studio.redo();
  if (key === "enter") return () => studio.paint();
  return null;
}

function plain(studio, event) {
  const { key } = event;
  const number = "123456789".indexOf(key);
  if (number >= 0 && number < studio.palette.length) return () => studio.pick(number);
  if (TOOLS[key]) return () => studio.use(TOOLS[key]);
  const others = {
    m: () => studio.mirror(),
    "[": () => studio.size(studio.tools.size - 1),
    "]": () => studio.size(studio.tools.size + 1),
    "+": () => studio.zoom(1.5),
    "-": () => studio.zoom(1 / 1.5),
    0: () => studio.view.whole(),
  };
  return others[key] ?? null;
}
