import type { States } from './asl';
import { call, choose, forEach, jsonata, wait, WHILE_UPDATING_RETRY } from './asl';
import { ending, failedUpdate, rollingBack } from './endings';
import { POLLS, waitForEndpoint } from './endpoint-states';

/** The model as copies on the instances of the endpoint that was just made. */
export function componentStates(next: string): States {
  const Catch = [rollingBack("'create'")];
  return {
    ComponentOwed: choose([{ when: '$exists($plan.createComponent)', next: 'CreateComponent', assign: { polls: 0 } }], next),
    CreateComponent: call('sagemaker', 'createInferenceComponent', jsonata('$plan.createComponent'), { Catch, Next: 'WaitForComponent' }),
    WaitForComponent: waitForEndpoint('DescribeComponent'),
    DescribeComponent: call(
      'sagemaker',
      'describeInferenceComponent',
      { InferenceComponentName: jsonata('$plan.componentName') },
      {
        Assign: {
          component: jsonata(
            "{'status': $states.result.InferenceComponentStatus, " +
              "'why': $exists($states.result.FailureReason) ? ': ' & $states.result.FailureReason : ''}",
          ),
          polls: jsonata('$polls + 1'),
        },
        Catch,
        Next: 'ComponentAsAsked',
      },
    ),
    ComponentAsAsked: choose(
      [
        { when: "$component.status = 'InService'", next, assign: { polls: 0 } },
        { when: `$component.status in ['Creating', 'Updating'] and $polls < ${POLLS}`, next: 'WaitForComponent' },
      ],
      'ComponentNotAsAsked',
    ),
    ComponentNotAsAsked: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          failedUpdate(ending('rolled-back', "'create'", "'the inference component is ' & $component.status & $component.why")),
        ),
      },
      Next: 'RollBack',
    },
  };
}

/** The endpoint that traffic came from goes; nothing answers from it any more. */
export function oldEndpointStates(Catch: unknown[], next: string): States {
  const owed = '$exists($plan.obsoleteEndpoints) and $count($plan.obsoleteEndpoints) > 0';
  return {
    OldEndpointOwed: choose([{ when: owed, next: 'DeleteOldComponents' }], next),
    DeleteOldComponents: forEach(
      '$exists($plan.obsoleteComponents) ? $plan.obsoleteComponents : []',
      'DeleteOldComponent',
      'sagemaker',
      'deleteInferenceComponent',
      { InferenceComponentName: jsonata('$states.input') },
      { Catch, Next: 'DeleteOldEndpoints' },
    ),
    // Refused as long as it updates, or has components.
    DeleteOldEndpoints: forEach(
      '$plan.obsoleteEndpoints',
      'DeleteOldEndpoint',
      'sagemaker',
      'deleteEndpoint',
      { EndpointName: jsonata('$states.input') },
      { Catch, Next: 'WaitForOldEndpoint' },
      [WHILE_UPDATING_RETRY],
    ),
    WaitForOldEndpoint: wait(120, next),
  };
}
