import type { States } from './asl';
import { call, choose, invoke, jsonata } from './asl';
import { ending, failedUpdate, rollingBack } from './endings';
import { describeInto, endpointAsAsked, freeBefore, freeing, notAsAsked, waitForEndpoint } from './endpoint-states';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

const STAGE = "'blue-green'";
/** Growing waits: eight hours, the longest deployment, are seen in 65 looks. */
const LOOK_SECONDS = '$min([60 + 15 * $polls, 600])';
const LOOKS = 80;
const WENT_BACK =
  "$endpoint.failureReason != '' ? 'SageMaker went back to the old fleet: ' & $endpoint.failureReason " +
  ": 'SageMaker went back to the old fleet without saying why'";

/** SageMaker moves the traffic to a new fleet, and goes back when an alarm on that fleet fires. */
export function guardedStates(parts: WorkflowParts, next: string): States {
  const Catch = [rollingBack(STAGE)];
  return {
    // After a shadow phase stable stands alone already.
    GuardedRollout: choose([{ when: '$release.shadowMinutes > 0', next: 'Guard' }], freeBefore('TakeOffCandidate')),
    ...freeing(parts, 'TakeOffCandidate', Catch),
    TakeOffCandidate: call('sagemaker', 'updateEndpoint', jsonata('$plan.restoreEndpoint'), {
      Assign: { polls: 0 },
      Catch,
      Next: 'WaitForStable',
    }),
    WaitForStable: waitForEndpoint('DescribeStable'),
    DescribeStable: describeInto('StableAsAsked', Catch),
    StableAsAsked: endpointAsAsked('$plan.stableConfigName', 'Guard', 'WaitForStable', 'StableNotAsAsked'),
    StableNotAsAsked: {
      Type: 'Pass',
      Assign: { ending: jsonata(failedUpdate(ending('rolled-back', STAGE, notAsAsked('$plan.stableConfigName')))) },
      Next: 'RollBack',
    },
    Guard: invoke(parts.stepArn, { action: 'guard', releaseId: RELEASE_ID }, { Catch, Next: 'CreateGuardedConfig' }),
    CreateGuardedConfig: call('sagemaker', 'createEndpointConfig', jsonata('$plan.createLiveConfig'), {
      Catch,
      Next: freeBefore('StartGuarded'),
    }),
    ...freeing(parts, 'StartGuarded', Catch),
    StartGuarded: call('sagemaker', 'updateEndpoint', jsonata('$plan.liveEndpoint'), {
      Assign: { polls: 0 },
      Catch,
      Next: 'WaitForGuarded',
    }),
    WaitForGuarded: { Type: 'Wait', Seconds: jsonata(LOOK_SECONDS), Next: 'LookAtGuarded' },
    LookAtGuarded: invoke(
      parts.stepArn,
      { action: 'look-guarded', releaseId: RELEASE_ID },
      {
        // A look that failed is no reason to take back what SageMaker may be finishing.
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2 }],
        Assign: { endpoint: jsonata('$states.result.Payload'), polls: jsonata('$polls + 1') },
        Catch,
        Next: 'GuardedAsAsked',
      },
    ),
    GuardedAsAsked: choose(
      [
        {
          when: "$endpoint.status = 'InService' and $endpoint.configName = $plan.liveConfigName",
          next,
          assign: {
            step: { decision: 'promote', reason: 'SageMaker moved all traffic within its guardrails', by: 'workflow' },
            polls: 0,
          },
        },
        { when: "$endpoint.status = 'InService' and $endpoint.configName = $plan.stableConfigName", next: 'GuardedWentBack' },
        { when: `$endpoint.status in ['Updating', 'SystemUpdating', 'RollingBack'] and $polls < ${LOOKS}`, next: 'WaitForGuarded' },
      ],
      'GuardedNotAsAsked',
    ),
    GuardedWentBack: { Type: 'Pass', Assign: { ending: jsonata(ending('rolled-back', STAGE, WENT_BACK)) }, Next: 'RollBack' },
    GuardedNotAsAsked: {
      Type: 'Pass',
      Assign: { ending: jsonata(failedUpdate(ending('rolled-back', STAGE, notAsAsked('$plan.liveConfigName')))) },
      Next: 'RollBack',
    },
  };
}
