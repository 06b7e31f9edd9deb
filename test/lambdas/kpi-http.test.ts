import { posted } from './support';
import { takeKpis } from '../../lambdas/kpi-http/kpi-http';
import type { HttpEvent } from '../../lambdas/shared/http';

const EVENT = {
  schema: 'sluice.kpi/v1',
  useCase: 'support-triage',
  eventId: 'e1',
  kpi: 'missed-spam',
  decisionId: 'k1.c',
  value: 1,
  observedAt: '2026-03-02T09:00:00Z',
};

async function post(body: unknown, { path = '/', method = 'POST', fails = false } = {}) {
  const sent: unknown[] = [];
  const warnings: string[] = [];
  const answer = await takeKpis(
    {
      useCase: 'support-triage',
      send: async (events) => {
        if (fails) throw new Error('no queue');
        sent.push(...events);
      },
      warn: (message) => warnings.push(message),
    },
    posted(path, body, undefined, method) as HttpEvent,
  );
  return { status: answer.statusCode, body: JSON.parse(String(answer.body)) as Record<string, unknown>, sent, warnings };
}

test.each([
  ['{"events": […]}', { events: [EVENT] }],
  ['a bare array', [EVENT]],
  ['one event', EVENT],
])('takes %s', async (_, body) => {
  expect(await post(body)).toMatchObject({
    status: 202,
    body: { accepted: 1, refused: 0, events: [{ index: 0, eventId: 'e1', status: 'accepted' }] },
    sent: [EVENT],
  });
});

test('says of each event what became of it; what is refused is handed on all the same, to be kept and counted', async () => {
  const bad = { ...EVENT, eventId: 'e2', value: -1 };
  const foreign = { ...EVENT, eventId: 'e3', useCase: 'other' };
  const large = { ...EVENT, eventId: 'e4', note: 'x'.repeat(300_000) };
  const { status, body, sent } = await post([EVENT, bad, foreign, large, 7, null]);
  expect(status).toBe(202);
  expect(body).toMatchObject({
    accepted: 1,
    refused: 5,
    events: [
      { index: 0, status: 'accepted' },
      { index: 1, eventId: 'e2', status: 'refused', reason: 'bad-value', detail: expect.stringContaining('value') },
      { index: 2, eventId: 'e3', reason: 'wrong-use-case', detail: expect.stringContaining("'other'") },
      { index: 3, eventId: 'e4', reason: 'too-large', detail: expect.stringContaining('at most 16384') },
      { index: 4, reason: 'malformed' },
      { index: 5, reason: 'malformed' },
    ],
  });
  expect(sent).toEqual([EVENT, bad, foreign, large, 7, null]);
});

test('takes 1 000 events at a time, and not one more', async () => {
  const many = Array.from({ length: 1_001 }, (_, index) => ({ ...EVENT, eventId: `e${index}` }));
  expect(await post(many.slice(1))).toMatchObject({ status: 202, body: { accepted: 1_000 } });
  expect(await post(many)).toMatchObject({ status: 413, body: { error: 'The request holds 1001 events' }, sent: [] });
});

test('NaN and Infinity spoil their own event alone', async () => {
  const text = `[${JSON.stringify(EVENT)}, ${JSON.stringify({ ...EVENT, eventId: 'e2', value: 7 }).replace('7', 'NaN')}]`;
  expect(await post(text)).toMatchObject({ status: 202, body: { accepted: 1, refused: 1 } });
});

test.each([
  ['no JSON', '{"events": [', 400, /no JSON object/],
  ['an empty body', '', 400, /no JSON object/],
  ['no event', [], 400, /holds no event/],
  ['events that are no array', { events: 5 }, 400, /"events" is no array but number/],
])('refuses %s with a reason and a way out', async (_, body, status, error) => {
  const answer = await post(body);
  expect(answer).toMatchObject({
    status,
    body: { error: expect.stringMatching(error), allowed: expect.any(String), next: expect.any(String) },
  });
  expect(answer.sent).toEqual([]);
});

test('all refused is a bad request', async () => {
  expect(await post([{ ...EVENT, value: 'many' }])).toMatchObject({ status: 400, body: { accepted: 0, refused: 1 } });
});

test.each([
  ['GET', '/'],
  ['POST', '/events'],
])('there is no %s %s', async (method, path) => {
  expect(await post(EVENT, { method, path })).toMatchObject({ status: 404, sent: [] });
});

test('without a queue the caller is told to send again', async () => {
  const { status, body, warnings } = await post(EVENT, { fails: true });
  expect([status, warnings.length]).toEqual([503, 1]);
  expect(body).toMatchObject({ next: expect.stringContaining('Send it again') });
});
