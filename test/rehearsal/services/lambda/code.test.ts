import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Code, Function as LambdaFunction, LayerVersion, Runtime, type FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { strToU8, zipSync } from 'fflate';
import type { Lambda } from '../../../../rehearsal/services/lambda';
import { codeOf, removeUnpackedCode } from '../../../../rehearsal/services/lambda/code';
import { unzip } from '../../../../rehearsal/services/lambda/unzip';
import { folder } from '../../kernel/sandbox/folder';
import { rehearse, synthesize, type Rehearsed } from '../../assembly/synthesized';

/** An app with one function, deployed. */
async function deployed(
  code: Code,
  props: Partial<FunctionProps> = {},
  more?: (stack: Stack, handler: LambdaFunction) => void,
): Promise<Rehearsed> {
  const rehearsed = assembled(code, props, more);
  await rehearsed.deploy();
  return rehearsed;
}

const assembled = (code: Code, props: Partial<FunctionProps> = {}, more?: (stack: Stack, handler: LambdaFunction) => void): Rehearsed =>
  rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Code');
      const handler = new LambdaFunction(stack, 'Handler', {
        runtime: Runtime.NODEJS_20_X,
        handler: 'index.handler',
        code,
        timeout: Duration.seconds(60),
        ...props,
      });
      more?.(stack, handler);
    }),
  );

