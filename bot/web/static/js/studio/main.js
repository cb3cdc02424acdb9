// The studio: puts doodle, tools, legend, painter and result together.

import { ask, send } from "../api.js";
import { Attempts } from "./attempts.js";
import { Doodle } from "./doodle.js";
import { bring } from "./importer.js";
import { cancel, follow, submit, words } from "./job.js";
import { shortcuts } from "./keys.js";
import { legend } from "./legend.js";
import { listen } from "./pointers.js";
import { snap } from "./raster.js";
import { Result } from "./result.js";
import { load, save } from "./save.js";
import { download, fromUrl, rgb, toPng } from "./sheet.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";

const PREVIEW_AFTER = 250; // ms without a change
const SAVE_AFTER = 300;
const byId = (id) => document.getElementById(id);

class Studio {
  constructor(root) {
    this.style = JSON.parse(root.dataset.style);
    this.start = JSON.parse(root.dataset.start); // { doodle: URL | null, options, parent }
    this.palette = this.style.labels.map((label) => rgb(label.colour));
    this.form = byId("choices");
    this.running = null;
    this.shown = null; // the attempt in the result pane
    this.lookedAt = 0;
    this.result = new Result({
      pane: byId("result"),
      image: byId("painting"),
      doodle: byId("beside"),
      slider: byId("split"),
      caption: byId("caption"),
      bar: byId("progress"),
    });
    this.attempts = new Attempts(byId("attempts"), this.style.key, (attempt) => this.open(attempt));
  }

