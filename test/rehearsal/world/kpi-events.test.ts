import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KpiObserved } from '../../../core/contracts';
import { kpiEventSchema } from '../../../core/observation';
import { createRandom } from '../../../rehearsal/kernel/random';
import { GARBAGE_KINDS } from '../../../rehearsal/world/kpi-events-schema';
import { FileRoute, HttpsRoute } from '../../../rehearsal/world/kpi-batch-routes';
import { garbageText } from '../../../rehearsal/world/kpi-garbage';
import { guardedOutcomes } from '../../../rehearsal/world/guarded-modules';
import { KpiHabits } from '../../../rehearsal/world/kpi-habits';
import { KpiProducer } from '../../../rehearsal/world/kpi-producer';
import { EventBridgeRoute, SqsRoute } from '../../../rehearsal/world/kpi-routes';
import { loadScenarios } from '../../../rehearsal/world/load-scenario';
import type { Scenario } from '../../../rehearsal/world/scenario-schema';
import type { OutcomesInput } from '../../../rehearsal/world/user-modules';
import { FakeCloud } from '../support/fake-cloud';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE = 60_000;

/** A scenario file with this line, read as the command reads it. */
function load(line: string): Scenario {
  const directory = mkdtempSync(path.join(tmpdir(), 'kpi-events-'));
  mkdirSync(path.join(directory, 'scenarios'));
  const text = `title: t\nduration: 1d\ntraffic: { perMinute: 1 }\narms: { stable: { model: m.mjs } }\n${line}\n`;
  writeFileSync(path.join(directory, 'scenarios', 's.yaml'), text);
  return loadScenarios(directory, 's')[0]!.scenario;
}

describe('the language of KPI events', () => {
  test('says nothing of what is left out', () => {
    expect(load('').kpiEvents).toEqual({ route: 'eventbridge', every: 5 * MINUTE, identify: 'decisionId' });
  });

  test.each([
    ['{ duplicate: { share: 0.2 } }', { duplicate: { at: 0, share: 0.2, by: MINUTE } }],
    ['{ delay: { by: 20m, at: 1h, for: 2h } }', { delay: { at: 60 * MINUTE, for: 120 * MINUTE, share: 1, by: 20 * MINUTE } }],
    ['{ reorder: { share: 0.5, by: 5m }, lose: { share: 0.01 } }', { lose: { at: 0, share: 0.01 } }],
    ['{ garbage: { perMinute: 2 } }', { garbage: { at: 0, perMinute: 2, kinds: [...GARBAGE_KINDS] } }],
    ['{ route: https, every: 1m, identify: inferenceId }', { route: 'https', every: MINUTE, identify: 'inferenceId' }],
  ])('takes %s', (text, means) => {
    expect(load(`kpiEvents: ${text}`).kpiEvents).toMatchObject(means);
  });

  test.each([
    ['{ duplicates: { share: 0.2 } }', /kpiEvents\.duplicates[\s\S]*allowed: [\s\S]*duplicate[\s\S]*Did you mean "duplicate"/],
    ['{ duplicate: { share: 2 } }', /kpiEvents\.duplicate\.share[\s\S]*given: {3}2/],
    ['{ reorder: { share: 0.5 } }', /kpiEvents\.reorder\.by[\s\S]*is missing/],
    ['{ delay: { by: soon } }', /kpiEvents\.delay\.by[\s\S]*given: {3}"soon"[\s\S]*a duration such as/],
    ['{ route: kafka }', /kpiEvents\.route[\s\S]*allowed: one of eventbridge, sqs, https, file/],
    ['{ garbage: { perMinute: 1, kinds: [nan, minus] } }', /kpiEvents\.garbage\.kinds\[1\][\s\S]*given: {3}"minus"[\s\S]*negative/],
    ['{ garbage: { kinds: [nan] } }', /kpiEvents\.garbage\.perMinute[\s\S]*is missing/],
  ])('refuses %s', (text, message) => {
    expect(() => load(`kpiEvents: ${text}`)).toThrow(message);
  });
});

