import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AiUseCase } from '../../../lib';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';
import { sharedUseCase, synthesizeUseCase } from '../../support/use-case-template';

const { template, useCase } = sharedUseCase();
const prefix = useCase.release.resourcePrefix;

describe('TechnicalAlarms', () => {
  test('roll back a failing candidate, with a share and a minimum of samples', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${prefix}-rollback-candidate-failures`,
      Threshold: 0.3,
      TreatMissingData: 'notBreaching',
      AlarmActions: Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('RollbackHandler'), 'Arn'] }]),
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(requests >= 5, IF(failures >= 3, failures / requests, 0), 0)' }),
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({
              MetricName: 'Failures',
              Dimensions: [
                { Name: 'Arm', Value: 'candidate' },
                { Name: 'UseCase', Value: 'support-triage' },
              ],
            }),
          }),
        }),
      ]),
    });
  });

  test('roll back a candidate that crawls', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${prefix}-rollback-candidate-latency`,
      Threshold: 4000,
    });
  });

  test('tell owners that the verdict stopped: no data is the failure', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${prefix}-notify-verdict-missing`,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'missing',
      InsufficientDataActions: [Match.anyValue()],
    });
  });

  test('tell owners of a day on which the holdout was not reviewed', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${prefix}-notify-holdout-errors`,
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('HoldoutHandler') } }],
      AlarmActions: [Match.anyValue()],
    });
  });

  test('tell owners of KPI events that are kept but not counted, by KPI, and of those that name none', () => {
    for (const [name, kpi] of [
      ['kpi-rejected', 'unknown'],
      ['kpi-rejected-missed-spam', 'missed-spam'],
    ]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `${prefix}-notify-${name}`,
        MetricName: 'KpiRejected',
        Dimensions: Match.arrayWith([{ Name: 'Kpi', Value: kpi }]),
        AlarmActions: [Match.anyValue()],
      });
    }
  });

  test('tell owners of files that cannot be read, where files are taken', () => {
    synthesizeUseCase({ kpiFiles: true }).template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('-notify-kpi-files-lost$'),
      MetricName: 'ApproximateNumberOfMessagesVisible',
      AlarmActions: [Match.anyValue()],
    });
  });

  test('tell owners of a request for a release that failed', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${prefix}-notify-request-errors`,
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('ReleaseRequest') } }],
    });
  });

  test('tell owners of a watch that failed', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${prefix}-notify-watch-errors`,
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('WatchHandler') } }],
    });
  });

  test('say what to do, every one of them', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const described = alarms.map(({ Properties }) => String(Properties['AlarmDescription']));
    expect(described.length).toBeGreaterThan(8);
    expect(described.filter((text) => !/What to do: https:\/\/\S+\/runbooks\/alarm\.md#[a-z-]+$/.test(text))).toEqual([]);
  });

  test('roll back over two ways that share nothing but the handler', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const rollingBack = alarms.filter((alarm) => String(alarm['AlarmName']).startsWith(useCase.rollback.alarmNamePrefix));
    const handler = { 'Fn::GetAtt': [expect.stringMatching(/^SupportTriageRollbackHandler/), 'Arn'] };
    expect(rollingBack.length).toBeGreaterThanOrEqual(2);
    for (const alarm of rollingBack.filter(({ AlarmName }) => !String(AlarmName).endsWith('-asked'))) {
      expect(alarm['AlarmActions']).toContainEqual(handler);
    }
    const rules = Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
    const rule = rules.find(({ EventPattern }) => JSON.stringify(EventPattern).includes(useCase.rollback.alarmNamePrefix));
    expect(rule).toMatchObject({ State: 'ENABLED', Targets: [expect.objectContaining({ Arn: handler })] });
  });

  test('can tell of more', () => {
    const stack = testStack();
    const own = AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER);
    const scorer = new Metric({ namespace: 'Own', metricName: 'ScorerErrors' });
    const alarm = own.alarms.tellOf('scorer-errors', 'The scorer failed.', scorer);
    expect(own.alarms.notifyingAlarms).toContain(alarm);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('-notify-scorer-errors$'),
      AlarmDescription: Match.stringLikeRegexp('^The scorer failed\\.[^]*#scorer-errors$'),
    });
  });

  test('have names of their own in every stack', () => {
    const names = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties['AlarmName'] as string,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => name.startsWith(`${prefix}-`))).toBe(true);
  });

  test.each([
    [{ failureShare: 0 }, 'failureShare is 0'],
    [{ failureShare: 1.5 }, 'failureShare is 1.5'],
    [{ minimumFailures: -1 }, 'minimumFailures is -1'],
    [{ latencyP95Millis: Number.NaN }, 'latencyP95Millis is NaN'],
  ])('refuse %j', (thresholds, problem) => {
    expect(() => synthesizeUseCase({ thresholds })).toThrow(problem);
  });
});
