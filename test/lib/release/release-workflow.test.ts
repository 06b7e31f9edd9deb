import { Match } from 'aws-cdk-lib/assertions';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { sharedUseCase } from '../../support/use-case-template';

const { template, useCase } = sharedUseCase();
const resources = template.toJSON()['Resources'] as Record<string, { Type: string; DependsOn?: string | string[]; Properties?: unknown }>;
const [desiredId] = Object.keys(template.findResources('Custom::SluiceDesiredRelease'));

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref' && typeof item === 'string') return [item];
    if (key === 'Fn::GetAtt' && Array.isArray(item)) return [String(item[0])];
    return referencesIn(item);
  });
}

/** Logical ids that a resource needs before it can be made. */
const needs = (id: string): string[] =>
  [...referencesIn(resources[id]?.Properties), ...[resources[id]?.DependsOn ?? []].flat()].filter((other) => other in resources);

function everythingBelow(id: string, path: string[] = [], seen = new Set<string>()): Set<string> {
  if (path.includes(id)) throw new Error(`cycle: ${[...path, id].join(' → ')}`);
  if (seen.has(id)) return seen;
  for (const other of needs(id)) everythingBelow(other, [...path, id], seen);
  return seen.add(id);
}

describe('ReleaseWorkflow', () => {
  test('hands the desired release to its handler directly, with nothing but the release', () => {
    template.hasResourceProperties('Custom::SluiceDesiredRelease', {
      ServiceToken: { 'Fn::GetAtt': [Match.stringLikeRegexp('ReleaseRequest'), 'Arn'] },
      ServiceTimeout: '3600',
      Release: Match.anyValue(),
    });
    expect(Object.keys(resources[desiredId ?? '']?.Properties ?? {}).sort()).toEqual(['Release', 'ServiceTimeout', 'ServiceToken']);
  });

  test('makes the desired release last and removes it first: its deletion still needs everything', () => {
    const below = [...everythingBelow(desiredId ?? '')];
    for (const part of [
      'ReleaseWorkflow',
      'ReleaseTeardown',
      'TeardownStops',
      'ReleaseTaskTokens',
      'RollbackTaskTokens',
      'LedgerTable',
      'EvidenceBucket',
      'ModelRoleDefaultPolicy',
      'NotificationsTopic',
    ]) {
      expect(below.some((id) => id.includes(part)) ? part : `not ${part}`).toBe(part);
    }
  });

  test('has no cycle', () => {
    for (const id of Object.keys(resources)) expect(() => everythingBelow(id)).not.toThrow();
  });

  test('both workflows are JSONata, logged without their data, and traced', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: false }),
      TracingConfiguration: { Enabled: true },
      DefinitionString: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
  });

  test('tells the handler of its steps where things go and how they are named', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          POWERTOOLS_SERVICE_NAME: 'release-step',
          EVIDENCE_BUCKET: Match.anyValue(),
          MODEL_ROLE_ARN: Match.anyValue(),
          RESOURCE_PREFIX: useCase.release.resourcePrefix,
          NOTIFICATION_TOPIC_ARN: Match.anyValue(),
          RETENTION_DAYS: '400',
          COUNTER_SHARDS: '4',
          TAGS: '{"team":"support"}',
          VPC_CONFIG: Match.absent(),
          KMS_KEY_ARN: Match.absent(),
        }),
      },
    });
  });

  test('the workflow may work on what bears its prefix, and pass only the role of its models', () => {
    const statements = statementsOf(template, /ReleaseWorkflowRole/);
    const onSageMaker = statements.filter(({ Action }) => JSON.stringify(Action).includes('sagemaker:'));
    expect(onSageMaker.length).toBeGreaterThan(3);
    for (const { Resource } of onSageMaker) expect(JSON.stringify(Resource)).toContain(`/${useCase.release.resourcePrefix}-*`);
    expect(statements.find(({ Action }) => Action === 'iam:PassRole')).toMatchObject({
      Resource: { 'Fn::GetAtt': [expect.stringContaining('ModelRole'), 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  });

  test('nothing is allowed on everything but what has no resource to name', () => {
    expect(actionsOnEverything(template, /./).sort()).toEqual(
      [
        ...twice(['logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies']),
        ...twice(['logs:GetLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery']),
        ...twice(['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments']),
        'cloudwatch:DescribeAlarms',
        ...twice(['cloudwatch:GetMetricData', 'sagemaker:ListEndpoints']),
        'cloudwatch:PutMetricData',
        'ecr:GetAuthorizationToken',
        'sagemaker:ListEndpointConfigs',
        'sagemaker:ListInferenceComponents',
        'sagemaker:ListModels',
      ].sort(),
    );
  });

  test.each(['ReleaseStep', 'ReleaseApproval'])('%s may answer the tokens of this workflow only', (handler) => {
    const tokens = statementsOf(template, new RegExp(`${handler}ServiceRole|${handler}Role`)).filter(
      ({ Action }) => Action === 'states:SendTaskSuccess',
    );
    expect(tokens).toEqual([expect.objectContaining({ Resource: { Ref: expect.stringContaining('ReleaseWorkflow') as unknown } })]);
  });

  test('the workflow may grow a candidate', () => {
    const growing = statementsOf(template, /ReleaseWorkflowRole/).filter(({ Action }) =>
      JSON.stringify(Action).includes('sagemaker:UpdateEndpointWeightsAndCapacities'),
    );
    expect(growing).toHaveLength(1);
    expect(JSON.stringify(growing[0]?.Resource)).toContain(`endpoint/${useCase.release.resourcePrefix}-*`);
  });

  test('the teardown may delete and stop, and not create', () => {
    const actions = actionsOf(template, /ReleaseTeardownRole/);
    expect(actions).toEqual(
      expect.arrayContaining([
        'sagemaker:DeleteEndpoint',
        'sagemaker:DeleteEndpointConfig',
        'sagemaker:DeleteModel',
        'states:StopExecution',
      ]),
    );
    expect(actions.filter((action) => /Create(Model|Endpoint)|Update|PassRole/.test(action) && action.startsWith('sagemaker'))).toEqual([]);
  });

  test('models may read their own artefact and image, and write their own logs', () => {
    const policies = JSON.stringify(statementsOf(template, /ModelRole/));
    expect(policies).toMatch(/"s3:GetObject","Effect":"Allow","Resource":\{"Fn::Join":\["",\[[^\]]*\/[0-9a-f]{64}\.gz"/);
    expect(policies).toContain(`/aws/sagemaker/Endpoints/${useCase.release.resourcePrefix}*`);
  });
});

const twice = (actions: string[]): string[] => [...actions, ...actions];