describe('habits', () => {
  const fates = (line: string, atMillis: number, times = 2000) => {
    const habits = new KpiHabits(load(line), START, createRandom(1));
    return Array.from({ length: times }, () => habits.fateAt(atMillis));
  };
  const share = <T>(all: T[], is: (one: T) => boolean): number => all.filter(is).length / all.length;

  test('show with their share, by any time up to the limit', () => {
    const all = fates('kpiEvents: { duplicate: { share: 0.3, by: 10m }, reorder: { share: 0.5, by: 4m }, lose: { share: 0.1 } }', START);
    expect(share(all, ({ copyAfterMillis }) => copyAfterMillis !== undefined)).toBeCloseTo(0.3, 1);
    expect(share(all, ({ heldMillis }) => heldMillis > 0)).toBeCloseTo(0.5, 1);
    expect(share(all, ({ lost }) => lost)).toBeCloseTo(0.1, 1);
    const held = all.map(({ heldMillis }) => heldMillis).filter((millis) => millis > 0);
    expect(Math.max(...held)).toBeLessThanOrEqual(4 * MINUTE);
    expect(held.filter((millis) => millis > 2 * MINUTE).length / held.length).toBeCloseTo(0.5, 1);
  });

  test('begin and end when they are said to', () => {
    const line = 'kpiEvents: { delay: { by: 7m, at: 1h, for: 30m } }';
    const delayAt = (minutes: number) => fates(line, START + minutes * MINUTE, 1)[0]!.delayMillis;
    expect([59, 60, 89, 90].map(delayAt)).toEqual([0, 7 * MINUTE, 7 * MINUTE, 0]);
  });

  test('a fault sends a copy exactly as much later as it says, a minute where it says nothing', () => {
    expect(fates('faults: [{ at: 0s, kpi: duplicate }]', START, 1)[0]!.copyAfterMillis).toBe(MINUTE);
    expect(fates('faults: [{ at: 0s, kpi: duplicate, by: 3m }]', START, 1)[0]!.copyAfterMillis).toBe(3 * MINUTE);
  });
});

describe('garbage', () => {
  const good: KpiObserved = {
    schema: 'sluice.kpi/v1',
    useCase: 'toy',
    eventId: 'e1',
    kpi: 'mistakes',
    decisionId: 'k1.cr2-x.1.u.n.macA',
    value: 1,
    observedAt: '2026-03-02T10:00:00Z',
  };

  test('is made of an event that would be taken', () => {
    expect(kpiEventSchema.safeParse(good).success).toBe(true);
  });

  test.each(GARBAGE_KINDS)('%s is another text, and keeps the id of the event', (kind) => {
    const text = garbageText(kind, good, false);
    expect(text).not.toBe(JSON.stringify(good));
    expect(JSON.parse(text)).toMatchObject({ eventId: 'e1' });
  });

  test('is no JSON where the way takes any text', () => {
    expect(() => JSON.parse(garbageText('nan', good, true)) as unknown).toThrow();
    expect(garbageText('nan', good, true)).toContain('"value":NaN');
    expect(garbageText('infinity', good, true)).toContain('"value":1e999');
  });

  test('forges whatever names the arm', () => {
    const rest = { ...good, decisionId: undefined };
    expect(JSON.parse(garbageText('forged-id', good, false))).toMatchObject({ decisionId: 'k1.cr2-x.1.u.n.macB' });
    expect(JSON.parse(garbageText('forged-id', { ...rest, inferenceId: 'x.B' }, false))).toMatchObject({ inferenceId: 'x.A' });
    expect(JSON.parse(garbageText('forged-id', { ...rest, variant: 'v' }, false))).toMatchObject({ variant: 'a-variant-of-nobody' });
  });
});

