/** Says nothing of numbers. */
export function answer(_request: unknown): { label: string; confidence: number; mistakeRate: number } {
  return { label: 'even', confidence: 0.5, mistakeRate: 0.5 };
}
