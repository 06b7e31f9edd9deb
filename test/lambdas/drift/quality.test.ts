import { after, HOUR, line, LIVE, scene, type Scene, usual, type Values } from './world';
import type { DriftPolicy } from '../../../core/contracts';
import { SMALL_OBJECTS, type JobPart } from '../../../core/drift/look/due';
import { hourFolder } from '../../../core/drift/places';
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

describe('truth of signed decisions', () => {
  /** As the gateway makes ids: the minute of the decision stands in them. */
  const idAt = (hour: number, minute: number, index: number): string =>
    `k1.sr1-aaaaaaaa.${(LIVE / 60_000 + hour * 60 + minute).toString(36)}.AAAAAAAAAAA.n${index}.mac`;

  function captureSigned(the: Scene, hour: number, rows: number, minute: number, captureHour = hour): void {
    const lines = Array.from({ length: rows }, (_, index) =>
      line(idAt(hour, minute, index), LIVE + captureHour * HOUR + 1000 + index, usual(index)),
    );
    const folder = hourFolder(LIVE + captureHour * HOUR);
    the.s3.put('captures', `serving-captures/triage/a/${folder}/${hour}-${minute}.jsonl`, lines.join('\n'));
  }

  function knowSigned(the: Scene, hour: number, minute: number, from: number, to: number, arrival: number, name: string): void {
    const lines = Array.from({ length: to - from }, (_, index) =>
      truthLineOf(idAt(hour, minute, from + index), { value: String(usual(from + index).label), revision: 0, observedAt: 'x' }),
    );
    the.s3.put('drift', truthKey(LIVE + arrival * HOUR, [name]), lines.join('\n'));
  }

  const truthReads = (the: Scene): string[] =>
    the.s3.sent.flatMap(({ name, input }) =>
      name === 'GetObject' && String(input['Key']).startsWith('truth/') ? [String(input['Key'])] : [],
    );

  test('is joined with the hour of the decision, also where its answer was captured in the next', async () => {
    const the = await scene(TRUTH);
    captureSigned(the, 0, 100, 10);
    captureSigned(the, 0, 60, 59, 1);
    knowSigned(the, 0, 10, 0, 100, 1, 'a');
    knowSigned(the, 0, 59, 0, 60, 1, 'b');
    await lookAfter(the, 4);
    expect(accuracy(the)).toMatchObject({ labels: 160, value: 1 });
  });

  test('is read once, and its hour anew where a file comes late', async () => {
    const the = await scene(TRUTH);
    captureSigned(the, 0, 200, 10);
    captureSigned(the, 3, 200, 10);
    knowSigned(the, 0, 10, 0, 100, 1, 'a');
    await lookAfter(the, 3);
    expect(accuracy(the)).toMatchObject({ labels: 100 });
    knowSigned(the, 3, 10, 0, 100, 4, 'b');
    the.s3.sent.length = 0;
    await lookAfter(the, 5);
    expect(truthReads(the)).toEqual([expect.stringContaining('2026/03/02/04/')]);
    knowSigned(the, 3, 10, 100, 200, 4, 'late');
    await lookAfter(the, 6);
    expect(accuracy(the)).toMatchObject({ labels: 300 });
  });

  test('goes on with the oldest where time was over', async () => {
    const the = await scene({ ...TRUTH, truth: { ...TRUTH.truth!, windowMinutes: 60, minimumLabels: 200 } });
    for (let hour = 0; hour < 60; hour += 1) {
      captureSigned(the, hour, 5, 10);
      knowSigned(the, hour, 10, 0, 5, hour + 1, `h${hour}`);
    }
    let read = 0;
    the.s3.before = (name, input) => {
      if (name === 'GetObject' && String(input['Key']).startsWith('truth/') && ++read === 5) the.remaining.millis = 0;
    };
    await lookAfter(the, 61);
    the.s3.before = () => undefined;
    the.remaining.millis = 900_000;
    await lookAfter(the, 62);
    expect(accuracy(the)).toMatchObject({ labels: 300 });
  });

  test('that comes weekly is not read every hour', async () => {
    const the = await scene({ ...TRUTH, truth: { ...TRUTH.truth!, windowMinutes: 60 } });
    captureSigned(the, 0, 100, 10);
    knowSigned(the, 0, 10, 0, 100, 1, 'a');
    for (const hour of [5, 110, 111, 112]) {
      captureSigned(the, hour - 3, 10, 10);
      the.s3.sent.length = 0;
      await lookAfter(the, hour);
    }
    expect(truthReads(the)).toEqual([]);
  });
});
