import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AiUseCase, RetrainingMetric, RetrainingTrigger, RetrainingWorkflow, type RetrainingWorkflowProps, Training } from '../../../lib';
import { writtenRetraining } from '../../../lib/retraining/written-retraining';
import type { Asl } from '../../support/asl';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { CHARTER_FOLDER, placeholderBundles } from '../../support/stacks';
import { document, GROUP, IMAGE, scene, type Scene } from './scene';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const shared = scene();
const handlers = (template: Template) =>
  Object.entries(template.findResources('AWS::Lambda::Function')).filter(
    ([, { Properties }]) =>
      (Properties as { Environment?: { Variables?: Record<string, unknown> } }).Environment?.Variables?.['POWERTOOLS_SERVICE_NAME'] ===
      'retraining',
  ) as [string, { Properties: { Timeout: number; MemorySize: number; Environment: { Variables: Record<string, unknown> } } }][];

describe('a use case that is retrained', () => {
  const { template, useCase } = shared;

  test('has one bundle as two functions: what asks may start runs, what the workflow asks may read data', () => {
    const found = handlers(template);
    expect(found).toHaveLength(2);
    const [request, step] = ['Request', 'Step'].map((id) => found.find(([name]) => name.includes(`Retraining${id}`)));
    expect(Object.keys(request?.[1].Properties.Environment.Variables ?? {})).toEqual(
      expect.arrayContaining(['OWNERS', 'RETRAINING_STATE_MACHINE_ARN']),
    );
    expect(Object.keys(request?.[1].Properties.Environment.Variables ?? {})).not.toContain('DRIFT_BUCKET');
    expect(step?.[1].Properties).toMatchObject({ Timeout: 900, MemorySize: 3008 });
    expect(Object.keys(step?.[1].Properties.Environment.Variables ?? {})).toEqual(
      expect.arrayContaining(['CAPTURE_BUCKET', 'DRIFT_BUCKET', 'DRIFT_POLICY', 'EVALUATION_ROLE_ARN', 'RESOURCE_PREFIX']),
    );
    expect(Object.keys(step?.[1].Properties.Environment.Variables ?? {})).not.toContain('RETRAINING_STATE_MACHINE_ARN');
  });

  test('says its policy without what the workflow holds', () => {
    const [, request] = handlers(template).find(([name]) => name.includes('RetrainingRequest')) ?? [];
    const said = JSON.stringify(request?.Properties.Environment.Variables['RETRAINING_POLICY']);
    expect(said).toContain('\\"instanceType\\":\\"ml.m5.xlarge\\"');
    expect(said).toContain('\\"metric\\":\\"accuracy\\"');
    expect(said).not.toContain('rounds');
  });

  test('listens to its own drift, and to executions that are lost', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['sluice'], 'detail-type': ['DriftDetected'], detail: { useCase: ['support-triage'] } },
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 3 } })],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.states'], detail: { status: ['ABORTED', 'FAILED', 'TIMED_OUT'] } },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('RetrainingRequest'), 'Arn'] } })],
    });
  });

  test('has a URL for owners, and alarms that tell them', () => {
    template.hasOutput('RetrainingUrl', {});
    expect(useCase.retraining?.url).toBeDefined();
    const names = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => JSON.stringify(Properties));
    for (const name of ['retraining-failed', 'retraining-requests', 'retraining-lost']) expect(names.join()).toContain(name);
  });

  test('runs the workflow of its training, without a board where none is asked', () => {
    const definition = asl(shared);
    expect(definition.States['Train']?.Resource).toBe('arn:aws:states:::sagemaker:createTrainingJob.sync');
    expect(definition.States).not.toHaveProperty('Approval');
  });
});

