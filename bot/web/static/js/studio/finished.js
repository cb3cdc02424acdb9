// What one may do with a finished painting: take it along, hang it, delete it.

import { ask } from "../api.js";

const byId = (id) => document.getElementById(id);

export class Finished {
  /** `say` tells a sentence; `onDelete` hears the attempt that is gone. */
  constructor({ say, onDelete }) {
    this.say = say;
    this.onDelete = onDelete;
    this.attempt = null;
    byId("delete").addEventListener("click", () => this.delete());
    byId("publish").addEventListener("click", () => this.#open(byId("publish-form").hidden));
    byId("publish-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.publish();
    });
  }

  /** Offer this attempt's painting; null: there is none. */
  offer(attempt) {
    this.attempt = attempt;
    byId("finished").hidden = attempt === null;
    byId("published").hidden = true;
    this.#hung(false);
    this.#open(false);
    if (attempt) byId("download").href = `${attempt.painting}?download=1`;
  }

  async publish() {
    const said = Object.fromEntries(new FormData(byId("publish-form")));
    try {
      const work = await ask("POST", `/api/v1/jobs/${this.attempt.id}/publish`, {
        title: said.title,
        author: said.author ?? "",
        nsfw: said.nsfw === "on",
        challenge: said.challenge ? Number(said.challenge) : null,
      });
      this.#hung(true);
      this.#open(false);
      byId("published").hidden = false;
      const link = byId("published").querySelector("a");
      link.href = work.page;
      link.focus({ preventScroll: true }); // the form that had the focus is gone
    } catch (error) {
      this.say(error.message);
    }
  }

  /** What is in the gallery is not hung again; the button keeps its place, so that no other one comes under the finger. */
  #hung(hangs) {
    byId("publish").disabled = hangs;
    byId("publish").textContent = hangs ? "Published" : "Publish";
  }

  /** Show the form, or put it away. */
  #open(open) {
    byId("publish").setAttribute("aria-expanded", open);
    byId("publish-form").hidden = !open;
    if (open) byId("publish-form").scrollIntoView({ block: "nearest" });
  }

  async delete() {
    const { attempt } = this;
    if (!attempt || !window.confirm("Delete this painting for good? If it hangs in the gallery, it goes from there, too.")) return;
    try {
      await ask("DELETE", `/api/v1/jobs/${attempt.id}`);
      this.offer(null);
      this.onDelete(attempt);
    } catch (error) {
      this.say(error.message);
    }
  }
}
