import type { ApprovalKind } from '../../core/contracts';
import type { States } from './asl';
import { choose, jsonata } from './asl';
import { type BoardNames, boardStates } from './board-states';
import { ending, rollingBack } from './endings';
import { CANARY_STAGE, type WorkflowParts } from './workflow-parts';

/** Before any traffic: owners decide, or the deadline does as the charter says. */
export function approvalStates(parts: WorkflowParts, next: string): States {
  const names = { ask: 'Approval', escalate: 'Escalate', settle: 'SettleApproval', settled: 'Approved' };
  return {
    ApprovalOwed: choose([{ when: '$count($release.approvals.requiredRoles) > 0', next: 'Approval' }], next),
    ...board(parts, 'release', names, "'approval'"),
    Approved: choose([{ when: '$approval.approved = true', next }], 'Rejected'),
    Rejected: {
      Type: 'Pass',
      Assign: { ending: jsonata(ending('rejected', "'approval'", "$approval.reason & ''")) },
      Next: 'RollBack',
    },
  };
}

/** The canary ended without a verdict: owners decide, and nobody means no. */
export function inconclusiveStates(parts: WorkflowParts, next: string): States {
  const names = {
    ask: 'InconclusiveApproval',
    escalate: 'EscalateInconclusive',
    settle: 'SettleInconclusive',
    settled: 'HeldApproved',
  };
  return {
    ...board(parts, 'inconclusive', names, CANARY_STAGE),
    HeldApproved: choose(
      [
        {
          when: '$approval.approved = true and $not($approval.expired = true)',
          next,
          assign: { step: jsonata("{'decision': 'promote', 'reason': 'owners decided for the candidate', 'by': 'workflow'}") },
        },
      ],
      'HeldRejected',
    ),
    HeldRejected: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          ending(
            'rolled-back',
            CANARY_STAGE,
            "$approval.expired = true ? 'inconclusive, and nobody decided in time' : 'inconclusive; ' & $approval.reason",
          ),
        ),
      },
      Next: 'RollBack',
    },
  };
}

/** The shadow phase ended without a verdict: owners decide whether the release goes on, and nobody means no. */
export function inconclusiveShadowStates(parts: WorkflowParts, next: string): States {
  const names = { ask: 'ShadowApproval', escalate: 'EscalateShadow', settle: 'SettleShadow', settled: 'ShadowHeldApproved' };
  const reason =
    "$approval.expired = true ? 'the shadow was inconclusive, and nobody decided in time' : 'the shadow was inconclusive; ' & $approval.reason";
  return {
    ...board(parts, 'shadow', names, "'shadow'"),
    ShadowHeldApproved: choose([{ when: '$approval.approved = true and $not($approval.expired = true)', next }], 'ShadowHeldRejected'),
    ShadowHeldRejected: {
      Type: 'Pass',
      Assign: { ending: jsonata(ending('rolled-back', "'shadow'", reason)) },
      Next: 'RollBack',
    },
  };
}

/** The board that the charter, or the release's lane, asks for. */
function board({ approvalArn }: WorkflowParts, kind: ApprovalKind, names: BoardNames, stage: string): States {
  return boardStates({
    approvalArn,
    id: '$states.context.Execution.Input.releaseId',
    kind,
    names,
    deadlineMinutes: '$release.approvals.deadlineMinutes',
    escalateAfterMinutes: '$release.approvals.escalation.afterMinutes',
    onError: rollingBack(stage),
  });
}
