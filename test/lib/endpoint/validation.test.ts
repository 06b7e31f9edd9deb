import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from '../../../bin/context';
import {
  EndpointAlarms,
  EndpointInstance,
  EndpointScaling,
  EndpointSlo,
  ModelEndpoint,
  ModelSource,
  ScalingTarget,
  Serving,
  SloObjective,
} from '../../../lib';
import { placeholderBundles } from '../../support/stacks';

const before = process.env['CDK_VALIDATION'];
beforeAll(() => {
  placeholderBundles();
  delete process.env['CDK_VALIDATION'];
});
afterAll(() => {
  process.env['CDK_VALIDATION'] = before;
  process.exitCode = 0;
});

function app(): { app: App; stack: Stack } {
  const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-validated-'));
  const made = new App({ context: FEATURE_FLAGS, outdir, builtinCloudFormationValidation: true });
  const stack = new Stack(made, 'operated', { env: { account: '123456789012', region: 'us-east-1' } });
  const model = ModelSource.container({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/model:one' });
  const endpoint = new ModelEndpoint(stack, 'Endpoint', {
    serving: Serving.realTime({ variants: [{ name: 'main', model, instance: EndpointInstance.G5_12XLARGE, initialCount: 1 }] }),
  });
  new EndpointScaling(stack, 'Scaling', { endpoint }).scaleVariant({
    minCapacity: 1,
    maxCapacity: 2,
    target: ScalingTarget.concurrentRequests(4),
  });
  new EndpointAlarms(stack, 'Alarms', { endpoint });
  new EndpointSlo(stack, 'Available', { endpoint, objective: SloObjective.availability(0.999) });
  new EndpointSlo(stack, 'Quick', { endpoint, objective: SloObjective.latency(500, 0.99) });
  return { app: made, stack };
}

/** What the validation says: it prints, and sets the exit code. */
function refusals(made: App): string {
  process.exitCode = 0;
  const printed: string[] = [];
  const spies = [
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
    jest.spyOn(console, 'error').mockImplementation((...words) => void printed.push(words.join(' '))),
    jest.spyOn(console, 'log').mockImplementation((...words) => void printed.push(words.join(' '))),
  ];
  try {
    made.synth();
  } catch (error) {
    return String(error);
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
  return process.exitCode === 0 ? '' : printed.join('\n');
}

test('an endpoint with scaling, alarms and objectives passes the validation with default rules, strictly', () => {
  expect(refusals(app().app)).toBe('');
}, 60_000);

test('an alarm with a statistic that is none would not', () => {
  const { app: made, stack } = app();
  const alarm = stack.node
    .findAll()
    .find((one) => CfnResource.isCfnResource(one) && one.cfnResourceType === 'AWS::CloudWatch::Alarm') as CfnResource;
  alarm.addPropertyOverride('EvaluationPeriods', 'many');
  expect(refusals(made)).not.toBe('');
}, 60_000);
