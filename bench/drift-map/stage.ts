import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { synthesize } from '../../bin/synthesize';
import { CAPTURE_FOLDER } from '../../core/release/endpoint-config';
import { CustomResources } from '../../rehearsal/assembly/custom-resource';
import type { Lambda } from '../../rehearsal/services/lambda';
import type { LambdaFunction } from '../../rehearsal/services/lambda/function';
import type { S3 } from '../../rehearsal/services/s3';
import { Deployments } from '../../rehearsal/world/deployments';
import { Laptop } from '../../rehearsal/world/laptop';
import { COLUMNS, trainingCsv } from './captured';

const USE_CASE = path.resolve('examples/flight-delay/watched');
const TRAINING_ROWS = 20_000;
const START = Date.parse('2026-03-02T07:00:00Z');
const MINUTE_MILLIS = 60_000;
const PROMOTED_MINUTES = 100;

/** The watched example's charter with seven features and their joint distribution, and nothing that the job does not need. */
function assemblyIn(folder: string): string {
  const csv = path.join(folder, 'training.csv');
  writeFileSync(csv, trainingCsv(TRAINING_ROWS, 1));
  const features = [
    ...COLUMNS.map((name) => ({ name, input: name, type: name === 'carrier' ? 'categorical' : 'numeric' })),
    { name: 'delay', output: 'delay', type: 'numeric' },
  ];
  const baseline = { trainingData: path.relative(USE_CASE, csv), timeColumn: null };
  const drift = { baseline, windows: ['1h'], features, joint: true, truth: null };
  const { assemblyDir } = synthesize({
    charterPath: USE_CASE,
    outdir: path.join(folder, 'assembly'),
    overrides: { drift, retraining: null, gates: null },
    strategy: 'all-at-once',
    validation: false,
  });
  return assemblyDir;
}

/** The laptop cloud with the use case deployed, and its release stable. */
export interface Stage {
  laptop: Laptop;
  s3: S3;
  handler: LambdaFunction;
  /** Where the stable variant's captures lie, without the hour. */
  captures: { bucket: string; folder: string };
}

export async function setStage(folder: string): Promise<Stage> {
  const assembly = assemblyIn(folder);
  const laptop = new Laptop({ startMillis: START, seed: 1, faults: [] });
  const { cloud, clock, sageMaker } = laptop;
  const answer = { status: 200, body: new Uint8Array(), contentType: 'application/json', latencyMillis: 1 };
  sageMaker.setContainers(() => ({ predict: () => answer }));
  const types = laptop.resourceTypes(() => undefined);
  void new Deployments(cloud, types, new CustomResources(cloud), { bench: assembly }).deploy('bench');
  await clock.run(START + PROMOTED_MINUTES * MINUTE_MILLIS);
  const handler = cloud
    .double<Lambda>('lambda')
    .functions()
    .find(({ constructPath }) => constructPath.endsWith('Drift/Handler'));
  const [endpoint] = sageMaker.endpoints();
  const variant = endpoint?.variants.find(({ weight }) => weight > 0);
  if (handler === undefined || endpoint === undefined || variant === undefined) throw new Error('no release is stable: nothing to watch');
  const captures = {
    bucket: handler.configuration.environment.DATA_BUCKET ?? '',
    folder: `${CAPTURE_FOLDER}/${endpoint.endpointName}/${variant.variantName}`,
  };
  return { laptop, s3: cloud.double<S3>('s3'), handler, captures };
}
