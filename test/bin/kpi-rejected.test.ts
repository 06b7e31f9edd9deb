import { hourOf, type LedgerKey, ledgerKeys, type RejectedEvent } from '../../core/contracts';
import { KPI_BATCH_SCHEMA, packRejected } from '../../core/observation';
import { run } from '../../bin/commands/kpi';
import type { KpiStore, StoreOptions } from '../../bin/commands/kpi/store';
import { captured } from './capture';

const NOW = Date.parse('2026-03-02T12:30:00Z');
const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

const eventBody = (eventId: string): string => JSON.stringify({ schema: 'sluice.kpi/v1', eventId, kpi: 'missed' });

function rejection(eventId: string, minutesAgo: number, more: Partial<RejectedEvent> = {}): RejectedEvent {
  return {
    reason: 'unknown-kpi',
    detail: 'The charter has missed',
    eventId,
    kpi: 'missed',
    body: eventBody(eventId),
    receivedAt: new Date(NOW - minutesAgo * MINUTE).toISOString(),
    ...more,
  };
}

/** A ledger and a queue in memory. */
function storeOf(rejections: RejectedEvent[]) {
  const items = new Map<string, Record<string, unknown>>();
  for (const one of rejections) {
    for (const { sk, item } of packRejected(one)) {
      const { pk } = ledgerKeys.rejected(hourOf(Date.parse(one.receivedAt)), sk);
      items.set(`${pk}|${sk}`, { ...item, pk, sk });
    }
  }
  const sent: string[] = [];
  const options: StoreOptions[] = [];
  const control = { failing: false };
  const store: KpiStore = {
    query: async (pk) => [...items.values()].filter((item) => item['pk'] === pk) as never,
    markReplayed: async ({ pk, sk }: LedgerKey, receivedAt, at) => {
      const item = items.get(`${pk}|${sk}`);
      if (item === undefined || item['replayedAt'] !== undefined || item['receivedAt'] !== receivedAt) return false;
      item['replayedAt'] = at;
      return true;
    },
    send: async (bodies) => {
      if (control.failing) throw new Error('no queue');
      sent.push(...bodies);
    },
  };
  const command = async (...args: string[]) => {
    const io = captured();
    const named = ['--table', 'ledger', ...(args[0] === 'replay' ? ['--queue', 'https://queue'] : [])];
    const code = await run([...args, ...named], io, undefined, async (given) => {
      options.push(given);
      return store;
    });
    return { code, out: io.out(), err: io.err() };
  };
  return { command, sent, options, control, items };
}

const sentIds = (bodies: string[]): string[] =>
  bodies.flatMap((body) => ((JSON.parse(body) as { events?: { eventId: string }[] }).events ?? []).map(({ eventId }) => eventId));

describe('rejected', () => {
  test('counts by reason, with examples', async () => {
    const { command } = storeOf([
      rejection('e1', 10),
      rejection('e2', 200, { kpi: undefined }),
      rejection('e3', 20, { reason: 'late', detail: 'The window closed' }),
      rejection('old', 60 * 30),
    ]);
    const { code, out } = await command('rejected');
    expect(code).toBe(0);
    expect(out).toContain('3 KPI events were rejected from 2026-03-01T12:30:00.000Z to 2026-03-02T12:30:00.000Z');
    expect(out).toMatch(/unknown-kpi: 2 – missed 1, unknown 1|unknown-kpi: 2 – unknown 1, missed 1/);
    expect(out).toMatch(/late: 1 – missed 1\n {2}2026-03-02T12:10:00.000Z {2}e3\n {4}The window closed/);
    expect(out).not.toContain('old');
  });

  test('as JSON, with the bodies of the examples, at most three each', async () => {
    const { command } = storeOf([1, 2, 3, 4].map((index) => rejection(`e${index}`, index)));
    const { out } = await command('rejected', '--json', '--since', '7d');
    const { reasons } = JSON.parse(out) as { reasons: { reason: string; events: number; examples: object[] }[] };
    expect(reasons).toEqual([expect.objectContaining({ reason: 'unknown-kpi', events: 4 })]);
    expect(reasons[0]?.examples).toHaveLength(3);
    expect(reasons[0]?.examples[0]).toMatchObject({ body: expect.stringContaining('sluice.kpi/v1') });
  });

  test('says so when there is none', async () => {
    expect((await storeOf([]).command('rejected', '--since', '2026-03-02')).out).toMatch(
      /^no KPI event was rejected from 2026-03-02T00:00:00/,
    );
  });

  test('a body of several items is put together', async () => {
    const { command } = storeOf([
      rejection('big', 5, { reason: 'too-large', body: JSON.stringify({ eventId: 'big', pad: 'x'.repeat(300_000) }) }),
    ]);
    expect((await command('rejected')).out).toContain('too-large: 1');
  });
});

