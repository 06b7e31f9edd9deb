import { CfnCustomResource, CustomResource, LegacyStackSynthesizer, NestedStack, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { constructsOf } from '../../../rehearsal/assembly/constructs';
import { loadAssembly } from '../../../rehearsal/assembly/load';
import { folder } from '../kernel/sandbox/folder';
import { rehearse, synthesize } from './synthesized';

const handlerFolder = (): string => folder({ 'index.js': `exports.handler = async () => 'from the asset';` });

test('assets of the legacy synthesizer are found by the parameters that name them', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Legacy', { synthesizer: new LegacyStackSynthesizer() });
      new LambdaFunction(stack, 'Handler', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromAsset(handlerFolder()),
      });
    }),
  );
  await rehearsed.deploy();
  expect((await rehearsed.invoke('Handler')).result).toBe('from the asset');
});

test('construct paths are known where the templates do not name them', async () => {
  const directory = synthesize(
    (app) => {
      const stack = new Stack(app, 'Plain');
      new StringParameter(stack, 'Parameter', { stringValue: 'x' });
      new StringParameter(new NestedStack(stack, 'Nested'), 'Inner', { parameterName: 'inner', stringValue: 'x' });
    },
    { 'aws:cdk:enable-path-metadata': false },
  );
  const [stack] = loadAssembly(directory);
  expect(constructsOf([stack!]).map(({ constructPath }) => constructPath)).toContain('Plain/Nested/Inner');
  const rehearsed = rehearse(directory);
  await rehearsed.deploy();
  expect(rehearsed.ref('Plain/Nested/Inner')).toBe('inner');
  const metadata = Object.values(stack!.template.Resources).map(({ Metadata }) => Metadata?.['aws:cdk:path']);
  expect(metadata[0]).toBe('Plain/Parameter/Resource');
});

test('container images and custom resources of topics are named; files that are no assembly are refused', () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Images');
      new DockerImageAsset(stack, 'Image', { directory: folder({ Dockerfile: 'FROM scratch' }) });
      new Asset(stack, 'File', { path: handlerFolder() });
      new CfnCustomResource(stack, 'Told', { serviceToken: 'arn:aws:sns:eu-west-1:123456789012:topic' });
    }),
  );
  expect(() => rehearsed.app.refuseUnsupported(rehearsed.stacks)).toThrow(
    /a container image that the CDK builds: stack Images \(asset\.[0-9a-f]+\)\n.*whose ServiceToken is no function \(arn:aws:sns:eu-west-1:123456789012:topic\): Images\/Told/,
  );
  expect(() => loadAssembly(folder({}))).toThrow(/is no cloud assembly: it has no manifest.json. Run cdk synth first./);
});

test('a custom resource that answers an update with another id was replaced: the old one is deleted when the stack is done', async () => {
  const build = (colour: string) =>
    synthesize((app) => {
      const stack = new Stack(app, 'Replaced');
      const handler = new LambdaFunction(stack, 'Handler', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline(`
          exports.handler = async ({ StackId, RequestId, LogicalResourceId, ResponseURL, RequestType, PhysicalResourceId, ResourceProperties }) => {
            console.log(RequestType + ' ' + (PhysicalResourceId ?? 'new'));
            const body = { Status: 'SUCCESS', PhysicalResourceId: ResourceProperties.colour, StackId, RequestId, LogicalResourceId };
            await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
          };`),
      });
      new CustomResource(stack, 'Thing', { serviceToken: handler.functionArn, properties: { colour } });
    });
  const rehearsed = rehearse(build('red'));
  const lines: string[] = [];
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string): void };
  cloudwatch.ingestLogLine = (line) => void lines.push(line);
  await rehearsed.deploy();
  await rehearsed.run(() => rehearsed.app.deploy(rehearse(build('blue')).stacks));
  expect(lines).toEqual(['Create new', 'Update red', 'Delete red']);
  await rehearsed.run(() => rehearsed.app.destroy());
  expect(lines.at(-1)).toBe('Delete blue');
});

test('what a custom resource made before it failed is deleted with the stack', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Failing');
      const handler = new LambdaFunction(stack, 'Handler', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline(`
          exports.handler = async ({ StackId, RequestId, LogicalResourceId, ResponseURL, RequestType, PhysicalResourceId }) => {
            console.log(RequestType + ' ' + (PhysicalResourceId ?? 'new'));
            const Status = RequestType === 'Create' ? 'FAILED' : 'SUCCESS';
            const body = { Status, Reason: 'half done', PhysicalResourceId: 'half', StackId, RequestId, LogicalResourceId };
            await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
          };`),
      });
      new CustomResource(stack, 'Thing', { serviceToken: handler.functionArn });
    }),
  );
  const lines: string[] = [];
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string): void };
  cloudwatch.ingestLogLine = (line) => void lines.push(line);
  await expect(rehearsed.deploy()).rejects.toThrow('Thing: half done');
  expect(lines).toEqual(['Create new', 'Delete half']);
  expect(rehearsed.app.resources()).toEqual([]);
});

test('the same seed gives the same run, to the byte', async () => {
  const directory = synthesize((app) => {
    const stack = new Stack(app, 'Same');
    const handler = new LambdaFunction(stack, 'Handler', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(`
        const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm');
        exports.handler = async (event) => {
          const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: 'stored' }));
          if (event.fail) throw new Error(Parameter.Value + ' ' + Math.random() + ' ' + require('crypto').randomUUID());
          return [Parameter, Date.now(), Math.random()];
        };`),
    });
    new StringParameter(stack, 'Stored', { parameterName: 'stored', stringValue: 'x' }).grantRead(handler);
  });
  const once = async (seed: number): Promise<string> => {
    const rehearsed = rehearse(directory, { seed });
    await rehearsed.deploy();
    const answers = [await rehearsed.invoke('Handler'), await rehearsed.invoke('Handler', { fail: true })];
    await rehearsed.run(() => rehearsed.app.destroy());
    return JSON.stringify([answers, rehearsed.cloud.log]);
  };
  const first = await once(1);
  expect(await once(1)).toBe(first);
  expect(await once(2)).not.toBe(first);
});

test.each<[string, (stack: Stack) => unknown, RegExp]>([
  [
    'function',
    (stack) =>
      new LambdaFunction(stack, 'X', {
        functionName: 'same',
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('x'),
      }),
    /Function already exist: same/,
  ],
  ['topic', (stack) => new Topic(stack, 'X', { topicName: 'same' }), /Topic already exists: same/],
  ['queue', (stack) => new Queue(stack, 'X', { queueName: 'same' }), /A queue already exists with the same name: same/],
  [
    'rule',
    (stack) => new Rule(stack, 'X', { ruleName: 'same', eventPattern: { source: ['x'] } }),
    /Rule same already exists on event bus default/,
  ],
  ['event bus', (stack) => new EventBus(stack, 'X', { eventBusName: 'same' }), /Event bus same already exists/],
])('a %s of the name of another is not made', async (_, make, message) => {
  const rehearsed = rehearse(
    synthesize((app) => {
      make(new Stack(app, 'First'));
      make(new Stack(app, 'Second'));
    }),
  );
  await expect(rehearsed.deploy()).rejects.toThrow(message);
  expect(rehearsed.app.resources().map(({ stackName }) => stackName)).not.toContain('Second');
});
