import { clockText } from '../report/words';
import { bodiesIn, isWantedBody } from './expect/messages';
import { isDenial } from './expect';
import { executionsOf, isLike } from './expect/executions';
import { shown } from './partial';
import type { CheckName, CheckResult, StackResult } from './result';
import type { Sight } from './sight';
import { happened } from '../world/happening';
import type { TimelineEntry } from '../world/timeline';

const MOST_VIOLATIONS = 10;

/** What holds in every rehearsal, unless an expectation names it; the deletion aside. */
export function checkAll(sight: Sight, stacks: readonly StackResult[], deadLetterQueues: readonly string[]): CheckResult[] {
  return [
    check('deployed', undeployed(stacks)),
    check('executions', badExecutions(sight)),
    check('dead-letters', deadLetters(sight, deadLetterQueues)),
    check('inputs', failedInputs(sight)),
    check('functions', failedFunctions(sight)),
    check('deliveries', failedDeliveries(sight)),
    check('least-privilege', denials(sight)),
  ];
}

/** Known at the very end; an entry of the timeline that is expected expects it. */
export function checkDeletion(
  { expect }: Sight['scenario'],
  stacks: readonly StackResult[],
  timeline: readonly TimelineEntry[],
): CheckResult {
  const expected = timeline.filter((entry) => expect.timeline.some((happening) => happened(happening, entry)));
  const failed = stacks
    .filter(({ deletion }) => deletion === 'DELETE_FAILED')
    .filter(({ name }) => !expected.some(({ event, detail }) => event === 'DELETE_FAILED' && detail['stack'] === name))
    .map(({ name, deletionReason = 'no reason told' }) => `stack ${name} cannot be deleted: ${shown(deletionReason)}`);
  return check('deleted', failed);
}

const check = (name: CheckName, violations: string[]): CheckResult =>
  violations.length === 0
    ? { name, held: true }
    : { name, held: false, violations: violations.slice(0, MOST_VIOLATIONS), count: violations.length };

const at = (atMillis: number, { startMillis }: Sight): string =>
  atMillis < startMillis ? 'during the deployment' : `at ${clockText((atMillis - startMillis) / 1000)}`;

const undeployed = (stacks: readonly StackResult[]): string[] =>
  stacks
    .filter(({ status }) => status !== 'CREATE_COMPLETE')
    .map(({ name, status, reason }) => `stack ${name}: ${status}${reason === undefined ? '' : `, ${reason}`}`);

/** One that still runs waits for what does not come. */
const BAD = new Set(['FAILED', 'TIMED_OUT', 'ABORTED', 'RUNNING']);

function badExecutions(sight: Sight): string[] {
  const { expect } = sight.scenario;
  const expected = new Set(
    expect.executions.flatMap((wanted) =>
      executionsOf(sight, wanted.stateMachine).filter((one) => wanted.status === one.status && isLike(one, wanted)),
    ),
  );
  return sight.executions
    .filter((one) => BAD.has(one.status) && !one.isChild && !expected.has(one))
    .map(({ name, machineArn, status, error, cause, visits, endedAtMillis }) => {
      const machine = sight.naming.pathOf(machineArn);
      const why = [error, cause]
        .filter((part) => part !== undefined)
        .map(shown)
        .join(': ');
      const where = visits.at(-1)?.state;
      const when = endedAtMillis === undefined ? 'at the end' : at(endedAtMillis, sight);
      return `execution ${name} of ${machine}: ${status} ${when}${where === undefined ? '' : `, last in ${where}`}${why === '' ? '' : `, ${why}`}`;
    });
}

/** A message that an expectation on its queue wants may lie there. */
function deadLetters(sight: Sight, queues: readonly string[]): string[] {
  return queues.flatMap((queue) => {
    const wanted = sight.scenario.expect.messages.filter(
      (one) => one.queue !== undefined && one.count !== 0 && sight.places.pathOf(one.queue, 'queue') === queue,
    );
    const bodies = bodiesIn(sight, queue).filter((body) => !wanted.some((one) => isWantedBody(body, one)));
    return bodies.map((body) => `a message in the dead-letter queue ${queue}: ${shown(body)}`);
  });
}

/** A function's error is the function's affair, an answer that was expected otherwise an expectation. */
const failedInputs = (sight: Sight): string[] =>
  sight.sent
    .filter(({ ok, otherwise, functionError }) => !ok && otherwise === undefined && functionError === undefined)
    .map(({ index, n, to, words, atMillis }) => {
      const repeated = sight.scenario.inputs[index]?.times === undefined ? '' : ` (${n})`;
      return `inputs[${index}]${repeated} to ${to} ${at(atMillis, sight)}: ${words}`;
    });

