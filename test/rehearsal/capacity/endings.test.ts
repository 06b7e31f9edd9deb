import { deploy, endpointOf, minutesOf, play, told, wrong } from './play';

jest.setTimeout(300_000);

const charter = { serving: { idle: { after: '30m', then: 'off', wake: 'by-hand' } } };
const park = { at: '10m', do: 'park', as: 'platform', reason: 'a holiday' };

describe('while the endpoint is switched off', () => {
  test('by hand it stays so until somebody wakes it, for as long as was said', async () => {
    const wake = { at: '60m', do: 'wake', as: 'platform', reason: 'back again' };
    const recording = await play({ charter, actions: [deploy(), park, wake], expect: { parked: false } });
    expect(wrong(recording)).toEqual([]);
    expect(recording.incidents).toEqual([]);
    expect(minutesOf(recording, 'control', 'parked')).toEqual([10]);
    expect(endpointOf(recording)[0]![0]).toBeLessThan(18);
    expect(minutesOf(recording, 'control', 'woken')[0]).toBeLessThan(75);
    expect(told(recording, /a holiday/)).toHaveLength(1);
  });

  test('kill takes the rest down, and revive releases anew', async () => {
    const recording = await play({
      charter: { ...charter, rollout: { strategy: 'all-at-once', steps: null } },
      people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
      actions: [
        deploy(),
        park,
        { at: '40m', do: 'kill', as: 'platform', reason: 'enough' },
        { at: '60m', do: 'revive', as: 'platform', reason: 'and yet' },
      ],
      expect: { outcomes: ['promoted'], parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(recording.result.timeline.at(-1)).toBeDefined();
    expect(endpointOf(recording).at(-1)![1]).toBe('InService');
  });

  test('kill while it is on its way back leaves nothing over', async () => {
    const recording = await play({
      charter,
      actions: [
        deploy(),
        park,
        { at: '40m', do: 'wake', as: 'platform', reason: 'back again' },
        { at: '43m', do: 'kill', as: 'platform', reason: 'enough' },
      ],
    });
    expect(wrong(recording)).toEqual([]);
    expect(recording.standing).toEqual([]);
  });

  test('the stack can be deleted, and nothing is left', async () => {
    const recording = await play({ charter, actions: [deploy(), park, { at: '40m', do: 'destroy' }] });
    expect(wrong(recording)).toEqual([]);
    expect(recording.standing).toEqual([]);
  });

  test('SageMaker may have no capacity when it is woken: people are told, and it is tried again', async () => {
    const recording = await play({
      charter,
      faults: [{ at: '30m', endpoint: 'capacity', during: 'CreateEndpoint', times: 2 }],
      actions: [deploy(), park, { at: '40m', do: 'wake', as: 'platform', reason: 'back again' }],
      expect: { parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(endpointOf(recording).map(([, status]) => status)).toEqual([
      'Deleting',
      ...['Creating', 'Failed', 'Deleting'],
      ...['Creating', 'Failed', 'Deleting'],
      ...['Creating', 'InService'],
    ]);
    expect(told(recording, /could not be switched on/)).toHaveLength(1);
  });

  test('nobody but an owner switches it off, and nobody while a release is in progress', async () => {
    const recording = await play({
      charter,
      actions: [deploy(), { ...park, as: 'arn:aws:iam::123456789012:role/Stranger' }, deploy('good', '15m'), { ...park, at: '25m' }],
      expect: {
        refusals: [
          { what: 'park', reason: 'is no owner' },
          { what: 'park', reason: 'is in progress' },
        ],
      },
    });
    expect(wrong(recording)).toEqual([]);
    expect(minutesOf(recording, 'control', 'parked')).toEqual([]);
  });
});
