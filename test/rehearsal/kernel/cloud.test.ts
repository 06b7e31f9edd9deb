import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AwsError, Caller, Fault, ServiceDouble } from '../../../rehearsal/cloud/types';
import { UnsupportedError } from '../../../rehearsal/cloud/types';
import { Sandbox } from '../../../rehearsal/kernel/sandbox/sandbox';
import { bundleHandler } from '../support/bundle';
import { createTestCloud, sdkClient, startMillis } from '../support/harness';

const world: Caller = { kind: 'world', principalArn: 'ann' };
const parameterArn = 'arn:aws:ssm:eu-west-1:123456789012:parameter/p';

function ssm(run: ServiceDouble['operations'][string]['run'] = () => ({ Parameter: { Name: 'p', Value: 'v' } })): ServiceDouble {
  return {
    service: 'ssm',
    operations: {
      GetParameter: { permissions: () => [{ action: 'ssm:GetParameter', resource: parameterArn }], run, latencyMillis: () => 20 },
    },
  };
}

const fault = (error: string, times?: number): Fault => ({
  fromMillis: startMillis,
  untilMillis: startMillis + 60_000,
  service: 'ssm',
  operation: 'GetParameter',
  error,
  ...(times === undefined ? {} : { times }),
});

describe('LaptopCloud', () => {
  it('answers after the operation’s latency', async () => {
    const { cloud, clock, run } = createTestCloud(() => [ssm()]);
    await expect(run(() => cloud.call('ssm', 'GetParameter', { Name: 'p' }, world))).resolves.toMatchObject({ Parameter: { Value: 'v' } });
    expect(clock.now()).toBe(startMillis + 20);
  });

  it('checks the request before anything else, and the answer of the double', async () => {
    const { cloud, run } = createTestCloud(() => [ssm(() => ({ Parameter: { Nmae: 'p' } }))], { faults: [fault('ThrottlingException')] });
    await expect(run(() => cloud.call('ssm', 'GetParameter', {}, world))).rejects.toMatchObject({ code: 'ValidationException' });
    await run(() => cloud.clock.sleep(60_000));
    await expect(run(() => cloud.call('ssm', 'GetParameter', { Name: 'p' }, world))).rejects.toThrow(
      /double of ssm answered GetParameter.*Parameter\.Nmae/,
    );
  });

  it('strikes as often as the scenario says', async () => {
    const { cloud, run } = createTestCloud(() => [ssm()], { faults: [fault('ThrottlingException', 2)] });
    const outcomes = [];
    for (let turn = 0; turn < 3; turn += 1) {
      outcomes.push(
        await run(() =>
          cloud.call('ssm', 'GetParameter', { Name: 'p' }, world).then(
            () => 'ok',
            (error: AwsError) => error.code,
          ),
        ),
      );
    }
    expect(outcomes).toEqual(['ThrottlingException', 'ThrottlingException', 'ok']);
  });

  it('asks IAM with the resource’s own policy', async () => {
    const { cloud, run } = createTestCloud(() => [ssm()]);
    const roleArn = 'arn:aws:iam::123456789012:role/r';
    cloud.iam.putRole({ arn: roleArn, name: 'r', trust: { Statement: [] } });
    const client = sdkClient(cloud, SSMClient, roleArn);
    const get = () => run(() => client.send(new GetParameterCommand({ Name: 'p' })));
    await expect(get()).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
    cloud.iam.putRolePolicy(roleArn, 'p', { Statement: { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: parameterArn } });
    await expect(get()).resolves.toMatchObject({ Parameter: { Value: 'v' } });
  });

  it.each([
    ['a service', 'kinesis', 'PutRecord', /no service "kinesis"/],
    ['an operation', 'ssm', 'PutParameter', /ssm does not have the operation PutParameter. It has: GetParameter/],
  ])('stops at %s that it does not have, whoever catches the error', async (_what, service, operation, message) => {
    const { cloud, run } = createTestCloud(() => [ssm()]);
    const caught = () => cloud.call(service, operation, {}, world).catch(() => cloud.clock.sleep(1000));
    await expect(run(caught)).rejects.toThrow(message);
    expect(cloud.log).toMatchObject([{ source: 'rehearsal', event: 'unsupported' }]);
  });

  it('knows when work is under way', () => {
    const { cloud } = createTestCloud(() => []);
    const [one, other] = [cloud.begin('one'), cloud.begin('other')];
    one();
    one();
    expect(cloud.idle()).toBe(false);
    expect(cloud.workUnderWay()).toEqual(['other']);
    other();
    expect(cloud.idle()).toBe(true);
  });
});