/** Failed for good: nobody tries again, and no dead-letter queue or destination has it. */
function failedFunctions(sight: Sight): string[] {
  const expected = new Set(
    sight.scenario.expect.functions
      .filter(({ errors }) => errors !== undefined && errors !== 0)
      .map(({ function: path }) => sight.places.pathOf(path, 'function')),
  );
  const invoked = sight.sent
    .filter(({ functionError, to }) => functionError !== undefined && !expected.has(to))
    .map(({ index, to, functionError, atMillis }) => `${to}, invoked by inputs[${index}] ${at(atMillis, sight)}: ${shown(functionError)}`);
  const dropped = sight.laptop.cloud.log
    .filter(({ source, event, detail }) => source === 'lambda' && event === 'event-dropped' && detail['destination'] === undefined)
    .filter(({ detail }) => !expected.has(String(detail['constructPath'])))
    .map(({ detail, atMillis }) => {
      const path = String(detail['constructPath'] ?? '') || String(detail['function']);
      return `${path}: an event was given up ${at(atMillis, sight)} (${String(detail['condition'])})${lastError(sight, detail['function'], atMillis)}`;
    });
  const circles = sight.breaksOff === undefined ? [] : [sight.breaksOff];
  return [...invoked, ...dropped, ...stuck(sight, expected), ...circles];
}

/** What its source hands a function again and again, as AWS does until it is too old. */
const SOURCES = /^(messages|stream records) (?:for|that come back to) (.+)$/;

function stuck(sight: Sight, expected: ReadonlySet<string>): string[] {
  const waiting = sight.laptop.cloud.workUnderWay().flatMap((what) => {
    const [, kind, path] = SOURCES.exec(what) ?? [];
    return kind === undefined || path === undefined || expected.has(path) ? [] : [{ kind, path }];
  });
  const told = new Map(waiting.map(({ kind, path }) => [`${kind} ${path}`, { kind, path }]));
  return [...told.values()].map(({ kind, path }) => {
    const { invocations, errors } = sight.watch.invocations.get(path) ?? { invocations: 0, errors: 0 };
    return `${path}: ${kind} were not processed by the end, ${errors} of ${invocations} invocations failed${lastError(sight, path, Number.POSITIVE_INFINITY)}`;
  });
}

function lastError({ laptop }: Sight, name: unknown, untilMillis: number): string {
  const last = laptop.cloud.log.findLast(
    ({ source, event, detail, atMillis }) =>
      source === 'lambda' && event === 'error' && [detail['function'], detail['constructPath']].includes(name) && atMillis <= untilMillis,
  );
  return last === undefined ? '' : `, ${shown(`${String(last.detail['errorType'])}: ${String(last.detail['errorMessage'])}`)}`;
}

/** Lost on the way, with nothing that keeps them. */
const LOST: Record<string, readonly string[]> = {
  eventbridge: ['delivery-failed', 'dead-letter-failed'],
  scheduler: ['delivery-failed', 'dead-letter-failed'],
  sns: ['delivery-failed', 'dead-letter-failed'],
  s3: ['notification-failed'],
  lambda: ['destination-failed'],
  alarm: ['action-failed'],
};

function failedDeliveries(sight: Sight): string[] {
  const { expect } = sight.scenario;
  return sight.laptop.cloud.log
    .filter(({ source, event, detail }) => {
      if (LOST[source]?.includes(event) !== true) return false;
      return event !== 'delivery-failed' || detail['deadLetterArn'] === undefined;
    })
    .filter(({ source, event, detail, atMillis }) => {
      const entry = { t: (atMillis - sight.startMillis) / 1000, source, event, detail: sight.naming.named(detail) };
      return !expect.timeline.some((happening) => happened(happening, entry));
    })
    .map(({ source, event, detail, atMillis }) => `${source} ${event} ${at(atMillis, sight)}: ${shown(sight.naming.named(detail))}`);
}

function denials(sight: Sight): string[] {
  const { denied } = sight.scenario.expect;
  return sight.denied
    .filter((one) => !denied.some((wanted) => isDenial(one, wanted)))
    .map(
      ({ role, action, resource, atMillis }) => `${role} may not ${action} on ${sight.naming.resourceOf(resource)}, ${at(atMillis, sight)}`,
    );
}
