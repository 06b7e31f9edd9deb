/** Out of memory on odd numbers. */
export const predict = ({ number }) => {
  if (number % 2 !== 0) throw new Error('out of memory');
  return { label: 'even', confidence: 0.9, mistakeRate: 0.1 };
};
