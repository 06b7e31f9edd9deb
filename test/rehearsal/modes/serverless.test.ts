import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(180_000);

const serverless = new ModeOfServing('{ mode: serverless, serverless: { memoryMb: 2048, maxConcurrency: 20 } }');

test('a first release, and a better one that takes over from its endpoint', async () => {
  const result = await serverless.play({ actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
  expect(wrong(result)).toEqual([]);
});

test('a worse release goes back, and its endpoint with it', async () => {
  const result = await serverless.play({ actions: [deploy('bad')], expect: { outcomes: ['rolled-back'] } });
  expect(wrong(result)).toEqual([]);
});
