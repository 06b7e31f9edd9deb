import { closeSync, openSync, writeSync } from 'node:fs';
import type { DriftPolicy, FeaturePolicy } from '../../core/contracts/drift';
import { Random } from '../verdict/random';
import { policyOf } from './ours';

export const NUMERIC = ['distance', 'scheduledHour', 'temperature', 'wind', 'load', 'score'];
export const CATEGORICAL = ['carrier', 'airport', 'label'];
const OUTPUTS = new Set(['score', 'label']);

const LINES_AT_ONCE = 2000;

/** The features of the records below. */
export const capturePolicy = (): DriftPolicy => ({
  ...policyOf('numeric', 0),
  features: [...NUMERIC, ...CATEGORICAL].map((name): FeaturePolicy => ({
    name,
    path: name,
    side: OUTPUTS.has(name) ? 'output' : 'input',
    kind: NUMERIC.includes(name) ? 'numeric' : 'categorical',
  })),
  joint: true,
});

/** JSON lines as SageMaker writes them; `moved` shifts the temperature by 0.3 of its deviation. */
export function writeCaptured(file: string, records: number, moved: boolean): void {
  const random = new Random(file.endsWith('baseline.jsonl') ? 'captured baseline' : 'captured window', 0);
  const handle = openSync(file, 'w');
  for (let first = 0; first < records; first += LINES_AT_ONCE) {
    const lines = Array.from({ length: Math.min(LINES_AT_ONCE, records - first) }, (_, index) => lineOf(random, first + index, moved));
    writeSync(handle, lines.join(''));
  }
  closeSync(handle);
}

function lineOf(random: Random, index: number, moved: boolean): string {
  const normal = (): number => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  const distance = rounded(Math.exp(6 + 0.6 * normal()));
  const wind = rounded(Math.abs(8 * normal()));
  const score = rounded(1 / (1 + Math.exp(-(wind - 8) / 4 - 0.4 * normal())));
  const input = {
    distance,
    scheduledHour: Math.floor(24 * random.uniform()),
    temperature: rounded(12 + 8 * (normal() + (moved ? 0.3 : 0))),
    wind,
    load: rounded(0.1 * distance + 20 * normal()),
    carrier: `C${random.binomial(11, 0.3)}`,
    airport: `A${Math.floor(40 * random.uniform() ** 2)}`,
  };
  const output = { label: score > 0.6 ? 'late' : 'on time', score };
  const part = (data: object, mode: string): object => ({
    observedContentType: 'application/json',
    mode,
    data: JSON.stringify(data),
    encoding: 'JSON',
  });
  const id = `${index.toString(16).padStart(8, '0')}-5d3a-4c1f-9f6e-1b7c2d9e0a4f`;
  const record = {
    captureData: { endpointInput: part(input, 'INPUT'), endpointOutput: part(output, 'OUTPUT') },
    eventMetadata: { eventId: id, inferenceTime: new Date(Date.UTC(2026, 2, 2) + index * 18).toISOString().replace(/\.\d+Z/, 'Z') },
    eventVersion: '0',
  };
  return `${JSON.stringify(record)}\n`;
}
