// A style of one's own: a picture, and its map brought along or suggested by a worker, put right by clicking.

import { ask, send } from "../api.js";
import { cancel, follow, submit, words } from "../job.js";
import { rgb, toPng } from "../studio/sheet.js";
import * as names from "./names.js";
import { overlay, pixels } from "./picture.js";
import { labelsOf, merge, MOST, newColour, shares, split } from "./regions.js";
import { check, legendOf, tell } from "./report.js";

const LONGEST = 768; // px of the map that is made here
const CHECK_AFTER = 400; // ms without a change
const byId = (id) => document.getElementById(id);

class Bring {
  constructor(form) {
    this.form = form;
    this.picture = null; // { width, height, rgba, image }
    this.map = null; // { labels, colours, names }
    this.chosen = new Set();
    this.before = [];
    this.job = null;
    const on = (id, kind, act) => byId(id).addEventListener(kind, (event) => this.#told(() => act(event)));
    const { picture, map } = form.elements;
    on("picture", "change", () => this.take(picture.files[0]));
    on("map-file", "change", () => this.takeMap(map.files[0]));
    on("suggest", "click", () => this.suggest());
    on("stop", "click", () => cancel(this.job));
    on("merge", "click", () => this.merge());
    on("cut", "click", () => this.split());
    on("back", "click", () => this.back());
    on("over", "input", () => this.draw());
    on("map", "click", (event) => this.click(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#told(() => this.keep());
    });
    document.documentElement.dataset.ready = "bring";
  }

  get file() {
    return this.form.elements.picture.files[0];
  }

  /** A new picture: its map is the one brought along, else one is suggested at once. */
  async take(file) {
    if (!file) return;
    try {
      this.picture = await pixels(file, LONGEST);
    } catch {
      throw new Error("This file is no picture that the browser can read: choose a PNG, JPEG or WebP.");
    }
    byId("suggest").disabled = false;
    const { name, map } = this.form.elements;
    if (!name.value) name.value = file.name.replace(/\.\w+$/, "").slice(0, 80);
    this.map = null;
    this.before = [];
    this.show();
    await (map.files[0] ? this.takeMap(map.files[0]) : this.suggest());
  }

  /** A map from a file, as the service understands it: soft edges and noise are gone. */
  async takeMap(file) {
    if (!file || !this.picture) return;
    this.say("Reading the map …");
    const report = await check(file, this.file);
    tell(byId("findings"), report);
    if (!report.ok) throw new Error(report.problems[0].text);
    const form = new FormData();
    form.set("map", file);
    form.set("style", this.file);
    const understood = await (await send("POST", "/api/v1/maps/check?picture=map", form)).blob();
    await this.#hold(understood, report.legend);
    this.say(`The map has ${report.legend.length} labels. Name them below.`);
  }

  /** A map made by a worker: the queue's own way, with a place in it, and a way out. */
  async suggest() {
    if (this.job) return;
    const form = new FormData();
    form.set("picture", this.file);
    if (byId("count").value) form.set("labels", byId("count").value);
    this.say("Sending the picture …");
    this.#busy(true);
    try {
      const job = await submit("/api/v1/maps/suggest", form);
      this.job = job.id;
      const last = await follow(job.id, (standing) => this.say(words(standing)));
      if (last.state !== "done") return;
      const found = await ask("GET", last.map);
      await this.#hold(await (await send("GET", found.map)).blob(), found.labels);
      this.say("This is a suggestion, made by looking alone. Name its labels; merge and split what is wrong.");
    } finally {
      this.#busy(false);
    }
  }

  /** Take a map's picture and legend [{ name, colour }] in hand. */
  async #hold(blob, legend) {
    const { width, height } = this.picture;
    const colours = legend.map(({ colour }) => rgb(colour));
    const { rgba } = await pixels(blob, LONGEST, { width, height });
    this.set({ labels: labelsOf(rgba, colours), colours, names: legend.map(({ name }) => name) });
    byId("regions").scrollIntoView({ block: "start" });
  }

  set(map) {
    if (this.map) this.before.push(this.map);
    this.map = map;
    this.chosen.clear();
    this.show();
    this.#checkSoon();
  }

  back() {
    this.map = this.before.pop() ?? this.map;
    this.chosen.clear();
    this.show();
    this.#checkSoon();
  }

  merge() {
    const { labels, colours, names: called } = this.map;
    const { labels: merged, kept } = merge(labels, [...this.chosen], called.length);
    this.set({ labels: merged, colours: kept.map((one) => colours[one]), names: kept.map((one) => called[one]) });
  }

  split() {
    const [label] = this.chosen;
    const { labels, colours, names: called } = this.map;
    const cut = called.length < MOST ? split(labels, label, called.length, this.picture) : null;
    if (!cut) {
      this.say("This region is all of one piece and one colour: there is nothing to split it by.");
      return;
    }
    this.set({ labels: cut, colours: [...colours, newColour(colours)], names: [...called, this.#unlike(called, called[label])] });
  }

  /** A name like this one that no label has. */
  #unlike(called, name) {
    let number = 2;
    while (called.includes(`${name} ${number}`)) number += 1;
    return `${name} ${number}`.slice(-40);
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
    names.show(byId("names"), this.map, shares(this.map.labels, this.map.names.length), this.chosen, {
      onChoose: (label) => this.choose(label),
      onName: (label, name) => {
        this.map.names[label] = name;
        names.refuse(byId("names"), this.map.names, label);
        this.#checkSoon();
      },
    });
    byId("merge").disabled = this.chosen.size < 2;
    byId("cut").disabled = this.chosen.size !== 1;
    byId("back").disabled = this.before.length === 0;
    this.draw();
  }

  draw() {
    if (this.map) overlay(byId("map"), this.picture, this.map, this.chosen, byId("over").value / 100);
  }

  png() {
    const { width, height } = this.picture;
    return toPng({ width, height, labels: this.map.labels }, this.map.colours);
  }

  #checkSoon() {
    clearTimeout(this.checking);
    this.checking = setTimeout(async () => {
      try {
        tell(byId("findings"), await check(await this.png(), null, this.map));
      } catch {
        // it is checked again when the style is kept
      }
    }, CHECK_AFTER);
  }

  async keep() {
    const form = new FormData();
    form.set("picture", this.file);
    form.set("map", await this.png(), "map.png");
    form.set("name", this.form.elements.name.value);
    form.set("artist", this.form.elements.artist.value);
    form.set("labels", legendOf(this.map));
    byId("keep").disabled = true;
    try {
      const style = await ask("POST", "/api/v1/styles", form);
      window.location.assign(style.studio);
    } finally {
      byId("keep").disabled = false;
    }
  }

  #busy(busy) {
    if (!busy) this.job = null;
    byId("suggest").disabled = busy;
    byId("stop").hidden = !busy;
    byId("working").hidden = !busy;
  }

  say(text) {
    byId("report").textContent = text;
    byId("trouble").textContent = "";
  }

  async #told(act) {
    try {
      await act();
    } catch (error) {
      this.say(error.message);
      byId("trouble").textContent = error.message; // beside the button that was pressed, far below
    }
  }
}

new Bring(byId("bring"));
