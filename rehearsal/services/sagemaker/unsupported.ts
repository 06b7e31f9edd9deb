import { UnsupportedError, type Members } from '../../cloud/types';

/** Members that would change what SageMaker does, and that the laptop cloud does not play. */
export function refuseMembers(operation: string, input: Members, names: string[]): void {
  for (const name of names) {
    const value: unknown = input[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    throw new UnsupportedError(`SageMaker ${operation} with ${name} is not supported by the laptop cloud. Leave ${name} out.`);
  }
}
