import type { ShadowPolicy } from '../../../core/contracts';
import { surelyBelow } from '../../../core/shadow/evidence';
import { captureFolders, checkField, judgeShadow, Pairing, readCaptures } from '../../../core/shadow';

const OPENED = Date.parse('2026-03-02T09:00:00Z');
const minutesLater = (minutes: number): number => OPENED + minutes * 60_000;

const line = (id: string, body: unknown, rest: object = {}): string =>
  JSON.stringify({
    captureData: {
      endpointOutput: { observedContentType: 'application/json', mode: 'OUTPUT', data: JSON.stringify(body), encoding: 'JSON' },
    },
    eventMetadata: { eventId: `event-${id}`, inferenceId: id, inferenceTime: '2026-03-02T09:00:30Z' },
    eventVersion: '0',
    ...rest,
  });

describe('captures', () => {
  test('an answer is known by its inference id, else by its event id', () => {
    const bare = line('x', { label: 'spam' }, { eventMetadata: { eventId: 'event-x', inferenceTime: '2026-03-02T09:00:30Z' } });
    expect(readCaptures(`${line('d1', { label: 'ham' })}\n${bare}\n`)).toEqual({
      answers: [
        { id: 'd1', atMillis: minutesLater(0.5), body: '{"label":"ham"}' },
        { id: 'event-x', atMillis: minutesLater(0.5), body: '{"label":"spam"}' },
      ],
      unreadable: 0,
    });
  });

  test('content of an undeclared type arrives in base64', () => {
    const captureData = { endpointOutput: { data: Buffer.from('ä').toString('base64'), encoding: 'BASE64' } };
    expect(readCaptures(line('d1', '', { captureData })).answers[0]?.body).toBe('ä');
  });

  test.each([
    ['a line that was cut off', '{"captureData":'],
    ['a text', '"answer"'],
    ['no answer', line('d1', 1, { captureData: { endpointInput: {} } })],
    ['no time', line('d1', 1, { eventMetadata: { eventId: 'e' } })],
  ])('%s is counted as unreadable', (_, text) => {
    expect(readCaptures(`${text}\n`)).toEqual({ answers: [], unreadable: 1 });
  });

  test('folders are named after hours, over midnight', () => {
    const from = Date.parse('2026-03-02T23:40:00Z');
    expect(captureFolders('captures/r7', 'triage-endpoint', 'b', from, from + 30 * 60_000)).toEqual([
      'captures/r7/triage-endpoint/b/2026/03/02/23/',
      'captures/r7/triage-endpoint/b/2026/03/03/00/',
    ]);
  });
});

