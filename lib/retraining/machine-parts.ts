import { CAUGHT, jsonata, type State } from '../release/asl';
import type { TrainingPolicy } from '../../core/contracts';

/** What the retraining workflow calls. */
export interface RetrainingMachineParts {
  useCaseName: string;
  resourcePrefix: string;
  stepArn: string;
  approvalArn: string;
  topicArn: string;
  runbooksUrl: string;
  training: TrainingPolicy;
  /** Role of the training job, where it is one. */
  trainingRoleArn?: string;
  asksBoard: boolean;
  tags: Record<string, string>;
  network?: { subnetIds: string[]; securityGroupIds: string[] };
  keyArn?: string;
}

export const RUN_ID = '$states.context.Execution.Input.runId';
export const EXECUTION_ARN = '$states.context.Execution.Id';
/** Longest that a function runs. */
export const STEP_SECONDS = 900;

/**
 * Why, for people: what a job's description gives as its reason, or what the handler said, without the trace around it. Found by its name,
 * not parsed: a cause that was cut off must not keep a run from its end.
 */
const SAID_WHY =
  String.raw`($said := $match($states.errorOutput.Cause, /"(?:FailureReason|errorMessage)":"(.*?)"(?:,|\x7d)/)[0].groups[0]; ` +
  `$exists($said) and $said != '' ? $substring($said, 0, 500) : ${CAUGHT})`;

/** Whatever fails: the run ends with the reason, and what it made goes. */
export const failing = (what: string, next = 'Finish'): State => ({
  ErrorEquals: ['States.ALL'],
  Next: next,
  Assign: { ending: jsonata(ending('failed', `'${what}: ' & ${SAID_WHY}`)) },
});

export const ending = (status: string, reason: string): string => `{'status': '${status}', 'reason': $substring(${reason}, 0, 1000)}`;

/** Function errors that are worth another attempt; what the handler says is wrong stays wrong. */
export const STEP_RETRY = {
  ErrorEquals: ['States.TaskFailed', 'States.Timeout'],
  IntervalSeconds: 10,
  MaxAttempts: 2,
  BackoffRate: 3,
};
export const HOPELESS = { ErrorEquals: ['NoModel', 'AnswersDoNotFit'], MaxAttempts: 0 };
