import type { DriftLook, DriftMute, DriftPolicy, DriftWindow, QualityMeasure } from '../../core/contracts';
import { qualityFindings, qualityOf, stateOf } from '../../core/drift/judge';
import { KEPT_HOURS, LATE_HOURS, listedFrom } from '../../core/drift/look/due';
import { hourName, startOfHour } from '../../core/drift/look/objects';
import { DRIFT_FOLDERS, hourFolder, hourOfMillis } from '../../core/drift/places';
import { decideTelling, type Notice, type Telling } from '../../core/drift/look/telling';
import { logger } from '../shared/telemetry';
import { type BaselineNotes, findBaseline, type KnownBaseline, type Learning } from './baseline';
import { withoutOldJobs } from './begin-job';
import { refreshHours, type Refreshed } from './hours';
import { type JudgedWindow, judgeWindows, withExamples, withFindings } from './judge';
import { driftMetrics } from './metrics';
import { isMissing } from '../../core/drift/look/missing';
import { currentMovement } from './movement';
import { deleteOver, readMutes } from './mutes-store';
import { type DriftParts, iso } from './parts';
import type { Profiles } from './profiles';
import { currentQuality } from './quality';
import { writeReport } from './report';
import { listHours, readStable, sinceHourOf, type Stable } from './stable';
import { type DriftState, readState, settleOwed, writeState } from './state';
import { shortenedLook, shortenedNotice, tell } from './tell';

export type LookReport = { state: DriftLook['state']; hour: string; told: string[] } | { skipped: string };

/** As long as a function may run: whoever died telling is past it. */
const CLAIM_MILLIS = 900_000;
const MOST_ATTEMPTS = 3;
/** While an hour is read by many, the one before is judged; no longer than this. */
const MOST_WAITED_HOURS = 6;

/** What one look found out. */
interface Seen {
  look: DriftLook;
  judged: JudgedWindow[];
  missing: boolean;
  state: Omit<DriftState, 'version' | 'memory' | 'owed' | 'look' | 'claimedUntil'>;
  baseline?: KnownBaseline;
}

/** One look at the hour before, and everything that follows from it. Made again, it finds the same and tells nobody twice. */
export async function lookAtDrift(parts: DriftParts, profiles: Profiles, learning?: Learning): Promise<LookReport> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const report = await attemptLook(parts, profiles, learning);
    if (report !== undefined) return report;
  }
  return { skipped: `other looks were faster ${MOST_ATTEMPTS} times: what they saw stands` };
}

async function attemptLook(parts: DriftParts, profiles: Profiles, learning: Learning | undefined): Promise<LookReport | undefined> {
  const before = await readState(parts.ledger);
  const nowMillis = parts.now();
  if (before.claimedUntil !== undefined && Date.parse(before.claimedUntil) > nowMillis) return { skipped: 'another look is telling' };
  const policy = await parts.policy();
  const seen = await see(parts, profiles, policy, learning === undefined ? before : { ...before, learning });
  const mutes = await readMutes(parts.ledger);
  const telling = decideTelling({ look: seen.look, missing: seen.missing, memory: before.memory, mutes, nowMillis });
  const look = await kept(parts, policy, before, seen, telling, mutes);
  // Told and told again is worse than told late: what is owed is noted first.
  const owed = [...before.owed, ...telling.notices.map(shortenedNotice)];
  const claim = owed.length === 0 ? {} : { claimedUntil: iso(nowMillis + CLAIM_MILLIS) };
  const next = { ...seen.state, look: shortenedLook(look), memory: telling.memory, owed, ...claim };
  if (!(await writeState(parts.ledger, before, next))) return undefined;
  for (const { dimensions, values } of driftMetrics(look, seen.judged, telling.loud)) parts.measure(dimensions, values);
  for (const mute of telling.over) await deleteOver(parts.ledger, mute);
  await tellAll(parts, policy, look, owed, before.version + 1);
  return { state: look.state, hour: look.hour, told: owed.map(({ event }) => event) };
}

