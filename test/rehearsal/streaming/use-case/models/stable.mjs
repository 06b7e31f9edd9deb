export const stream = () => ({
  contentType: 'application/json',
  parts: [
    { afterMillis: 0, text: '{"mistakeRate":' },
    { afterMillis: 700, text: '0.5}' },
  ],
});
