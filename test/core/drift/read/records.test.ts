import { type CapturedRecord, createCellReader, createRecordReader } from '../../../../core/drift/read';
import { categorical, lineOf, numeric } from './lines';

function records(...lines: string[]): { found: CapturedRecord[]; counts: Record<string, number> } {
  const found: CapturedRecord[] = [];
  const reader = createRecordReader((record) => found.push(record), { fromMillis: Date.UTC(2026, 2, 2, 9) });
  reader.begin('f');
  reader.take(Buffer.from(lines.join('\n')));
  return { found, counts: reader.finish().counts };
}

test('whole records, decoded', () => {
  const { found, counts } = records(
    lineOf({
      request: Buffer.from('a,b').toString('base64'),
      requestType: 'text/csv',
      requestEncoding: 'BASE64',
      answer: '{"score":1}',
      inferenceId: 'i',
    }),
    lineOf({ time: '2026-03-02T08:59:59Z' }),
    'broken',
  );
  expect(found).toEqual([
    {
      id: 'i',
      atMillis: Date.UTC(2026, 2, 2, 9, 5, 7),
      request: { text: 'a,b', contentType: 'text/csv' },
      answer: { text: '{"score":1}', contentType: 'application/json' },
    },
  ]);
  expect(counts).toEqual({ 'the line is no JSON': 1 });
});

test('the value of one feature in a record', () => {
  const policy = { features: [numeric('score', 'scores[0].value', 'output'), categorical('plan', 'plan')], csv: undefined };
  const [record] = records(lineOf({ request: '{"plan":"pro"}', answer: '{"scores":[{"value":0.75}]}' })).found as [CapturedRecord];
  expect(createCellReader({ features: policy.features }, 'score')(record)).toBe(0.75);
  expect(createCellReader({ features: policy.features }, 'plan')(record)).toBe('pro');
  expect(createCellReader({ features: policy.features }, 'score')({ id: 'x', atMillis: 0 })).toBeUndefined();
  expect(() => createCellReader({ features: policy.features }, 'other')).toThrow('there is no feature other: give one of score, plan');
});
