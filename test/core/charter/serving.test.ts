import { toReleaseSpec } from '../../../core/charter';
import type { ServingSpec } from '../../../core/contracts';
import { releaseHash } from '../../../core/hash';
import { accepted, changed, refused, SAMPLE } from './sample';

const CANARY = changed(/ {2}existingEndpoint:.*\n/, '');
const serve = (serving: string, text = CANARY): string => changed(/^serving:.*$/m, `serving: ${serving}`, text);
const specOf = (serving: string): ServingSpec => toReleaseSpec(accepted(serve(serving)), { behaviourFiles: {} }).serving;

const COMPONENT = 'component: { memoryMb: 8192, accelerators: 1, copies: { min: 0, max: 4 } }';

describe('the serving section as a release carries it', () => {
  test('adds nothing to what a release of before says: its hash stays', () => {
    expect(releaseHash(toReleaseSpec(accepted(SAMPLE), { behaviourFiles: {} }))).toBe(
      '822fc4098513d355c507eb7d3a698eddf97de998120c212f23280af4068e4219',
    );
  });

  test.each<[string, ServingSpec]>([
    ['{ mode: serverless }', { mode: 'serverless', minInstances: 0, maxInstances: 0, serverless: { memoryMib: 2048, maxConcurrency: 20 } }],
    [
      '{ mode: serverless, serverless: { memoryMb: 4096, maxConcurrency: 50, provisionedConcurrency: 5 } }',
      {
        mode: 'serverless',
        minInstances: 0,
        maxInstances: 0,
        serverless: { memoryMib: 4096, maxConcurrency: 50, provisionedConcurrency: 5 },
      },
    ],
    [
      '{ mode: async, instance: ml.g5.xlarge, instances: { min: 0, max: 3 }, async: { concurrentPerInstance: 4 }, scaling: { target: 5 } }',
      { mode: 'async', instanceType: 'ml.g5.xlarge', minInstances: 0, maxInstances: 3, async: { concurrentPerInstance: 4 } },
    ],
    [
      `{ mode: inference-components, instance: ml.g5.12xlarge, instances: { min: 0, max: 2 }, ${COMPONENT} }`,
      {
        mode: 'inference-components',
        instanceType: 'ml.g5.12xlarge',
        minInstances: 0,
        maxInstances: 2,
        component: { memoryMib: 8192, accelerators: 1, minCopies: 0, maxCopies: 4 },
      },
    ],
    [
      '{ pools: [ml.g5.xlarge, ml.g4dn.xlarge], timeouts: { download: 10m, startup: 20m, provision: 30m }, routing: least-outstanding, networkIsolation: true }',
      {
        mode: 'real-time',
        instanceType: 'ml.g5.xlarge',
        instancePools: ['ml.g5.xlarge', 'ml.g4dn.xlarge'],
        minInstances: 1,
        maxInstances: 1,
        downloadTimeoutSeconds: 600,
        startupTimeoutSeconds: 1200,
        provisionTimeoutSeconds: 1800,
        routing: 'least-outstanding',
        networkIsolation: true,
      },
    ],
    [
      '{ instance: ml.m5.large, volumeGb: 100, networkIsolation: false, capture: { sampling: 0.5, json: [application/jsonlines] } }',
      {
        mode: 'real-time',
        instanceType: 'ml.m5.large',
        minInstances: 1,
        maxInstances: 1,
        volumeGib: 100,
        capture: { samplingShare: 0.5, jsonContentTypes: ['application/jsonlines'], csvContentTypes: ['text/csv'] },
      },
    ],
  ])('%s', (serving, expected) => {
    expect(specOf(serving)).toEqual(expected);
  });

  test('leaves policy out of the hash: scaling, hours and batch change no release', () => {
    const plain = '{ instance: ml.m5.large, instances: { min: 1, max: 4 } }';
    const policy =
      '{ instance: ml.m5.large, instances: { min: 1, max: 4 }, scaling: { target: 100 }, idle: { after: 1h }, timeToLive: 30d, batch: { schedule: rate(1 day), input: s3://some-bucket/in, output: s3://some-bucket/out } }';
    expect(specOf(policy)).toEqual(specOf(plain));
  });
});

