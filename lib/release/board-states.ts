import type { ApprovalKind } from '../../core/contracts';
import { choose, invoke, invokeAndWait, jsonata, LAMBDA_RETRY, type State, type States } from './asl';

const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }];
/** The approval could not be kept or announced: asked again with a new token, for three quarters of an hour. */
const NOT_ASKED_RETRY = { ErrorEquals: ['ApprovalNotAsked'], IntervalSeconds: 5, MaxAttempts: 11, BackoffRate: 2, MaxDelaySeconds: 600 };

/** What the states of a board are called; `settled` follows them. */
export interface BoardNames {
  ask: string;
  escalate: string;
  settle: string;
  settled: string;
}

/** A board of owners. Expressions are JSONata. */
export interface BoardParts {
  approvalArn: string;
  /** Of the release or the run that is asked about. */
  id: string;
  kind: ApprovalKind;
  names: BoardNames;
  deadlineMinutes: string;
  /** Nothing where nobody is escalated to. */
  escalateAfterMinutes: string;
  onError: State;
}

/** Asks, asks further roles when time runs, and has the handler say how it ended: an answer to the token alone proves nobody. */
export function boardStates({ approvalArn, id, kind, names, deadlineMinutes, escalateAfterMinutes, onError }: BoardParts): States {
  const escalates = `$exists(${escalateAfterMinutes})`;
  const wait = (request: State, minutes: string, onTimeout: string): State =>
    invokeAndWait(
      approvalArn,
      { releaseId: jsonata(id), kind, minutes: jsonata(minutes), ...request },
      {
        TimeoutSeconds: jsonata(`(${minutes}) * 60`),
        Retry: [LAMBDA_RETRY, NOT_ASKED_RETRY],
        Assign: { answer: jsonata("{'answer': $states.result}") },
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: onTimeout, Assign: { answer: {} } }, onError],
        Next: names.settle,
      },
    );
  const escalationOwed = `${names.escalate}Owed`;
  return {
    [names.ask]: wait({}, `${escalates} ? ${escalateAfterMinutes} : ${deadlineMinutes}`, escalationOwed),
    [escalationOwed]: choose([{ when: escalates, next: names.escalate }], names.settle),
    [names.escalate]: wait({ escalate: true }, `${deadlineMinutes} - ${escalateAfterMinutes}`, names.settle),
    [names.settle]: invoke(approvalArn, jsonata(`$merge([{'action': 'settle', 'releaseId': ${id}, 'kind': '${kind}'}, $answer])`), {
      Retry,
      Assign: { approval: jsonata('$states.result.Payload') },
      Catch: [onError],
      Next: names.settled,
    }),
  };
}
