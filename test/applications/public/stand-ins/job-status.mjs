/** In the place of a function in Python: repeats how the job stands, and fails one that has no status. */
export const handler = ({ id, status }) => ({ id, status: status === 'SUCCEEDED' ? status : 'FAILED' });
