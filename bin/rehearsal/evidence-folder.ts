import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { placeOf, publicKeyKey } from '../../core/evidence';
import { BadInputError } from '../../core/errors';
import type { Rehearsal } from '../../rehearsal';

/** Before anything runs: a rehearsal takes minutes, and evidence is not written over. */
export function refuseEvidenceFolder(folder: string | undefined): void {
  if (folder === undefined) return;
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isDirectory() && readdirSync(folder).length === 0)) return;
  throw new BadInputError(
    `sluice rehearse: --evidence is ${stats.isDirectory() ? 'a folder that is not empty' : 'no folder'}: ${folder}\n  allowed: a folder that does not exist yet, or is empty`,
  );
}

/** The evidence bucket of each rehearsal, as `sluice audit --folder` reads it. Gives the folders, in order of the rehearsals. */
export function writeEvidence(folder: string, rehearsals: Rehearsal[]): string[] {
  return rehearsals.map(({ result, evidence }) => {
    const of = rehearsals.length === 1 ? folder : path.join(folder, result.scenario);
    const { objects, publicKeys } = evidence ?? { objects: [], publicKeys: {} };
    for (const { key, bytes } of objects) if (placeOf(key) !== undefined) write(path.join(of, key), bytes);
    for (const [keyArn, pem] of Object.entries(publicKeys)) write(path.join(of, publicKeyKey(keyArn)), pem);
    return of;
  });
}

function write(file: string, content: Uint8Array | string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