function asl({ template }: Scene): Asl {
  const [machine] = Object.entries(template.findResources('AWS::StepFunctions::StateMachine')).filter(([name]) =>
    name.includes('RetrainingMachine'),
  );
  const text = JSON.stringify((machine?.[1] as { Properties: { DefinitionString: unknown } }).Properties.DefinitionString);
  const parts = (JSON.parse(text) as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')) as Asl;
}

describe('least privilege', () => {
  const { template } = shared;

  const paths = (role: RegExp, action: string): string[] =>
    statementsOf(template, role)
      .filter(({ Action }) => [Action].flat().includes(action))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((resource) => /"(\/[^"]+)"/.exec(JSON.stringify(resource))?.[1] ?? 'whole');

  test('of what trains: its rows and its output, and nothing that is evaluated on, or released', () => {
    expect(paths(/RetrainingTrainingRole/, 's3:GetObject')).toEqual(['/training/*/train.jsonl']);
    expect(paths(/RetrainingTrainingRole/, 's3:PutObject')).toEqual(['/training/*/output/*']);
  });

  test('of what is evaluated: requests without their truth', () => {
    expect(paths(/RetrainingEvaluationRole/, 's3:GetObject')).toEqual(['/models/*/model.tar.gz', '/training/*/evaluation-requests.jsonl']);
    expect(paths(/RetrainingEvaluationRole/, 's3:PutObject')).toEqual(['/training/*/answers/*']);
  });

  test.each([
    [/RetrainingTrainingRole/, 'support-triage: training jobs'],
    [/RetrainingEvaluationRole/, 'support-triage: new models under evaluation'],
  ])('of %s: SageMaker of this account assumes it', (role, Description) => {
    expect(actionsOnEverything(template, role).sort()).toEqual(['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken']);
    template.hasResourceProperties('AWS::IAM::Role', {
      Description,
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });

  test('nothing that runs a container of the user’s may write what is released', () => {
    const writers = Object.values(template.findResources('AWS::IAM::Policy')).flatMap((policy) => {
      const { Roles, PolicyDocument } = policy['Properties'] as { Roles: unknown; PolicyDocument: { Statement: object[] } };
      const writes = PolicyDocument.Statement.map((statement) => JSON.stringify(statement)).filter((text) => text.includes('s3:PutObject'));
      return writes.some((text) => text.includes('/models/*"')) ? [JSON.stringify(Roles)] : [];
    });
    expect(writers).toEqual([expect.stringMatching(/RetrainingStepRole/)]);
  });

  test('of the workflow: jobs of its own name, two roles to pass to SageMaker alone, versions of the one group', () => {
    const statements = statementsOf(template, /RetrainingMachineRole/);
    expect(actionsOf(template, /RetrainingMachineRole/).filter((action) => action.startsWith('sagemaker:'))).toEqual([
      'sagemaker:AddTags',
      'sagemaker:AddTags',
      'sagemaker:AddTags',
      'sagemaker:CreateModel',
      'sagemaker:CreateModelPackage',
      'sagemaker:CreateTrainingJob',
      'sagemaker:CreateTransformJob',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:DescribeTransformJob',
      'sagemaker:StopTrainingJob',
      'sagemaker:StopTransformJob',
      'sagemaker:UpdateModelPackage',
    ]);
    const pass = statements.filter(({ Action }) => JSON.stringify(Action).includes('iam:PassRole'));
    expect(pass).toEqual([
      expect.objectContaining({
        Resource: [/RetrainingEvaluationRole/, /RetrainingTrainingRole/].map((role) => ({
          'Fn::GetAtt': [expect.stringMatching(role) as string, 'Arn'],
        })),
        Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    ]);
    const versions = JSON.stringify(statements.filter(({ Action }) => JSON.stringify(Action).includes('UpdateModelPackage')));
    expect(versions).toContain(`model-package/${GROUP}/*`);
    expect(versions).toContain(`model-package/${GROUP.toLowerCase()}/*`);
    expect(JSON.stringify(statements.filter(({ Action }) => JSON.stringify(Action).includes('CreateTrainingJob')))).toMatch(
      /training-job\/support-triage-[0-9a-f]{6}-t\*/,
    );
  });

  test('of the functions: neither starts runs and reads data, and both delete models of runs alone', () => {
    const request = actionsOf(template, /RetrainingRequestRole/);
    expect(request).toEqual(expect.arrayContaining(['states:StartExecution', 'states:DescribeExecution', 'sagemaker:DeleteModel']));
    expect(request.filter((action) => action.startsWith('s3:'))).toEqual([]);
    const step = actionsOf(template, /RetrainingStepRole/);
    expect(step.filter((action) => action.startsWith('states:'))).toEqual([]);
    expect(step.filter((action) => action.startsWith('sagemaker:'))).toEqual(['sagemaker:DeleteModel']);
    expect(
      JSON.stringify(statementsOf(template, /RetrainingStepRole/).filter(({ Action }) => JSON.stringify(Action).includes('DeleteModel'))),
    ).toMatch(/model\/support-triage-[0-9a-f]{6}-t\*/);
    const lists = statementsOf(template, /RetrainingStepRole/).filter(({ Action }) => JSON.stringify(Action).includes('s3:ListBucket'));
    for (const { Condition } of lists) expect(JSON.stringify(Condition)).toContain('s3:prefix');
  });

  test('the approval handler may answer the workflow where it has a board', () => {
    const tokens = statementsOf(template, /ReleaseApprovalRole/).filter(({ Action }) => JSON.stringify(Action).includes('SendTaskSuccess'));
    expect(JSON.stringify(tokens)).toContain('RetrainingMachine');
  });
});

describe('of the charter', () => {
  test('a board is asked by the approval handler', () => {
    const asked = scene({ approval: { requiredRoles: ['risk'], deadline: '2h', escalation: { after: '1h', roles: ['process'] } } });
    expect(asl(asked).States['Approval']?.Resource).toContain('waitForTaskToken');
    expect(JSON.stringify(statementsOf(asked.template, /RetrainingMachineRole/))).toContain('ReleaseApproval');
  });

  test('a schedule tells its own time', () => {
    const { template } = scene({ on: { drift: false, schedule: 'rate(30 days)' } });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(30 days)',
      Target: { Input: '{"source":"schedule","time":"<aws.scheduler.scheduled-time>"}' },
    });
    expect(JSON.stringify(template.findResources('AWS::Events::Rule'))).not.toContain('DriftDetected');
  });

  test('KPI movement is listened to without drift as well', () => {
    const { template } = scene({ on: { drift: false, kpi: true } });
    expect(JSON.stringify(template.findResources('AWS::Events::Rule'))).toContain('DriftDetected');
  });

  test('a pipeline is started, looked at and stopped, and nothing else is trained', () => {
    const { template } = scene({ training: { pipeline: 'Triage-Train' } });
    const actions = actionsOf(template, /RetrainingMachineRole/);
    expect(actions).toEqual(
      expect.arrayContaining([
        'sagemaker:StartPipelineExecution',
        'sagemaker:DescribePipelineExecution',
        'sagemaker:StopPipelineExecution',
      ]),
    );
    expect(actions).not.toContain('sagemaker:CreateTrainingJob');
    for (const role of [/RetrainingRequestRole/, /RetrainingStepRole/])
      expect(actionsOf(template, role)).toContain('sagemaker:StopPipelineExecution');
    expect(statementsOf(template, /RetrainingTrainingRole/)).toEqual([]);
    expect(JSON.stringify(statementsOf(template, /RetrainingMachineRole/))).toContain('pipeline/triage-train/execution/*');
  });

  test('a state machine of the user’s is started and stopped', () => {
    const stateMachine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:train';
    const { template } = scene({ training: { stateMachine } });
    const statements = JSON.stringify(statementsOf(template, /RetrainingMachineRole/));
    expect(statements).toContain(stateMachine);
    expect(statements).toContain('arn:aws:states:eu-west-1:111122223333:execution:train:*');
  });

  test('a key and a network reach the job, its volumes and what reads its data', () => {
    const keyed = scene(
      {},
      { platform: { encryptionKey: KEY, vpc: { subnets: ['subnet-0abc1234', 'subnet-0abc1235'], securityGroups: ['sg-0abc1234'] } } },
    );
    const { template } = keyed;
    const train = asl(keyed).States['Train']?.Arguments;
    expect(train).toMatchObject({
      OutputDataConfig: { KmsKeyId: KEY },
      ResourceConfig: { VolumeKmsKeyId: KEY },
      VpcConfig: { Subnets: ['subnet-0abc1234', 'subnet-0abc1235'] },
    });
    for (const role of [/RetrainingTrainingRole/, /RetrainingEvaluationRole/, /RetrainingStepRole/])
      expect(actionsOf(template, role)).toContain('kms:GenerateDataKey*');
    expect(actionsOf(template, /RetrainingMachineRole/)).toEqual(expect.arrayContaining(['kms:CreateGrant', 'kms:DescribeKey']));
    expect(actionsOnEverything(template, /RetrainingTrainingRole/)).toContain('ec2:CreateNetworkInterface');
  });

  test('without it there is nothing of it', () => {
    const { useCase, template } = scene({}, { retraining: undefined });
    expect(useCase.retraining).toBeUndefined();
    expect(handlers(template)).toEqual([]);
    expect(template.findOutputs('RetrainingUrl')).toEqual({});
  });
});

describe('in code', () => {
  const settings = {
    triggers: [RetrainingTrigger.onDrift(), RetrainingTrigger.onKpiMovement(), RetrainingTrigger.onSchedule('rate(7 days)')],
    coolDownMinutes: 600,
    mostRunsPerMonth: 3,
    monthlyBudget: 40,
    sinceDays: 14,
    minimumRows: 500,
    evaluationShare: 0.3,
    training: Training.job({ image: IMAGE, maxRuntimeMinutes: 30 }),
    evaluation: { metric: RetrainingMetric.RECALL, notWorseBy: 0.01 },
    approval: { requiredRoles: ['risk'], deadlineMinutes: 60 },
    inference: { image: IMAGE },
  };

  test('settings are written as the charter would write them', () => {
    expect(JSON.parse(JSON.stringify(writtenRetraining(settings)))).toEqual({
      on: { drift: true, kpi: true, schedule: 'rate(7 days)' },
      coolDown: '600m',
      mostRunsPerMonth: 3,
      monthlyBudget: 40,
      data: { since: '14d', minimumRows: 500, evaluationShare: 0.3 },
      training: { image: IMAGE, instance: 'ml.m5.xlarge', instances: 1, volumeGb: 30, hyperParameters: {}, maxRuntime: '30m' },
      evaluation: { metric: 'recall', notWorseBy: 0.01 },
      approval: { requiredRoles: ['risk'], deadline: '60m' },
      inference: { image: IMAGE },
    });
    expect(writtenRetraining({ training: Training.pipeline('train') })['training']).toEqual({ pipeline: 'train', maxRuntime: '120m' });
  });

  /** A second workflow beside the charter's own. */
  const { useCase } = scene({}, { retraining: undefined });
  let count = 0;
  const made = (more: Partial<RetrainingWorkflowProps> = {}): RetrainingWorkflow => {
    if (useCase.drift === undefined) throw new Error('no drift');
    count += 1;
    return new RetrainingWorkflow(useCase, `Own${count}`, {
      ...settings,
      useCaseName: 'support-triage',
      ledger: useCase.ledger,
      release: useCase.release,
      drift: useCase.drift,
      notifications: useCase.notifications,
      owners: { risk: ['arn:aws:iam::111122223333:role/ModelRisk'] },
      group: GROUP,
      ...more,
    });
  };

  test('a workflow stands on its own', () => {
    const workflow = made();
    expect(workflow.metricRuns().metricName).toBe('RetrainingRuns');
    expect(workflow.metricRefused().metricName).toBe('RetrainingRefused');
    expect(workflow.metricFailed().dimensions).toEqual({ UseCase: 'support-triage' });
    expect(workflow.metricRegistered().metricName).toBe('RetrainingRegistered');
    expect(workflow.metricRequestErrors().metricName).toBe('Errors');
  });

  test.each<[string, Partial<RetrainingWorkflowProps>, RegExp]>([
    ['a budget for what has no known price', { training: Training.pipeline('train') }, /monthlyBudget cannot be kept/],
    ['a budget of nothing', { monthlyBudget: 0 }, /monthlyBudget is 0/],
    ['no serving image', { inference: undefined }, /inference is missing/],
    ['no metric', { evaluation: {} }, /evaluation.metric is missing/],
    ['a share that is none', { evaluationShare: 0.9 }, /evaluationShare is 0.9: it must be from 0.05 to 0.5/],
    ['half a run', { mostRunsPerMonth: 0.5 }, /mostRunsPerMonth is 0.5: it must be a whole number/],
    ['no time', { sinceDays: 0 }, /sinceDays is 0/],
    ['a role that nobody holds', { approval: { requiredRoles: ['legal'] } }, /approvals.requiredRoles\[0\] names a role that has no owner/],
    [
      'two schedules',
      { triggers: [RetrainingTrigger.onSchedule('rate(1 day)'), RetrainingTrigger.onSchedule('rate(2 days)')] },
      /names 2 schedules/,
    ],
    ['a name that is not allowed', { useCaseName: 'X' }, /useCaseName is 'X'/],
  ])('refuses %s', (_, more, words) => {
    expect(() => made(more)).toThrow(words);
  });

  test('refuses a release that captures nothing', () => {
    const other = scene({}, { retraining: undefined, drift: undefined, serving: { instance: 'ml.m5.large' } });
    expect(
      () =>
        new RetrainingWorkflow(other.stack, 'Own', {
          ...settings,
          useCaseName: 'support-triage',
          ledger: useCase.ledger,
          release: other.useCase.release,
          drift: useCase.drift as never,
          notifications: useCase.notifications,
          owners: {},
          group: GROUP,
        }),
    ).toThrow(/captures nothing: set serving.capture/);
  });

  test.each([
    [() => Training.job({ image: IMAGE, maxRuntimeMinutes: 0 }), /maxRuntimeMinutes is 0/],
    [() => Training.job({ image: IMAGE, instanceCount: 1.5 }), /instanceCount is 1.5/],
    [() => Training.job({ image: IMAGE, volumeGb: 0 }), /volumeGb is 0/],
    [() => Training.pipeline('train me'), /pipelineName is 'train me'/],
    [() => Training.stateMachine('arn', { maxRuntimeMinutes: 50_000 }), /from 1 to 40320/],
  ])('training refuses what it cannot be', (build, words) => {
    expect(build).toThrow(words);
  });
});

describe('the AwsSolutions pack of cdk-nag', () => {
  test.each<[string, object, object]>([
    ['a job with a board', { approval: { requiredRoles: ['risk'] }, on: { schedule: 'rate(30 days)' } }, {}],
    ['a pipeline', { training: { pipeline: 'train' } }, {}],
    ['a state machine', { training: { stateMachine: 'arn:aws:states:eu-west-1:111122223333:stateMachine:train' } }, {}],
    [
      'a key and a network',
      {},
      { platform: { encryptionKey: KEY, vpc: { subnets: ['subnet-0abc1234'], securityGroups: ['sg-0abc1234'] } } },
    ],
  ])('finds nothing that is not acknowledged with %s', (_, retraining, more) => {
    placeholderBundles();
    const app = new App();
    const stack = new Stack(app, 'support-triage');
    AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document(retraining, more), {});
    const pack = new AwsSolutionsChecks(app) as unknown as IPolicyValidationPlugin & {
      validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
    };
    const found = pack
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      );
    // Actions of keys are granted as the CDK grants them, wildcards and all.
    const own = found.filter((finding) => finding.includes('/Retraining') && !finding.includes('[Action::kms:'));
    expect(own).toEqual([]);
  });
});

test('prices of one’s own reach what admits runs', () => {
  const pricesFile = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-prices-')), 'prices.json');
  writeFileSync(pricesFile, '{"currency":"USD","asOf":"2026-03-01","regions":{"eu-west-1":{"instances":{"ml.m5.xlarge":0.3}}}}');
  const { useCase, stack } = scene({}, { retraining: undefined }, {}, { env: { region: 'eu-west-1' } });
  new RetrainingWorkflow(useCase, 'Retraining', {
    useCaseName: 'support-triage',
    ledger: useCase.ledger,
    release: useCase.release,
    drift: useCase.drift as never,
    notifications: useCase.notifications,
    owners: {},
    group: GROUP,
    training: Training.job({ image: IMAGE }),
    evaluation: { metric: RetrainingMetric.ACCURACY },
    inference: { image: IMAGE },
    pricesFile,
  });
  const [, request] = handlers(Template.fromStack(stack)).find(([name]) => name.includes('RetrainingRequest')) ?? [];
  expect(request?.Properties.Environment.Variables['PRICES']).toContain('0.3');
});
