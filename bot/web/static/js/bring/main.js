// A style of one's own: picture and map, or a suggested map put right by clicking.

import { ask } from "../api.js";
import { toPng } from "../studio/sheet.js";
import { byColour, merge, MOST, palette, readMap, split } from "./regions.js";

const LONGEST = 768; // px of the map that is made here
const byId = (id) => document.getElementById(id);

class Bring {
  constructor(form) {
    this.form = form;
    this.picture = null; // { width, height, rgba, image }
    this.map = null; // { labels, colours, names }
    this.chosen = new Set();
    this.before = [];
    const { picture, map } = form.elements;
    picture.addEventListener("change", () => this.#told(() => this.take(picture.files[0])));
    map.addEventListener("change", () => this.#told(() => this.takeMap(map.files[0])));
    byId("suggest").addEventListener("click", () => this.#told(() => this.suggest()));
    byId("merge").addEventListener("click", () => this.merge());
    byId("cut").addEventListener("click", () => this.split());
    byId("back").addEventListener("click", () => this.back());
    byId("over").addEventListener("input", () => this.draw());
    byId("map").addEventListener("click", (event) => this.click(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#told(() => this.keep());
    });
    document.documentElement.dataset.ready = "bring";
  }

  async take(file) {
    if (!file) return;
    this.picture = await pixels(file, LONGEST);
    byId("suggest").disabled = false;
    if (!this.form.elements.name.value) this.form.elements.name.value = file.name.replace(/\.\w+$/, "").slice(0, 80);
    if (this.form.elements.map.files[0]) await this.takeMap(this.form.elements.map.files[0]);
    else this.map = null;
    this.show();
  }

  async takeMap(file) {
    if (!file || !this.picture) return;
    const { width, height } = this.picture;
    const found = readMap(await pixels(file, LONGEST, { width, height }));
    if (!found) throw new Error("This is no map of flat colours: choose another, or have one suggested.");
    this.set({ ...found, names: found.colours.map((_, index) => `label ${index + 1}`) });
    this.say(`The map has ${found.colours.length} colours. Name them below.`);
  }

  suggest() {
    const count = Math.max(2, Math.min(12, Number(byId("count").value) || 6));
    const labels = byColour(this.picture, count);
    const colours = palette(count);
    this.set({ labels, colours, names: colours.map((_, index) => `label ${index + 1}`) });
    this.say("Suggested by colour and place. Name the labels; merge and split what is wrong.");
  }

  set(map) {
    if (this.map) this.before.push(this.map);
    this.map = map;
    this.chosen.clear();
    this.show();
  }

  back() {
    this.map = this.before.pop() ?? this.map;
    this.chosen.clear();
    this.show();
  }

  merge() {
    const { labels, colours, names } = this.map;
    const { labels: merged, kept } = merge(labels, [...this.chosen], names.length);
    this.set({ labels: merged, colours: kept.map((one) => colours[one]), names: kept.map((one) => names[one]) });
  }

  split() {
    const [label] = this.chosen;
    const { labels, colours, names } = this.map;
    const cut = names.length < MOST ? split(labels, label, names.length, this.picture) : null;
    if (!cut) {
      this.say("This region is all of one piece and one colour: there is nothing to split it by.");
      return;
    }
    const fresh = palette(MOST + 8).find((one) => colours.every((other) => Math.hypot(...one.map((v, i) => v - other[i])) > 60));
    this.set({ labels: cut, colours: [...colours, fresh ?? [255, 0, 255]], names: [...names, `${names[label]} 2`] });
  }

  click(event) {
    const box = byId("map").getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * this.picture.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * this.picture.height);
    this.choose(this.map.labels[y * this.picture.width + x]);
  }

  choose(label) {
    if (!this.chosen.delete(label)) this.chosen.add(label);
    this.show();
  }

  show() {
    byId("regions").hidden = !this.map;
    if (!this.map) return;
    const shares = this.map.names.map(() => 0);
    for (const label of this.map.labels) shares[label] += 1 / this.map.labels.length;
    byId("names").replaceChildren(...this.map.names.map((name, label) => this.#row(name, label, shares[label])));
    byId("merge").disabled = this.chosen.size < 2;
    byId("cut").disabled = this.chosen.size !== 1;
    byId("back").disabled = this.before.length === 0;
    this.draw();
  }

  #row(name, label, share) {
    const row = document.createElement("li");
    row.setAttribute("aria-selected", this.chosen.has(label));
    const swatch = document.createElement("button");
    swatch.type = "button";
    swatch.className = "swatch";
    swatch.style.background = `rgb(${this.map.colours[label].join(" ")})`;
    swatch.setAttribute("aria-label", `Choose ${name}`);
    swatch.setAttribute("aria-pressed", this.chosen.has(label));
    swatch.addEventListener("click", () => this.choose(label));
    const field = document.createElement("input");
    field.type = "text";
    field.maxLength = 40;
    field.value = name;
    field.required = true;
    field.setAttribute("aria-label", `Name of label ${label + 1}`);
    field.addEventListener("input", () => (this.map.names[label] = field.value));
    const part = document.createElement("span");
    part.className = "share";
    part.textContent = `${Math.round(share * 100)} %`;
    row.append(swatch, field, part);
    return row;
  }

  draw() {
    if (!this.map) return;
    const { width, height, image } = this.picture;
    const canvas = byId("map");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    const sheet = new ImageData(width, height);
    const alpha = (byId("over").value / 100) * 255;
    this.map.labels.forEach((label, index) => {
      const strength = this.chosen.size && !this.chosen.has(label) ? alpha * 0.35 : alpha;
      sheet.data.set([...this.map.colours[label], strength], index * 4);
    });
    const over = new OffscreenCanvas(width, height);
    over.getContext("2d").putImageData(sheet, 0, 0);
    context.drawImage(image, 0, 0, width, height);
    context.drawImage(over, 0, 0);
  }

  async keep() {
    if (!this.map) throw new Error("The map is missing: bring one, or have one suggested.");
    const { width, height } = this.picture;
    const hex = (colour) => `#${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
    const form = new FormData();
    form.set("picture", this.form.elements.picture.files[0]);
    form.set("map", await toPng({ width, height, labels: this.map.labels }, this.map.colours), "map.png");
    form.set("name", this.form.elements.name.value);
    form.set("artist", this.form.elements.artist.value);
    form.set("labels", JSON.stringify(this.map.names.map((name, label) => ({ name, colour: hex(this.map.colours[label]) }))));
    const style = await ask("POST", "/api/v1/styles", form);
    window.location.assign(style.studio);
  }

  say(text) {
    byId("report").textContent = text;
  }

  async #told(act) {
    try {
      await act();
    } catch (error) {
      this.say(error.message);
    }
  }
}

/** The pixels of a file, `longest` px at most, or of a given size by nearest pixel. */
async function pixels(file, longest, size = null) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const width = size?.width ?? Math.round(image.width * scale);
  const height = size?.height ?? Math.round(image.height * scale);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = size === null;
  context.drawImage(image, 0, 0, width, height);
  return { width, height, image, rgba: context.getImageData(0, 0, width, height).data };
}

new Bring(byId("bring"));
