const EXACT = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.020790672103765, 0.0166446911898211, 0.0138761288230707, 0.0118967099458917,
  0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

/** What Stirling's formula of k! lacks: ln k! − [(k + ½) ln(k + 1) − (k + 1) + ½ ln 2π]. */
export function logFactorialTail(k: number): number {
  if (k < EXACT.length) return EXACT[k] ?? 0;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
