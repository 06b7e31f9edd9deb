import type { State, States } from './asl';
import { call, choose, invoke, jsonata } from './asl';
import { ending, failedUpdate, rollingBack } from './endings';
import { POLLS, waitForEndpoint } from './endpoint-states';
import { CANARY_STAGE, RELEASE_ID, type WorkflowParts } from './workflow-parts';

const SLOT = '$plan.candidate.variantName';
const STAGE = `($growFor = 'promote' ? 'promote' : ${CANARY_STAGE})`;
/** Of all traffic, that the candidate is about to answer. */
const SHARE = "($growFor = 'promote' ? 1 : $release.steps[$stepIndex].weight)";
const COUNT_OF = (variants: string): string => `$max($append([0], $states.result.ProductionVariants[${variants}].CurrentInstanceCount))`;

/** Instances first, then traffic: a share is never larger than what the candidate's instances are made for. Nothing shrinks. */
export function capacityStates(parts: WorkflowParts, nextStep: string, promotion: string): States {
  const Catch = [rollingBack(STAGE)];
  return {
    GrowForStep: { Type: 'Pass', Assign: { growFor: 'step', polls: 0 }, Next: 'LookAtCapacity' },
    GrowForPromotion: { Type: 'Pass', Assign: { growFor: 'promote', polls: 0 }, Next: 'LookAtCapacity' },
    LookAtCapacity: look('EnoughCapacity', Catch),
    EnoughCapacity: choose([{ when: '$capacity.has >= $capacity.needs', next: 'CapacityReady' }], 'NoteGrowth'),
    // The step before was answered: from here on nobody waits for its verdict.
    NoteGrowth: invoke(parts.stepArn, { action: 'note-growth', releaseId: RELEASE_ID }, { Catch, Next: 'AddCapacity' }),
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
    DescribeCapacity: look('CapacityAsAsked', Catch),
    CapacityAsAsked: choose(
      [
        { when: "$capacity.status = 'InService' and $capacity.has >= $capacity.needs", next: 'CapacityReady' },
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
    CapacityReady: choose([{ when: "$growFor = 'promote'", next: promotion }], nextStep),
  };
}

/** What the candidate has, and what its share needs, where all traffic needs what stable has by now, within the charter's limits. */
function look(next: string, Catch: unknown[]): State {
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
          `{'status': $states.result.EndpointStatus, 'has': ${COUNT_OF(`VariantName = ${SLOT}`)}, 'needs': $release.first = true ? 1 : ${needs}}`,
        ),
        polls: jsonata('$polls + 1'),
      },
      Catch,
      Next: next,
    },
  );
}
