// Pictures from files and addresses, as pixels of a bearable size.

/** The pixels of a file, `longest` px at most, or of a given size by nearest pixel: { width, height, image, rgba }. */
export async function pixels(file, longest, size = null) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const width = size?.width ?? Math.round(image.width * scale);
  const height = size?.height ?? Math.round(image.height * scale);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = size === null;
  context.drawImage(image, 0, 0, width, height);
  return { width, height, image, rgba: context.getImageData(0, 0, width, height).data };
}

/** Draw a map over its picture on `canvas`, `strength` 0 to 1; labels that are not `chosen` step back. */
export function overlay(canvas, { width, height, image }, { labels, colours }, chosen, strength) {
  canvas.width = width;
  canvas.height = height;
  const sheet = new ImageData(width, height);
  labels.forEach((label, index) => {
    const seen = chosen.size && !chosen.has(label) ? strength * 0.3 : strength;
    sheet.data.set([...colours[label], seen * 255], index * 4);
  });
  const over = new OffscreenCanvas(width, height);
  over.getContext("2d").putImageData(sheet, 0, 0);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, width, height);
  context.drawImage(over, 0, 0);
}
