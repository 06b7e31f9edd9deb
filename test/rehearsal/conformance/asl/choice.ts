import { pass, spec, type AslCase } from './types';

const RULES = spec('JSONata Choice Rules', 'jsonata-choice-rules');
const CHOICE = spec('Choice State', 'choice-state');

/** The example of the specification, with what each target saw. */
const dispatch = (value?: number) => ({
  Set: pass({ Assign: value === undefined ? { range: 'unset' } : { range: 'unset', value }, Next: 'DispatchEvent' }),
  DispatchEvent: {
    Type: 'Choice',
    Choices: [
      { Condition: "{% $states.input.type != 'Private' %}", Next: 'Public' },
      {
        Condition: "{% $exists($value) and $type($value)='number' and $value>=20 and $value<30 %}",
        Assign: { range: 'twenties' },
        Next: 'ValueInTwenties',
      },
      {
        Condition: '{% $states.input.rating >= $states.input.auditThreshold %}',
        Output: { excess: '{% $states.input.rating - $states.input.auditThreshold %}' },
        Next: 'StartAudit',
      },
    ],
    Default: 'RecordEvent',
    Assign: { range: 'default' },
  },
  ...Object.fromEntries(
    ['Public', 'ValueInTwenties', 'StartAudit', 'RecordEvent'].map((name) => [
      name,
      pass({ Output: ['{% $states.context.State.Name %}', '{% $range %}', '{% $states.input %}'] }),
    ]),
  ),
});
const two = (rules: unknown[], more: Record<string, unknown> = { Default: 'No' }) => ({
  C: { Type: 'Choice', Choices: rules, ...more },
  Yes: pass({ Output: ['yes', '{% $states.input %}'] }),
  No: pass({ Output: ['no', '{% $states.input %}'] }),
});

export const choiceCases: AslCase[] = [
  {
    name: 'the first rule takes what is not private, and assigns nothing',
    cites: [RULES],
    states: dispatch(23),
    input: { type: 'Public' },
    expect: { output: ['Public', 'unset', { type: 'Public' }] },
  },
  {
    name: 'the second rule assigns its own variable and passes the input through',
    cites: [RULES],
    states: dispatch(23),
    input: { type: 'Private' },
    expect: { output: ['ValueInTwenties', 'twenties', { type: 'Private' }] },
  },
  {
    name: 'the third rule’s Output becomes the next state’s input, and no variable is assigned',
    cites: [RULES],
    states: dispatch(),
    input: { type: 'Private', rating: 12, auditThreshold: 10 },
    expect: { output: ['StartAudit', 'unset', { excess: 2 }] },
  },
  {
    name: 'without a match the state’s own Assign is evaluated and the input goes to Default',
    cites: [RULES],
    states: dispatch(31),
    input: { type: 'Private', rating: 1, auditThreshold: 10 },
    expect: { output: ['RecordEvent', 'default', { type: 'Private', rating: 1, auditThreshold: 10 }] },
  },
  {
    name: 'of two rules that hold the first is chosen',
    cites: [RULES],
    states: two([
      { Condition: '{% true %}', Next: 'Yes' },
      { Condition: '{% true %}', Next: 'No' },
    ]),
    input: 1,
    expect: { output: ['yes', 1] },
  },
  {
    name: 'rules behind the chosen one are not evaluated',
    cites: [RULES],
    states: two([
      { Condition: '{% true %}', Next: 'Yes' },
      { Condition: "{% 1 + 'x' = 2 %}", Next: 'No' },
    ]),
    input: 1,
    expect: { output: ['yes', 1] },
  },
  {
    name: 'a Condition may be the literal true or false',
    cites: [RULES],
    states: two([
      { Condition: false, Next: 'No' },
      { Condition: true, Next: 'Yes' },
    ]),
    input: 1,
    expect: { output: ['yes', 1] },
  },
  {
    name: 'Default is taken where no rule holds',
    cites: [CHOICE],
    states: two([{ Condition: '{% $states.input > 10 %}', Next: 'Yes' }]),
    input: 1,
    expect: { output: ['no', 1] },
  },
  {
    name: 'without a match and without Default the state fails',
    cites: [CHOICE, spec('Predefined Error Codes', 'appendix-a')],
    states: { C: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Yes' }] }, Yes: pass() },
    expect: { error: 'States.NoChoiceMatched' },
  },
  {
    name: 'a Condition must come to a truth value',
    cites: [RULES, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: two([{ Condition: "{% 'true' %}", Next: 'Yes' }]),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a Condition that comes to nothing is an error',
    cites: [RULES, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: two([{ Condition: '{% $states.input.missing %}', Next: 'Yes' }]),
    input: {},
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'the state’s Output belongs to Default',
    cites: [RULES],
    states: two([{ Condition: '{% false %}', Next: 'Yes', Output: 'rule' }], { Default: 'No', Output: 'state' }),
    input: 1,
    expect: { output: ['no', 'state'] },
  },
  {
    name: 'the state’s Output does not apply to a chosen rule',
    cites: [RULES],
    states: two([{ Condition: '{% true %}', Next: 'Yes' }], { Default: 'No', Output: 'state' }),
    input: 1,
    expect: { output: ['yes', 1] },
  },
  {
    name: 'Choices is not empty',
    cites: [CHOICE],
    states: two([]),
    expect: { refused: /Choices/ },
  },
  {
    name: 'a rule needs Next',
    cites: [CHOICE],
    states: two([{ Condition: '{% true %}' }]),
    expect: { refused: /Choices\[0\]/ },
  },
  {
    name: 'a rule needs Condition',
    cites: [RULES],
    states: two([{ Next: 'Yes' }]),
    expect: { refused: /Condition/ },
  },
  {
    name: 'Default names a state',
    cites: [CHOICE],
    states: two([{ Condition: '{% true %}', Next: 'Yes' }], { Default: 'Elsewhere' }),
    expect: { refused: /Elsewhere/ },
  },
  {
    name: 'a Choice is never an End state',
    cites: [CHOICE],
    states: two([{ Condition: '{% true %}', Next: 'Yes' }], { End: true }),
    expect: { refused: /End/ },
  },
];
