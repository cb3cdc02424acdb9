// The drawing side of the studio: doodle, tools, legend, what is kept and what is brought in.

import { Doodle } from "./doodle.js";
import { bring } from "./importer.js";
import { legend } from "./legend.js";
import { listen } from "./pointers.js";
import { snap } from "./raster.js";
import { load, save } from "./save.js";
import { download, fromUrl, rgb, toPng } from "./sheet.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";

const SAVE_AFTER = 300; // ms without a change
const ZOOM = 1.5; // of one press
const byId = (id) => document.getElementById(id);

export class Board {
  /** `start`: URL of a doodle to begin with, or null; `onChange` hears of every finished step, `onTrouble` a sentence. */
  constructor(style, { onChange, onTrouble }) {
    this.style = style;
    this.palette = style.labels.map((label) => rgb(label.colour));
    this.onChange = onChange;
    this.onTrouble = onTrouble;
  }

  /** Begin with `doodle`'s address, or with what was being drawn here when `fresh` is false. */
  async begin(doodle, fresh) {
    const first = (await this.#first(doodle, fresh)) ?? new Doodle(this.style.width, this.style.height);
    this.view = new View(byId("doodle"), first, this.palette);
    this.tools = new Tools(this.view, { onChange: () => this.changed(), onPick: (label) => this.pick(label) });
    this.legend = legend(byId("legend"), this.style.labels, (label) => this.pick(label));
    for (const [index, label] of this.style.labels.entries()) byId("erase-to").add(new Option(label.name, index));
    listen(this.view, this.tools);
    this.#buttons();
    this.pick(0);
    this.use("brush");
    this.#told();
  }

  async #first(doodle, fresh) {
    const kept = fresh ? undefined : await load(this.style.key);
    if (kept?.labels.every((label) => label < this.palette.length)) {
      return new Doodle(kept.width, kept.height, kept.labels);
    }
    if (!doodle) return null;
    try {
      return await this.#fetched(doodle);
    } catch (error) {
      this.onTrouble(error.message);
      return null;
    }
  }

  async #fetched(address) {
    const { width, height, rgba } = await fromUrl(address);
    return new Doodle(width, height, snap(rgba, this.palette).labels);
  }

  #buttons() {
    const on = (id, act) => byId(id).addEventListener("click", act);
    for (const button of document.querySelectorAll("[data-tool]")) {
      button.addEventListener("click", () => this.use(button.dataset.tool));
    }
    for (const button of document.querySelectorAll("[data-size]")) {
      button.addEventListener("click", () => this.size(Number(button.dataset.size)));
    }
    on("undo", () => this.undo());
    on("redo", () => this.redo());
    on("mirror", () => this.mirror());
    on("zoom-in", () => this.zoom(ZOOM));
    on("zoom-out", () => this.zoom(1 / ZOOM));
    on("zoom-whole", () => this.view.whole());
    on("clear", () => this.blank());
    on("export", async () => download(await this.png(), `${this.style.slug}-doodle.png`));
    on("import", () => byId("file").click());
    byId("file").addEventListener("change", () => this.import(byId("file")));
    byId("erase-to").addEventListener("change", (event) => (this.tools.eraseTo = Number(event.target.value)));
    byId("shape").addEventListener("change", (event) => this.reshape(event.target.value));
    // A phone may end a page that it has put away, without a word.
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    window.addEventListener("pagehide", () => this.keep());
  }

  pick(label) {
    this.tools.label = label;
    if (["eraser", "pick", "hand"].includes(this.tools.tool)) this.use("brush");
    this.legend.pick(label);
  }

  use(tool) {
    this.tools.cancel();
    this.tools.tool = tool;
    byId("doodle").dataset.tool = tool;
    for (const button of document.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", button.dataset.tool === tool);
    }
    byId("erase-choice").hidden = tool !== "eraser";
    byId("polygon-hint").hidden = tool !== "polygon";
  }

  size(size) {
    this.tools.size = Math.max(0, Math.min(2, size));
    for (const button of document.querySelectorAll("[data-size]")) {
      button.setAttribute("aria-pressed", Number(button.dataset.size) === this.tools.size);
    }
  }

  mirror() {
    this.tools.mirror = !this.tools.mirror;
    byId("mirror").setAttribute("aria-pressed", this.tools.mirror);
  }

  zoom(factor) {
    const { doodle, left, top, zoom } = this.view;
    this.view.zoomAt({ x: left + doodle.width / zoom / 2, y: top + doodle.height / zoom / 2 }, factor);
  }

  undo() {
    this.tools.cancel();
    if (this.view.doodle.undo()) this.changed();
  }

  redo() {
    this.tools.cancel();
    if (this.view.doodle.redo()) this.changed();
  }

  /** One label everywhere: a step that can be undone. */
  blank() {
    this.#step((labels) => labels.fill(this.tools.label));
  }

  /** The doodle at this address again: a step that can be undone where it has the same shape. */
  async recall(address) {
    const found = await this.#fetched(address);
    const { width, height } = this.view.doodle;
    if (found.width === width && found.height === height) this.#step((labels) => labels.set(found.labels));
    else this.show(found);
  }

  #step(change) {
    const { doodle } = this.view;
    this.tools.cancel();
    doodle.begin();
    change(doodle.labels);
    if (doodle.commit()) this.changed();
  }

  /** Another shape of the sheet, "width:height"; what was drawn is stretched over it. */
  reshape(shape) {
    const [across, down] = shape.split(":").map(Number);
    const { doodle } = this.view;
    const longest = Math.max(doodle.width, doodle.height);
    const width = Math.round(longest * Math.min(1, across / down));
    const height = Math.round(longest * Math.min(1, down / across));
    const labels = new Uint8Array(width * height);
    labels.forEach((_, index) => {
      const x = Math.floor((((index % width) + 0.5) * doodle.width) / width);
      const y = Math.floor(((Math.floor(index / width) + 0.5) * doodle.height) / height);
      labels[index] = doodle.labels[y * doodle.width + x];
    });
    this.show(new Doodle(width, height, labels));
  }

  async import(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const found = await bring(file, this.palette, byId("import-dialog"));
      if (found) this.show(new Doodle(found.width, found.height, found.labels));
    } catch {
      this.onTrouble("This file is no picture that the browser can read: choose a PNG, JPEG or WebP.");
    }
  }

  /** Another doodle instead, with a history of its own. */
  show(doodle) {
    this.view.show(doodle);
    this.changed();
  }

  changed() {
    this.view.changed();
    this.#told();
    clearTimeout(this.saving);
    document.documentElement.dataset.kept = "no";
    this.saving = setTimeout(() => this.keep(), SAVE_AFTER);
    this.onChange();
  }

  async keep() {
    clearTimeout(this.saving);
    await save(this.style.key, this.view.doodle);
    document.documentElement.dataset.kept = "yes";
  }

  png() {
    return toPng(this.view.doodle, this.palette);
  }

  #told() {
    const { doodle } = this.view;
    this.legend.shares(doodle.shares(this.palette.length));
    byId("undo").disabled = doodle.done.length === 0;
    byId("redo").disabled = doodle.undone.length === 0;
  }
}
