import type { Runbook } from '../../core/contracts';
import type { State, States } from './asl';
import { CAUGHT, call, choose, forEach, invoke, jsonata, wait, WHILE_UPDATING_RETRY } from './asl';
import { BUSY, describeInto, freeBefore, freeing, LOOKS_ON_THE_WAY_BACK, waitOnTheWayBack } from './endpoint-states';
import { page } from './page';
import type { WorkflowParts } from './workflow-parts';

const MOST_RESTORES = 4;

/** When the way back fails as well. */
export const KILLING = {
  ErrorEquals: ['States.ALL'],
  Next: 'PageBeforeKill',
  Assign: {
    ending: jsonata(
      `$merge([$ending, {'outcome': 'killed', 'reason': $ending.reason & '; the rollback could not be finished: ' & ${CAUGHT}}])`,
    ),
  },
};

/** What the rollback handler and `finish` are told of the ending; members that are missing stay missing. */
const withEnding = (base: string): string =>
  jsonata(
    `$merge([${base}, {'releaseId': $states.context.Execution.Input.releaseId, 'reason': $ending.reason}, ` +
      "$exists($ending.culprit) ? {'culprit': $ending.culprit} : {}])",
  );

/** The way back, and the end of every release. */
export function backStates(parts: WorkflowParts): States {
  return { ...restoreStates(parts), ...killStates(parts), ...endStates(parts) };
}

function restoreStates(parts: WorkflowParts): States {
  const Catch = [KILLING];
  return {
    RollBack: invoke(parts.rollbackArn, withEnding("{'source': 'workflow'}"), {
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }],
      Assign: { rolledBack: jsonata('$states.result.Payload') },
      Catch,
      Next: 'WhatToRestore',
    }),
    WhatToRestore: choose(
      [
        {
          // The teardown that the kill switch started deletes everything.
          when: "$rolledBack.mode = 'killed'",
          next: 'Finish',
          assign: { ending: jsonata("$merge([$ending, {'outcome': 'killed'}])") },
        },
        {
          // Promoted by an attempt whose answer was lost: the way is forward.
          when: '$rolledBack.promoted = true',
          next: 'Drain',
          assign: { polls: 0, ending: jsonata("$merge([$ending, {'outcome': 'promoted', 'stage': 'promote'}])") },
        },
        { when: '$endpointTouched = false', next: 'DeleteCandidate' },
        { when: '$plan.own = true', next: 'LookForEndpoint' },
      ],
      'BeginRestoring',
    ),
    BeginRestoring: { Type: 'Pass', Assign: { polls: 0, restores: 0 }, Next: 'LookAtEndpoint' },
    LookAtEndpoint: describeInto('StillStable', Catch),
    StillStable: choose(
      [
        { when: "$endpoint.status = 'InService' and $endpoint.configName = $plan.stableConfigName", next: 'DeleteCandidate' },
        // It refuses every change: what it does may end with stable alone by itself.
        { when: `${BUSY} and $polls < ${LOOKS_ON_THE_WAY_BACK}`, next: 'WaitToRestore' },
      ],
      freeBefore('RestoreEndpoint'),
    ),
    // What fails here is no reason to take stable's answers as well: the update is asked for all the same, until it is taken.
    ...freeing(parts, 'RestoreEndpoint', [{ ErrorEquals: ['States.ALL'], Next: 'RestoreEndpoint' }]),
    WaitToRestore: waitOnTheWayBack('LookAtEndpoint'),
    RestoreEndpoint: call('sagemaker', 'updateEndpoint', jsonata('$plan.restoreEndpoint'), {
      Retry: [WHILE_UPDATING_RETRY],
      Assign: { polls: 0, restores: jsonata('$restores + 1') },
      Catch,
      Next: 'WaitForRestored',
    }),
    WaitForRestored: waitOnTheWayBack('DescribeRestored'),
    DescribeRestored: describeInto('RestoredAsAsked', Catch),
    RestoredAsAsked: choose(
      [
        { when: "$endpoint.status = 'InService' and $endpoint.configName = $plan.stableConfigName", next: 'DeleteCandidate' },
        { when: `${BUSY} and $polls < ${LOOKS_ON_THE_WAY_BACK}`, next: 'WaitForRestored' },
        // SageMaker undid the update, with a reason or without a word. Traffic is safe: it is asked again before stable's answers go, too.
        { when: `$endpoint.status = 'InService' and $restores < ${MOST_RESTORES}`, next: freeBefore('RestoreEndpoint') },
      ],
      'NotRestored',
    ),
    NotRestored: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          "$merge([$ending, {'outcome': 'killed', 'reason': $ending.reason & '; the rollback could not be finished: the endpoint is ' " +
            "& $endpoint.status & ' with config ' & $endpoint.configName}])",
        ),
      },
      Next: 'PageBeforeKill',
    },
    LookForEndpoint: call(
      'sagemaker',
      'describeEndpoint',
      { EndpointName: jsonata('$plan.endpointName') },
      {
        Catch: [{ ...KILLING, Next: 'NeverMade', Assign: { ...KILLING.Assign, before: jsonata('$ending'), problem: jsonata(CAUGHT) } }],
        Next: 'DeleteComponent',
      },
    ),
    // Refused or already gone: the endpoint is not deleted as long as it has one.
    DeleteComponent: forEach(
      '$exists($plan.componentName) ? [$plan.componentName] : []',
      'DeleteOwnComponent',
      'sagemaker',
      'deleteInferenceComponent',
      { InferenceComponentName: jsonata('$states.input') },
      { Catch, Next: 'DeleteEndpoint' },
    ),
    NeverMade: choose(
      [{ when: '$contains($problem, /could not find/i)', next: 'DeleteCandidate', assign: { ending: jsonata('$before') } }],
      'PageBeforeKill',
    ),
    // Stable, if there is one, does not stand on it. An endpoint cannot be deleted while it is being created, or has components.
    DeleteEndpoint: call(
      'sagemaker',
      'deleteEndpoint',
      { EndpointName: jsonata('$plan.endpointName') },
      {
        Retry: [WHILE_UPDATING_RETRY],
        Catch,
        Next: 'WaitForDeletion',
      },
    ),
    WaitForDeletion: wait(120, 'DeleteCandidate'),
    DeleteCandidate: forEach(
      '$exists($plan.darkConfigName) ? [$distinct([$plan.darkConfigName, $plan.liveConfigName, $plan.shadowConfigName])] : []',
      'DeleteCandidateConfig',
      'sagemaker',
      'deleteEndpointConfig',
      { EndpointConfigName: jsonata('$states.input') },
      { Catch, Next: 'DeleteCandidateModels' },
    ),
    DeleteCandidateModels: forEach(
      '$exists($plan.modelName) ? [$plan.modelName] : []',
      'DeleteCandidateModel',
      'sagemaker',
      'deleteModel',
      { ModelName: jsonata('$states.input') },
      { Catch, Next: 'Finish' },
    ),
  };
}

