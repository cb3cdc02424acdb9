// Doodles to files and back.

/** PNG of a doodle in its palette [[r, g, b], ...]. */
export async function toPng({ width, height, labels }, palette) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  labels.forEach((label, index) => image.data.set([...palette[label], 255], index * 4));
  canvas.getContext("2d").putImageData(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("No PNG could be made."))), "image/png");
  });
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
