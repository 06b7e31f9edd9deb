interface Answered {
  confidence?: number;
}

/** The confidence is the score. */
export function score(_line: unknown, answer: Answered): number {
  return answer.confidence ?? 0;
}
