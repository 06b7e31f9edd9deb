/** JSON in three parts. */
export const stream = () => ({
  contentType: 'application/json',
  parts: [
    { afterMillis: 0, text: '{"mistakeRate"' },
    { afterMillis: 900, text: ':' },
    { afterMillis: 900, text: '0.2}' },
  ],
});
