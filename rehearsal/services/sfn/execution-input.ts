import { AwsError } from '../../cloud/types';
import { PAYLOAD_LIMIT_BYTES } from './errors';

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

export function checkName(name: string): void {
  if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

export function checkInput(text: string): void {
  if (Buffer.byteLength(text) > PAYLOAD_LIMIT_BYTES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_LIMIT_BYTES}`,
    );
  try {
    JSON.parse(text);
  } catch (failure) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(failure as Error).message}'`);
  }
}

export function sameJson(left: string, right: string): boolean {
  return left === right || JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
}
