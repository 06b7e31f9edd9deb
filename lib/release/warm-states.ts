import type { States } from './asl';
import { choose, invoke, jsonata, wait } from './asl';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2 }];
/** Whoever began since builds for two hours at most, or gives up. */
const LATER_SECONDS = 1800;

/**
 * The rollback window: the release is over, with its evidence, and the lock is free; the release before stays on the endpoint.
 * The execution waits for the end of the window, then settles the endpoint, unless somebody else has it.
 */
export function warmStates(parts: WorkflowParts, Catch: unknown[], settle: string, deleteOld: string): States {
  return {
    KeepWarm: choose([{ when: '$release.keepWarmMinutes > 0', next: 'FinishWarm' }], settle),
    FinishWarm: invoke(
      parts.stepArn,
      jsonata(
        "$merge([{'action': 'finish', 'keepWarm': true, 'releaseId': $states.context.Execution.Input.releaseId}, $ending, " +
          "$exists($endpoint.configName) ? {'endpointConfigName': $endpoint.configName} : {}])",
      ),
      { Retry, Assign: { finished: jsonata('$states.result.Payload') }, Catch, Next: 'WarmKept' },
    ),
    WarmKept: choose(
      [
        { when: '$finished.takenBack = true', next: 'WindowOver' },
        { when: '$exists($finished.warmUntil)', next: 'WaitWarm', assign: { warmUntil: jsonata('$finished.warmUntil') } },
      ],
      'Tidy',
    ),
    WaitWarm: { Type: 'Wait', Timestamp: jsonata('$warmUntil'), Next: 'Tidy' },
    Tidy: invoke(
      parts.stepArn,
      { action: 'tidy', releaseId: RELEASE_ID },
      { Retry, Assign: { tidy: jsonata('$states.result.Payload') }, Catch, Next: 'WhatToTidy' },
    ),
    WhatToTidy: choose(
      [
        { when: "$tidy.do = 'settle'", next: settle, assign: { polls: 0 } },
        {
          when: "$tidy.do = 'delete'",
          next: deleteOld,
          assign: {
            plan: jsonata(
              "$merge([$plan, {'obsoleteConfigs': $tidy.obsoleteConfigs, 'obsoleteModels': $tidy.obsoleteModels, " +
                "'obsoleteEndpoints': $tidy.obsoleteEndpoints, 'obsoleteComponents': $tidy.obsoleteComponents}])",
            ),
          },
        },
        { when: "$tidy.do = 'later'", next: 'TidyLater' },
      ],
      'WindowOver',
    ),
    TidyLater: wait(LATER_SECONDS, 'Tidy'),
    WindowOver: { Type: 'Succeed' },
  };
}
