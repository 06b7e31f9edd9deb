import { approvalStates, inconclusiveShadowStates, inconclusiveStates } from './approval-states';
import type { StateMachineDefinition, States } from './asl';
import { choose } from './asl';
import { backStates } from './back-states';
import { canaryStates } from './canary-states';
import { capacityStates } from './capacity-states';
import { cleanUpStates } from './clean-up-states';
import { darkStates } from './dark-states';
import { freeBefore } from './endpoint-states';
import { gateStates } from './gate-states';
import { guardedStates } from './guarded-states';
import { promoteStates } from './promote-states';
import { shadowStates } from './shadow-states';
import { turnStates } from './turn-states';
import type { WorkflowParts } from './workflow-parts';

export { RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** Register, build the candidate in the dark, gates, approve, move traffic, promote: and the way back from each of them. */
export function releaseDefinition(parts: WorkflowParts): StateMachineDefinition {
  return {
    Comment: `${parts.useCaseName}: one release, from its registration to promotion or rollback`,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      ...turnStates(parts),
      ...beforeTraffic(parts),
      ...strategyStates(),
      ...guardedStates(parts, 'Promote'),
      ...capacityStates(parts, 'OpenStep', 'Promote'),
      ...canaryStates(parts),
      ...inconclusiveStates(parts, 'GrowForPromotion'),
      ...promoteStates(parts),
      ...cleanUpStates(parts),
      ...backStates(parts),
    },
  };
}

function beforeTraffic(parts: WorkflowParts): States {
  const { gateMachineArn } = parts;
  return {
    ...darkStates(parts, gateMachineArn === undefined ? 'ApprovalOwed' : 'GatesOwed'),
    ...(gateMachineArn === undefined ? {} : gateStates(parts, gateMachineArn, 'ApprovalOwed')),
    ...approvalStates(parts, 'ShadowOwed'),
    ...shadowStates(parts, 'StrategyChosen', 'ShadowApproval'),
    ...inconclusiveShadowStates(parts, freeBefore('LeaveShadow')),
  };
}

/** A release without steps takes over all traffic at once. */
function strategyStates(): States {
  return {
    StrategyChosen: choose(
      [
        { when: "$release.strategy = 'blue-green'", next: 'GuardedRollout' },
        { when: '$count($release.steps) = 0', next: 'GrowForPromotion' },
      ],
      'GrowForStep',
    ),
  };
}
