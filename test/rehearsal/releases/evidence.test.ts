import { deploy, perform, prepare, wrong } from './play';

jest.setTimeout(240_000);

// The invariant `evidence-complete` verifies bundles, heads and signatures of each of them as an auditor would.
test.each([
  ['KMS signs nothing for an hour', { service: 'kms', operation: 'Sign', error: 'KMSInternalException', for: '60m' }],
  ['the seal handler crashes for an hour', { service: 'lambda', function: 'Seal/Handler', error: 'crash', for: '60m' }],
])('owners are told, and evidence is signed later, where %s', async (_, fault) => {
  const story = {
    actions: [deploy('bad')],
    expect: { outcomes: ['rolled-back'] },
    faults: [{ at: '1m', ...fault }],
    duration: '6h',
  };
  const result = await perform(await prepare(story));
  expect(wrong(result)).toEqual([]);
  const alarms = result.timeline.filter(
    ({ event, detail }) => event === 'state-changed' && String(detail['alarmName']).endsWith('-evidence-unsigned'),
  );
  expect(alarms.map(({ detail }) => detail['state'])).toEqual(['ALARM', 'OK']);
});