const refusal = (rehearsed: Rehearsed): string => {
  try {
    rehearsed.app.refuseUnsupported(rehearsed.stacks);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test('an asset brings packages of its own, as CommonJS, by main and by exports', async () => {
  const directory = folder({
    'src/app.js': `const { shout } = require('loud'); const deep = require('scoped/deep'); const data = require('../data'); exports.api = { handler: async (event) => [shout(event.name), deep, data.x, require('#inner'), require.resolve('loud').endsWith('main.js')] };`,
    'data.json': '{"x":1}',
    'inner.cjs': `module.exports = 'inner';`,
    'package.json': JSON.stringify({ name: 'app', imports: { '#inner': './inner.cjs' } }),
    'node_modules/loud/package.json': JSON.stringify({ main: './lib/main' }),
    'node_modules/loud/lib/main.js': `exports.shout = (text) => require('./upper')(text) + '!';`,
    'node_modules/loud/lib/upper.js': `module.exports = (text) => text.toUpperCase();`,
    'node_modules/scoped/package.json': JSON.stringify({ exports: { './*': { import: './no.mjs', require: './dist/*.cjs' } } }),
    'node_modules/scoped/dist/deep.cjs': `module.exports = 'deep';`,
  });
  const rehearsed = await deployed(Code.fromAsset(directory), { handler: 'src/app.api.handler' });
  expect((await rehearsed.invoke('Handler', { name: 'ada' })).result).toEqual(['ADA!', 'deep', 1, 'inner', true]);
});

test.each<[string, string, unknown]>([
  ['a callback', `exports.handler = (event, context, callback) => setTimeout(() => callback(null, event.n + 1), 500);`, 2],
  ['a callback with an error', `exports.handler = (event, context, callback) => callback(new TypeError('no'));`, 'TypeError'],
  ['a promise', `exports.handler = async ({ n }) => n + 1;`, 2],
  ['succeed of the context', `exports.handler = (event, context) => { setImmediate(() => context.succeed('done')); };`, 'done'],
  ['nothing but what it returns, which is lost', `exports.handler = () => 'lost';`, null],
])('before nodejs24.x a handler may answer by %s', async (_, source, expected) => {
  const { result } = await (await deployed(Code.fromInline(source))).invoke('Handler', { n: 1 });
  expect((result as { errorType?: string } | null)?.errorType ?? result).toEqual(expected);
});

test('code may have names of its own for globals, and see what its file is', async () => {
  const source = `const process = { mine: true }; class EventSource {} const fetch = 1; var module2 = module;
    exports.handler = async () => [process.mine, typeof EventSource, fetch, typeof Date.now(), module2.exports === exports, this === undefined];`;
  expect((await (await deployed(Code.fromInline(source))).invoke('Handler')).result).toEqual([true, 'function', 1, 'number', true, false]);
});

test('import() of packages and of Node modules works in CommonJS', async () => {
  const directory = folder({
    'index.js': `exports.handler = async () => { const fs = await import('node:path'); const { default: mine, named } = await import('mine'); return [fs.basename('/a/b'), mine.named, named]; };`,
    'node_modules/mine/index.js': `exports.named = 7;`,
  });
  expect((await (await deployed(Code.fromAsset(directory))).invoke('Handler')).result).toEqual(['b', 7, 7]);
});

test('what fails before the handler is there is named as by Lambda', async () => {
  const missing = await deployed(Code.fromInline(`require('left-pad'); exports.handler = async () => 1;`));
  expect((await missing.invoke('Handler')).result).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  const broken = await deployed(Code.fromInline(`exports.handler = async () => {`));
  expect((await broken.invoke('Handler')).result).toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError' });
  const other = await deployed(Code.fromInline(`exports.other = 1;`));
  expect((await other.invoke('Handler')).result).toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
});

test('a layer brings packages', async () => {
  const layer = folder({ 'nodejs/node_modules/shared/index.js': `exports.value = 'from the layer';` });
  const code = Code.fromInline(`exports.handler = async () => require('shared').value;`);
  const rehearsed = await deployed(code, {}, (stack, handler) =>
    handler.addLayers(new LayerVersion(stack, 'Layer', { code: Code.fromAsset(layer), compatibleRuntimes: [Runtime.NODEJS_20_X] })),
  );
  expect((await rehearsed.invoke('Handler')).result).toBe('from the layer');
});

test('a ZIP file is code as well', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-zip-'));
  const files = { 'index.js': `exports.handler = async () => require('./lib/part').part;`, 'lib/part.js': `exports.part = 'unzipped';` };
  writeFileSync(path.join(directory, 'code.zip'), zipOf(files));
  expect((await (await deployed(Code.fromAsset(path.join(directory, 'code.zip')))).invoke('Handler')).result).toBe('unzipped');
  expect(() => unzip(Buffer.from('no archive at all, and long enough'))).toThrow(/no ZIP archive/);
  expect(() => unzip(zipOf({ '../out.js': '' }))).toThrow(/outside of itself: ..\/out.js/);
  const other = folder({ 'code.tar': 'x' });
  expect(codeOf({ S3Bucket: 'b', S3Key: 'k' }, { assetPath: () => path.join(other, 'code.tar') })).toEqual({
    problem: 'the asset code.tar as code',
  });
});

test('what cannot run is named before anything is deployed', () => {
  expect(refusal(assembled(Code.fromInline('pass'), { runtime: Runtime.PYTHON_3_13 }))).toContain('the runtime python3.13: Code/Handler');
  expect(refusal(assembled(Code.fromInline(`require('@aws-sdk/client-rekognition')`)))).toContain(
    "the package @aws-sdk/client-rekognition, neither in the function's code nor in the project (npm i -D @aws-sdk/client-rekognition): Code/Handler",
  );
  expect(refusal(assembled(Code.fromInline(`const AWS = require("aws-sdk");`), { runtime: Runtime.NODEJS_16_X }))).toContain(
    'the package aws-sdk',
  );
  expect(refusal(assembled(Code.fromInline(`const AWS = require("aws-sdk");`), { runtime: Runtime.NODEJS_22_X }))).toContain(
    "the package aws-sdk, which the function's code does not hold and nodejs22.x does not bring along: Code/Handler",
  );
  expect(refusal(assembled(Code.fromInline(`require('@aws-sdk/client-sqs')`), { runtime: Runtime.NODEJS_16_X }))).toContain(
    "the package @aws-sdk/client-sqs, which the function's code does not hold and nodejs16.x does not bring along: Code/Handler",
  );
  const bucket = assembled(Code.fromInline('x'), {}, (stack, handler) => {
    const code = Code.fromBucket(new Bucket(stack, 'Bucket'), 'code.zip').bind(stack);
    (handler.node.defaultChild as CfnFunction).code = { s3Bucket: code.s3Location?.bucketName ?? '', s3Key: 'code.zip' };
  });
  expect(refusal(bucket)).toMatch(/the code s3:.*code.zip, which is no asset of this assembly: Code\/Handler/);
  const image = assembled(Code.fromInline('x'), {}, (_stack, handler) => {
    (handler.node.defaultChild as CfnFunction).code = { imageUri: 'x.dkr.ecr/y:z' };
  });
  expect(refusal(image)).toContain('code in a container image: Code/Handler');
  const arn = 'arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsTypeScriptV2:1';
  const foreign = assembled(Code.fromInline('x'), {}, (stack, handler) =>
    handler.addLayers(LayerVersion.fromLayerVersionArn(stack, 'Foreign', arn)),
  );
  expect(refusal(foreign)).toContain(`the layer ${arn}, which no stack holds: Code/Handler`);
});

test('what stands in for a function is called in its place, with retries and errors as any function', async () => {
  const rehearsed = assembled(Code.fromInline('pass'), { runtime: Runtime.PYTHON_3_13, retryAttempts: 1 });
  const lambda = rehearsed.cloud.double<Lambda>('lambda');
  const seen: unknown[] = [];
  lambda.putStandIn('Code/Handler', (event) => {
    if ((event as { fail?: boolean }).fail === true) throw new RangeError('too much');
    return { got: event };
  });
  lambda.onInvoked((invocation) => seen.push(invocation));
  await rehearsed.deploy();
  expect((await rehearsed.invoke('Handler', { n: 1 })).result).toEqual({ got: { n: 1 } });
  const Payload = new TextEncoder().encode('{"fail":true}');
  await rehearsed.call('lambda', 'Invoke', { FunctionName: rehearsed.ref('Handler'), InvocationType: 'Event', Payload });
  await rehearsed.clock.drain(rehearsed.clock.now() + 3_600_000, () => rehearsed.cloud.idle());
  expect(seen).toMatchObject([{ constructPath: 'Code/Handler', failed: false, standIn: true }, { failed: true }, { failed: true }]);
  const dropped = rehearsed.cloud.log.filter(({ event }) => event === 'event-dropped');
  expect(dropped).toMatchObject([{ detail: { constructPath: 'Code/Handler', condition: 'RetriesExhausted' } }]);
});

test('a function that cannot run stops the rehearsal when it is called', async () => {
  const rehearsed = assembled(Code.fromInline('pass'), { runtime: Runtime.PYTHON_3_13 });
  await rehearsed.run(() => rehearsed.app.deploy(rehearsed.stacks));
  await expect(rehearsed.invoke('Handler')).rejects.toThrow(/Code\/Handler cannot run in a rehearsal: the runtime python3.13/);
});

/** The first file stored, the others deflated. */
const zipOf = (files: Record<string, string>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([name, content], index) => [name, [strToU8(content), { level: index === 0 ? 0 : 6 }]])),
  );

