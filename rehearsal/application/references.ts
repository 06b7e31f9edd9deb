import type { Reference, Kind } from './construct-kinds';
import type { ApplicationInput, ApplicationScenario } from './scenario-schema';

export const DEFAULT_BUS = 'default';

/** What an input is about: its construct path, and what must stand there. Undefined: the account's default bus. */
export function targetOf(input: ApplicationInput): { path: string; kind: Kind; key: string } | undefined {
  const { event, message, publish, object, request, execution, invoke, item } = input;
  if (event !== undefined)
    return event.bus === undefined || event.bus === DEFAULT_BUS ? undefined : { path: event.bus, kind: 'bus', key: 'event.bus' };
  if (message !== undefined) return { path: message.queue, kind: 'queue', key: 'message.queue' };
  if (publish !== undefined) return { path: publish.topic, kind: 'topic', key: 'publish.topic' };
  if (object !== undefined) return { path: object.bucket, kind: 'bucket', key: 'object.bucket' };
  if (request !== undefined) return { path: request.to, kind: 'function URL, REST API or HTTP API', key: 'request.to' };
  if (execution !== undefined) return { path: execution.stateMachine, kind: 'state machine', key: 'execution.stateMachine' };
  if (invoke !== undefined) return { path: invoke.function, kind: 'function', key: 'invoke.function' };
  if (item !== undefined) return { path: item.table, kind: 'table', key: 'item.table' };
  return undefined;
}

/** Everything that the scenario names by construct path, faults aside. */
export function referencesOf({ inputs, people, expect }: ApplicationScenario): Reference[] {
  const fromInputs = inputs.flatMap((input, index) => {
    const target = targetOf(input);
    return target === undefined ? [] : [{ where: `inputs[${index}].${target.key}`, path: target.path, kind: target.kind }];
  });
  const fromPeople = people.map(({ stateMachine }, index) => reference(`people[${index}].stateMachine`, stateMachine, 'state machine'));
  return [...fromInputs, ...fromPeople, ...expectedReferences(expect)];
}

const reference = (where: string, path: string, kind: Kind): Reference => ({ where, path, kind });

function expectedReferences(expect: ApplicationScenario['expect']): Reference[] {
  const each = <T>(key: keyof typeof expect, entries: readonly T[], name: string, kind: Kind, pathOf: (entry: T) => string | undefined) =>
    entries.flatMap((entry, index) => {
      const path = pathOf(entry);
      return path === undefined ? [] : [reference(`expect.${key}[${index}].${name}`, path, kind)];
    });
  return [
    ...each('executions', expect.executions, 'stateMachine', 'state machine', ({ stateMachine }) => stateMachine),
    ...each('items', expect.items, 'table', 'table', ({ table }) => table),
    ...each('objects', expect.objects, 'bucket', 'bucket', ({ bucket }) => bucket),
    ...each('messages', expect.messages, 'queue', 'queue', ({ queue }) => queue),
    ...each('messages', expect.messages, 'topic', 'topic', ({ topic }) => topic),
    ...each('messages', expect.messages, 'bus', 'bus', ({ bus }) => (bus === DEFAULT_BUS ? undefined : bus)),
    ...each('alarms', expect.alarms, 'alarm', 'alarm', ({ alarm }) => alarm),
    ...each('functions', expect.functions, 'function', 'function', ({ function: path }) => path),
  ];
}
