import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(180_000);

const components = new ModeOfServing(
  '{ mode: inference-components, instance: ml.g5.xlarge, instances: { min: 1, max: 2 }, component: { memoryMb: 4096, accelerators: 1, copies: { min: 1, max: 1 } } }',
);

test('a first release, and a better one as a component of its own', async () => {
  const result = await components.play({ actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
  expect(wrong(result)).toEqual([]);
});

test('a worse release goes back: its component, then its endpoint', async () => {
  const result = await components.play({ actions: [deploy('bad')], expect: { outcomes: ['rolled-back'] } });
  expect(wrong(result)).toEqual([]);
});
