import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kpiEventJsonSchema, kpiEventSchema } from '../../../core/observation';

const PUBLISHED = path.join(__dirname, '../../../constructs-docs/kpi-event.schema.json');

const event = {
  schema: 'sluice.kpi/v1',
  useCase: 'support-triage',
  eventId: 'ticket-1',
  kpi: 'missed-spam',
  decisionId: 'k1.x',
  value: true,
  observedAt: '2026-03-02T09:05:00Z',
};

/** With UPDATE_SCHEMA=1 it is written; then format it. */
test('the published JSON Schema is the one that events are checked with', () => {
  const schema = JSON.stringify(kpiEventJsonSchema(), undefined, 2);
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(PUBLISHED, schema);
  expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(schema));
});

test.each([
  [{}],
  [{ value: 0 }],
  [{ value: 3.75 }],
  [{ observedAt: '2026-03-02T10:05:00.123456+01:00' }],
  [{ decisionId: undefined, inferenceId: 'k1.x' }],
  [{ decisionId: undefined, variant: 'a', decidedAt: '2026-03-02T09:00:00Z', unit: 'user 7' }],
  [{ revision: 4, comment: 'ignored' }],
])('takes %j', (more) => {
  expect(kpiEventSchema.safeParse({ ...event, ...more }).success).toBe(true);
});

test.each([
  [{ schema: 'sluice.kpi/v2' }],
  [{ value: -1 }],
  [{ value: Number.NaN }],
  [{ value: Number.POSITIVE_INFINITY }],
  [{ value: '1' }],
  [{ value: null }],
  [{ observedAt: '2026-02-30T09:05:00Z' }],
  [{ observedAt: '2026-03-02T09:05:00' }],
  [{ observedAt: 1_772_442_000 }],
  [{ eventId: '' }],
  [{ eventId: 'x'.repeat(129) }],
  [{ decisionId: undefined }],
  [{ decisionId: undefined, variant: 'a' }],
  [{ revision: -1 }],
  [{ revision: 1.5 }],
])('refuses %j', (more) => {
  expect(kpiEventSchema.safeParse({ ...event, ...more }).success).toBe(false);
});
