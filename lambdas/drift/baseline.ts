import type { DriftPolicy } from '../../core/contracts';
import { canonicalJson, sha256Hex } from '../../core/hash';
import type { Sample } from '../../core/drift/count';
import { fitBaseline } from '../../core/drift/fit';
import { isSmall } from '../../core/drift/look/due';
import { bytesOf } from '../../core/drift/look/objects';
import { DRIFT_FOLDERS, hourOfMillis } from '../../core/drift/places';
import type { DriftBaseline } from '../../core/drift/types';
import { beginJob, type Jobs } from './begin-job';
import { baselineAt } from './baseline-file';
import { pieceOf } from './job';
import { type DriftParts, hasTime, iso } from './parts';
import { retrainedBaseline } from './retrained-baseline';
import { listHours, type Stable } from './stable';

export interface KnownBaseline {
  baseline: DriftBaseline;
  key: string;
}

/** `learning`: it will come by itself; `problem`: somebody must do something. */
export type BaselineFound = KnownBaseline | { learning: string } | { problem: string };

/** What is kept of a release whose first days are learned. */
export interface Learning {
  releaseId: string;
  /** Days beyond those of the charter, since there were too few rows. */
  extraDays: number;
}

export interface BaselineNotes {
  jobs: Jobs;
  learning?: Learning;
}

const DAY_MILLIS = 24 * 3_600_000;

/** Settings that make another baseline: thresholds, limits and windows do not. */
export function baselineKeyOf(policy: DriftPolicy, releaseId: string): string {
  const { features, csv, baseline, rhythm, joint, groups } = policy;
  const watched = features.map(({ name, side, path, kind, derive }) => ({ name, side, path, kind, derive }));
  const counted = groups === undefined ? undefined : { by: groups.by, outcome: groups.outcome, favourable: groups.favourable };
  const hash = sha256Hex(canonicalJson({ watched, csv, baseline, rhythm, joint, counted })).slice(0, 16);
  return `${DRIFT_FOLDERS.baselines}/${baseline.kind === 'first-days' ? `${releaseId}-` : ''}${hash}.json`;
}

/** The model's own where retraining left one, else the charter's; made where it does not stand yet. */
export async function findBaseline(
  parts: DriftParts,
  policy: DriftPolicy,
  stable: Stable,
  notes: BaselineNotes,
  policyKey: string,
): Promise<BaselineFound> {
  const found = await anyBaseline(parts, policy, stable, notes, policyKey);
  if (!('baseline' in found) || found.baseline.profile.rows >= policy.minimumRows) return found;
  const { rows } = found.baseline.profile;
  return { problem: `the baseline ${parts.bucket.uri(found.key)} has ${rows} rows, at least ${policy.minimumRows} are needed` };
}

/** Features of the layout that the baseline has no usable values of: whatever comes, it cannot be compared. */
export const notCompared = ({ layout, profile }: DriftBaseline): string[] =>
  layout.features.flatMap(({ name }, index) => ((profile.features[index]?.cells ?? []).some((count) => count > 0) ? [] : [name]));

async function anyBaseline(
  parts: DriftParts,
  policy: DriftPolicy,
  stable: Stable,
  notes: BaselineNotes,
  policyKey: string,
): Promise<BaselineFound> {
  const retrained = await retrainedBaseline(parts, policy, stable);
  if (retrained !== undefined) return retrained;
  const key = baselineKeyOf(policy, stable.releaseId);
  const { baseline, etag } = await baselineAt(parts.bucket, key);
  if (baseline !== undefined) return { baseline, key };
  const made = await makeBaseline(parts, policy, stable, notes, { key, policyKey });
  if ('learning' in made || 'problem' in made) return made;
  await parts.bucket.put(key, JSON.stringify(made.baseline), etag === undefined ? 'absent' : { etag });
  return { baseline: made.baseline, key };
}

async function makeBaseline(
  parts: DriftParts,
  policy: DriftPolicy,
  stable: Stable,
  notes: BaselineNotes,
  keys: { key: string; policyKey: string },
): Promise<{ baseline: DriftBaseline } | { learning: string } | { problem: string }> {
  if (policy.baseline.kind === 'first-days') return learn(parts, policy, stable, notes, keys);
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- readers of tables are loaded once in the life of a baseline, not at every start
  const { fittedFromFile } = require('./baseline-source') as typeof import('./baseline-source');
  return fittedFromFile(parts, policy);
}

async function learn(
  parts: DriftParts,
  policy: DriftPolicy,
  stable: Stable,
  notes: BaselineNotes,
  { key, policyKey }: { key: string; policyKey: string },
): Promise<{ baseline: DriftBaseline } | { learning: string } | { problem: string }> {
  if (policy.baseline.kind !== 'first-days') throw new Error('The baseline is not learned from traffic');
  const extraDays = notes.learning?.releaseId === stable.releaseId ? notes.learning.extraDays : 0;
  const untilMillis = stable.sinceMillis + (policy.baseline.days + extraDays) * DAY_MILLIS;
  // Files come some minutes after what they hold.
  if (parts.now() < untilMillis + 3_600_000)
    return { learning: `the first days of ${stable.releaseId} are learned until ${iso(untilMillis)}` };
  const hours = await listHours(parts, stable, hourOfMillis(stable.sinceMillis), hourOfMillis(untilMillis));
  const objects = [...hours.values()].flatMap((hour) => hour.objects);
  const scope = { kind: 'sample' as const, fromMillis: stable.sinceMillis, untilMillis, baselineKey: key };
  if (!isSmall({ objects })) {
    const digest = sha256Hex([...hours.values()].map((hour) => hour.digest).join('\n')).slice(0, 32);
    const wish = { ...scope, releaseId: stable.releaseId, hour: hourOfMillis(untilMillis), digest, policyKey, rules: '', objects };
    const begun = await beginJob(parts, notes.jobs, wish);
    const days = `the first days of ${stable.releaseId} (${objects.length} files, ${bytesOf(objects)} bytes)`;
    if (begun === 'running') return { learning: `${days} are being read` };
    return { problem: `${days} could not be read in three attempts: the executions of the drift job say why` };
  }
  if (!hasTime(parts)) return { learning: `the first days of ${stable.releaseId} are read at the next look` };
  const { piece } = await pieceOf(parts, policy, scope, objects, {});
  return learned(policy, stable, notes, piece as Sample, untilMillis, parts.now());
}

/** Too few rows: so many days more, from the first on, as pass until the next look can try again. */
export function learned(
  policy: DriftPolicy,
  { releaseId, sinceMillis }: Pick<Stable, 'releaseId' | 'sinceMillis'>,
  notes: Pick<BaselineNotes, 'learning'>,
  sample: Sample,
  untilMillis: number,
  nowMillis: number,
): { baseline: DriftBaseline } | { learning: string } {
  if (policy.baseline.kind !== 'first-days') throw new Error('The baseline is not learned from traffic');
  if (sample.rows.length < policy.minimumRows) {
    const extraDays = Math.ceil((nowMillis - sinceMillis) / DAY_MILLIS) - policy.baseline.days;
    notes.learning = { releaseId, extraDays: Math.max(1, extraDays) };
    return {
      learning: `the first days of ${releaseId} have ${sample.rows.length} of ${policy.minimumRows} rows: a day more is learned`,
    };
  }
  const source = { kind: 'first-days', from: iso(sinceMillis), to: iso(untilMillis), releaseId };
  return { baseline: fitBaseline(sample, policy, source) };
}
