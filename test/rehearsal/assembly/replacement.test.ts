import { CustomResources } from '../../../rehearsal/assembly/custom-resource';
import type { AssemblyStack } from '../../../rehearsal/assembly/load';
import { Stack } from '../../../rehearsal/assembly/stack';
import type { ResourceType } from '../../../rehearsal/cloud/types';
import { createEventBridge } from '../../../rehearsal/services/eventbridge';
import { createTestCloud } from '../support/harness';

/** A config that is replaced, and an endpoint that refers to it and refuses the colour red. */
function setUp() {
  const steps: string[] = [];
  const config: ResourceType = {
    type: 'Toy::Config',
    create: ({ colour }, context) => {
      const name = context.physicalName();
      steps.push(`create ${String(colour)}`);
      return { ref: name, attributes: { Name: name } };
    },
    update: (_properties, _previous, created) => {
      steps.push('retag');
      return created;
    },
    remove: (_created, { colour }) => void steps.push(`remove ${String(colour)}`),
    replacedOnChange: true,
  };
  const endpoint: ResourceType = {
    type: 'Toy::Endpoint',
    create: ({ config: name }) => ({ ref: 'endpoint', attributes: { config: name } }),
    update: ({ config: name, refuse }, _previous, created) => {
      steps.push(`update to ${String(name) === first ? 'first' : 'another'}`);
      if (refuse === true) throw new Error('no capacity');
      return { ...created, attributes: { config: name } };
    },
    remove: () => void steps.push('remove endpoint'),
  };
  let first = '';
  const { cloud, run } = createTestCloud((made) => [createEventBridge(made)]);
  const stack = new Stack(cloud, 'toy', [config, endpoint], new CustomResources(cloud));
  const deploy = (colour: string, rest: { refuse?: boolean; Tags?: unknown } = {}): Promise<void> => {
    const { refuse, Tags } = rest;
    const assembled: AssemblyStack = {
      name: 'toy',
      template: {
        Resources: {
          Config: { Type: 'Toy::Config', Properties: { colour, ...(Tags === undefined ? {} : { Tags }) } },
          Endpoint: {
            Type: 'Toy::Endpoint',
            Properties: { config: { 'Fn::GetAtt': ['Config', 'Name'] }, ...(refuse === true ? { refuse } : {}) },
          },
        },
        Outputs: { Config: { Value: { 'Fn::GetAtt': ['Config', 'Name'] } } },
      },
      assets: new Map(),
      files: [],
    };
    return run(async () => {
      await stack.deploy(assembled);
      first = first === '' ? stack.outputs['Config']! : first;
    });
  };
  return { steps, stack, deploy, run };
}

test('a replaced resource is made before its users are updated, and the old one goes last', async () => {
  const { steps, stack, deploy, run } = setUp();
  await deploy('blue');
  const blue = stack.outputs['Config'];
  await deploy('green');
  expect(steps).toEqual(['create blue', 'create green', 'update to another', 'remove blue']);
  expect(stack.outputs['Config']).not.toBe(blue);
  await run(() => stack.destroy());
  expect(steps.slice(4)).toEqual(['remove endpoint', 'remove green']);
});

test('tags alone replace nothing', async () => {
  const { steps, stack, deploy } = setUp();
  await deploy('blue');
  const blue = stack.outputs['Config'];
  await deploy('blue', { Tags: [{ Key: 'a', Value: 'b' }] });
  expect(steps).toEqual(['create blue', 'retag']);
  expect(stack.outputs['Config']).toBe(blue);
});

test('an update that fails takes the old resource back and deletes the new one', async () => {
  const { steps, stack, deploy } = setUp();
  await deploy('blue');
  const blue = stack.outputs['Config'];
  await expect(deploy('red', { refuse: true })).rejects.toThrow('no capacity');
  expect(steps).toEqual(['create blue', 'create red', 'update to another', 'update to first', 'remove red']);
  expect(stack.outputs['Config']).toBe(blue);
});
