// What a press, a move and a release do, whichever device they come from.

import { flood, polygon, rectangle, stroke } from "./raster.js";

const CLICKS = ["fill", "pick", "polygon"]; // act when let go: a second finger may follow, and then nothing was meant
export const SIZES = [0.012, 0.035, 0.09]; // radius as a share of the doodle's shorter side: small, middle, large

export class Tools {
  /** `onChange` after each finished step, `onPick` when the eyedropper found a label. */
  constructor(view, { onChange, onPick }) {
    this.view = view;
    this.onChange = onChange;
    this.onPick = onPick;
    this.tool = "brush";
    this.label = 0;
    this.eraseTo = 0;
    this.size = 1;
    this.mirror = false;
    this.last = null;
    this.points = [];
  }

  get doodle() {
    return this.view.doodle;
  }

  get radius() {
    return Math.max(0.75, SIZES[this.size] * Math.min(this.doodle.width, this.doodle.height));
  }

  /** The label that is being drawn. */
  get ink() {
    return this.tool === "eraser" ? this.eraseTo : this.label;
  }

  /** True for a tool that a click is all of. */
  get clicks() {
    return CLICKS.includes(this.tool);
  }

  down(point) {
    this.last = point;
    if (this.clicks) return;
    this.doodle.begin();
    if (this.#draws()) this.#stroke(point, point);
  }

  move(point) {
    this.view.hover = this.#draws() || this.tool === "line" ? { ...point, radius: this.radius } : null;
    if (this.tool === "polygon" && this.points.length) this.#ghost([...this.points, point], false, 0);
    if (this.last && this.#draws()) {
      this.#stroke(this.last, point);
      this.last = point;
    } else if (this.last && this.tool === "line") {
      this.#ghost([this.last, point], false, this.radius);
    } else if (this.last && this.tool === "rectangle") {
      const { x, y } = this.last;
      this.#ghost([{ x, y }, { x: point.x, y }, point, { x, y: point.y }], true, 0);
    }
    this.view.draw();
  }

  up(point) {
    if (!this.last) return;
    if (this.clicks) {
      this.last = null;
      this.#click(point);
      return;
    }
    if (this.tool === "line") this.#both((map) => stroke(this.doodle, map(this.last), map(point), this.radius, this.ink));
    if (this.tool === "rectangle") this.#both((map) => rectangle(this.doodle, map(this.last), map(point), this.ink));
    this.last = null;
    this.#finish();
  }

  /** Nothing of what was begun stays. */
  cancel() {
    this.last = null;
    this.points = [];
    this.view.ghost = null;
    this.doodle.abandon();
    this.view.changed();
  }

  /** The press that has begun was none; the corners of a polygon stay. */
  unpress() {
    if (this.tool === "polygon") this.last = null;
    else this.cancel();
  }

  /** Close the polygon that was begun. */
  close() {
    const points = this.points;
    this.points = [];
    if (points.length > 2) {
      this.doodle.begin();
      this.#both((map) => polygon(this.doodle, points.map(map), this.ink));
    }
    this.#finish();
  }

  #draws() {
    return this.tool === "brush" || this.tool === "eraser";
  }

  #stroke(from, to) {
    this.#both((map) => stroke(this.doodle, map(from), map(to), this.radius, this.ink));
    this.view.changed();
  }

  #click(point) {
    if (this.tool === "polygon") this.#corner(point);
    else if (!this.doodle.holds(point.x, point.y)) return;
    else if (this.tool === "pick") this.onPick(this.doodle.at(point.x, point.y));
    else this.#fill(point);
  }

  #fill(point) {
    this.doodle.begin();
    this.#both((map) => {
      const { x, y } = map(point);
      flood(this.doodle, Math.floor(x), Math.floor(y), this.ink);
    });
    this.#finish();
  }

  #corner(point) {
    const [first] = this.points;
    const close = 12 / (this.view.scale / (window.devicePixelRatio || 1));
    if (first && this.points.length > 2 && Math.hypot(point.x - first.x, point.y - first.y) < close) {
      this.close();
      return;
    }
    this.points.push(point);
    this.#ghost(this.points, false, 0);
  }

  #ghost(points, closed, radius) {
    this.view.ghost = { points, closed, radius, label: this.ink };
    this.view.draw();
  }

  /** Do it, and once more mirrored where that is asked for. */
  #both(draw) {
    draw((point) => point);
    if (this.mirror) draw(({ x, y }) => ({ x: this.doodle.width - 1e-6 - x, y }));
  }

  #finish() {
    this.view.ghost = null;
    const changed = this.doodle.before !== null && this.doodle.commit();
    this.view.changed();
    if (changed) this.onChange();
  }
}
