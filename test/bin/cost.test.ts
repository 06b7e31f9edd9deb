import { run } from '../../bin/commands/cost';
import { readSnapshot } from '../../bin/status/snapshot';
import { statusOf } from '../../bin/status/status';
import { statusText } from '../../bin/status/text';
import pc from 'picocolors';
import type { Transport } from '../../bin/signed-request';
import { ledgerKeys, type CostOrders } from '../../core/contracts';
import type { CostState } from '../../core/cost';
import { firstControl } from '../../core/release/control';
import { fakeLedger } from '../lambdas/support';
import { captured } from './capture';

const NOW = Date.parse('2026-03-12T12:00:00Z');

const STATE: CostState = {
  meter: {
    at: '2026-03-12T11:58:00.000Z',
    since: '2026-03-01T00:00:00.000Z',
    fleet: [],
    month: '2026-03',
    monthLines: [
      { arm: 'stable', what: 'ml.g5.xlarge', seconds: 360_000, amount: 140.84, unpricedSeconds: 0 },
      { arm: 'warm', what: 'ml.odd', seconds: 7200, amount: 0, unpricedSeconds: 7200 },
    ],
    day: '2026-03-12',
    dayLines: [{ arm: 'stable', what: 'ml.g5.xlarge', seconds: 43_080, amount: 16.854, unpricedSeconds: 0 }],
    hours: [{ hour: Date.parse('2026-03-12T10:00:00Z'), amount: 24 * 1.5 }],
  },
  guard: { month: '2026-03', told: [], causes: {} },
  criteria: [{ criterion: 'c', aboveSince: '2026-03-10T12:00:00.000Z', told: true, words: 'In the last 24 hours a decision costs 0.05' }],
  unit: { at: '', amount: 36, hours: 24, decisions: 720, perDecision: 0.05, perGoodOutcome: 0.061234 },
  owed: [],
  configs: {},
  unpriced: ['ml.odd'],
  perHour: { stable: 1.4084 },
  prices: { 'ml.g5.xlarge': 1.4084 },
  monthly: 1500,
  currency: 'USD',
};

const ORDERS: CostOrders = {
  orders: [
    { action: 'block-releases', since: '2026-03-12T09:00:00.000Z', until: '2026-04-01T00:00:00.000Z', reason: 'An hour costs too much' },
  ],
};

async function cost(args: string[], state: CostState | undefined = STATE, orders?: CostOrders) {
  const { ledger } = fakeLedger();
  if (state !== undefined) await ledger.put(ledgerKeys.cost(), { version: 1, state: JSON.stringify(state) });
  if (orders !== undefined) await ledger.put(ledgerKeys.costOrders(), orders);
  const sent: { url: string; body: unknown }[] = [];
  const transport: Transport = {
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    now: () => new Date(NOW),
    fetch: async (url, init) => {
      sent.push({ url: String(url), body: JSON.parse(String(init?.body)) });
      return new Response('{"done":"waived"}', { status: 200 });
    },
  };
  const io = captured();
  const code = await run(
    args,
    io,
    () => transport,
    async () => ledger,
    () => NOW,
  );
  return { code, out: io.out(), sent, ledger };
}

