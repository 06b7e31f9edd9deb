import path from 'node:path';
import { Stage, type Story, wrongOf } from '../support/stage';
import { bundledWorker } from '../support/worker-bundle';
import type { DriftRecording } from './drift-worker';

export type { DriftRecording };

/** The watched example itself, with stories that its scenarios have no room for. Without outcomes no truth is known, and nothing retrained. */
const USE_CASE = path.resolve(__dirname, '../../../examples/flight-delay/watched');

const COMMON = {
  title: 'test',
  start: '2026-03-02T06:00:00Z',
  duration: '5h',
  traffic: { perMinute: 4, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: { stable: { model: '../models/candidate-good.mjs' } },
};

const stage = new Stage<DriftRecording>(USE_CASE, COMMON, () => bundledWorker(path.join(__dirname, 'drift-worker.ts')));

/** What stands under `charter` is deployed in the first minute: given.stable takes the charter as it is written. */
export const play = ({ charter, actions = [], ...story }: Story): Promise<DriftRecording> =>
  stage.play({
    ...story,
    actions: [...(charter === undefined ? [] : [{ at: '1m', do: 'deploy', change: charter }]), ...(actions as object[])],
  });

export const wrong = wrongOf;

/** Traffic as traffic.mjs is told. */
export const flights = (options: object, perMinute = 4) => ({ perMinute, source: 'traffic.mjs', options });

/** Features with a finding, of a look or of many. */
export const featuresOf = (looks: DriftRecording['looks']): string[] => [
  ...new Set(looks.flatMap(({ windows }) => windows.flatMap(({ findings }) => findings.map(({ feature }) => feature)))),
];
