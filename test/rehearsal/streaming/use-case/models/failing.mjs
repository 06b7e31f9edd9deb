/** Before the first byte. */
export const stream = () => {
  throw new Error('out of memory');
};
