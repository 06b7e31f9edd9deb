import type { States } from './asl';
import { call, choose, invoke, jsonata } from './asl';
import { KILLING } from './back-states';
import { EXECUTION_ARN, type WorkflowParts } from './workflow-parts';

const PROMOTED = "'promoted; ' & $ending.reason & ' before the endpoint was tidied'";

/** The second entry: what an execution that was aborted, failed or timed out left behind is taken back. */
export function cleanUpStates(parts: WorkflowParts): States {
  return {
    CleanUp: invoke(
      parts.stepArn,
      { action: 'clean-up', releaseId: jsonata('$states.context.Execution.Input.releaseId'), executionArn: EXECUTION_ARN },
      {
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }],
        Assign: {
          plan: jsonata('$states.result.Payload.plan'),
          endpointTouched: jsonata('$states.result.Payload.holdsLock'),
          promoted: jsonata('$states.result.Payload.promoted'),
          window: jsonata("{'until': $states.result.Payload.warmUntil}"),
          ending: jsonata(
            "{'outcome': 'rolled-back', 'stage': $states.result.Payload.stage, 'reason': $states.context.Execution.Input.cleanUp.reason}",
          ),
        },
        Catch: [KILLING],
        Next: 'WasPromoted',
      },
    ),
    WasPromoted: choose(
      [
        {
          // Only its rollback window is left to end.
          when: '$exists($window.until)',
          next: 'WaitWarm',
          assign: {
            warmUntil: jsonata('$window.until'),
            ending: jsonata("$merge([$ending, {'outcome': 'promoted', 'stage': 'rollback-window'}])"),
          },
        },
        {
          when: '$promoted = true',
          next: 'LookAtPromoted',
          assign: { ending: jsonata(`$merge([$ending, {'outcome': 'promoted', 'stage': 'clean-up', 'reason': ${PROMOTED}}])`) },
        },
      ],
      'RollBack',
    ),
    // The endpoint that traffic came from is nobody's any more.
    OldEndpointLeft: choose([{ when: '$plan.own = true', next: 'OldEndpointOwed' }], 'PageOwner'),
    // Stable goes by the config that the endpoint really runs; the next release tidies it.
    LookAtPromoted: call(
      'sagemaker',
      'describeEndpoint',
      { EndpointName: jsonata('$plan.endpointName') },
      {
        Assign: { endpoint: jsonata("{'status': $states.result.EndpointStatus, 'configName': $states.result.EndpointConfigName}") },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'PageOwner' }],
        Next: 'OldEndpointLeft',
      },
    ),
  };
}