  async begin() {
    const doodle = (await this.#first()) ?? new Doodle(this.style.width, this.style.height);
    this.view = new View(byId("doodle"), doodle, this.palette);
    this.tools = new Tools(this.view, { onChange: () => this.changed(), onPick: (label) => this.pick(label) });
    this.legend = legend(byId("legend"), this.style.labels, (label) => this.pick(label));
    for (const [index, label] of this.style.labels.entries()) byId("erase-to").add(new Option(label.name, index));
    this.fill(this.start.options);
    listen(this.view, this.tools);
    shortcuts(this);
    this.#buttons();
    this.pick(0);
    this.use("brush");
    this.#told();
    this.#preview();
    document.documentElement.dataset.ready = "studio";
  }

  /** What to begin with: a remix's doodle, what was being drawn here, the style's own. */
  async #first() {
    const kept = this.start.parent ? undefined : await load(this.style.key);
    if (kept && Math.max(...kept.labels.subarray(0, 1)) < this.palette.length) {
      const known = kept.labels.every((label) => label < this.palette.length);
      if (known) return new Doodle(kept.width, kept.height, kept.labels);
    }
    if (!this.start.doodle) return null;
    try {
      const { width, height, rgba } = await fromUrl(this.start.doodle);
      return new Doodle(width, height, snap(rgba, this.palette).labels);
    } catch (error) {
      this.say(error.message);
      return null;
    }
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
    on("zoom-in", () => this.zoom(1.5));
    on("zoom-out", () => this.zoom(1 / 1.5));
    on("zoom-whole", () => this.view.whole());
    on("clear", () => this.blank());
    on("export", async () => download(await this.png(), `${this.style.slug}-doodle.png`));
    on("import", () => byId("file").click());
    byId("file").addEventListener("change", () => this.import(byId("file")));
    byId("erase-to").addEventListener("change", (event) => (this.tools.eraseTo = Number(event.target.value)));
    byId("shape").addEventListener("change", (event) => this.reshape(event.target.value));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.paint();
    });
    on("stop", () => this.stop());
    on("again", () => this.paint({ seed: seed() }));
    on("vary", () => this.paint(varied(this.options())));
    on("dice", () => (this.form.elements.seed.value = seed()));
    on("delete", () => this.delete());
    byId("publish-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.publish();
    });
    // A phone may end a page that it has put away, without a word.
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    window.addEventListener("pagehide", () => this.keep());
  }

  // -- drawing

  pick(label) {
    this.tools.label = label;
    if (this.tools.tool === "eraser" || this.tools.tool === "pick" || this.tools.tool === "hand") this.use("brush");
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
    const { doodle } = this.view;
    doodle.begin();
    doodle.labels.fill(this.tools.label);
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
    this.view.show(new Doodle(width, height, labels));
    this.changed();
  }

  async import(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const found = await bring(file, this.palette, byId("import-dialog"));
      if (!found) return;
      this.view.show(new Doodle(found.width, found.height, found.labels));
      this.changed();
    } catch {
      this.say("This file is no picture that the browser can read: choose a PNG, JPEG or WebP.");
    }
  }

  changed() {
    this.view.changed();
    this.#told();
    clearTimeout(this.saving);
    document.documentElement.dataset.kept = "no";
    this.saving = setTimeout(() => this.keep(), SAVE_AFTER);
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.#preview(), PREVIEW_AFTER);
  }

  async keep() {
    clearTimeout(this.saving);
    await save(this.style.key, this.view.doodle);
    document.documentElement.dataset.kept = "yes";
  }

  #told() {
    const { doodle } = this.view;
    this.legend.shares(doodle.shares(this.palette.length));
    byId("undo").disabled = doodle.done.length === 0;
    byId("redo").disabled = doodle.undone.length === 0;
  }

  png() {
    return toPng(this.view.doodle, this.palette);
  }

  /** The colours at once; a painting on its way or already there is worth more. */
  async #preview() {
    if (this.running) return;
    const mine = (this.lookedAt += 1);
    const form = new FormData();
    form.set("style", this.style.key);
    form.set("doodle", await this.png(), "doodle.png");
    try {
      const blob = await (await send("POST", "/api/v1/preview", form)).blob();
      if (mine === this.lookedAt && !this.running) {
        this.result.preview(blob);
        this.#offer(null);
      }
    } catch (error) {
      if (error.status === 401) this.say(error.message);
    }
  }

  // -- painting

  options() {
    const { seed: chosen, preset, beta, gamma, size } = Object.fromEntries(new FormData(this.form));
    return { seed: Number(chosen) || 0, preset, beta: Number(beta), gamma: Number(gamma), size: Number(size) };
  }

  fill(options) {
    for (const [name, value] of Object.entries(options)) {
      const field = this.form.elements[name];
      if (field && value !== null) field.value = value;
      field?.dispatchEvent(new Event("input"));
    }
  }

  async paint(changes = {}) {
    if (this.running) return;
    this.fill(changes);
    const options = this.options();
    this.#busy(true);
    this.stopping = false;
    this.result.say("Sending the doodle …", 0);
    try {
      const doodle = await this.png();
      const job = await submit({ style: this.style.key, doodle, options, parent: this.start.parent });
      this.running = job.id;
      if (this.stopping) await cancel(job.id);
      const last = await follow(job.id, (standing) => this.#stand(standing));
      if (last.state === "done") this.#done(last, doodle, options);
      else this.say(words(last));
    } catch (error) {
      this.say(error.message);
    } finally {
      this.#busy(false);
    }
  }

  #stand(job) {
    this.result.live(job.preview);
    this.result.say(words(job), job.progress?.done ?? 0);
  }

  #done(job, doodle, options) {
    const attempt = {
      id: job.id,
      painting: job.painting,
      thumb: `${job.painting}?width=160`,
      doodle: job.doodle,
      alt: `Painting in the style ${this.style.name}, made of the doodle`,
      options,
    };
    this.result.painting(attempt.painting, attempt.alt, doodle);
    const notes = job.notes.length ? ` · ${job.notes.join(" ")}` : "";
    this.say(`${words(job)}, seed ${options.seed}${notes}`);
    this.attempts.add(attempt);
    this.#offer(attempt);
  }

  /** Go back to an attempt: its painting, its choices and, with undo as the way back, its doodle. */
  async open(attempt) {
    this.result.painting(attempt.painting, attempt.alt, attempt.doodle);
    this.say(`Seed ${attempt.options.seed}, ${attempt.options.preset}`);
    this.fill(attempt.options);
    this.#offer(attempt);
  }

  #offer(attempt) {
    this.shown = attempt;
    byId("finished").hidden = attempt === null;
    byId("published").hidden = true;
    byId("publish").hidden = attempt === null;
    if (attempt) byId("download").href = `${attempt.painting}?download=1`;
  }

  async stop() {
    byId("stop").disabled = true;
    this.stopping = true; // the doodle may still be on its way
    try {
      if (this.running) await cancel(this.running);
    } catch (error) {
      this.say(error.message);
    }
  }

  async publish() {
    const attempt = this.shown;
    const said = Object.fromEntries(new FormData(byId("publish-form")));
    try {
      const work = await ask("POST", `/api/v1/jobs/${attempt.id}/publish`, {
        title: said.title,
        author: said.author ?? "",
        nsfw: said.nsfw === "on",
        challenge: said.challenge ? Number(said.challenge) : null,
      });
      byId("publish").open = false;
      byId("publish").hidden = true;
      byId("published").hidden = false;
      byId("published").querySelector("a").href = work.page;
    } catch (error) {
      this.say(error.message);
    }
  }

  async delete() {
    const attempt = this.shown;
    if (!attempt || !window.confirm("Delete this painting for good?")) return;
    try {
      await ask("DELETE", `/api/v1/jobs/${attempt.id}`);
      this.attempts.remove(attempt.id);
      this.#offer(null);
      this.say("Deleted.");
      this.#preview();
    } catch (error) {
      this.say(error.message);
    }
  }

  #busy(busy) {
    if (!busy) this.running = null;
    this.form.dataset.busy = busy;
    byId("paint").hidden = busy;
    byId("stop").hidden = !busy;
    byId("stop").disabled = false;
    byId("again").disabled = byId("vary").disabled = busy;
    if (busy) byId("finished").hidden = true;
  }

  say(text) {
    this.result.say(text);
  }
}

const seed = () => Math.floor(Math.random() * 10000);

/** The same doodle, otherwise: another seed, and style and semantics pulled up or down. */
function varied({ beta, gamma }) {
  const factor = () => [0.5, 0.7, 1.4, 2][Math.floor(Math.random() * 4)];
  const within = (value, low, high) => Math.round(Math.min(high, Math.max(low, value)));
  return { seed: seed(), beta: within(beta * factor(), 25, 250), gamma: within(gamma * factor(), 0, 200) };
}

const root = byId("studio");
if (root) new Studio(root).begin();
