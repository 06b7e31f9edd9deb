import path from 'node:path';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { deployOf as deploy, Stage, type Story, wrongOf as wrong } from '../support/stage';

/** The simulation thread as it is built: users' modules are real ES modules there. */
const WORKER = path.resolve(__dirname, '../../../dist/bin/rehearsal-worker.js');

const STRANGER = 'arn:aws:iam::123456789012:role/Stranger';

/** What stands in every scenario, unless it says otherwise. */
const COMMON = {
  title: 'test',
  duration: '3h',
  traffic: { perMinute: 8, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: {
    stable: { model: 'models/stable.mjs' },
    good: { model: 'models/good.mjs' },
    bad: { model: 'models/bad.mjs' },
    failing: { model: 'models/failing.mjs' },
  },
  outcomes: 'outcomes.mjs',
  people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
};

const stage = new Stage<{ result: RehearsalResult }>(path.join(__dirname, 'use-case'), COMMON, () => WORKER);

/** The job of a scenario of the small use case. */
const prepare = (story: Story): Promise<RehearsalJob> => stage.prepare(story);
const perform = async (job: RehearsalJob): Promise<RehearsalResult> => (await stage.perform(job)).result;
const play = async (story: Story): Promise<RehearsalResult> => perform(await prepare(story));

export { COMMON, deploy, perform, play, prepare, STRANGER, WORKER, wrong };
