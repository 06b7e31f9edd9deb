import { flow, guide, pass, spec, task, type AslCase } from './types';

const DISTRIBUTED = guide('Using Map state in Distributed mode', 'state-map-distributed.html');
const TOLERANCE = spec('Map State Failure Tolerance', 'map-state-failure-tolerance');
const THRESHOLD = guide(
  'Setting failure thresholds for Distributed Map states in Step Functions',
  'state-map-distributed.html#maprun-fail-threshold',
);
const CODES = spec('Predefined Error Codes', 'appendix-a');

const map = (more: Record<string, unknown>, inner: Record<string, unknown> = { I: pass() }) => ({
  M: {
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...flow(inner) },
    End: true,
    ...more,
  },
});
/** Fails for items below zero. */
const failsBelowZero = {
  C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'X' }], Default: 'I' },
  X: { Type: 'Fail', Error: 'Negative' },
  I: pass(),
};
const exceeded = 'States.ExceedToleratedFailureThreshold';

export const mapDistributedCases: AslCase[] = [
  {
    name: 'each item has an execution of its own, and the outputs are gathered in order',
    cites: [DISTRIBUTED, spec('Writing Results', 'writing-results')],
    states: map({ Items: [1, 2, 3] }, { I: pass({ Output: '{% $states.input * 10 %}' }) }),
    expect: { output: [10, 20, 30], children: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'] },
  },
  {
    name: 'the states of an item are in its own history, not in the parent’s',
    cites: [DISTRIBUTED],
    states: map({ Items: [1, 2, 3] }),
    expect: { counts: { PassStateEntered: 0, MapIterationStarted: 0, MapRunStarted: 1, MapRunSucceeded: 1 } },
  },
  {
    name: 'ItemSelector makes the input of each item',
    cites: [spec('Processing Items', 'processing-items')],
    states: map({
      Items: ['a', 'b'],
      ItemSelector: {
        item: '{% $states.context.Map.Item.Value %}',
        at: '{% $states.context.Map.Item.Index %}',
        x: '{% $states.input.x %}',
      },
    }),
    input: { x: 9 },
    expect: {
      output: [
        { item: 'a', at: 0, x: 9 },
        { item: 'b', at: 1, x: 9 },
      ],
    },
  },
  {
    name: 'MaxConcurrency bounds what runs at a time',
    cites: [spec('Map State concurrency', 'map-state-concurrency')],
    states: map({ Items: [1, 2, 3, 4, 5], MaxConcurrency: 2 }, { W: { Type: 'Wait', Seconds: 100, End: true } }),
    expect: { seconds: 300 },
  },
  {
    name: 'more than forty items run at a time',
    cites: [DISTRIBUTED],
    states: map({ Items: '{% [1..60] %}' }, { W: { Type: 'Wait', Seconds: 100, End: true } }),
    expect: { seconds: 100 },
  },
  {
    name: 'by default one failed item fails the Map',
    cites: [TOLERANCE, CODES],
    states: map({ Items: [1, -2, 3] }, failsBelowZero),
    expect: { error: exceeded, counts: { MapRunFailed: 1, MapStateFailed: 1 } },
  },
  {
    name: 'as many items may fail as ToleratedFailureCount says',
    cites: [TOLERANCE, THRESHOLD],
    states: map({ Items: [1, -2, 3, -4], ToleratedFailureCount: 2 }, failsBelowZero),
    expect: { status: 'SUCCEEDED', children: ['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'FAILED'] },
  },
  {
    name: 'one failed item more than ToleratedFailureCount fails the Map',
    cites: [TOLERANCE, THRESHOLD],
    states: map({ Items: [-1, -2, -3], ToleratedFailureCount: 2 }, failsBelowZero),
    expect: { error: exceeded },
  },
  {
    name: 'as large a share may fail as ToleratedFailurePercentage says',
    cites: [TOLERANCE, THRESHOLD],
    states: map({ Items: [1, -2], ToleratedFailurePercentage: 50 }, failsBelowZero),
    expect: { status: 'SUCCEEDED' },
  },
  {
    name: 'a larger share than ToleratedFailurePercentage fails the Map',
    cites: [TOLERANCE, THRESHOLD],
    states: map({ Items: [1, -2, -3], ToleratedFailurePercentage: 50 }, failsBelowZero),
    expect: { error: exceeded },
  },
  {
    name: 'with a ToleratedFailurePercentage of 100 all items may fail',
    cites: [TOLERANCE],
    states: map({ Items: [-1, -2, -3], ToleratedFailurePercentage: 100, MaxConcurrency: 1 }, failsBelowZero),
    expect: { status: 'SUCCEEDED', children: ['FAILED', 'FAILED', 'FAILED'] },
  },
  {
    name: 'of both thresholds the one that is breached first counts',
    cites: [TOLERANCE],
    states: map({ Items: [1, 2, 3, -4], ToleratedFailurePercentage: 90, ToleratedFailureCount: 0 }, failsBelowZero),
    expect: { error: exceeded },
  },
  {
    name: 'the thresholds may be expressions',
    cites: [TOLERANCE],
    states: map({ Items: [1, -2], ToleratedFailureCount: '{% $states.input.few %}' }, failsBelowZero),
    input: { few: 1 },
    expect: { status: 'SUCCEEDED' },
  },
  {
    name: 'too many failed items can be caught',
    cites: [CODES, spec('Fallback states', 'fallback-states')],
    states: {
      ...map({ Items: [-1], Catch: [{ ErrorEquals: [exceeded], Next: 'Caught' }] }, failsBelowZero),
      Caught: pass({ Output: 'caught' }),
    },
    expect: { output: 'caught' },
  },
  {
    name: 'items retry their own tasks',
    cites: [spec('Retrying after error', 'retrying-after-error'), DISTRIBUTED],
    states: map({ Items: [1] }, { T: task('F', { Retry: [{ ErrorEquals: ['Again'] }] }) }),
    functions: { F: [{ error: 'Again' }, { output: 'ok' }] },
    expect: { output: ['ok'], seconds: 1 },
  },
  {
    name: 'a distributed Map tells its ExecutionType',
    cites: [DISTRIBUTED],
    states: {
      M: { Type: 'Map', Items: [1], ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, ...flow({ I: pass() }) }, End: true },
    },
    expect: { refused: /ExecutionType/ },
  },
];
