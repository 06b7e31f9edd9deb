export const predict = () => {
  throw new Error('out of memory');
};
