import { readJson } from '../../../core/observation';
import { messagesOf } from '../../../lambdas/shared/kpi-messages';
import type { CommandSpec } from '../../arguments';
import { helpText, parseArguments } from '../../arguments';
import type { Io } from '../../io';
import { complain, EXIT, print } from '../../io';
import { type Found, outputOf, rejectedEvents, SEARCH_OPTIONS, searchOf } from './rejected-events';
import type { Connect, KpiStore } from './store';

const SPEC: CommandSpec = {
  name: 'kpi replay',
  summary: 'Sends rejected KPI events again, after what was wrong is put right: a KPI added to the charter, a key restored, a clock set.',
  positionals: [],
  options: {
    ...SEARCH_OPTIONS,
    queue: { type: 'string', value: 'URL', help: "the observation queue; default: the stack's output ObservationQueueUrl" },
    'dry-run': { type: 'boolean', help: 'says what would be sent, and sends nothing' },
  },
  notes: [
    'Without --reason, what would be rejected again is left out: malformed, too-large, already-observed.',
    'An event is counted once, however often it is sent; of a late event only its time of observation matters then.',
    'exit codes: 0 done, 1 AWS cannot be reached or refuses (run it again: it goes on where it stopped), 2 bad input',
  ],
};

/** The same bytes would be rejected for the same reason. */
const HOPELESS = new Set(['malformed', 'too-large', 'already-observed']);
const TOGETHER = 500;
const MARKS_AT_A_TIME = 25;

interface Totals {
  replayed: number;
  replayedBefore: number;
  leftOut: number;
  unreadable: number;
  byReason: Record<string, number>;
}

export async function replay(args: string[], io: Io, connect: Connect): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const search = searchOf(parsed, SPEC, Date.now());
  const dryRun = parsed.flags['dry-run'] === true;
  const { region } = parsed.texts;
  const store = await connect({
    table: outputOf('LedgerTableName', parsed, 'table'),
    ...(dryRun ? {} : { queueUrl: outputOf('ObservationQueueUrl', parsed, 'queue') }),
    ...(region === undefined ? {} : { region }),
  });
  const totals: Totals = { replayed: 0, replayedBefore: 0, leftOut: 0, unreadable: 0, byReason: {} };
  let waiting: Found[] = [];
  const flush = async (): Promise<void> => {
    if (!dryRun) await sendAll(store, waiting);
    totals.replayed += waiting.length;
    waiting.forEach(({ reason }) => (totals.byReason[reason] = (totals.byReason[reason] ?? 0) + 1));
    waiting = [];
    if (!dryRun) complain(io, `sent ${totals.replayed}`);
  };
  for await (const found of rejectedEvents(store, search)) {
    if (found.replayedAt !== undefined) totals.replayedBefore += 1;
    else if (search.reasons === undefined && HOPELESS.has(found.reason)) totals.leftOut += 1;
    else if (!isObject(readJson(found.body))) totals.unreadable += 1;
    else waiting.push(found);
    if (waiting.length >= TOGETHER) await flush();
  }
  if (waiting.length > 0) await flush();
  print(io, parsed.flags['json'] === true ? JSON.stringify({ dryRun, ...totals }, null, 2) : textOf(totals, dryRun));
  return EXIT.ok;
}

/** Sent first, marked then: a crash in between sends them once more, which counts nothing twice. */
async function sendAll(store: KpiStore, found: Found[]): Promise<void> {
  const bodies = found.map(({ body }) => ({ body, json: readJson(body) as { kind?: unknown } }));
  const decisions = bodies.filter(({ json }) => json.kind === 'decision').map(({ body }) => body);
  const events = bodies.filter(({ json }) => json.kind !== 'decision').map(({ json }) => json);
  await store.send([...decisions, ...messagesOf(events, { replay: true })]);
  const at = new Date().toISOString();
  for (let start = 0; start < found.length; start += MARKS_AT_A_TIME) {
    await Promise.all(found.slice(start, start + MARKS_AT_A_TIME).map(({ key, receivedAt }) => store.markReplayed(key, receivedAt, at)));
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function textOf({ replayed, replayedBefore, leftOut, unreadable, byReason }: Totals, dryRun: boolean): string {
  const reasons = Object.entries(byReason).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${dryRun ? 'would send' : 'sent'} ${replayed} ${replayed === 1 ? 'event' : 'events'} again${reasons.length === 0 ? '' : `: ${reasons.join(', ')}`}`,
    ...(replayedBefore === 0 ? [] : [`  sent again before: ${replayedBefore}`]),
    ...(leftOut === 0 ? [] : [`  would be rejected again: ${leftOut}; --reason ${[...HOPELESS].join(',')} sends them all the same`]),
    ...(unreadable === 0 ? [] : [`  no JSON objects, which cannot be sent: ${unreadable}`]),
  ].join('\n');
}
