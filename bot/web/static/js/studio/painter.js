// The painting side of the studio: the colours at once, then the queue and its worker, then the painting.

import { send } from "../api.js";
import { cancel, follow, submit, words } from "../job.js";

const PREVIEW_AFTER = 150; // ms without a change
const PREVIEW_EVERY = 500; // ms between two at least: nobody is told to wait, however fast the strokes
const PREVIEW_AGAIN = 2000; // ms after one that was too many
const byId = (id) => document.getElementById(id);

export class Painter {
  /**
   * `board` gives the doodle and says whether we know who draws, `choices` how to paint it, `result` shows it;
   * `onDone` hears an attempt or null, `onStranger` that somebody has to sign in first.
   */
  constructor(style, parent, { board, choices, result, onDone, onStranger }) {
    Object.assign(this, { style, parent, board, choices, result, onDone, onStranger });
    this.running = null; // id of the job
    this.busy = false;
    this.stopping = false;
    this.lookedAt = 0;
    this.lookedWhen = -PREVIEW_EVERY; // ms since the page was opened
    byId("stop").addEventListener("click", () => this.stop());
  }

  /** The colours of the doodle, once nothing has changed for a moment. */
  lookSoon() {
    clearTimeout(this.looking);
    const rest = this.lookedWhen + PREVIEW_EVERY - performance.now();
    this.looking = setTimeout(() => this.look(), Math.max(PREVIEW_AFTER, rest));
  }

  /** What was going to be looked at is out of date. */
  forget() {
    clearTimeout(this.looking);
    this.lookedAt += 1;
  }

  /** The colours at once; a painting on its way is worth more. `text`: what is said with them. */
  async look(text = this.board.known ? undefined : "Colour preview: sign in, and it is painted") {
    if (this.busy) return;
    const mine = (this.lookedAt += 1);
    this.lookedWhen = performance.now();
    const form = new FormData();
    form.set("style", this.style.key);
    form.set("doodle", await this.board.png(), "doodle.png");
    try {
      const blob = await (await send("POST", "/api/v1/preview", form)).blob();
      if (mine !== this.lookedAt || this.busy) return;
      this.result.preview(blob, text);
      this.onDone(null);
    } catch (error) {
      if (error.status === 0) this.result.say(error.message);
      if (error.status === 429 && mine === this.lookedAt) this.looking = setTimeout(() => this.look(text), PREVIEW_AGAIN);
    }
  }

  async paint() {
    if (this.busy) return;
    if (!this.board.known) {
      this.onStranger();
      return;
    }
    const options = this.choices.read();
    this.#busy(true);
    this.stopping = false;
    this.result.begin("Sending the doodle …");
    try {
      const doodle = await this.board.png();
      const job = await submit("/api/v1/jobs", this.#wish(doodle, options));
      this.running = job.id;
      if (this.stopping) await cancel(job.id);
      const last = await follow(job.id, (standing) => this.#stand(standing));
      if (last.state === "done") this.#done(last, doodle, options);
      else this.result.say(words(last));
    } catch (error) {
      this.result.say(error.message);
      if (error.status === 401) this.onStranger(); // signed out meanwhile
    } finally {
      this.#busy(false);
    }
  }

  async stop() {
    byId("stop").disabled = true;
    this.stopping = true; // the doodle may still be on its way
    try {
      if (this.running) await cancel(this.running);
    } catch (error) {
      this.result.say(error.message);
    }
  }

  #wish(doodle, options) {
    const form = new FormData();
    form.set("style", this.style.key);
    form.set("doodle", doodle, "doodle.png");
    if (this.parent) form.set("parent", this.parent);
    for (const [name, value] of Object.entries(options)) form.set(name, value);
    return form;
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
    this.result.say(`${words(job)}, ${this.choices.told(options)}${notes}`);
    this.onDone(attempt);
  }

  #busy(busy) {
    this.busy = busy;
    if (busy) this.forget();
    if (!busy) this.running = null;
    byId("paint").hidden = busy;
    byId("stop").hidden = !busy;
    byId("stop").disabled = false;
    byId("again").disabled = byId("vary").disabled = busy;
    if (busy) byId("finished").hidden = true;
  }
}
