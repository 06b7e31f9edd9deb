import path from 'node:path';
import type { CostState } from '../../../core/cost';
import { Stage, type Story, wrongOf } from '../support/stage';
import { bundledWorker } from '../support/worker-bundle';
import type { CostRecording } from './cost-worker';

export type { CostRecording };

const COMMON = {
  title: 'test',
  start: '2026-03-10T09:00:00Z',
  duration: '2h',
  traffic: { perMinute: 1, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: { stable: { model: 'models/stable.mjs' }, good: { model: 'models/good.mjs' } },
  outcomes: 'outcomes.mjs',
};

const stage = new Stage<CostRecording>(path.join(__dirname, 'use-case'), COMMON, () =>
  bundledWorker(path.join(__dirname, 'cost-worker.ts')),
);

export const prepare = (story: Story) => stage.prepare(story);
export const perform = (job: Awaited<ReturnType<typeof prepare>>) => stage.perform(job);
export const play = (story: Story) => stage.play(story);
export const wrong = wrongOf;

export const stateOf = ({ ledger }: CostRecording): CostState => JSON.parse(String(ledger['cost|cost']?.['state'])) as CostState;
