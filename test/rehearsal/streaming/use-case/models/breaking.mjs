/** After the first byte. */
export const stream = () => ({
  contentType: 'application/json',
  parts: [{ afterMillis: 0, text: '{"mistakeRate":' }],
  brokenBy: 'out of memory',
});
