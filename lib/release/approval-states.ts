import type { ApprovalKind } from '../../core/contracts';
import type { State, States } from './asl';
import { choose, invoke, invokeAndWait, jsonata, LAMBDA_RETRY } from './asl';
import { ending, rollingBack } from './endings';
import { CANARY_STAGE, RELEASE_ID, type WorkflowParts } from './workflow-parts';

const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }];
/** The approval could not be kept or announced: asked again with a new token, for three quarters of an hour. */
const NOT_ASKED_RETRY = { ErrorEquals: ['ApprovalNotAsked'], IntervalSeconds: 5, MaxAttempts: 11, BackoffRate: 2, MaxDelaySeconds: 600 };
const ESCALATES = '$exists($release.approvals.escalation)';
const ASKED_MINUTES = `${ESCALATES} ? $release.approvals.escalation.afterMinutes : $release.approvals.deadlineMinutes`;
const ESCALATED_MINUTES = '$release.approvals.deadlineMinutes - $release.approvals.escalation.afterMinutes';

interface Names {
  ask: string;
  escalate: string;
  settle: string;
  settled: string;
}

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

/** Asks, asks further roles when time runs, and has the handler say how it ended: an answer to the token alone proves nobody. */
function board(parts: WorkflowParts, kind: ApprovalKind, names: Names, stage: string): States {
  const wait = (request: State, minutes: string, onTimeout: string): State =>
    invokeAndWait(
      parts.approvalArn,
      { releaseId: RELEASE_ID, kind, minutes: jsonata(minutes), ...request },
      {
        TimeoutSeconds: jsonata(`(${minutes}) * 60`),
        Retry: [LAMBDA_RETRY, NOT_ASKED_RETRY],
        Assign: { answer: jsonata("{'answer': $states.result}") },
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: onTimeout, Assign: { answer: {} } }, rollingBack(stage)],
        Next: names.settle,
      },
    );
  const escalationOwed = `${names.escalate}Owed`;
  return {
    [names.ask]: wait({}, ASKED_MINUTES, escalationOwed),
    [escalationOwed]: choose([{ when: ESCALATES, next: names.escalate }], names.settle),
    [names.escalate]: wait({ escalate: true }, ESCALATED_MINUTES, names.settle),
    [names.settle]: invoke(
      parts.approvalArn,
      jsonata(`$merge([{'action': 'settle', 'releaseId': $states.context.Execution.Input.releaseId, 'kind': '${kind}'}, $answer])`),
      { Retry, Assign: { approval: jsonata('$states.result.Payload') }, Catch: [rollingBack(stage)], Next: names.settled },
    ),
  };
}
