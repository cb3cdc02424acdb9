// How to paint: the form's fields, read, filled and varied.

/** A seed to go on with. */
export const anySeed = () => Math.floor(Math.random() * 10000);

export class Choices {
  constructor(form) {
    this.form = form;
    document.getElementById("dice").addEventListener("click", () => this.fill({ seed: anySeed() }));
  }

  /** { seed, preset, beta, gamma, size } as the form says. */
  read() {
    const { seed, preset, beta, gamma, size } = Object.fromEntries(new FormData(this.form));
    return { seed: Number(seed) || 0, preset, beta: Number(beta), gamma: Number(gamma), size: Number(size) };
  }

  /** "seed 7", with the weights that are not the usual ones: they count for what is painted next, too. */
  told(choices) {
    const weights = ["beta", "gamma"].filter((name) => String(choices[name]) !== this.form.elements[name].defaultValue);
    return [`seed ${choices.seed}`, ...weights.map((name) => `${name} ${choices[name]}`)].join(", ");
  }

  /** Put these choices into the form; what is not named, or can't be chosen here, stays. */
  fill(choices) {
    for (const [name, value] of Object.entries(choices)) {
      const field = this.form.elements[name];
      const taken = !field?.options || [...field.options].some((option) => option.value === String(value));
      if (field && taken && value !== null) field.value = value;
    }
  }

  /** The same doodle, otherwise: another seed, and style and semantics pulled up or down. */
  vary() {
    const { beta, gamma } = this.read();
    const factor = () => [0.5, 0.7, 1.4, 2][Math.floor(Math.random() * 4)];
    const within = (value, low, high) => Math.round(Math.min(high, Math.max(low, value)));
    this.fill({ seed: anySeed(), beta: within(beta * factor(), 25, 250), gamma: within(gamma * factor(), 0, 200) });
  }
}
