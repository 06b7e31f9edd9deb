import type { TruthPolicy } from '../../../../core/contracts/drift';
import { countLabels, type Labelled, mergeQualityCounts, qualityFindings, qualityOf } from '../../../../core/drift/judge';
import { Draws, driftPolicy } from '../../../support/drift';

const classes = (more: Partial<TruthPolicy> = {}): TruthPolicy => ({
  prediction: 'label',
  kind: 'classification',
  positive: 'spam',
  windowMinutes: 60,
  minimumLabels: 200,
  ...more,
});
const numbers = (more: Partial<TruthPolicy> = {}): TruthPolicy => ({ ...classes(more), prediction: 'delay', kind: 'regression' });

const measured = (labelled: Labelled[], truth: TruthPolicy) => qualityOf(countLabels(labelled, truth), driftPolicy([], { truth }));

const repeated = (count: number, one: Labelled): Labelled[] => Array.from({ length: count }, () => one);

const mail = [
  ...repeated(300, { truth: 'spam', prediction: 'spam' }),
  ...repeated(60, { truth: 'ham', prediction: 'spam' }),
  ...repeated(40, { truth: 'spam', prediction: 'ham' }),
  ...repeated(600, { truth: 'ham', prediction: 'ham' }),
];

test('accuracy, precision and recall', () => {
  expect(measured(mail, classes())).toEqual([
    { measure: 'accuracy', value: 0.9, labels: 1000, passed: true },
    { measure: 'precision', value: 300 / 360, labels: 360, passed: true },
    { measure: 'recall', value: 300 / 340, labels: 340, passed: true },
  ]);
  expect(measured(mail, classes({ positive: undefined })).map(({ measure }) => measure)).toEqual(['accuracy']);
});

test('a limit is missed only where chance cannot be why', () => {
  const passed = (limit: number): boolean => measured(mail, classes({ accuracyAtLeast: limit }))[0]!.passed;
  expect(passed(0.9)).toBe(true);
  // 900 of 1000 with 92 %: one window in sixty. With 96 %: none in a million years.
  expect(passed(0.92)).toBe(true);
  expect(passed(0.96)).toBe(false);
});

test('each limit is its own measure', () => {
  const missed = (more: Partial<TruthPolicy>): string[] =>
    measured(mail, classes(more))
      .filter((measure) => !measure.passed)
      .map(({ measure }) => measure);
  expect(missed({ precisionAtLeast: 0.95 })).toEqual(['precision']);
  expect(missed({ recallAtLeast: 0.98 })).toEqual(['recall']);
});

test('fewer labels than demanded say nothing', () => {
  expect(measured(mail.slice(0, 199), classes({ accuracyAtLeast: 1 }))).toEqual([]);
});

const draws = new Draws('confidence');
const confident = (actual: (confidence: number) => number, count = 5000): Labelled[] =>
  Array.from({ length: count }, () => {
    const confidence = 0.5 + draws.uniform() / 2;
    return { truth: draws.uniform() < actual(confidence) ? 'spam' : 'ham', prediction: 'spam', confidence };
  });

test('confidence that says what is right has no calibration error to speak of', () => {
  const truth = classes({ confidence: 'score', calibrationErrorAtMost: 0.01 });
  const found = measured(
    confident((confidence) => confidence),
    truth,
  ).find(({ measure }) => measure === 'calibration-error')!;
  expect(found.value).toBeLessThan(0.03);
  expect(found.passed).toBe(true);
});

test('confidence that is too sure of itself has', () => {
  const truth = classes({ confidence: 'score', calibrationErrorAtMost: 0.05 });
  const found = measured(
    confident((confidence) => confidence - 0.2),
    truth,
  ).find(({ measure }) => measure === 'calibration-error')!;
  expect(found.value).toBeCloseTo(0.2, 1);
  expect(found.passed).toBe(false);
});

test('mean absolute error: missed where its bound is above the limit', () => {
  const errors = Array.from({ length: 400 }, (_, index) => ({ truth: 10, prediction: String(10 + (index % 2 === 0 ? 4 : -6)) }));
  expect(measured(errors, numbers({ maeAtMost: 4.9 }))).toEqual([{ measure: 'mae', value: 5, labels: 400, limit: 4.9, passed: true }]);
  expect(measured(errors, numbers({ maeAtMost: 4.5 }))[0]!.passed).toBe(false);
});

test('truths that are no numbers are left out of errors, and counted', () => {
  const counts = countLabels(
    [
      { truth: 'n/a', prediction: 3 },
      { truth: '', prediction: 3 },
      { truth: '4', prediction: 3 },
    ],
    numbers(),
  );
  expect(counts).toMatchObject({ labels: 1, unusable: 2, absoluteError: 1 });
});

test('confidence that is no share is left out of calibration, and counted', () => {
  const counts = countLabels([{ truth: 'spam', prediction: 'spam', confidence: 97 }], classes({ confidence: 'score' }));
  expect(counts).toMatchObject({ labels: 1, correct: 1, unusable: 1 });
  expect(counts.calibration.every(({ rows }) => rows === 0)).toBe(true);
});

test('counts of hours add up', () => {
  const truth = classes({ confidence: 'score' });
  const all = confident((confidence) => confidence, 400);
  const merged = mergeQualityCounts([countLabels(all.slice(0, 150), truth), countLabels(all.slice(150), truth)]);
  const whole = countLabels(all, truth);
  expect({ ...merged, calibration: [] }).toEqual({ ...whole, calibration: [] });
  merged.calibration.forEach((cell, index) => expect(cell.confidence).toBeCloseTo(whole.calibration[index]!.confidence, 9));
});

test('what missed its limit is a finding', () => {
  const findings = qualityFindings(measured(mail, classes({ accuracyAtLeast: 0.97 })), 24);
  expect(findings).toEqual([
    {
      check: 'quality',
      feature: 'accuracy',
      windowHours: 24,
      value: 0.9,
      limit: 0.97,
      rows: 1000,
      words: 'accuracy is 0.9 over 1000 labelled answers, at least 0.97 is demanded.',
      examples: [],
    },
  ]);
});

test('without a truth in the charter there is no quality', () => {
  expect(qualityOf(countLabels(mail, classes()), driftPolicy([]))).toEqual([]);
});

test('models that just keep their limit are told of in at most as many windows as allowed', () => {
  const truth = classes({ accuracyAtLeast: 0.9 });
  const random = new Draws('just');
  let missed = 0;
  for (let window = 0; window < 2000; window++) {
    const correct = random.binomial(500, 0.9);
    const counts = countLabels([], truth);
    counts.labels = 500;
    counts.correct = correct;
    if (qualityOf(counts, driftPolicy([], { truth }))[0]!.passed === false) missed += 1;
  }
  expect(missed).toBe(0);
});
