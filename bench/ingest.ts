import type { SQSRecord } from 'aws-lambda';
import { ArmsReader } from '../lambdas/ingest/arms';
import { ingest } from '../lambdas/ingest/ingest';
import { countOne } from './ingest/naive';
import { meteredLedger, type MeteredLedger, type Spent, type Units } from './ingest/metered-ledger';
import { keyring, KPIS, type Sent, streamOf, USE_CASE } from './ingest/stream';

/**
 * What counting costs: 10 000 decisions and 10 000 KPI events through the real handler against the laptop cloud's DynamoDB, in
 * batches as the queue makes them, and the events once more with a transaction for each.
 */
const EVENTS = Number(process.argv[2] ?? 10_000);
/** On demand, us-east-1, November 2026. */
const DOLLARS_PER_MILLION: Units = { write: 0.625, read: 0.125 };
/** As lib/observation sets them. */
const BATCH_SIZE = 1_000;
const WINDOW_MILLIS = 60_000;
const SHARDS = 4;
/** A transactional write of one item of at most 1 KB, and nothing else. */
const FLOOR_WRITE_UNITS = 2;
const LIMIT_WRITE_UNITS = 3;
const DUPLICATE_SHARE = 0.01;
const EXPIRES_AT = 1_800_000_000;

let nowMillis = 0;
let messages = 0;

const recordOf = ({ body, atMillis }: Sent): SQSRecord => {
  messages += 1;
  return { messageId: `m${messages}`, body, attributes: { SentTimestamp: String(atMillis) } } as unknown as SQSRecord;
};

/** A batch is full, or its first message has waited for the window. */
function batchesOf(sent: Sent[], mostPerBatch: number): Sent[][] {
  const batches: Sent[][] = [];
  for (const one of sent) {
    const open = batches.at(-1);
    const first = open?.[0];
    if (open === undefined || first === undefined || open.length === mostPerBatch || one.atMillis - first.atMillis > WINDOW_MILLIS) {
      batches.push([one]);
    } else {
      open.push(one);
    }
  }
  return batches;
}

function handlerOn({ ledger }: MeteredLedger): (batch: Sent[]) => Promise<void> {
  const parts = {
    useCase: USE_CASE,
    kpis: KPIS,
    retentionDays: 365,
    counterShards: SHARDS,
    ledger,
    arms: new ArmsReader(async () => undefined),
    now: () => nowMillis,
    keyring: async () => keyring,
    publish: () => undefined,
  };
  return async (batch) => {
    nowMillis = batch.at(-1)?.atMillis ?? nowMillis;
    const { batchItemFailures } = await ingest(parts, { Records: batch.map(recordOf) });
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages failed`);
  };
}

interface Row {
  name: string;
  events: number;
  batches: number;
  /** Of processor time: others may use the machine too. */
  seconds: number;
  units: Spent;
}

async function measured(name: string, metered: MeteredLedger, batches: Sent[][], count: (batch: Sent[]) => Promise<void>): Promise<Row> {
  const before = metered.spent();
  const started = process.cpuUsage();
  for (const batch of batches) await count(batch);
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  const after = metered.spent();
  const units = { write: after.write - before.write, read: after.read - before.read, calls: after.calls - before.calls };
  return { name, events: batches.flat().length, batches: batches.length, seconds, units };
}

const dollars = ({ units, events }: Row): number =>
  (units.write * DOLLARS_PER_MILLION.write + units.read * DOLLARS_PER_MILLION.read) / events;

function print(rows: Row[]): void {
  console.log('| what | in a batch | per second of a core | calls for a thousand | write units | read units | $ per million |');
  console.log('|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const { name, events, batches, seconds, units } = row;
    const cells = [events / batches, events / seconds, (1000 * units.calls) / events].map((value) => value.toFixed(0));
    const each = [units.write / events, units.read / events, dollars(row)].map((value) => value.toFixed(2));
    console.log(`| ${[name, ...cells, ...each].join(' | ')} |`);
  }
}

/** Outcomes that the counters hold; one per event, or somebody counted twice. */
function countedOutcomes({ items }: MeteredLedger): { n: number; x: number; items: number } {
  const sums = { n: 0, x: 0, items: items('outcome#').length };
  for (const item of items('counters#')) {
    for (const [attribute, value] of Object.entries(item)) {
      if (attribute.endsWith('|n')) sums.n += Number(value);
      if (attribute.endsWith('|x') && !attribute.startsWith('error-rate') && !attribute.startsWith('slow-answers')) sums.x += Number(value);
    }
  }
  return sums;
}

async function oneRate(perMinute: number): Promise<{ rows: Row[]; events: Row }> {
  const kpis = KPIS.filter(({ type }) => type !== 'latency');
  const { decisions, events } = streamOf({ units: EVENTS, perMinute, kpis, seed: 7 });
  const metered = meteredLedger(() => nowMillis);
  const run = handlerOn(metered);
  const rows = [await measured(`decisions, ${perMinute} a minute`, metered, batchesOf(decisions, BATCH_SIZE), run)];
  const counted = await measured(`KPI events, ${perMinute} a minute`, metered, batchesOf(events, BATCH_SIZE), run);
  rows.push(counted);
  const copies = events.filter((_, index) => index % Math.round(1 / DUPLICATE_SHARE) === 0);
  const before = JSON.stringify(countedOutcomes(metered));
  rows.push(await measured('  copies of them', metered, batchesOf(copies, BATCH_SIZE), run));
  if (JSON.stringify(countedOutcomes(metered)) !== before) throw new Error('Copies were counted');
  if (countedOutcomes(metered).items !== EVENTS) throw new Error('Events were lost');
  return { rows, events: counted };
}

async function naive(perMinute: number): Promise<Row> {
  const kpis = KPIS.filter(({ type }) => type !== 'latency');
  const { decisions, events } = streamOf({ units: EVENTS, perMinute, kpis, seed: 7 });
  const metered = meteredLedger(() => nowMillis);
  const run = handlerOn(metered);
  for (const batch of batchesOf(decisions, BATCH_SIZE)) await run(batch);
  return measured(
    'KPI events, a transaction for each',
    metered,
    events.map((event) => [event]),
    async ([event]) => {
      if (event !== undefined) await countOne(metered.ledger, recordOf(event), { useCase: USE_CASE, kpis: KPIS, keyring }, EXPIRES_AT);
    },
  );
}

async function main(): Promise<void> {
  // Warm up the compiler, so that the first row is no slower than the others.
  await oneRate(2_000);
  const rates = [20, 200, 2_000, 20_000];
  const measuredRates = [];
  for (const perMinute of rates) measuredRates.push(await oneRate(perMinute));
  print([...measuredRates.flatMap(({ rows }) => rows), await naive(2_000)]);
  console.log(`floor of the design: ${FLOOR_WRITE_UNITS} write units per KPI event, its one item in a transaction`);
  const full = measuredRates[2]?.events;
  const each = full === undefined ? Number.POSITIVE_INFINITY : full.units.write / full.events;
  console.log(
    `${each.toFixed(2)} write units per KPI event at ${rates[2]} a minute; limit ${LIMIT_WRITE_UNITS}${each > LIMIT_WRITE_UNITS ? ': over' : ''}`,
  );
  if (each > LIMIT_WRITE_UNITS) process.exitCode = 1;
}

void main();
