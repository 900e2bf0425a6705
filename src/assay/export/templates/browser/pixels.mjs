// An image to the form that the network takes. Size and channels are changed as Assay does it: a centred box,
// bilinear with antialiasing (the triangle filter of Pillow, in its fixed-point numbers), luma of ITU-R 601.

const BITS = 22; // of the weights' fraction

/** The pixels of an image file: Uint8Array (channels * height * width) by `format`, which schema.json holds. */
export async function pixelsOf(file, format) {
  const { data, width, height } = await decodedPixels(file, format.max_pixels);
  const planes = format.channels === 1 ? [luma(data)] : [0, 1, 2].map((channel) => plane(data, channel));
  const size = format.height * format.width;
  const pixels = new Uint8Array(format.channels * size);
  planes.forEach((values, channel) => pixels.set(fitted(values, height, width, format), channel * size));
  return pixels;
}

/** Decoded by the browser: upright by EXIF, transparency over white. */
async function decodedPixels(file, most) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", imageOrientation: "from-image" });
  } catch {
    throw new Error(`${file.name}: the browser cannot decode it as an image`);
  }
  const { width, height } = bitmap;
  if (width * height > most) {
    throw new Error(`${file.name}: ${width} x ${height} pixels are more than the ${most} that are allowed`);
  }
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

function plane(data, channel) {
  return Uint8Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel + channel]);
}

/** Grey of red, green and blue, in 16-bit fixed point. */
export function luma(data) {
  return Uint8Array.from({ length: data.length / 4 }, (_, pixel) => {
    const at = 4 * pixel;
    return (19595 * data[at] + 38470 * data[at + 1] + 7471 * data[at + 2] + 0x8000) >> 16;
  });
}

/** One channel, (height * width), at the size of `format`. */
export function fitted(values, height, width, format) {
  const { height: H, width: W, fit } = format;
  if (height === H && width === W) return values;
  if (fit === "crop") {
    const [boxHeight, boxWidth] = box(height, width, H, W);
    const top = Math.floor((height - boxHeight) / 2);
    const left = Math.floor((width - boxWidth) / 2);
    return scaled(cut(values, width, top, left, boxHeight, boxWidth), boxHeight, boxWidth, H, W);
  }
  if (fit !== "pad") return scaled(values, height, width, H, W);
  const [innerHeight, innerWidth] = box(H, W, height, width);
  const inner = scaled(values, height, width, innerHeight, innerWidth);
  const top = Math.floor((H - innerHeight) / 2);
  const left = Math.floor((W - innerWidth) / 2);
  const padded = new Uint8Array(H * W);
  for (let y = 0; y < innerHeight; y++) {
    padded.set(inner.subarray(y * innerWidth, (y + 1) * innerWidth), (top + y) * W + left);
  }
  return padded;
}

/** The largest box inside of the outer one with the proportions of height and width; never empty. */
function box(outerHeight, outerWidth, height, width) {
  if (outerHeight * width <= outerWidth * height) {
    return [outerHeight, clamp(rounded((outerHeight * width) / height), 1, outerWidth)];
  }
  return [clamp(rounded((outerWidth * height) / width), 1, outerHeight), outerWidth];
}

/** The nearest whole number, of two the even one. */
function rounded(value) {
  const floor = Math.floor(value);
  const isHalf = value - floor === 0.5;
  return isHalf ? floor + (floor % 2) : Math.round(value);
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

function cut(values, width, top, left, boxHeight, boxWidth) {
  const result = new Uint8Array(boxHeight * boxWidth);
  for (let y = 0; y < boxHeight; y++) {
    const start = (top + y) * width + left;
    result.set(values.subarray(start, start + boxWidth), y * boxWidth);
  }
  return result;
}

/** Rows first, then columns, each rounded to whole steps. */
function scaled(values, height, width, newHeight, newWidth) {
  const wide = newWidth === width ? values : alongRows(values, height, width, newWidth);
  if (newHeight === height) return wide;
  return turned(alongRows(turned(wide, height, newWidth), newWidth, height, newHeight), newWidth, newHeight);
}

function turned(values, height, width) {
  const result = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) result[x * height + y] = values[y * width + x];
  return result;
}

function alongRows(values, height, width, newWidth) {
  const windows = windowsOf(width, newWidth);
  const result = new Uint8Array(height * newWidth);
  for (let y = 0; y < height; y++) {
    windows.forEach(({ first, weights }, x) => {
      let sum = 2 ** (BITS - 1);
      for (let place = 0; place < weights.length; place++) sum += values[y * width + first + place] * weights[place];
      result[y * newWidth + x] = clamp(Math.floor(sum / 2 ** BITS), 0, 255);
    });
  }
  return result;
}

/** For each new pixel the old ones that it is made of, and their weights. */
function windowsOf(width, newWidth) {
  const scale = width / newWidth;
  const reach = Math.max(scale, 1);
  return Array.from({ length: newWidth }, (_, x) => {
    const centre = (x + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - reach + 0.5), 0);
    const end = Math.min(Math.trunc(centre + reach + 0.5), width);
    const heights = Array.from({ length: end - first }, (_, place) =>
      Math.max(1 - Math.abs((first + place - centre + 0.5) / reach), 0),
    );
    const total = heights.reduce((sum, value) => sum + value, 0);
    return { first, weights: heights.map((value) => Math.round((value / total) * 2 ** BITS)) };
  });
}