describe('what does not go together is refused, with what to do', () => {
  test.each<[string, string, RegExp]>([
    ['{ mode: serverless, instance: ml.g5.xlarge }', 'serving.instance', /no instance where the mode is serverless .*memoryMb/],
    ['{ mode: serverless, pools: [ml.g5.xlarge, ml.m5.large] }', 'serving.pools', /real-time/],
    ['{ mode: serverless, capture: {} }', 'serving.capture', /captures no data of serverless/],
    ['{ mode: serverless, volumeGb: 10 }', 'serving.volumeGb', /no volumes/],
    ['{ mode: serverless, networkIsolation: true }', 'serving.networkIsolation', /isolates no serverless/],
    ['{ mode: serverless, scaling: { target: 1 } }', 'serving.scaling', /maxConcurrency/],
    ['{ mode: serverless, streaming: true }', 'serving.streaming', /no streaming/],
    ['{ mode: serverless, serverless: { memoryMb: 3000 } }', 'serving.serverless.memoryMb', /1024, 2048, 3072/],
    [
      '{ mode: serverless, serverless: { memoryMb: 2048, maxConcurrency: 2, provisionedConcurrency: 3 } }',
      'serving.serverless.provisionedConcurrency',
      /at most 2/,
    ],
    ['{ instance: ml.m5.large, serverless: { memoryMb: 2048 } }', 'serving.serverless', /the mode serverless/],
    ['{ mode: async }', 'serving.instance', /ml\.g5\.xlarge/],
    ['{ mode: async, instance: ml.m5.large, routing: random }', 'serving.routing', /queue/],
    ['{ mode: async, instance: ml.m5.large, scaling: { on: invocations, target: 5 } }', 'serving.scaling.on', /^backlog$/],
    [
      '{ mode: async, instance: ml.m5.large, officeHours: { from: "08:00", to: "18:00" } }',
      'serving.officeHours.outside',
      /^outside: min .*instances\.min: 0 with scaling/,
    ],
    ['{ mode: async, instance: ml.m5.large, idle: { after: 1h, then: off } }', 'serving.idle.then', /^then: notify .*would be lost/],
    ['{ instance: ml.m5.large, idle: { after: 9m } }', 'serving.idle.after', /from 10m to 90d/],
    ['{ instance: ml.m5.large, timeToLive: 91d }', 'serving.timeToLive', /from 10m to 90d/],
    ['{ mode: async, instance: ml.m5.large, timeToLive: 30d }', 'serving.timeToLive', /^no timeToLive .*would be lost/],
    ['{ mode: inference-components, instance: ml.g5.xlarge }', 'serving.component', /what one copy of the model takes/],
    [
      '{ mode: inference-components, instance: ml.g5.xlarge, instances: { min: 0, max: 1 }, component: { memoryMb: 1024, copies: { min: 1, max: 1 } } }',
      'serving.instances.min',
      /copies need an instance/,
    ],
    [
      '{ mode: inference-components, instance: ml.g5.xlarge, component: { memoryMb: 1024, accelerators: 8, copies: { min: 1, max: 1 } } }',
      'serving.component.accelerators',
      /ml\.g5\.xlarge has 1; ask for less/,
    ],
    [
      '{ mode: inference-components, instance: ml.g5.xlarge, component: { memoryMb: 1024, copies: { min: 3, max: 1 } } }',
      'serving.component.copies.max',
      /at least 3/,
    ],
    [`{ mode: inference-components, instance: ml.g5.12xlarge, ${COMPONENT}, capture: {} }`, 'serving.capture', /full disk/],
    ['{ instance: ml.m5.large, pools: [ml.m5.large, ml.m5.xlarge] }', 'serving.pools', /instance, or pools/],
    ['{ pools: [ml.m5.large, ml.m5.large] }', 'serving.pools', /once/],
    ['{ instance: ml.m5.large, instances: { min: 0, max: 1 } }', 'serving.instances.min', /only asynchronous/],
    ['{ instance: ml.g5.xlarge, volumeGb: 100 }', 'serving.instance', /leave the volume out/],
    ['{ instance: ml.m5.large, volumeGb: 1000 }', 'serving.volumeGb', /1 to 512/],
    ['{ instance: ml.m5.large, scaling: { on: backlog, target: 5 } }', 'serving.scaling.on', /invocations or concurrency/],
    [
      '{ instance: ml.m5.large, instances: { min: 1, max: 2 }, scaling: { target: 5, schedules: [{ name: day, from: "08:00", to: "18:00", instances: { min: 0, max: 3 } }] } }',
      'serving.scaling.schedules[0].instances.min',
      /at least 1/,
    ],
    [
      '{ instance: ml.m5.large, instances: { min: 1, max: 2 }, scaling: { target: 5, schedules: [{ name: day, from: "08:00", to: "18:00", instances: { min: 1, max: 3 } }] } }',
      'serving.scaling.schedules[0].instances.max',
      /at most 2/,
    ],
    [
      '{ mode: serverless, batch: { schedule: rate(1 day), input: s3://abc/in, output: s3://abc/out } }',
      'serving.batch.instance',
      /ml\.m5/,
    ],
  ])('%s', (serving, path, allowed) => {
    const problem = refused(serve(serving)).find((one) => one.path === path);
    expect(problem?.allowed).toMatch(allowed);
  });

  test('one mistake is told once', () => {
    expect(refused(serve('{ mode: serverless, instance: ml.g5.xlarge, routing: random }')).map(({ path }) => path)).toEqual([
      'serving.instance',
      'serving.routing',
    ]);
  });

  const SERVERLESS = serve('{ mode: serverless }');

  test.each([
    ['{ strategy: [shadow, canary] }', /no shadow: SageMaker has no shadow variants/],
    ['{ strategy: blue-green }', /do not support serverless/],
  ])('serverless with %s', (rollout, allowed) => {
    const text = changed(/^rollout:\n( {2}.*\n)*/m, `rollout: ${rollout}\n`, SERVERLESS);
    expect(refused(text).find(({ path }) => path === 'serving.mode')?.allowed).toMatch(allowed);
  });

  test.each(['canary', 'linear', 'all-at-once'])('every mode goes with %s', (strategy) => {
    const text = changed(/^rollout:\n( {2}.*\n)*/m, `rollout: { strategy: ${strategy} }\n`, SERVERLESS);
    expect(accepted(text).serving.mode).toBe('serverless');
  });

  test('blue-green and asynchronous endpoints: each release has its own', () => {
    const text = changed(/^rollout:\n( {2}.*\n)*/m, 'rollout: { strategy: blue-green }\n', serve('{ mode: async, instance: ml.m5.large }'));
    expect(refused(text)[0]?.allowed).toMatch(/canary, linear and all-at-once/);
  });

  test('an adopted endpoint is real-time', () => {
    const [problem] = refused(changed(/^serving:.*$/m, 'serving: { mode: serverless }'));
    expect(problem).toMatchObject({ path: 'platform.existingEndpoint', allowed: expect.stringMatching(/endpoint of its own/) as string });
  });

  test('no serverless container runs in a VPC', () => {
    const text = changed(/^platform:.*$/m, 'platform:\n  vpc: { subnets: [subnet-0abc1234], securityGroups: [sg-0abc1234] }', SERVERLESS);
    expect(refused(text)[0]).toMatchObject({ path: 'platform.vpc' });
  });

  test('gates that send requests do not wait for queued answers', () => {
    const async = serve('{ mode: async, instance: ml.m5.large }');
    const gates = '\ngates: [{ name: load, load: { data: x.jsonl, requestsPerMinute: 600 } }]\n';
    expect(refused(async + gates)[0]).toMatchObject({ path: 'gates[0]' });
  });
});

