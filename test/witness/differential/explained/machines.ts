import type { Explanation } from '../engine/explanation';

/** The definition compares this variable in this way. */
const compares = (input: unknown, variable: string, comparison: string): boolean =>
  new RegExp(`"Variable":"${variable}","(${comparison})"`).test(JSON.stringify(input));

export const explainedOfMachines: readonly Explanation[] = [
  {
    area: 'sfn',
    title: 'an InputPath that leads nowhere fails the execution; the witness goes on with nothing',
    right: 'ours',
    documented:
      'AWS Step Functions Developer Guide, Handling errors: "States.Runtime … Often these errors are caused by errors at runtime, such as attempting to apply InputPath or OutputPath on a null JSON payload."',
    applies: ({ input, ours }) =>
      /"InputPath":"\$\.(missing|nested\.z|s\.x)"/.test(JSON.stringify(input)) && 'error' in ours && ours.error === 'FAILED States.Runtime',
  },
  {
    area: 'sfn',
    title: 'a Boolean is no number, and a number no Boolean; to the witness true is 1 and false is 0',
    right: 'ours',
    documented:
      'Amazon States Language, Choice State, data-test expressions: IsNumeric and BooleanEquals test the type of the JSON value, and JSON has numbers apart from true and false.',
    applies: ({ input }) =>
      compares(input, '\\$\\.flag', 'IsNumeric') ||
      compares(input, '\\$\\.(n|m|list\\[0\\]|people\\[0\\]\\.age|nested\\.a\\.c)', 'BooleanEquals'),
  },
  {
    area: 'sfn',
    title: 'a field that holds null is present; to the witness it is not',
    right: 'ours',
    documented:
      'AWS Step Functions Developer Guide, Choice workflow state, comparison operators: IsPresent asks for the field, IsNull for a field that holds null.',
    applies: ({ input }) => compares(input, '\\$\\.none', 'IsPresent'),
  },
];
