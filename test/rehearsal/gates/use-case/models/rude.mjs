const label = (number) => (number % 2 === 0 ? 'even' : 'odd');

/** Right, and rude on every third number. */
export const predict = ({ number }) => ({
  label: label(number),
  confidence: 0.9,
  mistakeRate: 0.1,
  ...(number % 3 === 0 ? { note: 'any idiot can see that' } : {}),
});
