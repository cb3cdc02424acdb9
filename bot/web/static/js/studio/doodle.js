// A doodle: one label for each pixel, with its history.

export const STEPS = 100;

/** width x height labels, 0 to 254. Changes happen between begin() and commit(). */
export class Doodle {
  constructor(width, height, labels = new Uint8Array(width * height)) {
    this.width = width;
    this.height = height;
    this.labels = labels;
    this.undone = [];
    this.done = [];
    this.before = null;
  }

  at(x, y) {
    return this.labels[Math.floor(y) * this.width + Math.floor(x)];
  }

  holds(x, y) {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
  }

  begin() {
    this.before = this.labels.slice();
  }

  /** Take back what happened since begin(). */
  abandon() {
    if (this.before) this.labels.set(this.before);
    this.before = null;
  }

  /** What happened since begin() becomes one step; true when anything changed. */
  commit() {
    const before = this.before;
    this.before = null;
    const box = before && changed(before, this.labels, this.width, this.height);
    if (!box) return false;
    this.#keep({ box, before: cut(before, box, this.width), after: cut(this.labels, box, this.width) });
    return true;
  }

  /** Another sheet of labels instead, of whatever shape: one step. True when anything changed. */
  replace({ width, height, labels }) {
    this.begin();
    if (width === this.width && height === this.height) {
      this.labels.set(labels);
      return this.commit();
    }
    const sheet = { width: this.width, height: this.height, labels: this.before };
    this.before = null;
    this.#keep({ box: null, before: sheet, after: { width, height, labels: labels.slice() } });
    Object.assign(this, { width, height, labels });
    return true;
  }

  undo() {
    return this.#step(this.done, this.undone, "before");
  }

  redo() {
    return this.#step(this.undone, this.done, "after");
  }

  /** Share of each of `count` labels, 0 to 1. */
  shares(count) {
    const found = new Array(count).fill(0);
    for (const label of this.labels) found[label] += 1;
    return found.map((pixels) => pixels / this.labels.length);
  }

  #step(from, to, which) {
    const step = from.pop();
    if (!step) return false;
    if (step.box) paste(this.labels, step[which], step.box, this.width);
    else Object.assign(this, { ...step[which], labels: step[which].labels.slice() });
    to.push(step);
    return true;
  }

  #keep(step) {
    this.done.push(step);
    if (this.done.length > STEPS) this.done.shift();
    this.undone = [];
  }
}

/** [left, top, right, bottom) of what differs, null when nothing does. */
function changed(before, after, width, height) {
  let left = width;
  let right = 0;
  let top = height;
  let bottom = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, index = y * width; x < width; x += 1, index += 1) {
      if (before[index] === after[index]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return right ? [left, top, right, bottom] : null;
}

function cut(labels, [left, top, right, bottom], width) {
  const rows = [];
  for (let y = top; y < bottom; y += 1) rows.push(labels.slice(y * width + left, y * width + right));
  return rows;
}

function paste(labels, rows, [left, top], width) {
  rows.forEach((row, index) => labels.set(row, (top + index) * width + left));
}
