export const handler = () => {
  throw new Error('the scorer of the test has no disk left');
};
