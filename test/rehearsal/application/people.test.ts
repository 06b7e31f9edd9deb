import { broken, play, synthesize, violationsOf } from './stage';
import { buildShop } from './shop';

let shop: string;
beforeAll(() => {
  shop = synthesize(buildShop);
});

const start = (stateMachine: string, input: object = {}, name = 'one') => ({ at: '0s', execution: { stateMachine, name, input } });
const approver = { stateMachine: 'Approve', state: 'Ask' };
const asked = { queue: 'Asked', count: { atLeast: 1 } };

describe('tasks that wait for a token', () => {
  test('are answered some time later, with an output', async () => {
    const result = await play(shop, {
      inputs: [start('Approve')],
      people: [{ ...approver, after: '2m', succeed: { approved: true } }],
      expect: { executions: [{ stateMachine: 'Approve', status: 'SUCCEEDED', states: ['Ask', 'Done'], output: { approved: true } }] },
    });
    expect(broken(result)).toEqual([]);
    expect(result.executions[0]?.endedAtSeconds).toBeCloseTo(120, 0);
    expect(result.timeline).toContainEqual(expect.objectContaining({ source: 'people', event: 'succeeds', t: 120 }));
  });

  test('fail where a person says so', async () => {
    const result = await play(shop, {
      inputs: [start('Approve')],
      people: [{ ...approver, after: '1m', fail: { error: 'No', cause: 'too dear' } }],
      expect: { executions: [{ stateMachine: 'Approve', status: 'SUCCEEDED', states: ['Ask', 'Rejected'], notStates: ['Done'] }] },
    });
    expect(broken(result)).toEqual([]);
  });

  test('are kept alive by heartbeats until the answer; without them they time out', async () => {
    const patient = { ...approver, after: '9m', succeed: {} };
    const played = (person: object) => play(shop, { inputs: [start('Approve')], people: [person] });
    expect(broken(await played({ ...patient, heartbeat: '1m' }))).toEqual([]);
    expect(broken(await played(patient))).toEqual([
      expect.stringMatching(/^executions: execution one of Shop\/Approve: FAILED at 0:03.*States\.(Heartbeat)?Timeout/),
    ]);
  });

  test('are asked of whom their input says, and only so often', async () => {
    const result = await play(shop, {
      inputs: [
        start('Approve', { total: 5 }, 'small'),
        start('Approve', { total: 900 }, 'large'),
        start('Approve', { total: 900 }, 'again'),
      ],
      people: [
        { ...approver, input: { total: 5 }, succeed: { by: 'clerk' } },
        { ...approver, input: { total: 900 }, succeed: { by: 'director' }, attempts: 1 },
      ],
      expect: {
        executions: [
          { stateMachine: 'Approve', name: 'small', output: { by: 'clerk' } },
          { stateMachine: 'Approve', name: 'large', output: { by: 'director' } },
          { stateMachine: 'Approve', name: 'again', status: 'FAILED' },
        ],
      },
    });
    expect(broken(result)).toEqual([]);
  });

  test('take one answer; the same said again is refused', async () => {
    const result = await play(shop, { inputs: [start('Approve')], people: [{ ...approver, succeed: {}, times: 3 }] });
    expect(broken(result)).toEqual([]);
    const refused = result.timeline.filter(({ event }) => event === 'answer-refused');
    expect(refused.map(({ t }) => t)).toEqual([60, 120]);
  });

  test('that nobody answers time out while queues run dry, or still wait at the end', async () => {
    const result = await play(shop, {
      inputs: [start('Approve')],
      people: [{ ...approver, heartbeat: '1m' }],
      expect: { messages: [asked] },
    });
    expect(violationsOf(result, 'executions')).toEqual([expect.stringContaining('FAILED')]);
    const late = await play(shop, { inputs: [start('Approve')], people: [{ ...approver, after: '11m', succeed: {} }] });
    expect(late.timeline).toContainEqual(expect.objectContaining({ source: 'people', event: 'comes-too-late' }));
  });
});

