import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Baseline, InferenceGateway, type InferenceGatewayProps, Ledger, ObservationIntake } from '../../../lib';
import { actionsOf, statementsOf } from '../../support/policies';
import { placeholderBundles, testStack } from '../../support/stacks';

function gatewayIn(stack: Stack, props: Partial<InferenceGatewayProps> = {}): InferenceGateway {
  const ledger = new Ledger(stack, 'Ledger');
  const keyring = new secretsmanager.Secret(stack, 'Keyring');
  const intake = new ObservationIntake(stack, 'Intake', { useCaseName: 'support-triage', ledger, keyring, kpis: [] });
  const baseline = Baseline.fixedAnswer({ label: 'ham' });
  return new InferenceGateway(stack, 'Gateway', { useCaseName: 'support-triage', ledger, keyring, intake, baseline, ...props });
}

/** Hash of the gateway's asset, and the directory it was staged to. */
function gatewayAsset(): { hash: string; directory: string } {
  placeholderBundles();
  const app = new App();
  gatewayIn(new Stack(app, 'S'));
  const assembly = app.synth();
  const name = readdirSync(assembly.directory).find((entry) => existsSync(path.join(assembly.directory, entry, 'baseline.js')));
  return { hash: name ?? 'none', directory: path.join(assembly.directory, name ?? 'none') };
}

describe('InferenceGateway', () => {
  test('is a signed URL in front of a handler that knows its queue, keyring and time-out', () => {
    const stack = testStack();
    gatewayIn(stack, { invokeTimeoutMillis: 800 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          POWERTOOLS_SERVICE_NAME: 'gateway',
          OBSERVATION_QUEUE_URL: Match.anyValue(),
          KEYRING_SECRET_ARN: Match.anyValue(),
          INVOKE_TIMEOUT_MILLIS: '800',
        }),
      },
    });
  });

  test('that streams has a URL that does, time for a long answer, and may ask for streams', () => {
    const stack = testStack();
    const gateway = gatewayIn(stack, { streaming: true });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 300,
      Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'gateway', STREAMING: 'true' }) },
    });
    const actions = actionsOf(template, /^GatewayHandlerRole/);
    expect(actions).toEqual(expect.arrayContaining(['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']));
    expect([gateway.streaming, gateway.metricWaitInMillis('candidate').metricName]).toEqual([true, 'FirstByteMillis']);
  });

  test('that does not stream says nothing of it, and counts whole answers', () => {
    const stack = testStack();
    const gateway = gatewayIn(stack);
    const template = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(template).not.toContain('STREAMING');
    expect(template).not.toContain('InvokeMode');
    expect([gateway.streaming, gateway.metricWaitInMillis('candidate').metricName]).toEqual([false, 'LatencyMillis']);
  });

  test('may read the control record, invoke its own endpoints and send decisions: nothing else', () => {
    const stack = testStack();
    gatewayIn(stack);
    const template = Template.fromStack(stack);
    expect(actionsOf(template, /^GatewayHandlerRole/)).toEqual([
      'dynamodb:GetItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sagemaker:InvokeEndpoint',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ]);
    const invoke = statementsOf(template, /^GatewayHandlerRole/).find(({ Action }) => Action === 'sagemaker:InvokeEndpoint');
    expect(JSON.stringify(invoke?.Resource)).toMatch(/:endpoint\/support-triage-[0-9a-f]{6}-\*"/);
  });

  test('may invoke an adopted endpoint too, under the lower-case name of its ARN', () => {
    const stack = testStack();
    gatewayIn(stack, { existingEndpoint: 'Triage-Legacy' });
    const invoke = statementsOf(Template.fromStack(stack), /^GatewayHandlerRole/).find(
      ({ Action }) => Action === 'sagemaker:InvokeEndpoint',
    );
    expect(JSON.stringify(invoke?.Resource)).toContain(':endpoint/triage-legacy"');
  });

  test('grants callers both permissions that a function URL asks for', () => {
    const stack = testStack();
    const gateway = gatewayIn(stack);
    gateway.grantInvoke(new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(actionsOf(Template.fromStack(stack), /^Caller/)).toEqual(['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']);
  });

  test('packs the baseline beside the handler, with the same hash for the same content', () => {
    const first = gatewayAsset();
    expect(readFileSync(path.join(first.directory, 'baseline.js'), 'utf8')).toContain('exports.answer');
    expect(existsSync(path.join(first.directory, 'index.js'))).toBe(true);
    expect(gatewayAsset().hash).toBe(first.hash);
  });

  test.each([49, 25_001, 99.5])('refuses a time-out of %d ms', (invokeTimeoutMillis) => {
    expect(() => gatewayIn(testStack(), { invokeTimeoutMillis })).toThrow(`invokeTimeoutMillis is ${invokeTimeoutMillis}`);
  });

  test('offers latency in milliseconds as a percentile', () => {
    const { metricStat } = gatewayIn(testStack()).metricLatencyInMillis('stable').toMetricConfig();
    expect(metricStat).toMatchObject({ metricName: 'LatencyMillis', statistic: 'p95' });
  });
});
