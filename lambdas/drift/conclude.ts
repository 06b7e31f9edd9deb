import type { Sample } from '../../core/drift/count';
import type { QualityCounts } from '../../core/drift/judge';
import type { Profile } from '../../core/drift/types';
import { logger } from '../shared/telemetry';
import { type BaselineNotes, learned, type Learning } from './baseline';
import { baselineAt } from './baseline-file';
import { type Job, mergeAll } from './job';
import { type LookReport, lookAtDrift } from './look';
import type { DriftParts } from './parts';
import type { Profiles } from './profiles';
import { keepJoined } from './quality';
import { existingPolicy } from './release-policy';

/** All parts have been read: what they are together is kept, and looked at. */
export async function conclude(parts: DriftParts, profiles: Profiles, job: Job): Promise<LookReport> {
  const learning = await keep(parts, profiles, job);
  return lookAtDrift(parts, profiles, learning);
}

async function keep(parts: DriftParts, profiles: Profiles, job: Job): Promise<Learning | undefined> {
  const { kind, releaseId, hour, digest, rules } = job;
  const piece = await mergeAll(parts, job);
  if (kind === 'labels') {
    await keepJoined(parts, await existingPolicy(parts.bucket, job.policyKey), releaseId, hour, piece as QualityCounts, digest);
    return undefined;
  }
  if (kind === 'sample') return keepSample(parts, job, piece as Sample);
  const profile = piece as Profile;
  const kept = (await profiles.read(releaseId, rules, hour, hour)).get(hour);
  if (kept?.profile?.digest === digest) return undefined;
  const written = await profiles.write({ releaseId, rules, hour }, digest, profile, kept);
  if (written === undefined) logger.info('Somebody else has written the profile', { releaseId, hour });
  return undefined;
}

async function keepSample(
  parts: DriftParts,
  { releaseId, fromMillis, untilMillis = 0, baselineKey, policyKey }: Job,
  sample: Sample,
): Promise<Learning | undefined> {
  const policy = await existingPolicy(parts.bucket, policyKey);
  const notes: Pick<BaselineNotes, 'learning'> = {};
  const made = learned(policy, { releaseId, sinceMillis: fromMillis }, notes, sample, untilMillis, parts.now());
  if ('learning' in made) return notes.learning;
  const { etag, baseline } = await baselineAt(parts.bucket, baselineKey);
  if (baseline === undefined) await parts.bucket.put(baselineKey, JSON.stringify(made.baseline), etag === undefined ? 'absent' : { etag });
  return undefined;
}