test('unpacked code lies in a folder of this thread alone, and is removed at the end', () => {
  const before = codeOf({ ZipFile: 'exports.handler = 1;' }, { assetPath: () => undefined }) as { directory: string };
  expect(codeOf({ ZipFile: 'exports.handler = 1;' }, { assetPath: () => undefined })).toEqual(before);
  expect(statSync(path.dirname(before.directory)).mode & 0o077).toBe(0);
  removeUnpackedCode();
  expect(existsSync(before.directory)).toBe(false);
  const after = codeOf({ ZipFile: 'exports.handler = 1;' }, { assetPath: () => undefined }) as { directory: string };
  expect(existsSync(after.directory)).toBe(true);
});

test('code sees its files in /var/task, by whatever way it asks', async () => {
  const directory = folder({
    'index.js': `exports.handler = async () => [__filename, __dirname, require.resolve('./lib/a'), require(__dirname + '/lib/a'), require('node:module').createRequire(__filename)('./lib/a'), require('fs').readFileSync(__dirname + '/lib/a.json', 'utf8'), process.env.LAMBDA_TASK_ROOT];`,
    'lib/a.json': '1',
  });
  const { result } = await (await deployed(Code.fromAsset(directory))).invoke('Handler');
  expect(result).toEqual(['/var/task/index.js', '/var/task', '/var/task/lib/a.json', 1, 1, '1', '/var/task']);
});
