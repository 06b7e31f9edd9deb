import { createHash } from 'node:crypto';
import type { Members } from '../../cloud/types';

/** The SDK compares this with what it sent. */
export const md5 = (content: string | Uint8Array): string => createHash('md5').update(content).digest('hex');

const lengthOf = (content: Uint8Array): Uint8Array => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return length;
};

/** SQS's digest of message attributes: by name, each part with its length, a byte that tells text (1) from binary (2). */
export function md5OfAttributes(attributes: Record<string, Members>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const part = (content: Uint8Array): void => void hash.update(lengthOf(content)).update(content);
  for (const name of names) {
    const { DataType: type, StringValue: text, BinaryValue: binary } = attributes[name] as Members;
    part(Buffer.from(name));
    part(Buffer.from(type as string));
    hash.update(Uint8Array.of(text === undefined ? 2 : 1));
    part(text === undefined ? (binary as Uint8Array) : Buffer.from(text as string));
  }
  return hash.digest('hex');
}
