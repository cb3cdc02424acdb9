// The doodle on the screen: zoom, pan, and what is being drawn on top.

const MOST = 24; // times larger than the whole
const MARGIN = 0.1; // share of what is seen that the keyboard's pen keeps from the rim

export class View {
  /** `colours`: [[r, g, b], ...] by label. */
  constructor(canvas, doodle, colours) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.colours = colours;
    this.sheet = document.createElement("canvas");
    this.ghost = null; // a shape not yet drawn: { points, closed, radius, label }
    this.cursor = null; // where the keyboard draws
    this.hover = null;
    this.waiting = false;
    this.show(doodle);
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  /** Another doodle, whole. */
  show(doodle) {
    this.doodle = doodle;
    this.sheet.width = doodle.width;
    this.sheet.height = doodle.height;
    this.canvas.style.aspectRatio = `${doodle.width} / ${doodle.height}`;
    document.documentElement.style.setProperty("--ratio", doodle.width / doodle.height);
    this.zoom = 1;
    this.left = 0; // of the doodle, in its own px
    this.top = 0;
    this.#fit();
    this.changed();
  }

  /** The doodle has other labels now. */
  changed() {
    const { width, height, labels } = this.doodle;
    if (this.sheet.width !== width || this.sheet.height !== height) {
      this.show(this.doodle);
      return;
    }
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    const codes = this.colours.map(([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r);
    for (let index = 0; index < labels.length; index += 1) words[index] = codes[labels[index]];
    this.sheet.getContext("2d").putImageData(image, 0, 0);
    this.draw();
  }

  /** px of the canvas for one of the doodle. */
  get scale() {
    return (this.canvas.width / this.doodle.width) * this.zoom;
  }

  /** Where a pointer is on the doodle, in its px; may lie outside. */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.canvas.width;
    const y = ((event.clientY - box.top) / box.height) * this.canvas.height;
    return { x: x / this.scale + this.left, y: y / this.scale + this.top };
  }

  /** Zoom by `factor`, keeping this point of the doodle where it is. */
  zoomAt(point, factor) {
    const zoom = Math.min(MOST, Math.max(1, this.zoom * factor));
    const kept = this.zoom / zoom;
    this.left = point.x - (point.x - this.left) * kept;
    this.top = point.y - (point.y - this.top) * kept;
    this.zoom = zoom;
    this.pan(0, 0);
  }

  /** Move the sheet by so many px of the doodle. */
  pan(dx, dy) {
    const seen = 1 / this.zoom;
    this.left = Math.min(this.doodle.width * (1 - seen), Math.max(0, this.left - dx));
    this.top = Math.min(this.doodle.height * (1 - seen), Math.max(0, this.top - dy));
    this.draw();
  }

  /** Move the sheet as far as it takes to see this point of it. */
  reveal({ x, y }) {
    const [width, height] = [this.doodle.width / this.zoom, this.doodle.height / this.zoom];
    this.left = Math.min(x - width * MARGIN, Math.max(x - width * (1 - MARGIN), this.left));
    this.top = Math.min(y - height * MARGIN, Math.max(y - height * (1 - MARGIN), this.top));
    this.pan(0, 0);
  }

  whole() {
    this.zoom = 1;
    this.pan(0, 0);
  }

  /** Draw in the next frame, once. */
  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.#draw();
    });
  }

  #fit() {
    const box = this.canvas.getBoundingClientRect();
    if (!box.width) return;
    const sharp = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(box.width * sharp);
    this.canvas.height = Math.round((box.width * sharp * this.doodle.height) / this.doodle.width);
    this.draw();
  }

  #draw() {
    const { context, scale } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, -this.left * scale, -this.top * scale);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.sheet, 0, 0);
    if (this.ghost) this.#drawGhost();
    if (this.hover) this.#ring(this.hover.x, this.hover.y, this.hover.radius);
    if (this.cursor) this.#cross(this.cursor.x, this.cursor.y);
  }

  #drawGhost() {
    const { context, ghost } = this;
    const [r, g, b] = this.colours[ghost.label];
    context.beginPath();
    ghost.points.forEach(({ x, y }, index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (ghost.closed) context.closePath();
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.lineWidth = ghost.radius ? ghost.radius * 2 : 2 / this.scale;
    if (ghost.closed) context.fill();
    context.stroke();
    if (!ghost.radius) {
      for (const { x, y } of ghost.points) this.#ring(x, y, 4 / this.scale);
    }
  }

  #ring(x, y, radius) {
    const { context } = this;
    for (const [colour, width] of [["#fff", 3], ["#000", 1]]) {
      context.beginPath();
      context.arc(x, y, Math.max(radius, 2 / this.scale), 0, Math.PI * 2);
      context.strokeStyle = colour;
      context.lineWidth = width / this.scale;
      context.stroke();
    }
  }

  #cross(x, y) {
    const { context } = this;
    const arm = 12 / this.scale;
    for (const [colour, width] of [["#fff", 5], ["#000", 2]]) {
      context.beginPath();
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
      context.strokeStyle = colour;
      context.lineWidth = width / this.scale;
      context.stroke();
    }
  }
}
