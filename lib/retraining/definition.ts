import { call, choose, invoke, JOB_RETRY, jsonata, LAMBDA_RETRY, type StateMachineDefinition, type States } from '../release/asl';
import { boardStates } from '../release/board-states';
import { page } from '../release/page';
import { EVALUATION_MINUTES } from '../../core/retraining/cost';
import { ending, EXECUTION_ARN, failing, HOPELESS, type RetrainingMachineParts, RUN_ID, STEP_RETRY, STEP_SECONDS } from './machine-parts';
import { trainingStates } from './training-states';

/** A prefix of at most 39 characters, the run, and 8 of the execution's hash: SageMaker allows 63, and keeps names of jobs for good. */
const nameOf = ({ resourcePrefix }: RetrainingMachineParts): string =>
  `'${resourcePrefix}-' & ${RUN_ID} & '-' & $substring($hash(${EXECUTION_ARN}, 'SHA-256'), 0, 8)`;

/** One run: data, training, evaluation, board, registration. Whatever fails on the way, `Finish` ends it and releases the lock. */
export function retrainingDefinition(parts: RetrainingMachineParts): StateMachineDefinition {
  return {
    Comment: `${parts.useCaseName}: a retraining run`,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      Begin: {
        Type: 'Pass',
        Assign: { name: jsonata(nameOf(parts)), ending: jsonata(ending('failed', "'it ended without saying how'")) },
        Next: 'SelectData',
      },
      ...dataStates(parts),
      ...trainingStates(parts, 'Prepare'),
      ...evaluationStates(parts),
      ...(parts.asksBoard ? approvalStates(parts) : {}),
      ...registrationStates(parts),
      ...endStates(parts),
    },
  };
}

const decide = (parts: RetrainingMachineParts, action: string, more: object, rest: Record<string, unknown>) =>
  invoke(
    parts.stepArn,
    { action, runId: jsonata(RUN_ID), ...more },
    { TimeoutSeconds: STEP_SECONDS, Retry: [LAMBDA_RETRY, HOPELESS, STEP_RETRY], ...rest },
  );

function dataStates(parts: RetrainingMachineParts): States {
  return {
    SelectData: decide(
      parts,
      'select',
      {},
      { Assign: { data: jsonata('$states.result.Payload') }, Catch: [failing('selecting data')], Next: 'Selected' },
    ),
    Selected: choose([{ when: '$data.enough = true', next: 'Train' }], 'TooLittleData'),
    TooLittleData: { Type: 'Pass', Assign: { ending: jsonata(ending('refused', "$data.reason & ''")) }, Next: 'Finish' },
  };
}

function evaluationStates(parts: RetrainingMachineParts): States {
  const passed = parts.asksBoard ? [{ when: '$evaluation.passed = true and $exists($evaluation.board)', next: 'Approval' }] : [];
  return {
    Prepare: decide(
      parts,
      'prepare',
      { name: jsonata('$name'), modelDataUrl: jsonata('$exists($model.url) ? $model.url : null') },
      { Assign: { plan: jsonata('$states.result.Payload') }, Catch: [failing('looking for the model')], Next: 'CreateModel' },
    ),
    CreateModel: call('sagemaker', 'createModel', jsonata('$plan.createModel'), {
      Catch: [failing('creating the model')],
      Next: 'Score',
    }),
    Score: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
      Arguments: jsonata('$plan.transformJob'),
      Retry: [JOB_RETRY],
      TimeoutSeconds: EVALUATION_MINUTES * 60,
      Catch: [failing('scoring the evaluation')],
      Next: 'Evaluate',
    },
    Evaluate: decide(
      parts,
      'evaluate',
      { upToHash: jsonata('$data.upToHash') },
      { Assign: { evaluation: jsonata('$states.result.Payload') }, Catch: [failing('evaluating')], Next: 'Evaluated' },
    ),
    Evaluated: choose([...passed, { when: '$evaluation.passed = true', next: 'PlanRegistration' }], 'Worse'),
    Worse: { Type: 'Pass', Assign: { ending: jsonata(ending('rejected', "$evaluation.reason & ''")) }, Next: 'Finish' },
  };
}

function approvalStates({ approvalArn }: RetrainingMachineParts): States {
  return {
    ...boardStates({
      approvalArn,
      id: RUN_ID,
      kind: 'retraining',
      names: { ask: 'Approval', escalate: 'Escalate', settle: 'SettleApproval', settled: 'Approved' },
      deadlineMinutes: '$evaluation.board.deadlineMinutes',
      escalateAfterMinutes: '$evaluation.board.escalateAfterMinutes',
      onError: failing('asking the board'),
    }),
    Approved: choose([{ when: '$approval.approved = true', next: 'PlanRegistration' }], 'NotApproved'),
    NotApproved: { Type: 'Pass', Assign: { ending: jsonata(ending('rejected', "$approval.reason & ''")) }, Next: 'Finish' },
  };
}

/** The version is noted before it is approved: whoever releases it finds out which run made it, and who asked for that. */
function registrationStates(parts: RetrainingMachineParts): States {
  return {
    PlanRegistration: decide(
      parts,
      'register',
      { executionArn: jsonata(EXECUTION_ARN) },
      { Assign: { registration: jsonata('$states.result.Payload') }, Catch: [failing('planning the registration')], Next: 'MayRegister' },
    ),
    MayRegister: choose([{ when: '$registration.register = true', next: 'Register' }], 'NotRegistered'),
    NotRegistered: { Type: 'Pass', Assign: { ending: jsonata(ending('rejected', "$registration.reason & ''")) }, Next: 'Finish' },
    Register: call('sagemaker', 'createModelPackage', jsonata('$registration.modelPackage'), {
      Assign: { packageArn: jsonata('$states.result.ModelPackageArn') },
      Catch: [failing('registering')],
      Next: 'NotePackage',
    }),
    NotePackage: decide(
      parts,
      'note-package',
      { packageArn: jsonata('$packageArn') },
      { Catch: [failing('noting the version')], Next: 'ApproveVersion' },
    ),
    ApproveVersion: call(
      'sagemaker',
      'updateModelPackage',
      {
        ModelPackageArn: jsonata('$packageArn'),
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: jsonata(`$substring('Retraining ' & ${RUN_ID} & ': ' & $evaluation.reason, 0, 1000)`),
      },
      {
        Assign: { ending: jsonata(ending('registered', "$evaluation.reason & ''")) },
        Catch: [failing('approving the version')],
        Next: 'Finish',
      },
    ),
  };
}

/** For hours: without its end a run bars the next one, until its lost execution is found. */
const FINISH_RETRY = { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 12, BackoffRate: 2, MaxDelaySeconds: 1800 };

function endStates(parts: RetrainingMachineParts): States {
  const said = `('Retraining ' & ${RUN_ID} & ' could not be ended: ' & $ending.reason)`;
  return {
    Finish: decide(
      parts,
      'finish',
      { status: jsonata('$ending.status'), reason: jsonata('$ending.reason') },
      {
        TimeoutSeconds: 120,
        Retry: [FINISH_RETRY],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'PageOwner' }],
        Output: jsonata('$states.result.Payload'),
        End: true,
      },
    ),
    PageOwner: page(parts, 'a retraining run could not be ended', said, 'retraining', {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NotEnded' }],
      Next: 'NotEnded',
    }),
    NotEnded: { Type: 'Fail', Error: 'NotEnded', Cause: jsonata('$ending.reason') },
  };
}
