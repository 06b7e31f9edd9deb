import type { State, States } from './asl';
import { choose, invoke, jsonata } from './asl';
import { ending, rollingBack } from './endings';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** A gate bounds itself; this is for one that does not. */
const GATE_SECONDS = 86_400;
const Retry = [
  // Told to stop: the way back begins at once.
  { ErrorEquals: ['ReleaseRefused'], MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 },
];
const START_ERRORS = ['StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException', 'StepFunctions.ThrottlingException'];
const FAILED = '$gateResults[passed != true]';

/** Every gate runs, one after the other, against the dark candidate; each must pass. Stopping the release stops the gate. */
export function gateStates(parts: WorkflowParts, gateMachineArn: string, next: string): States {
  return {
    GatesOwed: choose([{ when: '$count($release.gates) > 0', next: 'Gates' }], next),
    Gates: {
      Type: 'Map',
      Items: jsonata('$release.gates'),
      ItemSelector: { name: jsonata('$states.context.Map.Item.Value'), index: jsonata('$states.context.Map.Item.Index') },
      MaxConcurrency: 1,
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'RunGate', States: oneGate(parts, gateMachineArn) },
      Assign: { gateResults: jsonata('$states.result') },
      Catch: [rollingBack("'gates'")],
      Next: 'GatesPassed',
    },
    GatesPassed: choose([{ when: `$count(${FAILED}) = 0`, next }], 'GateFailed'),
    GateFailed: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          ending('rejected', `'gate:' & ${FAILED}[0].gate`, `$join(${FAILED}.('gate ' & gate & ' did not pass: ' & reason), '; ')`),
        ),
      },
      Next: 'RollBack',
    },
  };
}

function oneGate(parts: WorkflowParts, gateMachineArn: string): States {
  const kept = (more: string): State =>
    invoke(
      parts.stepArn,
      jsonata(
        "$merge([{'action': 'keep-gate', 'releaseId': $states.context.Execution.Input.releaseId, 'index': $states.input.index, " +
          `'startedAt': $states.input.startedAt}, ${more}])`,
      ),
      { Retry, Output: jsonata('$states.result.Payload'), End: true },
    );
  const begun = "'index': $states.input.index, 'startedAt': $states.context.State.EnteredTime";
  return {
    RunGate: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: {
        StateMachineArn: gateMachineArn,
        Input: {
          releaseId: RELEASE_ID,
          index: jsonata('$states.input.index'),
          AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: jsonata('$states.context.Execution.Id'),
        },
      },
      // A gate that failed is not run again: only its start is.
      Retry: [{ ErrorEquals: START_ERRORS, IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2 }],
      TimeoutSeconds: GATE_SECONDS,
      Output: jsonata(`{${begun}, 'result': $states.result.Output}`),
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Output: jsonata(
            `{${begun}, 'problem': 'The gate could not be run to its end: ' & $substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause, 0, 500)}`,
          ),
          Next: 'KeepProblem',
        },
      ],
      Next: 'KeepGate',
    },
    KeepGate: kept("{'result': $states.input.result}"),
    KeepProblem: kept("{'problem': $states.input.problem}"),
  };
}
