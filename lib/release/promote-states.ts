import type { States } from './asl';
import { CAUGHT, call, choose, forEach, invoke, jsonata, wait } from './asl';
import { ending, failedUpdate, rollingBack } from './endings';
import { describeInto, endpointAsAsked, freeBefore, freeing, notAsAsked, waitForEndpoint } from './endpoint-states';
import { oldEndpointStates } from './component-states';
import { warmStates } from './warm-states';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** Longer than the gateway's cache and its longest request together. */
const DRAIN_SECONDS = 90;

/** After promotion nothing is rolled back: the new stable answers, only tidying failed. */
const leavingUntidy = {
  ErrorEquals: ['States.ALL'],
  Next: 'PageOwner',
  Assign: { ending: jsonata(ending('promoted', "'clean-up'", `'promoted; tidying the endpoint failed: ' & ${CAUGHT}`)), promoted: true },
};

/** The candidate becomes stable, and the endpoint its own: at once, or when the rollback window is over. */
export function promoteStates(parts: WorkflowParts): States {
  const Catch = [leavingUntidy];
  return {
    Promote: invoke(
      parts.stepArn,
      { action: 'promote', releaseId: RELEASE_ID, by: jsonata("$step.by & ''"), reason: jsonata("$step.reason & ''") },
      {
        // Asked again it changes nothing: an answer that was lost is no reason to roll back.
        Retry: [
          { ErrorEquals: ['ReleaseRefused'], MaxAttempts: 0 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 },
        ],
        Catch: [rollingBack("'promote'")],
        Next: 'Promoted',
      },
    ),
    Promoted: {
      Type: 'Pass',
      Assign: { polls: 0, ending: jsonata(ending('promoted', "'promote'", "$step.reason & ''")) },
      Next: 'Drain',
    },
    Drain: wait(DRAIN_SECONDS, 'StandsAlone'),
    // A first release, and one on an endpoint of its own, from its beginning; a guarded one since SageMaker moved its traffic.
    StandsAlone: choose(
      [
        { when: "$plan.first = true or $release.strategy = 'blue-green'", next: 'DeleteOld' },
        { when: '$plan.own = true', next: 'KeepWarm' },
      ],
      'CreateLiveConfig',
    ),
    CreateLiveConfig: call('sagemaker', 'createEndpointConfig', jsonata('$plan.createLiveConfig'), { Catch, Next: 'KeepWarm' }),
    ...warmStates(parts, Catch, 'Settle', 'OldEndpointOwed'),
    Settle: choose([{ when: '$plan.own = true', next: 'OldEndpointOwed' }], freeBefore('UpdateEndpoint')),
    ...oldEndpointStates(Catch, 'DeleteOld'),
    ...freeing(parts, 'UpdateEndpoint', Catch),
    // Instance counts stay as scaled; the weight must not stay at the canary's 0.
    UpdateEndpoint: call('sagemaker', 'updateEndpoint', jsonata('$plan.liveEndpoint'), {
      Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 60, MaxAttempts: 30, BackoffRate: 1 }],
      Catch,
      Next: 'WaitForLive',
    }),
    WaitForLive: waitForEndpoint('DescribeLive'),
    DescribeLive: describeInto('LiveAsAsked', Catch),
    LiveAsAsked: endpointAsAsked('$plan.liveConfigName', 'DeleteOld', 'WaitForLive', 'LiveNotAsAsked'),
    LiveNotAsAsked: {
      Type: 'Pass',
      Assign: { ending: jsonata(failedUpdate(ending('promoted', "'clean-up'", `'promoted; ' & ${notAsAsked('$plan.liveConfigName')}`))) },
      Next: 'PageOwner',
    },
    DeleteOld: forEach(
      '$plan.obsoleteConfigs',
      'DeleteOldConfig',
      'sagemaker',
      'deleteEndpointConfig',
      { EndpointConfigName: jsonata('$states.input') },
      { Catch, Next: 'DeleteOldModels' },
    ),
    DeleteOldModels: forEach(
      '$plan.obsoleteModels',
      'DeleteOldModel',
      'sagemaker',
      'deleteModel',
      { ModelName: jsonata('$states.input') },
      { Catch, Next: 'Finish' },
    ),
  };
}
