import type { RehearsalResult } from '../../../rehearsal/world/result';
import { ModeOfServing, wrong } from './play';

jest.setTimeout(180_000);

const BATCH = 'batch: { schedule: rate(1 hour), input: "s3://mail-archive/in/", output: "s3://mail-archive/out", instance: ml.m5.xlarge }';
const use = new ModeOfServing(`{ mode: serverless, ${BATCH} }`);

const jobs = ({ timeline }: RehearsalResult, status: string): { jobName: string }[] =>
  timeline
    .filter(({ event, detail }) => event === 'transform-job' && (detail as { status: string }).status === status)
    .map(({ detail }) => detail as { jobName: string });

const runs = ({ timeline }: RehearsalResult, event: string): unknown[] =>
  timeline
    .filter((entry) => entry.source === 'states' && entry.event === event && JSON.stringify(entry.detail).includes('BatchMachine'))
    .map(({ detail }) => detail);

test('the stable release scores the files, each hour anew', async () => {
  const result = await use.play({ duration: '100m', objects: { 's3://mail-archive/in/cases.jsonl': 'cases.jsonl' } });
  expect(wrong(result)).toEqual([]);
  const names = jobs(result, 'Completed').map(({ jobName }) => jobName);
  expect(names.length).toBeGreaterThanOrEqual(2);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(63);
  expect(runs(result, 'failed')).toEqual([]);
});

test('a run without files fails, and says why', async () => {
  const result = await use.play({ duration: '70m' });
  const [failed] = runs(result, 'failed');
  expect(failed).toMatchObject({ error: 'NotScored', cause: expect.stringMatching(/No S3 objects found/) as string });
});

test('killed, nothing is scored: the run says so and ends', async () => {
  const result = await use.play({
    duration: '100m',
    objects: { 's3://mail-archive/in/cases.jsonl': 'cases.jsonl' },
    actions: [{ at: '20m', do: 'kill', reason: 'drill' }],
  });
  expect(wrong(result)).toEqual([]);
  expect(jobs(result, 'Completed')).toHaveLength(1);
  expect(runs(result, 'failed')).toEqual([]);
});
