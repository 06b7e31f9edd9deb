import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parse } from 'yaml';
import type { CapacityPolicy } from '../../../core/capacity';
import {
  AiUseCase,
  EndpointCapacity,
  type EndpointCapacityProps,
  IdleAction,
  Ledger,
  OutsideHours,
  ScalingTarget,
  WakeRule,
} from '../../../lib';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';
import { sharedUseCase } from '../../support/use-case-template';

const given = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as { serving: object };

/** The use case with more in its charter. */
function useCaseWith(serving: object, more: object = {}): Template {
  const stack = testStack();
  const document = { ...given, ...more, serving: { ...given.serving, ...serving } };
  AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {});
  return Template.fromStack(stack);
}

const HANDLER = { Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'capacity' }) } };

function policyIn(template: Template): CapacityPolicy {
  const [handler] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: HANDLER }));
  return JSON.parse(handler?.['Properties'].Environment.Variables.CAPACITY_POLICY as string) as CapacityPolicy;
}

/** The construct alone. */
function alone(props: Partial<EndpointCapacityProps> = {}): Template {
  const stack = testStack();
  const { release, notifications } = AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER);
  const ledger = new Ledger(stack, 'Ledger');
  new EndpointCapacity(stack, 'Alone', { useCaseName: 'support-triage', ledger, release, notifications, ...props });
  return Template.fromStack(stack);
}

describe('a use case', () => {
  test.each<[string, object, object]>([
    ['scaling', { scaling: { target: 20 } }, {}],
    ['office hours', { officeHours: { from: '08:00', to: '18:00' } }, {}],
    ['idleness', { idle: { after: '1h' } }, {}],
    ['a time to live', { timeToLive: '7d' }, {}],
    ['a budget that scales in', {}, { budget: { monthly: 100, currency: 'USD', onExceeded: 'scale-in' } }],
    [
      'a rate of spending that ends in office hours',
      {},
      { budget: { monthly: 100, currency: 'USD', overrun: { hourlyAbove: 5, then: 'off-hours' } } },
    ],
  ])('has somebody who looks after capacity with %s', (_, serving, more) => {
    const template = useCaseWith(serving, more);
    template.hasResourceProperties('AWS::Lambda::Function', HANDLER);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'rollback', CAPACITY: 'true' }) },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.stringLikeRegexp('capacity-errors') });
    expect(JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'))).toContain('InstancesWanted');
  });

  test('has nobody without', () => {
    const { template } = sharedUseCase();
    expect(Object.keys(template.findResources('AWS::Lambda::Function', { Properties: HANDLER }))).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain('"CAPACITY"');
  });

  test('hands the charter over', () => {
    const template = useCaseWith(
      {
        instance: 'ml.g5.xlarge',
        instances: { min: 1, max: 6 },
        scaling: {
          target: 20,
          scaleInCooldown: '5m',
          schedules: [{ name: 'day', from: '08:00', to: '18:00', timezone: 'Europe/Dublin', instances: { min: 2, max: 6 } }],
        },
        officeHours: { from: '07:00', to: '19:00', timezone: 'Europe/Dublin', warmUp: '20m' },
        idle: { after: '2h', then: 'off', wake: 'by-hand' },
        timeToLive: '14d',
      },
      { budget: { monthly: 100, currency: 'USD', onExceeded: 'off-hours', officeHours: { from: '09:00', to: '12:00' } } },
    );
    expect(policyIn(template)).toEqual({
      bounds: { min: 1, max: 6 },
      scaling: {
        tracking: { metric: 'invocations', targetValue: 20, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 300 },
        schedules: [
          {
            name: 'day',
            window: { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080, timeZone: 'Europe/Dublin' },
            bounds: { min: 2, max: 6 },
            warmUpMinutes: 0,
          },
        ],
      },
      availability: {
        officeHours: {
          window: { days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140, timeZone: 'Europe/Dublin' },
          warmUpMinutes: 20,
          outside: 'off',
        },
        idle: { afterMinutes: 120, action: 'off', wake: 'by-hand' },
        timeToLiveMinutes: 14 * 1440,
      },
      offHours: { window: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 720, timeZone: 'UTC' }, warmUpMinutes: 30 },
    });
  });
});

describe('EndpointCapacity', () => {
  const template = alone({
    scaling: { target: ScalingTarget.invocationsPerMinute(600) },
    officeHours: { from: '08:00', to: '18:00', timeZone: 'Europe/Dublin', outside: OutsideHours.MIN, warmUp: Duration.minutes(10) },
    idle: { after: Duration.hours(1), action: IdleAction.OFF, wake: WakeRule.BY_HAND },
    timeToLive: Duration.days(3),
    minInstances: 2,
  });

  test('takes the same settings in code', () => {
    expect(policyIn(template)).toMatchObject({
      bounds: { min: 2, max: 2 },
      scaling: { tracking: { metric: 'invocations', targetValue: 600 }, schedules: [] },
      availability: {
        officeHours: { outside: 'min', warmUpMinutes: 10, window: { fromMinute: 480 } },
        idle: { afterMinutes: 60, action: 'off', wake: 'by-hand' },
        timeToLiveMinutes: 4320,
      },
      offHours: { warmUpMinutes: 10, window: { timeZone: 'Europe/Dublin' } },
    });
    expect(policyIn(alone()).availability).toEqual({});
  });

  test('looks every five minutes, when the endpoint changes, and when somebody parks or wakes', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)',
      Target: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AloneHandler'), 'Arn'] } },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['SageMaker Endpoint State Change'],
        detail: {
          EndpointName: [{ prefix: Match.stringLikeRegexp('^support-triage-[0-9a-f]{6}-$') }],
          EndpointStatus: ['IN_SERVICE', 'FAILED'],
        },
      },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['sluice'], 'detail-type': ['EndpointParked', 'EndpointWakeAsked'], detail: { useCase: ['support-triage'] } },
    });
  });

  test('may make and delete endpoints of this use case alone', () => {
    expect(actionsOf(template, /AloneHandlerRole/)).toEqual(
      expect.arrayContaining([
        'sagemaker:CreateEndpoint',
        'sagemaker:DeleteEndpoint',
        'application-autoscaling:RegisterScalableTarget',
        'states:SendTaskSuccess',
      ]),
    );
    expect(actionsOf(template, /AloneHandlerRole/)).not.toContain('sagemaker:UpdateEndpoint');
    expect(actionsOnEverything(template, /AloneHandlerRole/)).not.toEqual(expect.arrayContaining(['sagemaker:DeleteEndpoint']));
    const deleting = statementsOf(template, /AloneHandlerRole/).filter(({ Action }) =>
      [Action].flat().includes('sagemaker:DeleteEndpoint'),
    );
    expect(JSON.stringify(deleting)).toMatch(/endpoint\/support-triage-[0-9a-f]{6}-\*/);
  });

  test.each<[Partial<EndpointCapacityProps>, RegExp]>([
    [{ idle: { after: Duration.minutes(5) } }, /idle.after is 5 minutes: at least 10/],
    [{ timeToLive: Duration.minutes(1) }, /timeToLive is 1 minutes: at least 10/],
    [{ officeHours: { from: '8', to: '18:00' } }, /officeHours.from: allowed is a time of day/],
    [{ orderedHours: { from: '08:00', to: '18:00', days: ['someday'] } }, /orderedHours.days: allowed is a list of mon/],
    [{ useCaseName: 'X' }, /useCaseName is 'X'/],
  ])('refuses %j', (props, message) => {
    expect(() => alone(props)).toThrow(message);
  });
});
