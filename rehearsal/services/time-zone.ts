/** The wall clocks of a time zone. */
export interface TimeZone {
  /** How far they are ahead of UTC at a moment. */
  aheadOf(utcMillis: number): number;
  /** The moment at which they show a time, given as if it were UTC. */
  toUtc(wallMillis: number): number;
}

const formatOf = (name: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
};

/** By its IANA name; undefined where nobody knows it. */
export function timeZoneOf(name: string): TimeZone | undefined {
  if (name === 'UTC' || name === 'Etc/UTC') return { aheadOf: () => 0, toUtc: (wallMillis) => wallMillis };
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const aheadOf = (utcMillis: number): number => {
    const part = Object.fromEntries(format.formatToParts(utcMillis).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
    return wall - Math.floor(utcMillis / 1000) * 1000;
  };
  return {
    aheadOf,
    // Once more from the guess: between the two the clocks may have been changed.
    toUtc: (wallMillis) => wallMillis - aheadOf(wallMillis - aheadOf(wallMillis)),
  };
}
