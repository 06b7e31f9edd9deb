import { hourOf, type LedgerKey, ledgerKeys } from '../../../core/contracts/ledger-keys';
import type { RejectedEvent, RejectionReason } from '../../../core/contracts/observation';
import { BadInputError } from '../../../core/errors';
import { unpackRejected } from '../../../core/observation';
import type { CommandSpec, OptionSpec, ParsedArguments } from '../../arguments';
import { stackOutput } from '../../stack-outputs';
import type { KpiStore } from './store';

/** One rejected event, and where it stands. */
export interface Found extends RejectedEvent {
  key: LedgerKey;
  replayedAt?: string;
}

export interface Search {
  sinceMillis: number;
  untilMillis: number;
  reasons?: string[];
  kpi?: string;
}

const HOUR_MILLIS = 3_600_000;
const UNITS: Record<string, number> = { m: 60_000, h: HOUR_MILLIS, d: 24 * HOUR_MILLIS };
const LONGEST_MILLIS = 400 * 24 * HOUR_MILLIS;
const HOURS_AT_A_TIME = 16;

const REASONS: Record<RejectionReason, true> = {
  malformed: true,
  'too-large': true,
  'unknown-kpi': true,
  'wrong-use-case': true,
  'bad-decision-id': true,
  'bad-variant': true,
  'bad-value': true,
  future: true,
  late: true,
  'already-observed': true,
  'no-comparison': true,
};
const ALL_REASONS = Object.keys(REASONS);

/** Options that `rejected` and `replay` share. */
export const SEARCH_OPTIONS: Record<string, OptionSpec> = {
  since: { type: 'string', value: 'TIME', help: 'rejected since then: ISO 8601, or ago, such as 90m, 24h, 7d; default 24h' },
  until: { type: 'string', value: 'TIME', help: 'and before then; default: now' },
  reason: { type: 'string', value: 'REASONS', help: `only these, separated by commas: ${ALL_REASONS.join(', ')}` },
  kpi: { type: 'string', value: 'NAME', help: 'only events of this KPI' },
  json: { type: 'boolean', help: 'prints JSON' },
  table: { type: 'string', value: 'NAME', help: "the ledger; default: the stack's output LedgerTableName" },
  outputs: { type: 'string', value: 'FILE', help: 'what cdk deploy --outputs-file wrote; default cdk-outputs.json' },
  stack: { type: 'string', value: 'NAME', help: 'which stack in that file' },
  region: { type: 'string', value: 'REGION', help: 'AWS region; default: as configured' },
};

export function searchOf(parsed: ParsedArguments, spec: CommandSpec, nowMillis: number): Search {
  const { since = '24h', until, reason, kpi } = parsed.texts;
  const sinceMillis = timeOf(since, 'since', spec, nowMillis);
  const untilMillis = until === undefined ? nowMillis : timeOf(until, 'until', spec, nowMillis);
  if (sinceMillis >= untilMillis) {
    const given = `${new Date(sinceMillis).toISOString()} to ${new Date(untilMillis).toISOString()}`;
    throw new BadInputError(`sluice ${spec.name}: --since is not before --until\n  given:   ${given}`);
  }
  if (untilMillis - sinceMillis > LONGEST_MILLIS) {
    throw new BadInputError(
      `sluice ${spec.name}: --since and --until are more than 400 days apart\n  allowed: a shorter time, several times`,
    );
  }
  return {
    sinceMillis,
    untilMillis,
    ...(reason === undefined ? {} : { reasons: reasonsOf(reason, spec) }),
    ...(kpi === undefined ? {} : { kpi }),
  };
}

export function outputOf(output: string, parsed: ParsedArguments, option: string): string {
  const { outputs, stack } = parsed.texts;
  return (
    parsed.texts[option] ??
    stackOutput(output, {
      instead: `--${option}`,
      ...(outputs === undefined ? {} : { file: outputs }),
      ...(stack === undefined ? {} : { stack }),
    })
  );
}

/** In the order of the hours in which they arrived. */
export async function* rejectedEvents(store: KpiStore, search: Search): AsyncGenerator<Found> {
  const hours: string[] = [];
  for (let at = search.sinceMillis; at < search.untilMillis + HOUR_MILLIS; at += HOUR_MILLIS) hours.push(hourOf(at));
  for (let start = 0; start < hours.length; start += HOURS_AT_A_TIME) {
    for (const found of await Promise.all(hours.slice(start, start + HOURS_AT_A_TIME).map((hour) => hourly(store, hour)))) {
      yield* found.filter((event) => matches(event, search));
    }
  }
}

async function hourly(store: KpiStore, hour: string): Promise<Found[]> {
  const { pk } = ledgerKeys.rejected(hour, '');
  const items = await store.query(pk);
  const replayed = new Map(items.map(({ sk, replayedAt }) => [sk, replayedAt]));
  return unpackRejected(items).map(({ sk, ...event }) => {
    const replayedAt = replayed.get(sk);
    return { ...event, key: { pk, sk }, ...(typeof replayedAt === 'string' ? { replayedAt } : {}) };
  });
}

function matches({ reason, kpi, receivedAt }: Found, search: Search): boolean {
  const atMillis = Date.parse(receivedAt);
  return (
    atMillis >= search.sinceMillis &&
    atMillis < search.untilMillis &&
    (search.reasons === undefined || search.reasons.includes(reason)) &&
    (search.kpi === undefined || search.kpi === kpi)
  );
}

function reasonsOf(text: string, spec: CommandSpec): string[] {
  const reasons = text.split(',').map((reason) => reason.trim());
  const unknown = reasons.find((reason) => !Object.hasOwn(REASONS, reason));
  if (unknown !== undefined) {
    throw new BadInputError(`sluice ${spec.name}: there is no reason ${JSON.stringify(unknown)}\n  allowed: ${ALL_REASONS.join(', ')}`);
  }
  return reasons;
}

function timeOf(text: string, option: string, spec: CommandSpec, nowMillis: number): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return nowMillis - Number(count) * (UNITS[unit] ?? 0);
  const millis = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(millis)) {
    throw new BadInputError(`sluice ${spec.name}: --${option} is a time such as 2026-03-02T09:05:00Z, 90m, 24h or 7d; given: ${text}`);
  }
  return millis;
}
