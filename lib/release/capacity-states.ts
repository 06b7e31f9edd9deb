import type { State, States } from './asl';
import { call, choose, invoke, jsonata } from './asl';
import { ending, failedUpdate, rollingBack } from './endings';
import { freeBefore, freeing, POLLS, waitForEndpoint } from './endpoint-states';
import { CANARY_STAGE, RELEASE_ID, type WorkflowParts } from './workflow-parts';

const SLOT = '$plan.candidate.variantName';
const STAGE = `($growFor = 'promote' ? 'promote' : ${CANARY_STAGE})`;
/** Of all traffic, that the candidate is about to answer. */
const SHARE = "($growFor = 'promote' ? 1 : $release.steps[$stepIndex].weight)";
const COUNT_OF = (variants: string): string => `$max($append([0], $states.result.ProductionVariants[${variants}].CurrentInstanceCount))`;

/** Instances first, then traffic: a share is never larger than what the candidate's instances are made for. Nothing shrinks. */
export function capacityStates(parts: WorkflowParts, nextStep: string, promotion: string): States {
  const Catch = [rollingBack(STAGE)];
  const goingOn = (enough: string) => [
    { when: `${enough} and $growFor = 'promote'`, next: promotion },
    { when: enough, next: nextStep },
  ];
  return {
    GrowForStep: { Type: 'Pass', Assign: { growFor: 'step' }, Next: 'LookAtCapacity' },
    GrowForPromotion: { Type: 'Pass', Assign: { growFor: 'promote' }, Next: 'LookAtCapacity' },
    LookAtCapacity: look('EnoughCapacity', '0', Catch),
    EnoughCapacity: choose(goingOn('$capacity.has >= $capacity.needs'), 'NoteGrowth'),
    // The step before was answered: from here on nobody waits for its verdict.
    NoteGrowth: invoke(parts.stepArn, { action: 'note-growth', releaseId: RELEASE_ID }, { Catch, Next: freeBefore('AddCapacity') }),
    ...freeing(parts, 'AddCapacity', Catch),
    AddCapacity: call(
      'sagemaker',
      'updateEndpointWeightsAndCapacities',
      {
        EndpointName: jsonata('$plan.endpointName'),
        DesiredWeightsAndCapacities: [{ VariantName: jsonata(SLOT), DesiredInstanceCount: jsonata('$capacity.needs') }],
      },
      { Catch, Next: 'WaitForCapacity' },
    ),
    WaitForCapacity: waitForEndpoint('DescribeCapacity'),
    DescribeCapacity: look('CapacityAsAsked', '$polls + 1', Catch),
    CapacityAsAsked: choose(
      [
        ...goingOn("$capacity.status = 'InService' and $capacity.has >= $capacity.needs"),
        { when: `$capacity.status in ['Updating', 'SystemUpdating', 'RollingBack'] and $polls < ${POLLS}`, next: 'WaitForCapacity' },
      ],
      'NoCapacity',
    ),
    NoCapacity: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          failedUpdate(
            ending(
              'rolled-back',
              STAGE,
              "'the candidate got ' & $string($capacity.has) & ' of the ' & $string($capacity.needs) & ' instances that it needs; the endpoint is ' & $capacity.status",
            ),
          ),
        ),
      },
      Next: 'RollBack',
    },
  };
}

/** What the candidate has, and what its share needs, where all traffic needs what stable has by now, within the charter's limits. */
function look(next: string, polls: string, Catch: unknown[]): State {
  const others = COUNT_OF(`VariantName != ${SLOT}`);
  const all = `$max([$release.minInstances, $min([$release.maxInstances, ${others}])])`;
  const needs = `$max([1, $ceil(${SHARE} * ${all})])`;
  return call(
    'sagemaker',
    'describeEndpoint',
    { EndpointName: jsonata('$plan.endpointName') },
    {
      Assign: {
        capacity: jsonata(
          `{'status': $states.result.EndpointStatus, 'has': ${COUNT_OF(`VariantName = ${SLOT}`)}, 'needs': $release.own = true ? 0 : ${needs}}`,
        ),
        polls: jsonata(polls),
      },
      Catch,
      Next: next,
    },
  );
}