describe('pairing', () => {
  const answer = (id: string, body: unknown, atMillis = OPENED) => ({
    id,
    atMillis,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  test('the same request is compared once, whichever file comes first', () => {
    const pairing = new Pairing({});
    pairing.add('shadow', [answer('d1', { label: 'ham', score: 1 }), answer('d2', { label: 'ham' })]);
    pairing.add('stable', [answer('d2', { label: 'spam' }), answer('d1', { score: 1, label: 'ham' }), answer('d3', {})]);
    expect(pairing.counts).toEqual({ compared: 2, agreed: 1, withoutField: 0 });
    expect(pairing.waitingCount).toBe(1);
  });

  test.each([
    [
      'equal fields',
      { field: 'label' },
      { label: 'ham', score: 0.1 },
      { label: 'ham', score: 0.9 },
      { compared: 1, agreed: 1, withoutField: 0 },
    ],
    ['a nested field', { field: 'a[0].b' }, { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, { compared: 1, agreed: 0, withoutField: 0 }],
    ['a field that one lacks', { field: 'label' }, { label: 'ham' }, { other: 'ham' }, { compared: 1, agreed: 0, withoutField: 0 }],
    ['a field that both lack', { field: 'label' }, { other: 1 }, { other: 1 }, { compared: 0, agreed: 0, withoutField: 1 }],
    ['close numbers', { field: 'score', tolerance: 0.05 }, { score: 0.5 }, { score: 0.54 }, { compared: 1, agreed: 1, withoutField: 0 }],
    ['distant numbers', { field: 'score', tolerance: 0.05 }, { score: 0.5 }, { score: 0.56 }, { compared: 1, agreed: 0, withoutField: 0 }],
    ['close vectors', { tolerance: 0.1 }, { v: [1, 2] }, { v: [1.05, 2] }, { compared: 1, agreed: 1, withoutField: 0 }],
    ['vectors of two lengths', { tolerance: 0.1 }, [1, 2], [1], { compared: 1, agreed: 0, withoutField: 0 }],
    ['other members', { tolerance: 0.1 }, { a: 1 }, { b: 1 }, { compared: 1, agreed: 0, withoutField: 0 }],
    ['texts', {}, 'yes', 'yes', { compared: 1, agreed: 1, withoutField: 0 }],
    ['other texts', {}, 'yes', 'no', { compared: 1, agreed: 0, withoutField: 0 }],
  ])('%s', (_, rule, stable, shadow, counts) => {
    const pairing = new Pairing(rule);
    pairing.add('stable', [answer('d', stable)]);
    pairing.add('shadow', [answer('d', shadow)]);
    expect(pairing.counts).toEqual(counts);
  });

  test('a function that does not fit what it finds finds nothing', () => {
    const pairing = new Pairing({ field: 'length(label)' });
    pairing.add('stable', [answer('d', { label: 1 })]);
    pairing.add('shadow', [answer('d', { label: 1 })]);
    expect(pairing.counts).toEqual({ compared: 0, agreed: 0, withoutField: 1 });
  });

  test('a field that is no JMESPath is refused by name', () => {
    expect(() => checkField('scores[0].value')).not.toThrow();
    expect(() => checkField('length(label)')).not.toThrow();
    expect(() => checkField('nothing(label)')).toThrow(/which is no JMESPath/);
    expect(() => checkField('scores[')).toThrow(/shadow\.agreement\.field is 'scores\['/);
  });

  test('answers to requests that were not copied are forgotten', () => {
    const pairing = new Pairing({});
    pairing.add('stable', [answer('old', 1), answer('new', 1, minutesLater(10))]);
    pairing.forget(minutesLater(16));
    expect(pairing.waitingCount).toBe(1);
  });
});

describe('evidence of disagreement', () => {
  test.each([0.5, 0.9, 0.99])(
    'a shadow that agrees in just %s is ended early in at most 5 %% of phases, at a look each answer',
    (demanded) => {
      let state = 20_260_302;
      // Numerical Recipes' generator: the same draws in every run.
      const random = (): number => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
      let ended = 0;
      for (let phase = 0; phase < 200; phase += 1) {
        let agreed = 0;
        for (let compared = 1; compared <= 250; compared += 1) {
          if (random() < demanded) agreed += 1;
          if (!surelyBelow(agreed, compared, demanded)) continue;
          ended += 1;
          break;
        }
      }
      expect(ended / 200).toBeLessThanOrEqual(0.05);
    },
  );

  test.each([
    [30, 50, 0.9, true],
    [40, 50, 0.9, false],
    [95, 100, 0.9, false],
    [99, 100, 1, false],
    [90, 100, 1, true],
    [0, 0, 0.9, false],
  ])('%d of %d against %d', (agreed, compared, demanded, expected) => {
    expect(surelyBelow(agreed, compared, demanded)).toBe(expected);
  });
});

describe('the verdict on a shadow', () => {
  const policy: ShadowPolicy = {
    bakeMinutes: 60,
    samplingShare: 1,
    agreementField: 'label',
    agreementAtLeast: 0.9,
    latencyRatioAtMost: 1.5,
    errorRateAbove: 0.02,
    minimumAnswers: 50,
  };
  const good = {
    policy,
    inconclusive: 'hold' as const,
    openedAtMillis: OPENED,
    nowMillis: minutesLater(60),
    pairs: { compared: 100, agreed: 95, withoutField: 0 },
    stable: { requests: 100, failures: 1, p95Millis: 40 },
    shadow: { requests: 100, failures: 2, p95Millis: 50 },
    filesLeft: 0,
  };

  test('a disagreement beyond doubt ends it early, on as many answers as it takes', () => {
    const early = (agreed: number, compared: number) =>
      judgeShadow({ ...good, nowMillis: minutesLater(30), pairs: { compared, agreed, withoutField: 0 } }).decision;
    expect(early(0, 49)).toBe('continue');
    expect(early(30, 50)).toBe('roll-back');
    expect(early(44, 50)).toBe('continue');
    const silent = { ...good, policy: { ...policy, agreementAtLeast: undefined }, nowMillis: minutesLater(30) };
    expect(judgeShadow({ ...silent, pairs: { compared: 100, agreed: 0, withoutField: 0 } }).decision).toBe('continue');
  });

  test('otherwise says nothing before it has baked', () => {
    const look = { ...good, nowMillis: minutesLater(59), shadow: { requests: 100, failures: 100 } };
    expect(judgeShadow(look)).toMatchObject({ decision: 'continue', passed: false, reason: expect.stringContaining('1 minutes to go') });
  });

  test('reads every file first', () => {
    expect(judgeShadow({ ...good, filesLeft: 3 }).decision).toBe('continue');
  });

  test('advances, and says how many agree', () => {
    const verdict = judgeShadow(good);
    expect(verdict).toMatchObject({ decision: 'advance', passed: true, reason: "95 % of 100 answers agree with stable's" });
    expect(verdict.measured.map(({ value, passed }) => [value, passed])).toEqual([
      [0.02, true],
      [0.95, true],
      [1.25, true],
    ]);
  });

  test.each([
    [
      'shadow-agreement',
      { pairs: { compared: 100, agreed: 89, withoutField: 0 } },
      'share of answers that agree in label is 0.89, demanded is at least 0.9',
    ],
    ['shadow-latency', { shadow: { requests: 100, failures: 0, p95Millis: 61 } }, 'is 1.525, demanded is at most 1.5'],
    ['shadow-errors', { shadow: { requests: 100, failures: 4, p95Millis: 40 } }, "is 0.04, demanded is at most 0.02 above stable's"],
    // A shadow that fails has nothing to compare, and is no mystery.
    ['shadow-errors', { pairs: { compared: 0, agreed: 0, withoutField: 0 }, shadow: { requests: 100, failures: 100 } }, 'is 1,'],
  ])('%s rolls back', (culprit, change, reason) => {
    expect(judgeShadow({ ...good, ...change })).toMatchObject({
      decision: 'roll-back',
      culprit,
      passed: false,
      reason: expect.stringContaining(reason),
    });
  });

  test.each([
    ['hold', 'hold'],
    ['roll-back', 'roll-back'],
  ] as const)('too few answers say nothing: inconclusive is %s', (inconclusive, decision) => {
    const look = { ...good, inconclusive, pairs: { compared: 49, agreed: 49, withoutField: 10 } };
    const verdict = judgeShadow(look);
    expect(verdict).toMatchObject({ decision, passed: false });
    expect(verdict.culprit).toBeUndefined();
    expect(verdict.reason).toBe(
      '49 answers could be compared in 60 minutes, fewer than 50; 10 more do not have label; the shadow got 100 requests',
    );
  });

  test('what is not demanded is reported only', () => {
    const bare = { bakeMinutes: 60, samplingShare: 1, errorRateAbove: 1, minimumAnswers: 10 };
    const verdict = judgeShadow({ ...good, policy: bare, pairs: { compared: 100, agreed: 1, withoutField: 0 } });
    expect(verdict.decision).toBe('advance');
    expect(verdict.measured[1]).toEqual({ name: 'share of answers that agree', value: 0.01, passed: true, count: 100 });
  });

  test('failures that could not be measured fail', () => {
    expect(judgeShadow({ ...good, shadow: { requests: 0, failures: 0 } })).toMatchObject({
      decision: 'roll-back',
      culprit: 'shadow-errors',
    });
  });

  test('a latency that is demanded and was not measured fails', () => {
    const verdict = judgeShadow({ ...good, stable: { requests: 100, failures: 1 } });
    expect(verdict).toMatchObject({
      decision: 'roll-back',
      culprit: 'shadow-latency',
      reason: expect.stringContaining('could not be measured'),
    });
  });
});