async function tellAll(parts: DriftParts, policy: DriftPolicy, look: DriftLook, owed: Notice[], version: number): Promise<void> {
  if (owed.length === 0) return;
  for (const notice of owed) await tell(parts, policy.owner, look, notice);
  await settleOwed(parts.ledger, version);
}

async function see(parts: DriftParts, profiles: Profiles, policy: DriftPolicy, before: DriftState): Promise<Seen> {
  const hour = hourOfMillis(parts.now()) - 1;
  const jobs = withoutOldJobs(before.jobs, parts.now());
  const notes: BaselineNotes = { jobs, ...(before.learning === undefined ? {} : { learning: before.learning }) };
  const found = await readStable(parts);
  if (found.stable === undefined) return nothingSeen(parts, hour, notes, found.reason);
  const { stable } = found;
  const baseline = await findBaseline(parts, policy, stable, notes);
  const quality = await currentQuality(parts, policy, stable, hour, jobs);
  const measures = quality.counts === undefined ? [] : qualityOf(quality.counts, policy);
  const kpi = await currentMovement(parts, policy, stable, before.kpi);
  const findings = [...qualityFindings(measures, quality.windowHours), ...(kpi?.findings ?? [])];
  const known = 'baseline' in baseline ? baseline : undefined;
  const read = known === undefined ? undefined : await readHours(parts, profiles, policy, stable, known, before, hour, jobs);
  const lookedAt = read?.hour ?? hour;
  const captures = read?.captures ?? (await listHours(parts, stable, hour, hour));
  const requests = await parts.requests(stable.endpointName, stable.variantName, startOfHour(lookedAt), startOfHour(lookedAt + 1));
  const stopped = isMissing(requests, stable.samplingShare, captures.get(lookedAt)?.objects.length ?? 0);
  const judged = read?.judged ?? [];
  const windows = withFindings(
    judged.map(({ window }) => window),
    findings,
  );
  const problem = problemOf(stopped, requests, stable, lookedAt, baseline, read?.refreshed);
  const look = lookOf(parts, {
    hour: lookedAt,
    stable,
    windows,
    measures,
    requests,
    problem,
    baseline,
    pending: read?.refreshed.pending.size ?? 0,
  });
  return {
    look,
    judged: judged.map((one) => ({ ...one, window: windows.find(({ hours }) => hours === one.window.hours) ?? one.window })),
    missing: problem !== undefined,
    state: {
      jobs,
      ...(notes.learning === undefined ? {} : { learning: notes.learning }),
      ...(read?.settled === undefined ? {} : { settled: read.settled }),
      ...(kpi === undefined ? {} : { kpi }),
    },
    ...(known === undefined ? {} : { baseline: known }),
  };
}

interface ReadHours {
  hour: number;
  judged: JudgedWindow[];
  captures: Awaited<ReturnType<typeof listHours>>;
  refreshed: Refreshed;
  settled?: DriftState['settled'];
}

async function readHours(
  parts: DriftParts,
  profiles: Profiles,
  policy: DriftPolicy,
  stable: Stable,
  { baseline, key: baselineKey }: KnownBaseline,
  before: DriftState,
  hour: number,
  jobs: DriftState['jobs'],
): Promise<ReadHours> {
  const layoutId = baseline.layout.id;
  const isSame = before.settled?.releaseId === stable.releaseId && before.settled.layoutId === layoutId;
  const sinceHour = sinceHourOf(stable);
  const listFrom = listedFrom(hour, sinceHour, isSame ? before.settled?.hour : undefined);
  const captures = await listHours(parts, stable, listFrom, hour);
  const fromHour = Math.max(sinceHour, hour - KEPT_HOURS + 1);
  const refreshed = await refreshHours(parts, profiles, { policy, stable, baseline, baselineKey, captures, fromHour, hour, jobs });
  let judgedHour = hour;
  while (refreshed.pending.has(judgedHour) && hour - judgedHour < MOST_WAITED_HOURS && judgedHour > fromHour) judgedHour -= 1;
  const judged = await withExamples(
    parts,
    policy,
    stable,
    baseline,
    judgeWindows(baseline, refreshed.kept, judgedHour, policy),
    captures,
    judgedHour,
  );
  const oldest = Math.min(hour - LATE_HOURS + 1, ...refreshed.pending);
  return {
    hour: judgedHour,
    judged,
    captures,
    refreshed,
    settled: { releaseId: stable.releaseId, layoutId, hour: Math.max(oldest, sinceHour) },
  };
}

