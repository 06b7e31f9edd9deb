import { fakeClient, fakeLedger, START } from './support';
import type { S3Client } from '@aws-sdk/client-s3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { gzipSync } from 'node:zlib';
import type { KpiObserved, RejectedEvent } from '../../core/contracts';
import { unpackRejected } from '../../core/observation';
import { eventOfRow, rowId } from '../../lambdas/kpi-file/event-of-row';
import { keepRows } from '../../lambdas/kpi-file/keep';
import { type KpiFileParts, readFile } from '../../lambdas/kpi-file/kpi-file';
import { type FileProgress, progressOf } from '../../lambdas/kpi-file/progress';
import { resultOf } from '../../lambdas/kpi-file/result';

const BUCKET = 'kpis';
const ETAG = '0123456789abcdef0123456789abcdef';

const dropped = (key: string, content: Uint8Array): FileProgress =>
  progressOf({
    body: JSON.stringify({
      'detail-type': 'Object Created',
      time: '2026-03-02T09:00:00Z',
      detail: { bucket: { name: BUCKET }, object: { key, size: content.length, etag: ETAG, 'version-id': 'v1' } },
    }),
  });

interface World {
  sent: KpiObserved[];
  /** Messages of this handler to itself. */
  further: { progress: FileProgress; delaySeconds: number }[];
  bad: RejectedEvent[];
  results: Record<string, unknown>[];
  measured: FileProgress['rejected'][];
  reads: { Range: string; VersionId: string }[];
  replays: unknown[];
}

/** The handler with a bucket of one file. */
function worldOf(content: Uint8Array, options: Partial<Pick<KpiFileParts, 'backlog' | 'hasTime' | 'send'>> = {}) {
  const world: World = { sent: [], further: [], bad: [], results: [], measured: [], reads: [], replays: [] };
  const { client: s3 } = fakeClient<S3Client>({
    GetObject: (input) => {
      world.reads.push(input as never);
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(input['Range'] as string) ?? [];
      return { Body: { transformToByteArray: async () => content.slice(Number(start), Number(end) + 1) } };
    },
  });
  const parts: KpiFileParts = {
    useCase: 'support-triage',
    s3,
    send: async (events, { replay }) => {
      world.sent.push(...(events as KpiObserved[]));
      world.replays.push(replay);
    },
    hasTime: () => true,
    backlog: async () => 0,
    goOn: async (progress, delaySeconds) =>
      void world.further.push({ progress: JSON.parse(JSON.stringify(progress)) as FileProgress, delaySeconds }),
    keep: async (rows) => void world.bad.push(...rows),
    measure: (rejected) => void world.measured.push(rejected),
    conclude: async (progress) => void world.results.push(resultOf(progress, 'now') as Record<string, unknown>),
    ...options,
  };
  return { world, parts };
}

/** Reads on until the file says that it is done. */
async function readWhole(key: string, content: Uint8Array, options: Partial<Pick<KpiFileParts, 'backlog' | 'hasTime' | 'send'>> = {}) {
  const { world, parts } = worldOf(content, options);
  await readFile(parts, dropped(key, content));
  while (world.results.length === 0) {
    const next = world.further.at(-1);
    if (next === undefined) throw new Error('neither a result nor a next chunk');
    await readFile(parts, next.progress);
  }
  return world;
}

const HEADER = 'eventId,kpi,decisionId,value,observedAt';
const csv = (rows: string[], header = HEADER): Uint8Array => Buffer.from([header, ...rows].join('\n'));
const csvRow = (index: number): string => `e${index},missed-spam,k1.c${index},${index % 2},2026-03-02T08:00:00Z`;

