import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

export const ENDPOINT = 'peer';
export const ALARM = 'peer-candidate-errors';
export const MODEL_ROLE = 'peer-model';

/** What a tutorial shows: on the alarm, all weight back to stable. */
const HANDLER = `
import { SageMakerClient, UpdateEndpointWeightsAndCapacitiesCommand } from '@aws-sdk/client-sagemaker';
const sagemaker = new SageMakerClient({});
export const handler = async (event) => {
  await sagemaker.send(new UpdateEndpointWeightsAndCapacitiesCommand({
    EndpointName: process.env.ENDPOINT,
    DesiredWeightsAndCapacities: [{ VariantName: 'stable', DesiredWeight: 1 }, { VariantName: 'candidate', DesiredWeight: 0 }],
  }));
  return { rolledBack: event.alarmData?.alarmName };
};
`;

/** The alarm on the variant that is tried, which both peers go by; the function only where it is asked for. Returns the assembly's directory. */
export function synthesizePeer(variantName: string, withFunction: boolean, directory: string): string {
  const app = new App({ outdir: path.join(directory, `peer-${variantName}`) });
  const stack = new Stack(app, 'peer', { env: { account: '123456789012', region: 'eu-west-1' } });
  const role = new iam.Role(stack, 'Model', { roleName: MODEL_ROLE, assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
  const alarm = new cloudwatch.Alarm(stack, 'Errors', {
    alarmName: ALARM,
    metric: new cloudwatch.Metric({
      namespace: 'AWS/SageMaker',
      metricName: 'Invocation5XXErrors',
      dimensionsMap: { EndpointName: ENDPOINT, VariantName: variantName },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }),
    threshold: 3,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  if (withFunction) {
    const handler = createFunction(stack, directory);
    handler.addPermission('Alarm', {
      principal: new iam.ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceArn: alarm.alarmArn,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: handler.functionArn }) });
  }
  return app.synth().directory;
}

function createFunction(stack: Stack, directory: string): lambda.Function {
  const asset = path.join(directory, 'peer-function');
  mkdirSync(asset, { recursive: true });
  buildSync({
    stdin: { contents: HANDLER, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    outfile: path.join(asset, 'index.js'),
  });
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(asset),
    timeout: Duration.seconds(30),
    environment: { ENDPOINT },
  });
  handler.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['sagemaker:UpdateEndpointWeightsAndCapacities'],
      resources: [`arn:aws:sagemaker:eu-west-1:123456789012:endpoint/${ENDPOINT}`],
    }),
  );
  return handler;
}