describe('sluice cost', () => {
  test('says the month, its forecast, arms, the cost of a decision, and what has no price', async () => {
    const { code, out } = await cost(['--table', 'ledger']);
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'as of 2026-03-12 11:58 (2 min ago)',
      'this month     140.84 USD of 1500.00 USD (9.4 %)',
      expect.stringMatching(/^forecast {7}8\d\d\.\d\d USD$/),
      'today          16.85 USD',
      'an hour        1.41 USD',
      'stable         140.84 USD this month, 1.41 USD an hour',
      'a decision     0.0500 USD; a good outcome 0.0612 USD (720 in the last 24 h)',
      'unpriced       ml.odd: 2.0 h without a price, which no amount here holds',
      'kill criteria  In the last 24 hours a decision costs 0.05; too much since 2026-03-10 12:00 (2 d ago)',
    ]);
  });

  test('a decision of which part has no price is not said to cost less', async () => {
    const { out } = await cost(['--table', 'ledger'], {
      ...STATE,
      unit: { at: '', amount: 36, hours: 24, decisions: 720, incomplete: true, goodOutcomes: 5 },
    });
    expect(out).toContain('a decision     not known: part of the instances has no price (720 in the last 24 h)');
  });

  test('an order that stands is shown, and is the exit code', async () => {
    const { code, out } = await cost(['show', '--table', 'ledger'], STATE, ORDERS);
    expect(code).toBe(1);
    expect(out).toContain('orders         block-releases since 2026-03-12 09:00 (3 h ago), until 2026-04-01 00:00: An hour costs too much');
  });

  test('a waiver is shown, and nothing stands', async () => {
    const waived = { ...ORDERS, waivedBy: 'arn:aws:iam::111122223333:role/Lead', waivedUntil: '2026-04-01T00:00:00.000Z' };
    const { code, out } = await cost(['--table', 'ledger'], STATE, waived);
    expect(code).toBe(0);
    expect(out).toMatch(/waived {9}by Lead until 2026-04-01 00:00/);
    expect(out).not.toContain('block-releases');
  });

  test('as JSON', async () => {
    const { out } = await cost(['--table', 'ledger', '--json'], STATE, ORDERS);
    expect(JSON.parse(out)).toMatchObject({
      monthToDate: 140.84,
      monthly: 1500,
      perHour: { total: 1.4084 },
      unpricedHours: { 'ml.odd': 2 },
      orders: [{ action: 'block-releases' }],
      criteria: [{ met: true }],
    });
  });

  test('before anything was metered', async () => {
    const { ledger } = fakeLedger();
    const io = captured();
    const code = await run(
      ['--table', 'ledger'],
      io,
      undefined,
      async () => ledger,
      () => NOW,
    );
    expect([code, io.out()]).toEqual([0, expect.stringContaining('nothing was metered yet')]);
  });

  test('waive asks as an owner, with a reason', async () => {
    const { code, out, sent } = await cost(['waive', '--url', 'https://abc.lambda-url.eu-west-1.on.aws/', '--reason', 'we pay']);
    expect([code, out.trim()]).toEqual([0, 'cost waive: {"done":"waived"}']);
    expect(sent).toEqual([{ url: 'https://abc.lambda-url.eu-west-1.on.aws/waive', body: { reason: 'we pay' } }]);
    await expect(cost(['waive', '--url', 'https://abc.lambda-url.eu-west-1.on.aws/'])).rejects.toThrow('--reason');
  });

  test('help, and what is no subcommand', async () => {
    expect((await cost(['--help'])).out).toContain('usage: sluice cost [SUBCOMMAND]');
    expect((await cost(['show', '--help'])).out).toContain('dynamodb:GetItem');
    expect((await cost(['waive', '--help'])).out).toContain('--reason');
    await expect(cost(['wave'])).rejects.toThrow(/unknown subcommand wave[\s\S]*waive/);
  });
});

test('sluice status has a row of it, and orders need somebody', async () => {
  const { ledger } = await cost(['--table', 'ledger'], STATE, ORDERS);
  await ledger.put(ledgerKeys.control(), firstControl(0, { at: '2026-03-12T08:00:00Z', by: 'deploy', reason: 'x' }));
  const status = statusOf(await readSnapshot(ledger, NOW), NOW);
  expect(status.attention).toEqual([
    expect.stringContaining('block-releases since 2026-03-12 09:00'),
    expect.stringContaining('kill criterion met: In the last 24 hours a decision costs 0.05'),
  ]);
  const text = statusText(status, pc.createColors(false));
  expect(text).toMatch(/cost {11}140\.84 USD of 1500\.00 USD \(9\.4 %\) this month, forecast 8\d\d\.\d\d USD; 1\.41 USD an hour/);
  expect(text).toContain('ml.odd: 2.0 h without a price');
});
