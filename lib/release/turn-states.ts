import type { States } from './asl';
import { call, choose, invoke, invokeAndWait, jsonata } from './asl';
import { rollingBack } from './endings';
import { EXECUTION_ARN, RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** From the first state until the release has the lock and knows the calls that it will make. */
export function turnStates(parts: WorkflowParts): States {
  const Catch = [rollingBack("'create'")];
  return {
    Begin: {
      Type: 'Pass',
      Assign: {
        release: {},
        plan: {},
        currentConfig: {},
        endpoint: {},
        endpointTouched: false,
        polls: 0,
        stepIndex: 0,
        growFor: 'step',
        capacity: {},
        component: {},
        gateResults: [],
        step: { decision: 'promote', reason: 'all at once', by: 'workflow' },
        ending: { outcome: 'rolled-back', stage: 'create', reason: 'the release did not start' },
      },
      Next: 'Entry',
    },
    Entry: choose([{ when: '$exists($states.context.Execution.Input.cleanUp)', next: 'CleanUp' }], 'Register'),
    Register: invoke(
      parts.stepArn,
      { action: 'register', releaseId: RELEASE_ID, executionArn: EXECUTION_ARN },
      {
        Assign: { registered: jsonata('$states.result.Payload') },
        Catch,
        Next: 'HasLock',
      },
    ),
    HasLock: choose(
      [
        {
          // The endpoint still runs what a rollback window kept: from now on the way back restores stable's own config.
          when: '$registered.locked = true and $exists($registered.plan.restore)',
          next: 'FirstRelease',
          assign: { release: jsonata('$registered.plan'), plan: jsonata('$registered.plan.restore'), endpointTouched: true },
        },
        { when: '$registered.locked = true', next: 'FirstRelease', assign: { release: jsonata('$registered.plan') } },
        {
          when: '$registered.superseded = true',
          next: 'Finish',
          assign: { ending: { outcome: 'superseded', stage: 'create', reason: 'a newer release was asked for while this one waited' } },
        },
      ],
      'WaitForTurn',
    ),
    // Whoever ends a release answers the token. A release may wait for weeks, and a history holds 25 000 events.
    WaitForTurn: invokeAndWait(
      parts.stepArn,
      { action: 'wait-for-turn', releaseId: RELEASE_ID },
      {
        TimeoutSeconds: jsonata('$registered.waitSeconds'),
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Register' }, ...Catch],
        Next: 'Register',
      },
    ),
    FirstRelease: choose([{ when: '$release.own = true', next: 'Plan' }], 'DescribeCurrent'),
    DescribeCurrent: call(
      'sagemaker',
      'describeEndpoint',
      { EndpointName: jsonata('$release.endpointName') },
      { Assign: { currentConfigName: jsonata('$states.result.EndpointConfigName') }, Catch, Next: 'DescribeCurrentConfig' },
    ),
    DescribeCurrentConfig: call(
      'sagemaker',
      'describeEndpointConfig',
      { EndpointConfigName: jsonata('$currentConfigName') },
      { Assign: { currentConfig: jsonata('$states.result') }, Catch, Next: 'Plan' },
    ),
    Plan: invoke(
      parts.stepArn,
      jsonata(
        "$merge([{'action': 'plan', 'releaseId': $states.context.Execution.Input.releaseId}, " +
          "$release.own = true ? {} : {'currentConfig': $currentConfig}])",
      ),
      { Assign: { plan: jsonata('$states.result.Payload') }, Catch, Next: 'CreateModel' },
    ),
  };
}
