// A map being made: labels over a picture; merged, split and suggested here in the browser.

export const MOST = 32; // labels
const ROUNDS = 12;
const SMALL = 0.002; // share of the map below which a part is left with the largest one

/** `count` colours [r, g, b] that differ as much as colours can: golden steps of the hue, two brightnesses. */
export function palette(count) {
  return Array.from({ length: count }, (_, index) => {
    const hue = (index * 137.508 + 210) % 360;
    return fromHsl(hue, 0.55 + 0.2 * (index % 2), [0.62, 0.38, 0.78, 0.25][Math.floor(index / 3) % 4]);
  });
}

/** The flat colours of a map: { labels, colours }, or null when it has none (a photo). Soft edges go to the nearest. */
export function readMap({ width, height, rgba }) {
  const counts = new Map();
  for (let at = 0; at < rgba.length; at += 4) {
    const code = (rgba[at] << 16) | (rgba[at + 1] << 8) | rgba[at + 2];
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const found = [];
  for (const [code, count] of [...counts].sort((one, other) => other[1] - one[1])) {
    if (count < width * height * SMALL || found.length > MOST) break;
    const colour = [code >> 16, (code >> 8) & 255, code & 255];
    if (found.every((other) => distance(colour, other) > 40 ** 2)) found.push(colour);
  }
  const covered = [...counts.values()].filter((count) => count >= width * height * SMALL).reduce((a, b) => a + b, 0);
  if (found.length < 1 || found.length > MOST || covered < width * height * 0.6) return null;
  return { labels: nearestOf(rgba, found), colours: found };
}

/** A suggestion by colour and place alone: k-means, smoothed; the same picture gives the same one. */
export function byColour({ width, height, rgba }, count) {
  const points = [];
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 6000)));
  const feature = (x, y) => {
    const at = (y * width + x) * 4;
    return [rgba[at], rgba[at + 1], rgba[at + 2], (x / width) * 60, (y / height) * 120];
  };
  for (let y = 0; y < height; y += step) for (let x = 0; x < width; x += step) points.push(feature(x, y));
  const centres = kmeans(points, count);
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) labels[y * width + x] = nearest(feature(x, y), centres);
  }
  return smooth(smooth(labels, width, height, count, 4), width, height, count, 4);
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
  const centres = kmeans(sample, 2);
  if (distance(centres[0], centres[1]) < 12 ** 2) return null;
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

function kmeans(points, count) {
  // The first centre is the mean's nearest; each next one lies furthest from those before: no chance in it.
  const mean = points[0].map((_, axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  let centres = [points[nearest(mean, points)]];
  while (centres.length < count) {
    let far = points[0];
    let most = -1;
    for (const point of points) {
      const away = Math.min(...centres.map((centre) => distance(point, centre)));
      if (away > most) [far, most] = [point, away];
    }
    centres.push(far);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = centres.map((centre) => ({ count: 0, sum: centre.map(() => 0) }));
    for (const point of points) {
      const group = sums[nearest(point, centres)];
      group.count += 1;
      point.forEach((value, axis) => (group.sum[axis] += value));
    }
    centres = sums.map(({ count: many, sum }, index) => (many ? sum.map((value) => value / many) : centres[index]));
  }
  return centres;
}

function smooth(labels, width, height, count, reach) {
  const across = vote(labels, width, height, count, reach, 1, width);
  return vote(across, height, width, count, reach, width, 1);
}

/** The most frequent label within `reach` along one axis, for each pixel. */
function vote(labels, length, lines, count, reach, step, stride) {
  const out = new Uint8Array(labels.length);
  const votes = new Int32Array(count);
  for (let line = 0; line < lines; line += 1) {
    votes.fill(0);
    const at = (index) => labels[line * stride + index * step];
    for (let index = 0; index < Math.min(reach, length); index += 1) votes[at(index)] += 1;
    for (let index = 0; index < length; index += 1) {
      if (index + reach < length) votes[at(index + reach)] += 1;
      if (index - reach - 1 >= 0) votes[at(index - reach - 1)] -= 1;
      let best = at(index);
      for (let label = 0; label < count; label += 1) if (votes[label] > votes[best]) best = label;
      out[line * stride + index * step] = best;
    }
  }
  return out;
}

function nearestOf(rgba, colours) {
  const labels = new Uint8Array(rgba.length / 4);
  for (let index = 0; index < labels.length; index += 1) {
    labels[index] = nearest([rgba[index * 4], rgba[index * 4 + 1], rgba[index * 4 + 2]], colours);
  }
  return labels;
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

function fromHsl(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((shift) => {
    const place = (shift + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
  });
}
