import type { EvaluationPolicy } from '../../../core/contracts';
import { type Compared, type ComparedAnswer, compareModels } from '../../../core/retraining';

const policy = (metric: EvaluationPolicy['metric'], notWorseBy = 0.02): EvaluationPolicy => ({
  metric,
  notWorseBy,
  instanceType: 'ml.m5.large',
});
const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const answer = (
  truth: ComparedAnswer['truth'],
  stable: ComparedAnswer['stable'],
  candidate: ComparedAnswer['candidate'],
): ComparedAnswer => ({
  truth,
  stable,
  candidate,
});
function measured(compared: Compared) {
  if (!compared.ok) throw new Error(compared.reason);
  return compared;
}

describe('accuracy', () => {
  // 60 both right, 20 only stable, 10 only the new one, 10 neither.
  const answers = [
    ...repeat(60, answer('ham', 'ham', 'ham')),
    ...repeat(20, answer('spam', 'spam', 'ham')),
    ...repeat(10, answer('ham', 'spam', 'ham')),
    ...repeat(10, answer('spam', 'ham', 'ham')),
  ];

  test('is compared on the same requests, with the bound of the paired difference', () => {
    const compared = measured(compareModels(answers, policy('accuracy'), 'spam'));
    expect(compared).toMatchObject({ metric: 'accuracy', stable: 0.8, candidate: 0.7, rows: 100, passed: false });
    expect(compared.behind).toBeCloseTo(0.1, 12);
    // Differences: 20 of +1, 10 of -1, 70 of 0: variance (0.3 - 0.01)·100/99.
    expect(compared.behindAtMost).toBeCloseTo(0.1 + 1.6448536 * Math.sqrt((0.29 * 100) / 99 / 100), 6);
    expect(compared.reason).toMatch(
      /accuracy on 100 requests: 0.7 against stable's 0.8, behind by 0.1 \(with 95 % at most 0.189 behind; 0.02 allowed\)/,
    );
  });

  test('may fall behind by as much as is allowed, to the last digit', () => {
    expect(measured(compareModels(answers, policy('accuracy', 0.1 + 1e-9), 'spam')).passed).toBe(true);
    expect(measured(compareModels(answers, policy('accuracy', 0.1 - 1e-9), 'spam')).passed).toBe(false);
  });

  test('counts an answer without a prediction as wrong, and labels as text', () => {
    const given = [...repeat(199, answer(1, '1', ' 1 ')), answer(1, '1', undefined)];
    expect(measured(compareModels(given, policy('accuracy'), undefined))).toMatchObject({ stable: 1, candidate: 0.995 });
  });

  test('says what it is ahead by', () => {
    const given = [...repeat(8, answer('a', 'b', 'a')), ...repeat(2, answer('a', 'a', 'a'))];
    expect(measured(compareModels(given, policy('accuracy'), undefined)).reason).toMatch(/ahead by 0.8/);
  });
});

describe('precision and recall', () => {
  // Positives: 50; stable finds 40 with 10 false alarms, the new one 45 with 45 false alarms.
  const answers = [
    ...repeat(40, answer('spam', 'spam', 'spam')),
    ...repeat(5, answer('spam', 'ham', 'spam')),
    ...repeat(5, answer('spam', 'ham', 'ham')),
    ...repeat(10, answer('ham', 'spam', 'spam')),
    ...repeat(35, answer('ham', 'ham', 'spam')),
    ...repeat(105, answer('ham', 'ham', 'ham')),
  ];

  test('are of the positive label', () => {
    const precision = measured(compareModels(answers, policy('precision'), 'spam'));
    expect(precision).toMatchObject({ stable: 0.8, candidate: 0.5, passed: false });
    expect(precision.behindAtMost).toBeGreaterThan(precision.behind);
    const recall = measured(compareModels(answers, policy('recall'), 'spam'));
    expect(recall).toMatchObject({ stable: 0.8, candidate: 0.9, passed: true });
    expect(recall.behind).toBeCloseTo(-0.1, 12);
    // Only the five of fifty positives that differ: the standard error of their share.
    const share = 5 / 50;
    expect(recall.behindAtMost).toBeCloseTo(-share + 1.6448536 * Math.sqrt((share * (1 - share)) / 50), 2);
  });

  test('cannot be measured where nothing is, or is said to be, positive', () => {
    const ham = repeat(40, answer('ham', 'ham', 'spam'));
    expect(compareModels(ham, policy('recall'), 'spam')).toEqual({ ok: false, reason: "recall cannot be measured: no truth is 'spam'" });
    expect(compareModels(ham, policy('precision'), 'spam')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('of stable is') as string,
    });
    const silent = repeat(40, answer('spam', 'spam', 'ham'));
    expect(compareModels(silent, policy('precision'), 'spam')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('of the new model is') as string,
    });
  });
});

describe('mean absolute error', () => {
  const answers = Array.from({ length: 100 }, (_, index) => answer(index, index + 10, index % 2 === 0 ? index + 9 : index - 13));

  test('is compared as a share of stable’s', () => {
    const compared = measured(compareModels(answers, policy('mae', 0.1), undefined));
    expect(compared).toMatchObject({ stable: 10, candidate: 11 });
    expect(compared.behind).toBeCloseTo(0.1, 12);
    // Exactly what is allowed, whatever floating point makes of it.
    expect(compared.passed).toBe(true);
    // Errors of the new model: 9 and 13, of stable always 10: standard deviation 2 of 10.
    expect(compared.behindAtMost).toBeCloseTo(0.1 + (1.6448536 * 0.2 * Math.sqrt(100 / 99)) / 10, 6);
  });

  test('takes numbers that are written as text, and leaves out truth that is none', () => {
    const given = [...repeat(10, answer('5', '6', 5)), answer('late', 6, 5), answer(true, 6, 5)];
    expect(measured(compareModels(given, policy('mae'), undefined))).toMatchObject({ rows: 10, stable: 1, candidate: 0, passed: true });
  });

  test('of a stable model without any error allows none', () => {
    const perfect = [...repeat(9, answer(5, 5, 5)), answer(5, 5, 6)];
    expect(measured(compareModels(perfect, policy('mae', 1), undefined)).passed).toBe(false);
    expect(measured(compareModels(repeat(9, answer(5, 5, 5)), policy('mae', 0), undefined)).passed).toBe(true);
  });
});

test('a new model that leaves requests without a prediction is not compared further', () => {
  const given = [...repeat(98, answer(5, 5, 5)), ...repeat(2, answer(5, 5, undefined))];
  expect(compareModels(given, policy('mae'), undefined)).toEqual({
    ok: false,
    reason: 'the new model answered 2 of 100 requests without a usable prediction',
  });
  const one = [...repeat(99, answer(5, 5, 5)), answer(5, 5, 'n/a')];
  expect(compareModels(one, policy('mae'), undefined)).toMatchObject({ ok: true });
});

test('without answers of stable nothing is compared', () => {
  expect(compareModels(repeat(40, answer(5, undefined, 5)), policy('mae'), undefined)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('0 of 40') as string,
  });
});