describe('a profile', () => {
  test('of the mode async leaves the time to live behind, and says itself what idleness does', () => {
    const given = serve('{ instance: ml.m5.large, timeToLive: 30d, idle: { after: 1h, then: off } }');
    const profile = (more: string): string => `${given}\nprofiles: { night: { serving: { mode: async, instance: ml.m5.large${more} } } }\n`;
    expect(refused(profile(''), { profile: 'night' }).map(({ path }) => path)).toEqual(['serving.idle.then']);
    const { serving } = accepted(profile(', idle: { after: 1h }'), { profile: 'night' });
    expect(serving).toMatchObject({ mode: 'async', idle: { then: 'notify' } });
    expect(serving).not.toHaveProperty('timeToLive');
  });

  const profiles = '\nprofiles: { dev: { serving: { mode: serverless, serverless: { memoryMb: 2048 } } } }\n';

  test('may serve in another mode: what belongs to the old one stays behind', () => {
    const { serving } = accepted(CANARY + profiles, { profile: 'dev' });
    expect(serving).toEqual({ mode: 'serverless', instances: { min: 1, max: 1 }, serverless: { memoryMb: 2048, maxConcurrency: 20 } });
  });

  test('may take over in another way', () => {
    const text = changed(/^rollout:\n( {2}.*\n)*/m, 'rollout: { strategy: blue-green, blueGreen: { wait: 5m } }\n', CANARY);
    const other = `${text}\nprofiles: { dev: { serving: { mode: serverless }, rollout: { strategy: all-at-once } } }\n`;
    expect(accepted(other, { profile: 'dev' }).rollout.strategies).toEqual(['all-at-once']);
  });
});

describe('secrets of the model', () => {
  const secrets = (text: string): string => changed("package: 'arn", `${text}, package: 'arn`);

  test('stand under names of environment variables', () => {
    expect(accepted(secrets('secrets: { HUB_TOKEN: models/hub-token }')).release.model.secrets).toEqual({ HUB_TOKEN: 'models/hub-token' });
  });

  test.each([
    ['secrets: { SLUICE_TOKEN: models/hub-token }', 'release.model.secrets.SLUICE_TOKEN'],
    ['environment: { TOKEN: x }, secrets: { TOKEN: models/hub-token }', 'release.model.secrets.TOKEN'],
  ])('%s is refused', (text, path) => {
    expect(refused(secrets(text)).map((problem) => problem.path)).toEqual([path]);
  });
});
