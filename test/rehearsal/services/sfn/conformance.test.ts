import { existsSync } from 'node:fs';
import { difference, historyDifference } from './recordings/compare';
import { KNOWN } from './recordings/known';
import { readRecordings, RECORDINGS, type RecordedEvent, type Recording } from './recordings/recording';
import { disagreement, replay } from './recordings/replay';

const LEAST_SHARE = 0.97;
const COUNTS = { JSONata: 105, JSONPath: 305 };

function compareAll(recordings: Recording[]): void {
  const found = new Map<string, Promise<string | undefined>>();
  const differenceOf = (recording: Recording): Promise<string | undefined> => {
    const earlier = found.get(recording.id) ?? disagreement(recording);
    found.set(recording.id, earlier);
    return earlier;
  };
  const agreeing: string[] = [];

  afterAll(() => process.stdout.write(`Recordings of AWS Step Functions that agree: ${agreeing.join(', ')}.\n`));

  it('names only recordings that are there as known to differ, each with a reason', () => {
    const ids = new Set(recordings.map(({ id }) => id));
    expect(Object.keys(KNOWN).filter((id) => !ids.has(id))).toEqual([]);
    expect(Object.values(KNOWN).filter((reason) => reason.length < 20)).toEqual([]);
  });

  it.each(Object.entries(COUNTS))(
    'agrees with at least 97 %% of the recordings in %s',
    async (language, count) => {
      const ofLanguage = recordings.filter(({ queryLanguage }) => queryLanguage === language);
      expect(ofLanguage.length).toBe(count);
      let agree = 0;
      for (const recording of ofLanguage) if ((await differenceOf(recording)) === undefined) agree += 1;
      agreeing.push(`${agree} of ${count} in ${language}`);
      expect(agree / count).toBeGreaterThanOrEqual(LEAST_SHARE);
    },
    120_000,
  );

  const known = recordings.filter(({ id }) => id in KNOWN).map((recording) => [recording.id, recording] as const);
  const others = recordings.filter(({ id }) => !(id in KNOWN)).map((recording) => [recording.id, recording] as const);

  it.each(others)('answers as AWS: %s', async (_id, recording) => {
    expect(await differenceOf(recording)).toBeUndefined();
  });

  if (known.length > 0)
    it.each(known)('still differs as the list says: %s', async (_id, recording) => {
      expect(await differenceOf(recording)).toBeDefined();
    });

  it('tells a different history apart: another output, error, variable, order or length', async () => {
    const byId = (part: string): Recording => {
      const one = recordings.find(({ id }) => id.includes(part));
      if (one === undefined) throw new Error(`no recording of ${part}`);
      return one;
    };
    const altered = ({ history }: Recording, at: number, change: Record<string, unknown>): RecordedEvent[] =>
      history.map((event, index) => (index === at ? { ...event, ...change } : event));
    const differs = async (recording: Recording, history: RecordedEvent[]): Promise<void> => {
      const { recorded, happened } = await replay(recording);
      expect(historyDifference(recorded.events, happened.events)).toBeUndefined();
      expect(historyDifference(history, happened.events)).toBeDefined();
    };
    const succeeds = byId('test_output_in_choice[CONDITION_TRUE]');
    await differs(succeeds, altered(succeeds, succeeds.history.length - 1, { output: 'something else' }));
    await differs(succeeds, succeeds.history.slice(0, -1));
    await differs(succeeds, [...succeeds.history].reverse());
    const fails = byId('test_undefined_reference[BASE_UNDEFINED_ARGUMENTS]');
    await differs(fails, altered(fails, fails.history.length - 1, { error: 'States.Runtime' }));
    const assigns = byId('test_assign_in_choice[CONDITION_TRUE]');
    const at = assigns.history.findIndex((event) => event.assignedVariables !== undefined);
    await differs(assigns, altered(assigns, at, { assignedVariables: {} }));
  });
}

it('takes placeholders for what they stand for, and nothing else', () => {
  expect(difference('queue <sqs_queue_url> is gone', 'queue https://sqs.test/q is gone')).toBeUndefined();
  expect(difference('queue <sqs_queue_url> is gone', 'queue https://sqs.test/q is there')).toContain('is there');
  expect(difference('Request ID: <request_id>', 'Request ID: a b')).toContain('a b');
  expect(difference({ MessageId: '<uuid:1>' }, { MessageId: 'any' })).toBeUndefined();
  expect(difference({ MessageId: '<uuid:1>' }, {})).toContain('MessageId');
  expect(difference({ a: 1 }, { a: 1, b: 2 })).toContain('b: AWS nothing, here 2');
  expect(difference([1, 2], [2, 1])).toContain('AWS 1, here 2');
  expect(difference('{"a": [1]}', '{"a":[1]}')).toBeUndefined();
  expect(difference({ a: [1] }, '{"a":[2]}')).toContain('AWS 1, here 2');
  expect(difference(1, '1')).toContain('here "1"');
  expect(difference(null, 'null')).toBeDefined();
});

it('compares what a Parallel does in any order, and all else in its order', () => {
  const started = { type: 'ParallelStateStarted' };
  const [one, two] = [
    { type: 'PassStateEntered', name: 'One' },
    { type: 'PassStateEntered', name: 'Two' },
  ];
  const done = { type: 'ExecutionSucceeded' };
  expect(historyDifference([started, one, two, done], [started, two, one, { type: 'ParallelStateSucceeded' }, done])).toBeUndefined();
  expect(historyDifference([started, one, two, done], [started, one, one, done])).toContain('branch');
  expect(historyDifference([one, two, done], [two, one, done])).toContain('event 1 (PassStateEntered), name');
  expect(historyDifference([one, done], [one])).toContain('here nothing');
});

if (!existsSync(RECORDINGS)) {
  console.warn(`NOT COMPARED WITH AWS: the recordings of Step Functions are not beside the repository (${RECORDINGS}).`);
  it.skip(`not compared with AWS: no recordings at ${RECORDINGS}`, () => undefined);
} else {
  compareAll(readRecordings());
}
