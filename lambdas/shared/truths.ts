import { DRIFT_FOLDERS, hourFolder } from '../../core/drift/places';
import { readTruth, type Truth } from '../../core/drift/look/truth';
import type { Bucket } from './bucket';

const FILES_AT_A_TIME = 16;

/** What arrived in the hours from one time to another, by decision id; of corrections the newest. Returns also how many lines were bad. */
export async function readTruths(
  bucket: Bucket,
  fromMillis: number,
  toMillis: number,
  truths: Map<string, Truth> = new Map(),
): Promise<{ truths: Map<string, Truth>; bad: number }> {
  const root = `${DRIFT_FOLDERS.truth}/`;
  const before = `${root}${hourFolder(toMillis)}0`;
  // `/` comes before `0`: every file of the last hour is before it, every file of later hours after it.
  const files = await bucket.list(root, `${root}${hourFolder(fromMillis)}/`, before);
  return readTruthFiles(
    bucket,
    files.map(({ key }) => key),
    truths,
  );
}

export async function readTruthFiles(
  bucket: Bucket,
  keys: string[],
  truths: Map<string, Truth> = new Map(),
): Promise<{ truths: Map<string, Truth>; bad: number }> {
  let bad = 0;
  for (let start = 0; start < keys.length; start += FILES_AT_A_TIME) {
    const texts = await Promise.all(keys.slice(start, start + FILES_AT_A_TIME).map((key) => bucket.read(key)));
    for (const stored of texts) bad += readTruth(stored?.text ?? '', truths);
  }
  return { truths, bad };
}
