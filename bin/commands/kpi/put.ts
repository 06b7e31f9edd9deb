import { randomUUID } from 'node:crypto';
import type { KpiObserved } from '../../../core/contracts/observation';
import { BadInputError } from '../../../core/errors';
import { checkEvent } from '../../../core/observation';
import type { CommandSpec, ParsedArguments } from '../../arguments';
import { helpText, parseArguments, requiredText } from '../../arguments';
import type { Io } from '../../io';
import { EXIT, print } from '../../io';
import { stackOutput } from '../../stack-outputs';

const SPEC: CommandSpec = {
  name: 'kpi put',
  summary: 'Sends one KPI observation to the event bus of a use case.',
  positionals: [],
  options: {
    'use-case': { type: 'string', value: 'NAME', help: 'the use case, as in its charter' },
    kpi: { type: 'string', value: 'NAME', help: 'the KPI, as in the charter' },
    decision: { type: 'string', value: 'ID', help: 'the decision id: header x-sluice-decision-id of the answer it belongs to' },
    variant: { type: 'string', value: 'NAME', help: 'instead of --decision, where the KPI is attributed by variant: which one answered' },
    'decided-at': { type: 'string', value: 'TIME', help: 'with --variant: when it answered, ISO 8601' },
    unit: { type: 'string', value: 'ID', help: 'with --variant: for whom; default: the observation is a unit of its own' },
    value: { type: 'string', value: 'VALUE', help: 'true or false, an amount, or a whole number, as the KPI is' },
    revision: { type: 'string', value: 'NUMBER', help: 'a higher one takes the place of what was observed before; default 0' },
    'event-id': { type: 'string', value: 'ID', help: 'the same id is counted once; default: a new one' },
    'observed-at': { type: 'string', value: 'TIME', help: 'ISO 8601; default: now' },
    bus: { type: 'string', value: 'NAME', help: "the event bus; default: the stack's output EventBusName" },
    outputs: { type: 'string', value: 'FILE', help: 'what cdk deploy --outputs-file wrote; default cdk-outputs.json' },
    stack: { type: 'string', value: 'NAME', help: 'which stack in that file' },
    region: { type: 'string', value: 'REGION', help: 'AWS region; default: as configured' },
    'dry-run': { type: 'boolean', help: 'prints the entry and sends nothing' },
  },
};

export interface EventEntry {
  Source: string;
  DetailType: 'KpiObserved';
  Detail: string;
  EventBusName: string;
}

/** Sends one entry; gives EventBridge's reason where it refuses. */
export type SendEvent = (entry: EventEntry, region: string | undefined) => Promise<{ refused?: string }>;

export async function put(args: string[], io: Io, send: SendEvent): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const detail = observationOf(parsed);
  const dryRun = parsed.flags['dry-run'] === true;
  const entry: EventEntry = {
    Source: 'sluice.cli',
    DetailType: 'KpiObserved',
    Detail: JSON.stringify(detail),
    EventBusName: busOf(parsed, dryRun),
  };
  if (dryRun) {
    print(io, JSON.stringify({ ...entry, Detail: detail }, null, 2));
    return EXIT.ok;
  }
  const { refused } = await send(entry, parsed.texts['region']);
  if (refused !== undefined) throw new Error(`EventBridge refused the event: ${refused}`);
  const subject = detail.decisionId ?? `variant ${detail.variant} at ${detail.decidedAt}`;
  print(io, `sent ${detail.eventId}: ${detail.kpi} = ${String(detail.value)} for ${subject}`);
  return EXIT.ok;
}

function observationOf(parsed: ParsedArguments): KpiObserved {
  const { revision } = parsed.texts;
  const event: KpiObserved = {
    schema: 'sluice.kpi/v1',
    useCase: requiredText(parsed, SPEC, 'use-case'),
    eventId: parsed.texts['event-id'] ?? `cli-${randomUUID()}`,
    kpi: requiredText(parsed, SPEC, 'kpi'),
    ...subjectOf(parsed),
    value: valueOf(requiredText(parsed, SPEC, 'value')),
    observedAt: timeOf('observed-at', parsed.texts['observed-at'] ?? new Date().toISOString()),
    ...(revision === undefined ? {} : { revision: revisionOf(revision) }),
  };
  const checked = checkEvent(event, Buffer.byteLength(JSON.stringify(event)));
  if (!checked.ok) throw new BadInputError(`sluice kpi put: this is no KPI event\n${checked.detail}`);
  return event;
}

/** By decision, or by the variant that answered. */
function subjectOf(parsed: ParsedArguments): Pick<KpiObserved, 'decisionId' | 'variant' | 'decidedAt' | 'unit'> {
  const { decision, variant, unit } = parsed.texts;
  if (variant === undefined) {
    const stray = ['decided-at', 'unit'].find((name) => parsed.texts[name] !== undefined);
    if (stray !== undefined) throw new BadInputError(`sluice kpi put: --${stray} belongs to --variant, which is missing`);
    return { decisionId: requiredText(parsed, SPEC, 'decision') };
  }
  if (decision !== undefined) {
    throw new BadInputError('sluice kpi put: --decision and --variant are both given\n  allowed: one of them, as the KPI is attributed');
  }
  const decidedAt = timeOf('decided-at', requiredText(parsed, SPEC, 'decided-at'));
  return { variant, decidedAt, ...(unit === undefined ? {} : { unit }) };
}

function valueOf(text: string): number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new BadInputError(`sluice kpi put: --value is true, false or a number from 0; given: ${text}`);
  }
  return value;
}

function revisionOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new BadInputError(`sluice kpi put: --revision is a whole number from 0; given: ${text}`);
  return Number(text);
}

function timeOf(option: string, text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new BadInputError(`sluice kpi put: --${option} is a time such as 2026-03-02T09:05:00Z; given: ${text}`);
  }
  return time.toISOString();
}

function busOf(parsed: ParsedArguments, dryRun: boolean): string {
  const { bus, outputs, stack } = parsed.texts;
  if (bus !== undefined) return bus;
  if (dryRun && outputs === undefined && stack === undefined) return 'default';
  return stackOutput('EventBusName', {
    instead: '--bus',
    ...(outputs === undefined ? {} : { file: outputs }),
    ...(stack === undefined ? {} : { stack }),
  });
}

export async function sendToEventBridge(entry: EventEntry, region: string | undefined): Promise<{ refused?: string }> {
  const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient(region === undefined ? {} : { region });
  const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
  const failed = answer.Entries?.find((result) => result.ErrorCode !== undefined);
  return failed === undefined ? {} : { refused: `${failed.ErrorCode}: ${failed.ErrorMessage ?? 'no reason given'}` };
}
