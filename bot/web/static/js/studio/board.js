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
  /**
   * `key`: what the browser keeps the doodle by; `known`: whoever draws may ask the service what is no drawing alone;
   * `onChange` hears of every finished step, `onTrouble` a sentence.
   */
  constructor(style, key, { known, onChange, onTrouble }) {
    this.style = style;
    this.key = key;
    this.known = known;
    this.palette = style.labels.map((label) => rgb(label.colour));
    this.onChange = onChange;
    this.onTrouble = onTrouble;
    this.drawn = 0; // changes of the sheet
    this.bringing = 0; // other sheets on their way here
    this.asked = 0; // for any so far
  }

  /** Begin with what was being drawn here, else with the doodle at the address `start`; null: with an empty sheet. */
  async begin(start) {
    this.start = start;
    const first = await this.#first();
    this.view = new View(byId("doodle"), first, this.palette);
    this.tools = new Tools(this.view, { onChange: () => this.changed(), onPick: (label) => this.pick(label) });
    this.legend = legend(byId("legend"), this.style.labels, (label) => this.pick(label));
    for (const [index, label] of this.style.labels.entries()) byId("erase-to").add(new Option(label.name, index));
    listen(this.view, this.tools);
    this.#buttons();
    this.pick(firstToDraw(first, this.palette.length));
    this.use("brush");
    this.#told();
  }

  async #first() {
    const kept = await load(this.key);
    this.resumed = Boolean(kept?.labels.every((label) => label < this.palette.length)); // with what was drawn here before
    if (this.resumed) {
      return new Doodle(kept.width, kept.height, kept.labels);
    }
    try {
      return await this.#started();
    } catch (error) {
      this.onTrouble(error.message);
      return this.#empty();
    }
  }

  /** The doodle that one begins with here. */
  #started() {
    return this.start ? this.#fetched(this.start) : this.#empty();
  }

  #empty() {
    return new Doodle(this.style.width, this.style.height);
  }

  async #fetched(address) {
    const { width, height, rgba } = await fromUrl(address);
    return new Doodle(width, height, snap(rgba, this.palette).labels);
  }

  #buttons() {
    const on = (id, act) => byId(id).addEventListener("click", act);
    for (const button of document.querySelectorAll("button[data-tool]")) {
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
    on("restart", () => this.restart());
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
    for (const button of document.querySelectorAll("button[data-tool]")) {
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

  /** One label everywhere: a step that can be undone, as everything below. */
  blank() {
    const { width, height } = this.view.doodle;
    this.put({ width, height, labels: new Uint8Array(width * height).fill(this.tools.label) });
  }

  /** What one began with. */
  async restart() {
    try {
      await this.#bring(() => this.#started());
    } catch (error) {
      this.onTrouble(error.message);
    }
  }

  /** The doodle at this address again: { late: something else was asked for before it came, changed: it is another }. */
  recall(address) {
    return this.#bring(() => this.#fetched(address));
  }

  /** The sheet that `find` finds instead, if it finds any and nobody has asked for another one meanwhile. */
  async #bring(find) {
    const mine = (this.asked += 1);
    this.bringing += 1;
    this.#unkept();
    try {
      const sheet = await find();
      const late = mine !== this.asked;
      return { late, changed: !late && Boolean(sheet) && this.put(sheet) };
    } finally {
      this.bringing -= 1;
      this.keep();
    }
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
    this.put({ width, height, labels });
  }

  async import(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      await this.#bring(() => bring(file, this.palette, byId("import-dialog"), this.known));
    } catch {
      this.onTrouble("This file is no picture that the browser can read: choose a PNG, JPEG or WebP.");
    }
  }

  /** Another sheet instead: { width, height, labels }. True when anything changed. */
  put(sheet) {
    this.tools.cancel();
    const changed = this.view.doodle.replace(sheet);
    if (changed) this.changed();
    return changed;
  }

  changed() {
    this.drawn += 1;
    this.view.changed();
    this.#told();
    clearTimeout(this.saving);
    this.#unkept();
    this.saving = setTimeout(() => this.keep(), SAVE_AFTER);
    this.onChange();
  }

  /** The browser has what is drawn: said only where nothing was drawn while it was being kept, and nothing is to come. */
  async keep() {
    clearTimeout(this.saving);
    const { drawn } = this;
    await save(this.key, this.view.doodle);
    if (drawn === this.drawn && !this.bringing) document.documentElement.dataset.kept = "yes";
  }

  #unkept() {
    document.documentElement.dataset.kept = "no";
  }

  png() {
    return toPng(this.view.doodle, this.palette);
  }

  #told() {
    const { doodle } = this.view;
    this.legend.shares(doodle.shares(this.palette.length));
    byId("undo").disabled = doodle.done.length === 0;
    byId("redo").disabled = doodle.undone.length === 0;
    byId("shape").value = this.#shape(doodle);
  }

  /** The choice of shape that this doodle has, "" for none of them. */
  #shape({ width, height }) {
    const longest = Math.max(width, height);
    const same = ({ value }) => {
      const [across, down] = value.split(":").map(Number);
      const scale = longest / Math.max(across, down);
      return Math.abs(across * scale - width) < 1 && Math.abs(down * scale - height) < 1;
    };
    return [...byId("shape").options].find(same)?.value ?? "";
  }
}

/** The label to begin with; on a sheet of one label another than that, as nobody would see the first stroke. */
function firstToDraw({ labels }, count) {
  return labels.every((label) => label === labels[0]) ? (labels[0] + 1) % count : 0;
}
