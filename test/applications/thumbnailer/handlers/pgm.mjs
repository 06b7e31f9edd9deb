/** Grey images as text: `P2`, width, height, the brightest value, then the pixels row by row. */
export class NotAnImage extends Error {
  name = 'NotAnImage';
}

export function readPgm(text) {
  const [magic, ...numbers] = text.replace(/#.*$/gm, '').trim().split(/\s+/);
  if (magic !== 'P2') throw new NotAnImage(`no PGM image: it begins with ${JSON.stringify(text.slice(0, 12))}`);
  const [width, height, brightest, ...pixels] = numbers.map(Number);
  if (pixels.length !== width * height || pixels.some((pixel) => !(pixel >= 0 && pixel <= brightest)))
    throw new NotAnImage(`a PGM image of ${width} × ${height} has ${pixels.length} pixels, or pixels out of range`);
  return { width, height, brightest, pixels };
}

export const writePgm = ({ width, height, brightest, pixels }) =>
  `P2\n${width} ${height}\n${brightest}\n${Array.from({ length: height }, (_row, y) => pixels.slice(y * width, (y + 1) * width).join(' ')).join('\n')}\n`;

/** Half as wide and half as high: each pixel is the mean of four. An odd last row or column is dropped. */
export function halve({ width, height, brightest, pixels }) {
  const [newWidth, newHeight] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const at = (x, y) => pixels[Math.min(y, height - 1) * width + Math.min(x, width - 1)];
  const mean = (x, y) => Math.round((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4);
  return {
    width: newWidth,
    height: newHeight,
    brightest,
    pixels: Array.from({ length: newWidth * newHeight }, (_pixel, n) => mean((n % newWidth) * 2, Math.floor(n / newWidth) * 2)),
  };
}
