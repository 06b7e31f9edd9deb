import { BadInputError } from '../../core/errors';
import { AwsError, type Cloud, type Members } from '../cloud/types';
import type { KpiEvents } from './kpi-events-schema';

const FIRST_WAIT_MILLIS = 1000;
const LONGEST_WAIT_MILLIS = 60_000;

/** Errors that the same event meets again. */
const refusedForGood =
  /^(HTTP 4(?!08|29)\d\d|AccessDenied|AccessDeniedException|InvalidArgument|InvalidMessageContents|InvalidParameterValue|MalformedDetail|NotAuthorizedForSource|ResourceNotFoundException|ValidationException)$/;

/** One way for KPI events: takes the text of an event, or refuses it for good. */
export interface KpiRoute {
  /** Whether text that is no JSON gets through. */
  readonly takesAnyText: boolean;
  /** Whether events of other use cases are brought here as well. */
  readonly bringsOthers: boolean;
  send(text: string): Promise<{ refused?: string }>;
}

export const PRODUCER = { kind: 'world', principalArn: 'kpi-producer' } as const;

/** An output of the stack that a route needs. */
export type OutputOf = (name: string) => string | undefined;

export function outputNeeded(outputOf: OutputOf, name: string, route: KpiEvents['route'], how: string): string {
  const value = outputOf(name);
  if (value !== undefined) return value;
  throw new BadInputError(`kpiEvents.route: ${route} needs the stack's output ${name}, which is not there\n  allowed: ${how}`);
}

export class EventBridgeRoute implements KpiRoute {
  readonly takesAnyText = false;
  /** The rule of the use case lets only its own events in. */
  readonly bringsOthers = false;

  constructor(private readonly cloud: Cloud) {}

  send(text: string): Promise<{ refused?: string }> {
    const entry = { Source: 'sluice.kpi', DetailType: 'KpiObserved', Detail: text, Time: new Date(this.cloud.clock.now()) };
    return untilTaken(this.cloud, async () => {
      const answer = await this.cloud.call('eventbridge', 'PutEvents', { Entries: [entry] }, PRODUCER);
      const [first] = answer.Entries as { ErrorCode?: string; ErrorMessage?: string }[];
      return first?.ErrorCode === undefined ? undefined : { code: first.ErrorCode, message: first.ErrorMessage ?? '' };
    });
  }
}

export class SqsRoute implements KpiRoute {
  readonly takesAnyText = true;
  readonly bringsOthers = true;

  constructor(
    private readonly cloud: Cloud,
    private readonly outputOf: OutputOf,
  ) {}

  send(text: string): Promise<{ refused?: string }> {
    const QueueUrl = outputNeeded(this.outputOf, 'ObservationQueueUrl', 'sqs', 'eventbridge');
    return untilTaken(this.cloud, async () => {
      await this.cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: text }, PRODUCER);
      return undefined;
    });
  }
}

/** A producer keeps its event until it is taken, or refused for good. `attempt` says what was wrong, or throws it. */
export async function untilTaken(
  cloud: Cloud,
  attempt: () => Promise<{ code: string; message: string } | undefined>,
): Promise<{ refused?: string }> {
  for (let waitMillis = FIRST_WAIT_MILLIS; ; waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT_MILLIS)) {
    const problem = await attempt().catch(asProblem);
    if (problem === undefined) return {};
    if (refusedForGood.test(problem.code)) return { refused: `${problem.code}: ${problem.message}` };
    await cloud.clock.sleep(waitMillis);
  }
}

function asProblem(error: unknown): Members & { code: string; message: string } {
  if (error instanceof AwsError) return { code: error.code, message: error.message };
  throw error;
}
