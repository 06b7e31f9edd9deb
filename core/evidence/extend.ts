import type { EvidenceBundle, SignedHead } from '../contracts';
import type { StoredObject } from './audit';
import { checkBundle } from './check-bundle';
import { placeOf } from './places';
import { readBundle } from './read';

/** Whether a bundle goes on where the last head ends: only then is it signed. Throws in words what does not fit. */
export function extendChain(useCase: string, stored: StoredObject, last: SignedHead | undefined): EvidenceBundle {
  const place = placeOf(stored.key);
  const sequence = (last?.sequence ?? 0) + 1;
  if (place?.kind !== 'bundle' || place.sequence !== sequence) throw refusal(stored.key, `the next place of the chain is ${sequence}`);
  const read = readBundle(stored.bytes);
  if (!read.ok) throw refusal(stored.key, read.why);
  const findings = checkBundle(read.value, stored, { sequence, releaseId: place.releaseId, useCase, previous: last?.bundleSha256 });
  if (findings.length > 0) throw refusal(stored.key, findings.map(({ words }) => words).join('; '));
  return read.value;
}

function refusal(key: string, why: string): Error {
  const error = new Error(
    `${key} is not signed: ${why}. Somebody else than the release workflow wrote it, or wrote an earlier one: sluice audit says where.`,
  );
  error.name = 'BrokenChain';
  return error;
}
