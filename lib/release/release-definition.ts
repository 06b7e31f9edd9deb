import { backStates } from './back-states';
import { cleanUpStates } from './clean-up-states';
import { ending, rollingBack } from './endings';
import { describeInto, endpointAsAsked, nameStates, notAsAsked, POLL_SECONDS } from './endpoint-states';
import type { StateMachineDefinition, States } from './asl';
import { CAUGHT, call, choose, forEach, invoke, invokeAndWait, jsonata, wait } from './asl';

/** What the release workflow calls. */
export interface WorkflowParts {
  stepArn: string;
  approvalArn: string;
  rollbackArn: string;
  topicArn: string;
  useCaseName: string;
  /** Who decides on an inconclusive canary when the charter asks for no approval of releases. */
  decidingRoles: string[];
}

export const RELEASE_ID = jsonata('$states.context.Execution.Input.releaseId');
/** The verdict looks each minute: five looks may fail before nobody watches the candidate any more. */
const HEARTBEAT_SECONDS = 300;
/** Longer than the gateway's cache and its longest request together. */
const DRAIN_SECONDS = 90;

/** After promotion nothing is rolled back: the new stable answers, only tidying failed. */
const leavingUntidy = {
  ErrorEquals: ['States.ALL'],
  Next: 'PageOwner',
  Assign: { ending: jsonata(ending('promoted', "'clean-up'", `'promoted; tidying the endpoint failed: ' & ${CAUGHT}`)), promoted: true },
};

const CANARY_STAGE = "'canary:' & $string($release.steps[$stepIndex].weight)";

/** Register, build the candidate in the dark, approve, canary, promote: and the way back from each of them. */
export function releaseDefinition(parts: WorkflowParts): StateMachineDefinition {
  return {
    Comment: `${parts.useCaseName}: one release, from its registration to promotion or rollback`,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      ...registerStates(parts),
      ...darkStates(parts),
      ...canaryStates(parts),
      ...promoteStates(parts),
      ...cleanUpStates(parts),
      ...backStates(parts),
    },
  };
}

function registerStates(parts: WorkflowParts): States {
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
        step: { decision: 'promote', reason: 'all at once', by: 'workflow' },
        ending: { outcome: 'rolled-back', stage: 'create', reason: 'the release did not start' },
      },
      Next: 'Entry',
    },
    Entry: choose([{ when: '$exists($states.context.Execution.Input.cleanUp)', next: 'CleanUp' }], 'Register'),
    Register: invoke(
      parts.stepArn,
      { action: 'register', releaseId: RELEASE_ID, executionArn: jsonata('$states.context.Execution.Id') },
      {
        Assign: { registered: jsonata('$states.result.Payload') },
        Catch,
        Next: 'HasLock',
      },
    ),
    HasLock: choose(
      [
        { when: '$registered.locked = true', next: 'FirstRelease', assign: { release: jsonata('$registered.plan') } },
        {
          when: '$registered.superseded = true',
          next: 'Finish',
          assign: { ending: { outcome: 'superseded', stage: 'create', reason: 'a newer release was asked for while this one waited' } },
        },
      ],
      'WaitForLock',
    ),
    // A quarter of an hour: a release may wait for weeks behind another's approval, and a history holds 25 000 events.
    WaitForLock: wait(900, 'Register'),
    FirstRelease: choose([{ when: '$release.first = true', next: 'Plan' }], 'DescribeCurrent'),
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
          "$release.first = true ? {} : {'currentConfig': $currentConfig}])",
      ),
      { Assign: { plan: jsonata('$states.result.Payload') }, Catch, Next: 'CreateModel' },
    ),
  };
}

