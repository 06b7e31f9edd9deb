import type { States } from './asl';
import { call, choose, invoke, jsonata } from './asl';
import { componentStates } from './component-states';
import { ending, failedUpdate, rollingBack } from './endings';
import { describeInto, endpointAsAsked, freeBefore, freeing, nameStates, notAsAsked, waitForEndpoint } from './endpoint-states';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** Builds the candidate on the endpoint, without traffic. */
export function darkStates(parts: WorkflowParts, next: string): States {
  const Catch = [rollingBack("'create'")];
  return {
    CreateModel: call('sagemaker', 'createModel', jsonata('$plan.createModel'), { Catch, Next: 'CreateDarkConfig' }),
    CreateDarkConfig: call('sagemaker', 'createEndpointConfig', jsonata('$plan.createDarkConfig'), {
      Catch,
      Next: 'CreateOrUpdateEndpoint',
    }),
    CreateOrUpdateEndpoint: choose(
      [{ when: '$plan.own = true', next: 'LookBeforeCreate', assign: { polls: 0 } }],
      freeBefore('AddCandidate'),
    ),
    ...nameStates(),
    ...freeing(parts, 'AddCandidate', Catch),
    CreateEndpoint: call('sagemaker', 'createEndpoint', jsonata('$plan.endpoint'), { Catch, Next: 'WaitForEndpoint' }),
    AddCandidate: call('sagemaker', 'updateEndpoint', jsonata('$plan.endpoint'), {
      Assign: { endpointTouched: true },
      Catch: [{ ...rollingBack("'create'"), Assign: { ...rollingBack("'create'").Assign, endpointTouched: true } }],
      Next: 'WaitForEndpoint',
    }),
    WaitForEndpoint: waitForEndpoint('DescribeEndpoint'),
    DescribeEndpoint: describeInto('EndpointAsAsked', Catch),
    EndpointAsAsked: endpointAsAsked('$plan.darkConfigName', 'ComponentOwed', 'WaitForEndpoint', 'NotAsAsked'),
    ...componentStates('Dark'),
    NotAsAsked: {
      Type: 'Pass',
      Assign: { ending: jsonata(failedUpdate(ending('rolled-back', "'create'", notAsAsked('$plan.darkConfigName')))) },
      Next: 'RollBack',
    },
    Dark: invoke(parts.stepArn, { action: 'dark', releaseId: RELEASE_ID }, { Catch, Next: next }),
  };
}