test.each([
  ['a.csv', csv([csvRow(0), csvRow(1)])],
  ['a.csv.gz', gzipSync(csv([csvRow(0), csvRow(1)]))],
  [
    'a.jsonl',
    Buffer.from(
      [0, 1]
        .map((i) =>
          JSON.stringify({ eventId: `e${i}`, kpi: 'missed-spam', decisionId: `k1.c${i}`, value: i, observedAt: '2026-03-02T08:00:00Z' }),
        )
        .join('\n'),
    ),
  ],
  [
    'a.parquet',
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'eventId', data: ['e0', 'e1'], type: 'STRING' },
          { name: 'kpi', data: ['missed-spam', 'missed-spam'], type: 'STRING' },
          { name: 'decisionId', data: ['k1.c0', 'k1.c1'], type: 'STRING' },
          { name: 'value', data: [0, 1], type: 'DOUBLE' },
          { name: 'observedAt', data: [new Date('2026-03-02T08:00:00Z'), new Date('2026-03-02T08:00:00Z')], type: 'TIMESTAMP' },
        ],
      }),
    ),
  ],
])('%s becomes KPI events of this use case, and a result beside it', async (key, content) => {
  const { sent, results, bad } = await readWhole(key, content);
  expect(sent.map(({ observedAt, ...rest }) => ({ ...rest, observedAt: new Date(observedAt).toISOString() }))).toEqual(
    [0, 1].map((index) => ({
      schema: 'sluice.kpi/v1',
      useCase: 'support-triage',
      eventId: `e${index}`,
      kpi: 'missed-spam',
      decisionId: `k1.c${index}`,
      value: index,
      observedAt: '2026-03-02T08:00:00.000Z',
    })),
  );
  expect(results).toEqual([expect.objectContaining({ file: `s3://kpis/${key}`, versionId: 'v1', rows: 2, sent: 2, rejected: 0 })]);
  expect(bad).toEqual([]);
});

test.each([
  ['daily/a.csv', false],
  ['backfill/2025/a.csv', true],
])('%s is a back-fill: %p', async (key, replay) => {
  expect((await readWhole(key, csv([csvRow(1)]))).replays).toEqual([replay]);
});

test('reads the version that was dropped', async () => {
  const { reads } = await readWhole('a.csv', csv([csvRow(1)]));
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.every(({ VersionId }) => VersionId === 'v1')).toBe(true);
});

test('bad rows are kept with file, line and reason; the others are sent', async () => {
  const rows = [
    csvRow(1),
    'e2,missed-spam,k1.c2,-3,2026-03-02T08:00:00Z',
    'e3,missed-spam',
    csvRow(4),
    `e5,missed-spam,k1.c5,1,${'x'.repeat(20_000)}`,
  ];
  const { sent, bad, results, measured } = await readWhole('in/a.csv', csv(rows));
  expect(sent.map(({ eventId }) => eventId)).toEqual(['e1', 'e4']);
  expect(bad.map(({ eventId, reason, detail }) => [eventId, reason, detail])).toEqual([
    ['e2', 'bad-value', expect.stringMatching(/^s3:\/\/kpis\/in\/a\.csv line 3: .*value/s)],
    [`kpis/in/a.csv@${ETAG}#4`, 'malformed', expect.stringContaining('line 4: fields: 2 in the row, 5 in the header')],
    ['e5', 'too-large', expect.stringContaining('line 6: The event has')],
  ]);
  expect(results[0]).toMatchObject({ rows: 5, sent: 2, rejected: 3, rejectedByReason: { malformed: 1, 'bad-value': 1, 'too-large': 1 } });
  expect(measured).toEqual([{ malformed: 1, 'bad-value': 1, 'too-large': 1 }]);
});

test('a large file is read in chunks, each an invocation; every row is sent once', async () => {
  const count = 110_000;
  const content = csv(Array.from({ length: count }, (_, index) => csvRow(index)));
  const world = await readWhole('big.csv', content);
  expect(world.further.map(({ progress }) => progress.rows)).toEqual([100_000]);
  expect(world.sent).toHaveLength(count);
  expect(new Set(world.sent.map(({ eventId }) => eventId)).size).toBe(count);
  expect(world.results[0]).toMatchObject({ rows: count, sent: count });
}, 60_000);

test('stops for the next invocation when its time runs out', async () => {
  let looks = 0;
  const { further, sent } = await readWhole('a.csv', csv(Array.from({ length: 2_000 }, (_, index) => csvRow(index))), {
    hasTime: () => ++looks % 2 === 1,
  });
  expect(further.map(({ progress }) => progress.rows)).toEqual([1_000, 2_000]);
  expect(sent).toHaveLength(2_000);
});

test('a chunk that failed is read again as the same events', async () => {
  const rows = Array.from({ length: 3 }, (_, index) => `missed-spam,k1.c${index},1,2026-03-02T08:00:00Z`);
  const content = csv(rows, 'kpi,decisionId,value,observedAt');
  const failing = worldOf(content, {
    send: async () => {
      throw new Error('no queue');
    },
  });
  await expect(readFile(failing.parts, dropped('a.csv', content))).rejects.toThrow('no queue');
  expect([failing.world.further, failing.world.results]).toEqual([[], []]);
  const [once, again] = [await readWhole('a.csv', content), await readWhole('a.csv', content)];
  expect(once.sent.map(({ eventId }) => eventId)).toEqual([2, 3, 4].map((line) => `kpis/a.csv@${ETAG}#${line}`));
  expect(again.sent).toEqual(once.sent);
});

