/** In the place of a function in Python: takes a job and says at once that it is done. */
export const handler = ({ id }) => ({ id, status: 'SUCCEEDED' });
