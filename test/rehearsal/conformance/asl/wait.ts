import { api, pass, spec, type AslCase } from './types';

const WAIT = spec('Wait State', 'wait-state');
const JSONATA = spec('JSONata Wait State', 'jsonata-wait-state');
const ERRORS = spec('JSONata Runtime Errors', 'jsonata-runtime-errors');
const until = (Timestamp: string) => ({ W: { Type: 'Wait', Timestamp, End: true } });
const seconds = (Seconds: unknown) => ({ W: { Type: 'Wait', Seconds, End: true } });

/** Every execution starts at 2026-03-02T09:00:00Z. */
export const waitCases: AslCase[] = [
  {
    name: 'Seconds delays the machine',
    cites: [WAIT],
    states: { wait_ten_seconds: { Type: 'Wait', Seconds: 10, Next: 'NextState' }, NextState: pass() },
    input: { a: 1 },
    expect: { seconds: 10, output: { a: 1 } },
  },
  {
    name: 'Seconds may be an expression',
    cites: [JSONATA],
    states: seconds('{% $states.input.n * 60 %}'),
    input: { n: 2 },
    expect: { seconds: 120 },
  },
  { name: 'Seconds may be zero', cites: [JSONATA], states: seconds('{% 0 %}'), expect: { seconds: 0, output: {} } },
  {
    name: 'Timestamp delays until then',
    cites: [WAIT],
    states: until('2026-03-02T09:01:30Z'),
    expect: { seconds: 90 },
  },
  {
    name: 'Timestamp is looked up in the input',
    cites: [JSONATA],
    states: until('{% $states.input.expirydate %}'),
    input: { expirydate: '2026-03-03T09:00:00Z' },
    expect: { seconds: 86_400, output: { expirydate: '2026-03-03T09:00:00Z' } },
  },
  {
    name: 'Timestamp may carry a numeric offset',
    cites: [spec('Timestamps', 'timestamps')],
    states: until('{% $states.input %}'),
    input: '2026-03-02T12:00:10+03:00',
    expect: { seconds: 10 },
  },
  {
    name: 'a Timestamp that has passed delays nothing',
    cites: [WAIT],
    states: until('2016-03-14T01:59:00Z'),
    expect: { seconds: 0, output: {} },
  },
  {
    name: 'Seconds is not negative',
    cites: [JSONATA, ERRORS],
    states: seconds('{% -1 %}'),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'Seconds is whole',
    cites: [JSONATA, ERRORS],
    states: seconds('{% 1.5 %}'),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'Seconds is a number',
    cites: [JSONATA, ERRORS],
    states: seconds("{% '10' %}"),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a Timestamp has an uppercase T',
    cites: [spec('Timestamps', 'timestamps'), ERRORS],
    states: until('{% $states.input %}'),
    input: '2026-03-02t09:01:00Z',
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a Timestamp has a zone',
    cites: [spec('Timestamps', 'timestamps'), ERRORS],
    states: until('{% $states.input %}'),
    input: '2026-03-02T09:01:00',
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a Timestamp is text',
    cites: [JSONATA, ERRORS],
    states: until('{% 1772442060000 %}'),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'Output and Assign apply when the wait is over',
    cites: [JSONATA, WAIT],
    states: {
      W: { Type: 'Wait', Seconds: 5, Assign: { x: '{% $states.input.a %}' }, Output: 'out', Next: 'P' },
      P: pass({ Output: ['{% $states.input %}', '{% $x %}'] }),
    },
    input: { a: 1 },
    expect: { output: ['out', 1], seconds: 5 },
  },
  {
    name: 'Seconds and Timestamp exclude each other',
    cites: [JSONATA],
    states: { W: { Type: 'Wait', Seconds: 1, Timestamp: '2026-03-02T09:01:00Z', End: true } },
    expect: { refused: /Seconds and Timestamp/ },
  },
  {
    name: 'a Wait says how long',
    cites: [JSONATA],
    states: { W: { Type: 'Wait', End: true } },
    expect: { refused: /Seconds and Timestamp/ },
  },
  {
    name: 'the history of a Wait has its entry and its exit',
    cites: [api('HistoryEvent, type', 'API_HistoryEvent.html')],
    states: seconds(3),
    expect: { history: ['ExecutionStarted', 'WaitStateEntered', 'WaitStateExited', 'ExecutionSucceeded'], seconds: 3 },
  },
];
