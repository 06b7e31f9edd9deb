import { guide, pass, spec, task, type AslCase } from './types';

const QUOTAS = guide('Quotas related to state machine executions', 'service-quotas.html#service-limits-state-machine-executions');
const TASKS = guide('Quotas related to task executions', 'service-quotas.html#service-limits-task-executions');
const NAMES = guide('Error names', 'concepts-error-handling.html#error-handling-error-representation');
const VARIABLES = guide('Passing data between states with variables, Variable limits', 'workflow-variables.html#limits');
/** JSON text of so many bytes: two of them are the quotation marks. */
const sized = (bytes: number, letter = 'x') => `{% $pad('', ${(bytes - 2) / Buffer.byteLength(letter)}, '${letter}') %}`;
const limit = 262_144;
/** Assigns so many variables of 256 KiB, one after the other. */
const filling = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `A${index}`,
      pass({ Assign: { [`v${index}`]: sized(limit) }, ...(index + 1 < count ? { Next: `A${index + 1}` } : {}) }),
    ]),
  );

export const limitCases: AslCase[] = [
  {
    name: 'an output of 256 KiB is passed on',
    cites: [TASKS],
    states: { A: pass({ Output: sized(limit), Next: 'B' }), B: pass({ Output: '{% $length($states.input) %}' }) },
    expect: { output: limit - 2 },
  },
  {
    name: 'an output of one byte more is refused',
    cites: [TASKS, NAMES],
    states: { A: pass({ Output: sized(limit + 1) }) },
    expect: { error: 'States.DataLimitExceeded' },
  },
  {
    name: 'the limit counts bytes of UTF-8',
    cites: [TASKS, NAMES],
    states: { A: pass({ Output: sized(limit + 2, 'é') }) },
    expect: { error: 'States.DataLimitExceeded' },
  },
  {
    name: 'States.ALL does not catch a state output over the limit',
    cites: [NAMES],
    states: { T: task('F', { Output: sized(limit + 1), Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }), C: pass() },
    expect: { error: 'States.DataLimitExceeded', counts: { PassStateEntered: 0 } },
  },
  {
    name: 'States.ALL does not retry a state output over the limit',
    cites: [NAMES],
    states: { T: task('F', { Output: sized(limit + 1), Retry: [{ ErrorEquals: ['States.ALL'] }] }) },
    expect: { error: 'States.DataLimitExceeded', retryWaits: [], seconds: 0 },
  },
  {
    name: 'a task’s result over the limit is caught by the error’s own name',
    cites: [NAMES],
    states: {
      T: task('F', { Output: 1, Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'C' }] }),
      C: pass({ Output: 'caught' }),
    },
    functions: { F: [{ output: 'x'.repeat(limit) }] },
    expect: { output: 'caught' },
  },
  {
    name: 'a task’s result over the limit fails the machine although Output would make it small',
    cites: [NAMES],
    states: { T: task('F', { Output: 1 }) },
    functions: { F: [{ output: 'x'.repeat(limit) }] },
    expect: { error: 'States.DataLimitExceeded' },
  },
  {
    name: 'a task is not given more than the limit',
    cites: [NAMES],
    states: { T: task('F', { Arguments: { text: sized(limit) } }) },
    expect: { error: 'States.DataLimitExceeded', calls: [] },
  },
  {
    name: 'a variable holds 256 KiB at most',
    cites: [VARIABLES],
    states: { A: pass({ Assign: { big: sized(limit + 1) } }) },
    expect: { status: 'FAILED' },
  },
  {
    name: 'one Assign holds 256 KiB at most',
    cites: [VARIABLES],
    states: { A: pass({ Assign: { one: sized(limit / 2 + 2), two: sized(limit / 2 + 2) } }) },
    expect: { status: 'FAILED' },
  },
  {
    name: 'one Assign holds two variables of 128 KiB',
    cites: [VARIABLES],
    states: {
      A: pass({ Assign: { one: sized(limit / 2), two: sized(limit / 2) }, Next: 'B' }),
      B: pass({ Output: '{% $length($one) + $length($two) %}' }),
    },
    expect: { output: limit - 4 },
  },
  {
    name: 'an execution holds variables of 10 MiB',
    cites: [VARIABLES],
    states: filling(40),
    expect: { output: {} },
  },
  {
    name: 'an execution holds no more than 10 MiB of variables',
    cites: [VARIABLES],
    states: filling(41),
    expect: { status: 'FAILED' },
  },
  {
    name: 'several Assigns hold more than 256 KiB together',
    cites: [VARIABLES],
    states: {
      A: pass({ Assign: { one: sized(200_000) }, Next: 'B' }),
      B: pass({ Assign: { two: sized(200_000) }, Next: 'C' }),
      C: pass({ Output: '{% $length($one) + $length($two) %}' }),
    },
    expect: { output: 399_996 },
  },
  {
    name: 'an execution ends at 25,000 events',
    cites: [QUOTAS],
    states: { A: pass({ Next: 'B' }), B: { Type: 'Wait', Seconds: 1, Next: 'A' } },
    expect: { status: 'FAILED', counts: { '*': 25_000 } },
  },
  {
    name: 'no state catches the end of the history',
    cites: [QUOTAS, NAMES],
    states: { T: task('F', { Next: 'T', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }), C: pass() },
    expect: { status: 'FAILED', counts: { '*': 25_000, PassStateEntered: 0 } },
  },
  {
    name: 'a state’s name has at most 80 characters',
    cites: [spec('States', 'states-fields')],
    states: { ['x'.repeat(81)]: pass() },
    expect: { refused: /x{80}/ },
  },
  {
    name: 'a state’s name of 80 characters is fine',
    cites: [spec('States', 'states-fields')],
    states: { ['x'.repeat(80)]: pass({ Output: 1 }) },
    expect: { output: 1 },
  },
];
