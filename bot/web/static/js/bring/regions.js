// Regions of a map in hand: read from its picture, merged and split here in the browser.

export const MOST = 32; // labels
const ROUNDS = 12;
const SMALL = 0.002; // share of the map below which a part is left with the largest one
const APART = 60; // RGB distance that a new colour keeps from all others, where there is room
const ALIKE = 12; // RGB distance below which two halves of a region are not worth two labels

/** The label of each pixel: the one of `colours` [[r, g, b], ...] that is nearest. */
export function labelsOf(rgba, colours) {
  const labels = new Uint8Array(rgba.length / 4);
  const known = new Map();
  for (let index = 0; index < labels.length; index += 1) {
    const at = index * 4;
    const code = (rgba[at] << 16) | (rgba[at + 1] << 8) | rgba[at + 2];
    if (!known.has(code)) known.set(code, nearest([rgba[at], rgba[at + 1], rgba[at + 2]], colours));
    labels[index] = known.get(code);
  }
  return labels;
}

/** Cut one label in two: its separate parts where there are some, else by what the picture shows there. Null if neither. */
export function split(labels, label, next, { width, height, rgba }) {
  const parts = components(labels, label, width, height);
  const cut = labels.slice();
  const large = parts.filter((part) => part.length >= labels.length * SMALL);
  if (large.length > 1) {
    for (const index of large.sort((one, other) => other.length - one.length)[1]) cut[index] = next;
    return cut;
  }
  const mine = [];
  labels.forEach((one, index) => one === label && mine.push(index));
  const colour = (index) => [rgba[index * 4], rgba[index * 4 + 1], rgba[index * 4 + 2]];
  const step = Math.max(1, Math.floor(mine.length / 4000));
  const sample = mine.filter((_, index) => index % step === 0).map(colour);
  if (sample.length < 8) return null;
  const centres = twoMeans(sample);
  if (distance(centres[0], centres[1]) < ALIKE ** 2) return null;
  for (const index of mine) if (nearest(colour(index), centres) === 1) cut[index] = next;
  return cut;
}

/** All labels of `chosen` become the first of them; numbers stay without gaps. Gives the labels and which stay. */
export function merge(labels, chosen, count) {
  const [into, ...gone] = chosen;
  const kept = Array.from({ length: count }, (_, label) => label).filter((label) => !gone.includes(label));
  const place = Array.from({ length: count }, (_, label) => kept.indexOf(gone.includes(label) ? into : label));
  return { labels: labels.map((label) => place[label]), kept };
}

/** A colour that people tell from all of `colours`; where none is left, the one furthest from them. */
export function newColour(colours) {
  const steps = [0, 51, 102, 153, 204, 255];
  let best = [255, 0, 255];
  let most = -1;
  for (const r of steps) {
    for (const g of steps) {
      for (const b of steps) {
        const away = Math.min(...colours.map((one) => distance(one, [r, g, b])));
        if (away >= APART ** 2 && most >= APART ** 2) continue; // the first that will do
        if (away > most) [best, most] = [[r, g, b], away];
      }
    }
  }
  return best;
}

/** Share of each of `count` labels, 0 to 1. */
export function shares(labels, count) {
  const found = new Array(count).fill(0);
  for (const label of labels) found[label] += 1;
  return found.map((pixels) => pixels / labels.length);
}

function components(labels, label, width, height) {
  const seen = new Uint8Array(labels.length);
  const parts = [];
  for (let start = 0; start < labels.length; start += 1) {
    if (labels[start] !== label || seen[start]) continue;
    const part = [];
    const waiting = [start];
    seen[start] = 1;
    while (waiting.length) {
      const index = waiting.pop();
      part.push(index);
      const x = index % width;
      const y = Math.floor(index / width);
      for (const [nx, ny] of [[x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]]) {
        const other = ny * width + nx;
        if (nx < 0 || ny < 0 || nx >= width || ny >= height || seen[other] || labels[other] !== label) continue;
        seen[other] = 1;
        waiting.push(other);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** Two centres: they begin at the mean's nearest point and the point furthest from it, so there is no chance in it. */
function twoMeans(points) {
  const mean = points[0].map((_, axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const first = points[nearest(mean, points)];
  const far = points.reduce((best, point) => (distance(point, first) > distance(best, first) ? point : best));
  let centres = [first, far];
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = centres.map((centre) => ({ count: 0, sum: centre.map(() => 0) }));
    for (const point of points) {
      const group = sums[nearest(point, centres)];
      group.count += 1;
      point.forEach((value, axis) => (group.sum[axis] += value));
    }
    centres = sums.map(({ count, sum }, index) => (count ? sum.map((value) => value / count) : centres[index]));
  }
  return centres;
}

function nearest(point, centres) {
  let best = 0;
  for (let index = 1; index < centres.length; index += 1) {
    if (distance(point, centres[index]) < distance(point, centres[best])) best = index;
  }
  return best;
}

function distance(one, other) {
  let sum = 0;
  for (let axis = 0; axis < one.length; axis += 1) sum += (one[axis] - other[axis]) ** 2;
  return sum;
}
