/** Mulberry32: the same seed gives the same history, on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A positive amount with this mean; its deviation is about its mean's size. */
export const amount = (draw: () => number, mean: number): number => -mean * Math.log(1 - draw());

export interface Recorded {
  arm: string;
  time: string;
  converted: number;
  basket: number;
}

export interface HistoryOptions {
  seed: number;
  hours: number;
  unitsPerMinute: number;
  /** Share of B. */
  share?: number;
  rateA: number;
  rateB: number;
  basketA?: number;
  basketB?: number;
  start?: string;
}

/** A simulated A/B test whose base rate moves with the hour. */
export function simulated(options: HistoryOptions): Recorded[] {
  const { seed, hours, unitsPerMinute, share = 0.5, rateA, rateB, basketA = 40, basketB = basketA } = options;
  const draw = random(seed);
  const start = Date.parse(options.start ?? '2026-03-02T00:00:00Z');
  const rows: Recorded[] = [];
  for (let minute = 0; minute < hours * 60; minute++) {
    const rhythm = 1 + 0.3 * Math.sin((2 * Math.PI * minute) / 1440);
    for (let unit = 0; unit < unitsPerMinute; unit++) {
      const isB = draw() < share;
      const converted = draw() < (isB ? rateB : rateA) * rhythm ? 1 : 0;
      const basket = Math.round(100 * amount(draw, isB ? basketB : basketA)) / 100;
      const millis = start + minute * 60_000 + Math.floor(draw() * 60) * 1000;
      rows.push({ arm: isB ? 'B' : 'A', time: new Date(millis).toISOString().replace('.000Z', 'Z'), converted, basket });
    }
  }
  return rows;
}

export function csvOf(rows: object[]): string {
  const columns = Object.keys(rows[0] ?? {});
  return (
    [columns.join(','), ...rows.map((row) => columns.map((column) => String((row as Record<string, unknown>)[column])).join(','))].join(
      '\n',
    ) + '\n'
  );
}

/** The history in examples/backtest: the second version of an assistant is quicker, but hands more cases over to people. */
export function supportAnswers(): object[] {
  const draw = random(11);
  const start = Date.parse('2026-03-02T06:00:00Z');
  const time = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');
  return Array.from({ length: 1_800 }, (_, minute) => {
    const isNew = draw() < 0.5;
    const answered = start + minute * 60_000 + Math.floor(draw() * 60) * 1_000;
    const closed = answered + (5 + Math.floor(draw() * 40)) * 60_000;
    const escalated = draw() < (isNew ? 0.33 : 0.18) ? 1 : 0;
    const seconds = 60 + Math.round(amount(draw, isNew ? 150 : 190));
    return { model: isNew ? 'v2' : 'v1', answered_at: time(answered), closed_at: time(closed), escalated, handling_seconds: seconds };
  });
}
