import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DriftState, FeaturePolicy } from '../../../core/contracts';
import type { ComparedWindow } from '../../../bin/drift/compare';
import { newFolder, sluice } from '../capture';

export interface SampleRow {
  id: number;
  value: number;
  carrier: string;
  colour: string;
}

/** The same numbers for the same seed. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Values around 50 plus the shift, with a deviation of about 10. */
export function sampleRows(count: number, options: { shift?: number; seed?: number } = {}): SampleRow[] {
  const next = uniform(options.seed ?? 7);
  return Array.from({ length: count }, (_, id) => ({
    id,
    value: Number((50 + (options.shift ?? 0) + 17.3 * (next() + next() + next() + next() - 2)).toFixed(3)),
    carrier: ['AA', 'UA', 'DL'][Math.floor(next() * 3)]!,
    colour: next() < 0.5 ? 'red' : 'green',
  }));
}

export const csvText = (rows: SampleRow[], header = 'id,value,carrier,colour'): string =>
  [header, ...rows.map(({ id, value, carrier, colour }) => [id, value, carrier, colour].join(',')), ''].join('\n');

export const jsonlText = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** As SageMaker writes it. */
export const capturedLine = ({ id, value, carrier, colour }: SampleRow): string =>
  JSON.stringify({
    captureData: {
      endpointInput: {
        observedContentType: 'application/json',
        mode: 'INPUT',
        data: JSON.stringify({ order: { value }, carrier }),
        encoding: 'JSON',
      },
      endpointOutput: {
        observedContentType: 'application/json',
        mode: 'OUTPUT',
        data: JSON.stringify({ colour, score: value / 100 }),
        encoding: 'JSON',
      },
    },
    eventMetadata: { eventId: `e-${id}`, inferenceTime: `2026-03-02T${String(id % 24).padStart(2, '0')}:30:00Z` },
    eventVersion: '0',
  });

/** A folder with these files; gives a function for their paths. */
export function folderWith(files: Record<string, string | Uint8Array>): (name: string) => string {
  const folder = newFolder('sluice-drift-');
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  return (name) => path.join(folder, name);
}

/** What `sluice drift --json` prints. */
export interface DriftJson {
  state: DriftState;
  reason: string;
  features: FeaturePolicy[];
  leftOut: { name: string; reason: string }[];
  windows: (ComparedWindow['window'] & Pick<ComparedWindow, 'name' | 'from' | 'to' | 'skipped' | 'comparison'>)[];
  notes: string[];
}

export async function drift(...args: string[]): Promise<{ code: number; json: DriftJson }> {
  const { code, out, err } = await sluice('drift', ...args, '--json');
  if (out === '') throw new Error(err);
  return { code, json: JSON.parse(out) as DriftJson };
}
