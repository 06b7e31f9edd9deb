/** Columns of the requests: numbers, but for the last. */
export const COLUMNS = ['hour', 'distance', 'elapsed', 'wind', 'load', 'carrier'];
const CARRIERS = ['AA', 'UA', 'WN', 'DL', 'B6', 'AS', 'NK', 'F9'];

/** Small and fast, the same numbers for the same seed (mulberry32). */
export function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Flight = Record<string, number | string>;

function flight(random: () => number): Flight {
  const entries = COLUMNS.slice(0, -1).map((name): [string, number] => [name, Number((random() * 1_000).toFixed(2))]);
  return Object.fromEntries([...entries, ['carrier', CARRIERS[Math.floor(random() * CARRIERS.length)] ?? 'AA']]);
}

const delayOf = (random: () => number): number => Number((random() * 60).toFixed(1));

/** What the model was trained on. */
export function trainingCsv(rows: number, seed: number): string {
  const random = mulberry(seed);
  const lines = Array.from({ length: rows }, () => [...Object.values(flight(random)), delayOf(random)].join(','));
  return `${[...COLUMNS, 'delay'].join(',')}\n${lines.join('\n')}\n`;
}

const uuid = (random: () => number): string =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(random() * 16).toString(16));

/** Lines as SageMaker's data capture writes them, from this moment on, a millisecond after the other; the last one is torn. */
export function captured(records: number, fromMillis: number, seed: number): Buffer {
  const random = mulberry(seed);
  const side = (mode: string, data: unknown): Record<string, unknown> => ({
    observedContentType: 'application/json',
    mode,
    data: JSON.stringify(data),
    encoding: 'JSON',
  });
  const lines = Array.from({ length: records }, (_, index) =>
    JSON.stringify({
      captureData: { endpointInput: side('INPUT', flight(random)), endpointOutput: side('OUTPUT', { delay: delayOf(random) }) },
      eventMetadata: {
        eventId: uuid(random),
        inferenceId: uuid(random),
        inferenceTime: `${new Date(fromMillis + index).toISOString().slice(0, 19)}Z`,
      },
      eventVersion: '0',
    }),
  );
  return Buffer.from(`${lines.join('\n')}\n${lines[0]?.slice(0, 200)}\n`);
}