/** The owner is paged first: the kill switch starts the teardown, which stops this execution. */
function killStates(parts: WorkflowParts): States {
  return {
    PageBeforeKill: pageOwners(parts, 'was not rolled back cleanly: the kill switch goes on', 'rollback-failed', {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'KillSwitch' }],
      Next: 'KillSwitch',
    }),
    KillSwitch: invoke(parts.rollbackArn, withEnding("{'source': 'workflow', 'kill': true}"), {
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 10, BackoffRate: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Finish' }],
      Next: 'Finish',
    }),
  };
}

function endStates(parts: WorkflowParts): States {
  return {
    PageOwner: pageOwners(parts, 'needs a look', 'release-ended', {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Finish' }],
      Next: 'Finish',
    }),
    Finish: invoke(
      parts.stepArn,
      jsonata(
        "$merge([{'action': 'finish', 'releaseId': $states.context.Execution.Input.releaseId}, $ending, " +
          "$exists($endpoint.configName) ? {'endpointConfigName': $endpoint.configName} : {}])",
      ),
      {
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2 }],
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Next: 'PageNoEvidence',
            Assign: { ending: jsonata(`$merge([$ending, {'reason': $ending.reason & '; its evidence could not be kept: ' & ${CAUGHT}}])`) },
          },
        ],
        End: true,
      },
    ),
    PageNoEvidence: pageOwners(parts, 'ended without evidence', 'evidence-missing', {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NoEvidence' }],
      Next: 'NoEvidence',
    }),
    NoEvidence: {
      Type: 'Fail',
      Error: 'NoEvidence',
      Cause: jsonata("'it ended as ' & $ending.outcome & ': ' & $ending.reason"),
    },
  };
}

function pageOwners(parts: WorkflowParts, what: string, runbook: Runbook, rest: State): State {
  const text = `('Release ' & $states.context.Execution.Input.releaseId & ' ${what}. ' & $ending.reason)`;
  return page(parts, 'a release needs a look', text, runbook, rest);
}
