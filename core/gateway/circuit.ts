/** How often a variant failed in a row, and until when it is left alone. */
export interface Circuit {
  failures: number;
  openUntilMillis: number;
}

export const CLOSED_CIRCUIT: Circuit = { failures: 0, openUntilMillis: 0 };

const FAILURES_TO_OPEN = 5;
const OPEN_MILLIS = 30_000;

export function isOpen(circuit: Circuit, nowMillis: number): boolean {
  return nowMillis < circuit.openUntilMillis;
}

/** After its time one attempt is let through: a success closes the circuit, a failure opens it again. */
export function afterAttempt(circuit: Circuit, succeeded: boolean, nowMillis: number): Circuit {
  if (succeeded) {
    return CLOSED_CIRCUIT;
  }
  const failures = circuit.failures + 1;
  return { failures, openUntilMillis: failures >= FAILURES_TO_OPEN ? nowMillis + OPEN_MILLIS : 0 };
}
