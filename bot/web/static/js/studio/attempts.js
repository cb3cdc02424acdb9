// The attempts of this sitting: thumbnails to go back to. Kept while the tab is open, by id only.

const KEY = "twobit attempts";

/** `list`: where the thumbnails go; `onOpen` hears the attempt chosen. */
export class Attempts {
  constructor(list, style, onOpen) {
    this.list = list;
    this.style = style;
    this.onOpen = onOpen;
    try {
      this.all = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    } catch {
      this.all = [];
    }
    this.#show();
  }

  /** { id, thumb, painting, doodle, options, alt } */
  add(attempt) {
    this.all = [{ ...attempt, style: this.style }, ...this.all.filter((one) => one.id !== attempt.id)].slice(0, 40);
    this.#keep();
    this.#show(attempt.id);
  }

  remove(id) {
    this.all = this.all.filter((one) => one.id !== id);
    this.#keep();
    this.#show();
  }

  #keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.all));
    } catch {
      // full or forbidden: the pictures are on the server all the same
    }
  }

  #show(current = null) {
    const mine = this.all.filter((one) => one.style === this.style);
    this.list.hidden = mine.length === 0;
    this.list.replaceChildren(
      ...mine.map((attempt, index) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.setAttribute("aria-current", attempt.id === current);
        const image = document.createElement("img");
        image.src = attempt.thumb;
        image.alt = `Attempt ${mine.length - index}, seed ${attempt.options.seed}`;
        button.append(image);
        button.addEventListener("click", () => {
          this.#show(attempt.id);
          this.onOpen(attempt);
        });
        item.append(button);
        return item;
      }),
    );
  }
}
