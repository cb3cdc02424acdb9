// Doodles to files and back.

/** PNG of a doodle in its palette [[r, g, b], ...]. */
export async function toPng({ width, height, labels }, palette) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const inks = new Uint32Array(new Uint8Array(palette.flatMap(([r, g, b]) => [r, g, b, 255])).buffer);
  for (let index = 0; index < pixels.length; index += 1) pixels[index] = inks[labels[index]];
  canvas.getContext("2d").putImageData(image, 0, 0);
  // Not toBlob: Chromium lets it wait for an idle moment, up to a second, and the colours should come at once.
  const [, text] = canvas.toDataURL("image/png").split(",");
  if (!text) throw new Error("No PNG could be made.");
  return new Blob([Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))], { type: "image/png" });
}

/** The pixels of a picture of ours: { width, height, rgba }. */
export async function fromUrl(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The picture can't be loaded (${answer.status}).`);
  const image = await createImageBitmap(await answer.blob());
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return { width: image.width, height: image.height, rgba: context.getImageData(0, 0, image.width, image.height).data };
}

/** Offer a file to the person. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** "#rrggbb" to [r, g, b]. */
export const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
