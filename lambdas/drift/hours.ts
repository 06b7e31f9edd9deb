import type { DriftPolicy } from '../../core/contracts';
import { dueHours, isSmall } from '../../core/drift/look/due';
import { type HourCaptures, hourName } from '../../core/drift/look/objects';
import type { DriftBaseline, Profile } from '../../core/drift/types';
import { logger } from '../shared/telemetry';
import { beginJob, type Jobs } from './begin-job';
import { pieceOf } from './job';
import { type DriftParts, hasTime } from './parts';
import { type KeptHour, type Profiles, rulesOf } from './profiles';
import { CapturesChanged } from './read-objects';
import type { Stable } from './stable';

export interface Refreshed {
  kept: Map<number, KeptHour>;
  /** Hours that have files which nobody has read yet. */
  pending: Set<number>;
  /** Hours that could not be read. */
  givenUp: Set<number>;
}

export interface RefreshInput {
  policy: DriftPolicy;
  /** Where it is kept. */
  policyKey: string;
  stable: Stable;
  baseline: DriftBaseline;
  baselineKey: string;
  captures: Map<number, HourCaptures>;
  fromHour: number;
  hour: number;
  jobs: Jobs;
}

/** Reads hours whose files have changed: small ones here and now, large ones by the job machine. What there is no time for is left. */
export async function refreshHours(parts: DriftParts, profiles: Profiles, input: RefreshInput): Promise<Refreshed> {
  const { policy, baseline, stable, captures, fromHour, hour } = input;
  const kept = await profiles.read(stable.releaseId, rulesOf(policy, baseline), fromHour, hour);
  const digests = new Map([...kept].flatMap(([at, { profile }]) => (profile === undefined ? [] : [[at, profile] as const])));
  const refreshed: Refreshed = { kept, pending: new Set(), givenUp: new Set() };
  for (const due of dueHours(captures, digests)) {
    const fate = isSmall(due) ? await readNow(parts, profiles, input, due, kept) : await readByMany(parts, input, due);
    if (fate === 'pending') refreshed.pending.add(due.hour);
    if (fate === 'given-up') refreshed.givenUp.add(due.hour);
  }
  return refreshed;
}

type Fate = 'done' | 'pending' | 'given-up';

async function readNow(
  parts: DriftParts,
  profiles: Profiles,
  { policy, stable, baseline, baselineKey }: RefreshInput,
  due: HourCaptures,
  kept: Map<number, KeptHour>,
): Promise<Fate> {
  if (!hasTime(parts)) return 'pending';
  try {
    const scope = { kind: 'profile' as const, fromMillis: stable.sinceMillis, baselineKey };
    const place = { releaseId: stable.releaseId, rules: rulesOf(policy, baseline), hour: due.hour };
    const { piece } = await pieceOf(parts, policy, scope, due.objects, { baseline });
    const written = await profiles.write(place, due.digest, piece as Profile, kept.get(due.hour));
    if (written === undefined) return 'pending';
    kept.set(due.hour, written);
    return 'done';
  } catch (error) {
    if (!(error instanceof CapturesChanged)) throw error;
    logger.warn('Captures changed while they were read', { hour: hourName(due.hour), error });
    return 'pending';
  }
}

async function readByMany(parts: DriftParts, input: RefreshInput, due: HourCaptures): Promise<Fate> {
  const { policy, policyKey, stable, baseline, baselineKey, jobs } = input;
  const { hour, digest, objects } = due;
  const { releaseId, sinceMillis: fromMillis } = stable;
  const rules = rulesOf(policy, baseline);
  const wish = { kind: 'profile' as const, releaseId, hour, digest, fromMillis, baselineKey, policyKey, rules, objects };
  return (await beginJob(parts, jobs, wish)) === 'running' ? 'pending' : 'given-up';
}