function darkStates(parts: WorkflowParts): States {
  const Catch = [rollingBack("'create'")];
  return {
    CreateModel: call('sagemaker', 'createModel', jsonata('$plan.createModel'), { Catch, Next: 'CreateDarkConfig' }),
    CreateDarkConfig: call('sagemaker', 'createEndpointConfig', jsonata('$plan.createDarkConfig'), {
      Catch,
      Next: 'CreateOrUpdateEndpoint',
    }),
    CreateOrUpdateEndpoint: choose([{ when: '$plan.first = true', next: 'LookBeforeCreate', assign: { polls: 0 } }], 'AddCandidate'),
    ...nameStates(),
    CreateEndpoint: call('sagemaker', 'createEndpoint', jsonata('$plan.endpoint'), { Catch, Next: 'WaitForEndpoint' }),
    AddCandidate: call('sagemaker', 'updateEndpoint', jsonata('$plan.endpoint'), {
      Assign: { endpointTouched: true },
      Catch: [{ ...rollingBack("'create'"), Assign: { ...rollingBack("'create'").Assign, endpointTouched: true } }],
      Next: 'WaitForEndpoint',
    }),
    WaitForEndpoint: wait(POLL_SECONDS, 'DescribeEndpoint'),
    DescribeEndpoint: describeInto('EndpointAsAsked', Catch),
    EndpointAsAsked: endpointAsAsked('$plan.darkConfigName', 'Dark', 'WaitForEndpoint', 'NotAsAsked'),
    NotAsAsked: {
      Type: 'Pass',
      Assign: { ending: jsonata(ending('rolled-back', "'create'", notAsAsked('$plan.darkConfigName'))) },
      Next: 'RollBack',
    },
    Dark: invoke(parts.stepArn, { action: 'dark', releaseId: RELEASE_ID }, { Catch, Next: 'ApprovalOwed' }),
    ApprovalOwed: choose([{ when: '$count($release.approvals.requiredRoles) > 0', next: 'Approval' }], 'FirstStep'),
    Approval: invokeAndWait(
      parts.approvalArn,
      {
        releaseId: RELEASE_ID,
        kind: 'release',
        requiredRoles: jsonata('$release.approvals.requiredRoles'),
        deadlineMinutes: jsonata('$release.approvals.deadlineMinutes'),
      },
      {
        TimeoutSeconds: jsonata('$release.approvals.deadlineMinutes * 60'),
        Assign: { approval: jsonata('$states.result') },
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'DeadlinePassed' }, rollingBack("'approval'")],
        Next: 'Approved',
      },
    ),
    Approved: choose([{ when: '$approval.approved = true', next: 'FirstStep' }], 'Rejected'),
    DeadlinePassed: choose([{ when: "$release.approvals.onDeadline = 'approve'", next: 'FirstStep' }], 'NotApprovedInTime'),
    Rejected: {
      Type: 'Pass',
      Assign: { ending: { outcome: 'rejected', stage: 'approval', reason: 'an owner rejected the release' } },
      Next: 'RollBack',
    },
    NotApprovedInTime: {
      Type: 'Pass',
      Assign: { ending: { outcome: 'rejected', stage: 'approval', reason: 'the deadline of the approval passed' } },
      Next: 'RollBack',
    },
  };
}

function canaryStates(parts: WorkflowParts): States {
  const Catch = [rollingBack(CANARY_STAGE)];
  return {
    FirstStep: choose([{ when: '$count($release.steps) = 0', next: 'Promote' }], 'OpenStep'),
    OpenStep: invokeAndWait(
      parts.stepArn,
      { action: 'open-step', releaseId: RELEASE_ID, index: jsonata('$stepIndex') },
      {
        HeartbeatSeconds: HEARTBEAT_SECONDS,
        TimeoutSeconds: jsonata('($release.maxDurationMinutes + 60) * 60'),
        Assign: { step: jsonata('$states.result') },
        Catch: [
          {
            // A missed heartbeat reads States.Timeout as well.
            ErrorEquals: ['States.Timeout', 'States.HeartbeatTimeout'],
            Next: 'RollBack',
            Assign: {
              ending: jsonata(
                ending('rolled-back', CANARY_STAGE, `'no verdict came within ${HEARTBEAT_SECONDS} s: its heartbeat was missed'`),
              ),
            },
          },
          ...Catch,
        ],
        Next: 'StepDecided',
      },
    ),
    StepDecided: choose(
      [
        { when: "$step.decision = 'promote'", next: 'Promote' },
        {
          when: "$step.decision = 'advance' and $stepIndex + 1 < $count($release.steps)",
          next: 'OpenStep',
          assign: { stepIndex: jsonata('$stepIndex + 1') },
        },
        { when: "$step.decision = 'hold'", next: 'Hold' },
      ],
      'StepFailed',
    ),
    StepFailed: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          `$merge([${ending('rolled-back', CANARY_STAGE, "$step.reason & ''")}, $exists($step.culprit) ? {'culprit': $step.culprit} : {}])`,
        ),
      },
      Next: 'RollBack',
    },
    Hold: invoke(
      parts.stepArn,
      { action: 'hold', releaseId: RELEASE_ID, reason: jsonata("$step.reason & ''") },
      { Catch, Next: 'InconclusiveApproval' },
    ),
    InconclusiveApproval: invokeAndWait(
      parts.approvalArn,
      {
        releaseId: RELEASE_ID,
        kind: 'inconclusive',
        requiredRoles: jsonata(
          `$count($release.approvals.requiredRoles) > 0 ? $release.approvals.requiredRoles : ${JSON.stringify(parts.decidingRoles)}`,
        ),
        deadlineMinutes: jsonata('$release.approvals.deadlineMinutes'),
      },
      {
        TimeoutSeconds: jsonata('$release.approvals.deadlineMinutes * 60'),
        Assign: {
          approval: jsonata('$states.result'),
          step: jsonata("{'decision': 'promote', 'reason': 'owners decided for the candidate', 'by': 'workflow'}"),
        },
        Catch: [
          {
            ErrorEquals: ['States.Timeout'],
            Next: 'RollBack',
            Assign: { ending: jsonata(ending('rolled-back', CANARY_STAGE, "'inconclusive, and nobody decided in time'")) },
          },
          ...Catch,
        ],
        Next: 'HeldApproved',
      },
    ),
    HeldApproved: choose([{ when: '$approval.approved = true', next: 'Promote' }], 'HeldRejected'),
    HeldRejected: {
      Type: 'Pass',
      Assign: { ending: jsonata(ending('rolled-back', CANARY_STAGE, "'inconclusive; an owner decided against the candidate'")) },
      Next: 'RollBack',
    },
  };
}

