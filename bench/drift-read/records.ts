import type { DriftPolicy, FeaturePolicy } from '../../core/contracts/drift';
import type { FeatureLayout, Layout } from '../../core/drift/types';

export type BodyKind = 'csv' | 'json';

const SEED = 20_261_121;
const CARRIERS = ['AA', 'UA', 'WN', 'DL', 'B6', 'AS', 'NK', 'F9'];
/** Nineteen edges: twenty cells, as a baseline has them. */
const EDGES = Array.from({ length: 19 }, (_, index) => (index + 1) * 50);

const COLUMNS = {
  csv: ['hour', 'day', 'distance', 'elapsed', 'taxi', 'wind', 'load', 'age', 'speed', 'fuel', 'seats', 'legs', 'carrier'],
  json: ['hour', 'distance', 'elapsed', 'wind', 'load', 'carrier'],
};

const featuresOf = (kind: BodyKind): FeaturePolicy[] => [
  ...COLUMNS[kind].map((name): FeaturePolicy => ({
    name,
    side: 'input',
    path: name,
    kind: name === 'carrier' ? 'categorical' : 'numeric',
  })),
  { name: 'delay', side: 'output', path: 'delay', kind: 'numeric' },
];

const policyOf = (kind: BodyKind): DriftPolicy => ({
  features: featuresOf(kind),
  ...(kind === 'csv' ? { csv: { input: COLUMNS.csv, output: ['delay'] } } : {}),
  baseline: { kind: 'first-days', days: 7 },
  rhythm: 'none',
  windowsHours: [1],
  falseAlarmsPerYear: 1,
  minimumRows: 200,
  joint: false,
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
});

export const POLICIES = { csv: policyOf('csv'), json: policyOf('json'), edges: EDGES };

export const layoutOf = ({ features }: DriftPolicy): Layout => ({
  id: 'bench',
  features: features.map(({ name, kind }): FeatureLayout =>
    kind === 'numeric' ? { name, of: name, kind, edges: EDGES } : { name, of: name, kind: 'categorical', categories: CARRIERS },
  ),
  vocabularies: {},
});

/** With four components over all numbers, as a baseline has them: orthonormal, of no other meaning. */
export function withJoint(layout: Layout): Layout {
  const features = layout.features.filter(({ kind }) => kind === 'numeric').map(({ name }) => name);
  const loadings = Array.from({ length: Math.min(4, features.length) }, (_, component) =>
    features.map((_name, index) => Number(index === component)),
  );
  const every = (value: number): number[] => features.map(() => value);
  return { ...layout, joint: { features, means: every(500), deviations: every(289), loadings } };
}

/** Lines as SageMaker writes them, of about 530 bytes. */
export function captureBytes(kind: BodyKind, records: number): Buffer {
  const random = mulberry(SEED);
  const parts: Buffer[] = [];
  for (let done = 0; done < records; done += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, records - done) }, (_, index) => lineOf(kind, done + index, random));
    parts.push(Buffer.from(`${lines.join('\n')}\n`));
  }
  return Buffer.concat(parts);
}

function lineOf(kind: BodyKind, index: number, random: () => number): string {
  const entries = COLUMNS[kind].map((name): [string, string | number] => {
    if (name === 'carrier') return [name, CARRIERS[Math.floor(random() * CARRIERS.length)] ?? 'AA'];
    return [name, Number((random() * 1_000).toFixed(name === 'distance' ? 0 : kind === 'csv' ? 6 : 2))];
  });
  const delay = Number((random() * 1_000).toFixed(8));
  const type = kind === 'csv' ? 'text/csv' : 'application/json';
  const encoding = kind.toUpperCase();
  const input = kind === 'csv' ? entries.map(([, value]) => value).join(',') : JSON.stringify(Object.fromEntries(entries));
  const output = kind === 'csv' ? String(delay) : JSON.stringify({ delay });
  return JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: type, mode: 'INPUT', data: input, encoding },
      endpointOutput: { observedContentType: type, mode: 'OUTPUT', data: output, encoding },
    },
    eventMetadata: {
      eventId: uuid(random),
      inferenceId: uuid(random),
      inferenceTime: new Date(Date.UTC(2026, 2, 2, 9) + Math.floor(index / 60) * 1_000).toISOString().replace('.000', ''),
    },
    eventVersion: '0',
  });
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Mulberry32: the same records in every run. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
