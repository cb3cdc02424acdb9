// Mouse, pen and fingers: one draws, two move and zoom; keys draw too.

const ZOOM = 1.0015; // a wheel's px
const BESIDE = "main, .studio-head, #studio, .left, .sheet, .under, .slot, .rail"; // the board's bare ground, not what stands on it

/** Let pointers on the view's canvas drive the tools. */
export function listen(view, tools) {
  const { canvas } = view;
  const down = new Map(); // pointerId -> last event
  let panning = null;
  let astray = false; // begun beside the sheet, and not come to it yet

  const press = (event) => {
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    view.cursor = null;
    if (down.size === 2) tools.unpress();
    if (down.size > 1) return;
    panning = event.button === 1 || tools.tool === "hand" ? view.point(event) : null;
    if (!panning && event.button === 0) tools.down(view.point(event));
  };
  canvas.addEventListener("pointerdown", press);
  // A shape may begin beyond the sheet's rim. By mouse or pen: a finger scrolls the page there.
  canvas.closest("main").addEventListener("pointerdown", (event) => {
    const drags = event.button === 0 && event.pointerType !== "touch" && !tools.clicks && tools.tool !== "hand";
    if (!drags || !event.target.matches(BESIDE) || down.size) return;
    astray = true;
    press(event);
  });

  canvas.addEventListener("pointermove", (event) => {
    astray &&= !over(canvas, event);
    if (down.size === 2 && down.has(event.pointerId)) {
      pinch(view, down, event);
    } else if (panning) {
      const here = view.point(event);
      view.pan(here.x - panning.x, here.y - panning.y);
    } else if (down.size < 2) {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length ? events : [event]) tools.move(view.point(one));
    }
    if (down.has(event.pointerId)) down.set(event.pointerId, event);
  });

  const release = (event) => {
    const alone = down.size === 1 && down.has(event.pointerId);
    down.delete(event.pointerId);
    if (alone && astray) tools.cancel();
    else if (alone && !panning) tools.up(view.point(event));
    panning = null;
    astray = false;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
    panning = null;
    astray = false;
    tools.unpress();
  });
  canvas.addEventListener("pointerleave", () => {
    view.hover = null;
    view.draw();
  });
  canvas.addEventListener("dblclick", () => tools.tool === "polygon" && tools.close());
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      view.zoomAt(view.point(event), ZOOM ** -event.deltaY);
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => draw(view, tools, event));
  canvas.addEventListener("blur", () => {
    view.cursor = null;
    view.draw();
  });
}

function over(canvas, { clientX, clientY }) {
  const { left, right, top, bottom } = canvas.getBoundingClientRect();
  return clientX >= left && clientX < right && clientY >= top && clientY < bottom;
}

function pinch(view, down, event) {
  const other = [...down.entries()].find(([id]) => id !== event.pointerId)[1];
  const before = down.get(event.pointerId);
  const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  const middle = (one) => view.point({ clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 });
  const [was, is] = [middle(before), middle(event)];
  view.pan(is.x - was.x, is.y - was.y);
  view.zoomAt(middle(event), apart(event) / Math.max(1, apart(before)));
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The keyboard's own pen: arrows move it, Enter or space press and release it, Escape gives up. */
function draw(view, tools, event) {
  const { doodle } = view;
  const arrow = ARROWS[event.key];
  if (!arrow && !["Enter", " ", "Escape"].includes(event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  view.cursor ??= { x: doodle.width / 2, y: doodle.height / 2 };
  if (arrow) {
    const step = event.shiftKey ? 1 : Math.max(4, Math.round(doodle.width / 48));
    view.cursor.x = Math.min(doodle.width - 1, Math.max(0, view.cursor.x + arrow[0] * step));
    view.cursor.y = Math.min(doodle.height - 1, Math.max(0, view.cursor.y + arrow[1] * step));
    view.reveal(view.cursor);
    tools.move({ ...view.cursor });
  } else if (event.key === "Escape") {
    tools.cancel();
  } else if (tools.last) {
    tools.up({ ...view.cursor });
  } else {
    tools.down({ ...view.cursor });
    if (tools.clicks) tools.up({ ...view.cursor });
  }
  view.draw();
}
