import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parse } from 'yaml';
import type { ReleaseSpec } from '../../../core/contracts';
import { AiUseCase, ShadowCaptures } from '../../../lib';
import { actionsOf, statementsOf } from '../../support/policies';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';

/** The use case of the tests with a rollout of its own. */
function templateWith(rollout: Record<string, unknown>): Template {
  const stack = testStack();
  const document = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as Record<string, unknown>;
  AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, { ...document, rollout }, {});
  return Template.fromStack(stack);
}

const STEP = /ReleaseStep/;
const VERDICT = /Verdict/;
const MODEL_ROLE = /ReleaseModelRole/;

const environmentOf = (template: Template, handler: RegExp): Record<string, unknown> => {
  const [, found] = Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) => handler.test(id)) ?? [];
  return (found?.['Properties'] as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables;
};

const desiredOf = (template: Template): string => {
  const [desired] = Object.values(template.findResources('Custom::SluiceDesiredRelease'));
  return JSON.stringify((desired?.['Properties'] as { Release: unknown }).Release);
};

test('a canary needs neither a bucket for captures nor alarms of its own', () => {
  const template = templateWith({ strategy: 'canary' });
  expect(environmentOf(template, VERDICT)).not.toHaveProperty('CAPTURE_BUCKET');
  expect(environmentOf(template, STEP)).not.toHaveProperty('GUARD_THRESHOLDS');
  expect(actionsOf(template, STEP)).not.toContain('cloudwatch:PutMetricAlarm');
  expect(actionsOf(template, VERDICT)).not.toContain('s3:GetObject');
});

describe('a shadow', () => {
  const template = templateWith({ strategy: ['shadow', 'canary'], shadow: { bake: '1h', agreement: { field: 'label', atLeast: 0.9 } } });

  test('has a bucket that forgets within days', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 7, Status: 'Enabled' })]) },
      PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true }),
      VersioningConfiguration: Match.absent(),
    });
  });

  test('is written by the model, read by the verdict, and by nobody else', () => {
    expect(actionsOf(template, MODEL_ROLE)).toContain('s3:PutObject');
    expect(actionsOf(template, VERDICT)).toEqual(expect.arrayContaining(['cloudwatch:GetMetricData', 's3:GetObject', 's3:ListBucket']));
    expect(environmentOf(template, VERDICT)['CAPTURE_BUCKET']).toEqual(environmentOf(template, STEP)['CAPTURE_BUCKET']);
    const bucket = JSON.stringify(environmentOf(template, STEP)['CAPTURE_BUCKET']);
    expect(JSON.stringify(statementsOf(template, STEP))).not.toContain(bucket);
    const list = statementsOf(template, VERDICT).find(({ Action }) => Action === 's3:ListBucket');
    expect(list?.Condition).toEqual({ StringLike: { 's3:prefix': 'captures/*' } });
  });

  test('stands in the desired release', () => {
    expect(desiredOf(template)).toContain('\\"shadow\\":{\\"bakeMinutes\\":60');
  });
});

describe('blue/green', () => {
  const template = templateWith({ strategy: 'blue-green', blueGreen: { routing: 'linear', step: 0.25, wait: '5m' } });

  test('has an alarm through which somebody asks for the way back, apart from those that roll back', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('^support-triage-[0-9a-f]{6}-guard-asked$'),
      Namespace: 'Sluice',
      MetricName: 'RollbackAsked',
      Period: 60,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: Match.absent(),
    });
  });

  test('alarms are made by the step handler and read by SageMaker as the model, both below the prefix', () => {
    const alarms = (role: RegExp) =>
      statementsOf(template, role).filter(({ Action }) =>
        [Action].flat().some((action) => action.startsWith('cloudwatch:') && /Alarm/.test(action)),
      );
    const [made] = alarms(STEP);
    expect(made?.Action).toEqual(['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms']);
    const [read] = alarms(MODEL_ROLE);
    expect(read?.Action).toBe('cloudwatch:DescribeAlarms');
    for (const { Resource } of [made!, read!]) expect(JSON.stringify(Resource)).toMatch(/alarm:support-triage-[0-9a-f]{6}-guard-\*/);
  });

  test("judges the new fleet by the gateway's own time-out unless it is told otherwise", () => {
    expect(JSON.parse(String(environmentOf(template, STEP)['GUARD_THRESHOLDS']))).toEqual({
      failureShare: 0.3,
      minimumFailures: 3,
      minimumRequests: 5,
      latencyP95Millis: 4000,
      minimumRequestsForLatency: 20,
    });
  });

  test('stands in the desired release', () => {
    const guarded: ReleaseSpec['rollout']['guarded'] = { routing: 'linear', stepShare: 0.25, waitMinutes: 5, terminationWaitMinutes: 10 };
    expect(desiredOf(template)).toContain(JSON.stringify(JSON.stringify(guarded)).slice(1, -1));
  });
});

test('captures are kept for whole days', () => {
  expect(() => new ShadowCaptures(testStack(), 'X', { retentionDays: 0.5 })).toThrow(/retentionDays is 0\.5/);
});