describe('replay', () => {
  test('sends events again as late ones of known origin, marks them, and does so once', async () => {
    const { command, sent, options } = storeOf([rejection('e1', 10), rejection('e2', 70, { reason: 'late' })]);
    const first = await command('replay', '--region', 'eu-west-1');
    expect([first.code, first.out]).toEqual([0, 'sent 2 events again: late 1, unknown-kpi 1\n']);
    expect(options).toEqual([{ table: 'ledger', queueUrl: 'https://queue', region: 'eu-west-1' }]);
    expect(JSON.parse(sent[0]!)).toMatchObject({ schema: KPI_BATCH_SCHEMA, replay: true });
    expect(sentIds(sent).sort()).toEqual(['e1', 'e2']);
    const second = await command('replay');
    expect(second.out).toBe('sent 0 events again\n  sent again before: 2\n');
    expect(sent).toHaveLength(1);
  });

  test('only what is asked for: reason, KPI, time', async () => {
    const events = [
      rejection('e1', 10),
      rejection('e2', 10, { reason: 'late' }),
      rejection('e3', 10, { reason: 'late', kpi: 'other' }),
      rejection('e4', 100, { reason: 'late' }),
    ];
    const { command, sent } = storeOf(events);
    await command('replay', '--reason', 'late,future', '--kpi', 'missed', '--since', '90m', '--until', '5m');
    expect(sentIds(sent)).toEqual(['e2']);
  });

  test('leaves out what would be rejected again, unless asked', async () => {
    const events = [
      rejection('e1', 10, { reason: 'malformed' }),
      rejection('e2', 10, { reason: 'malformed', body: 'no JSON' }),
      rejection('e3', 10),
    ];
    const { command, sent } = storeOf(events);
    expect((await command('replay')).out).toContain('would be rejected again: 2;');
    expect(sentIds(sent)).toEqual(['e3']);
    expect((await command('replay', '--reason', 'malformed')).out).toBe(
      'sent 1 event again: malformed 1\n  no JSON objects, which cannot be sent: 1\n',
    );
  });

  test('a decision goes as it came', async () => {
    const body = JSON.stringify({ kind: 'decision', decisionId: 'k1.c' });
    const { command, sent } = storeOf([rejection('d', 10, { reason: 'bad-decision-id', body })]);
    await command('replay');
    expect(sent).toEqual([body]);
  });

  test('--dry-run sends and marks nothing', async () => {
    const { command, sent, options, items } = storeOf([rejection('e1', 10)]);
    const { out } = await command('replay', '--dry-run', '--json');
    expect(JSON.parse(out)).toEqual({
      dryRun: true,
      replayed: 1,
      replayedBefore: 0,
      leftOut: 0,
      unreadable: 0,
      byReason: { 'unknown-kpi': 1 },
    });
    expect([sent, options[0]?.queueUrl, [...items.values()][0]?.['replayedAt']]).toEqual([[], undefined, undefined]);
  });

  test('in batches, with progress; when the queue fails nothing is marked, and the next run goes on', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => rejection(`e${index}`, 10));
    const { command, sent, control, items } = storeOf(many);
    control.failing = true;
    await expect(command('replay')).rejects.toThrow('no queue');
    expect([...items.values()].every(({ replayedAt }) => replayedAt === undefined)).toBe(true);
    control.failing = false;
    const { out, err } = await command('replay');
    expect(err).toBe('sent 500\nsent 1000\nsent 1200\n');
    expect(out).toMatch(/^sent 1200 events again/);
    expect(new Set(sentIds(sent)).size).toBe(1_200);
  });

  test('an event that is rejected anew while it is replayed is not marked', async () => {
    const { command, items } = storeOf([rejection('e1', 10)]);
    const [item] = [...items.values()];
    const store = items;
    const again = new Date(NOW).toISOString();
    const original = store.get.bind(store);
    store.get = (key) => {
      const found = original(key);
      if (found !== undefined) found['receivedAt'] = again;
      return found;
    };
    await command('replay');
    expect(item?.['replayedAt']).toBeUndefined();
  });
});

test.each([
  [['rejected', '--since', 'yesterday'], /--since is a time such as .*given: yesterday/],
  [['rejected', '--since', '1h', '--until', '2h'], /--since is not before --until/],
  [['rejected', '--since', '500d'], /more than 400 days apart/],
  [['replay', '--reason', 'latte'], /there is no reason "latte"\n {2}allowed: malformed/],
])('%j is refused', async (args, message) => {
  await expect(storeOf([]).command(...args)).rejects.toThrow(message);
});

test.each(['rejected', 'replay'])('%s --help', async (name) => {
  const io = captured();
  expect(await run([name, '--help'], io)).toBe(0);
  expect(io.out()).toMatch(/exit codes: 0/);
});
