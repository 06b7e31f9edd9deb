import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(180_000);

const async = new ModeOfServing('{ mode: async, instance: ml.g5.xlarge, instances: { min: 1, max: 1 } }');

test('a first release, and a better one behind a queue of its own', async () => {
  const result = await async.play({ outcomes: 'queued.mjs', actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
  expect(wrong(result)).toEqual([]);
});

test('a worse release goes back', async () => {
  const result = await async.play({ outcomes: 'queued-bad.mjs', actions: [deploy('bad')], expect: { outcomes: ['rolled-back'] } });
  expect(wrong(result)).toEqual([]);
});
