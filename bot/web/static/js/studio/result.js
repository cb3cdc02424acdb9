// The other half of the studio: colour preview, live preview, painting, and the slider between it and the doodle.

import { uncover } from "../slider.js";

/** `parts`: { pane, image, doodle, slider, caption, bar, peek }; `peek`, the button with the same picture, is for phones. */
export class Result {
  constructor(parts) {
    this.parts = parts;
    this.urls = new Map(); // which <img> holds which object URL
    this.wanted = null; // address of the painter's latest look
    this.fetching = false; // one at a time: on a slow line the next would else come before each
    this.slide = uncover(parts.pane, parts.slider, parts.doodle);
    this.sought = false; // somebody wants to see the picture, and has done nothing else since
    parts.peek.addEventListener("click", () => this.#seek());
    parts.image.addEventListener("load", () => this.sought && this.#seek()); // it may be higher than the one before
    for (const event of ["pointerdown", "wheel", "keydown"]) {
      window.addEventListener(event, () => (this.sought = false), { capture: true, passive: true });
    }
  }

  /** A quick look at the colours, while nothing is painted. */
  preview(blob, text = "Colour preview: the painting follows when you press Paint") {
    this.wanted = null;
    this.#put(this.parts.image, URL.createObjectURL(blob));
    this.#state("colours", text);
  }

  /** A painting is asked for: whoever asked sees what becomes of it, on a small screen too. */
  begin(text) {
    this.say(text, 0);
    this.#seek();
  }

  /** The painter's own look at it. One that is gone, as the next came or the painting is done, leaves what is shown. */
  async live(url) {
    if (!url || url === this.wanted) return;
    this.wanted = url;
    if (this.fetching) return;
    this.fetching = true;
    for (let got = null; this.wanted !== null && got !== this.wanted; ) {
      got = this.wanted;
      const blob = await picture(got);
      if (blob === null || this.wanted === null) continue;
      this.#put(this.parts.image, URL.createObjectURL(blob));
      this.parts.pane.dataset.state = "live";
    }
    this.fetching = false;
  }

  /** The painting, beside the doodle it was made of. */
  painting(url, alt, doodle) {
    this.wanted = null;
    this.#put(this.parts.image, url);
    this.parts.image.alt = alt;
    this.#put(this.parts.doodle, typeof doodle === "string" ? doodle : URL.createObjectURL(doodle));
    this.#state("painting", "");
    this.slide();
  }

  say(text, share = null) {
    this.parts.caption.textContent = text;
    this.parts.bar.hidden = share === null;
    if (share !== null) this.parts.bar.value = share;
  }

  get state() {
    return this.parts.pane.dataset.state;
  }

  #seek() {
    this.sought = true;
    this.parts.pane.scrollIntoView({ block: "nearest" });
  }

  #state(state, text) {
    this.parts.pane.dataset.state = state;
    this.parts.slider.hidden = state !== "painting";
    this.parts.doodle.hidden = state !== "painting";
    if (text) this.say(text);
  }

  #put(image, url) {
    const old = this.urls.get(image);
    image.src = url;
    image.hidden = false;
    if (image === this.parts.image) this.parts.peek.firstElementChild.src = url;
    if (old?.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(old), 1000);
    this.urls.set(image, url);
  }
}

/** What lies there; null when nothing does any more, or the line is broken. */
async function picture(url) {
  try {
    const answer = await fetch(url);
    return answer.status === 200 ? await answer.blob() : null;
  } catch {
    return null;
  }
}
