import { createHash } from 'node:crypto';

/** Hex. Over the bytes, not over a text: a byte that is no UTF-8 changes it too. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
