import type { KpiObserved, TruthPolicy } from '../../../../core/contracts';
import { drawn, labelled, matureHour } from '../../../../core/drift/look/quality-join';
import { readTruth, type Truth, truthKey, truthLine, truthLineOf } from '../../../../core/drift/look/truth';

const EVENT: KpiObserved = {
  schema: 'sluice.kpi/v1',
  useCase: 'u',
  eventId: 'e1',
  kpi: 'k',
  decisionId: 'd1',
  value: true,
  truth: 'spam',
  observedAt: '2026-03-02T09:00:00Z',
};

const read = (...lines: string[]): { truths: Map<string, Truth>; bad: number } => {
  const truths = new Map<string, Truth>();
  return { bad: readTruth(lines.join('\n'), truths), truths };
};

test('what is written is read', () => {
  const { truths, bad } = read(truthLine(EVENT) ?? '');
  expect(bad).toBe(0);
  expect([...truths]).toEqual([['d1', { value: 'spam', revision: 0, observedAt: EVENT.observedAt }]]);
});

test('an event without truth, or of no decision, has no line; an inference id is a decision', () => {
  const { truth, ...none } = EVENT;
  expect(truthLine(none)).toBeUndefined();
  const variant: KpiObserved = { ...none, ...(truth === undefined ? {} : { truth }) };
  delete variant.decisionId;
  expect(truthLine(variant)).toBeUndefined();
  expect([...read(truthLine({ ...variant, inferenceId: 'i1' }) ?? '').truths.keys()]).toEqual(['i1']);
});

test('the newest revision stays, in any order of lines and files', () => {
  const line = (value: string, revision: number, observedAt = '2026-03-02T09:00:00Z'): string =>
    truthLineOf('d', { value, revision, observedAt });
  const lines = [line('a', 0), line('b', 2), line('c', 1), line('d', 2, '2026-03-02T08:00:00Z'), line('e', 2, '2026-03-02T08:00:00Z')];
  expect(read(...lines).truths.get('d')?.value).toBe('d');
  expect(read(...lines.toReversed()).truths.get('d')?.value).toBe('d');
});

test.each(['', '{', 'null', '[]', '{"eventMetadata":{"eventId":"d"}}', '{"eventMetadata":{"eventId":1},"groundTruthData":{"data":"x"}}'])(
  'the line %p is no truth',
  (line) => {
    const { truths, bad } = read(line);
    expect(truths.size).toBe(0);
    expect(bad).toBe(line === '' ? 0 : 1);
  },
);

test('a file is named by its events and its hour', () => {
  const at = Date.parse('2026-03-02T09:30:00Z');
  expect(truthKey(at, ['a', 'b'])).toBe(truthKey(at + 60_000, ['b', 'a']));
  expect(truthKey(at, ['a', 'b'])).not.toBe(truthKey(at, ['a', 'c']));
  expect(truthKey(at, ['a'])).toMatch(/^truth\/2026\/03\/02\/09\//);
});

test('the same labels are drawn whatever their order', () => {
  const entries = Array.from({ length: 1000 }, (_, index): [string, Truth] => [`d${index}`, { value: 'x', revision: 0, observedAt: '' }]);
  const some = [...drawn(new Map(entries), 100).keys()];
  expect(some).toHaveLength(100);
  expect([...drawn(new Map(entries.toReversed()), 100).keys()]).toEqual(some);
  expect(drawn(new Map(entries), 1000).size).toBe(1000);
});

test('numbers are compared as numbers where amounts are predicted', () => {
  expect(labelled({ kind: 'regression' }, { value: '17.50' }, 17, undefined)).toEqual({ truth: 17.5, prediction: 17 });
  expect(labelled({ kind: 'regression' }, { value: 'late' }, 17, undefined)).toEqual({ truth: 'late', prediction: 17 });
  expect(labelled({ kind: 'classification' }, { value: '1' }, '1', 0.9)).toEqual({ truth: '1', prediction: '1', confidence: 0.9 });
  expect(labelled({ kind: 'classification' }, { value: '1' }, undefined, 0.9)).toBeUndefined();
});

test.each([
  [60, 98],
  [61, 97],
  [180, 96],
])('truth that comes within %d minutes is whole for hour %d', (windowMinutes, hour) => {
  const policy: TruthPolicy = { prediction: 'p', kind: 'regression', windowMinutes, minimumLabels: 1 };
  expect(matureHour(100, policy)).toBe(hour);
});
