export const handler = () => ({ verdict: 'fine' });
