/** Longer than the gateway waits between two parts. */
export const stream = () => ({
  contentType: 'application/json',
  parts: [
    { afterMillis: 0, text: '{"mistakeRate":' },
    { afterMillis: 20_000, text: '0.5}' },
  ],
});
