// A doodle from a file: snapped to the style's colours, the differences shown before anything is replaced.

import { snap } from "./raster.js";

const LONGEST = 1024; // px; more is scaled down, by nearest pixel so that no colour is invented

/** Ask the person about this file in `dialog`; gives { width, height, labels }, or null when they would rather not. */
export async function bring(file, palette, dialog) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const width = Math.max(32, Math.round(image.width * scale));
  const height = Math.max(32, Math.round(image.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height).data;
  const { labels, moved, count } = snap(pixels, palette);
  if (count === 0) return { width, height, labels };
  show(dialog.querySelector("canvas"), width, height, labels, moved, palette);
  const percent = (count / labels.length) * 100;
  dialog.querySelector(".found").textContent =
    `${percent < 0.1 ? "Under 0.1" : percent.toFixed(1)} % of the pixels had no colour of this style and take the ` +
    "nearest one. They are shown bright; the rest is dimmed.";
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "use" ? { width, height, labels } : null;
}

function show(canvas, width, height, labels, moved, palette) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  labels.forEach((label, index) => {
    const strength = moved[index] ? 1 : 0.3;
    palette[label].forEach((value, channel) => {
      image.data[index * 4 + channel] = value * strength + 128 * (1 - strength);
    });
    image.data[index * 4 + 3] = 255;
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}
