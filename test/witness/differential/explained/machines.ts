import type { Explanation } from '../engine/explanation';

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
];
