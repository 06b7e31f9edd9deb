import type { DriftPolicy } from '../../core/contracts';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { createProfiler, createSampler, mergeProfiles, type Sample, type Sampler } from '../../core/drift/count';
import { policyWithBaseline } from '../../core/drift/fit';
import { mergeQualityCounts, type QualityCounts } from '../../core/drift/judge';
import type { JobPart } from '../../core/drift/look/due';
import type { CaptureObject } from '../../core/drift/look/objects';
import { readTruth, type Truth } from '../../core/drift/look/truth';
import { createCaptureReader } from '../../core/drift/read/capture-reader';
import type { DriftBaseline, Profile } from '../../core/drift/types';
import type { Bucket } from '../shared/bucket';
import { existingBaseline } from './baseline-file';
import type { DriftParts } from './parts';
import { labelsOf } from './quality-read';
import { readObjects } from './read-objects';
import { existingPolicy } from './release-policy';
import { sampleRowsOf } from './sample-size';

/** What many functions read together: an hour's profile, a sample for the baseline, or the answers whose truth is known. */
export interface Job {
  kind: 'profile' | 'sample' | 'labels';
  /** Also the execution's name, and the folder of the parts. */
  id: string;
  releaseId: string;
  hour: number;
  digest: string;
  /** Records from before are another release's. */
  fromMillis: number;
  untilMillis?: number;
  /** Key of the baseline whose layout is counted by, or that is to be made. */
  baselineKey: string;
  /** Key of the policy that is gone by. */
  policyKey: string;
  /** Of `profile`: what counting depends on. */
  rules: string;
  parts: number;
  groups: { group: number; from: number; to: number }[];
}

export type JobScope = Pick<Job, 'kind' | 'fromMillis' | 'untilMillis' | 'baselineKey'>;
/** What a part, a group of them, or all of them gave. */
export type Piece = Profile | Sample | QualityCounts;

const PIECES_AT_A_TIME = 8;

const folderOf = ({ id }: Pick<Job, 'id'>): string => `${DRIFT_FOLDERS.parts}/${id}`;
export const manifestKey = (job: Pick<Job, 'id'>): string => `${folderOf(job)}/manifest.json`;
export const truthsKey = (job: Pick<Job, 'id'>): string => `${folderOf(job)}/truths.jsonl`;
const partKey = (job: Job, part: number): string => `${folderOf(job)}/part-${part}.json`;
const groupKey = (job: Job, group: number): string => `${folderOf(job)}/group-${group}.json`;

/** One part. Read again, it is written again as it was. */
export async function readPart(parts: DriftParts, job: Job, { part, objects }: JobPart): Promise<{ part: number; rows: number }> {
  const policy = await existingPolicy(parts.bucket, job.policyKey);
  const truths = job.kind === 'labels' ? await truthsOf(parts.bucket, job) : undefined;
  const { piece, rows } = await pieceOf(parts, policy, job, objects, { truths });
  await parts.bucket.put(partKey(job, part), JSON.stringify(piece));
  return { part, rows };
}

export async function mergeGroup(parts: DriftParts, job: Job, { group, from, to }: { group: number; from: number; to: number }) {
  const keys = Array.from({ length: to - from }, (_, index) => partKey(job, from + index));
  const piece = await mergedOf(parts, job, keys);
  await parts.bucket.put(groupKey(job, group), JSON.stringify(piece));
  return { group };
}

/** The root of the tree. */
export const mergeAll = (parts: DriftParts, job: Job): Promise<Piece> =>
  mergedOf(
    parts,
    job,
    job.groups.map(({ group }) => groupKey(job, group)),
  );

/** Reads files as the job's kind asks. Of `profile` the layout is needed, of `labels` the truths. */
export async function pieceOf(
  parts: Pick<DriftParts, 'captures' | 'bucket'>,
  policy: DriftPolicy,
  scope: JobScope,
  objects: CaptureObject[],
  { baseline, truths }: { baseline?: DriftBaseline; truths?: Map<string, Truth> },
): Promise<{ piece: Piece; rows: number }> {
  const { fromMillis, untilMillis } = scope;
  const options = { fromMillis, ...(untilMillis === undefined ? {} : { untilMillis }) };
  if (scope.kind === 'labels') return labelsOf(parts.captures, policy, objects, truths ?? new Map(), options);
  if (scope.kind === 'sample') {
    const sampler = createSampler(policy, sampleRowsOf(policy));
    const reader = createCaptureReader(policy, (row) => sampler.add(row), options);
    await readObjects(parts.captures, objects, reader);
    reader.finish();
    return { piece: sampler.sample(), rows: reader.rows };
  }
  const known = baseline ?? (await existingBaseline(parts.bucket, scope.baselineKey));
  const profiler = createProfiler(known.layout, policyWithBaseline(policy, known));
  const reader = createCaptureReader(policy, (row) => profiler.add(row), options);
  await readObjects(parts.captures, objects, reader);
  return { piece: profiler.profile(reader.finish()), rows: reader.rows };
}

async function mergedOf(parts: DriftParts, job: Job, keys: string[]): Promise<Piece> {
  const sampler = await samplerOf(parts.bucket, job);
  let merged: Piece | undefined;
  // Samples are large where texts are watched.
  const atATime = sampler === undefined ? PIECES_AT_A_TIME : 1;
  for (let start = 0; start < keys.length; start += atATime) {
    const pieces = await Promise.all(keys.slice(start, start + atATime).map((key) => pieceAt(parts.bucket, key)));
    if (sampler !== undefined) for (const piece of pieces) sampler.merge(piece as Sample);
    else if (job.kind === 'labels') merged = mergeQualityCounts([...before(merged), ...pieces] as QualityCounts[]);
    else merged = mergeProfiles([...before(merged), ...pieces] as Profile[]);
  }
  const result = sampler?.sample() ?? merged;
  if (result === undefined) throw new Error(`Job ${job.id} has no parts: the look that started it found files`);
  return result;
}

async function samplerOf(bucket: Bucket, { kind, policyKey }: Job): Promise<Sampler | undefined> {
  if (kind !== 'sample') return undefined;
  const policy = await existingPolicy(bucket, policyKey);
  return createSampler(policy, sampleRowsOf(policy));
}

const before = (piece: Piece | undefined): Piece[] => (piece === undefined ? [] : [piece]);

async function pieceAt(bucket: Bucket, key: string): Promise<Piece> {
  const stored = await bucket.read(key);
  if (stored === undefined) throw new Error(`${bucket.uri(key)} is not there: the part before was not read, or has expired`);
  return JSON.parse(stored.text) as Piece;
}

async function truthsOf(bucket: Bucket, job: Job): Promise<Map<string, Truth>> {
  const stored = await bucket.read(truthsKey(job));
  if (stored === undefined) throw new Error(`${bucket.uri(truthsKey(job))} is not there: the look that starts the job writes it`);
  const truths = new Map<string, Truth>();
  readTruth(stored.text, truths);
  return truths;
}
