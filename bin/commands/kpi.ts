import { randomUUID } from 'node:crypto';
import type { KpiObserved } from '../../core/contracts/observation';
import { BadInputError } from '../../core/errors';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import { stackOutput } from '../stack-outputs';

const SPEC: CommandSpec = {
  name: 'kpi put',
  summary: 'Sends one KPI observation to the event bus of a use case.',
  positionals: [],
  options: {
    'use-case': { type: 'string', value: 'NAME', help: 'the use case, as in its charter' },
    kpi: { type: 'string', value: 'NAME', help: 'the KPI, as in the charter' },
    decision: { type: 'string', value: 'ID', help: 'the decision id: header x-sluice-decision-id of the answer it belongs to' },
    value: { type: 'string', value: 'true|false', help: 'did it happen? true, false, 1 or 0' },
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

export async function run(args: string[], io: Io, send: SendEvent = sendToEventBridge): Promise<number> {
  const [subcommand, ...rest] = args;
  if (subcommand === '--help' || subcommand === '-h') return showHelp(io);
  if (subcommand !== 'put') {
    throw new BadInputError(
      `sluice kpi: ${subcommand === undefined ? 'a subcommand is missing' : `unknown subcommand ${subcommand}`}\n  allowed: put`,
    );
  }
  const parsed = parseArguments(rest, SPEC);
  if (parsed.help) return showHelp(io);
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
  print(io, `sent ${detail.eventId}: ${detail.kpi} = ${String(detail.value)} for ${detail.decisionId}`);
  return EXIT.ok;
}

function showHelp(io: Io): number {
  print(io, helpText(SPEC));
  return EXIT.ok;
}

function observationOf(parsed: ParsedArguments): KpiObserved {
  return {
    schema: 'sluice.kpi/v1',
    useCase: requiredText(parsed, SPEC, 'use-case'),
    eventId: parsed.texts['event-id'] ?? `cli-${randomUUID()}`,
    kpi: requiredText(parsed, SPEC, 'kpi'),
    decisionId: requiredText(parsed, SPEC, 'decision'),
    value: booleanOf(requiredText(parsed, SPEC, 'value')),
    observedAt: timeOf(parsed.texts['observed-at']),
  };
}

function booleanOf(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new BadInputError(`sluice kpi put: --value is true, false, 1 or 0; given: ${text}`);
}

function timeOf(text: string | undefined): string {
  if (text === undefined) return new Date().toISOString();
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new BadInputError(`sluice kpi put: --observed-at is a time such as 2026-03-02T09:05:00Z; given: ${text}`);
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

async function sendToEventBridge(entry: EventEntry, region: string | undefined): Promise<{ refused?: string }> {
  const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient(region === undefined ? {} : { region });
  const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
  const failed = answer.Entries?.find((result) => result.ErrorCode !== undefined);
  return failed === undefined ? {} : { refused: `${failed.ErrorCode}: ${failed.ErrorMessage ?? 'no reason given'}` };
}
