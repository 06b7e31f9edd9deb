import { decidedAt } from '../../core/drift/look/decided';
import { dueHours, LATE_HOURS } from '../../core/drift/look/due';
import { byHour, type CaptureObject, folderOfHour, hourName, hourOfName } from '../../core/drift/look/objects';
import { drawn, MOST_LABELS } from '../../core/drift/look/quality-join';
import { readTruth, type Truth, truthLineOf } from '../../core/drift/look/truth';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import type { Bucket } from '../shared/bucket';
import { readTruthFiles } from '../shared/truths';
import { type DriftParts, hasTime } from './parts';
import { parsed } from './profiles';

const FOLDER = `${DRIFT_FOLDERS.quality}/truth/`;
/** Hour of arrival → digest of the files that were read. */
const READ = `${FOLDER}read.json`;
/** Of ids that do not say when their decision was made. */
const ANY = 'any';
const FILES_AT_A_TIME = 16;

const keyOf = (decided: number | typeof ANY, arrival: number, index: number | '' = ''): string =>
  `${FOLDER}${decided === ANY ? ANY : hourName(decided)}/${hourName(arrival)}${index === '' ? '' : `/${index}.jsonl`}`;

/**
 * Puts truth that has arrived under the hour of its decision: an hour's answers are joined with their own truth then, not with all that came
 * within its window. Each file is read once; hours of arrival whose files have changed are read anew.
 */
export async function indexTruths(parts: DriftParts, hour: number, since: number): Promise<void> {
  const { bucket } = parts;
  const root = `${DRIFT_FOLDERS.truth}/`;
  const before = await readMarks(bucket);
  // After a pause all that has come since; of what was read before, two days.
  const from = before.size === 0 ? since : Math.max(since, Math.min(Math.max(...before.keys()), hour - LATE_HOURS));
  const listed = await bucket.list(root, `${root}${folderOfHour(from)}`, `${root}${folderOfHour(hour + 2)}`);
  const due = dueHours(byHour(listed, from, hour + 1), new Map([...before].map(([at, digest]) => [at, { digest }])));
  // The oldest first: where time is over, the next look goes on from the last mark.
  for (const { hour: arrival, digest, objects } of due.toReversed()) {
    if (!hasTime(parts)) break;
    for (const [index, keys] of chunksOf(objects).entries()) await indexFiles(bucket, arrival, index, keys);
    before.set(arrival, digest);
    await writeMarks(bucket, before, hour);
  }
}

/** So much is held in memory at a time. */
const CHUNK_BYTES = 32 * 1024 * 1024;

function chunksOf(objects: CaptureObject[]): string[][] {
  const chunks: string[][] = [];
  let bytes = CHUNK_BYTES;
  for (const { key, size } of objects) {
    if (bytes + size > CHUNK_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(key);
    bytes += size;
  }
  return chunks;
}

/** Read anew with another file between them, chunks overlap: of a truth that stands twice one is read. */
async function indexFiles(bucket: Bucket, arrival: number, index: number, keys: string[]): Promise<void> {
  const { truths } = await readTruthFiles(bucket, keys);
  const lines = new Map<string, string[]>();
  const add = (key: string, line: string): void => {
    const known = lines.get(key);
    if (known === undefined) lines.set(key, [line]);
    else known.push(line);
  };
  for (const [id, truth] of truths) {
    const decided = decidedAt(id);
    const line = truthLineOf(id, truth);
    add(keyOf(decided?.hour ?? ANY, arrival, index), line);
    if (decided?.isAtEnd === true) add(keyOf(decided.hour + 1, arrival, index), line);
  }
  const files = [...lines];
  for (let start = 0; start < files.length; start += FILES_AT_A_TIME) {
    await Promise.all(files.slice(start, start + FILES_AT_A_TIME).map(([key, own]) => bucket.put(key, own.join('\n'))));
  }
}

/** What arrived until an hour, that one included, of decisions of another one; at most so many, always the same. */
export async function truthsOfHour({ bucket }: DriftParts, decided: number, until: number): Promise<Map<string, Truth>> {
  const folders = [
    await bucket.list(`${FOLDER}${hourName(decided)}/`, undefined, keyOf(decided, until + 1)),
    await bucket.list(`${FOLDER}${ANY}/`, keyOf(ANY, decided), keyOf(ANY, until + 1)),
  ];
  let truths = new Map<string, Truth>();
  for (const { key } of folders.flat()) {
    readTruth((await bucket.read(key))?.text ?? '', truths);
    // Those with the smallest hashes of all are among those of each part.
    if (truths.size > 4 * MOST_LABELS) truths = new Map(drawn(truths));
  }
  return drawn(truths);
}

async function readMarks(bucket: Bucket): Promise<Map<number, string>> {
  const stored = parsed((await bucket.read(READ))?.text ?? '');
  const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
  return new Map(entries.map(([name, digest]) => [hourOfName(name), String(digest)]));
}

async function writeMarks(bucket: Bucket, marks: Map<number, string>, hour: number): Promise<void> {
  const newest = Math.max(...marks.keys());
  const kept = [...marks].filter(([at]) => at === newest || at > hour - 2 * LATE_HOURS).sort(([one], [other]) => one - other);
  await bucket.put(READ, JSON.stringify(Object.fromEntries(kept.map(([at, digest]) => [hourName(at), digest]))));
}
