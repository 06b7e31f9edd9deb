import type { RecordedEvent } from './recording';

/** Members that differ from run to run, whatever they hold. */
const VOLATILE =
  /^(Sdk(Http|Response)Metadata|requestId|MessageId|MD5OfMessage(Body|Attributes)|EventId|Etag|LastModified|StartTime|EnteredTime|TaskToken)$/;
/** Texts that stand for a time, a name or an id in the recordings, where no `<…>` does. */
const PLACEHOLDERS = new Set([
  'a_task_token',
  'activity_arn',
  'date',
  'entered-time',
  'executionSucceededEventDetails.output',
  'generated-uuid',
  'RandomNumberGenerated',
  'snf_role_arn',
  'start-time',
  'stateExitedEventDetails.output',
  'timestamp',
]);
/** Functions are named anew in each run; the recordings call them by several names. */
const FUNCTION_ARN = /arn:[^:]+:lambda:[^:]+:\d+:function:[^\s'":]+/g;
/** Other ids inside a cause, and what AWS puts behind the request's id in newer recordings. */
const IDS = /no-such-queue-[0-9a-f]{8}/g;
const MORE_IDS = /, Extended Request ID: [^\s)]+| \(SDK Attempt Count: 1\)/g;

function asJson(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fits(recorded: string, actual: string): boolean {
  if (PLACEHOLDERS.has(recorded)) return true;
  const unnamed = (text: string): string => text.replace(FUNCTION_ARN, '<function>').replace(IDS, '<id>').replace(MORE_IDS, '');
  const [left, right] = [unnamed(recorded), unnamed(actual)];
  if (left === right) return true;
  const parts = left.split(/(<[\w: -]+>)/);
  if (parts.length === 1) return false;
  const pattern = parts.map((part, index) => (index % 2 === 1 ? anyOf(part) : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('');
  return new RegExp(`^${pattern}$`, 's').test(right);
}

/** A name or an id holds no blanks; a whole input may. */
function anyOf(placeholder: string): string {
  return placeholder.startsWith('<json-input') ? '.*' : '[^\\s"]*';
}

/** Where what happened differs from what was recorded; nothing where it does not. */
export function difference(recorded: unknown, actual: unknown, at = ''): string | undefined {
  if (typeof recorded === 'string' && typeof actual === 'string') {
    if (fits(recorded, actual)) return undefined;
    const [left, right] = [asJson(recorded), asJson(actual)];
    return left === undefined || right === undefined ? told(at, recorded, actual) : difference(left, right, at);
  }
  if (typeof recorded === 'string' && PLACEHOLDERS.has(recorded) && actual !== undefined) return undefined;
  // The recordings hold JSON text parsed.
  if (typeof recorded === 'object' && typeof actual === 'string') {
    const parsed = asJson(actual);
    return parsed === undefined ? told(at, recorded, actual) : difference(recorded, parsed, at);
  }
  if (typeof recorded === 'string' && typeof actual === 'object') {
    const parsed = asJson(recorded);
    return parsed === undefined ? told(at, recorded, actual) : difference(parsed, actual, at);
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) return ofLists(recorded, actual, at);
  if (isObject(recorded) && isObject(actual)) return ofObjects(recorded, actual, at);
  return Object.is(recorded, actual) || (recorded === 0 && actual === 0) ? undefined : told(at, recorded, actual);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofLists(recorded: unknown[], actual: unknown[], at: string): string | undefined {
  if (recorded.length !== actual.length) return told(at, recorded, actual);
  for (const [index, item] of recorded.entries()) {
    const found = difference(item, actual[index], `${at}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofObjects(recorded: Record<string, unknown>, actual: Record<string, unknown>, at: string): string | undefined {
  for (const key of new Set(['type', ...Object.keys(recorded), ...Object.keys(actual)])) {
    const place = `${at}.${key}`;
    if (!(key in recorded) && !(key in actual)) continue;
    if (!(key in recorded) || !(key in actual)) return told(place, recorded[key], actual[key]);
    if (VOLATILE.test(key)) continue;
    const found = difference(recorded[key], actual[key], place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function told(at: string, recorded: unknown, actual: unknown): string {
  const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 240);
  return `${at.replace(/^\./, '') || 'the value'}: AWS ${short(recorded)}, here ${short(actual)}`;
}

/** Events in the order they must have, and between them those of a Parallel's branches, which have none. */
type Part = { event: RecordedEvent } | { branches: RecordedEvent[] };

/**
 * Between ParallelStateStarted and the next event of a Parallel the recordings are sorted, which lost ParallelStateSucceeded:
 * there the same events must have happened, in any order. Everywhere else the order counts.
 */
function parts(events: RecordedEvent[]): Part[] {
  const found: Part[] = [];
  let branches: RecordedEvent[] | undefined;
  for (const event of events) {
    if (branches !== undefined && !/^ParallelState(Started|Succeeded|Failed|Aborted|Exited)$|^Execution/.test(event.type)) {
      branches.push(event);
      continue;
    }
    branches = undefined;
    if (event.type !== 'ParallelStateSucceeded') found.push({ event });
    if (event.type === 'ParallelStateStarted') {
      branches = [];
      found.push({ branches });
    }
  }
  return found;
}

function ofBranches(recorded: RecordedEvent[], actual: RecordedEvent[], at: string): string | undefined {
  const left = [...actual];
  for (const event of recorded) {
    const place = left.findIndex((other) => difference(event, other) === undefined);
    if (place === -1) return told(`${at} (a branch)`, event, left);
    left.splice(place, 1);
  }
  return left.length === 0 ? undefined : told(`${at} (a branch)`, undefined, left);
}

function ofParts(recorded: Part | undefined, actual: Part | undefined, at: string): string | undefined {
  if (recorded === undefined || actual === undefined) return told(at, recorded, actual);
  if ('branches' in recorded) return 'branches' in actual ? ofBranches(recorded.branches, actual.branches, at) : told(at, recorded, actual);
  if ('branches' in actual) return told(at, recorded, actual);
  const found = difference(recorded.event, actual.event);
  return found === undefined ? undefined : `${at} (${recorded.event.type}), ${found}`;
}

/** The first difference between two histories. */
export function historyDifference(recorded: RecordedEvent[], actual: RecordedEvent[]): string | undefined {
  const [expected, happened] = [parts(recorded), parts(actual)];
  for (let index = 0; index < Math.max(expected.length, happened.length); index += 1) {
    const found = ofParts(expected[index], happened[index], `event ${index + 1}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
