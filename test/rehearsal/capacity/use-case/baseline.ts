/** Answers with the mistakes of a rule of thumb. */
export function answer(_request: unknown): { mistakeRate: number } {
  return { mistakeRate: 0.3 };
}