function promoteStates(parts: WorkflowParts): States {
  const Catch = [leavingUntidy];
  return {
    Promote: invoke(
      parts.stepArn,
      { action: 'promote', releaseId: RELEASE_ID, by: jsonata("$step.by & ''"), reason: jsonata("$step.reason & ''") },
      {
        // Asked again it changes nothing: an answer that was lost is no reason to roll back.
        Retry: [
          { ErrorEquals: ['ReleaseRefused'], MaxAttempts: 0 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 },
        ],
        Catch: [rollingBack("'promote'")],
        Assign: {
          polls: 0,
          ending: jsonata(ending('promoted', "'promote'", "$step.reason & ''")),
        },
        Next: 'Drain',
      },
    ),
    Drain: wait(DRAIN_SECONDS, 'StandsAlone'),
    StandsAlone: choose([{ when: '$plan.liveConfigName = $plan.darkConfigName', next: 'DeleteOld' }], 'CreateLiveConfig'),
    CreateLiveConfig: call('sagemaker', 'createEndpointConfig', jsonata('$plan.createLiveConfig'), { Catch, Next: 'UpdateEndpoint' }),
    // Instance counts stay as scaled; the weight must not stay at the canary's 0.
    UpdateEndpoint: call('sagemaker', 'updateEndpoint', jsonata('$plan.liveEndpoint'), {
      Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 60, MaxAttempts: 30, BackoffRate: 1 }],
      Catch,
      Next: 'WaitForLive',
    }),
    WaitForLive: wait(POLL_SECONDS, 'DescribeLive'),
    DescribeLive: describeInto('LiveAsAsked', Catch),
    LiveAsAsked: endpointAsAsked('$plan.liveConfigName', 'DeleteOld', 'WaitForLive', 'LiveNotAsAsked'),
    LiveNotAsAsked: {
      Type: 'Pass',
      Assign: { ending: jsonata(ending('promoted', "'clean-up'", `'promoted; ' & ${notAsAsked('$plan.liveConfigName')}`)) },
      Next: 'PageOwner',
    },
    DeleteOld: forEach(
      '$plan.obsoleteConfigs',
      'DeleteOldConfig',
      'sagemaker',
      'deleteEndpointConfig',
      { EndpointConfigName: jsonata('$states.input') },
      { Catch, Next: 'DeleteOldModels' },
    ),
    DeleteOldModels: forEach(
      '$plan.obsoleteModels',
      'DeleteOldModel',
      'sagemaker',
      'deleteModel',
      { ModelName: jsonata('$states.input') },
      { Catch, Next: 'Finish' },
    ),
  };
}
