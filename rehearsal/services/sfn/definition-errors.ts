import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Flow } from './definition';

/** What AWS refuses as well. */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${message}'`);
}

/** Fields that the interpreter does not know are refused, with what it knows. */
export function onlyFields(owner: string, value: object, allowed: readonly string[]): void {
  for (const field of Object.keys(value))
    if (!allowed.includes(field))
      throw new UnsupportedError(`${owner}: field ${field} is not supported by the rehearsal; supported here: ${allowed.join(', ')}`);
}

export function checkTarget(at: string, flow: Flow, target: string | undefined): void {
  if (target === undefined || !(target in flow.States))
    throw invalid(`MISSING_TRANSITION_TARGET: ${at} names '${target}', which is no state here`);
}
