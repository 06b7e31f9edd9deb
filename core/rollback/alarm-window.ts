/** A period of CloudWatch, on the grid that such periods have. */
export interface AlignedPeriod {
  startSeconds: number;
  endSeconds: number;
  periodSeconds: number;
}

const MINUTE_SECONDS = 60;
const LONGEST_PERIOD_MINUTES = 1440;
const MINUTES_BEFORE = 2;

/**
 * One period that begins at the given time, or at most two minutes before it (when there were no requests of whom is asked about), and has
 * not ended: CloudWatch puts periods on a grid of their own length, so the length is chosen for the grid to have a line there. What one
 * period sums up, percentiles too, is then of that time alone.
 */
export function periodSince(fromMillis: number, nowMillis: number): AlignedPeriod {
  const first = Math.floor(fromMillis / 60_000);
  const now = Math.floor(nowMillis / 60_000);
  let best = { start: first - 1, length: 1, distance: Number.POSITIVE_INFINITY };
  for (let length = now - first + 1; length <= LONGEST_PERIOD_MINUTES && best.distance > 0; length += 1) {
    const start = Math.floor(now / length) * length;
    const distance = start > first ? start - first + MINUTES_BEFORE : first - start;
    if (start >= first - MINUTES_BEFORE && distance < best.distance) best = { start, length, distance };
  }
  return {
    startSeconds: best.start * MINUTE_SECONDS,
    endSeconds: (best.start + best.length) * MINUTE_SECONDS,
    periodSeconds: best.length * MINUTE_SECONDS,
  };
}

/** Undefined for comparisons with a band. */
export function breaches(value: number, comparison: string, threshold: number): boolean | undefined {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      return undefined;
  }
}
