import { AwsSolutionsChecks } from 'cdk-nag';
import { App, type IPolicyValidationPlugin, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EndpointScaling, ScalingTarget } from '../../../../lib';
import { endpointOf } from '../served';

const bounds = { minCapacity: 1, maxCapacity: 3 };
type Resource = { Properties: Record<string, unknown>; DependsOn?: string[] };

function scaled(mode: Parameters<typeof endpointOf>[0] = 'real-time', scale = (scaling: EndpointScaling) => scaling.scaleVariant(bounds)) {
  const { stack, endpoint } = endpointOf(mode);
  scale(new EndpointScaling(stack, 'Scaling', { endpoint }));
  return { stack, template: Template.fromStack(stack) };
}
const only = (template: Template, type: string): [string, Resource] =>
  Object.entries(template.findResources(type) as Record<string, Resource>)[0]!;

describe('EndpointScaling', () => {
  test('holds scaling before the endpoint changes, and registers it after', () => {
    const { template } = scaled();
    const [holdId, hold] = only(template, 'Custom::SluiceScalingHold');
    const [endpointId, endpoint] = only(template, 'AWS::SageMaker::Endpoint');
    const [, registration] = only(template, 'Custom::SluiceScaling');
    expect(endpoint.DependsOn).toContain(holdId);
    expect(registration.DependsOn).toContain(endpointId);
    const rules = Object.keys(template.findResources('AWS::Events::Rule'));
    expect(hold.DependsOn).toEqual(expect.arrayContaining(rules));
    for (const { Properties } of [hold, registration]) {
      expect(Properties).toMatchObject({
        EndpointName: 'Triage',
        EndpointConfigName: { 'Fn::GetAtt': [expect.stringMatching(/Config/), 'EndpointConfigName'] },
      });
    }
    expect(JSON.parse(String(registration.Properties['Parts']))).toEqual([
      {
        wish: {
          resource: { kind: 'variant', endpointName: 'Triage', variantName: 'main' },
          mode: 'real-time',
          bounds: { min: 1, max: 3 },
          schedules: [],
        },
        instanceTypes: ['ml.m5.large'],
      },
    ]);
  });

  test('has a hold that another target does not touch', () => {
    const held = (target?: ScalingTarget) => {
      const { template } = scaled('real-time', (scaling) =>
        scaling.scaleVariant({ ...bounds, ...(target === undefined ? {} : { target }) }),
      );
      return [
        only(template, 'Custom::SluiceScalingHold')[1].Properties['Parts'],
        only(template, 'Custom::SluiceScaling')[1].Properties['Parts'],
      ];
    };
    const [holdOne, one] = held();
    const [holdOther, other] = held(ScalingTarget.concurrentRequests(4, { scaleOutCooldown: Duration.seconds(30), scaleIn: false }));
    expect(holdOne).toBe(holdOther);
    expect(one).not.toBe(other);
    expect(JSON.parse(String(other))[0].wish.tracking).toEqual({
      metric: 'concurrency',
      targetValue: 4,
      scaleOutCooldownSeconds: 30,
      scaleInCooldownSeconds: 600,
      scaleInDisabled: true,
    });
  });

  test('hears of endpoints in service as SageMaker spells it, and of a stack that was rolled back', () => {
    const { template } = scaled();
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.sagemaker'], detail: { EndpointName: ['Triage'], EndpointStatus: ['IN_SERVICE'] } },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudformation'],
        detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['UPDATE_ROLLBACK_COMPLETE'] } },
      },
    });
  });

  test('reads schedules as a charter does', () => {
    const { template } = scaled('real-time', (scaling) =>
      scaling.scaleVariant({
        ...bounds,
        schedules: [
          {
            days: ['mon-wed', 'sat'],
            from: '08:00',
            to: '18:30',
            timeZone: 'Europe/Dublin',
            minCapacity: 2,
            maxCapacity: 5,
            warmUp: Duration.minutes(20),
          },
        ],
      }),
    );
    expect(JSON.parse(String(only(template, 'Custom::SluiceScaling')[1].Properties['Parts']))[0].wish.schedules).toEqual([
      {
        name: 'schedules[0]',
        window: { days: [1, 2, 3, 6], fromMinute: 480, toMinute: 1110, timeZone: 'Europe/Dublin' },
        bounds: { min: 2, max: 5 },
        warmUpMinutes: 20,
      },
    ]);
  });

  test('shares one handler within a stack', () => {
    const { stack, endpoint } = endpointOf('two');
    const scaling = new EndpointScaling(stack, 'Scaling', { endpoint });
    scaling.scaleVariant({ ...bounds, variantName: 'a' });
    scaling.scaleVariant({ ...bounds, variantName: 'b' });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('may scale this endpoint, and no other', () => {
    const { template } = scaled();
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' } } }),
          Match.objectLike({
            Action: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'],
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:us-east-1:123456789012:endpoint/triage']] },
          }),
        ]),
      },
    });
  });

  test.each([
    ['serverless', (scaling: EndpointScaling) => scaling.scaleVariant(bounds), 'is serverless: it has no instances to scale'],
    [
      'real-time',
      (scaling: EndpointScaling) => scaling.scaleVariant({ minCapacity: 0, maxCapacity: 1 }),
      'only asynchronous endpoints and inference components scale to zero',
    ],
    [
      'real-time',
      (scaling: EndpointScaling) => scaling.scaleVariant({ ...bounds, target: ScalingTarget.backlog(5) }),
      'Only an asynchronous endpoint has a backlog',
    ],
    [
      'real-time',
      (scaling: EndpointScaling) => scaling.scaleVariant({ ...bounds, variantName: 'other' }),
      "no variant 'other': it has main",
    ],
    ['two', (scaling: EndpointScaling) => scaling.scaleVariant(bounds), 'has 2 variants (a, b): say which one, with variantName'],
    ['components', (scaling: EndpointScaling) => scaling.scaleVariant(bounds), 'scale their copies with scaleComponent()'],
    ['real-time', (scaling: EndpointScaling) => scaling.scaleComponent(bounds), 'has 0 components (none)'],
    ['real-time', (scaling: EndpointScaling) => (scaling.scaleVariant(bounds), scaling.scaleVariant(bounds)), 'is scaled already'],
    ['real-time', () => undefined, 'EndpointScaling scales nothing'],
    [
      'real-time',
      (scaling: EndpointScaling) =>
        scaling.scaleVariant({ ...bounds, schedules: [{ from: '8:00', to: '18:00', minCapacity: 1, maxCapacity: 1 }] }),
      'schedules[0].from: allowed is a time of day from 00:00 to 24:00',
    ],
    [
      'async',
      (scaling: EndpointScaling) => scaling.scaleVariant({ ...bounds, target: ScalingTarget.invocationsPerMinute(5) }),
      'is scaled on its backlog',
    ],
  ] as [Parameters<typeof endpointOf>[0], (scaling: EndpointScaling) => void, string][])(
    'refuses what cannot be scaled (%s, %#)',
    (mode, scale, message) => {
      expect(() => scaled(mode, scale)).toThrow(message);
    },
  );

  test('is one for each endpoint', () => {
    const { stack, endpoint } = endpointOf('real-time');
    new EndpointScaling(stack, 'Scaling', { endpoint });
    expect(() => new EndpointScaling(stack, 'Another', { endpoint })).toThrow('has an EndpointScaling already');
  });

  test('says so where EventBridge could not carry all schedules', () => {
    const schedules = Array.from({ length: 60 }, () => ({ from: '08:00', to: '18:00', minCapacity: 1, maxCapacity: 2 }));
    expect(() => scaled('real-time', (scaling) => scaling.scaleVariant({ ...bounds, schedules }))).toThrow('use fewer schedules');
  });

  test('leaves nothing for cdk-nag that is not acknowledged with a reason', () => {
    const { stack, endpoint } = endpointOf('real-time');
    new EndpointScaling(stack, 'Scaling', { endpoint }).scaleVariant(bounds);
    const pack = new AwsSolutionsChecks(App.of(stack) as App) as unknown as IPolicyValidationPlugin & {
      validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
    };
    const found = pack
      .validateScope(App.of(stack) as App)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      );
    expect(found.filter((one) => one.includes('Scaling'))).toEqual([]);
  });
});

test('a target above 0', () => {
  expect(() => ScalingTarget.invocationsPerMinute(0)).toThrow('The target of scaling on invocations is 0: it must be above 0.');
});