function nothingSeen(parts: DriftParts, hour: number, { jobs, learning }: BaselineNotes, reason: string): Seen {
  const look: DriftLook = { at: iso(parts.now()), hour: hourName(hour), state: 'no-data', reason, windows: [], quality: [] };
  return { look, judged: [], missing: false, state: { jobs, ...(learning === undefined ? {} : { learning }) } };
}

/** Why drift cannot be judged although somebody asked the endpoint; undefined: it can, or nobody asked. */
function problemOf(
  stopped: boolean,
  requests: number,
  stable: Stable,
  hour: number,
  baseline: object,
  refreshed: Refreshed | undefined,
): string | undefined {
  if (stopped && stable.samplingShare === 0) return `release ${stable.releaseId} was deployed without serving.capture: deploy it anew`;
  if (stopped) return `SageMaker answered ${requests} requests in ${hourName(hour)} and captured none: is the disk of an instance full?`;
  if ('problem' in baseline) return String(baseline.problem);
  const [givenUp] = refreshed?.givenUp ?? [];
  return givenUp === undefined
    ? undefined
    : `${hourName(givenUp)} could not be read in three attempts: the executions of the drift job say why`;
}

interface LookInput {
  hour: number;
  stable: Stable;
  windows: DriftWindow[];
  measures: QualityMeasure[];
  requests: number;
  problem: string | undefined;
  baseline: object;
  pending: number;
}

function lookOf(parts: DriftParts, { hour, stable, windows, measures, requests, problem, baseline, pending }: LookInput): DriftLook {
  const judged = windows.length === 0 ? { state: 'no-data' as const, reason: '' } : stateOf(windows);
  const isSilent = judged.state !== 'drifting' && judged.state !== 'broken-input';
  const learning = 'learning' in baseline ? String(baseline.learning) : undefined;
  const state = !isSilent ? judged.state : problem !== undefined ? 'no-data' : learning !== undefined ? 'not-enough-data' : judged.state;
  const waiting = pending === 0 ? undefined : `${pending} ${pending === 1 ? 'hour is' : 'hours are'} still being read`;
  const reasons = [...(isSilent && (problem ?? learning) !== undefined ? [] : [judged.reason]), problem, learning, waiting];
  return {
    at: iso(parts.now()),
    hour: hourName(hour),
    releaseId: stable.releaseId,
    state,
    reason: reasons.filter((reason) => reason !== undefined && reason !== '').join('; '),
    windows,
    quality: measures,
    requests,
  };
}

/** Look and report in the bucket, under the hour: made again, they are written again. */
async function kept(
  parts: DriftParts,
  policy: DriftPolicy,
  before: DriftState,
  seen: Seen,
  telling: Telling,
  mutes: DriftMute[],
): Promise<DriftLook> {
  const { look } = seen;
  const changed = before.look?.state !== look.state || telling.notices.length > 0;
  const isTrouble = look.state === 'drifting' || look.state === 'broken-input';
  const reportUri = changed || isTrouble ? await writeReport(parts, policy, { ...seen, mutes }) : undefined;
  const whole = reportUri === undefined ? look : { ...look, reportUri };
  const place = hourFolder(Date.parse(`${look.hour}:00:00Z`));
  await parts.bucket.put(`${DRIFT_FOLDERS.looks}/${place}.json`, JSON.stringify(whole));
  logger.info('Looked at drift', { hour: look.hour, state: look.state, reason: look.reason, loud: telling.loud });
  return whole;
}