describe('ways', () => {
  const texts = (count: number) => Array.from({ length: count }, (_, index) => `{"n":${index}}`);

  test('the bus is asked again until it takes an event, and believed when it never will', async () => {
    const cloud = new FakeCloud();
    const answers = [{ ErrorCode: 'InternalFailure' }, {}, { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }];
    cloud.stub('eventbridge', { PutEvents: () => ({ Entries: [answers.shift()] }) });
    const route = new EventBridgeRoute(cloud);
    const both = Promise.all([route.send('{}').then(() => cloud.clock.now()), route.send('x')]);
    await cloud.clock.run();
    const [, refused] = await both;
    expect(cloud.calls).toHaveLength(3);
    expect([refused, answers.length]).toEqual([{}, 0]);
  });

  test('a queue, a URL and a bucket that the stack does not have are bad input that says what to do', async () => {
    const cloud = new FakeCloud();
    const nowhere = () => undefined;
    expect(() => new SqsRoute(cloud, nowhere).send('{}')).toThrow(/route: sqs needs the stack's output ObservationQueueUrl/);
    const invokeUrl = () => Promise.reject(new Error('not asked'));
    const https = expect(new HttpsRoute(cloud, MINUTE, nowhere, invokeUrl).send('{}')).rejects.toThrow(/KpiUrl[\s\S]*kpiHttp: true/);
    const file = expect(new FileRoute(cloud, MINUTE, nowhere).send('{}')).rejects.toThrow(/KpiFileBucketName[\s\S]*kpiFiles: true/);
    await cloud.clock.run();
    await Promise.all([https, file]);
  });

  test('events gather, and go over HTTPS by the thousand', async () => {
    const cloud = new FakeCloud();
    const sizes: number[] = [];
    const statuses = [503, 202, 400];
    const route = new HttpsRoute(
      cloud,
      MINUTE,
      () => 'https://url',
      (_url, { body }) => {
        sizes.push((JSON.parse(new TextDecoder().decode(body)) as { events: unknown[] }).events.length);
        return Promise.resolve({ status: statuses.shift() ?? 500, headers: {}, body: new Uint8Array() });
      },
    );
    const sent = Promise.all(texts(1500).map((text) => route.send(text)));
    await cloud.clock.run();
    expect(new Set((await sent).map(({ refused }) => refused))).toEqual(new Set([undefined]));
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  test('a URL that denies the producer is told', async () => {
    const cloud = new FakeCloud();
    const denied = { status: 403, headers: {}, body: new TextEncoder().encode('Forbidden') };
    const route = new HttpsRoute(
      cloud,
      MINUTE,
      () => 'https://url',
      () => Promise.resolve(denied),
    );
    const sent = route.send('{}');
    await cloud.clock.run();
    expect(await sent).toEqual({ refused: 'HTTP 403: Forbidden' });
  });

  test('files hold a line for each event', async () => {
    const cloud = new FakeCloud();
    const files: [string, string][] = [];
    cloud.stub('s3', {
      PutObject: ({ Key, Body }) => {
        files.push([Key as string, new TextDecoder().decode(Body as Uint8Array)]);
        return {};
      },
    });
    const route = new FileRoute(cloud, MINUTE, () => 'bucket');
    const sent = Promise.all(texts(2).map((text) => route.send(text)));
    await cloud.clock.run();
    await sent;
    expect(files).toEqual([['outcomes/000001.jsonl', '{"n":0}\n{"n":1}\n']]);
  });
});

describe('what an outcomes module may return', () => {
  const input = {} as OutcomesInput;
  const returned = (value: unknown) => () => guardedOutcomes(() => value as never, 'outcomes.mjs')(input);

  test.each([
    [[]],
    [[{ kpi: 'cost', value: 12.5, delayMinutes: 0 }]],
    [[{ kpi: 'spam', value: true, delayMinutes: 5, corrections: [{ value: false, afterMinutes: 60 }] }]],
    [[{ kpi: 'spam', value: true, delayMinutes: 5, truth: 'spam', corrections: [{ value: false, afterMinutes: 60, truth: 'ham' }] }]],
    [[{ kpi: 'error-minutes', value: 3, delayMinutes: 5, truth: -12.5 }]],
  ])('%j', (value) => {
    expect(returned(value)()).toEqual(value);
  });

  test.each([
    ['a number that is none', [{ kpi: 'cost', value: Number.NaN, delayMinutes: 0 }], /value: NaN/],
    ['a text', [{ kpi: 'cost', value: '12', delayMinutes: 0 }], /value: '12'/],
    ['a time before the decision', [{ kpi: 'cost', value: 1, delayMinutes: -1 }], /delayMinutes: -1/],
    [
      'a correction without a time',
      [{ kpi: 'cost', value: 1, delayMinutes: 1, corrections: [{ value: 2 }] }],
      /corrections: \[ \{ value: 2 \} \]/,
    ],
    ['a truth that is a mapping', [{ kpi: 'cost', value: 1, delayMinutes: 1, truth: { label: 'a' } }], /truth: \{ label: 'a' \}/],
    ['a truth that is too long', [{ kpi: 'cost', value: 1, delayMinutes: 1, truth: 'x'.repeat(257) }], /xxx/],
    ['a promise', Promise.resolve([]), /a promise/],
  ])('not %s', (_what, value, message) => {
    expect(returned(value)).toThrow(message);
  });
});

test('an event carries the truth that its outcome knows, and a correction a newer one or the same', async () => {
  const cloud = new FakeCloud();
  const texts: string[] = [];
  const producer = new KpiProducer({
    cloud,
    random: createRandom(1),
    route: { takesAnyText: true, bringsOthers: true, send: (text) => (texts.push(text), Promise.resolve({})) },
    habits: new KpiHabits(load(''), START, createRandom(1)),
    useCase: 'toy',
    identify: 'decisionId',
    byVariant: new Set(),
  });
  const corrections = [
    { value: 4, afterMinutes: 5 },
    { value: 5, afterMinutes: 5, truth: 21 },
  ];
  const of = { unit: 'u', decisionId: 'd', releaseId: 'r1-aaaaaaaa', decidedAtMillis: START };
  producer.observe(
    [
      { kpi: 'error', value: 3, delayMinutes: 1, truth: 18, corrections },
      { kpi: 'clicks', value: 1, delayMinutes: 30 },
    ],
    of,
  );
  await cloud.clock.run();
  const events = texts.map((text) => kpiEventSchema.parse(JSON.parse(text)));
  expect(events.map(({ kpi, revision = 0, truth }) => [kpi, revision, truth])).toEqual([
    ['error', 0, 18],
    ['error', 1, 18],
    ['error', 2, 21],
    ['clicks', 0, undefined],
  ]);
});
