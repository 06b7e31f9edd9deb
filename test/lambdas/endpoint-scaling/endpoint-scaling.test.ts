import '../quiet';
import { answerScaling } from '../../../lambdas/endpoint-scaling/answer';
import type { EndpointParts } from '../../../lambdas/endpoint-scaling/hold';
import { fakeResponseUrl, type Put } from '../response-url';
import { FakeScaling } from './fake-scaling';

interface World {
  fake: FakeScaling;
  parts: EndpointParts;
  statuses: string[];
  slept: number[];
  puts: Put[];
}

function world(statuses: string[] = ['InService'], configName = 'new'): World {
  const fake = new FakeScaling();
  const slept: number[] = [];
  let now = 0;
  const parts: EndpointParts = {
    ...fake.parts,
    describeEndpoint: () =>
      Promise.resolve(statuses.length === 0 ? undefined : { status: statuses.length > 1 ? statuses.shift()! : statuses[0]!, configName }),
    now: () => now,
    sleep: (millis) => {
      slept.push(millis);
      now += millis;
      return Promise.resolve();
    },
  };
  return { fake, parts, statuses, slept, puts: fakeResponseUrl() };
}

const part = (variantName: string, instanceType = 'ml.m5.large') => ({
  wish: {
    resource: { kind: 'variant', endpointName: 'Triage', variantName },
    mode: 'real-time',
    bounds: { min: 1, max: 2 },
    schedules: [],
  },
  instanceTypes: [instanceType],
});
const properties = (config: string, ...parts: object[]) => ({
  EndpointName: 'Triage',
  EndpointConfigName: config,
  Parts: JSON.stringify(parts),
});
const request = (type: 'SluiceScaling' | 'SluiceScalingHold', kind: string, now: object, before?: object) => ({
  RequestType: kind,
  ResponseURL: 'https://cloudformation.example/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Scaling',
  PhysicalResourceId: 'Triage-Scaling',
  ResourceType: `Custom::${type}`,
  ResourceProperties: now,
  ...(before === undefined ? {} : { OldResourceProperties: before }),
});
const status = ({ puts }: World) => puts.map(({ body }) => [body['Status'], body['Reason']]);

describe('the hold', () => {
  test('deregisters a variant whose type changes or that goes, and suspends the others', async () => {
    const each = world();
    for (const name of ['a', 'b', 'c']) await answerScaling(each.parts, request('SluiceScaling', 'Create', properties('old', part(name))));
    const before = properties('old', part('a'), part('b'), part('c'));
    await answerScaling(
      each.parts,
      request('SluiceScalingHold', 'Update', properties('new', part('a'), part('b', 'ml.m5.xlarge')), before),
    );
    expect([...each.fake.targets.keys()]).toEqual(['endpoint/Triage/variant/a']);
    expect(each.fake.targets.get('endpoint/Triage/variant/a')).toMatchObject({ SuspendedState: { DynamicScalingOutSuspended: true } });
    expect(status(each).at(-1)).toEqual(['SUCCESS', 'Deregistered 2, suspended 1']);
  });

  test('waits until an instance that was just asked for stands', async () => {
    const each = world(['Updating', 'Updating', 'InService']);
    await answerScaling(each.parts, request('SluiceScalingHold', 'Update', properties('new', part('a')), properties('old', part('a'))));
    expect(each.slept).toEqual([15_000, 15_000]);
    expect(status(each)[0]?.[0]).toBe('SUCCESS');
  });

  test('fails before the handler would be cut off, and says what to do', async () => {
    const each = world(['Updating']);
    await answerScaling(each.parts, request('SluiceScalingHold', 'Update', properties('new', part('a')), properties('old', part('a'))));
    expect(status(each)).toEqual([['FAILED', 'Endpoint Triage is still Updating after 13 minutes: deploy again once it is InService.']]);
  });

  test.each([
    ['Create', undefined, 'Nothing to hold'],
    ['Update', properties('new', part('a')), 'The endpoint is not updated'],
    ['Update', { ...properties('old', part('a', 'ml.c5.large')), EndpointName: 'Other' }, 'The endpoint is not updated'],
  ])('does nothing at %s where the endpoint is not updated (%#)', async (kind, before, reason) => {
    const each = world(['Updating']);
    await answerScaling(each.parts, request('SluiceScalingHold', kind, properties('new', part('a')), before));
    expect(status(each)).toEqual([['SUCCESS', reason]]);
    expect(each.fake.changes()).toEqual([]);
  });
});

describe('the registration', () => {
  test('registers, forgets what is no longer scaled, and deregisters with the stack', async () => {
    const each = world();
    const both = properties('new', part('a'), part('b'));
    await answerScaling(each.parts, request('SluiceScaling', 'Create', both));
    expect(each.fake.targets.size).toBe(2);
    await answerScaling(each.parts, request('SluiceScaling', 'Update', properties('new', part('b')), both));
    expect([...each.fake.targets.keys()]).toEqual(['endpoint/Triage/variant/b']);
    await answerScaling(each.parts, request('SluiceScaling', 'Delete', both));
    expect(each.fake.targets.size).toBe(0);
    expect(status(each).map(([one]) => one)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  });

  test('of another endpoint is another resource', async () => {
    const each = world();
    await answerScaling(each.parts, request('SluiceScaling', 'Create', { ...properties('new', part('a')), EndpointName: 'Other' }));
    expect(each.puts[0]?.body['PhysicalResourceId']).toBe('Other-Scaling');
  });

  test.each([
    [{ ...properties('new'), Parts: 'not JSON' }, "Property Parts must be JSON, got 'not JSON'"],
    [{ ...properties('new'), Parts: '[{}]' }, 'Properties of a scaled endpoint'],
    [properties('new', { ...part('a'), wish: { ...part('a').wish, bounds: { min: 3, max: 2 } } }), 'Capacity of bounds is 3 to 2'],
  ])('answers CloudFormation also where it fails (%#)', async (given, reason) => {
    const each = world();
    await answerScaling(each.parts, request('SluiceScaling', 'Create', given));
    expect(status(each)).toEqual([['FAILED', expect.stringContaining(reason)]]);
  });
});

describe('after a change that no deploy made', () => {
  const changed = (config: string) => ({
    kind: 'changed',
    properties: { EndpointName: 'Triage', EndpointConfigName: config, Parts: [part('a')] },
  });

  test('registers what is in service as the stack wants it', async () => {
    const each = world(['InService'], 'new');
    expect(await answerScaling(each.parts, changed('new'))).toEqual({ changes: ['variant/Triage/a: registered 1 to 2'] });
  });

  test.each([
    ['a deploy is under way', ['InService'], 'next'],
    ['it is not in service', ['Updating'], 'new'],
    ['it is gone', [], 'new'],
  ])('registers nothing while %s', async (_what, statuses, config) => {
    const each = world(statuses, 'new');
    expect(await answerScaling(each.parts, changed(config))).toEqual({ changes: [] });
    expect(each.fake.changes()).toEqual([]);
  });
});

test('an event of somebody else is refused with what is allowed', async () => {
  await expect(answerScaling(world().parts, { kind: 'other' })).rejects.toThrow('Allowed: CloudFormation');
});
