/** Small helpers around Amazon States Language with JSONata. */

export type State = Record<string, unknown>;
export type States = Record<string, State>;

export interface StateMachineDefinition {
  Comment: string;
  QueryLanguage: 'JSONata';
  StartAt: string;
  States: States;
}

/** An expression. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** Errors of Lambda itself, not of the handler. */
export const LAMBDA_RETRY = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.ClientExecutionTimeoutException',
  ],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
};

/** Throttling and the like: whatever AWS refused, once more. */
export const SDK_RETRY = { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2 };

/** Refused or throttled: each minute at first, for nine hours, which is longer than any change of an endpoint takes. */
export const WHILE_UPDATING_RETRY = {
  ErrorEquals: ['States.TaskFailed'],
  IntervalSeconds: 60,
  MaxAttempts: 84,
  BackoffRate: 1.05,
  MaxDelaySeconds: 600,
};

export function invoke(functionArn: string, payload: unknown, rest: State): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionArn, Payload: payload },
    TimeoutSeconds: 120,
    Retry: [LAMBDA_RETRY],
    ...rest,
  };
}

/** The task ends when somebody answers its token. */
export function invokeAndWait(functionArn: string, payload: State, rest: State): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: functionArn, Payload: { ...payload, taskToken: jsonata('$states.context.Task.Token') } },
    Retry: [LAMBDA_RETRY],
    ...rest,
  };
}

export function call(service: string, operation: string, callArguments: unknown, rest: State): State {
  return {
    Type: 'Task',
    Resource: `arn:aws:states:::aws-sdk:${service}:${operation}`,
    Arguments: callArguments,
    Retry: [SDK_RETRY],
    ...rest,
  };
}

export function choose(rules: { when: string; next: string; assign?: State }[], otherwise: string): State {
  return {
    Type: 'Choice',
    Choices: rules.map(({ when, next, assign }) => ({
      Condition: jsonata(when),
      Next: next,
      ...(assign === undefined ? {} : { Assign: assign }),
    })),
    Default: otherwise,
  };
}

export const wait = (seconds: number, next: string): State => ({ Type: 'Wait', Seconds: seconds, Next: next });

/** Does one call for each item. What fails is left for the teardown, which finds it by its tag. */
export function forEach(
  items: string,
  name: string,
  service: string,
  operation: string,
  callArguments: State,
  rest: State,
  Retry: State[] = [SDK_RETRY],
): State {
  const gone = `${name}IsGone`;
  return {
    Type: 'Map',
    Items: jsonata(items),
    MaxConcurrency: 1,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: name,
      States: {
        [name]: call(service, operation, callArguments, { Retry, Catch: [{ ErrorEquals: ['States.ALL'], Next: gone }], Next: gone }),
        [gone]: { Type: 'Pass', End: true },
      },
    },
    ...rest,
  };
}

/** Why a state failed, for people; causes can be long. */
export const CAUGHT = "$substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause, 0, 500)";

/** Of a task that waits for a SageMaker job: starting it was refused or throttled. A job that ran and failed is not run again. */
export const JOB_RETRY = {
  ErrorEquals: ['SageMaker.AmazonSageMakerException', 'SageMaker.SdkClientException'],
  IntervalSeconds: 30,
  MaxAttempts: 4,
  BackoffRate: 2,
};

/** Why a job failed: the cause of its task is its description. */
export const JOB_FAILED =
  "($cause := $states.errorOutput.Cause; $job := $substring($cause, 0, 1) = '{' ? $parse($cause) : {}; " +
  `$exists($job.FailureReason) ? $substring($job.FailureReason, 0, 500) : ${CAUGHT})`;