describe('SDK clients in a sandbox under faults', () => {
  const asset = bundleHandler(`
    import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
    const ssm = new SSMClient({});
    export const handler = async () => {
      try { return { value: (await ssm.send(new GetParameterCommand({ Name: 'p' }))).Parameter.Value, at: performance.now() }; }
      catch (error) { return { name: error.name, attempts: error.$metadata.attempts, status: error.$metadata.httpStatusCode }; }
    };`);

  async function outcome(faults: Fault[]): Promise<unknown> {
    const { cloud, clock, run } = createTestCloud(() => [ssm()], { faults });
    const { accessKeyId, secretAccessKey } = cloud.credentials.issue(world);
    const sandbox = new Sandbox({
      name: 'handler',
      assetDirectory: asset,
      env: { AWS_REGION: cloud.region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      clock,
      random: cloud.random.fork('handler'),
      transport: (request) => cloud.answerHttp(request),
      print: () => undefined,
      crash: (error) => {
        throw error;
      },
      unsupported: (what) => new UnsupportedError(what),
    });
    return run(async () => (sandbox.load('index')['handler'] as () => Promise<unknown>)());
  }

  it('tries throttling and server errors again, on virtual time', async () => {
    expect(await outcome([fault('ThrottlingException', 2)])).toMatchObject({ value: 'v' });
    expect(await outcome([fault('InternalServerError', 1)])).toMatchObject({ value: 'v' });
    expect(await outcome([fault('InternalServerError')])).toEqual({ name: 'InternalServerError', attempts: 3, status: 500 });
  });

  it('tries a broken connection again', async () => {
    expect(await outcome([fault('ECONNRESET', 1)])).toMatchObject({ value: 'v' });
  });

  it('does not try a refusal again', async () => {
    expect(await outcome([fault('ParameterNotFound')])).toEqual({ name: 'ParameterNotFound', attempts: 1, status: 400 });
  });
});

describe('a handler that sends elsewhere', () => {
  const asset = bundleHandler(`
    import https from 'node:https';
    const get = (url) => new Promise((resolve, reject) => https.get(url, resolve).on('error', reject));
    export const handler = async (url) => { try { await get(url); return 'answered'; } catch { return 'caught'; } };`);

  it.each([
    [
      'https://example.com/a?b=1',
      /A handler sent GET https:\/\/example\.com\/a, which is neither an AWS service .* Nothing leaves the laptop/,
    ],
    ['https://kinesis.eu-west-1.amazonaws.com/', /neither an AWS service that the laptop cloud has/],
    ['https://ssm.us-west-2.amazonaws.com/', /the rehearsal runs in the region eu-west-1 alone/],
    ['https://127.0.0.1:8443/', /A handler sent GET https:\/\/127\.0\.0\.1:8443\//],
  ])('%s stops the rehearsal, though the handler catches', async (url, message) => {
    const { cloud, clock, run } = createTestCloud(() => [ssm()]);
    const sandbox = new Sandbox({
      name: 'handler',
      assetDirectory: asset,
      env: {},
      clock,
      random: cloud.random.fork('handler'),
      transport: (request) => cloud.answerHttp(request),
      print: () => undefined,
      crash: (error) => {
        throw error;
      },
      unsupported: (what) => new UnsupportedError(what),
    });
    await expect(run(async () => (sandbox.load('index')['handler'] as (url: string) => Promise<string>)(url))).rejects.toThrow(message);
    expect(cloud.log).toMatchObject([{ source: 'rehearsal', event: 'unsupported' }]);
  });
});
