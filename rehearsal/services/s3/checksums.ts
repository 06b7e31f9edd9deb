import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Members } from '../../cloud/types';

const base64 = (algorithm: string, body: Uint8Array): string => createHash(algorithm).update(body).digest('base64');

function crc32Base64(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

const computed: Record<string, (body: Uint8Array) => string> = {
  ChecksumCRC32: crc32Base64,
  ChecksumSHA1: (body) => base64('sha1', body),
  ChecksumSHA256: (body) => base64('sha256', body),
};
const unsupported = ['ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA512', 'ChecksumMD5'];

/** Compares the checksums of a request with its body; answers those to keep with the object. */
export function checkedChecksums(input: Members, body: Uint8Array): Record<string, string> {
  for (const member of unsupported) {
    if (input[member] !== undefined) throw new UnsupportedError(`s3: ${member} is not supported. Use CRC32, SHA1 or SHA256.`);
  }
  const md5 = input['ContentMD5'] as string | undefined;
  if (md5 !== undefined && md5 !== base64('md5', body)) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const kept: Record<string, string> = {};
  for (const [member, compute] of Object.entries(computed)) {
    const given = input[member] as string | undefined;
    if (given === undefined) continue;
    if (given !== compute(body)) {
      throw new AwsError('BadDigest', `The ${member.slice('Checksum'.length)} you specified did not match the calculated checksum.`);
    }
    kept[member] = given;
  }
  return kept;
}

/** The checksum of whole bodies, or of their checksums: then the number of parts stands behind it. */
export function compositeChecksum(member: string, bodies: readonly Uint8Array[], ofParts: boolean): Record<string, string> {
  const compute = computed[member];
  if (compute === undefined) throw new UnsupportedError(`s3: ${member} is not supported. Use CRC32, SHA1 or SHA256.`);
  if (!ofParts) return { [member]: compute(new Uint8Array(Buffer.concat(bodies))) };
  const digests = Buffer.concat(bodies.map((body) => Buffer.from(compute(body), 'base64')));
  return { [member]: `${compute(digests)}-${bodies.length}` };
}

export const etagOf = (body: Uint8Array): string => `"${createHash('md5').update(body).digest('hex')}"`;
