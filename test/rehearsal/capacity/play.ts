import path from 'node:path';
import type { TimelineEntry } from '../../../rehearsal/world/timeline';
import { deployOf, Stage, type Story, wrongOf } from '../support/stage';
import { bundledWorker } from '../support/worker-bundle';
import type { CapacityRecording } from './capacity-worker';

export type { CapacityRecording };

const COMMON = {
  title: 'test',
  duration: '3h',
  traffic: { perMinute: 1, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: { stable: { model: 'models/stable.mjs' }, good: { model: 'models/good.mjs' } },
  outcomes: 'outcomes.mjs',
};

const stage = new Stage<CapacityRecording>(path.join(__dirname, 'use-case'), COMMON, () =>
  bundledWorker(path.join(__dirname, 'capacity-worker.ts')),
);

export const prepare = (story: Story) => stage.prepare(story);
export const perform = (job: Awaited<ReturnType<typeof prepare>>) => stage.perform(job);
export const play = (story: Story) => stage.play(story);
export const wrong = ({ result }: CapacityRecording) => wrongOf(result);
export const deploy = (release = 'stable', at = '1m', more: Record<string, unknown> = {}) => deployOf(release, at, more);

const minuteOf = ({ t }: TimelineEntry): number => Math.floor(t / 60);

/** Minutes at which something happened. */
export const minutesOf = ({ result }: CapacityRecording, source: string, event: string): number[] =>
  result.timeline.filter((entry) => entry.source === source && entry.event === event).map(minuteOf);

/** What became of the endpoint: `[minute, status]`. */
export const endpointOf = ({ result }: CapacityRecording): [number, string][] =>
  result.timeline
    .filter(({ event }) => event === 'endpoint-status')
    .map((entry) => [minuteOf(entry), String(entry.detail['status'])] as [number, string]);

/** Changes of instance counts by Application Auto Scaling: `[minute, from, to]`. */
export const scalings = ({ result }: CapacityRecording): [number, number, number][] =>
  result.timeline
    .filter(({ source, event }) => source === 'application-autoscaling' && event === 'scaled')
    .map((entry) => [minuteOf(entry), Number(entry.detail['from']), Number(entry.detail['to'])]);

export const told = ({ mails }: CapacityRecording, words: RegExp): number[] =>
  mails.filter(({ subject }) => words.test(subject)).map(({ minute }) => minute);
