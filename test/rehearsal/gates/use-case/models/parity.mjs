const label = (number) => (number % 2 === 0 ? 'even' : 'odd');

/** Right, and sure of it. */
export const predict = ({ number }) => ({ label: label(number), confidence: 0.9, mistakeRate: 0.1 });
