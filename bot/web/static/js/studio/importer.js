// A doodle from a file: snapped to the style's colours, the differences shown before anything is replaced.

import { send } from "../api.js";
import { snap } from "./raster.js";

const PHOTO = 50; // percent without a colour, from which on it is no doodle
const LONGEST = 1024; // px; more is scaled down, by nearest pixel so that no colour is invented

/**
 * Ask the person about this file in `dialog`; gives { width, height, labels }, or null when they would rather not.
 * `known`: whether the service answers them, which reads soft edges better than the browser does.
 */
export async function bring(file, palette, dialog, known) {
  const image = await createImageBitmap(file);
  const { width, height } = size(image);
  const { labels, moved, count } = snap(pixels(image, width, height), palette);
  if (count === 0) return { width, height, labels };
  const found = (known && (await understood(file, width, height, palette))) || labels;
  show(dialog.querySelector("canvas"), width, height, found, moved, palette);
  const percent = (count / labels.length) * 100;
  dialog.querySelector(".found").textContent =
    `${percent < 0.1 ? "Under 0.1" : percent.toFixed(1)} % of the pixels had no colour of this style and take the ` +
    "nearest one. They are shown bright; the rest is dimmed." +
    (percent >= PHOTO ? " This looks like a photo or a painting; a doodle is drawn in the style's flat colours." : "");
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "use" ? { width, height, labels: found } : null;
}

function size(image) {
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const side = (px) => Math.max(32, Math.round(px * scale));
  return { width: side(image.width), height: side(image.height) };
}

function pixels(image, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

/**
 * The labels as the service reads them: soft edges and what a JPEG leaves beside them go to the label that was meant,
 * not to a third one that happens to lie between. Null where it can make nothing of the file.
 */
async function understood(file, width, height, palette) {
  const form = new FormData();
  form.set("map", file);
  try {
    const clean = await (await send("POST", "/api/v1/maps/check?picture=map", form)).blob();
    return snap(pixels(await createImageBitmap(clean), width, height), palette).labels;
  } catch {
    return null; // a photo, say: then the nearest colours have to do
  }
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