test('stands aside while many messages wait, but not for ever', async () => {
  const content = csv([csvRow(1)]);
  const { further, results } = await readWhole('a.csv', content, { backlog: async () => 10_000 });
  expect(further).toHaveLength(20);
  expect(further.every(({ delaySeconds }) => delaySeconds === 30)).toBe(true);
  expect(results).toHaveLength(1);
});

test.each([
  ['notes.txt', Buffer.from('x'), /the name says no format/],
  ['a.csv.gz', Buffer.from('no gzip'), /cannot be unpacked/],
  ['a.parquet', Buffer.from('no parquet'), /no complete Parquet file/],
])('%s that cannot be read is one rejection and a result', async (key, content, detail) => {
  const { bad, results, sent } = await readWhole(key, content);
  expect(sent).toEqual([]);
  expect(bad).toEqual([expect.objectContaining({ reason: 'malformed', detail: expect.stringMatching(detail) })]);
  expect(results).toEqual([expect.objectContaining({ rejected: 1, firstRejected: [expect.objectContaining({ reason: 'malformed' })] })]);
});

test('an empty file has a result and no event', async () => {
  expect(await readWhole('empty.jsonl', new Uint8Array())).toMatchObject({ sent: [], bad: [], results: [{ rows: 0, rejected: 0 }] });
});

test('of a poisoned file a thousand rows are kept one by one; the result counts them all', async () => {
  const { bad, results } = await readWhole('bad.jsonl', Buffer.from('garbage\n'.repeat(5_000)));
  expect(bad).toHaveLength(1_000);
  expect(results[0]).toMatchObject({ rejected: 5_000, rejectedByReason: { malformed: 5_000 } });
  expect(results[0]?.['firstRejected']).toHaveLength(20);
});

test('names columns that mean nothing', async () => {
  const { results, sent } = await readWhole('a.csv', csv([`${csvRow(1)},x`], `${HEADER},comment`));
  expect(results[0]).toMatchObject({ ignoredColumns: ['comment'] });
  expect(sent[0]).not.toHaveProperty('comment');
});

test('kept rows stand with the rejected events, once however often they are read', async () => {
  const { ledger, items } = fakeLedger();
  const row: RejectedEvent = {
    reason: 'malformed',
    detail: 's3://kpis/a.csv line 3: no',
    eventId: 'e1',
    body: '{"eventId":"e1"}',
    receivedAt: new Date(START).toISOString(),
  };
  await keepRows(ledger, [row], 30);
  await keepRows(ledger, [row], 30);
  const kept = items('rejected#2026-03-02T09');
  expect(unpackRejected(kept as { sk: string }[])).toEqual([expect.objectContaining(row)]);
  expect(kept.every(({ expiresAt }) => expiresAt === START / 1000 + 30 * 86_400)).toBe(true);
});

test.each([
  ['csv', { value: ' TRUE ' }, { value: true }],
  ['csv', { value: '12.5e1', revision: '2', unit: '007' }, { value: 125, revision: 2, unit: '007' }],
  ['csv', { value: 'many', kpi: '' }, { value: 'many' }],
  ['csv', { value: '0x10' }, { value: '0x10' }],
  ['jsonl', { value: '1', unit: 7 }, { value: '1', unit: 7 }],
  ['parquet', { unit: 7, value: 1, decidedAt: null, useCase: 'other' }, { unit: '7', value: 1, useCase: 'other' }],
] as const)('a row of %s %j', (format, row, expected) => {
  const defaults = { useCase: 'support-triage', eventId: 'row' };
  expect(eventOfRow(row, format, defaults)).toEqual({ schema: 'sluice.kpi/v1', ...defaults, ...expected });
});

test('the id of a row is short enough for an event, however long the name of the file', () => {
  const id = (key: string, line: number): string => rowId({ bucket: BUCKET, key, etag: ETAG }, line);
  expect(id('a.csv', 7)).toBe(`kpis/a.csv@${ETAG}#7`);
  const long = id('x'.repeat(900), 7);
  expect(long).toMatch(/^[0-9a-f]{32}#7$/);
  expect(id('x'.repeat(901), 7)).not.toBe(long);
});

test('a message that is neither a file nor a continuation is an error, for the dead letters', () => {
  expect(() => progressOf({ body: '{"detail-type":"Object Deleted"}' })).toThrow();
});