describe('activities', () => {
  test('are taken up and answered', async () => {
    const result = await play(shop, {
      inputs: [start('Packing', { box: 1 }, 'one'), start('Packing', { box: 2 }, 'two')],
      people: [
        { stateMachine: 'Packing', state: 'PackIt', input: { box: 1 }, after: '1m', succeed: { packed: 1 } },
        { stateMachine: 'Packing', state: 'PackIt', input: { box: 2 }, after: '1m', fail: { error: 'Broken' } },
      ],
      expect: {
        executions: [
          { stateMachine: 'Packing', name: 'one', status: 'SUCCEEDED', output: { packed: 1 } },
          { stateMachine: 'Packing', name: 'two', status: 'FAILED', error: 'Broken' },
        ],
      },
    });
    expect(broken(result)).toEqual([]);
  });

  test('are taken up in their order, those that nobody answers as well', async () => {
    const result = await play(shop, {
      inputs: [start('Packing', { box: 1 }, 'one'), start('Packing', { box: 2 }, 'two')],
      people: [{ stateMachine: 'Packing', state: 'PackIt', input: { box: 2 }, after: '1m', succeed: { packed: 2 } }],
      expect: {
        executions: [
          { stateMachine: 'Packing', name: 'two', output: { packed: 2 } },
          { stateMachine: 'Packing', name: 'one', status: 'RUNNING' },
        ],
      },
    });
    expect(broken(result)).toEqual([]);
    expect(result.stillUnderWay).toEqual(['execution one of Shop/Packing, in PackIt']);
  });

  test('that nobody takes up wait on, which is told', async () => {
    const result = await play(shop, { inputs: [start('Packing')] });
    expect(result.stillUnderWay).toEqual(['execution one of Shop/Packing, in PackIt']);
    expect(broken(result)).toEqual(['executions: execution one of Shop/Packing: RUNNING at the end, last in PackIt']);
    const executions = [{ stateMachine: 'Packing', status: 'RUNNING' }];
    expect(broken(await play(shop, { inputs: [start('Packing')], expect: { executions } }))).toEqual([]);
  });
});

test('who was never asked is told', async () => {
  const result = await play(shop, { people: [{ ...approver, input: { total: 1 }, succeed: {} }] });
  expect(result.timeline).toContainEqual({
    t: 600,
    source: 'people',
    event: 'never-asked',
    detail: { person: 'people[0]', stateMachine: 'Approve', state: 'Ask' },
  });
  expect((await play(shop, { inputs: [start('Approve')], people: [{ ...approver, succeed: {} }] })).timeline).not.toContainEqual(
    expect.objectContaining({ event: 'never-asked' }),
  );
});

describe('states are those of the machine', () => {
  test.each<[object, RegExp]>([
    [
      { people: [{ stateMachine: 'Approve', state: 'Aks', succeed: 1 }] },
      /people\[0\]\.state: Approve has no such state\n.*Aks\n.*Ask, .*\n {2}Did you mean "Ask"/,
    ],
    [
      { people: [{ stateMachine: 'Approve', state: 'Done', succeed: 1 }] },
      /people\[0\]\.state: this state waits for nobody\n.*\n {2}allowed: Ask$/,
    ],
    [{ people: [{ stateMachine: 'Sort', state: 'Large', succeed: 1 }] }, /allowed: nothing: no state waits/],
    [
      { expect: { executions: [{ stateMachine: 'Sort', states: ['Large', 'Acept'] }] } },
      /executions\[0\]\.states\[1\]: Sort has no such state[\s\S]*Did you mean "Accept"/,
    ],
    [{ expect: { executions: [{ stateMachine: 'Sort', notStates: ['Acept'] }] } }, /executions\[0\]\.notStates\[0\]/],
  ])('%j is refused', async (scenario, refused) => {
    const error: unknown = await play(shop, scenario).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'BadInputError', message: expect.stringMatching(refused) as string });
  });
});
