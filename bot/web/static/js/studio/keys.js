// Keys for the whole studio; none of them fires while a field is being filled in.

const TOOLS = { b: "brush", f: "fill", l: "line", p: "polygon", r: "rectangle", e: "eraser", i: "pick", h: "hand" };

/** Listen for the studio's keys: those of the board, and Ctrl+Enter to paint. */
export function shortcuts(board, paint) {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, dialog")) return;
    const command = event.ctrlKey || event.metaKey;
    const act = command ? commands(board, paint, event) : plain(board, event);
    if (!act || event.altKey) return;
    event.preventDefault();
    act();
  });
}

function commands(board, paint, event) {
  const key = event.key.toLowerCase();
  if (key === "z") return () => (event.shiftKey ? board.redo() : board.undo());
  if (key === "y") return () => board.redo();
  if (key === "enter") return paint;
  return null;
}

function plain(board, event) {
  const key = event.key.toLowerCase(); // also with Caps Lock
  const number = "123456789".indexOf(key);
  if (number >= 0 && number < board.palette.length) return () => board.pick(number);
  if (TOOLS[key]) return () => board.use(TOOLS[key]);
  const others = {
    m: () => board.mirror(),
    "[": () => board.size(board.tools.size - 1),
    "]": () => board.size(board.tools.size + 1),
    "+": () => board.zoom(1.5),
    "-": () => board.zoom(1 / 1.5),
    0: () => board.view.whole(),
  };
  return others[key] ?? null;
}
