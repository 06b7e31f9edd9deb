/** 95 % interval of a share (Wilson). */
export function wilson(hits: number, total: number): [number, number] {
  const z = 1.959963984540054;
  const p = hits / total;
  const centre = (p + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const half = (z / (1 + z ** 2 / total)) * Math.sqrt((p * (1 - p)) / total + z ** 2 / (4 * total ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
