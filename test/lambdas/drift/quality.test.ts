import { after, HOUR, LIVE, scene, type Scene, usual, type Values } from './world';
import type { DriftPolicy } from '../../../core/contracts';
import { SMALL_OBJECTS, type JobPart } from '../../../core/drift/look/due';
import { truthKey, truthLineOf } from '../../../core/drift/look/truth';
import { conclude } from '../../../lambdas/drift/conclude';
import { mergeGroup, readPart } from '../../../lambdas/drift/job';
import { Profiles } from '../../../lambdas/drift/profiles';

const TRUTH: Partial<DriftPolicy> = {
  truth: { prediction: 'label', kind: 'classification', positive: 'spam', windowMinutes: 120, minimumLabels: 50, accuracyAtLeast: 0.9 },
  windowsHours: [1, 24],
};

/** Truth of an hour's records, which arrives an hour later. */
function know(
  the: Scene,
  hour: number,
  rows: number,
  truthOf: (values: Values, index: number) => unknown,
  revision = 0,
  delayHours = 1,
): void {
  const lines = Array.from({ length: rows }, (_, index) =>
    truthLineOf(`a-${hour}-12-00-000-x-${index}`, {
      value: String(truthOf(usual(index + hour * 7), index)),
      revision,
      observedAt: new Date(LIVE + (hour + delayHours) * HOUR).toISOString(),
    }),
  );
  the.s3.put('drift', truthKey(LIVE + (hour + delayHours) * HOUR, [`${hour}-${revision}-${delayHours}`]), lines.join('\n'));
}

async function lookAfter(the: Scene, hour: number) {
  the.at(after(hour));
  return the.look();
}

const right = ({ label }: Values): unknown => label;
const wrongOften = ({ label }: Values, index: number): unknown => (index % 3 === 0 ? 'other' : label);
const accuracy = (the: Scene) => the.lastLook().quality.find(({ measure }) => measure === 'accuracy');

test('answers are measured when their truth has had time to come', async () => {
  const the = await scene(TRUTH);
  the.capture(0, 200);
  know(the, 0, 200, right);
  await lookAfter(the, 2);
  expect(the.lastLook().quality).toEqual([]);
  await lookAfter(the, 3);
  expect(accuracy(the)).toMatchObject({ value: 1, labels: 200, limit: 0.9, passed: true });
  expect(the.measured.find(({ dimensions }) => dimensions['Measure'] === 'accuracy')?.values).toEqual({ ModelQuality: 1 });
});

test('answers that are too often wrong are drift', async () => {
  const the = await scene(TRUTH);
  the.capture(0, 300);
  know(the, 0, 300, wrongOften);
  expect(await lookAfter(the, 3)).toMatchObject({ state: 'drifting', told: ['DriftDetected'] });
  expect(accuracy(the)).toMatchObject({ passed: false });
  expect(the.told[0]?.subject).toBe('drift in accuracy');
  expect(the.lastLook().windows.find(({ hours }) => hours === 24)?.findings).toEqual([expect.objectContaining({ check: 'quality' })]);
});

test('a correction counts, whichever file is read first; truth after its window does not', async () => {
  const the = await scene(TRUTH);
  the.capture(0, 200);
  know(the, 0, 200, () => 'other', 0);
  know(the, 0, 200, right, 2);
  know(the, 0, 200, () => 'other', 1);
  know(the, 0, 200, () => 'other', 9, 5);
  await lookAfter(the, 6);
  expect(accuracy(the)).toMatchObject({ value: 1, labels: 200 });
});

test('each answer counts once, however often it was captured, and only where its truth is known', async () => {
  const the = await scene(TRUTH);
  the.capture(0, 200);
  const [key = ''] = the.s3.keys('captures');
  the.s3.put('captures', key.replace('12-00', '13-00'), the.s3.text('captures', key));
  know(the, 0, 80, right);
  await lookAfter(the, 3);
  expect(accuracy(the)).toMatchObject({ labels: 80 });
});

test('too few labels say nothing; a week of few ones does', async () => {
  const the = await scene(TRUTH);
  for (let day = 0; day < 3; day += 1) {
    the.capture(day * 24, 30);
    know(the, day * 24, 30, wrongOften);
  }
  await lookAfter(the, 3);
  expect(the.lastLook().quality).toEqual([]);
  await lookAfter(the, 2 * 24 + 3);
  expect(accuracy(the)).toMatchObject({ labels: 90 });
});

test('is counted once an hour, and anew where what was kept is rubbish', async () => {
  const the = await scene(TRUTH);
  the.capture(0, 200);
  know(the, 0, 200, right);
  await lookAfter(the, 3);
  const kept = the.s3.keys('drift', 'quality/r1-');
  expect(kept).toEqual([expect.stringMatching(/2026\/03\/02\/00\.json$/)]);
  the.s3.sent.length = 0;
  await lookAfter(the, 3);
  expect(the.s3.sent.some(({ name, input }) => name === 'PutObject' && String(input['Key']).startsWith('quality/'))).toBe(false);
  the.s3.put('drift', kept[0] as string, 'rubbish');
  await lookAfter(the, 3);
  expect(accuracy(the)).toMatchObject({ labels: 200 });
});

test('lines that are no truth are left out', async () => {
  const the = await scene(TRUTH);
  the.capture(0, 200);
  know(the, 0, 200, right);
  the.s3.put('drift', truthKey(LIVE + HOUR, ['x']), 'rubbish\n{"groundTruthData":{}}\nnull\n');
  await lookAfter(the, 3);
  expect(accuracy(the)).toMatchObject({ labels: 200 });
});

test('is measured while the baseline is learned', async () => {
  const the = await scene({ ...TRUTH, baseline: { kind: 'first-days', days: 7 } });
  the.capture(0, 300);
  know(the, 0, 300, wrongOften);
  expect(await lookAfter(the, 3)).toMatchObject({ state: 'drifting' });
  expect(the.lastLook().reason).toContain('are learned until');
});

test('an hour of too many files is joined by many', async () => {
  const the = await scene(TRUTH);
  const files = SMALL_OBJECTS + 10;
  for (let file = 0; file < files; file += 1) the.capture(0, 1, usual, { file: `f${file}`, seed: file });
  const lines = Array.from({ length: files }, (_, file) =>
    truthLineOf(`a-0-f${file}-0`, { value: String(usual(file).label), revision: 0, observedAt: '2026-03-02T01:00:00Z' }),
  );
  the.s3.put('drift', truthKey(LIVE + HOUR, ['many']), lines.join('\n'));
  await lookAfter(the, 3);
  const started = the.started.find(({ input }) => input.job.kind === 'labels');
  const { job, manifest } = started?.input ?? {};
  if (job === undefined || manifest === undefined) throw new Error('no job was started');
  for (const item of the.s3.json<JobPart[]>('drift', manifest)) await readPart(the.parts, job, item);
  for (const group of job.groups) await mergeGroup(the.parts, job, group);
  await conclude(the.parts, new Profiles(the.parts.bucket), job);
  expect(accuracy(the)).toMatchObject({ value: 1, labels: files });
});
