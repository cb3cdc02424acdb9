// Hard-edged shapes: every pixel gets exactly one label.

/** A disc around (cx, cy): the pixels whose centres lie within. */
export function disc(doodle, cx, cy, radius, label) {
  const [column, row] = [cx - 0.5, cy - 0.5]; // where the centre of a pixel of that number is
  const top = Math.max(0, Math.ceil(row - radius));
  const bottom = Math.min(doodle.height - 1, Math.floor(row + radius));
  for (let y = top; y <= bottom; y += 1) {
    const half = Math.sqrt(Math.max(0, radius * radius - (y - row) ** 2));
    const left = Math.max(0, Math.ceil(column - half));
    const right = Math.min(doodle.width - 1, Math.floor(column + half));
    if (left <= right) doodle.labels.fill(label, y * doodle.width + left, y * doodle.width + right + 1);
  }
}

/** A stroke of round ends from a to b. */
export function stroke(doodle, a, b, radius, label) {
  const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / Math.max(0.5, radius / 3)));
  for (let step = 0; step <= steps; step += 1) {
    const share = step / steps;
    disc(doodle, a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share, radius, label);
  }
}

/** The rectangle with corners a and b. */
export function rectangle(doodle, a, b, label) {
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x)));
  const right = Math.min(doodle.width, Math.floor(Math.max(a.x, b.x)) + 1);
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y)));
  const bottom = Math.min(doodle.height, Math.floor(Math.max(a.y, b.y)) + 1);
  for (let y = top; y < bottom; y += 1) {
    if (left < right) doodle.labels.fill(label, y * doodle.width + left, y * doodle.width + right);
  }
}

/** The inside of a polygon, by the even-odd rule at pixel centres. */
export function polygon(doodle, points, label) {
  for (let y = 0; y < doodle.height; y += 1) {
    const crossings = [];
    for (let index = 0; index < points.length; index += 1) {
      const a = points[index];
      const b = points[(index + 1) % points.length];
      const above = a.y <= y + 0.5;
      if (above !== b.y <= y + 0.5) crossings.push(a.x + ((y + 0.5 - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    crossings.sort((one, other) => one - other);
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      const left = Math.max(0, Math.ceil(crossings[index] - 0.5));
      const right = Math.min(doodle.width, Math.ceil(crossings[index + 1] - 0.5));
      if (left < right) doodle.labels.fill(label, y * doodle.width + left, y * doodle.width + right);
    }
  }
}

/** The region of one label around (x, y), by rows, without recursion. */
export function flood(doodle, x, y, label) {
  const { width, height, labels } = doodle;
  const old = labels[y * width + x];
  if (old === label) return;
  const waiting = [[x, y]];
  while (waiting.length) {
    const [seedX, row] = waiting.pop();
    const base = row * width;
    if (labels[base + seedX] !== old) continue;
    let left = seedX;
    let right = seedX;
    while (left > 0 && labels[base + left - 1] === old) left -= 1;
    while (right < width - 1 && labels[base + right + 1] === old) right += 1;
    labels.fill(label, base + left, base + right + 1);
    for (const next of [row - 1, row + 1]) {
      if (next < 0 || next >= height) continue;
      for (let column = left; column <= right; column += 1) {
        const here = next * width + column;
        if (labels[here] === old && (column === left || labels[here - 1] !== old)) waiting.push([column, next]);
      }
    }
  }
}

/** RGB bytes to the nearest labels of a palette [[r, g, b], ...]; also how many pixels were none of them. */
export function snap(rgba, palette) {
  const labels = new Uint8Array(rgba.length / 4);
  const moved = new Uint8Array(labels.length);
  const known = new Map();
  let count = 0;
  for (let index = 0; index < labels.length; index += 1) {
    const [r, g, b] = overWhite(rgba, index * 4);
    const code = (r << 16) | (g << 8) | b;
    let found = known.get(code);
    if (!found) {
      found = nearest(r, g, b, palette);
      known.set(code, found);
    }
    labels[index] = found.label;
    if (found.distance > 0) {
      moved[index] = 1;
      count += 1;
    }
  }
  return { labels, moved, count };
}

function overWhite(rgba, at) {
  const alpha = rgba[at + 3] / 255;
  return [0, 1, 2].map((channel) => Math.round(rgba[at + channel] * alpha + 255 * (1 - alpha)));
}

function nearest(r, g, b, palette) {
  let best = { label: 0, distance: Infinity };
  palette.forEach(([pr, pg, pb], label) => {
    const distance = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
    if (distance < best.distance) best = { label, distance };
  });
  return best;
}
