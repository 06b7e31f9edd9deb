import type { DriftPolicy } from '../../core/contracts';
import { mergeQualityCounts, type QualityCounts } from '../../core/drift/judge';
import { isSmall, KEPT_HOURS } from '../../core/drift/look/due';
import { folderOfHour, type HourCaptures, hourOfKey } from '../../core/drift/look/objects';
import { matureHour, truthHours } from '../../core/drift/look/quality-join';
import { type Truth, truthLineOf } from '../../core/drift/look/truth';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { canonicalJson, sha256Hex } from '../../core/hash';
import type { WriteCondition } from '../shared/bucket';
import { logger } from '../shared/telemetry';
import { beginJob, type Jobs } from './begin-job';
import { pieceOf } from './job';
import { type DriftParts, hasTime } from './parts';
import { parsed } from './profiles';
import { CapturesChanged } from './read-objects';
import { listHours, sinceHourOf, type Stable } from './stable';
import { indexTruths, truthsOfHour } from './truth-index';

/** Measures are those of so many hours; where they have too few labels, of a week. */
const USUAL_HOURS = 24;

interface KeptCounts extends QualityCounts {
  digest: string;
}

export interface QualityNow {
  counts?: QualityCounts;
  windowHours: number;
}

/** Below the truth rules, so that another prediction or kind of truth is counted anew. */
function qualityFolder({ truth, features }: DriftPolicy, releaseId: string): string {
  const watched = features.filter(({ name }) => name === truth?.prediction || name === truth?.confidence);
  const rules = { kind: truth?.kind, positive: truth?.positive, windowMinutes: truth?.windowMinutes, watched };
  return `${DRIFT_FOLDERS.quality}/${releaseId}/${sha256Hex(canonicalJson(rules)).slice(0, 16)}/`;
}

const keyOf = (folder: string, hour: number): string => `${folder}${folderOfHour(hour).slice(0, -1)}.json`;

/** How good the answers were whose truth is known by now. Hours that have become mature are joined first, the newest before the others. */
export async function currentQuality(
  parts: DriftParts,
  policy: DriftPolicy,
  stable: Stable,
  hour: number,
  jobs: Jobs,
  policyKey: string,
): Promise<QualityNow> {
  const { truth } = policy;
  if (truth === undefined) return { windowHours: USUAL_HOURS };
  const to = matureHour(hour, truth);
  const from = Math.max(to - KEPT_HOURS + 1, sinceHourOf(stable));
  if (to < from) return { windowHours: USUAL_HOURS };
  const folder = qualityFolder(policy, stable.releaseId);
  const kept = await readKept(parts, folder, from, to);
  const wanted = Array.from({ length: to - from + 1 }, (_, index) => to - index);
  const missing = wanted.filter((at) => !kept.has(at));
  if (missing.length > 0 && hasTime(parts)) {
    await indexTruths(parts, hour, from);
    const captures = await listHours(parts, stable, missing.at(-1) as number, missing[0] as number);
    for (const at of missing) {
      if (!hasTime(parts)) break;
      const counts = await join(parts, { policy, policyKey, stable, jobs }, captures.get(at), at);
      if (counts === undefined) continue;
      await keepCounts(parts, keyOf(folder, at), counts);
      kept.set(at, counts);
    }
  }
  return measured(kept, to, truth.minimumLabels);
}

function measured(kept: Map<number, KeptCounts>, to: number, minimumLabels: number): QualityNow {
  const over = (hours: number): QualityCounts[] => [...kept].filter(([at]) => at > to - hours).map(([, counts]) => counts);
  for (const windowHours of [USUAL_HOURS, KEPT_HOURS]) {
    const found = over(windowHours);
    if (found.length === 0) continue;
    const counts = mergeQualityCounts(found);
    if (counts.labels >= minimumLabels) return { counts, windowHours };
  }
  return { windowHours: USUAL_HOURS };
}

/** Undefined: read by many, or at the next look. An hour without captures or without truth has no labels, and is done with. */
async function join(
  parts: DriftParts,
  { policy, policyKey, stable, jobs }: { policy: DriftPolicy; policyKey: string; stable: Stable; jobs: Jobs },
  captures: HourCaptures | undefined,
  hour: number,
): Promise<KeptCounts | undefined> {
  const { truth } = policy;
  if (truth === undefined) return undefined;
  const objects = captures?.objects ?? [];
  const scope = { kind: 'labels' as const, fromMillis: stable.sinceMillis, baselineKey: '' };
  const used = objects.length === 0 ? new Map<string, Truth>() : await truthsOfHour(parts, hour, hour + truthHours(truth));
  if (isSmall({ objects }) || used.size === 0) {
    try {
      const { piece } = await pieceOf(parts, policy, scope, used.size === 0 ? [] : objects, { truths: used });
      return { ...(piece as QualityCounts), digest: captures?.digest ?? '' };
    } catch (error) {
      if (!(error instanceof CapturesChanged)) throw error;
      logger.warn('Captures changed while truth was joined', { hour, error });
      return undefined;
    }
  }
  const lines = [...used].map(([id, one]) => truthLineOf(id, one)).join('\n');
  const digest = captures?.digest ?? '';
  await beginJob(parts, jobs, { ...scope, releaseId: stable.releaseId, hour, digest, policyKey, rules: '', objects, truths: lines });
  return undefined;
}

/** What many functions counted. */
export async function keepJoined(
  parts: DriftParts,
  policy: DriftPolicy,
  releaseId: string,
  hour: number,
  counts: QualityCounts,
  digest: string,
) {
  await keepCounts(parts, keyOf(qualityFolder(policy, releaseId), hour), { ...counts, digest });
}

/** The same counts whoever writes them: what stands there already stays. */
async function keepCounts({ bucket }: DriftParts, key: string, counts: KeptCounts): Promise<void> {
  const { etag } = (await bucket.read(key)) ?? {};
  const condition: WriteCondition = etag === undefined ? 'absent' : { etag };
  await bucket.put(key, JSON.stringify(counts), condition);
}

async function readKept({ bucket }: DriftParts, folder: string, from: number, to: number): Promise<Map<number, KeptCounts>> {
  const listed = await bucket.list(folder, keyOf(folder, from - 1), keyOf(folder, to + 1));
  const kept = new Map<number, KeptCounts>();
  const read = await Promise.all(listed.map(async ({ key }) => ({ key, stored: await bucket.read(key) })));
  for (const { key, stored } of read) {
    const hour = hourOfKey(key.replace(/\.json$/, '/x'));
    const counts = parsed(stored?.text ?? '') as Partial<KeptCounts> | null | undefined;
    if (hour !== undefined && typeof counts?.labels === 'number' && Array.isArray(counts.calibration)) kept.set(hour, counts as KeptCounts);
    else logger.warn('Labels of an hour cannot be read: they are counted anew', { key });
  }
  return kept;
}
