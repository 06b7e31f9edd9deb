/** Right or wrong, as the line expects. */
export const handler = ({ line, answer }) => ({ score: line.expected === answer.label ? 1 : 0 });
