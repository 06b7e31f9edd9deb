import type { StateMachineDefinition, States } from './asl';
import { CAUGHT, call, choose, forEach, invoke, jsonata, LAMBDA_RETRY, wait } from './asl';
import { page } from './page';

/** What the teardown calls. */
export interface TeardownParts {
  stepArn: string;
  topicArn: string;
  runbooksUrl: string;
  useCaseName: string;
}

/** CloudFormation waits an hour at most: 45 rounds, of a minute where SageMaker refuses, leave it time for an answer. */
const ROUNDS = 45;

/** Listing meets what is just vanishing, and writing meets other writers: nothing of that ends a teardown. */
const Retry = [LAMBDA_RETRY, { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2 }];

const NOTHING_LEFT =
  '$count($left.releases) + $count($left.endpoints) + $count($left.endpointConfigs) + $count($left.models) + $count($left.components) = 0 ' +
  'and $not($exists($left.restoreEndpoint))';

const Catch = [
  {
    ErrorEquals: ['States.ALL'],
    Next: 'TeardownFailed',
    Assign: { status: 'FAILED', reason: jsonata(`'the teardown failed: ' & ${CAUGHT}`) },
  },
];

/** Stops releases under way, deletes what was made at run time, round by round until nothing is left, and answers CloudFormation. */
export function teardownDefinition(parts: TeardownParts): StateMachineDefinition {
  return {
    Comment: `${parts.useCaseName}: stop and delete everything that was made at run time`,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: { ...loopStates(parts), ...deleteStates(parts), ...answerStates(parts) },
  };
}

function loopStates(parts: TeardownParts): States {
  return {
    Begin: {
      Type: 'Pass',
      Assign: {
        round: 0,
        left: {},
        status: 'SUCCESS',
        reason: 'nothing is left',
        outcome: jsonata("$states.input.kind = 'kill' ? 'killed' : 'withdrawn'"),
        why: jsonata("$states.input.reason & ''"),
        answer: jsonata('$exists($states.input.cloudFormation) ? $states.input.cloudFormation : {}'),
      },
      Next: 'TeardownPlan',
    },
    TeardownPlan: invoke(
      parts.stepArn,
      { action: 'teardown-plan' },
      { Assign: { left: jsonata('$states.result.Payload'), round: jsonata('$round + 1') }, Retry, Catch, Next: 'WhatIsLeft' },
    ),
    WhatIsLeft: choose(
      [
        {
          when: NOTHING_LEFT,
          next: 'AnswerOwed',
        },
        {
          when: `$round > ${ROUNDS}`,
          next: 'TeardownFailed',
          assign: {
            status: 'FAILED',
            reason: jsonata("'after 45 minutes these are left: ' & $substring($string($left), 0, 800)"),
          },
        },
        { when: '$count($left.releases) > 0', next: 'EndReleases' },
        { when: '$left.endpointBusy = true', next: 'WaitForDeletion' },
        { when: '$exists($left.restoreEndpoint)', next: 'RestoreEndpoint' },
        { when: '$count($left.components) > 0', next: 'DeleteComponents' },
        { when: '$count($left.endpoints) > 0', next: 'DeleteEndpoints' },
      ],
      'DeleteConfigs',
    ),
    WaitForDeletion: wait(30, 'TeardownPlan'),
  };
}

function deleteStates(parts: TeardownParts): States {
  return {
    EndReleases: {
      Type: 'Map',
      Items: jsonata('$left.releases'),
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'StopExecution',
        States: {
          StopExecution: call(
            'sfn',
            'stopExecution',
            { ExecutionArn: jsonata('$states.input.executionArn'), Error: 'TornDown', Cause: jsonata('$why') },
            {
              Output: jsonata('$states.input'),
              // An execution that has ended by itself is as good as stopped.
              Catch: [{ ErrorEquals: ['States.ALL'], Output: jsonata('$states.input'), Next: 'FinishRelease' }],
              Next: 'FinishRelease',
            },
          ),
          FinishRelease: invoke(
            parts.stepArn,
            {
              action: 'finish',
              releaseId: jsonata('$states.input.releaseId'),
              outcome: jsonata('$outcome'),
              stage: 'teardown',
              reason: jsonata('$why'),
            },
            { Retry, End: true },
          ),
        },
      },
      Catch,
      Next: 'TeardownPlan',
    },
    // Refused or undone, it is asked for again in the next round: nothing is deleted under an endpoint that still runs on it.
    RestoreEndpoint: call('sagemaker', 'updateEndpoint', jsonata('$left.restoreEndpoint'), {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'WaitForDeletion' }],
      Next: 'WaitForDeletion',
    }),
    // An endpoint that holds components is not deleted.
    DeleteComponents: forEach(
      '$left.components',
      'DeleteComponent',
      'sagemaker',
      'deleteInferenceComponent',
      { InferenceComponentName: jsonata('$states.input') },
      { Catch, Next: 'WaitForDeletion' },
    ),
    DeleteEndpoints: forEach(
      '$left.endpoints',
      'DeleteEndpoint',
      'sagemaker',
      'deleteEndpoint',
      { EndpointName: jsonata('$states.input') },
      { Catch, Next: 'WaitForDeletion' },
    ),
    DeleteConfigs: forEach(
      '$left.endpointConfigs',
      'DeleteConfig',
      'sagemaker',
      'deleteEndpointConfig',
      { EndpointConfigName: jsonata('$states.input') },
      { Catch, Next: 'DeleteModels' },
    ),
    DeleteModels: forEach(
      '$left.models',
      'DeleteModel',
      'sagemaker',
      'deleteModel',
      { ModelName: jsonata('$states.input') },
      { Catch, Next: 'WaitForDeletion' },
    ),
  };
}

function answerStates(parts: TeardownParts): States {
  return {
    TeardownFailed: page(parts, 'the teardown needs a look', "($reason & '')", 'kill-switch', {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'AnswerOwed' }],
      Next: 'AnswerOwed',
    }),
    AnswerOwed: choose([{ when: '$exists($answer.responseUrl)', next: 'AnswerCloudFormation' }], 'Ended'),
    AnswerCloudFormation: invoke(
      parts.stepArn,
      jsonata("$merge([$answer, {'action': 'answer-cloudformation', 'status': $status, 'reason': $reason}])"),
      {
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NotTornDown' }],
        Next: 'Ended',
      },
    ),
    Ended: choose([{ when: "$status = 'SUCCESS'", next: 'TornDown' }], 'NotTornDown'),
    TornDown: { Type: 'Succeed' },
    NotTornDown: {
      Type: 'Fail',
      Error: 'NotTornDown',
      Cause: 'Something is left, or CloudFormation could not be answered: see the states before.',
    },
  };
}
