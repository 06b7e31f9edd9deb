import { deploy, play, wrong } from './play';

jest.setTimeout(180_000);

test('a kill whose handler died before the teardown is finished by the watch', async () => {
  const result = await play({
    duration: '2h',
    actions: [deploy('good'), { at: '20m', do: 'kill', reason: 'all wrong' }],
    // The write of the kill switch is done, and nothing after it.
    faults: [{ at: '20m', service: 'sfn', operation: 'StartExecution', error: 'InternalError', for: '4m' }],
    expect: { outcomes: ['killed'], incidents: [{ kind: 'kill' }] },
  });
  expect(wrong(result)).toEqual([]);
  const teardown = result.timeline.find(
    ({ source, event, detail }) => source === 'sagemaker' && event === 'endpoint-deleted' && detail['endpointName'] !== undefined,
  );
  expect(teardown?.t).toBeGreaterThan(20 * 60);
  expect(teardown?.t).toBeLessThan(35 * 60);
});

test('an alarm of a candidate that was rolled back does not touch the next one', async () => {
  const result = await play({
    duration: '3h',
    actions: [deploy('failing'), deploy('good', '10m')],
    expect: { outcomes: ['rolled-back', 'promoted'], incidents: [{ kind: 'rollback' }] },
  });
  expect(wrong(result)).toEqual([]);
});
