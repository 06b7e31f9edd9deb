import { choose, invoke, jsonata, LAMBDA_RETRY, type State, type StateMachineDefinition, type States } from '../release/asl';

/** What the gate workflow calls. */
export interface GateMachineParts {
  handlerArn: string;
  useCaseName: string;
  /** Whether any gate asks a function, or a state machine, of the user's. */
  asksFunctions: boolean;
  asksStateMachines: boolean;
}

export const LINES_LABEL = 'Lines';
/** Longest that a Lambda function runs. */
const LAMBDA_SECONDS = 900;

const ABOUT = {
  releaseId: jsonata('$states.context.Execution.Input.releaseId'),
  index: jsonata('$states.context.Execution.Input.index'),
  execution: jsonata('$states.context.Execution.Name'),
};
/** Inside a Map its own context is the child's. */
const CHILD_ABOUT = {
  releaseId: jsonata('$states.input.releaseId'),
  index: jsonata('$states.input.index'),
  execution: jsonata('$states.input.execution'),
};

/** States.ALL leaves this one out: what came back was too large. */
const EVERYTHING = [['States.DataLimitExceeded'], ['States.ALL']];

/** Why something failed, for the conclusion: the error's name, and what our own handler said. */
const caught = (what: string): State[] =>
  EVERYTHING.map((ErrorEquals) => ({
    ErrorEquals,
    Next: 'Conclude',
    Assign: { heard: { failure: { what, error: jsonata("$states.errorOutput.Error & ''") } } },
  }));

const HANDLER_RETRY = [
  LAMBDA_RETRY,
  { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 2 },
];

/** One gate of one release: opened, measured by its kind, concluded. Whatever fails on the way is heard by `Conclude`. */
export function gateDefinition(parts: GateMachineParts): StateMachineDefinition {
  return {
    Comment: `${parts.useCaseName}: one gate of a release`,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      Begin: { Type: 'Pass', Assign: { plan: {}, heard: {} }, Next: 'Open' },
      Open: invoke(
        parts.handlerArn,
        { action: 'open', ...ABOUT, startedAt: jsonata('$states.context.Execution.StartTime') },
        {
          TimeoutSeconds: LAMBDA_SECONDS,
          Retry: HANDLER_RETRY,
          Assign: { plan: jsonata('$states.result.Payload') },
          Catch: caught('opening the gate'),
          Next: 'Kind',
        },
      ),
      Kind: choose(kindRules(parts), 'Conclude'),
      ...lineStates(parts),
      ...loadStates(parts),
      ...(parts.asksFunctions ? functionStates() : {}),
      ...(parts.asksStateMachines ? stateMachineStates() : {}),
      Conclude: invoke(
        parts.handlerArn,
        { action: 'conclude', ...ABOUT, heard: jsonata('$heard') },
        { Retry: HANDLER_RETRY, Output: jsonata('$states.result.Payload'), End: true },
      ),
    },
  };
}

function kindRules({ asksFunctions, asksStateMachines }: GateMachineParts): { when: string; next: string }[] {
  return [
    { when: "$plan.measure = 'lines'", next: 'ScoreLines' },
    { when: "$plan.measure = 'load'", next: 'Levels' },
    ...(asksFunctions ? [{ when: "$plan.measure = 'function'", next: 'AskFunction' }] : []),
    ...(asksStateMachines ? [{ when: "$plan.measure = 'state-machine'", next: 'AskStateMachine' }] : []),
  ];
}

/** Batches of lines, a child execution each: what the lines say stays in S3 and in the handler, histories hold numbers of lines. */
function lineStates({ handlerArn }: GateMachineParts): States {
  return {
    ScoreLines: {
      Type: 'Map',
      Label: LINES_LABEL,
      Items: jsonata('$plan.batches'),
      ItemSelector: { ...ABOUT, batch: jsonata('$states.context.Map.Item.Value') },
      MaxConcurrency: jsonata('$plan.concurrency'),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'ScoreBatch',
        States: {
          ScoreBatch: invoke(
            handlerArn,
            { action: 'score', ...CHILD_ABOUT, batch: jsonata('$states.input.batch') },
            { TimeoutSeconds: LAMBDA_SECONDS, Retry: HANDLER_RETRY, Output: jsonata('$states.result.Payload.lines'), End: true },
          ),
        },
      },
      Catch: caught('scoring lines'),
      Next: 'Conclude',
    },
  };
}

/** One level after the other, its drivers side by side. A driver is not started anew: load that was sent twice measures nothing. */
function loadStates({ handlerArn }: GateMachineParts): States {
  return {
    Levels: {
      Type: 'Map',
      Items: jsonata('$plan.levels'),
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Drivers',
        States: {
          Drivers: {
            Type: 'Map',
            Items: jsonata('$states.input.drivers'),
            ItemProcessor: {
              ProcessorConfig: { Mode: 'INLINE' },
              StartAt: 'Drive',
              States: {
                Drive: invoke(
                  handlerArn,
                  { action: 'drive', ...ABOUT, driver: jsonata('$states.input') },
                  { TimeoutSeconds: LAMBDA_SECONDS, Output: jsonata('$states.result.Payload.sent'), End: true },
                ),
              },
            },
            End: true,
          },
        },
      },
      Catch: caught('driving the load'),
      Next: 'Conclude',
    },
  };
}

function functionStates(): States {
  return {
    AskFunction: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: jsonata('$plan.functionArn'), Payload: jsonata('$plan.question') },
      TimeoutSeconds: jsonata('$plan.timeoutSeconds'),
      Retry: [LAMBDA_RETRY],
      Assign: { heard: { answer: jsonata('$states.result.Payload') } },
      Catch: caught('the function of the gate'),
      Next: 'Conclude',
    },
  };
}

function stateMachineStates(): States {
  return {
    AskStateMachine: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: jsonata('$plan.stateMachineArn'), Input: jsonata('$plan.question') },
      TimeoutSeconds: jsonata('$plan.timeoutSeconds'),
      Assign: { heard: { answer: jsonata('$states.result.Output') } },
      Catch: caught('the state machine of the gate'),
      Next: 'Conclude',
    },
  };
}
